"""The request for a value at compile time, from lowering to whoever calls it."""

from __future__ import annotations

from typing import Any

from s2sad.errors import Location, Refusal, TypeRefusal

# A parameter (or global), and what stands between the brackets, or behind the dot, on the way down its structure.
Place = tuple[str, tuple[int | str, ...]]


class Attribute(str):
    """The name of an attribute, as a step on the way down a structure; any other text is the key of a dict."""

    __slots__ = ()


class Length(int):
    """The number of an axis of an array, as the last step: what is asked for is its length."""


def shown(place: Place) -> str:
    """A place as it is written.

    >>> shown(("model", (Attribute("layers"), 0, "W")))
    "model.layers[0]['W']"
    >>> shown(("x", (Length(0),)))
    'x.shape[0]'
    """
    def step(k: int | str) -> str:
        return f".{k}" if isinstance(k, Attribute) else f".shape[{int(k)}]" if isinstance(k, Length) else f"[{k!r}]"

    return "".join([place[0], *map(step, place[1])])


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
        return TypeRefusal(f"the value of '{shown(self.place)}' must be known at compile time: {self.what}", self.where,
                           f"give it a value: {self.place[0]}=...")


class KindsDiffer(Exception):  # noqa: N818  (control flow: what follows a branch is lowered on either side of it)
    """A value has another kind on each side of a branch."""
