"""Arrays that change: reading the present contents of a reference, writing to a place, and what is refused.

A write makes a new version of the root's contents: ``setitem`` or ``scatter_add``, values like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from s2sad.errors import NotApplicable
from s2sad.frontend.lower_core import Core
from s2sad.frontend.memory import View, way_to
from s2sad.frontend.operands import element_index
from s2sad.frontend.rounds import steps
from s2sad.frontend.values import (
    Abstract,
    Library,
    ListOf,
    Method,
    Seq,
    ShapeOf,
    Value,
    ViewOf,
    describe_value,
    is_bottom,
    operands_within,
)
from s2sad.rules.infer_index import getitem_type
from s2sad.rules.places import joined_place, view_of
from s2sad.rules.static import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Op, Tup, Var
from s2sad.trace.types import Array, Unknown, broadcast_dims, dims_of, dtype_of, kind_of, rank
from s2sad.trace.walk import arg_vars, map_arg

# The kinds of numbers, each of which NumPy casts to the ones behind it.
_ORDER = ("bool", "int", "float", "complex")


class Memories(Core):
    """The heap, `now` to read it and `write` to change it."""

    @contextmanager
    def holding(self, values: Sequence[Value]) -> Iterator[None]:
        """These are still needed, by whatever name, or none: so that what is written into them is seen there, too."""
        held, self.held = self.held, [*self.held, values]
        try:
            yield
        finally:
            self.held = held

    # Reading.

    def now(self, v: Var) -> Var:
        """The variable with the present contents of a reference."""
        view = self.facts.views.get(v)
        if view is None:
            return self.memory.contents.get(v, v)
        root = self.facts.root(v)
        current = self.memory.contents.get(root)
        if current is None:
            return v
        known = self.memory.derived.get(v)
        if known is not None and known[0] is current:
            return known[1]
        fresh = Var(v.type, v.hint)
        options = tuple((k, map_arg(a if rank(v.type) != 0 else element_index(a), self.now))
                        for k, a in view.options.items())
        self.flow.stmts.append(Op(fresh, view.fn, (self.now(view.parent),), options, self.flow.site, self.flow.sweep))
        self.facts.roots[fresh] = self.facts.roots_of(v)
        self.memory.derived[v] = (current, fresh)
        return fresh

    def deep(self, value: Value) -> Value:
        """A value with the present contents of every array and list in it."""
        if isinstance(value, Var):
            return self.now(value)
        return self._with_items(value, self.deep)

    def expanded(self, value: Value) -> Value:
        """A value with the present items of every list in it; arrays stay the references that they are."""
        return self._with_items(value, self.expanded)

    def _with_items(self, value: Value, each: Callable[[Value], Value]) -> Value:
        value = self.fresh_list(value)
        if not isinstance(value, Seq):
            return value
        items = tuple(map(each, value.items))
        return value if all(a is b for a, b in zip(items, value.items)) else value.with_items(items)

    def fresh_list(self, value: Value) -> Any:
        """A list with its present items."""
        return self.memory.lists.get(value.cell, value) if isinstance(value, (Seq, ListOf)) else value

    def lists_within(self, value: Value) -> Iterator[Seq | ListOf]:
        """The lists, dicts and objects inside a value, with their present items."""
        value = self.fresh_list(value.owner if isinstance(value, (ViewOf, Method)) else value)
        if isinstance(value, ListOf) or isinstance(value, Seq) and value.is_mutable:
            yield value
        if isinstance(value, Abstract) and not isinstance(value, ListOf):
            for part in value.items if isinstance(value, Seq) else value.parts():
                yield from self.lists_within(part)

    def spots(self, value: Value, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Seq | ListOf]]:
        """The lists, dicts and objects inside a value as it is, with the way to each."""
        value = value.owner if isinstance(value, (ViewOf, Method)) else value
        if isinstance(value, ListOf) or isinstance(value, Seq) and value.is_mutable:
            yield way, value
        if isinstance(value, Abstract) and not isinstance(value, ListOf):
            parts = value.items if isinstance(value, Seq) else value.parts()
            for key, part in zip(steps(value) if isinstance(value, Seq) else range(len(parts)), parts):
                yield from self.spots(part, (*way, key))

    # Writing.

    def write(self, v: Value, index: Arg, value: Value, node: Any, what: str = "", fn: str = "setitem",
              is_update: bool = False) -> None:
        """``v[index] = value``, or, with ``fn="scatter_add"``, ``v[index] += value``.

        ``what`` is the name of the array for messages; ``is_update`` that this is an in-place operation, for which
        NumPy refuses casts to a lesser kind.
        """
        name = f"'{what}'" if what else "this array"
        if is_bottom(v):
            return
        if not isinstance(v, Var) or not isinstance(v.type, (Array, Unknown)):
            self.refuse_type(node, f"{describe_value(v)} cannot be written to")
        if isinstance(v.type, Unknown):
            self.refuse_type(node, f"the type of {name} is not known, so that what is written to is not",
                             "give the type of the argument")
        if any(map(is_bottom, (value,))) or self.has_bottom(index):
            self.note_write(self.facts.root(v), self._version(self.facts.root(v)))
            return
        number = self.number(value, node)
        v, number = self._repeated(v, index, number, node)
        number = self._without_leading(v, index, number, node)
        if isinstance(v.type, Array) and v.type.dims and isinstance(index, Tup) and (
                not self._place(v, index, node).dims):
            index = element_index(index)
        self.check_write(v, index, number, name, node, is_update)
        self._check_sharing(v, name, what, node)
        view = self.facts.views.get(v)
        if view is not None and view.fn == "getitem" and rank(v.type) == 0 and rank(view.parent.type) != 0:
            self.write(view.parent, view.options["index"], number, node, what, fn, is_update)  # type: ignore[arg-type]
            return
        root = self.facts.root(v)
        if rank(root.type) == 0:
            self._write_single(root, index, number, node, name, what)
            return
        number = self.now(number) if isinstance(number, Var) else number
        way = way_to(v, self.facts.views)
        turned = [k for k, s in enumerate(way) if s.fn in ("np.reshape", "np.ravel")]
        if turned:
            self._write_reshaped(v, way, turned[-1], index, number, node, fn)
            return
        steps = [(s.fn, {k: map_arg(a, self.now) for k, a in s.options.items()}) for s in way]
        at, index = joined_place(steps, map_arg(index, self.now))
        options: dict[str, Arg] = {"index": index}
        if at != NONE:
            options["view"] = at
        target = self._version(root)
        before = self.memory.now(root)
        self.flow.stmts.append(Op(target, fn, (before, number), tuple(options.items()), self.flow.site,
                                  self.flow.sweep))
        self.note_write(root, target)

    def overwrite(self, v: Var, contents: Var, node: Any, what: str = "") -> None:
        """A called function has left other contents in an array."""
        if v in self.facts.blurred:
            self.refuse_type(node, "this writes into what may be a number, or an array without axes",
                             "pass an array: np.array(...)")
        if v in self.facts.views:
            self.write(v, Lit(...), contents, node, what)
            return
        self._check_sharing(v, f"'{what}'" if what else "this array", what, node)
        self.note_write(v, contents)

    def _write_single(self, root: Var, index: Arg, value: Arg, node: Any, name: str, what: str) -> None:
        """Write to an array without axes; what it holds is a number for the trace."""
        if root not in self.facts.boxed:
            may = "may be" if root in self.facts.blurred else "is"
            self.refuse_type(node, f"{name} {may} a number, which cannot be written to",
                             f"give it a new value: {what or 'x'} = ...")
        if index not in (Lit(...), Tup(())):
            self.refuse_type(node, f"{name} has no axes, so that it has no items", f"write {what or 'x'}[...] = ...")
        if rank(type_of(value)) != 0:
            self.refuse_type(node, f"{name} has no axes, and a value of type {type_of(value)!r} is written into it",
                             "write a number")
        if type_of(value) != root.type:
            value = self.op("cast", value, options={"dtype": Lit(dtype_of(root.type))}, node=node, hint=root.hint)
        assert isinstance(value, Var)
        self.note_write(root, self.now(value))

    def handed_out(self, value: Value) -> Value:
        """A value with its present contents, as the caller sees it: arrays without axes, numbers here, are arrays."""
        for root, contents in list(self.memory.contents.items()):
            if rank(root.type) == 0 and root in self.param_leaves:
                self.note_write(root, self.op("np.asarray", contents, hint=root.hint))
        return self._boxed_again(value, self.deep(value))

    def _boxed_again(self, reference: Value, value: Value) -> Value:
        if isinstance(value, Seq):
            items = self.fresh_list(reference).items
            return value.with_items(tuple(map(self._boxed_again, items, value.items)))
        made = value in self.facts.boxed and value not in self.facts.views
        if isinstance(value, Var) and reference in self.facts.boxed and not made:
            return self.op("np.asarray", value, hint=value.hint)
        return value

    def _write_reshaped(self, v: Var, way: list[View], at: int, index: Arg, value: Arg, node: Any, fn: str) -> None:
        """Write to an array of another shape, and give that back its own shape.

        Whether `np.reshape` gives a view or a copy depends on the layout in memory, which a derivative's arrays need
        not share: so nothing relies on it.
        """
        inner = view_of([(s.fn, {k: map_arg(a, self.now) for k, a in s.options.items()}) for s in way[at + 1:]])
        options = {"index": map_arg(index, self.now)} | ({"view": inner} if inner != NONE else {})
        parent = way[at].parent
        turned = v
        for _ in way[at + 1:]:
            turned = self.facts.views[turned].parent
        before = self.now(turned)
        after = Var(turned.type, turned.hint)
        self.flow.stmts.append(Op(after, fn, (before, value), tuple(options.items()), self.flow.site, self.flow.sweep))
        self.facts.fresh.add(after)
        shape = self.operand(self.shape_items(ShapeOf(parent), node), node)
        back = self.op("np.reshape", after, options={"shape": shape}, node=node, hint=parent.hint)
        if parent in self.facts.views:
            self.write(parent, Lit(...), back, node)
        else:
            self.note_write(parent, back)

    def note_write(self, root: Var, contents: Var) -> None:
        """From now on the root has other contents."""
        self.memory.contents[root] = contents
        self.facts.roots[contents] = self.facts.roots_of(root)

    def _version(self, root: Var) -> Var:
        return Var(root.type, root.hint)

    def has_bottom(self, arg: Arg) -> bool:
        """Whether some part of an operand is not known yet."""
        return any(is_bottom(v) and v not in self.whole_shapes for v in arg_vars(arg))

    def _repeated(self, v: Var, index: Arg, value: Arg, node: Any) -> tuple[Var, Arg]:
        """A place and what is written to it: NumPy fills `a.flat` with the elements of an array over and over.

            a.flat[2:6] = v      ⇒      a.flat[2:6] = np.resize(v, a.flat[2:6].size)
            a.flat = v           ⇒      a[...] = np.resize(v, a.shape)
        """
        view, t = self.facts.views.get(v), type_of(value)
        if view is None or view.fn != "flat" or not isinstance(t, Array) or not t.dims:
            return v, value
        place = self._place(v, index, node).dims
        if len(place) != 1 or t.dims == place:
            return v, value
        shape: Value
        if index == Lit(...):
            v, shape = view.parent, self.shape_items(ShapeOf(view.parent), node)
        else:
            shape = self.op("size", self.op("getitem", v, options={"index": index}, node=node), node=node)
        made = self.call_value(Library("np.resize"), [value, shape], {}, node)  # type: ignore[list-item]
        return v, self.operand(made, node)

    def _without_leading(self, v: Var, index: Arg, value: Arg, node: Any) -> Arg:
        """A value without the leading axes of length 1 that NumPy drops to fit it into a place."""
        t = type_of(value)
        if not isinstance(t, Array) or not isinstance(v.type, Array) or rank(v.type) == 0:
            return value
        try:
            extra = len(t.dims) - (rank(getitem_type(v.type, index)) or 0)
        except NotApplicable:
            return value
        if extra <= 0 or not all(d.is_one for d in t.dims[:extra]):
            return value
        at: Arg = Lit(0) if extra == 1 else Tup((Lit(0),) * extra)
        return self.op("getitem", value, options={"index": at}, node=node)

    # What is refused.

    def _place(self, v: Var, index: Arg, node: Any) -> Array:
        """The type of a place in an array."""
        try:
            place = getitem_type(v.type, index)
        except NotApplicable as reason:
            self.refuse_type(node, str(reason))
        if not isinstance(place, Array):
            self.refuse_type(node, "the type of this index is not known, so that what is written to is not",
                             "give the types of the arguments")
        return place

    def check_write(self, v: Var, index: Arg, value: Arg, name: str, node: Any, is_update: bool) -> None:
        place = self._place(v, index, node) if rank(v.type) else v.type
        t = type_of(value)
        kind, own = kind_of(t), kind_of(v.type)
        if kind not in _ORDER:
            self.refuse_type(node, f"a value of type {t!r} cannot be written into {name}")
        if own in _ORDER and (is_update or kind == "complex") and _ORDER.index(kind) > _ORDER.index(own):
            self.refuse_type(node, f"this writes values of type {t!r} into {name} of type {v.type!r}",
                             f"make {name} an array of {kind}s first")
        if isinstance(place, Array) and isinstance(t, Array):
            extra = t.dims[:max(0, len(t.dims) - len(place.dims))]
            if not all(d.may_be_one for d in extra) or broadcast_dims(dims_of(t), place.dims) is None:
                self.refuse_type(node, f"a value of type {t!r} does not fit into a place of type {place!r} in {name}")

    def _check_sharing(self, v: Var, name: str, what: str, node: Any) -> None:
        """Refuse writes to memory of which it is not known who else sees it."""
        facts = self.facts
        for step in way_to(v, facts.views):
            if not step.writable:
                self.refuse_type(node, f"{name} is read-only: {step.fn} gives a view that cannot be written to",
                                 "write to the array itself")
        root = facts.root(v)
        if root in self.globals.values():
            self.refuse_type(node, f"this writes into {name}, an array from outside the function",
                             "copy it first: a local array can be written to")
        for other, value in self.in_reach():
            for operand in self.within(value):
                if isinstance(operand, Var) and facts.root(operand) is not root and facts.may_share(operand, v):
                    self.refuse_type(node, f"this writes into {name}, which may or may not be the memory of '{other}'",
                                     f"make it certain: copy it first, {what or 'x'} = {what or 'x'}.copy()")
        strangers = facts.roots_of(v) - {root}
        if facts.root(v) not in facts.fresh:
            self.unsure |= {r for r in strangers if r in self.param_leaves}

    def within(self, value: Value) -> Iterator[Arg]:
        """Every operand that a value keeps alive, in lists as they are now."""
        value = self.fresh_list(value.owner if isinstance(value, ViewOf) else value)
        if isinstance(value, Abstract) and not isinstance(value, ListOf):
            for part in value.items if isinstance(value, Seq) else value.parts():
                yield from self.within(part)
        else:
            yield from operands_within(value)

    def others_with(self, arg: Arg, name: str) -> str:
        """Another name whose value may be the same memory; empty if there is none."""
        roots = self.facts.roots_of(arg)
        seen = 0
        for other, value in self.in_reach():
            hits = sum(bool(roots & self.facts.roots_of(a)) for a in self.within(value))
            if other == name and seen == 0 and hits <= 1 and value is arg:
                seen = 1
            elif hits:
                return other
        return ""
