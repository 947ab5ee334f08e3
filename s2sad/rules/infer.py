"""The result type of any operation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from s2sad.errors import NeedsStatic, NotApplicable
from s2sad.rules.builder import type_of
from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.infer_arrays import INFER
from s2sad.rules.infer_elementwise import (
    COMPARISONS,
    UFUNC_OF_OPERATOR,
    clip_type,
    conversion_type,
    default_type,
    math_type,
    operator_type,
    select_type,
    ufunc_type,
    where_type,
)
from s2sad.rules.static import dtype_arg
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import FLOAT, NOTHING, UNKNOWN, Array, Scalar, Type, Unknown, kind_of
from s2sad.trace.walk import arg_vars

_EFFECTS = frozenset(("assert", "check_length"))


def infer(fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> Type:
    """The type of ``fn(*args, **options)``.

    >>> infer("/", (Lit(1), Lit(2)), {})
    float
    """
    for name, option in options.items():
        for v in arg_vars(option):
            if isinstance(v.type, (Scalar, Array)) and kind_of(v.type) in ("float", "complex"):
                raise NotApplicable(f"'{name}' of {fn} must be known without computing with floats; it is {v.type!r}")
    types = [type_of(a) for a in args]
    declaration = DECLARATIONS.get(fn)
    if declaration is not None and declaration.infer is not None:
        return declaration.infer(types)
    found = INFER.get(fn)
    if found is not None:
        return found(args, options)
    if fn in UFUNC_OF_OPERATOR or fn in COMPARISONS:
        return operator_type(fn, types, [a.value if isinstance(a, Lit) else None for a in args])
    if fn in _EFFECTS:
        return NOTHING
    if fn in ("float", "int", "bool", "round"):
        return FLOAT if fn == "round" and options.get("ndigits", NONE) != NONE else conversion_type(fn, types)
    if declaration is None:
        raise NotApplicable(f"{fn} has no rule")
    return _elementwise(fn, types, options)


def _elementwise(fn: str, types: list[Type], options: Mapping[str, Arg]) -> Type:
    if fn.startswith("math."):
        base = options.get("base", NONE)
        if not isinstance(base, Lit):
            raise NeedsStatic(base, "base")
        return math_type(fn, types)
    if fn == "np.where":
        return where_type(fn, types)
    if fn == "np.clip":
        return clip_type(types)
    if fn == "select":
        return select_type(types)
    name = fn.removeprefix("np.")
    scalar_type = getattr(np, name, None) if fn.startswith("np.") else None
    if isinstance(scalar_type, type) and issubclass(scalar_type, np.number):
        like = ufunc_type(fn, "positive", types)
        return Array(dtype_arg(Lit(name)) or "f8", like.dims) if isinstance(like, Array) else UNKNOWN
    if isinstance(scalar_type, np.ufunc):
        return ufunc_type(fn, name, types)
    if fn in ("np.sinc", "np.round"):
        return ufunc_type(fn, "sin" if fn == "np.sinc" else "positive", types)
    return default_type(types)


def is_number_type(t: Type) -> bool:
    """Whether values of the type are numbers or arrays of them."""
    return isinstance(t, (Scalar, Array, Unknown))


__all__ = ["Var", "infer", "is_number_type"]
