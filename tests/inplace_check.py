"""What must hold of the derivatives of a random program that changes arrays.

Derivatives are compared with the program itself run on complex numbers, whose imaginary parts carry a tangent without
rounding: f(x + ih·v) = f(x) + ih·f'(x)v for an h so small that its square vanishes.  Second derivatives are
differences of these.

Source: Squire and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 1998.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sad
from tests.corpus import define, direction, dot, flatten, leaves, norm, same_bits

TINY = 1e-30
WRT = (0, 1, 2, 3)
LARGE = 1e4


class Mismatch(AssertionError):
    """A derivative that is not what it should be."""


class _Complex:
    """NumPy, but for arrays it makes, which are complex."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        if name in ("zeros", "ones", "full"):
            return lambda *args, **options: found(*args, **{"dtype": complex, **options})
        return found


@dataclass(frozen=True)
class Program:
    """A program of `tests.inplace_writer`, in three forms: as it is, on complex numbers, weighted to one number."""

    text: str
    fn: Callable[..., Any]
    analytic: Callable[..., Any]

    @property
    def outputs(self) -> tuple[str, ...] | None:
        """The arguments whose contents are the result, of a program that returns nothing."""
        return None if self.returns else ("x", "y", "A")

    @property
    def returns(self) -> bool:
        return not self.text.rstrip().endswith("\n    return")

    def run(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """The result of a call, with copies of the arguments."""
        given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
        result = fn(*given)
        return result if self.returns else given[:3]


def make(text: str, title: str) -> Program:
    return Program(text, define(text, title, {"np": np})["program"],
                   define(text, f"{title} complex", {"np": _Complex()})["program"])


def point(seed: int, shape: tuple[int, int], dtype: Any = np.float64) -> tuple[Any, ...]:
    """Arguments."""
    rng = np.random.default_rng(seed)
    rows, length = shape
    arrays = [rng.uniform(-1.0, 1.2, s).astype(dtype) for s in ((length,), (length,), (rows, length))]
    k = rng.integers(0, min(rows, length), 3)
    return (*arrays, float(rng.uniform(0.3, 1.1)), k, int(rng.integers(0, 4)) if seed % 3 else 3)


def moved(args: tuple[Any, ...], t: complex, along: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments at ``t`` along a direction, as complex numbers."""
    x, y, A = (np.asarray(args[k] + t * along[k], np.complex128) for k in (0, 1, 2))
    return x, y, A, np.complex128(args[3] + t * along[3]), args[4], args[5]


def slopes(p: Program, args: tuple[Any, ...], along: tuple[Any, ...], t: float = 0.0,
           across: tuple[Any, ...] | None = None) -> list[np.ndarray]:
    """The derivative of the results along a direction, at a point ``t`` along another one."""
    at = moved(args, t, across or along)
    at = moved(at, 1j * TINY, along)
    return [np.imag(leaf) / TINY for leaf in leaves(p.run(p.analytic, at))]


def close(a: float, b: float, scale: float, tolerance: float) -> bool:
    return abs(a - b) <= tolerance * max(scale, abs(a), abs(b), 1e-3)


def demand(holds: bool, what: str, *values: Any) -> None:
    if not holds:
        raise Mismatch(what + "".join(f"\n{v}" for v in values))


def check_memory(gradients: Any, args: tuple[Any, ...], seed: Any, what: str) -> None:
    """Form, dtype, shape and memory of gradients."""
    mine = [g for g in flatten(gradients) if isinstance(g, np.ndarray)]
    theirs = [leaf for leaf in flatten((args, seed)) if isinstance(leaf, np.ndarray)]
    for g, a in zip(flatten(gradients), args, strict=False):
        demand(np.shape(g) == np.shape(a) and np.asarray(g).dtype == np.asarray(a).dtype, f"{what}: shape or dtype")
    for number, leaf in enumerate(mine):
        shared = any(np.shares_memory(leaf, other) for other in theirs + mine[:number])
        demand(leaf.flags.writeable and not shared, f"{what}: memory")


def is_regular(p: Program, args: tuple[Any, ...]) -> bool:
    """Whether the program runs here, with results and derivatives that are numbers of some size."""
    try:
        with np.errstate(all="ignore"):
            y = p.run(p.fn, args)
            z = p.run(p.analytic, moved(args, 0.0, (0.0, 0.0, 0.0, 0.0)))
    except (ValueError, IndexError, TypeError, UnboundLocalError, RecursionError, NameError):
        return False
    if not all(np.all(np.abs(leaf) < LARGE) for leaf in leaves(y)):
        return False
    tolerance = 1e-3 if args[0].dtype == np.float32 else 1e-9
    return all(np.allclose(a, np.real(b), rtol=tolerance, atol=tolerance)
               for a, b in zip(leaves(y), leaves(z), strict=True))


def check_first(p: Program, args: tuple[Any, ...], level: str = "source", operators: bool = True) -> None:
    """Forward and reverse mode."""
    single = args[0].dtype == np.float32
    options: dict[str, Any] = {} if p.outputs is None else {"outputs": p.outputs}
    before = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
    y = p.run(p.fn, args)
    seed, other = direction(y, seed=2), direction(y, seed=6)
    if not all(np.asarray(leaf).dtype.kind == "f" for leaf in flatten(y)):
        return
    along = direction(args[:4], seed=1)
    kept = direction(y, seed=2), direction(args[:4], seed=1)

    if operators:
        told, y_dot = s2sad.jvp(p.fn, args, (*along, None, None), **options)
    else:
        made = s2sad.derive(p.fn, mode="forward", wrt=WRT, level=level, types=args, **options)
        told, y_dot = made.fn(*args, *along)
    demand(same_bits(told, y), "forward: primal", told, y)
    demand(same_bits((args, along), (before, kept[1])), "forward: arguments changed")
    expected = slopes(p, args, along)
    size = max(1.0, norm(expected))
    for got, want in zip(leaves(y_dot), expected, strict=True):
        demand(np.shape(got) == np.shape(want), "forward: shape", got, want)
        demand(np.allclose(got, want, rtol=0.0, atol=(2e-3 if single else 1e-10) * size), "forward: wrong", got, want)

    if operators:
        told, pullback = s2sad.vjp(p.fn, *args, wrt=WRT, **options)
        first, second, third = pullback(seed)[:4], pullback(other)[:4], pullback(seed)[:4]
        demand(same_bits(first, third), "pullback: twice", first, third)
    else:
        made = s2sad.derive(p.fn, mode="reverse", wrt=WRT, level=level, types=args, **options)
        told, first = made.fn(*args, seed)
        _, second = made.fn(*args, other)
    demand(same_bits(told, y), "reverse: primal", told, y)
    demand(same_bits((args, seed), (before, kept[0])), "reverse: arguments changed")
    check_memory(first, args, seed, "reverse")
    for number in range(2):
        along = direction(args[:4], seed=4 + number)
        y_dot = slopes(p, args, along)
        for bar, gradients in ((seed, first), (other, second)):
            scale = norm(gradients) * norm(along)
            got, want = dot(gradients, along), dot(bar, y_dot)
            demand(close(got, want, scale, 1e-3 if single else 1e-10), "reverse: wrong", got, want)


def weighted(p: Program, args: tuple[Any, ...], title: str) -> tuple[Program, tuple[Any, ...]]:
    """The program followed by a weighted sum of its results."""
    y = p.run(p.fn, args)
    weights = tuple(flatten(direction(y, seed=3)))
    names = [f"w{k}" for k in range(len(weights))]
    call = "program(x, y, A, s, k, n)"
    if p.outputs is not None:
        lines, results = [f"    {call}"], list(p.outputs)
    else:
        results = [f"r{k}" for k in range(len(weights))]
        lines = [f"    {', '.join(results)} = {call}"]
    terms = [f"np.sum({w} * {r})" if np.ndim(v) else f"{w} * {r}"
             for w, r, v in zip(names, results, weights, strict=True)]
    head = f"def weighted(x, y, A, s, k, n, {', '.join(names)}):"
    text = "\n".join([p.text, head, *lines, f"    return {' + '.join(terms)}", ""])
    made = Program(text, define(text, title, {"np": np})["weighted"],
                   define(text, f"{title} complex", {"np": _Complex()})["weighted"])
    return made, (*args, *weights)


def check_second(p: Program, args: tuple[Any, ...], title: str) -> None:
    """Forward over reverse, reverse over reverse and reverse over forward."""
    single = args[0].dtype == np.float32
    y = p.run(p.fn, args)
    if not all(np.asarray(leaf).dtype.kind == "f" for leaf in flatten(y)):
        return
    f, args = weighted(p, args, title)
    rest = args[6:]
    along, across = direction(args[:4], seed=1), direction(args[:4], seed=5)
    before = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
    gradient = s2sad.grad(f.fn, wrt=WRT)
    primal, hessian_along = s2sad.jvp(gradient, args, (*along, *(None for _ in args[4:])))
    demand(same_bits(primal, gradient(*args)), "forward over reverse: primal")
    _, pullback = s2sad.vjp(gradient, *args, wrt=WRT)
    back = pullback(across)[:4]
    demand(same_bits(back, pullback(across)[:4]), "reverse over reverse: twice")
    tangent = s2sad.derive(f.fn, mode="forward", wrt=WRT, types=args).fn
    _, pullback = s2sad.vjp(tangent, *args, *along, wrt=WRT)
    turned = pullback((0.0, 1.0))[:4]
    demand(same_bits(args, before), "second order: arguments changed")
    check_memory(back, args, across, "reverse over reverse")
    check_memory(turned, args, along, "reverse over forward")
    scale = max(norm(hessian_along) * norm(across), norm(back) * norm(along), norm(turned) * norm(across))
    got = dot(hessian_along, across), dot(back, along), dot(turned, across)
    tolerance = 1e-3 if single else 1e-9
    demand(close(got[0], got[1], scale, tolerance), "reverse over reverse: wrong", *got)
    demand(close(got[0], got[2], scale, tolerance), "reverse over forward: wrong", *got)
    whole = Program(f.text, f.fn, lambda *a: f.analytic(*a, *rest))
    both = []
    for h in (1e-3, 5e-4):
        ends = [float(slopes(whole, args[:6], across, t, along)[0]) for t in (-2 * h, -h, h, 2 * h)]
        both.append((ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * h))
    error = abs(both[0] - both[1])
    if error < 1e-6 * max(1.0, abs(both[0])):
        tolerance = (1e-3 if single else 1e-7) + 10.0 * error
        demand(close(got[0], both[1], max(scale, 1.0), tolerance), "forward over reverse: wrong", *got, both[1])


def shape_of(text: str) -> tuple[int, int]:
    """The rows and the length that the first line of a program's text tells."""
    rows, length = text.splitlines()[0].removeprefix("# ").split()
    return int(rows), int(length)
