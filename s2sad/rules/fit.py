"""Fitting a value to the shape and dtype of what it belongs to.

The adjoint of broadcasting is summation.  Where the types decide, this is an explicit ``np.sum``, or nothing; where
they do not, the operation ``unbroadcast`` decides at run time.  A cotangent has the dtype of its operand, a
tangent that of the result.
"""

from __future__ import annotations

from s2sad.rules.static import dtype_option
from s2sad.rules.terms import Expr, is_fn, is_real, make, real, term, typ
from s2sad.trace.ir import Lit, Tup
from s2sad.trace.types import COMPLEX, Array, List, Scalar, Type, Unknown, dims_of, dtype_of, kind_of, moving, rank


def sum_to(v: Expr, like: Expr) -> Expr | None:
    """``v``, whose axes broadcast those of ``like``, summed to the shape of ``like``; None if types leave that open."""
    tv, tl = typ(v), moving(typ(like))
    rv, rl = rank(tv), rank(tl)
    if rl == 0 and rv is not None:
        return make("np.sum", v) if rv else v
    if rv is None or rl is None or rv < rl:
        return None
    lead = rv - rl
    keep: list[int] = []
    for k, d in enumerate(dims_of(tl)):
        w = dims_of(tv)[lead + k]
        if d.meets(w) or not d.may_be_one:
            continue
        if not d.is_one:
            return None
        keep.append(k)
    if lead:
        v = make("np.sum", v, axis=_axis(range(lead)))
    return make("np.sum", v, axis=_axis(keep), keepdims=Lit(True)) if keep else v


def _axis(axes: range | list[int]) -> Lit | Tup:
    return Lit(axes[0]) if len(axes) == 1 else Tup(tuple(Lit(a) for a in axes))


def cast_to(v: Expr, like: Expr) -> Expr:
    """``v`` with the dtype of ``like``."""
    if isinstance(typ(like), List):
        return v
    if is_real(like):
        v = real(v)
    tv, tl = typ(v), moving(typ(like))
    if isinstance(tl, Scalar):
        if tl == COMPLEX:
            if isinstance(v, Lit):
                return Lit(complex(v.value))
            return v if tv in (COMPLEX, Array("c16", ())) else term("cast", v, dtype=Lit("complex"))
        if isinstance(tv, Scalar) or tv == Array("f8", ()):
            return v
        return term("cast", v, dtype=Lit("float"))
    if isinstance(tl, Array) and tl.dtype != "?" and not isinstance(tv, Unknown):
        if dtype_of(tv) == tl.dtype:
            return v
        return term("cast", v, dtype=Lit(tl.dtype))
    return v if v == like else term("cast", v, like)


def fit_adjoint(v: Expr, like: Expr, same_shape: bool = False, same_dtype: bool = False) -> Expr:
    """A contribution to the adjoint of ``like``, from a value that has at least its axes.

    ``same_shape`` and ``same_dtype`` say what is known beyond the types.
    """
    if isinstance(typ(like), List):
        return v
    if is_real(like):
        v = real(v)
    if not same_shape:
        summed = sum_to(v, like)
        if summed is None:
            return term("unbroadcast", v, like)
        v = summed
    return v if same_dtype else cast_to(v, like)


def fit_tangent(v: Expr, like: Expr, same_shape: bool = False, same_dtype: bool = False) -> Expr:
    """The tangent of ``like``, from a value that may still lack some of its axes."""
    if not same_dtype:
        v = cast_to(v, like)
    return v if same_shape else expand_to(v, like)


def expand_to(v: Expr, like: Expr) -> Expr:
    """``v`` broadcast to the shape of ``like``."""
    tv, tl = typ(v), typ(like)
    if rank(tl) == 0 or isinstance(tl, List) or v == like or surely_same(tv, tl):
        return v
    if is_fn(v, "expand") and typ(v) == tl and not isinstance(tl, Unknown):
        return v
    return term("expand", _matching(v, tl), like)


def _matching(v: Expr, like: Type) -> Expr:
    """``v`` with the dtype of ``like``, so that filling an array like it keeps the value."""
    tv = typ(v)
    if isinstance(tv, Array) and isinstance(like, Array) and "?" not in (tv.dtype, like.dtype):
        if kind_of(like) in ("float", "complex") and tv.dtype != like.dtype and not kind_of(tv) == "complex" != kind_of(
                like):
            return term("cast", v, dtype=Lit(like.dtype))
    return v


def surely_same(v: Type, like: Type) -> bool:
    """Whether a value that broadcasts to ``like`` has its shape already."""
    if rank(v) is None or rank(v) != rank(like):
        return False
    return all(a.meets(b) or not a.may_be_one for a, b in zip(dims_of(v), dims_of(like)))


__all__ = ["cast_to", "dtype_option", "expand_to", "fit_adjoint", "fit_tangent", "sum_to", "surely_same"]
