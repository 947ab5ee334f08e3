"""Result types of ufuncs with several results, and of elementwise functions that are no ufuncs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options
from s2sad.rules.infer_elementwise import broadcast, ufunc_type
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import UNKNOWN, Array, Scalar, Tuple, Type, Unknown, dims_of, dtype_of, kind_of, short_dtype


def several(fn: str) -> Infer:
    """The types of the results of a ufunc that has several."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        types = [type_of(a) for a in args]
        dims = broadcast(types)
        if dims is None:
            raise NotApplicable(f"np.{fn} needs the types of its operands; give the types of the arguments")
        ufunc: np.ufunc = getattr(np, fn)
        strong = any(isinstance(t, Array) for t in types)
        given = [{"float": float, "int": int}.get(t.kind, np.dtype(dtype_of(t))) if strong and isinstance(t, Scalar)
                 else np.dtype(dtype_of(t)) for t in types]
        found = ufunc.resolve_dtypes((*given, *[None] * ufunc.nout))[ufunc.nin:]
        return Tuple(tuple(Array(short_dtype(d), dims) for d in found))

    return infer


def like(fn: str) -> Infer:
    """The type of a ufunc's result."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        return ufunc_type(f"np.{fn}", fn, [type_of(a) for a in args])

    return infer


def floats(args: Sequence[Arg], o: Options) -> Type:
    """The type of a function that computes in double precision, of integers too."""
    x = type_of(args[0])
    if isinstance(x, Unknown):
        return UNKNOWN
    if kind_of(x) == "complex":
        raise NotApplicable("this takes real numbers")
    return Array("?" if dtype_of(x) == "?" else dtype_of(x) if kind_of(x) == "float" else "f8", dims_of(x))


def cleaned(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.nan_to_num``."""
    if not static(o.get("copy", Lit(True)), "copy"):
        raise NotApplicable("np.nan_to_num with copy=False writes to its argument", "x[...] = np.nan_to_num(x)")
    return like("positive")(args, o)


def truth(args: Sequence[Arg], o: Options) -> Type:
    """The type of a test of each element."""
    return like("isnan")(args, o)
