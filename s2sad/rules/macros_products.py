"""Functions of the rule language for products, which depend on the ranks of the operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from s2sad.errors import NotApplicable
from s2sad.rules.infer_products import cross_axes, tensordot_axes, vecdot_axes
from s2sad.rules.macros import ALL, length, reshape_like
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, add, conj, make, mul, neg, tup
from s2sad.rules.terms import typ as type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import Array, Type, dims_of, dtype_of, moving, rank


def _arg(e: Expr) -> Arg:
    assert not isinstance(e, Term)
    return e


def typ(e: Expr) -> Type:
    """The type of an operand; what may be a constant is an array here, for a product takes no numbers."""
    return moving(type_of(e))


def turned(x: Expr) -> Expr:
    """The transpose of a matrix, or of a stack of them."""
    if rank(typ(x)) == 2:
        return make("np.transpose", x)
    return make("np.swapaxes", x, axis1=Lit(-1), axis2=Lit(-2))


def _column(v: Expr) -> Expr:
    return make("np.expand_dims", v, axis=Lit(-1))


def _ranks(x: Expr, y: Expr) -> tuple[int, int]:
    rx, ry = rank(typ(x)), rank(typ(y))
    if rx is None or ry is None:
        raise NotApplicable("a product needs the number of axes of its operands; give the types of the arguments")
    return rx, ry


def matmul_x(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``x`` in ``z = x @ y``."""
    rx, ry = _ranks(x, y)
    if rx == 1:
        if ry == 1:
            return mul(z_bar, y)
        return make("@", y, z_bar) if ry == 2 else make("np.squeeze", make("@", y, _column(z_bar)), axis=Lit(-1))
    if ry == 1:
        return make("np.outer", z_bar, y) if rx == 2 else mul(_column(z_bar), y)
    if rx == 2 < ry:
        # One product of matrices, rather than a sum of many.
        own = [*range(ry - 2), ry - 1]
        return _of_type(tensordot(z_bar, y, own, own), x)
    return _like_matrix(make("@", z_bar, turned(y)), x)


def matmul_y(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``y`` in ``z = x @ y``."""
    rx, ry = _ranks(x, y)
    if ry == 1:
        if rx == 1:
            return mul(z_bar, x)
        return make("@", turned(x), z_bar) if rx == 2 else mul(_column(z_bar), x)
    if rx == 1:
        return make("np.outer", x, z_bar) if ry == 2 else mul(
            _column(x), make("np.expand_dims", z_bar, axis=Lit(-2)))
    if ry == 2 < rx:
        return _of_type(tensordot(x, z_bar, range(rx - 1), range(rx - 1)), y)
    return _like_matrix(make("@", turned(x), z_bar), y)


def _like_matrix(v: Expr, x: Expr) -> Expr:
    """``v``, of which each matrix surely has the axes of those of ``x``: a product does not broadcast them."""
    lead = dims_of(typ(v))[:-2]
    return replace(v, type=Array(dtype_of(typ(v)), (*lead, *dims_of(typ(x))[-2:]))) if isinstance(v, Term) else v


def _of_type(v: Expr, x: Expr) -> Expr:
    """``v``, which surely has the axes of ``x``."""
    return replace(v, type=Array(dtype_of(typ(v)), dims_of(typ(x)))) if isinstance(v, Term) else v


def dot_x(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.dot(x, y)``."""
    rx, ry = _ranks(x, y)
    if rx == 0 or ry == 0:
        return mul(z_bar, y)
    if ry <= 2 and (rx <= 2 or ry == 1):
        return matmul_x(z_bar, x, y)
    return contract_x(z_bar, x, y, Tup((Tup((Lit(-1),)), Tup((Lit(-2 if ry > 1 else -1),)))))


def dot_y(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.dot(x, y)``."""
    rx, ry = _ranks(x, y)
    if rx == 0 or ry == 0:
        return mul(z_bar, x)
    if rx <= 2 and ry <= 2:
        return matmul_y(z_bar, x, y)
    return contract_y(z_bar, x, y, Tup((Tup((Lit(-1),)), Tup((Lit(-2 if ry > 1 else -1),)))))


_LAST = Tup((Tup((Lit(-1),)), Tup((Lit(-1),))))


def inner_x(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.inner(x, y)``."""
    rx, ry = _ranks(x, y)
    return mul(z_bar, y) if rx == 0 or ry == 0 or rx == ry == 1 else contract_x(z_bar, x, y, _LAST)


def inner_y(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.inner(x, y)``."""
    rx, ry = _ranks(x, y)
    return mul(z_bar, x) if rx == 0 or ry == 0 or rx == ry == 1 else contract_y(z_bar, x, y, _LAST)


def contract_x(z_bar: Expr, x: Expr, y: Expr, axes: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.tensordot(x, y, axes)``."""
    ax, ay = tensordot_axes(typ(x), typ(y), _arg(axes))
    rx, ry = _ranks(x, y)
    free_x, free_y = _others(rx, ax), _others(ry, ay)
    first = len(free_x)
    v = tensordot(z_bar, y, range(first, first + len(free_y)), free_y)
    order = free_x + [ax[ay.index(a)] for a in sorted(ay)]  # the axes of x that the axes of v are
    return ordered(v, order)


def contract_y(z_bar: Expr, x: Expr, y: Expr, axes: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.tensordot(x, y, axes)``."""
    ax, ay = tensordot_axes(typ(x), typ(y), _arg(axes))
    rx, ry = _ranks(x, y)
    free_x, free_y = _others(rx, ax), _others(ry, ay)
    v = tensordot(x, z_bar, free_x, range(len(free_x)))
    return ordered(v, [ay[ax.index(a)] for a in sorted(ax)] + free_y)


def _others(n: int, axes: Sequence[int]) -> list[int]:
    return [k for k in range(n) if k not in axes]


def tensordot(x: Expr, y: Expr, ax: Sequence[int], ay: Sequence[int]) -> Expr:
    """The sum over these axes of ``x`` and of ``y``."""
    axes = Tup((Tup(tuple(Lit(a) for a in ax)), Tup(tuple(Lit(a) for a in ay))))
    return make("np.tensordot", x, y, axes=axes)


def ordered(v: Expr, order: list[int]) -> Expr:
    """``v`` with its axes in another order: where each of them goes."""
    if order == sorted(order):
        return v
    return make("np.transpose", v, axes=Tup(tuple(Lit(order.index(k)) for k in range(len(order)))))


def outer_product(u: Expr, v: Expr) -> Expr:
    """``u vᵀ`` of two vectors, or of two matrices column by column."""
    return make("np.outer", u, v) if rank(typ(u)) == 1 else make("@", u, make("np.transpose", v))


def as_shape_of(v: Expr, x: Expr) -> Expr:
    """``v`` with the shape of ``x``, which has as many elements."""
    return v if rank(typ(v)) == 1 == rank(typ(x)) else reshape_like(v, x)


def cross_x(z_bar: Expr, x: Expr, y: Expr, axisa: Expr, axisb: Expr, axisc: Expr, axis: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.cross(x, y)``: ``⟨z, x × y⟩ = ⟨x, y × z⟩``."""
    return _crossed(y, z_bar, x, y, (1, 2, 0), axisa, axisb, axisc, axis)


def cross_y(z_bar: Expr, x: Expr, y: Expr, axisa: Expr, axisb: Expr, axisc: Expr, axis: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.cross(x, y)``: ``⟨z, x × y⟩ = ⟨y, z × x⟩``."""
    return _crossed(z_bar, x, x, y, (2, 0, 1), axisa, axisb, axisc, axis)


def _crossed(u: Expr, v: Expr, x: Expr, y: Expr, roles: tuple[int, int, int], *axes: Expr) -> Expr:
    """``u × v``, whose axes have the roles 0 (those of x), 1 (of y) and 2 (of the result) in the primal."""
    options = {k: _arg(a) for k, a in zip(("axisa", "axisb", "axisc", "axis"), axes)}
    a, b, c = cross_axes(typ(x), typ(y), options)
    rx, ry = _ranks(x, y)
    places = (a - rx, b - ry, c - max(rx, ry))  # counted from the end, for broadcasting puts axes in front
    if dims_of(typ(x))[a].is_constant and dims_of(typ(x))[a].const == 2:
        return _flat(u, v, roles, places)
    own = [places[k] for k in roles]
    if axes[3] not in (NONE, Lit(-1)) and own[0] == own[1] == own[2] and rx == ry:
        return make("np.cross", u, v, axis=axes[3])
    named = {k: Lit(p) for k, p in zip(("axisa", "axisb", "axisc"), own) if p != -1}
    return make("np.cross", u, v, **named)


def _flat(u: Expr, v: Expr, roles: tuple[int, int, int], places: Sequence[int]) -> Expr:
    """Of plane vectors, whose product is one number: ``z (y₁, -y₀)`` and ``z (-x₁, x₀)``."""
    of_x = roles[1] == 2
    vector, number, role = (u, v, roles[0]) if of_x else (v, u, roles[1])
    rest = [ALL] * (-places[role] - 1)
    first, second = (make("getitem", vector, index=tup([Lit(...), Lit(k), *rest]) if rank(typ(vector)) != 1 else Lit(k))
                     for k in (0, 1))
    parts = (mul(number, second), neg(mul(number, first))) if of_x else (neg(mul(number, second)), mul(number, first))
    return make("np.stack", *parts, axis=Lit(places[roles[2]]))


def kron_x(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.kron(x, y)``."""
    (_, of_y), apart = _kron_axes(z_bar, x, y)
    return tensordot(apart, y, of_y, range(len(of_y))) if of_y else mul(z_bar, y)


def kron_y(z_bar: Expr, x: Expr, y: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.kron(x, y)``."""
    (of_x, _), apart = _kron_axes(z_bar, x, y)
    return tensordot(x, apart, range(len(of_x)), of_x) if of_x else mul(z_bar, x)


def _kron_axes(z_bar: Expr, x: Expr, y: Expr) -> tuple[tuple[list[int], list[int]], Expr]:
    """Which axes of ``z_bar``, with each axis parted in two, are those of ``x`` and those of ``y``."""
    rx, ry = _ranks(x, y)
    lengths: list[Expr] = []
    places: tuple[list[int], list[int]] = ([], [])
    for k in range(-max(rx, ry), 0):
        for own, v, n in zip(places, (x, y), (rx, ry)):
            if -k <= n:
                own.append(len(lengths))
                lengths.append(length(v, n + k))
    return places, make("np.reshape", z_bar, shape=tup(lengths))


def vecdot_x(z_bar: Expr, x: Expr, y: Expr, axis: Expr) -> Expr:
    """The adjoint of ``x`` in ``np.vecdot(x, y)``, the sum of ``conj(x) y`` along an axis."""
    ax, ay = vecdot_axes(typ(x), typ(y), _arg(axis))
    return _along(mul(_column(conj(z_bar)), _last(y, ay)), ax)


def vecdot_y(z_bar: Expr, x: Expr, y: Expr, axis: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.vecdot(x, y)``."""
    ax, ay = vecdot_axes(typ(x), typ(y), _arg(axis))
    return _along(mul(_column(z_bar), _last(x, ax)), ay)


def _last(v: Expr, axis: int) -> Expr:
    return v if axis == -1 else make("np.moveaxis", v, source=Lit(axis), destination=Lit(-1))


def _along(v: Expr, axis: int) -> Expr:
    return v if axis == -1 else make("np.moveaxis", v, source=Lit(-1), destination=Lit(axis))


def each_row(v: Expr) -> Expr:
    """A vector as a matrix of one row."""
    return make("np.expand_dims", v, axis=Lit(-2))


def chain_bar(y_bar: Expr, xs: Expr, kth: Expr) -> Expr:
    """The adjoint of the k-th factor of a product of matrices."""
    assert isinstance(xs, Tup)
    k = static(_arg(kth), "k")
    x, before, after = xs.items[k], _chained(xs.items[:k]), _chained(xs.items[k + 1:])
    if before is None:
        assert after is not None
        return matmul_x(y_bar, x, after)
    if after is None:
        return matmul_y(y_bar, before, x)
    return matmul_x(matmul_y(y_bar, before, make("@", x, after)), x, after)


def _chained(xs: Sequence[Expr]) -> Expr | None:
    """The product of several matrices; None if there are none."""
    if len(xs) < 2:
        return xs[0] if xs else None
    return make("@", *xs) if len(xs) == 2 else make("np.linalg.multi_dot", *xs)


def power_along(x: Expr, v: Expr, n: Expr) -> Expr:
    """The derivative of ``Xⁿ`` in the direction ``v``, the sum of all products with one X replaced, by halving n.

    Where n is negative, it is that of the inverse to the power -n.
    """
    count = static(_arg(n), "n")
    if count == 0:
        return make("np.zeros_like", v)
    if count < 0:
        inverse = make("np.linalg.inv", x)
        return _power_along(inverse, neg(make("@", make("@", inverse, v), inverse)), -count)
    return _power_along(x, v, count)


def power_back(x: Expr, y_bar: Expr, n: Expr) -> Expr:
    """The adjoint of `power_along`, which is the same of the transpose."""
    count, turned_x = static(_arg(n), "n"), turned(x)
    if count >= 0:
        return power_along(turned_x, y_bar, n)
    inverse = make("np.linalg.inv", turned_x)
    return neg(make("@", make("@", inverse, _power_along(inverse, y_bar, -count)), inverse))


def _power_along(x: Expr, v: Expr, n: int) -> Expr:
    if n == 1:
        return v
    half, rest = (n // 2, n // 2) if n % 2 == 0 else (n - 1, 1)
    one = _power_along(x, v, half)
    return add(make("@", one, _power(x, rest)), make("@", _power(x, half), one if half == rest else v))


def _power(x: Expr, n: int) -> Expr:
    return x if n == 1 else make("np.linalg.matrix_power", x, n=Lit(n))


PRODUCTS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    matmul_x, matmul_y, dot_x, dot_y, inner_x, inner_y, contract_x, contract_y, outer_product, cross_x,
    cross_y, kron_x, kron_y, vecdot_x, vecdot_y, each_row, chain_bar, power_along, power_back, as_shape_of)}
