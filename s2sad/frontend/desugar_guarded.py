"""``try`` and ``with`` in the core: nothing but an exception leaves their bodies.

    try:                              try:
        if a:                             exit_ = 0
            return f(x)                   if a:
        y = g(x)              ⇒               result_, exit_ = f(x), 1
    except E:                             else:
        y = 0                                 y = g(x)
    finally:                          except E:
        h()                               y = 0
    return y                          else:
                                          if exit_ == 1: return result_
                                      ...

What follows stands behind, in the `else` and in the handlers, where those leave.  A `finally` runs behind a ``try``
whose body is the statement without it, and in a handler of its own, which raises the exception again.
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from s2sad.frontend.exits import has_break, tails
from s2sad.frontend.syntax import RESULT, assignment, changed, comparison, name_node, set_flag

_LOOPS = (gast.For, gast.While, gast.AsyncFor)
_NESTED = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)


def prepend_with(work: Any, stmt: Any, rest: list[Any]) -> None:
    """Put a `With` before ``rest``; each of several contexts is one of its own."""
    body = stmt.body
    if len(stmt.items) > 1:
        body = [gast.copy_location(gast.With(items=stmt.items[1:], body=body, type_comment=None), stmt)]
    # The context may stop an exception: then what would have left the body has not.
    body, flag = _closed(work, body, rest, True)
    rest.append(changed(stmt, items=stmt.items[:1], body=body))
    if flag:
        rest.append(set_flag(flag, 0, stmt))


def prepend_try(work: Any, stmt: Any, rest: list[Any]) -> None:
    """Put a `Try` before ``rest``."""
    if stmt.finalbody:
        _with_final(work, stmt, rest)
        return
    orelse = work.block(stmt.orelse)[::-1]
    body, flag = _closed(work, stmt.body, orelse, False)
    handlers = [changed(h, body=work.block(h.body)) for h in stmt.handlers]
    work.join(changed(stmt, body=body, handlers=handlers, orelse=orelse[::-1]), rest)
    if flag:
        rest.append(set_flag(flag, 0, stmt))


def _with_final(work: Any, stmt: Any, rest: list[Any]) -> None:
    inner = [changed(stmt, finalbody=[])] if stmt.handlers else [*stmt.body, *stmt.orelse]
    after: list[Any] = rest[:]
    body, flag = _closed(work, inner, after, True)
    rest[:] = after
    for part in reversed(stmt.finalbody):
        work.prepend(part, rest)
    again = gast.copy_location(gast.Raise(exc=None, cause=None), stmt)
    final = [*copy.deepcopy(stmt.finalbody), again]
    handler = gast.copy_location(gast.ExceptHandler(type=None, name=None, body=work.block(final)), stmt)
    node = changed(stmt, body=body, handlers=[handler], orelse=[], finalbody=[])
    node.final = True
    work.join(node, rest)
    if flag:
        rest.append(set_flag(flag, 0, stmt))


def _closed(work: Any, stmts: list[Any], rest: list[Any], careful: bool) -> tuple[list[Any], str]:
    """A body in the core that only exceptions leave, and the flag that says how it would have been left.

    The exits are put before ``rest``, which is in reverse.  With ``careful`` names may change before they are taken, or
    they may not be taken after all.
    """
    body = work.block(_out_of_loops(work, stmts))
    exits, points = tails(body)
    exits = [tail for tail in exits if not isinstance(tail.last, gast.Raise)]
    if not exits:
        return body, ""
    if len(exits) == 1 and not points and exits[0].block is body and not careful:
        last = body[-1]
        if not isinstance(last, (gast.Return, gast.Break, gast.Continue)):
            return body, ""
        body = body[:-1]
        if isinstance(last, gast.Return) and last.value is not None and not isinstance(last.value, gast.Constant):
            result = work.fresh(RESULT)
            body.append(assignment(name_node(result, gast.Store(), last), last.value, last))
            last = gast.copy_location(gast.Return(value=name_node(result, gast.Load(), last)), last)
        rest[:] = [last]
        return body or [gast.copy_location(gast.Pass(), last)], ""
    flag, codes = work.flagged(exits, True)
    work.leave_by(flag, codes, rest)
    return body, flag if codes else ""


def _out_of_loops(work: Any, stmts: list[Any]) -> list[Any]:
    """Statements in which no loop is left by `Return`: it is left by `Break`, and what follows it returns."""
    out: list[Any] = []
    for stmt in stmts:
        if isinstance(stmt, _NESTED):
            out.append(stmt)
            continue
        parts = {name: _out_of_loops(work, getattr(stmt, name)) for name in ("body", "orelse", "finalbody")
                 if isinstance(getattr(stmt, name, None), list)}
        for name in ("handlers", "cases"):
            if hasattr(stmt, name):
                parts[name] = [changed(p, body=_out_of_loops(work, p.body)) for p in getattr(stmt, name)]
        stmt = changed(stmt, **parts) if parts else stmt
        if not isinstance(stmt, _LOOPS) or not _returns(stmt.body):
            out.append(stmt)
            continue
        endless = isinstance(stmt, gast.While) and isinstance(stmt.test, gast.Constant) and stmt.test.value and (
            not has_break(stmt.body))
        flag, result = work.fresh("left_"), work.fresh(RESULT)
        loop = changed(stmt, body=_breaking(stmt.body, flag, result))
        leave = gast.copy_location(gast.Return(value=name_node(result, gast.Load(), stmt)), stmt)
        if endless:
            out += [loop, leave]
        else:
            test = comparison(flag, 1, stmt)
            left = gast.copy_location(gast.If(test=test, body=[leave], orelse=[]), stmt)
            out += [set_flag(flag, 0, stmt), loop, left]
    return out


def _returns(stmts: list[Any]) -> bool:
    """Whether these statements return, but for loops inside them."""
    stack = list(stmts)
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Return):
            return True
        if isinstance(node, _LOOPS):
            stack.extend(node.orelse)
        elif not isinstance(node, (gast.expr, *_NESTED)):
            stack.extend(gast.iter_child_nodes(node))
    return False


def _breaking(stmts: list[Any], flag: str, result: str) -> list[Any]:
    """The body of a loop with `Break` in the place of each `Return`."""
    out: list[Any] = []
    for stmt in stmts:
        if isinstance(stmt, gast.Return):
            none = gast.copy_location(gast.Constant(value=None, kind=None), stmt)
            value = none if stmt.value is None else stmt.value
            out += [assignment(name_node(result, gast.Store(), stmt), value, stmt), set_flag(flag, 1, stmt),
                    gast.copy_location(gast.Break(), stmt)]
            continue
        parts = {}
        if not isinstance(stmt, _NESTED):
            names = ("orelse",) if isinstance(stmt, _LOOPS) else ("body", "orelse", "finalbody")
            parts = {name: _breaking(getattr(stmt, name), flag, result) for name in names
                     if isinstance(getattr(stmt, name, None), list)}
            for name in ("handlers", "cases"):
                if hasattr(stmt, name):
                    parts[name] = [changed(p, body=_breaking(p.body, flag, result)) for p in getattr(stmt, name)]
        out.append(changed(stmt, **parts) if parts else stmt)
    return out
