"""Parameters: what they stand for when a function begins, and what is handed back besides its result.

A function that is not put in place of its call gets what it captures as further parameters, from which the frames
around it are built again.  Lists, dicts and variables of other functions that it changes come back as further results:

    def f(x):                                        def count(n, calls):
        calls = 0                                        calls = calls + 1
        def count(n):                                    if n > 0:
            nonlocal calls              ⇒                    calls = count(n - 1, calls)
            calls += 1                                   return calls
            if n > 0:
                count(n - 1)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from s2sad.frontend.captures import Captures, captures
from s2sad.frontend.instance import Identities, Made, Same
from s2sad.frontend.lower_surgery import Surgery
from s2sad.frontend.outputs import mutables, returned
from s2sad.frontend.signature import Fixed as FixedSpec
from s2sad.frontend.signature import Group
from s2sad.frontend.specialise import Length, Place
from s2sad.frontend.values import (
    Abstract,
    Closure,
    Fixed,
    Library,
    ListOf,
    Python,
    Seq,
    Static,
    Value,
    describe_value,
)
from s2sad.names import is_identifier, sanitise
from s2sad.trace.ir import Const, Leaf, Lit, Node, Tree, Var
from s2sad.trace.types import Array, List, Type, kind_of, rank


class Parameters(Surgery):
    """The beginning and the end of a function; `bind_parameters` is the entry."""

    entry: Any
    is_root: bool

    def bind_parameters(self, specs: tuple[tuple[str, Any], ...]) -> dict[str, Value]:
        """Give the parameters, and what is captured, their values."""
        self.params: list[Var] = []
        self.param_places: list[Place] = []
        self.trees: list[tuple[str, Tree]] = []
        self.handed_back: tuple[Place, ...] = ()
        # What stands for objects among the arguments that are known, and the objects.
        self.given_objects: dict[int, tuple[Value, Any]] = {}
        # For each return the parts of the result that are what was handed over.
        self.identities: list[Identities] = []
        # What the functions in the result capture.
        self.taken_along: Captures | None = None
        captures = self.entry.captures
        self.around = captures.rebuilt()
        if self.entry.lexical is not None:
            self.frame.lexical = self.around[self.entry.lexical]
        values: dict[str, Value] = {}
        self.leaf_names = leaf_names([place for name, spec in specs for place in _leaf_places(spec, (name, ()))])
        for name, spec in specs:
            values[name], tree = self._parameter(spec, name, (name, ()))
            parts = tree.items if isinstance(spec, Made) and isinstance(tree, Node) else (tree,)
            self.trees += ((name if k == 0 else f"{name}_{k}", part) for k, part in enumerate(parts))
        for (k, name), key in captures.keys.items():
            self.around[k].env[name] = values[key]
        self.param_leaves = frozenset(self.params)
        self.handed = values
        own = {name: value for name, value in values.items() if name not in captures.values}
        for star in self.program.stars if self.is_root else ():
            items = tuple(own.pop(n) for n in star.inputs)
            own[star.name] = Seq(items) if star.keys is None else Seq(items, "dict", star.keys)
        self.begin(own)
        return values

    def _parameter(self, spec: Any, name: str, place: Place) -> tuple[Value, Tree]:
        if self.is_root and place in self.program.known:
            value = self.program.known[place]
            return self.from_object(value, name), Const(value)
        if isinstance(spec, (Group, Made)):
            steps, specs = (spec.steps, spec.items) if isinstance(spec, Group) else (range(len(spec.parts)), spec.parts)
            parts = [self._parameter(s, name, (place[0], (*place[1], k))) for k, s in zip(steps, specs)]
            values, trees = tuple(v for v, _ in parts), tuple(t for _, t in parts)
            if isinstance(spec, Group):
                group = Seq(values, spec.kind, spec.keys, cls=spec.cls)
                self.facts.given.add(group.cell)
                return group, Node(spec.kind, trees, spec.keys, spec.cls)
            made = spec.value.with_parts(values)
            if isinstance(made, Closure):
                made = replace(made, frame=self.around[spec.frame])
            return made, Node("tuple", trees)
        if isinstance(spec, Same):
            return self.params[spec.number], Const(None)
        if isinstance(spec, FixedSpec):
            known = self.from_object(spec.value, name)
            self.given_objects[id(known)] = known, spec.value
            return known, Const(spec.value)
        if isinstance(spec, Fixed):
            return spec.value, Const(spec.value.value)
        if isinstance(spec, Type):
            v = Var(spec, self.leaf_names[place])
            if isinstance(spec, Array) and spec.box:
                v = Var(replace(spec, box=False), v.hint)
                self.facts.boxed.add(v)
            if kind_of(spec) in ("int", "bool") and rank(spec) == 0:
                self.facts.places[v] = frozenset((place,))
            for k, d in enumerate(spec.dims if isinstance(spec, Array) and self.is_root else ()):
                self.facts.axes.update({symbol: (place[0], (*place[1], Length(k))) for symbol, _ in d.terms})
            self.params.append(v)
            self.param_places.append(place)
            given: Value = v
            if isinstance(spec, List):
                given = ListOf(v)
                self.facts.outside[given.cell] = "that is an argument, in a function that is not put in place"
            return given, Leaf(len(self.params) - 1)
        if isinstance(spec, Lit):
            return spec, Const(spec.value)
        return spec, Const(constant(spec))

    # What is handed back.

    def changed_places(self) -> tuple[Place, ...]:
        """The lists, dicts and variables among the parameters that hold something else when the function returns."""
        assert self.flow.done is not None
        cells = {cell for end in returned(self.flow.done) for cell in end.memory.lists}
        return tuple(place for place, one in mutables(self.handed) if one.cell in cells)

    def changed_contents(self, node: Any) -> dict[str, Value]:
        """What the parameters hold in which something else has been put, if that can be the result."""
        if not self.is_root:
            return {}
        changed = {place[0] for place, one in mutables(self.handed) if one.cell in self.memory.lists}
        return {name: self.handed_out(self.settle_shapes(self.expanded(self.handed[name]), node)) for name in changed}

    def result(self, value: Value, node: Any) -> Value:
        """What the function returns, with the contents that it hands back, and what functions in it capture."""
        if self.entry.finish is not None:
            return self.entry.finish(self, value)  # type: ignore[no-any-return]
        value = self.handed_out(self.settle_shapes(value, node))
        if self.is_root:
            return value
        given = dict(mutables(self.handed))
        kept = captures([value], None, (), self.fresh_list, self._captured, self.around)
        if [f for f in kept.frames if f not in self.around]:
            before = kept if self.taken_along is None else self.taken_along
            if (before.frames, before.keys) != (kept.frames, kept.keys):
                self.refuse_type(node, "the functions that are returned differ from path to path",
                                 "return one function, which decides when it is called")
            self.taken_along = kept
        if self.entry.changed or self.taken_along is not None:
            contents = (self.handed_out(self.settle_shapes(self.expanded(given[p]), node)) for p in self.entry.changed)
            held = [self.handed_out(v) for v in kept.values.values()] if self.taken_along is not None else []
            value = Seq((value, *contents, *held))
        self.identities.append(self._identities(value, {one.cell: place for place, one in given.items()}))
        return value

    def _identities(self, value: Value, given: dict[int, Place]) -> Identities:
        """Which parts of a result are objects that were handed over, or are in the result already.

        The contents of what is handed back are of these objects themselves.
        """
        found: list[tuple[tuple[int | str, ...], Place]] = []
        seen = dict(given)
        for (_, path), one in mutables({"": value}):
            place = seen.setdefault(one.cell, ("", path))
            own = bool(self.entry.changed) and len(path) == 1 and 0 < int(path[0]) <= len(self.entry.changed)
            if place != ("", path) and not own:
                found.append((path, place))
        return tuple(found)

    def same_objects(self) -> tuple[Identities, Identities]:
        """Which parts of the result are what was handed over on all paths, and which on some."""
        found = {one: None for paths in self.identities for one in paths}
        same = tuple(one for one in found if all(one in paths for paths in self.identities))
        return same, tuple(one for one in found if one not in same)


def has_leaves(tree: Tree) -> bool:
    """Whether there is a number or array in a structure."""
    return isinstance(tree, Leaf) or isinstance(tree, Node) and any(map(has_leaves, tree.items))


def _leaf_places(spec: Any, place: Place) -> Iterator[Place]:
    """The places of the numbers and arrays in a parameter."""
    if isinstance(spec, (Group, Made)):
        steps, parts = (spec.steps, spec.items) if isinstance(spec, Group) else (range(len(spec.parts)), spec.parts)
        for k, part in zip(steps, parts):
            yield from _leaf_places(part, (place[0], (*place[1], k)))
    elif isinstance(spec, Type):
        yield place


def leaf_names(places: Sequence[Place]) -> dict[Place, str]:
    """What to call the leaves of parameters: by the last text on the way to each, and what comes after.

    As much of the way is added as tells them apart.

    >>> list(leaf_names([("p", (0, 1)), ("model", ("layers", 0)), ("model", ("my key",))]).values())
    ['p_0_1', 'layers_0', 'model_my_key']
    >>> list(leaf_names([("net", ("first", "W")), ("net", ("last", "W")), ("W", ())]).values())
    ['first_W', 'last_W', 'W']
    """
    ways = [(place[0], *(step for step in place[1] if step != "")) for place in places]
    starts = [max(k for k, step in enumerate(way) if k == 0 or isinstance(step, str) and is_identifier(step))
              for way in ways]
    while True:
        names = [sanitise("_".join(map(str, way[start:]))) for way, start in zip(ways, starts)]
        count = Counter(names)
        longer = [k for k, name in enumerate(names) if count[name] > 1 and starts[k] > 0]
        if not longer:
            return dict(zip(places, names))
        for k in longer:
            starts[k] = max(j for j in range(starts[k]) if j == 0 or is_identifier(str(ways[k][j])))


def constant(value: Any) -> Any:
    """What stands for a value that is no number in the structure of a trace."""
    if isinstance(value, Lit):
        return value.value
    if isinstance(value, Static):
        return value.value
    if isinstance(value, Library):
        return value.name
    if isinstance(value, Python):
        return value.meaning.name
    return describe_value(value) if isinstance(value, Abstract) else None
