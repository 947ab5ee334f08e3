"""What every example has in common.  They are run by `make examples`; here they are only read."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent / "examples"
FILES = sorted(HERE.glob("*.py"))
NEEDED = {"numpy", "scipy", "matplotlib", "sklearn", "sympy", "s2sad", *sys.stdlib_module_names}
OPTIONAL = {"torch", "jax", "numba"}
MAXIMUM_LINES = 149
TABLE = (HERE / "README.md").read_text("utf-8")

every_example = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def imported(node: ast.AST, guarded: bool = False) -> Iterator[tuple[str, bool]]:
    """The packages that are imported, each with whether it may be missing."""
    if isinstance(node, ast.Import):
        yield from ((alias.name.partition(".")[0], guarded) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0], guarded
    for child in ast.iter_child_nodes(node):
        missing = isinstance(node, ast.Try) and child in node.body and any(
            isinstance(h.type, ast.Name) and h.type.id in ("ImportError", "ModuleNotFoundError") for h in node.handlers)
        yield from imported(child, guarded or missing)


def asserts(body: list[ast.stmt], known: dict[str, ast.FunctionDef]) -> bool:
    """Whether statements end in an assertion, in a block with one, or in the call of a function that ends so."""
    last = body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name):
        called = known.get(last.value.func.id)
        return called is not None and asserts(called.body, {n: f for n, f in known.items() if f is not called})
    return any(isinstance(node, ast.Assert) for node in ast.walk(last))


@every_example
def test_is_short_and_says_what_it_is(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAXIMUM_LINES
    assert len(ast.get_docstring(tree_of(path)) or "") > 40


@every_example
def test_ends_in_an_assertion(path: Path) -> None:
    """A file without `main` is one that others differentiate: it holds functions only."""
    tree = tree_of(path)
    known = functions(tree)
    if "main" not in known:
        assert all(isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef)) for node in tree.body[1:])
        return
    assert asserts(known["main"].body, known), "the last statement of main() has no assertion"
    assert ast.unparse(tree.body[-1]) == "if __name__ == '__main__':\n    main()"


@every_example
def test_needs_nothing_but_the_extra(path: Path) -> None:
    siblings = {other.stem for other in FILES}
    wrong = {name for name, guarded in imported(tree_of(path))
             if name not in NEEDED | siblings and not (guarded and name in OPTIONAL)}
    assert not wrong


@every_example
def test_writes_to_the_folder_for_it(path: Path) -> None:
    tree = tree_of(path)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if re.match(r"[/~]\w|~/", text)]
    pictures = [node for node in ast.walk(tree) if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute) and node.func.attr in ("savefig", "imsave")]
    assert all("out" in ast.unparse(node.args[0]).lower() for node in pictures)
    if pictures:
        # The file itself says so, or the one that it takes the folder from.
        text = path.read_text("utf-8")
        given = re.search(r"^from (\w+) import .*\bOUT\b", text, re.M)
        text += (HERE / f"{given.group(1)}.py").read_text("utf-8") if given is not None else ""
        assert 'OUT = Path(__file__).parent / "out"\n' in text
        assert 'matplotlib.use("Agg")\n' in text


@every_example
def test_stands_in_the_table(path: Path) -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith(f"| [{path.name}]({path.name}) |")]
    assert len(rows) == 1, "examples/README.md has one line for each example"
    assert rows[0].endswith("| picture |") == ("savefig" in path.read_text("utf-8"))


def test_the_table_has_nothing_else() -> None:
    assert set(re.findall(r"^\| \[(\S+)\]", TABLE, re.M)) == {path.name for path in FILES}
