"""Programs with complex arguments and results: loops, branches, lists, calls, changes in place, nested derivatives."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import s2sad

Z = np.array([1.0 + 2.0j, 3.0 - 1.0j, 0.5 + 0.25j])
V = np.array([0.3, 0.6, 0.9])
z, x = 0.7 + 0.4j, 0.8


def iterated(c: Any, n: int) -> Any:
    z = 0j
    for _ in range(n):
        z = z * z + c
    return abs(z)


def branch(z: Any) -> Any:
    if abs(z) > 0.5:
        w = z * z
    else:
        w = z.conjugate()
    return w * z


def until_large(z: Any) -> Any:
    while abs(z) < 10.0:
        z = z * z + 1j * z + 0.5
    return z


def left_early(zs: Any) -> Any:
    s = 0.0
    for w in zs:
        if w.real > 2.0:
            break
        s += w * w
    return s


def listed(zs: Any, n: int) -> Any:
    out = []
    for k in range(n):
        out.append(zs[k] * zs[0])
    return np.array(out) * zs


def summed_list(zs: Any, n: int) -> Any:
    out = []
    for k in range(n):
        out.append(zs[k] ** 2)
    out[0] = zs[1] * 2j
    s = 0j
    for w in out:
        s += w
    return s * out[0]


def recursive(z: Any, n: int) -> Any:
    return z if n == 0 else recursive(z * z + 0.1j, n - 1) * z


def inner(z: Any) -> Any:
    return z * z * 1j


def calls(z: Any, x: Any) -> Any:
    return inner(z) * x + inner(x)


def gradient_inside(z: Any) -> Any:
    return s2sad.grad(lambda w: abs(w) ** 2)(z) * z


def pullback_inside(z: Any) -> Any:
    y, pullback = s2sad.vjp(lambda w: w**3, z)
    return pullback(1j * y)[0]


def tangent_inside(z: Any, x: Any) -> Any:
    return s2sad.jvp(lambda w, x: w**3 * x, (z, x), (2j * z, x * x))[1]


def filled(zs: Any) -> Any:
    w = np.empty_like(zs)
    for k in range(3):
        w[k] = zs[k] * zs[k - 1]
    return w.sum()


def real_parts_into_reals(zs: Any, v: Any) -> Any:
    a = v * 1.0
    a[0] += (zs[0] * zs[1]).real
    a[1:] *= np.abs(zs[1:])
    return a * a


def copied_where(zs: Any) -> Any:
    w = np.zeros_like(zs)
    np.copyto(w, zs * 2, where=np.array([True, False, True]))
    np.multiply(w, zs, out=w)
    return w * zs


def masked(zs: Any) -> Any:
    w = zs.copy()
    w[np.abs(w) > 1.0] *= 2j
    np.add.at(w, [0, 0, 1], zs)
    return w * w


def parts_of_views(zs: Any, v: Any) -> Any:
    w = zs.copy()
    tail = w[1:]
    tail.imag += v[1:]
    tail.real[0] = v[0]
    w.T.imag[0] *= v[2]
    return w**2


def evolved(psi: Any, potential: Any, dt: Any) -> Any:
    psi = psi.copy()
    for _ in range(3):
        psi[1:-1] += 1j * dt * (psi[2:] - 2 * psi[1:-1] + psi[:-2] - potential[1:-1] * psi[1:-1])
    return np.vdot(psi, psi).real


def checkpointed(z: Any) -> Any:
    return s2sad.checkpoint(lambda w: np.exp(w) * w)(z) * z


def argument_changed(zs: Any, w: Any) -> None:
    zs *= w
    zs[1:] += zs[:-1]


@dataclass
class Filter:
    gain: complex
    taps: Any

    def __call__(self, v: Any) -> Any:
        return np.convolve(self.taps * self.gain, v)


def of_an_object(f: Any, v: Any) -> Any:
    return np.abs(f(v)) ** 2


def real_turns_complex_in_a_loop(x: Any) -> Any:
    s = x
    for k in range(3):
        s = s * (1.0 + 0.1j * k) + x
    return s


def real_turns_complex_while(x: Any) -> Any:
    s = x
    while abs(s) < 10.0:
        s = s * (1.5 + 0.5j)
    return s


def real_turns_complex_in_a_branch(v: Any) -> Any:
    a = v
    if v[0] > 0.0:
        a = v * 1j
    return a * a + v


def real_turns_complex_in_calls(x: Any, n: int) -> Any:
    return x if n == 0 else real_turns_complex_in_calls(x * (1.0 + 1.0j), n - 1) * x


def real_turns_complex_inside(v: Any) -> Any:
    out = np.zeros(3)
    for k in range(3):
        t = v[k]
        for _ in range(2):
            t = t * (1.0 + 1.0j)
        out[k] = abs(t) ** 2
    return out


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...], tuple[int, ...]]] = [
    (iterated, (z, 3), (0,)), (branch, (z,), (0,)), (branch, (0.3 * z,), (0,)), (until_large, (z,), (0,)),
    (left_early, (Z[::-1].copy(),), (0,)), (listed, (Z, 3), (0,)), (summed_list, (Z, 3), (0,)),
    (recursive, (z, 2), (0,)),
    (calls, (z, x), (0, 1)), (gradient_inside, (z,), (0,)), (pullback_inside, (z,), (0,)),
    (tangent_inside, (z, x), (0, 1)), (filled, (Z,), (0,)), (real_parts_into_reals, (Z, V), (0, 1)),
    (copied_where, (Z,), (0,)), (masked, (Z,), (0,)), (parts_of_views, (Z, V), (0, 1)),
    (evolved, (Z, V, 0.1), (0, 1, 2)),
    (checkpointed, (z,), (0,)), (argument_changed, (Z, 2j), (0, 1)), (of_an_object, (Filter(z, Z), V), (0, 1)),
    (real_turns_complex_in_a_loop, (x,), (0,)), (real_turns_complex_while, (x,), (0,)),
    (real_turns_complex_in_a_branch, (V,), (0,)), (real_turns_complex_in_calls, (x, 2), (0,)),
    (real_turns_complex_inside, (V,), (0,)),
    (evolved, (Z.astype("c8"), V.astype("f4"), np.float32(0.1)), (0, 1, 2)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), PROGRAMS)
def test_to_second_order(f: Callable[..., Any], args: Any, wrt: Any) -> None:
    s2sad.check_grads(f, args, order=2, wrt=wrt)


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="needs numba")
@pytest.mark.parametrize(("f", "args", "wrt"), [p for p in PROGRAMS if p[0] in (
    iterated, branch, until_large, summed_list, calls, filled, masked, parts_of_views, evolved)][:-1])
def test_machine_code(f: Callable[..., Any], args: Any, wrt: Any) -> None:
    fast = s2sad.differentiate(f, backend="numba")
    with warnings.catch_warnings():
        warnings.simplefilter("error", s2sad.FallbackWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        s2sad.check_grads(fast, args, order=1, wrt=wrt)


def test_gradients_have_memory_of_their_own() -> None:
    v = V.copy()
    found = s2sad.grad(lambda v: np.sum(np.abs(np.fft.fft(v)) ** 2))(v)
    assert found.dtype == np.float64 and not np.shares_memory(found, v)
    np.testing.assert_allclose(found, 2.0 * v.size * v)
