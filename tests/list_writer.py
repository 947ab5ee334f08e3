"""Writes programs that change lists, at random: in branches and loops, under several names, at computed places.

Some of them are refused; the others must compute what Python computes, and have its derivative.
"""

from __future__ import annotations

import random

NUMBERS = ("x", "{:.1f}", "x * x", "np.sin(x)")
ARRAYS = ("x", "x * {:.1f}", "np.sin(x)", "np.cos(x) * x")


class ListWriter:
    """Writes one function ``f(x, n)`` of lists ``a``, ``b``, ``c``, of numbers or of arrays."""

    def __init__(self, seed: int, arrays: bool) -> None:
        self.random, self.arrays = random.Random(seed), arrays
        self.indices: list[str] = []

    def program(self) -> str:
        """The text of the function."""
        third = "a" if self.random.random() < 0.3 else "[x * x, x]"
        lines = ["s = 0.0", "a = [x, x * 0.5]", "b = [np.cos(x), x]", f"c = {third}"]
        for _ in range(self.random.randrange(3, 9)):
            lines += self.statement(0)
        lines.append("return s + 0.5 * np.sum(np.array(a)) + np.sum(np.array(b)) + 0.3 * np.sum(np.array(c))")
        return "def f(x, n):\n" + "".join(f"    {line}\n" for line in lines)

    def name(self) -> str:
        return self.random.choice("abc")

    def item(self) -> str:
        """An item of a list, sometimes at the index of a loop."""
        if self.indices and self.random.random() < 0.35:
            return f"{self.name()}[{self.random.choice(self.indices)}]"
        return f"{self.name()}[{self.random.choice((0, 1, -1))}]"

    def value(self, depth: int = 0) -> str:
        """An expression."""
        kind = self.random.random()
        if kind < 0.3 or depth > 2:
            return self.random.choice(ARRAYS if self.arrays else NUMBERS).format(self.random.uniform(0.5, 1.5))
        if kind < 0.6:
            return self.item()
        if kind < 0.8:
            return f"np.sin({self.value(depth + 1)})"
        return f"({self.value(depth + 1)} {self.random.choice('+*-')} {self.value(depth + 1)})"

    def number(self, value: str) -> str:
        return f"np.sum({value})" if self.arrays else value

    def block(self, depth: int, least: int, most: int) -> list[str]:
        lines = [line for _ in range(self.random.randrange(least, most)) for line in self.statement(depth)]
        return [f"    {line}" for line in lines or ["pass"]]

    def statement(self, depth: int) -> list[str]:
        """The lines of one statement."""
        one, two, random = self.name(), self.name(), self.random
        plain = {
            "item": f"{self.item()} = {self.value()}",
            "append": f"{one}.append({self.value()})",
            "name": f"{one} = {two}",
            "new": f"{one} = [{self.value()}, {self.value()}]",
            "copy": f"{one} = list({two})" if random.random() < 0.5 else f"{one} = {two}[:2]",
            "swap": f"{one}, {two} = {two}, {one}",
            "update": f"{self.item()} {random.choice('+*')}= {self.value()}",
            "extend": f"{one} += [{self.value()}]" if random.random() < 0.5 else f"{one}.extend([{self.value()}])",
            "read": f"s = s + {self.number(self.item())}",
            "array": f"s = s + np.sum(np.array({one}))",
            "element": f"{self.item()}[0] = x[1] * {random.uniform(0.5, 1.5):.1f}" if self.arrays else "s = s * 0.9",
        }
        kind = random.choice([*plain, "item", "append", "read", "pop", "each", "loop", "loop", "branch", "branch"])
        if kind in plain:
            return [plain[kind]]
        if kind == "pop":
            return [f"if len({one}) > 2:", f"    s = s + {self.number(f'{one}.pop()')}"]
        if kind == "each":
            return [f"for item in {one}:", f"    s = s * 0.5 + {self.number('item')}"]
        if kind == "loop" and depth < 2:
            index = "ij"[depth]
            self.indices.append(index)
            body = self.block(depth + 1, 1, 5)
            self.indices.pop()
            return [f"for {index} in range({random.choice('n2n')}):", *body]
        if depth > 2:
            return []
        tests = (f"{self.number(self.item())} > {random.uniform(-1.0, 1.0):.2f}", "s > 0.3", f"len({one}) > 2")
        then, orelse = self.block(depth + 1, 1, 3), self.block(depth + 1, 0, 3)
        return [f"if {random.choice(tests)}:", *then, *(["else:", *orelse] if orelse != ["    pass"] else [])]
