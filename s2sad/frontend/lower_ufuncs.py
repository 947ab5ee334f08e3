"""Methods of ufuncs that are other operations: ``np.multiply.outer`` is a broadcast, ``np.add.at`` an update in place.

    np.multiply.outer(a, b)         np.multiply(a[:, None], b)
    np.maximum.at(a, index, v)      a[index] = np.maximum(a[index], v), for each repetition of an element in turn
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.frontend.equivalents_ufuncs import (
    average_and_weights,
    each,
    each_alone,
    each_element,
    each_element_alone,
    each_with,
)
from s2sad.frontend.lower_complex import ComplexNumbers
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Library, Seq, Value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.rules.names import lookup
from s2sad.rules.static import dtype_arg
from s2sad.trace.ir import NONE, Lit, Slc, Tup, Var
from s2sad.trace.types import NOTHING, Array, Scalar, Unknown, dims_of, dtype_of, kind_of, rank
from s2sad.trace.walk import may_repeat

_AT = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


class Ufuncs(ComplexNumbers):
    """Methods of ufuncs, and averages with their weights."""

    def ufunc_method(self, ufunc: np.ufunc, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``np.multiply.outer``, ``np.add.at``."""
        if any(map(is_bottom, (*args, *kwargs.values()))):
            return Var(NOTHING, hint)
        if name.endswith(".at"):
            return self._ufunc_at(ufunc, name, args, kwargs, node)
        return self._ufunc_outer(ufunc, name, args, kwargs, node, hint)

    def made_complex(self, name: str, args: Args, kwargs: Named, node: Any) -> tuple[Args, Named]:
        """The operands of a ufunc with ``dtype=complex`` as complex numbers: of these it says what it does below 0."""
        ufunc = getattr(np, name.removeprefix("np."), None) if name.startswith("np.") and "dtype" in kwargs else None
        dtype = dtype_arg(self.operand(kwargs["dtype"], node)) if isinstance(ufunc, np.ufunc) else None
        if dtype is None or dtype[0] != "c":
            return args, kwargs
        values = [self.array_value(a, node) for a in args]
        if any(isinstance(type_of(v), Unknown) for v in values):
            self.refuse_type(node, f"{name} makes complex numbers of a value of unknown type",
                             "give the types of the arguments")
        made: Args = [v if dtype_of(type_of(v)) == dtype else self.op(
            "np.asarray", v, options={"dtype": Lit(dtype)}, node=node) for v in values]
        return made, {k: v for k, v in kwargs.items() if k != "dtype"}

    def _ufunc_outer(self, ufunc: np.ufunc, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity(name, args, 2, 2, node)
        a, b = (self._strong(self.array_value(x, node), node) for x in args)
        m, n = rank(type_of(a)), rank(type_of(b))
        if m is None or n is None:
            self.refuse_type(node, f"{name} needs the number of axes of both operands",
                             "give the types of the arguments")
        if n and m:
            index = Tup((Slc(NONE, NONE, NONE),) * m + (NONE,) * n)
            a = self.op("getitem", a, options={"index": index}, node=node)
        return self.call_value(_itself(ufunc), [a, b], kwargs, node, hint)

    def _strong(self, x: Any, node: Any) -> Any:
        """A number as an array without axes, which has a say in the dtype."""
        return self.op("np.asarray", x, node=node) if isinstance(type_of(x), Scalar) else x

    def _ufunc_at(self, ufunc: np.ufunc, name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """``np.add.at(a, index, v)``: each repetition of an element counts."""
        self._no_keywords(name, kwargs, node)
        self._arity(name, args, 1 + ufunc.nin, 1 + ufunc.nin, node)
        a, index = args[0], self.operand(args[1], node)
        value = self.array_value(args[2], node) if ufunc.nin == 2 else None
        fn = _AT.get(ufunc.__name__)
        if value is not None and isinstance(a, Var) and fn in ("+", "-") and may_repeat(index):
            if fn == "-":
                value = Lit(-value.value) if isinstance(value, Lit) else self.op("neg", value, node=node)
            self.write(a, index, value, node, self.name_of(a), "scatter_add", True)
        elif value is not None and fn is not None and not (isinstance(a, Var) and may_repeat(index)):
            self.update(a, index, fn, value, node, self.name_of(a))  # type: ignore[arg-type]
        else:
            self._one_by_one(ufunc, name, [a, args[1], *([] if value is None else [value])], node)
        return Lit(None)

    def _one_by_one(self, ufunc: np.ufunc, name: str, args: Args, node: Any) -> None:
        index: Any = args[1]
        if kind_of(type_of(args[0])) == "complex":  # type: ignore[arg-type]
            self.refuse_type(node, f"{name} with complex numbers rounds in a way of its own", "write a loop")
        if isinstance(index, Lit) and isinstance(index.value, int):
            index = Seq((index,), "list")
        if isinstance(index, Seq) and index.is_list:
            index = self.as_array(self.operand(index, node), node)  # type: ignore[arg-type]
        places = index.type if isinstance(index, Var) else NOTHING
        plain = isinstance(places, Array) and len(places.dims) == 1 and places.dtype[0] in "iu"
        fn: Callable[..., Any] = each_alone if plain else each_element_alone
        if ufunc.nin == 2:
            shape, axes = dims_of(type_of(args[2])), rank(type_of(args[0]))  # type: ignore[arg-type]
            like = isinstance(places, Array) and len(shape) == axes and (
                not shape[0].may_be_one or shape[0] == places.dims[0])
            fn = each_element if not plain or shape and not like else each if shape else each_with
        self.in_its_place(fn, name, [_itself(ufunc), args[0], index, *args[2:]], {}, node, "")

    def _builtin_np_average(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With the sum of the weights, if that is asked for."""
        asked = args[3] if len(args) > 3 else kwargs.get("returned", Lit(False))
        args, kwargs = args[:3], {k: v for k, v in kwargs.items() if k != "returned"}
        if self.demand(self.number(asked, node), "it is the argument 'returned'", node):
            return self.in_its_place(average_and_weights, "average", args, kwargs, node, hint)
        return self.library_op("np.average", args, kwargs, node, hint)


def _itself(ufunc: np.ufunc) -> Library:
    return Library(lookup(ufunc) or f"np.{ufunc.__name__}", ufunc)
