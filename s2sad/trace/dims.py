"""Lengths of axes: linear expressions in symbols, ``2*n - 1``.

A symbol that stands for the axis of an argument is known to differ from 1 (an argument's axis of length 1 is the
constant 1), and such symbols start with a letter; one that starts with ``?`` may be anything.  One that ends with ``+``
is at least 8, so that ``n - 2`` is not 1 either; one that ends with ``+4`` is at least 4.

>>> n = Dim.symbol("n")
>>> n.scaled(2) - 1, n.may_be_one, (n - 2).may_be_one, (Dim.symbol("n+") - 2).may_be_one
(Dim(2*n - 1), False, True, False)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

# The least length of an axis whose symbol ends with ``+``.
LONG = 8


def least_length(symbol: str) -> int:
    """The least length of an axis with this symbol, 0 if nothing is known.

    >>> least_length("n"), least_length("n+"), least_length("(n+)[::2]+4")
    (0, 8, 4)
    """
    _, plus, number = symbol.rpartition("+")
    return 0 if not plus else LONG if not number else int(number) if number.isdigit() else 0


@dataclass(frozen=True, repr=False)
class Dim:
    """A length ``Σ coefficient·symbol + const`` of one axis.

    One that is ``claimed`` is what the bounds of a slice say, ``x[k:k + 2]``.  A slice that reaches beyond the end is
    shorter: so it decides how shapes meet, as other lengths do, but nobody may take it for the number itself.
    """

    terms: tuple[tuple[str, int], ...] = ()
    const: int = 0
    claimed: bool = False

    @staticmethod
    def symbol(name: str) -> Dim:
        return Dim(((name, 1),), 0)

    @staticmethod
    def constant(value: int) -> Dim:
        return Dim((), int(value))

    def __add__(self, other: Dim | int) -> Dim:
        other = Dim.constant(other) if isinstance(other, int) else other
        terms = dict(self.terms)
        for name, coefficient in other.terms:
            terms[name] = terms.get(name, 0) + coefficient
        return Dim(tuple(sorted((n, c) for n, c in terms.items() if c)), self.const + other.const,
                   self.claimed or other.claimed)

    def __sub__(self, other: Dim | int) -> Dim:
        return self + (-other if isinstance(other, int) else other.scaled(-1))

    def scaled(self, factor: int) -> Dim:
        return Dim(tuple((n, c * factor) for n, c in self.terms if c * factor), self.const * factor, self.claimed)

    def meets(self, other: Dim) -> bool:
        """Whether two axes have the same length as far as is said of them."""
        return (self.terms, self.const) == (other.terms, other.const)

    @property
    def is_constant(self) -> bool:
        """Whether the length is the number ``const``."""
        return not self.terms and not self.claimed

    @property
    def is_one(self) -> bool:
        return not self.terms and self.const == 1

    @property
    def may_be_one(self) -> bool:
        """Whether the length can be 1: not other constants, a bare argument symbol, what is left of a long axis."""
        if not self.terms:
            return self.const == 1
        if self.least is not None:
            return self.least <= 1
        lone = len(self.terms) == 1 and self.terms[0][1] == 1 and self.const == 0
        return not (lone and not self.terms[0][0].startswith("?"))

    @property
    def least(self) -> int | None:
        """The least length that it can be, where symbols are known to be long.

        >>> (Dim.symbol("n+") - 2).least, Dim.symbol("n").least
        (6, None)
        """
        known = all(c > 0 and least_length(name) for name, c in self.terms)
        return sum(c * least_length(name) for name, c in self.terms) + self.const if known else None

    @property
    def is_fixed(self) -> bool:
        """Whether the symbols stand for one length each, and not for whatever a loop-carried value happens to have."""
        return all(not name.startswith("?") or name.startswith("?v") for name, _ in self.terms)

    def __repr__(self) -> str:
        return f"Dim({self})"

    def __str__(self) -> str:
        text = ""
        for name, c in self.terms:
            part = name if abs(c) == 1 else f"{abs(c)}*{name}"
            text += (" - " if c < 0 else " + ") + part if text else ("-" if c < 0 else "") + part
        if not text:
            return str(self.const)
        if self.const:
            text += f" - {-self.const}" if self.const < 0 else f" + {self.const}"
        return text


ONE = Dim.constant(1)
_fresh = itertools.count(1)


def fresh_dim() -> Dim:
    """A length about which nothing is known, not even that it differs from 1."""
    return Dim.symbol(f"?{next(_fresh)}")
