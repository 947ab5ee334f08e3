"""What all values have in common that are no operands of the trace: they may have other values inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from s2sad.frontend.values import Value


class Abstract:
    """A value that is no operand of the trace.

    ``PARTS`` names the fields that hold values, or tuples of values, or of names with values.
    """

    what = "object"
    PARTS: ClassVar[tuple[str, ...]] = ()

    def parts(self) -> tuple[Value, ...]:
        """The values inside, in order."""
        held = [getattr(self, name) for name in self.PARTS]
        return tuple(_unnamed(v) for part in held for v in (part if isinstance(part, tuple) else (part,)))

    def with_parts(self, parts: Iterable[Value]) -> Abstract:
        """The same with other values inside."""
        new = iter(parts)
        changes: dict[str, Any] = {}
        for name in self.PARTS:
            held = getattr(self, name)
            changes[name] = tuple((v[0], next(new)) if isinstance(v, tuple) else next(new) for v in held) if (
                isinstance(held, tuple)) else next(new)
        return replace(self, **changes)  # type: ignore[type-var]

    def form(self) -> tuple[Any, ...]:
        """What tells it from others of its type, other than the values inside."""
        names = tuple(tuple(v[0] if isinstance(v, tuple) else None for v in held) for n in self.PARTS
                      if isinstance(held := getattr(self, n), tuple))
        return names, *(getattr(self, f.name) for f in fields(self) if f.name not in self.PARTS)  # type: ignore


def _unnamed(v: Any) -> Value:
    return v[1] if isinstance(v, tuple) else v  # type: ignore[no-any-return]
