"""Result types of functions of SciPy: ufuncs know theirs, functions written in Python mostly give double precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_elementwise import broadcast, numeric, ufunc_of, ufunc_type
from s2sad.rules.static import type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import INT, UNKNOWN, Array, Scalar, Type, Unknown, kind_of

Options = Mapping[str, Arg]


def numbers(args: Sequence[Arg]) -> list[Type]:
    """The types of the operands that are there."""
    return [type_of(a) for a in args if not (isinstance(a, Lit) and a.value is None)]


def scipy_type(fn: str, types: Sequence[Type]) -> Type:
    """The type of a ufunc's result; where SciPy is not installed, that of a function of floats.

    >>> from s2sad.trace.types import INT
    >>> scipy_type("scipy.special.nothing", [INT])
    f8[]
    """
    if ufunc_of(fn) is not None:
        return ufunc_type(fn, fn, types)
    found = ufunc_type(fn, "sin", types[:1])
    for t in types[1:]:
        found = ufunc_type(fn, "logaddexp", [found, t])
    return found


def floats(args: Sequence[Arg], o: Options) -> Type:
    """The type of a function that keeps single precision."""
    return scipy_type("this function", numbers(args))


def doubles(args: Sequence[Arg], o: Options) -> Type:
    """The type of a function that computes in double precision, whatever the operands have."""
    types = [t for t in numbers(args) if isinstance(t, (Scalar, Array, Unknown))]
    numeric("this function", types)
    if any(kind_of(t) == "complex" for t in types):
        raise NotApplicable("this function takes real numbers")
    dims = broadcast(types)
    return UNKNOWN if dims is None else Array("f8", dims)


def counted(args: Sequence[Arg], o: Options) -> Type:
    """The type of a number of ways, which is a whole number with ``exact=True``."""
    return INT if o.get("exact") == Lit(True) else doubles(args, o)
