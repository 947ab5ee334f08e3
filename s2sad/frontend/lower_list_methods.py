"""What is done with lists: items and slices, methods, ``+=``, ``del``.

While the length of a list is known, all of this is evaluated away.
"""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.lower_core import is_array, is_integer
from s2sad.frontend.lower_lists import AnyList, Back
from s2sad.frontend.lower_stars import Stars
from s2sad.frontend.templates import held
from s2sad.frontend.values import ListOf, Seq, SliceOf, Value, describe_value, is_bottom, is_number
from s2sad.rules.builder import type_of
from s2sad.rules.infer_index import getitem_type
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import NOTHING, Array, List, height, rank, same_dims

_TOGETHER = frozenset("np.array np.asarray np.stack np.concatenate np.vstack np.hstack np.column_stack".split())
_ARITIES = {"append": (1, 1), "extend": (1, 1), "insert": (2, 2), "pop": (0, 1), "remove": (1, 1), "clear": (0, 0),
            "reverse": (0, 0), "copy": (0, 0), "index": (1, 1), "count": (1, 1)}


class ListMethods(Stars):
    """Lists as they are used."""

    # Reading.

    def list_item_at(self, owner: ListOf, index: Value, node: Any, hint: str = "") -> Value:
        """``owner[index]``, a number too or a slice."""
        if isinstance(index, SliceOf):
            place = Slc(index.lo, index.hi, index.step)
            if self.has_bottom(place):
                return Var(owner.items.type)
            return ListOf(self.list_op("getitem", (owner.items,), owner.items.type, (owner.items,), new=True, hint=hint,
                                       index=place))
        return self.item_at(owner, self.place_in(owner, index, node), node, hint)

    def place_in(self, owner: AnyList, index: Value, node: Any) -> Arg:
        """An integer as the index of a list."""
        if is_bottom(index):
            return index  # type: ignore[return-value]
        if not isinstance(index, (Lit, Var)) or not is_integer(index):
            self.refuse_type(node, f"a list is indexed with integers, not {describe_value(index)}")
        known, value = self.facts.known(index)
        return Lit(value) if known else index

    def is_open_index(self, index: Value) -> bool:
        """Whether an index is known at run time only, and no parameter says what it is."""
        return (isinstance(index, Var) and is_integer(index) and not self.facts.known(index)[0]
                and not self.facts.places.get(index))

    # Writing.

    def set_list_item(self, owner: AnyList, index: Value, value: Value, node: Any) -> None:
        """``owner[index] = value``."""
        if is_bottom(index):
            return
        if isinstance(index, SliceOf):
            self._set_slice(owner, index, value, node)
            return
        if isinstance(owner, Seq) and self.is_open_index(index):
            owner = self.grow(owner, node)
        place = self.place_in(owner, index, node)
        if isinstance(owner, ListOf):
            self.put_item(owner, place, value, node)
            return
        at = self.demand(place, "it indexes a list", node)
        if -len(owner.items) <= at < len(owner.items):
            items = list(owner.items)
            items[at] = value
            self.change(owner, owner.with_items(items), node, False)
        else:
            self.out_of_range(owner, at, node)

    def out_of_range(self, owner: Seq, at: int, node: Any) -> Value:
        """Refuse an index that the list does not have, unless a loop makes it longer."""
        return self.not_yet(lambda: self.refuse_type(
            node, f"{owner.kind} index {at} out of range: it has {len(owner.items)} items",
            raises=IndexError(f"{owner.kind} index out of range")))

    def _set_slice(self, owner: AnyList, index: SliceOf, value: Value, node: Any) -> None:
        new = self.items_of(value, node)
        if isinstance(owner, ListOf) or new is None:
            self.refuse(node, f"assignment to a slice of {self.list_name(owner.cell)}, a list whose length is known at "
                              "run time only, is not supported", "assign the items one by one")
        items = list(owner.items)
        try:
            items[self._slice(index, node)] = new
        except ValueError as error:
            self.refuse_type(node, str(error))
        self.change(owner, owner.with_items(items), node, len(items) != len(owner.items))

    def _slice(self, index: SliceOf, node: Any) -> slice:
        return slice(*(None if a == NONE else self.demand(a, "it slices a list", node)
                       for a in (index.lo, index.hi, index.step)))

    def delete_item(self, owner: AnyList, index: Value, node: Any) -> None:
        """``del owner[index]``."""
        if is_bottom(index):
            return
        if isinstance(owner, ListOf):
            place: Arg = Slc(index.lo, index.hi, index.step) if isinstance(index, SliceOf) else self.place_in(
                owner, index, node)
            if isinstance(place, Slc):
                self.refuse(node, "'del' of a slice of a list whose length is known at run time only is not supported",
                            "make a new list of the items that stay")
            self.change(owner, self.changed(owner, "list_delete", (), index=place), node)
            return
        if self.is_open_index(index):
            self.delete_item(self.grow(owner, node), index, node)
            return
        items = list(owner.items)
        at = self._slice(index, node) if isinstance(index, SliceOf) else self.demand(
            self.place_in(owner, index, node), "it indexes a list", node)
        if isinstance(at, int) and not -len(items) <= at < len(items):
            self.out_of_range(owner, at, node)
            return
        del items[at]
        self.change(owner, owner.with_items(items), node)

    # Items that are changed where they are.

    def located(self, node: Any) -> tuple[Value, Back | None]:
        """What an expression stands for and, for an item of a list variable, how a changed one is put back."""
        if not isinstance(node, gast.Subscript):
            return self.expr(node), None
        owner, back = self.located(node.value)
        index = self.index(node.slice)
        if isinstance(owner, Seq) and owner.is_list and self.is_open_index(index) and self._is_nested(owner):
            owner = self.grow(owner, node)
        if not isinstance(owner, ListOf) or isinstance(index, SliceOf):
            return self.fresh_list(self.subscript(owner, index, node)), None
        place, one = self.place_in(owner, index, node), owner
        item = self.item_at(owner, place, node)

        def put(new: Value) -> None:
            present = self.fresh_list(one)
            held_now = item.items if isinstance(item, ListOf) else item
            self.check_item(present, type_of(held_now), node)  # type: ignore[arg-type]
            self.put_item(present, place, new, node, back, True)

        return item, put

    def _is_nested(self, owner: Seq) -> bool:
        return any(not is_number(v) or is_array(v) for v in owner.items)

    def set_inner_item(self, owner: Value, index: Value, value: Value, back: Back, node: Any) -> None:
        """``rows[i][index] = value``."""
        if is_bottom(owner) or is_bottom(index) or is_bottom(value):
            return
        if isinstance(owner, ListOf):
            if isinstance(index, SliceOf):
                self._set_slice(owner, index, value, node)
            self.put_item(owner, self.place_in(owner, index, node), value, node, back)
            return
        if not isinstance(owner, Var) or not isinstance(owner.type, Array) or not owner.type.dims:
            self.refuse_type(node, f"{describe_value(owner)} does not support item assignment")
        place = self.operand(index, node)
        number = self.array_value(value, node)
        if self.has_bottom(place):
            return
        self.check_write(owner, place, number, "this array", node, False)
        new = self.op("setitem", owner, number, options={"index": place}, node=node)
        self.facts.roots[new] = self.facts.roots_of(owner)
        back(new)

    def update_whole_item(self, old: Var, fn: str, value: Value, back: Back, node: Any) -> None:
        """``rows[i] fn= value`` for an item that is an array: its elements change."""
        new = self.binary(fn, old, value, node)
        if is_bottom(new):
            return
        assert isinstance(new, Var)
        if new.type != old.type and not (same_dims(new.type, old.type) and type_of(new) == old.type):
            self.check_write(old, Lit(...), new, "this array", node, True)
            new = self.op("setitem", old, new, options={"index": Lit(...)}, node=node)
        self.facts.roots[new] = self.facts.roots_of(old)
        back(new)

    def array_value(self, value: Value, node: Any) -> Var | Lit:
        raise NotImplementedError

    # Methods.

    def list_method(self, owner: AnyList, name: str, args: list[Value], kwargs: dict[str, Value], node: Any,
                    back: Back | None = None) -> Value:
        """``owner.name(...)``; ``back`` takes the changed list where that is an item of another one."""
        owner = self.fresh_list(owner)
        if name == "sort" and isinstance(owner, Seq) and owner.is_list and not args:
            return self.sort_list(owner, kwargs, node)
        if kwargs:
            self.refuse(node, f"the argument '{next(iter(kwargs))}' of list.{name}() is not supported")
        low, high = _ARITIES.get(name, (0, 9))
        if not low <= len(args) <= high:
            self.refuse_type(node, f"list.{name}() takes {low if low == high else f'{low} to {high}'} arguments, not "
                                   f"{len(args)}")
        if isinstance(owner, ListOf):
            return self._method_of_variable(owner, name, args, node, back)
        found = getattr(self, "_list_" + name, None)
        if found is None:
            self.refuse(node, f"list.{name}() is not supported", "use np.sort(...) of an array")
        value: Value = found(owner, args, node)
        return value

    def _list_append(self, owner: Seq, args: list[Value], node: Any) -> Value:
        self.change(owner, owner.with_items((*owner.items, args[0])), node)
        return Lit(None)

    def _list_extend(self, owner: Seq, args: list[Value], node: Any) -> Value:
        items = None if is_bottom(args[0]) else self.items_of(args[0], node)
        if items is None:
            if is_bottom(args[0]):
                return Lit(None)
            return self._method_of_variable(self.grow(owner, node), "extend", args, node, None)
        self.change(owner, owner.with_items((*owner.items, *items)), node)
        return Lit(None)

    def _list_insert(self, owner: Seq, args: list[Value], node: Any) -> Value:
        if self.is_open_index(args[0]):
            return self._method_of_variable(self.grow(owner, node), "insert", args, node, None)
        items = list(owner.items)
        at = self.demand(self.place_in(owner, args[0], node), "it says where a list gets an item", node)
        items.insert(at, args[1])
        self.change(owner, owner.with_items(items), node)
        return Lit(None)

    def _list_pop(self, owner: Seq, args: list[Value], node: Any) -> Value:
        if args and self.is_open_index(args[0]):
            return self._method_of_variable(self.grow(owner, node), "pop", args, node, None)
        at = self.demand(self.place_in(owner, args[0], node), "it indexes a list", node) if args else -1
        items = list(owner.items)
        if not -len(items) <= at < len(items):
            return self.out_of_range(owner, at, node)
        value = items.pop(at)
        self.change(owner, owner.with_items(items), node)
        return self.fresh_list(value)  # type: ignore[no-any-return]

    def _list_remove(self, owner: Seq, args: list[Value], node: Any) -> Value:
        items = list(owner.items)
        del items[self._found(owner, args[0], "remove", node)]
        self.change(owner, owner.with_items(items), node)
        return Lit(None)

    def _list_clear(self, owner: Seq, args: list[Value], node: Any) -> Value:
        self.change(owner, owner.with_items(()), node)
        return Lit(None)

    def _list_reverse(self, owner: Seq, args: list[Value], node: Any) -> Value:
        self.change(owner, owner.with_items(owner.items[::-1]), node, False)
        return Lit(None)

    def _list_copy(self, owner: Seq, args: list[Value], node: Any) -> Value:
        return Seq(owner.items, owner.kind)

    def _list_index(self, owner: Seq, args: list[Value], node: Any) -> Value:
        if isinstance(args[0], Var) and self.is_table(owner):
            table = self.op("constants", *owner.items, node=node)  # type: ignore[arg-type]
            return self.op("index_of", table, args[0], node=node)
        return Lit(self._found(owner, args[0], "index", node))

    def _list_count(self, owner: Seq, args: list[Value], node: Any) -> Value:
        total: Value = Lit(0)
        for item in owner.items:
            same = self.truth(self.compare("==", item, args[0], node), node)
            if same is not False:
                total = self.binary("+", total, Lit(1) if same is True else self.op("int", same, node=node), node)
        return total

    def _found(self, owner: Seq, value: Value, name: str, node: Any) -> int:
        """Where a value is in a list or tuple of known ones."""
        for k, item in enumerate(owner.items):
            same = self.truth(self.compare("==", item, value, node), node)
            if not isinstance(same, bool):
                self.refuse(node, f"'{name}' of a {owner.kind} with values computed at run time is not supported",
                            "compare the items in a loop")
            if same:
                return k
        said = f"{value.value!r} is not in list" if isinstance(value, Lit) and name == "index" else "x not in list"
        self.refuse_type(node, "the value is not in the list or tuple", raises=ValueError(said))

    def sort_list(self, owner: Seq, kwargs: dict[str, Value], node: Any) -> Value:
        raise NotImplementedError

    def _method_of_variable(self, owner: ListOf, name: str, args: list[Value], node: Any, back: Back | None) -> Value:
        """A method of a list whose length is known at run time only."""
        if name == "copy":
            return ListOf(self.list_op("copy", (owner.items,), owner.items.type, (owner.items,), new=True))
        value: Value = Lit(None)
        new: Value = owner
        if any(map(is_bottom, args)):
            new = ListOf(Var(owner.items.type, owner.items.hint))
        elif name == "append":
            item = self.list_item(args[0], node)
            new = self.changed(owner, "list_append", (item,), self.joined(owner.items.type, type_of(item), node))
        elif name == "extend":
            new = self._extended(owner, args[0], node)
        elif name == "insert":
            if args[0] != Lit(0):
                self.refuse(node, f"list.insert() into {self.list_name(owner.cell)}, a list whose length is known at "
                                  "run time only, is not supported, but at 0", "put the items together in order")
            item = self.list_item(args[1], node)
            new = self.changed(owner, "list_insert", (item,), self.joined(owner.items.type, type_of(item), node),
                               index=Lit(0))
        elif name == "pop":
            place = self.place_in(owner, args[0], node) if args else Lit(-1)
            value = self.item_at(owner, place, node)
            new = self.changed(owner, "list_pop", ()) if place == Lit(-1) else self.changed(
                owner, "list_delete", (), index=place)
        elif name == "reverse":
            new = self.list_item_at(owner, SliceOf(NONE, NONE, Lit(-1)), node)
        elif name == "clear":
            new = Seq((), "list")
        else:
            self.refuse(node, f"list.{name}() of {self.list_name(owner.cell)}, a list whose length is known at run "
                              "time only, is not supported", "make it an array first: np.array(...)")
        if back is not None:
            back(new)
        else:
            self.change(owner, held(new, owner.cell), node)
        return value

    def listed_if_lazy(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    def _extended(self, owner: ListOf, value: Value, node: Any) -> Value:
        value = self.listed_if_lazy(value, node)
        if isinstance(value, Seq) and value.is_list or isinstance(value, ListOf):
            more = self.list_var(value, node)
        elif (items := self.items_of(value, node)) is not None:
            more = self.list_var(Seq(tuple(items), "list"), node)
        else:
            self.refuse_type(node, f"a list is not extended by {describe_value(value)}", "append its items in a loop")
        assert isinstance(more.type, List)
        return self.changed(owner, "list_extend", (more,), self.joined(owner.items.type, more.type.item, node))

    def list_from(self, value: Value, node: Any) -> Value:
        """``list(value)`` of something whose length is known at run time only."""
        if isinstance(value, ListOf):
            return self._method_of_variable(value, "copy", [], node, None)
        if isinstance(value, Var) and isinstance(value.type, Array) and value.type.dims:
            t = List(getitem_type(value.type, Lit(0)))
            rows = self.operand(value, node)
            return ListOf(self.list_op("list_rows", (rows,), t, (rows,), new=True))
        self.refuse_type(node, f"list() of {describe_value(value)} is not supported: its length is not known",
                         "use a comprehension: [... for x in ...]")

    def sum_of_list(self, value: ListOf, start: Value, node: Any, hint: str) -> Value:
        """``sum(xs, start)``."""
        t = value.items.type
        assert isinstance(t, List)
        if t.item == NOTHING or is_bottom(start):
            return Var(NOTHING, hint)
        if height(t.item) > 0:
            self.refuse_type(node, "sum() of a list of lists is not supported", "write a loop")
        args = (value.items,) if start == Lit(0) else (value.items, self.number(start, node))
        return self.op("list_sum", *args, node=node, hint=hint)

    def extreme_of_list(self, name: str, value: ListOf, node: Any, hint: str) -> Value:
        """``min(xs)`` or ``max(xs)``."""
        t = value.items.type
        assert isinstance(t, List)
        if t.item == NOTHING:
            return Var(NOTHING, hint)
        if height(t.item) > 0 or rank(t.item) != 0:
            self.refuse_type(node, f"{name}() of a list of lists or arrays is not supported", "write a loop")
        if isinstance(t.item, Array):
            return self.op("np." + name, self.list_as_array(value, node), node=node, hint=hint)
        best = self.op("np." + name, self.list_as_array(value, node), node=node)
        return self.op(str(t.item), best, node=node, hint=hint)

    # NumPy's functions of lists.

    def list_as_array(self, value: ListOf, node: Any, hint: str = "", **options: Arg) -> Var:
        """``np.array(xs)``."""
        return self.op("list_array", value.items, node=node, hint=hint, options=options)

    def list_function(self, name: str, args: list[Value], kwargs: dict[str, Value], node: Any,
                      hint: str) -> Value | None:
        """A function of NumPy that puts the items of a list together; None if it is another one."""
        value, named = args[0], {k: self.operand(v, node) for k, v in kwargs.items()}
        t = value.items.type if isinstance(value, ListOf) else None
        if not isinstance(value, ListOf) or not isinstance(t, List) or name not in _TOGETHER:
            return None
        if t.item == NOTHING:
            return Var(NOTHING, hint)
        left = [self.operand(a, node) for a in args[1:]]
        if name in ("np.array", "np.asarray"):
            options = {**({"dtype": left[0]} if left else {}), **named}
            return self.list_as_array(value, node, hint, **{k: v for k, v in options.items() if k != "copy"})
        if not isinstance(t.item, Array) or not t.item.dims:
            if name == "np.hstack":
                return self.list_as_array(value, node, hint)
            if name != "np.stack":
                self.refuse_type(node, f"{name} of a list of numbers is not supported", "use np.array(...)")
        axis = named.get("axis", left[0] if left else Lit(0))
        n = rank(t.item) or 0
        if name in ("np.vstack", "np.column_stack") and n == 1:
            name, axis = "np.stack", Lit(0 if name == "np.vstack" else 1)
        elif name in ("np.vstack", "np.hstack", "np.column_stack"):
            name, axis = "np.concatenate", Lit(0 if name == "np.vstack" or n == 1 else 1)
        if axis == NONE:
            self.refuse_type(node, f"{name} with axis=None is not supported for a list that grows",
                             "use np.ravel(...) of each item")
        fn = "list_stack" if name == "np.stack" else "list_concatenate"
        return self.op(fn, value.items, node=node, hint=hint, options={} if axis == Lit(0) else {"axis": axis})

    # Operators.

    def extend_in_place(self, owner: AnyList, fn: str, value: Value, node: Any) -> None:
        """``owner += value`` and ``owner *= n``: the list itself changes."""
        if is_bottom(value):
            self.change(owner, owner if isinstance(owner, Seq) else ListOf(Var(owner.items.type), owner.cell), node)
        elif fn == "+":
            self.list_method(owner, "extend", [value], {}, node)
        elif fn == "*" and isinstance(owner, Seq) and is_number(value):
            times = self.demand(value, "it repeats a list", node)  # type: ignore[arg-type]
            self.change(owner, owner.with_items(owner.items * times), node)
        else:
            self.refuse(node, f"'{fn}=' of {describe_value(owner)} is not supported", "make a new list")

    def list_binary(self, fn: str, left: Value, right: Value, node: Any, hint: str = "") -> Value | None:
        """``left fn right`` where a list whose length is known at run time only comes in, or comes out."""
        lists = [v for v in (left, right) if isinstance(v, ListOf) or isinstance(v, Seq) and v.is_list]
        if fn == "+" and len(lists) == 2 and any(isinstance(v, ListOf) for v in lists):
            a, b = (self.list_var(v, node) for v in lists)
            assert isinstance(b.type, List)
            t = self.joined(a.type, b.type.item, node)
            made = self.list_op("list_concat", (a, b), t, (a, b), new=True, hint=hint)
            self.note_doubled(made, (a, b))
            return ListOf(made)
        if fn == "*" and len(lists) == 1:
            times = right if lists[0] is left else left
            if isinstance(lists[0], ListOf) or self.is_open_index(times):
                xs = self.list_var(lists[0], node)
                assert isinstance(xs.type, List)
                if height(xs.type.item) >= 0:
                    self.refuse_type(node, "this puts the same array or list into a list many times",
                                     "make each item anew: [... for _ in range(n)]")
                count = self.place_in(lists[0], times, node)
                return ListOf(self.list_op("list_repeat", (xs,), xs.type, (xs,), new=True, hint=hint, count=count))
        return None
