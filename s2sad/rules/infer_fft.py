"""Result types of Fourier transforms.

A transform of length N makes N numbers of N numbers (``c2c``), N // 2 + 1 complex ones of N real ones (``r2c``), or
N real ones of those (``c2r``); a longer axis is cut to that, a shorter one filled up with zeros.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options
from s2sad.rules.static import axes_of, normal_axis, static, type_of
from s2sad.rules.static import length as length_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import Array, Dim, Type, Unknown, dims_of, dtype_of, kind_of, short_dtype


def axes_of_transform(x: Type, o: Options) -> tuple[int, ...]:
    """The axes of a transform, counted from 0, in the order in which they are given."""
    if isinstance(x, Unknown):
        raise NotApplicable("a Fourier transform needs the number of axes of its operand; give the types of the "
                            "arguments")
    n = len(dims_of(x))
    if "axis" in o:
        return (normal_axis(static(o["axis"], "axis"), n),)
    found = axes_of(o.get("axes", NONE), n, "axes")
    if found is not None:
        return found
    s = o.get("s", NONE)
    count = n if s == NONE else len(s.items) if isinstance(s, Tup) else 1
    return tuple(range(n - count, n))


def given_lengths(o: Options, count: int) -> list[Arg | None]:
    """The lengths that a transform is told to have, None where it takes that of its operand."""
    s = o.get("n", NONE) if "axis" in o else o.get("s", NONE)
    if s == NONE:
        return [None] * count
    items = s.items if isinstance(s, Tup) else (s,)
    if isinstance(s, Var) and not (s.dim.terms and dims_of(s.type) == ()):
        raise NotApplicable("the lengths of a Fourier transform must be a tuple of integers")
    if len(items) != count:
        raise NotApplicable("a Fourier transform needs a length for each of its axes")
    return [None if i in (NONE, Lit(-1)) else i for i in items]


def half(n: Dim) -> Dim:
    """``n // 2 + 1``."""
    return Dim.constant(n.const // 2 + 1) if n.is_constant else Dim.symbol(f"?({n})/2".replace(" ", "")) + 1


@lru_cache(maxsize=256)
def transformed_dtype(fn: str, dtype: str) -> str:
    """The dtype of a transform, asked of the function itself."""
    if dtype == "?":
        return "?" if fn.rpartition(".")[2] in _REAL_RESULTS else "c16"
    module, _, name = fn.replace("np.", "numpy.").rpartition(".")
    function = getattr(importlib.import_module(module), name)
    try:
        with np.errstate(all="ignore"):
            return short_dtype(function(np.zeros((3, 3), dtype)).dtype)
    except TypeError:
        raise NotApplicable(f"{fn} takes real numbers") from None


_REAL_RESULTS = frozenset("irfft irfft2 irfftn hfft dct idct dst idst dctn idctn dstn idstn".split())


def transform(fn: str, kind: str, axis: Arg) -> Infer:
    """The type of a transform: ``kind`` is ``c2c``, ``r2c`` or ``c2r``, ``axis`` the axis (or axes) by default."""
    many = not (isinstance(axis, Lit) and axis.value is not None)

    def infer(args: Sequence[Arg], o: Options) -> Type:
        x = type_of(args[0])
        o = {("axes" if many else "axis"): axis, **o}
        dims = list(dims_of(x))
        if not dims and not isinstance(x, Unknown):
            raise NotApplicable(f"{fn} takes an array, not a number")
        axes = axes_of_transform(x, o)
        for k, n in zip(axes, given_lengths(o, len(axes))):
            last = k == axes[-1]
            if n is not None:
                dims[k] = length_of(n)
            elif kind == "c2r" and last:
                dims[k] = (dims[k] - 1).scaled(2)
            if kind == "r2c" and last:
                dims[k] = half(dims[k])
        orthogonal = static(o.get("orthogonalize", NONE), "orthogonalize")
        if kind_of(x) == "complex" and orthogonal is not None and orthogonal != (o.get("norm") == Lit("ortho")):
            raise NotApplicable(f"{fn} of complex numbers leaves orthogonalize={orthogonal} aside",
                                "transform real and imaginary part")
        return Array(transformed_dtype(fn, dtype_of(x)), tuple(dims))

    return infer


def frequencies(is_half: bool) -> Infer:
    """The type of ``np.fft.fftfreq(n, d)``."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        n = length_of(o["num"])
        if any(kind_of(type_of(a)) == "complex" for a in args):
            raise NotApplicable("the distance of samples must be a real number")
        return Array("f8", (half(n) if is_half else n,))

    return infer


def shifted(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.fft.fftshift(x, axes)``."""
    x = type_of(args[0])
    static(o.get("axes", NONE), "axes")
    return x if isinstance(x, Unknown) else Array(dtype_of(x), dims_of(x))
