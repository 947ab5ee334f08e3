"""Writes programs of objects at random: attributes assigned under several names, in branches, loops, methods, calls.

Some of them are refused; the others must compute what Python computes, and have its derivative.
"""

from __future__ import annotations

import random
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Pair = namedtuple("Pair", "u w")


@dataclass
class Inner:
    v: Any


@dataclass
class State:
    h: Any
    r: Any = 0.5
    inner: Any = field(default_factory=lambda: Inner(0.7))
    pair: Any = Pair(0.3, 0.9)
    table: Any = field(default_factory=lambda: {"k": 0.4})
    count: int = 0

    @property
    def energy(self) -> Any:
        return self.r * self.inner.v + self.pair.u

    def move(self, y: Any) -> Any:
        self.r = self.r + 0.1 * y
        self.count += 1
        return self


def pushed(s: Any, y: Any) -> Any:
    if s.r > 0.2:
        s.inner.v = s.inner.v * y
    s.table["k"] = y
    return s.r * y


def joined(s: Any, t: Any, y: Any) -> Any:
    return State(s.h * 0.5 + t.h, s.r * y, Inner(t.inner.v), s.pair, {"k": t.table["k"]})


def folded(s: Any, n: int) -> Any:
    """A function that is not put in place."""
    if n == 0:
        return s.r
    s.r = s.r * 0.9 + 0.1 * s.inner.v
    return folded(s, n - 1) * 0.5


NAMES = {"np": np, "State": State, "Inner": Inner, "Pair": Pair, "pushed": pushed, "joined": joined, "folded": folded}
NUMBERS = ("x", "{:.1f}", "x * x", "np.sin(x)")


class ObjectWriter:
    """Writes one function ``f(p, x, n)`` of objects ``a``, ``b``, ``p``, whose ``h`` is a number or an array."""

    def __init__(self, seed: int, arrays: bool) -> None:
        self.random, self.arrays = random.Random(seed), arrays

    def program(self) -> str:
        """The text of the function."""
        h = "np.array([x, 0.5 * x])" if self.arrays else "x"
        lines = ["s = 0.0", f"a = State({h}, x)", "b = " + self.random.choice(("p", "a", f"State({h} * 0.3)"))]
        for _ in range(self.random.randrange(3, 9)):
            lines += self.statement(0)
        parts = [f"{c} * (np.sum({o}.h) + {o}.r * {o}.inner.v + {o}.pair.u * {o}.pair.w + {o}.table['k'])"
                 for o, c in (("a", "0.5"), ("b", "1.0"), ("p", "0.3"))]
        lines.append(f"return s + {' + '.join(parts)}")
        return "def f(p, x, n):\n" + "".join(f"    {line}\n" for line in lines)

    def name(self) -> str:
        return self.random.choice("abp")

    def place(self) -> str:
        """A number in an object."""
        attribute = self.random.choice(("r", "r", "inner.v", "table['k']", "h[0]" if self.arrays else "h"))
        return f"{self.name()}.{attribute}"

    def value(self, depth: int = 0) -> str:
        """An expression that is a number."""
        kind = self.random.random()
        if kind < 0.25 or depth > 2:
            return self.random.choice(NUMBERS).format(self.random.uniform(0.5, 1.5))
        if kind < 0.55:
            return self.random.choice((self.place(), self.place(), f"{self.name()}.energy", f"{self.name()}.pair.u"))
        if kind < 0.8:
            return f"np.sin({self.value(depth + 1)})"
        return f"({self.value(depth + 1)} {self.random.choice('+*-')} {self.value(depth + 1)})"

    def block(self, depth: int, least: int, most: int) -> list[str]:
        lines = [line for _ in range(self.random.randrange(least, most)) for line in self.statement(depth)]
        return [f"    {line}" for line in lines or ["pass"]]

    def statement(self, depth: int) -> list[str]:
        """The lines of one statement."""
        one, two, random = self.name(), self.name(), self.random
        whole = "{0}.h = {1}.h * {2}" if self.arrays else "{0}.h = {1}.h + {2}"
        plain = {
            "assign": f"{self.place()} = {self.value()}",
            "update": f"{self.place()} {random.choice('+*')}= {self.value()}",
            "whole": whole.format(one, two, self.value()),
            "in place": f"{one}.h *= {self.value()}",
            "name": f"{random.choice('ab')} = {two}",
            "share": f"{one}.inner = {two}.inner",
            "inner": f"{one}.inner = Inner({self.value()})",
            "new": f"{random.choice('ab')} = joined({one}, {two}, {self.value()})",
            "pair": f"{one}.pair = {two}.pair._replace(u={self.value()})",
            "swap": f"{one}.r, {two}.r = {two}.r, {one}.r",
            "move": f"{random.choice('ab')} = {one}.move({self.value()})",
            "push": f"s = s + pushed({one}, {self.value()})",
            "fold": f"s = s + folded({one}, 2)",
            "read": f"s = s + {self.value()}",
            "set": f"setattr({one}, 'r', {self.value()})",
        }
        kind = random.choice([*plain, "assign", "assign", "loop", "loop", "branch", "branch"])
        if kind in plain:
            return [plain[kind]]
        if kind == "loop" and depth < 2:
            return [f"for {'ij'[depth]} in range({random.choice('n2n')}):", *self.block(depth + 1, 1, 4)]
        if depth > 2:
            return []
        tests = (f"{self.place()} > {random.uniform(-1.0, 1.0):.2f}", "s > 0.3", "x > 0.5", f"{one}.count > 1")
        then, orelse = self.block(depth + 1, 1, 3), self.block(depth + 1, 0, 3)
        return [f"if {random.choice(tests)}:", *then, *(["else:", *orelse] if orelse != ["    pass"] else [])]
