"""Which names are still needed where: so that branches and loops hand on only what somebody reads.

Names that nested functions read count as needed everywhere, since these read them when they are called.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

import gast

from s2sad.frontend.syntax import EXIT, RESULT

Names = frozenset[str]
NO_NAMES: Names = frozenset()
_FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)


class Liveness:
    """``after[id(statement)]`` are the names needed after an If, a loop, or a block with a guard, ``head[id(loop)]``
    those needed at the beginning of an iteration, and ``head[id(try)]`` those that a handler needs.

    >>> tree = gast.parse("for i in x:\\n  t = i\\n  s = s + t\\ny = s")
    >>> live = Liveness(tree.body)
    >>> sorted(live.head[id(tree.body[0])]), sorted(live.after[id(tree.body[0])])
    (['s'], ['s'])
    """

    def __init__(self, body: list[Any]) -> None:
        self.after: dict[int, Names] = {}
        self.head: dict[int, Names] = {}
        self.always = frozenset(
            n.id
            for stmt in body
            for function in gast.walk(stmt)
            if isinstance(function, _FUNCTIONS)
            for n in gast.walk(function)
            if isinstance(n, gast.Name)
        )
        # What is needed where an exception may lead to from here.
        self._expected = NO_NAMES
        self._block(body, NO_NAMES, NO_NAMES, NO_NAMES)

    def copy(self) -> Liveness:
        """The same, to which statements that lowering makes up can be added."""
        new = copy.copy(self)
        new.after, new.head = dict(self.after), dict(self.head)
        return new

    def _block(self, stmts: list[Any], out: Names, on_break: Names, on_continue: Names) -> Names:
        for stmt in reversed(stmts):
            out = self._stmt(stmt, out | self._expected, on_break, on_continue)
        return out | self._expected

    def _stmt(self, stmt: Any, out: Names, on_break: Names, on_continue: Names) -> Names:
        if isinstance(stmt, gast.Break):
            return on_break
        if isinstance(stmt, gast.Continue):
            return on_continue
        if isinstance(stmt, (gast.Return, gast.Raise)):
            return reads(stmt)
        if isinstance(stmt, gast.If):
            self.after[id(stmt)] = out | self.always
            then = self._block(stmt.body, out, on_break, on_continue)
            orelse = self._block(stmt.orelse, out, on_break, on_continue)
            return then | orelse | reads(stmt.test)
        if isinstance(stmt, (gast.For, gast.While)):
            return self._loop(stmt, out)
        if isinstance(stmt, gast.Try):
            return self._try(stmt, out, on_break, on_continue)
        if isinstance(stmt, gast.With):
            self.after[id(stmt)] = out | self.always
            # The context may stop an exception.
            inside = self._guarded(stmt.body, out, out, on_break, on_continue)
            named = stores([item.optional_vars for item in stmt.items if item.optional_vars is not None])
            return (inside - named) | out | frozenset().union(*(reads(item.context_expr) for item in stmt.items))
        if isinstance(stmt, gast.Assign):
            begins = is_exit_flag(stmt)
            # Where an exit is yet to be chosen, there is nothing that will be returned.
            return (out - stores(stmt.targets) - (results_in(out) if begins else NO_NAMES)) | reads(stmt)
        if isinstance(stmt, gast.FunctionDef):
            return out - {stmt.name}
        if isinstance(stmt, gast.ClassDef):
            return (out - {stmt.name}) | reads(stmt)
        return out | reads(stmt)

    def _try(self, stmt: Any, out: Names, on_break: Names, on_continue: Names) -> Names:
        self.after[id(stmt)] = out | self.always
        handlers = frozenset().union(*(self._block(h.body, out, on_break, on_continue) | (
            reads(h.type) if h.type is not None else NO_NAMES) for h in stmt.handlers))
        self.head[id(stmt)] = handlers | self.always
        completed = self._block(stmt.orelse, out, on_break, on_continue)
        return self._guarded(stmt.body, completed, handlers, on_break, on_continue)

    def _guarded(self, stmts: list[Any], out: Names, handled: Names, on_break: Names, on_continue: Names) -> Names:
        """What is needed before a body that may be left at any point, to where ``handled`` is needed."""
        outer, self._expected = self._expected, self._expected | handled
        try:
            return self._block(stmts, out, on_break, on_continue)
        finally:
            self._expected = outer

    def _loop(self, stmt: Any, out: Names) -> Names:
        self.after[id(stmt)] = out | self.always
        is_for = isinstance(stmt, gast.For)
        target = stores([stmt.target]) if is_for else NO_NAMES
        test = NO_NAMES if is_for else reads(stmt.test)
        # The second round lets the loops inside see what the next iteration needs.
        first = (self._block(stmt.body, out, out, out) - target) | test
        again = out | first
        head = (self._block(stmt.body, again, out, again) - target) | test
        self.head[id(stmt)] = head | self.always
        return out | head | (reads(stmt.iter) | reads(stmt.target) if is_for else NO_NAMES)


def dead_after(function: Any, stmt: Any, call: Any) -> Names:
    """The names that a function reads neither behind a statement, which is in no loop, nor there beside a call.

    >>> tree = gast.parse("def f(x, y, z):\\n  a = g(x) * y\\n  return a + z").body[0]
    >>> sorted(dead_after(tree, tree.body[0], tree.body[0].value.left))
    ['g', 'x']
    """
    if stmt is None or isinstance(function, gast.Lambda) or getattr(stmt, "end_lineno", None) is None:
        return NO_NAMES
    start, end = _span(stmt)
    inside = _span(call) if getattr(call, "end_lineno", None) is not None else (start, start)

    def is_read(n: Any) -> bool:
        place = (n.lineno, n.col_offset)
        here = start <= place < end and isinstance(n.ctx, gast.Load) and not inside[0] <= place < inside[1]
        return here or place >= end

    names, inner = _names(function)
    # What lowering has put in for a comprehension has no place of its own.
    later = {n.id for n in names if getattr(n, "lineno", None) is None or is_read(n)}
    return frozenset(n.id for n in names) - later - inner


@lru_cache(maxsize=256)
def _names(function: Any) -> tuple[list[Any], Names]:
    """The names in a function, and what those in the functions inside it are called."""
    return [n for n in gast.walk(function) if isinstance(n, gast.Name)], frozenset(
        n.id for f in gast.walk(function) if isinstance(f, _FUNCTIONS) and f is not function for n in gast.walk(f)
        if isinstance(n, gast.Name))


def is_exit_flag(stmt: Any) -> bool:
    """Whether a statement is where desugaring begins to ask how a block will be left."""
    target = stmt.targets[0]
    return (isinstance(target, gast.Name) and target.id.startswith(EXIT) and isinstance(stmt.value, gast.Constant)
            and stmt.value.value == 0)


def results_in(names: Names) -> Names:
    """Those names that stand for what a block will return."""
    return frozenset(n for n in names if n.startswith(RESULT))


def _span(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def reads(node: Any) -> Names:
    """The names that an expression or statement reads."""
    return frozenset(n.id for n in gast.walk(node)
                     if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Load)) | (
        frozenset((node.target.id,)) if isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name)
        else NO_NAMES)


def stores(targets: list[Any]) -> Names:
    """The names that assignment targets bind."""
    return frozenset(n.id for t in targets for n in gast.walk(t)
                     if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store))


def bound(stmts: list[Any]) -> dict[str, None]:
    """The names that statements bind, in the order they stand in the text."""
    found: dict[str, None] = {}
    stack = list(reversed(stmts))
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Name) and isinstance(node.ctx, (gast.Store, gast.Del)):
            found[node.id] = None
        elif isinstance(node, gast.alias):
            found[node.asname or node.name.partition(".")[0]] = None
        elif isinstance(node, (gast.FunctionDef, gast.ClassDef)):
            found[node.name] = None
        elif not isinstance(node, (gast.Lambda, gast.ListComp, gast.GeneratorExp, gast.SetComp, gast.DictComp)):
            if isinstance(node, gast.withitem) and isinstance(node.context_expr, gast.Call):
                # What a context is made of may have another value afterwards: `adjoint_of`.
                found.update((a.id, None) for a in node.context_expr.args if isinstance(a, gast.Name))
            stack.extend(reversed(list(gast.iter_child_nodes(node))))
    return found


def only_updated(stmts: list[Any]) -> set[str]:
    """The names that statements bind by augmented assignment only: ``x += y``."""
    updated: set[str] = set()
    bound_otherwise: set[str] = set()
    for top in stmts:
        for stmt in gast.walk(top):
            if isinstance(stmt, gast.AugAssign) and isinstance(stmt.target, gast.Name):
                updated.add(stmt.target.id)
    targets = {id(s.target) for top in stmts for s in gast.walk(top) if isinstance(s, gast.AugAssign)}
    for top in stmts:
        for n in gast.walk(top):
            if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store) and id(n) not in targets:
                bound_otherwise.add(n.id)
    return updated - bound_otherwise
