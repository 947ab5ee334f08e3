"""Result types of medians and quantiles."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options, float_dtype, reduction
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import UNKNOWN, Array, Scalar, Type, Unknown, dims_of, dtype_of, kind_of, promote

_JUMPING = frozenset(("inverted_cdf", "closest_observation", "lower", "higher", "nearest"))


def _refuse(o: Options) -> None:
    if static(o.get("overwrite_input", Lit(False)), "overwrite_input"):
        raise NotApplicable("'overwrite_input' leaves an array in no certain order (leave the argument out)")


def median(args: Sequence[Arg], o: Options) -> Type:
    """The type of a median."""
    _refuse(o)
    if kind_of(type_of(args[0])) == "complex":
        raise NotApplicable("complex numbers have no order")
    return reduction(float_dtype)(args, o)


def quantile(args: Sequence[Arg], o: Options) -> Type:
    """The type of quantiles: the axes of the probabilities, then those that are left."""
    x, q = type_of(args[0]), type_of(args[1])
    inner = median(args, o)
    if isinstance(q, Unknown) or isinstance(x, Unknown) and dims_of(q):
        raise NotApplicable("quantiles need the number of axes of their operands; give the types of the arguments")
    if isinstance(inner, Unknown):
        return UNKNOWN
    dtype = dtype_of(inner)
    if static(o.get("method", Lit("linear")), "method") in _JUMPING:
        dtype = dtype_of(x)
    elif not isinstance(q, Scalar) and dtype != "?":
        dtype = promote(Array(dtype, ()), Array(float_dtype(dtype_of(q)), ()))
    return Array(dtype, (*dims_of(q), *dims_of(inner)))


def weights_of_quantile(args: Sequence[Arg], o: Options) -> Type:
    """The type of what each element has in each quantile."""
    x, q = type_of(args[0]), type_of(args[1])
    if isinstance(x, Unknown) or isinstance(q, Unknown):
        return UNKNOWN
    return Array(float_dtype(dtype_of(x)), (*dims_of(q), *dims_of(x)))

