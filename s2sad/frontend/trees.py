"""Structures of derivatives: what a derivative returns as a value, and seeds as operands.

A trace describes a structure by a `Tree`, whose leaves are numbered; the front end by a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from s2sad.frontend.values import Seq, Value, describe_value, is_number
from s2sad.rules.builder import type_of
from s2sad.rules.static import zero_number
from s2sad.trace.ir import Arg, Const, Leaf, Lit, Node, Return, Trace, Tree, Var
from s2sad.trace.joins import join
from s2sad.trace.types import COMPLEX, Array, Type, dtype_of, is_differentiable, kind_of, rank, same_dims
from s2sad.trace.walk import blocks


def leaf_types(trace: Trace) -> list[Type]:
    """The type of each number and array that a function returns."""
    found: list[Type] = []
    for block in blocks(trace.body):
        if isinstance(block.end, Return):
            types = [type_of(v) for v in block.end.values]
            found = [join(a, b) or b for a, b in zip(found, types)] if found else types
    return found


def result_of(trace: Trace, instance: Any, hint: str) -> tuple[Value, dict[int, Var]]:
    """What a call of a trace gives, and the variable for each leaf; ``hint`` names them."""
    targets = {k: Var(instance.outer_type(t)) for k, t in enumerate(leaf_types(trace))}
    names, tree = hint.split(","), trace.result
    several = isinstance(tree, Node) and len(names) == len(tree.items) > 1
    for name, part in zip(names, tree.items if several and isinstance(tree, Node) else (tree,)):
        if isinstance(part, Leaf):
            targets[part.index] = Var(targets[part.index].type, name)

    def value(tree: Tree) -> Value:
        if isinstance(tree, Leaf):
            return targets[tree.index]
        if isinstance(tree, Const):
            return Lit(tree.value)
        return Seq(tuple(map(value, tree.items)), tree.kind, tree.keys, cls=tree.cls)

    return value(tree), targets


def is_variable(value: Value) -> bool:
    """Whether a value is, or contains, something that has a derivative."""
    if isinstance(value, Seq):
        return any(map(is_variable, value.items))
    return is_number(value) and is_differentiable(type_of(value))  # type: ignore[arg-type]


def seeds_of(lowering: Any, trace: Trace, seeds: list[tuple[Value, Value]], node: Any) -> list[Arg]:
    """The operands for the seeds of a derivative, each of which comes with what it belongs to."""
    inputs = [i for i in trace.inputs if i.kind == "seed"]
    found = {k: arg for i, (seed, like) in zip(inputs, seeds)
             for k, arg in _fitted(lowering, i.tree, seed, like, node)}
    return [found[k] for k in sorted(found)]


def _fitted(lowering: Any, tree: Tree, seed: Value, like: Value, node: Any) -> Iterator[tuple[int, Arg]]:
    seed, like = lowering.fresh_list(seed), lowering.fresh_list(like)
    nothing = isinstance(seed, Lit) and seed.value is None
    if isinstance(tree, Leaf):
        yield tree.index, zero(lowering, like, node) if nothing else _leaf(lowering, seed, like, node)
    elif isinstance(tree, Node):
        assert isinstance(like, Seq)
        if not nothing and not (isinstance(seed, Seq) and seed.is_like(like)):
            lowering.refuse_type(node, f"a seed must have the structure of {describe_value(like)}, and it is "
                                       f"{describe_value(seed)}")
        items = seed.items if isinstance(seed, Seq) else (Lit(None),) * len(like.items)
        for part, s, x in zip(tree.items, items, like.items):
            yield from _fitted(lowering, part, s, x, node)


def _leaf(lowering: Any, seed: Value, like: Value, node: Any) -> Arg:
    """A seed as an operand of the type of what it belongs to."""
    if not is_number(seed) or kind_of(type_of(seed)) == "complex" != kind_of(type_of(like)):  # type: ignore[arg-type]
        lowering.refuse_type(node, f"a seed must be a number or array, not {describe_value(seed)}")
    assert isinstance(seed, (Var, Lit)) and isinstance(like, (Var, Lit))
    own, wanted = type_of(seed), type_of(like)
    if rank(wanted) is None and lowering.trusting:
        return seed
    if rank(own) != rank(wanted) or same_dims(own, wanted) is False:
        lowering.refuse_type(node, f"a seed of type {own!r} does not fit what it belongs to, of type {wanted!r}")
    if isinstance(seed, Lit):
        seed = Lit(float(seed.value)) if isinstance(seed.value, int) else seed
    if isinstance(own, Array) and isinstance(wanted, Array) and own.dims and isinstance(like, Var):
        for axis, (a, b) in enumerate(zip(own.dims, wanted.dims)):
            if a != b and not lowering.trusting:
                lengths = [lowering.op("shape", v, options={"axis": Lit(axis)}, node=node) for v in (seed, like)]
                lowering.effect("assert", lowering.op("==", *lengths, node=node),
                                message=Lit("a seed has another shape than what it belongs to"))
    if isinstance(seed, Lit) and wanted == Array("f8", ()):
        return seed
    if isinstance(wanted, Array) and (not isinstance(own, Array) or own.dtype != wanted.dtype):
        if dtype_of(wanted) == "?":
            return lowering.op("cast", seed, like, node=node)  # type: ignore[no-any-return]
        cast: Var = lowering.op("cast", seed, options={"dtype": Lit(dtype_of(wanted))}, node=node)
        return cast
    if wanted == COMPLEX and kind_of(own) != "complex":
        return Lit(complex(seed.value)) if isinstance(seed, Lit) else lowering.op(
            "cast", seed, options={"dtype": Lit("complex")}, node=node)
    return seed


def zero(lowering: Any, like: Value, node: Any) -> Var | Lit:
    """A zero with the shape and dtype of a number or array."""
    assert isinstance(like, (Var, Lit))
    if isinstance(like, Lit) or rank(like.type) == 0 and not isinstance(like.type, Array):
        return zero_number(type_of(like))
    return lowering.op("np.zeros_like", like, node=node)  # type: ignore[no-any-return]


def zeros(lowering: Any, value: Value, node: Any) -> Value:
    """The tangent of a constant: zeros in its structure, None where there is no derivative."""
    if isinstance(value, Seq):
        return value.holding(zeros(lowering, v, node) for v in value.items)
    return zero(lowering, value, node) if is_variable(value) else Lit(None)
