"""Names from outside the function, and attributes."""

from __future__ import annotations

import builtins
import enum
from typing import Any

import numpy as np

from s2sad.errors import NameRefusal
from s2sad.frontend import meanings
from s2sad.frontend.function_values import Differentiable, form_of
from s2sad.frontend.library import library_object
from s2sad.frontend.lower_core import Frame, is_array
from s2sad.frontend.lower_tables import Tables
from s2sad.frontend.resolve import classify
from s2sad.frontend.structures import OwnFunction, is_named_tuple
from s2sad.frontend.values import (
    Library,
    ListOf,
    Method,
    Namespace,
    OwnMethod,
    Python,
    RangeOf,
    Seq,
    ShapeOf,
    SliceOf,
    Static,
    Super,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_number,
)
from s2sad.rules.builder import type_of
from s2sad.rules.table import ATTRIBUTES, METHODS
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING, Scalar, Unknown, dtype_of, kind_of

LIST_CHANGES = frozenset("append extend insert pop remove clear sort reverse".split())
LIST_READS = frozenset("index count copy".split())
DEQUE_METHODS = frozenset("append appendleft pop popleft extend extendleft rotate clear reverse copy maxlen".split())
_ARRAY_CHANGES = frozenset("resize itemset setflags byteswap".split())
# What to write instead of attributes of arrays that tell where the bytes lie.
_INSTEAD = {
    "base": "use the array that the view was made from",
    "view": "convert the values: a.astype(...)",
    "data": "use the array itself", "ctypes": "use the array itself", "strides": "use the array itself",
    "tofile": "write the file outside the function", "tobytes": "use the array itself",
}
CHANGING_METHODS = frozenset(("fill", "sort", "partition", "put"))


class Attributes(Tables):
    """What dotted names mean."""

    def outer_name(self, name: str, node: Any, frame: Frame) -> Value:
        """A name that is no local of the function."""
        return self.from_meaning(frame.scope.name(name), frame.scope, node)

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        """The value that the resolver's answer stands for."""
        if isinstance(meaning, meanings.Known):
            if isinstance(meaning.object, (bool, int, float, complex)):
                return Lit(meaning.object)
            return Library(meaning.dotted, meaning.object)
        if isinstance(meaning, meanings.ModuleRef):
            return Namespace(meaning, scope)
        if isinstance(meaning, meanings.Function):
            carrier = meaning.carrier
            if carrier is not None and carrier.__s2sad_options__[:2] == (None, True):
                return Differentiable(Python(meaning), form_of(carrier._wrt), carrier._has_aux)
            # An object that can be called is an object first: its class tells what calling it means.
            whole = meanings.called_object(meaning)
            return Python(meaning) if whole is None else Unusable(
                meanings.Opaque(whole, f"an object of type {type(whole).__qualname__}", meaning.name), scope)
        if isinstance(meaning, meanings.Number):
            return self.global_number(meaning, scope)
        if isinstance(meaning, meanings.Static):
            return self.from_object(meaning.value, meaning.name, meaning, scope)
        if isinstance(meaning, meanings.Table):
            return self.table(meaning, scope, node)
        if isinstance(meaning, meanings.Class):
            return Static(meaning.object, meaning, scope)
        if isinstance(meaning, meanings.Missing):
            raise NameRefusal(meaning.reason, self.where(node))
        return Unusable(meaning, scope)

    def from_object(self, value: Any, name: str = "", meaning: Any = None, scope: Any = None) -> Value:
        """A live object that is known at compile time."""
        if value is None or value is ... or type(value) in (bool, int, float, complex, str):
            return Lit(value)
        if type(value) in (tuple, list, dict, set) or is_named_tuple(type(value)):
            return self.table(meanings.Table(value, name), scope or self.frame.scope, None)
        if isinstance(value, OwnFunction):
            return OwnMethod(self.from_object(value.fn, name))
        if isinstance(value, slice):
            parts = [self.from_object(v) for v in (value.start, value.stop, value.step)]
            return SliceOf(*parts)  # type: ignore[arg-type]
        if isinstance(value, (np.float64, np.float32)):
            return self.op(f"np.{type(value).__name__}", Lit(float(value)))
        found = classify(value, name) if meaning is None else meaning
        if isinstance(found, (meanings.Static, meanings.Class)):
            return Static(value, found, scope or self.frame.scope)
        if isinstance(found, meanings.Number):
            # Another array than that is another object, which a guard notices.
            where = scope or self.frame.scope
            return self.global_number(where.constant(name, value), where)
        return self.from_meaning(found, scope or self.frame.scope, None)

    def global_number(self, meaning: meanings.Number, scope: Any) -> Value:
        """A number of the module or closure: an input of the trace, read anew at every call."""
        return self.program.global_number(self, meaning, scope)  # type: ignore[no-any-return]

    def static_object(self, value: Value) -> Any:
        """The Python object that a static value is."""
        if isinstance(value, (Lit, Static)):
            obj = value.value
        elif isinstance(value, Library):
            obj = value.object if value.object is not None else library_object(value.name)[1]
        else:
            return value
        if isinstance(obj, type) and (issubclass(obj, np.generic) or obj in (float, int, bool, complex)):
            return np.dtype(obj)
        return obj

    def dict_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        raise NotImplementedError

    def attribute_of_set(self, owner: Value, name: str, node: Any) -> Value:
        raise NotImplementedError

    # Attributes.

    def _Attribute(self, node: Any, hint: str) -> Value:
        owner = self.expr(node.value)
        return self.attribute(owner, node.attr, node, hint)

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        """``owner.name``."""
        if isinstance(owner, Namespace):
            return self.from_meaning(owner.scope.attribute(owner.meaning, name), owner.scope, node)
        if isinstance(owner, Library):
            meaning = meanings.Known(owner.name, owner.object)
            return self._plain_attribute(owner, name, node) or self.from_meaning(
                self.frame.scope.attribute(meaning, name), self.frame.scope, node)
        if is_bottom(owner):
            return Var(NOTHING, hint)
        if is_number(owner):
            return self._number_attribute(owner, name, node, hint)
        if (cls := self.class_of(owner)) is not None:
            return self.object_attribute(owner, cls, name, node, hint)
        if isinstance(owner, Seq):
            return self._sequence_attribute(owner, name, node)
        if isinstance(owner, Super):
            return self.super_attribute(owner, name, node, hint)
        if isinstance(owner, Static) and isinstance(owner.value, type):
            return self.class_attribute(owner, name, node, hint)
        if isinstance(owner, ListOf) and name in LIST_CHANGES | LIST_READS:
            return Method(owner, name)
        if isinstance(owner, ShapeOf):
            self.refuse(node, f"the attribute '{name}' of a shape is not supported")
        if isinstance(owner, Static) and isinstance(owner.value, (np.dtype, np.finfo, np.iinfo)):
            return self.from_object(getattr(owner.value, name), name)
        if isinstance(owner, Lit) and isinstance(owner.value, str):
            return Method(owner, name)
        if isinstance(owner, RangeOf) and name in ("start", "stop", "step"):
            found: Value = getattr(owner, name)
            return found
        if isinstance(owner, SliceOf) and name in ("start", "stop", "step"):
            bound: Value = {"start": owner.lo, "stop": owner.hi, "step": owner.step}[name]  # type: ignore[assignment]
            return bound
        if isinstance(owner, Static) and isinstance(owner.value, frozenset):
            return self.attribute_of_set(owner, name, node)
        if isinstance(owner, (Static, Unusable)) and owner.meaning is not None:
            return self.from_meaning(owner.scope.attribute(owner.meaning, name), owner.scope, node)
        if isinstance(owner, Lit) and owner.value is None:
            self.refuse_type(node, f"None has no attribute '{name}'",
                             raises=AttributeError(f"'NoneType' object has no attribute '{name}'"))
        self.refuse(node, f"the attribute '{name}' of {describe_value(owner)} is not supported")

    def _plain_attribute(self, owner: Library, name: str, node: Any) -> Value | None:
        if name == "__name__" and owner.object is not None:
            return Lit(getattr(owner.object, "__name__", owner.name))
        return None

    def _number_attribute(self, owner: Value, name: str, node: Any, hint: str) -> Value:
        assert isinstance(owner, (Var, Lit))
        t = owner.type if isinstance(owner, Var) else None
        scalar = t is None or isinstance(t, Scalar)
        if scalar and name not in ("real", "imag", "conjugate", "is_integer"):
            kind = t.kind if isinstance(t, Scalar) else type(owner.value).__name__  # type: ignore[union-attr]
            self.refuse_type(node, f"a Python {kind} has no attribute '{name}'",
                             "pass a NumPy array, or use the function from np",
                             None if hasattr(getattr(builtins, kind), name) else AttributeError(
                                 f"'{kind}' object has no attribute '{name}'"))
        if name == "shape":
            return ShapeOf(owner)
        if name == "dtype":
            return self._dtype(owner, node)
        if name == "imag" and not isinstance(t, Unknown) and kind_of(type_of(owner)) != "complex":
            return self.op("np.zeros_like", owner, node=node, hint=hint) if is_array(owner) else Lit(
                0.0 if kind_of(type_of(owner)) == "float" else 0)
        if name == "real" and scalar and kind_of(type_of(owner)) != "complex":
            return owner
        if name in ATTRIBUTES:
            return self.op(ATTRIBUTES[name], owner, node=node, hint=hint, style="attr")
        if name in METHODS or name in CHANGING_METHODS or name == "tolist":
            return Method(owner, name)
        if name == "flat":
            return self.op("flat", owner, node=node, hint=hint, style="attr")
        if name in _ARRAY_CHANGES:
            self.refuse(node, f"the method '{name}' changes the array", "build a new array instead")
        if hasattr(np.ndarray, name):
            self.refuse(node, f"the array attribute '{name}' is not supported", _INSTEAD.get(name, "use indexing, or a "
                                                                                             "function of NumPy"))
        self.refuse_type(node, f"an array has no attribute '{name}'",
                         raises=AttributeError(f"'numpy.ndarray' object has no attribute '{name}'"))

    def _dtype(self, owner: Value, node: Any) -> Value:
        assert isinstance(owner, Var)
        name = dtype_of(owner.type)
        if name == "?":
            self.refuse_type(node, "the dtype of this array is not known at compile time",
                             "give the type of the argument")
        dtype = np.dtype(name)
        return Static(dtype, meanings.Static(dtype), self.frame.scope)

    def _sequence_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        if owner.is_dict:
            return self.dict_attribute(owner, name, node)
        if owner.kind in ("set", "frozenset"):
            return self.attribute_of_set(owner, name, node)
        if owner.kind == "deque" and name in DEQUE_METHODS or owner.is_list and name == "__getitem__":
            return Method(owner, name)
        if name in ("index", "count") or owner.is_list and name in LIST_CHANGES | LIST_READS:
            return Method(owner, name)
        self.refuse(node, f"the attribute '{name}' of a {owner.kind} is not supported")

    def static_item(self, owner: Static, index: Value, node: Any) -> Value:
        """An item of an object that is known at compile time."""
        if isinstance(owner.value, enum.EnumMeta) and isinstance(index, Lit) and index.value in owner.value.__members__:
            return self.from_object(owner.value[index.value])
        if isinstance(owner.value, type) and hasattr(owner.value, "__class_getitem__"):
            return owner  # Box[float] is Box with a remark for type checkers.
        if isinstance(owner.value, (range, bytes)) and isinstance(index, Lit):
            return self.from_object(owner.value[index.value])
        self.refuse(node, f"{describe_value(owner)} cannot be indexed here")
