"""Early reads: what is computed from a view of a buffer is computed before the buffer changes.

    r = getitem(a, 1:-1)                             r = getitem(a, 1:-1)
    a1 = setitem(a, 0.0, 1:-1)              ⇒        v = r / 3
    v = r / 3                                        a1 = setitem(a, 0.0, 1:-1)

A store in place would change r, so r would have to be copied.  Where r is read by one or two operations only, which
make arrays of their own (or numbers) and whose other operands are there before the store, they move up instead.

>>> from s2sad.trace.ir import Leaf, Lit, Node, Return, Slc
>>> from s2sad.trace.types import Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> a, r, a1, v = Var(vector, "a"), Var(vector, "r"), Var(vector, "a1"), Var(vector, "v")
>>> stmts = (Op(r, "getitem", (a,), (("index", Slc(Lit(1), Lit(-1), Lit(None))),), sweep="adjoint"),
...          Op(a1, "setitem", (a, Lit(0.0)), (("index", Slc(Lit(1), Lit(-1), Lit(None))),), sweep="adjoint"),
...          Op(v, "/", (r, Lit(3)), sweep="adjoint"))
>>> result = Node("tuple", (Leaf(0), Leaf(1)))
>>> print(read_early(Trace("f", (), (a,), Block(stmts, Return((a1, v))), result)))
f() -> (#0, #1)
  %r:f8[n] = getitem(%a, index=1:-1)  ; adjoint
  %v:f8[n] = %r / 3  ; adjoint
  %a1:f8[n] = setitem(%a, 0.0, index=1:-1)  ; adjoint
  return %a1, %v
"""

from __future__ import annotations

from collections import Counter

from s2sad.passes.alias import UPDATES, is_fresh, shares
from s2sad.passes.effects import is_pure
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Block, Op, Stmt, Trace, Var
from s2sad.trace.walk import blocks_of, own_vars, targets_of, uses, with_blocks

# More of them would keep more arrays than the copy is worth.
_READERS = 2


def read_early(trace: Trace) -> Trace:
    """Move reads of views before updates of their buffers, here and in the traces called."""
    return everywhere(trace, lambda body: _block(body, uses(body)))


def _block(block: Block, count: Counter[Var]) -> Block:
    stmts: list[Stmt] = [with_blocks(s, tuple(_block(b, count) for b in blocks_of(s))) if blocks_of(s) else s
                         for s in block.stmts]
    bases: dict[Var, Var] = {}                              # the buffer that a view is taken of
    views: dict[Var, list[Var]] = {}
    k = 0
    while k < len(stmts):
        op = stmts[k]
        if isinstance(op, Op) and op.fn in UPDATES and op.sweep != "primal":
            base = op.args[0]
            for v in views.get(base, ()) if isinstance(base, Var) else ():
                for j in _movable(v, k, stmts, count):
                    stmts.insert(k, stmts.pop(j))
                    k += 1
        elif isinstance(op, Op) and op.target is not None and shares(op.target.type) and not is_fresh(op):
            source = op.args[0] if len(op.args) == 1 or op.fn in ("unbroadcast", "cast") else None
            if isinstance(source, Var):
                root = bases[op.target] = bases.get(source, source)
                views.setdefault(root, []).append(op.target)
        k += 1
    return Block(tuple(stmts), block.end)


def _movable(view: Var, k: int, stmts: list[Stmt], count: Counter[Var]) -> list[int]:
    """The places of the readers of a view after the k-th statement, if all can move before it."""
    reads = [sum(v is view for v in own_vars(s)) for s in stmts]
    late = [j for j in range(k + 1, len(stmts)) if reads[j]]
    if sum(reads) != count[view] or len(late) > _READERS:
        return []
    return late if all(_moves(stmts[j], stmts[k:j]) for j in late) else []


def _moves(op: Stmt, over: list[Stmt]) -> bool:
    """Whether an operation can be computed before some statements, in memory of its own."""
    if not isinstance(op, Op) or op.target is None or op.sweep == "primal" or op.fn in UPDATES or not is_pure(op.fn):
        return False
    if shares(op.target.type) and not is_fresh(op):
        return False
    if any(isinstance(s, Op) and s.fn == "completed" for s in over):
        return False                                        # an exception of it is none of the program's
    made = {v for s in over for v in targets_of(s)}
    return not made.intersection(own_vars(op))
