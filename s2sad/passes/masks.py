"""Choices against zero as products with a mask.

    x_bar = np.where(y > 0.0, y_bar, np.where(y == 0.0, 0.5 * y_bar, 0.0))
        ⇒ x_bar = y_bar * (y > 0.0) + 0.5 * y_bar * (y == 0.0)

A choice takes a branch for each element, which costs ten times as much as a product where the mask has no pattern.  The
product is nan where an infinite value is discarded: made are those of finite values (`s2sad.analysis.finite`).

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import Array, Dim
>>> n = Dim.symbol("n")
>>> x, c, y = (Var(Array(t, (n,)), h) for t, h in (("f8", "x"), ("b1", "c"), ("f8", "y_bar")))
>>> body = Block((Op(y, "np.where", (c, x, Lit(0.0)), sweep="adjoint"),), Return((y,)))
>>> print(multiply_masks(Trace("f", (), (x, c), body, Leaf(0))))
f() -> #0
  %y_bar:f8[n] = %x * %c  ; adjoint
  return %y_bar
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.analysis.finite import unbounded
from s2sad.rules.infer import infer
from s2sad.rules.static import type_of
from s2sad.trace.ir import Arg, Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import dtype_of, kind_of, rank, same_dims
from s2sad.trace.walk import blocks_of, statements, with_blocks

# Comparisons of the same operands that never hold together.
_EXCLUSIVE = (("<", "=="), (">", "=="), ("==", "<"), ("==", ">"), ("<", ">"), (">", "<"))


def multiply_masks(trace: Trace) -> Trace:
    """Make products of a derivative's choices; what the traces called are given may not be finite."""
    if not any(isinstance(s, Op) and s.fn == "np.where" and s.sweep != "primal" for s in statements(trace.body)):
        return trace
    return replace(trace, body=_Masking(trace).block(trace.body))


class _Masking:
    def __init__(self, trace: Trace) -> None:
        self.wild = unbounded(trace)
        self.made = {s.target: s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None}

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            found = self.products(s) if isinstance(s, Op) and s.fn == "np.where" and s.sweep != "primal" else None
            out.extend(found or [with_blocks(s, tuple(map(self.block, blocks_of(s))))])
        return Block(tuple(out), block.end)

    def products(self, op: Op) -> list[Op] | None:
        """The products instead of a choice, if there are."""
        c, x, y = op.args
        assert op.target is not None
        if op.kwargs or kind_of(type_of(c)) != "bool" or rank(type_of(c)) in (0, None):
            return None
        if _is_zero(y):
            return self._product(op, op.target, x, c)
        if _is_zero(x):
            mask = Var(infer("invert", (c,), {}))
            kept = self._product(op, op.target, y, mask)
            return kept and [replace(op, target=mask, fn="invert", args=(c,)), *kept]
        # Nothing is kept twice.
        inner = self.made.get(y) if isinstance(y, Var) else None
        if inner is None or inner.fn != "np.where" or not _is_zero(inner.args[2]) or not self._excludes(
                c, inner.args[0]):
            return None
        part = Var(op.target.type)
        one = self._product(op, part, x, c)
        return one and y not in self.wild and [*one, replace(op, fn="+", args=(part, y))] or None

    def _product(self, op: Op, target: Var, x: Arg, mask: Arg) -> list[Op] | None:
        """``x * mask``, where it is what the choice gave."""
        if not isinstance(x, Var) or x in self.wild or kind_of(x.type) != "float":
            return None
        made = infer("*", (x, mask), {})
        if dtype_of(made) != dtype_of(target.type) or same_dims(made, target.type) is not True:
            return None
        return [replace(op, target=target, fn="*", args=(x, mask), kwargs=())]

    def _excludes(self, c: Arg, d: Arg) -> bool:
        """Whether one of two conditions holds at most."""
        one, other = (self.made.get(v) if isinstance(v, Var) else None for v in (c, d))
        return one is not None and other is not None and (one.fn, other.fn) in _EXCLUSIVE and one.args == other.args


def _is_zero(a: Arg) -> bool:
    return isinstance(a, Lit) and a.value == 0
