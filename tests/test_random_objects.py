"""Random programs over objects that hold objects: aliases, exchanges and new ones, in branches, loops and methods.

Each is compared with the function itself and with differences; what is refused is counted.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

import s2sad
from s2sad.errors import Refusal
from tests.corpus import define

CLASSES = """
class Part:
    def __init__(self, v):
        self.v = v
        self.n = 0

    def push(self, x):
        self.v = self.v * 0.5 + x
        self.n += 1
        return self.v

    @property
    def twice(self):
        return 2.0 * self.v

    @twice.setter
    def twice(self, y):
        self.v = y * 0.5


class Whole:
    def __init__(self, p, q, w):
        self.p, self.q, self.w = p, q, w
        self.items = [p]

    def swap(self):
        self.p, self.q = self.q, self.p

    def mix(self, x):
        self.w = self.w + self.p.push(x) * self.q.v
        return self

    def fresh(self, x):
        self.q = Part(x)
        self.items.append(self.q)


"""
STATEMENTS = (
    "{a}.w = {e} * 0.5 + x * 0.1", "{a}.{p}.v = {e} + 0.1", "{a}.swap()", "{a}.mix({e})", "{a}.{p} = {b}.{q}",
    "{a}.{p}.twice += {e}", "{a}.w += {e} * 0.3", "t = t * 0.5 + {e}", "{a}.fresh({e})", "c = {a}.{p}; c.push({e})",
    "{a}, {b} = {b}, {a}", "t = t + sum(i.v for i in {a}.items) * 0.1", "{a} = Whole({b}.p, Part({e}), {e})",
    "t = t + {a}.p.n * 0.1 + {a}.q.n * x", "{b}.items[0].v = {e}",
)
PROGRAMS = 40


def statements(r: random.Random, depth: int, indent: str, names: list[str]) -> list[str]:
    """Some statements, with branches and loops around others."""
    found = []
    for _ in range(r.randint(1, 4)):
        a, b, p, q = r.choice(names), r.choice(names), r.choice("pq"), r.choice("pq")
        e = r.choice(["x", "y", f"{a}.w", f"{a}.{p}.v", f"{b}.{p}.twice", "0.7", "t"])
        found.append(indent + r.choice(STATEMENTS).format(a=a, b=b, p=p, q=q, e=e))
    if depth and r.random() < 0.8:
        inner = statements(r, depth - 1, indent + "    ", names)
        kind = r.randint(0, 2)
        if kind == 0:
            found += [f"{indent}if {r.choice(['x > y', 'x < y', 't > 0.5'])}:", *inner]
            if r.random() < 0.5:
                found += [f"{indent}else:", *statements(r, depth - 1, indent + "    ", names)]
        elif kind == 1:
            found += [f"{indent}for k{depth} in range(n):", *inner]
        else:
            found += [f"{indent}for o{depth} in [a, b]:", *inner, f"{indent}    o{depth}.mix(o{depth}.w * 0.1)"]
        found += statements(r, 0, indent, names)
    return found


def written(seed: int) -> str:
    """The text of a program."""
    r = random.Random(seed)
    return CLASSES + "\n".join((
        "def f(x, y, n):", "    pa, pb = Part(x), Part(y * 0.5)", "    a = Whole(pa, pb, y)",
        f"    b = Whole({r.choice(['pa', 'Part(0.3)'])}, {r.choice(['pb', 'Part(x * y)'])}, x)", "    t = 0.0",
        *statements(r, 2, "    ", ["a", "b"]),
        "    return t + a.w + b.w * 0.5 + a.p.v * a.q.v + b.p.v - b.q.v + pa.v * 0.3 + pb.v + a.p.n",
    )) + "\n"


def difference(f: Any, dx: float, dy: float, step: float = 1e-6) -> float:
    x, y, n = 0.7, 1.3, 2
    return float(f(x + step * dx, y + step * dy, n) - f(x - step * dx, y - step * dy, n)) / (2 * step)


def check(f: Any) -> None:
    x, y, n = 0.7, 1.3, 2
    value, bars = s2sad.value_and_grad(f, argnums=(0, 1))(x, y, n)
    assert value == f(x, y, n)
    expected = difference(f, 1.0, 0.0), difference(f, 0.0, 1.0)
    assert bars == pytest.approx(expected, rel=1e-5, abs=1e-5)
    moved = s2sad.jvp(f, (x, y, n), (1.0, 0.5, None))[1]
    assert moved == pytest.approx(expected[0] + 0.5 * expected[1], rel=1e-5, abs=1e-5)


def test_random_programs() -> None:
    refused = 0
    for seed in range(PROGRAMS):
        text = written(seed)
        f = define(text, f"random objects {seed}", {})["f"]
        try:
            check(f)
        except Refusal as refusal:
            refused += 1
            assert refusal.where is not None, text
        except AssertionError:
            print(text)
            raise
    assert refused <= PROGRAMS // 2
