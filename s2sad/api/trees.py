"""Arguments and results as trees: tuples, lists, dicts, named tuples and objects whose parts are trees.

A *leaf* is anything that is no container.  It is *differentiable* if it is a floating-point or complex number or array.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.structures import OwnFunction, kind_of, parts_of, takes_fields
from s2sad.runtime.helpers import instance


def is_container(tree: Any) -> bool:
    """Whether a value is a container of values.

    >>> is_container((1.0, 2.0)), is_container(1.0)
    (True, False)
    """
    return kind_of(tree) != ""


def children(tree: Any) -> list[tuple[str, Any]]:
    """The parts of a container with what is written behind its name to reach them.

    >>> children([1.0, 2.0])
    [('[0]', 1.0), ('[1]', 2.0)]
    """
    return _named(tree, kind_of(tree))


def _named(tree: Any, kind: str) -> list[tuple[str, Any]]:
    keys, parts = parts_of(tree, kind)
    if kind == "dict" or not keys:
        return [(f"[{k!r}]", item) for k, item in zip(keys or range(len(parts)), parts)]
    return [(f".{k}", item) for k, item in zip(keys, parts)]


def items(tree: Any) -> Sequence[Any]:
    """The parts of a container."""
    return parts_of(tree, kind_of(tree))[1]


def rebuilt(tree: Any, items: list[Any]) -> Any:
    """A container of the same kind with other parts.

    >>> rebuilt({"a": 1, "b": 2}, [3, 4])
    {'a': 3, 'b': 4}
    """
    kind, t = kind_of(tree), type(tree)
    if kind == "object":
        attributes = dict(zip(parts_of(tree, kind)[0], items))
        made = t(**attributes) if takes_fields(t, tuple(attributes)) else instance(t, **attributes)
        for name, part in attributes.items():
            if isinstance(part, OwnFunction):
                object.__setattr__(made, name, types.MethodType(part.fn, made))
        return made
    if kind == "dict":
        return dict(zip(tree, items))
    return t(items) if t in (tuple, list) else t._make(items)


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of a tree, each with its path.

    >>> list(leaves((1.0, [2.0]), "x"))
    [('x[0]', 1.0), ('x[1][0]', 2.0)]
    """
    kind = kind_of(tree)
    if not kind:
        yield path, tree
        return
    for name, item in _named(tree, kind):
        yield from leaves(item, path + name)


def flat(tree: Any) -> list[Any]:
    """The leaves of a tree.

    >>> flat((1.0, [2.0]))
    [1.0, 2.0]
    """
    kind = kind_of(tree)
    return [leaf for item in parts_of(tree, kind)[1] for leaf in flat(item)] if kind else [tree]


def together(one: Any, other: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The leaves of two trees of one form with their paths; None may stand for a whole container.

    >>> list(together((1.0, [2, 3]), (4.0, None), "x"))
    [('x[0]', 1.0, 4.0), ('x[1][0]', 2, None), ('x[1][1]', 3, None)]
    """
    if not is_container(one if is_container(one) else other):
        yield path, one, other
        return
    mine, theirs = (children(tree) if is_container(tree) else None for tree in (one, other))
    for k, (name, _) in enumerate(mine or theirs or ()):
        yield from together(mine[k][1] if mine else None, theirs[k][1] if theirs else None, path + name)


def tree_map(fn: Callable[[Any], Any], tree: Any) -> Any:
    """The tree of ``fn`` of the leaves.

    >>> tree_map(lambda x: 2 * x, (1.0, [2.0]))
    (2.0, [4.0])
    """
    if is_container(tree):
        return rebuilt(tree, [tree_map(fn, item) for item in items(tree)])
    return fn(tree)


def unflatten(tree: Any, values: Iterator[Any]) -> Any:
    """The tree with its leaves replaced by values taken in order.

    >>> unflatten((1.0, [2.0]), iter("ab"))
    ('a', ['b'])
    """
    return tree_map(lambda _: next(values), tree)


def is_differentiable_leaf(leaf: Any) -> bool:
    """Whether a leaf can have a derivative.

    >>> is_differentiable_leaf(1.0), is_differentiable_leaf(1), is_differentiable_leaf(np.ones(2, np.float32))
    (True, False, True)
    """
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "fc"
    return isinstance(leaf, (float, complex))


def is_differentiable(tree: Any) -> bool:
    """Whether some leaf of a tree can have a derivative."""
    return any(map(is_differentiable_leaf, flat(tree)))


def where_differentiable(made: Any, like: Any) -> Any:
    """A tree with the form of another one, None for what has no derivative in that.

    >>> where_differentiable((1.0, 2.0, [3.0]), (0.5, 7, ["text"]))
    (1.0, None, None)
    """
    if not is_differentiable(like):
        return None
    if not is_container(like):
        return made
    pairs = zip(children(made), children(like))
    return rebuilt(like, [where_differentiable(one, item) for (_, one), (_, item) in pairs])


def describe(leaf: Any) -> str:
    """What a value is, for a message.

    >>> describe(3), describe(np.zeros((2, 3), np.float32)), describe("a"), describe(None)
    ('the int 3', 'an array of float32 with shape (2, 3)', "the str 'a'", 'None')
    """
    if isinstance(leaf, np.ndarray):
        return f"an array of {leaf.dtype} with shape {leaf.shape}"
    if isinstance(leaf, np.generic):
        return f"the {leaf.dtype} {leaf}"
    if leaf is None:
        return "None"
    if is_container(leaf):
        kind = type(leaf).__name__
        count = len(children(leaf))
        return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind} of {count}"
    if isinstance(leaf, (bool, int, float, complex, str)):
        return f"the {type(leaf).__name__} {leaf!r}"
    return f"an object of type {type(leaf).__qualname__}"


def copied(tree: Any) -> Any:
    """The tree with arrays of its own, in the same order in memory: products and sums round as they do there."""
    return tree_map(lambda leaf: leaf.copy(order="K") if isinstance(leaf, np.ndarray) else leaf, tree)


def zeros(tree: Any) -> Any:
    """Zero tangents or cotangents for a tree; None where there is no derivative.

    >>> zeros((1.0, 2))
    (0.0, None)
    """
    def zero(leaf: Any) -> Any:
        if not is_differentiable_leaf(leaf):
            return None
        if isinstance(leaf, (np.ndarray, np.generic)):
            made = np.zeros(leaf.shape, leaf.dtype)
            return made if isinstance(leaf, np.ndarray) else made[()]
        return 0j if isinstance(leaf, complex) else 0.0

    return tree_map(zero, tree)


def fitted(value: Any, like: Any, name: str, what: str) -> Any:
    """A tangent or cotangent made to fit the value it belongs to, or a refusal that says what does not fit.

    Args:
        value: a tree with the form of ``like``; None stands for zero.
        like: the primal value: numbers of shape (), arrays of any shape, containers of these.
        name: what to call ``like`` in a message.
        what: ``tangent`` or ``cotangent``.

    Returns:
        A tree with the form of ``like``, each leaf of its shape and dtype.

    Raises:
        ArgumentError: for another structure, type or dtype (a TypeError).
        ValueArgumentError: for another shape or length (a ValueError).

    >>> fitted([1.0, None], [2.0, 3.0], "x", "tangent")
    [1.0, 0.0]
    """
    if value is None:
        return zeros(like)
    if is_container(like):
        if not _go_together(value, like):
            raise ArgumentError(f"the {what} of {name} must be {describe(like)} as {name} is, not {describe(value)}")
        mine, theirs = children(value), children(like)
        named = kind_of(like) in ("dict", "object")
        if len(mine) != len(theirs) or named and dict(mine).keys() != dict(theirs).keys():
            raise ValueArgumentError(f"the {what} of {name} has {len(mine)} parts {_keys(value)}and {name} has "
                                     f"{len(theirs)} {_keys(like)}".rstrip())
        by_name = dict(mine) if named else {n: item for (n, _), (_, item) in zip(theirs, mine)}
        return rebuilt(like, [fitted(by_name[n], item, name + n, what) for n, item in theirs])
    return _fitted_leaf(value, like, name, what)


def _go_together(value: Any, like: Any) -> bool:
    """Whether a value is a container that can belong to another one: tuples and lists go by position."""
    mine, theirs = kind_of(value), kind_of(like)
    if "object" in (mine, theirs):
        return type(value) is type(like)
    return mine == theirs or mine in ("tuple", "list") and theirs in ("tuple", "list")


def _keys(tree: Any) -> str:
    keys = parts_of(tree, kind_of(tree))[0]
    return f"({', '.join(map(repr, keys))}) " if kind_of(tree) in ("dict", "object") else ""


def _fitted_leaf(value: Any, like: Any, name: str, what: str) -> Any:
    if isinstance(like, OwnFunction):
        return None
    if not is_differentiable_leaf(like):
        if isinstance(value, (int, float)) and value == 0:
            return None
        raise ArgumentError(f"{name} is {describe(like)} and has no {what}: pass None")
    if isinstance(value, (np.ndarray, np.generic)):
        dtype = value.dtype
        if value.shape != np.shape(like):
            raise ValueArgumentError(f"the {what} of {name} has shape {value.shape} and {name} has shape "
                                     f"{np.shape(like)}")
        wanted = np.asarray(like).dtype
        if dtype != wanted:
            raise ArgumentError(f"the {what} of {name} has dtype {dtype} and {name} has dtype {wanted}: pass "
                                f"{what}.astype(np.{wanted})")
        if isinstance(like, np.ndarray):
            return value if isinstance(value, np.ndarray) else np.asarray(value)
        scalar: Any = np.asarray(value)[()]
        return scalar if isinstance(like, np.generic) else scalar.item()
    number = isinstance(value, (bool, int, float)) or isinstance(value, complex) and np.iscomplexobj(like)
    if not number:
        raise ArgumentError(f"the {what} of {name} must be {_wanted(like)}, not {describe(value)}")
    if np.shape(like) != ():
        raise ValueArgumentError(f"the {what} of {name} is {describe(value)} and {name} has shape {np.shape(like)}")
    if isinstance(like, (np.ndarray, np.generic)):
        made = np.asarray(value, like.dtype)
        return made if isinstance(like, np.ndarray) else made[()]
    return complex(value) if isinstance(like, complex) else float(value)


def _wanted(like: Any) -> str:
    if np.shape(like):
        return f"an array of {np.asarray(like).dtype} with shape {np.shape(like)}"
    return f"a number of type {np.asarray(like).dtype}"
