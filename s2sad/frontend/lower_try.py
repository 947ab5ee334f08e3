"""``try``: what is run, and what holds where a handler begins.

    try:
        n = n + 1                     before the `try`: it cannot raise, and the handler reads n
        L = np.linalg.cholesky(A)     in the trace: then = [cholesky, completed, what follows]
    except LinAlgError:               orelse = [the handler], which sees L as it was before
        ...

An exception may come at any operation of the body that may raise it.  What the body has assigned or written before the
last of these is uncertain where a handler begins, and refused if it is read there.  A body that surely raises an
exception, because the program does or because lowering knows that an operation fails, leads to the handler at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gast

from s2sad.errors import Refusal
from s2sad.frontend.exits import identifiers, size
from s2sad.frontend.library import in_library
from s2sad.frontend.liveness import bound
from s2sad.frontend.lower_attr import LIST_CHANGES
from s2sad.frontend.lower_branch import Dropped, Path
from s2sad.frontend.lower_convert import Converting
from s2sad.frontend.lower_core import Unreachable
from s2sad.frontend.memory import Memory, differing
from s2sad.frontend.syntax import EXIT, RESULT, changed
from s2sad.frontend.values import Poison, Seq
from s2sad.frontend.watch import Watched, uncertain
from s2sad.rules.raising import class_of, depends_on_values, may_raise
from s2sad.rules.table import find
from s2sad.trace.ends import always_raises, as_effect
from s2sad.trace.ir import UNDEF, Block, For, If, Op, Raise, Ref, Try, Tup, Var, While, Yield
from s2sad.trace.types import BOOL, Opaque
from s2sad.trace.walk import definitions, statements, targets_of

# How often handlers are written out, and how many statements they may have.
_COPIES, _HANDLER = 6, 12
_SIMPLE = (gast.Assign, gast.AugAssign, gast.AnnAssign, gast.Expr)
Kinds = tuple[type[BaseException], ...]
Work = Callable[[list[Any]], bool]


@dataclass(frozen=True)
class Step:
    """A statement of a body: the operations it has become, and what memory was before and after."""

    node: Any
    ops: slice
    before: Memory
    after: Memory
    dropped: list[Dropped]


class Guarding(Converting):
    """Blocks under guard."""

    def stmt(self, node: Any, tail: bool) -> bool:
        raise NotImplementedError

    def _do_Try(self, node: Any, tail: bool) -> bool:
        tail = tail and node.leaves
        return self.guarded(node, lambda stmts: self.run(stmts, tail), not tail)

    def guarded(self, node: Any, work: Work, joined: bool) -> bool:
        """Lower a `Try`; ``work`` lowers what follows the body, or a handler."""
        if self._asks_the_other(node):
            return self.run(node.body, False) and work(node.orelse)
        final = getattr(node, "final", False)
        classes = [self._handled(h) for h in node.handlers]
        kinds = tuple(class_of(ref) for refs in classes for ref in refs)
        caught = () if final else kinds
        site, first = self.flow.site, 0
        while True:
            steps: list[Step] = []
            lost = len(self.expecting.dropped)
            seen: list[Watched] = []
            a = self.path(partial(self._completed, node, first, caught, steps, seen, work), joined)
            end = next((k for k, s in enumerate(a.flow.stmts) if isinstance(s, Op) and s.fn == "completed"), None)
            inside = a.flow.stmts if end is None else a.flow.stmts[:end]
            never = end is None and a.flow.done is not None and not a.flow.tails
            if not never and not any(may_raise(s, kinds) for s in inside) or (
                    final and self._is_idle(node.handlers[0])):
                return self.run(node.body[first:], False) and work(node.orelse)
            names, roots = self._uncertain(steps, seen, inside, kinds)
            asked = self.frame.live.head[id(node)] | self.frame.live.after[id(node)]
            matters = never or roots or self.expecting.doubtful_cells or not names.isdisjoint(asked)
            # What begins the body and cannot raise goes ahead of it, where that makes things certain.
            ahead = self._ahead(node, kinds, caught) if matters and not first else 0
            if not ahead:
                break
            first = ahead
        parts = self._parts(node, first, steps, inside, kinds) if matters and not never else None
        if parts is not None:
            return self.guarded(parts, work, joined)
        if never:
            return self._never_completed(node, classes, kinds, a, work, joined, lost)
        error = Var(Opaque("BaseException"), _named(node.handlers))
        b = self.path(lambda: self._handlers(node, classes, kinds, error, work, joined, names), joined)
        if roots and not (b.flow.done is not None and always_raises(b.flow.done)):
            self.refuse(node, f"'{next(iter(roots)).hint or 'an array'}' is written to inside this 'try' before an "
                              "operation that may raise, so that it is not known what it holds in the handler",
                        "write to it after the operation, or in an 'else' of the 'try'")
        a.value = b.value = UNDEF
        self.flow.site = site
        guard = Try(tuple(dict.fromkeys(ref for refs in classes for ref in refs)), error)
        return self.rejoin(Var(BOOL, "ok"), a, b, node, self.frame.live.after[id(node)], guard)

    def is_calm(self, node: Any) -> bool:
        """Whether the body of a `Try` goes to its end, and nothing in it raises what is caught."""
        if self._asks_the_other(node):
            return True
        kinds = tuple(class_of(ref) for h in node.handlers for ref in self._handled(h))
        try:
            a = self.path(lambda: self.run(node.body, False), True)
        except Refusal:
            return False
        return a.flow.done is None and not a.flow.tails and not any(may_raise(s, kinds) for s in a.flow.stmts)

    def _asks_the_other(self, node: Any) -> bool:
        """Whether an operator of a library leaves what it cannot do to the other operand: then it is taken to do it."""
        only = all(len(h.body) == 1 and isinstance(h.body[0], gast.Return) and isinstance(h.body[0].value, gast.Name)
                   and h.body[0].value.id == "NotImplemented" for h in node.handlers)
        return only and in_library(self.frame.source.file)

    def _completed(self, node: Any, first: int, kinds: Kinds, steps: list[Step], seen: list[Watched],
                   work: Work) -> bool:
        """The path on which no exception comes."""
        return self._body(node.body[first:], kinds, steps, seen) and work(node.orelse)

    def _parts(self, node: Any, first: int, steps: list[Step], inside: list[Any], kinds: Kinds) -> Any:
        """The statement with what follows the first one that may raise in a ``try`` of its own; None if it is too long.

        So it is certain what holds in each of the handlers, which are the same.
        """
        risky = next((k for k, step in enumerate(steps)
                      if any(may_raise(s, kinds) for s in inside[step.ops])), None)
        copies = getattr(node, "copies", 0)
        if risky is None or first + risky + 1 >= len(node.body) or copies >= _COPIES or size(
                [s for h in node.handlers for s in h.body], _HANDLER) > _HANDLER:
            return None
        at = first + risky + 1
        inner = changed(node, body=node.body[at:], copies=copies + 1)
        outer = changed(node, body=node.body[first:at], orelse=[inner], copies=copies + 1)
        live = self.frame.live
        for made in (inner, outer):
            live.after[id(made)], live.head[id(made)] = live.after[id(node)], live.head[id(node)]
            self.expecting.kept.append(made)
        return outer

    # The body.

    def watched(self, node: Any, work: Callable[[], bool]) -> bool:
        """Lower a statement and, inside a ``try``, note what it does."""
        if not self.expecting.watching or self.expecting.watching[-1][0] is not self.frame:
            return work()
        step = Watched(node, self.flow)
        around: list[Watched] = self.expecting.watching[-1][1]
        flow, stmts, start, env = self.flow, self.flow.stmts, len(self.flow.stmts), dict(self.frame.env)
        self.expecting.watching.append((self.frame, step.inside))
        try:
            return work()
        finally:
            self.expecting.watching.pop()
            step.ops = stmts[start:] if flow.stmts is stmts else list(flow.stmts)
            step.changed = frozenset(n for n, v in self.frame.env.items() if env.get(n) is not v)
            around.append(step)

    def _ahead(self, node: Any, kinds: Kinds, caught: Kinds) -> int:
        """Lower the statements at the beginning of a body that cannot raise ahead of it, as far as it matters."""
        wanted = self.frame.live.head[id(node)] | self.frame.live.after[id(node)]
        until = max((k + 1 for k, s in enumerate(node.body) if not wanted.isdisjoint(bound([s])) or _writes(s)),
                    default=0)
        for k, stmt in enumerate(node.body[:until]):
            flow, back = self.flow, self.flow.mark()
            env, memory = dict(self.frame.env), self.memory.fork()
            self.program.catching.append(caught)
            try:
                goes_on = self.stmt(stmt, False)
            except Unreachable:
                goes_on = False
            finally:
                self.program.catching.pop()
            made = flow.stmts[back.count:] if flow.stmts is back.stmts else None
            if not goes_on or made is None or any(may_raise(s, kinds) for s in made):
                flow.rewind(back)
                self.frame.env, self.memory = env, memory
                return k
        return until

    def _body(self, stmts: list[Any], kinds: Kinds, steps: list[Step], seen: list[Watched]) -> bool:
        in_branch, self.in_branch = self.in_branch, True
        self.program.catching.append(kinds)
        self.expecting.watching.append((self.frame, seen))
        try:
            for stmt in stmts:
                start, lost = len(self.flow.stmts), len(self.expecting.dropped)
                before = self.memory.fork()
                if not self.run([stmt], False):
                    return False
                made = slice(start, len(self.flow.stmts))
                steps.append(Step(stmt, made, before, self.memory.fork(), self.expecting.dropped[lost:]))
            self.effect("completed")
            return True
        finally:
            self.expecting.watching.pop()
            self.program.catching.pop()
            self.in_branch = in_branch

    def _uncertain(self, steps: list[Step], seen: list[Watched], inside: list[Any],
                   kinds: Kinds) -> tuple[set[str], set[Var]]:
        """The names and arrays of which it is not known whether they have changed when an exception comes.

        Those of lists are put into the handler's names as what they hold.
        """
        risky = [any(may_raise(s, kinds) for s in inside[step.ops]) for step in steps]
        last = max((k for k, risk in enumerate(risky) if risk), default=-1)
        names = uncertain(seen, lambda s: may_raise(s, kinds))
        roots: set[Var] = set()
        self.expecting.doubtful_cells = set()
        for k, step in enumerate(steps[:last + 1]):
            memory, new_memory = step.before, step.after
            ops = inside[step.ops]
            simple = k == last and isinstance(step.node, _SIMPLE)
            self.note_dropped(step.dropped, names, roots, inside)
            if not (simple and self._writes_last(ops, kinds)):
                made = {v for s in inside for v in targets_of(s)}
                roots.update(r for r in differing(memory.contents, new_memory.contents) if r not in made)
            if not (simple and _changes_last(step.node)):
                self.expecting.doubtful_cells.update(differing(memory.lists, new_memory.lists))
        # What desugaring has put in the place of an exit is the last thing that a path through the body does.
        flags = {n for n in names if n.startswith((EXIT, RESULT))}
        return names - (flags - identifiers(self.frame.node) if flags else flags), roots

    def note_dropped(self, dropped: list[Dropped], names: set[str], roots: set[Var], inside: list[Any]) -> None:
        """Note what has changed on paths that end in an exception."""
        made = set(definitions(Block(tuple(inside), None)))
        for path in dropped:
            if path.frame is self.frame:
                names |= path.names
            roots |= path.roots - made
            self.expecting.doubtful_cells |= path.cells

    def _writes_last(self, ops: list[Any], kinds: Kinds) -> bool:
        """Whether nothing raises behind the first operation that writes."""
        first = next((k for k, s in enumerate(ops)
                      if not isinstance(s, Op) or s.fn in _STORES or s.fn.startswith("list_")), len(ops))
        return not any(may_raise(s, kinds) for s in ops[first + 1:]) and (
            first == len(ops) or isinstance(ops[first], Op) or not may_raise(ops[first], kinds))

    def _never_completed(self, node: Any, classes: list[tuple[Ref, ...]], kinds: Kinds, a: Path, work: Work,
                         joined: bool, lost: int) -> bool:
        """A body that raises on every path."""
        block = a.flow.done
        assert block is not None
        known = block.end if isinstance(block.end, Raise) and block.end.fn else None
        if known is not None and not any(may_raise(s, kinds) for s in block.stmts):
            kind = class_of(known.kind)
            self.flow.stmts += block.stmts
            self.frame.env, self.memory = a.env, a.memory
            chosen = next((k for k, refs in enumerate(classes)
                           if any(issubclass(kind, class_of(r)) for r in refs)), None)
            if chosen is None:
                self.flow.close(known)
                return False
            error = self._append("new", known.args, (("class", known.kind),))
            return self._handler(node.handlers[chosen], error, work)
        caught, error = Var(Opaque("BaseException"), "error"), Var(Opaque("BaseException"), "error")
        guard = Try(tuple(dict.fromkeys(ref for refs in classes for ref in refs)), caught)
        self.flow.add(If(Var(BOOL, "ok"), Block(as_effect(block).stmts, Yield((UNDEF,))), Block((), Yield((caught,))),
                         (error,), self.flow.site, guard=guard))
        self.expecting.dropped.append(self.changes_of(a))
        names: set[str] = set()
        roots: set[Var] = set()
        self.note_dropped(self.expecting.dropped[lost:], names, roots, list(block.stmts))
        if roots:
            self.refuse(node, "this 'try' writes to arrays before an operation that may raise, so that it is not known "
                              "what they hold in the handler", "write to them after the operation")
        return self._handlers(node, classes, kinds, error, work, joined, names)

    def _is_idle(self, handler: Any) -> bool:
        """Whether what a `finally` does on the way of an exception is nothing that anybody sees."""
        error = Var(Opaque("BaseException"))
        path = self.path(lambda: self._handler(handler, error, lambda stmts: self.run(stmts, False)))
        block = path.flow.done
        return block is not None and isinstance(block.end, Raise) and block.end.args == (error,) and all(
            isinstance(s, (If, For, While)) or isinstance(s, Op) and s.target is not None and _is_value(s.fn)
            and not depends_on_values(s) for s in statements(block))

    # Handlers.

    def _handled(self, handler: Any) -> tuple[Ref, ...]:
        """The classes of a handler."""
        if handler.type is None:
            return (Ref("BaseException"),)
        value = self.expr(handler.type)
        parts = value.items if isinstance(value, Seq) else (value,)
        found = [self.exception_class(v) for v in parts]
        if None in found or not found:
            self.refuse(handler.type, "the class of exceptions that is caught here is not known at compile time",
                        "name a class of exceptions, or a tuple of them")
        return tuple(ref for ref in found if ref is not None)

    def _handlers(self, node: Any, classes: list[tuple[Ref, ...]], kinds: Kinds, error: Var, work: Work, joined: bool,
                  names: set[str]) -> bool:
        for name in names:
            self.frame.env[name] = Poison(f"'{name}' is assigned inside a 'try' before an operation that may raise, so "
                                          "that it is not known whether it has been", f"give '{name}' its value before "
                                          "the 'try'")
        for cell in self.expecting.doubtful_cells:
            self.memory.lists[cell] = Poison("this list or dict is changed inside a 'try' before an operation that "
                                             "may raise, so that it is not known what it holds",
                                             "change it after the 'try'")
        self.expecting.doubtful_cells = set()

        def choose(k: int) -> bool:
            if k == len(node.handlers) - 1:
                return self._handler(node.handlers[k], error, work)
            caught = Var(BOOL)
            self.flow.stmts.append(Op(caught, "caught", (error,), (("classes", Tup(classes[k])),), self.flow.site,
                                      self.flow.sweep))
            a = self.path(lambda: self._handler(node.handlers[k], error, work), joined)
            b = self.path(lambda: choose(k + 1), joined)
            a.value = b.value = UNDEF
            return self.rejoin(caught, a, b, node, self.frame.live.after[id(node)])

        return choose(0)

    def _handler(self, handler: Any, error: Var, work: Work) -> bool:
        name = handler.name.id if handler.name is not None else ""
        if name:
            self.frame.env[name] = error
        self.expecting.handled.append(error)
        try:
            goes_on = work(handler.body)
        finally:
            self.expecting.handled.pop()
        if name and goes_on:
            self.frame.env[name] = Poison(f"'{name}' has no value behind its handler", "give it another name")
        return goes_on


def _is_value(fn: str) -> bool:
    """Whether an operation surely does nothing but compute."""
    rule = find(fn)
    plain = fn in _STORES or fn in ("getitem", "neg", "pos", "not")
    return plain or rule is not None and rule.pure or not fn[0].isalpha()


_STORES = frozenset(("setitem", "scatter_add"))


def _changes_last(stmt: Any) -> bool:
    """Whether a statement changes a list or dict, if it does, after everything in it that may raise."""
    if isinstance(stmt, gast.Expr) and isinstance(stmt.value, gast.Call):
        return isinstance(stmt.value.func, gast.Attribute) and stmt.value.func.attr in LIST_CHANGES
    return not isinstance(stmt, (gast.Assign, gast.AugAssign)) or not any(
        isinstance(n, gast.Call) for n in gast.walk(stmt))


def _named(handlers: list[Any]) -> str:
    """What the exception is called."""
    names = {h.name.id for h in handlers if h.name is not None}
    return names.pop() if len(names) == 1 else "error"


def _writes(stmt: Any) -> bool:
    """Whether a statement may write to memory."""
    return any(isinstance(n, (gast.Call, gast.AugAssign)) or
               isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store) for n in gast.walk(stmt))
