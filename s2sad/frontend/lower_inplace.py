"""Library functions that write into their arguments: ``out=``, ``where=``, `np.copyto`, `x.sort()`.

Each is the assignment that it stands for; a mask chooses between new and old elements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_masks import Masks
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Seq, Value, describe_value, is_bottom, same_static
from s2sad.rules.builder import type_of
from s2sad.rules.infer_elementwise import ufunc_of
from s2sad.rules.table import find
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import Array, dtype_of, rank

_WHOLE = Lit(...)


class InPlace(Masks):
    """Functions and methods that change arrays."""

    # out= and where=.

    def with_out(self, name: str, args: Args, kwargs: Named, node: Any, hint: str, method: bool) -> Value | None:
        """A call with ``out=``; None if it has none."""
        kwargs = dict(kwargs)
        ufunc = ufunc_of(name.removeprefix("np.")) if name.startswith(("np.", "scipy.")) else None
        out = kwargs.pop("out", Lit(None))
        rule = find(name)
        names = [p.name for p in rule.signature.parameters] if rule is not None else []
        place = names.index("out") if "out" in names else len(args)
        if isinstance(ufunc, np.ufunc) and len(args) == ufunc.nin + 1:
            args, out = args[:-1], args[-1]
        elif place < len(args) and same_static(out, Lit(None)):
            args, out = [*args[:place], Lit(None), *args[place + 1:]], args[place]
        if isinstance(out, Seq) and len(out.items) == 1:
            out = out.items[0]
        masked = not same_static(kwargs.get("where", Lit(True)), Lit(True))
        if masked and ufunc is not None and name.startswith("scipy."):
            self.refuse_type(node, f"{name} with 'where=' writes to wrong places: SciPy's functions do not know masks",
                             f"write np.where(mask, {name}(...), values)")
        if same_static(out, Lit(None)):
            if isinstance(ufunc, np.ufunc) and masked:
                self.refuse_type(node, f"{name} with 'where=' but without 'out=' leaves elements without a value",
                                 "give it an array: out=np.zeros_like(x)")
            return None
        mask = kwargs.pop("where", Lit(True)) if isinstance(ufunc, np.ufunc) else Lit(True)
        if not is_array(out):
            self.refuse_type(node, f"'out' must be an array, not {describe_value(out)}")
        if masked and ufunc is not None:
            return self.masked_call(name, args, kwargs, out, mask, node)
        value = self.library_op(name, args, kwargs, node, "", method)
        if "dtype" in names and "dtype" not in kwargs and isinstance(value, Var) and dtype_of(value.type) != dtype_of(
                type_of(out)):  # type: ignore[arg-type]
            self.refuse_type(node, f"{name} computes in the dtype of 'out', which is not that of its result",
                             "give the dtype, too: dtype=out.dtype")
        self.store_under(out, value, mask, node)
        return out

    # Functions.

    def _builtin_np_copyto(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.copyto", args, 2, 2, node)
        others = {k: v for k, v in kwargs.items() if k != "where" and not (
            k == "casting" and same_static(v, Lit("same_kind")))}
        self._no_keywords("np.copyto", others, node)
        self.store_under(args[0], args[1], kwargs.get("where", Lit(True)), node)
        return Lit(None)

    def flat(self, a: Value, node: Any) -> Value:
        """``a.flat``."""
        if is_bottom(a):
            return a
        if not isinstance(a, Var) or not isinstance(a.type, Array):
            self.refuse_type(node, f"{describe_value(a)} has no elements to write to",
                             "give the type of the argument" if isinstance(a, Var) else "")
        return a if rank(a.type) == 1 else self.op("flat", a, node=node, style="attr")

    def _builtin_np_fill_diagonal(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        a, value = (*args, NONE, NONE)[:2]
        simple = len(args) == 2 and not kwargs and isinstance(value, (Var, Lit)) and rank(type_of(value)) == 0
        if not simple or not isinstance(a, Var) or not isinstance(a.type, Array) or rank(a.type) != 2:
            return self.equivalent_of("np.fill_diagonal", args, kwargs, node, hint)
        columns = self.op("shape", a, options={"axis": Lit(1)}, node=node)
        step = self.op("+", columns, Lit(1), node=node)
        stop: Arg = NONE
        if a.type.dims[0] != a.type.dims[1]:
            stop = self.op("*", columns, columns, node=node)
        self.write(self.flat(a, node), Slc(NONE, stop, step), self.array_value(value, node), node, self.name_of(a))
        return Lit(None)

    # Methods.

    def changing_method(self, owner: Value, name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """``x.fill(v)``, ``x.sort()``, ``x.partition(k)``, ``x.put(i, v)``."""
        if name == "put":
            return self.equivalent_of("np.put", [owner, *args], kwargs, node, "")
        if name == "fill":
            self._arity("fill", args, 1, 1, node)
            self.write(owner, _WHOLE, self.array_value(args[0], node), node, self.name_of(owner))
        else:
            value = self.library_op(f"np.{name}", [owner, *args], kwargs, node)
            self.write(owner, _WHOLE, self.array_value(value, node), node, self.name_of(owner))
        return Lit(None)

