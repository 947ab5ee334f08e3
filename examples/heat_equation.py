"""A simulation that is differentiated as it stands: where was the heat at the beginning?

The heat equation du/dt = k (d²u/dx² + d²u/dy²), integrated in place by explicit Euler steps.  From the temperatures
at the end, measured with noise, L-BFGS-B finds those at the beginning: 4096 unknowns, so 4096 simulations for one
gradient by differences, or one adjoint.

The run prints the adjoint that s2sad wrote: a loop that runs backwards, and since the stencil is linear in u it keeps
nothing of the forward sweep.  It measures the memory that the gradient takes for more and more steps, in units of one
state; the gradient by the conductivity k, which does read the temperatures, has to record them.  Picture: truth,
measurement, what is recovered.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
from scipy.optimize import minimize

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

OUT = Path(__file__).parent / "out"
K, STEPS = 0.2, 60
NOISE, SMOOTH = 0.01, 1e-3


def diffuse(u, k, steps):
    for _ in range(steps):
        u[1:-1, 1:-1] += k * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * u[1:-1, 1:-1])


def misfit(u, k, steps, seen):
    """How far the final temperatures are from those that were seen, and how rough the initial ones are."""
    rough = np.sum((u[1:] - u[:-1]) ** 2) + np.sum((u[:, 1:] - u[:, :-1]) ** 2)
    diffuse(u, k, steps)
    return np.sum((u - seen) ** 2) + SMOOTH * rough


def scene() -> np.ndarray:
    """Two hot discs, a ring and a bar."""
    y, x = np.mgrid[:64, :64]
    disc = (x - 18) ** 2 + (y - 18) ** 2 < 49
    ring = np.abs(np.hypot(x - 42, y - 24) - 11) < 2.5
    bar = (np.abs(y - 48) < 3) & (np.abs(x - 32) < 20)
    return np.where(disc | ring | bar, 1.0, 0.0)


def memory(f: Callable[..., object], *args: object) -> int:
    """The largest number of bytes that a call holds."""
    f(*args)
    tracemalloc.start()
    f(*args)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def picture(panels: dict[str, np.ndarray]) -> Path:
    figure, axes = plt.subplots(1, 3, figsize=(11, 4.2), dpi=100, layout="constrained")
    for axis, (title, u) in zip(axes, panels.items()):
        shown = axis.imshow(u, vmin=0.0, vmax=1.0, cmap="inferno")
        axis.set(title=title, xticks=[], yticks=[])
    figure.colorbar(shown, ax=axes, label="temperature", shrink=0.85)
    figure.suptitle("The adjoint of a simulation runs heat backwards")
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "heat_equation.png")
    return OUT / "heat_equation.png"


def main() -> None:
    rng = np.random.default_rng(0)
    truth = scene()
    seen = truth.copy()
    diffuse(seen, K, STEPS)
    seen += NOISE * rng.normal(size=seen.shape)

    print(s2sad.derive(diffuse, wrt="u", types=(truth, K, STEPS)))
    gradient = s2sad.value_and_grad(misfit)
    s2sad.check_grads(misfit, (truth[:9, :9], K, 5, seen[:9, :9]), wrt=("u", "k"))

    def fun(flat: np.ndarray) -> tuple[float, np.ndarray]:
        value, u_bar = gradient(flat.reshape(truth.shape), K, STEPS, seen)
        return value, u_bar.ravel()

    found = minimize(fun, seen.ravel(), jac=True, method="L-BFGS-B", bounds=[(0.0, 1.0)] * seen.size)
    first = found.x.reshape(truth.shape)
    before, after = (np.sqrt(np.mean((u - truth) ** 2)) for u in (seen, first))
    print("picture:", picture({"at the beginning": truth, f"measured after {STEPS} steps": seen,
                               "recovered beginning": first}).name)

    print(f"\n{'steps':>6}{'memory of the gradient by u':>30}{'by k':>10}   (in states of {truth.nbytes} bytes)")
    by_k = s2sad.value_and_grad(misfit, wrt="k")
    rows = {n: [memory(g, truth, K, n, seen) / truth.nbytes for g in (gradient, by_k)] for n in (10, 100, 1000)}
    for n, (u_bar, k_bar) in rows.items():
        print(f"{n:6}{u_bar:30.1f}{k_bar:10.1f}")

    print(f"\n{truth.size} initial temperatures from {found.nfev} adjoints, root mean square error {before:.3f} "
          f"before and {after:.3f} after; an adjoint of 1000 steps takes the memory of {rows[1000][0]:.1f} states")
    assert found.success and after < 0.5 * before
    assert abs(rows[1000][0] - rows[10][0]) < 0.1 and rows[1000][1] > 900.0


if __name__ == "__main__":
    main()
