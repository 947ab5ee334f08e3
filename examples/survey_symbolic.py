"""AD is not symbolic differentiation: the expression of a derivative swells, its program does not.

Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning: a survey", JMLR 18 (2018), section
2.2 and table 1: the iterated logistic map l_{n+1} = 4 l_n (1 - l_n), l_1 = x, for n = 1…8.  SymPy's derivative of the
expression l_n, as it comes and simplified, is compared with the program that s2sad makes of the loop, and of the loop
unrolled: operations, and run time relative to that of l_n itself.

An expression writes a value out wherever it is used, and the derivative of a product uses each factor twice.  What
helps is to give values names, as programs do: with its common subexpressions named (sympy.cse), SymPy's derivative is
small again, but the swollen one had to be made first.  The picture, survey_symbolic.png, shows operations and time.
"""

from __future__ import annotations

import ast
import time
import timeit
from collections.abc import Callable
from functools import partial
from pathlib import Path

import matplotlib
import numpy as np
import sympy

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import s2sad

OUT = Path(__file__).parent / "out"
N = np.arange(1, 9)
SIMPLIFIED = 6  # the last n for which SymPy simplifies the derivative in less than a second


def logistic(x, n):
    v = x
    for _ in range(n - 1):
        v = 4 * v * (1 - v)
    return v


def unrolled(x, steps):
    v = x
    for _ in steps:
        v = 4 * v * (1 - v)
    return v


def operations(text: str, iterations: int = 1) -> int:
    """The arithmetic operations of a program or an expression, in a loop times the number of iterations."""

    def count(node: ast.AST) -> int:
        if isinstance(node, ast.For):
            return count(node.iter) + iterations * sum(map(count, node.body))
        return isinstance(node, (ast.BinOp, ast.UnaryOp)) + sum(map(count, ast.iter_child_nodes(node)))

    return count(ast.parse(text))


def times(*calls: Callable[[], object]) -> np.ndarray:
    """The time of each call: the least of many, measured in turns, of the processor."""
    return np.min([[timeit.timeit(call, time.process_time, number=200) for call in calls] for _ in range(20)], axis=0)


def draw(columns: dict[str, list[float]]) -> None:
    """Operations and time against n, with logarithmic axes upwards."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), dpi=100, layout="constrained")
    styles = {"SymPy": ("C2", "o-", "SymPy's derivative"), "simplified": ("C2", "s--", "the same, simplified"),
              "named": ("C2", "^:", "the same, common parts named"), "run": ("C0", "o-", "s2sad, run"),
              "text": ("C0", "s--", "s2sad, in the text (loop)")}
    for name, (colour, line, label) in styles.items():
        shown = np.array(columns[name], float)
        left.plot(N[: len(shown)], np.where(shown > 0, shown, np.nan), line, ms=5, color=colour, label=label)
    left.set(yscale="log", xlabel="n", ylabel="arithmetic operations",
             title="The expression of the derivative swells,\ns2sad's program stays as it is")
    right.plot(N, columns["t SymPy"], "o-", ms=5, color="C2", label="SymPy's derivative (lambdify)")
    right.plot(N, columns["t s2sad"], "o-", ms=5, color="C0", label="s2sad: l_n and its derivative")
    right.set(yscale="log", xlabel="n", ylabel="run time / run time of l_n",
              title="so the one takes ever more time than l_n,\nthe other about twice as much")
    for ax in (left, right):
        ax.grid(alpha=0.3)
        ax.legend()
    OUT.mkdir(exist_ok=True)
    fig.savefig(OUT / "survey_symbolic.png")


def main() -> None:
    x0, x = 0.2, sympy.Symbol("x")
    loop = s2sad.derive(logistic, "forward", wrt="x", types="x: float, n: int")
    print(loop.source)
    columns: dict[str, list[float]] = {name: [] for name in (
        "l_n", "SymPy", "simplified", "named", "text", "run", "unrolled", "t SymPy", "t s2sad")}
    errors = []
    print("   n" + "".join(f"{name:>11}" for name in columns))
    l_n = x
    for n in map(int, N):
        derivative = sympy.diff(l_n, x)
        named, (rest,) = sympy.cse(derivative)
        by_sympy = sympy.lambdify(x, derivative, "math")
        straight = s2sad.derive(unrolled, "forward", wrt="x", types=(x0, (None,) * (n - 1)))
        primal, swollen, tangent = times(partial(logistic, x0, n), partial(by_sympy, x0), partial(loop.fn, x0, n, 1.0))
        row = {"l_n": sympy.count_ops(l_n), "SymPy": sympy.count_ops(derivative),
               "named": sum(sympy.count_ops(value) for _, value in named) + sympy.count_ops(rest),
               "text": operations(loop.source), "run": operations(loop.source, n - 1),
               "unrolled": operations(straight.source), "t SymPy": swollen / primal, "t s2sad": tangent / primal}
        if n <= SIMPLIFIED:
            row["simplified"] = sympy.count_ops(sympy.simplify(derivative))
        for name, value in row.items():
            columns[name].append(value)
        print(f"{n:4}" + "".join(f"{row.get(name, ''):>11{'.1f' if name[:2] == 't ' else ''}}" for name in columns))
        exact = derivative.subs(x, sympy.Rational(x0))
        errors += [abs((sympy.Rational(float(value)) - exact) / exact)
                   for value in (loop.fn(x0, n, 1.0)[1], straight.fn(x0, (None,) * (n - 1), 1.0)[1], by_sympy(x0))]
        l_n = 4 * l_n * (1 - l_n)
    draw(columns)
    growth = np.exp(np.polyfit(N[2:], np.log(np.array(columns["SymPy"][2:], float)), 1)[0])
    last = {name: found[-1] for name, found in columns.items()}
    print(f"dl_8/dx: {last['SymPy']} operations by SymPy ({growth:.1f} times more for each n), {last['t SymPy']:.0f} "
          f"times the time of l_8; by s2sad {last['text']} written, {last['run']} run, {last['t s2sad']:.1f} times; "
          f"largest error {float(max(errors)):.0e}")

    assert max(errors) < 1e-12
    assert growth > 2 and all(b > 2 * a for a, b in zip(columns["SymPy"][1:], columns["SymPy"][2:]))
    assert all(b > 2 * a for a, b in zip(columns["simplified"][1:], columns["simplified"][2:]))
    assert len(set(columns["text"])) == 1 and len(set(np.diff(columns["run"]))) == 1
    assert len(set(np.diff(columns["unrolled"])[1:])) == 1
    assert last["named"] < 3 * last["run"]
    assert last["t SymPy"] > 10 * last["t s2sad"]


if __name__ == "__main__":
    main()
