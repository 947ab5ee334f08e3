"""What derivatives of programs that change arrays cost: work linear in the elements, tapes of what is read again.

The tapes are looked at in three ways: in the trace, in the running code, and as memory.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.passes.alias import is_view
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.places import read_place
from s2sad.trace.ir import Call, For, Op, Trace, Var, While
from s2sad.trace.types import Tape, dims_of
from s2sad.trace.walk import blocks_of, statements
from tests.corpus import positive, spread

# Loops over elements.


def squares(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    return s


def products_of_neighbours(x):
    s = 0.0
    for i in range(1, len(x)):
        s = s + np.sin(x[i] * x[i - 1])
    return s


def into_new_array(x):
    a = np.zeros_like(x)
    a[0] = x[0]
    for i in range(1, len(x)):
        a[i] = 0.5 * a[i - 1] + x[i] * x[i]
    return np.sum(a)


def in_place(x):
    for i in range(1, len(x)):
        x[i] = 0.5 * x[i] + 0.4 * x[i - 1] * x[i - 1]
    return np.sum(x)


def augmented_in_place(x):
    for i in range(len(x) - 2, -1, -1):
        x[i] += 0.3 * x[i + 1] * x[i]
        x[i] *= 0.5
    return x[0]


def swapped_in_place(x):
    n = len(x)
    for i in range(n // 2):
        x[i], x[n - 1 - i] = x[n - 1 - i] * x[i], x[i]
    return np.sum(x)


def gathered_in_loop(x, k):
    s = 0.0
    for i in range(len(k)):
        s = s + x[k[i]] * x[k[i]]
    return s


def gathered_at_once(x, k):
    return np.sum(x[k] * x[k] * x)


def rows(x):
    A = x.reshape(-1, 4).copy()
    s = 0.0
    for row in A:
        row *= row[0]
        s = s + row[1] * row[2]
    return s


def list_of_elements(x):
    ys = [x[0]]
    for i in range(1, len(x)):
        ys.append(0.5 * ys[-1] + x[i] * x[i])
    return sum(ys)


LOOPS = [squares, products_of_neighbours, into_new_array, in_place, augmented_in_place, swapped_in_place,
         gathered_in_loop, list_of_elements]


def arguments(fn: Callable[..., Any], n: int) -> tuple[Any, ...]:
    """Arguments of n elements: an array, and a shuffled index array where the function takes one."""
    x = positive(n) * 0.5
    return (x, (np.arange(n) * 7919 + 13) % n) if fn in (gathered_in_loop, gathered_at_once) else (x,)


def derivatives(fn: Callable[..., Any]) -> dict[str, Trace]:
    """The traces, as they are printed, of first and second derivatives in both modes."""
    args = arguments(fn, 8)
    gradient = s2sad.grad(fn)
    return {name: s2sad.derive(f, mode, wrt=0, types=args).trace
            for name, f, mode in (("reverse", fn, "reverse"), ("forward", fn, "forward"),
                                  ("forward over reverse", gradient, "forward"),
                                  ("reverse over reverse", gradient, "reverse"))}


def work_in_loops(trace: Trace, most: int) -> list[str]:
    """The operations inside loops that make or fill arrays of more than ``most`` axes."""
    assert not any(isinstance(s, Call) for s in statements(trace.body))
    found: list[str] = []
    for s in statements(trace.body):
        if isinstance(s, (For, While)):
            for op in (op for block in blocks_of(s) for op in statements(block)):
                if isinstance(op, Op) and op.target is not None and axes_worked_on(op) > most:
                    found.append(f"{op.target} = {op.fn}{op.args}")
    return found


def axes_worked_on(op: Op) -> int:
    """The number of axes of what an operation makes; a view makes nothing, a store is as large as its place."""
    assert op.target is not None
    if is_view(op):
        return 0
    if op.fn not in ("setitem", "scatter_add"):
        return len(dims_of(op.target.type))
    assert isinstance(op.args[0], Var)
    b = Builder("primal")
    place = read_place(b, op.args[0], op.kwarg("index"), op.kwarg("view"))
    return len(dims_of(type_of(place)))


@pytest.mark.parametrize("fn", LOOPS, ids=lambda f: f.__name__)
def test_loops_over_elements_work_on_elements_only(fn: Callable[..., Any]) -> None:
    """Were an element's adjoint as long as the array anywhere, n elements would cost n * n."""
    for name, trace in derivatives(fn).items():
        assert any(isinstance(s, For) for s in statements(trace.body)), name
        assert work_in_loops(trace, 0) == [], name


def test_loops_over_rows_work_on_rows_only() -> None:
    for name, trace in derivatives(rows).items():
        assert work_in_loops(trace, 1) == [], name


def test_what_works_on_whole_arrays_in_a_loop_is_found() -> None:
    """The measure itself: these cost an array for each element."""

    def shifted(x):
        s = 0.0
        for i in range(len(x)):
            s = s + np.sum(x * i)
        return s

    def filled(x):
        a = np.zeros_like(x)
        for i in range(len(x)):
            a[:] = x[i] * a[i]
        return a[0]

    for fn in (shifted, filled):
        for name, trace in derivatives(fn).items():
            assert work_in_loops(trace, 0), name


def test_gathers_of_whole_index_arrays_scatter() -> None:
    for name, trace in derivatives(gathered_at_once).items():
        ops = [s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None]
        assert len(ops) == len(list(statements(trace.body))), name
        assert max(len(dims_of(op.target.type)) for op in ops if op.target is not None) == 1, name
        assert "reverse" not in name or any(op.fn == "scatter_add" for op in ops), name


# Time loops.


def linear(A, n):
    for _ in range(n):
        A[1:-1] = 0.25 * A[:-2] + 0.5 * A[1:-1] + 0.25 * A[2:]
    return np.sum(A * A)


def linear_with_two_buffers(A, n):
    B = A.copy()
    for _ in range(n):
        B[1:-1] = 0.25 * A[:-2] + 0.5 * A[1:-1] + 0.25 * A[2:]
        A, B = B, A
    return np.sum(A * A)


def linear_augmented(A, n):
    for _ in range(n):
        A[1:-1] += 0.25 * (A[:-2] + A[2:])
        A *= 0.6
    return np.sum(A * A)


def linear_by_elements(A, n):
    for _ in range(n):
        for i in range(1, len(A) - 1):
            A[i] = 0.25 * (A[i - 1] + A[i + 1]) + 0.5 * A[i]
    return np.sum(A * A)


def linear_with_penalty(A, n):
    rough = np.sum((A[1:] - A[:-1]) ** 2)
    for _ in range(n):
        A[1:-1] += 0.25 * (A[:-2] - 2.0 * A[1:-1] + A[2:])
    return np.sum(A * A) + 0.1 * rough


def linear_after_stores(A, n):
    B = np.exp(A)
    B[0] *= A[1]
    size = np.sum(B**3)
    for _ in range(n):
        for _ in range(2):
            B[1:-1] += 0.25 * (B[:-2] + B[2:])
    return size + np.sum(B)


def nonlinear(A, n):
    for _ in range(n):
        A[1:-1] = A[1:-1] - 0.1 * A[1:-1] * (A[2:] - A[:-2])
    return np.sum(A)


def nonlinear_of_all(A, n):
    for _ in range(n):
        A[:] = 0.5 * A * A + 0.25
    return np.sum(A)


def product(y, x, n):
    for _ in range(n):
        y *= x
    return np.sum(y)


def product_of_elements(x):
    p = np.ones(1)
    for i in range(len(x)):
        p[0] *= x[i]
    return p[0]


def square_accumulated(A, n):
    total = np.zeros_like(A)
    for _ in range(n):
        A *= 0.9
        total += A * A
    return np.sum(total)


def overwritten_unneeded(A, n):
    w = np.zeros_like(A)
    total = np.zeros_like(A)
    for t in range(n):
        w[:] = A * t
        total += 2.0 * w
        w[0] = 0.0
    return np.sum(total)


def overwritten_and_cheap_again(x):
    w = np.zeros(1)
    s = 0.0
    for i in range(len(x)):
        w[0] = 2.0 * x[i]
        s += w[0] * w[0]
    return s


def history(u, n):
    U = np.zeros((n + 1, len(u)))
    U[0] = u
    for t in range(n):
        U[t + 1] = U[t] * u + 0.1 * U[t] * U[t]
    return np.sum(U[n])


def sum_over_points(w, X, y):
    s = 0.0
    for i in range(len(y)):
        r = X[i] @ w - y[i]
        s += r * r
    return s


def recorded(fn: Callable[..., Any], args: tuple[Any, ...], wrt: Any = 0) -> list[str]:
    """The types of the values that the loops of the adjoint put on tapes."""
    trace = s2sad.derive(fn, "reverse", wrt=wrt, types=args).trace
    tapes = [out.type for s in statements(trace.body) for out in getattr(s, "outs", ()) if isinstance(out.type, Tape)]
    return [str(t.item) for t in tapes if not isinstance(t.item, Tape)]


@pytest.mark.parametrize("fn", [linear, linear_with_two_buffers, linear_augmented, linear_by_elements,
                                linear_with_penalty, linear_after_stores])
def test_a_linear_stencil_records_nothing(fn: Callable[..., Any]) -> None:
    assert recorded(fn, (spread(6), 3)) == []


def test_a_product_records_the_factor_that_is_needed() -> None:
    args = (spread(4), positive(4), 3)
    assert recorded(product, args, wrt="y") == []
    found = recorded(product, args, wrt="x")
    assert len(found) == 1 and found[0].startswith("f8[") and found[0] != "f8[]"
    assert recorded(product, args, wrt=("y", "x")) == found
    assert recorded(product_of_elements, (positive(4),)) == ["f8[]"]


def test_a_nonlinear_stencil_records_one_slice() -> None:
    assert len(recorded(nonlinear, (spread(6), 3))) == 1
    assert len(recorded(nonlinear_of_all, (spread(6), 3))) == 1


def test_what_is_overwritten_and_not_needed_is_not_recorded() -> None:
    assert recorded(overwritten_unneeded, (spread(4), 3)) == []


def test_what_is_cheap_to_compute_again_is_not_recorded() -> None:
    assert recorded(overwritten_and_cheap_again, (spread(4),)) == []


def test_a_history_is_its_own_tape() -> None:
    """No row that is read is overwritten later: the contents at the end will do."""
    assert recorded(history, (spread(4), 3)) == []
    assert taped(history, (spread(4), 3)) == 0


def test_a_sum_over_points_has_no_tape() -> None:
    assert recorded(sum_over_points, (spread(3), spread(5, 3), spread(5))) == []


# The same by running the adjoint: how many bytes lie on its tapes at most.


def size(item: Any) -> int:
    if isinstance(item, (list, tuple)):
        return sum(map(size, item))
    return item.nbytes if isinstance(item, (np.ndarray, np.generic)) else 8


def taped(fn: Callable[..., Any], args: tuple[Any, ...], wrt: Any = 0) -> int:
    """The number of bytes on the tapes of the adjoint, the most there are at any line."""
    made = s2sad.derive(fn, "reverse", wrt=wrt, types=args)
    most = 0

    def watch(frame: Any, event: str, arg: Any) -> Any:
        nonlocal most
        if frame.f_code.co_filename != made.fn.__code__.co_filename:
            return None
        most = max(most, sum(size(v) for name, v in frame.f_locals.items() if "tape" in name))
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        made.fn(*args, 1.0)
    finally:
        sys.settrace(before)
    return most


@pytest.mark.parametrize("n", [0, 1, 7])
def test_bytes_on_tapes(n: int) -> None:
    A, x = spread(12), positive(12)
    for fn in (linear, linear_with_two_buffers, linear_augmented, linear_by_elements, linear_with_penalty,
               linear_after_stores, overwritten_unneeded):
        assert taped(fn, (A, n)) == 0
    assert taped(nonlinear, (A, n)) == n * 10 * 8
    assert taped(nonlinear_of_all, (A, n)) == n * 12 * 8
    assert taped(square_accumulated, (A, n)) == n * 12 * 8
    assert taped(product, (A, x, n), wrt=("y", "x")) == n * 12 * 8
    assert taped(product, (A, x, n), wrt="y") == 0
    assert taped(product_of_elements, (x[:n],)) == n * 8


# The same as memory.

CELLS, FEW, MANY = 20_000, 4, 44


def peak(run: Callable[[], Any]) -> int:
    """The bytes allocated at most while something runs, above what was there before."""
    run()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        run()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def slices_per_step(run: Callable[[int], Any]) -> float:
    """By how many arrays the memory grows with each step of the time loop."""
    return (peak(lambda: run(MANY)) - peak(lambda: run(FEW))) / (MANY - FEW) / (8 * CELLS)


@pytest.mark.parametrize("fn", [linear, linear_with_two_buffers, linear_augmented, linear_with_penalty,
                                overwritten_unneeded])
def test_memory_of_a_linear_loop_does_not_grow(fn: Callable[..., Any]) -> None:
    A, gradient = spread(CELLS), s2sad.grad(fn)
    assert abs(slices_per_step(lambda n: gradient(A, n))) < 0.02
    assert peak(lambda: gradient(A, MANY)) < 12 * 8 * CELLS


@pytest.mark.parametrize("fn", [nonlinear, nonlinear_of_all, square_accumulated])
def test_memory_of_a_nonlinear_loop_grows_by_one_array_a_step(fn: Callable[..., Any]) -> None:
    A, gradient = 0.1 * spread(CELLS), s2sad.grad(fn)
    assert slices_per_step(lambda n: gradient(A, n)) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("fn", [linear, nonlinear, nonlinear_of_all, square_accumulated])
def test_memory_of_a_tangent_does_not_grow(fn: Callable[..., Any]) -> None:
    A = 0.1 * spread(CELLS)
    assert abs(slices_per_step(lambda n: s2sad.jvp(fn, (A, n), (A, None)))) < 0.02


def test_these_programs_have_the_right_gradients() -> None:
    """What costs little must still be right: against central differences."""
    w, X, y = spread(3), spread(5, 3), spread(5)
    calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [(f, arguments(f, 8)) for f in (*LOOPS, rows)]
    calls += [(f, (spread(6), 3)) for f in (linear, linear_with_two_buffers, linear_augmented, linear_by_elements,
                                            linear_with_penalty, linear_after_stores, nonlinear, nonlinear_of_all,
                                            square_accumulated, overwritten_unneeded, history)]
    calls += [(product, (spread(4), positive(4), 3)), (product_of_elements, (positive(4),)),
              (overwritten_and_cheap_again, (spread(4),)), (sum_over_points, (w, X, y)),
              (gathered_at_once, arguments(gathered_at_once, 8))]
    for fn, (x, *others) in calls:
        gradient = s2sad.grad(fn)(x, *others)
        for k in range(x.size):
            step = np.zeros_like(x)
            step[k] = 1e-6
            ends = [fn(x + sign * step, *[np.copy(o) if isinstance(o, np.ndarray) else o for o in others])
                    for sign in (1.0, -1.0)]
            assert gradient[k] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-6, abs=1e-8), fn.__name__
