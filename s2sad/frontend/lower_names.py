"""Statements about names: ``del``, imports inside the function, and assignment in an expression.

A name that is deleted is one that has no value; a module that is imported here is what the same import at the top of
the file would give.
"""

from __future__ import annotations

import importlib
import importlib.util
import types
from typing import Any

import gast

from s2sad.errors import NameRefusal
from s2sad.frontend import meanings
from s2sad.frontend.constructs import construct
from s2sad.frontend.library import is_library, library_object, module_name
from s2sad.frontend.lower_match import Matching
from s2sad.frontend.resolve import LiveResolver
from s2sad.frontend.values import ListOf, Namespace, Poison, Seq, Value, is_bottom, listed


class Naming(Matching):
    """Names."""

    def _NamedExpr(self, node: Any, hint: str) -> Value:
        value = self.expr(node.value, node.target.id)
        # Inside a comprehension the name is the function's.
        self.bind_name(node.target.id, value, node)
        return value

    # del

    def _do_Delete(self, node: Any) -> None:
        for target in node.targets:
            self._delete(target, node)

    def _delete(self, target: Any, node: Any) -> None:
        if isinstance(target, gast.Name):
            self.expr(gast.copy_location(
                gast.Name(id=target.id, ctx=gast.Load(), annotation=None, type_comment=None), target))
            gone = f"'{target.id}' has been deleted"
            self.bind_name(target.id, Poison(gone, "give it a value again, on every path"), node)
        elif isinstance(target, (gast.Tuple, gast.List)):
            for one in target.elts:
                self._delete(one, node)
        elif isinstance(target, gast.Subscript):
            self._delete_item(target, node)
        else:
            self.delete_attribute(self.expr(target.value), target.attr, target)

    def _delete_item(self, target: Any, node: Any) -> None:
        owner = self.expr(target.value)
        if (method := self.special_method(owner, "__delitem__", target)) is not None:
            self.call_value(method, [self.index(target.slice)], {}, target)
        elif isinstance(owner, Seq) and owner.is_dict:
            key = self.dict_key(self.expr(target.slice), target)
            if key not in owner.keys:
                self.refuse_type(target, f"this dict has no item {key!r}", f"it has {listed(owner.keys)}")
            left = [(k, v) for k, v in zip(owner.keys, owner.items) if k != key]
            made = Seq(tuple(v for _, v in left), "dict", tuple(k for k, _ in left), owner.cell)
            self.change(owner, made, node)
        elif isinstance(owner, ListOf) or isinstance(owner, Seq) and owner.is_list:
            self.delete_item(owner, self.index(target.slice), target)
        elif not is_bottom(owner):
            name, instead = construct(node)
            self.refuse(node, f"{name} is not supported", instead)

    # import

    def _do_Import(self, node: Any) -> None:
        for alias in node.names:
            self._module(alias.name, node)
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            self.bind_name(alias.asname or path, self._module(path, node), node)

    def _do_ImportFrom(self, node: Any) -> None:
        path = "." * node.level + (node.module or "")
        module = self._module(path, node)
        for alias in node.names:
            scope = self.frame.scope
            found = scope.attribute(module.meaning, alias.name)
            if isinstance(found, meanings.Missing) and self._is_submodule(module, alias.name):
                found = self._module(f"{path.rstrip('.')}.{alias.name}" if node.module else path + alias.name,
                                     node).meaning
            if isinstance(found, meanings.Missing):
                self.catch(ImportError(f"cannot import name '{alias.name}' from '{path}'"))
            self.bind_name(alias.asname or alias.name, self.from_meaning(found, scope, node), node)

    def _is_submodule(self, module: Namespace, name: str) -> bool:
        found = module.meaning.object
        return hasattr(found, "__path__") and importlib.util.find_spec(f"{found.__name__}.{name}") is not None

    def _module(self, path: str, node: Any) -> Namespace:
        """The module that an import statement names, imported as the statement would."""
        scope = self.frame.scope
        name = path
        if path.startswith("."):
            package = scope.globals.get("__package__") if isinstance(scope, LiveResolver) else None
            if not package:
                raise NameRefusal(f"'{path}' cannot be imported: the package is not known", self.where(node),
                                  "import it at the top of the module")
            name = importlib.util.resolve_name(path, package)
        found: types.ModuleType | None = None
        if isinstance(scope, LiveResolver):
            try:
                found = importlib.import_module(name)
            except ImportError as error:
                self.catch(error)
                raise NameRefusal(f"the import fails: {error}", self.where(node)) from None
        elif is_library(name):
            found = library_object(module_name(name))[1]
        return Namespace(meanings.ModuleRef(module_name(name), found), scope)
