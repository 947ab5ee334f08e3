"""What every call in the tables must satisfy.

A text becomes a function f of the samples that it names.  With random directions d, cotangents c:

    value         f itself, bit for bit, by both modes; the arguments are as they were
    forward       y_dot = (f(x + h d) - f(x - h d)) / 2h, extrapolated, and Im f(x + i h d) / h where f is holomorphic
    reverse       Re<c, y_dot> = Re<x_bar, d>, with the dtypes and shapes of the arguments
    second order  for g(x) = grad Re<c, f(x)>: g_dot against differences of g, and Re<g_dot(d), d'> = Re<g_dot(d'), d>

Derivatives by samples in single precision are compared with those by the same samples in double precision.
"""

from __future__ import annotations

import ast
import copy
import linecache
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

import s2sad
from tests.functions.samples import CONSTANTS, SINGLE, VARIABLES

STEP = 2e-3


@dataclass(frozen=True)
class Call:
    """One line of a table: the function it is about, and the text of a program that calls it."""

    spelling: str
    text: str
    second_order: bool = True
    complex_step: bool = True

    @property
    def body(self) -> str:
        text = self.spelling + self.text if self.text.startswith("(") else self.text
        return text if "\n" in text else f"return {text}"

    @property
    def name(self) -> str:
        return (self.text if not self.text.startswith("(") else self.spelling + self.text).replace("\n", "; ")


class Program:
    """The function of a text, and the samples that are its arguments."""

    def __init__(self, call: Call, double: bool = False) -> None:
        lines = ["    " + line for line in call.body.split("\n")]
        tree = ast.parse("def f():\n" + "\n".join(lines))
        loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.names = [name for name in VARIABLES if name in loaded - stored]
        text = "\n".join([f"def f({', '.join(self.names)}):", *lines, ""])
        space = {**CONSTANTS, "np": np, "s2sad": s2sad}
        for package in ("scipy", "math", "cmath", "functools", "numpy"):
            if package in loaded:
                space[package] = imported(package, text)
        exec(compiled(text, call.name), space)
        self.f: Callable[..., Any] = space["f"]
        values = {**VARIABLES, **SINGLE} if double else VARIABLES
        self.single = "float32" in text
        self.args: list[Any] = [copy.deepcopy(values[name]) for name in self.names]

    @property
    def is_single(self) -> bool:
        return self.single or any(name in SINGLE for name in self.names)


def compiled(text: str, name: str) -> CodeType:
    """The code of a text that can be read back, as s2sad does."""
    file = f"<call {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    return compile(text, file, "exec")


def imported(package: str, text: str) -> Any:
    """A package, with the modules of it that the text names."""
    import importlib

    root = importlib.import_module(package)
    for node in ast.walk(ast.parse(text)):
        path = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if path.startswith(package + ".") and path.count(".") >= 1:
            try:
                importlib.import_module(path)
            except ImportError:
                continue
    return root


def leaves(value: Any) -> Iterator[Any]:
    """The arrays and numbers in nested tuples and lists; None and integers are left out."""
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif value is not None and np.asarray(value).dtype.kind in "fc":
        yield np.asarray(value)


def draw(rng: np.random.Generator, like: Any) -> Any:
    """Random numbers in the structure, shapes and dtypes of a value; None where it has no derivative."""
    if isinstance(like, (tuple, list)):
        items = [draw(rng, item) for item in like]
        return type(like)(*items) if hasattr(like, "_fields") else type(like)(items)
    if isinstance(like, dict):
        return {key: draw(rng, item) for key, item in like.items()}
    dtype = np.asarray(like).dtype
    if like is None or dtype.kind not in "fc":
        return None
    drawn = rng.uniform(-1.0, 1.0, np.shape(like))
    if dtype.kind == "c":
        drawn = drawn + 1j * rng.uniform(-1.0, 1.0, np.shape(like))
    if isinstance(like, (float, complex)) and not isinstance(like, np.generic):
        return type(like)(drawn)
    found = np.asarray(drawn, dtype)
    return found if isinstance(like, np.ndarray) else found[()]


def inner(a: Any, b: Any) -> float:
    """The real inner product of two structures."""
    return float(sum(np.sum(np.real(np.conj(x.astype("c16")) * y)) for x, y in zip(leaves(a), leaves(b), strict=True)))


def moved(args: Sequence[Any], dots: Sequence[Any], h: Any) -> list[Any]:
    return [a + h * d for a, d in zip(copy.deepcopy(list(args)), dots)]


def differences(f: Callable[..., Any], args: Sequence[Any], dots: Sequence[Any]) -> list[Any]:
    """The derivative along a direction by central differences, extrapolated once: the error is of fourth order."""
    def central(h: float) -> list[Any]:
        up, down = list(leaves(f(*moved(args, dots, h)))), list(leaves(f(*moved(args, dots, -h))))
        return [(a - b) / (2.0 * h) for a, b in zip(up, down, strict=True)]

    return [(4.0 * fine - coarse) / 3.0 for coarse, fine in zip(central(STEP), central(STEP / 2.0))]


def complex_step(f: Callable[..., Any], args: Sequence[Any], dots: Sequence[Any]) -> list[Any] | None:
    """The derivative along a direction by a step off the real axis; None where f takes no complex numbers."""
    if any(np.asarray(a).dtype != np.float64 for a in args):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = f(*moved(args, dots, 1e-30j))
    except (TypeError, ValueError, IndexError, NotImplementedError, np.exceptions.ComplexWarning, RuntimeWarning,
            DeprecationWarning, np.linalg.LinAlgError):
        return None
    return [np.imag(y) / 1e-30 for y in leaves(found)]


def close(got: Any, expected: Any, rtol: float, what: str) -> None:
    """Agreement relative to the largest number."""
    got, expected = list(leaves(got)), list(leaves(expected))
    assert len(got) == len(expected), f"{what}: {len(got)} parts instead of {len(expected)}"
    scale = 1.0 + max((float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b))) for b in expected), default=0.0)
    for a, b in zip(got, expected):
        assert np.shape(a) == np.shape(b), f"{what}: shape {np.shape(a)} instead of {np.shape(b)}"
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * scale, err_msg=what)


def same(a: Any, b: Any) -> None:
    """The same structure and the same bits."""
    if isinstance(b, (tuple, list)):
        assert isinstance(a, (tuple, list)) and len(a) == len(b)
        for x, y in zip(a, b):
            same(x, y)
    elif isinstance(b, dict):
        assert list(a) == list(b)
        for key in b:
            same(a[key], b[key])
    elif isinstance(b, (np.ndarray, np.generic, int, float, complex)):
        assert np.shape(a) == np.shape(b) and np.asarray(a).dtype == np.asarray(b).dtype, (a, b)
        assert np.array_equal(a, b, equal_nan=np.asarray(b).dtype.kind in "fc"), (a, b)


def fits(x_bar: Any, x: Any) -> None:
    """A gradient has the shape and dtype of what it belongs to."""
    for a, b in zip(leaves(x_bar), leaves(x), strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype, (a.dtype, a.shape, b.dtype, b.shape)


def check(call: Call) -> None:
    """Check one call."""
    program = Program(call)
    f, args = program.f, program.args
    assert args, f"{call.name} names no sample"
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first_order(call, program, f, args)


def first_order(call: Call, program: Program, f: Callable[..., Any], args: list[Any]) -> None:
    rng = np.random.default_rng(7)
    dots, kept = [draw(rng, a) for a in args], copy.deepcopy(args)
    expected = f(*copy.deepcopy(args))
    y, y_dot = s2sad.jvp(f, args, dots)
    same(y, expected)
    y, pullback = s2sad.vjp(f, *args)
    same(y, expected)
    y_bar = draw(rng, expected)
    assert list(leaves(expected)), f"{call.name} has no result with a derivative"
    x_bar = pullback(y_bar)
    fits(y_dot, expected)
    fits(list(x_bar), args)
    same(args, kept)
    left, right = inner(y_bar, y_dot), inner(list(x_bar), dots)
    single = program.is_single or any(leaf.dtype in ("f4", "c8") for leaf in leaves(expected))
    scale = 1.0 + abs(left) + sum(float(np.sum(np.abs(a) * np.abs(b))) for a, b in zip(leaves(x_bar), leaves(dots)))
    assert abs(left - right) <= (1e-4 if single else 1e-10) * scale, f"reverse against forward: {right} and {left}"
    if single and not program.is_single:
        close(y_dot, differences(f, args, dots), 2e-3, "tangent against differences in single precision")
        return
    if single:
        double = Program(call, double=True)
        close(y_dot, s2sad.jvp(double.f, double.args, dots_like(dots, double.args))[1], 1e-3, "single against double")
        return
    close(y_dot, differences(f, args, dots), 1e-7, "tangent against differences")
    stepped = complex_step(f, args, dots) if call.complex_step else None
    if stepped is not None and all(np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-5, 1e-5)
                                   for a, b in zip(stepped, leaves(y_dot))):
        close(y_dot, stepped, 1e-11, "tangent against a complex step")
    if call.second_order:
        second_order(program, expected, rng)


def dots_like(dots: Sequence[Any], args: Sequence[Any]) -> list[Any]:
    return [np.asarray(d, np.asarray(a).dtype) for d, a in zip(dots, args)]


def weigher(expected: Any, rng: np.random.Generator, space: dict[str, Any]) -> str:
    """The text of Re<c, y>, with the cotangents as variables of the module."""
    terms: list[str] = []

    def go(value: Any, path: str) -> None:
        if isinstance(value, (tuple, list)):
            for position, item in enumerate(value):
                go(item, f"{path}[{position}]")
        elif isinstance(value, dict):
            for key, item in value.items():
                go(item, f"{path}[{key!r}]")
        elif value is not None and np.asarray(value).dtype.kind in "fc":
            name = f"weight_{len(terms)}"
            space[name] = np.asarray(draw(rng, value))[()]
            terms.append(f"np.sum({name} * {path})" if np.asarray(value).dtype.kind == "f" else
                         f"np.sum(np.real(np.conj({name}) * {path}))")

    go(expected, "y")
    return " + ".join(terms)


def second_order(program: Program, expected: Any, rng: np.random.Generator) -> None:
    space = {"f": program.f, "np": np}
    total = weigher(expected, rng, space)
    text = f"def loss({', '.join(program.names)}):\n    y = f({', '.join(program.names)})\n    return {total}\n"
    exec(compiled(text, f"loss {id(program)}"), space)
    args = program.args
    gradient = s2sad.grad(space["loss"], wrt=tuple(range(len(args))))
    one, two = [draw(rng, a) for a in args], [draw(rng, a) for a in args]
    _, along_one = s2sad.jvp(gradient, args, one)
    _, along_two = s2sad.jvp(gradient, args, two)
    close(along_one, differences(gradient, args, one), 1e-6, "second order against differences")
    left, right = inner(list(along_one), two), inner(list(along_two), one)
    scale = 1.0 + sum(float(np.sum(np.abs(a) * np.abs(b))) for a, b in zip(leaves(along_one), leaves(two)))
    assert abs(left - right) <= 1e-9 * scale, f"the second derivative is not symmetric: {left} and {right}"


def check_zero(call: Call) -> None:
    """Forward and reverse give zeros, in the right shapes."""
    program = Program(call)
    args = program.args
    rng = np.random.default_rng(3)
    expected = program.f(*copy.deepcopy(args))
    y, y_dot = s2sad.jvp(program.f, args, [draw(rng, a) for a in args])
    same(y, expected)
    assert all(not np.any(dot) for dot in leaves(y_dot)), call.name
    if list(leaves(expected)):
        _, pullback = s2sad.vjp(program.f, *args)
        x_bar = pullback(draw(rng, expected))
        fits(list(x_bar), args)
        assert all(not np.any(bar) for bar in leaves(x_bar)), call.name
