"""Lengths: the derivative asks the arguments for them.

    y = exp(x)                                       y = exp(x)
    n = shape(y, axis=0)                    ⇒        n = shape(x, axis=0)

Where an axis of an intermediate value is one of an argument, by its type, the value need not be named, kept or recorded
for its length, and equal lengths have one form.  What the user asks stays as it is.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import INT, Array, Dim
>>> x, y, n = Var(Array("f8", (Dim.symbol("n"),)), "x"), Var(Array("f8", (Dim.symbol("n"),)), "y"), Var(INT, "n")
>>> body = Block((Op(y, "np.exp", (x,)), Op(n, "shape", (y,), (("axis", Lit(0)),), sweep="adjoint")), Return((n,)))
>>> print(ask_arguments(Trace("f", (), (x,), body, Leaf(0))))
f() -> #0
  %y:f8[n] = np.exp(%x)
  %n:int = shape(%x, axis=0)  ; adjoint
  return %n
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s2sad.analysis.shapes import is_sure
from s2sad.trace.ir import Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import Array, Dim, dims_of
from s2sad.trace.walk import blocks_of, with_blocks


def ask_arguments(trace: Trace) -> Trace:
    """Ask the arguments for lengths, here and in the traces called."""
    arrays = [p for p in trace.params if is_sure(p.type)]
    body = _Lengths(arrays).block(trace.body) if arrays else trace.body
    return replace(trace, body=body, callees=tuple(map(ask_arguments, trace.callees)))


class _Lengths:
    def __init__(self, arrays: Sequence[Var]) -> None:
        self.axes: dict[Dim, tuple[Var, int]] = {}
        self.shapes: dict[tuple[Dim, ...], Var] = {}
        for p in arrays:
            self.shapes.setdefault(dims_of(p.type), p)
            for k, d in enumerate(dims_of(p.type)):
                self.axes.setdefault(d, (p, k))

    def block(self, block: Block) -> Block:
        return Block(tuple(map(self.statement, block.stmts)), block.end)

    def statement(self, stmt: Stmt) -> Stmt:
        if not isinstance(stmt, Op):
            return with_blocks(stmt, tuple(map(self.block, blocks_of(stmt))))
        v = stmt.args[0] if stmt.args else None
        if stmt.sweep == "primal" or not isinstance(v, Var) or not isinstance(v.type, Array):
            return stmt
        if stmt.fn == "size":
            return replace(stmt, args=(self.shapes.get(v.type.dims, v),))
        axis = stmt.kwarg("axis") if stmt.fn == "shape" else None
        if not isinstance(axis, Lit) or not isinstance(axis.value, int):
            return stmt
        p, k = self.axes.get(v.type.dims[axis.value], (v, axis.value))
        return replace(stmt, args=(p,), kwargs=(("axis", Lit(k)),))
