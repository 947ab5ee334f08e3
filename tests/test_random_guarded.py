"""Random programs with exceptions: what the program does, its derivatives do, and the two modes agree with differences.

Where it is not certain what a handler sees, the program is refused; that must not happen too often.
"""

from __future__ import annotations

import contextlib
import math
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, Refusal
from tests.corpus import define

LOG: list[int] = []
POINTS = ((0.0, 2.0), (2.0, 0.0), (1.0, 1.5), (-1.0, 0.5))


class OwnError(Exception):
    """An exception of the program."""


@contextlib.contextmanager
def section(number: int) -> Iterator[None]:
    LOG.append(number)
    try:
        yield
    finally:
        LOG.append(-number)


def risky(a, b):
    if b < -0.5:
        raise OwnError("low", b)
    return a * math.sqrt(abs(b) + 0.1) / (b if b else 0.0)


def careful(a, b):
    try:
        c = a / b
        if c > 3.0:
            return c * a
    except ZeroDivisionError:
        return a * a
    return c + a


class Writer:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.random, self.loops = random.Random(seed), 0

    def pick(self, *items: Any) -> Any:
        return self.random.choice(items)

    def name(self) -> str:
        return self.pick("a", "b", "c", "x")

    def atom(self) -> str:
        return self.pick(self.name(), self.name(), self.name(), "y", "y", "z", "0.5", "1.5")

    def expression(self) -> str:
        p, q, d = self.atom(), self.atom(), self.pick("y", "z")
        return self.pick(f"{p} * {q}", f"{p} * {q}", f"{p} + {q}", f"{p} / {d}", f"{p} / {d}", f"math.sqrt({d})",
                         f"{p} * math.log({d})", f"risky({p}, {d})", f"careful({p}, {d})", f"math.sin({p})")

    def test(self) -> str:
        return f"{self.pick('y', 'z', self.name())} {self.pick('<', '>')} {self.pick(0.25, -0.5, 1.0)}"

    def block(self, depth: int, loop: bool, size: int = 0) -> list[str]:
        count = size or self.random.randint(1, 2)
        return ["    " + line for _ in range(count) for line in self.statement(depth, loop)]

    def statement(self, depth: int, loop: bool) -> list[str]:
        kind = self.random.random()
        if depth == 0 or kind < 0.4:
            return [f"{self.name()} = {self.expression()}"]
        if kind < 0.45:
            return [f"if {self.test()}:", "    " + self.pick("raise OwnError('o', y)", "raise ValueError('v')")]
        if kind < 0.5:
            return [f"if {self.test()}:", f"    return {self.expression()}"]
        if kind < 0.54 and loop:
            return [f"if {self.test()}:", "    " + self.pick("break", "continue")]
        if kind < 0.62:
            return [f"if {self.test()}:", *self.block(depth - 1, loop), "else:", *self.block(depth - 1, loop)]
        if kind < 0.68:
            self.loops += 1
            return [f"for i{self.loops} in range(3):", *self.block(depth - 1, True)]
        if kind < 0.74:
            context = self.pick(f"section({self.random.randint(1, 9)})", "np.errstate(all='ignore')",
                                "contextlib.suppress(ZeroDivisionError)")
            return [f"with {context}:", *self.block(depth - 1, loop)]
        return self.guarded(depth, loop)

    def guarded(self, depth: int, loop: bool) -> list[str]:
        lines = ["try:", *self.block(depth - 1, loop)]
        classes = self.pick(["ZeroDivisionError"], ["(ValueError, OwnError)"], ["ZeroDivisionError", "ValueError"],
                            ["ArithmeticError", "Exception"], ["Exception"], ["OwnError", "ZeroDivisionError"], [])
        for name in classes:
            lines += [f"except {name} as e:", *self.block(depth - 1, loop)]
            lines += self.pick(*[[]] * 7, ["    raise"], ["    raise OwnError('again') from e"])
        if classes and self.random.random() < 0.35:
            lines += ["else:", *self.block(depth - 1, loop)]
        if not classes or self.random.random() < 0.25:
            lines += ["finally:", *self.block(max(depth - 2, 0), False)]
        return lines

    def program(self) -> str:
        body = ["    a, b, c = x, x * x, 1.5", *self.block(3, False, 3), f"    return a * {self.name()} + b * c"]
        return "\n".join(["def f(x, y, z):", *body]) + "\n"


def outcome(work: Any) -> tuple[Any, ...]:
    """What comes of some work: a value or an exception, and the contexts that have been entered and left."""
    LOG.clear()
    try:
        made = work()
    except (ArithmeticError, ValueError, OwnError) as error:
        return type(error).__name__, error.args, list(LOG)
    return "value", made, list(LOG)


def examine(seed: int) -> set[str]:
    """Compare one program with its derivatives; what could be said."""
    source = Writer(seed).program()
    f = define(source, f"random program {seed}", {
        "math": math, "np": np, "contextlib": contextlib, "OwnError": OwnError, "risky": risky, "careful": careful,
        "section": section})["f"]
    said: set[str] = set()
    for y, z in POINTS:
        wanted = outcome(lambda y=y, z=z: f(0.7, y, z))
        if wanted[0] == "value" and not math.isfinite(wanted[1]):
            continue
        told = f"{source}\nat {(0.7, y, z)}"
        try:
            backward = outcome(lambda y=y, z=z: s2sad.vjp(f, 0.7, y, z, wrt=0))
            tangent = outcome(lambda y=y, z=z: s2sad.jvp(f, (0.7, y, z), (1.0, None, None)))
        except (Refusal, ArgumentError):
            said.add("refused")
            continue
        if wanted[0] != "value":
            assert backward == tangent == wanted, told
            said.add("raised")
            continue
        assert backward[0] == "value" and backward[1][0] == wanted[1] and backward[2] == wanted[2], told
        slope = outcome(lambda pullback=backward[1][1]: pullback(1.0)[0])
        if slope[0] != "value" or tangent[0] != "value":
            continue                                        # the derivative divides by zero: it does not exist
        assert tangent[1][0] == wanted[1] and tangent[2] == wanted[2], told
        assert slope[1] == pytest.approx(tangent[1][1], rel=1e-8, abs=1e-8), told
        sides = [outcome(lambda x=0.7 + h, y=y, z=z: f(x, y, z)) for h in (1e-6, -1e-6)]
        if all(side[0] == "value" for side in sides):
            assert slope[1] == pytest.approx((sides[0][1] - sides[1][1]) / 2e-6, rel=1e-4, abs=1e-4), told
            said.add("checked")
    return said


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_random_programs(start: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [examine(seed) for seed in range(start, start + 20)]
    assert sum("checked" in said for said in found) >= 4
    assert sum("raised" in said for said in found) >= 2
