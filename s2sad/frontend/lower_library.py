"""What the texts of libraries ask before they compute: dtypes of results, axes counted from 0, which class wraps them.

All of it is answered while lowering, for NumPy's own arrays: `np.asanyarray` is `np.asarray`, and what gives a result
the class of its operands (``__array_wrap__``) leaves it as it is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.frontend import meanings
from s2sad.frontend.lower_arrays import ArrayFunctions
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.operands import is_array, is_integer, not_a
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.values import (
    Bound,
    Library,
    ListOf,
    Seq,
    Static,
    Value,
    describe_value,
    is_bottom,
    same_static,
)
from s2sad.trace.ir import NONE, Lit, Var
from s2sad.trace.types import Scalar, dtype_of

# Operators as methods of arrays.
_OPERATORS = {f"__{name.rstrip('_')}__": getattr(operator, name) for name in (
    "add sub mul truediv floordiv mod pow matmul neg pos abs lt le gt ge eq ne lshift rshift and_ or_ xor "
    "invert").split()}
_WEAK = {"bool": False, "int": 0, "float": 0.0, "complex": 0j}


class LibraryTexts(ArrayFunctions):
    """Handlers by canonical name, and attributes of arrays that hardly anybody but a library reads."""

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if name.startswith("__") and is_array(owner) and not is_bottom(owner):
            if name in _OPERATORS:
                return Bound(self.from_object(_OPERATORS[name]), (owner,))
            if name == "__array_wrap__":
                return Library("array_wrap", self.attribute)
            if name == "__array_priority__":
                return Lit(np.ndarray.__array_priority__)
        return super().attribute(owner, name, node, hint)

    def _builtin_array_wrap(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``a.__array_wrap__(result, ...)``: a plain array takes a result as it is."""
        return args[0]

    def _builtin_np_asanyarray(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._builtin_np_asarray(args, kwargs, node, hint)

    def _builtin_np_linspace(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With ``retstep`` the distance of the points, too."""
        names = ("start", "stop", "num", "endpoint", "retstep", "dtype", "axis")
        given = dict(zip(names, args)) | kwargs
        asked = given.pop("retstep", Lit(False))
        ends = [given.pop(n, NONE) for n in names[:2]]
        if not isinstance(asked, Lit):
            self.refuse_type(node, "'retstep' of np.linspace must be known at compile time")
        if not asked.value:
            return self.library_op("np.linspace", ends, given, node, hint)
        first, _, second = hint.partition(",")
        points = self.library_op("np.linspace", ends, given, node, first)
        between = self.library_op("np.subtract", ends[::-1], {}, node)
        count = given.get("num", Lit(50))
        if self.demand(self.number(given.get("endpoint", Lit(True)), node), "it is the argument 'endpoint'", node):
            count = self.binary("-", count, Lit(1), node)
        return Seq((points, self.library_op("np.divide", [between, count], {}, node, second)))

    def in_its_place(self, fn: Callable[..., Any], name: str, args: Args, kwargs: Named, node: Any,
                      hint: str) -> Value:
        """The call of a Python function that does the same."""
        meaning = function_meaning(fn, name.rpartition(".")[2])
        assert meaning is not None
        made: Value = self.python_call(meaning, args, kwargs, node, hint)  # type: ignore[attr-defined]
        return made

    # dtypes.

    def _builtin_np_astype(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.converted(args[0], args[1:], kwargs, node, hint, False)

    def converted(self, x: Value, args: Args, kwargs: Named, node: Any, hint: str, method: bool) -> Value:
        """``x.astype(dtype)``; with ``copy=False`` an array that has the dtype stays what it is."""
        kwargs = dict(kwargs)
        keeps = same_static(kwargs.pop("copy", Lit(True)), Lit(False))
        asked = [*args, *(v for k, v in kwargs.items() if k == "dtype")]
        if keeps and asked and isinstance(x, Var) and dtype_of(x.type) != "?":
            if np.dtype(self._dtype_like(asked[0], node)) == np.dtype(dtype_of(x.type)):
                return x
        return self.library_op("np.astype", [x, *args], kwargs, node, hint, method)

    def _builtin_np_result_type(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._dtype_object(np.result_type(*(self._dtype_like(a, node) for a in args)))

    def _builtin_np_promote_types(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.promote_types", args, 2, 2, node)
        return self._dtype_object(np.promote_types(*(self._dtype_like(a, node) for a in args)))

    def _builtin_np_can_cast(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("np.can_cast", {k: v for k, v in kwargs.items() if k != "casting"}, node)
        asked = [*args, *kwargs.values()]
        if len(asked) == 3 and not isinstance(asked[2], Lit):
            self.refuse_type(node, "np.can_cast needs to know its argument 'casting' at compile time")
        more = [a.value for a in asked[2:] if isinstance(a, Lit)]
        return Lit(bool(np.can_cast(*(self._dtype_like(a, node) for a in args[:2]), *more)))

    def _builtin_np_common_type(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.from_object(np.common_type(*(np.empty(0, self._dtype_like(a, node)) for a in args)))

    def _dtype_object(self, dtype: np.dtype[Any]) -> Value:
        return Static(dtype, meanings.Static(dtype), self.frame.scope)

    def _dtype_like(self, value: Value, node: Any) -> Any:
        """The dtype of an array or of what names one; a Python number is weak, and stands for itself."""
        if isinstance(value, (Seq, ListOf)):
            value = self.library_op("np.array", [value], {}, node)
        if isinstance(value, Lit):
            return value.value
        if isinstance(value, Var):
            if isinstance(value.type, Scalar):
                return _WEAK[value.type.kind]
            if dtype_of(value.type) == "?":
                self.refuse_type(node, "the dtype of this array is not known at compile time",
                                 "give the type of the argument")
            return np.dtype(dtype_of(value.type))
        if isinstance(value, (Library, Static)):
            found = self.static_object(value)
            if isinstance(found, (np.dtype, type)):
                return found
        self.refuse_type(node, f"{describe_value(value)} has no dtype that is known at compile time")

    # Axes.

    def _builtin_operator_index(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("operator.index", args, 1, 1, node)
        value = args[0]
        if is_bottom(value) or isinstance(value, (Var, Lit)) and is_integer(value):
            return value
        error = not_a("'{}' object cannot be interpreted as an integer", value)
        self.refuse_type(node, f"{describe_value(value)} cannot be interpreted as an integer", "", error)

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        if name.endswith(".normalize_axis_index"):  # in another module in each version of NumPy
            return self._axis_index
        return super().special(name)

    def _axis_index(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """An axis counted from 0."""
        axis, ndim = (self.demand(self.number(a, node), "it is the number of an axis", node) for a in args[:2])
        if not -ndim <= axis < ndim:
            error = np.exceptions.AxisError(axis, ndim)
            self.refuse_type(node, str(error), "", error)
        return Lit(axis % ndim)
