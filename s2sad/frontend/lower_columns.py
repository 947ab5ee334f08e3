"""Jacobians inside a function: `jacfwd`, `jacrev`, `hessian`, `elementwise_grad`.

Numbers among the arguments (or results) take one run each, arrays a loop over their elements (`jacobians`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.frontend import jacobians
from s2sad.frontend.function_values import Along, Columns, Derived, Linear
from s2sad.frontend.lower_functional import Args, Named
from s2sad.frontend.lower_nested import Nested
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.steps import Step
from s2sad.frontend.trees import is_variable
from s2sad.frontend.values import Seq, Value, describe_value, is_number
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Lit, Var
from s2sad.trace.types import FLOAT, Array, dtype_of, kind_of, rank

_KINDS = {"jacfwd": "fwd", "jacrev": "rev", "elementwise_grad": "sum"}


class Jacobians(Nested):
    """Jacobians."""

    def _builtin_s2sad_jacfwd(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._columns("jacfwd", self.options("jacfwd", args, kwargs, node), node)

    def _builtin_s2sad_jacrev(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._columns("jacrev", self.options("jacrev", args, kwargs, node), node)

    def _builtin_s2sad_elementwise_grad(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._columns("elementwise_grad", self.options("elementwise_grad", args, kwargs, node), node)

    def _builtin_s2sad_hessian(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        given = self.options("hessian", args, kwargs, node)
        return self._columns("jacfwd", {**given, "f": self._columns("jacrev", given, node)}, node)

    def _columns(self, name: str, given: Named, node: Any) -> Value:
        return Columns(given["f"], _KINDS[name], self.chosen(given["f"], self.wrt(given, node, 0), node),
                       self._flag(given, "holomorphic"))

    def _call_Columns(self, fn: Columns, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        positions = fn.chosen.ordered
        if positions[-1] >= len(args):
            self.refuse(node, "an argument to differentiate by is given by keyword, or not at all",
                        "give it by position")
        xs = Seq(tuple(args[k] for k in positions))
        for x in xs.items:
            if not is_variable(x):
                self.refuse_type(node, f"a Jacobian by {describe_value(x)} has no meaning", "pass floats")
        y, linear = self.linear_at(fn.fn, args, kwargs, positions, fn.kind == "fwd", node, at_once=True)
        y = self.fresh_list(y)
        ins, outs = list(_variables(self, xs)), list(_variables(self, y))
        self._check_kinds(fn, ins, outs, node)
        if fn.kind == "sum":
            return self.as_shown(self._conjugated(fn, self._bars(linear, self._ones(y, node), node)), fn.chosen)
        if not outs:
            self.refuse_type(node, f"the result is {describe_value(y)}, which has no derivative")
        if fn.kind == "fwd":
            found = [self._by_one(linear, args, positions, k, x, outs, "jacfwd", node) for k, x in enumerate(ins)]
            table = [[column[j] for column in found] for j in range(len(outs))]
        elif is_number(y) and rank(type_of(y)) == 0:
            table = [list(_variables(self, self._slope(fn, args, kwargs, node)))]
        else:
            table = [[self._conjugated(fn, v) for v in self._by_one(linear, [y], (0,), k, one, ins, "jacrev", node)]
                     for k, one in enumerate(outs)]
        rows = iter([[self._as_numpy(v) for v in row] for row in table])
        return self._mapped(y, lambda: self.as_shown(self._columns_in(xs, iter(next(rows)), len(positions)), fn.chosen))

    def _check_kinds(self, fn: Columns, ins: list[Var | Lit], outs: list[Var | Lit], node: Any) -> None:
        """Refuse complex numbers where their two parts have derivatives of their own."""
        both = {kind_of(type_of(v)) == "complex" for v in (*ins, *outs)}
        if fn.holomorphic and False in both:
            self.refuse_type(node, "holomorphic=True is for functions from complex numbers to complex numbers")
        if not fn.holomorphic and any(kind_of(type_of(v)) == "complex" for v in (ins if fn.kind == "fwd" else outs)):
            what = "by complex numbers" if fn.kind == "fwd" else "of a complex result"
            self.refuse_type(node, f"a Jacobian {what} has two parts", "differentiate by, or take, the real and the "
                             "imaginary part; holomorphic=True is for the complex derivative of a holomorphic function")

    def _conjugated(self, fn: Columns, value: Value) -> Value:
        """A row of a holomorphic Jacobian, of what the pullback gives."""
        if isinstance(value, Seq):
            return value.holding(self._conjugated(fn, v) for v in value.items)
        return self.op("np.conj", value) if fn.holomorphic and is_number(value) else value  # type: ignore[arg-type]

    def _as_numpy(self, value: Value) -> Value:
        """A number of a Jacobian, which is NumPy's."""
        plain = isinstance(value, (Var, Lit)) and type_of(value) == FLOAT
        return self.op("np.float64", value) if plain else value  # type: ignore[arg-type]

    def _slope(self, fn: Columns, args: Args, kwargs: Named, node: Any) -> Value:
        """The gradient of a result that is one number."""
        inner = self.derived(fn.fn, node)
        step = Derived(inner.fn, (*inner.steps, Step("grad", fn.chosen.ordered, False, fn.holomorphic)))
        return self.derived_call(step, args, kwargs, node, "", [])

    def _by_one(self, linear: Linear, likes: Args, positions: tuple[int, ...], leaf: int, one: Var | Lit,
                others: list[Var | Lit], kind: str, node: Any) -> list[Value]:
        """The derivatives that belong to one number or array on this side, and all those on the other side."""
        if any(rank(type_of(v)) is None for v in (one, *others)):
            self.refuse_type(node, "this is a Jacobian of something that may be a number or an array of any rank",
                             "give the types of the arguments")
        run = Along(linear, tuple(likes[k] for k in positions), leaf)
        if rank(type_of(one)) == 0:
            return list(self.items_of(self._call_Along(run, [Lit(1.0)], {}, node, ""), node) or ())
        text = jacobians.by_columns if kind == "jacfwd" else jacobians.by_rows
        meaning = function_meaning(text)
        assert meaning is not None
        info = replace(self.program.definition(meaning), name=f"{self.called(linear.fn)}_{kind}")
        names = ("x", "results", "dtypes", "push") if kind == "jacfwd" else ("y", "arguments", "dtypes", "pull")
        # Of the results only the shapes are read.
        shapes = one if kind == "jacfwd" else self.stopped(one, node)
        others_ = Seq(tuple(self.stopped(v, node) for v in others) if kind == "jacfwd" else tuple(others))
        dtypes = Seq(tuple(self.from_object(self._dtype_of_both(one, v, node)) for v in others))
        made = self.real_call(info, dict(zip(names, (shapes, others_, dtypes, run))), node, "")
        assert isinstance(made, Seq)
        return list(made.items)

    def _dtype_of_both(self, one: Var | Lit, other: Var | Lit, node: Any) -> Any:
        """The dtype of the derivatives of one by the other: complex if one of them is."""
        own, far = type_of(one), type_of(other)
        name = dtype_of(far if kind_of(far) == "complex" != kind_of(own) else own)
        if name == "?":
            self.refuse_type(node, "the dtype of this array is not known at compile time",
                             "give the type of the argument")
        return np.dtype(name)

    def _call_Along(self, fn: Along, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The derivatives along one number or array, as a tuple."""
        count = [fn.leaf]

        def planted(like: Value) -> Value:
            like = self.fresh_list(like)
            if isinstance(like, Seq) and is_variable(like):
                return like.holding(map(planted, like.items))
            count[0] -= is_variable(like)
            return args[0] if is_variable(like) and count[0] == -1 else Lit(None)

        seeds = [planted(like) for like in fn.likes]
        if fn.linear.forward:
            tangents: Args = [Lit(None)] * len(fn.linear.args)
            for k, seed in zip(fn.linear.positions, seeds):
                tangents[k] = seed if any(v == args[0] for v in _numbers(seed)) else Lit(None)
            made = self._call_Linear(fn.linear, tangents, {}, node, "")
        else:
            made = self._bars(fn.linear, seeds[0], node)
        return Seq(tuple(_numbers(made)))

    def _bars(self, linear: Linear, seed: Value, node: Any) -> Value:
        made = self._call_Linear(linear, [seed], {}, node, "")
        assert isinstance(made, Seq)
        bars = tuple(made.items[k] for k in linear.positions)
        return bars[0] if len(bars) == 1 else Seq(bars)

    def _ones(self, value: Value, node: Any) -> Value:
        value = self.fresh_list(value)
        if isinstance(value, Seq):
            return value.holding(self._ones(v, node) for v in value.items)
        if not is_variable(value):
            return Lit(None)
        is_array = isinstance(value, Var) and isinstance(value.type, Array) and bool(value.type.dims)
        return self.op("np.ones_like", value, node=node) if is_array else Lit(1.0)  # type: ignore[arg-type]

    def _mapped(self, value: Value, make: Any) -> Value:
        value = self.fresh_list(value)
        if isinstance(value, Seq):
            return value.holding(self._mapped(v, make) for v in value.items)
        return make() if is_variable(value) else Lit(None)

    def _columns_in(self, xs: Seq, found: Iterator[Value], count: int) -> Value:
        made = self._mapped(xs, lambda: next(found))
        assert isinstance(made, Seq)
        return made.items[0] if count == 1 else made


def _variables(lowering: Any, value: Value) -> Iterator[Var | Lit]:
    """The numbers and arrays in a value that have a derivative."""
    value = lowering.fresh_list(value)
    if isinstance(value, Seq):
        for item in value.items:
            yield from _variables(lowering, item)
    elif is_variable(value):
        yield value  # type: ignore[misc]


def _numbers(value: Value) -> Iterator[Value]:
    if isinstance(value, Seq):
        for item in value.items:
            yield from _numbers(item)
    elif is_number(value):
        yield value
