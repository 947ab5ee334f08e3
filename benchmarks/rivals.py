"""The same gradients by s2sad, JAX, PyTorch and HIPS autograd, each as a multiple of the NumPy function's own time.

Each program is written once in NumPy; s2sad differentiates that text.  Where a rival cannot take it (loops that it
would unroll, arrays that change) the program is written again for the rival, and the table marks the figure with a
star.  All gradients are compared before they are timed.  Double precision, one core, medians of alternating runs; the
time to compile is not in it.

    python -m benchmarks.rivals        (extra bench; PyTorch is taken along where it is installed)
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
import sys
import tempfile
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks import primals
from benchmarks.run import logistic_arguments, measure, seconds

COLUMNS = ("s2sad", "s2sad, Numba", "JAX", "PyTorch", "autograd")


def network_loss(params: Any, x: Any, labels: Any) -> Any:
    """Softmax cross-entropy of a network with tanh layers."""
    for W, b in params[:-1]:
        x = np.tanh(x @ W + b)
    W, b = params[-1]
    scores = x @ W + b
    return np.mean(np.log(np.sum(np.exp(scores), axis=1)) - np.sum(scores * labels, axis=1))


def heat(u: Any, k: Any, steps: Any) -> Any:
    """An explicit heat equation in place, and the square of its final state."""
    u = u.copy()
    for _ in range(steps):
        u[1:-1, 1:-1] += k * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * u[1:-1, 1:-1])
    return np.sum(u**2)


def seidel(u: Any, sweeps: Any) -> Any:
    """Gauss-Seidel sweeps, element by element."""
    u = u.copy()
    n, m = u.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])
    return np.sum(u**2)


@dataclass(frozen=True)
class Program:
    """A NumPy function, its arguments, the rivals that take its text, and makers of the text rewritten for others."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    taken_by: tuple[str, ...] = ()
    rewritten: dict[str, Callable[[], Callable[..., Any]]] = field(default_factory=dict)


def with_names(fn: Callable[..., Any], **names: Any) -> Callable[..., Any]:
    """The same code with other globals."""
    return types.FunctionType(fn.__code__, {**fn.__globals__, **names}, fn.__name__)


def jax_heat() -> Callable[..., Any]:
    """``heat`` for JAX: a scan over arrays that do not change."""
    import jax
    import jax.numpy as jnp

    def fn(u: Any, k: Any, steps: Any) -> Any:
        def step(u: Any, _: Any) -> Any:
            flow = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * u[1:-1, 1:-1]
            return u.at[1:-1, 1:-1].add(k * flow), None

        return jnp.sum(jax.lax.scan(step, u, None, length=steps)[0] ** 2)

    return fn


def jax_seidel() -> Callable[..., Any]:
    """``seidel`` for JAX: a scan over all elements."""
    import jax
    import jax.numpy as jnp

    def fn(u: Any, sweeps: Any) -> Any:
        n, m = u.shape
        rows, columns = (np.tile(k.ravel(), sweeps) for k in np.mgrid[1 : n - 1, 1 : m - 1])

        def step(u: Any, place: Any) -> Any:
            i, j = place
            return u.at[i, j].set(0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])), None

        return jnp.sum(jax.lax.scan(step, u, (rows, columns))[0] ** 2)

    return fn


def jax_scalar_loop() -> Callable[..., Any]:
    """``scalar_loop`` for JAX: a ``fori_loop``."""
    import jax
    import jax.numpy as jnp

    return lambda x, n: jax.lax.fori_loop(0, n, lambda _, s: s * 0.5 + jnp.sin(s * x), x)


def torch_heat() -> Callable[..., Any]:
    """``heat`` for PyTorch: ``clone`` for ``copy``."""
    import torch

    def fn(u: Any, k: Any, steps: Any) -> Any:
        u = u.clone()
        for _ in range(steps):
            flow = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * u[1:-1, 1:-1]
            u[1:-1, 1:-1] += k * flow
        return torch.sum(u**2)

    return fn


def programs() -> dict[str, Program]:
    """What is measured."""
    rng = np.random.default_rng(0)
    sizes = (64, 128, 128, 10)
    params = [(rng.normal(size=s) / np.sqrt(s[0]), np.zeros(s[1])) for s in zip(sizes, sizes[1:])]
    labels = np.eye(10)[rng.integers(0, 10, 128)]
    everywhere = ("JAX", "PyTorch", "autograd")
    return {
        "formula of two numbers": Program(primals.f, (2.0, 5.0), everywhere),
        "logistic regression, 1000 x 100": Program(primals.logistic_loss, logistic_arguments(1000, 100), everywhere),
        "network 64-128-128-10, batch of 128": Program(
            network_loss, (params, rng.normal(size=(128, 64)), labels), everywhere
        ),
        "loop over numbers, 1000 rounds": Program(
            primals.scalar_loop, (0.7, 1000), ("PyTorch", "autograd"), {"JAX": jax_scalar_loop}
        ),
        "heat equation in place, 128 x 128, 100 steps": Program(
            heat, (rng.normal(size=(128, 128)), 0.2, 100), (), {"JAX": jax_heat, "PyTorch": torch_heat}
        ),
        "Gauss-Seidel by element, 40 x 40, 5 sweeps": Program(
            seidel, (rng.normal(size=(40, 40)), 5), (), {"JAX": jax_seidel}
        ),
    }


def by_s2sad(program: Program, backend: str) -> Callable[[], Any]:
    """The gradient by s2sad."""
    import s2sad

    gradient = s2sad.grad(program.fn, backend=backend)
    return lambda: gradient(*program.args)


def by_jax(program: Program, fn: Callable[..., Any]) -> Callable[[], Any]:
    """The compiled gradient by JAX; numbers that are no floats are fixed when it is compiled."""
    import jax

    jax.config.update("jax_enable_x64", True)
    fixed = tuple(k for k, value in enumerate(program.args) if isinstance(value, int))
    gradient = jax.jit(jax.grad(fn), static_argnums=fixed)
    args = [value if k in fixed else jax.tree.map(jax.numpy.asarray, value) for k, value in enumerate(program.args)]
    return lambda: jax.block_until_ready(gradient(*args))


def by_torch(program: Program, fn: Callable[..., Any]) -> Callable[[], Any]:
    """The gradient by PyTorch, eagerly."""
    import torch
    from torch.utils import _pytree as trees

    torch.set_num_threads(1)
    first, *others = (
        trees.tree_map(lambda v: v if isinstance(v, int) else torch.as_tensor(v, dtype=torch.float64), value)
        for value in program.args
    )
    leaves = [leaf.requires_grad_() for leaf in trees.tree_leaves(first)]

    def gradient() -> Any:
        found = torch.autograd.grad(fn(first, *others), leaves)
        return [leaf.numpy() for leaf in found]

    return gradient


def by_autograd(program: Program, fn: Callable[..., Any]) -> Callable[[], Any]:
    """The gradient by HIPS autograd."""
    gradient = importlib.import_module("autograd").grad(fn)
    return lambda: gradient(*program.args)


RIVALS = {"JAX": ("jax.numpy", by_jax), "PyTorch": ("torch", by_torch), "autograd": ("autograd.numpy", by_autograd)}


def contestants(program: Program) -> dict[str, Callable[[], Any]]:
    """The gradients of a program by name; a star marks a program that was rewritten."""
    found = {"s2sad": by_s2sad(program, "numpy"), "s2sad, Numba": by_s2sad(program, "numba")}
    for name, (namespace, gradient) in RIVALS.items():
        if importlib.util.find_spec(namespace.partition(".")[0]) is None:
            continue
        if name in program.rewritten:
            found[name + " *"] = gradient(program, program.rewritten[name]())
        elif name in program.taken_by:
            found[name] = gradient(program, with_names(program.fn, np=importlib.import_module(namespace)))
    return found


def leaves(value: Any) -> list[Any]:
    """The arrays and numbers of a gradient, in order."""
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, (list, tuple)) else [value]


def main() -> int:
    """Print the table in Markdown."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one core\n")
    print("| program | NumPy function | " + " | ".join(COLUMNS) + " |")
    print("|---|" + "--:|" * (len(COLUMNS) + 1))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["S2SAD_CACHE_DIR"] = folder
        for title, program in programs().items():
            found = contestants(program)
            wanted = leaves(found["s2sad"]())
            for name, gradient in found.items():
                for ours, theirs in zip(wanted, leaves(gradient()), strict=True):
                    np.testing.assert_allclose(theirs, ours, rtol=1e-8, atol=1e-12, err_msg=f"{title}: {name}")
            primal, *times = measure(lambda: program.fn(*program.args), *found.values(), rounds=9)  # noqa: B023
            cells = dict.fromkeys(COLUMNS, "-")
            for name, time in zip(found, times):
                column, star, _ = name.partition(" *")
                cells[column] = f"{time / primal:.{2 if time < 100 * primal else 3}g}{star}"
            print(f"| {title} | {seconds(primal)} | " + " | ".join(cells.values()) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
