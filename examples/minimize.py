"""A gradient for scipy.optimize.minimize: the hyperparameters of a Gaussian process.

C. E. Rasmussen, C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press 2006, equation 2.30 and
section 5.4: a signal, a noise level and one length scale for each input are found by maximum likelihood.

The run fits the progression of diabetes (scikit-learn's data: ten inputs, hence twelve hyperparameters) twice from
the same start: with SciPy's default, which takes differences of the likelihood, and with `s2sad.value_and_grad` and
``jac=True``.  It prints the gradient that s2sad wrote, what each of the two fits cost, and which inputs matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import OptimizeResult, approx_fprime, minimize
from sklearn.datasets import load_diabetes

import s2sad


def likelihood(theta, X, y):
    """The negative logarithm of the marginal likelihood; theta holds the logarithms of the hyperparameters."""
    signal, noise, lengths = np.exp(theta[0]), np.exp(theta[1]), np.exp(theta[2:])
    Z = X / lengths
    squares = np.sum(Z**2, axis=1)
    distances = squares[:, None] + squares[None, :] - 2.0 * Z @ Z.T
    K = signal * np.exp(-0.5 * distances) + noise * np.eye(len(y))
    L = cholesky(K, lower=True)
    a = solve_triangular(L, y, lower=True)
    return 0.5 * a @ a + np.sum(np.log(np.diag(L))) + 0.5 * len(y) * np.log(2.0 * np.pi)


def fit(fun: Callable[..., object], start: np.ndarray, data: tuple, jac: bool) -> tuple[OptimizeResult, float]:
    """The minimum, and the seconds of processor time it took."""
    begin = time.process_time()
    found = minimize(fun, start, args=data, jac=jac, method="BFGS")
    return found, time.process_time() - begin


def main() -> None:
    table = load_diabetes(scaled=False)
    X, y = table.data[:250], table.target[:250]
    data = (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()
    start = np.log(np.concatenate(([1.0, 0.5], np.full(X.shape[1], 3.0))))

    print(s2sad.derive(likelihood, "value_and_grad", wrt="theta", types=(start, *data)))
    value_and_gradient = s2sad.value_and_grad(likelihood)
    s2sad.check_grads(likelihood, (start, *data), wrt="theta", order=1)
    _, gradient = value_and_gradient(start, *data)
    off = np.max(np.abs(approx_fprime(start, likelihood, 1.5e-8, *data) / gradient - 1.0))

    exact, seconds = fit(value_and_gradient, start, data, jac=True)
    differences, longer = fit(likelihood, start, data, jac=False)

    print(f"{'gradient by':12}{'-log likelihood':>16}{'iterations':>11}{'evaluations':>12}{'seconds':>8}"
          f"{'|gradient|':>11}")
    for name, found, spent in ("s2sad", exact, seconds), ("differences", differences, longer):
        slope = np.max(np.abs(value_and_gradient(found.x, *data)[1]))
        print(f"{name:12}{found.fun:16.8f}{found.nit:11}{found.nfev:12}{spent:8.2f}{slope:11.1e}  {found.message}")
    print("\nlength scales, in standard deviations of the input: the shorter, the more it matters")
    lengths = np.exp(exact.x[2:])
    print("  " + ", ".join(f"{table.feature_names[k]} {lengths[k]:.3g}" for k in np.argsort(lengths)))

    print(f"\n{exact.nfev} evaluations of value and gradient do what takes {differences.nfev} with differences (whose "
          f"gradient is off by {off:.0e}) and {longer / seconds:.1f} times the time; the minima agree to "
          f"{abs(exact.fun - differences.fun) / exact.fun:.0e}")
    assert exact.success and 10 * exact.nfev < differences.nfev and seconds < longer
    assert abs(exact.fun - differences.fun) < 1e-6 * exact.fun and exact.fun < differences.fun + 1e-9
    assert off < 1e-3


if __name__ == "__main__":
    main()
