"""Sparse matrices as Python: ``A @ x``, ``x @ A``, ``A.sum()``, ``scipy.sparse.csr_matrix((data, (row, col)))``."""

from __future__ import annotations

import ast

from s2sad.emit.expr import SPECIAL, Expressions
from s2sad.emit.nodes import attribute, call, subscript
from s2sad.rules.language import parse_expression
from s2sad.trace.ir import NONE, Arg, Lit, Op


def template(ex: Expressions, text: str, args: tuple[Arg, ...]) -> ast.expr:
    """A text with operands in the place of {0}, {1} and so on; names of SciPy are imported."""
    names = {f"_{k}_": a for k, a in enumerate(args)}
    tree = parse_expression(text.format(*names))

    class Filled(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
            return ex.arg(names[node.id]) if node.id in names else node

        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # noqa: N802
            whole = ast.unparse(node)
            if whole.startswith("scipy."):
                return ex.ref(whole)
            return ast.Attribute(value=self.visit(node.value), attr=node.attr, ctx=ast.Load())

    found: ast.expr = Filled().visit(ast.parse(ast.unparse(tree), mode="eval").body)
    return found


def _object(ex: Expressions, op: Op) -> ast.expr:
    text = op.kwarg("text")
    assert isinstance(text, Lit)
    return template(ex, str(text.value), op.args)


def _instead(ex: Expressions, op: Op) -> ast.expr:
    text = op.kwarg("text")
    assert isinstance(text, Lit)
    return template(ex, str(text.value), (*op.args[1:], *[NONE] * (7 - len(op.args))))


def _solve(ex: Expressions, op: Op) -> ast.expr:
    text = op.kwarg("solver")
    assert isinstance(text, Lit)
    a, f, _, b = op.args
    return template(ex, str(text.value), (a, f, b))


def _matmul(ex: Expressions, op: Op) -> ast.expr:
    return ast.BinOp(left=ex.arg(op.args[0]), op=ast.MatMult(), right=ex.arg(op.args[2]))


def _rmatmul(ex: Expressions, op: Op) -> ast.expr:
    return ast.BinOp(left=ex.arg(op.args[0]), op=ast.MatMult(), right=ex.arg(op.args[1]))


def _sum(ex: Expressions, op: Op) -> ast.expr:
    axis = op.kwarg("axis")
    return call(attribute(ex.arg(op.args[0]), "sum"), [], [] if axis == NONE else [("axis", ex.arg(axis))])


def _length(ex: Expressions, op: Op) -> ast.expr:
    axis = op.kwarg("axis", Lit(0))
    assert isinstance(axis, Lit)
    return subscript(attribute(ex.arg(op.args[0]), "shape"), axis.value)


def _coo(ex: Expressions, op: Op, what: str) -> ast.expr:
    return attribute(call(attribute(ex.arg(op.args[0]), "tocoo"), []), what)


SPECIAL.update({
    "sparse_matmul": _matmul, "sparse_rmatmul": _rmatmul, "library_object": _object, "library_array": _object,
    "instead": _instead, "sparse_solve": _solve,
    "sparse_sum": _sum, "sparse_length": _length,
    "sparse_dense": lambda ex, op: call(attribute(ex.arg(op.args[0]), "toarray"), []),
    "sparse_diagonal": lambda ex, op: call(attribute(ex.arg(op.args[0]), "diagonal"), []),
    "sparse_values": lambda ex, op: _coo(ex, op, "data"), "sparse_row": lambda ex, op: _coo(ex, op, "row"),
    "sparse_col": lambda ex, op: _coo(ex, op, "col"),
})
