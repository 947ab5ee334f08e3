"""Functions of the rule language that depend on types: axes, ranks, ties, guards.

A macro takes expressions and gives one; it makes operations that themselves have rules, so that derivatives of
derivatives need nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.fit import expand_to
from s2sad.rules.static import axes_of, normal_axis, static
from s2sad.rules.terms import (
    Expr,
    Term,
    conj,
    div,
    is_fn,
    is_number,
    is_real,
    make,
    mul,
    number,
    power,
    slc,
    sub,
    term,
    tup,
    typ,
)
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup
from s2sad.trace.types import Array, Dim, Scalar, Type, Unknown, dims_of, dtype_of, kind_of, rank

FALSE = Lit(False)
ALL = Slc(NONE, NONE, NONE)


def where(c: Expr, a: Expr, b: Expr) -> Expr:
    """``a`` where ``c``, else ``b``; a conditional expression for Python numbers and float64 scalars.

    A float64 scalar may so become a Python float, which differs only next to a float32 scalar.
    """
    scalars = all(rank(typ(e)) == 0 for e in (c, a, b))
    if scalars and all(isinstance(typ(e), Scalar) or dtype_of(typ(e)) in ("f8", "c16") for e in (a, b)):
        if not (is_real(a) and is_real(b)):
            a, b = (Lit(complex(e.value)) if isinstance(e, Lit) else e for e in (a, b))
        return term("select", c, a, b)
    return term("np.where", c, a, b)


def ratio(a: Expr, b: Expr) -> Expr:
    """``a / b``; at ``b == 0`` it raises where both are Python floats, as Python's own division does."""
    return div(a, b)


def nonzero(x: Expr) -> Expr:
    """``x``, and 1 where it is 0."""
    return where(make("==", x, Lit(0)), Lit(1.0), x)


def power_x(x: Expr, y: Expr, z: Expr) -> Expr:
    """``y * x**(y - 1)``: finite at 0 wherever ``y`` is 0 or at least 1."""
    c = number(y)
    if c is not None:
        if c == 0:
            return Lit(0)
        if c == 1:
            return Lit(1.0)
        if c == 2:
            return mul(Lit(2.0), x)
        if c == 0.5:
            return ratio(Lit(0.5), z)
        return mul(Lit(float(c)), power(x, Lit(c - 1)))
    if is_real(x) and not is_real(y):
        return mul(y, make("/", z, nonzero(x)))  # a power of a number below 0 is conjugated with its logarithm: z knows
    whole = kind_of(typ(y)) in ("int", "bool")
    at_zero = make("==", y, Lit(0))
    if not whole:
        at_zero = make("&", make("==", x, Lit(0)), at_zero)
    down = sub(y, Lit(1) if whole else Lit(1.0))
    exponent = _pick(at_zero, Lit(1) if whole else Lit(1.0), down)
    return mul(y, term("**", x, exponent))


def _pick(c: Expr, a: Expr, b: Expr) -> Expr:
    return term("select", c, a, b) if rank(typ(c)) == 0 and isinstance(typ(b), Scalar) else where(c, a, b)


def power_y(x: Expr, y: Expr, z: Expr) -> Expr:
    """``z * log(x)``: 0 where ``x`` is 0.

    A real ``x`` below 0 has a complex logarithm, if ``y`` is complex; in an adjoint all that is complex is conjugated.
    """
    c = number(x)
    if c is not None and c > 0:
        return mul(z, term("np.log", Lit(float(c))))
    if is_real(x) and not is_real(y):
        log = term("np.log", make("+", nonzero(x), Lit(0j)))
        return mul(z, conj(log) if is_fn(z, "np.conj", "conjugate") else log)
    return mul(z, term("np.log", nonzero(x)))


def known_real(x: Expr) -> Expr:
    """Whether ``x`` is no complex number, by its type."""
    return Lit(is_real(x))


def direction(x: Expr, size: Expr) -> Expr:
    """``x / abs(x)``, and 0 at 0."""
    return term("np.sign", x) if is_real(x) else make("/", x, nonzero(size))


def inside(x: Expr, lo: Expr, hi: Expr) -> Expr:
    """``lo <= x <= hi``, a bound of None being no bound."""
    if lo == NONE:
        return make("==", x, x) if hi == NONE else make("<=", x, hi)
    low = make(">=", x, lo)
    return low if hi == NONE else make("&", low, make("<=", x, hi))


def below(x: Expr, lo: Expr, hi: Expr) -> Expr:
    """Where ``np.clip(x, lo, hi)`` is ``lo``: below it, unless ``hi`` is lower still."""
    test = make("<", x, lo)
    return test if hi == NONE else make("&", test, make("<=", lo, hi))


def above(x: Expr, lo: Expr, hi: Expr) -> Expr:
    """Where ``np.clip(x, lo, hi)`` is ``hi``."""
    test = make(">", x, hi)
    return test if lo == NONE else make("|", test, make(">", lo, hi))


def spread(y: Expr, x: Expr, axis: Expr, keepdims: Expr = FALSE) -> Expr:
    """``y``, a reduction of ``x``, with axes that broadcast against those of ``x``."""
    axes = axes_of(arg(axis), rank(typ(x)))
    if axes is None or static(arg(keepdims), "keepdims"):
        return y
    n = rank(typ(x))
    lead = n is not None and sorted(axes) == list(range(len(axes)))
    if lead or rank(typ(y)) == 0:
        return y
    return make("np.expand_dims", y, axis=_axes(axes))


def _axes(axes: Sequence[int]) -> Arg:
    return Lit(axes[0]) if len(axes) == 1 else Tup(tuple(Lit(a) for a in axes))


def arg(e: Expr) -> Arg:
    """An expression that is an operand already."""
    assert not isinstance(e, Term)
    return e


def unsum(y_bar: Expr, x: Expr, axis: Expr, keepdims: Expr = FALSE) -> Expr:
    """The adjoint of a sum: ``y_bar`` for every element that was added."""
    return expand_to(spread(y_bar, x, axis, keepdims), x)


def count(x: Expr, axis: Expr) -> Expr:
    """How many elements a reduction over ``axis`` puts together."""
    axes = axes_of(arg(axis), rank(typ(x)))
    dims = dims_of(typ(x))
    if axes is None and not isinstance(typ(x), Unknown):
        return Lit(_product(dims)) if all(d.is_constant for d in dims) else make("size", x)
    if axes is None:
        return make("size", x)
    total: Expr = Lit(1)
    for a in axes:
        total = mul(total, length(x, a))
    return total


def _product(dims: Sequence[Dim]) -> int:
    n = 1
    for d in dims:
        n *= d.const
    return n


def length(x: Expr, axis: int) -> Expr:
    """``x.shape[axis]``, a number where it is known."""
    dims = dims_of(typ(x))
    if dims and dims[axis].is_constant:
        return Lit(dims[axis].const)
    return make("shape", x, axis=Lit(axis))


def shape_of(x: Expr) -> Expr:
    """``x.shape`` as an option."""
    return term("shape", x, axis=NONE)


def reshape_like(v: Expr, x: Expr) -> Expr:
    """``v`` with the shape of ``x``."""
    tx, tv = typ(x), typ(v)
    if rank(tx) == 0 and rank(tv) == 0 or isinstance(tx, Array) and isinstance(tv, Array) and tx.dims == tv.dims:
        return v
    kind: Type = Array(dtype_of(tv), dims_of(tx)) if isinstance(tx, (Array, Scalar)) else tx
    dims = dims_of(tx)
    if rank(tx) == 0:
        # The element itself: an array without axes would be a view.
        n = rank(tv)
        if n is None:
            return term("getitem", term("np.reshape", v, type=kind, shape=Tup(())), type=kind, index=Tup(()))
        return term("getitem", v, type=kind, index=Lit(0) if n == 1 else Tup((Lit(0),) * n))
    if not isinstance(tx, Unknown) and all(d.is_constant for d in dims):
        return term("np.reshape", v, type=kind, shape=Tup(tuple(Lit(d.const) for d in dims)))
    return term("np.reshape", v, type=kind, shape=shape_of(x))


def untranspose(v: Expr, axes: Expr) -> Expr:
    """The inverse of ``np.transpose(·, axes)``."""
    order = static(arg(axes), "axes")
    if order is None:
        return make("np.transpose", v)
    order = [a % len(order) for a in order]
    return make("np.transpose", v, axes=Tup(tuple(Lit(order.index(k)) for k in range(len(order)))))


def unconcatenate(y_bar: Expr, xs: Expr, k: Expr, axis: Expr) -> Expr:
    """The part of ``y_bar`` that belongs to the k-th array."""
    assert isinstance(xs, Tup)
    i, at = static(arg(k), "k"), static(arg(axis), "axis")
    x = xs.items[i]
    if at is None:
        lo, hi = _span([make("size", a) for a in xs.items], i)
        return reshape_like(make("getitem", y_bar, index=slc(lo, hi)), x)
    n = rank(typ(x))
    at = normal_axis(at, n) if n is not None else at
    if at < 0:
        raise NotApplicable("a negative axis needs the number of axes of the arrays; give the types of the arguments")
    lo, hi = _span([length(a, at) for a in xs.items], i)
    index: Expr = tup([ALL] * at + [slc(lo, hi)]) if at else slc(lo, hi)
    kind = Array(dtype_of(typ(y_bar)), dims_of(typ(x))) if n is not None else typ(x)
    return term("getitem", y_bar, type=kind, index=index)


def _span(lengths: list[Expr], k: int) -> tuple[Expr, Expr]:
    """Where the k-th part begins and ends; None at the ends of the whole."""
    before: Expr = Lit(0)
    for n in lengths[:k]:
        before = n if is_number(before, 0) else make("+", before, n)
    after = lengths[k] if is_number(before, 0) else make("+", before, lengths[k])
    return (NONE if is_number(before, 0) else before), (NONE if k == len(lengths) - 1 else after)


def unstack(y_bar: Expr, x: Expr, k: Expr, axis: Expr) -> Expr:
    """The k-th of the arrays stacked along ``axis``."""
    at, n = static(arg(axis), "axis"), rank(typ(x))
    if n is not None:
        at = normal_axis(at, n + 1)
    if at < 0:
        return make("getitem", y_bar, index=tup([Lit(...), k] + [ALL] * (-at - 1)))
    return make("getitem", y_bar, index=tup([ALL] * at + [k]) if at else k)


def product_of_others(xs: Expr, kth: Expr) -> Expr:
    """The product of all factors but the k-th."""
    assert isinstance(xs, Tup)
    total: Expr = Lit(1.0)
    for k, x in enumerate(xs.items):
        if kth != Lit(k):
            total = mul(total, x)
    return total


def unarray(y_bar: Expr, k: Expr, layout: Expr) -> Expr:
    """The element (or row) of ``y_bar`` where the k-th item of ``np.array`` stands."""
    path = _path(arg(layout), static(arg(k), "k"))
    assert path is not None
    if not path:
        return y_bar
    return make("getitem", y_bar, index=path[0] if len(path) == 1 else Tup(tuple(path)))


def _path(layout: Arg, k: int) -> list[Lit] | None:
    if not isinstance(layout, Tup):
        return [] if layout == Lit(k) else None
    for i, inner in enumerate(layout.items):
        found = _path(inner, k)
        if found is not None:
            return [Lit(i), *found]
    return None


def identity(x: Expr, axis: int) -> Expr:
    """The identity matrix of the length of an axis."""
    d = dims_of(typ(x))[axis]
    return term("np.eye", type=Array("f8", (d, d)), num=length(x, axis))


def only_default(value: Expr, what: Expr) -> Expr:
    """Refuse an option for which there is no derivative."""
    if value != NONE:
        raise NotApplicable(f"the derivative for {static(arg(what), 'what')} is not supported")
    return value


def reversed_cumsum(y_bar: Expr, axis: Expr) -> Expr:
    """The transpose of a running sum: the running sum from the other end."""
    flat = Lit(0) if axis == NONE else axis
    return make("np.flip", make("np.cumsum", make("np.flip", y_bar, axis=flat), axis=flat), axis=flat)


def opposite(shift: Expr) -> Expr:
    """A shift the other way, of one axis or of several."""
    if isinstance(shift, Tup):
        return tup(map(opposite, shift.items))
    return make("neg", shift)


def rank_is_zero(x: Expr) -> Expr:
    """Whether ``x`` is known to have no axes."""
    return Lit(rank(typ(x)) == 0)


def arange_dot(dots: Expr, y: Expr) -> Expr:
    """The tangent of ``start + step * k``."""
    assert isinstance(dots, Tup)
    start = dots.items[0] if len(dots.items) > 1 else Lit(0.0)
    if len(dots.items) < 3 or is_number(dots.items[2], 0):
        return expand_to(start, y)
    return make("+", start, mul(dots.items[2], make("np.arange", make("size", y))))


def arange_bar(y_bar: Expr, bounds: Expr, k: Expr) -> Expr:
    """The adjoint of start, stop or step."""
    assert isinstance(bounds, Tup)
    place = static(arg(k), "k") if len(bounds.items) > 1 else 1
    if place == 0:
        return y_bar
    return Lit(0.0) if place == 1 else mul(y_bar, make("np.arange", make("size", y_bar)))


def next_polygamma(x: Expr, degree: Expr) -> Expr:
    """The derivative of a polygamma function is the next one."""
    return make("polygamma", x, degree=Lit(static(arg(degree), "degree") + 1))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    where, ratio, nonzero, power_x, power_y, direction, inside, below, above, spread, unsum, count, shape_of,
    reshape_like, untranspose, unconcatenate, unstack, product_of_others, unarray, only_default,
    reversed_cumsum, opposite, rank_is_zero, arange_dot, arange_bar, next_polygamma)} | {"is_real": known_real}
