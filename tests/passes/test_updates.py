"""Updates in place in derivative code: early reads, stores of zeros that are added to, shapes of old versions."""

from __future__ import annotations

import numpy as np
import pytest

import s2sad
from s2sad.passes.early import read_early
from s2sad.passes.latest import ask_latest
from s2sad.passes.memory import Memory
from s2sad.passes.stores import join_stores
from s2sad.rules.builder import Builder
from s2sad.rules.places import view_of
from s2sad.trace.ir import NONE, Arg, Block, For, If, Lit, Next, Range, Slc, Trace, Var, Yield
from tests.passes import interp
from tests.passes.build import BOOL, FLOAT, INT, VECTOR, ZERO, function, lines
from tests.places import viewed

INNER = Slc(Lit(1), Lit(-1), NONE)
FRONT = Slc(NONE, Lit(-2), NONE)


class Sweep(Builder):
    """An adjoint sweep over one buffer."""

    def __init__(self, a: Var) -> None:
        super().__init__("adjoint")
        self.a = a

    def read(self, index: Arg = INNER) -> Var:
        return self.op("getitem", self.a, index=index)

    def put(self, fn: str, v: Arg, index: Arg = INNER, **options: Arg) -> None:
        self.a = self.op(fn, self.a, v, index=index, hint="a", **options)


def adjoint(reads_twice: bool = False, same_value: bool = False) -> Trace:
    """The adjoint of ``a[1:-1] = f(…)``."""
    a, k = Var(VECTOR, "a"), Var(FLOAT, "k")
    b = Sweep(a)
    r = b.read()
    b.put("setitem", ZERO)
    t = b.op("*", r, k)
    b.put("scatter_add", t, FRONT)
    b.put("scatter_add", r if same_value else t)
    rest = (b.op("np.sum", r),) if reads_twice else ()
    return function(b, (a, k), b.a, *rest)


def test_the_only_reader_of_a_view_moves_up() -> None:
    assert lines(read_early(adjoint())) == [
        "%v1:f8[n - 2] = getitem(%a, index=1:-1)", "%v2:f8[n - 2] = %v1 * %k",
        "%a_1:f8[n] = setitem(%a, 0.0, index=1:-1)", "%a_2:f8[n] = scatter_add(%a_1, %v2, index=:-2)",
        "%a_3:f8[n] = scatter_add(%a_2, %v2, index=1:-1)", "return %a_3"]


def test_two_readers_of_a_view_move_up_and_three_stay() -> None:
    assert lines(read_early(adjoint(reads_twice=True)))[1:4] == [
        "%v2:f8[n - 2] = %v1 * %k", "%v3:f8[] = np.sum(%v1)", "%a_1:f8[n] = setitem(%a, 0.0, index=1:-1)"]
    trace = adjoint(reads_twice=True, same_value=True)
    assert lines(read_early(trace)) == lines(trace)


def test_what_is_added_to_zeros_replaces_them() -> None:
    assert lines(join_stores(read_early(adjoint()))) == [
        "%v1:f8[n - 2] = getitem(%a, index=1:-1)", "%v2:f8[n - 2] = %v1 * %k",
        "%a_1:f8[n] = setitem(%a, %v2, index=1:-1)", "%a_2:f8[n] = scatter_add(%a_1, %v2, index=:-2)", "return %a_2"]


def test_what_is_computed_after_the_zeros_are_stored_cannot_replace_them() -> None:
    trace = adjoint()
    assert lines(join_stores(trace)) == lines(trace)


def test_the_value_that_was_there_is_put_back_by_doing_nothing() -> None:
    assert lines(join_stores(adjoint(same_value=True))) == [
        "%v1:f8[n - 2] = getitem(%a, index=1:-1)", "%v2:f8[n - 2] = %v1 * %k",
        "%a_1:f8[n] = scatter_add(%a, %v2, index=:-2)", "return %a_1"]


@pytest.mark.parametrize("same_value", [True, False])
def test_values(same_value: bool) -> None:
    trace = adjoint(same_value=same_value)
    a = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    for change in (read_early, join_stores, lambda t: join_stores(read_early(t))):
        np.testing.assert_array_equal(interp.run(change(trace), a, 0.5)[0], interp.run(trace, a, 0.5)[0])


def test_other_places_are_left_alone() -> None:
    """Another index, another view, another order of reading: nothing is joined."""
    a, v, i, j = Var(VECTOR, "a"), Var(FLOAT, "v"), Var(INT, "i"), Var(INT, "j")
    flip = view_of([("np.flip", {"axis": NONE})])
    for index, options in ((j, {}), (i, {"view": flip})):
        b = Sweep(a)
        b.put("setitem", ZERO, i)
        b.put("scatter_add", v, index, **options)
        trace = function(b, (a, v, i, j), b.a)
        assert lines(join_stores(trace)) == lines(trace)
    b = Sweep(a)
    b.put("setitem", ZERO, i)
    middle = b.read(j)
    b.put("scatter_add", v, i)
    trace = function(b, (a, v, i, j), b.a, middle)
    assert lines(join_stores(trace)) == lines(trace)


def test_views_are_places_too() -> None:
    a, v, i = Var(VECTOR, "a"), Var(FLOAT, "v"), Var(INT, "i")
    flip = view_of([("np.flip", {"axis": NONE})])
    b = Sweep(a)
    b.put("setitem", ZERO, i, view=flip)
    b.put("scatter_add", v, i, view=flip)
    assert lines(join_stores(function(b, (a, v, i), b.a))) == [
        "%a_1:f8[n] = setitem(%a, %v, index=%i, view=(('np.flip', ('axis', None)),))", "return %a_1"]


def test_indices_that_may_repeat_are_left_alone() -> None:
    a, k = Var(VECTOR, "a"), Var(type(VECTOR)("i8", VECTOR.dims), "k")
    b = Sweep(a)
    r = b.read(k)
    b.put("setitem", ZERO, k)
    b.put("scatter_add", r, k)
    trace = function(b, (a, k), b.a)
    assert lines(join_stores(trace)) == lines(trace)


def test_shapes_inside_a_loop_are_asked_of_what_it_carries() -> None:
    a, p, r, i = Var(VECTOR, "a"), Var(VECTOR, "a"), Var(VECTOR, "a"), Var(INT, "i")
    b, w = Builder(), Builder()
    n = w.op("len", a)
    new = w.op("setitem", p, n, index=i, hint="a")
    b.add(For(i, Range(Lit(0), Lit(2), Lit(1)), (p,), (a,), w.block(Next((new,))), (r,)))
    z = b.op("zeros_like", a)
    text = lines(ask_latest(function(b, (a,), r, z)))
    assert "%v1:int = len(%a_2)" in text[1] and "zeros_like(%a_1)" in text[4]


def carried(values: tuple[int, int], starts: tuple[int, int] = (0, 1)) -> tuple[Memory, Var, Var, Var, Var]:
    """A loop over two buffers; the next values are the present ones (0, 1) or a new array (2)."""
    x, i = Var(VECTOR, "x"), Var(INT, "i")
    u, v, r, s = (Var(VECTOR, h) for h in "uvrs")
    b, w = Builder(), Builder()
    first = [b.op("copy", x), b.op("copy", x)]
    stored = w.op("setitem", u, Lit(1.0), index=Lit(0))
    choice = (stored, v, w.op("copy", v))
    b.add(For(i, Range(Lit(0), Lit(2), Lit(1)), (u, v), (first[starts[0]], first[starts[1]]),
              w.block(Next((choice[values[0]], choice[values[1]]))), (r, s)))
    return Memory(function(b, (x,), r, s)), u, v, r, s


@pytest.mark.parametrize(("values", "starts", "shared"), [
    ((0, 1), (0, 1), False), ((1, 0), (0, 1), False), ((0, 2), (0, 1), False), ((2, 0), (0, 1), False),
    ((0, 0), (0, 1), True), ((0, 1), (0, 0), True), ((2, 2), (0, 0), True),
])
def test_what_loops_exchange(values: tuple[int, int], starts: tuple[int, int], shared: bool) -> None:
    memory, u, v, r, s = carried(values, starts)
    assert memory.overlap(u, v, 1) == memory.overlap(r, s, 0) == shared


def test_branches_that_exchange() -> None:
    x, c, r, s, t = Var(VECTOR, "x"), Var(BOOL, "c"), *(Var(VECTOR, h) for h in "rst")
    b = Builder()
    u, v = b.op("copy", x), b.op("copy", x)
    b.add(If(c, Block((), Yield((u, v, v))), Block((), Yield((v, u, u))), (r, s, t)))
    memory = Memory(function(b, (x, c), r, s, t))
    assert not memory.overlap(r, s, 0) and memory.overlap(s, t, 0) and memory.overlap(r, u, 0)
    assert not memory.overlap(r, x, 0)


def test_steps_that_make_no_view_are_noticed() -> None:
    """The interpreter of these tests refuses them: what is written there would be lost."""
    with pytest.raises(AssertionError, match="makes no view"):
        viewed(np.zeros((2, 3)).T, (("np.reshape", ("shape", 6)),))


def both_ways(x, a):
    """The adjoint of F reaches that of z as a view, before the adjoint of the slice is added."""
    z = np.sin(x)
    y = z[::2]
    F = z.reshape(-1, 2) + a
    return np.sum(np.sin(F)) + np.sum(y**3)


def test_a_view_of_memory_of_this_function_is_updated() -> None:
    x, a = np.arange(12.0).reshape(6, 2) / 8.0, np.zeros((6, 2))
    alone = s2sad.derive(both_ways, "grad", wrt="x", types=(x, a)).source
    assert "z_bar[::2] += " in alone and ".copy()" not in alone and "zeros_like" not in alone
    assert ".copy()" in s2sad.derive(both_ways, "grad", types=(x, a)).source  # F_bar is a_bar too
    s2sad.check_grads(both_ways, (x, a))
