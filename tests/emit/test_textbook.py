"""Small programs of textbooks: of what is generated, the lines that a careful person would have written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sad


def lines(f: Any, *args: Any, mode: str = "reverse", wrt: Any = None) -> list[str]:
    """The statements of a derivative, without comments at their sides, once it has been checked."""
    s2sad.check_grads(f, args, order=2, wrt=wrt)
    text = s2sad.derive(f, mode, types=args, wrt=wrt).source
    return [line.partition("  #")[0].strip() for line in text.splitlines()]


def total(x):
    s = 0
    for v in x:
        s += v * v
    return s


def test_a_sum_that_begins_with_the_int_0_needs_no_tape() -> None:
    found = lines(total, np.array([0.4, 0.9, 1.3]))
    assert "v_bar = 2.0 * v * s_bar" in found
    assert not any("tape" in line or "cast" in line for line in found)
    value = s2sad.value_and_grad(total)(np.zeros(0))[0]
    assert value == 0 and isinstance(value, int)


def lighthouse(nu, gamma, omega, t):
    y1 = nu * math.tan(omega * t) / (gamma - math.tan(omega * t))
    return y1, gamma * y1


def test_costly_operations_of_equal_operands_are_computed_once() -> None:
    found = lines(lighthouse, 1.2, 0.7, 0.4, 0.5)
    assert sum("math.tan" in line for line in found) == 1 and "v1 = math.tan(omega * t)" in found


def quotients(x1, x2):
    return (math.sin(x1 / x2) + x1 / x2 - math.exp(x2)) * (x1 / x2 - math.exp(x2))


def test_derivatives_read_the_first_of_equal_numbers() -> None:
    found = lines(quotients, 1.5, 0.5)
    assert "v1 = x1 / x2" in found and "v3 = math.sin(v1) + x1 / x2 - v2" in found


def horner(a, x):
    p = 0.0
    for c in a[::-1]:
        p = p * x + c
    return p


def test_an_adjoint_is_overwritten_after_its_last_use_and_zeros_are_not_added() -> None:
    found = lines(horner, np.array([1.0, -2.0, 0.5]), 0.7)
    at = found.index("p_bar = p_bar * x")
    assert found[at - 2: at] == ["x_bar = x_bar + p_bar * p", "a_bar[::-1][i] += p_bar"]
    assert sum("zeros_like" in line for line in found) == 1


def paths(s, sigma, dt, z):
    for v in z:
        s = s * math.exp(sigma * math.sqrt(dt) * v - sigma**2 * dt)
    return s


def test_what_is_the_same_in_every_iteration_is_not_recorded() -> None:
    found = lines(paths, 1.0, 0.3, 0.1, np.array([0.4, -0.2]), wrt=("s", "sigma", "dt"))
    assert sum("tape = []" in line for line in found) == 2


@dataclass
class Node:
    op: str
    parts: list


def evaluate(node, names):
    if node.op == "name":
        return names[node.parts[0]]
    parts = [evaluate(part, names) for part in node.parts]
    if node.op == "sin":
        return math.sin(parts[0])
    return parts[0] + parts[1] if node.op == "+" else parts[0] * parts[1]


X, Y = Node("name", ["x"]), Node("name", ["y"])
TREE = Node("+", [Node("*", [X, Y]), Node("sin", [X])])


def tree(names):
    return evaluate(TREE, names)


def test_a_recursion_over_a_known_structure_is_written_out() -> None:
    found = lines(tree, {"x": 1.2, "y": 0.4})
    assert "return x * y + math.sin(x), {'x': x_bar, 'y': y_bar}" in found
    assert "x_bar = result_bar * math.cos(x) + result_bar * y" in found
