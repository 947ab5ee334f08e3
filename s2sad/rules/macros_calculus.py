"""Functions of the rule language for numerical calculus: parts of a full convolution, knots of an interpolation.

The modes of a convolution of lengths n and m keep a part of the n + m - 1 sums of mode "full", from the sum number
``lead`` on: all (0), as many as the longer operand has (in the middle), or those without missing terms.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import arg, length, reshape_like, where
from s2sad.rules.macros_gather import untake
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, add, is_number, make, mul, number, slc, sub, term, tup, typ
from s2sad.trace.ir import NONE, Lit
from s2sad.trace.types import INT, ONE, Array, dims_of, dtype_of, rank


def _count(x: Expr) -> Expr:
    return Lit(1) if rank(typ(x)) == 0 else length(x, 0)


def _row(x: Expr) -> Expr:
    return make("np.atleast_1d", x) if rank(typ(x)) == 0 else x


def _shorter(n: Expr, m: Expr) -> Expr:
    a, b = number(n), number(m)
    if a is not None and b is not None:
        return Lit(min(a, b))
    return n if n == m else term("select", make("<", n, m), n, m, type=INT)


def _half(n: Expr) -> Expr:
    """The number of terms that mode "same" leaves away at the beginning, of an operand of length n."""
    return Lit((number(n) - 1) // 2) if number(n) is not None else make("//", sub(n, Lit(1)), Lit(2))


def _lead(n: Expr, m: Expr, mode: str, swaps: bool = False) -> Expr:
    """Which of all the sums comes first; a correlation that ``swaps`` its operands counts from the other end."""
    if mode == "full":
        return Lit(0)
    if mode == "valid":
        return sub(_shorter(n, m), Lit(1))
    a, b = number(n), number(m)
    if not swaps:
        return _half(_shorter(n, m))
    if a is not None and b is not None:
        return Lit(a // 2 if a < b else (b - 1) // 2)
    return _half(n) if n == m else term("select", make("<", n, m), make("//", n, Lit(2)), _half(m), type=INT)


def _part(full: Expr, first: Expr, x: Expr) -> Expr:
    """As many elements as ``x`` has, from the first one on, in the shape of ``x``."""
    n = _count(x)
    if is_number(first, 0) and rank(typ(full)) == 1 and typ(full) == typ(x):
        return full
    stop = n if is_number(first, 0) else add(first, n)
    row = Array(dtype_of(typ(full)), dims_of(typ(x)) or (ONE,))
    return reshape_like(term("getitem", full, type=row, index=slc(NONE if is_number(first, 0) else first, stop)), x)


def _as_full(y_bar: Expr, a: Expr, v: Expr, mode: Expr, turned: bool = False) -> Expr:
    """The adjoint of the whole of which a mode takes a part: zeros around ``y_bar``.

    So both adjoints are sums over as few products as the primal.
    """
    how, n, m = static(arg(mode), "mode"), _count(a), _count(v)
    if how == "full":
        return y_bar
    before = _lead(n, m, how, turned)
    after = sub(sub(sub(add(n, m), Lit(1)), before), _count(y_bar))
    return make("np.pad", y_bar, pad_width=tup([before, after]))


def unconvolve(y_bar: Expr, a: Expr, v: Expr, mode: Expr) -> Expr:
    """The adjoint of ``a`` in ``np.convolve(a, v, mode)``."""
    return _part(make("np.correlate", _as_full(y_bar, a, v, mode), _row(v), mode=Lit("valid")), Lit(0), a)


def uncorrelate(y_bar: Expr, a: Expr, v: Expr, mode: Expr) -> Expr:
    """The adjoint of ``a`` in ``np.correlate(a, v, mode)``."""
    return _part(make("np.convolve", _as_full(y_bar, a, v, mode, True), _row(v), mode=Lit("valid")), Lit(0), a)


def unlag(y_bar: Expr, a: Expr, v: Expr, mode: Expr) -> Expr:
    """The adjoint of ``v`` in ``np.correlate(a, v, mode)``."""
    return _part(make("np.correlate", _row(a), _as_full(y_bar, a, v, mode, True), mode=Lit("valid")), Lit(0), v)


# Piecewise linear interpolation.


def interval(x: Expr, xp: Expr) -> Expr:
    """The number of the knot before each place; of places outside that of the first or the last interval."""
    k = make("np.searchsorted", xp, x, side=Lit("right"))
    last = sub(length(xp, 0), Lit(2))
    return make("np.clip", sub(k, Lit(1)), Lit(0), last)


def at_knot(values: Expr, k: Expr, further: Expr) -> Expr:
    """What belongs to the knots ``k``, or to those behind them."""
    return make("getitem", values, index=k if is_number(further, 0) else add(k, further))


def between_knots(value: Expr, x: Expr, xp: Expr) -> Expr:
    """A value where the place is not outside all knots, else 0."""
    first, last = make("getitem", xp, index=Lit(0)), make("getitem", xp, index=Lit(-1))
    return where(make("&", make(">=", x, first), make("<=", x, last)), value, Lit(0.0))


def where_given(left: Expr, right: Expr, value: Expr, x: Expr, xp: Expr) -> Expr:
    """A value where the interpolation is that of values at knots, and not ``left`` or ``right``; else 0."""
    if left != NONE:
        value = where(make("<", x, make("getitem", xp, index=Lit(0))), Lit(0.0), value)
    if right != NONE:
        value = where(make(">", x, make("getitem", xp, index=Lit(-1))), Lit(0.0), value)
    return value


def to_knots(v: Expr, w: Expr, k: Expr, values: Expr) -> Expr:
    """The adjoint of ``(1 - w) * values[k] + w * values[k + 1]``."""
    before = untake(mul(v, sub(Lit(1.0), w)), values, k, NONE)
    return make("scatter_add", before, mul(v, w), index=add(k, Lit(1)))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    unconvolve, uncorrelate, unlag, interval, at_knot, between_knots, where_given, to_knots)}
