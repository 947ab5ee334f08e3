"""Jacobians, Hessians and elementwise derivatives: many directions of one program.

A `Columns` object keeps the program of one row or column, and the order in which to run through its seeds: unit vectors
of the result for `jacrev`, of the arguments for `jacfwd`.  Applied to another one it adds a level.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from s2sad.api.dispatch import check_differentiable, dispatch_for, name_of, run
from s2sad.api.operators import chosen_values, made_with, program_of
from s2sad.api.rerun import Rerun, rerun
from s2sad.api.stars import Open, is_open
from s2sad.api.trees import is_differentiable_leaf, leaves, together, tree_map, unflatten, where_differentiable, zeros
from s2sad.backends import check_backend
from s2sad.build.kernel import Program
from s2sad.errors import ArgumentError
from s2sad.frontend.steps import Step
from s2sad.frontend.wrt import Chosen, View, Wrt, one_of

Index = tuple[int, ...]
Choice = tuple[int, Index]


@dataclass(frozen=True)
class Level:
    """One derivative: ``kind`` is ``rev`` (unit cotangents), ``fwd`` (unit tangents) or ``sum`` (ones)."""

    kind: str
    chosen: Chosen
    holomorphic: bool = False

    @property
    def step(self) -> Step:
        return Step("jvp" if self.kind == "fwd" else "vjp", self.chosen.ordered)


@dataclass
class Group:
    """Some axes of the result: those of ``tree``, of which one element is chosen while its seed runs."""

    tree: Any
    view: View
    leaves: list[Any]
    choice: Choice | None = None

    @classmethod
    def of(cls, tree: Any, view: View) -> Group:
        return cls(tree, view, [leaf for _, leaf in leaves(tree)])

    def at(self, choice: Choice) -> Group:
        """The same axes with an element chosen."""
        return Group(self.tree, self.view, self.leaves, choice)


class Columns:
    """A Jacobian, as a function of the arguments."""

    def __init__(self, program: Program, view: View, levels: tuple[Level, ...], recipe: tuple[Any, ...]) -> None:
        self.__s2sad_columns__ = (program, view, levels)
        self._recipe = recipe
        functools.update_wrapper(self, program.base, updated=())
        self.__name__ = self.__qualname__ = f"{name_of(program.base)}_{name_of(recipe[0])}"
        self.__wrapped__ = recipe[1]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        program, view, levels = self.__s2sad_columns__
        bound = dispatch_for(program).bind(args, kwargs)
        if not program.copy and dispatch_for(program).kernel(bound).acts:
            raise ArgumentError(f"{self.__name__} with copy=False would do twice what {name_of(program.base)} does "
                                "besides computing its result: leave out copy=False")
        made = _Run(replace(program, copy=True), view, levels, bound).result()
        if not program.copy:
            dispatch_for(replace(program, steps=())).call(bound)
        return made

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<s2sad {self.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return self._recipe[0], self._recipe[1:]


class _Run:
    """One evaluation of a Jacobian: the axes so far and the arrays that are filled."""

    def __init__(self, program: Program, view: View, levels: tuple[Level, ...], args: tuple[Any, ...]) -> None:
        self.program, self.levels, self.args, self.view = program, levels, args, view
        self.arrays: dict[tuple[int, ...], np.ndarray[Any, Any]] = {}
        self.again: Rerun | None = None
        # The adjoint of a holomorphic f is the conjugate of f'.
        self.conjugates = any(level.holomorphic and level.kind != "fwd" for level in levels)
        dispatch = dispatch_for(program)
        for level in levels:
            for k in level.chosen.positions:
                check_differentiable(args[k], dispatch.names[k], dispatch.name)
                if level.kind == "fwd" or level.holomorphic:
                    check_kind(args[k], level, f"{dispatch.names[k]} of {dispatch.name}")

    def result(self) -> Any:
        if len(self.levels) == 1 and self.levels[0].kind != "fwd":
            self.last(None, [], [], ())
        elif len(self.levels) == 1:
            self.again = rerun(self.program.then(self.levels[0].step), self.args)
            if self.again is not None:
                dispatch_for(self.program).call_apart(self.args)
            self.last(None, [], [], ())
        else:
            self.again = rerun(self.program, self.args)
            y = dispatch_for(self.program).call_apart(self.args)
            self.level(0, y, [Group.of(y, self.view)], (), ())
        return self.assembled()

    def runs(self, program: Program) -> Callable[[tuple[Any, ...]], Any]:
        """What a derivative makes of the arguments and seeds; effects are a matter of the first run of all."""
        if self.again is not None:
            return functools.partial(self.again.call, program)
        kernel = dispatch_for(program).ready(self.args)
        return lambda seeds: run(kernel, (*self.args, *seeds))

    def level(self, k: int, made: Any, groups: list[Group], path: tuple[int, ...], seeds: tuple[Any, ...]) -> None:
        """Run through the seeds of level ``k``; ``made`` is the whole result below it, its live part at ``path``."""
        if k == len(self.levels) - 1:
            self.last(made, groups, list(path), seeds)
            return
        level = self.levels[k]
        x = chosen_values(self.args, level.chosen.ordered)
        axes = Group.of(x, level.chosen)
        if level.kind == "fwd":
            for choice, unit in basis(x):
                dots: tuple[Any, ...] = (unit,) if len(level.chosen.positions) == 1 else unit
                self.level(k + 1, (made, zeros(made)), [*groups, axes.at(choice)], (1, *path), (*seeds, *dots))
        else:
            for chosen, seed in self.cotangents(level, made, path):
                self.level(k + 1, (made, x), pulled(groups, axes, chosen), (1,), (*seeds, seed))

    def cotangents(self, level: Level, made: Any, path: Any) -> Iterator[tuple[Choice | None, Any]]:
        """The cotangents of a result of which only the part at ``path`` is to be differentiated."""
        live = at(made, path)
        check_kind(live, level, f"the result of {name_of(self.program.base)}")
        units = basis(live) if level.kind == "rev" else [(None, ones(live))]
        for choice, unit in units:
            yield choice, planted(made, path, unit)

    def last(self, made: Any, groups: list[Group], path: list[int], seeds: tuple[Any, ...]) -> None:
        """The outermost level, which reuses one forward sweep for all cotangents."""
        level = self.levels[-1]
        x = chosen_values(self.args, level.chosen.ordered)
        axes = Group.of(x, level.chosen)
        program = self.program.then(*(inner.step for inner in self.levels[:-1]))
        if level.kind == "fwd":
            column = self.runs(program.then(level.step))
            for choice, unit in basis(x):
                dots = (unit,) if len(level.chosen.positions) == 1 else unit
                y, y_dot = column((*seeds, *dots))
                if level.holomorphic:
                    check_kind(at(y, path), level, f"the result of {name_of(self.program.base)}")
                groups = groups or [Group.of(y, self.view)]
                self.put([*groups, axes.at(choice)], at(y_dot, path))
            return
        if seeds:
            # Seeds of the levels below belong to the forward sweep, which runs once more for each cotangent.
            row = self.runs(program.then(level.step))
            for picked, seed in self.cotangents(level, made, path):
                self.put(pulled(groups, axes, picked), row((*seeds, seed))[1])
            return
        split = Step("pullback", level.chosen.ordered)
        y, pullback = dispatch_for(program.then(split)).call(self.args)
        held = [Group.of(y, self.view)]
        for picked, seed in self.cotangents(level, y, path):
            self.put(pulled(held, axes, picked), pullback(seed))

    def put(self, groups: list[Group], values: Any) -> None:
        """Store one column: the live group is the one without a choice."""
        live = next(k for k, g in enumerate(groups) if g.choice is None)
        self.groups = groups
        for number, (_, _, value) in enumerate(together(groups[live].tree, values)):
            if value is None:
                continue
            key = tuple(number if k == live else _chosen(g)[0] for k, g in enumerate(groups))
            if key not in self.arrays:
                shape = tuple(itertools.chain.from_iterable(np.shape(groups[k].leaves[n]) for k, n in enumerate(key)))
                self.arrays[key] = np.zeros(shape, np.asarray(value).dtype)
            where: list[Any] = []
            for k, g in enumerate(groups):
                where += [slice(None)] * np.ndim(g.leaves[number]) if k == live else _chosen(g)[1]
            self.arrays[key][tuple(where)] = np.conj(value) if self.conjugates else value

    def assembled(self) -> Any:
        """The arrays in the structure of the result: that of ``y`` outside, those of the arguments inside."""
        groups = getattr(self, "groups", None)
        if groups is None:
            raise ArgumentError(f"{name_of(self.program.base)} has no result or no argument with a derivative")

        def build(k: int, key: tuple[int, ...]) -> Any:
            if k == len(groups):
                found = self.arrays.get(key)
                return None if found is None else found if found.ndim else found[()]
            count = itertools.count()
            made = tree_map(lambda _: build(k + 1, (*key, next(count))), groups[k].tree)
            return groups[k].view.show(where_differentiable(made, groups[k].tree))

        return build(0, ())


def pulled(groups: list[Group], x: Group, choice: Choice | None) -> list[Group]:
    """The axes after a reverse step: the live ones are run through, or summed over, and those of ``x`` are live."""
    out = []
    for g in groups:
        if g.choice is not None:
            out.append(g)
        elif choice is not None:
            out.append(g.at(choice))
    return [*out, x]


def check_kind(tree: Any, level: Level, what: str) -> None:
    """Refuse complex numbers where both parts have derivatives of their own, and real ones where all are complex."""
    kinds = {bool(np.iscomplexobj(leaf)) for _, leaf in leaves(tree) if is_differentiable_leaf(leaf)}
    if level.holomorphic and False in kinds:
        raise ArgumentError(f"holomorphic=True is for functions from complex to complex numbers, and {what} is real")
    if True in kinds and not level.holomorphic:
        hint = "use jvp, hvp or linearize, or differentiate by its real and imaginary part"
        if level.kind != "fwd":
            hint = "take np.real, np.imag or np.abs of it, or use vjp"
        raise ArgumentError(f"a column of this Jacobian has two parts, for {what} is complex: {hint}; pass "
                            "holomorphic=True for the complex derivative of a holomorphic function")


def _chosen(group: Group) -> Choice:
    assert group.choice is not None
    return group.choice


def at(tree: Any, path: Any) -> Any:
    """The part of nested pairs at a path."""
    for k in path:
        tree = tree[k]
    return tree


def planted(tree: Any, path: Any, part: Any) -> Any:
    """Zeros like ``tree`` except for ``part`` at a path."""
    if not path:
        return part
    items = [zeros(item) for item in tree]
    items[path[0]] = planted(tree[path[0]], path[1:], part)
    return tuple(items)


def ones(tree: Any) -> Any:
    """A cotangent of ones."""
    return tree_map(lambda leaf: np.ones_like(leaf)[()] if isinstance(leaf, np.generic) else np.ones_like(leaf)
                    if isinstance(leaf, np.ndarray) else 1.0 if is_differentiable_leaf(leaf) else None, tree)


def basis(tree: Any) -> Iterator[tuple[Choice, Any]]:
    """The unit vectors of a tree, each with the number of its leaf and the index in it.

    >>> list(basis((1.0, 2.0)))
    [((0, ()), (1.0, 0.0)), ((1, ()), (0.0, 1.0))]
    """
    still = [zeros(leaf) for _, leaf in leaves(tree)]
    for number, (_, leaf) in enumerate(leaves(tree)):
        if not is_differentiable_leaf(leaf):
            continue
        for index in np.ndindex(np.shape(leaf)):
            parts = list(still)
            if isinstance(leaf, np.ndarray):
                parts[number] = still[number].copy()
                parts[number][index] = 1.0
            else:
                parts[number] = leaf.dtype.type(1.0) if isinstance(leaf, np.generic) else 1.0
            yield (number, index), unflatten(tree, iter(parts))


def _columns(kind: str, maker: Any, f: Any, wrt: Wrt | None, argnums: Wrt | None, outputs: Wrt | None = None,
             copy: bool = True, backend: str | None = None, holomorphic: bool = False) -> Columns:
    made = made_with(maker, outputs, copy, backend, holomorphic)
    wrt = one_of(wrt, argnums, 0)
    assert wrt is not None
    if is_open(f):
        return cast(Columns, Open(made, f, wrt))
    inner = getattr(f, "__s2sad_columns__", None)
    if inner is not None:
        program, view, levels = inner
        if outputs is not None:
            raise ArgumentError(f"outputs of a Jacobian: give the option to the operator that is applied to "
                                f"{name_of(program.base)} itself")
        program = program if copy else replace(program, copy=False)
        program = program if backend is None else replace(program, backend=check_backend(backend))
        if kind == "sum" and any(level.kind != "sum" for level in levels):
            raise ArgumentError("elementwise_grad of a Jacobian has no meaning: use jacfwd or jacrev")
    else:
        (program, view, seeds), levels = program_of(f, maker.__name__, outputs, copy, backend), ()
        if seeds:
            raise ArgumentError(f"{maker.__name__} of a bare derivative step: use s2sad.derive(...).fn")
    chosen = dispatch_for(program).choose(wrt)
    if chosen.stars:
        raise ArgumentError(f"{name_of(maker)} by {wrt!r}: name the arguments one by one, by position or keyword")
    return Columns(program, view, (*levels, Level(kind, chosen, holomorphic)), (made, f, wrt))


def jacfwd(f: Callable[..., Any], wrt: Wrt | None = None, *, argnums: Wrt | None = None, outputs: Wrt | None = None,
           copy: bool = True, backend: str | None = None, holomorphic: bool = False) -> Columns:
    """The Jacobian by forward mode, one run for each element of the arguments: for few arguments and many results.

    Args:
        f: any callable that has Python source or a rule, or another Jacobian.
        wrt: position or name of the argument to differentiate by (default 0), or a sequence of these.
        argnums: the same as ``wrt``.
        outputs: names or positions of arguments whose final contents are the result, as for `grad`.
        copy: whether the caller's arrays stay as they are, as for `grad`.
        backend: ``numba`` for machine code, as for `grad`.
        holomorphic: whether ``f`` is a holomorphic function of complex arguments, as for `grad`.

    Returns:
        A function of the arguments of ``f``.  It returns an array of shape ``y.shape + x.shape``: for results in
        containers a container of these, for a sequence ``wrt`` tuples of these inside.

    Raises:
        ArgumentError, ValueArgumentError: as for `jvp`.

    >>> import numpy as np
    >>> jacfwd(np.sin)(np.zeros(2))
    array([[1., 0.],
           [0., 1.]])
    """
    return _columns("fwd", jacfwd, f, wrt, argnums, outputs, copy, backend, holomorphic)


def jacrev(f: Callable[..., Any], wrt: Wrt | None = None, *, argnums: Wrt | None = None, outputs: Wrt | None = None,
           copy: bool = True, backend: str | None = None, holomorphic: bool = False) -> Columns:
    """The Jacobian by reverse mode, one pullback for each element of the result: for many arguments and few results.

    Args:
        f, wrt, argnums, outputs, copy, backend, holomorphic: as for `jacfwd`.

    Returns:
        A function as that of `jacfwd`.

    Raises:
        ArgumentError, ValueArgumentError: as for `vjp`.

    >>> import numpy as np
    >>> jacrev(np.sin)(np.zeros(2))
    array([[1., 0.],
           [0., 1.]])
    """
    return _columns("rev", jacrev, f, wrt, argnums, outputs, copy, backend, holomorphic)


def hessian(f: Callable[..., Any], wrt: Wrt | None = None, *, argnums: Wrt | None = None, outputs: Wrt | None = None,
            copy: bool = True, backend: str | None = None, holomorphic: bool = False) -> Columns:
    """The matrix of second derivatives: ``jacfwd(jacrev(f))``.

    Args:
        f, wrt, argnums, outputs, copy, backend, holomorphic: as for `jacfwd`.

    Returns:
        A function that returns an array of shape ``y.shape + x.shape + x.shape``; for a sequence ``wrt`` a tuple of
        tuples of these.

    Raises:
        ArgumentError, ValueArgumentError: as for `vjp`.

    >>> import math
    >>> float(hessian(math.exp)(0.0))
    1.0
    """
    wrt = one_of(wrt, argnums, 0)
    inner = jacrev(f, wrt, outputs=outputs, copy=copy, backend=backend, holomorphic=holomorphic)
    return jacfwd(inner, wrt, holomorphic=holomorphic)


def elementwise_grad(f: Callable[..., Any], wrt: Wrt | None = None, *, argnums: Wrt | None = None,
                     holomorphic: bool = False) -> Columns:
    """The derivative of each element of the result by its element of the argument, for functions of that kind.

    For other functions it is the gradient of the sum of the result.

    Args:
        f, wrt, argnums, holomorphic: as for `jacfwd`.

    Returns:
        A function that returns an array with the shape of the argument, bare or in a tuple as for `grad`.

    Raises:
        ArgumentError, ValueArgumentError: as for `vjp`.

    >>> import numpy as np
    >>> elementwise_grad(elementwise_grad(np.square))(np.zeros(2))
    array([2., 2.])
    """
    return _columns("sum", elementwise_grad, f, wrt, argnums, holomorphic=holomorphic)


__all__ = ["Columns", "elementwise_grad", "hessian", "jacfwd", "jacrev"]
