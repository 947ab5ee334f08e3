"""Products that need more than an operation: the two forms of `np.einsum`, conditions of a rule on run-time lengths.

    np.einsum(A, [0, 1], B, [1, 2])     ⇒     np.einsum("AB,BC", A, B)
"""

from __future__ import annotations

from typing import Any

from s2sad.errors import NotApplicable
from s2sad.frontend.lower_copies import Copies
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Seq, Value
from s2sad.rules.einsum import interleaved, read
from s2sad.trace.ir import Lit, Tup, Var
from s2sad.trace.types import Array, dims_of, rank


class Products(Copies):
    """Handlers of products by canonical name."""

    def with_out(self, name: str, args: Args, kwargs: Named, node: Any, hint: str, method: bool) -> Value | None:
        raise NotImplementedError  # by `InPlace`

    def _builtin_np_einsum(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        args = self._with_subscripts(args, node)
        written = self.with_out("np.einsum", args, kwargs, node, hint, False)
        if written is not None:
            return written
        x = args[1] if len(args) == 2 else None
        if isinstance(x, Var) and isinstance(x.type, Array) and kwargs.get("dtype") in (None, Lit(None)):
            view = self._rearranged(args[0], x, node, hint)
            if view is not None:
                return view
        return self.library_op("np.einsum", args, kwargs, node, hint)

    def _rearranged(self, subscripts: Value, x: Var, node: Any, hint: str) -> Value | None:
        """The view that `np.einsum` gives of one operand if it sums over nothing: diagonals, axes in another order."""
        if not isinstance(subscripts, Lit) or not isinstance(subscripts.value, str):
            return None
        try:
            letters = read(subscripts.value, [dims_of(x.type)], spelled=True)
        except NotApplicable:
            return None
        (names,), output = letters.inputs, letters.output
        if set(names) != set(output):
            return None
        made = x
        while (twice := next((c for c in names if names.count(c) > 1), None)) is not None:
            first, second = [k for k, c in enumerate(names) if c == twice][:2]
            made = self.op("np.diagonal", made, options={"axis1": Lit(first), "axis2": Lit(second)}, node=node)
            names = [*(c for k, c in enumerate(names) if k not in (first, second)), twice]
        order = [names.index(c) for c in output]
        if order == sorted(order):
            return made
        return self.op("np.transpose", made, options={"axes": Tup(tuple(map(Lit, order)))}, node=node, hint=hint)

    def _builtin_np_linalg_matrix_power(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        n = args[1] if len(args) == 2 else kwargs.get("n")
        if args and isinstance(args[0], Var) and isinstance(args[0].type, Array) and n == Lit(1):
            return args[0]
        return self.library_op("np.linalg.matrix_power", args, kwargs, node, hint)

    def _builtin_np_einsum_path(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self.library_op("np.einsum_path", self._with_subscripts(args, node), kwargs, node, hint)

    def _with_subscripts(self, args: Args, node: Any) -> Args:
        """The arguments of `np.einsum` with its subscripts as a text."""
        if args and not (isinstance(args[0], Lit) and isinstance(args[0].value, str)):
            pairs = len(args) // 2 * 2
            lists = [self._places(a, node) for a in args[1:pairs:2]]
            output = self._places(args[-1], node) if len(args) > pairs else None
            return [Lit(interleaved(lists, output)), *args[:pairs:2]]
        return args

    def _places(self, value: Value, node: Any) -> list[object]:
        """The numbers of the axes that an operand of `np.einsum` has."""
        items = self.fresh_list(value).items if isinstance(value, Seq) else (None,)
        places = [i.value if isinstance(i, Lit) else None for i in items]
        if not all(p is ... or isinstance(p, int) and 0 <= p < 52 for p in places):
            self.refuse_type(node, "np.einsum takes its subscripts as a text known at compile time, or as lists of "
                                   "small numbers, one behind each operand")
        return places

    # Conditions of a rule that types do not decide.

    def _builtin_np_cross(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        for x, name in zip(args[:2], ("axisa", "axisb")):
            given = (kwargs.get("axis"), kwargs.get(name))
            axis = next((a for a in given if a is not None and a != Lit(None)), Lit(-1))
            at = axis.value if isinstance(axis, Lit) and isinstance(axis.value, int) else -1
            dims = dims_of(x.type) if isinstance(x, Var) and rank(x.type) else ()
            if not -len(dims) <= at < len(dims) or dims[at].is_constant or dims[at] in self.flow.checked:
                continue
            assert isinstance(x, Var)
            self.flow.checked |= {dims[at]}
            n = self.op("shape", x, options={"axis": Lit(at % len(dims))}, node=node)
            self.effect("assert", self.op("==", n, Lit(3), node=node),
                        message=Lit("np.cross is differentiated for vectors of 3 components"))
        return self.library_op("np.cross", args, kwargs, node, hint)
