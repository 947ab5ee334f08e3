"""Stores: `setitem` and `scatter_add` as statements that change a buffer in place.

    A2 = setitem(A1, v, 1:-1)                                A[1:-1] = v
    A2 = setitem(A1, A1[i] * v, i)                    ⇒      A[i] *= v
    A2 = scatter_add(A1, v, 0, view=np.transpose)            A.T[0] += v

A buffer before and after a store has one name.  An operation on the very place that is replaced, with the place on its
left, is written as an augmented assignment where NumPy would compute the same: in the type of the operation, cast back.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from s2sad.emit.code import Assign, Code, Store
from s2sad.emit.expr import BINARY, DTYPES, Expressions, in_index
from s2sad.emit.fold import Folding
from s2sad.emit.lists import list_store
from s2sad.emit.nodes import call
from s2sad.errors import InternalError
from s2sad.passes.stores import reads_place
from s2sad.rules.builder import Builder
from s2sad.rules.places import Step, steps_of, whole
from s2sad.trace.ir import Arg, If, Lit, Op, Var
from s2sad.trace.types import Array, List, dtype_of, rank
from s2sad.trace.walk import may_repeat

# How the steps of a view are written: as methods, attributes; the others are calls of functions.
_STYLES = {"np.reshape": "method", "np.ravel": "method", "flat": "attr", "np.real": "attr", "np.imag": "attr"}
_AUGMENTED = frozenset(("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"))


def store(op: Op, target: Var, ex: Expressions) -> Assign | Store:
    """The statement of a `setitem` or `scatter_add`."""
    base = op.args[0]
    if not isinstance(base, Var):
        raise InternalError(f"{op.fn} into a literal")
    if isinstance(target.type, List):
        return list_store(op, target, ex)
    value = op.args[1]
    # An array without axes is a number, which is made anew, unless it is the caller's, who is to see its contents.
    if rank(target.type) == 0 and op.style != "left":
        return Assign([target], [_number(op, base, value, ex)], ex.take_reads(), [None], op.site, op.sweep)
    index, steps = op.kwarg("index"), steps_of(op.kwarg("view"))
    if whole(index) and steps and steps[-1][0] == "getitem":
        index = steps.pop()[1]["index"]
    node = ex.name(target)
    operator = None
    if op.fn == "scatter_add":
        operator = "+"
    elif (found := augmented(op, base, ex.inline)) is not None:
        operator, value = found
    right = ex.arg(value)
    less = _unsigned(right, op) if op.fn == "scatter_add" else None
    if less is not None:
        operator, right = "-", less
    at = _viewed(target, steps, ex)
    stmt: ast.stmt
    place: Any
    if op.fn == "scatter_add" and may_repeat(index):
        stmt = _repeated(op, ex.arg(at), index, right, operator == "-", bool(steps) and steps[-1][0] == "flat", ex)
    else:
        if operator is not None and ex.overlaps(base, value):
            read = ex.op(Op(None, "getitem", (at,), (("index", index),), sweep="adjoint"))
            right = ast.BinOp(left=read, op=BINARY[operator](), right=right)
            operator = None
        place = ex.arg(at) if whole(index) and operator is not None and not steps else ex.op(
            Op(None, "getitem", (at,), (("index", index),), sweep="adjoint"))
        stmt = ast.Assign(targets=[place], value=right) if operator is None else ast.AugAssign(
            target=place, op=BINARY[operator](), value=right)
    reads = [v for v in ex.take_reads() if v is not target]
    return Store(target, base, node, stmt, reads, op.site, op.sweep)


def put_at_once(taken: list[Code], body: list[Code], ex: Expressions, folding: Folding) -> list[Code]:
    """A loop's body in which items ``taken`` off tapes go where they are stored: ``A[1:-1] = A_tape.pop()``."""
    out = list(body)
    for node in taken:
        if not isinstance(node, Assign):
            continue
        (item,), (value,) = node.targets, node.values
        stores = itertools.takewhile(lambda n: isinstance(n, Store), (n for n in out if n not in taken))
        into = next((n for n in stores if isinstance(n, Store) and item in n.reads), None)
        if (isinstance(into, Store) and into.reads.count(item) == folding.uses[item] == 1 and value is not None
                and isinstance(into.stmt, ast.Assign) and any(n is into.stmt.value and v is item for n, v in ex.names)):
            into.stmt.value = value
            into.reads = [v for v in into.reads if v is not item] + node.reads
            ex.names = [(n, v) for n, v in ex.names if v is not item]
            out.remove(node)
    return out


def augmented(op: Op, base: Var, inline: Mapping[Var, Op | If]) -> tuple[str, Arg] | None:
    """The operation and the right operand of ``A[i] *= v``, if that is what a `setitem` does."""
    value = op.args[1]
    made = inline.get(value) if isinstance(value, Var) else None
    if not isinstance(made, Op) or made.fn not in _AUGMENTED or made.target is None:
        return None
    if op.sweep == "primal" and op.site.text and not re.search(rf"(?<![-+*/%&|^<>=!]){re.escape(made.fn)}=(?!=)",
                                                              op.site.text):
        return None
    left, right = made.args
    if op.sweep != "primal" and made.fn in ("+", "*") and not reads_place(left, base, op.kwarg("index"),
                                                                          op.kwarg("view"), inline):
        left, right = right, left
    if not reads_place(left, base, op.kwarg("index"), op.kwarg("view"), inline):
        return None
    assert isinstance(left, Var)
    if rank(left.type) != 0 and not _casts(dtype_of(made.target.type), dtype_of(base.type)):
        return None
    return made.fn, right


def _casts(old: str, new: str) -> bool:
    """Whether an operation in place may cast its result."""
    return old == new != "?" or (old in DTYPES and new in DTYPES and np.can_cast(old, new, "same_kind"))


def _number(op: Op, base: Var, value: Arg, ex: Expressions) -> ast.expr:
    """The new value of an array without axes: another one, as nobody shares them."""
    right = ex.arg(value)
    if op.fn == "scatter_add":
        right = ast.BinOp(left=ex.arg(base), op=ast.Add(), right=right)
    if op.sweep == "adjoint" and op.fn == "scatter_add":
        return right
    dtype = base.type.dtype if isinstance(base.type, Array) else ""
    plain = dtype == "f8" and isinstance(value, Lit) and isinstance(value.value, float)
    options = [("dtype", ex.ref(DTYPES[dtype]))] if dtype in DTYPES and not plain else []
    return call(ex.ref("np.array"), [right], options)


def _unsigned(node: ast.expr, op: Op) -> ast.expr | None:
    """``a * b`` of ``-a * b``; None where there is no sign, or where the user has written it."""
    if op.sweep == "primal" and op.site.text and "-=" not in op.site.text:
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    if op.sweep != "primal" and isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        left = _unsigned(node.left, op)
        return None if left is None else ast.BinOp(left=left, op=node.op, right=node.right)
    return None


def _viewed(base: Var, steps: list[Step], ex: Expressions) -> Var:
    """A variable that is printed as a view of the base."""
    b = Builder("adjoint")
    at = base
    for fn, given in steps:
        options: dict[str, Any] = given
        at = b.op(fn, at, style=_STYLES.get(fn, "call"), type=base.type if fn == "flat" else None, **options)
    for made in b.stmts:
        assert isinstance(made, Op) and made.target is not None
        ex.inline[made.target] = made
    return at


def _repeated(op: Op, place: ast.expr, index: Arg, value: ast.expr, less: bool, flat: bool,
              ex: Expressions) -> ast.stmt:
    """``np.add.at(A, index, value)``, for an index that may name an element twice."""
    where = in_index(ex.arg(index), ex)
    if flat:
        # NumPy takes no flat iterator here.
        assert isinstance(place, ast.Attribute)
        place = place.value
        size, shape = (ast.Attribute(value=place, attr=a, ctx=ast.Load()) for a in ("size", "shape"))
        number = ast.Subscript(value=call(ex.ref("np.arange"), [size]), slice=where, ctx=ast.Load())
        where = call(ex.ref("np.unravel_index"), [number, shape])
    return ast.Expr(value=ex.add_at(op, place, where, value, less))

