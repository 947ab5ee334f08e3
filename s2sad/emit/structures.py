"""Structures in text: how the parts of an argument are read, how a result is put together.

    W = model.W                     type(model)(W=W_bar, b=b_bar)
    weights = params["weights"]     instance(type(layer), W=W_bar, name=None)
    (a, b), c = pair                Point(x=a, y=b)

The class of a result is that of an argument where there is one of this class: so the text need not name it.  Any other
class is imported, or handed to the text if no import statement can name it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from s2sad.emit.expr import Expressions
from s2sad.emit.nodes import attribute, call, constant, display, load, subscript
from s2sad.frontend.structures import takes_fields
from s2sad.names import sanitise
from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ir import Class, Const, Leaf, Node, Trace, Tree, Var
from s2sad.trace.types import NOTHING
from s2sad.trace.walk import refs

# How wide a structure may be, and a part of an object.
WIDTH, PART = 72, 56
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
    if isinstance(tree, Leaf):
        return names[tree.index]
    if isinstance(tree, Const):
        return load("_")
    assert tree.cls is None and tree.kind != "dict"
    return display([pattern(t, names) for t in tree.items], tree.kind == "list")


class Results:
    """The structures that one function returns."""

    def __init__(self, trace: Trace, ex: Expressions) -> None:
        self.ex = ex
        self.classes, self.constants = _given(trace)
        self.names = {_key(obj): name for name, obj in named_objects(trace).items()}

    def parted(self, tree: Tree, leaves: Sequence[ast.expr], apart: list[tuple[Var, ast.expr]],
               around: Node | None = None) -> ast.expr:
        """A structure of values; parts of objects that make the line too long go ``apart``, the inner ones first."""
        in_object = around is not None and around.cls is not None
        if not isinstance(tree, Node) or _width(self.expr(tree, leaves)) <= (PART if in_object else WIDTH):
            return self.expr(tree, leaves)
        made = self._node(tree, [self.parted(t, leaves, apart, tree) for t in tree.items])
        if around is None or tree.cls is None and not in_object:
            return made
        var = Var(NOTHING, tree.name or sanitise(tree.kind if tree.cls is None else tree.cls.name.lower()))
        apart.append((var, made))
        return self.ex.name(var)

    def expr(self, tree: Tree, leaves: Sequence[ast.expr]) -> ast.expr:
        """A structure of values."""
        if isinstance(tree, Leaf):
            return leaves[tree.index]
        if isinstance(tree, Const):
            return self._constant(tree.value)
        return self._node(tree, [self.expr(t, leaves) for t in tree.items])

    def _node(self, tree: Node, items: list[ast.expr]) -> ast.expr:
        if tree.cls is not None:
            return self._object(tree.cls, tree, items)
        if tree.kind == "dict":
            keys: list[ast.expr | None] = [constant(k) for k in tree.keys]
            return ast.Dict(keys=keys, values=items)
        return display(items, tree.kind == "list")

    def _constant(self, value: Any) -> ast.expr:
        if _is_plain(value):
            return constant(value)
        return self.constants.get(id(value)) or self.ex.ref(self.names[_key(value)], value)

    def _object(self, cls: Class, tree: Node, items: list[ast.expr]) -> ast.expr:
        made = self._class(cls)
        options = [(str(k), item) for k, item in zip(tree.keys, items)]
        if cls.object is not None and takes_fields(cls.object, tree.keys):
            return call(made, [], options)
        if tree.kind == "tuple":
            return call(attribute(made, "_make"), [display(items)])
        return self.ex.helper("instance", [made], options)

    def _class(self, cls: Class) -> ast.expr:
        owner = self.classes.get(cls)
        if owner is not None:
            return call(self.ex.ref("type"), [owner])
        return self.ex.ref(self.names[_key(cls)], cls.object)


def _width(node: ast.expr) -> int:
    return len(ast.unparse(node))


def _is_plain(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float, complex, str)


def _key(obj: Any) -> Class | int:
    """What tells objects apart: two classes of which only the text is known are one if they are equal."""
    if not isinstance(obj, Class):
        return id(obj)
    return obj if obj.object is None else id(obj.object)


def _given(trace: Trace) -> tuple[dict[Class, ast.expr], dict[int, ast.expr]]:
    """The classes that arguments have, each with an argument, or part of one, that has it; the objects in arguments."""
    classes: dict[Class, ast.expr] = {}
    constants: dict[int, ast.expr] = {}

    # The shortest way to each is the first.
    todo: list[tuple[Tree, ast.expr]] = [(i.tree, load(i.name)) for i in trace.inputs if i.kind == "argument"]
    for tree, owner in todo:
        if isinstance(tree, Const):
            constants.setdefault(id(tree.value), owner)
        elif isinstance(tree, Node):
            if tree.cls is not None:
                classes.setdefault(tree.cls, owner)
            todo += parts(tree, owner)
    return ({} if any(i.name == "type" for i in trace.inputs) else classes), constants


def named_objects(trace: Trace) -> dict[str, Any]:
    """What the text of a function names in the structure of its result, and which arguments do not hold."""
    classes, constants = _given(trace)
    taken = {*_TAKEN, trace.name, *(c.name for c in trace.callees), *(i.name for i in trace.inputs)}
    taken |= {r.name for r in refs(trace.body)}
    names: dict[str, Any] = {}
    for base, obj in _objects(trace.result):
        if obj in classes or id(obj) in constants:
            continue
        obj = obj.object if isinstance(obj, Class) and obj.object is not None else obj
        if any(_key(one) == _key(obj) for one in names.values()):
            continue
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        names[name] = obj
    return names


def _objects(tree: Tree, name: str = "known") -> Iterator[tuple[str, Any]]:
    """The classes and other objects in a structure, with what they may be called."""
    if isinstance(tree, Const) and not _is_plain(tree.value):
        yield sanitise(getattr(tree.value, "__name__", name)), tree.value
    elif isinstance(tree, Node):
        if tree.cls is not None:
            yield sanitise(tree.cls.name), tree.cls
        for k, item in enumerate(tree.items):
            yield from _objects(item, str(tree.keys[k]) if tree.keys else name)


def handed_in(trace: Trace) -> dict[str, Any]:
    """The user's objects that the text of a trace names, such as classes of exceptions, and of what it returns."""
    own = {r.name: r.object for r in refs(trace.body) if r.object is not None} | named_objects(trace)
    return own | {name: obj for callee in trace.callees for name, obj in handed_in(callee).items()}


__all__ = ["Results", "handed_in", "named_objects", "parts", "pattern"]
