"""Context managers of the user's: whether a block can be run inside one that is only known at run time.

It can if nothing that the block computes depends on it: the manager lets exceptions through, and assigns to nothing but
its own names and attributes.  Its text tells.

>>> import contextlib, threading
>>> why_not(threading.Lock()), why_not(contextlib.suppress)
('', 'it may stop exceptions')
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import threading
import types
import warnings
from typing import Any

import numpy as np

# Of libraries, those that have to do with output, warnings and other threads.
_HARMLESS: tuple[Any, ...] = (
    np.errstate, np.printoptions, warnings.catch_warnings, type(threading.Lock()), type(threading.RLock()),
    threading.Condition, threading.Semaphore,
)
_WRITES = frozenset("setattr delattr exec eval globals vars".split())


def why_not(manager: Any) -> str:
    """Why a block may depend on a manager, or on what calling it gives; empty if it does not."""
    kind = manager if isinstance(manager, type) else type(manager)
    if isinstance(manager, types.FunctionType):
        made = getattr(manager, "__wrapped__", None)
        if made is None or not inspect.isgeneratorfunction(made):
            return "it is not known what it returns"
        return _why_not_text(made, "")
    if kind in _HARMLESS:
        return ""
    if not (hasattr(kind, "__enter__") and hasattr(kind, "__exit__")):
        return f"{kind.__name__} is no context manager"
    for name in ("__init__", "__enter__", "__exit__"):
        method = inspect.getattr_static(kind, name, None)
        if isinstance(method, types.FunctionType):
            reason = _why_not_text(method, name)
            if reason:
                return reason
        elif name != "__init__" or kind.__module__ == "builtins":
            return "it may stop exceptions"
    return ""


def _why_not_text(function: types.FunctionType, name: str) -> str:
    """Why a block may depend on a function that is run around it."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return "its source cannot be read"
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        return "its source cannot be read"
    own = {a.arg for a in (*definition.args.posonlyargs, *definition.args.args[:1])} if name else set()
    for node in ast.walk(definition):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return f"it assigns '{node.names[0]}', a variable from outside"
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            holder: ast.expr = node
            while isinstance(holder, (ast.Attribute, ast.Subscript)):
                holder = holder.value
            if not (isinstance(holder, ast.Name) and holder.id in own):
                return f"it changes {ast.unparse(node)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _WRITES:
            return f"it calls {node.func.id}()"
        if name == "__exit__" and isinstance(node, ast.Return) and node.value is not None and not (
                isinstance(node.value, ast.Constant) and not node.value.value):
            return "it may stop exceptions"
        if not name and isinstance(node, ast.Try) and node.handlers and any(
                isinstance(n, ast.Yield) for part in node.body for n in ast.walk(part)):
            return "it may stop exceptions"
    return ""


def reads_exception(cls: type) -> bool:
    """Whether leaving a context looks at the exception because of which it is left, or may stop it."""
    method = inspect.getattr_static(cls, "__exit__", None)
    if not isinstance(method, types.FunctionType):
        return True
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    except (OSError, SyntaxError, TypeError):
        return True
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        return True
    arguments = definition.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)[1:]}
    names |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    return _why_not_text(method, "__exit__") == "it may stop exceptions" or any(
        isinstance(n, ast.Name) and n.id in names and isinstance(n.ctx, ast.Load) for n in ast.walk(definition))
