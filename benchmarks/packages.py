"""Other people's code: which functions of PyPI packages can be differentiated, and are the numbers right?

``python -m benchmarks.packages [PACKAGE ...]`` takes every public function of the packages whose doctest has a call
with floats and a float result, differentiates it at these arguments in reverse and forward mode, and compares with
central differences.  It prints how many derive, how many are right, and the commonest refusals.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import doctest
import importlib
import inspect
import io
import math
import pkgutil
import re
import signal
import time
import types
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

PACKAGES = ("fluids", "transforms3d", "numpy_financial")
# Modules that are other modules again, in another dress, and one that asks the network for data.
SKIPPED = ("fluids.numba", "fluids.vectorized", "fluids.numba_vectorized", "fluids.units", "fluids.optional.irradiance",
           "fluids.design_climate")
SECONDS = 40
BESIDE = "beside the example, which lies on the border of a branch"


@dataclass(frozen=True)
class Example:
    """A call from a docstring: the function, its arguments by parameter, and which of them are made of floats.

    A result that is an array, tuple or list of floats counts as a sum with weights.
    """

    name: str
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    variables: tuple[str, ...]
    single: bool = True

    def bound(self) -> inspect.BoundArguments:
        return inspect.signature(self.fn).bind(*self.args, **self.kwargs)

    def value(self, name: str) -> Any:
        return self.bound().arguments[name]

    def at(self, **values: Any) -> float:
        """The result with other values of the variables."""
        bound = self.bound()
        bound.arguments.update(values)
        return weighted(self.fn(*bound.args, **bound.kwargs))


@dataclass(frozen=True)
class Outcome:
    """What came of an example: ``right``, ``wrong``, ``refused``, ``failed`` or ``rough``, and why."""

    name: str
    status: str
    why: str = ""
    place: str = ""
    seconds: float = 0.0


# Examples.


def is_floats(value: Any) -> bool:
    """Whether a value is a float, or an array or list of floats."""
    if isinstance(value, list):
        return bool(value) and all(map(is_floats, value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and value.size > 0
    return isinstance(value, float) and math.isfinite(value)


def weights(value: Any) -> Any:
    """A tree of floats like a result: what each of its elements counts."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(weights, value))
    if isinstance(value, np.ndarray):
        return 1.0 + 0.25 * np.arange(value.size, dtype=value.dtype).reshape(value.shape)
    return 1.0


def weighted(value: Any) -> float:
    """The weighted sum of a result's elements."""
    if isinstance(value, (list, tuple)):
        return sum(map(weighted, value))
    return float(np.sum(value * weights(value)))


def functions(package: str) -> Iterator[tuple[str, Callable[..., Any], types.ModuleType]]:
    """The public functions of a package with the modules that define them."""
    root = importlib.import_module(package)
    modules = [root]
    for info in pkgutil.walk_packages(root.__path__, package + "."):
        if any(part.startswith(("_", "test")) for part in info.name.split(".")) or info.name.startswith(SKIPPED):
            continue
        with contextlib.suppress(ImportError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            modules.append(importlib.import_module(info.name))
    seen = set()
    for module in modules:
        for name, fn in list(vars(module).items()):
            home = str(getattr(fn, "__module__", None))
            here = home == module.__name__ or home.startswith(module.__name__ + "._")
            if inspect.isfunction(fn) and not name.startswith("_") and here and id(fn) not in seen:
                seen.add(id(fn))
                yield f"{module.__name__}.{name}", fn, module


def examples(package: str) -> Iterator[Example]:
    """For each public function the first call in its docstring with floats and a float result."""
    for name, fn, module in functions(package):
        found = first_call(name, fn, {**vars(importlib.import_module(package)), **vars(module)})
        if found is not None:
            yield found


def first_call(name: str, fn: Callable[..., Any], namespace: dict[str, Any]) -> Example | None:
    """The first call of a function in its docstring that has floats and a float result."""
    try:
        steps = doctest.DocTestParser().get_examples(fn.__doc__ or "")
    except ValueError:
        return None
    for step in steps:
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(step.source)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and calls(node, fn, namespace):
                    found = called(name, fn, node, namespace)
                    if found is not None:
                        return found
            exec(compile(tree, "<example>", "exec"), namespace)
    return None


def calls(node: ast.Call, fn: Callable[..., Any], namespace: dict[str, Any]) -> bool:
    """Whether a call is one of this function."""
    with contextlib.suppress(Exception):
        return eval(compile(ast.Expression(node.func), "<example>", "eval"), namespace) is fn
    return False


def called(name: str, fn: Callable[..., Any], node: ast.Call, namespace: dict[str, Any]) -> Example | None:
    """The arguments of a call, if some are floats and the result is."""

    def value(part: ast.expr) -> Any:
        return eval(compile(ast.Expression(part), "<example>", "eval"), namespace)

    args = tuple(value(a) for a in node.args)
    kwargs = {k.arg: value(k.value) for k in node.keywords if k.arg is not None}
    bound = inspect.signature(fn).bind(*args, **kwargs)
    variables = tuple(n for n, v in bound.arguments.items() if is_floats(v))
    result = fn(*args, **kwargs)
    single = type(result) in (float, np.float64)
    plain = is_floats(list(result) if isinstance(result, tuple) else result)
    if not variables or not plain or not math.isfinite(weighted(result)):
        return None
    return Example(name, fn, args, kwargs, variables, single)


# Differences.


def slope(f: Callable[[float], float], scale: float) -> tuple[float, float]:
    """The derivative of a function of one number at zero, and an estimate of its error.

    Ridders' method with several first steps, as parts of ``scale``; the one whose extrapolation settles best counts.

    >>> value, error = slope(math.exp, 1.0)
    >>> abs(value - 1.0) < 1e-10, error < 1e-9
    (True, True)
    """
    best, best_error = math.nan, math.inf
    for first in (3e-2, 3e-3, 1e-4, 1e-6):
        table: list[list[float]] = []
        step = first * scale
        for row in range(7):
            try:
                table.append([(f(step) - f(-step)) / (2.0 * step)])
            except (ArithmeticError, ValueError):
                break
            power = 1.0
            for column in range(1, row + 1):
                power *= 1.96
                new = (power * table[row][column - 1] - table[row - 1][column - 1]) / (power - 1.0)
                table[row].append(new)
                error = max(abs(new - table[row][column - 1]), abs(new - table[row - 1][column - 1]))
                if error < best_error:
                    best, best_error = new, error
            step /= 1.4
    return best, best_error


def kink(f: Callable[[float], float], scale: float) -> float:
    """How much the slopes to the left and to the right differ at zero, beyond what curvature explains."""
    jumps = []
    for step in (1e-4 * scale, 1e-5 * scale):
        middle = f(0.0)
        jumps.append(abs((f(step) - middle) / step - (middle - f(-step)) / step))
    return jumps[1] if jumps[1] > 0.5 * jumps[0] else 0.0


def directions(example: Example) -> Iterator[tuple[str, str, Any, float]]:
    """For each number among the variables: what to call it, its argument, a unit vector, and its size."""
    for name in example.variables:
        value = example.value(name)
        if isinstance(value, float):
            yield name, name, 1.0, abs(value) or 1.0
            continue
        flat = np.asarray(value, float)
        for k in list(np.ndindex(flat.shape))[:6]:
            unit = np.zeros(flat.shape)
            unit[k] = 1.0
            yield f"{name}{list(k)}", name, unit, abs(float(flat[k])) or 1.0


def along(value: Any, unit: Any, step: float) -> Any:
    """``value + step * unit``, in the form of the value."""
    if isinstance(value, float):
        return value + step
    moved = np.asarray(value, float) + step * unit
    return moved.tolist() if isinstance(value, list) else moved


def picked(gradient: Any, unit: Any) -> float:
    """The part of a gradient along a unit vector."""
    return float(np.sum(np.asarray(gradient, float) * unit))


# One example.


@contextlib.contextmanager
def limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in the block after some seconds."""

    def ring(signum: int, frame: Any) -> None:
        raise TimeoutError(f"longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def gradients(example: Example) -> tuple[float, dict[str, Any], float, float]:
    """The value and gradient by the variables; the directional derivative along ones, forward and from the gradient."""
    import s2sad

    bound = example.bound()
    order = list(bound.arguments)
    wrt = tuple(order.index(n) for n in example.variables)
    if bound.kwargs:
        # What can be passed by keyword only is passed so.
        wrt = example.variables  # type: ignore[assignment]
    if example.single:
        value, found = s2sad.value_and_grad(example.fn, wrt=wrt)(*bound.args, **bound.kwargs)
    else:
        order += [n for n in inspect.signature(example.fn).parameters if n not in order]
        values = inspect.signature(example.fn).bind(*example.args, **example.kwargs)
        values.apply_defaults()
        value, pullback = s2sad.vjp(example.fn, *values.args, wrt=wrt, **values.kwargs)
        found = tuple(g for g, n in zip(pullback(weights(value)), values.arguments) if n in example.variables)
    by_name = dict(zip(example.variables, found))

    def ones(value: Any) -> Any:
        if isinstance(value, list):
            return [ones(v) for v in value]
        return np.ones_like(value) if isinstance(value, np.ndarray) else 1.0

    tangents = tuple(ones(bound.arguments[n]) if n in example.variables else None for n in order[:len(bound.args)])
    positional = set(order[:len(bound.args)])
    if positional.isdisjoint(example.variables):
        return weighted(value), by_name, 0.0, 0.0
    _, forward = s2sad.jvp(example.fn, bound.args, tangents, **bound.kwargs)
    total = sum(float(np.sum(np.asarray(by_name[n], float))) for n in by_name if n in positional)
    return weighted(value), by_name, weighted(forward), total


def agree(a: float, b: float, tolerance: float) -> bool:
    return abs(a - b) <= tolerance or a == b


def judge(example: Example) -> Outcome:
    """Differentiate one example and compare."""
    import s2sad

    start = time.perf_counter()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with limit(SECONDS):
                value, found, forward, total = gradients(example)
        except s2sad.errors.Refusal as refusal:
            return Outcome(example.name, "refused", refusal.reason, str(refusal.where or ""),
                           time.perf_counter() - start)
        except Exception as error:
            return Outcome(example.name, "failed", f"{type(error).__name__}: {error}"[:400], "",
                           time.perf_counter() - start)
        seconds = time.perf_counter() - start
        try:
            with limit(SECONDS):
                outcome = compare(example, value, found, forward, total)
                for factor in (1e-3, -1e-3, 0.02):
                    if outcome.status in ("right", "refused"):
                        break
                    # The example may lie on the border of a branch: what counts is then what holds right beside it.
                    near = beside(example, factor)
                    with contextlib.suppress(ArithmeticError, ValueError, TypeError):
                        again = compare(near, *gradients(near))
                        outcome = replace(again, why=BESIDE) if again.status == "right" else outcome
                return replace(outcome, seconds=seconds)
        except TimeoutError:
            return Outcome(example.name, "rough", "its differences take too long", "", seconds)


def compare(example: Example, value: float, found: dict[str, Any], forward: float, total: float) -> Outcome:
    """Whether the derivatives are those that differences give."""
    expected = example.at()
    if value != expected:
        return Outcome(example.name, "wrong", f"the value is {value!r}, not {expected!r}")
    rough = ""
    for title, name, unit, size in directions(example):

        def moved(step: float, name: str = name, unit: Any = unit) -> float:
            return example.at(**{name: along(example.value(name), unit, step)})

        got = picked(found[name], unit)
        try:
            estimate, error = slope(moved, size)
        except Exception as problem:
            rough = rough or f"{title}: no differences: {type(problem).__name__}"
            continue
        floor = 1e-9 * abs(expected) / size
        tolerance = max(1e-6 * abs(estimate), 10.0 * error, floor)
        if agree(got, estimate, tolerance) and error < 1e-3 * max(abs(estimate), abs(got)) + 1e3 * floor:
            continue
        try:
            bend = kink(moved, size)
        except Exception as problem:
            rough = rough or f"{title}: it cannot be moved: {type(problem).__name__}"
            continue
        if bend > 1e-4 * abs(estimate) + floor:
            rough = rough or f"{title}: the slopes on the two sides differ by {bend:.3g}, {got:.6g}, {estimate:.6g}"
        elif not error < 1e-4 * max(abs(estimate), abs(got)):
            rough = rough or f"{title}: its differences do not settle: {got:.8g}, {estimate:.8g} +- {error:.2g}"
        else:
            return Outcome(example.name, "wrong", f"{title}: {got!r}, by differences {estimate!r} +- {error:.2g}")
    scale = sum(float(np.sum(np.abs(np.asarray(g, float)))) for g in found.values())
    if not agree(forward, total, 1e-9 * scale + 1e-300):
        # Both may be lost in rounding: then they are others where the arguments differ by their last bits only.
        near = [gradients(beside(example, bits))[2] for bits in (4e-16, -4e-16, 1e-15)]
        spread = max(abs(value - forward) for value in near)
        if agree(forward, total, 10.0 * spread):
            return Outcome(example.name, "rough", f"lost in rounding: {forward!r}, {total!r} +- {spread:.2g}")
        return Outcome(example.name, "wrong", f"forward mode gives {forward!r}, reverse mode {total!r}")
    return Outcome(example.name, "rough" if rough else "right", rough)


def beside(example: Example, factor: float) -> Example:
    """The example with each of its floats a little larger."""
    bound = example.bound()
    for k, name in enumerate(example.variables):
        value = bound.arguments[name]
        size = abs(value) or 1.0 if isinstance(value, float) else 1.0
        change = factor * (1.0 + 0.37 * k) * size
        bound.arguments[name] = along(value, np.ones(np.shape(value)) if not isinstance(value, float) else 1.0, change)
    return replace(example, args=bound.args, kwargs=bound.kwargs)


# The report.


def construct(why: str) -> str:
    """A refusal without the names in it.

    >>> construct("the attribute 'x' of a dict with the keys 'a', 3 is not supported")
    "the attribute '…' of a dict with the keys '…', … is not supported"
    """
    why = re.sub(r"(?<![\w'])'[^']*'(?!\w)", "'…'", why)
    why = re.sub(r"'…'(, '…')+", "'…'", why)
    return re.sub(r"(?<![\w…])-?\d[\w.+-]*", "…", why)[:160]


def report(outcomes: list[Outcome], full: bool = False) -> str:
    """The numbers, and the commonest refusals with a place for each."""
    counts = Counter(o.status for o in outcomes)
    judged = len(outcomes) - counts["rough"]
    lines = [f"{len(outcomes)} functions: {sum(counts[s] for s in ('right', 'wrong', 'rough'))} derive, "
             f"{counts['right']} right ({sum(o.why == BESIDE for o in outcomes)} of them {BESIDE}), "
             f"{counts['wrong']} wrong, {counts['rough']} not smooth there, "
             f"{counts['refused']} refused, {counts['failed']} failed; "
             f"{100.0 * counts['right'] / max(judged, 1):.1f} % of the {judged} that can be judged are right"]
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for o in outcomes:
        if o.status in ("refused", "failed"):
            groups[construct(o.why)].append(o)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    for title, members in ordered if full else ordered[:10]:
        lines.append(f"{len(members):5}  {title}")
        for o in members if full else members[:1]:
            lines.append(f"         {o.name}: {o.why if full else ''} {short(o.place)}".rstrip())
    for status in ("wrong", "rough") if full else ("wrong",):
        lines += [f"{status}: {o.name}: {o.why}" for o in outcomes if o.status == status]
    if full:
        slow = sorted(outcomes, key=lambda o: -o.seconds)[:15]
        lines += [f"slow: {o.name}: {o.seconds:.1f} s, {o.status}" for o in slow]
    return "\n".join(lines)


def short(place: str) -> str:
    """A place without the folders before the package."""
    return re.sub(r"^.*/(?=\w+/[^/]*$)", "", place)


def main() -> None:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(PACKAGES))
    parser.add_argument("--arrays", action="store_true", help="functions with arrays or tuples as results, too")
    parser.add_argument("--only", default="", help="functions whose names contain this")
    parser.add_argument("--full", action="store_true", help="list every function that is not right")
    options = parser.parse_args()
    outcomes = []
    for package in options.packages:
        for example in examples(package):
            if options.only in example.name and (example.single or options.arrays):
                outcomes.append(judge(example))
    print(report(outcomes, options.full))


if __name__ == "__main__":
    main()
