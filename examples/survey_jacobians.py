"""Jacobians by forward and by reverse mode: which is faster depends on whether there are more inputs or more outputs.

Sections 3.1 and 3.2 of A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, "Automatic differentiation in
machine learning: a survey", Journal of Machine Learning Research 18 (2018): for f from R^n to R^m forward mode makes
the Jacobian column by column, n runs, and reverse mode row by row, m runs.

The function is what one fits to the decay of n radioactive substances measured at m times, y_j = sum_i exp(-x_i t_j).
For n and m from 1 to 128 the run times ``s2sad.jacfwd`` and ``s2sad.jacrev`` and finds where they cross.  That is not
at n = m: a row takes the reverse sweep only, over one forward sweep that all rows share, while a column computes
the function, too.  The picture ``out/survey_jacobians.png`` shows who wins by how much, and the times where n m = 128.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from pathlib import Path

import matplotlib
import numpy as np
from survey_cost import seconds

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt

OUT = Path(__file__).parent / "out"
SIZES = 2 ** np.arange(8)


def decay(x, t):
    """What is left at the times t of substances that decay at the rates x."""
    return np.sum(np.exp(-np.outer(t, x)), axis=1)


def by_hand(x, t):
    """The Jacobian of decay in x."""
    return -t[:, np.newaxis] * np.exp(-np.outer(t, x))


def crossing(ratio: np.ndarray, time_forward: np.ndarray, time_reverse: np.ndarray) -> float:
    """Where two curves meet: the ratio n / m at which a line through log(forward / reverse) is zero."""
    slope, offset = np.polyfit(np.log(ratio), np.log(time_forward / time_reverse), 1)
    return float(np.exp(-offset / slope))


def main() -> None:
    """Measure, check, draw."""
    forward, reverse = s2sad.jacfwd(decay), s2sad.jacrev(decay)
    types = "x: f8[n], t: f8[m]"
    print("One column (forward mode), run n times:\n")
    print(s2sad.derive(decay, "forward", wrt="x", types=types))
    print("One row (reverse mode), the function inside run m times:\n")
    print(s2sad.derive(decay, "pullback", wrt="x", types=types))

    time_forward, time_reverse = np.empty((2, len(SIZES), len(SIZES)))
    worst = 0.0
    for row, m in enumerate(SIZES):
        for column, n in enumerate(SIZES):
            x, t = np.linspace(0.2, 1.0, n), np.linspace(0.0, 3.0, m)
            for jacobian in (forward, reverse):
                worst = max(worst, np.max(np.abs(jacobian(x, t) - by_hand(x, t))))
            time_forward[row, column] = seconds(forward, x, t)
            time_reverse[row, column] = seconds(reverse, x, t)

    print("Time of jacrev / time of jacfwd:\n\n  m \\ n" + "".join(f"{n:8d}" for n in SIZES))
    for m, ratios in zip(SIZES, time_reverse / time_forward):
        print(f"{m:7d}" + "".join(f"{ratio:8.2f}" for ratio in ratios))
    cut = range(len(SIZES)), range(len(SIZES))[::-1]        # n m = 128
    here = crossing(SIZES[cut[1]] / SIZES[cut[0]], time_forward[cut], time_reverse[cut])
    draw(time_forward, time_reverse, cut, here)
    wide, tall = time_forward[0, -1] / time_reverse[0, -1], time_reverse[-1, 0] / time_forward[-1, 0]
    print(f"reverse mode is {wide:.0f} times as fast for 128 inputs and 1 output, forward mode {tall:.0f} times for "
          f"1 input and 128 outputs; they cross at n / m = {here:.2f} (largest error {worst:.0e})")
    assert worst < 1e-14
    assert wide > 4.0 and tall > 4.0
    assert 1 / 8 < here < 8


def draw(time_forward, time_reverse, cut, here) -> None:
    """Who wins for each n and m, and the times on the diagonal where n m is constant."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), dpi=100, layout="constrained")
    advantage = np.log2(time_forward / time_reverse)
    image = left.imshow(advantage, origin="lower", cmap="RdBu", vmin=-5, vmax=5)
    left.plot([-0.5, 7.5], [-0.5, 7.5], "k:", linewidth=1, label="n = m")
    left.contour(advantage, levels=[0.0], colors="k")
    left.plot([], [], "k", label="equally fast")
    left.set(xlabel="inputs n", ylabel="outputs m", xticks=range(8), yticks=range(8), xticklabels=SIZES,
             yticklabels=SIZES, title="More inputs: reverse mode. More outputs: forward.")
    left.legend(loc="upper left")
    bar = figure.colorbar(image, ax=left, ticks=[-4, -2, 0, 2, 4], label="which is faster")
    bar.ax.set_yticklabels(["forward 16×", "forward 4×", "equal", "reverse 4×", "reverse 16×"])

    ratio = SIZES[cut[1]] / SIZES[cut[0]]
    right.loglog(ratio, 1e3 * time_forward[cut], "C3--s", label="jacfwd: n columns", markersize=5)
    right.loglog(ratio, 1e3 * time_reverse[cut], "C0-o", label="jacrev: m rows", markersize=5)
    right.axvline(here, color="k", linewidth=1, label=f"they cross at n / m = {here:.2f}")
    right.set(xlabel="inputs n / outputs m, where n m = 128", ylabel="time of the Jacobian in ms",
              title="The cost of a Jacobian grows with n or with m")
    right.grid(alpha=0.3)
    right.legend()
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "survey_jacobians.png")


if __name__ == "__main__":
    main()
