"""What rules say about functions of several numbers: ``math.dist``, those of `statistics`.

The operands of such a function are its numbers one by one, those of two sequences one sequence after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.rules.terms import Expr, div, make, sub
from s2sad.trace.ir import Lit, Tup


def how_many(xs: Expr) -> Expr:
    """The number of operands."""
    assert isinstance(xs, Tup)
    return Lit(float(len(xs.items)))


def partner(xs: Expr, kth: Expr) -> Expr:
    """What stands in the other one of two sequences where the k-th operand stands."""
    assert isinstance(xs, Tup) and isinstance(kth, Lit)
    found: Expr = xs.items[(kth.value + len(xs.items) // 2) % len(xs.items)]
    return found


def deviation(xs: Expr, kth: Expr) -> Expr:
    """The difference between the k-th operand and the mean."""
    assert isinstance(xs, Tup) and isinstance(kth, Lit)
    return sub(xs.items[kth.value], div(make("math.fsum", *xs.items), how_many(xs)))


SEQUENCES: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (how_many, partner, deviation)}
