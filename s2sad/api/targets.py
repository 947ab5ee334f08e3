"""Command-line targets: ``FILE.py:f`` and ``package.module:f``, found without importing anything.

`static_function` gives the function as its text tells; `live_function` runs the file, for commands asked to.
"""

from __future__ import annotations

import ast
import importlib
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2sad.errors import ArgumentError, TargetError
from s2sad.frontend.meanings import Function
from s2sad.frontend.source import file_function_source
from s2sad.frontend.static_names import StaticResolver


@dataclass(frozen=True)
class Target:
    """A function in a file; ``module`` is its dotted name if it was given by that."""

    path: str
    function: str
    module: str | None = None


def find_target(text: str) -> Target:
    """The file and function a target means.

    Raises:
        TargetError: (a LookupError) if the target is malformed, or there is no such file.

    >>> find_target("json.decoder:JSONDecoder.decode").function
    'JSONDecoder.decode'
    """
    place, colon, function = text.rpartition(":")
    if not colon or not place or not function:
        names = f"; it defines {', '.join(_functions(text))}" if text.endswith(".py") and os.path.isfile(text) else ""
        raise TargetError(f"target {text!r} names no function: write FILE.py:function or package.module:function"
                          f"{names}")
    if place.endswith(".py") or os.sep in place:
        if not os.path.isfile(place):
            raise TargetError(f"{place}: there is no such file")
        return Target(place, function)
    return Target(_module_file(place), function, place)


def _functions(path: str) -> list[str]:
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (SyntaxError, ValueError, OSError):
        return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def _module_file(dotted: str) -> str:
    """The file of a module, by the path finder of the import system and without importing its packages."""
    path: Sequence[str] | None = [os.getcwd(), *sys.path]
    name = ""
    for part in dotted.split("."):
        name = f"{name}.{part}" if name else part
        spec = importlib.machinery.PathFinder.find_spec(name, path) if part.isidentifier() else None
        if spec is None:
            hint = f"; did you mean {dotted}.py:…?" if os.path.isfile(f"{dotted}.py") else ""
            raise TargetError(f"module {dotted!r} is not found: there is no {name} on sys.path or in this directory"
                              f"{hint}")
        path = list(spec.submodule_search_locations or [])
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        raise TargetError(f"module {dotted!r} has no Python source file")
    return spec.origin


def static_function(target: Target) -> Function:
    """The function as its text tells; nothing is run."""
    source = file_function_source(target.path, target.function)
    return Function(source.name, source.qualname, lambda: source, lambda: StaticResolver(source))


def live_function(target: Target) -> Any:
    """The function object: the file is run, as ``python -m`` or an import would.

    Raises:
        TargetError: (a LookupError) if the module has no such function.
    """
    # A misspelt name is told before anything runs.
    file_function_source(target.path, target.function)
    directory = os.getcwd() if target.module else os.path.dirname(os.path.abspath(target.path))
    with _first_on_path(directory):
        if target.module:
            module = importlib.import_module(target.module)
        else:
            name = Path(target.path).stem
            spec = importlib.util.spec_from_file_location(name, target.path)
            if spec is None or spec.loader is None:
                raise TargetError(f"{target.path} cannot be imported")
            module = importlib.util.module_from_spec(spec)
            sys.modules.setdefault(name, module)
            spec.loader.exec_module(module)
    found: Any = module
    for part in target.function.split("."):
        found = getattr(found, part, None)
        if found is None:
            raise TargetError(f"{target.path} has no function {target.function} once it has run")
    return found


@contextmanager
def _first_on_path(directory: str) -> Any:
    sys.path.insert(0, directory)
    try:
        yield
    finally:
        if directory in sys.path:
            sys.path.remove(directory)


def parse_point(items: Sequence[str]) -> dict[str, Any]:
    """The arguments of ``--at``: literals by name; lists of numbers are arrays.

    Raises:
        ArgumentError: (a TypeError) if an item is not NAME=VALUE.

    >>> parse_point(["x=[1, 2.5]", "n=3"])
    {'x': array([1. , 2.5]), 'n': 3}
    """
    point: dict[str, Any] = {}
    for item in items:
        name, equals, text = item.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ArgumentError(f"--at {item!r}: write NAME=VALUE, such as x=2.0 or 'x=[1.0, 2.0]'")
        try:
            value = ast.literal_eval(text.strip())
        except (SyntaxError, ValueError):
            raise ArgumentError(f"--at {item!r}: {text!r} is not a literal, such as 2.0, [1.0, 2.0] or 'ij'") from None
        point[name.strip()] = _as_arrays(value)
    return point


def _as_arrays(value: Any) -> Any:
    if isinstance(value, list):
        try:
            made = np.array(value)
        except ValueError:
            made = np.array(None)
        if made.dtype.kind in "iuf" and made.size:
            return made.astype(float)
        if made.dtype.kind == "b":
            return made
        return [_as_arrays(item) for item in value]
    return tuple(map(_as_arrays, value)) if isinstance(value, tuple) else value
