"""Functions of the rule language for `scipy.linalg`.

Of a matrix that is assumed to be symmetric, triangular and so on, SciPy reads a part only.  The derivative by the rest
is zero, and what stands for two elements gets the adjoints of both.  These rules are written for complex numbers as
they are, with conjugations.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.macros import length, reshape_like
from s2sad.rules.macros_products import turned
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, make, mul, neg, slc, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Tup
from s2sad.trace.types import dims_of, kind_of, rank

_SYMMETRIC = ("sym", "symmetric")
_HERMITIAN = ("her", "hermitian", "pos", "positive definite")


def _known(e: Expr, what: str) -> object:
    assert not isinstance(e, Term)
    return static(e, what)


def conj(x: Expr) -> Expr:
    """The conjugate, which of real numbers is nothing."""
    return make("np.conj", x) if kind_of(typ(x)) == "complex" else x


def hermitian(x: Expr) -> Expr:
    """The conjugate transpose of a matrix, or of a stack of them."""
    return turned(conj(x))


def _is_stacked(v: Expr, b: Expr) -> bool:
    """Whether a value like ``b``, a vector, is a stack of vectors: the matrices are one."""
    return rank(typ(b)) == 1 and (rank(typ(v)) or 0) > 1


def product(a: Expr, v: Expr, b: Expr) -> Expr:
    """``a @ v``, where ``v`` is a vector for each matrix if ``b`` is a vector."""
    if _is_stacked(v, b):
        return make("np.squeeze", make("@", a, make("np.expand_dims", v, axis=Lit(-1))), axis=Lit(-1))
    return make("@", a, v)


def outer(w: Expr, y: Expr, b: Expr) -> Expr:
    """``w yᵀ``, where these are vectors for each matrix if ``b`` is a vector."""
    if rank(typ(b)) != 1:
        return make("@", w, turned(y))
    if not _is_stacked(y, b):
        return make("np.outer", w, y)
    return mul(make("np.expand_dims", w, axis=Lit(-1)), make("np.expand_dims", y, axis=Lit(-2)))


def _system(fn: str, a: Expr, v: Expr, b: Expr, **options: Expr) -> Expr:
    """The solution of a system with a right-hand side that has the axes of the solution for ``b``."""
    kept = {k: o for k, o in options.items() if o not in (NONE, Lit(False), Lit(0))}
    if not _is_stacked(v, b):
        return make(fn, a, v, **kept)
    return make("np.squeeze", make(fn, a, make("np.expand_dims", v, axis=Lit(-1)), **kept), axis=Lit(-1))


# scipy.linalg.solve and scipy.linalg.inv.


def assumed(v: Expr, assume_a: Expr, lower: Expr) -> Expr:
    """The matrix that SciPy takes ``v`` for."""
    kind, low = _known(assume_a, "assume_a"), bool(_known(lower, "lower"))
    if kind in _SYMMETRIC or kind in _HERMITIAN:
        turn = hermitian if kind in _HERMITIAN else turned
        part = "np.tril" if low else "np.triu"
        whole = make("+", make(part, v), turn(make(part, v, k=Lit(-1 if low else 1))))
        return _real_diagonal(whole) if turn is hermitian and kind_of(typ(v)) == "complex" else whole
    return _part(v, kind)


def assumed_bar(v: Expr, assume_a: Expr, lower: Expr) -> Expr:
    """The adjoint of `assumed`."""
    kind = _known(assume_a, "assume_a")
    if kind in _SYMMETRIC or kind in _HERMITIAN:
        turn = hermitian if kind in _HERMITIAN else turned
        if turn is hermitian and kind_of(typ(v)) == "complex":
            return _phi(make("+", v, hermitian(v)), lower)
        return make("+", half(v, lower), turn(other_half(v, lower)))
    return _part(v, kind)


def _part(v: Expr, kind: object) -> Expr:
    if kind == "upper triangular":
        return make("np.triu", v)
    if kind == "lower triangular":
        return make("np.tril", v)
    if kind == "tridiagonal":
        return make("np.triu", make("np.tril", v, k=Lit(1)), k=Lit(-1))
    return make("np.triu", make("np.tril", v)) if kind == "diagonal" else v


def _real_diagonal(v: Expr) -> Expr:
    """``v`` with the real parts of its diagonal only."""
    return make("*", Lit(0.5), make("+", v, hermitian(v)))


def solved_again(a: Expr, v: Expr, b: Expr, assume_a: Expr, lower: Expr, transposed: Expr) -> Expr:
    """The system of the primal with another right-hand side."""
    return _system("scipy.linalg.solve", a, v, b, assume_a=assume_a, lower=lower, transposed=transposed)


def solve_tangent(a_dot: Expr, y: Expr, b: Expr, assume_a: Expr, lower: Expr, transposed: Expr) -> Expr:
    """What a change of the matrix adds to the left side."""
    matrix = assumed(a_dot, assume_a, lower)
    return product(turned(matrix) if _known(transposed, "transposed") else matrix, y, b)


def solve_adjoint(a: Expr, y_bar: Expr, b: Expr, assume_a: Expr, lower: Expr, transposed: Expr) -> Expr:
    """The adjoint of the right-hand side: the solution of the system with the conjugate transpose."""
    kind = _known(assume_a, "assume_a")
    if kind in _SYMMETRIC:
        a = conj(a)
    elif kind not in _HERMITIAN:
        other = {"upper triangular": "lower triangular", "lower triangular": "upper triangular"}
        assume_a = Lit(other.get(str(kind), kind))
        a = a if _known(transposed, "transposed") else hermitian(a)
    return _system("scipy.linalg.solve", a, y_bar, b, assume_a=assume_a, lower=lower)


def solve_bar(w: Expr, y: Expr, b: Expr, assume_a: Expr, lower: Expr, transposed: Expr) -> Expr:
    """The adjoint of the matrix."""
    matrix = outer(y, conj(w), b) if _known(transposed, "transposed") else outer(w, conj(y), b)
    return assumed_bar(neg(matrix), assume_a, lower)


# scipy.linalg.solve_triangular.


_TRANSPOSED = {0: 0, "N": 0, 1: 1, "T": 1, 2: 2, "C": 2}


def triangle(v: Expr, lower: Expr, unit: Expr) -> Expr:
    """The triangle that is read."""
    low, one = bool(_known(lower, "lower")), bool(_known(unit, "unit_diagonal"))
    return make("np.tril" if low else "np.triu", v, k=Lit((-1 if low else 1) if one else 0))


def _way(trans: Expr, a: Expr) -> int:
    way = _TRANSPOSED.get(_known(trans, "trans"))
    if way is None:
        raise NotApplicable("'trans' must be 0, 1, 2, 'N', 'T' or 'C'")
    return 1 if way == 2 and kind_of(typ(a)) != "complex" else int(way)


def triangular_again(a: Expr, v: Expr, b: Expr, trans: Expr, lower: Expr, unit: Expr) -> Expr:
    """The triangular system of the primal with another right-hand side."""
    return _system("scipy.linalg.solve_triangular", a, v, b, trans=trans, lower=lower, unit_diagonal=unit)


def triangular_tangent(a_dot: Expr, y: Expr, b: Expr, trans: Expr, lower: Expr, unit: Expr) -> Expr:
    """What a change of the matrix adds to the left side."""
    matrix = triangle(a_dot, lower, unit)
    return product((matrix, turned(matrix), hermitian(matrix))[_way(trans, a_dot)], y, b)


def triangular_adjoint(a: Expr, y_bar: Expr, b: Expr, trans: Expr, lower: Expr, unit: Expr) -> Expr:
    """The adjoint of the right-hand side."""
    way = _way(trans, a)
    if way == 0:
        other: Expr = Lit("C" if kind_of(typ(a)) == "complex" else "T")
        return triangular_again(a, y_bar, b, other, lower, unit)
    return triangular_again(conj(a) if way == 1 else a, y_bar, b, Lit(0), lower, unit)


def triangular_bar(w: Expr, y: Expr, a: Expr, b: Expr, trans: Expr, lower: Expr, unit: Expr) -> Expr:
    """The adjoint of the matrix."""
    way = _way(trans, a)
    matrix = (outer(w, conj(y), b), outer(conj(y), w, b), outer(y, conj(w), b))[way]
    return triangle(neg(matrix), lower, unit)


# Factors.


def by_factor(c: Expr, x: Expr, lower: Expr) -> Expr:
    """``l⁻¹ x`` for the factor of a = l lᴴ, which is the triangle of ``c`` or its conjugate transpose."""
    low = bool(_known(lower, "lower"))
    return triangular_again(c, x, x, Lit(0 if low else _turn(c)), lower, Lit(False))


def by_adjoint(c: Expr, x: Expr, lower: Expr) -> Expr:
    """``l⁻ᴴ x`` for the same factor."""
    low = bool(_known(lower, "lower"))
    return triangular_again(c, x, x, Lit(_turn(c) if low else 0), lower, Lit(False))


def _turn(c: Expr) -> str:
    return "C" if kind_of(typ(c)) == "complex" else "T"


def half(v: Expr, lower: Expr) -> Expr:
    """The triangle that is read."""
    return make("np.tril" if _known(lower, "lower") else "np.triu", v)


def other_half(v: Expr, lower: Expr) -> Expr:
    """The triangle that is not read, without the diagonal."""
    return make("np.triu", v, k=Lit(1)) if _known(lower, "lower") else make("np.tril", v, k=Lit(-1))


def cholesky_tangent(c: Expr, x_dot: Expr, lower: Expr) -> Expr:
    """The tangent of the factor: ``l Φ(l⁻¹ ȧ l⁻ᴴ)``, where Φ takes the lower triangle and half of the diagonal."""
    p = by_factor(c, hermitian(by_factor(c, assumed(x_dot, Lit("her"), lower), lower)), lower)
    low, factor = bool(_known(lower, "lower")), half(c, lower)
    return make("@", factor, _phi(p, lower)) if low else make("@", _phi(p, lower), factor)


def cholesky_bar(c: Expr, c_bar: Expr, lower: Expr) -> Expr:
    """The adjoint of the matrix: ``l⁻ᴴ Φ(lᴴ l̄) l⁻¹``."""
    low, factor = bool(_known(lower, "lower")), half(c, lower)
    q = make("@", hermitian(factor), c_bar) if low else make("@", c_bar, hermitian(factor))
    g = by_adjoint(c, hermitian(by_adjoint(c, hermitian(_phi(q, lower)), lower)), lower)
    return assumed_bar(g, Lit("her"), lower)


def _phi(v: Expr, lower: Expr) -> Expr:
    fn = "np.tril" if _known(lower, "lower") else "np.triu"
    strict = Lit(-1 if fn == "np.tril" else 1)
    return mul(Lit(0.5), make("+", make(fn, v), make(fn, v, k=strict)))


def cho_again(c: Expr, v: Expr, b: Expr, lower: Expr) -> Expr:
    """The system of a factored matrix with another right-hand side."""
    return _system("scipy.linalg.cho_solve", c, v, b, lower=lower)


def cho_tangent(c: Expr, c_dot: Expr, y: Expr, b: Expr, lower: Expr) -> Expr:
    """What a change of the factor adds to the left side: ``l̇ (lᴴ y) + l (l̇ᴴ y)``."""
    t, t_dot = half(c, lower), half(c_dot, lower)
    if not _known(lower, "lower"):
        t, t_dot = hermitian(t), hermitian(t_dot)
    one = product(t_dot, product(hermitian(t), y, b), b)
    return make("+", one, product(t, product(hermitian(t_dot), y, b), b))


def cho_bar(c: Expr, w: Expr, y: Expr, b: Expr, lower: Expr) -> Expr:
    """The adjoint of the factor: ``-(w yᴴ + y wᴴ) l``."""
    t = half(c, lower)
    if _known(lower, "lower"):
        one = outer(w, conj(product(hermitian(t), y, b)), b)
        two = outer(y, conj(product(hermitian(t), w, b)), b)
    else:
        one, two = outer(product(t, w, b), conj(y), b), outer(product(t, y, b), conj(w), b)
    return half(neg(make("+", one, two)), lower)


def symmetrised(v: Expr) -> Expr:
    """``(v + vᴴ) / 2``."""
    return mul(Lit(0.5), make("+", v, hermitian(v)))


def expm_bar(a: Expr, e: Expr, y_bar: Expr, f_bar: Expr) -> Expr:
    """The adjoint of a matrix from that of its exponential, and of the exponential's derivative along ``e``."""
    def along(x: Expr, v: Expr) -> Expr:
        return make("scipy.linalg.expm_frechet", x, v, compute_expm=Lit(False))

    parts = [] if y_bar == NONE else [along(turned(a), y_bar)]
    if f_bar != NONE:
        blocks = make("block_triangle", turned(a), turned(e))
        second = make("block_triangle", f_bar, term("zeros_like", turned(e)))
        parts.append(make("upper_right", along(blocks, second)))
    return parts[0] if len(parts) == 1 else make("+", *parts)


# Bands.


def below(l_and_u: Expr) -> Expr:
    """The number of diagonals below the main one."""
    return _pair(l_and_u)[0]


def above(l_and_u: Expr) -> Expr:
    """The number of diagonals above the main one."""
    return _pair(l_and_u)[1]


def _pair(l_and_u: Expr) -> tuple[Expr, Expr]:
    if not isinstance(l_and_u, Tup) or len(l_and_u.items) != 2:
        raise NotApplicable("'l_and_u' must be written as a pair, (lower, upper)")
    return l_and_u.items[0], l_and_u.items[1]


def pair(a: Expr, b: Expr) -> Expr:
    """``(a, b)`` as an option."""
    return tup([a, b])


def diagonals(ab: Expr) -> Expr:
    """How many diagonals above (or below) the main one a hermitian band matrix stores."""
    n = length(ab, -2)
    return Lit(int(n.value) - 1) if isinstance(n, Lit) else make("-", n, Lit(1))


def first_of(c: Expr, r: Expr) -> Expr:
    """``r`` with the first element of ``c``: the first column of the transpose of a Toeplitz matrix."""
    head, tail = make("getitem", c, index=slc(NONE, Lit(1))), make("getitem", r, index=slc(Lit(1), NONE))
    return make("np.concatenate", head, tail)


# Blocks.


def unblock(y_bar: Expr, xs: Expr, kth: Expr) -> Expr:
    """The part of the adjoint of ``scipy.linalg.block_diag`` that belongs to the k-th block."""
    assert isinstance(xs, Tup)
    k = _known(kth, "k")
    assert isinstance(k, int)
    bounds: list[Expr] = []
    for axis in (-2, -1):
        lengths = [Lit(1) if len(dims_of(typ(x))) < -axis else length(x, axis) for x in xs.items]
        start: Expr = Lit(0)
        for n in lengths[:k]:
            start = make("+", start, n)
        bounds.append(slc(NONE if start == Lit(0) else start,
                          NONE if k == len(lengths) - 1 else make("+", start, lengths[k])))
    stacked = (rank(typ(y_bar)) or 2) > 2
    part = make("getitem", y_bar, index=tup([*[Lit(...)] * stacked, *bounds]))
    return part if (rank(typ(xs.items[k])) or 0) >= 2 else reshape_like(part, xs.items[k])


MACROS: dict[str, Callable[..., Expr]] = {
    "outer_of": outer, "product_of": product, "below_of": below, "above_of": above,
    **{f.__name__: f for f in (
        conj, hermitian, turned, assumed, assumed_bar, solved_again, solve_tangent, solve_adjoint, solve_bar, triangle,
        triangular_again, triangular_tangent, triangular_adjoint, triangular_bar, half, other_half, cholesky_tangent,
        cholesky_bar, cho_again, cho_tangent, cho_bar, symmetrised, expm_bar, pair, diagonals, first_of, unblock)}}
