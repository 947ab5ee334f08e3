"""Complex numbers: making them of parts, and parts that are assigned.

    z.real = x           z1 = setitem(z, x, index=..., view=.real)
    z.imag[0] += y       z2 = scatter_add(z1, y, index=0, view=.imag)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.frontend.lower_inplace import InPlace
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Value
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import Array, Scalar, kind_of

TURNS = bool(np.sign(np.complex128(1j)) == 1j)


class ComplexNumbers(InPlace):
    """Complex numbers and arrays of them."""

    def _builtin_complex(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if not args and not kwargs:
            return Lit(0j)
        if not kwargs and all(isinstance(a, Lit) for a in args):
            try:
                return Lit(complex(*(a.value for a in args if isinstance(a, Lit))))
            except (TypeError, ValueError) as error:
                self.refuse_type(node, f"this fails: {error}", raises=error)
        if len(args) == 1 and not kwargs:
            return self.op("complex", self.operand(args[0], node), node=node, hint=hint)
        named = {{"real": "x", "imag": "y"}.get(k, k): v for k, v in kwargs.items()}
        return self.library_op("complex", args, named, node, hint)

    def _builtin_np_iscomplexobj(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("np.iscomplexobj", kwargs, node)
        self._arity("np.iscomplexobj", args, 1, 1, node)
        return Lit(kind_of(type_of(self.array_value(args[0], node))) == "complex")

    def _builtin_np_isrealobj(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        found = self._builtin_np_iscomplexobj(args, kwargs, node, hint)
        assert isinstance(found, Lit)
        return Lit(not found.value)

    def _builtin_np_sign(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """Of complex numbers, NumPy 2 gives ``z / abs(z)``, which is no constant."""
        first = args[0] if len(args) == 1 else None
        is_complex = isinstance(first, (Lit, Var)) and kind_of(type_of(first)) == "complex"
        written = self.with_out("np.sign", args, kwargs, node, hint, False)
        if written is not None:
            return written
        return self.library_op("sign_of_complex" if is_complex and TURNS else "np.sign", args, kwargs, node, hint)

    def conjugated(self, owner: Value, node: Any, hint: str) -> Value:
        """``z.conjugate()``: a real array is its own, as no copy."""
        t = type_of(owner) if isinstance(owner, (Lit, Var)) else None
        if isinstance(t, Scalar):
            return self.library_op("conjugate", [owner], {}, node, hint, method=True)
        is_array = isinstance(t, Array) and kind_of(t) != "complex" and t.dims
        return owner if is_array else self.library_op("np.conj", [owner], {}, node, hint, method=True)

    # Parts that are assigned.

    def check_assignable(self, owner: Value, name: str, node: Any) -> None:
        if not is_part(owner, name):
            super().check_assignable(owner, name, node)

    def set_attribute(self, owner: Value, name: str, value: Value, node: Any) -> None:
        if not is_part(owner, name):
            super().set_attribute(owner, name, value, node)
            return
        part = self.attribute(owner, name, node)
        self.write(part, Lit(...), self.array_value(value, node), node, self.name_of(owner))


def is_part(owner: Value, name: str) -> bool:
    """Whether an attribute is a part of an array of complex numbers, or its elements, assigned as a whole."""
    return isinstance(owner, Var) and isinstance(owner.type, Array) and (
        name == "flat" or name in ("real", "imag") and kind_of(owner.type) == "complex")
