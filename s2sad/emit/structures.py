"""Structures in text: how the parts of an argument are read, how a result is put together.

    W = model.W                     type(model)(W=W_bar, b=b_bar)
    weights = params["weights"]     instance(type(layer), W=W_bar, name=None)
    (a, b), c = pair                Point(x=a, y=b)

The class of a result is that of an argument where there is one of this class: so the text need not name it.  Any other
class is imported, or handed to the text if no import statement can name it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from s2sad.emit.expr import Expressions, attribute, call, constant, display, load, subscript
from s2sad.frontend.structures import takes_fields
from s2sad.names import sanitise
from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ir import Class, Const, Leaf, Node, Trace, Tree
from s2sad.trace.walk import refs

_TAKEN = frozenset(("np", "math", "njit", "type", "pullback", *HELPERS))


def parts(tree: Node, owner: ast.expr) -> Iterator[tuple[Tree, ast.expr]]:
    """The parts of a structure, each with the expression that reads it."""
    for k, part in enumerate(tree.items):
        if tree.cls is not None:
            yield part, attribute(owner, str(tree.keys[k]))
        else:
            yield part, subscript(owner, tree.keys[k] if tree.kind == "dict" else k)


def pattern(tree: Tree, names: Sequence[ast.expr]) -> ast.expr:
    """A structure of tuples and lists as a target of an assignment."""
    return tree_expr(tree, names, load("_"), _no_class)


def tree_expr(tree: Tree, leaves: Sequence[ast.expr], absent: ast.expr,
              made: Callable[[Node, list[ast.expr]], ast.expr]) -> ast.expr:
    """A structure as a display; a constant part that is not written is ``absent``, ``made`` writes objects."""
    if isinstance(tree, Leaf):
        return leaves[tree.index]
    if isinstance(tree, Const):
        plain = isinstance(tree.value, (bool, int, float, complex, str)) and isinstance(absent, ast.Constant)
        return constant(tree.value) if plain else absent
    items = [tree_expr(t, leaves, absent, made) for t in tree.items]
    if tree.cls is not None:
        return made(tree, items)
    if tree.kind == "dict":
        keys: list[ast.expr | None] = [constant(k) for k in tree.keys]
        return ast.Dict(keys=keys, values=items)
    return display(items, tree.kind == "list")


def _no_class(tree: Node, items: list[ast.expr]) -> ast.expr:
    raise AssertionError(f"{tree.cls} on the left of an assignment")


class Results:
    """The structures that one function returns."""

    def __init__(self, trace: Trace, ex: Expressions) -> None:
        self.ex = ex
        self.names = class_names(trace)
        self.given = _classes_of_inputs(trace)

    def expr(self, tree: Tree, leaves: Sequence[ast.expr]) -> ast.expr:
        """A structure of values."""
        return tree_expr(tree, leaves, ast.Constant(value=None), self._object)

    def _object(self, tree: Node, items: list[ast.expr]) -> ast.expr:
        assert tree.cls is not None
        cls = self._class(tree.cls)
        options = [(str(k), item) for k, item in zip(tree.keys, items)]
        if tree.cls.object is not None and takes_fields(tree.cls.object, tree.keys):
            return call(cls, [], options)
        if tree.kind == "tuple":
            return call(attribute(cls, "_make"), [display(items)])
        return self.ex.helper("instance", [cls], options)

    def _class(self, cls: Class) -> ast.expr:
        owner = self.given.get(cls)
        if owner is not None:
            return call(self.ex.ref("type"), [owner])
        return self.ex.ref(self.names[cls], cls.object)


def _classes_of_inputs(trace: Trace) -> dict[Class, ast.expr]:
    """The classes that arguments have, each with an argument, or part of one, that has it."""
    def go(tree: Tree, owner: ast.expr) -> Iterator[tuple[Class, ast.expr]]:
        if isinstance(tree, Node):
            if tree.cls is not None:
                yield tree.cls, owner
            for part, reading in parts(tree, owner):
                yield from go(part, reading)

    found: dict[Class, ast.expr] = {}
    if all(i.name != "type" for i in trace.inputs):
        for i in trace.inputs:
            for cls, owner in go(i.tree, load(i.name)) if i.kind == "argument" else ():
                found.setdefault(cls, owner)
    return found


def class_names(trace: Trace) -> dict[Class, str]:
    """What the text of a function calls the classes of what it returns, apart from those of arguments."""
    given = _classes_of_inputs(trace)
    taken = {*_TAKEN, trace.name, *(c.name for c in trace.callees), *(i.name for i in trace.inputs)}
    taken |= {r.name for r in refs(trace.body)}
    names: dict[Class, str] = {}
    for cls in _classes(trace.result):
        if cls in given or cls in names:
            continue
        base = name = sanitise(cls.name)
        count = 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        names[cls] = name
    return names


def _classes(tree: Tree) -> Iterator[Class]:
    if isinstance(tree, Node):
        if tree.cls is not None:
            yield tree.cls
        for item in tree.items:
            yield from _classes(item)


def handed_in(trace: Trace) -> dict[str, Any]:
    """The user's objects that the text of a trace names, such as classes of exceptions, and of what it returns."""
    own = {r.name: r.object for r in refs(trace.body) if r.object is not None}
    own |= {name: cls.object for cls, name in class_names(trace).items()}
    return own | {name: obj for callee in trace.callees for name, obj in handed_in(callee).items()}


__all__ = ["Results", "class_names", "handed_in", "parts", "pattern"]
