"""Result types of distances between rows."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.errors import NotApplicable
from s2sad.rules.infer_arrays import Options
from s2sad.rules.static import static, type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import Array, Dim, Type, dims_of, fresh_dim, rank

METRICS = ("euclidean", "sqeuclidean", "cityblock")


def _rows(fn: str, args: Sequence[Arg], o: Options) -> list[Dim]:
    metric = static(o.get("metric", Lit("euclidean")), "metric")
    if metric not in METRICS:
        raise NotApplicable(f"{fn} is differentiated for the metrics {', '.join(METRICS)}, not for {metric!r}",
                            "write the distance with operations of NumPy")
    types = [type_of(a) for a in args]
    if any(rank(t) != 2 for t in types):
        raise NotApplicable(f"{fn} takes matrices (two axes); give the types of the arguments")
    return [dims_of(t)[0] for t in types]


def cdist(args: Sequence[Arg], o: Options) -> Type:
    return Array("f8", tuple(_rows("scipy.spatial.distance.cdist", args, o)))


def pdist(args: Sequence[Arg], o: Options) -> Type:
    [n] = _rows("scipy.spatial.distance.pdist", args, o)
    return Array("f8", (Dim.constant(n.const * (n.const - 1) // 2) if n.is_constant else fresh_dim(),))
