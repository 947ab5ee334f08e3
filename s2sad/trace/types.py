"""Types of trace variables: Python numbers, arrays with symbolic axes, tapes.

An axis length is a linear expression in symbols, ``2*n - 1``.  A symbol that stands for the axis of an argument is
known to differ from 1 (an argument's axis of length 1 is the constant 1), and such symbols start with a letter; one
that starts with ``?`` may be anything, unless it ends with ``!``, which is not 1, and one that ends with ``+`` is at
least 8, so that ``n - 2`` is not 1 either; one that ends with ``+4`` is at least 4.
So the broadcast of two axes is decided here, at compile time, unless one of them *may* be 1 and the two are not the
same expression.

>>> n = Dim.symbol("n")
>>> broadcast_dims((n - 2,), (Dim.constant(1),))
(Dim(n - 2),)
>>> Array("f8", (n, Dim.constant(1)))
f8[n, 1]
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

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
        return not (lone and (not self.terms[0][0].startswith("?") or self.terms[0][0].endswith("!")))

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


def fresh_dim(may_be_one: bool = True) -> Dim:
    """A length about which nothing is known, or only that it differs from 1."""
    return Dim.symbol(f"?{next(_fresh)}" + "!" * (not may_be_one))


class Type:
    """Base of all types."""


@dataclass(frozen=True, repr=False)
class Scalar(Type):
    """A Python number; ``kind`` is ``bool``, ``int``, ``float`` or ``complex``.  Weak in NumPy's promotion.

    An ``optional`` one may be None: what is computed with it fails then, as in the user's program.
    """

    kind: str
    optional: bool = False

    def __repr__(self) -> str:
        return self.kind + " or None" * self.optional


@dataclass(frozen=True, repr=False)
class Array(Type):
    """A NumPy array (or, without axes, a NumPy scalar).

    ``dtype`` is NumPy's short name (``f8``, ``f4``, ``i8``, ``b1``, ``c16``) or ``?`` where paths with different dtypes
    meet (a real float of unknown width).  In a signature, ``box`` tells an array without axes, which can be written to,
    from a scalar, which cannot; in a trace both are scalars.  An ``optional`` scalar may be None.
    """

    dtype: str
    dims: tuple[Dim, ...]
    box: bool = False
    optional: bool = False

    def __repr__(self) -> str:
        inner = "()" if self.box else ", ".join(map(str, self.dims))
        return f"{self.dtype}[{inner}]" + " or None" * self.optional


@dataclass(frozen=True, repr=False)
class Unknown(Type):
    """A real scalar or array of any shape: what an argument without a declared type is.

    One with ``within`` is an array of that type, or else a number that depends on no argument: what a loop hands on
    that begins with ``total = 0.0`` and adds arrays.
    """

    within: Array | None = None

    def __repr__(self) -> str:
        return "unknown" if self.within is None else f"a constant or {self.within!r}"


@dataclass(frozen=True, repr=False)
class Tape(Type):
    """One recorded value per iteration of a loop; a Python list in generated code."""

    item: Type

    def __repr__(self) -> str:
        return f"tape[{self.item!r}]"


@dataclass(frozen=True, repr=False)
class List(Type):
    """A list of the user's whose length is known at run time only, of items of one type."""

    item: Type

    def __repr__(self) -> str:
        return f"list[{self.item!r}]"


@dataclass(frozen=True, repr=False)
class Opaque(Type):
    """A value of run time that is no number: a text, a random generator, a file; ``what`` is its class.

    It is an operand of operations that have no derivative, and of nothing else.
    """

    what: str

    def __repr__(self) -> str:
        return self.what


@dataclass(frozen=True, repr=False)
class Tuple(Type):
    """The results of an operation that has several, such as an eigenvalue decomposition; ``part`` takes one out."""

    items: tuple[Type, ...]

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self.items))})"


@dataclass(frozen=True, repr=False)
class Residual(Type):
    """What the forward sweep of a called function hands to its reverse sweep: a tuple."""

    callee: str

    def __repr__(self) -> str:
        return f"residual[{self.callee}]"


@dataclass(frozen=True, repr=False)
class Nothing(Type):
    """The type of a name that no path has assigned yet; joins with every type."""

    def __repr__(self) -> str:
        return "nothing"


BOOL, INT, FLOAT, COMPLEX = Scalar("bool"), Scalar("int"), Scalar("float"), Scalar("complex")
UNKNOWN, NOTHING, TEXT = Unknown(), Nothing(), Opaque("str")
KINDS = ("bool", "int", "float", "complex")
_KIND_OF_LETTER = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex", "?": "float"}
_DTYPE_OF_KIND = {"bool": "b1", "int": "i8", "float": "f8", "complex": "c16"}


def rank(t: Type) -> int | None:
    """The number of axes, None if unknown."""
    if isinstance(t, Scalar):
        return 0
    return len(t.dims) if isinstance(t, Array) else None


def moving(t: Type) -> Type:
    """The type of the values that depend on arguments: of a constant or an array that of the array.

    >>> moving(Unknown(Array("f8", (ONE,)))), moving(FLOAT), moving(UNKNOWN)
    (f8[1], float, unknown)
    """
    return t.within if isinstance(t, Unknown) and t.within is not None else t


def dims_of(t: Type) -> tuple[Dim, ...]:
    """The axes of a scalar or array type."""
    return t.dims if isinstance(t, Array) else ()


def dtype_of(t: Type) -> str:
    """NumPy's short dtype name of the values of ``t``; ``?`` if unknown."""
    if isinstance(t, Scalar):
        return _DTYPE_OF_KIND[t.kind]
    return t.dtype if isinstance(t, Array) else "?"


def kind_of(t: Type) -> str:
    """``bool``, ``int``, ``float`` or ``complex``; tapes have the kind of their items; ``other`` for the rest."""
    if isinstance(t, Scalar):
        return t.kind
    if isinstance(t, Array):
        return _KIND_OF_LETTER.get(t.dtype[0], "other")
    if isinstance(t, Unknown):
        return "float"
    if isinstance(t, (Tape, List)):
        return kind_of(t.item)
    return "residual" if isinstance(t, Residual) else "tuple" if isinstance(t, Tuple) else "other"


_ANY_HEIGHT = 99


def height(t: Type) -> int:
    """How deep memory is nested that can be changed: 0 for an array, 1 for a list of numbers or arrays; else -1.

    >>> height(FLOAT), height(TEXT), height(Array("f8", (ONE,))), height(List(FLOAT)), height(List(List(FLOAT)))
    (-1, -1, 0, 1, 2)
    """
    if isinstance(t, (Opaque, Tuple)):
        return -1
    if isinstance(t, List):
        return 1 + max(height(t.item), 0)
    if isinstance(t, (Tape, Residual)):
        return max(height(t.item), 0) if isinstance(t, Tape) else _ANY_HEIGHT
    return -1 if rank(t) == 0 else 0


def is_differentiable(t: Type) -> bool:
    """Whether values of the type can carry tangents and adjoints."""
    if isinstance(t, Tuple):
        return any(map(is_differentiable, t.items))
    return kind_of(t) in ("float", "complex", "residual")


def is_scalar_like(t: Type) -> bool:
    """Whether the value has no axes."""
    return rank(t) == 0


@lru_cache(maxsize=4096)
def promote(*types: Type) -> str:
    """The dtype NumPy gives an elementwise operation on values of these types (NEP 50: Python numbers are weak)."""
    if any(isinstance(t, Unknown) or dtype_of(t) == "?" for t in types):
        return "?"
    strong = [np.dtype(t.dtype) for t in types if isinstance(t, Array)]
    weak: list[Any] = [{"bool": False, "int": 0, "float": 0.0, "complex": 0j}[t.kind]
                       for t in types if isinstance(t, Scalar)]
    return short_dtype(np.result_type(*strong, *weak))


@lru_cache(maxsize=512)
def short_dtype(dtype: Any) -> str:
    """``f8`` for float64 and so on."""
    d = np.dtype(dtype)
    return f"{d.kind}{d.itemsize}"


def broadcast_dims(*shapes: tuple[Dim, ...]) -> tuple[Dim, ...] | None:
    """The axes of a broadcast; None if the constants cannot go together.

    Where two expressions differ and neither is 1 for certain, the one that cannot be 1 decides.
    """
    out: list[Dim] = []
    for k in range(1, max(map(len, shapes), default=0) + 1):
        best = ONE
        for shape in shapes:
            if k > len(shape):
                continue
            d = shape[-k]
            if best.is_one or (best.may_be_one and not d.may_be_one):
                best = d if not d.is_one else best
            elif d.is_constant and best.is_constant and not d.is_one and d != best:
                return None
            elif best.claimed and d.meets(best):
                best = d
            elif best.may_be_one and d.may_be_one and not d.is_one and not d.meets(best):
                best = Dim.symbol("?(" + "|".join(sorted((str(best), str(d)))).replace(" ", "") + ")")
        out.append(best)
    return tuple(reversed(out))


def has_fixed_shape(t: Type) -> bool:
    """Whether all values of an array type have the same shape."""
    return isinstance(t, Array) and all(d.is_fixed for d in t.dims)


def same_dims(a: Type, b: Type) -> bool | None:
    """Whether two values surely have the same shape (True), surely not (False), or it is open (None).

    Axes that cannot be 1 and meet in one broadcast are equal, or the primal raises.
    """
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    da, db = dims_of(a), dims_of(b)
    if len(da) != len(db):
        return False
    verdict: bool | None = True
    for x, y in zip(da, db):
        if x.meets(y) or (not x.may_be_one and not y.may_be_one):
            continue
        if x.is_one != y.is_one and not (x.may_be_one and y.may_be_one):
            return False
        verdict = None
    return verdict


def is_optional(t: Type) -> bool:
    """Whether a value of the type may be None."""
    return isinstance(t, (Scalar, Array)) and t.optional


def or_none(t: Type) -> Type | None:
    """The type of what is a number of a type or None; None if there is none."""
    return replace(t, optional=True) if isinstance(t, Scalar) or isinstance(t, Array) and not t.dims else None


_PAIRS = ((FLOAT, Array("f8", ())), (COMPLEX, Array("c16", ())))


def interchangeable(a: Type, b: Type) -> bool:
    """Whether two types are equal but for Python's number against NumPy's of the same precision."""
    return a == b or any(a in pair and b in pair for pair in _PAIRS)
