"""What can be run over and is no container: ranges, views of dicts, what `zip`, `enumerate` and their like make.

What of these can be run over once only is held by an iterator (`values.Seq`).  Slices are here, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from s2sad.frontend.abstract import Abstract
from s2sad.trace.ir import Arg

if TYPE_CHECKING:
    from s2sad.frontend.values import Seq, Value


@dataclass(frozen=True, eq=False)
class RangeOf(Abstract):
    """``range(start, stop, step)``."""

    PARTS = ("start", "stop", "step")
    start: Arg
    stop: Arg
    step: Arg
    what = "range"


@dataclass(frozen=True, eq=False)
class Endless(Abstract):
    """``value, value + step, value + 2 * step, …``; without a step always the value itself."""

    PARTS = ("value",)
    value: Value
    step: Arg | None = None
    what = "iterator without end"


@dataclass(frozen=True, eq=False)
class ZipOf(Abstract):
    """``zip(*items)``."""

    PARTS = ("items",)
    items: tuple[Value, ...]
    what = "zip"


@dataclass(frozen=True, eq=False)
class ChainOf(Abstract):
    """``itertools.chain(*items)``."""

    PARTS = ("items",)
    items: tuple[Value, ...]
    what = "chain"


@dataclass(frozen=True, eq=False)
class ViewOf(Abstract):
    """``owner.keys()``, ``owner.values()`` or ``owner.items()``: shows a dict as it is when it is read."""

    PARTS = ("owner",)
    owner: Seq
    name: str

    @property
    def what(self) -> str:  # type: ignore[override]
        return f"dict_{self.name}"


@dataclass(frozen=True, eq=False)
class EnumerateOf(Abstract):
    """``enumerate(item, start)``."""

    PARTS = ("item", "start")
    item: Value
    start: Arg
    what = "enumerate"


@dataclass(frozen=True, eq=False)
class GeneratorOf(Abstract):
    """A generator expression in ``frame``: it is run where it is consumed, but for ``first``, its first iterable."""

    PARTS = ("first",)
    node: Any
    frame: Any
    first: Value
    what = "generator expression"


@dataclass(frozen=True, eq=False)
class YieldOf(Abstract):
    """A call of a generator function, with what its parameters stand for; ``fn`` is one that captures variables."""

    PARTS = ("fn", "values")
    info: Any
    fn: Value
    values: tuple[tuple[str, Value], ...]
    what = "generator"


@dataclass(frozen=True, eq=False)
class ReversedOf(Abstract):
    """``reversed(item)``."""

    PARTS = ("item",)
    item: Value
    what = "reversed"


@dataclass(frozen=True, eq=False)
class SliceOf(Abstract):
    """A slice."""

    PARTS = ("lo", "hi", "step")
    lo: Arg
    hi: Arg
    step: Arg
    what = "slice"
