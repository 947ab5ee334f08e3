"""Functions of the rule language for norms and condition numbers.

Where the norm is 0 its gradient is taken to be 0; where several elements, or sums, are the largest, they share equally.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from s2sad.rules.fit import expand_to
from s2sad.rules.macros import arg, direction, nonzero, spread
from s2sad.rules.macros_decompositions import singular_parts
from s2sad.rules.macros_linalg import dot, matrixwise
from s2sad.rules.macros_products import turned as mT
from s2sad.rules.static import axes_of, static
from s2sad.rules.terms import Expr, add, conj, div, make, mul, neg, real, sub, typ
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup
from s2sad.trace.types import rank

FALSE = Lit(False)


def _known_axes(x: Expr, axis: Expr) -> list[int] | None:
    """The axes of a norm; None if it is over all of them and their number is not known."""
    n = rank(typ(x))
    axes = axes_of(arg(axis), n)
    return list(axes) if axes is not None else None if n is None else list(range(n))


def _axis(axes: Sequence[int] | None) -> Arg:
    if axes is None:
        return NONE
    return Lit(axes[0]) if len(axes) == 1 else Tup(tuple(map(Lit, axes)))


def _is_whole(x: Expr, axes: Sequence[int] | None) -> bool:
    return axes is None or len(axes) == rank(typ(x))


def _reduce(fn: str, v: Expr, axes: Sequence[int] | None, keepdims: Expr) -> Expr:
    options: dict[str, Expr] = {} if _is_whole(v, axes) else {"axis": _axis(axes)}
    return make(fn, v, **options, **({} if keepdims == FALSE else {"keepdims": keepdims}))


def _gradient(x: Expr, y: Expr, order: object, axes: Sequence[int] | None, matrices: bool) -> Expr:
    """The gradient of a norm, ``y`` with axes that broadcast against those of ``x``."""
    if axes is None or not matrices or order in (None, "fro"):
        return _of_vectors(x, y, 2 if order in (None, "fro") else order, axes)
    if order in (1, -1, np.inf, -np.inf):
        rows = order in (np.inf, -np.inf)
        return _of_sums(x, "np.max" if order in (1, np.inf) else "np.min", axes[rows], axes[not rows])
    return _of_singular_values(x, order, axes)


def _of_vectors(x: Expr, y: Expr, order: object, axes: Sequence[int] | None) -> Expr:
    """``x / y`` of order 2, ``(|x| / y)^(p - 1) x / |x|`` of order p, of infinite order 1 where \\|x| is largest."""
    if order == 2:
        return div(x, nonzero(y))
    size = make("np.abs", x)
    if order == 0:
        return make("np.zeros_like", x)
    if order in (np.inf, -np.inf):
        hit = make("==", size, y)
        return make("np.where", hit, div(direction(x, size), _reduce("np.sum", hit, axes, Lit(True))), Lit(0.0))
    if order == 1:
        return direction(x, size)
    assert isinstance(order, (int, float))
    ratio = div(nonzero(size), nonzero(y))
    return mul(make("**", ratio, Lit(order - 1)), direction(x, size))


def _of_sums(x: Expr, extreme: str, summed: int, compared: int) -> Expr:
    """Of the largest, or smallest, sum of absolute values along an axis.

    The sums are compared with each other: the norm itself, summed by LAPACK in another order, need not be one of them.
    """
    size = make("np.abs", x)
    sums = make("np.sum", size, axis=Lit(summed), keepdims=Lit(True))
    hit = make("==", sums, make(extreme, sums, axis=Lit(compared), keepdims=Lit(True)))
    share = div(direction(x, size), make("np.sum", hit, axis=Lit(compared), keepdims=Lit(True)))
    return make("np.where", hit, share, Lit(0.0))


def _of_singular_values(x: Expr, order: object, axes: Sequence[int]) -> Expr:
    """``U Vᴴ`` of the sum of all, ``u vᴴ`` of the largest or smallest."""
    last = Tup((Lit(-2), Lit(-1)))
    moved = list(axes) != [(rank(typ(x)) or 0) - 2, (rank(typ(x)) or 0) - 1]
    a = make("np.moveaxis", x, source=_axis(axes), destination=last) if moved else x
    u, _, vh = singular_parts(a, FALSE)
    if order != "nuc":
        one = Slc(NONE, Lit(1), NONE) if order == 2 else Slc(Lit(-1), NONE, NONE)
        every = Slc(NONE, NONE, NONE)
        u = make("getitem", u, index=Tup((Lit(...), one)))
        vh = make("getitem", vh, index=Tup((Lit(...), one, every)))
    g = make("@", u, vh)
    return make("np.moveaxis", g, source=last, destination=_axis(axes)) if moved else g


def _norm_gradient(x: Expr, y: Expr, ord: Expr, axis: Expr, keepdims: Expr) -> tuple[Expr, list[int] | None]:
    axes, order = _known_axes(x, axis), static(arg(ord), "ord")
    matrices = axes is not None and len(axes) == 2
    return _gradient(x, _spread(y, x, axes, keepdims), order, axes, matrices), axes


def _spread(y: Expr, x: Expr, axes: Sequence[int] | None, keepdims: Expr) -> Expr:
    return y if _is_whole(x, axes) and keepdims == FALSE else spread(y, x, _axis(axes), keepdims)


def _along(g: Expr, x_dot: Expr, axes: Sequence[int] | None, keepdims: Expr) -> Expr:
    return _reduce("np.sum", real(mul(conj(g), x_dot)), axes, keepdims)


def norm_dot(x: Expr, y: Expr, x_dot: Expr, ord: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The sum of ``Re conj(∂y/∂x) ẋ``."""
    if static(arg(ord), "ord") in (None, "fro"):
        total = _along(x, x_dot, _known_axes(x, axis), keepdims)
        return div(total, nonzero(y))
    g, axes = _norm_gradient(x, y, ord, axis, keepdims)
    return _along(g, x_dot, axes, keepdims)


def norm_bar(x: Expr, y: Expr, y_bar: Expr, ord: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """``ȳ ∂y/∂x``."""
    if static(arg(ord), "ord") in (None, "fro"):
        bar = _spread(div(y_bar, nonzero(y)), x, _known_axes(x, axis), keepdims)
        return mul(expand_to(bar, x), x) if rank(typ(bar)) != 0 else mul(bar, x)
    g, axes = _norm_gradient(x, y, ord, axis, keepdims)
    return mul(_spread(y_bar, x, axes, keepdims), g)


def vector_norm_dot(x: Expr, y: Expr, x_dot: Expr, ord: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The same for `np.linalg.vector_norm`, which may run over several axes."""
    axes = _known_axes(x, axis)
    if static(arg(ord), "ord") == 2:
        return norm_dot(x, y, x_dot, NONE, axis, keepdims)
    g = _gradient(x, _spread(y, x, axes, keepdims), static(arg(ord), "ord"), axes, False)
    return _along(g, x_dot, axes, keepdims)


def vector_norm_bar(x: Expr, y: Expr, y_bar: Expr, ord: Expr, axis: Expr, keepdims: Expr) -> Expr:
    """The same for `np.linalg.vector_norm`."""
    axes = _known_axes(x, axis)
    if static(arg(ord), "ord") == 2:
        return norm_bar(x, y, y_bar, NONE, axis, keepdims)
    g = _gradient(x, _spread(y, x, axes, keepdims), static(arg(ord), "ord"), axes, False)
    return mul(_spread(y_bar, x, axes, keepdims), g)


# Condition numbers: the quotient of two singular values, or ``|x| |x⁻¹|``.


def _extremes(x: Expr, p: Expr) -> tuple[Expr, Expr, Expr]:
    """The gradients of the singular values above and below the line, and the latter."""
    u, s, vh = singular_parts(x, FALSE)
    every = Slc(NONE, NONE, NONE)

    def pick(k: slice) -> Expr:
        cut = Slc(NONE if k.start is None else Lit(k.start), NONE if k.stop is None else Lit(k.stop), NONE)
        return make("@", make("getitem", u, index=Tup((Lit(...), cut))),
                    make("getitem", vh, index=Tup((Lit(...), cut, every))))

    first, last = pick(slice(None, 1)), pick(slice(-1, None))
    below = 0 if static(arg(p), "p") == -2 else -1
    value = make("getitem", s, index=Tup((Lit(...), Lit(below))) if rank(typ(s)) != 1 else Lit(below))
    return (last, first, value) if below == 0 else (first, last, value)


def _cond_gradient(x: Expr, y: Expr, p: Expr) -> Expr:
    above, below, value = _extremes(x, p)
    return div(sub(above, mul(matrixwise(y), below)), matrixwise(value))


_LAST = Tup((Lit(-2), Lit(-1)))


def _norm(x: Expr, p: Expr) -> Expr:
    return make("np.linalg.norm", x, ord=p, axis=_LAST)


def cond_dot(x: Expr, y: Expr, x_dot: Expr, p: Expr) -> Expr:
    """The tangent of a condition number."""
    n = rank(typ(x)) or 0
    if static(arg(p), "p") in (None, 2, -2):
        return _along(_cond_gradient(x, y, p), x_dot, [n - 2, n - 1], FALSE)
    inverse = make("np.linalg.inv", x)
    a, b = _norm(x, p), _norm(inverse, p)
    b_dot = norm_dot(inverse, b, neg(dot(inverse, x_dot, inverse)), p, _LAST, FALSE)
    return add(mul(norm_dot(x, a, x_dot, p, _LAST, FALSE), b), mul(a, b_dot))


def cond_bar(x: Expr, y: Expr, y_bar: Expr, p: Expr) -> Expr:
    """The adjoint of a condition number."""
    if static(arg(p), "p") in (None, 2, -2):
        return mul(matrixwise(y_bar), _cond_gradient(x, y, p))
    inverse = make("np.linalg.inv", x)
    a, b = _norm(x, p), _norm(inverse, p)
    inverse_bar = norm_bar(inverse, b, mul(y_bar, a), p, _LAST, FALSE)
    turned = conj(mT(inverse))
    return sub(norm_bar(x, a, mul(y_bar, b), p, _LAST, FALSE), dot(turned, inverse_bar, turned))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    norm_dot, norm_bar, vector_norm_dot, vector_norm_bar, cond_dot, cond_bar)}
