"""What a program says about its own derivative, as Python sees it when the program itself runs: next to nothing.

s2sad knows these functions when it reads a program; outside of derivatives they are what is written here.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


def stop_gradient(x: T) -> T:
    """The argument itself, which counts as a constant in every derivative, of every order and in every mode.

    Args:
        x: a number, an array, or a tuple, list, dict or object of these.

    Returns:
        A number, array or object itself; of a tuple, list or dict a new one, with what is in it.

    >>> from s2sad import grad
    >>> def f(x):
    ...     return x * stop_gradient(x)
    >>> f(3.0), grad(f)(3.0)
    (9.0, 3.0)
    """
    return _apart(x)  # type: ignore[no-any-return]


def _apart(x: Any) -> Any:
    """A container as a new one: what is put into one later is not in the other."""
    if type(x) is dict:
        return {key: _apart(item) for key, item in x.items()}
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*map(_apart, x))
    return type(x)(map(_apart, x)) if type(x) in (tuple, list) else x


class adjoint_of:  # noqa: N801  (reads as a statement)
    """Put a block of the program into the reverse sweep, where the adjoint of a variable is known.

    ``with adjoint_of(h) as h_bar:`` names the adjoint that h has at this place of the program: the sum of what the rest
    of the program, which comes before in the reverse sweep, has given it.  What h_bar is at the end of the block is the
    adjoint from there on.  The block may read the variables of the program, as they are here, print, and stop
    (``breakpoint()``).  What it assigns, other than h_bar, is its own.

    In forward mode, and where h has no adjoint, the block does not run.  Where the program runs by itself, Python
    cannot leave a block out: it runs with zeros for h_bar.

    Args:
        h: a variable, an attribute, or an item of a list or dict, that is a number, an array, or a tuple, list or dict
            of these.

    >>> from s2sad import grad
    >>> def f(x):
    ...     y = x * x
    ...     with adjoint_of(y) as y_bar:
    ...         y_bar = min(y_bar, 1.0)
    ...     return 5.0 * y
    >>> f(3.0), grad(f)(3.0)
    (45.0, 6.0)
    """

    def __init__(self, h: Any) -> None:
        self.h = h

    def __enter__(self) -> Any:
        return zeros(self.h)

    def __exit__(self, *exception: object) -> None:
        pass


def zeros(value: Any) -> Any:
    """Zeros in the structure of a value; None for what has no derivative.

    >>> zeros((2.0, np.ones(2), 3, {"a": np.float32(1.0)}))
    (0.0, array([0., 0.]), None, {'a': np.float32(0.0)})
    """
    if isinstance(value, (np.ndarray, np.generic)):
        return np.zeros_like(value)[()] if value.dtype.kind in "fc" else None
    if isinstance(value, (float, complex)):
        return 0.0 * value if value == value and abs(value) != float("inf") else type(value)(0.0)
    if isinstance(value, dict):
        return {key: zeros(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(zeros, value))
    return type(value)(map(zeros, value)) if isinstance(value, (tuple, list)) else None


CONTROL: dict[str, Any] = {"s2sad.stop_gradient": stop_gradient, "s2sad.adjoint_of": adjoint_of}
