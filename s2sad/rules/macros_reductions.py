"""Functions of the rule language for reductions: which elements count, how many they are, products without one factor.

The elements of ``x`` that a reduction puts together are chosen by a mask, ``where``, which is True for all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.fit import expand_to, fit_adjoint
from s2sad.rules.macros import arg, count, reshape_like, where
from s2sad.rules.static import axes_of
from s2sad.rules.terms import Expr, make, mul, tup, typ
from s2sad.trace.ir import NONE, Lit
from s2sad.trace.types import rank

TRUE = Lit(True)
_ONE = Lit(1.0)


def masked(v: Expr, mask: Expr) -> Expr:
    """``v``, and 0 for elements that do not count."""
    return v if mask == TRUE else where(mask, v, Lit(0.0))


def filled(x: Expr, mask: Expr, value: Expr) -> Expr:
    """``x``, and a value that changes nothing for elements that do not count."""
    return x if mask == TRUE else where(mask, x, value)


def among(hit: Expr, mask: Expr) -> Expr:
    """Where something holds, of the elements that count."""
    return hit if mask == TRUE else make("&", hit, mask)


def known(x: Expr, mask: Expr) -> Expr:
    """The elements that count and are not nan."""
    return among(make("invert", make("np.isnan", x)) if rank(typ(x)) != 0 else make("==", x, x), mask)


def counted(x: Expr, axis: Expr, keepdims: Expr, mask: Expr) -> Expr:
    """How many elements each result is made of."""
    if mask == TRUE:
        return count(x, axis)
    n = make("np.sum", expand_to(mask, x), axis=axis, keepdims=keepdims)
    return make("cast", n, x) if rank(typ(x)) is None else n


def centre(x: Expr, mean: Expr, axis: Expr, mask: Expr, fn: str = "np.mean") -> Expr:
    """The mean that a variance is about, with axes that broadcast against those of ``x``."""
    if mean != NONE:
        return mean
    options = {} if mask == TRUE else {"where": mask}
    return make(fn, x, **options) if axis == NONE else make(fn, x, axis=axis, keepdims=TRUE, **options)


def nan_centre(x: Expr, mean: Expr, axis: Expr, mask: Expr) -> Expr:
    """The mean of the numbers among the elements."""
    return centre(x, mean, axis, mask, "np.nanmean")


def total(y_bar: Expr) -> Expr:
    """The sum of all elements."""
    return y_bar if rank(typ(y_bar)) == 0 else make("np.sum", y_bar)


def fitted(v: Expr, x: Expr) -> Expr:
    """``v``, summed to the shape of ``x``."""
    return fit_adjoint(v, x)


def others(x: Expr, axis: Expr) -> Expr:
    """The product of all other elements along the axes, for each element."""
    n = rank(typ(x))
    axes = axes_of(arg(axis), n)
    if n == 0:
        return _ONE
    if axes is None and n != 1:
        return reshape_like(_others(make("np.ravel", x), 0), x)
    if axes is None or len(axes) == 1:
        return _others(x, 0 if axes is None else axes[0])
    if not axes:
        return _ONE
    # Those along the first axis, times those along the second one of the products along the first one, ...
    total = _others(x, axes[0])
    for a, b in zip(axes, axes[1:]):
        x = make("np.prod", x, axis=Lit(a), keepdims=TRUE)
        total = mul(total, _others(x, b))
    return total


def _others(x: Expr, axis: int) -> Expr:
    before = make("exclusive_product", x, axis=Lit(axis))
    return mul(before, make("exclusive_product", x, axis=Lit(axis), reverse=TRUE))


def weights_of(weights: Expr, x: Expr, axis: Expr) -> Expr:
    """Weights that broadcast against ``x``: those of one axis stand along that axis."""
    n, axes = rank(typ(x)), axes_of(arg(axis), rank(typ(x)))
    if n is None or axes is None or rank(typ(weights)) == n:
        return weights
    order = sorted(range(len(axes)), key=lambda k: axes[k])
    if order != list(range(len(axes))):
        weights = make("np.transpose", weights, axes=tup(map(Lit, order)))
    lost = [k for k in range(min(axes), n) if k not in axes]
    return make("np.expand_dims", weights, axis=tup([Lit(k - min(axes)) for k in lost])) if lost else weights


def weight_of_all(weights: Expr, x: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The sum of the weights of each average."""
    if rank(typ(weights)) != rank(typ(x)):
        return make("np.sum", weights)
    return make("np.sum", weights, axis=axis, keepdims=keepdims)


def of_weights(v: Expr, weights: Expr, x: Expr, axis: Expr) -> Expr:
    """The adjoint of `weights_of`."""
    n, axes = rank(typ(x)), axes_of(arg(axis), rank(typ(x)))
    if n is None or axes is None or rank(typ(weights)) == n:
        return fitted(v, weights)
    lost = [k for k in range(n) if k not in axes]
    summed = make("np.sum", v, axis=Lit(lost[0]) if len(lost) == 1 else tup(map(Lit, lost))) if lost else v
    order = sorted(range(len(axes)), key=lambda k: axes[k])
    if order != list(range(len(axes))):
        summed = make("np.transpose", summed, axes=tup([Lit(order.index(k)) for k in range(len(order))]))
    return fitted(summed, weights)


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    masked, filled, among, known, counted, centre, nan_centre, total, fitted, others, weights_of, weight_of_all,
    of_weights)}
