"""Lists: which list a name stands for, what is in it, and how it changes.

A list is told from others by its *cell*; the heap maps the cell of a list that has changed to what is in it now: a
`Seq` while its length is known, else a `ListOf`, whose variable has a version for each change:

    ys.append(y)    ⇒    ys2 = list_append(ys1, y)          ys[i] = y    ⇒    ys2 = list_set(ys1, y, index=i)

A `Seq` becomes a `ListOf` (`grow`) where an index is computed at run time, and where paths meet on which it has
different lengths.  An item that is read out of a `ListOf` is a value: what is written into it must be put back, which
only ``ys[i][j] = v`` does.  So before a list or an item changes, everything in reach that may be the same object, or
may hold it, is looked for, and the change is refused if there is something.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from s2sad.errors import Refusal
from s2sad.frontend.lower_core import Frame
from s2sad.frontend.lower_memory import Memories
from s2sad.frontend.memory import Memory
from s2sad.frontend.templates import list_type
from s2sad.frontend.values import ListOf, Seq, Value, describe_value, is_bottom, is_number
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Op, Tup, Var
from s2sad.trace.joins import join
from s2sad.trace.types import NOTHING, List, Type, height
from s2sad.trace.walk import arg_vars, map_arg

AnyList = Seq | ListOf
# Puts a changed item back into the list it is in.
Back = Callable[[Value], None]


class Lists(Memories):
    """The identity and the contents of lists."""

    # Changes.

    def change(self, old: AnyList, new: Value, node: Any, resizes: bool = True) -> None:
        """From now on a list (or dict) has other contents."""
        self._check_change(old, node)
        if isinstance(new, Seq) and any(one.cell == old.cell for v in new.items for one in self.lists_within(v)):
            self.refuse_type(node, f"this puts {self.list_name(old.cell)} into itself", "put a copy in")
        if resizes and any(old.cell in cells for cells in self.running_over):
            self.refuse_type(node, f"{self.list_name(old.cell)} changes its length while a loop runs over it",
                             "loop over a copy of it: list(...)")
        self.hold(old, new)

    def hold(self, old: AnyList, new: Value) -> None:
        """Note the present contents of a list."""
        if old.cell not in self.memory.lists:
            self.facts.first.setdefault(old.cell, old)
        if isinstance(new, ListOf) and isinstance(old, ListOf):
            self.facts.roots[new.items] = self.facts.roots_of(new.items) | self.facts.roots_of(old.items)
        self.memory.lists[old.cell] = new
        twin = self.facts.twins.get(old.cell)
        if twin is not None and isinstance(new, Seq):
            other = self.contents_of(twin, self.memory)
            assert isinstance(other, Seq)
            self.memory.lists[twin] = replace(other, items=new.items, keys=new.keys)

    def contents_of(self, cell: int, memory: Memory) -> Value:
        """What is in a list that has changed somewhere, on a path where it may not have."""
        found: Value = memory.lists[cell] if cell in memory.lists else self.facts.first[cell]
        return found

    def _check_change(self, old: AnyList, node: Any) -> None:
        """Refuse changes of a list of which it is not known by what names it is seen."""
        what = old.kind if isinstance(old, Seq) else "list"
        why = self.facts.outside.get(old.cell)
        if why is not None:
            article = "an" if what[:1] in "aeiou" else "a"
            self.refuse_type(node, f"this changes {article} {what} {why}",
                             f"copy it first: a local {what} can be changed")
        name = self.list_name(old.cell)
        for other, value in self.in_reach():
            for one in self.lists_within(value):
                if one.cell == old.cell:
                    continue
                if self.facts.may_be_one(old.cell, one.cell) or self._holds(one, old):
                    self.refuse_type(node, f"this changes {name}, which may or may not be the {what} in '{other}'",
                                     f"make it certain: copy the {what} first")

    def _holds(self, one: AnyList, changed: AnyList) -> bool:
        """Whether a variable may hold a list that is about to change, or be it."""
        if not isinstance(one, ListOf) or not isinstance(changed, ListOf):
            return False
        if frozenset((one.cell, changed.cell)) in self.facts.different and (
                height(one.items.type) == height(changed.items.type)):
            return False
        return one.items is changed.items or self._may_hold(one.items, changed.items, changed.items.type)

    def check_item(self, owner: ListOf, item: Type, node: Any) -> None:
        """Refuse writing into an item of a list that something else in reach may be, or hold."""
        if owner.items in self.facts.doubled:
            self.refuse_type(node, f"this writes into an item of {self.list_name(owner.cell)}, which may be in the "
                                   "list more than once", "copy what goes into the list")
        for other, value in self.in_reach():
            for operand in self.within(value):
                if isinstance(operand, Var) and operand is not owner.items and (
                        self._may_hold(operand, owner.items, item)):
                    self.refuse_type(node, f"this writes into an item of {self.list_name(owner.cell)}, which may or "
                                           f"may not be the memory of '{other}'", "copy what goes into the list")
        self.unsure |= {r for r in self.facts.roots_of(owner.items) if r in self.param_leaves}

    def _may_hold(self, other: Var, owner: Var, changed: Type) -> bool:
        """Whether a value may be, or hold, the very object of type ``changed`` that is, or is in, a list."""
        least = height(changed)
        return height(other.type) >= least and any(
            height(r.type) >= least for r in self.facts.roots_of(other) & self.facts.roots_of(owner))

    def list_name(self, cell: int) -> str:
        """What the user calls a list."""
        found = next((name for name, value in self.in_reach() if isinstance(value, (Seq, ListOf))
                      and value.cell == cell), "")
        return f"'{found}'" if found else "a list"

    def attempt(self) -> Callable[[], None]:
        """Remember the state of the program here; calling the result comes back to it."""
        back, memory, frames = self.flow.mark(), self.memory.fork(), list[Frame]()
        todo: list[Frame | None] = [self.frame]
        while todo:
            frame = todo.pop()
            if frame is not None and frame not in frames:
                frames.append(frame)
                todo += [frame.lexical, frame.caller]
        names = [(frame, frame.env, dict(frame.env)) for frame in frames]

        def take_back() -> None:
            self.flow.rewind(back)
            self.memory = memory.fork()
            for frame, env, before in names:
                env.clear()
                env.update(before)
                frame.env = env

        return take_back

    def not_yet(self, refuse: Callable[[], Any]) -> Var:
        """Refuse something; in a loop only once it is known that no iteration makes it good."""
        try:
            refuse()
        except Refusal as refusal:
            if not self.loop_rounds:
                raise
            self.pending.append(refusal)
        return Var(NOTHING)

    # Variables that hold lists.

    def list_op(self, fn: str, args: Sequence[Arg], t: Type, roots: Sequence[Arg], new: bool = False, hint: str = "",
                **options: Arg) -> Var:
        """Append an operation that gives a list; ``roots`` are the operands whose memory it keeps, or that it is."""
        target = Var(t, hint)
        if not any(map(self.has_bottom, (*args, *options.values()))):
            self.flow.stmts.append(Op(target, fn, tuple(map_arg(a, self.now) for a in args),
                                      tuple((k, map_arg(a, self.now)) for k, a in options.items()), self.flow.site,
                                      self.flow.sweep))
        kept = frozenset(r for a in roots for r in self.facts.roots_of(a)
                         if height(r.type) >= 0 and (not new or height(r.type) < height(t)))
        self.facts.roots[target] = kept | {target} if new else kept
        if not self.facts.doubled.isdisjoint(arg_vars(Tup(tuple(args)))):
            self.facts.doubled.add(target)
        return target

    def note_doubled(self, target: Var, parts: Sequence[Arg]) -> None:
        """What has been put into a list may be in it twice if some of it may be the same memory."""
        if any(0 <= height(r.type) < height(target.type) for a, b in itertools.combinations(parts, 2)
               for r in self.facts.roots_of(a) & self.facts.roots_of(b)):
            self.facts.doubled.add(target)

    def list_var(self, value: AnyList, node: Any, hint: str = "") -> Var:
        """The variable that holds a list; lists inside it become variables for good."""
        if isinstance(value, ListOf):
            return value.items
        t = list_type(value)
        if t is None:
            self._refuse_kinds(value, node)
        items = [self.list_item(v, node) for v in value.items]
        made = self.list_op("list_of", items, t, items, new=True, hint=hint)
        self.note_doubled(made, items)
        return made

    def list_item(self, value: Value, node: Any) -> Arg:
        """A value as an item of a variable that holds a list."""
        value = self.fresh_list(value)
        if isinstance(value, (Seq, ListOf)) and list_type(value) is not None:
            return self.grow(value, node).items
        if self.facts.may_be_box(value):
            self.refuse_type(node, "an array without axes is put into a list that grows, or is indexed at run time",
                             "put the number in: x.item()")
        if is_bottom(value) or is_number(value):
            return value  # type: ignore[return-value]
        self.refuse_open(node, f"{describe_value(value)} is put into a list that grows, or is indexed at run time",
                         "keep numbers, arrays or lists in it")

    def grow(self, value: AnyList, node: Any) -> ListOf:
        """A list, from now on held by a variable."""
        value = self.fresh_list(value)
        if isinstance(value, ListOf):
            return value
        name = self.list_name(value.cell).strip("'")
        made = ListOf(self.list_var(value, node, "" if name == "a list" else name), value.cell)
        self.hold(value, made)
        return made

    def _refuse_kinds(self, value: Value, node: Any) -> NoReturn:
        self.refuse_open(node, f"items of different kinds are in {describe_value(value)} that grows, or is indexed at "
                               "run time", "keep numbers, and arrays of each rank and dtype, in lists of their own")

    def joined(self, t: Type, item: Type, node: Any) -> Type:
        """The type of a list after an item of some type has been put into it."""
        found = join(t, List(item))
        if found is None:
            self.refuse_open(node, f"a value of type {item!r} is put into a {t!r}: the items of a list that grows, or "
                                   "is indexed at run time, are of one kind",
                             "keep numbers, and arrays of each rank and dtype, in lists of their own")
        return found

    def changed(self, owner: ListOf, fn: str, args: Sequence[Arg], t: Type | None = None, again: bool = False,
                **options: Arg) -> ListOf:
        """What is in a list after an operation on it; ``again`` says that an item is put back where it was."""
        t = owner.items.type if t is None else t
        made = self.list_op(fn, (owner.items, *args), t, (owner.items,), False, owner.items.hint, **options)
        # What is put into a list is not the list.
        self.facts.roots[made] |= {r for a in args for r in self.facts.roots_of(a) if 0 <= height(r.type) < height(t)}
        if not again:
            self.note_doubled(made, (owner.items, *args))
        return ListOf(made, owner.cell)

    # Items.

    def item_at(self, owner: ListOf, index: Arg, node: Any, hint: str = "") -> Value:
        """``owner[index]``."""
        t = owner.items.type
        assert isinstance(t, List)
        if t.item == NOTHING or self.has_bottom(index):
            return Var(NOTHING, hint)
        item = self.op("getitem", owner.items, options={"index": index}, node=node, hint=hint)
        if height(item.type) >= 0:
            self.facts.roots[item] = self.facts.roots_of(owner.items)
        if owner.items in self.facts.doubled:
            self.facts.doubled.add(item)
        return ListOf(item) if isinstance(item.type, List) else item

    def put_item(self, owner: ListOf, index: Arg, value: Value, node: Any, back: Back | None = None,
                 again: bool = False) -> None:
        """``owner[index] = value``; ``back`` takes the changed list where that is itself an item."""
        if is_bottom(value) or self.has_bottom(index):
            made = ListOf(Var(owner.items.type, owner.items.hint), owner.cell)
        else:
            item = self.list_item(value, node)
            made = self.changed(owner, "list_set", (item,), self.joined(owner.items.type, type_of(item), node), again,
                                index=index)
        if back is None:
            self.change(owner, made, node, False)
        else:
            back(made)
