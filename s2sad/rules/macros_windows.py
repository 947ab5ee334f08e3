"""Functions of the rule language for sliding windows."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.terms import Expr, make
from s2sad.trace.ir import Lit, Tup

VIEW = "np.lib.stride_tricks.sliding_window_view"


def windows_at(x: Expr, window_shape: Expr, axis: Expr, index: Expr) -> Expr:
    """Windows over ``x``, or some of them."""
    every = make(VIEW, x, window_shape=window_shape, axis=axis)
    return every if index in (Tup(()), Lit(())) else make("getitem", every, index=index)


MACROS: dict[str, Callable[..., Expr]] = {"windows_at": windows_at}
