"""Result types of operations on lists whose length is known at run time only."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options
from s2sad.rules.infer_elementwise import operator_type
from s2sad.rules.infer_index import getitem_type
from s2sad.rules.static import dtype_arg, normal_axis, static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.joins import join, join_items
from s2sad.trace.types import INT, NOTHING, Array, Dim, List, Type, dims_of, dtype_of, fresh_dim, rank


def item_type(t: Type) -> Type:
    """The type of the items of a list.

    >>> item_type(List(INT))
    int
    """
    if not isinstance(t, List):
        raise NotApplicable(f"{t!r} is no list")
    return t.item


def _joined(types: Sequence[Type]) -> Type:
    item: Type | None = NOTHING
    for t in types:
        item = join_items(item, t) if item is not None else None
    if item is None:
        raise NotApplicable("the items of a list are of one kind")
    return List(item)


def list_of(args: Sequence[Arg], o: Options) -> Type:
    return _joined([type_of(a) for a in args])


def constants(args: Sequence[Arg], o: Options) -> Type:
    return _joined([type_of(a) for a in args])


def with_item(args: Sequence[Arg], o: Options) -> Type:
    return _joined([item_type(type_of(args[0])), type_of(args[1])])


def of_both(args: Sequence[Arg], o: Options) -> Type:
    found = join(type_of(args[0]), type_of(args[1]))
    if found is None:
        raise NotApplicable("the items of a list are of one kind")
    return found


def same(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[0])


def rows(args: Sequence[Arg], o: Options) -> Type:
    def go(t: Type, depth: int) -> Type:
        row = getitem_type(t, Lit(0))
        return List(go(row, depth - 1) if depth > 1 else row)

    return go(type_of(args[0]), static(o.get("depth", Lit(1)), "depth"))


def array(args: Sequence[Arg], o: Options) -> Type:
    dims: tuple[Dim, ...] = ()
    t = type_of(args[0])
    while isinstance(t, List):
        dims, t = (*dims, fresh_dim()), t.item
    if rank(t) is None:
        raise NotApplicable("nothing is known of the items of this list")
    return Array(dtype_arg(o.get("dtype", NONE)) or dtype_of(t), (*dims, *dims_of(t)))


def stack(args: Sequence[Arg], o: Options) -> Type:
    t = item_type(type_of(args[0]))
    if isinstance(t, List) or rank(t) is None:
        raise NotApplicable("np.stack takes a list of arrays")
    dims = list(dims_of(t))
    dims.insert(normal_axis(static(o.get("axis", Lit(0)), "axis"), len(dims) + 1), fresh_dim())
    return Array(dtype_of(t), tuple(dims))


def concatenate(args: Sequence[Arg], o: Options) -> Type:
    t = item_type(type_of(args[0]))
    if not isinstance(t, Array) or not t.dims:
        raise NotApplicable("np.concatenate takes a list of arrays that have axes")
    k = normal_axis(static(o.get("axis", Lit(0)), "axis"), len(t.dims))
    return Array(t.dtype, (*t.dims[:k], fresh_dim(), *t.dims[k + 1:]))


def split(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[1])


def total(args: Sequence[Arg], o: Options) -> Type:
    t = item_type(type_of(args[0]))
    return operator_type("+", [type_of(args[1]) if len(args) > 1 else INT, t])


def place(args: Sequence[Arg], o: Options) -> Type:
    return INT


INFER_LISTS: dict[str, Infer] = {
    "index_of": place, "constants": constants, "list_of": list_of, "list_append": with_item, "list_set": with_item,
    "list_insert": with_item, "list_pop": same, "list_delete": same, "list_cut": same, "list_extend": of_both,
    "list_concat": of_both, "list_repeat": same, "list_fold": split, "list_rows": rows, "list_array": array,
    "list_stack": stack, "list_concatenate": concatenate, "list_split": split, "list_sum": total, "list_spread": split,
}
