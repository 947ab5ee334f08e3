"""Functions of the rule language for eigenvalues of pairs of matrices, polar factors and least squares.

Of A V = B V diag(w) with Vᴴ B V = 1, hermitian A and B, the derivatives follow from those of both equations (van der
Aa, ter Morsche and Mattheij, "Computation of eigenvalue and eigenvector derivatives for a general complex-valued
eigensystem", 2007): with P = Vᴴ (Ȧ V - Ḃ V diag(w)) and F_ij = 1 / (w_j - w_i) they are ẇ = Re diag P and
V̇ = V (F∘P - ½ diag(Vᴴ Ḃ V)).
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import identity
from s2sad.rules.macros_linalg import adj, diagonal_of, dot, part, row
from s2sad.rules.macros_scipy import assumed, assumed_bar, conj, outer, product
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, add, make, mul, neg, sub
from s2sad.trace.ir import NONE, Lit

_HERMITIAN = Lit("her")


def _known(e: Expr) -> object:
    assert not isinstance(e, Term)
    return static(e, "option")


def pencil_dot(a_dot: Expr, b_dot: Expr, w: Expr, v: Expr, lower: Expr) -> Expr:
    """``P``."""
    first = dot(adj(v), assumed(a_dot, _HERMITIAN, lower), v)
    if b_dot == NONE:
        return first
    return sub(first, mul(dot(adj(v), assumed(b_dot, _HERMITIAN, lower), v), row(w)))


def pencil_turn(p: Expr, b_dot: Expr, w: Expr, v: Expr, lower: Expr) -> Expr:
    """``F∘P - ½ diag(Vᴴ Ḃ V)``."""
    first = mul(make("reciprocal_gaps", w), p)
    if b_dot == NONE:
        return first
    lengths = dot(adj(v), assumed(b_dot, _HERMITIAN, lower), v)
    return sub(first, mul(Lit(0.5), mul(lengths, identity(lengths, -1))))


def pencil_vectors(a: Expr, b: Expr, lower: Expr) -> Expr:
    """The eigenvectors."""
    options = {} if lower == Lit(True) else {"lower": lower}
    return part("scipy.linalg.eigh", 1, *([a] if b == NONE else [a, b]), **options)


def _inner(w: Expr, v: Expr, v_bar: Expr) -> Expr:
    return mul(make("reciprocal_gaps", w), dot(adj(v), v_bar))


def pencil_adjoint(w: Expr, v: Expr, w_bar: Expr, v_bar: Expr) -> Expr:
    """``V (diag(w̄) + F∘Vᴴ V̄) Vᴴ``."""
    whole = None if w_bar == NONE else dot(mul(v, row(w_bar)), adj(v))
    if v_bar != NONE:
        turned = dot(v, _inner(w, v, v_bar), adj(v))
        whole = turned if whole is None else add(whole, turned)
    assert whole is not None
    return whole


def tridiagonal_product(d: Expr, e: Expr, v: Expr) -> Expr:
    """A symmetric matrix of three diagonals times a matrix."""
    bands = make("np.stack", make("np.concatenate", _zero(), e), d, make("np.concatenate", e, _zero()))
    return make("band_matmul", bands, v, kl=Lit(1), ku=Lit(1))


def tridiagonal_vectors(d: Expr, e: Expr) -> Expr:
    """The eigenvectors."""
    return part("scipy.linalg.eigh_tridiagonal", 1, d, e)


def _zero() -> Expr:
    return make("np.zeros", shape=Lit(1))


def pencil_bar_a(w: Expr, v: Expr, w_bar: Expr, v_bar: Expr, lower: Expr) -> Expr:
    """``Ā``, put into the triangle that is read."""
    return assumed_bar(pencil_adjoint(w, v, w_bar, v_bar), _HERMITIAN, lower)


def pencil_bar_b(w: Expr, v: Expr, w_bar: Expr, v_bar: Expr, lower: Expr) -> Expr:
    """``B̄ = -V (diag(w w̄) + F∘Vᴴ V̄ diag(w) + ½ diag(Vᴴ V̄)) Vᴴ``, put into the triangle that is read."""
    whole = None if w_bar == NONE else dot(mul(v, row(mul(w, w_bar))), adj(v))
    if v_bar != NONE:
        lengths = diagonal_of(dot(adj(v), v_bar))
        turned = add(dot(v, mul(_inner(w, v, v_bar), row(w)), adj(v)), mul(Lit(0.5), dot(mul(v, row(lengths)), adj(v))))
        whole = turned if whole is None else add(whole, turned)
    assert whole is not None
    return assumed_bar(neg(whole), _HERMITIAN, lower)


# Polar factors: a = u p, or, on the left side, a = p u, which is that of the conjugate transpose.


def _sides(side: Expr, *xs: Expr) -> list[Expr]:
    return [x if x == NONE or _known(side) == "right" else adj(x) for x in xs]


def polar_factor_dot(a: Expr, a_dot: Expr, p: Expr, side: Expr) -> Expr:
    """``ṗ`` with ``p ṗ + ṗ p = ȧᴴ a + aᴴ ȧ``."""
    a, a_dot = _sides(side, a, a_dot)
    change = dot(adj(a), a_dot)
    return make("scipy.linalg.solve_sylvester", p, p, add(change, adj(change)))


def polar_unit_dot(a_dot: Expr, u: Expr, p: Expr, p_dot: Expr, side: Expr) -> Expr:
    """``u̇ = (ȧ - u ṗ) p⁻¹``."""
    a_dot, u = _sides(side, a_dot, u)
    return _sides(side, dot(sub(a_dot, dot(u, p_dot)), make("np.linalg.inv", p)))[0]


def polar_bar(a: Expr, u: Expr, p: Expr, u_bar: Expr, p_bar: Expr, side: Expr) -> Expr:
    """``ā = w + a (s + sᴴ)`` with ``w = ū p⁻¹`` and ``p s + s p = p̄ - uᴴ w``."""
    a, u, u_bar = _sides(side, a, u, u_bar)
    w = None if u_bar == NONE else dot(u_bar, make("np.linalg.inv", p))
    right = p_bar if w is None else neg(dot(adj(u), w)) if p_bar == NONE else sub(p_bar, dot(adj(u), w))
    s = make("scipy.linalg.solve_sylvester", p, p, right)
    whole = dot(a, add(s, adj(s)))
    return _sides(side, whole if w is None else add(w, whole))[0]


# Least squares: x = a⁺ b, see `pinv_dot` (Golub and Pereyra 1973).


def lstsq_dot(y: Expr, a: Expr, a_dot: Expr, x: Expr, r: Expr, b: Expr) -> Expr:
    """``-a⁺ ȧ x + a⁺ a⁺ᴴ ȧᴴ r + (1 - a⁺ a) ȧᴴ a⁺ᴴ x``."""
    def times(*factors: Expr) -> Expr:
        v = factors[-1]
        for f in reversed(factors[:-1]):
            v = product(f, v, b)
        return v

    rest = times(adj(a_dot), adj(y), x)
    return add(sub(times(y, adj(y), adj(a_dot), r), times(y, a_dot, x)), sub(rest, times(y, a, rest)))


def lstsq_bar(y: Expr, a: Expr, x: Expr, r: Expr, w: Expr, x_bar: Expr, b: Expr) -> Expr:
    """``-w xᴴ + r (a⁺ w)ᴴ + (a⁺ᴴ x) (x̄ - aᴴ w)ᴴ`` with ``w = a⁺ᴴ x̄``."""
    rest = sub(x_bar, product(adj(a), w, b))
    first = sub(outer(r, conj(product(y, w, b)), b), outer(w, conj(x), b))
    return add(first, outer(product(adj(y), x, b), conj(rest), b))


def qr_mode(mode: Expr) -> Expr:
    """NumPy's name for a mode of `scipy.linalg.qr`, whose R of mode "r" is that of the complete decomposition."""
    return Lit({"full": "complete", "economic": "reduced", "r": "complete"}[str(_known(mode))])


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    pencil_dot, pencil_turn, pencil_vectors, pencil_adjoint, pencil_bar_a, pencil_bar_b, tridiagonal_product,
    tridiagonal_vectors, polar_factor_dot, polar_unit_dot, polar_bar, lstsq_dot, lstsq_bar, qr_mode)}
