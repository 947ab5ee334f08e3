"""Functions of the rule language for decompositions of general matrices: singular values, QR, eigenvalues.

In what is written here, ``A∘B`` multiplies element by element, and F_ij = 1 / (x_j - x_i) of numbers x, 0 for i = j.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import arg
from s2sad.rules.macros_linalg import (
    adj,
    column,
    diagonal_matrix,
    diagonal_of,
    dot,
    from_triangle,
    part,
    row,
    to_triangle,
)
from s2sad.rules.macros_products import turned as mT
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, add, conj, div, is_real, make, mul, neg, real, sub, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Slc
from s2sad.trace.types import Array, Dim, dims_of, dtype_of, rank

FALSE = Lit(False)


def _cut(x: Expr, k: Expr, length: Dim, axis: int, rest: bool = False) -> Expr:
    """The first ``k`` columns (``axis`` -1) or rows (-2), or the ``rest`` of them."""
    dims = list(dims_of(typ(x)))
    part_of = Slc(k, NONE, NONE) if rest else Slc(NONE, k, NONE)  # type: ignore[arg-type]
    index = tup([Lit(...), part_of, *[Slc(NONE, NONE, NONE)] * (axis == -2)])
    dims[axis] = dims[axis] - length if rest and dims[axis].is_constant and length.is_constant else (
        Dim.symbol(f"?rest({dims[axis]},{length})".replace(" ", "")) if rest else length)
    return term("getitem", x, type=Array(dtype_of(typ(x)), tuple(dims)), index=index)


def _rank_of(s: Expr) -> tuple[Expr, Dim]:
    """How many numbers there are in the last axis."""
    length = dims_of(typ(s))[-1]
    return (Lit(length.const) if length.is_constant else make("shape", s, axis=Lit(-1))), length


def thin(u: Expr, s: Expr, axis: int) -> Expr:
    """As many columns or rows of ``u`` as there are numbers in ``s``."""
    k, length = _rank_of(s)
    return u if dims_of(typ(u))[axis] == length else _cut(u, k, length, axis)


def _rest(u: Expr, s: Expr, axis: int) -> Expr | None:
    k, length = _rank_of(s)
    return None if dims_of(typ(u))[axis] == length else _cut(u, k, length, axis, True)


def _is_square(x: Expr) -> bool:
    return dims_of(typ(x))[-1] == dims_of(typ(x))[-2]


def _plus(a: Expr | None, b: Expr | None) -> Expr | None:
    return b if a is None else a if b is None else add(a, b)


def singular_parts(a: Expr, hermitian: Expr) -> tuple[Expr, Expr, Expr]:
    """U, s and Vᴴ of a matrix of which the program computes the singular values only."""
    options = {"full_matrices": FALSE} | ({"hermitian": hermitian} if hermitian != FALSE else {})
    u, s, vh = (part("np.linalg.svd", k, a, **options) for k in range(3))
    return u, s, vh


def _read(a_dot: Expr, hermitian: Expr) -> Expr:
    return from_triangle(a_dot, Lit("L")) if static(arg(hermitian), "hermitian") else a_dot


def _back(g: Expr, hermitian: Expr) -> Expr:
    return to_triangle(g, Lit("L")) if static(arg(hermitian), "hermitian") else g


def values_dot(a: Expr, a_dot: Expr, hermitian: Expr = FALSE) -> Expr:
    """``ṡ = diag(Re Uᴴ Ȧ V)``."""
    u, _, vh = singular_parts(a, hermitian)
    product = mul(dot(adj(u), _read(a_dot, hermitian)), conj(vh))
    return make("np.sum", real(product), axis=Lit(-1))


def values_bar(a: Expr, s_bar: Expr, hermitian: Expr = FALSE) -> Expr:
    """``Ā = U diag(s̄) Vᴴ``."""
    u, _, vh = singular_parts(a, hermitian)
    return _back(dot(mul(u, row(s_bar)), vh), hermitian)


def svd_s_dot(u: Expr, vh: Expr, s: Expr, a_dot: Expr, hermitian: Expr) -> Expr:
    """``ṡ = diag(Re Uᴴ Ȧ V)``."""
    u, vh = thin(u, s, -1), thin(vh, s, -2)
    return real(diagonal_of(dot(adj(u), _read(a_dot, hermitian), adj(vh))))


def svd_u_dot(u: Expr, s: Expr, vh: Expr, a_dot: Expr, hermitian: Expr) -> Expr:
    """``U̇ = U (F∘(D S + S Dᴴ) + i Im(diag D) S⁻¹) + (1 - U Uᴴ) Ȧ V S⁻¹`` with D = Uᴴ Ȧ V, F of the numbers s².

    Source: Wan and Zhang 2019.  The columns beyond the singular values stay orthogonal to the others, and do not turn
    among themselves.
    """
    first, other = thin(u, s, -1), _rest(u, s, -1)
    along = dot(_read(a_dot, hermitian), adj(thin(vh, s, -2)))
    d = dot(adj(first), along)
    scaled = mul(d, row(s))
    inner = mul(make("reciprocal_gaps", make("*", s, s)), add(scaled, adj(scaled)))
    if not is_real(d):
        inner = add(inner, diagonal_matrix(mul(Lit(1j), div(make("np.imag", diagonal_of(d)), s))))
    u_dot = dot(first, inner)
    if not _is_square(first):
        u_dot = add(u_dot, div(sub(along, dot(first, d)), row(s)))
    if other is None:
        return u_dot
    return term("np.concatenate", u_dot, neg(dot(first, adj(u_dot), other)), type=typ(u), axis=Lit(-1))


def svd_vh_dot(u: Expr, s: Expr, vh: Expr, a_dot: Expr, hermitian: Expr) -> Expr:
    """``V̇ᴴ``, where ``V̇ = V F∘(S D + Dᴴ S) + (1 - V Vᴴ) Ȧᴴ U S⁻¹``."""
    first, other = thin(vh, s, -2), _rest(vh, s, -2)
    along = dot(adj(thin(u, s, -1)), _read(a_dot, hermitian))
    d = dot(along, adj(first))
    scaled = mul(column(s), d)
    inner = mul(make("reciprocal_gaps", make("*", s, s)), add(scaled, adj(scaled)))
    vh_dot = neg(dot(inner, first))
    if not _is_square(first):
        vh_dot = add(vh_dot, div(sub(along, dot(d, first)), column(s)))
    if other is None:
        return vh_dot
    return term("np.concatenate", vh_dot, neg(dot(other, adj(vh_dot), first)), type=typ(vh), axis=Lit(-2))


def svd_bar(u: Expr, s: Expr, vh: Expr, u_bar: Expr, s_bar: Expr, vh_bar: Expr, hermitian: Expr) -> Expr:
    """The adjoint of the three texts before (Wan and Zhang 2019; Seeger et al. 2017)."""
    first_u, first_v = thin(u, s, -1), thin(vh, s, -2)
    u_bar, vh_bar = _of_first(u, s, u_bar, -1), _of_first(vh, s, vh_bar, -2)
    gaps = make("reciprocal_gaps", make("*", s, s)) if u_bar != NONE or vh_bar != NONE else NONE
    if not is_real(u):
        u_bar, vh_bar = _with_free_phases(first_u, first_v, u_bar, vh_bar)
    inner: Expr | None = None if s_bar == NONE else s_bar
    whole: Expr | None = None
    turned: Expr | None = None
    if u_bar != NONE:
        x = dot(adj(first_u), u_bar)
        turned = mul(mul(gaps, sub(x, adj(x))), row(s))
        if not is_real(x):
            inner = _plus(inner, mul(Lit(1j), div(make("np.imag", diagonal_of(x)), s)))
        if not _is_square(first_u):
            whole = dot(div(sub(u_bar, dot(first_u, x)), row(s)), first_v)
    if vh_bar != NONE:
        x = dot(first_v, adj(vh_bar))
        turned = _plus(turned, mul(column(s), mul(gaps, sub(x, adj(x)))))
        if not _is_square(first_v):
            whole = _plus(whole, dot(div(first_u, row(s)), sub(vh_bar, dot(adj(x), first_v))))
    if turned is None:
        assert inner is not None
        return _back(dot(mul(first_u, row(inner)), first_v), hermitian)
    middle = turned if inner is None else add(diagonal_matrix(inner), turned)
    g = dot(first_u, middle, first_v)
    return _back(g if whole is None else add(g, whole), hermitian)


def _of_first(u: Expr, s: Expr, u_bar: Expr, axis: int) -> Expr:
    """The cotangent of the first columns or rows: the others follow them."""
    other = _rest(u, s, axis)
    if u_bar == NONE or other is None:
        return u_bar
    first, bar, more = thin(u, s, axis), thin(u_bar, s, axis), _rest(u_bar, s, axis)
    assert more is not None
    x = dot(adj(other), more) if axis == -1 else dot(other, adj(more))
    more = make("invariant", more, sub(x, adj(x)))
    return sub(bar, dot(other, adj(more), first) if axis == -1 else dot(first, adj(more), other))


def _with_free_phases(u: Expr, vh: Expr, u_bar: Expr, vh_bar: Expr) -> tuple[Expr, Expr]:
    """The cotangents of complex singular vectors, of which two of a pair may turn by the same phase."""
    phases = None if u_bar == NONE else make("np.imag", diagonal_of(dot(adj(u), u_bar)))
    if vh_bar != NONE:
        phases = _plus(phases, make("np.imag", diagonal_of(dot(vh, adj(vh_bar)))))
    if phases is None:
        return u_bar, vh_bar
    return (make("invariant", u_bar, phases), vh_bar) if u_bar != NONE else (
        u_bar, make("invariant", vh_bar, phases))


# Least squares.


def squares_dot(a: Expr, x: Expr, e: Expr, f: Expr, a_dot: Expr) -> Expr:
    """``ẋ = P f + P Pᴴ Ȧᴴ e + (1 - P A) Ȧᴴ Pᴴ x`` with P = A⁺, e = b - A x and f = ḃ - Ȧ x (Golub and Pereyra 1973)."""
    p = make("np.linalg.pinv", a)
    missing = dot(adj(a_dot), dot(adj(p), x))
    own = add(dot(p, f), dot(p, dot(adj(p), dot(adj(a_dot), e))))
    return add(own, sub(missing, dot(p, dot(a, missing))))


def squares_bar(a: Expr, x: Expr, e: Expr, x_bar: Expr, residuals_bar: Expr, s_bar: Expr) -> Expr:
    """The adjoint of ``A``: ``-b̄ xᴴ + e (P Pᴴ x̄)ᴴ + Pᴴ x ((1 - P A)ᴴ x̄)ᴴ``, and that of the singular values."""
    whole: Expr | None = None
    b_bar = squares_b_bar(a, e, x_bar, residuals_bar)
    if b_bar != NONE:
        whole = neg(_product(b_bar, x))
    if x_bar != NONE:
        p = make("np.linalg.pinv", a)
        back = dot(adj(p), x_bar)
        missing = sub(x_bar, dot(adj(a), back))
        whole = add(add(whole or NONE, _product(e, dot(p, back))), _product(dot(adj(p), x), missing))
    return _plus(whole, None if s_bar == NONE else values_bar(a, s_bar)) or NONE


def squares_b_bar(a: Expr, e: Expr, x_bar: Expr, residuals_bar: Expr) -> Expr:
    """The adjoint of ``b``: ``Pᴴ x̄ + 2 e r̄``."""
    own = None if x_bar == NONE else dot(adj(make("np.linalg.pinv", a)), x_bar)
    rest = None if residuals_bar == NONE else make("residuals_back", e, residuals_bar)
    return _plus(own, rest) or NONE


def _product(u: Expr, v: Expr) -> Expr:
    """``u vᴴ`` of two vectors, or of matrices column by column."""
    return make("np.outer", u, conj(v)) if rank(typ(u)) == 1 else dot(u, adj(v))


# QR.


def _right_divided(x: Expr, r: Expr) -> Expr:
    """``X R⁻¹``."""
    return mT(make("np.linalg.solve", mT(r), mT(x)))


def _skew(x: Expr) -> Expr:
    """``L - Lᴴ + i Im(diag X)``, where L is what lies below the diagonal of X."""
    low = make("np.tril", x, k=Lit(-1))
    both = sub(low, adj(low))
    return both if is_real(x) else add(both, diagonal_matrix(mul(Lit(1j), make("np.imag", diagonal_of(x)))))


def _unskew(x_bar: Expr) -> Expr:
    """The adjoint of `_skew`."""
    low = make("np.tril", sub(x_bar, adj(x_bar)), k=Lit(-1))
    return low if is_real(x_bar) else add(low, diagonal_matrix(mul(Lit(1j), make("np.imag", diagonal_of(x_bar)))))


def q_of(a: Expr) -> Expr:
    """Q, where the program asks for R only."""
    return part("np.linalg.qr", 0, a)


def _checked(q: Expr, r: Expr, mode: Expr) -> Expr:
    """Q of a decomposition that has a derivative."""
    complete = static(arg(mode), "mode") == "complete" and not _is_square(r)
    return make("checked_complete", q, r) if complete else q


def _square_part(x: Expr, q: Expr) -> Expr:
    """The first columns of ``x``, as many as q has."""
    length = dims_of(typ(q))[-1]
    k: Expr = Lit(length.const) if length.is_constant else make("shape", q, axis=Lit(-1))
    return x if dims_of(typ(x))[-1] == length else _cut(x, k, length, -1)


def _qr_parts(a: Expr, q: Expr, r: Expr, mode: Expr) -> tuple[Expr, Expr]:
    """Q and R; with ``mode='r'`` the one result is R."""
    if static(arg(mode), "mode") == "r":
        return part("np.linalg.qr", 0, a), q
    if static(arg(mode), "mode") == "complete":
        return make("checked_complete", q, r), r
    return q, r


def qr_q_dot(q: Expr, r: Expr, a_dot: Expr, mode: Expr) -> Expr:
    """``Q̇ = Q (skew(W) - W) + Ȧ R⁻¹`` with W = Qᴴ Ȧ R⁻¹, of the columns that make Q (Walter and Lehmann 2012)."""
    q = _checked(q, r, mode)
    rate = _right_divided(_square_part(a_dot, q), _square_part(r, q))
    w = dot(adj(q), rate)
    return add(dot(q, sub(_skew(w), w)), rate)


def qr_r_dot(q: Expr, r: Expr, a_dot: Expr, mode: Expr) -> Expr:
    """``Ṙ = Qᴴ Ȧ - skew(W) R``."""
    q = _checked(q, r, mode)
    w = dot(adj(q), _right_divided(_square_part(a_dot, q), _square_part(r, q)))
    return sub(dot(adj(q), a_dot), dot(_skew(w), r))


def qr_bar(a: Expr, q: Expr, r: Expr, q_bar: Expr, r_bar: Expr, mode: Expr) -> Expr:
    """The adjoint of both texts before: ``Q R̄ + (Q̄ + Q (unskew(M) - Qᴴ Q̄)) R₁⁻ᴴ`` with M = Qᴴ Q̄ - R̄ Rᴴ."""
    q = _checked(q, r, mode)
    m: Expr | None = None if q_bar == NONE else dot(adj(q), q_bar)
    own = None if m is None else sub(q_bar, dot(q, m))
    if r_bar != NONE:
        m = neg(dot(r_bar, adj(r))) if m is None else sub(m, dot(r_bar, adj(r)))
    assert m is not None
    first = _right_divided(_plus(own, dot(q, _unskew(m))) or NONE, adj(_square_part(r, q)))
    missing = _missing_columns(a, first)
    whole = first if missing is None else term("np.concatenate", first, missing, type=typ(a), axis=Lit(-1))
    return whole if r_bar == NONE else add(dot(q, r_bar), whole)


def _missing_columns(a: Expr, first: Expr) -> Expr | None:
    """Zeros for the columns of ``a`` beyond those of ``first``."""
    length = dims_of(typ(first))[-1]
    if dims_of(typ(a))[-1] == length:
        return None
    k: Expr = Lit(length.const) if length.is_constant else make("shape", first, axis=Lit(-1))
    return make("np.zeros_like", _cut(a, k, length, -1, True))


# Eigenvalues.


def eig_values_dot(a: Expr, a_dot: Expr) -> Expr:
    """``ẇ = diag(V⁻¹ Ȧ V)``."""
    v = part("np.linalg.eig", 1, a)
    return diagonal_of(make("np.linalg.solve", v, dot(a_dot, v)))


def eig_values_bar(a: Expr, w_bar: Expr) -> Expr:
    """``Ā = V⁻ᴴ diag(w̄) Vᴴ``."""
    v = adj(part("np.linalg.eig", 1, a))
    return make("np.linalg.solve", v, mul(column(w_bar), v))


def _pivot(v: Expr, x: Expr) -> Expr:
    """The element of each column of ``x`` at the place where ``v`` is largest."""
    place = make("np.argmax", make("np.abs", v), axis=Lit(-2), keepdims=Lit(True))
    return make("np.take_along_axis", x, indices=place, axis=Lit(-2))


def _at_pivot(v: Expr, x: Expr) -> Expr:
    """The adjoint of `_pivot`."""
    place = make("np.argmax", make("np.abs", v), axis=Lit(-2), keepdims=Lit(True))
    rows = column(make("np.arange", make("shape", v, axis=Lit(-2))))
    return make("np.where", make("==", rows, place), x, Lit(0.0))


def eig_v_dot(v: Expr, turn: Expr) -> Expr:
    """``V̇ = Z - V c`` with Z = V (F∘V⁻¹ Ȧ V).

    The eigenvectors are those of LAPACK, which have the length 1 and a largest element that is real.
    """
    z = dot(v, turn)
    length = make("np.sum", real(mul(conj(v), z)), axis=Lit(-2), keepdims=Lit(True))
    ratio = div(_pivot(v, z), _pivot(v, v))
    return sub(z, mul(v, add(length, mul(Lit(0.5), sub(ratio, conj(ratio))))))


def eig_bar(w: Expr, v: Expr, w_bar: Expr, v_bar: Expr) -> Expr:
    """``Ā = V⁻ᴴ (diag(w̄) + conj(F)∘Vᴴ Z̄) Vᴴ``, where Z̄ comes from V̄ by the adjoint of `eig_v_dot`."""
    vh = adj(v)
    if v_bar == NONE:
        return make("np.linalg.solve", vh, mul(column(w_bar), vh))
    b = make("np.sum", mul(conj(v), v_bar), axis=Lit(-2), keepdims=Lit(True))
    turning = div(mul(Lit(0.5), sub(b, conj(b))), conj(_pivot(v, v)))
    z_bar = sub(sub(v_bar, mul(v, real(b))), _at_pivot(v, turning))
    inner = mul(conj(make("reciprocal_gaps", w)), dot(vh, z_bar))
    if w_bar != NONE:
        inner = add(diagonal_matrix(w_bar), inner)
    return make("np.linalg.solve", vh, dot(inner, vh))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    values_dot, values_bar, squares_dot, squares_bar, squares_b_bar, svd_s_dot, svd_u_dot, svd_vh_dot, svd_bar, q_of,
    qr_q_dot, qr_r_dot, qr_bar, eig_values_dot, eig_values_bar, eig_v_dot, eig_bar)}
