"""Functions of several numbers in `math` and `statistics`: the numbers are their operands, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from s2sad.frontend.lower_itertools import Itertools
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import GeneratorOf, ListOf, Value, describe_value, is_bottom
from s2sad.trace.ir import NONE, Lit, Var

_OF_SEQUENCES = frozenset("mean fmean geometric_mean harmonic_mean variance pvariance stdev pstdev".split())


class MathFunctions(Itertools):
    """Handlers by canonical name."""

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        """The handler of a function that is more than an operation; those of `statistics` are alike."""
        short = name.removeprefix("statistics.")
        if short != name and short in _OF_SEQUENCES:
            return lambda args, kwargs, node, hint: self._of_sequence(name, args, kwargs, node, hint)
        return super().special(name)

    def _of_sequence(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords(name, kwargs, node)
        self._arity(name, args, 1, 1, node)
        return self._of_numbers(name, self._numbers(args[0], name, node), node, hint)

    def _of_numbers(self, name: str, items: Args, node: Any, hint: str) -> Value:
        if any(map(is_bottom, items)):
            return next(i for i in items if is_bottom(i))
        return self.op(name, *(self.number(i, node, f"{name}() takes numbers") for i in items), node=node, hint=hint)

    def _numbers(self, value: Value, name: str, node: Any) -> list[Value]:
        found = self._listed_items(value, f"{name}()", node)
        if not found:
            self.refuse_type(node, f"{name}() of nothing is not supported")
        return found

    def _builtin_math_fsum(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("math.fsum", args, 1, 1, node)
        if is_bottom(args[0]):
            return args[0]
        items = self._listed_items(args[0], "math.fsum()", node)
        return self._of_numbers("math.fsum", items, node, hint) if items else Lit(0.0)

    def _builtin_math_prod(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        start = kwargs.pop("start", None)
        self._no_keywords("math.prod", kwargs, node)
        self._arity("math.prod", args, 1, 1, node)
        if is_bottom(args[0]):
            return args[0]
        items = self.items_of(args[0], node)
        if items is not None:
            items = items if start is None else [start, *items]
            return self._of_numbers("math.prod", items, node, hint) if items else Lit(1)
        source = self.as_generator(args[0], node)
        if isinstance(source, (Var, ListOf)):
            source = self.generated("item for item in items", source, node)
        if not isinstance(source, GeneratorOf):
            self.refuse(node, f"math.prod() of {describe_value(args[0])} is not supported", "use np.prod(...)")
        [step] = self.statements("product = product * item", node)
        step.value.right = source.node.elt
        taken = {n.id for n in gast.walk(source.node) if isinstance(n, gast.Name)}
        if "product" in taken:
            self.refuse(node, "math.prod() of something that is called 'product' is not supported", "rename it")
        return self.looped(source, "", [step], "return product", {"product": Lit(1) if start is None else start}, hint)

    def _builtin_math_dist(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_two("math.dist", args, node, hint)

    def _builtin_math_sumprod(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_two("math.sumprod", args, node, hint)

    def _of_two(self, name: str, args: Args, node: Any, hint: str) -> Value:
        self._arity(name, args, 2, 2, node)
        if any(map(is_bottom, args)):
            return next(a for a in args if is_bottom(a))
        p, q = (self._numbers(a, name, node) for a in args)
        if len(p) != len(q):
            self.refuse_type(node, f"{name}() of {len(p)} and {len(q)} numbers: there must be as many of both")
        return self._of_numbers(name, [*p, *q], node, hint)

    def _builtin_statistics_median(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("statistics.median", args, 1, 1, node)
        numbers = self.in_order(self._numbers(args[0], "statistics.median", node), NONE, Lit(False), node)
        middle = len(numbers) // 2
        if len(numbers) % 2:
            return numbers[middle]
        total = self.binary("+", numbers[middle - 1], numbers[middle], node)
        return self.binary("/", total, Lit(2), node, hint)
