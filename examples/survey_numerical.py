"""AD is not numerical differentiation: differences lose digits even at their best step, and AD has no step.

Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning: a survey", JMLR 18 (2018), section
2.1 and figure 3: the iterated logistic map l_{n+1} = 4 l_n (1 - l_n), l_1 = x, of which f = l_4 is differentiated at
x0 = 0.2.  The run prints the derivative that s2sad generates of the loop and the errors at some steps h, and draws
survey_numerical.png, the errors of forward and central differences for h from 1e-17 to 1: the truncation error of the
formulas grows with h and h^2, the round-off in f(x0 + h) - f(x0) with 1/h.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import s2sad

OUT = Path(__file__).parent / "out"
EPS = np.finfo(float).eps


def f(x):
    v = x
    for _ in range(3):
        v = 4 * v * (1 - v)
    return v


def forward_difference(f, x, h):
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def exact(x):
    """f'(x) of this very number x, in rational arithmetic, by the closed form in the paper's table 1."""
    x = Fraction(x)
    a, b = 1 - 2 * x, 1 - 8 * x + 8 * x**2
    return (128 * x * (1 - x) * (-8 + 16 * x) * a**2 * b + 64 * (1 - x) * a**2 * b**2 - 64 * x * a**2 * b**2
            - 256 * x * (1 - x) * a * b**2)


def slope(h: np.ndarray, error: np.ndarray, low: float, high: float) -> float:
    """The exponent p of error ~ h**p between two steps, by a fit."""
    chosen = (low <= h) & (h <= high)
    return float(np.polyfit(np.log(h[chosen]), np.log(error[chosen]), 1)[0])


def draw(h: np.ndarray, errors: dict[str, np.ndarray], automatic: float, slopes: dict[str, float]) -> None:
    """The errors against the step, both axes logarithmic."""
    fig, ax = plt.subplots(figsize=(9, 5), dpi=100, layout="constrained")
    ax.loglog(h, errors["forward"], ".", ms=5, color="C1", label="forward difference, (f(x0 + h) - f(x0)) / h")
    ax.loglog(h, errors["central"], "x", ms=4, color="C5", label="central difference, (f(x0 + h) - f(x0 - h)) / 2h")
    ax.axhline(automatic, color="C0", lw=2.5, label=f"s2sad: no step, {automatic:.0e}")
    ax.text(3e-14, 1.0, f"round-off\nslope {slopes['round-off']:.2f}", ha="left", va="center")
    ax.text(3e-7, 4e-4, f"truncation\nslope {slopes['forward']:.2f}", ha="center", va="center", color="C1")
    ax.text(1e-3, 1e-9, f"truncation\nslope {slopes['central']:.2f}", ha="center", va="center", color="C5")
    ax.set(xlim=(1e-17, 1), ylim=(1e-17, 1e4), xlabel="step h", ylabel="relative error of f'(x0)",
           title="Differences give some of the digits, at the right step h; AD gives all of them, without a step\n"
                 "(f is l4 of the logistic map, x0 = 0.2)")
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 0.09))
    OUT.mkdir(exist_ok=True)
    fig.savefig(OUT / "survey_numerical.png")


def main() -> None:
    x0 = 0.2
    true = exact(x0)
    print(s2sad.derive(f, "grad", types="x: float").source)

    def error(value: float) -> float:
        return float(abs(Fraction(value) - true) / abs(true))

    h = np.logspace(-17, 0, 341)
    errors = {"forward": np.array([error(forward_difference(f, x0, step)) for step in h]),
              "central": np.array([error(central_difference(f, x0, step)) for step in h])}
    automatic = error(s2sad.grad(f)(x0))
    slopes = {"round-off": slope(h, errors["forward"], 1e-15, 1e-10),
              "forward": slope(h, errors["forward"], 1e-6, 1e-3), "central": slope(h, errors["central"], 1e-5, 1e-2)}
    print("relative error    h = 1e-14     1e-12     1e-10      1e-8      1e-6      1e-4      1e-2")
    for name, found in errors.items():
        shown = [found[np.argmin(abs(h / step - 1))] for step in 10.0 ** np.arange(-14, 0, 2)]
        print(f"{name} difference", *(f"{value:9.0e}" for value in shown))
    draw(h, errors, automatic, slopes)
    best = {name: float(found.min()) for name, found in errors.items()}
    print(f"relative error of f' at the best of {len(h)} steps: {best['forward']:.0e} by forward differences, "
          f"{best['central']:.0e} by central ones; by s2sad, without a step: {automatic:.0e}")

    assert automatic < 4 * EPS
    assert best["forward"] > 1e5 * automatic and best["central"] > 100 * automatic
    assert abs(slopes["forward"] - 1) < 0.02 and abs(slopes["central"] - 2) < 0.02
    assert -1.3 < slopes["round-off"] < -0.7


if __name__ == "__main__":
    main()
