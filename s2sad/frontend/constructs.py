"""What the language leaves out: for each construct its name and what to write instead."""

from __future__ import annotations

from typing import Any

import gast

_LOOP = "write a loop, or a vectorised expression"

CONSTRUCTS: dict[type[Any], tuple[str, str]] = {
    # Statements.
    gast.AsyncWith: ("'async with'", "differentiate a plain function"),
    gast.AsyncFor: ("'async for'", "differentiate a plain function"),
    gast.AsyncFunctionDef: ("'async def'", "differentiate a plain function"),
    gast.TryStar: ("'except*'", "catch the exceptions one by one, with 'except'"),
    gast.ClassDef: ("a class definition", "define the class at the top level of the module"),
    gast.Delete: ("'del'", "leave it out"),
    gast.Global: ("'global'", "return the value instead of assigning a global"),
    gast.Nonlocal: ("'nonlocal'", "return the value instead of assigning an outer variable"),
    # Expressions.
    gast.Yield: ("'yield'", "return the values"),
    gast.YieldFrom: ("'yield from'", "return the values"),
    gast.Await: ("'await'", "differentiate a plain function"),
    gast.DictComp: ("a dict comprehension", _LOOP),
    gast.Starred: ("a starred expression", "write the items one by one"),
}
# Python 3.12 and newer.
for _name in ("TypeAlias",):
    if hasattr(gast, _name):
        CONSTRUCTS[getattr(gast, _name)] = ("a type alias", "define it at the top level of the module")


def construct(node: Any) -> tuple[str, str]:
    """The name of a construct that is not supported, and what to write instead.

    >>> construct(gast.parse("del x").body[0])
    ("'del'", 'leave it out')
    """
    return CONSTRUCTS.get(type(node), (f"'{type(node).__name__}'", ""))
