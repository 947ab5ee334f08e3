"""What loops do to what they carry: steady values, sums, places that are overwritten, contents that come back."""

from __future__ import annotations

import pytest

from s2sad.analysis.carried import is_steady, is_sum
from s2sad.analysis.contents import Contents
from s2sad.analysis.places import Overwritten
from s2sad.analysis.privacy import Iteration
from s2sad.trace.ir import Block, Break, For, If, Lit, Mirror, Next, Op, Range, Var, While, Yield
from s2sad.trace.types import BOOL, FLOAT, INT, Array, Dim

N = Dim.symbol("n")
VECTOR, MATRIX = Array("f8", (N,)), Array("f8", (N, Dim.symbol("m")))
ONE, ZERO = Lit(1), Lit(0.0)


def vector(hint="a"):
    return Var(VECTOR, hint)


def store(target, x, value, index, fn="setitem"):
    return Op(target, fn, (x, value), (("index", index),))


def read(target, x, index):
    return Op(target, "getitem", (x,), (("index", index),))


def loop(body, end, params, inits, index=None, domain=None, **more):
    results = tuple(Var(p.type, p.hint) for p in params)
    return For(index or Var(INT, "i"), domain or Range(Lit(0), Lit(3), ONE), tuple(params), tuple(inits),
               Block(tuple(body), end), results, **more)


class TestSums:
    def check(self, expected, *stmts, goal, p):
        made = loop(stmts, Next((goal,)), (p,), (ZERO,))
        assert is_sum(made, 0) is expected

    def test_additions_in_any_number(self):
        p, c, one, two = (Var(FLOAT, h) for h in "pcab")
        self.check(True, Op(one, "+", (c, p)), Op(two, "-", (one, c)), goal=two, p=p)

    def test_what_is_subtracted_from_is_no_sum(self):
        p, c, one = (Var(FLOAT, h) for h in "pca")
        self.check(False, Op(one, "-", (c, p)), goal=one, p=p)

    def test_a_second_look_spoils_it(self):
        p, c, one, two = (Var(FLOAT, h) for h in "pcab")
        self.check(False, Op(one, "+", (p, c)), Op(two, "*", (p, c)), goal=one, p=p)
        self.check(False, Op(one, "+", (p, c)), Op(two, "*", (one, c)), goal=one, p=p)
        self.check(False, Op(one, "+", (p, p)), goal=one, p=p)

    def test_scatters(self):
        p, q, c = vector(), vector(), Var(FLOAT, "c")
        self.check(True, store(q, p, c, Lit(0), "scatter_add"), goal=q, p=p)
        self.check(False, store(q, p, c, Lit(0)), goal=q, p=p)

    def test_branches(self):
        p, c, one, r = (Var(FLOAT, h) for h in "pcar")
        add = Block((Op(one, "+", (p, c)),), Yield((one,)))
        cond = Var(BOOL, "b")
        self.check(True, If(cond, add, Block((), Yield((p,))), (r,)), goal=r, p=p)
        self.check(False, If(cond, add, Block((), Yield((ZERO,))), (r,)), goal=r, p=p)

    def test_inner_loops(self):
        p, q, c, one = (Var(FLOAT, h) for h in "pqca")
        inner = loop((Op(one, "+", (q, c)),), Next((one,)), (q,), (p,))
        self.check(True, inner, goal=inner.results[0], p=p)
        idle = loop((), Next((c,)), (q,), (p,))
        self.check(False, idle, goal=idle.results[0], p=p)

    def test_a_condition_that_looks_at_it(self):
        p, c, one = (Var(FLOAT, h) for h in "pca")
        test = Block((), Yield((p,)))
        made = While((p,), (ZERO,), test, Block((Op(one, "+", (p, c)),), Next((one,))), (Var(FLOAT),))
        assert not is_sum(made, 0)

    def test_every_end_counts_for_steady_values(self):
        p, c = Var(FLOAT, "p"), Var(BOOL, "c")
        for value, steady in ((p, True), (ZERO, True), (ONE, False)):
            tail = If(c, Block((), Break((p,))), Block((), Next((value,))))
            made = For(Var(INT), Range(Lit(0), Lit(3), ONE), (p,), (ZERO,), Block((tail,), None), (Var(FLOAT),))
            assert is_steady(made, 0) is steady


def length(arg):
    return Dim.constant(arg.value) if isinstance(arg, Lit) else N if arg.hint == "n" else None


def clearing(index, domain, *, spoil=False, t=VECTOR):
    """A loop over a work array's adjoint, with an inner loop that clears it."""
    n = Var(INT, "n")
    p, q, r, s = (Var(t, h) for h in "pqrs")
    j = Var(INT, "j")
    place = j if index == "j" else index
    inner = loop((store(s, r, ZERO, place),), Next((s,)), (r,), (q if spoil else p,), j, domain(n))
    before = (store(q, p, Lit(2.0), Lit(0), "scatter_add"),) if spoil else ()
    return loop((*before, inner), Next((inner.results[0],)), (p,), (vector(),))


class TestPlaces:
    @pytest.mark.parametrize(("index", "domain", "expected"), [
        ("j", lambda n: Range(Lit(0), n, ONE), True),
        ("j", lambda n: Range(ONE, n, ONE), False),
        ("j", lambda n: Range(Lit(0), Lit(7), ONE), False),
        ("j", lambda n: Range(Lit(0), n, Lit(2)), False),
        (Lit(...), lambda n: Range(Lit(0), n, ONE), False),
    ])
    def test_which_loops_clear_what_was_spoilt(self, index, domain, expected):
        made = clearing(index, domain, spoil=True)
        assert Overwritten(made.body, True, {}, length).stays_zero(made, 0) is expected

    def test_zero_stays_zero_without_writes(self):
        made = clearing("j", lambda n: Range(ONE, n, ONE))
        assert Overwritten(made.body, True, {}, length).stays_zero(made, 0)

    def test_other_writes_last(self):
        made = clearing("j", lambda n: Range(Lit(0), n, ONE))
        late = vector()
        end = made.body.end.values[0]
        body = Block((*made.body.stmts, store(late, end, Lit(1.0), Lit(0), "scatter_add")), Next((late,)))
        made = For(made.index, made.domain, made.params, made.inits, body, made.results)
        assert not Overwritten(body, True, {}, length).stays_zero(made, 0)

    def test_one_axis_is_not_the_other(self):
        made = clearing("j", lambda n: Range(Lit(0), n, ONE), spoil=True, t=MATRIX)
        assert Overwritten(made.body, True, {}, length).stays_zero(made, 0)
        wide = clearing((Lit(0)), lambda n: Range(Lit(0), n, ONE), spoil=True, t=MATRIX)
        assert not Overwritten(wide.body, True, {}, length).stays_zero(wide, 0)


def undone(old_index, put_back=None):
    """A block with a loop that stores, and a twin that puts back: the block, the twin's result, the loop's init."""
    a, p, q, v, old = vector("a"), vector("p"), vector("q"), Var(FLOAT, "v"), Var(FLOAT, "old")
    i = Var(INT, "i")
    primal = loop((read(old, p, i if old_index == "i" else old_index), store(q, p, v, i)), Next((q,)), (p,), (a,), i)
    back, again = vector("b"), vector("c")
    twin = loop((store(again, back, put_back or old, i),), Next((again,)), (back,), (primal.results[0],),
                domain=Mirror(), backward=True, sweep="adjoint", twin=primal.key)
    return Block((primal, twin), Next(())), twin.results[0], a


class TestContents:
    @pytest.mark.parametrize(("block", "r", "a", "expected"), [
        (*undone("i"), True), (*undone(Lit(1)), False), (*undone("i", Lit(0.0)), False),
    ])
    def test_what_comes_back_is_what_was_there(self, block, r, a, expected):
        same = {}
        Contents(block).follow(block.stmts[1:], same)
        assert (same.get(r) is a) is expected


class TestPrivacy:
    def iteration(self, *first):
        """A loop variable, filled by a loop and read after it; ``first`` stands before."""
        n, j, k = Var(INT, "n"), Var(INT, "j"), Var(INT, "k")
        p, r, s = vector("p"), vector("r"), vector("s")
        fill = loop((store(s, r, Lit(2.0), j),), Next((s,)), (r,), (p,), j, Range(Lit(0), n, ONE))
        filled = fill.results[0]
        look = read(Var(FLOAT), filled, k)
        body = Block((*(make(p, j) for make in first), fill, look), Next((filled,)))
        twin = Block((), Next(()))
        return p, Iteration(body, twin, {}, Overwritten(body, False, {}, length))

    def test_filled_before_it_is_read(self):
        p, iteration = self.iteration()
        assert iteration.keeps_private(p, vector("back"), 0)

    @pytest.mark.parametrize("make", [
        lambda p, j: read(Var(FLOAT), p, Lit(0)),
        lambda p, j: Op(Var(FLOAT), "np.sum", (p,)),
        lambda p, j: store(vector(), p, Lit(1.0), Lit(0), "scatter_add"),
    ])
    def test_read_before_it_is_filled(self, make):
        p, iteration = self.iteration(make)
        assert not iteration.keeps_private(p, vector("back"), 0)

    def test_a_question_for_the_shape_is_no_read(self):
        p, iteration = self.iteration(lambda p, j: Op(Var(INT), "shape", (p,), (("axis", Lit(0)),)))
        assert iteration.keeps_private(p, vector("back"), 0)
