"""Small traces by hand: variables, operations, execution of the text, and an interpreter to compare with."""

from __future__ import annotations

from typing import Any

from s2sad.emit import emit
from s2sad.rules.builder import Builder
from s2sad.trace.ir import (
    UNDEF,
    Arg,
    Block,
    Break,
    End,
    For,
    If,
    Input,
    Leaf,
    Lit,
    Next,
    Node,
    Range,
    Return,
    Site,
    Slc,
    Stmt,
    Trace,
    Tree,
    Tup,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import BOOL, FLOAT, INT, Array, Dim, Tape, Type
from s2sad.trace.validate import validate

VECTOR = Array("f8", (Dim.symbol("n"),))
MATRIX = Array("f8", (Dim.symbol("n"), Dim.symbol("m")))
NP0 = Array("f8", ())


def line(number: int, text: str) -> Site:
    return Site("example.py", number, text)


class B(Builder):
    """A builder with types given by keyword or ``float``."""

    def __call__(self, fn: str, *args: Any, t: Type = FLOAT, hint: str = "", **kwargs: Any) -> Var:
        style = kwargs.pop("style", "call")
        return self.op(fn, *map(arg, args), hint=hint, type=t, style=style, **{k: arg(v) for k, v in kwargs.items()})

    def sub(self, sweep: str | None = None) -> B:
        return B(sweep or self.sweep, self.site)


def arg(a: Any) -> Arg:
    """Python numbers, tuples and slices as operands."""
    if isinstance(a, tuple):
        return Tup(tuple(map(arg, a)))
    if isinstance(a, slice):
        return Slc(arg(a.start), arg(a.stop), arg(a.step))
    if a is None or a is Ellipsis or isinstance(a, (int, float, str, bool)):
        return Lit(a)
    return a  # type: ignore[no-any-return]


def var(hint: str = "", t: Type = FLOAT) -> Var:
    return Var(t, hint)


def upto(n: Any) -> Range:
    return Range(Lit(0), arg(n), Lit(1))


def function(name: str, params: list[Var], body: Block, result: Tree | int = 1, seeds: tuple[str, ...] = (),
             **kwargs: Any) -> Trace:
    """A trace whose parameters are all leaves; ``result`` an int counts the leaves of a flat tuple."""
    inputs = tuple(Input(p.hint, Leaf(k), Lit(1.0) if p.hint in seeds else UNDEF,
                         "seed" if p.hint in seeds else "argument") for k, p in enumerate(params))
    if isinstance(result, int):
        result = Leaf(0) if result == 1 else Node("tuple", tuple(map(Leaf, range(result))))
    if seeds:
        kwargs.setdefault("given", (0,))
    trace = Trace(name, inputs, tuple(params), body, result, **kwargs)
    validate(trace)
    return trace


def body_of(text: str, name: str = "f") -> str:
    """The text of one function without the header of the module."""
    part = text[text.index(f"def {name}("):]
    return part.split("\n\n\n")[0].rstrip("\n")


def run(text: str, name: str, *args: Any, **kwargs: Any) -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(text, "<emitted>", "exec"), namespace)
    return namespace[name](*args, **kwargs)


__all__ = [
    "B", "BOOL", "Block", "Break", "End", "FLOAT", "For", "INT", "If", "Input", "Leaf", "Lit", "MATRIX", "NP0", "Next",
    "Node", "Range", "Return", "Slc", "Stmt", "Tape", "Trace", "Tup", "VECTOR", "Var", "While", "Yield", "arg",
    "body_of", "emit", "function", "line", "run", "upto", "validate", "var",
]
