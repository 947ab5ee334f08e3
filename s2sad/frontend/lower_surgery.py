"""Blocks that the program puts into its reverse sweep: ``with adjoint_of(h) as h_bar:``.

The block is a function of the adjoint and of what it reads, and h goes through a function that is the identity, with
the block as its derivative:

    with adjoint_of(h) as h_bar:                 def h_adjoint(h, c): return h
        h_bar = np.clip(h_bar, -c, c)     ⇒      def h_adjoint_rev(h, c, h_bar): return np.clip(h_bar, -c, c)
    y = g(h)                                     h = h_adjoint(h, c);  y = g(h)
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import gast

from s2sad.frontend.captures import captures
from s2sad.frontend.instance import Entry, Instance
from s2sad.frontend.liveness import bound
from s2sad.frontend.lower_custom import flat, spec_in, tangent_spec
from s2sad.frontend.lower_stmt import Statements
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.values import Closure, Library, ListOf, Poison, Seq, Value, describe_value, is_bottom, is_number
from s2sad.names import fresh
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Call, Custom, Var
from s2sad.trace.types import is_differentiable, rank

_ROUNDS = 8


class Surgery(Statements):
    """`_do_With` is the entry."""

    def _do_With(self, node: Any) -> bool:
        call = node.items[0].context_expr
        func = call.func if isinstance(call, gast.Call) else None
        if isinstance(func, gast.Name) or isinstance(func, gast.Attribute) and func.attr == "adjoint_of":
            fn = self.expr(func)
            if isinstance(fn, Library) and fn.name == "s2sad.adjoint_of":
                self._surgery(node, call)
                return True
        return super()._do_With(node)

    def _surgery(self, node: Any, call: Any) -> None:
        name = node.items[0].optional_vars
        if not isinstance(name, gast.Name) or len(call.args) != 1 or call.keywords:
            self.refuse(node, "this adjoint_of is not supported", "write: with s2sad.adjoint_of(h) as h_bar")
        (target,) = call.args
        if not isinstance(target, (gast.Name, gast.Attribute, gast.Subscript)):
            self.refuse(target, "the adjoint of an expression that is no variable is not supported",
                        "give it a name first: h = ...")
        if isinstance(target, gast.Name) and target.id == name.id:
            self.refuse(node, f"an adjoint under the name of its variable, '{name.id}', is not supported",
                        f"give it another name: as {name.id}_bar")
        if isinstance(target, gast.Name) and target.id not in self.frame.locals:
            self.refuse(target, f"'{target.id}' is no variable of this function, or of this block",
                        "give it a name first: h = ..., or write one block after the other")
        value = self.fresh_list(self.settle_shapes(self.expr(target), target))
        if isinstance(target, gast.Subscript) and is_number(self.expr(target.value)):
            self.refuse(target, "the adjoint of an item of an array is not supported", "take that of the array")
        leaves = list(self._leaves(value, target))
        known = {n.id for n in gast.walk(self.frame.source.node) if isinstance(n, gast.Name)}
        for own in bound([*node.body, name]):
            if own not in known:
                self._refuse_exit(node, own)
            self.frame.env[own] = Poison(f"'{own}' is assigned in a block of adjoint_of, which runs in the reverse "
                                         "sweep only", "use another name")
        if any(map(is_bottom, leaves)):
            return
        if not any(isinstance(v, Var) and is_differentiable(v.type) for v in leaves):
            self.refuse_type(target, f"{describe_value(value)} has no adjoint")
        self._rebind(target, value, self._cut(node, name, value, leaves), node)

    def _refuse_exit(self, node: Any, flag: str) -> None:
        """Refuse to leave a block: desugaring has put a flag in the place of the exit."""
        made = next(s for part in node.body for s in gast.walk(part) if isinstance(s, gast.Assign) and any(
            isinstance(t, gast.Name) and t.id == flag for t in s.targets))
        self.refuse(made, "leaving a block of adjoint_of is not supported", "let it end")

    def _leaves(self, value: Value, node: Any) -> Any:
        """The numbers and arrays of a value, as they are referred to."""
        value = self.fresh_list(value)
        if isinstance(value, ListOf):
            self.refuse(node, f"the adjoint of {describe_value(value)} is not supported", "take those of its items")
        if isinstance(value, Seq):
            for item in value.items:
                yield from self._leaves(item, node)
        elif is_number(value):
            yield value

    # The functions.

    def _cut(self, node: Any, name: Any, value: Value, leaves: list[Arg]) -> dict[Arg, Var]:
        """Let the numbers and arrays go through the identity; what comes out of those that have an adjoint."""
        block = self._block(node, name, is_number(value))
        fn = Closure(block, self.frame, ())
        info = self.program.closure_definition(fn, self.frame)
        values: dict[str, Value] = {name.id: self.settled(value, node)}
        taken = captures((), fn, values, self.fresh_list, self._captured)
        values |= taken.values
        more: tuple[str, ...] = ()
        for _ in range(_ROUNDS):
            instance = Instance(self.program, self, info, values, node, taken, self.frame)
            try:
                entry, read = self._lowered(instance, info, name.id, len(leaves), more)
            except Specialise as need:
                if need.is_global or need.owner.key not in (instance.key, ("adjoint", instance.key)):
                    raise
                values = self._specialised(values, need, node)
                continue
            if all(g in entry.globals for g in read):
                args = [*(self.now(a) if isinstance(a, Var) else a for a in instance.operands),
                        *(self.program.global_input(self, g) for g in entry.globals)]
                targets = tuple(Var(type_of(a), v.hint if isinstance(v, Var) else "") for v, a in zip(leaves, args))
                self.flow.add(Call(targets, entry.name, tuple(args), self.flow.site))
                return {v: t for v, t in zip(leaves, targets) if isinstance(v, Var) and is_differentiable(v.type)}
            more = (*entry.globals, *(g for g in read if g not in entry.globals))
            self.program.drop(set(self.program.entries) - {instance.key, ("adjoint", instance.key)})
        self.refuse(node, "the numbers that this block reads from outside do not settle")

    def _block(self, node: Any, name: Any, single: bool) -> Any:
        """The block as a function of the adjoint, which stands under its name where the block stops in a debugger."""
        found = getattr(node, "adjoint_function", None)
        if found is None:
            load = gast.copy_location(gast.Name(id=name.id, ctx=gast.Load(), annotation=None, type_comment=None), name)
            parameter = gast.copy_location(gast.Name(id=name.id, ctx=gast.Param(), annotation=None, type_comment=None),
                                           name)
            end = gast.copy_location(gast.Return(value=load), node)
            arguments = gast.arguments(args=[parameter], posonlyargs=[], vararg=None, kwonlyargs=[], kw_defaults=[],
                                       kwarg=None, defaults=[])
            body = [*copy.deepcopy(node.body), end]
            if single and _stops(node.body):
                store = gast.copy_location(gast.Name(id=name.id, ctx=gast.Store(), annotation=None, type_comment=None),
                                           name)
                same = gast.copy_location(gast.UnaryOp(op=gast.UAdd(), operand=load), name)
                body.insert(0, gast.copy_location(gast.Assign(targets=[store], value=same, type_comment=None), node))
            found = gast.copy_location(gast.FunctionDef(
                name=f"{name.id}_block", args=arguments, body=body, decorator_list=[],
                returns=None, type_comment=None, type_params=[]), node)
            node.adjoint_function = found
        return found

    def _lowered(self, instance: Instance, info: Any, name: str, width: int, more: tuple[str, ...]) -> Any:
        """The identity with the block as its derivative, and the numbers from outside that the block reads."""
        program, key = self.program, instance.key
        known = program.entries.get(key)
        if known is not None:
            return known, known.globals
        identity = Entry(program.unique(f"{name}_identity"), key, info, captures=instance.captures,
                         lexical=instance.lexical, more=more, apply=lambda low: low.deep(low.frame.env[name]))
        refuse = lambda reason: self.refuse_type(instance.node, reason)  # noqa: E731
        program.settle(identity, instance.specs, refuse)
        assert identity.trace is not None and identity.template is not None
        count = len(identity.trace.params) - len(identity.globals)
        names = {n for n, _ in instance.specs} | info.locals
        own, kept = fresh("h", names), fresh("y", names)
        (_, spec), *captured = instance.specs
        specs = ((own, spec), *captured, (kept, spec_in(identity.template)), (name, tangent_spec(spec)))

        def finish(low: Any, value: Value) -> Value:
            found = low._derivatives(low.deep(value), low.handed[own], name)
            return Seq(tuple(low._zero(x) if d is None else d for d, x in found))

        block = Entry(program.unique(f"{name}_block"), ("adjoint", key), info, captures=instance.captures,
                      lexical=instance.lexical, finish=finish)
        program.settle(block, specs, refuse)
        for place in (*block.places, *block.changed):
            if place[0] == name:
                continue
            self.refuse(instance.node, f"a block of adjoint_of that changes '{place[0]}' is not supported",
                        "print what it is to tell")
        block.trace = flat(block, count, identity.globals)
        moving = tuple(k for k, p in enumerate(identity.trace.params[:width]) if is_differentiable(p.type))
        identity.trace = replace(identity.trace, custom=Custom(moving, moving, rev=block.name, identity=True))
        return identity, block.globals

    # Afterwards.

    def _rebind(self, target: Any, value: Value, new: dict[Arg, Var], node: Any) -> None:
        """Let the variable, or what it refers to, be what has come out."""
        for v, made in list(new.items()):
            assert isinstance(v, Var)
            if v in self.facts.views:
                # The memory stays that of the array it is a view of, whose adjoint the block does not see.
                self.facts.roots[made] = self.facts.roots_of(v) | {made}
            elif rank(v.type) != 0 or v in self.facts.boxed:
                # Whoever else has the array sees the same contents go through the block.
                self.facts.same[made] = self.now(v)
                self.note_write(v, made)
                del new[v]

        def put(value: Value) -> Value:
            value = self.fresh_list(value)
            if isinstance(value, Seq):
                return value.with_items(map(put, value.items))
            return new.get(value, value) if isinstance(value, Var) else value

        if not new:
            return
        after = put(value)
        if isinstance(value, Seq) and isinstance(after, Seq) and value.is_mutable:
            self.change(value, after, node, False)
        else:
            store = copy.copy(target)
            store.ctx = gast.Store()
            self.bind_target(store, after, node)


def _stops(body: list[Any]) -> bool:
    """Whether a block stops in a debugger."""
    calls = (n.func for part in body for n in gast.walk(part) if isinstance(n, gast.Call))
    return any(getattr(f, "id", getattr(f, "attr", "")) in ("breakpoint", "set_trace") for f in calls)
