"""Code with names as lines of text: indentation, copies in a safe order, comments.

The user's comments stay with the first statement printed for their line, or for the line below them.  In the reverse
sweep each run of statements that comes from one line of the user is headed by that line.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping, Sequence

from s2sad.emit import code
from s2sad.emit.code import Assign, Branch, Code, Context, Effect, ForLoop, Guarded, Inner, Jump, Store
from s2sad.emit.text import expression, statement, wrap
from s2sad.trace.ir import NOWHERE, Site, Trace, Var

COMMENT_WIDTH = 88
MARK = "\0"  # stands between a line and the comment beside it until all are known
COLUMNS = (47, 51, 55, 59, 63, 67, 71, 75)
Headed = Assign | Store | Effect | ForLoop
Line = str


class Placed(str):
    """A line that comes from a statement of the user's."""

    site: Site

    def __new__(cls, text: str, site: Site) -> Placed:
        made = super().__new__(cls, text)
        made.site = site
        return made


def placed(lines: list[Line], site: Site) -> list[Line]:
    """The lines of a statement, each with the place that it comes from; those of statements inside keep theirs."""
    return [line if isinstance(line, Placed) else Placed(line, site) for line in lines]


def site_of(line: Line) -> Site:
    """The place that a line comes from."""
    return line.site if isinstance(line, Placed) else NOWHERE


class Layout:
    """Lays out one function's body; ``level`` ``trace`` lets two lines share a comment at their side."""

    def __init__(self, names: Mapping[Var, str], trace: Trace, level: str) -> None:
        self.names, self.level = names, level
        self.comments = dict(trace.comments)
        self.remarks: dict[int, list[str]] = {}
        for below, text in trace.remarks:
            self.remarks.setdefault(below, []).append(text)

    def function(self, nodes: list[Code], depth: int) -> list[Line]:
        """The body of a function, with the headers of its sweeps."""
        return aligned(self.sweeps(nodes, depth))

    def sweeps(self, nodes: list[Code], depth: int) -> list[Line]:
        """The function's body, comments not yet aligned."""
        setup = [n for n in nodes if isinstance(n, Assign) and n.pattern is not None and not n.reads]
        rest = nodes[len(setup):] if nodes[: len(setup)] == setup else nodes
        lead = self.block(setup, depth) if rest is not nodes else []
        forward = next((k for k, n in enumerate(rest) if _sweep(n) == "primal"), None)
        reverse = None
        if forward is not None:
            reverse = next((k for k, n in enumerate(rest) if k > forward and _sweep(n) == "adjoint"), None)
        if forward is None or reverse is None or any(isinstance(n, Inner) for n in nodes):
            return lead + self.block(rest, depth)
        pad = " " * (4 * depth)
        before, first, second = (self.block(part, depth) for part in (
            rest[:forward], rest[forward:reverse], rest[reverse:]))
        if not first:
            return lead + before + second
        lead = [*lead, *before, ""] if lead or before else []
        return [*lead, pad + "# Forward sweep.", *first, "", pad + "# Reverse sweep.", *second]

    def block(self, nodes: Sequence[Code], depth: int) -> list[Line]:
        """The lines of a block; empty if nothing is left to print."""
        out: list[Line] = []
        group: list[Headed] = []
        site: Site | None = None
        final = 0
        for k, node in enumerate(nodes):
            if k < final:
                continue
            if isinstance(node, (Assign, Store, Effect, ForLoop)) and node.sweep == "adjoint" and not _has_own(node):
                here = _site(node)
                if here is not None and site is not None and here != site and group:
                    out += self.group(group, site, depth)
                    group = []
                    site = None
                if group or here is not None:
                    group.append(node)
                    site = here or site
                else:
                    out += self.node(node, depth)
                continue
            out += self.group(group, site, depth)
            group, site = [], None
            lines, taken = self.final(node, nodes[k + 1:], depth) if isinstance(node, Guarded) else ([], 0)
            final = k + 1 + taken
            out += lines if taken else self.node(node, depth)
        return out + self.group(group, site, depth)

    def group(self, nodes: list[Headed], site: Site | None, depth: int) -> list[Line]:
        """Statements of the reverse sweep that belong to one line of the user, under that line."""
        parts = [line for node in nodes for line in self.node(node, depth)]
        if not parts or site is None:
            return parts
        side = 2 if self.level == "trace" else 1
        comment = "# " + site.text
        if len(parts) <= side and max(COLUMNS[0], len(parts[0]) + 2) + len(comment) <= COMMENT_WIDTH:
            return [*placed([parts[0] + MARK + comment], site_of(parts[0])), *parts[1:]]
        return [*_above(comment, depth), *parts]

    def node(self, node: Code, depth: int) -> list[Line]:
        """The lines of one statement, each with its place in the user's text."""
        lines = self.statement(node, depth)
        return placed(lines, next((s for s in getattr(node, "sites", ()) if s.line), node.site))

    def statement(self, node: Code, depth: int) -> list[Line]:
        if isinstance(node, Assign):
            return self.assign(node, depth)
        if isinstance(node, Store):
            return self.store(node, depth)
        if isinstance(node, (Effect, Jump)):
            lines = self.line(statement(node.stmt), depth)
            return self.commented(lines, node.site, node.sweep, depth) if isinstance(node, Effect) else lines
        if isinstance(node, Branch):
            return self.branch(node, depth)
        if isinstance(node, Inner):
            return self.inner(node, depth)
        if isinstance(node, Guarded):
            return self.guarded(node, depth)
        if isinstance(node, Context):
            target = f" as {self.names[node.target]}" if node.target is not None else ""
            lines = self.line(f"with {expression(node.manager)}{target}:", depth, 8)
            inside = self.block(node.body, depth + 1) or [" " * (4 * depth + 4) + "pass"]
            return self.commented(lines, node.site, node.sweep, depth) + inside
        pad = " " * (4 * depth)
        body = self.block(node.body, depth + 1) or [pad + "    pass"]
        if isinstance(node, ForLoop):
            header = f"for {_pattern(node.pattern)} in {expression(node.domain)}:"
        else:
            header = f"while {expression(node.test)}:"
        return self.commented(self.line(header, depth, 8), node.site, node.sweep, depth) + body

    def line(self, text: str, depth: int, step: int = 4) -> list[Line]:
        return wrap(" " * (4 * depth) + text, step)

    def commented(self, lines: list[Line], site: Site, sweep: str, depth: int) -> list[Line]:
        """The lines with the user's comment on that line of source, once."""
        if sweep != "primal" or not lines:
            return lines
        above = [" " * (4 * depth) + text for text in self.remarks.pop(site.line, ())]
        if site.line not in self.comments:
            return [*above, *lines]
        comment = self.comments.pop(site.line)
        beside = f"{lines[0]}  {comment}"
        if len(lines) == 1 and len(beside) <= 100:
            return [*above, beside]
        return [*above, " " * (4 * depth) + comment, *lines]

    def assign(self, node: Assign, depth: int) -> list[Line]:
        if node.pattern is not None:
            assert node.values[0] is not None
            text = statement(ast.Assign(targets=[node.pattern], value=node.values[0]))
            return self.commented(self.line(_one_tuple(text, node.pattern), depth), node.site, node.sweep, depth)
        pairs = []
        for target, value in zip(node.targets, node.values):
            name = self.names[target]
            if value is not None and not (isinstance(value, ast.Name) and value.id == name):
                pairs.append((name, value))
        lines: list[Line] = []
        for names, values in ordered(pairs):
            target_node: ast.expr = _stored(names)
            value_node = values[0] if len(values) == 1 else ast.Tuple(elts=values, ctx=ast.Load())
            lines += self.line(statement(ast.Assign(targets=[target_node], value=value_node)), depth)
        return self.commented(lines, node.site, node.sweep, depth)

    def vanishes(self, node: Code) -> bool:
        """Whether a statement is a copy that names have made superfluous."""
        return isinstance(node, Assign) and node.pattern is None and all(
            value is None or (isinstance(value, ast.Name) and value.id == self.names[target])
            for target, value in zip(node.targets, node.values))

    def store(self, node: Store, depth: int) -> list[Line]:
        target, base = self.names[node.target], self.names[node.base]
        lines = self.line(f"{target} = {base}.copy()", depth) if target != base else []
        return self.commented(lines + self.line(statement(node.stmt), depth), node.site, node.sweep, depth)

    def branch(self, node: Branch, depth: int, word: str = "if") -> list[Line]:
        """``if``/``elif``/``else``; an empty side is left out."""
        then = self.block(node.then, depth + 1)
        if then and not then[0]:
            del then[0]
        orelse = [n for n in node.orelse if not self.vanishes(n)]
        alone = orelse[0] if len(orelse) == 1 else None
        chained = isinstance(alone, Branch) and bool(then)
        rest = self.block(orelse, depth + 1) if not chained else []
        cond = node.cond
        if not then and not chained:
            if not rest:
                return []
            cond, then, rest = code.negated(cond), rest, []
        lines = self.line(f"{word} {expression(cond)}:", depth, 8)
        lines = [*self.commented(lines, node.site, node.sweep, depth), *then]
        if chained:
            assert isinstance(alone, Branch)
            return lines + self.branch(alone, depth, "elif")
        return [*lines, *([" " * (4 * depth) + "else:", *rest] if rest else [])]

    def guarded(self, node: Guarded, depth: int) -> list[Line]:
        """``try``/``except``/``else``; an empty `else` is left out."""
        pad = " " * (4 * depth)
        idle = [pad + "    pass"]
        lines = self.commented([pad + "try:"], node.site, node.sweep, depth)
        lines += self.block(node.body, depth + 1) or idle
        for handler in node.handlers:
            kinds = expression(handler.classes)
            kinds = f"({kinds})" if isinstance(handler.classes, ast.Tuple) else kinds
            word = "except" if _catches_all(handler.classes) else f"except {kinds}"
            name = f" as {self.names[handler.error]}" if handler.error is not None else ""
            word = "except BaseException" if name and word == "except" else word
            lines += [*self.line(f"{word}{name}:", depth, 8), *(self.block(handler.body, depth + 1) or idle)]
        rest = self.block(node.rest, depth + 1)
        return [*lines, *([pad + "else:", *rest] if rest else [])]

    def final(self, node: Guarded, after: Sequence[Code], depth: int) -> tuple[list[Line], int]:
        """A ``finally``, which is what a handler does before it raises again, if it is what follows, too.

        Its lines with those of the ``try``, and how many of the statements behind it are part of it: 0 if it is none.
        """
        handler = node.handlers[0].body if len(node.handlers) == 1 and not node.rest else []
        if len(handler) < 2 or not _catches_all(node.handlers[0].classes) or not (
                isinstance(last := handler[-1], Jump) and isinstance(last.stmt, ast.Raise) and last.stmt.exc is None):
            return [], 0
        told = dict(self.comments), {k: list(v) for k, v in self.remarks.items()}
        inside = self.block(handler[:-1], depth + 1)
        self.comments, self.remarks = told
        told = dict(self.comments), {k: list(v) for k, v in self.remarks.items()}
        behind: list[Line] = []
        taken = 0
        while taken < len(after) and len(behind) < len(inside):
            behind += self.node(after[taken], depth)
            taken += 1
        self.comments, self.remarks = told
        if behind != [line[4:] for line in inside]:
            return [], 0
        pad = " " * (4 * depth)
        only = node.body[0] if len(node.body) == 1 else None
        first = self.guarded(only, depth) if isinstance(only, Guarded) else [
            *self.commented([pad + "try:"], node.site, node.sweep, depth),
            *(self.block(node.body, depth + 1) or [pad + "    pass"])]
        return [*first, pad + "finally:", *self.block(handler[:-1], depth + 1)], taken

    def inner(self, node: Inner, depth: int) -> list[Line]:
        """``def pullback(y_bar=1.0):`` between blank lines."""
        plain = len(node.inputs) - len(node.defaults)
        params = [n if k < plain else f"{n}={expression(node.defaults[k - plain])}" for k, n in enumerate(node.inputs)]
        header = self.line(f"def {node.name}({', '.join(params)}):", depth, 8)
        return ["", *header, *self.block(node.body, depth + 1), ""]


def ordered(pairs: list[tuple[str, ast.expr]]) -> list[tuple[list[str], list[ast.expr]]]:
    """Simultaneous assignments as a sequence: nothing is overwritten before it is read; cycles stay simultaneous.

    >>> def e(text): return ast.parse(text, mode="eval").body
    >>> [names for names, _ in ordered([("a", e("b")), ("b", e("c + a")), ("d", e("a"))])]
    [['d'], ['a', 'b']]
    """
    left = list(pairs)
    reads = {id(v): {n.id for n in ast.walk(v) if isinstance(n, ast.Name)} for _, v in left}
    out: list[tuple[list[str], list[ast.expr]]] = []
    while left:
        free = next((p for p in left if not any(p[0] in reads[id(v)] for n, v in left if v is not p[1])), None)
        if free is None:
            out.append(([n for n, _ in left], [v for _, v in left]))
            break
        left.remove(free)
        out.append(([free[0]], [free[1]]))
    return out


def _stored(names: list[str]) -> ast.expr:
    nodes: list[ast.expr] = [ast.Name(id=n, ctx=ast.Store()) for n in names]
    return nodes[0] if len(nodes) == 1 else ast.Tuple(elts=nodes, ctx=ast.Store())


def _pattern(node: ast.expr) -> str:
    """The variables of a loop header, without parentheses around them."""
    return expression(node)


def _one_tuple(text: str, pattern: ast.expr) -> str:
    """``(a,) = p`` instead of ``a, = p``."""
    if isinstance(pattern, ast.Tuple) and len(pattern.elts) == 1:
        left, _, right = text.partition(" = ")
        return f"({left}) = {right}"
    return text


def _sweep(node: Code) -> str:
    return "" if isinstance(node, (Jump, Inner)) else node.sweep


def _catches_all(classes: ast.expr) -> bool:
    return isinstance(classes, ast.Name) and classes.id == "BaseException"


def _has_own(node: Headed) -> bool:
    """Whether a loop's statements have lines of the user to be put under, other than the loop's own."""
    if not isinstance(node, ForLoop):
        return False
    inner = [n for n in code.walk(node.body) if isinstance(n, (Assign, Store, Effect, ForLoop))]
    return _site(node) is None or any(_site(n) is not None for n in inner)


def _site(node: Headed) -> Site | None:
    """The user's line a statement belongs to; headers of loops and branches do not count, those of blocks do."""
    site = next((s for s in getattr(node, "sites", ()) if s.line), node.site)
    header = site.text.endswith(":") and not site.text.startswith("with ")
    return site if site.line and site.text and not header else None


def aligned(lines: list[Line]) -> list[Line]:
    """Put the comments beside lines into one column if there is one that suits all, else each into the nearest."""
    marked = [line.partition(MARK) for line in lines if MARK in line]
    common = next((c for c in COLUMNS if all(len(text) + 4 <= c and c + len(comment) <= COMMENT_WIDTH
                                             for text, _, comment in marked)), None)

    def place(line: Line) -> Line:
        text, mark, comment = line.partition(MARK)
        if not mark:
            return line
        own = next((c for c in COLUMNS if c >= len(text) + 2), len(text) + 2)
        return placed([text.ljust(common or own) + comment], site_of(line))[0]

    return [place(line) for line in lines]


def _above(comment: str, depth: int) -> list[Line]:
    pad = " " * (4 * depth)
    return textwrap.wrap(comment, COMMENT_WIDTH, initial_indent=pad, subsequent_indent=pad + "#     ",
                         break_long_words=False, break_on_hyphens=False)
