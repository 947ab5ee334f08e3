"""What `setitem` and `scatter_add` mean: the value of an array with one place changed."""

from __future__ import annotations

from typing import Any

import numpy as np

VIEWS = {
    "getitem": lambda x, index: x[index],
    "np.transpose": lambda x, axes=None: x.transpose(axes),
    "np.reshape": lambda x, shape: x.reshape(shape),
    "np.ravel": lambda x: x.reshape(-1),
    "np.swapaxes": np.swapaxes,
    "np.moveaxis": np.moveaxis,
    "np.expand_dims": np.expand_dims,
    "np.squeeze": np.squeeze,
    "np.flip": np.flip,
    "np.fliplr": np.fliplr,
    "np.flipud": np.flipud,
    "np.rot90": np.rot90,
    "np.matrix_transpose": lambda x: np.swapaxes(x, -1, -2),
    "np.asarray": np.asarray,
    "np.atleast_1d": np.atleast_1d,
    "np.atleast_2d": np.atleast_2d,
    "np.atleast_3d": np.atleast_3d,
    "np.real": np.real,
    "np.imag": np.imag,
    "flat": lambda x: x.reshape(-1),
}


def viewed(x: Any, view: Any) -> Any:
    """The view of an array that the option ``view`` asks for."""
    for fn, *options in view or ():
        seen = VIEWS[fn](x, **dict(options))
        assert np.shares_memory(seen, x) or not seen.size, f"{fn} makes no view"
        x = seen
    return x


def setitem(x: Any, v: Any, index: Any, view: Any = None) -> Any:
    """A new array: x with ``view(x)[index]`` replaced by v."""
    out = np.array(x)
    viewed(out, view)[index] = v
    return out


def scatter_add(x: Any, v: Any, index: Any, view: Any = None) -> Any:
    """A new array: x with v added to ``view(x)[index]``, as often as the index names an element."""
    out = np.array(x)
    np.add.at(viewed(out, view), index, v)
    return out
