"""Functions for Numba: what its compiler takes, and the plain Python function around it.

Numba compiles functions of numbers, arrays and tuples.  A function that takes or returns other structures, or takes
numbers of the enclosing module by keyword, is written as two: the compiled one takes and returns leaves, and a plain
Python function takes the structures apart and puts them together.

    def f_grad(params, *, rate):
        [a, b] = params
        return [*f_grad_leaves(a, b, rate)]
"""

from __future__ import annotations

from dataclasses import replace

from s2sad.passes.family import flat_function
from s2sad.trace.ir import Block, Call, Const, Leaf, Node, Return, Trace, Tree, Var
from s2sad.trace.types import UNKNOWN


def entered(trace: Trace) -> tuple[Trace, Trace | None]:
    """The function to compile, and the plain function that calls it if there has to be one."""
    plain = all(isinstance(i.tree, Leaf) and i.kind != "global" for i in trace.inputs)
    if trace.split or (plain and _is_plain(trace.result)):
        return trace, None
    name = f"{trace.name}_leaves"
    inner = replace(flat_function(trace), name=name, doc="")
    params = tuple(Var(p.type, p.hint) for p in trace.params)
    count = _leaf_count(trace.result)
    targets = tuple(Var(UNKNOWN, "result" if count == 1 else "") for _ in range(count))
    body = Block((Call(targets, name, params),), Return(targets))
    return inner, replace(trace, params=params, body=body, comments=(), remarks=(), given=None,
                          callees=(*trace.callees, replace(inner, callees=())))


def _is_plain(tree: Tree) -> bool:
    if isinstance(tree, Const):
        return False
    return isinstance(tree, Leaf) or (tree.kind == "tuple" and all(map(_is_plain, tree.items)))


def _leaf_count(tree: Tree) -> int:
    if isinstance(tree, Leaf):
        return 1
    return sum(map(_leaf_count, tree.items)) if isinstance(tree, Node) else 0
