"""The names of library objects: which object is ``np.sin``, and which dotted name means what.

Objects with a rule are named by the rules; the others by where NumPy, SciPy, `math` and the built-ins keep them.
"""

from __future__ import annotations

import builtins
import cmath
import importlib
import inspect
import math
import os
import sys
import types
from typing import Any

import numpy as np

from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.names import lookup
from s2sad.runtime.control import CONTROL
from s2sad.runtime.helpers import HELPERS

SHORT = {"numpy": "np"}
# Modules whose objects are known by name; those of SciPy once the user has imported them.
_MODULES = ("builtins", "math", "cmath", "operator", "functools", "itertools", "collections", "numpy",
            "numpy.linalg", "numpy.fft", "numpy.random", "random", "time", "warnings")
_OPTIONAL = ("scipy", "scipy.special", "scipy.linalg", "scipy.signal", "scipy.sparse", "scipy.sparse.linalg",
             "scipy.stats", "scipy.integrate", "scipy.interpolate", "scipy.optimize", "scipy.fft", "scipy.ndimage",
             "logging", "pdb")
PACKAGES = ("numpy", "scipy")
# Modules of Python whose functions have effects, or draw.
_EFFECTS = ("random", "time", "warnings", "logging", "pdb")
_CONTROL = {id(obj): name for name, obj in CONTROL.items()}
# Functions written in Python that are known by name all the same.
_BY_NAME = {"copy": ("copy", "deepcopy"), "dataclasses": ("replace", "asdict", "astuple", "fields", "is_dataclass")}
# Functions that give named tuples; the classes are no part of NumPy's public names.
_RESULTS = {f"np.linalg.{name}": f"{cls}Result" for name, cls in (
    ("eig", "Eig"), ("eigh", "Eigh"), ("qr", "QR"), ("svd", "SVD"), ("slogdet", "Slogdet"))} | {
    f"np.unique_{name.lower()}": f"Unique{name}Result" for name in ("All", "Counts", "Inverse")} | {
    "scipy.stats.pearsonr": "PearsonRResultBase", "scipy.stats.linregress": "LinregressResult"}
_CONSTANTS = {
    id(getattr(m, n)): f"{s}.{n}"
    for m, s, names in (
        (cmath, "cmath", ("pi", "e", "inf", "nan", "tau")),
        (math, "math", ("pi", "e", "inf", "nan", "tau")),
        (np, "np", ("pi", "e", "inf", "nan", "euler_gamma")),
    )
    for n in names
}

# Objects are kept beside their names, so that no identity is used twice.
_names: dict[int, tuple[str, Any]] = {}
_seen: set[str] = set()


def module_name(name: str) -> str:
    """The canonical name of a module.

    >>> module_name("numpy.linalg"), module_name("math")
    ('np.linalg', 'math')
    """
    head, dot, rest = name.partition(".")
    return SHORT.get(head, head) + dot + rest


def is_library(module: str) -> bool:
    """Whether a module, by its own or its canonical name, is one whose objects are known by name."""
    head = module.partition(".")[0]
    return head in (*PACKAGES, *_EFFECTS, "np", "math", "cmath", "builtins", "operator", "itertools", "functools",
                    "statistics", "collections", "s2sad")


def library_name(obj: Any) -> str | None:
    """The canonical name of an object, or None.

    >>> library_name(np.sin), library_name(len), library_name(np.float32), library_name(math.exp)
    ('np.sin', 'len', 'np.float32', 'math.exp')
    """
    ruled = lookup(inspect.getattr_static(obj, "__s2sad_primal__", obj))
    if ruled is not None:
        return ruled
    if _is_own_operator(obj):
        return f"s2sad.{obj.__name__}"
    name = getattr(obj, "__name__", None)
    if isinstance(name, str) and HELPERS.get(name) is obj:
        return name  # named by an equivalent, as an operation
    generated = isinstance(obj, types.FunctionType) and str(obj.__module__).startswith("s2sad_generated.")
    if generated and obj.__name__ in HELPERS:
        # In a generated file that is differentiated again, its helpers are operations.
        return "cast" if obj.__name__ == "cast_like" else obj.__name__
    if id(obj) in _CONTROL:
        return _CONTROL[id(obj)]
    if getattr(obj, "__module__", None) == "s2sad.api.checkpoint" and isinstance(obj, types.FunctionType):
        return "s2sad.checkpoint"
    if obj is np.bool_:
        return "np.bool_"  # NumPy 2 calls it bool, NumPy 1 does not have that name
    if getattr(obj, "__module__", None) == "numba.misc.special" and getattr(obj, "__name__", None) == "prange":
        return "range"  # a loop whose iterations may run in any order
    if isinstance(obj, types.FunctionType) and obj.__name__ in _BY_NAME.get(obj.__module__, ()):
        return f"{obj.__module__}.{obj.__name__}"
    _fill()
    found = _names.get(id(obj))
    if found is not None:
        return found[0]
    owner = _names.get(id(obj.__self__)) if isinstance(obj, types.MethodType) else None
    if owner is not None and f"{owner[0]}.{obj.__name__}" in DECLARATIONS:
        return f"{owner[0]}.{obj.__name__}"
    if isinstance(ufunc := getattr(obj, "__self__", None), np.ufunc):
        return f"{library_name(ufunc)}.{obj.__name__}"
    module = getattr(obj, "__module__", None)
    name = getattr(obj, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        return None
    compiled = isinstance(obj, (types.BuiltinFunctionType, types.FunctionType)) or is_dispatcher(obj)
    if module.partition(".")[0] in (*PACKAGES, "statistics") and compiled:
        return f"{module_name(module)}.{name}"
    if isinstance(obj, types.BuiltinFunctionType) and isinstance(getattr(obj, "__self__", None), types.ModuleType):
        return f"{module.removeprefix('_')}.{name}"
    return None


def is_dispatcher(obj: Any) -> bool:
    """Whether an object is what NumPy puts before its functions, so that other arrays may have their own."""
    return type(obj).__name__ == "_ArrayFunctionDispatcher"


def _is_own_operator(obj: Any) -> bool:
    """Whether an object is a public function of s2sad, such as ``grad``."""
    if not isinstance(obj, types.FunctionType) or not str(obj.__module__).startswith("s2sad.api."):
        return False
    package = sys.modules["s2sad"]
    return obj.__name__ in package.__all__ and getattr(package, obj.__name__) is obj


def in_library(file: str) -> bool:
    """Whether a file belongs to one of the libraries whose functions are known by name.

    >>> in_library(np.linalg.__file__), in_library(__file__)
    (True, False)
    """
    roots = (getattr(sys.modules.get(package), "__file__", None) for package in PACKAGES)
    return any(root is not None and file.startswith(os.path.dirname(root) + os.sep) for root in roots)


def result_class(name: str) -> type[Any] | None:
    """The class of named tuples that a function gives its results as; None if it gives a plain tuple.

    >>> result_class("np.linalg.eigh")._fields, result_class("np.divmod")
    (('eigenvalues', 'eigenvectors'), None)
    """
    _, fn = library_object(name) if name in _RESULTS else (False, None)
    cls = getattr(inspect.unwrap(fn), "__globals__", {}).get(_RESULTS[name]) if callable(fn) else None
    return cls if isinstance(cls, type) else None


def constant_name(name: str, obj: Any) -> str | None:
    """The canonical name of a constant such as ``pi``, if ``name`` is the library's own name for this very object.

    >>> constant_name("pi", math.pi), constant_name("tau", math.pi)
    ('math.pi', None)
    """
    found = _CONSTANTS.get(id(obj))
    return found if found is not None and found.rpartition(".")[2] == name else None


def library_object(dotted: str) -> tuple[bool, Any]:
    """Whether the dotted name exists in a library, and what it is.  Imports nothing but libraries.

    >>> library_object("np.linalg.nothing"), library_object("np.linalg.inv") == (True, np.linalg.inv)
    ((False, None), True)
    """
    head, *rest = dotted.split(".")
    head = {"np": "numpy"}.get(head, head)
    if not is_library(head):
        return (True, getattr(builtins, head)) if not rest and hasattr(builtins, head) else (False, None)
    try:
        found: Any = importlib.import_module(head)
        path = head
        for part in rest:
            path = f"{path}.{part}"
            if isinstance(found, types.ModuleType) and not hasattr(found, part):
                importlib.import_module(path)
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return False, None
    return True, found


def _fill() -> None:
    for module in (*_MODULES, *(m for m in _OPTIONAL if m in sys.modules)):
        if module in _seen:
            continue
        _seen.add(module)
        prefix = "" if module == "builtins" else module_name(module) + "."
        for name, obj in list(vars(importlib.import_module(module)).items()):
            if name.startswith("_") or not callable(obj):
                continue
            # The name that the object has itself goes before its aliases, the shorter module before the longer.
            own = getattr(obj, "__name__", name) == name
            if id(obj) not in _names or (own and not _is_own(id(obj))):
                _names[id(obj)] = (prefix + name, obj)


def _is_own(key: int) -> bool:
    name, obj = _names[key]
    return bool(getattr(obj, "__name__", None) == name.rpartition(".")[2])
