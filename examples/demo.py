"""One minute of s2sad: print an adjoint, walk through it, and check a gradient against one written by hand.

1. The running example of the survey by Baydin, Pearlmutter, Radul and Siskind: its adjoint as source, and a run of
   it, line by line.
2. SciPy's Rosenbrock function, differentiated from SciPy's own source, against SciPy's hand-written derivatives.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import rosen, rosen_der, rosen_hess_prod

import s2sad
from s2sad.cli import main as s2sad_command

TARGET = f"{Path(__file__).parent / 'survey.py'}:f"


def run(*words: str) -> None:
    """Print a command line and run it."""
    shown = [word.replace(TARGET, "examples/survey.py:f") for word in words]
    print("$ s2sad", " ".join(f"'{w}'" if " " in w else w for w in shown), flush=True)
    status = s2sad_command(list(words))
    if status:
        sys.exit(status)
    print(flush=True)


def relative(by_machine: np.ndarray, by_hand: np.ndarray) -> float:
    """The largest difference, relative to the largest element."""
    return np.max(np.abs(by_machine - by_hand)) / np.max(np.abs(by_hand))


def main() -> None:
    """Run the demonstration."""
    run("grad", TARGET, "--types", "x1: float, x2: float")
    run("trace", TARGET, "--at", "x1=2", "x2=5", "--mode", "reverse")

    x = np.linspace(-1.2, 1.0, 1000)
    v = np.cos(np.arange(1000.0))
    gradient = relative(s2sad.grad(rosen)(x), rosen_der(x))
    product = relative(s2sad.hvp(rosen, (x,), (v,)), rosen_hess_prod(x, v))
    print("scipy.optimize.rosen at 1000 points, from SciPy's source: differs from rosen_der by "
          f"{gradient:.1e}, from rosen_hess_prod by {product:.1e} (relative)")
    assert gradient < 1e-13
    assert product < 1e-13


if __name__ == "__main__":
    main()
