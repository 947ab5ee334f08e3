"""What functions defined inside others take from around them.

A function that is not put in place of its call is a trace of its own, and a trace sees its parameters only: so the
variables that it takes from the functions around it become parameters, too (lambda lifting).  Its *captures* are the
frames that it reaches, through itself, through the functions that it is handed, and through those that these capture;
of each frame the names that are read, with what they stand for at the time of the call.

>>> node = gast.parse("def g(y):\\n  z = x * y\\n  return [z + k for k in h(y)]").body[0]
>>> sorted(free_names(node)), sorted(free_names(gast.parse("lambda y, n=m: x(y)").body[0].value))
(['h', 'x'], ['x'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import gast

from s2sad.frontend.exits import bound_names
from s2sad.frontend.values import Abstract, Closure, Seq, Value

_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
_CHANGING = frozenset("append extend insert pop remove clear sort reverse update setdefault popitem fill put add "
                      "discard".split())
FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)


def own_names(function: Any) -> frozenset[str]:
    """The parameters of a function and what its statements bind."""
    if isinstance(function, gast.Lambda):
        a = function.args
        return frozenset(p.id for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg) if p is not None)
    return bound_names(function)


@lru_cache(maxsize=4096)
def free_names(function: Any) -> frozenset[str]:
    """The names that a function reads or binds and that are not its own."""
    body = [function.body] if isinstance(function, gast.Lambda) else function.body
    return frozenset(name for part in body for name in _names(part)) - own_names(function)


def _names(node: Any) -> Iterable[str]:
    if isinstance(node, gast.Name):
        yield node.id
    elif isinstance(node, FUNCTIONS):
        yield from free_names(node)
        around = (*node.args.defaults, *node.args.kw_defaults, *getattr(node, "decorator_list", ()))
        yield from (name for part in around if part is not None for name in _names(part))
    elif isinstance(node, _COMPREHENSIONS):
        own = {n.id for g in node.generators for n in gast.walk(g.target) if isinstance(n, gast.Name)}
        inside = (name for part in gast.iter_child_nodes(node) for name in _names(part))
        yield from (name for name in inside if name not in own)
        yield from _names(node.generators[0].iter)
    elif isinstance(node, gast.Nonlocal):
        yield from node.names
    else:
        for part in gast.iter_child_nodes(node):
            yield from _names(part)


def shared_names(function: Any) -> frozenset[str]:
    """The names of a function that functions inside it bind, by ``nonlocal``.

    >>> text = "def f():\\n  n = 0\\n  def g():\\n    nonlocal n\\n    n = 1\\n  g()\\n  return n"
    >>> sorted(shared_names(gast.parse(text).body[0]))
    ['n']
    """
    if isinstance(function, gast.Lambda):
        return frozenset()
    return own_names(function) & frozenset(n for inner in _inner(function.body) for n in _bound_outside(inner))


def _inner(body: Iterable[Any]) -> Iterable[Any]:
    """The functions that statements define, not those inside these."""
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, gast.FunctionDef):
            yield node
        elif not isinstance(node, FUNCTIONS):
            stack.extend(gast.iter_child_nodes(node))


def _bound_outside(function: Any) -> frozenset[str]:
    declared: set[str] = set()
    stack = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Nonlocal):
            declared.update(node.names)
        elif not isinstance(node, FUNCTIONS):
            stack.extend(gast.iter_child_nodes(node))
    inner = frozenset(n for f in _inner(function.body) for n in _bound_outside(f))
    return frozenset(declared) | (inner - own_names(function))


def changes_outside(function: Any) -> bool:
    """Whether a function may change what belongs to those around it: variables, items, attributes.

    >>> texts = "lambda x: x", "lambda x: seen.append(x)", "lambda x: seen[x]"
    >>> [changes_outside(gast.parse(text).body[0].value) for text in texts]
    [False, True, False]
    """
    free = free_names(function)
    for node in gast.walk(function):
        if isinstance(node, (gast.Nonlocal, gast.Global)):
            return True
        calls = isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in _CHANGING
        owner = node.func if calls else node
        if calls or isinstance(node, (gast.Attribute, gast.Subscript)) and not isinstance(node.ctx, gast.Load):
            while isinstance(owner, (gast.Attribute, gast.Subscript)):
                owner = owner.value
            if isinstance(owner, gast.Name) and owner.id in free:
                return True
    return False


@dataclass(eq=False)
class Captures:
    """The frames that values reach, in the order they are met, and the names read in each.

    ``keys`` says under which name a variable of a frame is handed over; ``values`` is what is handed over.
    """

    frames: list[Any] = field(default_factory=list)
    keys: dict[tuple[int, str], str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def index(self, frame: Any) -> int | None:
        """The number of a frame, None if there is no frame."""
        if frame is None:
            return None
        return next(k for k, f in enumerate(self.frames) if f is frame)

    @property
    def key(self) -> Any:
        """What tells one set of frames from another, other than what the names stand for."""
        return tuple((id(f.node), self.index(f.lexical)) for f in self.frames), tuple(self.keys.items())

    def rebuilt(self, kept: Sequence[Any] = ()) -> list[Any]:
        """Frames like these without any values yet, for all but those that are ``kept``."""
        made = [f if f in kept else replace(f, env={}, caller=None, loops=[], fixed=[], at=None) for f in self.frames]
        for frame, old in zip(made, self.frames):
            k = self.index(old.lexical)
            if frame is not old:
                frame.lexical = None if k is None else made[k]
        return made


def remade(value: Value, now: Callable[[Value], Value], change: Callable[[Value], Value],
           kept: Sequence[Any] = ()) -> Value:
    """A value with other operands in it: ``change`` is asked for each, also for those that functions capture.

    Functions get frames of their own, except where they capture from the frames that are ``kept``.
    """
    found = captures([value], None, (), now, lambda v, name: v, kept)
    return _with_frames(value, found, found.rebuilt(kept), found.values, change)


def rebound(value: Value, found: Captures, values: Mapping[str, Value], outer: Mapping[int, Any]) -> Value:
    """A value that another trace has returned: its functions capture ``values``, or from the frames of the caller.

    ``outer`` are the frames of the caller by the identity of those that stood for them.
    """
    made = found.rebuilt()
    for k, old in enumerate(found.frames):
        made[k] = outer.get(id(old), made[k])
    for frame, old in zip(made, found.frames):
        k_around = found.index(old.lexical)
        if id(old) not in outer:
            frame.lexical = None if k_around is None else made[k_around]
    return _with_frames(value, found, made, values, lambda v: v)


def _with_frames(value: Value, found: Captures, made: Sequence[Any], values: Mapping[str, Value],
                 change: Callable[[Value], Value]) -> Value:
    """A value whose functions belong to other frames, in which they find these values."""
    def again(v: Value) -> Value:
        v = change(v)
        if isinstance(v, Seq):
            return v.with_items(map(again, v.items))
        if not isinstance(v, Abstract) or not (v.PARTS or isinstance(v, Closure)):
            return v
        new = v.with_parts(map(again, v.parts()))
        k = found.index(new.frame) if isinstance(new, Closure) else None
        return replace(new, frame=made[k]) if isinstance(new, Closure) and k is not None else new

    for (k, name), key in found.keys.items():
        made[k].env[name] = again(values[key])
    return again(value)


def captures(values: Iterable[Value], function: Closure | None, taken: Iterable[str], now: Callable[[Value], Value],
             ready: Callable[[Value, str], Value], without: Sequence[Any] = ()) -> Captures:
    """What a call needs beside its arguments.

    ``now`` gives a list or dict its present items, ``ready`` turns a value into one that can be handed over; ``taken``
    are the names of the parameters.  Names of the frames ``without`` are left out.
    """
    found, names = Captures(), set(taken)
    todo: list[Value] = [*([function] if function is not None else ()), *values]
    seen: set[tuple[int, int]] = set()
    while todo:
        value = now(todo.pop(0))
        if isinstance(value, Abstract):
            todo += value.items if isinstance(value, Seq) else value.parts()
        if not isinstance(value, Closure) or (id(value.node), id(value.frame)) in seen:
            continue
        seen.add((id(value.node), id(value.frame)))
        chain = []
        frame = value.frame
        while frame is not None:
            chain.append(frame)
            if not any(f is frame for f in found.frames):
                found.frames.append(frame)
            frame = frame.lexical
        for name in sorted(free_names(value.node)):
            owner = next((f for f in chain if name in f.locals), None)
            if owner is None or owner in without or name not in owner.env or (found.index(owner), name) in found.keys:
                continue
            k = found.index(owner)
            assert k is not None
            key, count = name, 1
            while key in names:
                count += 1
                key = f"{name}_{count}"
            names.add(key)
            found.keys[k, name] = key
            found.values[key] = ready(owner.env[name], name)
            todo.append(found.values[key])
    return found
