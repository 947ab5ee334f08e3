"""Fusing loops over data points with their reverse: by value, by text, and by the memory a derivative takes."""

from __future__ import annotations

import inspect
import math
import tracemalloc

import numpy as np
import pytest

import s2sad
from s2sad.build.base import base_of, specify
from s2sad.build.kernel import placed, whole_signature
from s2sad.build.primal import lowered_base
from s2sad.build.transform import stages
from s2sad.frontend.steps import Step
from s2sad.passes.record import record
from s2sad.trace.ir import For
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests.passes import interp

Y = np.array([-0.3, 0.1, 0.25, 0.4, 0.9, 0.15])
X = np.random.default_rng(1).random((6, 3))
W = np.array([0.7, -0.4, 1.1])


def helper(a, b):
    if a > 0.3:
        return math.sin(a * b)
    return a * b * b


def cube(a, k):
    return 1.0 if k == 0 else a * cube(a, k - 1)


def data_sum(y, w):
    s = 0.0
    for i in range(len(y)):
        s += math.exp(w[0] * y[i])
    return s


def mean_of_rows(X, w):
    s = 0.0
    for row in X:
        t = np.tanh(row * w)
        s += np.sum(t * t)
    return s / X.shape[0] + 0.5 * np.sum(w * w)


def two_sums(X, w):
    s = 0.0
    q = 0.0
    for i in range(X.shape[0]):
        z = math.exp(X[i, 0] * w[0])
        s += z
        q += z * z
    return 2.0 * s + 3.0 * q


def sums_one_after_the_other(y, w):
    t = 1.0
    for i in range(len(y)):
        t += math.exp(w[1] * y[i])
    for i in range(len(y)):
        t += math.sin(w[2] * y[i] * w[0])
    return t


def nested_sum(X, w):
    s = 0.0
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            s += math.sin(X[i, j] * w[j])
    return s


def dot_inside(X, w):
    s = 0.0
    for i in range(X.shape[0]):
        t = 0.0
        for j in range(X.shape[1]):
            t += X[i, j] * w[j]
        s += math.exp(t) * t
    return s


def branches(y, w):
    s = 0.0
    for i in range(len(y)):
        if y[i] > 0.2:
            s += math.sin(w[0] * y[i])
        elif y[i] > 0.0:
            z = w[1] * y[i]
            s += z * z * z
        else:
            for j in range(len(w)):
                s += math.exp(w[j] * y[i])
    return s


def continuing(y, w):
    s = 0.0
    for i in range(len(y)):
        z = math.sin(w[0] * y[i])
        if z < 0.0:
            continue
        if z > 0.2:
            s += z
            continue
        s += z * z * w[1]
    return s


def breaking(y, w):
    s = 0.0
    for i in range(len(y)):
        if y[i] > 0.5:
            break
        z = math.sin(w[0] * y[i])
        s += z * z
    return s


def breaking_at_last(y, w):
    s = 0.0
    for i in range(len(y)):
        z = math.sin(w[0] * y[i])
        if z > 0.2:
            s += z
            break
        s += z * z
    return s


def leaving(y, w):
    s = 0.0
    for i in range(len(y)):
        if y[i] > 100.0:
            return 0.0
        z = math.sin(w[0] * y[i])
        s += z * z
    return s


def calling(y, w):
    s = 0.0
    for i in range(len(y)):
        s += helper(y[i], w[1]) ** 2 + cube(y[i] * w[0], 3)
    return s


def while_data(y, w):
    s = 0.0
    i = 0
    while i < len(y):
        s += math.exp(w[0] * y[i])
        i += 1
    return s


def counting(y, w):
    s = 0.0
    k = 0
    for i in range(len(y)):
        z = math.sin(w[k % 3] * y[i])
        k += 2
        s += z * z
    return s + k


def under_a_condition(y, w, n):
    s = 0.0
    if n > 3:
        for i in range(len(y)):
            s += math.exp(w[0] * y[i])
    return s + w[1]


def horner(y, w):
    s = 0.0
    for i in range(len(y)):
        p = 0.0
        for j in range(len(w)):
            p = p * p * y[i] + w[j]
        s += p * p
    return s


def log_of_sum(y, w):
    s = 0.0
    for i in range(len(y)):
        s += math.exp(w[0] * y[i])
    return math.log(s)


def work_array(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(d):
            row[j] = math.sin(X[i, j] * w[j])
        t = 0.0
        for j in range(d):
            t += row[j] * row[j]
        s += math.exp(t)
    return s


def work_array_of_slices(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        row[:] = X[i]
        row *= w
        row[0] = row[1] * row[2]
        s += np.sum(row * row)
    return s * len(row)


def work_matrix(X, w):
    n, d = X.shape
    T = np.zeros((d, d))
    s = 0.0
    for i in range(n):
        for j in range(d):
            for k in range(d):
                T[j, k] = X[i, j] * w[k] * w[j]
        for j in range(d):
            s += math.sin(T[j, 1]) * T[0, j]
    return s


def filled_in_branches(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(d):
            if X[i, j] > 0.5:
                row[j] = math.sin(X[i, j] * w[j])
            else:
                row[j] = w[j] * w[j]
        for j in range(d):
            s += row[j] * row[j] * w[0]
    return s


def filled_twice(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for k in range(2):
            for j in range(d):
                row[j] = math.sin(X[i, j] * w[k])
            for j in range(d):
                s += row[j] * row[j] * row[k]
    return s


def filled_by_two_loops(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for k in range(2):
            for j in range(d):
                row[j] = math.sin(X[i, j] * w[k])
            p = 1.0
            for j in range(d):
                p *= row[j]
            s += p
    for i in range(n):
        for k in range(2):
            for j in range(d):
                row[j] = math.cos(X[i, j] * w[k])
            s += row[0] * row[1] * row[2]
    return s


def mixture(X, w):
    n, d = X.shape
    means = np.outer(w[:2], w)
    K = means.shape[0]
    xc = np.zeros(d)
    main = np.zeros(K)
    s = 0.0
    for i in range(n):
        for k in range(K):
            for j in range(d):
                xc[j] = X[i, j] - means[k, j]
            for j in range(1, d):
                xc[j] += w[j] * xc[0]
            t = 0.0
            for j in range(d):
                t += xc[j] * xc[j]
            main[k] = -0.5 * t
        mx = main[0]
        for k in range(1, K):
            if main[k] > mx:
                mx = main[k]
        se = 0.0
        for k in range(K):
            se += math.exp(main[k] - mx)
        s += math.log(se) + mx
    return s


def first_place_is_left(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(1, d):
            row[j] = math.sin(X[i, j] * w[j])
        for j in range(d):
            s += row[j] * row[j]
    return s


def read_before_filled(X, w):
    n, d = X.shape
    row = np.ones(d)
    s = 0.0
    for i in range(n):
        s += math.sin(row[0] * w[0])
        for j in range(d):
            row[j] = math.sin(X[i, j] * w[j])
        for j in range(d):
            s += row[j] * row[j]
    return s


def running_sums(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(d):
            row[j] += math.sin(X[i, j] * w[j])
        for j in range(d):
            s += row[j] * row[j]
    return s


def read_after_the_loop(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(d):
            row[j] = math.sin(X[i, j] * w[j])
        for j in range(d):
            s += row[j] * row[j]
    return s + row[0] * row[1]


def filled_sometimes(X, w):
    n, d = X.shape
    row = np.zeros(d)
    s = 0.0
    for i in range(n):
        for j in range(d):
            if X[i, j] > 0.5:
                row[j] = math.sin(X[i, j] * w[j])
        for j in range(d):
            s += row[j] * row[j] * w[0]
    return s


def product(y, w):
    s = 1.0
    for i in range(len(y)):
        s *= math.exp(w[0] * y[i])
    return s


def state(y, w):
    s = 0.0
    h = 0.5
    for i in range(len(y)):
        h = math.tanh(h * w[0] + y[i])
        s += h * h
    return s


def iterating(y, w):
    s = 0.0
    for _ in range(len(y)):
        s += math.exp(w[0] * w[1])
    return s


FUSED = [data_sum, mean_of_rows, two_sums, sums_one_after_the_other, nested_sum, dot_inside, branches, continuing,
         breaking, breaking_at_last, leaving, calling, while_data, counting, under_a_condition, work_array,
         work_array_of_slices, work_matrix, filled_in_branches, filled_twice]
FUSED_WITH_TAPES_INSIDE = [horner, mixture, filled_by_two_loops]
NOT_FUSED = [product, state, iterating, first_place_is_left, read_before_filled, running_sums, read_after_the_loop,
             filled_sometimes]


def arguments(fn):
    values = {"y": Y, "X": X, "w": W, "n": 4}
    return {name: values[name] for name in inspect.signature(fn).parameters}


def text_of(fn, kind="value_and_grad"):
    return str(s2sad.derive(fn, kind, wrt="w", types=arguments(fn)))


def differences(fn, values, step):
    """The derivative of a function of ``w`` by central differences, the last axis along ``w``."""
    def at(j, h):
        moved = values["w"].copy()
        moved[j] += h
        return np.asarray(fn(**{**values, "w": moved}))
    return np.stack([(at(j, step) - at(j, -step)) / (2.0 * step) for j in range(len(values["w"]))], axis=-1)


@pytest.mark.parametrize("fn", FUSED + FUSED_WITH_TAPES_INSIDE + NOT_FUSED + [log_of_sum], ids=lambda f: f.__name__)
def test_gradients_and_second_derivatives(fn):
    values = arguments(fn)
    value, gradient = s2sad.value_and_grad(fn, wrt="w")(**values)
    assert value == fn(**values)
    np.testing.assert_allclose(gradient, differences(fn, values, 1e-6), rtol=1e-6, atol=1e-8)
    by_seed = s2sad.derive(fn, "vjp", wrt="w", types=values)(*values.values(), 2.0)[1]
    np.testing.assert_allclose(by_seed, 2.0 * gradient, rtol=1e-13)
    slope = s2sad.grad(fn, wrt="w")
    second = differences(slope, values, 1e-5)
    np.testing.assert_allclose(s2sad.jacfwd(slope, wrt="w")(**values), second, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(s2sad.jacrev(slope, wrt="w")(**values), second, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("fn", FUSED, ids=lambda f: f.__name__)
def test_fused_loops_record_nothing(fn):
    for kind in ("grad", "value_and_grad", "vjp"):
        text = text_of(fn, kind)
        assert ".append(" not in text and ".pop()" not in text


@pytest.mark.parametrize("fn", [data_sum, mean_of_rows, two_sums, branches], ids=lambda f: f.__name__)
def test_there_is_one_loop(fn):
    assert "reversed(" not in text_of(fn)


def test_inner_loops_record_within_the_iteration():
    text = text_of(horner)
    first, inner = text.index("for i in range"), text.index("p_tape = []")
    assert first < inner and "reversed(range(len(y)))" not in text and text.count("for i in") == 1


@pytest.mark.parametrize("fn", NOT_FUSED, ids=lambda f: f.__name__)
def test_other_loops_keep_their_mirror_image(fn):
    assert "reversed(" in text_of(fn)


def test_a_pullback_gets_its_seed_too_late():
    assert "reversed(" in str(s2sad.derive(data_sum, "pullback", wrt="w", types=arguments(data_sum)))


def test_the_textbook_keeps_its_sweeps_apart():
    assert "reversed(" in str(s2sad.derive(data_sum, "vjp", wrt="w", types=arguments(data_sum), level="trace"))


def test_second_derivatives_are_fused_again():
    twice = s2sad.derive(s2sad.grad(data_sum, wrt="w"), "vjp", wrt="w", types=arguments(data_sum))
    assert ".append(" not in str(twice) and "reversed(" not in str(twice)


def test_user_exceptions_come_first():
    def checked(y, w):
        s = 0.0
        for i in range(len(y)):
            if y[i] > 5.0:
                raise ValueError("too large")
            s += math.exp(w[0] * y[i])
        return s

    with pytest.raises(ValueError, match="too large"):
        s2sad.grad(checked, wrt="w")(np.array([0.1, 9.0]), W)


def peak(fn, *args):
    fn(*args)
    tracemalloc.start()
    fn(*args)
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return top


@pytest.mark.parametrize("fn", [data_sum, horner], ids=lambda f: f.__name__)
def test_memory_does_not_grow_with_the_data(fn):
    gradient = s2sad.grad(fn, wrt="w")
    few, many = (peak(gradient, np.linspace(0.0, 1.0, n), W) for n in (100, 10_000))
    assert many < few + 2_000


@pytest.mark.parametrize("fn", [work_array, mixture], ids=lambda f: f.__name__)
def test_memory_for_work_arrays_does_not_grow_with_the_data(fn):
    gradient = s2sad.grad(fn, wrt="w")
    few, many = (peak(gradient, np.linspace(0.0, 1.0, 3 * n).reshape(n, 3), W) for n in (50, 2_000))
    assert many < few + 2_000


@pytest.mark.parametrize("fn", [work_array, filled_twice, filled_by_two_loops, mixture], ids=lambda f: f.__name__)
def test_work_arrays_are_never_copied(fn):
    assert ".copy()" not in text_of(fn)


def linked(fn):
    """The reverse of a function before fusing, and after."""
    values = arguments(fn)
    base = base_of(fn)
    specs = {name: specify(value, name) for name, value in values.items()}
    signature = whole_signature(base, specs)
    step = placed(Step("vjp", (list(values).index("w"),)), base, signature)
    before = None
    for name, trace in stages(lowered_base(base, signature)[0].trace, step):
        if name == "fuse":
            return before, trace
        before = trace
    raise AssertionError("no stage is called fuse")


@pytest.mark.parametrize("fn", FUSED + FUSED_WITH_TAPES_INSIDE, ids=lambda f: f.__name__)
def test_the_trace_means_the_same(fn):
    before, after = linked(fn)
    validate(after, linked=True)
    twins = [sum(isinstance(s, For) and s.twin is not None for s in statements(t.body)) for t in (before, after)]
    assert twins[1] < twins[0]
    old, new = (interp.run(record(t), *arguments(fn).values(), 1.5) for t in (before, after))
    assert old[0] == new[0]
    np.testing.assert_allclose(new[1], old[1], rtol=1e-12)


@pytest.mark.parametrize("fn", NOT_FUSED, ids=lambda f: f.__name__)
def test_what_is_not_fused_is_left_alone(fn):
    before, after = linked(fn)
    assert after is before
