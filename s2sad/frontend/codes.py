"""Which function of a text a code object was compiled from.

The text is compiled again and the code objects are compared, so a file that was edited since its import is noticed,
and several lambdas on one line are told apart.  Which definition a new code object belongs to is known by name and
line.  Lambdas that share a line are compiled one at a time, with the others taken away.  Editors run parts of a file
(cells) under its name; what Python makes of ``np.sin(x)`` depends on whether the part has the import of ``np``, so
code that is not that of the file is compared with that of each statement by itself.
"""

from __future__ import annotations

import ast
import math
import sys
import types
import weakref
from collections.abc import Iterator
from typing import Any

from s2sad.frontend.modules import Definition, Module, deep_recursion, parse_module

# What `from __future__ import …` leaves in co_flags: needed to compile a cell in which no such import stands.
_FUTURES = 0x1000000 | 0x800000 | 0x400000  # annotations, generator_stop, barry_as_FLUFL
Pair = tuple[Definition, types.CodeType]
_compiled: weakref.WeakKeyDictionary[Module, dict[tuple[int, bool], _Texts]] = weakref.WeakKeyDictionary()


def matching(module: Module, code: types.CodeType) -> Definition | None:
    """The definition that compiles to this code, the nearest to its line if there are several; None if none does."""
    futures = code.co_flags & _FUTURES
    known = _compiled.setdefault(module, {})
    for apart in (False, True):
        if (futures, apart) not in known:
            known[futures, apart] = _Texts(module, futures, apart)
        found = _nearest(known[futures, apart], code)
        if found is not None:
            return found
    return None


def _nearest(texts: _Texts, code: types.CodeType) -> Definition | None:
    line, where = code.co_firstlineno, _columns(code)
    rewritten = is_rewritten_by_pytest(code)
    for near in sorted(texts.lines.get(code.co_name, ()), key=lambda other: abs(other - line)):
        if rewritten and near != line:
            break
        same = _same_but_asserts if rewritten else same_code
        found = [(d, c) for d, c in texts.at(code.co_name, near) if same(c, code)]
        if found:
            return next((d for d, c in found if _columns(c) == where), found[0][0])
    return None


class _Texts:
    """The code objects that the definitions of a module compile to, by name and line: as a whole, or apart."""

    def __init__(self, module: Module, futures: int, apart: bool) -> None:
        # Not the module itself: this is the value of a weak dictionary whose key it is.
        self.file, self.text, self.futures, self.apart = module.file, module.lines, futures, apart
        self.definitions: dict[tuple[str, int], list[Definition]] = {}
        for definition in module.definitions:
            self.definitions.setdefault((definition.name, definition.first_line), []).append(definition)
        self.lines: dict[str, list[int]] = {}
        for name, line in self.definitions:
            self.lines.setdefault(name, []).append(line)
        self.codes: dict[tuple[str, int], list[Pair]] = {}
        for code, _ in self.compile(module.tree):
            place = self.definitions.get((code.co_name, code.co_firstlineno), [])
            if len(place) == 1:
                self.codes.setdefault((code.co_name, code.co_firstlineno), []).append((place[0], code))

    def at(self, name: str, line: int) -> list[Pair]:
        if (name, line) not in self.codes:
            several = self.definitions[name, line]
            alone = [self.alone(several, d) for d in several if isinstance(d.node, ast.Lambda)]
            self.codes[name, line] = [pair for pair in alone if pair is not None]
        return self.codes[name, line]

    def alone(self, several: list[Definition], wanted: Definition) -> Pair | None:
        """The code of one of several lambdas of a line: the others are taken away, but for those around and inside."""
        others = {_span(d.node) for d in several if not _nested(d, wanted) and not _nested(wanted, d)}
        around = sum(_nested(wanted, d) for d in several) - 1
        tree = parse_module(self.file, self.text).tree
        line = wanted.first_line
        with deep_recursion():
            for number, stmt in enumerate(tree.body):
                if stmt.lineno <= line <= (stmt.end_lineno or line) or getattr(stmt, "decorator_list", None):
                    tree.body[number] = _Without(others).visit(stmt)
        for code, path in self.compile(tree):
            depth = sum(outer.co_name == "<lambda>" and outer.co_firstlineno == line for outer in path)
            if code.co_name == "<lambda>" and code.co_firstlineno == line and depth == around:
                return wanted, code
        return None

    def compile(self, tree: ast.Module) -> Iterator[tuple[types.CodeType, tuple[types.CodeType, ...]]]:
        """Every code object inside the module's own, each with those around it."""
        parts = [ast.Module([stmt], []) for stmt in tree.body] if self.apart else [tree]
        with deep_recursion():
            whole = [compile(part, self.file, "exec", flags=self.futures, dont_inherit=True) for part in parts]
        stack: list[tuple[types.CodeType, tuple[types.CodeType, ...]]] = [(code, ()) for code in whole]
        while stack:
            code, path = stack.pop()
            for constant in code.co_consts:
                if isinstance(constant, types.CodeType):
                    yield constant, (*path, code)
                    stack.append((constant, (*path, code)))


class _Without(ast.NodeTransformer):
    """Replace the lambdas at some places by None."""

    def __init__(self, spans: set[tuple[int, int, int, int]]) -> None:
        self.spans = spans

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:  # noqa: N802
        if _span(node) in self.spans:
            return ast.copy_location(ast.Constant(None), node)
        return self.generic_visit(node)


def _span(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _nested(inner: Definition, outer: Definition) -> bool:
    """Whether one definition stands in the other, or is the other."""
    a, b = _span(inner.node), _span(outer.node)
    return b[:2] <= a[:2] and a[2:] <= b[2:]


def same_code(a: types.CodeType, b: types.CodeType) -> bool:
    """Whether two code objects do the same, wherever they stand.

    >>> same_code((lambda x: x + 1).__code__, (lambda x : (x+1)).__code__)
    True
    >>> same_code((lambda: 1).__code__, (lambda: 1.0).__code__)
    False
    """
    return a is b or (
        a.co_code == b.co_code
        and a.co_name == b.co_name
        and a.co_names == b.co_names
        and a.co_varnames == b.co_varnames
        and a.co_freevars == b.co_freevars
        and a.co_cellvars == b.co_cellvars
        and a.co_argcount == b.co_argcount
        and a.co_posonlyargcount == b.co_posonlyargcount
        and a.co_kwonlyargcount == b.co_kwonlyargcount
        and _same_constants(a.co_consts, b.co_consts)
    )


def _same_constants(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return len(a) == len(b) and all(map(_same_constant, a, b))


def _same_constant(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, types.CodeType):
        return same_code(a, b)
    if isinstance(a, tuple):
        return _same_constants(a, b)
    if isinstance(a, frozenset):
        # 1 and 1.0 are the same member of a set, so the types are compared beside.
        return a == b and sorted(map(repr, a)) == sorted(map(repr, b))
    if isinstance(a, float):
        return (a == b and math.copysign(1.0, a) == math.copysign(1.0, b)) or (a != a and b != b)
    if isinstance(a, complex):
        return _same_constant(a.real, b.real) and _same_constant(a.imag, b.imag)
    return bool(a == b)


def is_rewritten_by_pytest(code: types.CodeType) -> bool:
    """Whether pytest has replaced the asserts of this function, or of one inside it."""
    if any(name.startswith("@py") for name in code.co_varnames + code.co_names + code.co_cellvars):
        return True
    return any(isinstance(c, types.CodeType) and is_rewritten_by_pytest(c) for c in code.co_consts)


def _same_but_asserts(plain: types.CodeType, rewritten: types.CodeType) -> bool:
    # pytest keeps the operands of an assert, so every name and constant of the plain function is in the other.
    arguments = plain.co_argcount + plain.co_kwonlyargcount
    names = set(rewritten.co_varnames + rewritten.co_cellvars)
    constants = [c for c in plain.co_consts if not isinstance(c, (types.CodeType, tuple))]
    return (
        plain.co_argcount == rewritten.co_argcount
        and plain.co_kwonlyargcount == rewritten.co_kwonlyargcount
        and plain.co_varnames[:arguments] == rewritten.co_varnames[:arguments]
        and set(plain.co_varnames + plain.co_cellvars) == {name for name in names if not name.startswith("@")}
        and set(plain.co_freevars) == {name for name in rewritten.co_freevars if not name.startswith("@")}
        and set(plain.co_names) - {"AssertionError"} <= set(rewritten.co_names)
        and all(any(_same_constant(c, other) for other in rewritten.co_consts) for c in constants)
    )


def _columns(code: types.CodeType) -> tuple[Any, ...]:
    """Where the instructions stand on their lines; empty before Python 3.11, which does not know."""
    if sys.version_info < (3, 11):
        return ()
    return tuple((start, end) for line, _, start, end in code.co_positions() if line != code.co_firstlineno or start)
