"""The text of a function: found, compared with the compiled code, parsed.

`function_source` takes a live function object, `file_function_source` a path and a name and imports nothing.  A lambda
becomes a function of one return statement.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import linecache
import os
import re
import sys
import tokenize
import types
import weakref
from dataclasses import dataclass, field
from typing import Any

import gast

from s2sad.errors import Location, SourceError, TargetError, describe
from s2sad.frontend.codes import matching
from s2sad.frontend.modules import Comment, Definition, Module, deep_recursion, parse_module, split_lines
from s2sad.frontend.private import mangle
from s2sad.frontend.spans import Spans
from s2sad.once import once

__all__ = [
    "FunctionSource", "definition_source", "file_function_source", "file_module", "function_source", "location",
    "module_of", "statement_text",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class FunctionSource:
    """A function's text.  ``node`` has the line numbers and columns of the file, whose lines are ``text``.

    ``comments`` are those between the first decorator and the last statement, as (line, text, whether code precedes).
    ``line`` is the line of the ``def``, ``first_line`` that of the first decorator.
    """

    name: str
    qualname: str
    file: str
    node: Any
    text: tuple[str, ...]
    first_line: int
    comments: tuple[Comment, ...]
    module: Module = field(repr=False)

    @property
    def line(self) -> int:
        return int(self.node.lineno)

    @property
    def last_line(self) -> int:
        return int(self.node.end_lineno)

    @once
    def digest(self) -> str:
        """A hash of the code as parsed: comments, layout and position do not count."""
        with deep_recursion():
            return hashlib.sha256(gast.dump(self.node, include_attributes=False).encode()).hexdigest()

    @once
    def text_digest(self) -> str:
        """A hash of all that is quoted from the text: the lines with their comments, the file and the line numbers."""
        lines = self.text[self.first_line - 1 : self.last_line]
        return hashlib.sha256(repr((self.file, self.first_line, lines)).encode()).hexdigest()

    @once
    def spans(self) -> Spans:
        return Spans(self.file, self.text, self.node)


def location(source: FunctionSource, node: Any) -> Location:
    """Where a node stands, for a refusal."""
    return source.spans.location(node)


def statement_text(source: FunctionSource, node: Any) -> str:
    """The user's statement at a node on one line, without comments; of a compound statement the header."""
    return source.spans.statement_text(node)


# By identity: equal code objects of two files are two functions.  The reference tells whether the identity still holds.
_sources: dict[int, tuple[weakref.ref[types.CodeType], FunctionSource]] = {}
_modules: dict[str, Module] = {}


def function_source(fn: types.FunctionType) -> FunctionSource:
    """The text of this very function object.

    >>> from fractions import Fraction
    >>> function_source(Fraction.limit_denominator).qualname
    'Fraction.limit_denominator'
    """
    if not isinstance(fn, types.FunctionType):
        raise SourceError(_no_function(fn))
    code = fn.__code__
    known = _sources.get(id(code))
    if known is not None and known[0]() is code:
        return known[1]
    module = module_of(fn)
    definition = matching(module, code)
    if definition is None:
        # Since 3.13 Python keeps the text of "python -c" under this name, which is no text of what exec was given.
        lost = code.co_filename == "<string>"
        raise SourceError(_no_text(fn, code.co_filename) if lost else _mismatch(fn, module))
    key = id(code)
    source = definition_source(module, definition)
    forget = _sources.pop  # Bound here: when Python ends, the names of a module go before the code objects do.
    _sources[key] = (weakref.ref(code, lambda _: forget(key, None)), source)
    return source


def file_function_source(path: str, qualname: str) -> FunctionSource:
    """The function in a file: ``f``, ``Class.method``, ``outer.inner``, or the name that a lambda is assigned to."""
    module = file_module(path)
    wanted = qualname.replace(".<locals>", "")
    # Of several definitions the last is the one that the name means once the file has run.
    found: dict[str, Definition] = {}
    for definition in module.definitions:
        outer, _, name = definition.qualname.replace(".<locals>", "").rpartition(".")
        name = definition.assigned if name == "<lambda>" else name
        if name:
            found[f"{outer}.{name}" if outer else name] = definition
    if wanted in found:
        return definition_source(module, found[wanted])
    close = difflib.get_close_matches(wanted, found, 3)
    names = ", ".join(close or list(found)[:6])
    hint = f"did you mean {names}?" if close else f"it defines {names}" if names else "it defines no function"
    raise TargetError(describe(f"{path} has no function {qualname}", None, hint))


def file_module(path: str) -> Module:
    """A file, parsed; nothing in it runs."""
    try:
        with tokenize.open(path) as file:
            lines = split_lines(file.read())
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        kind = TargetError if isinstance(error, FileNotFoundError) else SourceError
        raise kind(f"{path}: error: cannot be read: {reason}") from error
    return _parse(path, lines)


def module_of(fn: types.FunctionType) -> Module:
    """The file or cell a function was compiled from, as it is now."""
    file = fn.__code__.co_filename
    linecache.checkcache(file)
    lines = tuple(line.rstrip("\r\n") for line in linecache.getlines(file, fn.__globals__))
    if not lines and file == "<string>":
        lines = split_lines(command_text())
    if not lines:
        raise SourceError(_no_text(fn, file))
    known = _modules.get(file)
    if known is None or known.lines != lines:
        known = _modules[file] = _parse(file, lines)
    return known


def command_text() -> str:
    """The text of ``python -c``, of which Python keeps no lines before 3.13."""
    if sys.argv[:1] != ["-c"]:
        return ""
    words = sys.orig_argv[1:]
    at = next((k for k, word in enumerate(words) if re.fullmatch(r"-[a-zA-Z]*c", word)), len(words))
    return words[at + 1] if at + 1 < len(words) else ""


def _parse(file: str, lines: tuple[str, ...]) -> Module:
    try:
        return parse_module(file, lines)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        text = lines[line - 1] if line <= len(lines) else ""
        raise SourceError(describe(f"syntax error: {error.msg}", Location(file, line, max(column, 1), text))) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file}: error: cannot be parsed: {error}") from error


def definition_source(module: Module, definition: Definition) -> FunctionSource:
    """The source of one definition of a parsed text."""
    node = definition.node
    with deep_recursion():
        if isinstance(node, ast.Lambda):
            name = "lambda_" + definition.assigned
            tree = _as_function(gast.ast_to_gast(node), name)
        else:
            name = node.name
            tree = gast.ast_to_gast(node)
        mangle(tree, definition.qualname)
    outer = definition.qualname.rpartition(".")[0]
    qualname = definition.qualname
    if definition.assigned:
        qualname = f"{outer}.{definition.assigned}" if outer else definition.assigned
    return FunctionSource(name, qualname, module.file, tree, module.lines, definition.first_line,
                          module.comments(definition), module)


def _as_function(node: Any, name: str) -> Any:
    result = gast.copy_location(gast.Return(value=node.body), node)
    function = gast.FunctionDef(
        name=name, args=node.args, body=[result], decorator_list=[], returns=None, type_comment=None, type_params=[]
    )
    return gast.copy_location(function, node)


def _no_function(fn: object) -> str:
    name = getattr(fn, "__qualname__", None) or type(fn).__qualname__
    if isinstance(fn, (types.BuiltinFunctionType, types.BuiltinMethodType, type(len), types.MethodDescriptorType)):
        return f"{name} has no Python source: it is compiled code\n  write it in Python, or give it a rule"
    kind = type(fn).__qualname__
    return f"{name} is no Python function but an object of type {kind}\n  pass a function written with def or lambda"


def _no_text(fn: types.FunctionType, file: str) -> str:
    if file.startswith("<"):
        why = f"it was typed or executed as {file}, and Python keeps no text of that"
        hint = "put it into a file, or into a notebook or IPython, which keep the text"
    elif not os.path.exists(file):
        why = f"{file} does not exist"
        hint = "run it from where the file lies, or install the sources of the package"
    else:
        why, hint = f"{file} is empty or cannot be read", "save the file with the function in it"
    return f"the source text of {fn.__qualname__} cannot be found: {why}\n  {hint}"


def _mismatch(fn: types.FunctionType, module: Module) -> str:
    where = f"{module.file}:{fn.__code__.co_firstlineno}"
    names = [d for d in module.definitions if d.name == fn.__code__.co_name]
    what = "is not the text it was compiled from" if names else "is no longer there"
    return (
        f"{where}:1: error: the text of {fn.__qualname__} {what}: the file has changed since it was imported\n"
        "  import it again (importlib.reload, or a new process); "
        "if the file is unchanged, an import hook or a tool has rewritten the compiled code"
    )
