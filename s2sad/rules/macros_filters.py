"""Functions of the rule language for convolutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.rules.terms import Expr, Term, make, tup, typ
from s2sad.trace.ir import Lit
from s2sad.trace.types import Array, dims_of, dtype_of, rank


def _flipped(x: Expr) -> Expr:
    return make("np.flip", x)


def unconvolved(fn: Expr, y_bar: Expr, a: Expr, b: Expr, mode: Expr) -> Expr:
    """The adjoint of ``a`` in a convolution, of which y_bar has all places, or those where all of ``b`` lies in a."""
    assert isinstance(fn, Lit)
    way = "valid" if mode == Lit("full") else "full"
    return _like(make(fn.value, y_bar, _flipped(b), mode=Lit(way)), a)


def unconvolved_by(fn: Expr, y_bar: Expr, a: Expr, b: Expr, mode: Expr) -> Expr:
    """The adjoint of ``b`` in a convolution."""
    assert isinstance(fn, Lit)
    if mode == Lit("full"):
        return _like(make(fn.value, y_bar, _flipped(a), mode=Lit("valid")), b)
    return _like(_flipped(make(fn.value, a, _flipped(y_bar), mode=Lit("valid"))), b)


def _like(v: Expr, x: Expr) -> Expr:
    """``v``, which surely has the axes of ``x``."""
    return replace(v, type=Array(dtype_of(typ(v)), dims_of(typ(x)))) if isinstance(v, Term) else v


def on_last(w: Expr, y: Expr, axis: Expr) -> Expr:
    """A vector along an axis of ``y``."""
    n = rank(typ(y)) or 1
    assert isinstance(axis, Lit)
    behind = n - 1 - axis.value % n
    if not behind:
        return w
    return make("np.expand_dims", w, axis=Lit(-1) if behind == 1 else tup([Lit(-k - 1) for k in range(behind)]))


MACROS: dict[str, Callable[..., Expr]] = {
    "unconvolved": unconvolved, "unconvolved_by": unconvolved_by, "on_last": on_last}
