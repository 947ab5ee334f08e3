"""``match``: whether a value has the form of a pattern, and what its names then stand for.

The form of Python structure is known when lowering; only the comparison of a number with a literal is left to the
program:

    case (0, y):   of a tuple of two numbers (a, b):   a == 0, with y = b
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from s2sad.frontend.desugar_match import PatternBind, PatternTest, captured
from s2sad.frontend.lower_unpack import Unpacking
from s2sad.frontend.values import Library, ListOf, RangeOf, Seq, ShapeOf, Static, Value, is_bottom, is_number
from s2sad.trace.ir import Arg, Lit, Var
from s2sad.trace.types import Scalar

# Classes whose one positional pattern is matched with the object itself.
_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
Truth = bool | Arg
Found = dict[str, Value]


class Matching(Unpacking):
    """Patterns."""

    def _PatternTest(self, node: PatternTest, hint: str) -> Value:
        value = self.expr(node.subject)
        found: Found = {}
        truth = True if is_bottom(value) else self.matches(node.pattern, value, found)
        self.frame.found[id(node)] = found
        if truth is False or node.guard is None:
            return self.as_truth(truth)
        before = dict(self.frame.env)
        self.frame.env.update(found)
        if truth is True:
            # As Python does it: the names keep what they have been given where the guard does not hold.
            return self.as_truth(self.test(node.guard))
        try:
            return self.as_truth(self.both(truth, lambda: self.test(node.guard), node))
        finally:
            self.frame.env = before

    def _do_PatternBind(self, node: PatternBind) -> None:
        self.frame.env.update(self.frame.found[id(node.test)])

    def as_truth(self, truth: Truth) -> Value:
        """A truth as a value."""
        return Lit(truth) if isinstance(truth, bool) else truth  # type: ignore[return-value]

    def both(self, first: Truth, second: Callable[[], Truth], node: Any) -> Truth:
        """Whether both hold; the second is asked only where the first does."""
        if isinstance(first, bool):
            return second() if first else False
        return self.truth(self.choose(first, lambda: self.as_truth(second()), lambda: Lit(False), node), node)

    # Patterns.

    def matches(self, pattern: Any, value: Value, found: Found) -> Truth:
        """Whether a value matches; what the names of the pattern then stand for is put into ``found``."""
        value = self.fresh_list(value)
        if is_bottom(value):
            found.update((name, value) for name in captured(pattern))
            return True
        match: Callable[[Any, Value, Found], Truth] = getattr(self, "_" + type(pattern).__name__)
        return match(pattern, value, found)

    def _MatchValue(self, pattern: Any, value: Value, found: Found) -> Truth:
        wanted = self.expr(pattern.value)
        if is_number(wanted) and not (is_number(value) or isinstance(value, (Lit, Static))):
            return False
        return self.truth(self.compare("==", value, wanted, pattern), pattern)

    def _MatchSingleton(self, pattern: Any, value: Value, found: Found) -> Truth:
        if pattern.value is None or not isinstance(value, Var):
            return isinstance(value, Lit) and value.value is pattern.value
        if not (isinstance(value.type, Scalar) and value.type.kind == "bool"):
            return False
        if self.facts.places.get(value):
            return bool(self.demand(value, "it is matched with True or False", pattern)) is pattern.value
        return value if pattern.value else self.op("not", value, node=pattern)

    def _MatchAs(self, pattern: Any, value: Value, found: Found) -> Truth:
        truth: Truth = True if pattern.pattern is None else self.matches(pattern.pattern, value, found)
        if pattern.name is not None:
            found[pattern.name] = value
        return truth

    def _MatchOr(self, pattern: Any, value: Value, found: Found) -> Truth:
        truth: Truth = False
        for alternative in pattern.patterns:
            inner: Found = {}
            one = self.matches(alternative, value, inner)
            if one is False:
                continue
            if truth is False:
                found.update(inner)
            elif any(inner[name] is not found[name] for name in inner):
                self.refuse(alternative, "an alternative of a pattern that gives its names other values, where it is "
                                         "decided at run time, is not supported", "write a case of its own")
            truth = one if truth is False else self.any_of(truth, one, pattern)
            if truth is True:
                break
        return truth

    def any_of(self, a: Truth, b: Truth, node: Any) -> Truth:
        if isinstance(a, bool) or isinstance(b, bool):
            return b if a is False else a if b is False else True
        return self.truth(self.choose(a, lambda: Lit(True), lambda: self.as_truth(b), node), node)

    def _MatchSequence(self, pattern: Any, value: Value, found: Found) -> Truth:
        if isinstance(value, ListOf):
            self.refuse_type(pattern, "the length of this list is known at run time only", "test len(...) with 'if'")
        items = self._items(value, pattern)
        if items is None:
            return False
        parts = pattern.patterns
        star = next((k for k, p in enumerate(parts) if isinstance(p, gast.MatchStar)), None)
        if star is None:
            return len(items) == len(parts) and self._all(parts, items, pattern, found)
        behind = len(parts) - star - 1
        if len(items) < len(parts) - 1:
            return False
        end = len(items) - behind
        if parts[star].name is not None:
            found[parts[star].name] = Seq(tuple(items[star:end]), "list")
        return self._all([*parts[:star], *parts[star + 1:]], [*items[:star], *items[end:]], pattern, found)

    def _items(self, value: Value, node: Any) -> Sequence[Value] | None:
        """The items of what Python calls a sequence."""
        if isinstance(value, (ShapeOf, RangeOf)) or isinstance(value, Seq) and value.kind in ("tuple", "list"):
            return self.items_of(value, node)
        return None

    def _all(self, patterns: Sequence[Any], values: Sequence[Value], node: Any, found: Found) -> Truth:
        truths: list[Truth] = []
        for pattern, value in zip(patterns, values):
            one = self.matches(pattern, value, found)
            if one is False:
                return False
            truths.append(one)
        truth: Truth = True
        for one in reversed(truths):
            truth = self.both(one, lambda so_far=truth: so_far, node)  # type: ignore[misc]
        return truth

    def _MatchMapping(self, pattern: Any, value: Value, found: Found) -> Truth:
        if not (isinstance(value, Seq) and value.is_dict):
            return False
        keys = [self.dict_key(self.expr(k), k) for k in pattern.keys]
        if not set(keys) <= set(value.keys):
            return False
        if pattern.rest is not None:
            rest = [(k, v) for k, v in zip(value.keys, value.items) if k not in keys]
            found[pattern.rest] = Seq(tuple(v for _, v in rest), "dict", tuple(k for k, _ in rest))
        return self._all(pattern.patterns, [value.items[value.keys.index(k)] for k in keys], pattern, found)

    def _MatchClass(self, pattern: Any, value: Value, found: Found) -> Truth:
        cls = self.expr(pattern.cls)
        if self.truth(self.call_value(Library("isinstance"), [value, cls], {}, pattern), pattern) is False:
            return False
        if isinstance(value, Library):
            value = Static(value.object)
        made = cls.object if isinstance(cls, Library) else getattr(cls, "value", None)
        parts: list[Any] = []
        values: list[Value] = []
        if pattern.patterns and made in _WHOLE:
            parts, values = [*pattern.patterns], [value]
        elif pattern.patterns:
            names = getattr(made, "__match_args__", ())
            if len(pattern.patterns) > len(names):
                self.refuse_type(pattern, f"{getattr(made, '__name__', 'this class')} accepts {len(names)} positional "
                                          f"sub-patterns ({len(pattern.patterns)} given)")
            parts = [*pattern.patterns]
            values = [self.attribute(value, n, pattern) for n in names[:len(parts)]]
        for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns):
            has = self.call_value(Library("hasattr"), [value, Lit(name)], {}, pattern)
            if self.truth(has, pattern) is False:
                return False
            parts.append(part)
            values.append(self.attribute(value, name, pattern))
        return self._all(parts, values, pattern, found)
