"""Checks of derivatives: differences, and the identity ⟨ȳ, ẏ⟩ = ⟨x̄, ẋ⟩ between forward and reverse mode."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sad.api.dispatch import Dispatch, dispatch_for, name_of
from s2sad.api.functional import jvp, vjp
from s2sad.api.operators import program_of, step_of
from s2sad.api.rerun import again
from s2sad.api.stars import for_call
from s2sad.api.trees import (
    copied,
    is_differentiable,
    is_differentiable_leaf,
    leaves,
    together,
    tree_map,
    unflatten,
    zeros,
)
from s2sad.errors import ArgumentError, S2sadError, ValueArgumentError
from s2sad.frontend.wrt import Wrt, one_of

MODES = ("fwd", "rev")
ELEMENTS = 24


class CheckError(S2sadError, AssertionError):
    """Derivatives that do not agree; the message is a table of the worst elements."""


@dataclass(frozen=True)
class Row:
    """One comparison that failed."""

    order: int
    mode: str
    element: str
    expected: float | complex
    got: float | complex

    @property
    def error(self) -> float:
        """The difference, relative to the larger number where that is above 1."""
        difference = abs(self.expected - self.got)
        if not np.isfinite(difference):
            return float("inf")
        return float(difference / max(1.0, abs(self.expected), abs(self.got)))


@dataclass
class Options:
    """Tolerances, and what is checked."""

    modes: Sequence[str]
    atol: float | None
    rtol: float | None
    eps: float | None


def check_grads(f: Callable[..., Any], args: Sequence[Any], order: int = 2, modes: Sequence[str] = MODES, *,
                wrt: Wrt | None = None, argnums: Wrt | None = None, outputs: Wrt | None = None,
                atol: float | None = None, rtol: float | None = None, eps: float | None = None) -> None:
    """Check the derivatives of a function at given arguments against differences and against each other.

    Each order compares the tangent along unit vectors with central differences, the adjoint with the same differences,
    and tangent with adjoint (⟨ȳ, ẏ⟩ = ⟨x̄, ẋ⟩); the next order does so for the derivatives themselves.  Of large arrays
    a sample of the elements is moved one by one, and all of them at once along one direction.

    Args:
        f: any callable that has Python source or a rule.
        args: its positional arguments; numbers and arrays at which it is smooth.
        order: the highest derivative.
        modes: ``"fwd"``, ``"rev"``, or both.
        wrt: positions or names to differentiate by; by default all arguments that have a derivative.
        argnums: the same as ``wrt``.
        outputs: names or positions of arguments whose final contents are the result, as for `grad`.
        atol, rtol: tolerances; by default 1e-6 in double and 2e-3 in single precision, and more at higher orders.
        eps: the step of the differences, relative to elements above 1.

    Raises:
        CheckError: (an AssertionError) if they do not agree; its message is a table of the worst elements.

    >>> import math
    >>> check_grads(math.exp, (0.5,))
    """
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    for mode in modes:
        if mode not in MODES:
            raise ValueArgumentError(f"modes={modes!r}: choose among 'fwd' and 'rev'")
    if not isinstance(args, (tuple, list)):
        raise ArgumentError(f"args must be a tuple of the arguments, not {type(args).__qualname__}: write (x,)")
    wrt = one_of(wrt, argnums)
    f = for_call(f, args)
    program, _, _ = program_of(f, "check_grads", outputs)
    dispatch = dispatch_for(program)
    if wrt is None:
        positions = tuple(k for k, a in enumerate(args) if is_differentiable(a))
    else:
        positions = dispatch.choose(wrt).ordered
    if not positions:
        raise ArgumentError("check_grads: no argument has a derivative: pass floats, or arrays of floats")
    rows: list[Row] = []
    bound = dispatch.bind(tuple(args), {})
    results = _results(f, dispatch, bound, len(args))
    by_position = [p for p in dispatch.signature.parameters.values() if p.kind != p.KEYWORD_ONLY]
    shift = (len(by_position), len(bound) - len(by_position))
    start = _Function(f, bound[:len(by_position)], positions, "", len(args), outputs, results, shift)
    _check(start, 1, order, Options(modes, atol, rtol, eps), rows)
    if rows:
        raise CheckError(report(name_of(f), rows))


def fresh_copy(tree: Any) -> Any:
    """An argument with arrays and random generators of its own: each call of a function sees the same."""
    return again(copied(tree))


def _results(f: Any, dispatch: Dispatch, args: tuple[Any, ...], given: int) -> tuple[int, ...]:
    """The arguments whose final contents are the result; none if it is what the function returns."""
    program = dispatch.program
    if program.steps:
        return ()
    names = program.outputs
    if names is None:
        if f(*fresh_copy(args[:given])) is not None:
            return ()
        names = tuple(dict.fromkeys(name for name, _ in dispatch.kernel(args).written))
    return tuple(dispatch.names.index(n) for n in names)


@dataclass(frozen=True)
class _Function:
    """A function at its arguments, of which the first ``given`` are passed, and how it came about.

    Its result is what it returns, or the final contents of the arguments ``results``, which ``outputs`` asks for.
    ``shift`` says from which argument on the positions of parameters are higher, and by how much: keyword-only ones
    keep their defaults.
    """

    fn: Any
    args: tuple[Any, ...]
    wrt: tuple[int, ...]
    history: str
    given: int | None = None
    outputs: Wrt | None = None
    results: tuple[int, ...] = ()
    shift: tuple[int, int] = (0, 0)

    @property
    def places(self) -> tuple[int, ...]:
        """The positions of the variables among the parameters."""
        first, more = self.shift
        return tuple(k if k < first else k + more for k in self.wrt)

    def at(self, values: Sequence[Any]) -> Any:
        """The result for other values of the variables."""
        args = list(map(fresh_copy, self.args))
        for k, value in zip(self.wrt, values):
            args[k] = fresh_copy(value)
        y = self.fn(*args[: self.given])
        if not self.results:
            return y
        found = tuple(args[k] for k in self.results)
        return found[0] if len(found) == 1 else found

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(self.args[k] for k in self.wrt)

    @property
    def is_single(self) -> bool:
        found = [leaf for _, leaf in leaves(self.args) if isinstance(leaf, (np.ndarray, np.generic))]
        return any(leaf.dtype in (np.float32, np.complex64, np.float16) for leaf in found)


def _check(f: _Function, level: int, order: int, options: Options, rows: list[Row]) -> None:
    forward, backward = (step_of(f.fn, kind, f.places, f.outputs) for kind in ("jvp", "vjp"))
    y = f.at(tuple(map(fresh_copy, f.values)))
    if not is_differentiable(y):
        return
    y_bar = random_like(y, 2 + level)
    single = f.is_single
    tight = 2e-3 if single else 1e-6
    growth = 10.0 ** (level - 1)
    rtol = (options.rtol if options.rtol is not None else tight) * growth
    atol = (options.atol if options.atol is not None else tight) * growth
    bars: Any = None
    if "rev" in options.modes:
        bars = backward(*map(fresh_copy, f.args), y_bar)[1]
        bars = (bars,) if len(f.wrt) == 1 else bars
    before = len(rows)
    for element, along in directions(f):
        numeric, doubt = differences(f, along, options.eps)
        slack = min(10.0 * doubt, 1e-3)
        if "fwd" in options.modes:
            y_dot = forward(*map(fresh_copy, f.args), *along)[1]
            for path, expected, got in pairs(numeric, y_dot):
                _compare(rows, level, f.history + "forward", f"d y{path} / d {element}", expected, got, atol + slack,
                         rtol)
        if bars is not None:
            size = dot(absolute(y_bar), absolute(numeric))
            expected, got = dot(y_bar, numeric), dot(bars, along)
            _compare(rows, level, f.history + "reverse", f"d⟨ȳ, y⟩ / d {element}", expected, got,
                     (atol + slack) * max(1.0, size), rtol)
    if len(options.modes) == 2:
        along = random_like(f.values, 7)
        y_dot = forward(*map(fresh_copy, f.args), *along)[1]
        scale = max(dot(absolute(y_bar), absolute(y_dot)), dot(absolute(bars), absolute(along)), 1e-3)
        _compare(rows, level, f.history + "both", "⟨ȳ, ẏ⟩ (expected) = ⟨x̄, ẋ⟩ (got)", dot(y_bar, y_dot),
                 dot(bars, along), (1e-4 if single else 1e-9) * scale, 0.0)
    if len(rows) == before and level < order:
        along = random_like(f.values, 11)
        if "fwd" in options.modes:
            moved = (*f.wrt, *(len(f.args) + k for k in range(len(f.wrt))))
            _check(_Function(forward, (*f.args, *along), moved, f.history + "forward, then ", shift=f.shift),
                   level + 1, order, options, rows)
        if "rev" in options.modes:
            moved = (*f.wrt, len(f.args))
            _check(_Function(backward, (*f.args, y_bar), moved, f.history + "reverse, then ", shift=f.shift),
                   level + 1, order, options, rows)


def _compare(rows: list[Row], order: int, mode: str, element: str, expected: Any, got: Any, atol: float,
             rtol: float) -> None:
    difference = abs(expected - got)
    if not difference <= atol + rtol * max(abs(expected), abs(got)):
        both_wrong = np.isnan(expected) and np.isnan(got)
        if not both_wrong:
            rows.append(Row(order, mode, element, expected, got))


def report(name: str, rows: Sequence[Row], limit: int = 8) -> str:
    """The table of the worst comparisons, the worst first.

    >>> print(report("f", [Row(1, "forward", "d y / d x0", 2.0, 1.0)]))
    the derivatives of f do not agree: 1 comparison failed
      order  mode     element     expected  got  error
      1      forward  d y / d x0  2         1    0.5
    """
    worst = sorted(rows, key=lambda row: -row.error)[:limit]
    table = [["order", "mode", "element", "expected", "got", "error"]]
    table += [[str(r.order), r.mode, r.element, f"{r.expected:.9g}", f"{r.got:.9g}", f"{r.error:.2g}"] for r in worst]
    widths = [max(len(line[k]) for line in table) for k in range(len(table[0]))]
    lines = ["  " + "  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip() for line in table]
    count = f"{len(rows)} comparison{'s' if len(rows) != 1 else ''} failed"
    return "\n".join([f"the derivatives of {name} do not agree: {count}", *lines])


def directions(f: _Function) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Directions of the variables, with names: unit vectors, and one in which everything moves."""
    rng = np.random.default_rng(5)
    for k, (position, value) in enumerate(zip(f.wrt, f.values)):
        for number, (path, leaf) in enumerate(leaves(value, f"x{position}")):
            if not is_differentiable_leaf(leaf):
                continue
            indices = list(np.ndindex(np.shape(leaf)))
            if len(indices) > ELEMENTS:
                indices = [indices[i] for i in sorted(rng.choice(len(indices), ELEMENTS, replace=False))]
            for index, one in itertools.product(indices, (1.0, 1j) if np.iscomplexobj(leaf) else (1.0,)):
                parts = [zeros(other) for _, other in leaves(value)]
                if isinstance(leaf, np.ndarray):
                    parts[number][index] = one
                else:
                    parts[number] = leaf.dtype.type(one) if isinstance(leaf, np.generic) else type(leaf)(one)
                unit = unflatten(value, iter(parts))
                shown = path + (f"[{', '.join(map(str, index))}]" if index else "") + (" along 1j" if one == 1j else "")
                yield shown, tuple(unit if j == k else zeros(v) for j, v in enumerate(f.values))
    scales = iter([_scale(leaf) for _, leaf in leaves(f.values)])
    along = tree_map(lambda leaf: _or_none(lambda d, s: type(d)(s * d) if isinstance(d, np.generic) else s * d, leaf,
                                           next(scales)), random_like(f.values, 3))
    yield "all elements along one direction", along


def _scale(leaf: Any) -> float:
    """How far to move a variable along with others: less if it is small, such as a capacitance in farads."""
    size = float(np.max(np.abs(leaf), initial=0.0)) if is_differentiable_leaf(leaf) else 0.0
    return size if 0.0 < size < 1.0 else 1.0


def differences(f: _Function, along: tuple[Any, ...], eps: float | None) -> tuple[Any, float]:
    """The derivative along a direction by central differences, and how far it is in doubt.

    Three steps are extrapolated; if that leaves doubt (a domain that ends nearby, a high curvature) smaller ones are
    tried, and of small variables at last a part of them.
    """
    size = max([float(np.max(np.abs(leaf), initial=0.0)) for (_, leaf), (_, d) in zip(leaves(f.values), leaves(along))
                if d is not None and np.any(d)], default=0.0)
    best: tuple[Any, float, float] | None = None
    failure: Exception | None = None
    steps = [2e-3 * max(1.0, size) * shrink for shrink in (1.0, 1e-1, 1e-2, 1e-3)]
    steps += [2e-3 * size] if 0.0 < size < 1e-2 else []
    for step in steps if eps is None else [eps * max(1.0, size)]:
        try:
            found = _extrapolated(f, along, step)
        except (ValueError, ArithmeticError) as error:
            failure = error
            continue
        if best is None or not best[2] <= found[2]:
            best = found
        if best[1] <= 1e-8:
            break
    if best is None:
        raise ValueArgumentError(f"the function cannot be evaluated around the arguments: {failure}") from failure
    return best[:2]


def _extrapolated(f: _Function, along: tuple[Any, ...], step: float) -> tuple[Any, float, float]:
    """The derivative, and how far it is in doubt: as it is, and relative to numbers above 1."""
    def slope(h: float) -> Any:
        with np.errstate(all="ignore"):
            ahead, behind = f.at(moved(f.values, h, along)), f.at(moved(f.values, -h, along))
            slopes = iter([_slope(a, b, h) for (_, a), (_, b) in zip(leaves(ahead), leaves(behind))])
        return unflatten(ahead, slopes)

    wide, narrow, least = slope(step), slope(step / 2), slope(step / 4)
    first = _combined(wide, narrow, lambda a, b: (4.0 * b - a) / 3.0)
    second = _combined(narrow, least, lambda a, b: (4.0 * b - a) / 3.0)
    best = _combined(first, second, lambda a, b: (16.0 * b - a) / 15.0)
    with np.errstate(all="ignore"):
        gaps = [(np.abs(np.asarray(a) - np.asarray(b)), np.maximum(1.0, np.abs(b)))
                for (_, a), (_, b) in zip(leaves(second), leaves(best)) if a is not None]
        return best, _largest(gap for gap, _ in gaps), _largest(gap / size for gap, size in gaps)


def _largest(gaps: Iterable[Any]) -> float:
    found = [float(np.max(gap, initial=0.0)) for gap in gaps]
    return max((gap if np.isfinite(gap) else float("inf") for gap in found), default=0.0)


def _slope(ahead: Any, behind: Any, h: float) -> Any:
    if not is_differentiable_leaf(ahead):
        return None
    kind = np.complex128 if np.iscomplexobj(ahead) else np.float64
    return (np.asarray(ahead, kind) - np.asarray(behind, kind)) / (2.0 * h)


def _combined(a: Any, b: Any, fn: Callable[[Any, Any], Any]) -> Any:
    other = iter([leaf for _, leaf in leaves(b)])
    return tree_map(lambda leaf: _or_none(fn, leaf, next(other)), a)


def _or_none(fn: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    return None if a is None else fn(a, b)


def moved(values: Any, step: float, along: Any) -> Any:
    """``values + step * along``, in double precision."""
    changes = iter([leaf for _, leaf in leaves(along)])

    def move(leaf: Any) -> Any:
        change = next(changes)
        if not is_differentiable_leaf(leaf):
            return leaf
        if isinstance(leaf, (np.ndarray, np.generic)):
            kind = np.complex128 if leaf.dtype.kind == "c" else np.float64
            made = np.asarray(leaf, kind) + step * np.asarray(change, kind)
            return np.asarray(made) if isinstance(leaf, np.ndarray) else kind(made)
        return leaf + step * change

    return tree_map(move, values)


def random_like(tree: Any, seed: int) -> Any:
    """A tree of random numbers with the structure, shapes and dtypes of ``tree``, the same in every run."""
    rng = np.random.default_rng(seed)

    def draw(leaf: Any) -> Any:
        if not is_differentiable_leaf(leaf):
            return None
        drawn = rng.uniform(0.3, 1.0, np.shape(leaf)) * rng.choice([-1.0, 1.0], np.shape(leaf))
        if np.iscomplexobj(leaf):
            drawn = drawn + 1j * rng.uniform(0.3, 1.0, np.shape(leaf)) * rng.choice([-1.0, 1.0], np.shape(leaf))
        if isinstance(leaf, (np.ndarray, np.generic)):
            made = np.asarray(drawn).astype(leaf.dtype)
            return made if isinstance(leaf, np.ndarray) else made[()]
        return type(leaf)(drawn) if type(leaf) in (float, complex) else float(drawn)

    return tree_map(draw, tree)


def pairs(expected: Any, got: Any) -> Iterator[tuple[str, Any, Any]]:
    """The numbers of two trees, each with the place it has."""
    for path, a, b in together(expected, got):
        if a is None or b is None:
            continue
        for index in np.ndindex(np.shape(a)):
            shown = path + (f"[{', '.join(map(str, index))}]" if index else "")
            yield shown, np.asarray(a)[index].item(), np.asarray(b)[index].item()


def absolute(tree: Any) -> Any:
    """The absolute values of a tree."""
    return tree_map(lambda leaf: None if leaf is None else np.abs(leaf), tree)


def dot(a: Any, b: Any) -> float:
    """The real inner product of two trees, in double precision; None is zero."""
    total = 0.0
    for _, x, y in together(a, b):
        if x is not None and y is not None:
            kind = np.complex128 if np.iscomplexobj(x) or np.iscomplexobj(y) else np.float64
            total += float(np.real(np.sum(np.conj(np.asarray(x, kind)) * np.asarray(y, kind))))
    return total


__all__ = ["CheckError", "check_grads", "jvp", "vjp"]
