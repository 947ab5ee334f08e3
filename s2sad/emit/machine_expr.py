"""Operations as expressions that Numba compiles, where they differ from those for NumPy."""

from __future__ import annotations

import ast
from dataclasses import replace

from s2sad.emit.expr import Expressions, call, constant, operand_type
from s2sad.trace.ir import NONE, Arg, Lit, Op, Range, Tup
from s2sad.trace.types import UNKNOWN, Array, Type, kind_of, rank


class MachineExpressions(Expressions):
    """Builds expressions in the part of Python and NumPy that Numba knows."""

    def backwards(self, sequence: ast.expr) -> ast.expr:
        step = ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))
        return ast.Subscript(value=sequence, slice=ast.Slice(lower=None, upper=None, step=step), ctx=ast.Load())

    def range(self, d: Range, backward: bool) -> ast.expr:
        """``range(n - 1, -1, -1)`` for ``reversed(range(n))``."""
        if not backward:
            return super().range(d, False)
        if d.step == Lit(1):
            return call(self.ref("range"), [self.less(d.stop, 1), self.less(d.start, 1), constant(-1)])
        # The last of the positions, if there is one: start + (count - 1) * step.
        steps = ast.BinOp(ast.BinOp(call(self.ref("len"), [super().range(d, False)]), ast.Sub(), constant(1)),
                          ast.Mult(), self.arg(d.step))
        last = ast.BinOp(self.arg(d.start), ast.Add(), steps)
        before = ast.BinOp(self.arg(d.start), ast.Sub(), self.arg(d.step))
        back = constant(-d.step.value) if isinstance(d.step, Lit) else ast.UnaryOp(ast.USub(), self.arg(d.step))
        return call(self.ref("range"), [last, before, back])

    def less(self, a: Arg, by: int) -> ast.expr:
        """A whole number less a constant."""
        if isinstance(a, Lit):
            return constant(a.value - by)
        return ast.BinOp(left=self.arg(a), op=ast.Sub(), right=constant(by))

    def add_at(self, op: Op, place: ast.expr, index: ast.expr, value: ast.expr, less: bool) -> ast.expr:
        """A loop instead of ``np.add.at``."""
        where, v = op.kwarg("index"), operand_type(op.args[1])
        parts = where.items if isinstance(where, Tup) and not where.is_list else (where,)
        vectors = all(_is_vector(operand_type(p)) for p in parts) and op.kwarg("view") == NONE
        helper = ""
        if vectors and len(parts) == 1 and isinstance(v, Array) and v.dims:
            helper = "add_at"
        elif vectors and len(parts) == 2 and _is_vector(v):
            helper = "add_at_pairs"
        if not helper:
            return super().add_at(op, place, index, value, less)
        return self.helper(helper, [place, index, ast.UnaryOp(ast.USub(), value) if less else value])

    def op(self, op: Op) -> ast.expr:
        """The expression of an operation; Numba's powers of whole numbers are whole numbers."""
        if op.fn == "**" and all(_is_whole(a) for a in op.args) and not (
                isinstance(op.args[1], Lit) and op.args[1].value >= 0):
            return self.helper("whole_power", [self.arg(a) for a in op.args])
        return super().op(op)

    def function(self, op: Op) -> ast.expr:
        """A call; sums keep an axis by getting a new one."""
        axis, kept = op.kwarg("axis"), op.kwarg("keepdims")
        is_one = isinstance(axis, Lit) and isinstance(axis.value, int)
        if op.fn in ("np.sum", "np.prod") and kept == Lit(True) and is_one:
            options = tuple((k, v) for k, v in op.kwargs if k != "keepdims")
            return call(self.ref("np.expand_dims"), [super().function(replace(op, kwargs=options)), self.arg(axis)])
        return super().function(op)

    def _unbroadcast(self, op: Op) -> ast.expr:
        v, like = (self.arg(a) for a in op.args)
        have, want = (rank(t) if (t := operand_type(a)) is not None else 0 for a in op.args)
        if have is None or want is None or want > 2 or have < want:
            return self.helper("unbroadcast", [v, like])
        if want == 0:
            return call(self.ref("np.sum"), [v]) if have else v
        for _ in range(have - want):
            v = call(self.ref("np.sum"), [v], [("axis", constant(0))])
        return self.helper(f"unbroadcast_{want}", [v, like])


def _is_whole(a: Arg) -> bool:
    return isinstance(a.value, int) if isinstance(a, Lit) else kind_of(operand_type(a) or UNKNOWN) in ("int", "bool")


def _is_vector(t: Type | None) -> bool:
    return isinstance(t, Array) and len(t.dims) == 1
