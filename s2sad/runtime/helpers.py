"""Functions that generated code calls.

Each one stands alone (or on those that `DEPENDS` lists for it): its source text is copied into the generated file, so
that the file needs NumPy only.
"""

from typing import Any

import numpy as np

from s2sad.runtime.bessel import BESSEL
from s2sad.runtime.blocks import BLOCKS
from s2sad.runtime.cumulative import CUMULATIVE
from s2sad.runtime.filters import FILTER_DEPENDS, FILTERS
from s2sad.runtime.linalg import LINALG
from s2sad.runtime.machine import MACHINE_HELPERS
from s2sad.runtime.models import MODELS
from s2sad.runtime.quantiles import QUANTILES
from s2sad.runtime.sparse import SPARSE
from s2sad.runtime.special import SPECIAL_DEPENDS, SPECIAL_HELPERS
from s2sad.runtime.structured import STRUCTURED
from s2sad.runtime.windows import WINDOWS


def unbroadcast(v: Any, like: Any) -> Any:
    """Sum v, which broadcasting gave more or longer axes than like has, to like's shape; take like's dtype."""
    shape = np.shape(like)
    lead = np.ndim(v) - len(shape)
    if lead > 0:
        v = np.sum(v, axis=tuple(range(lead)))
    axes = tuple(k for k, n in enumerate(shape) if n == 1 and np.shape(v)[k] != 1)
    if axes:
        v = np.sum(v, axis=axes, keepdims=True)
    dtype = getattr(like, "dtype", None)
    if dtype is None:
        return float(v) if np.ndim(v) == 0 else v
    if dtype.kind in "fc" and getattr(v, "dtype", None) != dtype:
        v = dtype.type(v) if np.ndim(v) == 0 else v.astype(dtype)
    return v


def expand(v: Any, like: Any) -> Any:
    """Broadcast v to like's shape, in an array of its own; a number takes like's dtype."""
    if np.ndim(like) == 0:
        return v
    dtype = getattr(v, "dtype", None) or (like.dtype if like.dtype.kind in "fc" else None)
    return np.array(np.broadcast_to(v, like.shape), dtype=dtype)


def cast_like(v: Any, like: Any) -> Any:
    """Give v the dtype of like, which may also be a Python float."""
    dtype = getattr(like, "dtype", None)
    if dtype is None:
        return float(v) if np.ndim(v) == 0 else v
    if getattr(v, "dtype", None) == dtype:
        return v
    return dtype.type(v) if np.ndim(v) == 0 else v.astype(dtype)


def accumulate(a: Any, b: Any) -> Any:
    """Add two nested lists or tuples of numbers and arrays; None stands for zero."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (list, tuple)):
        return type(a)([accumulate(x, y) for x, y in zip(a, b)])
    return a + b


def tape_zeros(t: Any) -> Any:
    """Zeros in the structure, shapes and dtypes of a nested list or tuple; None for what has no derivative."""
    if isinstance(t, (list, tuple)):
        return type(t)([tape_zeros(x) for x in t])
    if isinstance(t, (float, complex)):
        return 0.0 if isinstance(t, float) else 0j
    kind = getattr(getattr(t, "dtype", None), "kind", "")
    return np.zeros_like(t)[()] if kind in ("f", "c") else None


def split_like(v: Any, xs: Any, axis: int = 0) -> Any:
    """Split v into parts that are as long as the arrays in the list xs."""
    return np.split(v, np.cumsum([x.shape[axis] for x in xs[:-1]], dtype=int), axis=axis)


def last_written(x: Any, index: Any) -> Any:
    """Tell which elements of x[index] no later one repeats: those whose values x[index] = v leaves in x."""
    place = np.zeros(np.shape(x), dtype=np.intp)
    count = np.arange(np.size(place[index])).reshape(np.shape(place[index]))
    place[index] = count
    return place[index] == count


def check_length(x: Any, n: int) -> None:
    """Raise what unpacking x into n names raises if it has another length."""
    if len(x) < n:
        raise ValueError(f"not enough values to unpack (expected {n}, got {len(x)})")
    if len(x) > n:
        raise ValueError(f"too many values to unpack (expected {n})")


def polygamma(x: Any, degree: int = 0) -> Any:
    """The derivative of degree + 1 of log(gamma(x)), for a real number x."""
    # psi_m(x) = psi_m(x + 1) - (-1)^m m! / x^(m+1) leads to large x, where the asymptotic series holds.
    if x <= 0 and x == int(x):
        return float("nan")
    factorial = float(np.prod(np.arange(1.0, degree + 1.0)))
    sign = -1.0 if degree % 2 else 1.0
    total, x = 0.0, float(x)
    while x < 20.0 + degree:
        total -= sign * factorial / x ** (degree + 1)
        x += 1.0
    if degree == 0:
        tail = float(np.log(x)) - 0.5 / x
    else:
        tail = -sign * (factorial / degree / x**degree + 0.5 * factorial / x ** (degree + 1))
    # Bernoulli numbers B_2k; rising is (2k + m - 1)! / (2k)!.
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), start=1):
        rising = float(np.prod(np.arange(2.0 * k + 1, 2.0 * k + degree))) if degree else 1.0 / (2 * k)
        tail -= sign * bernoulli * rising / x ** (2 * k + degree)
    return total + tail


def rounding(total: Any, x: Any) -> Any:
    """What total + x loses in rounding, as sum() of Python floats finds it; 0 for numbers of other kinds."""
    if type(total) is not float or type(x) is not float:
        return 0.0
    new = total + x
    return (total - new) + x if abs(total) >= abs(x) else (x - new) + total


def compensated(total: Any, lost: float) -> Any:
    """A sum with what was lost in rounding, where that is finite."""
    return total + lost if lost and np.isfinite(lost) else total


def instance(cls: Any, /, **attributes: Any) -> Any:
    """Make an object of a class with these attributes, without running its __init__."""
    made = object.__new__(cls)
    for name, value in attributes.items():
        object.__setattr__(made, name, value)
    return made


HELPERS: dict[str, Any] = {f.__name__: f for f in (
    unbroadcast, expand, cast_like, accumulate, tape_zeros, split_like, last_written, check_length, polygamma, rounding,
    compensated, instance)} | {
    **BESSEL,
    **BLOCKS,
    **CUMULATIVE,
    **FILTERS,
    **LINALG,
    **MACHINE_HELPERS,
    **MODELS,
    **QUANTILES,
    **SPARSE,
    **SPECIAL_HELPERS,
    **STRUCTURED,
    **WINDOWS,
}
DEPENDS: dict[str, tuple[str, ...]] = dict.fromkeys(HELPERS, ()) | SPECIAL_DEPENDS | FILTER_DEPENDS


def helper_source(name: str) -> str:
    """The text of a helper as it is copied into generated files: without annotations, which nothing there needs.

    >>> print(helper_source("polygamma").splitlines()[0])
    def polygamma(x, degree=0):
    """
    with open(HELPERS[name].__code__.co_filename, encoding="utf-8") as file:
        text = file.read()
    start = text.index(f"def {name}(")
    head, _, body = text[start:].partition(":\n")
    body = body.partition("\n\n\n")[0]
    head = head.partition(" ->")[0]
    for annotation in (": Any", ": int", ": float", ": bool", ": str"):
        head = head.replace(annotation + " = ", "=").replace(annotation, "")
    return f"{head}:\n{body}\n"
