"""What a program says about its own derivative, as Python sees it when the program itself runs: next to nothing.

s2sad knows these functions when it reads a program; outside of derivatives they are what is written here.
"""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


def stop_gradient(x: T) -> T:
    """The argument itself, which counts as a constant in every derivative, of every order and in every mode.

    Args:
        x: a number, an array, or a tuple, list, dict or object of these.

    >>> from s2sad import grad
    >>> def f(x):
    ...     return x * stop_gradient(x)
    >>> f(3.0), grad(f)(3.0)
    (9.0, 3.0)
    """
    return x


CONTROL: dict[str, Any] = {"s2sad.stop_gradient": stop_gradient}
