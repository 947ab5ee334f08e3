"""The corpus: what a case is, where the cases are, and how their derivatives are compared.

A case is a function of ``tests/programs`` with arguments at which it is smooth.  Everything that calls s2sad for the
corpus is in this file, so that the tests themselves only state what must hold.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import linecache
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

LEVELS = ("source", "trace")


@dataclass(frozen=True)
class Case:
    """A function, the arguments to differentiate it at, and the positions of those that count as variables."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: tuple[int, ...]
    note: str = ""
    second_order: bool = True
    single: bool = False

    @property
    def name(self) -> str:
        module = self.fn.__module__.rpartition(".")[2]
        return f"{module}.{self.fn.__name__}" + (f"-{self.note}" if self.note else "")

    def arguments(self) -> tuple[Any, ...]:
        """The arguments, copied: a test may spoil its own."""
        return copy.deepcopy(self.args)

    @property
    def is_single(self) -> bool:
        """Whether some of the computation is in single precision."""
        return self.single or any(leaf.dtype == np.float32 for k in self.wrt for leaf in leaves(self.args[k]))


def case(fn: Callable[..., Any], *args: Any, wrt: tuple[int, ...] | int | None = None, **options: Any) -> Case:
    """A case; without ``wrt`` the variables are all arguments made of floats."""
    if wrt is None:
        wrt = tuple(k for k, arg in enumerate(args) if is_variable(arg))
    return Case(fn, args, (wrt,) if isinstance(wrt, int) else wrt, **options)


def cases() -> list[Case]:
    """Every case of every module of ``tests.programs``."""
    package = importlib.import_module("tests.programs")
    found = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        found += importlib.import_module(f"tests.programs.{info.name}").CASES
    return found


def spread(*shape: int, low: float = -1.2, high: float = 1.3, dtype: Any = np.float64) -> np.ndarray:
    """An array of well separated values in no order, the same in every run.

    >>> spread(3).round(3)
    array([-0.428,  1.118,  0.163])
    """
    count = int(np.prod(shape))
    fractions = (0.309 + 0.6180339887498949 * np.arange(count)) % 1.0
    return (low + (high - low) * fractions).reshape(shape).astype(dtype)


def positive(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    """Like `spread`, between 0.4 and 1.9."""
    return spread(*shape, low=0.4, high=1.9, dtype=dtype)


# Trees: an argument or a result is a number, an array, or a tuple, list, dict, named tuple or object of trees.


def is_object(tree: Any) -> bool:
    """Whether a tree is an object with attributes."""
    return hasattr(tree, "__dict__") or hasattr(tree, "__slots__") and not isinstance(tree, tuple)


def attributes(tree: Any) -> dict[str, Any]:
    """The attributes of an object: its instance dictionary and its slots."""
    slots = [name for cls in type(tree).__mro__ for name in getattr(cls, "__slots__", ())]
    return {**getattr(tree, "__dict__", {}), **{name: getattr(tree, name) for name in slots}}


def with_attributes(tree: Any, values: dict[str, Any]) -> Any:
    """An object like another one with other attributes."""
    if type(tree) is SimpleNamespace:
        return SimpleNamespace(**values)
    made = object.__new__(type(tree))
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def with_items(tree: Any, items: Any) -> Any:
    """A tuple or list like another one with other items."""
    return tree._make(items) if hasattr(tree, "_make") else type(tree)(items)


def leaves(tree: Any) -> list[np.ndarray]:
    """The numbers and arrays of a tree, in order, as arrays; what an object holds besides is none."""
    if is_object(tree):
        return [leaf for item in attributes(tree).values() if holds_numbers(item) for leaf in leaves(item)]
    if isinstance(tree, dict):
        return leaves(list(tree.values()))
    if isinstance(tree, (tuple, list)):
        return [leaf for item in tree for leaf in leaves(item)]
    return [np.asarray(tree)]


def tree_map(fn: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """``fn`` of the leaves of trees of the same form; what an object holds besides stays as it is."""
    if is_object(tree):
        parts = attributes(tree)
        assert all(type(other) is type(tree) and attributes(other).keys() == parts.keys() for other in others)
        return with_attributes(tree, {
            name: tree_map(fn, item, *(attributes(other)[name] for other in others)) if holds_numbers(item) else item
            for name, item in parts.items()
        })
    if isinstance(tree, dict):
        assert all(list(other) == list(tree) for other in others)
        return {key: tree_map(fn, tree[key], *(other[key] for other in others)) for key in tree}
    if isinstance(tree, (tuple, list)):
        return with_items(tree, (tree_map(fn, *items) for items in zip(tree, *others, strict=True)))
    return fn(tree, *others)


def holds_numbers(tree: Any) -> bool:
    """Whether there are floating-point numbers or arrays of them in a tree."""
    if is_object(tree):
        return any(map(holds_numbers, attributes(tree).values()))
    if isinstance(tree, (tuple, list, dict)):
        return any(map(holds_numbers, tree.values() if isinstance(tree, dict) else tree))
    return is_variable(tree)


def is_variable(tree: Any) -> bool:
    """Whether a tree consists of floating-point numbers and arrays; an object may hold other things besides."""
    if is_object(tree):
        return holds_numbers(tree)
    if isinstance(tree, dict):
        return is_variable(list(tree.values()))
    if isinstance(tree, (tuple, list)):
        return bool(tree) and all(map(is_variable, tree))
    return isinstance(tree, (float, np.ndarray, np.generic)) and np.asarray(tree).dtype.kind == "f"


def dot(a: Any, b: Any) -> float:
    """The inner product of two trees, in double precision."""
    pairs = zip(leaves(a), leaves(b), strict=True)
    return float(sum(np.sum(x.astype(np.float64) * y.astype(np.float64)) for x, y in pairs))


def norm(tree: Any) -> float:
    """The Euclidean length of a tree."""
    return dot(tree, tree) ** 0.5


def direction(tree: Any, seed: int) -> Any:
    """A random tree with the form, shapes and dtypes of ``tree``; None for what an object holds besides numbers."""
    rng = np.random.default_rng(seed)

    def draw(leaf: Any) -> Any:
        if isinstance(leaf, float) and not isinstance(leaf, np.generic):
            return float(rng.uniform(0.3, 1.0))
        value = np.asarray(leaf)
        drawn = (rng.uniform(0.3, 1.0, value.shape) * rng.choice([-1.0, 1.0], value.shape)).astype(value.dtype)
        return np.asarray(drawn) if isinstance(leaf, np.ndarray) else value.dtype.type(drawn)

    return without_others(tree_map(draw, tree))


def without_others(tree: Any) -> Any:
    """A tree in which None stands for what objects hold besides numbers."""
    if is_object(tree):
        return with_attributes(tree, {name: without_others(item) if holds_numbers(item) else None
                                      for name, item in attributes(tree).items()})
    if isinstance(tree, dict):
        return {key: without_others(item) for key, item in tree.items()}
    return with_items(tree, map(without_others, tree)) if isinstance(tree, (tuple, list)) else tree


def same_bits(a: Any, b: Any) -> bool:
    """Whether two trees have the same form, types, dtypes, shapes and bits."""
    if is_object(a):
        x, y = attributes(a), attributes(b)
        return type(a) is type(b) and x.keys() == y.keys() and all(
            same_bits(x[name], y[name]) if holds_numbers(x[name]) else x[name] == y[name] for name in x)
    if isinstance(a, dict):
        return type(b) is dict and list(a) == list(b) and all(same_bits(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same_bits, a, b))
    x, y = np.asarray(a), np.asarray(b)
    return type(a) is type(b) and x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()


# Differences: the reference that shares no code with s2sad.


def with_variables(case: Case, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with the variables replaced."""
    args = list(case.arguments())
    for k, value in zip(case.wrt, values, strict=True):
        args[k] = value
    return tuple(args)


def variables(case: Case) -> tuple[Any, ...]:
    """The arguments that are variables."""
    return tuple(case.args[k] for k in case.wrt)


def moved(tree: Any, step: float, along: Any) -> Any:
    """``tree + step * along`` in double precision; Python floats stay Python floats."""

    def move(leaf: Any, change: Any) -> Any:
        if isinstance(leaf, float) and not isinstance(leaf, np.generic):
            return leaf + step * float(change)
        value = np.asarray(leaf, np.float64) + step * np.asarray(change, np.float64)
        return np.asarray(value) if isinstance(leaf, np.ndarray) else np.float64(value)

    return tree_map(move, tree, along)


def differences(fn: Callable[[float], list[np.ndarray]]) -> tuple[list[np.ndarray], float]:
    """The derivative of a function of one number at zero, and an estimate of its error, by Ridders' method.

    Central differences with steps that shrink by 1.6 are extrapolated to step zero; the extrapolation that changed
    least is the result.

    >>> derivative, error = differences(lambda t: [np.exp(t)])
    >>> abs(float(derivative[0]) - 1.0) < 1e-11, error < 1e-10
    (True, True)
    """
    shrink, rows = 1.6, 10
    table: list[list[np.ndarray]] = []
    best, best_error = np.zeros(0), float("inf")
    step, shapes = 0.02, None
    for row in range(rows):
        ahead, behind = fn(step), fn(-step)
        shapes = [np.shape(leaf) for leaf in ahead]
        flat = [np.concatenate([np.ravel(np.asarray(v, np.float64)) for v in side] or [[]]) for side in (ahead, behind)]
        table.append([(flat[0] - flat[1]) / (2.0 * step)])
        power = 1.0
        for column in range(1, row + 1):
            power *= shrink**2
            left, above = table[row][column - 1], table[row - 1][column - 1]
            table[row].append((power * left - above) / (power - 1.0))
            new = table[row][column]
            error = float(max(np.max(np.abs(new - left), initial=0.0), np.max(np.abs(new - above), initial=0.0)))
            if error < best_error:
                best, best_error = new, error
        step /= shrink
    parts = np.split(best, np.cumsum([int(np.prod(shape)) for shape in shapes or []])[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes or [], strict=True)], best_error


def slope(case: Case, along: tuple[Any, ...]) -> tuple[list[np.ndarray], float]:
    """The derivative of the case's function along a direction of its variables, by differences."""
    return differences(lambda t: leaves(case.fn(*with_variables(case, moved(variables(case), t, along)))))


# What is asked of s2sad.


def completed(fn: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
    """A value for each parameter: a derivative takes its seeds after all of them, so defaults are spelled out."""
    bound = inspect.signature(fn).bind(*args)
    bound.apply_defaults()
    return (*bound.args, *bound.kwargs.values())


def forward(case: Case, level: str) -> tuple[Callable[..., Any], str]:
    """``(args, tangents) -> (y, y_dot)`` and its text; the tangents are those of the variables."""
    import s2sad

    types = completed(case.fn, case.arguments())
    made = s2sad.derive(case.fn, mode="forward", wrt=case.wrt, level=level, types=types)
    return lambda args, tangents: made.fn(*completed(case.fn, args), *tangents), made.source


def reverse(case: Case, level: str) -> tuple[Callable[..., Any], str]:
    """``(args, y_bar) -> (y, adjoints)`` and its text; the adjoints are a tuple, one for each variable."""
    import s2sad

    types = completed(case.fn, case.arguments())
    made = s2sad.derive(case.fn, mode="reverse", wrt=case.wrt, level=level, types=types)

    def run(args: tuple[Any, ...], seed: Any) -> tuple[Any, tuple[Any, ...]]:
        y, adjoints = made.fn(*completed(case.fn, args), seed)
        return y, adjoints if len(case.wrt) > 1 else (adjoints,)

    return run, made.source


def vjp(case: Case, args: tuple[Any, ...]) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The result at ``args``, and the pullback to the variables."""
    import s2sad

    y, pullback = s2sad.vjp(case.fn, *args, wrt=case.wrt)
    return y, lambda seed: tuple(pullback(seed)[k] for k in case.wrt)


def tangents_for(case: Case, along: tuple[Any, ...]) -> tuple[Any, ...]:
    """A direction of the variables as one tangent for each argument, None where there is none."""
    tangents: list[Any] = [None] * len(case.args)
    for k, tangent in zip(case.wrt, along, strict=True):
        tangents[k] = tangent
    return tuple(tangents)


def weighted(case: Case) -> Case:
    """The case with the sum of its results, each times a weight, as its only result: a scalar function.

    It is a function with source of its own, which calls the case's function.
    """
    result = case.fn(*case.arguments())
    weights = direction(tree_map(lambda leaf: leaf if is_variable(leaf) else float(leaf), result), seed=3)
    parameters = [f"a{k}" for k in range(len(case.args))]
    seeds = [f"s{k}" for k in range(len(leaves(weights)))]
    counter = iter(seeds)
    keyed: list[str] = []

    def pattern(tree: Any) -> str:
        if is_object(tree):
            name = f"d{len(keyed)}"
            keyed.append("")
            parts = {key: item for key, item in attributes(tree).items() if holds_numbers(item)}
            items = ", ".join(f"{name}.{key}" for key in parts)
            keyed[int(name[1:])] = f"    {pattern(list(parts.values()))} = {items},\n"
            return name
        if isinstance(tree, (tuple, list)):
            return "(" + ", ".join(map(pattern, tree)) + ",)"
        if isinstance(tree, dict):
            name = f"d{len(keyed)}"
            keyed.append("")
            items = ", ".join(f"{name}[{key!r}]" for key in tree)
            keyed[int(name[1:])] = f"    {pattern(list(tree.values()))} = {items},\n"
            return name
        return next(counter).replace("s", "r")

    terms = [
        f"np.sum({s} * {s.replace('s', 'r')})" if leaf.ndim else f"{s} * {s.replace('s', 'r')}"
        for s, leaf in zip(seeds, leaves(weights), strict=True)
    ]
    target = pattern(weights)
    text = (
        f"def weighted({', '.join(parameters + seeds)}):\n"
        f"    {target} = target({', '.join(parameters)})\n"
        f"{''.join(keyed)}"
        f"    return {' + '.join(terms)}\n"
    )
    fn = define(text, f"weighted {case.name}", {"np": np, "target": case.fn})["weighted"]
    values = list(flatten(weights))
    return Case(fn, (*case.args, *values), case.wrt, case.note, case.second_order)


def flatten(tree: Any) -> Iterator[Any]:
    """The leaves of a tree as they are."""
    if is_object(tree):
        tree = [item for item in attributes(tree).values() if holds_numbers(item)]
    if isinstance(tree, (tuple, list, dict)):
        tree = list(tree.values()) if isinstance(tree, dict) else tree
        for item in tree:
            yield from flatten(item)
    else:
        yield tree


def define(text: str, title: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Run Python text such that `inspect` finds the source of what it defines."""
    filename = f"<{title}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace.setdefault("__name__", "tests.generated")
    exec(compile(text, filename, "exec"), namespace)
    return namespace


def describe(case: Case, *texts: str) -> str:
    """What to print when a derivation fails: the program and the text generated from it."""
    return "\n".join(["", inspect.getsource(case.fn), *texts])
