"""Objects and named tuples: reading and assigning attributes.

An object is a container whose keys are the names of its attributes, told from others by its cell:

    model.W = model.W - rate * g        ⇒        the heap gives the cell of ``model`` other items

What an object's class defines (methods, properties, numbers) is looked up where it has no attribute of the name.
"""

from __future__ import annotations

from typing import Any

from s2sad.frontend import meanings
from s2sad.frontend.lower_dict import Dicts
from s2sad.frontend.values import Method, Seq, Unusable, Value, describe_value, is_bottom, listed
from s2sad.trace.ir import Lit

_KINDS: dict[str, type] = {"tuple": tuple, "list": list, "dict": dict}
_TUPLE_METHODS = frozenset(("_replace", "_asdict", "index", "count"))


class Objects(Dicts):
    """Attributes of objects and named tuples."""

    def class_of(self, value: Seq) -> type:
        """The live class of a container."""
        if value.cls is None:
            return _KINDS[value.kind]
        return value.cls.object  # type: ignore[no-any-return]

    def object_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        """``owner.name`` of an object or named tuple."""
        item = owner.item(name)
        if item is not None:
            return self.read(item, f".{name}", node)
        if not owner.is_object and name in _TUPLE_METHODS:
            return Method(owner, name)
        if not owner.is_object and name == "_fields":
            return Seq(tuple(map(Lit, owner.keys)))
        return self.class_attribute(owner, name, node)

    def class_attribute(self, owner: Seq, name: str, node: Any) -> Value:
        """What the class of an object holds under a name, as an attribute of the object."""
        assert owner.cls is not None
        scope = self.frame.scope
        meaning = scope.attribute(owner.cls, name)
        if isinstance(meaning, meanings.Missing):
            self.refuse_type(node, f"{describe_value(owner)} has no attribute '{name}'")
        return self.from_meaning(meaning, scope, node)

    def set_attribute(self, owner: Value, name: str, value: Value, node: Any) -> None:
        """``owner.name = value``."""
        self.check_assignable(owner, name, node)
        if isinstance(owner, Seq):
            self.change(owner, owner.with_item(name, value), node, False)

    def check_assignable(self, owner: Value, name: str, node: Any) -> None:
        """Refuse to assign an attribute that cannot be assigned."""
        if is_bottom(owner):
            return
        if not isinstance(owner, Seq) or not owner.is_object:
            outside = isinstance(owner, Unusable)
            self.refuse(node, f"assignment to an attribute of {describe_value(owner)} is not supported",
                        "pass the object as an argument" if outside else "use a local variable")
        assert owner.cls is not None
        cls = owner.cls.object
        if getattr(getattr(cls, "__dataclass_params__", None), "frozen", False):
            self.refuse_type(node, f"{owner.cls.name} is frozen: its attribute '{name}' cannot be assigned",
                             "make a new object: dataclasses.replace(...)")
        if owner.item(name) is None and not hasattr(cls, "__dict__"):
            self.refuse_type(node, f"{owner.cls.name} has no attribute '{name}': it has {listed(owner.keys, 'slot')}")
