"""Random programs of linear algebra: decompositions, products and norms in a row, in loops, in arrays that change.

The value is the program's own bit for bit, forward and reverse mode agree, the tangent agrees with differences, and the
second derivative is symmetric.  Orthogonal matrices are scaled, for equal singular values have no derivative.
"""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import s2sad

MATRICES = [
    "np.linalg.inv({m} @ {m}.T + np.eye(3))", "np.linalg.cholesky({m} @ {m}.T + np.eye(3))",
    "np.linalg.solve({m} @ {m}.T + np.eye(3), {n})", "np.linalg.qr({m} + 2.0 * np.eye(3))[1]",
    "np.linalg.qr({m} + 2.0 * np.eye(3)).Q * np.array([1.0, 0.7, 0.4])",
    "np.linalg.svd({m} + np.diag([1.0, 2.0, 3.5]))[0] * np.array([0.4, 1.1, 0.7])",
    "np.linalg.pinv({m} + 2.0 * np.eye(3))", "np.tanh({m} @ {n})", "np.einsum('ij,kj->ik', {m}, {n}) / 3.0",
    "np.outer({v}, {v})", "np.kron({v}, {m})[:, 3:6] * 0.5", "np.linalg.matrix_power({m}, 2) / 4.0", "{m}.T",
    "np.diag({v})", "np.linalg.multi_dot([{m}, {n}, {m}]) / 9.0", "np.cross({m}, {v})",
    "np.tensordot({m}, {n}, 1) / 2.0",
]
VECTORS = [
    "np.linalg.eigvalsh({m} @ {m}.T)", "np.linalg.eigh({m} @ {m}.T + np.diag([0.1, 1.0, 2.0]))[0]",
    "np.linalg.svd({m}, compute_uv=False)", "np.linalg.norm({m}, axis=0)", "{m} @ {v}",
    "np.linalg.norm({m}, 3, axis=1)",
    "np.linalg.solve({m} @ {m}.T + np.eye(3), {v})", "np.diagonal({m})", "np.cross({v}, {m}[0])",
    "np.real(np.linalg.eigvals({m} @ {m}.T))", "np.linalg.lstsq({m} + 2.0 * np.eye(3), {v}, rcond=None)[0]",
]
NUMBERS = [
    "np.linalg.det({m} + np.eye(3))", "np.linalg.slogdet({m} @ {m}.T + np.eye(3)).logabsdet", "{v} @ {v}",
    "np.linalg.norm({m}, 'nuc')", "np.linalg.norm({v})", "np.linalg.norm({m}, 2)", "np.vdot({m}, {n})",
    "np.linalg.cond({m} @ {m}.T + np.eye(3))", "np.trace({m})", "np.linalg.norm({m}, 1)",
]


def written(rng: np.random.Generator) -> str:
    """The text of a program f(A, B, x) of matrices (3, 3) and a vector (3,)."""
    matrices, vectors, numbers, lines = ["A", "B"], ["x"], [], []

    def pick(names: Sequence[str]) -> str:
        return names[rng.integers(len(names))]

    def made(texts: Sequence[str]) -> str:
        return pick(texts).format(m=pick(matrices), n=pick(matrices), v=pick(vectors))

    for k in range(rng.integers(3, 8)):
        kind = rng.integers(9)
        if kind < 3:
            lines.append(f"m{k} = {made(MATRICES)}")
            matrices.append(f"m{k}")
        elif kind < 5:
            lines.append(f"v{k} = {made(VECTORS)}")
            vectors.append(f"v{k}")
        elif kind == 5:
            lines.append(f"s{k} = {made(NUMBERS)}")
            numbers.append(f"s{k}")
        elif kind == 6:
            lines.append(f"w{k}, q{k} = np.linalg.eigh({made(['{m} @ {n}.T'])} + np.diag([0.3, 1.1, 2.7]))")
            vectors.append(f"w{k}")
            matrices.append(f"(q{k} * w{k})")
        elif kind == 7:
            lines += ["for _ in range(2):", f"    A = np.tanh({made(MATRICES)}) + 0.3 * A"]
        else:
            lines += [f"c{k} = np.tanh({made(['{m}'])})", f"c{k}[0] = {made(['{v}'])}",
                      f"c{k}[:, 1] += {made(['{v}'])}", f"if c{k}[0, 0] > 0.4:", f"    x = x + {made(VECTORS)}",
                      "else:", "    x = 0.5 * x"]
            matrices.append(f"c{k}")
    total = " + ".join(f"np.sum(np.tanh({name}))" for name in [*matrices, *vectors, *numbers])
    return "def f(A, B, x):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {total}\n"


def program(text: str, seed: int) -> Callable[..., Any]:
    file = f"<linear algebra {seed}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space: dict[str, Any] = {"np": np}
    exec(compile(text, file, "exec"), space)
    found: Callable[..., Any] = space["f"]
    return found


def inner(a: Sequence[Any], b: Sequence[Any]) -> tuple[float, float]:
    """An inner product, and how large its terms are."""
    terms = [x * y for x, y in zip(a, b)]
    return float(sum(map(np.sum, terms))), 1.0 + float(sum(np.sum(np.abs(t)) for t in terms))


@pytest.mark.parametrize("seed", range(20))
def test_random_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = written(rng)
    f = program(text, seed)
    args = [rng.uniform(-1.0, 1.0, (3, 3)), rng.uniform(-1.0, 1.0, (3, 3)), rng.uniform(0.2, 1.0, 3)]
    one, two = ([rng.uniform(-1.0, 1.0, a.shape) for a in args] for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = f(*(a.copy() for a in args))
        y, y_dot = s2sad.jvp(f, args, one)
        assert y == expected, text
        y, pullback = s2sad.vjp(f, *args)
        assert y == expected, text
        reverse, size = inner(pullback(1.0), one)
        assert abs(reverse - y_dot) <= 1e-8 * size, text

        def central(h: float) -> float:
            up, down = (f(*(a + s * h * d for a, d in zip(args, one))) for s in (1.0, -1.0))
            return float(up - down) / (2.0 * h)

        assert abs((4.0 * central(5e-6) - central(1e-5)) / 3.0 - y_dot) <= 1e-4 * size, text
        gradient = s2sad.grad(f, wrt=(0, 1, 2))
        left, size = inner(s2sad.jvp(gradient, args, one)[1], two)
        right, _ = inner(s2sad.jvp(gradient, args, two)[1], one)
        assert abs(left - right) <= 1e-7 * size, text
