"""Operators of the texts that give derivatives of solvers: derivatives of lifted functions, vectors of adjoints."""

from __future__ import annotations

from typing import Any

from s2sad.frontend.lower_custom import CustomCalls
from s2sad.frontend.lower_functional import Args, Named
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Library, Seq, ShapeOf, Value
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Lit, Slc
from s2sad.trace.types import rank

PUSH, PULL, PULL_ALL = Library("s2sad.push"), Library("s2sad.pull"), Library("s2sad.pull_all")
PACKED, PARTED = Library("s2sad.packed"), Library("s2sad.parted")
GRAD, JACOBIAN = Library("s2sad.grad"), Library("s2sad.jacfwd")


class TextOperators(CustomCalls):
    """Handlers by canonical name: the arguments are as they are now, and seeds have the right shapes."""

    def _builtin_s2sad_push(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``push(g, xs, theta, x_dots, theta_dots)``: the tangent of ``g(*xs, *theta)``; None is zero."""
        g, xs, theta, x_dots, dots = args[0], *(_items(self, a) for a in args[1:])
        before, self.trusting = self.trusting, True
        try:
            return self._along(g, [*xs, *theta], [*x_dots, *dots], {}, node)[1]
        finally:
            self.trusting = before

    def _builtin_s2sad_pull(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``pull(g, xs, theta, g_bar)``: the adjoints of θ, as a tuple."""
        return Seq(self._pulled(args, node)[len(_items(self, args[1])):])

    def _builtin_s2sad_pull_all(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The adjoints of all arguments of ``g(*xs, *theta)``."""
        return Seq(self._pulled(args, node, all_of=True))

    def _pulled(self, args: Args, node: Any, all_of: bool = False) -> tuple[Value, ...]:
        g, xs, theta, seed = args[0], _items(self, args[1]), _items(self, args[2]), args[3]
        primals = [*xs, *theta]
        wanted = tuple(k for k in range(len(primals)) if is_variable(primals[k]) and (all_of or k >= len(xs)))
        _, linear = self.linear_at(g, primals, {}, wanted, False, node, at_once=True)
        before, self.trusting = self.trusting, True
        try:
            bars = self._call_Linear(linear, [seed], {}, node, "")
        finally:
            self.trusting = before
        assert isinstance(bars, Seq)
        return bars.items

    def _builtin_s2sad_packed(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """Numbers and arrays as one vector."""
        parts = _items(self, args[0])
        if all(rank(type_of(p)) == 0 for p in parts):
            return self.call_value(Library("np.array"), [Seq(parts, "list"), Library("float")], {}, node)
        flat = tuple(p if rank(type_of(p)) == 1 else self.call_value(
            Library("np.ravel"), [p], {}, node) for p in parts)
        return self.call_value(Library("np.concatenate"), [Seq(flat)], {}, node) if len(flat) > 1 else flat[0]

    def _builtin_s2sad_parted(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The parts of a vector, or of its last axis, that belong to numbers and arrays."""
        flat: Any = args[0]
        likes = _items(self, args[1])
        found: Args = []
        at: Any = Lit(0)
        for like in likes:
            if rank(type_of(like)) is None:
                self.refuse_type(node, "it is not known how many numbers the derivative has",
                                 "give the types of the arguments")
            if rank(type_of(like)) == 0:
                found.append(self.op("getitem", flat, options={"index": at}, node=node))
                size: Any = Lit(1)
            else:
                size = self.op("size", like, node=node)
                end = self._sum(at, size, node)
                part = self.op("getitem", flat, options={"index": Slc(at, end, Lit(None))}, node=node)
                if rank(type_of(like)) != 1:
                    shape = self.shape_items(ShapeOf(like), node)
                    part = self.op("np.reshape", part, options={"shape": self.operand(shape, node)}, node=node)
                found.append(part)
            at = self._sum(at, size, node)
        return Seq(tuple(found))

    def _sum(self, a: Any, b: Any, node: Any) -> Any:
        if isinstance(a, Lit) and isinstance(b, Lit):
            return Lit(a.value + b.value)
        return b if a == Lit(0) else self.op("+", a, b, node=node)

    def size_of(self, values: Value, node: Any) -> Any:
        """How many numbers there are in numbers and arrays."""
        total: Any = Lit(0)
        for v in _items(self, values):
            one = Lit(1) if rank(type_of(v)) == 0 else self.op("size", v, node=node)
            total = self._sum(total, one, node)
        return total


def _items(low: Any, value: Value) -> tuple[Any, ...]:
    value = low.fresh_list(value)
    assert isinstance(value, Seq)
    return value.items
