"""Statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from s2sad.frontend.constructs import construct
from s2sad.frontend.flow import LateBreak, LateNext, LateReturn
from s2sad.frontend.library import in_library
from s2sad.frontend.lower_core import CannotInline, Unreachable, is_array
from s2sad.frontend.lower_expr import BINARY
from s2sad.frontend.lower_unpack import hint_of, named
from s2sad.frontend.lower_with import Contexts
from s2sad.frontend.specialise import KindsDiffer
from s2sad.frontend.syntax import changed
from s2sad.frontend.values import (
    Closure,
    ListOf,
    Seq,
    Value,
    is_bottom,
)
from s2sad.rules.infer_index import getitem_type, is_basic
from s2sad.trace.ir import UNDEF, Arg, Lit, Raise, Var
from s2sad.trace.types import Array, Unknown, dtype_of, rank, same_dims

EXITS = (gast.Break, gast.Continue, gast.Return, gast.Raise)


class Statements(Contexts):
    """Statements; `run` is the entry."""

    def run(self, stmts: list[Any], tail: bool) -> bool:
        """Lower statements; whether control goes on behind them.

        With ``tail`` they end the body of a loop or function: falling off their end is an end, too.
        """
        try:
            for k, stmt in enumerate(stmts):
                if not self.stmt(stmt, tail and k == len(stmts) - 1):
                    return False
        except Unreachable:
            assert self.flow.ended
            return False
        if tail and not (stmts and (_handles_tail(stmts[-1]) or isinstance(stmts[-1], EXITS))):
            return self.fall()
        return True

    def fall(self) -> bool:
        """Control falls off the end of a loop's body."""
        if self.frame.loops and self.frame.loops[-1] == "nested":
            return self.copies[-1]()
        self.flow.close(self.late(LateNext))
        return False

    def stmt(self, node: Any, tail: bool) -> bool:
        """Lower one statement; whether control goes on behind it."""
        return self.watched(node, lambda: self._stmt(node, tail))

    def _stmt(self, node: Any, tail: bool) -> bool:
        self.at(node)
        if isinstance(node, gast.If):
            return self._do_If(node, tail)
        if isinstance(node, gast.Try):
            return self._do_Try(node, tail)
        handler = getattr(self, "_do_" + type(node).__name__, None)
        if handler is None:
            name, instead = construct(node)
            self.refuse(node, f"{name} is not supported", instead)
        return handler(node) is not False

    def _do_If(self, node: Any, tail: bool) -> bool:
        cond = self.test(node.test)
        tail = tail and _handles_tail(node)
        if isinstance(cond, bool):
            return self.run(node.body if cond else node.orelse, tail)
        a = self.path(self.when(cond, True, lambda: self.run(node.body, tail)), not tail)
        b = self.path(self.when(cond, False, lambda: self.run(node.orelse, tail)), not tail)
        a.value = b.value = UNDEF
        return self.rejoin(cond, a, b, node, self.frame.live.after[id(node)])

    def _do_Pass(self, node: Any) -> None:
        pass

    def _do_Nonlocal(self, node: Any) -> None:
        for name in node.names:
            self.check_nonlocal(name, node)

    def _do_Expr(self, node: Any) -> None:
        if isinstance(node.value, gast.Constant):
            return
        self.unused = node.value
        self.expr(node.value)

    def _do_FunctionDef(self, node: Any) -> None:
        decorators = [(self.expr(d), d) for d in node.decorator_list]
        made = Closure(node, self.frame, self.defaults(node.args))
        self.bind_name(node.name, self.decorated(made, decorators), node)

    # Assignment.

    def _do_Assign(self, node: Any) -> None:
        target = node.targets[0]
        if isinstance(target, (gast.Tuple, gast.List)) and isinstance(node.value, (gast.Tuple, gast.List)):
            if len(target.elts) == len(node.value.elts) and not any(
                    isinstance(e, gast.Starred) for e in (*target.elts, *node.value.elts)):
                values: list[Value] = []
                with self.holding(values):
                    for t, v in zip(target.elts, node.value.elts):
                        values.append(self.expr(v, hint_of(t)))
                for t, v in zip(target.elts, values):
                    self.bind_target(t, v, node)
                return
        self.bind_target(target, self.expr(node.value, _hints(target, node.value)), node)

    def _do_AnnAssign(self, node: Any) -> None:
        if node.value is not None:
            self.bind_target(node.target, self.expr(node.value, hint_of(node.target)), node)

    def _do_AugAssign(self, node: Any) -> None:
        target = node.target
        if isinstance(target, gast.Subscript):
            self._update_item(node, target, BINARY[type(node.op)])
            return
        if isinstance(target, gast.Attribute):
            self._update_attribute(node, target, BINARY[type(node.op)])
            return
        name, fn = target.id, BINARY[type(node.op)]
        load = gast.copy_location(gast.Name(id=name, ctx=gast.Load(), annotation=None, type_comment=None), target)
        old = self.expr(load)
        value = self.value_beside((old,), node.value)
        if isinstance(old, ListOf) or isinstance(old, Seq) and old.is_list:
            self.extend_in_place(self.fresh_list(old), fn, value, node)
            return
        if isinstance(old, Seq) and (old.is_dict or old.kind == "set"):
            self.update_table(self.fresh_list(old), fn, value, node)
            return
        if (made := self.object_binary(fn, self.fresh_list(old), value, node, name, True)) is not None:
            self.frame.env[name] = made
            return
        if self._is_shared_array(old, name):
            self.update(old, Lit(...), fn, value, node, name)  # type: ignore[arg-type]
            return
        self._check_blurred(old, name, node, fn)
        new = self.binary(fn, old, value, node, name)
        if old in self.facts.blurred and isinstance(new, Var):
            self.facts.blurred.add(new)
        if is_array(old) and not is_bottom(old) and isinstance(new, Var) and not is_bottom(new):
            assert isinstance(old, Var)
            if isinstance(old.type, Array) and rank(old.type) != 0 and not (
                    dtype_of(old.type) == dtype_of(new.type) and same_dims(old.type, new.type)):
                self.write(old, Lit(...), new, node, name, is_update=True)
                return
            self._check_in_place(old, name, node, fn)
        self.bind_name(name, new, node)

    def _is_shared_array(self, old: Value, name: str) -> bool:
        """Whether ``x += y`` must be seen as a write to memory; else it is as good as ``x = x + y``."""
        if not (isinstance(old, Var) and isinstance(old.type, Array) and rank(old.type) != 0):
            return old in self.facts.boxed
        return (any(name in names for names in self.frame.fixed) or not self.facts.is_fresh(old)
                or self.facts.root(old) is not old or bool(self.others_with(old, name)))

    def _check_in_place(self, old: Var, name: str, node: Any, fn: str) -> None:
        """``x += y`` writes into the array x: that is ``x = x + y`` only if nobody else sees the array."""
        instead = f"write {name} = {name} {fn} ..."
        is_seen = isinstance(old.type, Unknown) and bool(self.others_with(old, name))
        if rank(old.type) != 0 and (is_seen or not self.facts.is_fresh(old)):
            what = "a number or an array" if isinstance(old.type, Unknown) else "an array"
            self.refuse_type(node, f"this writes into '{name}', {what} that others may see", instead)

    def _check_blurred(self, old: Value, name: str, node: Any, fn: str) -> None:
        """``x += y`` changes an array without axes, but no number: refuse it where x may be either and it matters."""
        if not (isinstance(old, Var) and old in self.facts.blurred):
            return
        outside = self.param_leaves | set(self.globals.values())
        if self.others_with(old, name) or not outside.isdisjoint(self.facts.roots_of(old)):
            what = f"'{name}'" if name else "this"
            self.refuse_type(node, f"{what} may be a number, or an array without axes that others see",
                             f"write {name or '...'} = {name or '...'} {fn} ...")

    def value_beside(self, held: Sequence[Value], node: Any) -> Value:
        """The value of an expression, beside what has been evaluated before it."""
        with self.holding(held):
            return self.expr(node)

    def _update_item(self, node: Any, target: Any, fn: str) -> None:
        """``x[i] += y``."""
        owner, back = self.located(target.value)
        index = self.index(target.slice)
        name = named(target.value)
        if self.special_method(owner, "__setitem__", target) is not None:
            old = self.subscript(owner, index, target)
            self.update_place(old, fn, self.value_beside((owner, old), node.value), node, name,
                               lambda new: self.assign_item(owner, index, new, target), True)
            return
        if back is not None:
            new = self.binary(fn, self.subscript(owner, index, target), self.expr(node.value), node)
            self.set_inner_item(self.fresh_list(owner), index, new, back, target)
            return
        if is_array(owner) and not is_bottom(owner):
            assert isinstance(owner, Var)
            self._update_element(owner, self.operand(index, target), fn, node, name)
            return
        if isinstance(owner, Seq) and owner.is_list and self.is_open_index(index):
            owner = self.grow(owner, target)
        old, put = self.located(target) if isinstance(owner, ListOf) else (self.subscript(owner, index, target), None)
        value = self.value_beside((owner, old), node.value)
        if put is not None and isinstance(old, Var) and isinstance(old.type, Array) and old.type.dims:
            self.update_whole_item(old, fn, value, put, node)
            return
        self.update_place(self.fresh_list(old), fn, value, node, name, lambda new: self.assign_item(
            self.fresh_list(owner), index, new, target, name))

    def _update_element(self, owner: Var, index: Arg, fn: str, node: Any, name: str) -> None:
        """``x[i] += y`` of an array: Python reads ``x[i]`` first, and y may be a call that writes into x."""
        is_view = self.has_bottom(index) or is_basic(index) and rank(getitem_type(owner.type, index)) != 0
        if is_view or not any(isinstance(part, gast.Call) for part in gast.walk(node.value)):
            self.update(owner, index, fn, self.value_beside((owner,), node.value), node, name)
            return
        before, old = self.now(owner), self.op("getitem", owner, options={"index": index}, node=node)
        value = self.value_beside((owner,), node.value)
        if self.now(owner) is before or is_bottom(value):
            self.update(owner, index, fn, value, node, name)
            return
        self.write(owner, index, self.binary(fn, old, value, node), node, name, is_update=True)

    def _update_attribute(self, node: Any, target: Any, fn: str) -> None:
        """``p.x += y``."""
        owner = self.expr(target.value)
        old = self.attribute(owner, target.attr, target)
        value = self.value_beside((owner, old), node.value)
        self.check_assignable(owner, target.attr, target)
        cls = self.class_of(owner)
        asks = cls is not None and isinstance(self.class_entry(cls, target.attr), property)
        self.update_place(self.fresh_list(old), fn, value, node, named(target), lambda new: self.set_attribute(
            self.fresh_list(owner), target.attr, new, target), asks)

    def update_place(self, old: Value, fn: str, value: Value, node: Any, name: str, put: Callable[[Value], None],
                     asks: bool = False) -> None:
        """What is in a container changes, or, as numbers do, gives way to something new.

        ``asks`` says that the container is told even if it is the old object that has changed.
        """
        if isinstance(old, ListOf) or isinstance(old, Seq) and old.is_list:
            self.extend_in_place(old, fn, value, node)
        elif isinstance(old, Seq) and (old.is_dict or old.kind == "set"):
            self.update_table(old, fn, value, node)
        elif (made := self.object_binary(fn, old, value, node, "", True)) is not None:
            put(made)
            return
        elif self._is_shared_array(old, ""):
            self.update(old, Lit(...), fn, value, node, name)  # type: ignore[arg-type]
        else:
            self._check_blurred(old, "", node, fn)
            put(self.binary(fn, old, value, node))
            return
        if asks:
            put(old)

    # Exits.

    def result(self, value: Value, node: Any) -> Value:
        raise NotImplementedError

    def changed_contents(self, node: Any) -> dict[str, Value]:
        raise NotImplementedError

    def _do_Return(self, node: Any) -> bool:
        if self.frame.inline:
            raise CannotInline("it returns from the inside of a loop")
        value: Value = Lit(None) if node.value is None else self.expr(node.value)
        if any(isinstance(one, ListOf) for one in self.lists_within(value)):
            self.refuse_type(node.value, "the result is a list whose length is known at run time only",
                             "return an array: np.array(...)")
        value = self.result(self.without_none(value, node), node)
        contents = self.changed_contents(node)
        self.flow.close(LateReturn((), value, node, self.memory.fork(), contents))
        return False

    def _do_Break(self, node: Any) -> bool:
        if self.frame.loops[-1] == "nested":
            return True
        self.flow.close(self.late(LateBreak))
        return False

    def _do_Continue(self, node: Any) -> bool:
        if self.frame.loops[-1] == "copy":
            return True
        return self.fall()

    def _after_endless(self) -> bool:
        """Control never gets behind a ``while True`` without break."""
        self.flow.close(Raise("AssertionError", ()))
        return False

    # Functions that are put in place of their call.

    def run_value(self, stmts: list[Any]) -> Value:
        """Lower the body of a function that is put in place; the value it returns."""
        for k, stmt in enumerate(stmts):
            last = k == len(stmts) - 1
            if isinstance(stmt, gast.Return):
                self.at(stmt)
                return Lit(None) if stmt.value is None else self.left_behind(self._returned(stmt.value))
            if isinstance(stmt, gast.If) and last:
                return self._value_of_if(stmt)
            if isinstance(stmt, gast.Try) and stmt.leaves and last and self.is_calm(stmt):
                return Lit(None) if not self.run(stmt.body, False) else self.run_value(stmt.orelse)
            if _handles_tail(stmt):
                raise CannotInline("it returns from a 'try'")
            if isinstance(stmt, gast.If) and in_library(self.frame.source.file):
                divided = self._divided(stmt, stmts[k + 1:])
                if divided is not None:
                    return self._value_of_if(divided)
            elif not self.stmt(stmt, False):
                raise Unreachable
        return Lit(None)

    def _divided(self, node: Any, rest: list[Any]) -> Any:
        """Lower a branch; what follows is put on either side of it where a value is of another kind on each."""
        take_back = self.attempt()
        self.divisible += 1
        try:
            if not self.stmt(node, False):
                raise Unreachable
            return None
        except KindsDiffer:
            take_back()
            return changed(node, body=[*node.body, *rest], orelse=[*node.orelse, *rest])
        finally:
            self.divisible -= 1

    def _returned(self, node: Any) -> Value:
        """What a function put in place returns, under the names that the caller gives it."""
        hint = self.frame.hint
        names = hint.split(",")
        if isinstance(node, gast.Tuple) and len(names) == len(node.elts) > 1:
            return Seq(tuple(self.expr(e, n) for e, n in zip(node.elts, names)))
        return self.expr(node, hint)

    def _value_of_if(self, node: Any) -> Value:
        self.at(node)
        cond = self.test(node.test)
        if isinstance(cond, bool):
            return self.run_value(node.body if cond else node.orelse)
        a = self.path(self.when(cond, True, lambda: self.run_value(node.body)))
        b = self.path(self.when(cond, False, lambda: self.run_value(node.orelse)))
        if a.ended or b.ended:
            env = self.frame.env
            if not self.rejoin(cond, a, b, node):
                raise Unreachable
            self.frame.env = env
            return b.value if a.ended else a.value
        if a.flow.partial or b.flow.partial:
            raise CannotInline("only some of its paths raise")
        env = self.frame.env
        value = self.meet_again(cond, a, b, node, frozenset(), self.frame.hint)
        self.frame.env = env
        return value


def _handles_tail(stmt: Any) -> bool:
    return isinstance(stmt, (gast.If, gast.Try)) and bool(getattr(stmt, "leaves", False))


def _hints(target: Any, value: Any) -> str:
    """The name of a target; of several that a call gives values to, all of them, with commas between."""
    if isinstance(target, gast.Tuple) and isinstance(value, gast.Call):
        return ",".join(hint_of(t) for t in target.elts)
    return hint_of(target)
