"""New objects made of others: `copy.copy`, `copy.deepcopy`, the functions of `dataclasses`, those of named tuples.

``vars(obj)`` is no copy: it is the dict whose items are the attributes of the object, and what changes in one changes
in the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sad.frontend import meanings
from s2sad.frontend.lower_class_builtins import ClassQuestions
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import ListOf, OwnMethod, Seq, Static, Value, describe_value, is_bottom
from s2sad.trace.ir import Lit


class Copies(ClassQuestions):
    """Handlers by canonical name."""

    def _builtin_copy_copy(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("copy.copy", args, 1, 1, node)
        method = self.special_method(args[0], "__copy__", node)
        if method is not None:
            return self.call_value(method, [], {}, node, hint)
        value = self.fresh_list(args[0])
        if is_array(value):
            return self.op("copy", value, node=node, hint=hint)
        if isinstance(value, Seq) and any(isinstance(part, OwnMethod) for part in value.items):
            self.refuse(node, f"a copy of {describe_value(value)}, an attribute of which is a method of its own, is "
                              "not supported", "copy it with copy.deepcopy(...)")
        return self._again(value, node, lambda part: part)

    def _builtin_copy_deepcopy(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("copy.deepcopy", args, 1, 1, node)
        return self.deep_copy(args[0], node)

    def _builtin_instance(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """What generated text makes objects with: without their `__init__`."""
        self._arity("instance", args, 1, 1, node)
        assert isinstance(args[0], Static)
        return Seq(tuple(kwargs.values()), "object", tuple(kwargs), cls=meanings.class_of(args[0].value))

    def deep_copy(self, value: Value, node: Any) -> Value:
        """A copy of a value and of all that is in it; what is in it twice is in the copy twice."""
        done: dict[int, Value] = {}

        def copied(one: Value) -> Value:
            one = self.fresh_list(one)
            key = one.cell if isinstance(one, Seq) else id(one)
            if key not in done:
                if self.special_method(one, "__deepcopy__", node) is not None:
                    self.refuse(node, f"copy.deepcopy() of {describe_value(one)}, which has __deepcopy__, is not "
                                      "supported", "write a method that copies it")
                is_memory = is_array(one) or one in self.facts.boxed
                done[key] = self.op("copy", one, node=node) if is_memory else (  # type: ignore[arg-type]
                    self._again(one, node, copied))
            return done[key]

        return copied(value)

    def _again(self, value: Value, node: Any, each: Callable[[Value], Value]) -> Value:
        if isinstance(value, ListOf):
            self.refuse(node, f"a copy of {describe_value(value)} is not supported", "copy it with a slice: xs[:]")
        return value.holding(map(each, value.items)) if isinstance(value, Seq) else value

    # Dataclasses.

    def _fields(self, value: Value, what: str, node: Any) -> list[Any]:
        """The fields of a dataclass, or of an object of one."""
        cls = value.value if isinstance(value, Static) and isinstance(value.value, type) else self.class_of(value)
        if cls is None or not dataclasses.is_dataclass(cls):
            self.refuse_type(node, f"{what}() of {describe_value(value)}, which is no dataclass", "use it with one")
        return list(dataclasses.fields(cls))

    def _builtin_dataclasses_replace(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.replace", args, 1, 1, node)
        given = dict(kwargs)
        for f in self._fields(args[0], "replace", node):
            if f.init and f.name not in given:
                given[f.name] = self.attribute(args[0], f.name, node)
            elif not f.init and f.name in given:
                self.refuse_type(node, f"the field '{f.name}' is declared with init=False and cannot be replaced")
        cls = self.class_of(args[0])
        assert cls is not None
        made = self.construct(cls, [], given, node, hint)
        assert made is not None
        return made

    def _builtin_dataclasses_fields(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("dataclasses.fields", args, 1, 1, node)
        found = self._fields(args[0], "fields", node)
        return Seq(tuple(Static(f, meanings.Static(f), self.frame.scope) for f in found))

    def _builtin_dataclasses_is_dataclass(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        value = args[0]
        cls = value.value if isinstance(value, Static) and isinstance(value.value, type) else self.class_of(value)
        return Lit(cls is not None and dataclasses.is_dataclass(cls))

    def _builtin_dataclasses_asdict(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._spread(args, kwargs, node, "asdict", lambda names, items: Seq(items, "dict", names))

    def _builtin_dataclasses_astuple(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._spread(args, kwargs, node, "astuple", lambda names, items: Seq(items))

    def _spread(self, args: Args, kwargs: Named, node: Any, what: str, make: Callable[..., Seq]) -> Value:
        self._no_keywords(f"dataclasses.{what}", kwargs, node)
        self._arity(f"dataclasses.{what}", args, 1, 1, node)
        self._fields(args[0], what, node)

        def spread(value: Value) -> Value:
            value = self.fresh_list(value)
            cls = self.class_of(value)
            if cls is not None and dataclasses.is_dataclass(cls):
                names = tuple(f.name for f in dataclasses.fields(cls))
                return make(names, tuple(spread(self.attribute(value, n, node)) for n in names))
            if isinstance(value, Seq) and not value.is_object:
                return value.holding(map(spread, value.items))
            return self.deep_copy(value, node)

        return spread(args[0])

    # Named tuples.

    def tuple_method(self, owner: Seq, name: str, args: Args, kwargs: Named, node: Any) -> Value | None:
        """``owner._replace(...)``, ``owner._asdict()``; None if it is another method."""
        if name == "_asdict":
            return Seq(owner.items, "dict", owner.keys)
        if name != "_replace":
            return None
        unknown = [k for k in kwargs if k not in owner.keys]
        if unknown or args:
            self.refuse_type(node, f"'{owner.what}' has no field '{unknown[0]}'" if unknown else
                             "_replace() takes keyword arguments only")
        return owner.holding(kwargs.get(str(k), v) for k, v in zip(owner.keys, owner.items))

    def _builtin_namedtuple__make(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("_make", args, 2, 2, node)
        items = self.items_of(args[1], node)
        if items is None:
            self.refuse_type(node, f"_make() of {describe_value(args[1])} is not supported: its length is not known")
        return self.call_value(args[0], items, {}, node, hint)

    # Attributes as a dict.

    def _builtin_vars(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("vars", args, 1, 1, node)
        return self.attribute_dict(args[0], node)

    def attribute_dict(self, value: Value, node: Any) -> Value:
        """``vars(value)``."""
        value = self.fresh_list(value)
        if is_bottom(value) or self.class_of(value) is None or isinstance(value, Seq) and not value.is_object:
            self.refuse_type(node, f"vars() argument must have attributes, and is {describe_value(value)}")
        made = self.attributes_of(value)
        why: str | None = "of attributes from outside the function"
        if isinstance(value, Seq):
            why = self.facts.outside.get(value.cell)
            self.hold(value, value)
            made = replace(made, cell=self.facts.twin(value.cell))
            self.hold(made, made)
        if why is not None:
            self.facts.outside[made.cell] = why
        return made
