"""Generator functions: run where they are run over, with what stands in the loop in the place of ``yield``.

    def pairs(x):
        for k in range(len(x) - 1):                       for k in range(len(x) - 1):
            yield x[k], x[k + 1]                              a, b = x[k], x[k + 1]
                                               ⇒              total += a * b
    for a, b in pairs(x):
        total += a * b

A call of a generator function makes a `YieldOf`, which holds the arguments.  A loop over it becomes a function of the
item that says whether the loop is left; it binds the variables of the function that the loop is in, which are cells
meanwhile.  The generator function calls it at each ``yield``: what happens is what happens in Python, in the same
order.  Whatever else runs through a generator makes a list of it first, by such a loop.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import gast

from s2sad.frontend.desugar import desugar
from s2sad.frontend.exits import has_break, identifiers, scope
from s2sad.frontend.functions import Definition, define, exits_from_loop
from s2sad.frontend.liveness import bound
from s2sad.frontend.lower_loop import Loops
from s2sad.frontend.lower_variables import cell_of, owner_of
from s2sad.frontend.syntax import assignment, changed, constant_node, name_node
from s2sad.frontend.values import Closure, GeneratorOf, Seq, Value, YieldOf
from s2sad.names import fresh
from s2sad.trace.ir import NONE, UNDEF, Arg

_LOOPS = (gast.For, gast.While)


class Generators(Loops):
    """`made_by` and `run_generator` are the entries."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # The loops over generators around the current statement, and how many decisions were open there.
        self.generating: list[tuple[Any, int]] = []

    def made_by(self, info: Definition, values: dict[str, Value], fn: Closure | None) -> Seq:
        """What the call of a generator function returns."""
        return self.iterator(YieldOf(info, NONE if fn is None else fn, tuple(values.items())))

    def run_generator(self, node: Any, source: YieldOf, start: Arg | None) -> None:
        """A loop over a generator; ``start`` is the first number if its items are enumerated."""
        frame, shared, before = self.frame, self.frame.shared, dict(self.frame.env)
        open_ = len(self.generating)
        names, own = self._bound_by(node)
        counter = ""
        if start is not None:
            counter = fresh("count_", {*frame.locals, *frame.env})
            frame.locals |= {counter}
            frame.env[counter] = start  # type: ignore[assignment]
            names = (*names, counter)
        for name in names:
            frame.env[name] = cell_of(frame.env.get(name, UNDEF))
        frame.shared = shared | frozenset(names)
        # What the loop reads is needed again.
        frame.loops.append("generator")
        try:
            body = self._loop_as_function(node, own, counter)
            breaks = has_break(node.body)
            info = self._handing_over(source.info, breaks, node)
            word = info.node.args.kwonlyargs[-1].id
            values = {**dict(source.values), word: Closure(body, frame, ())}
            self._refuse_recursion(info, node)
            self.generating.append((node, self.decisions))
            lexical = source.fn.frame if isinstance(source.fn, Closure) else None
            if not info.inlinable or self.in_place(info, values, lexical, node, "") is None:
                self.real_call(info, values, node, "", None if lexical is None else Closure(info.node, lexical, ()))
            held = {name: self.fresh_list(frame.env[name]) for name in names}
        except BaseException:
            frame.shared, frame.env = shared, before
            raise
        finally:
            frame.loops.pop()
            del self.generating[open_:]
        frame.shared = shared
        for name, cell in held.items():
            frame.env[name] = cell.items[0] if isinstance(cell, Seq) else cell
        frame.env.pop(counter, None)

    def as_generator_function(self, source: GeneratorOf) -> YieldOf:
        """A generator expression over a generator as the call of a generator function."""
        info = self.program.loop_bodies.get(id(source.node))
        if info is None:
            items = fresh("items_", identifiers(source.node))
            [inner] = self.statements("yield None", source.node)
            inner.value.value = source.node.elt
            for k, g in reversed(list(enumerate(source.node.generators))):
                for test in reversed(g.ifs):
                    inner = gast.copy_location(gast.If(test=test, body=[inner], orelse=[]), test)
                [loop] = self.statements(f"for None_ in {items}:\n    pass", g.iter)
                loop.target, loop.body, loop.iter, inner = g.target, [inner], g.iter if k else loop.iter, loop
            [function] = self.statements(f"def generated({items}):\n    pass", source.node)
            function.body = [inner]
            info = define("generated", function, [], source.frame.source, source.frame.scope, nested=True)
            self.program.keep(source.node)
            self.program.loop_bodies[id(source.node)] = info
        [word] = info.node.args.args
        return YieldOf(info, Closure(info.node, source.frame, ()), ((word.id, source.first),))

    def _refuse_recursion(self, info: Definition, node: Any) -> None:
        """Refuse a loop over a generator inside of itself, as decided at run time."""
        if any(one is node and self.decisions > decisions for one, decisions in self.generating):
            self.refuse(node.iter, f"'{info.name}' calls itself, which is not supported of a generator",
                        "return the values in a list")

    def _bound_by(self, node: Any) -> tuple[tuple[str, ...], frozenset[str]]:
        """The names that a loop binds: those that are needed outside of an iteration, and those that are not."""
        live = self.frame.live
        needed = live.head[id(node)] | live.after[id(node)] | live.always
        names = [n for n in bound([node.target, *node.body]) if n in self.frame.locals]
        return tuple(n for n in names if n in needed), frozenset(n for n in names if n not in needed)

    # The loop as a function.

    def _loop_as_function(self, node: Any, own: frozenset[str], counter: str) -> Any:
        """What stands in a loop as a function of the item."""
        key = (id(node), own, counter)
        made = self.program.loop_bodies.get(key)
        if made is not None:
            return made
        taken = {n for part in (node.target, *node.body) for n in identifiers(part)}
        word = fresh("item_", taken)
        item: Any = name_node(word, gast.Load(), node)
        text = f"def loop({word}):\n    pass"
        if counter:
            both = [name_node(counter, gast.Load(), node), item]
            item = gast.copy_location(gast.Tuple(elts=both, ctx=gast.Load()), node)
        [function] = self.statements(text, node)
        outside = [n for n in bound([node.target, *node.body]) if n not in own and owner_of(n, self.frame) is not None]
        function.body = [gast.copy_location(gast.Nonlocal(names=outside), node)] if outside else []
        function.body.append(assignment(node.target, item, node))
        if counter:
            function.body += self.statements(f"{counter} = {counter} + 1", node)
        function.body += [*self._leaving_early(node.body), _leave(False, node)]
        info = define("loop", function, desugar(function).body, self.frame.source, self.frame.scope, nested=True)
        info.locals = own | {word}
        info.inlinable = not exits_from_loop(info.body, False)
        self.program.keep(node)
        made = self.program.loop_bodies[key] = self.program.add_closure(info)
        return made

    def _leaving_early(self, stmts: list[Any]) -> list[Any]:
        """Statements of a loop's body, which leave it by saying whether the loop ends."""
        made: list[Any] = []
        for stmt in stmts:
            if any(isinstance(n, gast.Return) for n in scope([stmt])):
                found = next(n for n in scope([stmt]) if isinstance(n, gast.Return))
                self.refuse(found, "'return' in a loop over a generator is not supported",
                            "keep the value in a variable, and break")
            if isinstance(stmt, (gast.Break, gast.Continue)):
                made.append(_leave(isinstance(stmt, gast.Break), stmt))
            elif isinstance(stmt, _LOOPS):
                made.append(stmt)
            else:
                made.append(_with_blocks(stmt, self._leaving_early))
        return made

    # The generator function as one that calls another.

    def _handing_over(self, info: Definition, breaks: bool, node: Any) -> Definition:
        """A generator function that hands its items to a function, which says whether it is enough."""
        made = self.program.handing_over.get((id(info.node), breaks))
        if made is None:
            names = identifiers(info.node)
            word, stop = fresh("use_", names), fresh("stop_", names)
            self._check_yields(info.node)
            function = copy.deepcopy(info.node)
            writer = _Writer(self, word, stop)
            function.body = writer.block(function.body, breaks, 0)
            if writer.stops:
                function.body.insert(0, assignment(name_node(stop, gast.Store(), function),
                                                   constant_node(False, function), function))
            function.args.kwonlyargs.append(name_node(word, gast.Param(), function))
            function.args.kw_defaults.append(None)
            core = desugar(function).body
            made = define(info.name, function, core, info.source, info.scope, info.meaning, info.nested)
            made.inlinable = not exits_from_loop(core, False)
            self.program.keep(info)
            self.program.handing_over[id(info.node), breaks] = made
            self.program.add_closure(made)
        return made  # type: ignore[no-any-return]

    def _check_yields(self, function: Any) -> None:
        """Refuse what a generator function does besides handing over its items."""
        plain = {id(s.value) for s in scope(function.body) if isinstance(s, gast.Expr)}
        for node in scope(function.body):
            if isinstance(node, (gast.Yield, gast.YieldFrom)) and id(node) not in plain:
                self.refuse(node, "what is sent to a generator is not supported", "pass it as an argument")
            if isinstance(node, (gast.Try, gast.With)) and any(
                    isinstance(n, (gast.Yield, gast.YieldFrom)) for n in scope([node])):
                self.refuse(node, "'yield' inside of 'try' or 'with' is not supported", "return the values in a list")
            if isinstance(node, gast.Return) and node.value is not None:
                self.refuse(node, "the value that a generator returns is not supported", "yield it")


class _Writer:
    """Replaces ``yield`` by calls, and exits from loops by a flag: a function with such exits is not put in place."""

    def __init__(self, lowering: Any, word: str, stop: str) -> None:
        self.lowering, self.word, self.stop, self.stops = lowering, word, stop, False

    def block(self, stmts: list[Any], breaks: bool, depth: int) -> list[Any]:
        return [part for stmt in stmts for part in self._statement(stmt, breaks, depth)]

    def _statement(self, stmt: Any, breaks: bool, depth: int) -> Iterator[Any]:
        if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Yield):
            value = stmt.value.value or constant_node(None, stmt)
            use = name_node(self.word, gast.Load(), stmt)
            call = gast.copy_location(gast.Call(func=use, args=[value], keywords=[]), stmt)
            if breaks:
                yield gast.copy_location(gast.If(test=call, body=self._exit(depth, stmt), orelse=[]), stmt)
            else:
                yield gast.copy_location(gast.Expr(value=call), stmt)
        elif isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.YieldFrom):
            each = f"{self.word}each"
            [loop] = self.lowering.statements(f"for {each} in None:\n    yield {each}", stmt)
            loop.iter = stmt.value.value
            yield from self._statement(loop, breaks, depth)
        elif isinstance(stmt, gast.Return) and depth:
            yield from self._exit(depth, stmt)
        elif isinstance(stmt, _LOOPS):
            leaves = any(isinstance(n, gast.Return) or breaks and isinstance(n, (gast.Yield, gast.YieldFrom))
                         for n in scope(stmt.body))
            yield changed(stmt, body=self.block(stmt.body, breaks, depth + 1),
                          orelse=self.block(stmt.orelse, breaks, depth))
            if leaves:
                test = name_node(self.stop, gast.Load(), stmt)
                yield gast.copy_location(gast.If(test=test, body=self._exit(depth, stmt), orelse=[]), stmt)
        else:
            yield _with_blocks(stmt, lambda block: self.block(block, breaks, depth))

    def _exit(self, depth: int, where: Any) -> list[Any]:
        if not depth:
            return [gast.copy_location(gast.Return(value=None), where)]
        self.stops = True
        return [assignment(name_node(self.stop, gast.Store(), where), constant_node(True, where), where),
                gast.copy_location(gast.Break(), where)]


def _leave(ends: bool, where: Any) -> Any:
    return gast.copy_location(gast.Return(value=constant_node(ends, where)), where)


def _with_blocks(stmt: Any, change: Any) -> Any:
    """A statement with its blocks changed; functions and classes as they are."""
    if isinstance(stmt, (gast.FunctionDef, gast.ClassDef)):
        return stmt
    new = {name: change(block) for name in ("body", "orelse", "finalbody") if (block := getattr(stmt, name, None))}
    if getattr(stmt, "handlers", None):
        new["handlers"] = [changed(h, body=change(h.body)) for h in stmt.handlers]
    return changed(stmt, **new) if new else stmt

