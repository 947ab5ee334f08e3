"""Reductions, shapes, indexing, products: every rule for several ranks, dtypes and kinds of type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from s2sad.errors import NotApplicable
from s2sad.rules.builder import Builder
from s2sad.rules.table import bind, infer, tangent
from s2sad.trace.ir import NONE, Arg, Lit, Op, Ref, Slc, Tup, Var
from s2sad.trace.types import NOTHING, Array, Dim
from tests.rules.checks import check

KINDS = ["known", "open", "unknown"]
ALL = Slc(NONE, NONE, NONE)


def arg(v: Any) -> Arg:
    """An operand of a trace for a Python value."""
    if isinstance(v, (tuple, list)):
        return Tup(tuple(map(arg, v)), isinstance(v, list))
    if isinstance(v, slice):
        return Slc(arg(v.start), arg(v.stop), arg(v.step))
    return v if isinstance(v, Ref) else Lit(v)


def options(**kwargs: Any) -> dict[str, Arg]:
    return {k: arg(v) for k, v in kwargs.items()}


def arrays(*shapes: tuple[int, ...], dtype: str = "f8", seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.5, 1.5, s).astype(dtype)[()] for s in shapes]


REDUCTIONS = ["np.sum", "np.mean", "np.max", "np.min", "np.prod", "np.var", "np.std", "np.linalg.norm"]


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("fn", REDUCTIONS)
def test_reductions(fn: str, how: str) -> None:
    for dtype in ("f4", "f8"):
        for shape in ((), (3,), (2, 3), (1, 3), (2, 3, 2)):
            if fn == "np.linalg.norm" and len(shape) == 0 or fn == "np.prod" and how == "unknown":
                continue
            [x] = arrays(shape, dtype=dtype)
            check(fn, [x], how=how)
            for axis in range(-len(shape), len(shape)):
                check(fn, [x], options(axis=axis), how=how, second=dtype == "f8" and axis >= 0)
                check(fn, [x], options(axis=axis, keepdims=True), how=how, second=False)
            if len(shape) == 3 and fn not in ("np.prod", "np.linalg.norm"):
                check(fn, [x], options(axis=(0, 2)), how=how)
                check(fn, [x], options(axis=(-1, 1), keepdims=True), how=how)


@pytest.mark.parametrize("how", KINDS)
def test_sums_with_another_dtype(how: str) -> None:
    [x] = arrays((2, 3), dtype="f4")
    check("np.sum", [x], options(axis=0, dtype=Ref("np.float64")), how=how)
    check("np.mean", [x], options(dtype="f8"), how=how)
    check("np.cumsum", [x], how=how)
    check("np.cumsum", [x.astype("f8")], options(axis=1), how=how)
    check("np.var", [x.astype("f8")], options(ddof=1), how=how)
    check("np.std", [x.astype("f8")], options(ddof=1, axis=1), how=how)


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_shapes(how: str, dtype: str) -> None:
    a, v, s, one = arrays((2, 3), (3,), (), (2, 1, 3), dtype=dtype)
    check("np.reshape", [a], options(shape=(3, 2)), how=how)
    check("np.reshape", [a], options(shape=(-1,)), how=how)
    check("np.reshape", [a], options(shape=6), how=how)
    check("np.reshape", [one], options(shape=(2, -1)), how=how)
    for x in (a, v, s):
        check("np.ravel", [x], how=how)
        check("flatten", [np.asarray(x)], how=how)
        check("np.transpose", [x], how=how)
        check("np.copy", [x], how=how)
        check("np.asarray", [x], how=how)
        check("np.broadcast_to", [x], options(shape=(4, 2, 3)), how=how)
    check("np.transpose", [one], options(axes=(2, 0, 1)), how=how)
    check("np.swapaxes", [one], options(axis1=0, axis2=-1), how=how)
    check("np.moveaxis", [one], options(source=0, destination=-1), how=how)
    check("np.expand_dims", [a], options(axis=1), how=how)
    check("np.expand_dims", [a], options(axis=(0, -1)), how=how)
    check("np.squeeze", [one], how=how)
    check("np.squeeze", [one], options(axis=1), how=how)
    check("np.flip", [a], how=how)
    check("np.flip", [a], options(axis=0), how=how)
    check("np.roll", [a], options(shift=1), how=how)
    check("np.roll", [a], options(shift=(1, -2), axis=(0, 1)), how=how)
    check("copy", [a], how=how)
    check("np.astype", [a], options(dtype=Ref("np.float64")), how=how)
    check("np.astype", [a], options(dtype=Ref("np.float32")), how=how, differences=False)
    check("item", [np.asarray(s)], how=how)
    check("np.ascontiguousarray", [a], how=how)


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_indexing(how: str, dtype: str) -> None:
    [x] = arrays((4, 5), dtype=dtype)
    whole = slice(None)
    for index in (0, -1, slice(1, -1), slice(None, 2), slice(-2, None), (0, 1), (whole, 1), (1, slice(None, None, 2)),
                  (..., 2), (None, 1), (whole, None, slice(1, 3)), [0, 2, 2], ([0, 1], [1, 1]), (whole, [0, 0, 3]),
                  (slice(None, None, -1), 0), (slice(2, 3),), (slice(-3, -1), 0), ([0, 1], None, [1, 2])):
        check("getitem", [x], options(index=index), how=how)
        v = np.ones_like(x[tuple(index) if isinstance(index, tuple) else index]) * 0.5
        check("scatter_add", [x, v[()]], options(index=index), how=how)
        check("scatter_add", [x, 0.25], options(index=index), how="known" if how == "unknown" else how)


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_putting_together(how: str, dtype: str) -> None:
    a, b, c = arrays((2, 3), (4, 3), (2, 3), dtype=dtype)
    check("np.concatenate", [a, b, c], how=how)
    check("np.concatenate", [a, c], options(axis=1), how=how)
    check("np.concatenate", [a, b], options(axis=None), how=how)
    if how != "unknown":
        check("np.concatenate", [a, c], options(axis=-1), how=how)
    for axis in (0, 1, 2, -1, -2):
        check("np.stack", [a, c], options(axis=axis), how=how)
    if how != "unknown":
        for fn in ("np.vstack", "np.hstack", "np.column_stack"):
            check(fn, [a, c], how=how)
            check(fn, [a[0], c[1]], how=how)
        check("np.vstack", [a, a[0]], how=how)
        check("np.dstack", [a, c], how=how)
        check("np.column_stack", [a, a[:, 0]], how=how)
        with pytest.raises(NotApplicable):
            check("np.hstack", [a, a[0]], how=how)
    x, y = 0.5, np.asarray(1.5, dtype)[()]
    check("np.array", [x, y, x], options(layout=[0, 1, 2]), how=how)
    check("np.array", [x, y, x, 1.0], options(layout=[[0, 1], [2, 3]]), how=how)
    check("np.array", [a, c], options(layout=[0, 1]), how="known" if how == "unknown" else how)
    check("np.array", [a], options(layout=0), how=how)
    check("np.array", [x, y], options(layout=[0, 1], dtype=Ref("np.float64")), how=how)
    check("np.full", [y], options(shape=(2, 3)), how=how)
    check("np.full", [0.5], options(shape=3, dtype=Ref("np.float32")), how="known")
    check("np.full_like", [a, 0.5], how=how)
    check("np.linspace", [0.5, y], options(num=5), how="known" if how == "unknown" else how)
    check("np.arange", [0.5, 3.1, 0.5], how="known" if how == "unknown" else how)
    check("np.arange", [0.5, 3.1], how="known" if how == "unknown" else how)
    check("expand", [y, a], how=how)
    check("expand", [0.5, a], how="known")
    check("unbroadcast", [a, a[0]], how=how)
    check("cast", [a], options(dtype="f8"), how="known")
    check("cast", [y], options(dtype="float"), how="known")
    check("cast", [a, b], how=how)


MATRICES = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4)), ((2, 2, 3), (3,)),
            ((3,), (2, 3, 4)), ((2, 2, 3), (2, 3, 4)), ((2, 3), (2, 3, 4)), ((1, 2, 3), (2, 3, 4)), ((1, 3), (3, 1))]


@pytest.mark.parametrize("how", ["known", "open"])
@pytest.mark.parametrize("dtypes", [("f8", "f8"), ("f4", "f4"), ("f4", "f8")])
@pytest.mark.parametrize("fn", ["@", "np.matmul", "np.dot"])
def test_products(fn: str, dtypes: tuple[str, str], how: str) -> None:
    rng = np.random.default_rng(0)
    for left, right in MATRICES:
        x, y = rng.normal(size=left).astype(dtypes[0]), rng.normal(size=right).astype(dtypes[1])
        check(fn, [x, y], how=how)


@pytest.mark.parametrize("how", ["known", "open"])
def test_other_products(how: str) -> None:
    a, b, u, v, t, s = arrays((2, 3), (4, 3), (3,), (2,), (2, 3, 4), ())
    check("np.dot", [s, a], how=how)
    check("np.dot", [0.5, a], how=how)
    check("np.inner", [u, u], how=how)
    check("np.inner", [a, b], how=how)
    check("np.inner", [a, u], how=how)
    check("np.inner", [0.5, a], how=how)
    check("np.outer", [u, v], how=how)
    check("np.outer", [a, v], how=how)
    check("np.vdot", [a, a], how=how)
    check("np.tensordot", [a, t], how=how)
    check("np.tensordot", [t, u], options(axes=((1,), (0,))), how=how)
    check("np.tensordot", [t, t], options(axes=((2, 0), (2, 0))), how=how)
    check("np.tensordot", [t, a], options(axes=((1, 0), (1, 0))), how=how)
    check("np.tensordot", [u, v], options(axes=0), how=how)
    check("np.einsum", [a, b], options(subscripts="ij,kj->ik"), how=how)
    check("np.einsum", [a, b], options(subscripts="ij,kj"), how=how)
    check("np.einsum", [a, t, u], options(subscripts="ij,ijk,j->k"), how=how)
    check("np.einsum", [a], options(subscripts="ij->j"), how=how)
    check("np.einsum", [a], options(subscripts="ij->ji"), how=how)
    check("np.einsum", [a, u], options(subscripts="ij,k->i"), how=how)
    for optimize in (True, "greedy", False):
        check("np.einsum", [a, t, u], options(subscripts="ij,ijk,j->k", optimize=optimize), how=how)
    check("np.einsum", [a, b], options(subscripts="ij,kj->ik", optimize=["einsum_path", (0, 1)]), how=how)


@pytest.mark.parametrize("how", ["known", "open"])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_vector_products(how: str, dtype: str) -> None:
    u, a, one, t, column = arrays((3,), (4, 3), (1, 3), (2, 4, 3), (3, 4), dtype=dtype)
    for x, y in ((u, u[::-1].copy()), (u, a), (a, u), (a, a[::-1].copy()), (one, a), (a, one), (t, a), (u, t)):
        check("np.cross", [x, y], how=how)
        check("np.cross", [x, y], options(axis=-1), how=how, second=False)
    check("np.cross", [column, column[:, ::-1].copy()], options(axis=0), how=how)
    check("np.cross", [a, t[:1]], how=how)


def test_vector_products_along_any_axes() -> None:
    u, a = arrays((3,), (3, 4))
    check("np.cross", [u, a], options(axis=0))
    check("np.cross", [a, a[:, ::-1].copy()], options(axisa=0, axisb=0))
    check("np.cross", [a, a[:, ::-1].copy()], options(axisa=0, axisb=0, axisc=0))


def test_vector_products_that_are_refused() -> None:
    pair, triple = (Var(Array("f8", (Dim.constant(k),))) for k in (2, 3))
    with pytest.raises(NotApplicable, match="3 components, or of 2, not of 2 and 3"):
        infer("np.cross", (pair, triple), {})
    with pytest.raises(NotApplicable, match="not numbers"):
        infer("np.cross", (triple, Lit(2.0)), {})


def test_the_sum_with_what_was_lost() -> None:
    check("compensated", [2.0, 0])
    check("compensated", [np.float32(2.0), 0])
    check("rounding", [2.0, 3])


def test_the_tangent_of_an_open_shape_has_the_type_of_the_result() -> None:
    # The shape is known at run time only, the number of axes all the same.
    x, v = Var(Array("f8", (Dim.symbol("n"), Dim.symbol("m"))), "x"), Var(Array("f8", (Dim.symbol("k"),)), "v")
    shape = Var(NOTHING)
    op = Op(Var(x.type), "np.reshape", (v,), (("shape", shape),))
    b = Builder()
    dot = tangent(b, op, [Var(v.type, "v_dot")])
    assert isinstance(dot, Var) and dot.type == x.type


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("how", ["known", "open"])
def test_linear_algebra(how: str, dtype: str) -> None:
    rng = np.random.default_rng(0)
    a = (rng.normal(size=(3, 3)) * 0.3 + 2 * np.eye(3)).astype(dtype)
    b, c, w = (rng.normal(size=s).astype(dtype) for s in ((3,), (3, 2), (2, 3)))
    check("np.linalg.inv", [a], how=how)
    check("np.linalg.det", [a], how=how)
    check("np.linalg.solve", [a, b], how=how)
    check("np.linalg.solve", [a, c], how=how)
    check("np.trace", [a], how=how)
    check("np.diag", [b], how=how)
    check("np.diag", [b], options(k=1), how=how)
    check("np.diag", [a], how="known")
    check("np.tril", [w], how=how)
    check("np.triu", [w], options(k=1), how=how)


def test_binding() -> None:
    x = Lit(1.0)
    assert bind("np.reshape", [x, Lit(2), Lit(-1)], {}, method=True) == ((x,), {"shape": arg((2, -1))})
    assert bind("np.transpose", [x, Lit(1), Lit(0)], {}, method=True) == ((x,), {"axes": arg((1, 0))})
    assert bind("np.sum", [x, Lit(0)], {"keepdims": Lit(False)}) == ((x,), {"axis": Lit(0)})
    assert bind("np.sum", [], {"a": x}) == ((x,), {})
    assert bind("np.concatenate", [arg([1.0, 2.0])], {"axis": Lit(1)}) == ((Lit(1.0), Lit(2.0)), {"axis": Lit(1)})
    assert bind("np.array", [arg([[1.0], [2.0]])], {}) == (
        (Lit(1.0), Lit(2.0)), {"layout": arg([[0], [1]])})
    assert bind("np.full", [Lit(3), x], {}) == ((x,), {"shape": Lit(3)})
    assert bind("np.full", [], {"shape": Lit(3), "fill_value": x}) == ((x,), {"shape": Lit(3)})
    assert bind("np.clip", [x], {"a_max": x}) == ((x, NONE, x), {})
    assert bind("np.einsum", [Lit("i->"), x], {}) == ((x,), {"subscripts": Lit("i->")})
    assert bind("np.asarray", [x], {}) == ((x,), {})
    for wrong in ({"order": Lit("X")}, {"out": x}, {"axes": Lit(0)}):
        with pytest.raises(NotApplicable):
            bind("np.sum", [x], wrong)
    with pytest.raises(NotApplicable):
        bind("np.sin", [], {})
    with pytest.raises(NotApplicable):
        bind("np.sin", [x, x], {})
    with pytest.raises(NotApplicable):
        bind("np.sin", [x], {"signature": Ref("np.float32")})
