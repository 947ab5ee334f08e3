"""Arguments that a program writes to: whose memory they are, and how they are left with their final contents.

A program is compiled for arguments that share no memory with what it writes to.  Whether they do is a matter of each
call: bounds first, then exactly, as in ``(np.may_share_memory(a, b), np.shares_memory(a, b))``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from s2sad.api.trees import children, flat, is_container, leaves
from s2sad.api.types import part
from s2sad.errors import ArgumentError
from s2sad.frontend.specialise import Place

# How much work NumPy may put into finding out whether two arrays overlap; beyond it they are taken to.
_WORK = 100_000


def check_written(written: Sequence[Place], values: Mapping[str, Any], fn: str, known: Sequence[Any] = ()) -> None:
    """Refuse arguments that are written to and share memory, or are changed and are there twice.

    Args:
        written: the places of the arrays that are written to, and of the lists, dicts and objects that change.
        values: the arguments, and what else is read at this call.
        fn: what to call the program in a message.
        known: the objects from outside that the program reads besides.

    Raises:
        ArgumentError: (a TypeError) naming both.

    >>> a = np.zeros(4)
    >>> check_written([("a", ())], {"a": a[:2], "b": a[2:]}, "f")
    >>> check_written([("a", ())], {"a": a[:3], "b": a[2:]}, "f")
    Traceback (most recent call last):
    s2sad.errors.ArgumentError: arguments 'a' and 'b' of f share memory, and 'a' is written to: pass b.copy()
    """
    arrays = [leaf for leaf in flat(tuple(values.values())) if isinstance(leaf, np.ndarray)]
    for place in written:
        value = part(values[place[0]], place[1])
        if is_container(value):
            if any(one is value for one in known):
                name = _name(place, values)
                raise ArgumentError(f"{fn} changes its argument {name!r}, and reads the same object from outside: pass "
                                    f"a copy, copy.deepcopy({name})")
            same = [path for path, one in _containers(values) if one is value]
            if len(same) > 1:
                name, other = _apart(place, values, same)
                raise ArgumentError(f"arguments {name!r} and {other!r} of {fn} are one object, and {name!r} is "
                                    f"changed: pass a copy, copy.deepcopy({other})")
            continue
        if _overlaps_itself(value):
            name = _name(place, values)
            raise ArgumentError(f"{fn} writes to {name!r}, whose elements share memory with each other: pass "
                                f"{name}.copy()")
        if sum(_overlap(value, array) for array in arrays) > 1:
            name, other = _apart(place, values, [path for path, array in _arrays(values) if _overlap(value, array)])
            raise ArgumentError(f"arguments {name!r} and {other!r} of {fn} share memory, and {name!r} is written "
                                f"to: pass {other}.copy()")


def leave(written: Sequence[Place], values: Mapping[str, Any], contents: Sequence[Any]) -> None:
    """Store the final contents in the caller's arrays.

    >>> a = np.zeros(2)
    >>> leave([("a", ())], {"a": a}, [np.ones(2)])
    >>> a
    array([1., 1.])
    """
    for (name, path), final in zip(written, contents):
        part(values[name], path)[...] = final


def _arrays(values: Mapping[str, Any]) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    for name, value in values.items():
        for path, leaf in leaves(value, name):
            if isinstance(leaf, np.ndarray):
                yield path, leaf


def _containers(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The containers in arguments, with their paths."""
    todo = list(values.items())
    while todo:
        path, value = todo.pop()
        if is_container(value):
            yield path, value
            todo += [(path + name, item) for name, item in children(value)]


def _name(place: Place, values: Mapping[str, Any]) -> str:
    """What is written to reach a place, as `leaves` writes it."""
    text, value = place[0], values[place[0]]
    for step in place[1]:
        text += next(name for name, item in children(value) if name in (f".{step}", f"[{step!r}]"))
        value = part(value, (step,))
    return text


def _apart(place: Place, values: Mapping[str, Any], paths: Sequence[str]) -> tuple[str, str]:
    """The path of a place, and another one among paths."""
    name = _name(place, values)
    return name, next(path for path in paths if path != name)


def _overlap(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    if not np.may_share_memory(a, b):
        return False
    try:
        return np.shares_memory(a, b, max_work=_WORK)  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return True


def _overlaps_itself(a: np.ndarray[Any, Any]) -> bool:
    """Whether an array has more elements than its memory has room for."""
    extent = a.itemsize + sum((n - 1) * abs(step) for n, step in zip(a.shape, a.strides))
    return a.size > 0 and extent < a.nbytes


__all__ = ["check_written", "leave"]
