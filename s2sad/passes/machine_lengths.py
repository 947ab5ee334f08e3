"""What NumPy checks where it adds to a slice, and Numba does not: that there are as many numbers as places.

    x_bar[k:k + 2] += v        ⇒        assert x_bar[k:k + 2].size == v.size, "…"
                                        x_bar[k:k + 2] += v

The length of a slice that reaches beyond the end of the array is not what its bounds claim (`Dim.claimed`); where
what is added has the claimed length, NumPy raises.

>>> from s2sad.trace.ir import Leaf, Return, Slc
>>> from s2sad.trace.types import Dim
>>> x, k = Var(Array("f8", (Dim.symbol("n"),)), "x"), Var(INT, "k")
>>> v, y = Var(Array("f8", (Dim.symbol("m"),)), "v"), Var(x.type, "x")
>>> add = Op(y, "scatter_add", (x, v), (("index", Slc(NONE, k, NONE)),))
>>> trace = Trace("f", (), (x, v, k), Block((add,), Return((y,))), Leaf(0))
>>> [s.fn for s in checked_lengths(trace).body.stmts if isinstance(s, Op)]
['getitem', 'size', 'size', '==', 'assert', 'scatter_add']
"""

from __future__ import annotations

from s2sad.rules.infer_index import getitem_type
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import BOOL, INT, Array, dims_of
from s2sad.trace.walk import blocks_of, with_blocks

_MESSAGE = "what is added to a slice has not its length"


def checked_lengths(trace: Trace) -> Trace:
    """The trace with a check before each addition to a slice whose length is only claimed."""
    return everywhere(trace, _checked)


def _checked(block: Block) -> Block:
    stmts: list[Stmt] = []
    for stmt in block.stmts:
        stmts += [*_check(stmt), with_blocks(stmt, tuple(map(_checked, blocks_of(stmt))))]
    return Block(tuple(stmts), block.end)


def _check(stmt: Stmt) -> list[Stmt]:
    if not isinstance(stmt, Op) or stmt.fn != "scatter_add" or stmt.kwarg("view") not in (None, NONE):
        return []
    x, v = stmt.args[:2]
    index = stmt.kwarg("index")
    if not (isinstance(x, Var) and isinstance(v, Var) and isinstance(v.type, Array) and v.type.dims) or index is None:
        return []
    part = Var(getitem_type(x.type, index))
    if not any(d.claimed for d in dims_of(part.type)):
        return []
    ours, theirs, same = Var(INT), Var(INT), Var(BOOL)
    made = (Op(part, "getitem", (x,), (("index", index),)), Op(ours, "size", (part,)), Op(theirs, "size", (v,)),
            Op(same, "==", (ours, theirs)), Op(None, "assert", (same,), (("message", Lit(_MESSAGE)),)))
    return list(made)
