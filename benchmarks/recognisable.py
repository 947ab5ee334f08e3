"""Measure gradients of programs as people write them, and print a table in Markdown.

For each program: the lines of its text and of its adjoint, the time of a call, of the compilation of its gradient, and
of the gradient as a multiple of the call.  Where HIPS autograd, which needs its own NumPy in the program's place, can
differentiate the program, its gradient is measured beside it.  Medians of alternating runs on one core.

    python -m benchmarks.recognisable
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import s2sad
from benchmarks.run import code_lines, measure, seconds
from tests.programs import recognisable_decision as decision
from tests.programs import recognisable_hmm as hmm
from tests.programs import recognisable_kalman as kalman
from tests.programs import recognisable_network as network
from tests.programs import recognisable_ode as ode
from tests.programs import recognisable_rnn as rnn
from tests.programs import recognisable_tree as tree

Function = Callable[..., Any]
HEADER = ("program", "lines", "adjoint", "call", "compilation", "gradient", "autograd")
NET = network.TwoLayerNetwork(2, 32, 1)

PROGRAMS: tuple[tuple[Any, Function, tuple[Any, ...]], ...] = (
    (network, NET.loss, (NET.initial(), *network.data(200))),
    (kalman, kalman.kalman_log_likelihood, (kalman.example_model(), np.tile(kalman.observations(), (10, 1)))),
    (ode, ode.fit_error, (np.array([1.0, 0.5, 0.8, 0.6]), np.array([1.0, 0.8]), ode.times(), ode.observed())),
    (hmm, hmm.crf_log_likelihood, ([list(row) for row in hmm.UNARY * 5], hmm.PAIRWISE, [0, 1, 2, 0] * 5)),
    (rnn, rnn.loss, rnn.example()),
    (decision, decision.option_value, (100.0, 95.0, 0.03, 0.2, 1.5)),
    (tree, tree.of_x, (0.7,)),
)


def by_autograd(module: Any, fn: Function, args: tuple[Any, ...]) -> Function | None:
    """The gradient of HIPS autograd, if it has one that agrees."""
    if importlib.util.find_spec("autograd") is None or not hasattr(module, "np"):
        return None
    import autograd
    import autograd.numpy

    gradient = autograd.grad(fn)

    def call() -> Any:
        module.np = autograd.numpy
        try:
            return gradient(*args)
        finally:
            module.np = np

    try:
        found = call()
    except Exception as problem:
        print(f"autograd: {fn.__name__}: {type(problem).__name__}: {problem}", file=sys.stderr)
        return None
    from tests.corpus import leaves

    mine = s2sad.grad(fn)(*args)
    same = all(np.allclose(a, b, rtol=1e-8) for a, b in zip(leaves(found), leaves(mine), strict=True))
    return call if same else None


def row(module: Any, fn: Function, args: tuple[Any, ...]) -> tuple[str, ...]:
    """The measurements of one program."""
    gradient = s2sad.grad(fn)
    begin = time.perf_counter()
    gradient(*args)
    compilation = time.perf_counter() - begin
    text = str(s2sad.derive(fn, types=args))
    rival = by_autograd(module, fn, args)
    calls = [lambda: fn(*args), lambda: gradient(*args), *([rival] if rival is not None else [])]
    times = measure(*calls)
    name = f"{module.__name__.rpartition('.')[2].removeprefix('recognisable_')}.{fn.__name__}"
    return (name, str(code_lines(inspect.getsource(module))), str(code_lines(text)), seconds(times[0]),
            seconds(compilation), *(f"{t / times[0]:.2f}" for t in times[1:]), *(["-"] if rival is None else []))


def main() -> int:
    """Print the table."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one core\n")
    print("| " + " | ".join(HEADER) + " |")
    print("|---" + "|---:" * (len(HEADER) - 1) + "|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own, so that what is measured does not depend on what was compiled before.
        os.environ["S2SAD_CACHE_DIR"] = folder
        for module, fn, args in PROGRAMS:
            print("| " + " | ".join(row(module, fn, args)) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
