"""The result type of any operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from s2sad.errors import NeedsStatic, NotApplicable
from s2sad.rules import infer_arrays as a
from s2sad.rules import infer_creation as c
from s2sad.rules import infer_gather as g
from s2sad.rules import infer_products as p
from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.infer_elementwise import (
    COMPARISONS,
    UFUNC_OF_OPERATOR,
    clip_type,
    conversion_type,
    default_type,
    math_type,
    operator_type,
    refuse_complex,
    select_type,
    statistics_type,
    ufunc_of,
    ufunc_type,
    where_type,
)
from s2sad.rules.infer_index import getitem_type, with_dtype
from s2sad.rules.infer_lists import INFER_LISTS
from s2sad.rules.infer_special import scipy_type
from s2sad.rules.signature import Signature, parse
from s2sad.rules.static import dtype_arg, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import FLOAT, INT, NOTHING, UNKNOWN, Array, Scalar, Type, Unknown, dims_of, kind_of, moving
from s2sad.trace.walk import arg_vars

INFER: dict[str, a.Infer] = {
    **INFER_LISTS,
    "flat": a.ravel, "np.transpose": a.transpose,
    "np.swapaxes": a.swapaxes,
    "np.moveaxis": a.moveaxis, "np.expand_dims": a.expand_dims, "np.squeeze": a.squeeze,
    "np.broadcast_to": a.broadcast_to,
    "np.array": c.array,
    "np.asarray": c.creation_like, "np.copy": a.like_first, "copy": a.same,
    "np.zeros": c.creation(), "np.ones": c.creation(), "np.empty": c.creation(), "np.full": c.creation(),
    "np.zeros_like": c.creation_like, "np.ones_like": c.creation_like, "np.empty_like": c.creation_like,
    "np.full_like": c.creation_like, "np.arange": c.arange, "np.eye": c.eye,
    "np.identity": c.eye,
    "zeros_like": a.same, "expand": a.expand, "unbroadcast": a.unbroadcast, "cast": a.cast, "np.astype": a.astype,
    "getitem": lambda args, o: getitem_type(type_of(args[0]), o["index"]), "scatter_add": a.same, "setitem": a.same,
    "last_written": lambda args, o: with_dtype(getitem_type(type_of(args[0]), o["index"]), "b1"), "shape": a.shape,
    "size": a.integer, "ndim": a.integer, "len": a.integer, "minlen": a.integer, "item": a.item,
    "compensated": lambda args, o: a.same(args[:1], o),
    "accumulate": a.accumulate,
    "stop_gradient": a.same, **dict.fromkeys(("placed", "placed_log", "placed_rate", "scaled", "between"), a.same),
    "tape_zeros": a.same,
    "unpack": a.unpack, "part": a.part,
    "np.diag": p.diag, "np.roll": a.like_first, "np.flip": a.like_first,
    "np.take_along_axis": g.take_along_axis, "np.repeat": g.repeat, "np.tile": g.tile, "np.diff": g.diff,
    "np.digitize": g.integers_like_first, "np.nonzero": g.nonzero, "np.flatnonzero": g.places,
    "np.triu_indices": g.triangle(np.triu_indices), "np.tril_indices": g.triangle(np.tril_indices),
    "np.diag_indices": g.diagonal,
    "np.allclose": g.boolean, "np.array_equal": g.boolean,
    "np.flipud": a.like_first, "np.fliplr": a.like_first,
    "np.atleast_1d": a.atleast(1), "np.atleast_2d": a.atleast(2), "np.atleast_3d": a.atleast(3),
}
# Elementwise functions that are no ufuncs, and ufuncs whose results have the same types.
_LIKE_UFUNC = {"np.sinc": "sin", "np.round": "positive", "np.isclose": "equal"}
# The type of an expression of the rule language; `s2sad.rules.like`, which is made of operations, puts it here.
LIKE: list[Callable[[str, Signature, tuple[Arg, ...], Mapping[str, Arg]], Type]] = []
_EFFECTS = frozenset(("assert", "check_length"))


def infer(fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> Type:
    """The type of ``fn(*args, **options)``.

    >>> infer("/", (Lit(1), Lit(2)), {})
    float
    """
    for name, option in options.items():
        for v in arg_vars(option) if name not in ("tck", "out", "rcond") else ():
            if isinstance(v.type, (Scalar, Array)) and kind_of(v.type) in ("float", "complex"):
                raise NotApplicable(f"'{name}' of {fn} must be known without computing with floats; it is {v.type!r}")
    mask = options.get("where")
    if isinstance(mask, Var) and isinstance(mask.type, Scalar):
        raise NeedsStatic(mask, "where")
    types = [type_of(a) for a in args]
    if any(moving(t) != t for t in types):
        known = _beside_constants(fn, args, options)
        if known is not None:
            return known
    if any(isinstance(t, Unknown) for t in types) and any(kind_of(t) == "complex" for t in types):
        raise NotApplicable(f"{fn} of a complex number and a value of unknown type; give the types of the arguments")
    declaration = DECLARATIONS.get(fn)
    if declaration is not None and declaration.infer is not None:
        return declaration.infer(types)
    if declaration is not None and declaration.result is not None:
        return declaration.result(args, options)
    if declaration is not None and declaration.like:
        return LIKE[-1](declaration.like, parse(declaration.text), args, options)
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
    if len(parse(declaration.text).results) > 1:
        raise NotApplicable(f"the rule of {fn} does not say what types its results have", 'add like="x, 0.0"')
    return _elementwise(fn, types, options)


# Operations that raise where their first operand is a number.
_OF_ARRAYS = frozenset(("@", "np.matmul", "getitem"))


def _beside_constants(fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> Type | None:
    """The type of an operation on what is a constant or an array, where it is the same in both cases.

    What is computed of such values and literals alone is a constant or an array again.
    """
    elementwise = fn in UFUNC_OF_OPERATOR or fn in ("np.where", "np.clip") or (
        fn.startswith("np.") and ufunc_of(fn.removeprefix("np.")) is not None)
    if not elementwise and fn not in _OF_ARRAYS:
        return None

    def of(kind: Type | None) -> Type:
        stand_ins = (Var(kind or moving(a.type)) if isinstance(a, Var) and moving(a.type) != a.type else a
                     for a in args)
        return infer(fn, tuple(stand_ins), options)

    try:
        of_array = of(None)
        if fn in _OF_ARRAYS or of_array == of(FLOAT) == of(INT):
            return of_array
    except NotApplicable:
        return None
    if isinstance(of_array, Array) and all(isinstance(a, Lit) or moving(type_of(a)) != type_of(a) for a in args):
        return Unknown(of_array)
    return None


def _elementwise(fn: str, types: list[Type], options: Mapping[str, Arg]) -> Type:
    if fn in ("math.prod", "sum"):
        total: Type = INT
        for t in types:
            total = operator_type("*" if fn == "math.prod" else "+", [total, t])
        return total
    if fn.startswith("math."):
        base = options.get("base", NONE)
        if not isinstance(base, Lit):
            raise NeedsStatic(base, "base")
        return math_type(fn, types)
    if fn.startswith("scipy."):
        return scipy_type(fn, types)
    if fn.startswith("statistics."):
        return statistics_type(fn, types)
    if fn == "np.where":
        return where_type(fn, types)
    if fn == "np.clip":
        return clip_type(types)
    if fn in ("polygamma", "rounding"):
        return FLOAT
    if fn == "select":
        return select_type(types)
    name = fn.removeprefix("np.")
    scalar_type = getattr(np, name, None) if fn.startswith("np.") else None
    if isinstance(scalar_type, type) and issubclass(scalar_type, np.number):
        like, own = ufunc_type(fn, "positive", types), dtype_arg(Lit(name)) or "f8"
        if isinstance(like, Array):
            return Array(own, like.dims)
        refuse_complex(fn, own)
        return UNKNOWN
    if fn == "np.sign" and kind_of(types[0]) == "complex":
        raise NotApplicable("np.sign of complex numbers is not differentiated here", "write z / np.abs(z)")
    if isinstance(scalar_type, np.ufunc):
        found, dtype = ufunc_type(fn, name, types), dtype_arg(options.get("dtype", NONE))
        if "out" in options:
            return type_of(options["out"])
        if isinstance(found, Unknown) and dtype is not None:
            refuse_complex(fn, dtype)
        return found if dtype is None or isinstance(found, Unknown) else Array(dtype, dims_of(found))
    if fn in _LIKE_UFUNC:
        return ufunc_type(fn, _LIKE_UFUNC[fn], types)
    return default_type(types)
