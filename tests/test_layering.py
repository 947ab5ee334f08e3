"""The layers of the package: an import points to the left or stays in its layer, and modules form no circle."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "s2sad"
LAYERS = (
    ("errors", "version"),
    ("names", "once"),
    ("trace",),
    ("rules", "runtime"),
    ("frontend",),
    ("analysis",),
    ("passes",),
    ("forward", "reverse"),
    ("emit",),
    ("build",),
    ("backends",),
    ("api",),
    ("testing", "report", "language", "functions"),
    ("cli", "__main__"),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))
MAXIMUM_LINES = 450


def module_name(path: Path, root: Path = ROOT) -> str:
    """``s2sad/trace/ir.py`` is ``s2sad.trace.ir``, ``s2sad/trace/__init__.py`` is ``s2sad.trace``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path) for path in FILES}


def is_type_checking(test: ast.expr) -> bool:
    """Whether a condition is ``TYPE_CHECKING``, which holds for type checkers only."""
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def imports(tree: ast.AST, module: str, is_package: bool) -> list[tuple[int, str]]:
    """Line and module of everything imported anywhere in a file, also inside functions."""
    found: list[tuple[int, str]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and is_type_checking(node.test):
            for child in node.orelse:
                visit(child)
            return
        if isinstance(node, ast.Import):
            found.extend((node.lineno, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                parts = parts[: len(parts) - node.level + is_package]
                base = ".".join(parts + ([base] if base else []))
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.append((node.lineno, inner if inner in MODULES else base))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def imports_of(path: Path) -> list[tuple[int, str]]:
    """What a file of the package imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return imports(tree, module_name(path), path.name == "__init__.py")


def layer(module: str) -> str:
    """The first part of a module's name below the package."""
    return (module.split(".") + [""])[1]


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_file = pytest.mark.parametrize("path", FILES, ids=identify)


@every_file
def test_imports_point_to_the_left(path: Path) -> None:
    module = module_name(path)
    if module == "s2sad":
        return
    assert layer(module) in RANK, f"{identify(path)} belongs to no layer"
    wrong = []
    for line, imported in imports_of(path):
        if imported.split(".")[0] != "s2sad":
            continue
        if layer(imported) not in RANK or RANK[layer(imported)] > RANK[layer(module)]:
            wrong.append(f"{identify(path)}:{line}: {layer(module)} imports {imported}")
    assert not wrong, "\n".join(wrong)


@every_file
def test_imports_from_elsewhere(path: Path) -> None:
    """NumPy, gast and astor; SciPy and Numba only where they are asked for; for the runtime NumPy alone."""
    module = module_name(path)
    allowed = {"numpy", "gast", "astor", "scipy", "s2sad", *sys.stdlib_module_names}
    if layer(module) == "backends":
        allowed |= {"numba", "llvmlite"}
    if layer(module) == "runtime":
        allowed = {"numpy", "typing", "__future__", "s2sad"}
    wrong = [
        f"{identify(path)}:{line}: imports {name}"
        for line, name in imports_of(path)
        if name.split(".")[0] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@every_file
def test_optional_packages_are_imported_lazily(path: Path) -> None:
    """Importing s2sad needs no SciPy and no Numba: their imports stand inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    top = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    found = imports(top, module_name(path), path.name == "__init__.py")
    assert not [name for _, name in found if name.split(".")[0] in ("scipy", "numba", "llvmlite")]


def test_modules_form_no_circle() -> None:
    graph = {
        module_name(path): {name for _, name in imports_of(path) if name in MODULES} - {module_name(path)}
        for path in FILES
        if module_name(path) != "s2sad"
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, "a circle of imports: " + " -> ".join((*path[path.index(module) :], module))
        if module in done:
            return
        for imported in sorted(graph.get(module, ())):
            visit(imported, (*path, module))
        done.add(module)

    for module in sorted(graph):
        visit(module, ())


@every_file
def test_files_are_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAXIMUM_LINES, f"{identify(path)} has {lines} lines"


def test_the_reader_of_imports() -> None:
    text = (
        "import numpy as np\n"
        "from s2sad.trace import ir\n"
        "from ..errors import Refusal\n"
        "if TYPE_CHECKING:\n    import gast\n"
        "def f():\n    from . import walk\n    import astor\n"
    )
    found = [name for _, name in imports(ast.parse(text), "s2sad.trace.text", False)]
    assert found == ["numpy", "s2sad.trace.ir", "s2sad.errors", "s2sad.trace.walk", "astor"]
