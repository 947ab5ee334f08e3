"""Rules of one's own: for compiled code, for solvers, and for formulas that overflow.

Where s2sad cannot know a derivative it says so, with the place and with what to write.  Three ways to tell it, each
the shortest there is:

1. one line of text for a function of a C library, the Bessel functions j0 and j1 of libm: ``s2sad.rule``;
2. a tangent as a Python function for the solution of Kepler's equation, found by iteration: the implicit function
   theorem takes the place of the tape of the iteration (``@f.defjvp``; reverse mode transposes it);
3. an adjoint as a Python function for log(1 + exp(x)), whose own adjoint overflows: ``@f.defvjp``.

Rules are programs as well, so second derivatives follow.  `s2sad.check_grads` tells whether a rule is right; the run
shows what it says of one that is not.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

import numpy as np
from scipy import special

import s2sad

libm = ctypes.CDLL(ctypes.util.find_library("m"))
j0, j1 = libm.j0, libm.j1
for function in (j0, j1):
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double]


def diffraction(x):
    """Intensity in the light behind a ring."""
    return j0(x) ** 2 + 0.5 * np.exp(-x)


@s2sad.differentiate
def anomaly(M, e):
    """The eccentric anomaly E, of which E - e sin E = M, by Newton's method."""
    E = M
    while abs(E - e * np.sin(E) - M) > 1e-14:
        E = E - (E - e * np.sin(E) - M) / (1.0 - e * np.cos(E))
    return E


def distance(M, e):
    """Of a planet from its sun."""
    return 1.0 - e * np.cos(anomaly(M, e))


@s2sad.differentiate
def softplus(x):
    return np.log(1.0 + np.exp(x))


def errors(x: float, M: float, e: float) -> list[float]:
    """The relative errors of first and second derivatives, against formulas from elsewhere."""
    first, second = s2sad.grad(diffraction), s2sad.grad(s2sad.grad(diffraction))
    J0, J1 = special.j0(x), special.j1(x)
    E = anomaly(M, e)
    r = 1.0 - e * np.cos(E)
    sigmoid = 1.0 / (1.0 + np.exp(-x))
    pairs = [(first(x), -2.0 * J0 * J1 - 0.5 * np.exp(-x)),
             (second(x), 2.0 * J1**2 - 2.0 * J0 * (J0 - J1 / x) + 0.5 * np.exp(-x)),
             (s2sad.grad(distance)(M, e), e * np.sin(E) / r),
             (s2sad.grad(s2sad.grad(distance))(M, e), e * np.cos(E) / r**2 - (e * np.sin(E)) ** 2 / r**3),
             (s2sad.grad(softplus)(x), sigmoid),
             (s2sad.grad(s2sad.grad(softplus))(x), sigmoid * (1.0 - sigmoid))]
    return [abs(ours / theirs - 1.0) for ours, theirs in pairs]


def main() -> None:
    print("1. A compiled function.  Without a rule it is refused:\n")
    try:
        s2sad.grad(diffraction)(1.0)
    except s2sad.S2sadError as error:
        print(str(error).replace(str(Path(__file__).parent.parent), "."))
    s2sad.rule("y = j0(x)", x="-j1(x)", fn=j0)
    s2sad.rule("y = j1(x)", x="j0(x) - y / x", fn=j1)
    print(f"\nWith two rules:\n\n{s2sad.derive(diffraction, types='x: float')}")
    s2sad.check_grads(diffraction, (1.0,), order=3)

    print("2. A solver.  With a rule the tape of Newton's method goes, and the derivative is that of the solution:\n")
    taped = s2sad.derive(distance, types="M: float, e: float").source

    @anomaly.defjvp
    def implicit(primals, tangents):
        (M, e), (M_dot, e_dot) = primals, tangents
        E = anomaly(M, e)
        return E, (M_dot + np.sin(E) * e_dot) / (1.0 - e * np.cos(E))

    ruled = s2sad.derive(distance, types="M: float, e: float").source
    print(ruled)
    assert "tape" in taped and "tape" not in ruled
    s2sad.check_grads(distance, (1.0, 0.6), order=2)

    print("3. A formula that overflows.\n")
    with np.errstate(over="ignore", invalid="ignore"):
        before = s2sad.grad(softplus)(800.0)

    @softplus.defvjp
    def with_wrong_sign(primals, y, y_bar):
        x, = primals
        return y_bar / (1.0 + np.exp(x))

    try:
        s2sad.check_grads(softplus, (0.3,), modes=("rev",))
    except AssertionError as error:
        print(f"{error}\n")

    @softplus.defvjp
    def logistic(primals, y, y_bar):
        x, = primals
        return y_bar / (1.0 + np.exp(-x))

    s2sad.check_grads(softplus, (0.3,), modes=("rev",))
    after = s2sad.grad(softplus)(800.0)

    off = max(errors(1.3, 1.0, 0.6))
    print(f"first and second derivatives by the rules are within {off:.0e} of the formulas; the slope of log(1 + "
          f"exp(x)) at 800 is {before} without a rule and {after} with one")
    assert off < 1e-12 and np.isnan(before) and after == 1.0


if __name__ == "__main__":
    main()
