"""Functions of the rule language for Fourier, cosine and sine transforms.

A transform of length N is a symmetric matrix F times a factor.  The adjoint of ``c F`` is ``c conj(F)``: the inverse
transform with the other norm.  What fills an operand up with zeros is taken away by the adjoint, and back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from s2sad.rules.infer_fft import axes_of_transform, given_lengths
from s2sad.rules.macros import ALL, arg, length
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, is_real, make, mul, real, slc, term, tup, typ
from s2sad.trace.ir import NONE, Lit, Tup
from s2sad.trace.types import Array, dims_of, dtype_of

_FLIPPED = {None: Lit("forward"), "backward": Lit("forward"), "forward": NONE, "ortho": Lit("ortho")}


def flipped(norm: Expr) -> Expr:
    """The norm of the inverse that is the adjoint."""
    return _FLIPPED[static(arg(norm), "norm")]


def over(x: Expr, s: Expr, axes: Expr) -> Expr:
    """The axes of a transform of several; None for all of them."""
    if axes != NONE or s == NONE:
        return axes
    return tup(map(Lit, axes_of_transform(typ(x), {"s": arg(s)})))


def _is_one(axes: Expr) -> bool:
    """Whether the axes are one that is not in a tuple."""
    return not isinstance(axes, Tup) and isinstance(axes, Lit) and isinstance(axes.value, int)


def _axes(x: Expr, axes: Expr) -> tuple[int, ...]:
    return axes_of_transform(typ(x), {"axis" if _is_one(axes) else "axes": arg(axes)})


def every(x: Expr, axes: Expr) -> Expr:
    """The axes of a transform, one by one."""
    return tup(map(Lit, _axes(x, axes))) if axes == NONE else axes


def lengths(x: Expr, s: Expr, axes: Expr) -> Expr:
    """How long a transform is, along each of its axes."""
    found = [length(x, k) if n is None else n for k, n in _given(x, s, axes).items()]
    return found[0] if _is_one(axes) else tup(found)


def _given(x: Expr, s: Expr, axes: Expr) -> dict[int, Expr | None]:
    """The length that is given for each axis, None where the transform is as long as its operand."""
    places = _axes(x, axes)
    options = {"axis": arg(axes), "n": arg(s)} if _is_one(axes) else {"s": arg(s)}
    return dict(zip(places, given_lengths(options, len(places))))


def resized(v: Expr, x: Expr, s: Expr, axes: Expr) -> Expr:
    """``v``, of other lengths along some axes, cut or filled up with zeros to the shape of ``x``."""
    given = _given(x, s, axes)
    places = [k for k, n in given.items() if n is not None and dims_of(typ(v))[k] != dims_of(typ(x))[k]]
    if isinstance(v, Term):
        dims = [dims_of(typ(v if k in places else x))[k] for k in range(len(dims_of(typ(x))))]
        v = replace(v, type=Array(dtype_of(typ(v)), tuple(dims)))
    if is_real(x):
        v = real(v)
    if not places:
        return v
    cuts = all(dims_of(typ(e))[k].is_constant for e in (v, x) for k in places) and all(
        dims_of(typ(v))[k].const > dims_of(typ(x))[k].const for k in places)
    taken = term("getitem", v, type=Array(dtype_of(typ(v)), dims_of(typ(x))), index=_ends(x, x, places))
    if cuts:
        return taken
    return make("setitem", term("zeros_like", x), taken, index=_ends(v, x, places))


def _ends(v: Expr, x: Expr, places: Sequence[int]) -> Expr:
    """The index of what is before the lengths of ``v`` along some axes."""
    items = [slc(NONE, length(v, k)) if k in places else ALL for k in range(max(places) + 1)]
    return items[0] if len(items) == 1 else tup(items)


def twice(v: Expr, y: Expr, s: Expr, axes: Expr) -> Expr:
    """The half of a spectrum with what stands for two frequencies doubled, for a transform to ``y``.

    The first element stands for one frequency, and so does the last one if the length is even.
    """
    k, n = list(_given(y, s, axes).items())[-1]
    stop: Expr = Lit(-1)
    if n is not None:
        stop = Lit((n.value + 1) // 2) if isinstance(n, Lit) else make("//", make("+", n, Lit(1)), Lit(2))
    index: Expr = tup([*[ALL] * k, slc(Lit(1), stop)]) if k else slc(Lit(1), stop)
    return make("setitem", v, mul(Lit(2.0), make("getitem", v, index=index)), index=index)


def transposed(y: Expr, x: Expr, fn: Expr, kind: Expr, axes: Expr, norm: Expr, orthogonalize: Expr) -> Expr:
    """The transpose of a cosine or sine transform: the types 1 and 4 are symmetric, 2 and 3 each other's transposes.

    They are so if *orthogonalized*; else elements at the ends of the axes have another weight than the others
    (Makhoul, "A fast cosine transform in one and two dimensions", 1980, and the documentation of `scipy.fft.dct`):

        cosines 1   D C D⁻¹     cosines 2   C₃ D⁻¹     cosines 3   D C₂        D halves the first element, of type 1
        sines   1   S           sines   2   S₃ D⁻¹     sines   3   D S₂        the last one, too; of sines the last one
    """
    name, t = static(arg(fn), "fn"), static(arg(kind), "type")
    is_cosine = name.endswith(("dct", "dctn"))
    ends = {1: (0, -1), 2: (0,), 3: (0,)}.get(t, ()) if is_cosine else {2: (-1,), 3: (-1,)}.get(t, ())
    if static(arg(orthogonalize), "orthogonalize") or orthogonalize == NONE and norm == Lit("ortho"):
        ends = ()
    options = {"norm": norm, "orthogonalize": orthogonalize, "axis" if _is_one(axes) else "axes": axes}
    made = {k: v for k, v in options.items() if v != NONE and not (k == "axis" and v == Lit(-1))}
    if t in (1, 2):
        y = _weighted(y, axes, ends, 2.0)
    v = make(name, y, type_=Lit({2: 3, 3: 2}.get(t, t)), **made)
    return _weighted(v, axes, ends, 0.5) if t in (1, 3) else v


def _weighted(v: Expr, axes: Expr, ends: Sequence[int], weight: float) -> Expr:
    """``v`` with elements at the ends of some axes multiplied."""
    for k in _axes(v, axes) if ends else ():
        for end in ends:
            index: Expr = tup([*[ALL] * k, Lit(end)]) if k else Lit(end)
            v = make("setitem", v, mul(Lit(weight), make("getitem", v, index=index)), index=index)
    return v


def inverse_type(kind: Expr) -> Expr:
    """The type of the transform that is the inverse of another one."""
    t = static(arg(kind), "type")
    return Lit({2: 3, 3: 2}.get(t, t))


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    flipped, over, every, lengths, resized, twice, transposed, inverse_type)}
