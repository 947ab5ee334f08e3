"""Functions of the rule language for what picks, repeats and orders elements."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.macros import ALL, arg, length, reshape_like
from s2sad.rules.static import normal_axis, static
from s2sad.rules.terms import Expr, make, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Slc, Tup
from s2sad.trace.types import dims_of, rank


def _axis(axis: Expr, x: Expr, fn: str) -> tuple[int, int]:
    """An axis counted from 0, and the number of axes."""
    n = rank(typ(x))
    if n is None:
        raise NotApplicable(f"{fn} needs the number of axes of its operand; give the types of the arguments")
    return normal_axis(static(arg(axis), "axis"), n), n


def _added(x: Expr, v: Expr, index: Expr) -> Expr:
    """Zeros like ``x`` with ``v`` added at an index."""
    return make("scatter_add", term("zeros_like", x), v, index=index)


def _at(axis: int, index: Expr) -> Expr:
    """The index that applies ``index`` along an axis."""
    return tup([*[ALL] * axis, index]) if axis else index


def untake(y_bar: Expr, x: Expr, indices: Expr, axis: Expr) -> Expr:
    """The adjoint of ``np.take``: what was taken goes back to where it was, each time it was taken."""
    if isinstance(indices, Tup):
        indices = Tup(indices.items, True)  # a tuple would index several axes
    if axis == NONE:
        if rank(typ(x)) == 1:
            return _added(x, y_bar, indices)
        return reshape_like(_added(make("np.ravel", x), y_bar, indices), x)
    k, _ = _axis(axis, x, "np.take")
    return _added(x, y_bar, _at(k, indices))


def along(x: Expr, indices: Expr, axis: Expr) -> Expr:
    """The elements of ``x`` at ``indices`` along an axis."""
    if axis == NONE:
        return make("getitem", x if rank(typ(x)) == 1 else make("np.ravel", x), index=indices)
    if rank(typ(x)) == 1:
        return make("getitem", x, index=indices)
    return make("np.take_along_axis", x, indices=indices, axis=axis)


def inverse(order: Expr, axis: Expr) -> Expr:
    """The inverse of a permutation along an axis."""
    return make("np.argsort", order, axis=Lit(-1) if axis == NONE else axis)


def untake_along_axis(y_bar: Expr, x: Expr, indices: Expr, axis: Expr) -> Expr:
    """The adjoint of ``np.take_along_axis``."""
    if axis == NONE:
        return untake(y_bar, x, indices, NONE)
    k, n = _axis(axis, x, "np.take_along_axis")
    places: list[Expr] = []
    for a in range(n):
        grid = make("np.arange", length(x, a))
        after = tup(map(Lit, range(1, n - a)))
        places.append(indices if a == k else make("np.expand_dims", grid, axis=after) if a < n - 1 else grid)
    return _added(x, y_bar, tup(places))


def unrepeat(y_bar: Expr, x: Expr, repeats: Expr, axis: Expr) -> Expr:
    """The adjoint of ``np.repeat``: the sum over the repetitions."""
    single = isinstance(repeats, Lit) or not isinstance(repeats, Tup) and rank(typ(repeats)) == 0
    if axis == NONE:
        if not single:
            return untake(y_bar, x, make("np.repeat", make("np.arange", make("size", x)), repeats=repeats), NONE)
        folded = make("np.reshape", y_bar, shape=tup([make("size", x), repeats]))
        return reshape_like(make("np.sum", folded, axis=Lit(1)), x)
    k, n = _axis(axis, x, "np.repeat")
    if not single:
        return untake(y_bar, x, make("np.repeat", make("np.arange", length(x, k)), repeats=repeats), axis)
    shape = [length(x, a) for a in range(n)]
    shape.insert(k + 1, repeats)
    return reshape_like(make("np.sum", make("np.reshape", y_bar, shape=tup(shape)), axis=Lit(k + 1)), x)


def untile(y_bar: Expr, x: Expr, reps: Expr) -> Expr:
    """The adjoint of ``np.tile``: the sum over the tiles."""
    n = rank(typ(x))
    if n is None:
        raise NotApplicable("np.tile needs the number of axes of its operand; give the types of the arguments")
    if not isinstance(reps, Tup) and rank(typ(reps)) != 0:
        raise NotApplicable("np.tile takes a number or a tuple of numbers here")
    times: list[Expr] = list(reps.items) if isinstance(reps, Tup) else [reps]
    times = [Lit(1)] * (n - len(times)) + times
    lengths: list[Expr] = [Lit(1)] * (len(times) - n) + [length(x, a) for a in range(n)]
    shape: list[Expr] = []
    tiles: list[int] = []
    for t, m in zip(times, lengths):
        if t != Lit(1):
            tiles.append(len(shape))
            shape.append(t)
        if len(times) == n or m != Lit(1):
            shape.append(m)
    if not tiles:
        return reshape_like(y_bar, x)
    axis = Lit(tiles[0]) if len(tiles) == 1 else tup(map(Lit, tiles))
    return reshape_like(make("np.sum", make("np.reshape", y_bar, shape=tup(shape)), axis=axis), x)


def undiff(y_bar: Expr, x: Expr, n: Expr, axis: Expr) -> Expr:
    """The adjoint of ``np.diff``: each difference goes to its right end, its negative to its left end."""
    times = static(arg(n), "n")
    if times == 0:
        return y_bar
    k, _ = _axis(axis, x, "np.diff")
    inner = make("np.diff", x, n=Lit(times - 1), axis=axis) if times > 1 else x
    right, left = _at(k, Slc(Lit(1), NONE, NONE)), _at(k, Slc(NONE, Lit(-1), NONE))
    v_bar = make("scatter_add", _added(inner, y_bar, right), make("neg", y_bar), index=left)
    return undiff(v_bar, x, Lit(times - 1), axis)


def undiag(y_bar: Expr, x: Expr, k: Expr) -> Expr:
    """The adjoint of taking (or of making a matrix of) a diagonal."""
    dims = dims_of(typ(x))
    if len(dims) == 1 or len(set(dims)) == 1:
        return make("np.diag", y_bar, k=k)
    at = static(arg(k), "k")
    places = make("np.arange", make("size", y_bar))
    rows = make("+", places, Lit(-at)) if at < 0 else places
    columns = make("+", places, Lit(at)) if at > 0 else places
    return _added(x, y_bar, tup([rows, columns]))


GATHERS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    untake, along, inverse, untake_along_axis, unrepeat, untile, undiff, undiag)}
