"""Matching of operations with the patterns of `s2sad.rules.rewrites`.

>>> from s2sad.rules.rewrites import parse_pattern
>>> from s2sad.trace.types import FLOAT
>>> x, y, u = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT)
>>> negation, binding = Op(u, "neg", (y,)), {}
>>> match_op(parse_pattern("a + -b"), Op(Var(FLOAT), "+", (x, u)), {u: negation}.get, binding)
True
>>> binding["a"] is x, binding["b"] is y
(True, True)
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.rewrites import Apply, Meta, Pattern
from s2sad.trace.ir import Arg, Lit, Op, Var

Binding = dict[str, Arg]
Definition = Callable[[Var], "Op | None"]
NUMBERS = (bool, int, float, complex)


def match(pattern: Pattern, arg: Arg, look: Definition, binding: Binding) -> bool:
    """Whether an operand fits; ``look`` gives the operation that defines it, if that may be looked through."""
    if isinstance(pattern, Apply):
        op = look(arg) if isinstance(arg, Var) else None
        return op is not None and match_op(pattern, op, look, binding)
    if isinstance(pattern, Meta):
        if pattern.literal and not (isinstance(arg, Lit) and type(arg.value) in (int, float)):
            return False
        return bool(binding.setdefault(pattern.name, arg) == arg)
    return isinstance(arg, Lit) and type(arg.value) in NUMBERS and bool(arg.value == pattern.value)


def match_op(pattern: Pattern, op: Op, look: Definition, binding: Binding) -> bool:
    """Whether an operation fits; the operands are left in ``binding``."""
    if not isinstance(pattern, Apply) or op.fn != pattern.fn or op.kwargs or len(op.args) != len(pattern.args):
        return False
    for p, a in zip(pattern.args, op.args):
        if not match(p, a, look, binding):
            return False
    return True
