"""Result types of functions of SciPy: ufuncs know theirs, functions written in Python mostly give double precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import float_dtype, reduction
from s2sad.rules.infer_elementwise import broadcast, numeric, refuse_complex, ufunc_of, ufunc_type
from s2sad.rules.static import length, static, type_of
from s2sad.trace.ir import NONE, Arg, Var
from s2sad.trace.types import INT, UNKNOWN, Array, Dim, Scalar, Tuple, Type, Unknown, kind_of

Options = Mapping[str, Arg]


def numbers(args: Sequence[Arg]) -> list[Type]:
    """The types of the operands that are there."""
    return [type_of(a) for a in args if a != NONE]


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
        found = ufunc_type(fn, "true_divide", [found, t])
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


def multigamma(args: Sequence[Arg], o: Options) -> Type:
    """The type of a product of d gamma functions."""
    static(args[1], "d")
    return doubles(args, o)


def counted(args: Sequence[Arg], o: Options) -> Type:
    """The type of a number of ways, which is a whole number with ``exact=True``."""
    static(o.get("repetition", NONE), "repetition")
    return INT if static(o.get("exact", NONE), "exact") else doubles(args, o)


def spherical(args: Sequence[Arg], o: Options) -> Type:
    """The type of a spherical Bessel function, or of its derivative."""
    static(o.get("derivative", NONE), "derivative")
    return floats(args, o)


def parts_of(fn: str, count: int) -> Callable[[Sequence[Arg], Options], Type]:
    """The type of a ufunc with several results of one type."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        return Tuple((scipy_type(fn, numbers(args)),) * count)

    return infer


def log_of_sum(args: Sequence[Arg], o: Options) -> Type:
    """The type of ``logsumexp``: that of a sum over the broadcast of operand and weights."""
    if static(o.get("return_sign", NONE), "return_sign"):
        raise NotApplicable("scipy.special.logsumexp is not differentiated with 'return_sign=True'")
    return reduction(float_dtype)((Var(floats(args, o)),), o)


def double_complex(args: Sequence[Arg], o: Options) -> Type:
    """The type of a function that gives complex numbers in double precision."""
    found = floats(args[:1], o)
    if not isinstance(found, Array):
        refuse_complex("this function", "c16")
        return found
    return Array("c16", found.dims)


def nodes(args: Sequence[Arg], o: Options) -> Type:
    """The type of the nodes and weights of a quadrature of n points, and of the sum of its weights."""
    points = Array("f8", (length(args[0]),))
    more = static(o.get("mu", NONE), "mu")
    return Tuple((points, points, Array("f8", ())) if more else (points, points))


def sequence(args: Sequence[Arg], o: Options) -> Type:
    """The type of the numbers 0 to n of a sequence."""
    return Array("f8", (length(args[0]) + Dim.constant(1),))


def hankel(args: Sequence[Arg], o: Options) -> Type:
    """The type of a derivative of a Hankel function."""
    return scipy_type("scipy.special.hankel1", numbers(args))
