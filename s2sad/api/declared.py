"""The types that classes declare: dataclasses and named tuples whose fields carry annotations.

    @dataclass                          Layer(W=f8[x.W.0, x.W.1], b=f8[x.b.0], name='dense')
    class Layer:                   ⇒
        W: "f8[:, :]"
        b: "f8[:]"
        name: str = "dense"
"""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from s2sad.frontend.meanings import class_of
from s2sad.frontend.signature import Fixed, Group, Spec, spec_of, type_from
from s2sad.frontend.structures import is_named_tuple
from s2sad.trace.types import UNKNOWN

_MISSING = dataclasses.MISSING


def declared_spec(annotation: Any, name: str, space: Mapping[str, Any]) -> Spec | None:
    """The spec that a type or its text means, None if it means none; ``space`` has the names in the text.

    >>> declared_spec(float, "x", {}), declared_spec("f8[:]", "x", {}), declared_spec("text", "x", {})
    (float, f8[x0], None)
    """
    if isinstance(annotation, type):
        if annotation in (float, int, bool, complex) or issubclass(annotation, np.generic):
            annotation = annotation.__name__
        else:
            return _spec_of_class(annotation, name)
    if not isinstance(annotation, str):
        return None
    try:
        node = ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return None
    found = type_from(node, name)
    if found is not None and not isinstance(found, Fixed):
        return found
    here: Any = dict(space)
    for part in annotation.split("."):
        here = here.get(part) if isinstance(here, dict) else getattr(here, part, None)
    return declared_spec(here, name, space) if isinstance(here, type) else None


def _spec_of_class(cls: Any, name: str) -> Group | None:
    """The spec of objects of a class; what no annotation tells is as the default is, else "scalar or array"."""
    if is_named_tuple(cls):
        types = getattr(cls, "__annotations__", {})
        fields = [(f, types.get(f), cls._field_defaults.get(f, _MISSING)) for f in cls._fields]
    elif dataclasses.is_dataclass(cls):
        fields = [(f.name, f.type, f.default if f.default_factory is _MISSING else f.default_factory())
                  for f in dataclasses.fields(cls)]
    else:
        return None
    space = vars(sys.modules[cls.__module__]) if cls.__module__ in sys.modules else {}
    items = []
    for field, annotation, default in fields:
        place = f"{name}.{field}"
        spec = declared_spec(annotation, place, space)
        if spec is None:
            spec = UNKNOWN if default is _MISSING else spec_of(default, place)
        items.append(spec)
    kind = "tuple" if is_named_tuple(cls) else "object"
    return Group(kind, tuple(items), tuple(field for field, _, _ in fields), class_of(cls))
