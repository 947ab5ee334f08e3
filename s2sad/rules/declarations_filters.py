"""Filters of `scipy.ndimage` and `scipy.signal`: see `s2sad.runtime.filters`."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.declare import bilinear, general, linear, zero
from s2sad.rules.infer_arrays import Options, float_dtype
from s2sad.rules.static import length, static, type_of
from s2sad.trace.ir import Arg, Lit, Tup
from s2sad.trace.types import Array, Dim, Type, dims_of, dtype_of, promote, rank


def _pair(args: Sequence[Arg]) -> tuple[str, tuple[tuple[Dim, Dim], ...]]:
    x, w = map(type_of, args[:2])
    if rank(x) is None or rank(x) != rank(w):
        raise NotApplicable("a filter needs an array and weights with the same, known number of axes")
    return promote(x, w), tuple(zip(dims_of(x), dims_of(w)))


def valid(args: Sequence[Arg], o: Options) -> Type:
    dtype, pairs = _pair(args)
    return Array(dtype, tuple(n - k + 1 for n, k in pairs))


def full(args: Sequence[Arg], o: Options) -> Type:
    dtype, pairs = _pair(args)
    return Array(dtype, tuple(n + k - 1 for n, k in pairs))


def convolved(args: Sequence[Arg], o: Options) -> Type:
    return (full if o.get("mode", Lit("full")) == Lit("full") else valid)(args, o)


def taps(args: Sequence[Arg], o: Options) -> Type:
    dtype, pairs = _pair(args)
    return Array(dtype, tuple(n - m + 1 for m, n in pairs))


def _sizes(o: Options) -> list[Dim]:
    size = o.get("size", Tup(()))
    return [length(k) for k in size.items] if isinstance(size, Tup) else []


def extended(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    return Array(dtype_of(t), tuple(n + k - 1 for n, k in zip(dims_of(t), _sizes(o))))


def folded(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    return Array(dtype_of(t), tuple(n - k + 1 for n, k in zip(dims_of(t), _sizes(o))))


def products(args: Sequence[Arg], o: Options) -> Type:
    return Array(promote(*map(type_of, args)), (length(o.get("count", Lit(1))),))


def filtered(args: Sequence[Arg], o: Options) -> Type:
    b, a, x = map(type_of, args)
    if rank(b) != 1 or rank(a) != 1 or not rank(x):
        raise NotApplicable("scipy.signal.lfilter is differentiated of vectors b and a, and an array x")
    dtype = promote(b, a, x)
    return Array("?" if dtype == "?" else float_dtype(dtype), dims_of(x))


def romberg(args: Sequence[Arg], o: Options) -> Type:
    t = type_of(args[0])
    axis = static(o.get("axis", Lit(-1)), "axis")
    dims = list(dims_of(t))
    if not dims:
        raise NotApplicable("scipy.integrate.romb takes an array with a known number of axes")
    del dims[axis]
    return Array(dtype_of(t), tuple(dims))


def window(args: Sequence[Arg], o: Options) -> Type:
    return Array("f8", (length(o["num"]),))


bilinear("y = correlate_valid(x, w)", result=valid, x_bar="correlate_full(y_bar, w)", w_bar="correlate_taps(y_bar, x)")
bilinear("y = correlate_full(x, w)", result=full, x_bar="correlate_valid(y_bar, w)", w_bar="correlate_taps(x, y_bar)")
bilinear("y = correlate_taps(v, x)", result=taps, v_bar="correlate_valid(x, y_bar)", x_bar="correlate_full(v, y_bar)")
general("y = extend_edges(x, size=(), origin=(), edge='reflect', cval=0.0)", result=extended,
        y_dot="extend_edges(x_dot, size=size, origin=origin, edge=edge)",
        x_bar="fold_edges(y_bar, size=size, origin=origin, edge=edge)")
linear("y = fold_edges(x, size=(), origin=(), edge='reflect')", result=folded,
       x_bar="extend_edges(y_bar, size=size, origin=origin, edge=edge)")

for _name in ("convolve", "fftconvolve", "oaconvolve", "convolve2d"):
    # What a derivative asks for with mode="valid" has a first operand that is longer along all axes.
    bilinear(f"y = scipy.signal.{_name}(a, b, mode='full')", result=convolved, flags="exact",
             a_bar=f"unconvolved('scipy.signal.{_name}', y_bar, a, b, mode)",
             b_bar=f"unconvolved_by('scipy.signal.{_name}', y_bar, a, b, mode)")
general("y = scipy.signal.lfilter(b, a, x, axis=-1)", result=filtered,
        y_dot_b="scipy.signal.lfilter(b_dot, a, x, axis)", y_dot_a="-scipy.signal.lfilter(a_dot, a, y, axis)",
        y_dot_x="scipy.signal.lfilter(b, a, x_dot, axis)",
        g="np.flip(scipy.signal.lfilter(np.ones(1), a, np.flip(y_bar, axis), axis), axis)",
        b_bar="lag_products(g, x, b.size, axis)", a_bar="-lag_products(g, y, a.size, axis)",
        x_bar="np.flip(scipy.signal.lfilter(b, a, np.flip(y_bar, axis), axis), axis)")
bilinear("y = lag_products(v, x, count=1, axis=-1)", result=products,
         v_bar="scipy.signal.lfilter(y_bar, np.ones(1), x, axis)",
         x_bar="np.flip(scipy.signal.lfilter(y_bar, np.ones(1), np.flip(v, axis), axis), axis)")
zero("y = scipy.signal.get_window(window, num, fftbins=True)", result=window)

# Romberg's rule is a sum with weights, which are its values for the columns of the identity.
general("r = scipy.integrate.romb(y, dx=1.0, axis=-1, show=False)", result=romberg,
        r_dot="scipy.integrate.romb(y_dot, dx, axis)",
        y_bar="unsum(r_bar, y, axis) * on_last(scipy.integrate.romb(np.eye(y.shape[axis]), dx, 0), y, axis)")
