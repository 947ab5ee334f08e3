"""Result types of what picks, repeats and orders elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from s2sad.rules.infer_arrays import Infer, Options, ravel, total
from s2sad.rules.infer_index import getitem_type
from s2sad.rules.static import length, normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import BOOL, UNKNOWN, Array, Dim, Type, Unknown, dims_of, dtype_of, fresh_dim, rank


def _listed(indices: Arg) -> Arg:
    """Indices along one axis, of which several may be given as a tuple."""
    return Tup(indices.items, True) if isinstance(indices, Tup) else indices


def take(args: Sequence[Arg], o: Options) -> Type:
    x, axis = type_of(args[0]), static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        return UNKNOWN
    if axis is None:
        return getitem_type(ravel(args, o), _listed(o["indices"]))
    index = [Slc(NONE, NONE, NONE)] * normal_axis(axis, len(dims_of(x)))
    return getitem_type(x, Tup((*index, _listed(o["indices"]))))


def take_along_axis(args: Sequence[Arg], o: Options) -> Type:
    x, places = type_of(args[0]), type_of(o["indices"])
    static(o.get("axis", Lit(-1)), "axis")
    if isinstance(x, Unknown) or not isinstance(places, Array):
        return UNKNOWN
    return Array(dtype_of(x), places.dims)


def _scaled(d: Dim, by: Arg) -> Dim:
    """A length times an operand."""
    if isinstance(by, Lit) and isinstance(by.value, int):
        return d.scaled(by.value)
    return Dim.symbol(f"?({d})*v{by.uid}".replace(" ", "")) if isinstance(by, Var) else fresh_dim()


def repeat(args: Sequence[Arg], o: Options) -> Type:
    x, axis = type_of(args[0]), static(o.get("axis", NONE), "axis")
    if isinstance(x, Unknown):
        return UNKNOWN
    if axis is None:
        return Array(dtype_of(x), (_scaled(total(dims_of(x)), o["repeats"]),))
    dims = list(dims_of(x))
    at = normal_axis(axis, len(dims))
    dims[at] = _scaled(dims[at], o["repeats"])
    return Array(dtype_of(x), tuple(dims))


def tile(args: Sequence[Arg], o: Options) -> Type:
    x, reps = type_of(args[0]), o["reps"]
    if isinstance(x, Unknown):
        return UNKNOWN
    times = reps.items if isinstance(reps, Tup) else (reps,)
    dims = (Dim.constant(1),) * (len(times) - len(dims_of(x))) + dims_of(x)
    times = (Lit(1),) * (len(dims) - len(times)) + times
    return Array(dtype_of(x), tuple(_scaled(d, t) for d, t in zip(dims, times)))


def diff(args: Sequence[Arg], o: Options) -> Type:
    x, n = type_of(args[0]), static(o.get("n", Lit(1)), "n")
    if isinstance(x, Unknown):
        return UNKNOWN
    dims = list(dims_of(x))
    at = normal_axis(static(o.get("axis", Lit(-1)), "axis"), len(dims))
    dims[at] = Dim.constant(max(dims[at].const - n, 0)) if dims[at].is_constant else dims[at] - n
    return Array(dtype_of(x), tuple(dims))


def sort(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    static(o.get("axis", Lit(-1)), "axis")
    if isinstance(x, Unknown) or rank(x) == 0:
        return UNKNOWN
    return ravel(args, o) if o.get("axis", Lit(-1)) == NONE else x


def argsort(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return Array("i8", (fresh_dim(),)) if o.get("axis", Lit(-1)) == NONE else UNKNOWN
    return Array("i8", (total(dims_of(x)),) if o.get("axis", Lit(-1)) == NONE else dims_of(x))


def integers_like_last(args: Sequence[Arg], o: Options) -> Type:
    x = type_of(args[-1])
    return UNKNOWN if isinstance(x, Unknown) else Array("i8", dims_of(x))


def integers_like_first(args: Sequence[Arg], o: Options) -> Type:
    return integers_like_last(args[:1], o)


def places(args: Sequence[Arg], o: Options) -> Type:
    return Array("i8", (fresh_dim(),))


# Tuples of index arrays of one length have the type of the array that they make.


def nonzero(args: Sequence[Arg], o: Options) -> Type:
    n = rank(type_of(args[0]))
    return Array("i8", (Dim.constant(n), fresh_dim())) if n else UNKNOWN


def triangle(count: Callable[..., tuple[Any, ...]]) -> Infer:
    """The type of ``np.triu_indices`` and ``np.tril_indices``, which also says how many there are."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        parts = [o["num"], o.get("k", Lit(0)), o.get("m", NONE)]
        if all(isinstance(p, Lit) for p in parts):
            return Array("i8", (Dim.constant(2), Dim.constant(len(count(*(static(p, "k") for p in parts))[0]))))
        texts = (str(p.value) if isinstance(p, Lit) else f"v{p.uid}" for p in parts if isinstance(p, (Lit, Var)))
        return Array("i8", (Dim.constant(2), Dim.symbol(f"?{count.__name__}({','.join(texts)})")))

    return infer


def diagonal(args: Sequence[Arg], o: Options) -> Type:
    return Array("i8", (Dim.constant(static(o.get("ndim", Lit(2)), "ndim")), length(o["num"])))


def boolean(args: Sequence[Arg], o: Options) -> Type:
    return BOOL


__all__ = ["argsort", "boolean", "diff", "integers_like_first", "integers_like_last", "diagonal",
           "nonzero", "places", "repeat", "sort", "take", "take_along_axis", "tile",
           "triangle"]
