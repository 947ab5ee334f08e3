"""Functions of the rule language for what is not there: cotangents that nothing depends on, logarithms of 0."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.macros import where
from s2sad.rules.terms import Expr, make
from s2sad.trace.ir import NONE, Lit


def finite_or_zero(y: Expr) -> Expr:
    """``y``, and 0 where it is the logarithm of 0."""
    return where(make("==", y, Lit(float("-inf"))), Lit(0.0), y)


def if_any(bar: Expr) -> Expr:
    """The cotangent of one of several results, 0 where nothing depends on it."""
    return Lit(0.0) if bar == NONE else bar


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (finite_or_zero, if_any)}
