"""Traces as text: ``str(trace)``, for people and for tests.

One operation a line; blocks are indented; a variable is ``%name:type`` where it is defined and ``%name`` where it is
read.  Variables are numbered in order of definition, so equal traces have equal text.

>>> from s2sad.trace.ir import Block, Input, Leaf, Op, Return, Trace, Var
>>> from s2sad.trace.types import FLOAT
>>> x, y = Var(FLOAT, "x"), Var(FLOAT, "y")
>>> print(Trace("f", (Input("x", Leaf(0)),), (x,), Block((Op(y, "*", (x, x)),), Return((y,))), Leaf(0)))
f(x: %x:float) -> #0
  %y:float = %x * %x
  return %y
"""

from __future__ import annotations

from collections.abc import Iterable

from s2sad.names import fresh
from s2sad.trace.ir import (
    PRINTER,
    Along,
    Arg,
    Block,
    Break,
    Call,
    Const,
    End,
    For,
    If,
    Input,
    Lambda,
    Leaf,
    Lit,
    Next,
    Op,
    Raise,
    Range,
    Ref,
    Return,
    Slc,
    Stmt,
    Trace,
    Tree,
    Try,
    Tup,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.walk import definitions, targets_of


def format_trace(trace: Trace) -> str:
    """The text of a trace and of the traces it calls, callees first."""
    parts = [format_trace(c) for c in trace.callees]
    return "\n\n".join([*parts, _Printer(trace).text()])


def format_tree(tree: Tree, leaves: tuple[str, ...] | None = None) -> str:
    """A structure; leaves are ``#k`` unless their texts are given.

    >>> from s2sad.trace.ir import Node
    >>> format_tree(Node("tuple", (Leaf(0), Const(None))))
    '(#0, None)'
    """
    if isinstance(tree, Leaf):
        return leaves[tree.index] if leaves is not None else f"#{tree.index}"
    if isinstance(tree, Const):
        return repr(tree.value)
    texts = [format_tree(t, leaves) for t in tree.items]
    if tree.cls is not None:
        return f"{tree.cls.name}({', '.join(f'{k}={t}' for k, t in zip(tree.keys, texts))})"
    if tree.kind == "dict":
        return "{" + ", ".join(f"{k!r}: {t}" for k, t in zip(tree.keys, texts)) + "}"
    inner = ", ".join(texts)
    if tree.kind == "list":
        return f"[{inner}]"
    return f"({inner},)" if len(tree.items) == 1 else f"({inner})"


class _Printer:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.names: dict[Var, str] = {}
        self.lines: list[str] = []
        taken: set[str] = set()
        unnamed = 0
        for v in (*trace.params, *definitions(trace.body)):
            if v in self.names:
                continue
            if v.hint:
                name = fresh(v.hint, taken)
            else:
                unnamed += 1
                name = fresh(f"v{unnamed}", taken)
            taken.add(name)
            self.names[v] = name

    def text(self) -> str:
        t = self.trace
        inputs = ", ".join(self.input(i) for i in t.inputs)
        split = " split" if t.split else ""
        self.lines.append(f"{t.name}({inputs}) -> {format_tree(t.result)}{split}")
        self.block(t.body, 1)
        return "\n".join(self.lines)

    def input(self, i: Input) -> str:
        tree = format_tree(i.tree, tuple(map(self.define, self.trace.params)))
        kind = "" if i.kind == "argument" else f"{i.kind} "
        default = "" if isinstance(i.default, Undef) else f" = {self.arg(i.default)}"
        return f"{kind}{i.name}: {tree}{default}"

    def define(self, v: Var) -> str:
        return f"%{self.names[v]}:{v.type!r}"

    def defines(self, vs: Iterable[Var]) -> str:
        return ", ".join(map(self.define, vs))

    def arg(self, a: Arg) -> str:
        if isinstance(a, Var):
            return f"%{self.names[a]}" if a in self.names else f"%?{a.hint}"
        if isinstance(a, Lit):
            return "..." if a.value is Ellipsis else repr(a.value)
        if isinstance(a, Tup):
            inner = ", ".join(map(self.arg, a.items))
            if a.is_list:
                return f"[{inner}]"
            return f"({inner},)" if len(a.items) == 1 else f"({inner})"
        if isinstance(a, Slc):
            parts = ["" if p == Lit(None) else self.arg(p) for p in (a.lo, a.hi, a.step)]
            return ":".join(parts if parts[2] else parts[:2])
        if isinstance(a, Lambda):
            return f"<{a.callee}({', '.join(('_',) * a.count + tuple(map(self.arg, a.args)))})>"
        return a.name if isinstance(a, Ref) else "undef"

    def args(self, args: Iterable[Arg]) -> str:
        return ", ".join(map(self.arg, args))

    def line(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)

    def block(self, block: Block, depth: int) -> None:
        for stmt in block.stmts:
            self.stmt(stmt, depth)
        if block.end is not None:
            self.line(depth, self.end(block.end))

    def end(self, end: End) -> str:
        if isinstance(end, (Next, Break)):
            word = "next" if isinstance(end, Next) else "break"
            outs = f" put {self.args(end.outs)}" if end.outs else ""
            return f"{word} {self.args(end.values)}{outs}".replace("  ", " ").rstrip()
        if isinstance(end, (Yield, Return)):
            word = "yield" if isinstance(end, Yield) else "return"
            return f"{word} {self.args(end.values)}".rstrip()
        return self.raising(end) if isinstance(end, Raise) else "end"

    def raising(self, end: Raise) -> str:
        return f"raise {end.fn}({self.args(end.args)})" if end.fn else f"raise {self.args(end.args)}".rstrip()

    def stmt(self, s: Stmt, depth: int) -> None:
        mark = "" if s.sweep == "primal" else f"  ; {s.sweep}"
        if isinstance(s, Op):
            head = f"{self.define(s.target)} = " if s.target is not None else ""
            options = [f"{k}={self.arg(v)}" for k, v in s.kwargs]
            if len(s.args) == 2 and not options and not s.fn[0].isalpha():
                call = f"{self.arg(s.args[0])} {s.fn} {self.arg(s.args[1])}"
            else:
                call = f"{s.fn}({', '.join([*map(self.arg, s.args), *options])})"
            self.line(depth, head + call + mark)
        elif isinstance(s, Call):
            self.line(depth, f"{self.defines(s.targets)} = call {s.callee}({self.args(s.args)}){mark}")
        elif isinstance(s, If):
            targets = targets_of(s)
            head = f"{self.defines(targets)} = " if targets else ""
            guard, word, other = s.guard, f"if {self.arg(s.cond)}", "else"
            if isinstance(guard, Try):
                word, other = "try", f"except {', '.join(r.name for r in guard.classes)} as {self.define(guard.error)}"
            elif guard is not None:
                target = f" as {self.define(guard.target)}" if guard.target is not None else ""
                word = f"with {self.arg(guard.context)}{target}"
            self.line(depth, f"{head}{word}:{mark}")
            self.block(s.then, depth + 1)
            self.line(depth, f"{other}:")
            self.block(s.orelse, depth + 1)
        else:
            self.loop(s, depth, mark)

    def loop(self, s: For | While, depth: int, mark: str) -> None:
        defined = self.defines(s.results) + (f" tapes {self.defines(s.outs)}" if s.outs else "")
        head = f"{defined.strip()} = " if defined else ""
        carried = ", ".join(f"{self.define(p)} = {self.arg(a)}" for p, a in zip(s.params, s.inits))
        carried = f" carry {carried}" if carried else ""
        if isinstance(s, While):
            self.line(depth, f"{head}while{carried}:{mark}")
            self.block(s.test, depth + 1)
            self.line(depth, "do:")
        else:
            d = s.domain
            if isinstance(d, Range):
                domain = f"range({self.args((d.start, d.stop, d.step))})"
            else:
                domain = f"along({self.arg(d.tape)})" if isinstance(d, Along) else "mirror"
            domain = f"reversed({domain})" if s.backward else domain
            take = ", ".join(f"{self.define(i)} from {self.arg(t)}" for i, t in zip(s.items, s.tapes))
            take = f" take {take}" if take else ""
            self.line(depth, f"{head}for {self.define(s.index)} in {domain}{carried}{take}:{mark}")
        self.block(s.body, depth + 1)


PRINTER.append(format_trace)
