"""Functions that take structures apart and make new ones: `dataclasses.replace`, `asdict`, `vars`, `copy.deepcopy` …

    p._replace(x=a)   ⇒   Point(x=a, y=p.y)            dataclasses.asdict(layer)   ⇒   {"W": W.copy(), "b": b.copy()}

``vars(obj)`` shows the attributes as they are when it is read, and so does ``obj.__dict__``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from s2sad.frontend.lower_class_builtins import ClassQuestions
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.meanings import ABSENT, class_of
from s2sad.frontend.values import (
    ListOf,
    Seq,
    ShapeOf,
    Static,
    Value,
    ViewOf,
    describe_value,
    is_bottom,
    is_number,
    listed,
)
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import NOTHING

_FIELD = "_FIELD"


class Structures(ClassQuestions):
    """Named tuples, fields of dataclasses, copies."""

    # Named tuples.

    def tuple_method(self, owner: Seq, name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """``p._replace(...)`` and ``p._asdict()`` of a named tuple."""
        if name == "_asdict":
            self._no_keywords("_asdict", kwargs, node)
            return self.dict_of(zip(owner.keys, owner.items))
        if args:
            self.refuse_type(node, "_replace() takes keyword arguments only")
        return self._replaced(owner, kwargs, node)

    def _replaced(self, owner: Seq, values: Named, node: Any) -> Seq:
        unknown = [k for k in values if k not in owner.keys]
        if unknown:
            self.refuse_type(node, f"{owner.what} has no field '{unknown[0]}': it has {listed(owner.keys, 'field')}")
        return owner.holding(values.get(str(k), v) for k, v in zip(owner.keys, owner.items))

    def made_tuple(self, cls: Any, args: Args, kwargs: Named, node: Any) -> Value:
        """``Point._make(items)``."""
        self._no_keywords("_make", kwargs, node)
        self._arity("_make", args, 1, 1, node)
        found = self.items_of(args[0], node)
        if found is None or len(found) != len(cls._fields):
            self.refuse_type(node, f"{cls.__name__}._make() of {describe_value(args[0])} is not supported",
                             f"give it a tuple of {len(cls._fields)}")
        return Seq(tuple(found), "tuple", cls._fields, cls=class_of(cls))

    # Dataclasses.

    def _fields(self, value: Value, node: Any, what: str) -> tuple[Seq, list[Any]]:
        """An object of a dataclass, and its fields."""
        present = self.fresh_list(value)
        cls = present.cls.object if isinstance(present, Seq) and present.cls is not None else None
        fields: Any = ABSENT if cls is None else self.class_entry(cls, "__dataclass_fields__")
        if fields is ABSENT:
            self.refuse_type(node, f"{what}() of {describe_value(present)} is not supported",
                             "give it an object of a dataclass")
        return present, [f for f in fields.values() if f._field_type.name == _FIELD]

    def _builtin_dataclasses_replace(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.replace", args, 1, 1, node)
        owner, fields = self._fields(args[0], node, "dataclasses.replace")
        given = dict(kwargs)
        for f in fields:
            if not f.init and f.name in given:
                self.refuse_type(node, f"the field '{f.name}' of {owner.what} is declared with init=False")
            if f.init and f.name not in given:
                given[f.name] = self.attribute(args[0], f.name, node)
        made = self.construct(self.class_of(owner), [], given, node, hint)  # type: ignore[arg-type]
        if made is None:
            self.refuse(node, f"dataclasses.replace() of {describe_value(owner)} is not supported")
        return made

    def _builtin_dataclasses_fields(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.fields", args, 1, 1, node)
        cls: Any = args[0].value if isinstance(args[0], Static) else None
        if dataclasses.is_dataclass(cls):
            of_class = self.class_entry(cls, "__dataclass_fields__")  # type: ignore[arg-type]
            fields = [f for f in of_class.values() if f._field_type.name == _FIELD]
        else:
            _, fields = self._fields(args[0], node, "dataclasses.fields")
        return Seq(tuple(Static(f) for f in fields))

    def _builtin_dataclasses_is_dataclass(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.is_dataclass", args, 1, 1, node)
        cls = args[0].value if isinstance(args[0], Static) else self.class_of(args[0])
        return Lit(isinstance(cls, type) and self.class_entry(cls, "__dataclass_fields__") is not ABSENT)

    def _builtin_dataclasses_asdict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.asdict", args, 1, 1, node)
        self._no_keywords("dataclasses.asdict", kwargs, node)
        self._fields(args[0], node, "dataclasses.asdict")
        return self._taken_apart(args[0], node, lambda names, items: self.dict_of(zip(names, items)))

    def _builtin_dataclasses_astuple(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.astuple", args, 1, 1, node)
        self._no_keywords("dataclasses.astuple", kwargs, node)
        self._fields(args[0], node, "dataclasses.astuple")
        return self._taken_apart(args[0], node, lambda names, items: Seq(tuple(items)))

    def _taken_apart(self, value: Value, node: Any, make: Callable[[list[str], list[Value]], Value]) -> Value:
        """A copy of a value in which every object of a dataclass is made something else."""
        present = self.fresh_list(value)
        cls = self.class_of(present) if isinstance(present, Seq) and present.is_object else None
        if cls is not None and self.class_entry(cls, "__dataclass_fields__") is not ABSENT:
            names = [f.name for f in self._fields(present, node, "dataclasses.asdict")[1]]
            return make(names, [self._taken_apart(self.attribute(present, n, node), node, make) for n in names])
        if isinstance(present, Seq) and not present.is_object:
            return present.holding([self._taken_apart(v, node, make) for v in present.items])
        return self.deep_copy(present, node)

    # Copies.

    def _builtin_copy_copy(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("copy.copy", args, 1, 1, node)
        value = self.fresh_list(args[0])
        own = self.call_special(value, "__copy__", [], node, hint)
        if own is not None:
            return own
        if isinstance(value, Seq) and value.is_mutable:
            return value.holding(value.items)
        return self._copied(value, node)

    def _builtin_copy_deepcopy(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("copy.deepcopy", args, 1, 1, node)
        return self.deep_copy(args[0], node)

    def deep_copy(self, value: Value, node: Any, known: dict[Any, Value] | None = None) -> Value:
        """A copy of a value and all that is in it; what is there twice is there twice in the copy."""
        known = {} if known is None else known
        value = self.fresh_list(value)
        key = value.cell if isinstance(value, (Seq, ListOf)) else value
        if key not in known:
            if isinstance(value, Seq) and self.special_method(value, "__deepcopy__", node) is not None:
                self.refuse(node, f"{value.what} has __deepcopy__, which is not supported", "write out the copy")
            if isinstance(value, Seq):
                known[key] = value.holding([self.deep_copy(v, node, known) for v in value.items])
            else:
                known[key] = self._copied(value, node)
        return known[key]

    def _copied(self, value: Value, node: Any) -> Value:
        if isinstance(value, ListOf):
            return self.list_method(value, "copy", [], {}, node)
        if is_array(value) and not is_bottom(value):
            return self.library_op("np.copy", [value], {}, node)
        if is_number(value) or is_bottom(value) or not isinstance(value, (ShapeOf, ViewOf)):
            return value
        self.refuse(node, f"a copy of {describe_value(value)} is not supported")

    # The attributes of an object as a dict.

    def _builtin_vars(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if not args:
            self.refuse(node, "vars() without an argument is not supported", "use the variables by their names")
        self._arity("vars", args, 1, 1, node)
        return self.attributes_view(args[0], node)

    def attributes_view(self, value: Value, node: Any) -> Value:
        """``vars(value)``."""
        if is_bottom(value):
            return Var(NOTHING)
        present = self.fresh_list(value)
        if not isinstance(present, Seq) or not present.is_object or not hasattr(present.cls, "object") or (
                getattr(self.class_of(present), "__dictoffset__", 0) == 0):
            self.refuse_type(node, f"vars() of {describe_value(present)} is not supported",
                             "give it an object with a __dict__")
        return ViewOf(present, "vars")

    def view_method(self, view: ViewOf, name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """``vars(obj).name(...)``."""
        if name in ("keys", "values", "items") and not args and not kwargs:
            return ViewOf(view.owner, name)
        if name in ("get", "copy"):
            return self.dict_method(self.view_items(view), name, args, kwargs, node)
        self.refuse(node, f"'{name}' of the attributes of an object is not supported", "assign the attributes")
