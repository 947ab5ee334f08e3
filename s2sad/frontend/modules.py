"""The text of one file or notebook cell: its lines, its syntax tree, its comments, and the functions it defines.

Positions are those of Python's `ast`: lines count from 1, columns are offsets into the UTF-8 bytes of the line.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from s2sad.once import once

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comment = tuple[int, str, bool]

# One frame for each level of the syntax tree, some for the visitor: a sum of some thousand terms still goes through.
DEPTH = 20_000


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow the recursion that a long sum or a long chain of ``elif`` needs.

    >>> with deep_recursion():
    ...     sys.getrecursionlimit() >= DEPTH
    True
    """
    before = sys.getrecursionlimit()
    if before < DEPTH:
        sys.setrecursionlimit(DEPTH)
    try:
        yield
    finally:
        # Another thread may have raised the limit in the meantime; it is then left alone.
        if before < DEPTH and sys.getrecursionlimit() == DEPTH:
            sys.setrecursionlimit(before)


@dataclass(frozen=True, eq=False)
class Definition:
    """A function in the text: its node, its qualified name, and the name that a lambda is assigned to."""

    node: FunctionNode
    qualname: str
    assigned: str = ""

    @property
    def name(self) -> str:
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name

    @property
    def first_line(self) -> int:
        """The line that a code object counts as its first: that of the first decorator, if there is one."""
        if not isinstance(self.node, ast.Lambda) and self.node.decorator_list:
            return self.node.decorator_list[0].lineno
        return self.node.lineno


@dataclass(frozen=True, eq=False)
class Module:
    """A file or a cell: ``lines`` without their ends, and the tree they parse to."""

    file: str
    lines: tuple[str, ...]
    tree: ast.Module

    def comments(self, definition: Definition) -> tuple[Comment, ...]:
        """The comments in a definition: line, text from the ``#`` on, and whether code stands before it on its line.

        >>> module = parse_module("f.py", ("def f(s, t):", "    # Speed.", "    return s / t  # metres", "# No more."))
        >>> module.comments(module.definitions[0])
        ((2, '# Speed.', False), (3, '# metres', True))
        """
        first, last = definition.first_line, definition.node.end_lineno or definition.node.lineno
        if not any("#" in line for line in self.lines[first - 1:last]):
            return ()
        # A lambda may begin and end amid a statement; a function is made of whole lines.
        above = 0 if isinstance(definition.node, ast.Lambda) else first - 1
        lines = self.lines[above:last] if above else self.lines
        found = []
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.type == tokenize.COMMENT and first <= token.start[0] + above <= last:
                line, column = token.start
                found.append((line + above, token.string.rstrip(), bool(lines[line - 1][:column].strip())))
        return tuple(found)

    @once
    def classes(self) -> dict[ast.ClassDef, type | str]:
        """The classes of the text that have been made without running it, or the reasons why they cannot be."""
        return {}

    @once
    def definitions(self) -> tuple[Definition, ...]:
        """Every function and lambda of the text, in the order of their beginnings."""
        return tuple(sorted(_definitions(self.tree, self.lines), key=lambda d: (d.node.lineno, d.node.col_offset)))


def parse_module(file: str, lines: tuple[str, ...]) -> Module:
    """Parse the text; a SyntaxError is the caller's to explain."""
    with deep_recursion():
        return Module(file, lines, ast.parse("\n".join(lines) + "\n", file))


def split_lines(text: str) -> tuple[str, ...]:
    """The lines as Python counts them: a form feed or a Unicode line separator ends none.

    >>> split_lines("a = 1\\r\\nb = 2\\n")
    ('a = 1', 'b = 2')
    """
    return tuple(line.rstrip("\n") for line in io.StringIO(text, newline=None))


def _definitions(tree: ast.Module, lines: Sequence[str]) -> Iterator[Definition]:
    lambdas = [number for number, line in enumerate(lines, 1) if "lambda" in line]

    def is_idle(node: ast.AST) -> bool:
        """Whether there is surely no function in an expression or a simple statement: most of a file is these."""
        if not isinstance(node, (ast.expr, ast.stmt)) or "body" in node._fields or "cases" in node._fields:
            return False
        place = bisect_left(lambdas, node.lineno)
        return place == len(lambdas) or lambdas[place] > (node.end_lineno or node.lineno)

    # A stack instead of recursion.
    stack: list[tuple[ast.AST, str, str]] = [(tree, "", "")]
    while stack:
        node, prefix, assigned = stack.pop()
        below, name = prefix, ""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Definition(node, prefix + node.name)
            below = f"{prefix}{node.name}.<locals>."
        elif isinstance(node, ast.Lambda):
            yield Definition(node, f"{prefix}<lambda>", assigned)
            below = f"{prefix}<lambda>.<locals>."
        elif isinstance(node, ast.ClassDef):
            below = f"{prefix}{node.name}."
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        # Inside an expression Python does not always know the lines: those of f-strings.
        known = isinstance(node, (ast.Module, ast.stmt))
        stack += [(child, below, name) for child in ast.iter_child_nodes(node) if not (known and is_idle(child))]
