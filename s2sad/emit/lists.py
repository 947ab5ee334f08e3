"""Operations on lists as Python: expressions, and statements that change a list in place.

    ys2 = list_append(ys1, y)                                 ys.append(y)
    ys2 = list_set(ys1, y, index=i)                   ⇒       ys[i] = y
    ys_bar2 = scatter_add(ys_bar1, v, index=i)                ys_bar[i] += v             (numbers)
                                                              ys_bar[i] = ys_bar[i] + v  (arrays)

An array in a list is never changed where it is: somebody else may hold it.  A copy of a list is one at all levels.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from s2sad.emit.code import Store
from s2sad.emit.expr import DTYPES, SPECIAL, Expressions
from s2sad.emit.nodes import call, constant, load
from s2sad.trace.ir import NONE, Lit, Op, Slc, Tup, Var
from s2sad.trace.types import Array, List, Nothing, Scalar, Type, dtype_of, height


def _method(owner: ast.expr, name: str, args: list[ast.expr]) -> ast.expr:
    return call(ast.Attribute(value=owner, attr=name, ctx=ast.Load()), args)


def _at(owner: ast.expr, index: ast.expr) -> ast.Subscript:
    return ast.Subscript(value=owner, slice=index, ctx=ast.Load())


def _each(element: ast.expr, name: str, over: ast.expr) -> ast.expr:
    """``[element for name in over]``."""
    generator = ast.comprehension(target=ast.Name(id=name, ctx=ast.Store()), iter=over, ifs=[], is_async=0)
    return ast.ListComp(elt=element, generators=[generator])


def _times(item: ast.expr, count: ast.expr) -> ast.expr:
    """``[item] * count``."""
    return ast.BinOp(left=ast.List(elts=[item], ctx=ast.Load()), op=ast.Mult(), right=count)


def _length(xs: ast.expr) -> ast.expr:
    return call(load("len"), [xs])


def _is_number(t: Type) -> bool:
    return height(t) < 0


# Expressions.


def _list_of(ex: Expressions, op: Op) -> ast.expr:
    return ast.List(elts=[ex.arg(a) for a in op.args], ctx=ast.Load())


def _index_of(ex: Expressions, op: Op) -> ast.expr:
    return _method(ex.arg(op.args[0]), "index", [ex.arg(op.args[1])])


def _constants(ex: Expressions, op: Op) -> ast.expr:
    return ex.arg(Tup(op.args))


def _concat(ex: Expressions, op: Op) -> ast.expr:
    return ast.BinOp(left=ex.arg(op.args[0]), op=ast.Add(), right=ex.arg(op.args[1]))


def _repeat(ex: Expressions, op: Op) -> ast.expr:
    return ast.BinOp(left=ex.arg(op.args[0]), op=ast.Mult(), right=ex.arg(op.kwarg("count")))


def _fold(ex: Expressions, op: Op) -> ast.expr:
    ex.outside.update(dict.fromkeys(("sum", "len", "range")))
    xs, like = ex.arg(op.args[0]), ex.arg(op.args[1])
    part = ast.Slice(lower=load("k"), upper=None, step=_length(like))
    return _each(call(load("sum"), [_at(xs, part)]), "k", call(load("range"), [_length(like)]))


def _array(ex: Expressions, op: Op) -> ast.expr:
    dtype = op.kwarg("dtype")
    options = [] if dtype == NONE else [("dtype", ex.option("dtype", dtype))]
    return call(ex.ref("np.array"), [ex.arg(op.args[0])], options)


def _together(fn: str) -> Callable[[Expressions, Op], ast.expr]:
    def expression(ex: Expressions, op: Op) -> ast.expr:
        axis = op.kwarg("axis", Lit(0))
        return call(ex.ref(fn), [ex.arg(op.args[0])], [] if axis == Lit(0) else [("axis", ex.arg(axis))])

    return expression


def _rows(ex: Expressions, op: Op) -> ast.expr:
    assert op.target is not None
    x = ex.arg(op.args[0])
    t = op.target.type
    while isinstance(t, List):
        t = t.item
    if isinstance(t, Scalar):
        return _method(x, "tolist", [])
    ex.outside["list"] = None

    def rows(x: ast.expr, t: Type) -> ast.expr:
        assert isinstance(t, List)
        if not isinstance(t.item, List):
            return call(load("list"), [x])
        return _each(rows(load("row"), t.item), "row", x)

    return rows(x, op.target.type)


def _split(ex: Expressions, op: Op) -> ast.expr:
    axis = op.kwarg("axis", Lit(0))
    return ex.helper("split_like", [ex.arg(a) for a in op.args], [] if axis == Lit(0) else [("axis", ex.arg(axis))])


def _sum(ex: Expressions, op: Op) -> ast.expr:
    return call(ex.ref("sum"), [ex.arg(a) for a in op.args])


def _spread(ex: Expressions, op: Op) -> ast.expr:
    v, xs = ex.arg(op.args[0]), ex.arg(op.args[1])
    t = op.args[1].type if isinstance(op.args[1], Var) else None
    assert isinstance(t, List)
    if isinstance(t.item, Array) and any(d.may_be_one and not d.is_one for d in t.item.dims):
        return _each(ex.helper("unbroadcast", [v, load("x")]), "x", xs)
    ex.outside["len"] = None
    return _times(v, _length(xs))


def zeros(ex: Expressions, xs: ast.expr, t: Type) -> ast.expr:
    """Zeros like a list."""
    if not isinstance(t, List):
        return call(ex.ref("np.zeros_like"), [xs])
    if isinstance(t.item, Nothing):
        return ast.List(elts=[], ctx=ast.Load())  # of an empty list
    if _is_number(t.item):
        ex.outside["len"] = None
        kind = dtype_of(t.item)
        plain = {"f8": 0.0, "?": 0.0, "c16": 0j}.get(kind)
        zero = call(ex.ref(DTYPES[kind]), [constant(0)]) if plain is None else constant(plain)
        return _times(zero, _length(xs))
    return _each(zeros(ex, load("x"), t.item), "x", xs)


def copied(xs: ast.expr, t: Type) -> ast.expr:
    """A copy of a list at all levels."""
    if not isinstance(t, List) or _is_number(t.item):
        return _method(xs, "copy", [])
    return _each(copied(load("x"), t.item), "x", xs)


def _zeros_like(ex: Expressions, op: Op) -> ast.expr | None:
    x = op.args[0]
    return zeros(ex, ex.arg(x), x.type) if isinstance(x, Var) and isinstance(x.type, List) else None


def _tape_zeros(ex: Expressions, op: Op) -> ast.expr | None:
    """Zeros like a list of numbers, or None where that has not been recorded."""
    x = op.args[0]
    if not isinstance(x, Var) or not isinstance(x.type, List) or not _is_number(x.type.item):
        return None
    ex.outside["len"] = None
    either = ast.BoolOp(op=ast.Or(), values=[ex.arg(x), ast.Tuple(elts=[], ctx=ast.Load())])
    return _times(constant(0.0), _length(either))


def _copy(ex: Expressions, op: Op) -> ast.expr | None:
    x = op.args[0]
    return copied(ex.arg(x), x.type) if isinstance(x, Var) and isinstance(x.type, List) else None


SPECIAL.update({
    "zeros_like": _zeros_like, "copy": _copy, "tape_zeros": _tape_zeros,
    "index_of": _index_of, "constants": _constants, "list_of": _list_of, "list_concat": _concat, "list_repeat": _repeat,
    "list_fold": _fold, "list_array": _array,
    "list_stack": _together("np.stack"), "list_concatenate": _together("np.concatenate"), "list_rows": _rows,
    "list_split": _split, "list_sum": _sum, "list_spread": _spread,
})


# Statements.


def list_store(op: Op, target: Var, ex: Expressions) -> Store:
    """The statement of an operation that changes a list."""
    base = op.args[0]
    assert isinstance(base, Var) and isinstance(target.type, List)
    node = ex.name(target)
    stmt = _statement(op, node, target.type, ex)
    reads = [v for v in ex.take_reads() if v is not target]
    return Store(target, base, node, stmt, reads, op.site, op.sweep)


def _statement(op: Op, node: ast.Name, t: List, ex: Expressions) -> ast.stmt:
    values = [ex.arg(a) for a in op.args[1:]]
    index = op.kwarg("index")
    if op.fn in ("list_append", "list_extend"):
        return ast.Expr(value=_method(node, op.fn.removeprefix("list_"), values))
    if op.fn == "list_insert":
        return ast.Expr(value=_method(node, "insert", [ex.arg(index), *values]))
    if op.fn == "list_pop":
        return ast.Delete(targets=[_at(node, constant(-1))])
    if op.fn == "list_delete":
        return ast.Delete(targets=[_at(node, ex.arg(index))])
    if op.fn == "list_cut":
        return ast.Delete(targets=[_at(node, ast.Slice(lower=ex.arg(op.kwarg("length")), upper=None, step=None))])
    place = _at(node, ex.arg(index))
    if op.fn == "list_set":
        return ast.Assign(targets=[place], value=values[0])
    if isinstance(index, Slc) or isinstance(t.item, List):
        return ast.Assign(targets=[place], value=ex.helper("accumulate", [place, values[0]]))
    if _is_number(t.item):
        return ast.AugAssign(target=place, op=ast.Add(), value=values[0])
    return ast.Assign(targets=[place], value=ast.BinOp(left=place, op=ast.Add(), right=values[0]))


