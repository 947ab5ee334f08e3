"""Hessian-vector products for scipy.optimize.minimize: logistic regression by Newton's method.

B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994): the product of a Hessian
and a vector costs as much as a few gradients, and no Hessian is formed.

The run classifies four of scikit-learn's handwritten digits (260 weights) by SciPy's "Newton-CG" and "trust-krylov"
with `s2sad.hvp`, by "Newton-CG" with SciPy's default, differences of gradients, and by BFGS.  It prints the product
that s2sad wrote, the tangent of the adjoint, and what each of the methods took to get to its gradient.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from scipy.special import logsumexp
from sklearn.datasets import load_digits

import s2sad


def loss(w, X, labels, weight):
    """Mean negative logarithm of the likelihood of the labels, and a penalty on the weights."""
    scores = X @ w.reshape(X.shape[1], -1)
    likely = scores[np.arange(len(labels)), labels] - logsumexp(scores, axis=1)
    return 0.5 * weight * np.sum(w**2) - np.mean(likely)


gradient = s2sad.grad(loss)


def product(w, v, *data):
    """The Hessian at w times v, as SciPy asks for it."""
    return s2sad.hvp(loss, (w, *data), (v, None, None, None))


def seconds(f: Callable[[], object]) -> float:
    """The least time of a call."""
    f()
    return min(timeit.repeat(f, number=5, repeat=9)) / 5


def show(name: str, found: OptimizeResult, spent: float, slope: float) -> None:
    products = found.get("nhev") or "-"
    print(f"{name:28}{found.nit:11}{found.nfev:10}{found.njev:10}{products:>10}{spent:9.2f}{slope:11.0e}  "
          f"{found.message.partition('.')[0]}")


def main() -> None:
    digits = load_digits(n_class=4)
    X = np.column_stack((digits.data / 16.0, np.ones(len(digits.data))))
    data = X, digits.target, 1e-3
    start = np.zeros(X.shape[1] * 4)

    print(s2sad.derive(gradient, "forward", wrt="w", types=(start, *data)))

    small, v = (X[::20, 20:24], digits.target[::20], 1e-3), np.cos(np.arange(16.0))
    exact = s2sad.hessian(loss)(0.1 * v, *small) @ v
    off = np.max(np.abs(product(0.1 * v, v, *small) - exact)) / np.max(np.abs(exact))
    ratio = seconds(lambda: product(start, start + 1.0, *data)) / seconds(lambda: gradient(start, *data))

    print(f"{'method':28}{'iterations':>11}{'values':>10}{'gradients':>10}{'products':>10}{'seconds':>9}"
          f"{'|gradient|':>11}")
    found = {}
    for name, options in {"BFGS": {}, "Newton-CG, differences": {}, "Newton-CG, s2sad.hvp": {"hessp": product},
                          "trust-krylov, s2sad.hvp": {"hessp": product}}.items():
        begin = time.process_time()
        method = name.partition(",")[0]
        found[name] = minimize(loss, start, args=data, jac=gradient, method=method, **options)
        show(name, found[name], time.process_time() - begin, np.max(np.abs(gradient(found[name].x, *data))))

    newton, bfgs = found["Newton-CG, s2sad.hvp"], found["BFGS"]
    print(f"\nNewton's method takes {newton.nit} iterations with {newton.nhev} products, BFGS {bfgs.nit} iterations; "
          f"a product costs {ratio:.1f} gradients and is within {off:.0e} of the Hessian times the vector")
    assert newton.success and 3 * newton.nit < bfgs.nit and off < 1e-13 and ratio < 6.0
    assert all(abs(f.fun - newton.fun) < 1e-5 * newton.fun for f in found.values())


if __name__ == "__main__":
    main()
