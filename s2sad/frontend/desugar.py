"""A function's statements in a small core, with structured control flow.

The core: `Assign` with one target, `AugAssign`, `Expr`, `If`, `For` and `While` without ``else``, `Break`, `Continue`,
`Return`, `Pass`, `Assert`, `Raise`.  Expressions stay as they are, and so does every statement that is not named here:
lowering refuses it, or not.

Exits stand in tail position: `Break`, `Continue`, `Return` and `Raise` end their block, an `If` with an exit in it is
the last statement of its block, and what followed it stands in the branches that did not leave:

    if a:                       if a:
        return x                    return x
    y = 2 * x            ⇒      else:
    return y                        y = 2 * x
                                    return y

Where more than one path falls through, what follows is repeated if it is short.  Otherwise the exits set a flag:

    if a:                       exit_ = 0
        if b:                   if a:
            return x                if b:
        y = 1                           exit_ = 1
    else:                           else:
        y = 2            ⇒              y = 1
    ...                         else:
                                    y = 2
                                if exit_ == 1:
                                    return x
                                else:
                                    ...

Loops count as one statement: a `Return` inside ends a block of the loop's body.  Statements that nothing reaches are
dropped.  Every path through the function ends in `Return`, `Raise`, or a ``while True`` without `Break`, which then is
the last statement of its block (`is_endless`).
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from s2sad.frontend.desugar_guarded import prepend_try, prepend_with
from s2sad.frontend.desugar_match import as_decisions
from s2sad.frontend.exits import Tail, bound_names, has_break, identifiers, is_bare, scope, size, stays, tails
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.syntax import EXIT, RESULT, assignment, changed, comparison, constant_node, name_node, set_flag

__all__ = ["desugar", "is_endless", "local_names"]

# What follows a branch is repeated as long as that adds no more statements than this.
REPEAT = 16
# The same where a flag cannot help, because an exit cannot be moved.
MUST_REPEAT = 400


def desugar(node: Any) -> Any:
    """The function in the core; ``node`` is left as it is.

    >>> tree = gast.parse("def f(x):\\n  if x: return 1\\n  y = z = 2\\n  return y").body[0]
    >>> print(gast.unparse(desugar(tree)).strip())
    def f(x):
        if x:
            return 1
        else:
            y = 2
            z = y
            return y
    """
    with deep_recursion():
        work = _Desugar(identifiers(node))
        end = gast.copy_location(gast.Return(value=gast.Constant(value=None, kind=None)), node)
        gast.copy_location(end.value, node)
        body = work.block([*node.body, end])
        generator = next((n for n in scope(node.body) if isinstance(n, (gast.Yield, gast.YieldFrom, gast.Await))), None)
        if generator is not None:
            # A yield makes a generator even where nothing reaches it: it must not be dropped before it is refused.
            body.insert(0, gast.copy_location(gast.Expr(value=generator), generator))
        return changed(node, body=body)


def is_endless(stmt: Any) -> bool:
    """Whether control never passes this statement of the core: a ``while True`` that nothing breaks."""
    return bool(getattr(stmt, "endless", False))


def local_names(node: Any) -> frozenset[str]:
    """The names that are local to the function, as Python decides it: also those only assigned in unreachable code.

    >>> sorted(local_names(gast.parse("def f(x):\\n  global g\\n  g = y = 1\\n  return x\\n  z = 2").body[0]))
    ['x', 'y', 'z']
    """
    return bound_names(node)


# The exits that values of a flag stand for, by their text.
Codes = dict[str, tuple[int, Any]]


class _Desugar:
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def fresh(self, base: str) -> str:
        name, count = base, 1
        while name in self.names:
            count += 1
            name = f"{base}{count}"
        self.names.add(name)
        return name

    def block(self, stmts: list[Any]) -> list[Any]:
        """The statements in the core; from the last to the first, so that each meets what follows it already done."""
        # Held in reverse, so that putting a statement in front costs nothing.
        rest: list[Any] = []
        for stmt in reversed(stmts):
            self.prepend(stmt, rest)
        if len(rest) > 1:
            rest = [stmt for stmt in rest if not isinstance(stmt, gast.Pass)] or rest[:1]
        return rest[::-1]

    def prepend(self, stmt: Any, rest: list[Any]) -> None:
        """Put one statement before ``rest``, which is in reverse."""
        if isinstance(stmt, (gast.Return, gast.Raise, gast.Break, gast.Continue)):
            rest[:] = [stmt]
        elif isinstance(stmt, gast.If):
            self.join(changed(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse)), rest)
        elif isinstance(stmt, (gast.For, gast.While, gast.AsyncFor)):
            self.loop(stmt, rest)
        elif isinstance(stmt, gast.With):
            prepend_with(self, stmt, rest)
        elif isinstance(stmt, gast.Try):
            prepend_try(self, stmt, rest)
        elif isinstance(stmt, gast.Assign) and len(stmt.targets) > 1:
            rest.extend(reversed(self.chain(stmt)))
        elif isinstance(stmt, gast.Expr) and isinstance(stmt.value, (gast.BoolOp, gast.IfExp)):
            self.prepend(_as_branch(stmt), rest)
        elif isinstance(stmt, gast.AnnAssign) and stmt.value is not None:
            rest.append(assignment(stmt.target, stmt.value, stmt))
        elif isinstance(stmt, gast.AnnAssign) and isinstance(stmt.target, gast.Name):
            pass
        elif isinstance(stmt, gast.Match):
            for part in reversed(as_decisions(stmt, self.fresh)):
                self.prepend(part, rest)
        else:
            rest.append(stmt)

    def loop(self, stmt: Any, rest: list[Any]) -> None:
        body, orelse = stmt.body, stmt.orelse
        breaks = has_break(body)
        flag = self.fresh("broke_") if orelse and breaks else ""
        if flag:
            body = _mark_breaks(body, flag)
            test = comparison(flag, 0, orelse[0])
            self.prepend(gast.copy_location(gast.If(test=test, body=orelse, orelse=[]), orelse[0]), rest)
        else:
            for extra in reversed(orelse):
                self.prepend(extra, rest)
        if isinstance(stmt, gast.While) and any(isinstance(n, gast.NamedExpr) for n in gast.walk(stmt.test)):
            # What the test binds belongs to the iteration.
            goes_on = gast.copy_location(gast.UnaryOp(op=gast.Not(), operand=stmt.test), stmt.test)
            stop = gast.copy_location(gast.If(test=goes_on, body=[gast.copy_location(gast.Break(), stmt)], orelse=[]),
                                      stmt)
            stmt, body, breaks = changed(stmt, test=constant_node(True, stmt.test)), [stop, *body], True
        node = changed(stmt, body=self.block(body), orelse=[])
        if isinstance(stmt, gast.While) and isinstance(stmt.test, gast.Constant) and stmt.test.value and not breaks:
            node.endless = True
            rest.clear()
        rest.append(node)
        if flag:
            rest.append(set_flag(flag, 0, stmt))

    def join(self, node: Any, rest: list[Any]) -> None:
        """Put an `If` before ``rest``, moving ``rest`` to where the paths through the node fall through."""
        node.leaves = True
        exits, points = tails([node])
        node.leaves = bool(exits)
        if not exits:
            rest.append(node)
        elif not points or not rest:
            rest[:] = [node]
        elif len(points) == 1 or is_bare(rest) or self.is_short(rest, len(points) - 1, any(map(stays, exits))):
            for number, block in enumerate(points):
                following = rest if number == 0 else copy.deepcopy(rest)
                if len(block) == 1 and isinstance(block[0], gast.Pass):
                    block.clear()
                block.extend(reversed(following))
            rest[:] = [node]
        else:
            self.flag(node, exits, rest)

    def is_short(self, rest: list[Any], times: int, must: bool) -> bool:
        limit = MUST_REPEAT if must else REPEAT
        return times * size(rest, limit) <= limit

    def flag(self, node: Any, exits: list[Tail], rest: list[Any]) -> None:
        """Replace the exits by values of a flag; an exit runs after the node, where it finds all names unchanged."""
        flag, codes = self.flagged(exits)
        self.leave_by(flag, codes, rest)
        rest += [node, set_flag(flag, 0, node)]

    def flagged(self, exits: list[Tail], evaluated: bool = False) -> tuple[str, Codes]:
        """Replace exits by values of a flag: the flag, and the exits by its values.

        What is returned is ``evaluated`` there, in any case or if it is in a handler.
        """
        flag = self.fresh(EXIT)
        result = ""
        codes: Codes = {}
        for tail in exits:
            leave = tail.last
            if stays(tail):
                continue
            tail.block.pop()
            plain = is_bare([leave]) and not (evaluated and isinstance(leave.value, gast.Name)) if isinstance(
                leave, gast.Return) else True
            if not plain and (tail.withs or evaluated):
                # The value belongs inside the handler.
                result = result or self.fresh(RESULT)
                tail.block.append(assignment(name_node(result, gast.Store(), leave), leave.value, leave))
                leave = gast.copy_location(gast.Return(value=name_node(result, gast.Load(), leave)), leave)
            code, _ = codes.setdefault(gast.dump(leave), (len(codes) + 1, leave))
            tail.block.append(set_flag(flag, code, leave))
        return flag, codes

    def leave_by(self, flag: str, codes: Codes, rest: list[Any]) -> None:
        """Put the exits before ``rest``, each under the value of the flag that stands for it."""
        for code, leave in reversed(codes.values()):
            test = comparison(flag, code, leave)
            choice = gast.copy_location(gast.If(test=test, body=[leave], orelse=rest[::-1]), leave)
            choice.leaves = True
            rest[:] = [choice]

    def chain(self, stmt: Any) -> list[Any]:
        """``a = b = v`` as ``a = v``, ``b = a``; with a name for the value where ``a`` would change in between."""
        first, others = stmt.targets[0], stmt.targets[1:]
        stored = {n.id for target in others[:-1] for n in gast.walk(target) if isinstance(n, gast.Name)}
        if isinstance(first, gast.Name) and first.id not in stored:
            value, done = first.id, [assignment(first, stmt.value, stmt)]
        else:
            value, others = self.fresh("value_"), stmt.targets
            done = [assignment(name_node(value, gast.Store(), stmt), stmt.value, stmt)]
        return done + [assignment(target, name_node(value, gast.Load(), stmt), stmt) for target in others]


def _as_branch(stmt: Any) -> Any:
    """``a and print(x)``, whose value nobody looks at, as ``if a: print(x)``."""
    value = stmt.value
    if isinstance(value, gast.IfExp):
        test, body, orelse = value.test, value.body, value.orelse
    else:
        *first, last = value.values
        test = first[0] if len(first) == 1 else gast.copy_location(gast.BoolOp(op=value.op, values=first), value)
        body, orelse = (last, None) if isinstance(value.op, gast.And) else (None, last)
    sides = [[gast.copy_location(gast.Expr(value=part), part)] if part is not None else [] for part in (body, orelse)]
    nothing = gast.copy_location(gast.Pass(), stmt)
    return gast.copy_location(gast.If(test=test, body=sides[0] or [nothing], orelse=sides[1]), stmt)


def _mark_breaks(stmts: list[Any], flag: str) -> list[Any]:
    """Set the flag before each `Break` out of the loop whose body this is."""
    done: list[Any] = []
    for stmt in stmts:
        if isinstance(stmt, gast.Break):
            done.append(set_flag(flag, 1, stmt))
        loop = isinstance(stmt, (gast.For, gast.While, gast.AsyncFor))
        new = {name: _mark_breaks(block, flag) for name, block in _blocks(stmt) if not (loop and name == "body")}
        for name in ("handlers", "cases"):
            if hasattr(stmt, name):
                new[name] = [changed(part, body=_mark_breaks(part.body, flag)) for part in getattr(stmt, name)]
        done.append(changed(stmt, **new) if new else stmt)
    return done


def _blocks(stmt: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(stmt, (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)):
        return []
    return [(name, getattr(stmt, name)) for name in ("body", "orelse", "finalbody") if hasattr(stmt, name)]
