"""Makers of syntax nodes, each at the place in the text of another one."""

from __future__ import annotations

import copy
from typing import Any

import gast

# The name of what is returned later; nobody needs to see it.
RESULT = "_s2sad_result_"
# The name of what says how a block is left.
EXIT = "exit_"


def shown(name: str) -> str:
    """A name as the reader of a derivative is to see it.

    >>> shown("x"), shown("_s2sad_result_"), shown("_s2sad_result_2")
    ('x', '', '')
    """
    return "" if name.startswith(RESULT) else name


def changed(node: Any, **fields: Any) -> Any:
    """A copy of the node with some fields replaced; the children are shared."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def name_node(name: str, context: Any, where: Any) -> Any:
    return gast.copy_location(gast.Name(id=name, ctx=context, annotation=None, type_comment=None), where)


def constant_node(value: object, where: Any) -> Any:
    return gast.copy_location(gast.Constant(value=value, kind=None), where)


def assignment(target: Any, value: Any, where: Any) -> Any:
    return gast.copy_location(gast.Assign(targets=[target], value=value, type_comment=None), where)


def set_flag(name: str, value: int, where: Any) -> Any:
    return assignment(name_node(name, gast.Store(), where), constant_node(value, where), where)


def comparison(name: str, value: int, where: Any) -> Any:
    left = name_node(name, gast.Load(), where)
    return gast.copy_location(
        gast.Compare(left=left, ops=[gast.Eq()], comparators=[constant_node(value, where)]), where
    )
