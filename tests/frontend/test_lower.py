"""What lowering makes of programs: values bit for bit, and what stays in the trace."""

# ruff: noqa: B007, B023, F821, F841
from __future__ import annotations

import copy
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from s2sad.errors import TypeRefusal
from s2sad.frontend.lower import Specialise, lower
from s2sad.frontend.resolve import LiveResolver
from s2sad.frontend.signature import Signature, declared
from s2sad.frontend.source import function_source
from s2sad.trace.ir import Call, Const, For, If, Input, Leaf, Lit, Node, Op, Range, Trace, While
from s2sad.trace.types import FLOAT, INT, UNKNOWN, Array, Dim
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests.corpus import define, same_bits
from tests.frontend.interp import evaluate
from tests.frontend.test_lower_corpus import lowered

try:
    import scipy.optimize
except ImportError:  # SciPy is optional: its program is left out then.
    scipy = None

AXIS = 1
RATE = 2.5
OFFSETS = np.array([0.5, 1.0, 2.0])
TABLE = (1, (2.0, "text"))
VECTOR = np.array([0.3, -1.2, 2.5])
MATRIX = np.array([[0.3, -1.2, 2.5], [1.0, 4.0, -0.5]])


class Settings:
    rate = 0.5
    steps = 3


settings = Settings()


def trace_of(fn: Callable[..., Any], *args: Any) -> Trace:
    return lowered(fn, args)[0].trace


def of_kind(trace: Trace, kind: type) -> list[Any]:
    return [s for s in statements(trace.body) if isinstance(s, kind)]


def ops(trace: Trace) -> list[str]:
    return [s.fn for s in of_kind(trace, Op)]


# Control flow.


def swap(x, y):
    x, y = y, x - y
    return x, y


def nested_target(x):
    (a, b), [c, d] = (x, 2.0 * x), (3.0, x)
    return a * b + c * d


def zero_trips_keep_the_name(x, n):
    i = 100
    for i in range(n):
        pass
    return x * i


def target_is_assigned_in_the_body(x, n):
    for i in range(n):
        x = x * i
        i = i + 10
    return x, i


def read_in_later_iterations_only(x, n):
    for i in range(n):
        if i > 0:
            s = before * x
        before = x + i
    return s


def name_of_the_last_iteration(x):
    for i in range(3):
        y = x * i
    return y + i


def carried_tuple(x, n):
    t = (x, (x, 1.0))
    for i in range(n):
        t = (t[1][0], (t[0] * 2.0, t[1][1] + i))
    a, (b, c) = t
    return a + b * c


def integer_becomes_float(x, n):
    s = 0
    for i in range(n):
        s = s + x
    return s


def loop_else(x):
    s = 0.0
    for i in range(3):
        if i % 2 == 0:
            continue
        s = s + x[i]
        if s > 3.0:
            break
    else:
        s = -s
    return s


def return_inside(x):
    y = 0.0
    while x > 1.0:
        x = x / 2.0
        for k in range(3):
            if x * k > 4.0:
                return x
            y += k
    return y


def endless(x):
    while True:
        x = x * 1.5
        if x > 100.0:
            return x


def iterates(A):
    s = 0.0
    for row in A:
        for v in row:
            s += v
    for i, (p, q) in enumerate(zip(A, A[:, 0]), 2):
        s = s + p[0] * q * i
    for row in reversed(A):
        s = s * 0.5 + row[1]
    for i in reversed(range(1, 6, 2)):
        s = s * i - 1.0
    for i, v in zip(range(2, 9), A[0]):
        s = s + i * v
    return s


def written_out(x, items):
    s = 0.0
    for k, (a, b) in enumerate(items):
        if a < 0.0:
            continue
        s = s + a * b * k
    for a, b in reversed(items):
        s = s * x + a
    return s


def written_out_with_break(x, items):
    s = 0.0
    for a in items:
        if a * x > 2.0:
            s = s - 1.0
            break
        s = s + a
    else:
        s = 10.0 * s
    return s * x


def written_out_with_return(x, items):
    for a in items:
        if a > x:
            return a * x
    return x


def conditions(x, y, n):
    a = x if 0 < n < 5 else -x
    b = x and y
    c = x or y
    d = not x
    return a, b, c, d, (x < y) == (n > 2)


def static_branches(x, y=None, mode="double"):
    if mode == "double":
        x = 2.0 * x
    elif mode == "fail":
        raise KeyError(mode)
    return x if y is None else x * y


def assertion(x):
    assert x > 0.0, f"{x} is not positive"
    return math.sqrt(x)


# Calls.


def positive_root(x):
    if x < 0.0:
        raise ValueError(f"negative: {x:.2f}")
    return math.sqrt(x)


def calls_that_may_raise(x):
    y = positive_root(x) if x > 1.0 else 0.0
    for i in range(3):
        y += positive_root(x + i)
    return y * positive_root(x + 1.0)


def late_binding(x):
    def scaled(t, *, k=2.0):
        if t > 1.0:
            return t * factor * k
        return t

    factor = 3.0
    y = scaled(x)
    factor = 4.0
    return y + scaled(x, k=x)


def closures_in_loops(x):
    for i in range(3):
        def power(t):
            return t * i

        x = x + power(x)
    return x


def recursive_pair(x, n):
    if n <= 0:
        return x, 1
    y, k = recursive_pair(0.5 * x, n - 1)
    return y + x, k + 1


def recursive_nothing(x, n):
    if n == 0:
        return None
    return recursive_nothing(x, n - 1)


def recursive_questions(x, n):
    if n == 0:
        return x, (x, 1.0)
    y, t = recursive_questions(x * 0.5, n - 1)
    best = max(t)
    for k, v in enumerate(t):
        best = best + v * k + min(v, y) + (1.0 if isinstance(v, float) and not t[0] > y > 0 else abs(-v))
    for i in range(int(y) + 1):
        best = best + i
    z = np.zeros(2) + y
    z += best
    return best, (z[0] + len(t) + sum(t), t[0])


def functions_in_a_list(x):
    for g in [np.sin, lambda t: t * t, positive_root]:
        x = g(x) + 1.0
    return x


def inner_recursion(x):
    def factorial(n):
        return 1 if n == 0 else n * factorial(n - 1)

    return x * factorial(4)


# Structure and NumPy.


def sums(x):
    return sum(x), max(x), min(x), max(x[0], 1.0, 2 * x[1]), min((x[0], 3.0)), sum((x[0], x[1], 1))


def comprehensions(x):
    return np.array([x[k] * 2.0 for k in range(3) if k != 1]).sum() + sum(v * w for v in (x[0], 1.0) for w in (2, x[1]))


def displays(x):
    a = [x, 2.0 * x]
    a = a + [3.0] * 2
    return a[-1] * a[0] + len(a) if isinstance(a, list) else 0.0


def shapes(x):
    n, m = x.shape
    y = np.zeros((n, m)) + np.ones(x.shape) + np.full((2, 3), 1.5)
    return y * x.shape[-1], x.shape, x.shape[1:], x.ndim, x.size, len(x.shape), x.shape == y.shape


def indices(x):
    return x[..., 0] + x[0, 1:, None][0] + x[[0, 1]].sum() + x[x > 0].sum() + x[::-1, ::2][1][0] + x[slice(0, 2)][1, 1]


def dtypes(x):
    y = x.astype(np.float32)
    if y.dtype == np.float32 and x.dtype == float and np.issubdtype(y.dtype, np.floating):
        return y.astype(x.dtype) * np.finfo(x.dtype).eps, np.float32(2.0) * x
    return y, y


def in_place(x):
    s = np.zeros(3)
    for i in range(4):
        s += x * i
        s -= 1.0
    u = (s[1:] * 2.0).sum()
    s *= x
    return s * u


def in_place_number(x):
    s = x
    t = s
    s += 1.0
    return s * t


def many_rows(x, n):
    rows = x * 2.0
    for i in range(n):
        if i > 5:
            return rows, rows[1:]
        rows = rows + i
    return rows * 1.0, x


def in_place_result_of_a_call(x):
    a = long_sum(x, 2)
    a += x
    return a


def long_sum(x, n):
    for i in range(n):
        if i > 5:
            return x * i
    return x + n


def unpacked(x):
    a, b, c = x
    return a * b - c


def globals_and_attributes(x):
    return x * RATE + (OFFSETS * x).sum() + TABLE[1][0] + settings.rate * settings.steps


def axis_from_global(x):
    return np.sum(x, axis=AXIS - 1)


def axis_from_argument(x, n):
    return helper_with_axis(x, n - 1)


def helper_with_axis(x, axis):
    for i in range(2):
        if x[0, 0] > 100.0:
            return np.sum(x)
    return np.sum(np.sum(x, axis=axis))


def rosenbrock(x):
    return scipy.optimize.rosen(x)


PROGRAMS = [
    (swap, (2.0, 3.0)),
    (nested_target, (2.0,)),
    (zero_trips_keep_the_name, (2.0, 0)),
    (zero_trips_keep_the_name, (2.0, 3)),
    (target_is_assigned_in_the_body, (2.0, 3)),
    (read_in_later_iterations_only, (2.0, 3)),
    (name_of_the_last_iteration, (2.0,)),
    (carried_tuple, (2.0, 3)),
    (integer_becomes_float, (2.0, 3)),
    (loop_else, (VECTOR,)),
    (loop_else, (VECTOR * -3.0,)),
    (return_inside, (30.0,)),
    (return_inside, (1.5,)),
    (endless, (2.0,)),
    (iterates, (MATRIX,)),
    (written_out, (2.0, ((1.0, 2.0), (-1.0, 3.0), (0.5, 2.5)))),
    (written_out_with_break, (2.0, (0.5, 0.9, 1.5, 9.0))),
    (written_out_with_break, (0.1, (0.5, 0.9, 1.5, 9.0))),
    (written_out_with_return, (2.0, (0.5, 3.0, 9.0))),
    (written_out_with_return, (20.0, (0.5, 3.0, 9.0))),
    (conditions, (2.0, 3.0, 4)),
    (conditions, (0.0, 3.0, 5)),
    (static_branches, (2.0,)),
    (static_branches, (2.0, 3.0, "other")),
    (assertion, (2.0,)),
    (calls_that_may_raise, (2.0,)),
    (calls_that_may_raise, (0.2,)),
    (late_binding, (2.0,)),
    (late_binding, (0.5,)),
    (closures_in_loops, (2.0,)),
    (recursive_pair, (2.0, 4)),
    (recursive_nothing, (2.0, 4)),
    (recursive_questions, (2.0, 3)),
    (functions_in_a_list, (0.7,)),
    (inner_recursion, (0.7,)),
    (sums, (VECTOR,)),
    (comprehensions, (VECTOR,)),
    (displays, (2.0,)),
    (shapes, (MATRIX,)),
    (indices, (MATRIX[:, :2],)),
    (dtypes, (MATRIX,)),
    (in_place, (VECTOR,)),
    (in_place_number, (2.0,)),
    (in_place_result_of_a_call, (VECTOR,)),
    (unpacked, (VECTOR,)),
    (globals_and_attributes, (VECTOR,)),
    (axis_from_global, (MATRIX,)),
    (axis_from_argument, (MATRIX, 1)),
    *([(rosenbrock, (VECTOR,))] if scipy is not None else []),
]


@pytest.mark.parametrize("fn, args", PROGRAMS, ids=lambda p: getattr(p, "__name__", ""))
def test_values(fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
    sys.setrecursionlimit(10_000)
    made, values = lowered(fn, args)
    validate(made.trace)
    expected = fn(*copy.deepcopy(args))
    got = evaluate(made, *values)
    assert (got is None and expected is None) or same_bits(got, expected), str(made.trace)


def test_exceptions_are_the_users_own() -> None:
    made, _ = lowered(calls_that_may_raise, (2.0,))
    assert any(isinstance(s, Op) and s.fn == "raise" for s in statements(made.trace.body))
    with pytest.raises(ValueError, match=r"^negative: -1\.50$"):
        evaluate(lowered(positive_root, (2.0,))[0], -1.5)
    with pytest.raises(AssertionError):
        evaluate(lowered(assertion, (2.0,))[0], -1.5)
    with pytest.raises(KeyError, match="fail"):
        evaluate(lowered(static_branches, (2.0, None, "fail"))[0], 2.0, None, "fail")


# What stays in the trace.


def test_structure_is_evaluated_away() -> None:
    trace = trace_of(static_branches, 2.0)
    assert ops(trace) == ["*"]
    assert trace.inputs == (
        Input("x", Leaf(0)), Input("y", Const(None), Lit(None)), Input("mode", Const("double"), Lit("double")))


def test_inputs_and_results_have_their_structure() -> None:
    def f(p, *, n=2):
        (a, b), c = p
        return [a * n, (b, None)]

    trace = trace_of(f, ((1.0, VECTOR), 3))
    assert trace.inputs == (Input("p", Node("tuple", (Node("tuple", (Leaf(0), Leaf(1))), Leaf(2)))),
                            Input("n", Leaf(3), Lit(2)))
    assert [v.hint for v in trace.params] == ["p_0_0", "p_0_1", "p_1", "n"]
    assert trace.result == Node("list", (Leaf(0), Node("tuple", (Leaf(1), Const(None)))))


def test_names_and_sites() -> None:
    trace = trace_of(swap, 2.0, 3.0)
    (minus,) = of_kind(trace, Op)
    assert minus.target.hint == "y" and minus.site.text == "x, y = y, x - y"
    assert minus.site.file == __file__ and minus.site.line == swap.__code__.co_firstlineno + 1


def test_inlined_statements_keep_the_site_of_their_own_function() -> None:
    trace = trace_of(calls_that_may_raise, 2.0)
    sites = {s.site.text for s in of_kind(trace, Op)}
    assert "if x < 0.0:" in sites and "return math.sqrt(x)" in sites
    assert of_kind(trace, For)[0].site.text == "for i in range(3):"


def test_only_names_that_somebody_reads_are_carried() -> None:
    def f(x, n):
        s = 0.0
        for i in range(n):
            t = x * i
            u = t + 1.0
            s = s + u
        return s

    (loop,) = of_kind(trace_of(f, 2.0, 3), For)
    assert [v.hint for v in loop.params] == ["s"] and loop.index.hint == "i"
    assert loop.domain == Range(Lit(0), trace_of(f, 2.0, 3).params[1], Lit(1)) or loop.domain.start == Lit(0)


def test_reversed_range_runs_backward() -> None:
    def f(x):
        for i in reversed(range(2, 9)):
            x = x * i
        return x

    (loop,) = of_kind(trace_of(f, 2.0), For)
    assert loop.backward and loop.domain == Range(Lit(2), Lit(9), Lit(1))


def test_elements_are_read_first() -> None:
    def f(x):
        s = 0.0
        for v in x:
            s = s + v
        return s

    (loop,) = of_kind(trace_of(f, VECTOR), For)
    first = loop.body.stmts[0]
    assert isinstance(first, Op) and first.fn == "getitem" and first.kwarg("index") == loop.index
    assert first.target is not None and first.target.hint == "v"


def test_types_settle() -> None:
    trace = trace_of(integer_becomes_float, 2.0, 3)
    (loop,) = of_kind(trace, For)
    assert loop.params[0].type == FLOAT and loop.inits == (Lit(0),)


def test_growing_arrays_have_an_open_length() -> None:
    def f(x, n):
        y = x
        for i in range(n):
            y = np.concatenate((y, x))
        return y

    (loop,) = of_kind(trace_of(f, VECTOR, 3), For)
    assert str(loop.params[0].type).startswith("f8[?")


def test_lengths_are_known_to_be_those_of_the_arguments() -> None:
    def f(x):
        n = len(x)
        return np.zeros(n - 1) + x[1:]

    trace = trace_of(f, VECTOR)
    zeros = next(s for s in of_kind(trace, Op) if s.fn == "np.zeros")
    assert zeros.target.type == Array("f8", (Dim.symbol("x0") - 1,))


def test_short_functions_are_put_in_place_and_long_ones_called() -> None:
    assert not of_kind(trace_of(late_binding, 2.0), Call)
    trace = trace_of(recursive_pair, 2.0, 3)
    (call,) = of_kind(trace, Call)
    assert call.callee == "recursive_pair" and trace.callees == ()
    assert [v.hint for v in call.targets] == ["y", "k"] and [v.type for v in call.targets] == [FLOAT, INT]


def test_one_trace_for_arguments_of_one_kind() -> None:
    text = "def g(x, A):\n" + "".join(f"    x = x * {k}.0 + A\n" for k in range(14)) + "    return x\n"
    text += "def f(x, y, z):\n    return g(x, y) + g(y, x) + g(x[1:], y[1:]) + g(z, 1.0)\n"
    f = define(text, "one trace", {})["f"]
    trace = trace_of(f, VECTOR, VECTOR, 2.0)
    calls = of_kind(trace, Call)
    # The slices may have length 1, and z is a number: three kinds.
    assert [c.callee for c in calls] == ["g", "g", "g_2", "g_3"]
    assert [c.name for c in trace.callees] == ["g", "g_2", "g_3"]
    assert calls[1].targets[0].type == Array("f8", (Dim.symbol("y0"),)) or str(calls[1].targets[0].type) == "f8[x0]"


def test_globals_are_inputs() -> None:
    made, _ = lowered(globals_and_attributes, (VECTOR,))
    names = [(i.name, i.default) for i in made.trace.inputs if i.kind == "global"]
    assert [n for n, _ in names] == ["RATE", "OFFSETS", "settings_rate", "settings_steps"] == list(made.globals)
    assert names[0] == ("RATE", Lit(2.5))
    assert made.globals["settings_rate"].resolver.read_number("settings.rate") == 0.5


def test_globals_of_called_functions_are_handed_on() -> None:
    text = "k = 3.0\n" + "def g(x):\n" + "".join("    x = x * k\n" for _ in range(14)) + "    return x\n"
    text += "def f(k):\n    return g(k) + g(2.0)\n"
    f = define(text, "globals", {})["f"]
    made, values = lowered(f, (2.0,))
    assert [i.name for i in made.trace.inputs] == ["k", "k_2"] and len(made.trace.callees) == 1
    assert evaluate(made, *values) == f(2.0)


# Values that are needed at compile time.


def test_specialise_names_the_parameter_and_the_place() -> None:
    signature = Signature.of(("x", "n"), (MATRIX, 1))
    source, resolver = function_source(axis_from_argument), LiveResolver(axis_from_argument)
    with pytest.raises(Specialise) as caught:
        lower(source, resolver, signature)
    assert caught.value.place == ("n", ()) and not caught.value.is_global
    assert isinstance(caught.value.refusal(), TypeRefusal)
    assert "the value of 'n' must be known" in caught.value.refusal().reason
    made = lower(source, LiveResolver(axis_from_argument), signature, {("n", ()): 1})
    assert made.trace.inputs[1] == Input("n", Const(1)) and len(made.trace.params) == 1


def test_specialise_inside_a_tuple() -> None:
    def f(x, p):
        return np.sum(x, axis=p[0][1])

    with pytest.raises(Specialise) as caught:
        lower(function_source(f), LiveResolver(f), Signature.of(("x", "p"), (MATRIX, ((0.5, 1), 2))))
    assert caught.value.place == ("p", (0, 1))
    assert "the value of 'p[0][1]'" in caught.value.refusal().reason


def test_specialise_on_a_global() -> None:
    with pytest.raises(Specialise) as caught:
        lower(function_source(axis_from_global), LiveResolver(axis_from_global), Signature.of(("x",), (MATRIX,)))
    assert caught.value.is_global and caught.value.place == ("AXIS", ())


def test_a_choice_between_functions_asks_for_the_flag() -> None:
    def f(x, flag):
        g = np.sin if flag else np.cos
        return g(x)

    with pytest.raises(Specialise) as caught:
        lower(function_source(f), LiveResolver(f), Signature.of(("x", "flag"), (2.0, True)))
    assert caught.value.name == "flag"
    assert ops(trace_of(f, 2.0, True)) == ["np.sin"]


# Arguments without types.


def unknown(fn: Callable[..., Any]) -> Trace:
    source = function_source(fn)
    trace = lower(source, LiveResolver(fn), declared(source.node)).trace
    validate(trace)
    return trace


def test_unknown_types() -> None:
    def f(x, y: float, n: int):
        s = 0.0
        for i in range(n):
            s += x * y
        for v in x:
            s = s + v
        return s * x[0] + np.sum(np.zeros(x.shape)) + x.shape[0] + len(x)

    trace = unknown(f)
    assert [v.type for v in trace.params] == [UNKNOWN, FLOAT, INT]


def test_unknown_types_of_branches_and_recursion() -> None:
    assert unknown(recursive_pair).result == Node("tuple", (Leaf(0), Leaf(1)))
    unknown(return_inside)
    unknown(calls_that_may_raise)


@pytest.mark.parametrize("body", [
    lambda x: sum(x),
    lambda x: max(x),
    lambda x: np.array(x).dtype,
])
def test_unknown_types_are_refused_where_they_must_be_known(body: Callable[..., Any]) -> None:
    with pytest.raises(TypeRefusal):
        unknown(body)


def test_writing_into_an_argument_of_unknown_type_is_refused() -> None:
    def f(x):
        x += 1.0
        return x

    with pytest.raises(TypeRefusal, match="a number or an array that others may see"):
        unknown(f)


def test_writing_into_a_new_value_of_unknown_type_that_has_another_name_is_refused() -> None:
    def f(x):
        a = x.copy()
        c = a[:, 0]
        a *= 2.0
        return c

    with pytest.raises(TypeRefusal, match="a number or an array that others may see"):
        unknown(f)



def test_writing_into_the_result_of_a_call_that_others_may_see_is_refused() -> None:
    def first(x):
        a, b = many_rows(x, 2)
        a += 1.0
        return b

    def second(x):
        a, b = many_rows(x, 2)
        b += 1.0
        return b

    for fn in (first, second):
        with pytest.raises(TypeRefusal, match="may or may not be the memory of"):
            trace_of(fn, VECTOR)


# Effort.


def test_a_long_function_is_lowered_in_one_go() -> None:
    sys.setrecursionlimit(10_000)
    lines = [f"    v{k} = v{k - 1} * y + np.sin(y)\n" for k in range(1, 2000)]
    f = define("def f(v0, y):\n" + "".join(lines) + "    return v1999\n", "long", {"np": np})["f"]
    assert len(ops(trace_of(f, 1.0, 2.0))) == 3 * 1999


def test_deep_nesting_is_no_explosion() -> None:
    text = "def f(x, n):\n    s = 0\n" + "".join(f"{'    ' * (k + 1)}for i{k} in range(n):\n" for k in range(8))
    text += "    " * 9 + "s = s + x\n    return s\n"
    f = define(text, "deep", {})["f"]
    assert len(of_kind(trace_of(f, 2.0, 1), For)) == 8


def test_many_tests_in_a_row_are_no_explosion() -> None:
    text = "def f(x):\n" + "".join(f"    if x > {k}.0:\n        x = x - 0.5\n    if x < -{k}.0:\n        return x\n"
                                   for k in range(60)) + "    return x\n"
    f = define(text, "tests", {})["f"]
    trace = trace_of(f, 2.0)
    assert len(of_kind(trace, If)) < 2000 and not of_kind(trace, While)
