"""Operations whose value is what a text says, with operands for {0}, {1} and so on.

They are made by the compiler and are written as that text; generated code calls none of them.
"""

from typing import Any


def instead(model: Any, a: Any = None, b: Any = None, c: Any = None, d: Any = None, e: Any = None, f: Any = None,
            text: str = "") -> Any:
    """Compute what a library computes, of the operands behind the first one; its derivative is that of the model."""
    raise NotImplementedError(text)


def curve(value: Any, t: Any, slope: Any) -> Any:
    """Give a value at the place t of a curve: its derivative by t is the slope, and that by the rest is its own."""
    return value


def library_object(*xs: Any, text: str = "", kind: str = "") -> Any:
    """Make an object of a library, of which nothing is known but a word."""
    raise NotImplementedError(text)


def library_array(*xs: Any, text: str = "", axes: int = 1, dtype: str = "f8", count: Any = None) -> Any:
    """Make an array of a library, or read one from an object of it: a constant."""
    raise NotImplementedError(text)


MODELS: dict[str, Any] = {f.__name__: f for f in (instead, curve, library_object, library_array)}
