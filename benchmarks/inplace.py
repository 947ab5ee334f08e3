"""Measure gradients of programs that change arrays, and print a table in Markdown.

For each kernel: the lines of code of the program (with its helpers) and of its adjoint; what the adjoint needs at its
peak beyond what the program does, and how many times the bytes of the arguments that is; the time of the program, and
of its gradient as a multiple of it, by NumPy and by Numba.  Either side works on copies of the arguments.  Medians of
alternating runs on one core.

    python -m benchmarks.inplace [--no-numba] [kernel ...]
"""

from __future__ import annotations

import gc
import importlib.util
import inspect
import os
import platform
import sys
import tempfile
import tracemalloc
import types
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.run import code_lines, measure, seconds
from tests.corpus import is_variable, leaves, tree_map
from tests.programs import inplace_dynamics as dynamics
from tests.programs import inplace_learning as learning
from tests.programs import inplace_products as products
from tests.programs import inplace_solvers as solvers
from tests.programs import inplace_stencils as stencils
from tests.programs import inplace_tables as tables

Function = Callable[..., Any]
HEADER = ("kernel", "lines", "adjoint", "memory", "of arguments", "NumPy", "gradient", "Numba", "gradient", "remarks")
DRAWN = np.random.default_rng(1)


def normal(*shape: int) -> np.ndarray:
    """Random numbers around zero."""
    return DRAWN.normal(size=shape)


def uniform(*shape: int) -> np.ndarray:
    """Random numbers between 0.5 and 1.5."""
    return DRAWN.uniform(0.5, 1.5, size=shape)


def dominant(n: int) -> np.ndarray:
    """A matrix that every factorisation here can do."""
    return normal(n, n) / n + 2.0 * np.eye(n)


def definite(n: int) -> np.ndarray:
    """A symmetric positive definite matrix."""
    A = normal(n, n) / n
    return A @ A.T + np.eye(n)


def sparse(n: int, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, columns and starts of rows with so many elements each."""
    return normal(n * each), DRAWN.integers(0, n, n * each), np.arange(0, n * each + 1, each)


KERNELS: tuple[tuple[Function, tuple[Any, ...]], ...] = (
    (stencils.jacobi_1d, (normal(2000), normal(2000), 100)),
    (stencils.jacobi_2d, (normal(100, 100), 50)),
    (stencils.heat_3d, (normal(24, 24, 24), 0.1, 30)),
    (stencils.heat_by_element, (normal(100), 0.2, 50)),
    (stencils.nonlinear_diffusion, (0.3 * normal(2000), 100)),
    (stencils.seidel_2d, (normal(24, 24), 5)),
    (stencils.fdtd_2d, (normal(60, 80), normal(60, 80), normal(60, 80), normal(40))),
    (stencils.adi, (normal(40, 40), 0.3, 10)),
    (stencils.horizontal_diffusion, (normal(128, 128), 0.02)),
    (stencils.sobel, (normal(200, 200),)),
    (stencils.conv2d, (normal(16, 16, 3), normal(3, 3, 3, 8), normal(8))),
    (stencils.conv2d_by_element, (normal(24, 24), normal(3, 3))),
    (stencils.wave_equation, (normal(2000), 0.4, 100)),
    (stencils.smooth_with_two_buffers, (uniform(2000), 0.05, 100)),
    (stencils.burgers, (uniform(1000), 0.3, 100)),
    (stencils.shallow_water, (uniform(500) + 3.0, 0.1 * normal(500), 50)),
    (stencils.cavity_flow, (np.zeros((32, 32)), np.zeros((32, 32)), np.zeros((32, 32)), 1.0, 0.1, 20)),
    (stencils.channel_flow, (uniform(32, 32), 0.1, 0.1, 20)),
    (solvers.trisolv, (np.tril(dominant(150)), normal(150))),
    (solvers.cholesky, (definite(24),)),
    (solvers.log_determinant, (definite(32),)),
    (solvers.lu, (dominant(40),)),
    (solvers.ludcmp, (dominant(24), normal(24))),
    (solvers.crout, (dominant(80),)),
    (solvers.durbin, (0.3 * normal(200) / np.arange(1.0, 201.0),)),
    (solvers.gramschmidt, (normal(60, 30),)),
    (solvers.givens, (normal(24, 16),)),
    (solvers.gauss_seidel, (dominant(24), normal(24), normal(24), 5)),
    (solvers.tridiagonal, (normal(2000), uniform(2001) + 4.0, normal(2000), normal(2001))),
    (solvers.vertical_advection, (normal(500, 40), normal(500, 40), normal(500, 40), 0.3 * normal(500, 40), 0.7)),
    (solvers.conjugate_gradients, (definite(200), normal(200), 20)),
    (solvers.matrix_power, (normal(40, 40) / 12.0, 13)),
    (products.symm, (normal(40, 40), normal(40, 60), normal(40, 60), 1.3, 0.7)),
    (products.syrk, (normal(40, 30), normal(40, 40), 1.3, 0.7)),
    (products.trmm, (normal(40, 40), normal(40, 60), 1.3)),
    (products.doitgen, (normal(20, 20, 40), normal(40, 40))),
    (products.covariance, (normal(300, 30),)),
    (products.correlation, (normal(60, 20),)),
    (products.spmv, (*sparse(300, 8), normal(300))),
    (products.histogram, (normal(1000), np.linspace(-2.0, 2.0, 20), 0.2)),
    (products.convolution_by_scatter, (normal(1000), normal(32))),
    (products.prefix_sums, (normal(3000),)),
    (products.horner, (normal(40), 0.5 * normal(5000))),
    (products.deriche, (normal(64, 64), 0.5)),
    (products.stockham, (normal(256), normal(256))),
    (tables.floyd_warshall, (uniform(60, 60),)),
    (tables.floyd_warshall_by_element, (uniform(16, 16),)),
    (tables.needleman_wunsch, (normal(40), normal(40), 0.6, 2.0)),
    (tables.forward_algorithm, (normal(8), normal(8, 8), normal(8, 6), DRAWN.integers(0, 6, 60))),
    (tables.bubble_sort, (normal(50),)),
    (dynamics.nbody, (uniform(12), normal(12, 3), normal(12, 3), 0.01, 10)),
    (dynamics.logistic_map, (0.3, 3.1, 2000)),
    (dynamics.rk4, (normal(3), 10.0, 28.0, 2.7, 0.01, 100)),
    (dynamics.hodgkin_huxley, (10.0 * uniform(500), -60.0, 120.0, 36.0, 500)),
    (dynamics.adams_bashforth, (normal(1000), 1.2, 0.01, 100)),
    (dynamics.strang_splitting, (uniform(1000), 0.5 * uniform(1000), 0.5, 0.04, 50)),
    (dynamics.multigrid, (normal(65), normal(65), 1.0 / 64.0, 5)),
    (dynamics.kalman_filter, (normal(200), 0.5, 0.1, normal(2), np.eye(2) + 0.1)),
    (learning.softmax, (normal(200, 200),)),
    (learning.mlp, (normal(64, 50), normal(50, 40), normal(40), normal(40, 60), normal(60), normal(60, 9), normal(9))),
    (learning.lstm, (0.1 * normal(128, 16), 0.1 * normal(128, 32), normal(128), normal(50, 16))),
    (learning.lstm_by_element, (normal(6, 16), normal(16), normal(16), normal(30, 16))),
    (learning.descent_with_momentum, (normal(20), normal(200, 20), normal(200), 0.1, 0.8, 50)),
)


@dataclass(frozen=True)
class Ready:
    """A kernel with its arguments, and its adjoint as a function of nothing."""

    fn: Function
    args: tuple[Any, ...]
    wrt: tuple[int, ...]
    seed: Any

    @property
    def primal(self) -> Function:
        """The program on copies of the arguments."""
        return on_copies(self.fn, self.args)

    def derived(self, **options: Any) -> Any:
        """The derivative in reverse mode."""
        import s2sad

        return s2sad.derive(self.fn, "reverse", wrt=self.wrt, types=self.args, **options)


def on_copies(fn: Function, args: tuple[Any, ...]) -> Function:
    """A call that leaves the arguments as they are."""
    return lambda: fn(*[a.copy() if isinstance(a, np.ndarray) else a for a in args])


def ready(fn: Function, args: tuple[Any, ...]) -> Ready:
    """All arguments of floats are variables, all results have the adjoint one."""
    wrt = tuple(k for k, a in enumerate(args) if is_variable(a))
    seed = tree_map(lambda y: np.ones_like(y) if np.ndim(y) else 1.0, on_copies(fn, args)())
    return Ready(fn, args, wrt, seed)


def helpers(fn: Function) -> list[types.FunctionType]:
    """The function and those of its module that it calls, directly or not."""
    found: list[types.FunctionType] = []

    def visit(value: Any) -> None:
        if isinstance(value, types.FunctionType) and value.__module__ == fn.__module__ and value not in found:
            found.append(value)
            names(value.__code__, value.__globals__)

    def names(code: types.CodeType, known: dict[str, Any]) -> None:
        for name in code.co_names:
            visit(known.get(name))
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                names(constant, known)

    visit(fn)
    return found


def compiled(fn: Function) -> Function:
    """The function and its helpers, compiled by Numba."""
    import numba

    namespace = dict(inspect.getmodule(fn).__dict__)
    for helper in helpers(fn):
        copy = types.FunctionType(helper.__code__, namespace, helper.__name__, helper.__defaults__)
        namespace[helper.__name__] = numba.njit(copy)
    return namespace[fn.__name__]


def peak(fn: Function) -> int:
    """The most bytes that were allocated at a time during a call."""
    fn()
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        result = fn()
        most = tracemalloc.get_traced_memory()[1]
        del result
    finally:
        tracemalloc.stop()
    return most - before


def size(value: float) -> str:
    """Bytes with a unit that suits them.

    >>> size(300), size(4096), size(3.2e6)
    ('300 B', '4 KiB', '3.05 MiB')
    """
    for unit, factor in (("MiB", 2.0**20), ("KiB", 2.0**10)):
        if abs(value) >= factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value:.0f} B"


def short(error: BaseException | str) -> str:
    """The first line of a message that is no mere heading, for a cell of the table."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[0] if lines else "").replace("|", "/").replace(os.getcwd() + os.sep, "")[:120]


def by_numpy(kernel: Ready) -> list[str]:
    """The cells from the lines of code to the ratio of times."""
    text = "\n".join(inspect.getsource(helper) for helper in helpers(kernel.fn))
    made = kernel.derived()
    gradient = lambda: made.fn(*kernel.args, kernel.seed)  # noqa: E731
    extra = peak(gradient) - peak(kernel.primal)
    arguments = sum(leaf.nbytes for leaf in leaves(list(kernel.args)))
    plain, slope = measure(kernel.primal, gradient, rounds=7)
    return [
        str(code_lines(text)), str(code_lines(made.source)), size(extra), f"{extra / arguments:.2f}",
        seconds(plain), f"{slope / plain:.2f}",
    ]


def by_numba(kernel: Ready) -> tuple[list[str], str]:
    """Time and ratio under Numba, and a remark."""
    try:
        primal = on_copies(compiled(kernel.fn), kernel.args)
        primal()
    except Exception as error:
        return ["-", "-"], f"Numba refuses the program: {short(error)}"
    made = kernel.derived(backend="numba")
    gradient = lambda: made.fn(*kernel.args, kernel.seed)  # noqa: E731
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        got = gradient()
    (plain,) = measure(primal, rounds=7)
    fell_back = [w for w in caught if w.category.__name__ == "FallbackWarning"]
    if fell_back:
        return [seconds(plain), "-"], short(str(fell_back[0].message))
    expected = kernel.derived().fn(*kernel.args, kernel.seed)
    same = all(np.allclose(a, b, rtol=1e-8, atol=1e-10) for a, b in zip(leaves(got), leaves(expected), strict=True))
    plain, slope = measure(primal, gradient, rounds=7)
    return [seconds(plain), f"{slope / plain:.2f}"], "" if same else "Numba and NumPy differ"


def row(fn: Function, args: tuple[Any, ...], with_numba: bool) -> list[str]:
    """The cells of a kernel; what cannot be measured is a dash and a remark."""
    cells, remarks = [fn.__name__], []
    kernel = None
    with np.errstate(all="ignore"):
        try:
            kernel = ready(fn, args)
            cells += by_numpy(kernel)
        except Exception as error:
            cells += ["-"] * 6
            remarks.append(short(error))
        machine = ["-", "-"]
        if with_numba and kernel is not None:
            try:
                machine, remark = by_numba(kernel)
                remarks += [remark] if remark else []
            except Exception as error:
                remarks.append(short(error))
    return [*cells, *machine, "; ".join(remarks)]


def main(arguments: Sequence[str]) -> int:
    """Print the table; a kernel that cannot be measured says why."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    wanted = {name for name in arguments if not name.startswith("-")}
    with_numba = "--no-numba" not in arguments and importlib.util.find_spec("numba") is not None
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one core\n")
    print("| " + " | ".join(HEADER) + " |")
    print("|---" + "|---:" * (len(HEADER) - 2) + "|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own, so that what is measured does not depend on what was compiled before.
        os.environ["S2SAD_CACHE_DIR"] = folder
        for fn, args in KERNELS:
            if not wanted or fn.__name__ in wanted:
                print("| " + " | ".join(row(fn, args, with_numba)) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
