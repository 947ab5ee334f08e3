"""Result types of functions of complex numbers."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, Options, float_dtype, real_dtype
from s2sad.rules.infer_elementwise import numeric, ufunc_type
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import NONE, Arg, Lit
from s2sad.trace.types import BOOL, COMPLEX, FLOAT, INT, UNKNOWN, Array, Scalar, Type, Unknown, dims_of, dtype_of


def part(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``x.real`` and ``x.imag``: that of a real number is its own."""
    x = type_of(args[0])
    numeric("a part", [x])
    if isinstance(x, Scalar):
        return FLOAT if x == COMPLEX else x
    return Array({"c16": "f8", "c8": "f4"}.get(dtype_of(x), dtype_of(x)), dims_of(x)) if isinstance(x, Array) else x


def conjugate(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.conj(x)``."""
    return ufunc_type("np.conj", "conjugate", [type_of(args[0])])


def conjugate_of_number(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``x.conjugate()`` of a Python number."""
    x = type_of(args[0])
    return INT if x == BOOL else x


def complex_number(args: Sequence[Arg], o: Options) -> Type:
    """The type of a function of numbers that gives a Python number: ``complex(x, y)``, those of cmath."""
    _numbers("a function of complex numbers", args)
    return COMPLEX


def of_numbers(result: Type) -> Infer:
    """The type of a function of cmath whose result is always of one type."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        _numbers("a function of cmath", args)
        return result

    return infer


def _numbers(what: str, args: Sequence[Arg]) -> None:
    types = [type_of(a) for a in args if a != NONE]
    numeric(what, types)
    if any(dims_of(t) for t in types):
        raise NotApplicable(f"{what} takes numbers, not arrays; use the function from np")


def logarithm(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``cmath.log(x, base)``."""
    base = static(o.get("base", NONE), "base")
    if base is not None and (isinstance(base, complex) or base <= 0):
        raise NotApplicable("cmath.log is differentiated with a positive base", "write cmath.log(x) / cmath.log(base)")
    return complex_number(args, o)


def angle(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.angle(x, deg)``."""
    x = type_of(args[0])
    numeric("np.angle", [x])
    static(o.get("deg", Lit(False)), "deg")
    return UNKNOWN if isinstance(x, Unknown) else Array(
        "?" if dtype_of(x) == "?" else real_dtype(float_dtype(dtype_of(x))), dims_of(x))


def boolean(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``np.isreal(x)``."""
    x = type_of(args[0])
    return x if isinstance(x, Unknown) else Array("b1", dims_of(x))
