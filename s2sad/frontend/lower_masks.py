"""Ufuncs with ``where=``: what they compute, and what they leave as it is.

A masked operation has the value that NumPy gives with ``out=`` zeros: 0 where the mask is False, where nothing is
computed, so that nobody is warned of a division that does not take place.  The other elements are chosen behind it:

    q = np.divide(a, b, out=np.zeros_like(a), where=m)      q = np.divide(a, b, out=np.zeros_like(a), where=m)
    np.log(x, out=y, where=m)                               v = np.log(x, out=np.zeros_like(y), where=m)
                                                            y[...] = np.where(m, v, y)
"""

from __future__ import annotations

from typing import Any

from s2sad.errors import NotApplicable
from s2sad.frontend.lower_collections import Collections
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Value
from s2sad.rules.infer import infer
from s2sad.rules.table import bind
from s2sad.trace.ir import Arg, Lit, Op, Tup, Var
from s2sad.trace.types import Array, dims_of, kind_of, same_dims

_WHOLE = Lit(...)
# Functions that give no warnings worth the longer text.
_CALM = frozenset("np.add np.subtract np.multiply np.negative np.positive np.abs np.absolute np.square np.maximum "
                  "np.minimum np.sin np.cos np.tanh np.arctan np.sign np.conj".split())


class Masks(Collections):
    """Calls of ufuncs with a mask."""

    def masked_call(self, name: str, args: Args, kwargs: Named, out: Value, mask: Value, node: Any) -> Value:
        """``ufunc(*args, out=out, where=mask)``."""
        made = None if name in _CALM else self._masked_op(name, args, kwargs, out, mask, node)
        if made is None:
            self.store_under(out, self.library_op(name, args, kwargs, node), mask, node)
            return out
        value, is_zero = made
        if is_zero and not any(operand is out for _, held in self.in_reach() for operand in self.within(held)):
            return value
        self.store_under(out, value, Lit(True) if is_zero else mask, node)
        return out

    def _masked_op(self, name: str, args: Args, kwargs: Named, out: Value, mask: Value,
                   node: Any) -> tuple[Var, bool] | None:
        """The operation, and whether ``out`` holds zeros; None where shapes are not known to fit."""
        chosen = self.operand(mask, node)
        chosen = self.as_array(chosen, node) if isinstance(chosen, Tup) else chosen
        target = self.operand(out, node)
        try:
            bound, options = bind(name, [self.array_value(a, node) for a in args],
                                  {k: self.operand(v, node) for k, v in kwargs.items()})
            found = infer(name, bound, options)
        except NotApplicable as reason:
            self.refuse_type(node, str(reason))
        fits = isinstance(target, Var) and isinstance(target.type, Array) and same_dims(found, target.type) is True
        if not fits or not isinstance(chosen, Var) or not isinstance(chosen.type, Array) or (
                kind_of(chosen.type) != "bool" or len(dims_of(chosen.type)) > len(dims_of(found))):
            return None
        assert isinstance(target, Var)
        zeros = next((s for s in self.flow.stmts if isinstance(s, Op) and s.target is target and s.fn in (
            "np.zeros", "np.zeros_like")), None)
        like: Arg = zeros.args[0] if zeros is not None and zeros.args and (
            isinstance(zeros.args[0], Var) and zeros.args[0].type == target.type) else target
        value = self.op(name, *bound, options={**options, "out": like, "where": chosen}, node=node)
        return value, zeros is not None

    def store_under(self, out: Value, value: Value, mask: Value, node: Any) -> None:
        """``out[mask] = value``, as NumPy's functions do it: without casts to a lesser kind."""
        if mask != Lit(True):
            value = self.library_op("np.where", [mask, value, out], {}, node)
        self.write(out, _WHOLE, self.array_value(value, node), node, self.name_of(out), is_update=True)

    def name_of(self, value: Value) -> str:
        """What the user calls an array."""
        return next((n for n, v in self.in_reach() if v is value), "")

    def library_op(self, name: str, args: Args, kwargs: Named, node: Any, hint: str = "",
                   method: bool = False) -> Value:
        raise NotImplementedError
