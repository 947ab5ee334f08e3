"""Result types of numerical calculus."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options
from s2sad.rules.infer_creation import strong
from s2sad.rules.infer_elementwise import numeric
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import (
    ONE,
    UNKNOWN,
    Array,
    Dim,
    Type,
    Unknown,
    dims_of,
    dtype_of,
    fresh_dim,
    kind_of,
    rank,
)


def _lags(fn: str, args: Sequence[Arg], mode: str) -> Type:
    types = [type_of(a) for a in args]
    numeric(fn, types)
    if any(isinstance(t, Unknown) for t in types):
        raise NotApplicable(f"{fn} needs the number of axes of its operands; give the types of the arguments")
    if any(len(dims_of(t)) > 1 for t in types):
        raise NotApplicable(f"{fn} takes arrays of one axis")
    a, v = (next(iter(dims_of(t)), ONE) for t in types)
    if mode not in ("full", "same", "valid"):
        raise NotApplicable(f"the mode of {fn} is 'full', 'same' or 'valid', not {mode!r}")
    return Array(strong(types), (_length(a, v, mode),))


def _length(a: Dim, v: Dim, mode: str) -> Dim:
    if mode == "full":
        return a + v - 1
    if a == v:
        return a if mode == "same" else ONE
    if a.is_constant and v.is_constant:
        longer, shorter = max(a.const, v.const), min(a.const, v.const)
        return Dim.constant(longer if mode == "same" else longer - shorter + 1)
    return fresh_dim()


def convolve(args: Sequence[Arg], o: Options) -> Type:
    return _lags("np.convolve", args, static(o.get("mode", Lit("full")), "mode"))


def correlate(args: Sequence[Arg], o: Options) -> Type:
    return _lags("np.correlate", args, static(o.get("mode", Lit("valid")), "mode"))


def interp(args: Sequence[Arg], o: Options) -> Type:
    x, xp, fp = (type_of(a) for a in args[:3])
    numeric("np.interp", [x, xp, fp])
    if any(rank(t) not in (1, None) for t in (xp, fp)):
        raise NotApplicable("the knots and values of np.interp are arrays of one axis")
    if kind_of(x) == "complex" or kind_of(xp) == "complex":
        raise NotApplicable("np.interp takes real places and knots")
    if isinstance(x, Unknown) or dtype_of(fp) == "?":
        return UNKNOWN
    return Array("c16" if kind_of(fp) == "complex" else "f8", dims_of(x))
