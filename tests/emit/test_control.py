"""Loops, branches and tapes: the exact text, and the numbers it computes."""

from __future__ import annotations

import numpy as np

from s2sad.trace.ir import UNDEF, Along, Raise, Ref
from tests.emit.make import (
    BOOL,
    FLOAT,
    INT,
    NP0,
    VECTOR,
    B,
    Block,
    Break,
    For,
    If,
    Leaf,
    Lit,
    Next,
    Node,
    Return,
    Tape,
    Trace,
    Var,
    While,
    Yield,
    body_of,
    emit,
    function,
    line,
    run,
    upto,
    var,
)


def check(trace: Trace, expected: str, level: str = "source") -> str:
    text = emit(trace, level)
    assert body_of(text) == expected.strip("\n")
    assert emit(trace, level) == text
    return text


def test_carried() -> None:
    """``s = 0.0; for i in range(n): s = s + x * i``."""
    x, n, s, out, i = var("x"), var("n", INT), var("s"), var("s"), var("i", INT)
    b = B()
    new = b("+", s, b("*", x, i), hint="s")
    loop = For(i, upto(n), (s,), (Lit(0.0),), b.block(Next((new,))), (out,))
    text = check(function("f", [x, n], Block((loop,), Return((out,)))), """
def f(x, n):
    s = 0.0
    for i in range(n):
        s = s + x * i
    return s
""")
    assert run(text, "f", 2.0, 4) == 12.0


def test_swap() -> None:
    """Two carried values change places: one assignment to both."""
    a, b0, n = var("a"), var("b"), var("n", INT)
    p, q, r, s, i = var("a"), var("b"), var("a"), var("b"), var("", INT)
    loop = For(i, upto(n), (p, q), (a, b0), Block((), Next((q, p))), (r, s))
    text = check(function("f", [a, b0, n], Block((loop,), Return((r, s))), 2), """
def f(a, b, n):
    for _ in range(n):
        a, b = b, a
    return a, b
""")
    assert run(text, "f", 1, 2, 3) == (2, 1)


def test_lost_copy() -> None:
    """The result is the value before the last step: it must outlive the assignment of the next one."""
    n, p, prev, r, last, i = var("n", INT), var("x"), var("last"), var("x"), var("last"), var("", INT)
    b = B()
    new = b("+", p, 1.0, hint="x")
    loop = For(i, upto(n), (p, prev), (Lit(0.0), Lit(-1.0)), b.block(Next((new, p))), (r, last))
    text = check(function("f", [n], Block((loop,), Return((r, last))), 2), """
def f(n):
    x = 0.0
    last = -1.0
    for _ in range(n):
        x_1 = x + 1.0
        last = x
        x = x_1
    return x, last
""")
    assert run(text, "f", 3) == (3.0, 2.0)
    b = B()
    new = b("+", p, 1.0)
    loop = For(i, upto(n), (p, prev), (Lit(0.0), Lit(-1.0)), b.block(Next((new, p))), (r, last))
    text = check(function("f", [n], Block((loop,), Return((r, last))), 2), """
def f(n):
    x = 0.0
    last = -1.0
    for _ in range(n):
        last = x
        x = x + 1.0
    return x, last
""")
    assert run(text, "f", 3) == (3.0, 2.0)


def test_branch() -> None:
    """A name that only one branch changes needs no else; an undefined side prints nothing."""
    x, c, y, r, q = var("x"), var("c", BOOL), var("x"), var("x"), var("z")
    one = B()
    y = one("*", x, 2.0, hint="x")
    z = one("+", x, 1.0, hint="z")
    branch = If(c, one.block(Yield((y, z))), Block((), Yield((x, UNDEF))), (r, q), line(1, "if c:"))
    text = check(function("f", [x, c], Block((branch,), Return((r,)))), """
def f(x, c):
    if c:
        z = x + 1.0
        x = x * 2.0
    return x
""")
    assert run(text, "f", 3.0, True) == 6.0 and run(text, "f", 3.0, False) == 3.0


def test_only_else() -> None:
    x, c, r = var("x"), var("c", BOOL), var("x")
    one = B()
    y = one("*", x, 2.0, hint="x")
    branch = If(c, Block((), Yield((x,))), one.block(Yield((y,))), (r,), line(1, "if c:"))
    check(function("f", [x, c], Block((branch,), Return((r,)))), """
def f(x, c):
    if not c:
        x = x * 2.0
    return x
""")


def test_elif() -> None:
    x, r, q = var("x"), var("y"), var("y")
    b = B()
    b.site = line(1, "if x > 1:")
    c, d = b(">", x, 1.0, t=BOOL), var()
    inner = b.sub()
    d = inner(">", x, 0.0, t=BOOL)
    inner.add(If(d, Block((), Yield((Lit(2.0),))), Block((), Yield((Lit(3.0),))), (q,), line(2, "elif x > 0:")))
    b.add(If(c, Block((), Yield((Lit(1.0),))), inner.block(Yield((q,))), (r,), b.site))
    text = check(function("f", [x], b.block(Return((r,)))), """
def f(x):
    if x > 1.0:
        y = 1.0
    elif x > 0.0:
        y = 2.0
    else:
        y = 3.0
    return y
""")
    assert [run(text, "f", v) for v in (2.0, 0.5, -1.0)] == [1.0, 2.0, 3.0]


def test_conditional_expressions() -> None:
    """Ternaries and short-circuit operators come back as the user wrote them."""
    x, y = var("x"), var("y")
    b = B("primal", line(1, "return (x if x > y else 2.0 * y) + 1.0"))
    side = b.sub()
    twice = side("*", 2.0, y)
    r = var("")
    b.add(If(b(">", x, y, t=BOOL), Block((), Yield((x,))), side.block(Yield((twice,))), (r,), b.site))
    text = check(function("f", [x, y], b.block(Return((b("+", r, 1.0),)))), """
def f(x, y):
    return (x if x > y else 2.0 * y) + 1.0
""")
    assert run(text, "f", 1.0, 2.0) == 5.0

    b = B("primal", line(1, "return x > 0 and y > x or y == 3"))
    a, p, q = b(">", x, 0, t=BOOL), Var(BOOL), Var(BOOL)
    side = b.sub()
    c = side(">", y, x, t=BOOL)
    b.add(If(a, side.block(Yield((c,))), Block((), Yield((a,))), (p,), b.site))
    side = b.sub()
    d = side("==", y, 3, t=BOOL)
    b.add(If(p, Block((), Yield((p,))), side.block(Yield((d,))), (q,), b.site))
    text = check(function("f", [x, y], b.block(Return((q,)))), """
def f(x, y):
    return x > 0 and y > x or y == 3
""")
    assert run(text, "f", -1.0, 3) is True


def test_early_return() -> None:
    """``for s in X: if s <= 0: return 0.0``, then a break, then the loop's result."""
    xs = var("X", VECTOR)
    b = B()
    n = b("len", xs, t=INT)
    i, best, out = var("", INT), var("best"), var("best")
    body = b.sub()
    s = body("getitem", xs, index=i, t=NP0, hint="s")
    c = body("<=", s, 0.0, t=BOOL)
    rest = body.sub()
    d = rest(">", s, 10.0, t=BOOL)
    last = rest.sub()
    m = last("+", best, s, hint="best")
    rest.add(If(d, Block((), Break((s,))), last.block(Next((m,)))))
    body.add(If(c, Block((), Return((Lit(0.0),))), rest.block(None)))
    b.add(For(i, upto(n), (best,), (Lit(0.0),), body.block(None), (out,)))
    trace = function("f", [xs], b.block(Return((b("*", out, out),))))
    text = check(trace, """
def f(X):
    best = 0.0
    for s in X:
        if s <= 0.0:
            return 0.0
        if s > 10.0:
            best = s
            break
        best = best + s
    return best * best
""")
    assert run(text, "f", np.array([1.0, 2.0])) == 9.0
    assert run(text, "f", np.array([1.0, -2.0])) == 0.0
    assert run(text, "f", np.array([1.0, 12.0, -1.0])) == 144.0
    assert "for i in range(n):" not in text
    trace_text = emit(trace, "trace")
    assert run(trace_text, "f", np.array([1.0, 12.0, -1.0])) == 144.0


def arrays(indexed: bool, two: bool) -> Trace:
    xs, ys = var("X", VECTOR), var("Y", VECTOR)
    b = B()
    n = b("minlen", xs, ys, t=INT) if two else b("len", xs, t=INT)
    i, total, out = var("i" if indexed else "", INT), var("s"), var("s")
    body = b.sub()
    x = body("getitem", xs, index=i, t=NP0, hint="a")
    term = body("*", x, body("getitem", ys, index=i, t=NP0, hint="b")) if two else x
    term = body("*", term, i) if indexed else term
    new = body("+", total, term, hint="s")
    b.add(For(i, upto(n), (total,), (Lit(0.0),), body.block(Next((new,))), (out,)))
    return function("f", [xs, ys], b.block(Return((out,))))


def test_loops_over_arrays() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    for indexed, two, header, expected in (
            (False, False, "for a in X:", 6.0), (True, False, "for i, a in enumerate(X):", 8.0),
            (False, True, "for a, b in zip(X, Y):", 14.0),
            (True, True, "for i, (a, b) in enumerate(zip(X, Y)):", 10.0)):
        text = emit(arrays(indexed, two))
        assert f"    {header}\n" in text, text
        assert run(text, "f", x, y) == expected == run(emit(arrays(indexed, two), "trace"), "f", x, y)


def tapes(first_backward: bool, second_backward: bool, split: bool = False, twice: bool = False) -> Trace:
    """Record i*i in one loop, weigh it with the position in another."""
    n, i, j = var("n", INT), var("i", INT), var("j", INT)
    b = B()
    sq = b("*", i, i)
    tape, item, s, out = var("t_tape", Tape(FLOAT)), var("t"), var("s"), var("s")
    first = For(i, upto(n), (), (), b.block(Next((), (sq,))), (), first_backward, outs=(tape,))
    b = B("adjoint")
    new = b("+", b("*", 10.0, s), b("*", item, j), hint="s")
    second = For(j, upto(n), (s,), (Lit(0.0),), b.block(Next((new,))), (out,), second_backward, (item,), (tape,),
                 sweep="adjoint")
    result = Node("tuple", (Leaf(0), Leaf(1)))
    stmts = (first, second)
    return function("f", [n], Block(stmts, Return((n, out))), result, split=split)


def test_tapes() -> None:
    heads = {(False, True): "for j in reversed(range(n)):", (True, False): "for j in range(n):",
             (False, False): "for j, t in zip(range(n), t_tape):",
             (True, True): "for j, t in zip(reversed(range(n)), t_tape):"}
    for (one, two), head in heads.items():
        text = emit(tapes(one, two))
        assert f"    {head}\n" in text, text
        assert ("t_tape.pop()" in text) == (one != two)
        expected = 0.0
        for j in reversed(range(4)) if two else range(4):
            expected = 10.0 * expected + j * j * j
        assert run(text, "f", 4) == (4, expected)
        split = emit(tapes(one, two, split=True))
        assert "pop" not in split
        _, pullback = run(split, "f", 4)
        assert pullback() == pullback() == expected


def test_nested_tapes() -> None:
    """A tape of tapes, taken apart from the end."""
    n, i, j = var("n", INT), var("i", INT), var("j", INT)
    inner = B()
    prod = inner("*", i, j, hint="p")
    tape, outer_tape = var("p_tape", Tape(INT)), var("p_tape_tape", Tape(Tape(INT)))
    loop = For(j, upto(n), (), (), inner.block(Next((), (prod,))), (), outs=(tape,))
    first = For(i, upto(n), (), (), Block((loop,), Next((), (tape,))), (), outs=(outer_tape,))
    i2, j2, item, p = var("", INT), var("", INT), var("p_tape", Tape(INT)), var("p", INT)
    s, t, u, out = var("s"), var("s"), var("s"), var("s")
    body = B("adjoint")
    new = body("+", body("*", 2.0, t), p, hint="s")
    back = For(j2, Along(item), (t,), (s,), body.block(Next((new,))), (u,), True, (p,), (item,), sweep="adjoint")
    second = For(i2, Along(outer_tape), (s,), (Lit(0.0),), Block((back,), Next((u,))), (out,), True, (item,),
                 (outer_tape,), sweep="adjoint")
    text = check(function("f", [n], Block((first, second), Return((out,)))), """
def f(n):
    # Forward sweep.
    p_tape_tape = []
    for i in range(n):
        p_tape = []
        for j in range(n):
            p = i * j
            p_tape.append(p)
        p_tape_tape.append(p_tape)

    # Reverse sweep.
    s = 0.0
    while p_tape_tape:
        p_tape = p_tape_tape.pop()
        while p_tape:
            p = p_tape.pop()
            s = 2.0 * s + p
    return s
""")
    expected = 0.0
    for a in reversed(range(3)):
        for c in reversed(range(3)):
            expected = 2 * expected + a * c
    assert run(text, "f", 3) == expected


def test_while_with_statements_in_the_test() -> None:
    x, p, out = var("x"), var("x"), var("x")
    test, body = B(), B()
    y = test("*", p, p, hint="y")
    c = test("<", y, 100.0, t=BOOL)
    new = body("*", p, 2.0, hint="x")
    loop = While((p,), (x,), test.block(Yield((c,))), body.block(Next((new,))), (out,))
    text = check(function("f", [x], Block((loop,), Return((out,)))), """
def f(x):
    while True:
        y = x * x
        if not y < 100.0:
            break
        x = x * 2.0
    return x
""")
    assert run(text, "f", 1.0) == 16.0


def test_raise_as_an_effect() -> None:
    """What stands after a raise is not printed."""
    x, r = var("x"), var("y")
    b = B("primal", line(1, "if x < 0:"))
    c = b("<", x, 0.0, t=BOOL)
    side = b.sub()
    side.effect("raise", Lit("negative"), kind=Ref("ValueError"))
    b.add(If(c, side.block(Yield((Lit(0.0),))), Block((), Yield((x,))), (r,), b.site))
    check(function("f", [x], b.block(Return((r,)))), """
def f(x):
    if x < 0.0:
        raise ValueError('negative')
    y = x
    return y
""".replace("    y = x\n", "    else:\n        y = x\n"))


def test_raise_and_assert() -> None:
    x = var("x")
    b = B()
    c = b("<", x, 0.0, t=BOOL)
    rest = B()
    rest.effect("assert", rest("<", x, 9.0, t=BOOL), Lit("too large"))
    b.add(If(c, Block((), Raise("ValueError", (Lit("negative"),))), rest.block(Return((x,)))))
    check(function("f", [x], b.block(None)), """
def f(x):
    if x < 0.0:
        raise ValueError('negative')
    assert x < 9.0, 'too large'
    return x
""")


def test_values_missing_on_a_path_are_not_copied() -> None:
    """What an inner branch may leave without a value has the name under which the outer one hands it on."""
    x, c, d = var("x"), var("c", BOOL), var("d", BOOL)
    b = B()
    outer, inner = var("s"), var("t")
    other = b.sub()
    deep = other.sub()
    made = deep("*", x, 2.0)
    other.add(If(d, deep.block(Yield((made,))), Block((), Yield((UNDEF,))), (inner,)))
    b.add(If(c, other.block(Yield((inner,))), Block((), Yield((x,))), (outer,)))
    last = var("y")
    more = b.sub()
    twice = more("*", outer, 3.0)
    b.add(If(d, more.block(Yield((twice,))), Block((), Yield((x,))), (last,)))
    text = emit(function("f", [x, c, d], b.block(Return((last,)))))
    assert [run(text, "f", 1.0, c, d) for c in (True, False) for d in (True, False)] == [6.0, 1.0, 3.0, 1.0]
