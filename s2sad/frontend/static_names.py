"""What the free names of a function mean according to the text of its module alone; nothing is imported or run.

Imports of NumPy, SciPy and `math` are known by name, functions by their definition, numbers by what they are assigned.
A name bound to anything else is opaque, and so is a name that is bound in several ways.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import functools
import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from s2sad.errors import SourceError
from s2sad.frontend.classes import lookup
from s2sad.frontend.draws import MAKERS
from s2sad.frontend.library import is_library, library_name, library_object, module_name
from s2sad.frontend.meanings import (
    ABSENT,
    RULES,
    Class,
    Custom,
    Function,
    Guard,
    Known,
    Meaning,
    Missing,
    ModuleRef,
    Number,
    Opaque,
    Static,
    Table,
)
from s2sad.frontend.modules import Module
from s2sad.frontend.source import FunctionSource, definition_source
from s2sad.frontend.static_classes import class_meaning
from s2sad.frontend.static_rules import given_rules, is_checkpoint, is_rule, statements_around

_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_READS = frozenset("keys values items get copy index count".split())
_HINT = "name what you need in an import from numpy or math, or pass it as an argument"


@dataclass(frozen=True, eq=False)
class Binding:
    """A statement of the module that binds a name; ``sure`` if it certainly runs."""

    node: Any
    sure: bool


class StaticResolver:
    """The names of a function that is known by its text."""

    def __init__(self, source: FunctionSource) -> None:
        self.source = source
        self.module = source.module
        self.bindings = _bindings(self.module)
        self._resolving: list[str] = []

    @property
    def guards(self) -> tuple[Guard, ...]:
        return ()

    @property
    def custom(self) -> Custom | None:
        """What the module says of the function's derivative."""
        node = next((d.node for d in self.module.definitions if d.qualname == self.source.qualname), None)
        return None if node is None else self._custom(node)

    def _custom(self, node: ast.AST) -> Custom | None:
        """What the statements around a definition say of the function's derivative."""
        if not isinstance(node, ast.FunctionDef):
            return None
        rules = given_rules(statements_around(self.module.tree, node), node.name)
        jvp, vjp, fwd, bwd = (self._rule(node.name, rules[kind]) if kind in rules else None for kind in RULES)
        return Custom(jvp, vjp, fwd, bwd) if rules else None

    def _rule(self, name: str, node: ast.expr | ast.FunctionDef) -> Function:
        meaning = self._function(node.name, node) if isinstance(node, ast.FunctionDef) else self._value(name, node)
        if not isinstance(meaning, Function):
            raise SourceError(f"{self.module.file}:{node.lineno}: the rule of {name} is not known without running the "
                              "module: define it as a function")
        return meaning

    def read_number(self, name: str) -> Any:
        """There is no present value: the module has not run."""
        raise LookupError(f"the module of {name} has not been imported")

    def reader(self, meaning: Opaque | Table) -> str:
        """The name of an object in the text."""
        return meaning.name

    def watch(self, name: str) -> Any:
        """What the module itself assigns to a global that the program writes to; None if that is no number."""
        sure = [b.node for b in self.bindings.get(name, ()) if b.sure]
        made = [self._binding(name, node) for node in sure]
        if not made:
            return ABSENT
        return made[-1].value if all(isinstance(m, Number) for m in made) else None  # type: ignore[union-attr]

    def name(self, name: str) -> Meaning:
        if name == "__class__":
            return self.class_around() or Missing(name, "super() outside of a class of the module")
        enclosing = self._enclosing(name)
        if enclosing:
            return Opaque(None, f"a variable of the enclosing function {enclosing}, whose value is not known", name)
        bindings = self.bindings.get(name, ())
        if not bindings:
            return self._outside(name)
        if name in self._resolving:
            return Opaque(None, "defined by itself", name)
        self._resolving.append(name)
        try:
            meanings = [self._binding(name, b.node) for b in bindings]
        finally:
            self._resolving.pop()
        if len(meanings) == 1:
            return meanings[0]
        if len({_same(meaning) for meaning in meanings}) == 1:
            return meanings[-1]
        if all(isinstance(meaning, Number) for meaning in meanings):
            # Which of the values it has does not matter, only that it is a number.
            return Number(name, None)
        if bindings[-1].sure and isinstance(bindings[-1].node, (ast.FunctionDef, ast.Import, ast.ImportFrom)):
            return meanings[-1]
        return Opaque(None, "bound more than once", name)

    def attribute(self, base: Meaning, name: str) -> Meaning:
        if isinstance(base, (ModuleRef, Known)) and is_library(base.dotted):
            dotted = f"{base.dotted}.{name}"
            exists, found = library_object(dotted)
            if not exists:
                return self._unknown(base.dotted, dotted, name)
            return _library(dotted, found)
        if isinstance(base, ModuleRef):
            dotted = f"{base.dotted}.{name}"
            return Opaque(None, f"of the module {base.dotted}, which is not imported; {_HINT}", dotted)
        if isinstance(base, (Missing, Class)):
            return base if isinstance(base, Missing) else Missing(name, f"{base.name} has no attribute {name}")
        if isinstance(base, Opaque):
            return Opaque(None, base.reason, f"{base.name}.{name}")
        owner = base.dotted if isinstance(base, Known) else base.name
        reason = f"an attribute of {owner}, which is not known without running the module"
        return Opaque(None, reason, f"{owner}.{name}")

    def item(self, base: Table, key: Any) -> Meaning:
        found, name = base.value[key], f"{base.name}[{key!r}]"
        return Table(found, name) if isinstance(found, (list, dict)) else Static(found, name)

    def hold(self, base: Table) -> None:
        """The text is all there is."""

    def constant(self, name: str, found: Any) -> Number:
        """A number of which nothing but the text is known."""
        return Number(name, None)

    def rely_on(self, fn: Any) -> None:
        """The text is all there is."""

    def _method(self, node: Any) -> Meaning:
        """A function in the body of a class."""
        return self._function(node.name, node)

    def class_around(self) -> Class | None:
        """The class of the module that a method is defined in."""
        outer, _, _ = self.source.qualname.rpartition(".")
        found = self.name(outer) if outer.isidentifier() else None
        return found if isinstance(found, Class) else None

    def entry_meaning(self, found: Any, dotted: str, cls: type, name: str, after: type | None = None) -> Meaning:
        """What a member of a class means that is not defined in the text."""
        return Opaque(None, "not known without running the module", dotted)

    def class_entry(self, cls: type, name: str, after: type | None = None) -> Any:
        """What a class has for a name."""
        return lookup(cls, name, after)[1]

    def _unknown(self, owner: str, dotted: str, name: str) -> Meaning:
        exists, module = library_object(owner)
        if not exists:
            return Opaque(None, f"of {owner}, which is not installed", dotted)
        close = difflib.get_close_matches(name, dir(module), 1)
        return Missing(dotted, f"{owner} has no {name}" + (f"; did you mean {owner}.{close[0]}?" if close else ""))

    def _enclosing(self, name: str) -> str:
        """The function around this one that binds the name, if one does."""
        outer, _, _ = self.source.qualname.rpartition(".")
        while outer.endswith(".<locals>"):
            outer = outer.removesuffix(".<locals>")
            for definition in self.module.definitions:
                if definition.qualname == outer and name in _bound_inside(definition.node):
                    return outer.replace(".<locals>", "")
            outer, _, _ = outer.rpartition(".")
        return ""

    def _outside(self, name: str) -> Meaning:
        """A name that the module does not bind: of a star import, or a built-in."""
        for star in self.bindings.get("*", ()):
            if not is_library(star.node.module or ""):
                return Opaque(None, f"perhaps one of the names that `from {star.node.module} import *` brings", name)
            exists, found = library_object(f"{module_name(star.node.module)}.{name}")
            if exists:
                return _library(f"{module_name(star.node.module)}.{name}", found)
        if hasattr(builtins, name):
            return _library(name, getattr(builtins, name))
        close = difflib.get_close_matches(name, [*self.bindings, *dir(builtins)], 1)
        return Missing(name, f"name {name} is not defined" + (f"; did you mean {close[0]}?" if close else ""))

    def _binding(self, name: str, node: Any) -> Meaning:
        if isinstance(node, ast.Import):
            alias = next(a for a in node.names if (a.asname or a.name.partition(".")[0]) == name)
            dotted = module_name(alias.name if alias.asname else name)
            return ModuleRef(dotted, library_object(dotted)[1] if is_library(dotted) else None)
        if isinstance(node, ast.ImportFrom):
            alias = next(a for a in node.names if (a.asname or a.name) == name)
            origin = "." * node.level + (node.module or "")
            if node.level == 0 and is_library(origin):
                dotted = f"{module_name(origin)}.{alias.name}"
                exists, found = library_object(dotted)
                return _library(dotted, found) if exists else self._unknown(module_name(origin), dotted, alias.name)
            return Opaque(None, f"imported from {origin}, which is not run; {_HINT}", name)
        if isinstance(node, ast.FunctionDef):
            if node.decorator_list and not all(map(self._is_transparent, node.decorator_list)):
                return Opaque(None, "decorated, and what the decorator makes of it is not known", name)
            return replace(self._function(name, node), carrier=self._carrier(node))
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if all(isinstance(target, ast.Name) for target in targets) and node.value is not None:
                return self._value(name, node.value)
        if isinstance(node, ast.AugAssign):
            return Number(name, None)
        if isinstance(node, ast.ClassDef):
            return class_meaning(self.module, node, self._method, self._value, self._dotted)
        return Opaque(None, "not known without running the module", name)

    def _carrier(self, node: ast.FunctionDef) -> Any:
        """The options of `s2sad.differentiate`, if that is among the decorators."""
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            found = self._dotted(decorator if call is None else call.func)
            if isinstance(found, Known) and found.dotted == "s2sad.differentiate":
                given = {k.arg: self._constant(k.value)[1] for k in (call.keywords if call is not None else ())}
                plain = not {"outputs", "copy"} & given.keys()
                wrt = given.get("wrt", given.get("argnums"))
                return SimpleNamespace(_wrt=wrt, _has_aux=given.get("has_aux", False),
                                       __s2sad_options__=(None, plain, None))
        return None

    def _is_transparent(self, decorator: ast.expr) -> bool:
        """Whether a decorator leaves the function's values as they are: s2sad's own, numba's, and the caches."""
        text = ast.unparse(decorator).partition("(")[0].rpartition(".")[2]
        return is_rule(decorator) or text in ("differentiate", "jit", "njit", "cache", "lru_cache", "checkpoint",
                                              "staticmethod")

    def _function(self, name: str, node: ast.FunctionDef | ast.Lambda) -> Meaning:
        definition = next(d for d in self.module.definitions if d.node is node)
        source = functools.partial(definition_source, self.module, definition)
        custom = self._custom(node)
        if custom is None and is_checkpoint(node):
            custom = Custom(again=True)
        return Function(name, name, source, lambda: StaticResolver(source()), custom=custom)

    def _value(self, name: str, node: ast.expr) -> Meaning:
        if isinstance(node, ast.Lambda):
            return self._function(name, node)
        if isinstance(node, ast.Name):
            return _renamed(self.name(node.id), name)
        if isinstance(node, ast.Attribute):
            return _renamed(self._dotted(node), name)
        known, value = self._constant(node)
        if known:
            return Number(name, value) if isinstance(value, (bool, int, float, complex)) else Static(value, name)
        if isinstance(node, (ast.List, ast.Dict)) and name not in _changed(self.module):
            known, value = self._display(node)
            if known:
                return Table(value, name)
        called = self._dotted(node.func) if isinstance(node, ast.Call) else None
        if isinstance(called, Known) and called.dotted in MAKERS:
            return Opaque(None, f"a {MAKERS[called.dotted]}", name, MAKERS[called.dotted])
        if isinstance(node, ast.List):
            return Opaque(None, "not known without running the module", name, "list")
        if isinstance(called, Known) and called.dotted.startswith("s2sad."):
            return Opaque(None, f"made by {called.dotted} when the module runs: make it inside the function", name)
        if isinstance(called, Known):
            # np.array(…), float(…): a number, most likely, whose type only a run can tell.
            return Number(name, None)
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            return Number(name, None)
        return Opaque(None, "not known without running the module", name)

    def _dotted(self, node: ast.expr) -> Meaning:
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.Attribute):
            return self.attribute(self._dotted(node.value), node.attr)
        return Opaque(None, "not known without running the module")

    def _display(self, node: ast.expr) -> tuple[bool, Any]:
        """The value of a list or dict of literals, if it is one."""
        if isinstance(node, ast.List):
            items = [self._display(item) for item in node.elts]
            return all(known for known, _ in items), [value for _, value in items]
        if isinstance(node, ast.Dict):
            pairs = [(self._constant(k) if k is not None else (False, None), self._display(v))
                     for k, v in zip(node.keys, node.values)]
            known = all(k and v for (k, _), (v, _) in pairs)
            return known, {key: value for (_, key), (_, value) in pairs} if known else {}
        return self._constant(node)

    def _constant(self, node: ast.expr) -> tuple[bool, Any]:
        """The value of an expression of literals, if it is one."""
        if isinstance(node, ast.Constant):
            return True, node.value
        if isinstance(node, ast.Tuple):
            items = [self._constant(item) for item in node.elts]
            return all(known for known, _ in items), tuple(value for _, value in items)
        if isinstance(node, (ast.Name, ast.Attribute)):
            meaning = self._dotted(node)
            value = meaning.object if isinstance(meaning, Known) else getattr(meaning, "value", None)
            return isinstance(value, (int, float)), value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            known, value = self._constant(node.operand)
            if known and isinstance(value, (int, float, complex)):
                return True, -value if isinstance(node.op, ast.USub) else +value
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            (left_known, left), (right_known, right) = self._constant(node.left), self._constant(node.right)
            if left_known and right_known and _is_small(left) and _is_small(right):
                try:
                    return True, _BINARY[type(node.op)](left, right)
                except ArithmeticError:
                    return False, None
        return False, None


def _is_small(value: Any) -> bool:
    # So that no module makes the compiler compute 9**9**9.
    if isinstance(value, int):
        return abs(value) <= 1024
    return isinstance(value, (float, complex)) and math.isfinite(abs(value))


def _library(dotted: str, found: Any) -> Meaning:
    if type(found).__name__ == "module":
        return ModuleRef(dotted, found)
    if found is None:
        return Static(None, dotted)
    return Known(library_name(found) or dotted, found)


def _renamed(meaning: Meaning, name: str) -> Meaning:
    if isinstance(meaning, Number):
        return Number(name, meaning.value)
    return meaning


def _same(meaning: Meaning) -> Any:
    if isinstance(meaning, (Known, ModuleRef)):
        return type(meaning), meaning.dotted
    if isinstance(meaning, Static):
        return Static, repr(meaning.value)
    return id(meaning)


def _bindings(module: Module) -> dict[str, list[Binding]]:
    """What binds the names of the module, in order; ``global`` statements in functions count, too."""
    found: dict[str, list[Binding]] = {}
    for node, sure in _statements(module.tree.body, True):
        for name in _bound_by(node):
            found.setdefault(name, []).append(Binding(node, sure))
    for definition in module.definitions:
        body = [] if isinstance(definition.node, ast.Lambda) else definition.node.body
        declared = {name for node in ast.walk(definition.node) if isinstance(node, ast.Global) for name in node.names}
        for node, _ in _statements(body, False) if declared else ():
            for name in declared.intersection(_bound_by(node)):
                found.setdefault(name, []).append(Binding(node, False))
    return found


def _statements(body: list[ast.stmt], sure: bool) -> Iterator[tuple[ast.stmt, bool]]:
    for stmt in body:
        yield stmt, sure
        if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        within = sure and isinstance(stmt, ast.With)
        for part in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(stmt, part, []), within)
        for part in ("handlers", "cases"):
            for inner in getattr(stmt, part, []):
                yield from _statements(inner.body, False)


def _bound_by(node: ast.stmt) -> list[str]:
    """The names that a statement itself binds, not those that a statement inside it does."""
    if isinstance(node, ast.Import):
        return [a.asname or a.name.partition(".")[0] for a in node.names]
    if isinstance(node, ast.ImportFrom):
        return [a.asname or a.name for a in node.names]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    names = []
    stack: list[ast.AST] = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            names.append(part.id)
        if not isinstance(part, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack += [child for child in ast.iter_child_nodes(part) if not isinstance(child, ast.stmt)]
    return names


def _changed(module: Module) -> set[str]:
    """The names of which a method that may change is called, or an item set, somewhere in the module."""
    found = set()
    for node in ast.walk(module.tree):
        inner: Any = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            inner = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr not in _READS:
            inner = node.func.value
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
        if isinstance(inner, ast.Name):
            found.add(inner.id)
    return found


def _bound_inside(node: Any) -> set[str]:
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {parameter.arg for parameter in parameters if parameter is not None}
    for stmt, _ in _statements([] if isinstance(node, ast.Lambda) else node.body, True):
        names.update(_bound_by(stmt))
    return names
