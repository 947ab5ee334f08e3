"""Functions of the rule language for what pads, joins and takes diagonals."""

from __future__ import annotations

from collections.abc import Callable

from s2sad.errors import NotApplicable
from s2sad.rules.infer_shapes import lifted, pairs_of, plane
from s2sad.rules.macros import ALL, arg, length, reshape_like
from s2sad.rules.macros_gather import undiag
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, Term, is_number, make, mul, slc, term, tup, typ
from s2sad.trace.ir import NONE, Arg, Lit, Tup
from s2sad.trace.types import Array, Scalar, dims_of, dtype_of, rank

MARGIN = Lit("constant")


def reshaped_like(v: Expr, x: Expr, order: Expr) -> Expr:
    """``v`` with the shape of ``x``, both read in an order."""
    made = reshape_like(v, x)
    if order == Lit("C") or rank(typ(x)) in (0, 1) or made is v:
        return made
    assert isinstance(made, Term)
    return term("np.reshape", v, type=typ(made), shape=dict(made.kwargs)["shape"], order=order)


def boxed(v: Expr) -> Expr:
    """``v`` as an array without axes where it is a number of Python."""
    return term("np.asarray", v) if isinstance(typ(v), Scalar) else v


def _total(a: Arg, b: Expr) -> Expr:
    return b if is_number(a, 0) else Lit(a.value + b.value) if isinstance(a, Lit) and isinstance(b, Lit) else (
        make("+", b, a) if isinstance(a, Lit) else make("+", a, b))


def _inner(x: Expr, axis: int, before: Arg, after: Arg) -> Expr:
    """Where an axis of ``x`` lies in what has been padded."""
    lo: Expr = NONE if is_number(before, 0) else before
    if isinstance(after, Lit):
        return slc(lo, NONE if is_number(after, 0) else Lit(-after.value))
    return slc(lo, _total(before, length(x, axis)))


def unpadded(y_bar: Expr, x: Expr, pad_width: Expr, mode: Expr) -> Expr:
    """The adjoint of `np.pad`: each element of the margin goes to the one that it is a copy of."""
    n = rank(typ(x))
    if n is None:
        raise NotApplicable("np.pad needs the number of axes of its operand; give the types of the arguments")
    pairs = pairs_of(arg(pad_width), n)
    padded = [k for k, pair in enumerate(pairs) if not all(is_number(w, 0) for w in pair)]
    if not padded:
        return y_bar
    kind = Array(dtype_of(typ(y_bar)), dims_of(typ(x)))
    if mode == MARGIN:
        index = [_inner(x, k, *pairs[k]) if k in padded else ALL for k in range(padded[-1] + 1)]
        return term("getitem", y_bar, type=kind, index=tup(index) if len(index) > 1 else index[0])
    return term("fold_margins", y_bar, type=kind, pad_width=pad_width, mode=mode)


def unjoined(y_bar: Expr, xs: Expr, kth: Expr, fn: Expr) -> Expr:
    """The k-th of the arrays that `np.vstack` or its like has put together."""
    assert isinstance(xs, Tup) and isinstance(fn, Lit) and isinstance(kth, Lit)
    ranks = [rank(typ(x)) for x in xs.items]
    if None in ranks:
        raise NotApplicable(f"{fn.value} needs the numbers of axes of the arrays; give the types of the arguments")
    first = ranks[0] or 0
    rows = [lifted(fn.value, r or 0, first) for r in ranks]
    axes, at = rows[kth.value]
    before: Expr = Lit(0)
    lengths = [Lit(1) if row[at] is None else length(x, row[at] or 0) for x, (row, _) in zip(xs.items, rows)]
    for m in lengths[:kth.value]:
        before = _sum(before, m)
    whole = len(lengths) == 1
    end: Expr = NONE if kth.value == len(lengths) - 1 else _sum(before, lengths[kth.value])
    part: Expr = before if axes[at] is None else ALL if whole else slc(NONE if is_number(before, 0) else before, end)
    index = [part if k == at else Lit(0) if a is None else ALL for k, a in enumerate(axes)]
    while len(index) > 1 and index[-1] == ALL:
        index.pop()
    if index == [ALL]:
        return y_bar
    kind = Array(dtype_of(typ(y_bar)), dims_of(typ(xs.items[kth.value])))
    return term("getitem", y_bar, type=kind, index=tup(index) if len(index) > 1 else index[0])


def _sum(a: Expr, b: Expr) -> Expr:
    if isinstance(a, Lit) and isinstance(b, Lit):
        return Lit(a.value + b.value)
    return b if is_number(a, 0) else a if is_number(b, 0) else make("+", a, b)


def undiagonal(y_bar: Expr, x: Expr, offset: Expr, axis1: Expr, axis2: Expr) -> Expr:
    """The adjoint of taking a diagonal."""
    i, j = plane(typ(x), {"axis1": arg(axis1), "axis2": arg(axis2)})
    k = static(arg(offset), "offset")
    if rank(typ(x)) == 2:
        return undiag(y_bar, x, Lit(k if i < j else -k))
    places = make("np.arange", make("shape", y_bar, axis=Lit(-1)))
    rows = make("+", places, Lit(-k)) if k < 0 else places
    columns = make("+", places, Lit(k)) if k > 0 else places
    ends, axes = Tup((Lit(-2), Lit(-1))), Tup((axis1, axis2))  # type: ignore[arg-type]
    planes = term("zeros_like", make("np.moveaxis", x, source=axes, destination=ends))
    filled = make("scatter_add", planes, y_bar, index=tup([Lit(...), rows, columns]))
    return make("np.moveaxis", filled, source=ends, destination=axes)


def untrace(y_bar: Expr, x: Expr, offset: Expr, axis1: Expr, axis2: Expr) -> Expr:
    """The adjoint of a trace: its value along a diagonal."""
    i, j = plane(typ(x), {"axis1": arg(axis1), "axis2": arg(axis2)})
    dims = dims_of(typ(x))
    ones = term("np.eye", type=Array("f8", (dims[i], dims[j])), num=length(x, i), M=length(x, j), k=offset)
    if len(dims) == 2 and i < j:
        return mul(y_bar, ones)
    spread = make("np.expand_dims", y_bar, axis=Tup((Lit(-2), Lit(-1)))) if len(dims) > 2 else y_bar
    return make("np.moveaxis", mul(spread, ones), source=Tup((Lit(-2), Lit(-1))),
                destination=Tup((axis1, axis2)))  # type: ignore[arg-type]


MACROS: dict[str, Callable[..., Expr]] = {f.__name__: f for f in (
    boxed, reshaped_like, unpadded, unjoined, undiagonal, untrace)}
