"""Result types of statistics of samples and of densities of vectors."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Infer, float_dtype, reduction
from s2sad.rules.infer_special import Options, doubles, floats
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import NONE, Arg, Lit, Var
from s2sad.trace.types import Array, Tuple, Type, Unknown, dims_of, kind_of, rank

# Options that have one value here.
_PLAIN = {"nan_policy": "propagate", "dtype": None, "center": None, "method": None, "alternative": "two-sided",
          "allow_singular": False}


def _plainly(o: Options) -> None:
    for name, value in o.items():
        if name in _PLAIN and static(value, name) != _PLAIN[name]:
            raise NotApplicable(f"this statistic is not differentiated with '{name}='")
        if name in ("bias", "fisher", "order"):
            static(value, name)


def statistic(args: Sequence[Arg], o: Options) -> Type:
    """The type of a statistic along an axis, the first one if it is not told another."""
    _plainly(o)
    x = type_of(args[0])
    if rank(x) in (0, None):
        raise NotApplicable("this statistic is differentiated for arrays whose number of axes is known and not 0")
    if kind_of(x) == "complex":
        raise NotApplicable("this statistic takes real numbers")
    for other in args[1:]:
        if other != NONE and rank(type_of(other)) != rank(x):
            raise NotApplicable("what goes with a sample must have as many axes")
    both = Var(floats([a for a in args if a != NONE], o))
    return reduction(float_dtype)((both,), {"axis": Lit(0), **o})


def statistics_of(count: int) -> Infer:
    """The type of several statistics of two samples."""
    def infer(args: Sequence[Arg], o: Options) -> Type:
        return Tuple((statistic(args, o),) * count)

    return infer


def _vector(x: Type, what: str) -> Array:
    if not isinstance(x, Array) or rank(x) not in (1, 2):
        raise NotApplicable(f"{what} is differentiated for a vector, or a matrix of vectors")
    return x


def log_density(args: Sequence[Arg], o: Options) -> Type:
    """The type of the density of a normal vector: a number for each row."""
    _plainly(o)
    x, *parameters = (type_of(a) for a in args[:3])
    doubles([a for a in args if a != NONE and rank(type_of(a)) == 0], o)
    found = _vector(x, "the density of a normal vector")
    if not any(not isinstance(p, Unknown) and rank(p) for p in parameters):
        raise NotApplicable("the density of a normal vector needs the length of the vector: give its mean, or its "
                            "covariance, as an array", "use scipy.stats.norm for numbers")
    if found.dims[-1].is_one or any(d.may_be_one and not d.is_one for d in found.dims):
        raise NotApplicable("the density of a normal vector is differentiated for vectors of more than one number")
    return Array("f8", tuple(d for d in found.dims[:-1] if not d.is_one))


def log_simplex(args: Sequence[Arg], o: Options) -> Type:
    """The type of the density of a vector of shares, which stand along the first axis."""
    x, alpha = (_vector(type_of(a), "the density of shares") for a in args)
    shares, parameters = x.dims[0], alpha.dims[0]
    differ = shares.is_constant and parameters.is_constant and shares != parameters
    if rank(alpha) != 1 or shares.is_one or differ:
        raise NotApplicable("the density of shares is differentiated for as many shares as parameters")
    if any(d.may_be_one and not d.is_one for d in x.dims):
        raise NotApplicable("the density of shares is differentiated for vectors whose length is known not to be 1")
    return Array("f8", tuple(d for d in dims_of(x)[1:] if not d.is_one))


def of_counts(args: Sequence[Arg], o: Options) -> Type:
    """The type of the probability of a vector of counts."""
    if rank(type_of(args[0])) != 1 or rank(type_of(args[2])) != 1:
        raise NotApplicable("the probability of counts is differentiated for one vector of counts, and one of shares")
    return Array("f8", ())
