"""Every program of the corpus, differentiated in every way there is.

First order: each mode at each print level against differences and against each other.  Second order: reverse over
reverse, forward over reverse and reverse over forward against differences of the gradient and against each other.
Throughout: the result is the program's own bit for bit, arguments and seeds stay as they were, and gradients have the
arguments' dtypes and shapes and memory of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests import corpus
from tests.corpus import LEVELS, Case, direction, dot, leaves, norm, same_bits, tree_map, variables

CASES = corpus.cases()
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
every_level = pytest.mark.parametrize("level", LEVELS)
smooth_cases = [case for case in CASES if case.second_order]
every_smooth_case = pytest.mark.parametrize("case", smooth_cases, ids=[case.name for case in smooth_cases])


def close(a: float, b: float, scale: float, case: Case, tolerance: float = 1e-9) -> bool:
    """Whether two numbers agree, relative to the size of what they were summed from."""
    return abs(a - b) <= (1e-4 if case.is_single else tolerance) * max(scale, abs(a), abs(b), 1e-3)


def check_differences(case: Case, along: tuple[Any, ...], y_dot: Any, text: str) -> None:
    """Compare a tangent with differences."""
    expected, error = corpus.slope(case, along)
    size = max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in expected), default=0.0)
    tolerance = (2e-3 if case.is_single else 1e-6) * max(1.0, size) + 10.0 * error
    for got, want in zip(leaves(y_dot), expected, strict=True):
        assert np.shape(got) == np.shape(want), corpus.describe(case, text)
        np.testing.assert_allclose(got, want, rtol=0.0, atol=tolerance, err_msg=corpus.describe(case, text))


def check_gradients(case: Case, gradients: tuple[Any, ...], args: tuple[Any, ...], seed: Any, text: str) -> None:
    """Form, dtype, shape, memory and values that are numbers."""
    told = corpus.describe(case, text)
    for k, gradient in zip(case.wrt, gradients, strict=True):

        def check(argument: Any, gradient: Any) -> None:
            assert np.shape(gradient) == np.shape(argument), told
            assert np.asarray(gradient).dtype == np.asarray(argument).dtype, told
            assert isinstance(gradient, np.ndarray) == isinstance(argument, np.ndarray) or np.ndim(argument) == 0, told
            assert np.all(np.isfinite(gradient)), told

        tree_map(check, args[k], gradient)
    mine = [leaf for leaf in corpus.flatten(gradients) if isinstance(leaf, np.ndarray)]
    theirs = [leaf for leaf in corpus.flatten((args, seed)) if isinstance(leaf, np.ndarray)]
    for number, leaf in enumerate(mine):
        assert leaf.flags.writeable, told
        assert not any(np.shares_memory(leaf, other) for other in theirs + mine[:number]), told


@every_case
def test_program_runs(case: Case) -> None:
    result = case.fn(*case.arguments())
    assert all(np.all(np.isfinite(leaf)) for leaf in leaves(result))
    along = direction(variables(case), seed=1)
    slope, error = corpus.slope(case, along)
    assert error <= (1e-3 if case.is_single else 1e-7) * max([1.0, *(np.max(np.abs(v), initial=0.0) for v in slope)])


@every_level
@every_case
def test_forward(case: Case, level: str) -> None:
    run, text = corpus.forward(case, level)
    args, along = case.arguments(), direction(variables(case), seed=1)
    y, y_dot = run(args, along)
    assert same_bits(y, case.fn(*case.arguments())), corpus.describe(case, text)
    assert same_bits(args, case.args), corpus.describe(case, text)
    assert same_bits(along, direction(variables(case), seed=1)), corpus.describe(case, text)
    check_differences(case, along, y_dot, text)


@every_level
@every_case
def test_reverse(case: Case, level: str) -> None:
    run, text = corpus.reverse(case, level)
    args = case.arguments()
    expected = case.fn(*case.arguments())
    seed = direction(expected, seed=2)
    y, gradients = run(args, seed)
    told = corpus.describe(case, text)
    assert same_bits(y, expected), told
    assert same_bits(args, case.args), told
    assert same_bits(seed, direction(expected, seed=2)), told
    check_gradients(case, gradients, args, seed, text)
    again = run(case.arguments(), direction(expected, seed=2))[1]
    assert same_bits(gradients, again), told

    tangent, tangent_text = corpus.forward(case, level)
    for number in range(2):
        along = direction(variables(case), seed=4 + number)
        y_dot = tangent(case.arguments(), along)[1]
        told = corpus.describe(case, tangent_text, text)
        assert close(dot(seed, y_dot), dot(gradients, along), norm(gradients) * norm(along), case), told


@every_case
def test_pullback(case: Case) -> None:
    args = case.arguments()
    expected = case.fn(*case.arguments())
    seed, other = direction(expected, seed=2), direction(expected, seed=6)
    y, pullback = corpus.vjp(case, args)
    assert same_bits(y, expected), corpus.describe(case)
    first, second, third = pullback(seed), pullback(other), pullback(seed)
    assert same_bits(first, third), corpus.describe(case)
    assert same_bits(args, case.args), corpus.describe(case)
    check_gradients(case, first, args, seed, "")
    along = direction(variables(case), seed=1)
    slope, error = corpus.slope(case, along)
    for bar, gradients in ((seed, first), (other, second)):
        expected_slope = sum(float(np.sum(s * d)) for s, d in zip(leaves(bar), slope, strict=True))
        scale = norm(gradients) * norm(along)
        tolerance = 1e-6 + 10.0 * error / max(scale, 1e-3)
        assert close(expected_slope, dot(gradients, along), scale, case, tolerance), corpus.describe(case)


@every_smooth_case
def test_second_order(case: Case) -> None:
    import s2sad

    scalar = corpus.weighted(case)
    args, wrt = scalar.arguments(), scalar.wrt
    along, across = direction(variables(scalar), seed=1), direction(variables(scalar), seed=5)
    told = corpus.describe(scalar)
    gradient = s2sad.grad(scalar.fn, wrt=wrt)

    # Forward over reverse: the Hessian times a direction.
    primal, hessian_along = s2sad.jvp(gradient, args, corpus.tangents_for(scalar, along))
    # Reverse over reverse: the gradient of a linear functional of the gradient.
    _, pullback = s2sad.vjp(gradient, *args, wrt=wrt)
    back = pullback(across)
    back = tuple(back[k] for k in wrt)
    # Reverse over forward: the gradient of a directional derivative.
    tangent = s2sad.derive(scalar.fn, mode="forward", wrt=wrt, types=args).fn
    _, pullback = s2sad.vjp(tangent, *args, *along, wrt=wrt)
    turned = pullback((0.0, 1.0))
    turned = tuple(turned[k] for k in wrt)

    expected, error = corpus.differences(
        lambda t: leaves(gradient(*corpus.with_variables(scalar, corpus.moved(variables(scalar), t, along))))
    )
    size = max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in expected), default=0.0)
    for got in (hessian_along, turned):
        for mine, wanted in zip(leaves(got), expected, strict=True):
            tolerance = (2e-3 if case.is_single else 1e-6) * max(1.0, size) + 10.0 * error
            np.testing.assert_allclose(mine, wanted, rtol=0.0, atol=tolerance, err_msg=told)
    scale = max(norm(hessian_along) * norm(across), norm(back) * norm(along))
    assert close(dot(hessian_along, across), dot(turned, across), scale, case), told
    assert close(dot(hessian_along, across), dot(back, along), scale, case), told
    assert same_bits(primal, gradient(*scalar.arguments())), told
    assert same_bits(args, scalar.args), told
    check_gradients(scalar, back, args, across, "")
    check_gradients(scalar, turned, args, along, "")


def test_corpus_is_large_and_without_repetition() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert len({case.fn for case in CASES}) >= 75
