"""Library functions against JAX and HIPS autograd: ``python -m benchmarks.functions [part]``.

Every call of the tables in tests/functions is differentiated along a random direction, and its pullback taken of a
random cotangent, by s2sad and by the same text with ``np`` standing for ``jax.numpy`` (``scipy`` for ``jax.scipy``) or
``autograd.numpy``.  JAX's and autograd's cotangents of complex numbers are the conjugates of ours.  A call that another
library refuses is counted, not compared; calls that change arrays are refused by both of them.
"""

from __future__ import annotations

import argparse
import copy
import importlib
import importlib.util
import linecache
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import s2sad
from tests.functions.harness import Call, Program, draw, leaves
from tests.functions.samples import CONSTANTS
from tests.functions.tables import calls

Library = Callable[[Call, Program, list[Any], Any], tuple[Any, list[Any]]]


def other(call: Call, program: Program, modules: dict[str, Any]) -> Callable[..., Any]:
    """The function of a text with other modules under the names that it uses."""
    file = f"<call {call.name}>"
    text = "".join(linecache.cache[file][2])
    space = {**CONSTANTS, **modules}
    exec(compile(text, "<other>", "exec"), space)
    return space["f"]  # type: ignore[no-any-return]


def numbers(values: Sequence[Any]) -> list[Any]:
    return [np.asarray(v)[()] if np.ndim(v) == 0 else np.asarray(v) for v in values]


def by_jax(call: Call, program: Program, dots: list[Any], y_bar: Any) -> tuple[Any, list[Any]]:
    """JAX's tangent and cotangents."""
    import jax
    import jax.numpy as jnp

    modules = {"np": jnp}
    if "scipy." in call.body:
        modules["scipy"] = importlib.import_module("jax.scipy")
        for part in ("special", "linalg", "stats", "signal", "ndimage"):
            importlib.import_module(f"jax.scipy.{part}")
    f = other(call, program, modules)
    args = tuple(map(jnp.asarray, program.args))
    y, y_dot = jax.jvp(f, args, tuple(map(jnp.asarray, dots)))
    _, pullback = jax.vjp(f, *args)
    bars = iter(leaves(y_bar))
    flat, tree = jax.tree_util.tree_flatten(y)
    seed = jax.tree_util.tree_unflatten(tree, [jnp.conj(jnp.asarray(next(bars))) for _ in flat])
    return [np.asarray(v) for v in jax.tree_util.tree_leaves(y_dot)], [np.conj(np.asarray(v)) for v in pullback(seed)]


def by_autograd(call: Call, program: Program, dots: list[Any], y_bar: Any) -> tuple[Any, list[Any]]:
    """The cotangents of HIPS autograd; its tangents are left out."""
    import autograd.numpy as anp
    from autograd import make_vjp

    modules = {"np": anp}
    if "scipy." in call.body:
        modules["scipy"] = importlib.import_module("autograd.scipy")
        for part in ("special", "linalg", "stats", "signal"):
            importlib.import_module(f"autograd.scipy.{part}")
    f = other(call, program, modules)
    found = []
    for k in range(len(program.args)):
        pullback, y = make_vjp(f, k)(*copy.deepcopy(program.args))
        if isinstance(y, (tuple, list)):
            raise TypeError("several results")
        found.append(np.conj(pullback(np.conj(np.asarray(y_bar))[()])))
    return None, found


def agree(ours: Any, theirs: Any, tolerance: float) -> bool:
    """Whether two structures hold the same numbers."""
    a, b = list(leaves(ours)), [np.asarray(v) for v in leaves(theirs)]
    return len(a) == len(b) and all(
        x.shape == y.shape and np.allclose(x, y, tolerance, tolerance, equal_nan=True) for x, y in zip(a, b))


def compare(call: Call, libraries: dict[str, Library]) -> dict[str, str]:
    """For each library: ``agrees``, ``differs``, or ``refuses``."""
    program = Program(call)
    rng = np.random.default_rng(11)
    dots = [draw(rng, a) for a in program.args]
    y, y_dot = s2sad.jvp(program.f, program.args, dots)
    y_bar = draw(rng, y)
    x_bar = list(s2sad.vjp(program.f, *program.args)[1](y_bar))
    found = {}
    for name, library in libraries.items():
        try:
            there_dot, there_bar = library(call, program, dots, y_bar)
        except Exception as reason:  # whatever another library raises is its refusal
            found[name] = f"refuses: {type(reason).__name__}"
            continue
        tolerance = 1e-3 if program.is_single else 1e-8
        right = agree(x_bar, there_bar, tolerance) and (there_dot is None or agree(y_dot, there_dot, tolerance))
        found[name] = "agrees" if right else "differs"
    return found


def available() -> dict[str, Library]:
    """The libraries that are installed."""
    found: dict[str, Library] = {}
    if importlib.util.find_spec("jax") is not None:
        import jax

        jax.config.update("jax_enable_x64", True)
        found["JAX"] = by_jax
    if importlib.util.find_spec("autograd") is not None:
        found["autograd"] = by_autograd
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("part", nargs="?", default="", help="compare only functions whose spelling contains this")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="compare every N-th call only")
    options = parser.parse_args()
    libraries = available()
    if not libraries:
        print("neither JAX nor autograd is installed", file=sys.stderr)
        return 0
    counts: dict[str, Counter[str]] = {name: Counter() for name in libraries}
    spellings: dict[str, set[str]] = {name: set() for name in libraries}
    chosen = [call for call in calls() if options.part in call.spelling][:: options.every]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in chosen:
            for name, verdict in compare(call, libraries).items():
                counts[name][verdict.partition(":")[0]] += 1
                if verdict == "agrees":
                    spellings[name].add(call.spelling)
                elif verdict == "differs":
                    print(f"{name} differs: {call.name}", flush=True)
    print(f"s2sad: {len({c.spelling for c in chosen})} spellings in {len(chosen)} calls")
    for name, count in counts.items():
        print(f"{name}: agrees in {count['agrees']} calls ({len(spellings[name])} spellings), differs in "
              f"{count['differs']}, refuses {count['refuses']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
