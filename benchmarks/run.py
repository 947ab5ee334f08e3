"""Measure what matters to a user, and print it as a table.

Each ratio is measured within one run, its two sides alternating, on one core, after a warm-up; medians are printed.
The figures are this machine's; the ratios travel better.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import linecache
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import handwritten, primals

ROOT = Path(__file__).resolve().parent.parent
Row = tuple[str, str, str]


def time_once(fn: Callable[[], Any], repeat: int) -> float:
    """Seconds for one call, averaged over ``repeat`` calls."""
    start = time.perf_counter()
    for _ in range(repeat):
        fn()
    return (time.perf_counter() - start) / repeat


def measure(*functions: Callable[[], Any], rounds: int = 15, least: float = 0.004) -> list[float]:
    """The median time of a call of each function; the functions take turns."""
    repeats = []
    for fn in functions:
        fn()
        repeats.append(max(1, int(least / max(time_once(fn, 3), 1e-9))))
    samples: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for sample, fn, repeat in zip(samples, functions, repeats, strict=True):
            sample.append(time_once(fn, repeat))
    return [statistics.median(sample) for sample in samples]


def seconds(value: float) -> str:
    """A time with a unit that suits it.

    >>> seconds(0.0123), seconds(4.5e-6)
    ('12.3 ms', '4.5 µs')
    """
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 1.0:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def straight_line(name: str, statements: int) -> Callable[..., Any]:
    """A function of so many statements, each of which uses the two before."""
    forms = ("{0} * 0.5 + np.sin({1})", "{1} / (2.0 + {0} * {0})", "np.tanh({0}) * {1}", "{0} - 0.3 * {1}")
    lines = [f"def {name}(v0, v1):"]
    for k in range(2, statements + 2):
        lines.append(f"    v{k} = " + forms[k % len(forms)].format(f"v{k - 1}", f"v{k - 2}"))
    lines.append(f"    return v{statements + 1}")
    text = "\n".join(lines) + "\n"
    filename = f"<{name}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"np": np, "__name__": "benchmarks.generated"}
    exec(compile(text, filename, "exec"), namespace)
    return namespace[name]


def code_lines(text: str) -> int:
    """The number of lines that hold code: no blank lines, comments, docstrings, imports."""
    held: set[int] = set()
    fresh = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            fresh = True
        elif token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER, tokenize.ENCODING):
            if not (fresh and (token.type == tokenize.STRING or token.string in ("import", "from"))):
                held.update(range(token.start[0], token.end[0] + 1))
                fresh = False
    lines = text.splitlines()
    return sum(not lines[k - 1].startswith(("import ", "from ")) for k in held)


def compile_times() -> list[Row]:
    """The time from a Python function to its adjoint."""
    import s2sad

    rows = []
    s2sad.derive(straight_line("warm_up", 3), "reverse", types=(0.7, 1.3))
    for statements, rounds in ((3, 9), (100, 5), (2000, 1)):
        samples = []
        for k in range(rounds):
            fn = straight_line(f"straight_{statements}_{k}", statements)
            samples.append(time_once(lambda: s2sad.derive(fn, "reverse", types=(0.7, 1.3)), 1))  # noqa: B023
        median = statistics.median(samples)
        each = seconds(median / statements)
        rows.append((f"derive, {statements} statements", seconds(median), f"{each} a statement"))
    return rows


def call_overhead() -> list[Row]:
    """What a call of a gradient costs beyond the generated function itself."""
    import s2sad

    kernel = s2sad.derive(primals.f, "reverse", types=(2.0, 5.0)).fn
    gradient = s2sad.value_and_grad(primals.f, wrt=(0, 1))
    direct, wrapped, primal = measure(
        lambda: kernel(2.0, 5.0, 1.0), lambda: gradient(2.0, 5.0), lambda: primals.f(2.0, 5.0), rounds=25
    )
    return [
        ("warm call of value_and_grad", seconds(wrapped), f"{seconds(wrapped - direct)} above the kernel"),
        ("the kernel alone", seconds(direct), f"{direct / primal:.2f} times the primal"),
    ]


LOADING = """
import time
from benchmarks import primals, run
args = run.logistic_arguments(6, 3)
start = time.perf_counter()
import s2sad
gradient = s2sad.value_and_grad(primals.logistic_loss)
loaded = time.perf_counter()
gradient(*args)
print(loaded - start, time.perf_counter() - loaded)
"""


def logistic_arguments(rows: int, columns: int) -> tuple[Any, ...]:
    """Weights, data and labels."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(rows, columns))
    return rng.normal(size=columns) * 0.1, X, (rng.uniform(size=rows) > 0.5).astype(float)


def loading() -> list[Row]:
    """The first call in a process: with an empty cache, and with the cache the process before has filled."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "S2SAD_CACHE_DIR": os.path.join(folder, "cache"), "PYTHONPATH": str(ROOT)}

        def start() -> tuple[float, float]:
            """Seconds for the import and for the first call, in a process of its own."""
            done = subprocess.run(
                [sys.executable, "-c", LOADING], env=environment, cwd=ROOT, text=True, capture_output=True, check=True
            )
            load, call = map(float, done.stdout.split())
            return load, call

        start()
        first = []
        for _ in range(3):
            environment["S2SAD_CACHE_DIR"] = os.path.join(folder, f"cache{len(first)}")
            first.append(start())
        second = [start() for _ in range(5)]
    cold, warm = (statistics.median(call for _, call in runs) for runs in (first, second))
    load = statistics.median(load for load, _ in first + second)
    return [
        ("import s2sad, make a gradient", seconds(load), "NumPy was loaded before"),
        ("first call, empty cache", seconds(cold), ""),
        ("first call, second process", seconds(warm), f"{cold / warm:.1f} times faster"),
    ]


def against(name: str, args: tuple[Any, ...], wrt: int = 0) -> list[Row]:
    """A gradient against its primal, and against the one written by hand."""
    import s2sad

    primal = getattr(primals, name)
    by_hand = getattr(handwritten, f"{name}_vjp")
    made = s2sad.derive(primal, "reverse", wrt=(wrt,), types=args).fn
    one = primal(*args) * 0.0 + 1.0
    generated, hand, plain = measure(lambda: made(*args, one), lambda: by_hand(*args, one), lambda: primal(*args))
    return [
        (f"{name}: gradient", seconds(generated), f"{generated / plain:.2f} times the primal"),
        ("", "", f"{generated / hand:.2f} times the one written by hand"),
    ]


def against_autograd() -> list[Row]:
    """A loop of scalar operations, also by operator overloading."""
    import s2sad

    if importlib.util.find_spec("autograd") is None:
        return [("autograd", "not installed", "")]
    taped_numpy = importlib.import_module("autograd.numpy")
    taped = importlib.import_module("autograd").grad
    text = Path(primals.__file__).read_text(encoding="utf-8").replace("import numpy as np", "")
    namespace: dict[str, Any] = {"np": taped_numpy}
    exec(text, namespace)
    ours, theirs = s2sad.grad(primals.scalar_loop), taped(namespace["scalar_loop"])
    assert np.isclose(ours(0.7, 1000), theirs(0.7, 1000))
    mine, other = measure(lambda: ours(0.7, 1000), lambda: theirs(0.7, 1000), rounds=7)
    return [("scalar_loop: gradient by autograd", seconds(other), f"{other / mine:.1f} times as long as s2sad's")]


def lengths() -> list[Row]:
    """Lines of code, generated and written by hand."""
    import inspect

    import s2sad

    arguments = {
        "f": (2.0, 5.0),
        "growth": (0.8, 5),
        "logistic_loss": logistic_arguments(6, 3),
        "newton_sqrt": (2.3,),
        "shortest_side": (np.array([1.4, 0.6, 1.1]),),
        "scalar_loop": (0.7, 5),
    }
    rows = []
    for name, args in arguments.items():
        wrt = (0, 1) if name == "f" else (0,)
        made = code_lines(s2sad.derive(getattr(primals, name), "reverse", wrt=wrt, types=args).source)
        hand = code_lines(inspect.getsource(getattr(handwritten, f"{name}_vjp")))
        rows.append((f"{name}: lines", str(made), f"{made / hand:.2f} times the {hand} written by hand"))
    return rows


def main() -> int:
    """Print the table; a part that cannot be measured says why."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    parts: dict[str, Callable[[], list[Row]]] = {
        "time to compile": compile_times,
        "overhead of a call": call_overhead,
        "first call": loading,
        "logistic_loss": lambda: against("logistic_loss", logistic_arguments(1000, 100)),
        "scalar_loop": lambda: against("scalar_loop", (0.7, 1000)),
        "autograd": against_autograd,
        "lines": lengths,
    }
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one core")
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own, so that what is measured does not depend on what was compiled before.
        os.environ["S2SAD_CACHE_DIR"] = folder
        for title, part in parts.items():
            try:
                rows = part()
            except Exception as error:
                rows = [(title, "failed", f"{type(error).__name__}: {error}".splitlines()[0])]
            for name, value, note in rows:
                print(f"{name:36}{value:>12}  {note}".rstrip(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
