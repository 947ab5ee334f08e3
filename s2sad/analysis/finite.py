"""Values that are finite wherever the arguments of the function are.

They are made of finite ones by sums, products, choices and functions without poles (`s2sad.analysis.guards`); sums and
products are taken not to overflow, and the lengths of axes not to be 0.  Quotients are finite where the denominator is
surely positive: a length, or ``np.sqrt(np.var(x) + 1e-5)``.

>>> from s2sad.trace.ir import Block, Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, y, z = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT, "z")
>>> body = Block((Op(y, "*", (x, Lit(2.0))), Op(z, "np.log", (y,))), Return((z,)))
>>> unbounded(Trace("f", (), (x,), body, Leaf(0))) == {z}
True
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from s2sad.analysis.flows import handed_on
from s2sad.analysis.guards import closure, stays_finite
from s2sad.analysis.shapes import shaped
from s2sad.rules.static import type_of
from s2sad.rules.table import find
from s2sad.trace.ir import Arg, Call, Lit, Op, Trace, Var
from s2sad.trace.types import is_differentiable, kind_of
from s2sad.trace.walk import arg_vars, statements

# Besides linear functions, and those whose derivative is zero but for the ones that leave memory as it is.
_TAME = frozenset("""setitem scatter_add unbroadcast cast expand np.pad np.full_like np.max np.min np.sort np.partition
    np.median np.var np.prod np.cumprod np.nansum np.asarray np.ascontiguousarray extend_edges shifted""".split())
_TAME_FORMS = ("linear", "bilinear", "zero", "structural")
_EMPTY = ("np.empty", "np.empty_like")
# Never below 0: these, and what other operations make of such numbers.
_LENGTHS = ("len", "size", "shape", "ndim")
_NEVER_NEGATIVE = (*_LENGTHS, "abs", "np.abs", "np.fabs", "np.square", "np.var", "np.sqrt", "np.hypot")
_ARRANGING = ("float", "cast", "np.reshape", "np.expand_dims")
_KEEPING_SIGN = (*_ARRANGING, "*", "+", "/", "np.sum", "np.mean", "np.max", "np.min")


def unbounded(trace: Trace) -> set[Var]:
    """The variables of a function, not of those it calls, that may be inf or nan though its arguments are finite."""
    made: dict[Arg, Op] = {s.target: s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None}
    forward: dict[Var, list[Var]] = {}
    wild: set[Var] = set()

    def flow(args: Iterable[Arg], target: Var) -> None:
        for a in args:
            if isinstance(a, Lit) and isinstance(a.value, float) and not math.isfinite(a.value):
                wild.add(target)
            for v in arg_vars(a):
                forward.setdefault(v, []).append(target)

    for value, target in handed_on(trace.body):
        flow((value,), target)
    for s in statements(trace.body):
        if isinstance(s, Call):
            wild.update(s.targets)
        elif isinstance(s, Op) and s.target is not None and is_differentiable(s.target.type):
            flow([a for k, a in enumerate(s.args) if k not in shaped(s)], s.target)
            flow((a for _, a in s.kwargs), s.target)
            if not (_is_tame(s) or s.fn in ("/", "np.divide") and _is_positive(s.args[1], made)
                    or s.fn == "np.sqrt" and _is_no_less_than_0(s.args[0], made)):
                wild.add(s.target)
    return closure(wild, forward)


def _is_tame(op: Op) -> bool:
    """Whether an operation makes finite values of finite ones."""
    rule = find(op.fn)
    return stays_finite(op) and op.fn not in _EMPTY and (
        rule is None or rule.elementwise or rule.form in _TAME_FORMS or op.fn in _TAME)


def _is_positive(a: Arg, made: Mapping[Arg, Op]) -> bool:
    """Whether a number, or each element, is surely above 0: a length, ``np.sum(x**2) + 1.0``."""
    if isinstance(a, Lit):
        return isinstance(a.value, (int, float)) and a.value > 0
    op = made.get(a)
    if op is None or kind_of(type_of(a)) == "complex":
        return False
    if op.fn == "+":
        x, y = op.args
        return (_is_positive(x, made) and _is_no_less_than_0(y, made)) or (
            _is_positive(y, made) and _is_no_less_than_0(x, made))
    if op.fn in ("*", "/"):
        return all(_is_positive(x, made) for x in op.args)
    whole = op.fn in _ARRANGING and kind_of(type_of(a)) != "float"  # of 0.5 that may make 0
    return op.fn in _LENGTHS or op.fn in ("**", "np.sqrt", *_ARRANGING) and not whole and _is_positive(op.args[0], made)


def _is_no_less_than_0(a: Arg, made: Mapping[Arg, Op]) -> bool:
    """Whether a number, or each element, is surely not below 0."""
    if isinstance(a, Lit):
        return isinstance(a.value, (int, float)) and a.value >= 0
    op = made.get(a)
    if op is None or kind_of(type_of(a)) == "complex":
        return False
    if op.fn in ("**", "np.power"):
        return op.args[1] == Lit(2)
    return op.fn in _NEVER_NEGATIVE or op.fn in _KEEPING_SIGN and all(_is_no_less_than_0(x, made) for x in op.args)
