"""Functions that are computed again for their adjoint, instead of having what it reads of them kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.api.differentiate import Differentiable
from s2sad.errors import ArgumentError


class Checkpoint(Differentiable):
    """A function whose calls, in a function that is differentiated, keep nothing but their arguments."""

    __s2sad_again__ = True


def checkpoint(f: Callable[..., Any]) -> Checkpoint:
    """Trade time for memory: reverse mode computes the function again instead of keeping what it needs of it.

    Where the function is called by one that is differentiated, only the arguments of the call are kept; the reverse
    sweep calls a function that runs forward again, and then backward.  The value is the same bit for bit, and so is the
    derivative, but for the order in which adjoints are summed.  The function may not draw random numbers, for these
    would be others the second time.

    Args:
        f: a Python function, a method; in a function that is differentiated also ``checkpoint(f)(x)``.

    Returns:
        A `Differentiable`, which calls as ``f`` does.

    Raises:
        ArgumentError: (a TypeError) if ``f`` is not callable.

    >>> @checkpoint
    ... def layer(x, w):
    ...     return x * w * w
    >>> layer(2.0, 3.0), layer.grad(2.0, 3.0)
    (18.0, 9.0)
    """
    if not callable(f):
        raise ArgumentError(f"checkpoint needs a function, not {type(f).__qualname__}")
    return Checkpoint(f)


__all__ = ["Checkpoint", "checkpoint"]
