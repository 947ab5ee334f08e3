"""Methods of ufuncs: ``np.maximum.reduce``, ``np.multiply.accumulate``, ``np.add.reduceat``.

Where a running function has no closed derivative, it is a recurrence: of y[k] = f(y[k - 1], x[k]) the partials of f are
taken at what came before.  They are those of the elementwise rule, with other names for its operands.
"""

from __future__ import annotations

import ast
from typing import Any

from s2sad.rules.declarations_cumulative import RUNNING_PRODUCT, RUNNING_SUM
from s2sad.rules.declarations_reductions import EXTREME, PRODUCT, SUM
from s2sad.rules.declare import DECLARATIONS, general, linear, zero
from s2sad.rules.infer_cumulative import gathered_segments, running, segments, spread_segments
from s2sad.rules.infer_reductions import reduced
from s2sad.rules.signature import parse

_SHARES: dict[str, Any] = {
    "y_dot_x": "np.sum(share * x_dot, axis=axis, keepdims=keepdims)", "y_dot_initial": "of_initial * initial_dot",
    "x_bar": "share * unsum(y_bar, x, axis, keepdims)", "initial_bar": "total(of_initial * y_bar)"}

linear("y = np.add.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
       result=reduced("add"), **SUM)
general("y = np.multiply.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("multiply"), counts="where", factors="filled(x, where, 1.0)", **PRODUCT)  # exact at zeros
general("y = np.maximum.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("maximum"), flags="widening written", **EXTREME)  # equal shares at ties
general("y = np.minimum.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("minimum"), flags="widening written", **EXTREME)  # equal shares at ties
general("y = np.fmax.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("fmax"), flags="widening written", **EXTREME)  # equal shares at ties; 0 for a nan
general("y = np.fmin.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("fmin"), flags="widening written", **EXTREME)  # equal shares at ties; 0 for a nan
general("y = np.logaddexp.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("logaddexp"), top="finite_or_zero(y)", of_initial="np.exp(initial - top)",
        share="masked(np.exp(x - spread(top, x, axis, keepdims)), where)", **_SHARES)  # 0 where all are -inf
general("y = np.logaddexp2.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("logaddexp2"), top="finite_or_zero(y)", of_initial="np.exp2(initial - top)",
        share="masked(np.exp2(x - spread(top, x, axis, keepdims)), where)", **_SHARES)  # 0 where all are -inf
general("y = np.hypot.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=initial, where=True)",
        result=reduced("hypot"), size="nonzero(y)", of_initial="initial / size",
        share="masked(x / spread(size, x, axis, keepdims), where)", **_SHARES)  # 0 at 0
linear("y = np.add.accumulate(x, axis=0, dtype=None, out=None)", result=running("add"), **RUNNING_SUM)
general("y = np.multiply.accumulate(x, axis=0, dtype=None, out=None)", result=running("multiply"),
        **RUNNING_PRODUCT)  # exact at zeros
linear("y = np.add.reduceat(x, indices, axis=0, dtype=None, out=None)", result=segments,
       x_bar="unreduceat(y_bar, x.shape[axis], indices, axis)")
linear("y = unreduceat(x, length, indices, axis=0)", result=spread_segments,
       x_bar="np.add.reduceat(y_bar, indices, axis)")
_SEGMENTS: dict[str, Any] = {
    "places": "segment_places(indices, x.shape[axis])", "owners": "segment_owners(indices, x.shape[axis])",
    "starts": "segment_starts(indices, x.shape[axis])", "xs": "np.take(x, places, axis)",
    "whole": "np.take(y, owners, axis)"}
_EXTREMES: dict[str, Any] = _SEGMENTS | {
    "hit": "xs == whole", "ties": "np.add.reduceat(where(hit, 1.0, 0.0), starts, axis)",
    "y_dot": "np.add.reduceat(where(hit, np.take(x_dot, places, axis), 0.0), starts, axis) / ties",
    "x_bar": "untake(where(hit, np.take(y_bar / ties, owners, axis), 0.0), x, places, axis)"}
_FACTORS: dict[str, Any] = _SEGMENTS | {
    "y_dot": "np.add.reduceat(share * np.take(x_dot, places, axis), starts, axis)",
    "x_bar": "untake(share * np.take(y_bar, owners, axis), x, places, axis)"}
for _fn in "maximum minimum fmax fmin".split():
    general(f"y = np.{_fn}.reduceat(x, indices, axis=0, dtype=None, out=None)", result=segments, flags="widening",
            **_EXTREMES)
for _fn, _exp in (("logaddexp", "exp"), ("logaddexp2", "exp2")):
    general(f"y = np.{_fn}.reduceat(x, indices, axis=0, dtype=None, out=None)", result=segments,
            share=f"np.{_exp}(xs - finite_or_zero(whole))", **_FACTORS)
general("y = np.multiply.reduceat(x, indices, axis=0, dtype=None, out=None)", result=segments,
        first="along_axis(owners != shifted(owners, 0, False, -1), x, axis)",
        last="along_axis(owners != shifted(owners, 0, True, -1), x, axis)",
        share="recurrence(where(first, 0.0, shifted(xs, axis)), where(first, 1.0, 0.0), axis)"
              " * recurrence(where(first, 0.0, xs), where(last, 1.0, 0.0), axis, True)", **_FACTORS)  # exact at zeros
zero("y = segment_places(indices, length)", result=gathered_segments)
zero("y = segment_owners(indices, length)", result=gathered_segments)
zero("y = segment_starts(indices, length)", result=gathered_segments)
for _fn in "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor gcd lcm".split():
    zero(f"y = np.{_fn}.reduce(x, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True)",
         result=reduced(_fn))
    zero(f"y = np.{_fn}.accumulate(x, axis=0, dtype=None, out=None)", result=running(_fn))


class _Renamed(ast.NodeTransformer):
    """The text of a partial at other operands; the seed of one that is no factor is 1."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        if node.id == "_":
            return ast.Constant(value=1.0)
        return ast.Name(id=self.names.get(node.id, node.id), ctx=ast.Load())


def steps(fn: str, result: str) -> dict[str, Any]:
    """The partials of one step of a running ufunc: ``slope`` by what came before, ``own`` by the new element."""
    declared = DECLARATIONS[fn]  # families are loaded in the order of their names
    signature = parse(declared.text)
    left, right = signature.operands
    names = {left: "before", right: "x", signature.result: result}
    texts = {key: ast.unparse(_Renamed(names).visit(ast.parse(text, mode="eval"))) for key, text in declared.keywords}
    shared = {key: text for key, text in texts.items() if key not in (left, right) and not key.endswith("_dot")}
    return {**shared, "slope": texts.get(left, "0.0"), "own": texts.get(right, "0.0")}


for _fn in ("subtract divide power float_power arctan2 remainder fmod copysign hypot logaddexp logaddexp2 maximum "
            "minimum fmax fmin").split():
    general(f"y = np.{_fn}.accumulate(x, axis=0, dtype=None, out=None)", result=running(_fn), flags="widening",
            before="shifted(y, axis, first=1.0)", **steps(f"np.{_fn}", "y"),
            y_dot="recurrence(slope, headed(own * x_dot, x_dot, axis), axis)",
            back="recurrence(slope, y_bar, axis, True)", x_bar="headed(own * back, back, axis)")
for _fn in "subtract divide float_power remainder fmod copysign".split():  # np.power.reduce takes wrong elements
    general(f"y = np.{_fn}.reduce(x, axis=0, dtype=None, out=None, keepdims=False)", result=reduced(_fn, True),
            flags="widening",
            run=f"np.{_fn}.accumulate(x, axis)", before="shifted(run, axis, first=1.0)", **steps(f"np.{_fn}", "run"),
            y_dot="last(recurrence(slope, headed(own * x_dot, x_dot, axis), axis), axis, keepdims)",
            back="recurrence(slope, at_last(y_bar, x, axis, keepdims), axis, True)",
            x_bar="headed(own * back, back, axis)")
