"""Syntax trees as text, and lines that are too long.

This is the only place that knows astor.  Everything around single statements (indentation, comments, blank lines) is
laid out elsewhere.

>>> import ast
>>> statement(ast.parse("y  = (a+b) *c ** 2").body[0])
'y = (a + b) * c**2'
>>> print("\\n".join(wrap("y = " + " + ".join(["alpha"] * 8), 4, 40)))
y = (alpha + alpha + alpha + alpha
    + alpha + alpha + alpha + alpha)
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import Any

import astor  # type: ignore[import-untyped,unused-ignore]

_IMAGINARY = re.compile(r"(\d+)\.0j\Z")
_SIMPLE = re.compile(r"[\w.]*\Z")
_OPERATORS = frozenset("+ - * / // % @ and or if else & | ^ < <= > >= == !=".split())


def _join(pieces: list[Any]) -> str:
    """astor's pieces as one line; powers of simple operands are written without blanks, 2j not as 2.0j."""
    for k, piece in enumerate(pieces):
        if piece == " ** ":
            before = [p for p in pieces[:k] if p][-1]
            after = [p for p in pieces[k + 1:k + 6] if p and p != "-"][:1]
            if _SIMPLE.match(str(before)) and after and _SIMPLE.match(str(after[0])):
                pieces[k] = "**"
    return "".join(_IMAGINARY.sub(r"\1j", str(piece)) for piece in pieces)


def _string(text: str, *_: Any, **__: Any) -> str:
    return repr(text)


def statement(node: ast.stmt) -> str:
    """A simple statement on one line."""
    text: str = astor.to_source(node, pretty_source=_join, pretty_string=_string)
    return text.rstrip("\n")


def expression(node: ast.expr) -> str:
    """An expression on one line, without parentheses around it.

    >>> expression(ast.parse("(a - (b - c))", mode="eval").body)
    'a - (b - c)'
    """
    return statement(ast.Return(value=node)).removeprefix("return ")


def wrap(line: str, step: int = 4, width: int = 100) -> list[str]:
    """Break a line longer than ``width`` at commas and before operators, outermost brackets first.

    Continuation lines are indented by ``step`` more.  A line that cannot be broken is left alone.
    """
    indent = len(line) - len(line.lstrip())
    if len(line) <= width:
        return [line]
    places = _places(line.strip())
    if not any(depth == 1 and at <= width - indent for at, depth in places):
        line = _bracketed(line)
        places = _places(line.strip())
    text, lines, start = line.strip(), [], 0
    room = width - indent
    while len(text) - start > room:
        fitting = [(depth, -at) for at, depth in places if start < at <= start + room]
        if not fitting:
            fitting = [(0, -at) for at, _ in places if at > start][:1]
            if not fitting:
                break
        at = -min(fitting)[1]
        lines.append(text[start:at].strip())
        start, room = at, width - indent - step
    lines.append(text[start:].strip())
    return [" " * (indent + (step if k else 0)) + part for k, part in enumerate(lines)]


def _bracketed(line: str) -> str:
    """The line with its right-hand side in parentheses."""
    for pattern in (r"^(\s*return )(.*)$", r"^(\s*[^=]*? (?:[-+*/%@&|^]|//|[*][*]|<<|>>)?= )(.*)$",
                    r"^(\s*(?:if|while|elif) )(.*)(:)$"):
        m = re.match(pattern, line)
        if m:
            tail = m.group(3) if len(m.groups()) > 2 else ""
            return f"{m.group(1)}({m.group(2)}){tail}"
    return line


def _places(text: str) -> list[tuple[int, int]]:
    """Where a line may be broken, each with the number of brackets around it."""
    places: list[tuple[int, int]] = []
    depth = 0
    previous = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            word, at = token.string, token.start[1]
            if previous == "," and depth:
                places.append((at, depth))
            elif depth and word in _OPERATORS and text[at - 1:at] == " " and previous not in ("*", "(", ","):
                places.append((at, depth))
            if word in ("(", "[", "{"):
                depth += 1
            elif word in (")", "]", "}"):
                depth -= 1
            previous = word
    except tokenize.TokenError:
        pass
    return places
