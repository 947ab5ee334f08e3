"""Functions of the rule language for factors of matrices: a = p l u, and band matrices.

With w = l⁻¹ pᵀ ȧ u⁻¹ the factors have the tangents l tril(w, -1) and triu(w) u (de Hoog, Anderssen and Lukas,
"Numerical differentiation of LU", 2011).  These rules are written for complex numbers as they are, with conjugations.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.macros import length
from s2sad.rules.macros_products import turned
from s2sad.rules.macros_scipy import conj, hermitian, outer, product
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, make, neg, slc, term, tup, typ
from s2sad.trace.ir import NONE, Lit
from s2sad.trace.types import dims_of, kind_of, rank


def _known(e: Expr) -> object:
    assert not isinstance(e, Term)
    return static(e, "option")


def strict(v: Expr) -> Expr:
    """What stands below the diagonal."""
    return make("np.tril", v, k=Lit(-1))


def _lower_solve(l: Expr, x: Expr, turn: bool = False) -> Expr:  # noqa: E741
    way = {"trans": Lit("C" if kind_of(typ(l)) == "complex" else "T")} if turn else {}
    return make("scipy.linalg.solve_triangular", l, x, lower=Lit(True), unit_diagonal=Lit(True), **way)


def _upper_solve(u: Expr, x: Expr, turn: bool = False) -> Expr:
    way = {"trans": Lit("C" if kind_of(typ(u)) == "complex" else "T")} if turn else {}
    return make("scipy.linalg.solve_triangular", u, x, **way)


def _same(x: Expr) -> bool:
    dims = dims_of(typ(x))
    return dims[-1] == dims[-2]


def _whole(l: Expr) -> Expr:  # noqa: E741
    """The lower factor as a square matrix."""
    return l if _same(l) else make("square_lower", l)


def _whole_upper(u: Expr) -> Expr:
    return u if _same(u) else make("square_upper", u)


def lu_middle(l: Expr, u: Expr, b: Expr) -> Expr:  # noqa: E741
    """``l⁻¹ b u⁻¹``, where b has its rows in the order of the factors."""
    return hermitian(_upper_solve(_whole_upper(u), hermitian(_lower_solve(_whole(l), b)), True))


def lower_tangent(l: Expr, w: Expr) -> Expr:  # noqa: E741
    """``l tril(w, -1)``, as many columns of it as l has."""
    found = make("@", _whole(l), strict(w))
    return found if _same(l) and _same(w) else make(
        "getitem", found, index=tup([Lit(...), slc(NONE, length(l, -1))]))


def upper_tangent(u: Expr, w: Expr) -> Expr:
    """``triu(w) u``, as many rows of it as u has."""
    found = make("@", make("np.triu", w), _whole_upper(u))
    return found if _same(u) and _same(w) else make(
        "getitem", found, index=tup([Lit(...), slc(NONE, length(u, -2)), slc(NONE, NONE)]))


def lu_bar(l: Expr, u: Expr, l_bar: Expr, u_bar: Expr, a: Expr) -> Expr:  # noqa: E741
    """The adjoint of the matrix, its rows in the order of the factors: ``l⁻ᴴ (tril(lᴴ l̄, -1) + triu(ū uᴴ)) u⁻ᴴ``."""
    parts: list[Expr] = []
    whole, upper = _whole(l), _whole_upper(u)
    if l_bar != NONE:
        columns = make("@", hermitian(whole), l_bar)
        parts.append(strict(_placed(columns, a, tup([Lit(...), slc(NONE, length(l, -1))]))))
    if u_bar != NONE:
        rows = make("@", u_bar, hermitian(upper))
        parts.append(make("np.triu", _placed(rows, a, tup([Lit(...), slc(NONE, length(u, -2)), slc(NONE, NONE)]))))
    inner = parts[0] if len(parts) == 1 else make("+", *parts)
    # x u⁻ᴴ is the conjugate transpose of u⁻¹ xᴴ.
    return hermitian(_upper_solve(upper, hermitian(_lower_solve(whole, inner, True))))


def _placed(v: Expr, a: Expr, index: Expr) -> Expr:
    """``v`` in zeros of the shape of the matrix."""
    return v if _same(a) else make("scatter_add", term("zeros_like", a), v, index=index)


def rows_back(p: Expr, v: Expr) -> Expr:
    """``pᵀ v``: rows in the order of the factors; p is a matrix, or the places of the rows."""
    if rank(typ(p)) == 1:
        return make("getitem", v, index=make("np.argsort", p))
    return make("@", turned(p), v)


def rows_forth(p: Expr, v: Expr) -> Expr:
    """``p v``."""
    return make("getitem", v, index=p) if rank(typ(p)) == 1 else make("@", p, v)


def _two(lu: Expr) -> None:
    if rank(typ(lu)) != 2:
        raise NotApplicable("scipy.linalg.lu_factor and lu_solve are differentiated of single matrices",
                            "loop over the stack, or use scipy.linalg.solve")
    dims = dims_of(typ(lu))
    if all(d.is_constant for d in dims) and not _same(lu):
        raise NotApplicable("scipy.linalg.lu_factor is differentiated of square matrices", "use scipy.linalg.lu")


def unit_times(lu: Expr, v: Expr, b: Expr, turn: Expr) -> Expr:
    """``l v`` or ``lᴴ v`` for the lower factor, whose ones are not stored."""
    low = strict(lu)
    return make("+", v, product(hermitian(low) if _known(turn) else low, v, b))


def packed_tangent(lu: Expr, b: Expr) -> Expr:
    """The tangents of both factors in one matrix; b has its rows in the order of the factors."""
    _two(lu)
    w = hermitian(_upper_solve(lu, hermitian(_lower_solve(lu, b)), True))
    low = strict(w)
    return make("+", make("+", low, make("@", strict(lu), low)), make("@", make("np.triu", w), make("np.triu", lu)))


def packed_bar(lu: Expr, lu_bar_: Expr) -> Expr:
    """The adjoint of the matrix, its rows in the order of the factors, from that of both factors in one matrix."""
    _two(lu)
    low, up = strict(lu_bar_), make("np.triu", lu_bar_)
    inner = make("+", strict(make("+", low, make("@", hermitian(strict(lu)), low))),
                 make("np.triu", make("@", up, hermitian(make("np.triu", lu)))))
    return hermitian(_upper_solve(lu, hermitian(_lower_solve(lu, inner, True))))


def lu_again(lu: Expr, piv: Expr, v: Expr, trans: Expr) -> Expr:
    """The system of a factored matrix with another right-hand side."""
    way = {} if trans == Lit(0) else {"trans": trans}
    return make("scipy.linalg.lu_solve", lu, piv, v, **way)


def lu_adjoint(lu: Expr, piv: Expr, v: Expr, trans: Expr) -> Expr:
    """The system with the conjugate transpose."""
    if _known(trans) == 0:
        return lu_again(lu, piv, v, Lit(2 if kind_of(typ(lu)) == "complex" else 1))
    if _known(trans) == 1:
        return conj(lu_again(lu, piv, conj(v), Lit(0)))
    return lu_again(lu, piv, v, Lit(0))


def lu_tangent(lu: Expr, lu_dot: Expr, order: Expr, y: Expr, b: Expr, trans: Expr) -> Expr:
    """What a change of the factors adds to the left side."""
    _two(lu)
    up, up_dot, low_dot = make("np.triu", lu), make("np.triu", lu_dot), strict(lu_dot)
    back, way = make("np.argsort", order), _known(trans)
    if way == 0:
        inner = make("+", product(low_dot, product(up, y, b), b),
                     unit_times(lu, product(up_dot, y, b), b, Lit(False)))
        return make("getitem", inner, index=back)
    turn = hermitian if way == 2 else turned
    z = make("getitem", y, index=order)
    low = make("+", z, product(turn(strict(lu)), z, b))
    return make("+", product(turn(up_dot), low, b), product(turn(up), product(turn(low_dot), z, b), b))


def lu_solve_bar(lu: Expr, order: Expr, w: Expr, y: Expr, b: Expr, trans: Expr) -> Expr:
    """The adjoint of both factors in one matrix, from that of the matrix, ``-w yᴴ`` or its like."""
    _two(lu)
    one, two = ((w, y), (conj(y), conj(w)), (y, w))[int(str(_known(trans)))]
    one = make("getitem", one, index=order)
    up = make("np.triu", lu)
    below_ = strict(outer(one, conj(product(up, two, b)), b))
    return neg(make("+", below_, make("np.triu", outer(unit_times(lu, one, b, Lit(True)), conj(two), b))))


# Factors of band matrices.


def band_factor_times(c: Expr, v: Expr, k: Expr, lower: Expr, turn: Expr) -> Expr:
    """``c v`` or ``cᴴ v`` for a triangular band matrix with k diagonals beside the main one."""
    kl, ku = (k, Lit(0)) if _known(lower) else (Lit(0), k)
    if not _known(turn):
        return make("band_matmul", c, v, kl=kl, ku=ku)
    return make("band_matmul", conj(make("band_transpose", c, kl=kl, ku=ku)), v, kl=ku, ku=kl)


def band_cho_tangent(c: Expr, c_dot: Expr, y: Expr, k: Expr, lower: Expr) -> Expr:
    """What a change of the factor adds to the left side."""
    first, last = Lit(not _known(lower)), Lit(bool(_known(lower)))
    one = band_factor_times(c_dot, band_factor_times(c, y, k, lower, last), k, lower, first)
    return make("+", one, band_factor_times(c, band_factor_times(c_dot, y, k, lower, last), k, lower, first))


def band_cho_bar(c: Expr, w: Expr, y: Expr, k: Expr, lower: Expr) -> Expr:
    """The adjoint of the factor of a band matrix."""
    low = bool(_known(lower))
    cw, cy = (band_factor_times(c, v, k, lower, Lit(low)) for v in (w, y))
    pairs = ((w, cy), (y, cw)) if low else ((cw, y), (cy, w))
    kl, ku = (k, Lit(0)) if low else (Lit(0), k)
    one, two = (make("band_product", p, conj(q), kl=kl, ku=ku) for p, q in pairs)
    return neg(make("+", one, two))


def dense(ab: Expr, k: Expr, lower: Expr) -> Expr:
    """The triangle of a band matrix as a matrix."""
    return make("band_dense", ab, kl=k, ku=Lit(0)) if _known(lower) else make("band_dense", ab, kl=Lit(0), ku=k)


def bands(a: Expr, k: Expr, lower: Expr) -> Expr:
    """The diagonals of a triangle."""
    return make("dense_band", a, kl=k, ku=Lit(0)) if _known(lower) else make("dense_band", a, kl=Lit(0), ku=k)


def corners(ab: Expr, k: Expr, lower: Expr) -> Expr:
    """What a band matrix holds that belongs to no element: SciPy copies it."""
    return make("-", ab, bands(dense(ab, k, lower), k, lower))


def reversed_circulant(c: Expr) -> Expr:
    """The vector of the transpose of a circulant matrix, conjugated."""
    return conj(make("np.roll", make("np.flip", c), shift=Lit(1)))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    strict, lu_middle, lower_tangent, upper_tangent, lu_bar, rows_back, rows_forth, packed_tangent, packed_bar,
    lu_again, lu_adjoint, lu_tangent, lu_solve_bar, band_factor_times, band_cho_tangent, band_cho_bar, dense, bands,
    corners, reversed_circulant)}
