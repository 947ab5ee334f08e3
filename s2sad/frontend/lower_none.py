"""Numbers that may be None: tests for it, and what they tell about what follows.

A name that is None on one path and a number on another is a variable of a type that is *optional*: the variable holds
None, too.  Where a test on the way has found that it does not, its type is that of the number:

    if x is None: return 0.0            ⇒        behind it x is a float
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sad.frontend.lower_lists import Lists
from s2sad.frontend.values import Value
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import Array, Scalar, is_optional

NOTHING_KNOWN: frozenset[Var] = frozenset()


class Nones(Lists):
    """Tests for None."""

    def none_test(self, fn: str, left: Value, right: Value, node: Any, hint: str) -> Value | None:
        """``left is right`` where one of them is None and the other may be."""
        other = right if left == NONE else left
        if not (isinstance(other, Var) and is_optional(other.type)) or fn not in ("is", "is_not", "==", "!="):
            return None
        is_none = fn in ("is", "==")
        if other in self.flow.certain:
            return Lit(not is_none)
        found = self.op("is" if is_none else "is_not", other, NONE, node=node, hint=hint)
        one = frozenset((other,))
        self.facts.not_none[found] = (NOTHING_KNOWN, one) if is_none else (one, NOTHING_KNOWN)
        return found

    def told_by(self, test: Arg, holds: bool) -> frozenset[Var]:
        """What is not None where a test holds, or does not."""
        known = self.facts.not_none.get(test) if isinstance(test, Var) else None
        return NOTHING_KNOWN if known is None else known[0 if holds else 1]

    def note_not(self, result: Value, test: Arg) -> None:
        """``result`` is the opposite of a test."""
        if isinstance(result, Var):
            self.facts.not_none[result] = (self.told_by(test, False), self.told_by(test, True))

    def note_connected(self, result: Value, is_and: bool, first: Arg, others: list[Value]) -> None:
        """``result`` is true if both tests hold, or if one does."""
        second = others[0] if others else None
        if isinstance(result, Var) and isinstance(second, (Var, Lit)):
            one, two = ([self.told_by(t, holds) for holds in (True, False)] for t in (first, second))
            self.facts.not_none[result] = (one[0] | two[0], one[1] & two[1]) if is_and else (
                one[0] & two[0], one[1] | two[1])

    def surely(self, value: Value) -> Value:
        """What stands for the type of a value at this place."""
        if isinstance(value, Var) and value in self.flow.certain and isinstance(value.type, (Scalar, Array)):
            return Var(replace(value.type, optional=False), value.hint)
        return value

    def without_none(self, value: Value, node: Any) -> Value:
        """A value that is not None at this place, as a variable that never is."""
        if isinstance(value, Var) and value in self.flow.certain:
            made = self.op("expand", value, Lit(0.0), node=node, hint=value.hint)
            return made
        return value

    def when(self, test: Arg, holds: bool, work: Callable[[], Any]) -> Callable[[], Any]:
        """The work of a path on which a test is known to hold, or not to."""

        def told() -> Any:
            self.flow.certain |= self.told_by(test, holds)
            return work()

        return told
