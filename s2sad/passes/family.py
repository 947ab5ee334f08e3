"""The functions of one program and the derivatives made of them.

A call inside a differentiated function needs the derivative of its callee, for the same choice of active arguments.
The family makes each of these once and gives it a name before it is made, so that recursion closes on itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from s2sad.names import is_identifier
from s2sad.passes.inline import inlined, primal_name
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.static import zero_number
from s2sad.trace.ir import Arg, Const, Custom, Input, Leaf, Lit, Node, Op, Trace, Tree, Undef, Var
from s2sad.trace.types import Array, List, Residual, Scalar, Type, is_differentiable, kind_of
from s2sad.trace.walk import own_vars, statements


def with_own_name(trace: Trace) -> Trace:
    """A function whose name is not that of a function it calls."""
    name, others = trace.name, {c.name for c in trace.callees}
    while name in others:
        name += "_"
    return replace(trace, name=name)


OWN_KINDS = ("jvp", "vjp", "grad", "value_and_grad")


class Family:
    """A program under transformation.

    `program` holds the functions as they were, `traces` every function by name; `made` says which derivative of which
    function has which name.  `stands_for` maps a function that takes the place of another in the forward sweep to that.
    """

    def __init__(self, trace: Trace, spelled: bool = False) -> None:
        self.program = (trace, *trace.callees)
        # Whether every contribution to an adjoint is to be an operation of its own, for people to follow.
        self.spelled = spelled
        self.traces: dict[str, Trace] = {t.name: t for t in trace.callees}
        self.made: dict[tuple[str, str, tuple[bool, ...]], str] = {}
        self.stands_for: dict[str, str] = {}
        # The names that are given elsewhere, where functions are made later.
        self.elsewhere: Collection[str] = ()
        # A function that calls itself is among its callees, too: their derivatives must not take its derivative's name.
        self.names = {trace.name, *self.traces, *(f"{trace.name}_{kind}" for kind in OWN_KINDS)}

    def request(self, kind: str, callee: str, pattern: tuple[bool, ...], make: Callable[[Trace], Trace]) -> str:
        """The name of the derivative ``kind`` of a callee, made by ``make`` if this is the first request."""
        key = (kind, callee, pattern)
        if key not in self.made:
            self.made[key] = self.reserve(f"{callee}_{kind}")
            self.put(make(self.traces[callee]), self.made[key])
        return self.made[key]

    def reserve(self, name: str) -> str:
        """A function name of this program that nothing else has."""
        unique, k = name, 1
        while unique in self.names or unique in self.elsewhere:
            k += 1
            unique = f"{name}{k}"
        self.names.add(unique)
        return unique

    def custom(self, name: str, wanted: str) -> Custom | None:
        """How a function is differentiated whose derivative is given; what is ``wanted`` of it is made now."""
        f = self.traces[name]
        if f.custom is None or f.custom.later is None or getattr(f.custom, wanted):
            return f.custom
        made: Custom
        made, functions, self.elsewhere = f.custom.later(f.custom, wanted, self.names)
        new = [flat_function(t) if any(isinstance(tree, Node) for tree in (t.result, *(i.tree for i in t.inputs)))
               else t for t in functions if t.name not in self.traces]
        known = {**{t.name: t for t in new}, **self.traces}
        self.names.update(known)
        self.traces.update((t.name, replace(inlined(t, known, hint=primal_name), callees=())) for t in new)
        self.traces[name] = replace(f, custom=made)
        return made

    def put(self, trace: Trace, name: str) -> None:
        """Add a function under a reserved name."""
        self.traces[name] = replace(trace, name=name, callees=())

    def finish(self, main: Trace) -> Trace:
        """The main function with all others as its callees, under a name none of them has."""
        return with_own_name(replace(main, callees=tuple(self.traces.values())))

    def residual_types(self, name: str) -> list[Type]:
        """The types of the parts of a residual."""
        for trace in self.traces.values():
            for stmt in statements(trace.body):
                if isinstance(stmt, Op) and stmt.fn == "pack" and stmt.target is not None and (
                        stmt.target.type == Residual(name)):
                    return [type_of(a) for a in stmt.args]
        return []


def dot_name(v: Var) -> str:
    """The name of a tangent; that of an unnamed variable follows the name the variable will get."""
    return f"{v.hint}_dot" if v.is_named else f"#{v.uid}_dot"


def bar_name(v: Var) -> str:
    """The name of an adjoint; that of an unnamed variable follows the name the variable will get."""
    return f"{v.hint}_bar" if v.is_named else f"#{v.uid}_bar"


def zero(b: Builder, like: Arg) -> Arg:
    """A zero with the shape and dtype of ``like``."""
    t = type_of(like)
    if isinstance(t, List):
        if not isinstance(t.item, Scalar) and t.item not in (Array("f8", ()), Array("c16", ())):
            return b.op("zeros_like", like, type=t)
        return b.op("list_repeat", b.op("list_of", zero_number(t.item)), count=b.op("len", like), type=t)
    if not isinstance(like, Var) or isinstance(t, Scalar) or t in (Array("f8", ()), Array("c16", ())):
        return like if isinstance(like, Undef) else zero_number(t)
    if kind_of(t) == "residual" or not isinstance(t, (Array, Scalar)) and is_differentiable(t) and hasattr(t, "item"):
        return b.op("tape_zeros", like, type=t)
    if isinstance(t, Array) and not is_differentiable(t):
        like = b.op("cast", like, dtype=Lit("f8"), type=Array("f8", t.dims))
    return b.op("zeros_like", like, type=like.type)


def named(b: Builder, value: Arg, hint: str, since: int = -1) -> Arg:
    """Give a value the name ``hint`` if it is the unnamed result of the statement just made.

    With ``since`` also of one of the statements made since then, if none of them reads it.
    """
    if isinstance(value, Var) and not value.is_named:
        for k in range(len(b.stmts))[since:]:
            made = b.stmts[k]
            if isinstance(made, Op) and made.target is value and not any(
                    v is value for s in b.stmts[k + 1:] for v in own_vars(s)):
                renamed = Var(value.type, hint)
                b.stmts[k] = replace(made, target=renamed)
                return renamed
    return value


def map_tree(tree: Tree, leaves: Mapping[int, int]) -> Tree | None:
    """The structure of a derivative: the leaves in ``leaves`` renumbered, every other leaf None.

    Returns None if no leaf is left.
    """
    if isinstance(tree, Leaf):
        return Leaf(leaves[tree.index]) if tree.index in leaves else None
    if isinstance(tree, Node):
        items = [map_tree(t, leaves) for t in tree.items]
        if any(t is not None for t in items):
            return replace(tree, items=tuple(Const(None) if t is None else t for t in items))
    return None


def called(tree: Tree, name: str, suffix: str) -> Tree:
    """A structure whose parts have names: after the attributes that hold them, or else ``name``, with a suffix."""
    if not isinstance(tree, Node):
        return tree
    names = (str(tree.keys[k]) if tree.keys else name for k in range(len(tree.items)))
    items = tuple(called(t, n if is_identifier(n) else name, suffix) for n, t in zip(names, tree.items))
    return replace(tree, items=items, name=name + suffix)


def tree_leaves(tree: Tree) -> list[int]:
    """The indices of a structure's leaves, from left to right."""
    if isinstance(tree, Leaf):
        return [tree.index]
    return [k for t in tree.items for k in tree_leaves(t)] if isinstance(tree, Node) else []


def leaf_keys(tree: Tree, key: str = "") -> dict[int, str]:
    """For the leaves in dicts and objects the key, or attribute, that leads to them.

    >>> leaf_keys(Node("dict", (Leaf(0), Node("tuple", (Leaf(1),))), ("W", "b")))
    {0: 'W', 1: 'b'}
    """
    if isinstance(tree, Leaf):
        return {tree.index: key} if key else {}
    found: dict[int, str] = {}
    if isinstance(tree, Node):
        for k, item in enumerate(tree.items):
            step = str(tree.keys[k]) if tree.keys else ""
            found.update(leaf_keys(item, step if is_identifier(step) else key))
    return found


def shift(tree: Tree, by: int) -> Tree:
    """A structure with all leaf indices moved."""
    moved = map_tree(tree, {k: k + by for k in tree_leaves(tree)})
    return tree if moved is None else moved


def seed_inputs(inputs: Sequence[Input], made: Sequence[tuple[str, Tree, Arg]]) -> tuple[Input, ...]:
    """The inputs of a derivative: those of the primal, then the seeds, under names nobody else has."""
    taken = {i.name for i in inputs}
    out = [i for i in inputs if i.kind != "global"]
    for name, tree, default in made:
        unique = name
        while unique in taken:
            unique += "_"
        taken.add(unique)
        out.append(Input(unique, tree, default, "seed"))
    return (*out, *(i for i in inputs if i.kind == "global"))


def flat_function(trace: Trace) -> Trace:
    """A trace as an internal function: one input per param, one flat tuple of result leaves.

    Calls pass and receive leaves, so a callee need not know the structures its public form has.
    """
    names: list[str] = []
    for p in trace.params:
        name, k = p.hint or "v", 1
        while name in names:
            k += 1
            name = f"{p.hint or 'v'}{k}"
        names.append(name)
    inputs = tuple(Input(name, Leaf(k)) for k, name in enumerate(names))
    leaves = tree_leaves(trace.result)
    width = max(leaves, default=-1) + 1
    result: Tree = Leaf(0) if width == 1 else Node("tuple", tuple(Leaf(k) for k in range(width)))
    return replace(trace, inputs=inputs, result=result)
