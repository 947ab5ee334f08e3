"""Functions of the rule language for linear algebra: matrices in the last two axes, a stack of them in those before.

``Aᴴ`` is the conjugate transpose.  A function that reads one triangle of a hermitian matrix is a function of that
triangle: the derivative in the other one is zero.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.infer_linalg import is_vector
from s2sad.rules.macros import arg, identity
from s2sad.rules.macros_products import turned as mT
from s2sad.rules.static import axes_of, static
from s2sad.rules.terms import Expr, Term, add, conj, is_real, make, mul, neg, real, sub, typ
from s2sad.trace.ir import NONE, Lit, Tup
from s2sad.trace.types import rank

LAST = Tup((Lit(-2), Lit(-1)))


def adj(x: Expr) -> Expr:
    """The conjugate transpose."""
    return neg(adj(x.args[0])) if isinstance(x, Term) and x.fn == "neg" else conj(mT(x))


def dot(*factors: Expr) -> Expr:
    """The product of matrices, from the left."""
    product = factors[0]
    for factor in factors[1:]:
        product = make("@", product, factor)
    return product


def column(v: Expr) -> Expr:
    """A vector as a matrix of one column."""
    return make("np.expand_dims", v, axis=Lit(-1))


def row(v: Expr) -> Expr:
    """A vector that multiplies the columns of a matrix, one number each."""
    return v if rank(typ(v)) == 1 else make("np.expand_dims", v, axis=Lit(-2))


def matrixwise(y: Expr) -> Expr:
    """A number for each matrix, ready to multiply it."""
    return y if rank(typ(y)) == 0 else make("np.expand_dims", y, axis=LAST)


def over_matrix(x: Expr) -> Expr:
    """The sum of the elements of each matrix."""
    return make("np.sum", x) if rank(typ(x)) == 2 else make("np.sum", x, axis=LAST)


def diagonal_of(x: Expr) -> Expr:
    """The diagonal of each matrix."""
    return make("np.diagonal", x) if rank(typ(x)) == 2 else make("np.diagonal", x, axis1=Lit(-2), axis2=Lit(-1))


def diagonal_matrix(v: Expr) -> Expr:
    """Matrices with these diagonals."""
    return make("np.diag", v) if rank(typ(v)) == 1 else mul(column(v), identity(v, -1))


def trace_of(x: Expr) -> Expr:
    """The trace of each matrix."""
    return make("np.trace", x) if rank(typ(x)) == 2 else make("np.trace", x, axis1=Lit(-2), axis2=Lit(-1))


def halved_diagonal(x: Expr) -> Expr:
    """The lower triangle of ``x``, with half of the diagonal."""
    diagonal = make("np.diag", make("np.diag", x)) if rank(typ(x)) == 2 else mul(x, identity(x, -1))
    return sub(make("np.tril", x), mul(Lit(0.5), diagonal))


def _triangle(x: Expr, uplo: Expr, beside: int = 0) -> Expr:
    upper = static(arg(uplo), "UPLO").upper() == "U"
    options = {"k": Lit(beside if upper else -beside)} if beside else {}
    return make("np.triu" if upper else "np.tril", x, **options)


def from_triangle(x: Expr, uplo: Expr) -> Expr:
    """The hermitian matrix of which one triangle of ``x`` is read; imaginary parts of the diagonal are not."""
    if is_real(x):
        return add(_triangle(x, uplo), mT(_triangle(x, uplo, 1)))
    both = add(_triangle(x, uplo), _triangle(x, uplo, 1))
    return mul(Lit(0.5), add(both, adj(both)))


def to_triangle(g: Expr, uplo: Expr) -> Expr:
    """The adjoint of one triangle, from the adjoint of the hermitian matrix that has been read off it."""
    if is_real(g):
        return add(_triangle(g, uplo), _triangle(mT(g), uplo, 1))
    both = mul(Lit(0.5), add(g, adj(g)))
    return add(_triangle(both, uplo), _triangle(both, uplo, 1))


def to_triangle_hermitian(g: Expr, uplo: Expr) -> Expr:
    """The same where ``g`` is hermitian."""
    return add(_triangle(g, uplo), _triangle(g, uplo, 1))


def part(fn: str, item: int, *operands: Expr, **options: Expr) -> Expr:
    """One of several results of a function."""
    return make("part", make(fn, *operands, **options), item=Lit(item))


# Inverses, determinants, linear systems.


def pinv_dot(y: Expr, x: Expr, x_dot: Expr) -> Expr:
    """``-Y Ẋ Y + Y Yᴴ Ẋᴴ (1 - X Y) + (1 - Y X) Ẋᴴ Yᴴ Y`` (Golub and Pereyra 1973): the rank stays as it is."""
    left, right = dot(y, adj(y), adj(x_dot)), dot(adj(x_dot), adj(y), y)
    return add(add(neg(dot(y, x_dot, y)), sub(left, dot(left, x, y))), sub(right, dot(y, x, right)))


def pinv_bar(y: Expr, x: Expr, y_bar: Expr) -> Expr:
    """``-Yᴴ Ȳ Yᴴ + (1 - X Y) Ȳᴴ Y Yᴴ + Yᴴ Y Ȳᴴ (1 - Y X)``."""
    left, right = dot(adj(y_bar), y, adj(y)), dot(adj(y), y, adj(y_bar))
    return add(add(neg(dot(adj(y), y_bar, adj(y))), sub(left, dot(x, y, left))), sub(right, dot(right, y, x)))


def cofactor_bend(x: Expr, v: Expr, w: Expr) -> Expr:
    """The third derivative of a determinant, in the directions ``v`` and ``w``: of regular matrices."""
    inverse = make("np.linalg.inv", x)
    p, q = dot(inverse, v), dot(inverse, w)
    tp, tq, tpq = (matrixwise(trace_of(e)) for e in (p, q, dot(p, q)))
    crossed = add(dot(p, q, inverse), dot(q, p, inverse))
    flat = sub(mul(sub(mul(tp, tq), tpq), inverse), add(mul(tq, dot(p, inverse)), mul(tp, dot(q, inverse))))
    return mul(matrixwise(make("np.linalg.det", x)), mT(add(flat, crossed)))


def slogdet_bar(x: Expr, sign: Expr, sign_bar: Expr, log_bar: Expr) -> Expr:
    """``X⁻ᴴ`` times the cotangents: the sign of a real determinant is constant, that of a complex one turns."""
    bar: Expr = Lit(0.0) if log_bar == NONE else log_bar
    if sign_bar != NONE and not is_real(sign):
        turning = make("np.imag", mul(sign_bar, conj(sign)))
        bar = add(bar, mul(Lit(1j), turning)) if log_bar != NONE else mul(Lit(1j), turning)
    return mul(matrixwise(bar), adj(make("np.linalg.inv", x)))


def solved(a: Expr, r: Expr, b: Expr) -> Expr:
    """The solution of ``A z = r``, where r is a vector or a matrix as b is, the right-hand side of the program."""
    if rank(typ(a)) == 2 or not is_vector(typ(a), typ(b)):
        return make("np.linalg.solve", a, r)
    return make("np.squeeze", make("np.linalg.solve", a, column(r)), axis=Lit(-1))


def applied(a: Expr, y: Expr, b: Expr) -> Expr:
    """``A y``, where y is a vector or a matrix as b is."""
    if rank(typ(a)) == 2 and rank(typ(y)) == 1 or not is_vector(typ(a), typ(b)):
        return make("@", a, y)
    return make("np.sum", mul(a, make("np.expand_dims", y, axis=Lit(-2))), axis=Lit(-1))


def outer_as(w: Expr, y: Expr, a: Expr, b: Expr) -> Expr:
    """``w yᵀ``, where both are vectors or matrices as b is."""
    if not is_vector(typ(a), typ(b)):
        return make("@", w, mT(y))
    if rank(typ(y)) == 1:
        return make("np.outer", w, y)
    return mul(column(w), make("np.expand_dims", y, axis=Lit(-2)))


# Decompositions.


def chol_dot(y: Expr, x_dot: Expr, upper: Expr) -> Expr:
    """``L̇ = L Φ(L⁻¹ Ẋ L⁻ᴴ)``, where Φ takes the lower triangle with half of the diagonal (Murray 2016)."""
    if static(arg(upper), "upper"):
        return adj(_chol_dot(adj(y), from_triangle(x_dot, Lit("U"))))
    return _chol_dot(y, from_triangle(x_dot, Lit("L")))


def _chol_dot(y: Expr, h: Expr) -> Expr:
    p = make("np.linalg.solve", y, adj(make("np.linalg.solve", y, h)))
    return make("@", y, halved_diagonal(p))


def chol_bar(y: Expr, y_bar: Expr, upper: Expr) -> Expr:
    """``X̄ = L⁻ᴴ Φ(Lᴴ L̄) L⁻¹``, put into the triangle that is read."""
    if static(arg(upper), "upper"):
        return to_triangle(_chol_bar(adj(y), adj(y_bar)), Lit("U"))
    return to_triangle(_chol_bar(y, y_bar), Lit("L"))


def _chol_bar(y: Expr, y_bar: Expr) -> Expr:
    h = adj(y)
    q = make("np.linalg.solve", h, halved_diagonal(dot(h, y_bar)))
    return adj(make("np.linalg.solve", h, adj(q)))


def eigh_bar(w: Expr, v: Expr, w_bar: Expr, v_bar: Expr, uplo: Expr) -> Expr:
    """``V (diag(w̄) + F ∘ Vᴴ V̄) Vᴴ`` with F_ij = 1 / (w_j - w_i), put into the triangle that is read (Giles 2008)."""
    if v_bar == NONE:
        return to_triangle_hermitian(dot(mul(v, row(w_bar)), adj(v)), uplo)
    x = dot(adj(v), v_bar)
    if not is_real(v):
        x = dot(adj(v), make("invariant", v_bar, make("np.imag", diagonal_of(x))))
    inner = mul(make("reciprocal_gaps", w), x)
    if w_bar != NONE:
        inner = add(diagonal_matrix(w_bar), inner)
    return to_triangle(dot(v, inner, adj(v)), uplo)


def eigvalsh_dot(a: Expr, a_dot: Expr, uplo: Expr) -> Expr:
    """``ẇ = diag(Vᴴ Ȧ V)``."""
    v = _eigenvectors(a, uplo)
    return make("np.sum", real(mul(conj(v), dot(from_triangle(a_dot, uplo), v))), axis=Lit(-2))


def eigvalsh_bar(a: Expr, w_bar: Expr, uplo: Expr) -> Expr:
    """``Ā = V diag(w̄) Vᴴ``."""
    return eigh_bar(NONE, _eigenvectors(a, uplo), w_bar, NONE, uplo)


def _eigenvectors(a: Expr, uplo: Expr) -> Expr:
    return part("np.linalg.eigh", 1, a, **({} if uplo == Lit("L") else {"UPLO": uplo}))


# Tensors as matrices whose rows and columns have several axes.


def rest_of(a: Expr, ind: Expr) -> Expr:
    """The number of axes behind the first ``ind``."""
    return Lit((rank(typ(a)) or 0) - static(arg(ind), "ind"))


def axes_in(x: Expr) -> Expr:
    """The number of axes."""
    return Lit(rank(typ(x)))


def _order(n: int, axes: Expr) -> list[int]:
    last = axes_of(arg(axes), n, "axes") or ()
    return [k for k in range(n) if k not in last] + list(last)


def _transposed(x: Expr, order: list[int]) -> Expr:
    return x if order == sorted(order) else make("np.transpose", x, axes=Tup(tuple(map(Lit, order))))


def blocks(a: Expr, axes: Expr) -> Expr:
    """The left-hand side of `np.linalg.tensorsolve` with the axes that it solves for last."""
    return _transposed(a, _order(rank(typ(a)) or 0, axes))


def unblocks(a: Expr, axes: Expr) -> Expr:
    """The inverse of `blocks`."""
    order = _order(rank(typ(a)) or 0, axes)
    return _transposed(a, [order.index(k) for k in range(len(order))])


def blocks_turned(a: Expr, ind: Expr) -> Expr:
    """The transpose, where the first ``ind`` axes are those of the rows."""
    n, k = rank(typ(a)) or 0, static(arg(ind), "ind")
    return _transposed(a, [*range(k, n), *range(k)])


MACROS: dict[str, Callable[..., Expr]] = {"mT": mT} | {f.__name__: f for f in (
    adj, column, row, matrixwise, over_matrix, diagonal_of, diagonal_matrix, trace_of, from_triangle, to_triangle,
    to_triangle_hermitian, pinv_dot, pinv_bar, cofactor_bend, slogdet_bar, solved, applied, outer_as, chol_dot,
    chol_bar, eigh_bar, eigvalsh_dot, eigvalsh_bar, rest_of, axes_in, blocks,
    unblocks, blocks_turned)}
