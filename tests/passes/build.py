"""Short ways to write traces down."""

from __future__ import annotations

from s2sad.rules import table as _table  # noqa: F401  (the rules are there once the table is)
from s2sad.rules.builder import Builder
from s2sad.trace.ir import NONE, Arg, Block, Input, Leaf, Lit, Node, Return, Trace, Var
from s2sad.trace.types import BOOL, FLOAT, INT, Array, Dim, Tape

N, M = Dim.symbol("n"), Dim.symbol("m")
VECTOR, MATRIX, SINGLE = Array("f8", (N,)), Array("f8", (M, N)), Array("f4", (N,))
ZERO, ONE, TWO = Lit(0.0), Lit(1.0), Lit(2.0)


def function(b: Builder, params: tuple[Var, ...], *values: Arg) -> Trace:
    """The function of the statements in a builder that returns ``values``."""
    inputs = tuple(Input(p.hint, Leaf(k)) for k, p in enumerate(params))
    return Trace("f", inputs, params, b.block(Return(values)), Node("tuple", tuple(map(Leaf, range(len(values))))))


def lines(trace: Trace) -> list[str]:
    """The statements of a trace, one a line, without the head and the marks of the sweeps."""
    return [line.partition("  ; ")[0][2:] for line in str(trace).split("\n")[1:]]


__all__ = [
    "BOOL", "FLOAT", "INT", "M", "MATRIX", "N", "NONE", "ONE", "SINGLE", "TWO", "VECTOR", "ZERO", "Block", "Tape",
    "function", "lines",
]
