"""A Jacobian for scipy.optimize.least_squares: two spectral lines that overlap, and cosmic rays.

One pixel in twenty is hit by a cosmic ray; the loss "soft_l1" keeps these from bending the fit.  The errors of the
parameters follow from the Jacobian (P. J. Huber, "Robust Statistics", Wiley 1981, section 7.6).

The run fits the spectrum with SciPy's default Jacobian, differences, and with `s2sad.jacfwd(residuals)`: forward
mode, for there are more residuals than parameters.  It prints the tangent that s2sad wrote, what the fits cost, and
the errors of the parameters beside their scatter over 100 other spectra.  Picture: the spectrum, the lines found, and
what is left.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from scipy.optimize import OptimizeResult, approx_fprime, least_squares

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

OUT = Path(__file__).parent / "out"
NAMES = ("height 1", "height 2", "position 1", "position 2", "width", "offset", "slope")
TRUTH = np.array([1.0, 0.6, 4.4, 5.5, 0.45, 0.3, 0.02])
START = np.array([0.8, 0.8, 4.0, 6.0, 0.8, 0.2, 0.0])
NOISE = 0.03


def line(x, height, position, width):
    return height * np.exp(-0.5 * ((x - position) / width) ** 2)


def spectrum(p, x):
    return line(x, p[0], p[2], p[4]) + line(x, p[1], p[3], p[4]) + p[5] + p[6] * x


def residuals(p, x, counts):
    return (spectrum(p, x) - counts) / NOISE


def measured(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A spectrum with noise and cosmic rays."""
    rays = np.where(rng.random(x.size) < 0.05, rng.exponential(0.6, x.size), 0.0)
    return spectrum(TRUTH, x) + NOISE * rng.normal(size=x.size) + rays


def fit(x: np.ndarray, counts: np.ndarray, jac: object) -> tuple[OptimizeResult, int]:
    """The fit, and how many times it has evaluated the residuals."""
    calls = 0

    def counted(p: np.ndarray) -> np.ndarray:
        nonlocal calls
        calls += 1
        return residuals(p, x, counts)

    given = jac if isinstance(jac, str) else lambda p: jac(p, x, counts)
    return least_squares(counted, START, jac=given, loss="soft_l1"), calls


def covariance(J: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Of the minimum of sum(2 (sqrt(1 + r²) - 1)), whose slope is influence and whose curvature is stiffness."""
    influence, stiffness = r / np.sqrt(1.0 + r**2), (1.0 + r**2) ** -1.5
    inverse = np.linalg.inv(J.T @ (stiffness[:, None] * J))
    return inverse @ (J.T @ (influence[:, None] ** 2 * J)) @ inverse


def picture(x: np.ndarray, counts: np.ndarray, p: np.ndarray, errors: np.ndarray, plain: np.ndarray) -> Path:
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(9, 5), dpi=100, layout="constrained", sharex=True,
                                         height_ratios=(3, 1))
    top.plot(x, counts, ".", color="0.5", label="measured")
    top.plot(x, spectrum(plain, x), "C1--", label="least squares without the loss")
    top.plot(x, spectrum(p, x), "C0", label="fit with soft_l1 and the Jacobian of s2sad")
    for height, where, error, side in zip(p[:2], p[2:4], errors[2:4], ("right", "left")):
        below = p[5] + p[6] * x
        top.fill_between(x, line(x, height, where, p[4]) + below, below, color="C0", alpha=0.15)
        top.annotate(f" {where:.3f} ± {error:.3f} nm ", (where, height + 0.56), ha=side)
    top.set(ylabel="intensity", ylim=(0.0, 2.0), xlim=(0.0, 10.0),
            title="Two overlapping lines, found through the cosmic rays")
    top.legend(loc="upper right")
    bottom.plot(x, residuals(p, x, counts), ".", color="0.5")
    bottom.axhline(0.0, color="C0")
    bottom.set(xlabel="wavelength (nm)", ylabel="residual / noise", ylim=(-6.0, 6.0))
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "least_squares.png")
    return OUT / "least_squares.png"


def main() -> None:
    rng = np.random.default_rng(0)
    x = np.linspace(0.0, 10.0, 300)
    counts = measured(x, rng)

    print(s2sad.derive(residuals, "forward", wrt="p", types=(START, x, counts)))
    jacobian = s2sad.jacfwd(residuals)
    (exact, calls), (differences, more) = fit(x, counts, jacobian), fit(x, counts, "2-point")

    J = jacobian(exact.x, x, counts)
    true = np.stack([residuals(exact.x + 1e-30j * e, x, counts).imag / 1e-30 for e in np.eye(7)], axis=1)
    off, steps_off = (np.max(np.abs(K - true)) / np.max(np.abs(true))
                      for K in (J, approx_fprime(exact.x, residuals, 1.5e-8, x, counts)))

    errors = np.sqrt(np.diag(covariance(J, residuals(exact.x, x, counts))))
    scatter = np.std([fit(x, measured(x, rng), jacobian)[0].x for _ in range(100)], axis=0)
    print(f"{'':12}{'truth':>8}{'found':>9}{'error':>9}{'scatter over 100 spectra':>26}")
    for row in zip(NAMES, TRUTH, exact.x, errors, scatter):
        print("{:12}{:8.3f}{:9.4f}{:9.4f}{:26.4f}".format(*row))
    plain = least_squares(residuals, START, jacobian, args=(x, counts)).x
    print("\npicture:", picture(x, counts, exact.x, errors, plain).name)

    print(f"the fit evaluates the residuals {calls} times with s2sad's Jacobian ({off:.0e} from that of the complex "
          f"step) and {more} times with differences ({steps_off:.0e}); computed errors are "
          f"{np.min(errors / scatter):.2f} to {np.max(errors / scatter):.2f} of the scatter")
    assert off < 1e-13 and 3 * calls < more and np.allclose(exact.x, differences.x, atol=1e-5)
    assert np.all((0.6 < errors / scatter) & (errors / scatter < 1.6))
    assert np.all(np.abs(exact.x - TRUTH) < 4.0 * errors)


if __name__ == "__main__":
    main()
