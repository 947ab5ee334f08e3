"""Which function of a text a code object was compiled from.

The text is compiled again and the code objects are compared, so a file that was edited since its import is noticed,
and several lambdas on one line are told apart.  Which definition a new code object belongs to is known by name and
line.  If several share a line, they get numbers in place of their lines before compiling: ``co_firstlineno`` is then
the number.
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

# What `from __future__ import …` and the like leave in co_flags: needed to compile a cell in which no import stands.
_FUTURES = 0x1000000 | 0x800000 | 0x400000  # annotations, generator_stop, barry_as_FLUFL
_Compiled = dict[int, list[tuple[Definition, types.CodeType]]]
_compiled: weakref.WeakKeyDictionary[Module, _Compiled] = weakref.WeakKeyDictionary()


def matching(module: Module, code: types.CodeType) -> Definition | None:
    """The definition that compiles to this code, the nearest to its line if there are several; None if none does."""
    futures = code.co_flags & _FUTURES
    by_flags = _compiled.setdefault(module, {})
    if futures not in by_flags:
        by_flags[futures] = _compile(module, futures)
    candidates = [(d, c) for d, c in by_flags[futures] if c.co_name == code.co_name]
    if is_rewritten_by_pytest(code):
        found = [(d, c) for d, c in candidates if d.first_line == code.co_firstlineno and _same_but_asserts(c, code)]
    else:
        found = [(d, c) for d, c in candidates if same_code(c, code)]
    if not found:
        return None
    where = _columns(code)

    def distance(pair: tuple[Definition, types.CodeType]) -> tuple[int, bool]:
        definition, candidate = pair
        return abs(definition.first_line - code.co_firstlineno), _columns(candidate) != where

    return min(found, key=distance)[0]


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


def _compile(module: Module, futures: int) -> list[tuple[Definition, types.CodeType]]:
    """Each definition with its code, as the compiler makes it from the text."""
    at: dict[tuple[str, int], list[Definition]] = {}
    for definition in module.definitions:
        at.setdefault((definition.name, definition.first_line), []).append(definition)
    found = []
    for code in _nested_codes(module, futures):
        place = at.get((code.co_name, code.co_firstlineno), [])
        if len(place) == 1:
            found.append((place[0], code))
    if any(len(place) > 1 for place in at.values()):
        found += [(d, code) for d, code in _compile_numbered(module, futures) if len(at[d.name, d.first_line]) > 1]
    return found


def _compile_numbered(module: Module, futures: int) -> list[tuple[Definition, types.CodeType]]:
    """The same, also for lambdas that share a line.

    The code of a function that has others inside it may differ by a no-operation, because their lines are not the true
    ones; for lambdas that share a line there is little to lose.
    """
    # Parsed anew, because the numbers are written into the tree.
    numbered = parse_module(module.file, module.lines)
    for number, definition in enumerate(numbered.definitions, 1):
        _place(definition.node, number)
        if not isinstance(definition.node, ast.Lambda) and definition.node.decorator_list:
            _place(definition.node.decorator_list[0], number)
    found = []
    for code in _nested_codes(numbered, futures):
        if 0 < code.co_firstlineno <= len(module.definitions):
            definition = module.definitions[code.co_firstlineno - 1]
            if definition.name == code.co_name:
                found.append((definition, code))
    return found


def _nested_codes(module: Module, futures: int) -> list[types.CodeType]:
    with deep_recursion():
        code = compile(module.tree, module.file, "exec", flags=futures, dont_inherit=True)
    return list(_nested(code))


def _place(node: Any, line: int) -> None:
    node.lineno = node.end_lineno = line
    node.end_col_offset = max(node.end_col_offset, node.col_offset)


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    stack = [code]
    while stack:
        for constant in stack.pop().co_consts:
            if isinstance(constant, types.CodeType):
                yield constant
                stack.append(constant)
