"""What stands at a place of the text: the caret under a construct, the statement on one line.

`Spans` belongs to one function.  Statements made by desugaring carry the position of the statement they came from, so
what is shown is always found by position, in the user's own text.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import gast

from s2sad.errors import Location
from s2sad.once import once

Position = tuple[int, int]
_OPENING, _CLOSING = "([{", ")]}"


def character(line: str, offset: int) -> int:
    """The index of the character at an offset into the UTF-8 bytes of a line.

    >>> character("é = x", 3)
    2
    """
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="replace"))


@dataclass(frozen=True, eq=False)
class Spans:
    """The statements of a function, by position; ``lines`` are those of the whole file."""

    file: str
    lines: tuple[str, ...]
    node: Any

    def location(self, node: Any) -> Location:
        """The place of a node; its width ends with the line, and for a compound statement with its header."""
        start, end = _start(node), _end(node)
        line = self._line(start[0])
        first = character(line, start[1])
        if getattr(node, "body", None) and isinstance(node.body, list):
            end = _first(node.body[0])
            last = len(line.rstrip()) if end[0] > start[0] else character(line, end[1])
            last = max(first + 1, len(line[:last].rstrip().rstrip(":").rstrip()))
        else:
            last = character(line, end[1]) if end[0] == start[0] else len(line.rstrip())
        return Location(self.file, start[0], first + 1, line, max(1, last - first))

    def statement_text(self, node: Any) -> str:
        """The statement that the node is part of, on one line; of a compound statement the header, with its colon."""
        start, end = self._statement(_start(node))
        return one_line(self._text(start, end))

    @once
    def _statements(self) -> tuple[tuple[Position, Position], ...]:
        """Beginning and end of every statement, sorted; a compound statement ends where its body begins."""
        found = []
        stack = [self.node]
        while stack:
            node = stack.pop()
            if isinstance(node, gast.stmt):
                body = getattr(node, "body", None) or getattr(node, "cases", None)
                # A lambda's only statement has the lambda's own position.
                header = isinstance(body, list) and _first(body[0]) != _start(node)
                found.append((_start(node), _first(body[0]) if header and body else _end(node)))
            stack.extend(gast.iter_child_nodes(node))
        return tuple(sorted(set(found)))

    def _statement(self, position: Position) -> tuple[Position, Position]:
        index = bisect_right(self._statements, (position, (1 << 30, 0))) - 1
        return self._statements[max(index, 0)]

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _text(self, start: Position, end: Position) -> str:
        lines = [self._line(number) for number in range(start[0], end[0] + 1)]
        lines[-1] = lines[-1][: character(lines[-1], end[1])]
        lines[0] = lines[0][character(lines[0], start[1]) :]
        return "\n".join(lines)


def _start(node: Any) -> Position:
    return node.lineno, node.col_offset


def _first(node: Any) -> Position:
    """Where the text of a body's first part begins, with its decorators; for a case of a match, with its pattern."""
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        return decorators[0].lineno, max(0, decorators[0].col_offset - 1)
    return _start(node if hasattr(node, "lineno") else node.pattern)


def _end(node: Any) -> Position:
    if getattr(node, "end_lineno", None) is None:
        return node.lineno, node.col_offset + 1
    return node.end_lineno, node.end_col_offset


def one_line(text: str) -> str:
    """The text of a statement or header on one line, without comments.

    >>> one_line("y = f(\\n    x,  # metres\\n    2 * x)")
    'y = f(x, 2 * x)'
    >>> one_line("for i in range(n):  # steps\\n    ")
    'for i in range(n):'
    """
    text = text.strip()
    if "\n" not in text and "#" not in text:
        return text
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        tokens = []
    if not tokens:
        return " ".join(line.strip() for line in text.split("\n"))
    out, last, row, column = "", "", 1, 0
    for token in tokens:
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.type == tokenize.ENDMARKER:
            break
        if token.start[0] != row:
            out += _gap(last, token.string)
        else:
            out += " " * (token.start[1] - column)
        # A string over several lines is shown by its value's first characters only if it can be told; else squeezed.
        out += token.string if "\n" not in token.string else "\\n".join(token.string.split("\n"))
        last, (row, column) = token.string, token.end
    return out.strip()


def _gap(before: str, after: str) -> str:
    """What stands between two tokens whose line break is taken away."""
    if before[-1:] in _OPENING or after[:1] in _CLOSING or not before:
        return ""
    if after[:1] in ".([" and not keyword.iskeyword(before) and before[-1:].isalnum():
        return ""
    return " "
