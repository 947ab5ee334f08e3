"""The subscripts of `np.einsum`.

Each operand, and the result, has a list of *letters*, one for each of its axes.  Three dots stand for the axes that an
operand has beyond its letters; where they are the same axes in all operands they stay one letter, ``...``, else each of
them gets a letter of its own.

>>> n, m = Dim.symbol("n"), Dim.symbol("m")
>>> read("ij,jk", [(n, m), (m, n)])
Subscripts(inputs=[['i', 'j'], ['j', 'k']], output=['i', 'k'])
>>> read("...i,...i->...", [(n, m), (n, m)]).output, read("...i,...i", [(n, m), (m,)]).inputs
(['...'], [['A', 'i'], ['i']])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from s2sad.errors import NotApplicable
from s2sad.trace.types import Dim, broadcast_dims

DOTS = "..."
Dims = tuple[Dim, ...]


@dataclass(frozen=True)
class Subscripts:
    """The letters of the operands and of the result."""

    inputs: list[list[str]]
    output: list[str]

    def lengths(self, shapes: Sequence[Dims]) -> dict[str, Dims]:
        """The axes that each letter stands for: one of them, but for the dots.  Axes of length 1 are broadcast."""
        found: dict[str, Dims] = {}
        for letters, dims in zip(self.inputs, shapes):
            at = 0
            for c in letters:
                width = len(dims) - len(letters) + 1 if c == DOTS else 1
                own = dims[at:at + width]
                at += width
                both = broadcast_dims(found.get(c, own), own)
                if both is None:
                    raise NotApplicable(f"np.einsum: the index {c!r} has the lengths {found[c][0]} and {own[0]}")
                found[c] = both
        return found


def read(subscripts: str, shapes: Sequence[Dims], spelled: bool = False) -> Subscripts:
    """The letters of an einsum of operands with these axes; ``spelled`` asks for letters in the place of dots."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    texts = left.split(",")
    if len(texts) != len(shapes):
        raise NotApplicable(f"the subscripts {subscripts!r} are for {len(texts)} operands, not {len(shapes)}")
    split = [_split(t, subscripts) for t in texts]
    spare = [_spare(letters, dims, subscripts) for letters, dims in zip(split, shapes)]
    most: Dims = max((s for s in spare if s is not None), key=len, default=())
    output = _split(right, subscripts) if arrow else _implicit(split)
    if DOTS in output and not any(DOTS in letters for letters in split):
        raise NotApplicable(f"np.einsum: {subscripts!r} has dots in the result only")
    if len(set(output)) < len(output) or any(c not in {*sum(split, [])} for c in output):
        raise NotApplicable(f"np.einsum: the result of {subscripts!r} names an index twice, or one that no operand has")
    if not spelled and all(s is None or s == most for s in spare):
        return Subscripts(split, output)
    free = [c for c in ascii_uppercase + ascii_lowercase if c not in subscripts][:len(most)]

    def spread(letters: list[str], count: int) -> list[str]:
        return [x for c in letters for x in (free[len(free) - count:] if c == DOTS else [c])]

    return Subscripts([spread(letters, len(s or ())) for letters, s in zip(split, spare)], spread(output, len(free)))


def _split(text: str, subscripts: str) -> list[str]:
    before, dots, after = text.partition(DOTS)
    if not (before + after).isalpha() and before + after:
        raise NotApplicable(f"np.einsum: {subscripts!r} is not understood")
    return [*before, *([DOTS] if dots else []), *after]


def _spare(letters: list[str], dims: Dims, subscripts: str) -> Dims | None:
    """The axes that the dots of an operand stand for; None if it has none."""
    count = len(dims) - len(letters) + (DOTS in letters)
    if count < 0 or count and DOTS not in letters:
        raise NotApplicable(f"np.einsum: {''.join(letters)!r} in {subscripts!r} does not fit {len(dims)} axes")
    if DOTS not in letters:
        return None
    at = letters.index(DOTS)
    return dims[at:at + count]


def _implicit(inputs: list[list[str]]) -> list[str]:
    """The result where the subscripts do not say it: the letters that stand once, in the order of the alphabet."""
    every = [c for letters in inputs for c in letters]
    once = sorted(c for c in set(every) if every.count(c) == 1 and c != DOTS)
    return [DOTS, *once] if DOTS in every else once


def interleaved(lists: Sequence[Sequence[object]], output: Sequence[object] | None) -> str:
    """The subscripts of ``np.einsum(A, [0, 1], B, [1, 2], [0, 2])``.

    >>> interleaved([[0, 1], [1, ...]], None), interleaved([[0, 1], [1, 2]], [0, 2])
    ('AB,B...', 'AB,BC->AC')
    """
    letters = ascii_uppercase + ascii_lowercase

    def text(places: Sequence[object]) -> str:
        return "".join(letters[p] if isinstance(p, int) else DOTS for p in places)

    return ",".join(map(text, lists)) + ("" if output is None else f"->{text(output)}")
