"""The cost of a gradient: by reverse mode it is a few times that of the function, whatever the number of inputs.

The function is the Helmholtz free energy of a mixed fluid with n components, the example of A. Griewank, "On automatic
differentiation" (1989), which A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind take up in "Automatic
differentiation in machine learning: a survey", Journal of Machine Learning Research 18 (2018):

    f(x) = R T sum_i log(x_i / (1 - b'x)) - x'A x / (sqrt(8) b'x) log((1 + (1 + sqrt(2)) b'x) / (1 + (1 - sqrt(2)) b'x))

For n = 1 to 200 the run measures how many times as long as the function its gradient takes: by differences (n + 1
calls of the function), by forward mode (n tangents) and by reverse mode (one adjoint).  It also counts the operations
on numbers in the function and in the adjoint that s2sad has generated, a count that no other process disturbs.  The
picture ``out/survey_cost.png`` shows all of this against n.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from pathlib import Path
from time import thread_time

import matplotlib
import numpy as np

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt

OUT = Path(__file__).parent / "out"
SIZES = (1, 2, 3, 5, 8, 12, 20, 30, 45, 70, 100, 140, 200)
R, T = 8.314, 300.0     # J / (mol K), K


def helmholtz(x, A, b):
    """The Helmholtz free energy of a mixed fluid at temperature T."""
    bx = b @ x
    ideal = R * T * np.sum(np.log(x / (1.0 - bx)))
    mixing = x @ A @ x / (np.sqrt(8.0) * bx)
    return ideal - mixing * np.log((1.0 + (1.0 + np.sqrt(2.0)) * bx) / (1.0 + (1.0 - np.sqrt(2.0)) * bx))


def by_hand(x, A, b):
    """The gradient as one derives it on paper."""
    bx, p, q = b @ x, 1.0 + np.sqrt(2.0), 1.0 - np.sqrt(2.0)
    log, dlog = np.log((1.0 + p * bx) / (1.0 + q * bx)), p / (1.0 + p * bx) - q / (1.0 + q * bx)
    mixing = x @ A @ x / (np.sqrt(8.0) * bx)
    ideal = R * T * (1.0 / x + len(x) * b / (1.0 - bx))
    return ideal - (A @ x + A.T @ x) / (np.sqrt(8.0) * bx) * log + mixing * (log / bx - dlog) * b


def by_differences(x, A, b):
    """The gradient by forward differences."""
    y, step = helmholtz(x, A, b), 1e-7 * np.min(x)
    return np.array([helmholtz(x + unit, A, b) - y for unit in step * np.eye(len(x))]) / step


class Counted(np.ndarray):
    """Arrays that count the operations on their numbers; a product of matrices has two per term."""

    total = 0

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        plain = [np.asarray(v) for v in inputs]
        y = getattr(ufunc, method)(*plain, **options)
        terms = 2 * plain[0].shape[-1] if ufunc is np.matmul else 1
        Counted.total += plain[0].size if method == "reduce" else np.size(y) * terms
        return np.asarray(y).view(Counted)


def operations(f, *args) -> int:
    """The number of operations in one call."""
    Counted.total = 0
    f(*(a.view(Counted) for a in args))
    return Counted.total


def seconds(f, *args) -> float:
    """The processor time of a call, which other programs do not disturb: the best of seven rounds."""
    times, calls = [], 1
    while len(times) < 7:
        start = thread_time()
        for _ in range(calls):
            f(*args)
        spent = thread_time() - start
        if spent > 3e-4:
            times.append(spent / calls)
        else:
            calls *= 2
    return min(times)


def mixture(n, rng):
    """The amounts of n components, their attractions and their volumes; b'x stays below 1."""
    return rng.uniform(0.5, 1.0, n) / n, rng.uniform(0.0, 1.0, (n, n)), rng.uniform(0.1, 0.5, n)


def main() -> None:
    """Measure, check, draw."""
    rng, gradient, forward = np.random.default_rng(0), s2sad.grad(helmholtz), s2sad.jacfwd(helmholtz)
    adjoint = s2sad.derive(helmholtz, "value_and_grad", wrt="x", types="x: f8[n], A: f8[n, n], b: f8[n]")
    print(adjoint)
    print("              time of the gradient / time of f          operations on numbers")
    print("    n    differences   forward mode   reverse mode     function  f and gradient  ratio")
    methods = by_differences, forward, gradient
    ratios, counted, errors = [], [], []
    for n in SIZES:
        at = x, A, b = mixture(n, rng)
        exact = by_hand(x, A, b)
        errors.append([np.max(np.abs(method(*at) - exact)) / np.max(np.abs(exact)) for method in methods])
        unit = seconds(helmholtz, *at)
        ratios.append([seconds(method, *at) / unit for method in methods])
        counts = operations(helmholtz, *at), operations(adjoint.fn, *at)
        counted.append(counts[1] / counts[0])
        print("{:5d} {:12.1f} {:14.1f} {:14.2f} {:14d} {:14d} {:9.2f}".format(n, *ratios[-1], *counts, counted[-1]))
    differences, tangents, reverse = np.array(ratios).T
    inaccurate, *accurate = np.max(errors, axis=0)
    draw(differences, tangents, reverse, counted)
    print(f"a gradient by reverse mode costs {reverse.min():.1f} to {reverse.max():.1f} times the function for n = 1 "
          f"to {SIZES[-1]}, at n = {SIZES[-1]} by forward mode {tangents[-1]:.0f} times, by differences "
          f"{differences[-1]:.0f} times; relative errors: s2sad {max(accurate):.0e}, differences {inaccurate:.0e}")
    assert max(accurate) < 1e-13 and inaccurate < 1e-5
    assert max(counted) < 5.0                                      # the theorem: at most 5 (Griewank and Walther)
    assert np.median(reverse[-4:]) < 3.0 * np.median(reverse[:4])  # flat
    assert min(differences[-1], tangents[-1]) > 10.0 * reverse[-1]


def draw(differences, tangents, reverse, counted) -> None:
    """The ratios against n."""
    figure, axes = plt.subplots(figsize=(9, 5), dpi=100, layout="constrained")
    axes.loglog(SIZES, tangents, "C3--s", label="forward mode: n tangents", markersize=5)
    axes.loglog(SIZES, differences, "C1-^", label="differences: n + 1 calls of f", markersize=5)
    axes.loglog(SIZES, reverse, "C0-o", label="reverse mode: one adjoint", markersize=5)
    axes.loglog(SIZES, counted, "C0:", label="reverse mode, operations counted (f and gradient)")
    axes.set(xlabel="number of components n", ylabel="cost of the gradient / cost of f",
             title="By reverse mode a gradient costs a few calls of the function, whatever n")
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100, 200], [1, 2, 5, 10, 20, 50, 100, 200])
    axes.set_yticks([1, 3, 10, 30, 100, 300, 1000], [1, 3, 10, 30, 100, 300, 1000])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "survey_cost.png")


if __name__ == "__main__":
    main()
