"""Operations as expressions that Numba compiles, where they differ from those for NumPy."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from s2sad.emit.expr import Expressions, operand_type
from s2sad.emit.fold import Choice
from s2sad.emit.nodes import call, constant, display
from s2sad.passes.alias import Aliases, shares
from s2sad.rules.static import type_of
from s2sad.trace.ir import NONE, Arg, If, Lit, Op, Range, Ref, Slc, Tup, Var
from s2sad.trace.types import UNKNOWN, Array, Type, fresh_dim, kind_of, rank

# What NumPy takes for its own types.
OWN_TYPES = {"bool": "np.bool_", "int": "np.int64", "float": "np.float64", "complex": "np.complex128"}


class MachineExpressions(Expressions):
    """Builds expressions in the part of Python and NumPy that Numba knows."""

    def __init__(self, inline: dict[Var, Op | If], choices: Mapping[int, Choice], aliases: Aliases) -> None:
        super().__init__(inline, choices)
        self.aliases = aliases

    def overlaps(self, base: Var, value: Arg) -> bool:
        """Numba's operations in place go from element to element, whatever they overwrite."""
        made = self.inline.get(value) if isinstance(value, Var) else None
        if isinstance(made, Op) and made.fn == "neg":
            value = made.args[0]  # printed as a subtraction
        return isinstance(value, Var) and shares(value.type) and self.aliases.find(value) is self.aliases.find(base)

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
        if isinstance(where, Tup) and where.is_list and op.kwarg("view") == NONE:
            index = call(self.ref("np.array"), [index])
        vectors = all(_is_vector(operand_type(p)) or _is_flat_list(p) for p in parts) and op.kwarg("view") == NONE
        base = op.args[0]
        if isinstance(base, Var) and self.overlaps(base, op.args[1]):
            value = call(self.ref("np.copy"), [value])
        if vectors and rank(type_of(op.args[1])) == 0:
            named = index.elts[0] if isinstance(index, ast.Tuple) else index
            value, v = call(self.ref("np.full"), [call(self.ref("len"), [named]), value]), Array("f8", (fresh_dim(),))
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

    def arg(self, a: Arg) -> ast.expr:
        """An operand; types are NumPy's."""
        return super().arg(Ref(OWN_TYPES[a.name]) if isinstance(a, Ref) and a.name in OWN_TYPES else a)

    def option(self, name: str, value: Arg) -> ast.expr:
        if name == "dtype" and isinstance(value, Lit) and value.value in OWN_TYPES:
            return self.ref(OWN_TYPES[value.value])
        return super().option(name, value)

    def function(self, op: Op) -> ast.expr:
        """A call: of what Numba knows, where it does not know the function itself or an option."""
        given = operand_type(op.args[0]) if op.args else None
        axis, length = op.kwarg("axis"), rank(given) if given is not None else 0
        made = rank(op.target.type) if op.target is not None else None
        one = isinstance(axis, Lit) and isinstance(axis.value, int) and not isinstance(axis.value, bool)
        if op.fn in ("np.sum", "np.prod") and one and op.kwarg("keepdims") == Lit(True):
            return self.with_axis(super().function(_without(op, "keepdims")), axis, made)
        if op.fn == "np.expand_dims" and one:
            return self.with_axis(self.arg(op.args[0]), axis, made)
        if op.fn == "np.expand_dims" and isinstance(axis, Tup):
            node = self.arg(op.args[0])
            for k, item in enumerate(axis.items):
                node = self.with_axis(node, item, None if made is None else made - len(axis.items) + k + 1)
            return node
        if op.fn in ("np.cumsum", "np.cumprod", "np.flip") and one and length == 1:
            op, axis = _without(op, "axis"), NONE
        if op.fn in ("recurrence", "shifted", "exclusive_product") and length == 1:
            options = [op.kwarg("reverse", Lit(False))] + [op.kwarg("first", Lit(0.0))] * (op.fn == "shifted")
            return self.helper(f"{op.fn}_1", [self.arg(a) for a in (*op.args, *options)])
        if op.fn == "np.flip" and length == 1:
            return self.backwards(self.arg(op.args[0]))
        if op.fn == "np.matmul" and len(op.args) == 2:
            return ast.BinOp(left=self.arg(op.args[0]), op=ast.MatMult(), right=self.arg(op.args[1]))
        if op.fn == "np.array" and op.kwarg("layout") in (NONE, Lit(0)) and isinstance(given, Array) and given.dims:
            copy = call(self.ref("np.copy"), [self.arg(op.args[0])])
            dtype = op.kwarg("dtype")
            as_type = ast.Attribute(value=copy, attr="astype", ctx=ast.Load())
            return copy if dtype == NONE else call(as_type, [self.option("dtype", dtype)])
        return super().function(op)

    def with_axis(self, node: ast.expr, axis: Arg, count: int | None) -> ast.expr:
        """A value with a new axis, which makes ``count`` in all; a number becomes an array."""
        if count == 1:
            return call(self.ref("np.array"), [display([node], True)])
        return call(self.ref("np.expand_dims"), [node, self.arg(axis)])

    def _getitem(self, op: Op) -> ast.expr:
        index = op.kwarg("index")
        if index == Lit(...) and rank(operand_type(op.args[0]) or UNKNOWN) != 0:
            op = replace(op, kwargs=(("index", Slc(NONE, NONE, NONE)),))
        elif isinstance(index, Tup) and index.is_list and all(isinstance(i, (Lit, Var)) for i in index.items):
            where = call(self.ref("np.array"), [self.arg(index)])
            return ast.Subscript(value=self.arg(op.args[0]), slice=where, ctx=ast.Load())
        return super()._getitem(op)

    def _last_written(self, op: Op) -> ast.expr:
        index = op.kwarg("index")
        if isinstance(index, Tup) and index.is_list:
            return self.helper(op.fn, [self.arg(op.args[0]), call(self.ref("np.array"), [self.arg(index)])])
        return super()._last_written(op)

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


def _without(op: Op, option: str) -> Op:
    return replace(op, kwargs=tuple((k, v) for k, v in op.kwargs if k != option))


def _is_whole(a: Arg) -> bool:
    return isinstance(a.value, int) if isinstance(a, Lit) else kind_of(operand_type(a) or UNKNOWN) in ("int", "bool")


def _is_flat_list(a: Arg) -> bool:
    return isinstance(a, Tup) and a.is_list and not any(isinstance(i, Tup) for i in a.items)


def _is_vector(t: Type | None) -> bool:
    return isinstance(t, Array) and len(t.dims) == 1
