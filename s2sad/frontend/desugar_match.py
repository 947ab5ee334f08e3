"""``match`` as a chain of decisions: each case is an `If` whose test is a `PatternTest`.

    match x:                        subject_ = x
        case 0:                     if subject_ matches 0:
            return 1        ⇒           return 1
        case [a, b] if a > b:       elif subject_ matches [a, b] if a > b:
            ...                         a, b = what the pattern has found
                                        ...

What a pattern means for a value is lowering's to say (`s2sad.frontend.lower_match`); here is only who is asked when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast


class PatternTest(gast.expr):  # type: ignore[misc]
    """Whether the subject matches a pattern, and then the guard holds.

    It can be made without arguments, as every node can, for that is how `copy.deepcopy` makes it.
    """

    _fields = ("subject", "guard")

    def __init__(self, subject: Any = None, pattern: Any = None, guard: Any = None) -> None:
        super().__init__()
        self.subject, self.pattern, self.guard = subject, pattern, guard


class PatternBind(gast.stmt):  # type: ignore[misc]
    """Give the names of a pattern what it has found; ``targets`` are those names."""

    _fields = ("targets",)

    def __init__(self, test: PatternTest | None = None, targets: list[Any] | None = None) -> None:
        super().__init__()
        self.test, self.targets = test, targets


def as_decisions(stmt: Any, fresh: Callable[[str], str]) -> list[Any]:
    """The statements that a `Match` stands for.

    >>> match = gast.parse("match x:\\n  case 0 | 1:\\n    y = 1\\n  case z:\\n    y = z").body[0]
    >>> [type(s).__name__ for s in as_decisions(match, lambda base: base)]
    ['Assign', 'If']
    """
    name = fresh("subject_")
    load = gast.copy_location(gast.Name(id=name, ctx=gast.Load(), annotation=None, type_comment=None), stmt.subject)
    store = gast.copy_location(gast.Name(id=name, ctx=gast.Store(), annotation=None, type_comment=None), stmt.subject)
    rest: list[Any] = []
    for case in reversed(stmt.cases):
        test = gast.copy_location(PatternTest(load, case.pattern, case.guard), case.pattern)
        targets = [gast.copy_location(gast.Name(id=n, ctx=gast.Store(), annotation=None, type_comment=None),
                                      case.pattern) for n in captured(case.pattern)]
        bind = [gast.copy_location(PatternBind(test, targets), case.pattern)] if targets else []
        rest = [gast.copy_location(gast.If(test=test, body=[*bind, *case.body], orelse=rest), case.pattern)]
    return [gast.copy_location(gast.Assign(targets=[store], value=stmt.subject, type_comment=None), stmt), *rest]


def captured(pattern: Any) -> list[str]:
    """The names that a pattern binds, in the order they stand in it."""
    names: dict[str, None] = {}
    for part in gast.walk(pattern):
        name = getattr(part, "rest" if isinstance(part, gast.MatchMapping) else "name", None)
        if isinstance(part, (gast.MatchAs, gast.MatchStar, gast.MatchMapping)) and name:
            names[name] = None
    return list(names)
