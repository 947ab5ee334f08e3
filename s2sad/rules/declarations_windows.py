"""Sliding windows: see `s2sad.runtime.windows`."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.declare import linear
from s2sad.rules.infer_arrays import Options
from s2sad.rules.macros_windows import VIEW
from s2sad.rules.static import axes_of, length, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import UNKNOWN, Array, Dim, Type, Unknown, dims_of, dtype_of, fresh_dim, rank


def _sizes(o: Options, n: int) -> list[tuple[int, Dim]]:
    """The axes of an array of ``n`` axes that windows slide along, each with the size of the window."""
    window = o["window_shape"]
    if not isinstance(window, (Tup, Lit)) and rank(type_of(window)) != 0:
        raise NotApplicable("the window is an array, which does not tell its number of axes",
                            "write the sizes one by one, (3, 3)")
    sizes = list(map(length, window.items if isinstance(window, Tup) else (window,)))
    axes = axes_of(o.get("axis", NONE), n)
    axes = tuple(range(n)) if axes is None else axes
    if len(axes) != len(sizes):
        raise NotApplicable(f"there are {len(sizes)} sizes of a window for {len(axes)} axes")
    if any(d.is_constant and d.const < 0 for d in sizes):
        raise NotApplicable("a window cannot have a negative size")
    return list(zip(axes, sizes))


def windows(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if static(o.get("writeable", Lit(False)), "writeable"):
        raise NotApplicable("an element of the array lies in several windows, and may not be written to through them",
                            "leave 'writeable' out, and write to the array itself")
    static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        return UNKNOWN
    dims = list(dims_of(x))
    sizes = _sizes(o, len(dims))
    for k, n in sizes:
        dims[k] = dims[k] - n + 1
        if dims[k].is_constant and dims[k].const <= 0:
            raise NotApplicable("a window cannot be larger than the array")
    return Array(dtype_of(x), (*dims, *(n for _, n in sizes)))


def added(args: Sequence[Arg], o: Options) -> Type:
    y = type_of(args[0])
    if isinstance(y, Unknown):
        return UNKNOWN
    window = o["window_shape"]
    n = len(dims_of(y)) - (len(window.items) if isinstance(window, Tup) else 1)
    dims = list(dims_of(y)[:n])
    for k, size in _sizes(o, n):
        dims[k] = dims[k] + size - 1
    if o.get("shape", NONE) != NONE:
        dims = [fresh_dim() for _ in dims]
    return Array(dtype_of(y), tuple(dims))


linear(f"y = {VIEW}(x, window_shape, axis=None, subok=False, writeable=False)",
       x_bar="add_windows(y_bar, window_shape, axis)", result=windows, flags="sureview overlapping cheap")
linear("x = add_windows(y, window_shape, axis=None, shape=None, index=())",
       y_bar="windows_at(x_bar, window_shape, axis, index)", result=added)
