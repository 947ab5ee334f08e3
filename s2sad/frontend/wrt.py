"""Which arguments to differentiate by: positions or names, one or several, and how the derivatives are handed back."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.signature import Star

Wrt = int | str | Sequence[int | str]
# Positions that are shown together, as a tuple or as a dict with these keys.
Bundle = tuple[tuple[int, ...], tuple[str, ...] | None]


@dataclass(frozen=True)
class View:
    """How a result of a kernel is shown to the caller; the identity."""

    def show(self, made: Any) -> Any:
        """The result as the caller sees it."""
        return made

    def hide(self, seen: Any) -> Any:
        """The inverse: a cotangent of what the caller sees as the kernel takes it."""
        return seen


SAME = View()


@dataclass(frozen=True)
class Chosen(View):
    """The arguments chosen: ``positions`` in the caller's order; a ``lone`` one is shown without a tuple.

    Kernels give one derivative bare and several in the order of the parameters.

    >>> Chosen((2, 0), False).show(("first", "third"))
    ('third', 'first')
    >>> Chosen((1,), False).show("second")
    ('second',)

    With ``stars``, what ``*args`` or ``**kwargs`` take is shown together: for each item of ``wrt`` a position, or
    positions with the keys of a dict, or with None for a tuple.

    >>> Chosen((1, 2), True, (((1, 2), ("a", "b")),)).show((10.0, 20.0))
    {'a': 10.0, 'b': 20.0}
    """

    positions: tuple[int, ...]
    lone: bool
    stars: tuple[int | Bundle, ...] = ()

    @property
    def ordered(self) -> tuple[int, ...]:
        """The positions in the order of the parameters."""
        return tuple(sorted(self.positions))

    @property
    def is_plain(self) -> bool:
        """Whether the caller sees just what the kernel makes."""
        return not self.stars and (self.lone if len(self.positions) == 1 else self.positions == self.ordered)

    def show(self, made: Any) -> Any:
        if self.lone and not self.stars:
            return made
        parts = dict(zip(self.ordered, (made,) if len(self.positions) == 1 else made))
        if self.stars:
            found = [parts[k] if isinstance(k, int) else _bundled(k, parts) for k in self.stars]
            return found[0] if self.lone else tuple(found)
        return tuple(parts[k] for k in self.positions)

    def hide(self, seen: Any) -> Any:
        if self.stars:
            flat = [part for k, item in zip(self.stars, (seen,) if self.lone else seen)
                    for part in ([item] if isinstance(k, int) else item if k[1] is None else item.values())]
            return Chosen(self.positions, False).hide(flat)
        if self.lone:
            return seen
        parts = dict(zip(self.positions, seen))
        return seen[0] if len(self.positions) == 1 else tuple(parts[k] for k in self.ordered)


def _bundled(bundle: Bundle, parts: dict[int, Any]) -> Any:
    positions, keys = bundle
    items = tuple(parts[k] for k in positions)
    return items if keys is None else dict(zip(keys, items))


@dataclass(frozen=True)
class Parts(View):
    """A tuple whose parts are shown each in its way."""

    views: tuple[View, ...]

    def show(self, made: Any) -> Any:
        return tuple(v.show(part) for v, part in zip(self.views, made))

    def hide(self, seen: Any) -> Any:
        return tuple(v.hide(part) for v, part in zip(self.views, seen))


def parts(*views: View) -> View:
    """The view of a tuple; the identity if each part's is."""
    return SAME if all(v == SAME or isinstance(v, Chosen) and v.is_plain for v in views) else Parts(views)


def one_of(wrt: Wrt | None, argnums: Wrt | None, default: Wrt | None = None) -> Wrt | None:
    """``wrt`` or its alias ``argnums``, never both."""
    if argnums is None:
        return default if wrt is None else wrt
    if wrt is not None and wrt != argnums:
        raise ArgumentError("wrt and argnums are the same option: give one of them")
    return argnums


def choose(wrt: Wrt, names: Sequence[str], fn: str, option: str = "wrt", stars: Sequence[Star] = ()) -> Chosen:
    """The arguments that ``wrt``, or another option, means.

    Args:
        wrt: a position or name, or a sequence of these; negative positions count from the end.
        names: the names of the function's parameters.
        fn: the function's name, for messages.
        option: the option's name, for messages.
        stars: parameters such as ``*args``, which stand for several of the names.

    Raises:
        ArgumentError: if ``wrt`` is of another type (a TypeError).
        ValueArgumentError: if there is no such parameter, or one is named twice (a ValueError).

    >>> choose("y", ["x", "y"], "f")
    Chosen(positions=(1,), lone=True, stars=())
    >>> choose((-1, "x"), ["x", "y"], "f")
    Chosen(positions=(1, 0), lone=False, stars=())
    """
    lone = isinstance(wrt, (int, str)) or hasattr(wrt, "__index__")
    items = (wrt,) if lone else wrt
    if not isinstance(items, Sequence):
        raise ArgumentError(_neither(wrt, fn, option))
    bundles = {s.name: (tuple(list(names).index(n) for n in s.inputs), s.keys) for s in stars
               if all(n in names for n in s.inputs)}
    found = tuple(bundles[item] if isinstance(item, str) and item in bundles else _position(item, names, fn, option)
                  for item in items)
    positions = tuple(k for one in found for k in ((one,) if isinstance(one, int) else one[0]))
    if len(set(positions)) != len(positions):
        raise ValueArgumentError(f"{option}={wrt!r} names a parameter of {fn} twice")
    if not positions:
        raise ValueArgumentError(f"{option} is empty: name at least one parameter of {fn}{_listed(names)}")
    return Chosen(positions, lone, () if all(isinstance(one, int) for one in found) else found)


def _position(item: Any, names: Sequence[str], fn: str, option: str) -> int:
    if isinstance(item, str):
        if item in names:
            return list(names).index(item)
        close = difflib.get_close_matches(item, names, 1, 0.5)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueArgumentError(f"{option}={item!r}: {fn} has no such parameter{_listed(names)}{hint}")
    try:
        k = operator.index(item)
    except TypeError:
        raise ArgumentError(_neither(item, fn, option)) from None
    if isinstance(item, bool):
        raise ArgumentError(_neither(item, fn, option))
    if not -len(names) <= k < len(names):
        count = f"{len(names)} parameter{'' if len(names) == 1 else 's'}"
        raise ValueArgumentError(f"{option}={k}: {fn} has {count}{_listed(names)}")
    return int(k) % len(names)


def _neither(item: object, fn: str, option: str) -> str:
    """What is said of something that is no position and no name; an array is an argument at the wrong place."""
    hint = f"; the arguments of {fn} go to the result: grad({fn})(x)" if hasattr(item, "shape") else ""
    return f"{option} must be positions or names of parameters of {fn}, not {item!r}{hint}"


def _listed(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""
