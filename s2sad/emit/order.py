"""Order: a new value of a name is computed after the last look at the old one, where nothing stands against it.

    x_1 = 0.5 * (x + v1)                              x_dot = 0.5 * (x_dot + a_dot / x)
    x_dot = 0.5 * (x_dot + a_dot / x)        ⇒        x = 0.5 * (x + v1)
    x = x_1

Only plain assignments change places, so effects and updates in place stay where they are; an assignment may move past
an update of memory that it does not touch.
"""

from __future__ import annotations

import ast

from s2sad.emit.code import Assign, Code, Store, inside
from s2sad.passes.alias import Aliases, shares
from s2sad.trace.ir import Var

# How far an assignment is looked after: long functions stay linear.
_REACH = 40


def in_good_order(nodes: list[Code], aliases: Aliases) -> list[Code]:
    """The block, and the blocks inside it, with assignments moved down; the lists are changed in place."""
    for node in nodes:
        for block in inside(node):
            block[:] = in_good_order(block, aliases)
    # From the last to the first, so that one move does not undo another.
    for k in range(len(nodes) - 2, -1, -1):
        node = nodes[k]
        if isinstance(node, Assign) and _is_plain(node) and node.targets[0].hint:
            last = _last_look(nodes, k, node.targets[0], aliases)
            if last > k:
                nodes.insert(last, nodes.pop(k))
    return nodes


def _last_look(nodes: list[Code], k: int, target: Var, aliases: Aliases) -> int:
    """The last of the assignments and updates after the k-th that reads another variable of its target's name."""
    last, moved = k, nodes[k]
    assert isinstance(moved, Assign)
    for j in range(k + 1, min(k + _REACH, len(nodes))):
        node = nodes[j]
        if not isinstance(node, (Assign, Store)) or target in node.reads:
            break
        if isinstance(node, Store):
            if moved.sweep == node.sweep == "primal" or _touches(moved, node, aliases):
                break
        elif not _is_plain(node):
            break
        if moved.sweep == node.sweep == "primal" and _may_raise(moved) and _may_raise(node):
            break                                           # the program's own exceptions come in its order
        if any(v.hint == target.hint for v in node.reads):
            last = j
    return last


def _touches(node: Assign, update: Store, aliases: Aliases) -> bool:
    """Whether an assignment makes, or reads, the memory that is updated."""
    written = aliases.find(update.base)
    return update.base in node.targets or any(
        aliases.find(v) is written for v in (*node.targets, *node.reads) if shares(v.type))


def _is_plain(node: Assign) -> bool:
    """Whether an assignment computes one value, for a variable that is assigned nowhere else, and does nothing else."""
    if len(node.targets) != 1 or node.pattern is not None or node.sites or node.values[0] is None:
        return False
    value = node.values[0]
    return not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "pop")


def _may_raise(node: Code) -> bool:
    """Whether an assignment divides, or calls what may refuse its arguments."""
    divisions = (ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
    return isinstance(node, Assign) and any(
        isinstance(n, ast.BinOp) and isinstance(n.op, divisions)
        or isinstance(n, ast.Call) and ast.unparse(n.func).startswith(("math.", "np.linalg.", "int"))
        for value in node.values if value is not None for n in ast.walk(value))
