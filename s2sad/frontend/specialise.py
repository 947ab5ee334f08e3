"""The request for a value at compile time, from lowering to whoever calls it."""

from __future__ import annotations

from typing import Any

from s2sad.errors import Location, Refusal, TypeRefusal

# A parameter (or global), and what stands between the brackets on the way down its structure.
Place = tuple[str, tuple[int | str, ...]]


class Specialise(Exception):  # noqa: N818  (control flow: the caller gives the value and lowers again)
    """The value of a parameter of ``owner`` (or of a global), or of a leaf of one, is needed at compile time."""

    def __init__(self, owner: Any, place: Place, what: str, where: Location | None, is_global: bool = False) -> None:
        self.owner, self.place, self.what, self.where, self.is_global = owner, place, what, where, is_global
        super().__init__(f"the value of '{place[0]}' is needed: {what}")

    @property
    def name(self) -> str:
        """The parameter (or global) the value belongs to."""
        return self.place[0]

    def refusal(self) -> Refusal:
        """The error where no value can be given."""
        name = "".join([self.place[0], *(f"[{k!r}]" for k in self.place[1])])
        return TypeRefusal(f"the value of '{name}' must be known at compile time: {self.what}", self.where,
                           f"give it a value: {self.place[0]}=...")
