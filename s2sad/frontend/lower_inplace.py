"""Library functions that write into their arguments: ``out=``, ``where=``, `np.copyto`, `x.sort()`.

Each is the assignment that it stands for; a mask chooses between new and old elements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.lower_collections import Collections
from s2sad.frontend.lower_core import is_array
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Seq, Value, describe_value, is_bottom, same_static
from s2sad.rules.builder import type_of
from s2sad.rules.table import find
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Var
from s2sad.trace.types import Array, dtype_of, rank, same_dims

_WHOLE = Lit(...)


class InPlace(Collections):
    """Functions and methods that change arrays."""

    # out= and where=.

    def with_out(self, name: str, args: Args, kwargs: Named, node: Any, hint: str, method: bool) -> Value | None:
        """A call with ``out=``; None if it has none."""
        kwargs = dict(kwargs)
        ufunc = getattr(np, name.removeprefix("np."), None) if name.startswith("np.") else None
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
        if same_static(out, Lit(None)):
            if isinstance(ufunc, np.ufunc) and not same_static(kwargs.get("where", Lit(True)), Lit(True)):
                self.refuse_type(node, f"{name} with 'where=' but without 'out=' leaves elements without a value",
                                 "give it an array: out=np.zeros_like(x)")
            return None
        mask = kwargs.pop("where", Lit(True)) if isinstance(ufunc, np.ufunc) else Lit(True)
        if not is_array(out):
            self.refuse_type(node, f"'out' must be an array, not {describe_value(out)}")
        value = self.library_op(name, args, kwargs, node, "", method)
        if "dtype" in names and "dtype" not in kwargs and isinstance(value, Var) and dtype_of(value.type) != dtype_of(
                type_of(out)):  # type: ignore[arg-type]
            self.refuse_type(node, f"{name} computes in the dtype of 'out', which is not that of its result",
                             "give the dtype, too: dtype=out.dtype")
        self._store(out, value, mask, node)
        return out

    def _store(self, out: Value, value: Value, mask: Value, node: Any) -> None:
        """``out[mask] = value``, as NumPy's functions do it: without casts to a lesser kind."""
        if not same_static(mask, Lit(True)):
            value = self.library_op("np.where", [mask, value, out], {}, node)
        self.write(out, _WHOLE, self.array_value(value, node), node, self.name_of(out), is_update=True)

    def name_of(self, value: Value) -> str:
        """What the user calls an array."""
        return next((n for n, v in self.in_reach() if v is value), "")

    # Functions.

    def _builtin_np_copyto(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.copyto", args, 2, 2, node)
        if set(kwargs) - {"where"}:
            self._no_keywords("np.copyto", {k: v for k, v in kwargs.items() if k != "where"}, node)
        self._store(args[0], args[1], kwargs.get("where", Lit(True)), node)
        return Lit(None)

    def _builtin_np_putmask(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("np.putmask", kwargs, node)
        self._arity("np.putmask", args, 3, 3, node)
        a, mask, values = args
        if not self._one_or_like(values, a):
            self.refuse_type(node, "np.putmask repeats values of another shape", "write a[mask] = values")
        self._store(a, values, mask, node)
        return Lit(None)

    def _builtin_np_place(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self.refuse(node, "np.place() is not supported", "write a[mask] = values")

    def _one_or_like(self, value: Value, a: Value) -> bool:
        if not isinstance(value, (Var, Lit)):
            return False
        t = type_of(value)
        return rank(t) == 0 or (isinstance(a, Var) and same_dims(t, a.type) is True)

    def _builtin_np_put(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("np.put", args, 3, 3, node)
        others = {k: v for k, v in kwargs.items() if k != "mode" or not same_static(v, Lit("raise"))}
        self._no_keywords("np.put", others, node)
        a, indices, values = args
        index = self.operand(indices, node)
        if isinstance(indices, Seq):
            index = self.as_array(index, node)  # type: ignore[arg-type]
        if not (isinstance(values, (Var, Lit)) and rank(type_of(values)) == 0
                or is_array(values) and isinstance(index, Var)
                and same_dims(type_of(values), index.type) is True):  # type: ignore[arg-type]
            self.refuse_type(node, "np.put repeats values of another length than its indices",
                             "write a.flat[indices] = values")
        self.write(self.flat(a, node), index, self.array_value(values, node), node, self.name_of(a))
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
        self._arity("np.fill_diagonal", args, 2, 2, node)
        self._no_keywords("np.fill_diagonal", {k: v for k, v in kwargs.items() if not same_static(v, Lit(False))}, node)
        a = args[0]
        if is_bottom(a):
            return Lit(None)
        if not isinstance(a, Var) or rank(a.type) != 2:
            self.refuse_type(node, "np.fill_diagonal of an array that does not have two axes is not supported")
        columns = self.op("shape", a, options={"axis": Lit(1)}, node=node)
        step = self.op("+", columns, Lit(1), node=node)
        stop: Arg = NONE
        assert isinstance(a.type, Array)
        if a.type.dims[0] != a.type.dims[1]:
            stop = self.op("*", columns, columns, node=node)
        self.write(self.flat(a, node), Slc(NONE, stop, step), self.array_value(args[1], node), node, self.name_of(a))
        return Lit(None)

    def _builtin_np_put_along_axis(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self.refuse(node, "np.put_along_axis() is not supported", "assign to an index: a[rows, columns] = values")

    # Methods.

    def changing_method(self, owner: Value, name: str, args: Args, kwargs: Named, node: Any) -> Value:
        """``x.fill(v)``, ``x.sort()``, ``x.put(i, v)``."""
        if name == "put":
            return self._builtin_np_put([owner, *args], kwargs, node, "")
        if name == "fill":
            self._arity("fill", args, 1, 1, node)
            self.write(owner, _WHOLE, self.array_value(args[0], node), node, self.name_of(owner))
        else:
            value = self.library_op("np.sort", [owner, *args], kwargs, node)
            self.write(owner, _WHOLE, self.array_value(value, node), node, self.name_of(owner))
        return Lit(None)

