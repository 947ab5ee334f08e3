"""Functions with ``*args`` and ``**kwargs``: each way to call one is a program of its own.

The arguments of a call are counted, and each is a parameter of the program: the derivative of ``f(x, *ys)`` for three
arguments is a function of ``x``, ``ys_0`` and ``ys_1``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from s2sad.build.base import Spread, base_of, has_stars
from s2sad.errors import S2sadError
from s2sad.frontend.meanings import Function
from s2sad.frontend.signature import Group, parse_types


class Open:
    """An operator on a function with stars: made for each number of arguments and set of keywords when it is called."""

    def __init__(self, maker: Callable[..., Any], f: Any, *options: Any) -> None:
        self._recipe = (maker, f, *options)
        self._made: dict[Any, Any] = {}
        functools.update_wrapper(self, f, updated=())
        kind = getattr(maker, "func", maker).__name__
        self.__name__ = self.__qualname__ = f"{getattr(f, '__name__', 'f')}_{kind}"
        self.__wrapped__ = f

    def spread(self, count: int, keys: tuple[str, ...]) -> Any:
        """The operator for so many positional arguments and these keywords."""
        made = self._made.get((count, keys))
        if made is None:
            maker, f, *options = self._recipe
            made = self._made[count, keys] = maker(_spread(f, count, keys), *options)
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.spread(len(args), tuple(kwargs))(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<s2sad {self.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Open, self._recipe


def is_open(f: Any) -> bool:
    """Whether what a callable's program is depends on how it is called.

    >>> is_open(lambda *xs: xs[0]), is_open(lambda x: x)
    (True, False)
    """
    if isinstance(f, Open):
        return True
    if hasattr(f, "__s2sad_program__") or hasattr(f, "__s2sad_columns__"):
        return False
    primal = getattr(f, "__s2sad_primal__", f)
    try:
        return (callable(primal) or isinstance(primal, Function)) and not isinstance(primal, Spread) and (
            has_stars(primal))
    except S2sadError:
        return False


def for_call(f: Any, args: Iterable[Any], kwargs: Iterable[str] = ()) -> Any:
    """A callable for calls with so many arguments and these keywords; others as they are."""
    return _spread(f, len(tuple(args)), tuple(kwargs)) if is_open(f) else f


def for_types(f: Any, types: Any) -> tuple[Any, Any]:
    """A callable for calls with arguments of these types, and the type of each of them.

    The types of what ``*args`` and ``**kwargs`` take are those of a tuple and of a dict.

    >>> for_types(lambda x, *ys: x, "x: float, ys: (float, int)")[1]
    {'x': float, 'ys_0': float, 'ys_1': int}
    """
    if not is_open(f):
        return f, types
    if isinstance(types, (tuple, list)):
        return for_call(f, types), types
    given = dict(parse_types(types) if isinstance(types, str) else types or {})
    base = f
    while isinstance(base, Open):
        base = base.__wrapped__
    parameters = base_of(getattr(base, "__s2sad_primal__", base)).parameters.parameters.values()
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    first = next((p.name for p in parameters if p.kind == p.VAR_POSITIONAL), "")
    last = next((p.name for p in parameters if p.kind == p.VAR_KEYWORD), "")
    more, named = given.pop(first, ()), given.pop(last, {})
    more = more.items if isinstance(more, Group) else tuple(more)
    named = dict(zip(named.keys, named.items)) if isinstance(named, Group) else dict(named)
    spread = _spread(f, len(plain) + len(more) if more else 0, tuple(map(str, named)))
    base = spread
    while not isinstance(base, Spread):
        base = base.__wrapped__
    for star in base_of(base).stars:
        given |= zip(star.inputs, named.values() if star.keys is not None else more)
    return spread, given


def _spread(f: Any, count: int, keys: tuple[str, ...]) -> Any:
    if isinstance(f, Open):
        return f.spread(count, keys)
    primal = getattr(f, "__s2sad_primal__", None)
    if primal is None:
        return Spread(f, count, keys)
    return type(f)(Spread(primal, count, keys), f._wrt, f._has_aux, *f.__s2sad_options__)


__all__ = ["Open", "for_call", "for_types", "is_open"]
