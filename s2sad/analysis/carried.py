"""What a loop does to the values it carries, whatever else its iterations compute.

- A value is *steady* if every iteration hands it on unchanged.
- It is a *sum* if every iteration only adds to it and nothing else reads it: ``p + c``, ``p - c``,
  ``scatter_add(p, c)``, in any number, in branches and inner loops too.  Up to rounding, the iterations may then be
  run in any order.

>>> from s2sad.trace.ir import Lit, Next, Range
>>> from s2sad.trace.types import FLOAT, INT
>>> y, p, q, r, c = (Var(FLOAT, name) for name in "ypqrc")
>>> body = Block((Op(c, "*", (y, p)), Op(r, "+", (q, c))), Next((p, r)))
>>> loop = For(Var(INT, "i"), Range(Lit(0), Lit(3), Lit(1)), (p, q), (y, Lit(0.0)), body, (Var(FLOAT), Var(FLOAT)))
>>> [(is_steady(loop, k), is_sum(loop, k)) for k in range(2)]
[(True, False), (False, True)]
"""

from __future__ import annotations

from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import Arg, Block, For, If, Next, Op, Stmt, Var, While, Yield
from s2sad.trace.walk import arg_vars, blocks_of, end_args, own_args, uses


def is_steady(loop: For | While, k: int) -> bool:
    """Whether every iteration hands on the ``k``-th carried value as it is."""
    return all(end.values[k] in (loop.params[k], loop.inits[k]) for end in loop_ends(loop.body))


def is_sum(loop: For | While, k: int) -> bool:
    """Whether all that iterations do with the ``k``-th carried value is to add to it."""
    end = loop.body.end
    if isinstance(loop, While) and loop.params[k] in uses(loop.test):
        return False
    return isinstance(end, Next) and adds_up(loop.body, loop.params[k], end.values[k])


def adds_up(block: Block, start: Var, goal: Arg) -> bool:
    """Whether ``goal`` is ``start`` plus terms that do not depend on it, and the sums on the way have no other use."""
    count = uses(block)
    current: Var = start
    for stmt in block.stmts:
        reads = reads_of(stmt, current)
        if reads:
            after = _plus(stmt, current) if reads == count[current] else None
            if after is None:
                return False
            current = after
    return current is goal and sum(v is current for a in end_args(block.end) for v in arg_vars(a)) == 1


def addend(op: Op) -> tuple[int, ...]:
    """The positions of an operation's operands that it may be seen to add something to."""
    if op.fn == "+":
        return (0, 1)
    return (0,) if op.fn in ("-", "scatter_add") else ()


def reads_of(stmt: Stmt, v: Var) -> int:
    """How often a statement and the blocks inside it read a variable."""
    own = sum(u is v for a in own_args(stmt) for u in arg_vars(a))
    return own + sum(uses(b)[v] for b in blocks_of(stmt))


def _plus(stmt: Stmt, v: Var) -> Var | None:
    """The result that is ``v`` plus something, if that is all the statement does with ``v``."""
    if isinstance(stmt, Op):
        once = reads_of(stmt, v) == 1 and any(stmt.args[k] is v for k in addend(stmt))
        return stmt.target if once else None
    if isinstance(stmt, If):
        then, orelse = stmt.then.end, stmt.orelse.end
        if stmt.cond is v or not isinstance(then, Yield) or not isinstance(orelse, Yield):
            return None
        for r, a, b in zip(stmt.results, then.values, orelse.values):
            if adds_up(stmt.then, v, a) and adds_up(stmt.orelse, v, b):
                return r
    elif isinstance(stmt, (For, While)) and reads_of(stmt, v) == 1:
        for k, init in enumerate(stmt.inits):
            if init is v and is_sum(stmt, k):
                return stmt.results[k]
    return None
