"""Functions of the rule language for products, which depend on the ranks of the operands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.fit import expand_to
from s2sad.rules.infer_products import einsum_letters, tensordot_axes
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, make, mul, typ
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import rank


def _arg(e: Expr) -> Arg:
    assert not isinstance(e, Term)
    return e


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
    return make("@", z_bar, turned(y))


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
    return make("@", turned(x), z_bar)


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
    v = _tensordot(z_bar, y, range(first, first + len(free_y)), free_y)
    order = free_x + [ax[ay.index(a)] for a in sorted(ay)]  # the axes of x that the axes of v are
    return _ordered(v, order)


def contract_y(z_bar: Expr, x: Expr, y: Expr, axes: Expr) -> Expr:
    """The adjoint of ``y`` in ``np.tensordot(x, y, axes)``."""
    ax, ay = tensordot_axes(typ(x), typ(y), _arg(axes))
    rx, ry = _ranks(x, y)
    free_x, free_y = _others(rx, ax), _others(ry, ay)
    v = _tensordot(x, z_bar, free_x, range(len(free_x)))
    return _ordered(v, [ay[ax.index(a)] for a in sorted(ax)] + free_y)


def _others(n: int, axes: Sequence[int]) -> list[int]:
    return [k for k in range(n) if k not in axes]


def _tensordot(x: Expr, y: Expr, ax: Sequence[int], ay: Sequence[int]) -> Expr:
    axes = Tup((Tup(tuple(Lit(a) for a in ax)), Tup(tuple(Lit(a) for a in ay))))
    return make("np.tensordot", x, y, axes=axes)


def _ordered(v: Expr, order: list[int]) -> Expr:
    if order == sorted(order):
        return v
    return make("np.transpose", v, axes=Tup(tuple(Lit(order.index(k)) for k in range(len(order)))))


def outer_product(u: Expr, v: Expr) -> Expr:
    """``u vᵀ`` of two vectors, or of two matrices column by column."""
    return make("np.outer", u, v) if rank(typ(u)) == 1 else make("@", u, make("np.transpose", v))


def cross(u: Expr, v: Expr, axis: Expr) -> Expr:
    """``u × v`` along the axis of the primal, so that ``⟨a, b × c⟩ = ⟨b, c × a⟩ = ⟨c, a × b⟩``."""
    return make("np.cross", u, v) if axis == NONE else make("np.cross", u, v, axis=axis)


def uneinsum(y_bar: Expr, xs: Expr, kth: Expr, subscripts: Expr, optimize: Expr) -> Expr:
    """The adjoint of the k-th operand of ``np.einsum``: the same sum with its letters and the result's exchanged.

    How the primal's product is put in order (``optimize``) goes for this one, too, unless it is a list of steps.
    """
    assert isinstance(xs, Tup)
    k = static(_arg(kth), "k")
    inputs, output = einsum_letters(static(_arg(subscripts), "subscripts"), len(xs.items))
    others = [(i, x) for i, x in zip(inputs, xs.items)]
    own = inputs[k]
    del others[k]
    known = set(output).union(*(i for i, _ in others)) if others else set(output)
    kept = "".join(c for c in own if c in known)
    text = ",".join([output, *(i for i, _ in others)]) + "->" + kept
    options = {} if isinstance(optimize, Tup) or optimize == Lit(False) else {"optimize": optimize}
    v = make("np.einsum", y_bar, *(x for _, x in others), subscripts=Lit(text), **options)
    summed = [n for n, c in enumerate(own) if c not in known]
    if summed:
        v = make("np.expand_dims", v, axis=Tup(tuple(map(Lit, summed))))
    return expand_to(v, xs.items[k])


PRODUCTS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    matmul_x, matmul_y, dot_x, dot_y, inner_x, inner_y, contract_x, contract_y, outer_product, cross,
    uneinsum)}
