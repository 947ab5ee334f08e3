"""The first two programs of the ideal text, from traces made by hand."""

from __future__ import annotations

import math

import numpy as np

from tests.emit.make import (
    BOOL,
    INT,
    B,
    Block,
    For,
    If,
    Leaf,
    Lit,
    Next,
    Node,
    Return,
    Tape,
    Trace,
    Yield,
    body_of,
    emit,
    function,
    line,
    run,
    upto,
    var,
)

LINE = line(5, "y = np.log(x1) + x1 * x2 - np.sin(x2)")
PAIR = Node("tuple", (Leaf(0), Node("tuple", (Leaf(1), Leaf(2)))))


def survey_vjp(split: bool = False, ops: bool = False) -> Trace:
    """f(x1, x2) = ln(x1) + x1*x2 - sin(x2); ``ops`` gives every operation a line of its own."""
    def site(text: str, k: int) -> None:
        b.site = line(10 + k, text) if ops else LINE

    x1, x2, y_bar = var("x1"), var("x2"), var("y_bar")
    b = B("primal")
    site("v1 = np.log(x1)", 1)
    v1 = b("np.log", x1)
    site("v2 = x1 * x2", 2)
    v2 = b("*", x1, x2)
    site("v3 = np.sin(x2)", 3)
    v3 = b("np.sin", x2)
    site("v4 = v1 + v2", 4)
    v4 = b("+", v1, v2)
    site("y = v4 - v3", 5)
    y = b("-", v4, v3, hint="y")
    b.sweep = "adjoint"
    v3_bar = b("neg", y_bar, hint=f"#{v3.uid}_bar") if ops else y_bar
    site("v3 = np.sin(x2)", 3)
    c = b("np.cos", x2)
    if ops:
        x2_bar = b("*", v3_bar, c, hint="x2_bar")
    site("v2 = x1 * x2", 2)
    x1_bar = b("*", y_bar, x2, hint="x1_bar")
    if ops:
        x2_bar = b("+", x2_bar, b("*", y_bar, x1), hint="x2_bar")
    site("v1 = np.log(x1)", 1)
    x1_bar = b("+", x1_bar, b("/", y_bar, x1), hint="x1_bar")
    if not ops:
        x2_bar = b("-", b("*", y_bar, x1, hint="x2_bar"), b("*", y_bar, c), hint="x2_bar")
    doc = "Split adjoint of f (example.py:4).  Return y and pullback: y_bar -> (x1_bar, x2_bar)." if split else (
        "Adjoint of f (example.py:4).  Return y and (x1_bar, x2_bar) = y_bar (dy/dx1, dy/dx2).")
    return function("f_vjp", [x1, x2, y_bar], b.block(Return((y, x1_bar, x2_bar))), PAIR, ("y_bar",), split=split,
                    doc=doc)


def test_survey_source() -> None:
    text = emit(survey_vjp())
    assert text == '''\
import numpy as np


def f_vjp(x1, x2, y_bar=1.0):
    """Adjoint of f (example.py:4).  Return y and (x1_bar, x2_bar) = y_bar (dy/dx1, dy/dx2)."""
    # Forward sweep.
    y = np.log(x1) + x1 * x2 - np.sin(x2)

    # Reverse sweep.
    # y = np.log(x1) + x1 * x2 - np.sin(x2)
    x1_bar = y_bar * x2 + y_bar / x1
    x2_bar = y_bar * x1 - y_bar * np.cos(x2)
    return y, (x1_bar, x2_bar)
'''
    y, (a, b) = run(text, "f_vjp", 2.0, 5.0)
    assert math.isclose(y, math.log(2) + 10 - math.sin(5))
    assert math.isclose(a, 5.5) and math.isclose(b, 2 - math.cos(5))


def test_survey_trace() -> None:
    text = emit(survey_vjp(ops=True), "trace")
    assert body_of(text, "f_vjp") == '''\
def f_vjp(x1, x2, y_bar=1.0):
    """Adjoint of f (example.py:4).  Return y and (x1_bar, x2_bar) = y_bar (dy/dx1, dy/dx2)."""
    # Forward sweep.
    v1 = np.log(x1)
    v2 = x1 * x2
    v3 = np.sin(x2)
    v4 = v1 + v2
    y = v4 - v3

    # Reverse sweep.
    v3_bar = -y_bar                            # y = v4 - v3
    v5 = np.cos(x2)                            # v3 = np.sin(x2)
    x2_bar = v3_bar * v5
    # v2 = x1 * x2
    x1_bar = y_bar * x2
    v6 = y_bar * x1
    x2_bar = x2_bar + v6
    v7 = y_bar / x1                            # v1 = np.log(x1)
    x1_bar = x1_bar + v7
    return y, (x1_bar, x2_bar)'''
    assert run(text, "f_vjp", 2.0, 5.0) == run(emit(survey_vjp()), "f_vjp", 2.0, 5.0)


def test_survey_split() -> None:
    text = emit(survey_vjp(split=True))
    assert body_of(text, "f_vjp") == '''\
def f_vjp(x1, x2):
    """Split adjoint of f (example.py:4).  Return y and pullback: y_bar -> (x1_bar, x2_bar)."""
    y = np.log(x1) + x1 * x2 - np.sin(x2)

    def pullback(y_bar=1.0):
        # y = np.log(x1) + x1 * x2 - np.sin(x2)
        x1_bar = y_bar * x2 + y_bar / x1
        x2_bar = y_bar * x1 - y_bar * np.cos(x2)
        return x1_bar, x2_bar

    return y, pullback'''
    y, pullback = run(text, "f_vjp", 2.0, 5.0)
    assert (y, pullback()) == run(emit(survey_vjp()), "f_vjp", 2.0, 5.0)
    assert pullback(2.0)[0] == 11.0


def growth_vjp() -> Trace:
    """A branch in a loop: the branch is recorded, its tape popped in the reverse loop."""
    x, n, s_bar = var("x"), var("n", INT), var("s_bar")
    sites = {k: line(k, t) for k, t in ((11, "s = 0.0"), (12, "for i in range(n):"), (13, "if s > 1.0:"),
                                        (14, "s = s + np.sin(x)"), (16, "s = s + x * x"))}
    s, out, i, r = var("s"), var("s"), var("i", INT), var("s")
    body = B("primal", sites[13])
    branch = body(">", s, 1.0, t=BOOL, hint="branch")
    one, two = body.sub(), body.sub()
    one.site, two.site = sites[14], sites[16]
    s1 = one("+", s, one("np.sin", x), hint="s")
    s2 = two("+", s, two("*", x, x), hint="s")
    body.add(If(branch, one.block(Yield((s1,))), two.block(Yield((s2,))), (r,), sites[13]))
    tape = var("branch_tape", Tape(BOOL))
    forward = For(i, upto(n), (s,), (Lit(0.0),), body.block(Next((r,), (branch,))), (out,), outs=(tape,),
                  site=sites[12])
    xb, xr, xf, item, j = var("x_bar"), var("x_bar"), var("x_bar"), var("branch", BOOL), var("i", INT)
    back = B("adjoint", sites[13])
    one, two = back.sub(), back.sub()
    one.site, two.site = sites[14], sites[16]
    x1 = one("+", xb, one("*", s_bar, one("np.cos", x)), hint="x_bar")
    x2 = two("+", xb, two("*", two("*", 2.0, x), s_bar), hint="x_bar")
    back.add(If(item, one.block(Yield((x1,))), two.block(Yield((x2,))), (xr,), sites[13], "adjoint"))
    reverse = For(j, upto(n), (xb,), (Lit(0.0),), back.block(Next((xr,))), (xf,), True, (item,), (tape,),
                  site=sites[12], sweep="adjoint")
    return function("growth_vjp", [x, n, s_bar], Block((forward, reverse), Return((out, xf))), 2, ("s_bar",),
                    doc="Adjoint of growth (example.py:9) in x.  Return s and x_bar = s_bar ds/dx.",
                    comments=((14, "# slow growth once s is large"),))


def test_growth() -> None:
    text = emit(growth_vjp())
    assert body_of(text, "growth_vjp") == '''\
def growth_vjp(x, n, s_bar=1.0):
    """Adjoint of growth (example.py:9) in x.  Return s and x_bar = s_bar ds/dx."""
    # Forward sweep.
    branch_tape = []
    s = 0.0
    for i in range(n):
        branch = s > 1.0
        if branch:
            s = s + np.sin(x)  # slow growth once s is large
        else:
            s = s + x * x
        branch_tape.append(branch)

    # Reverse sweep.
    x_bar = 0.0
    for i in reversed(range(n)):
        branch = branch_tape.pop()
        if branch:
            x_bar = x_bar + s_bar * np.cos(x)      # s = s + np.sin(x)
        else:
            x_bar = x_bar + 2.0 * x * s_bar        # s = s + x * x
    return s, x_bar'''
    s, x_bar = run(text, "growth_vjp", 0.7, 5)
    h = 1e-6
    up, down = (run(text, "growth_vjp", 0.7 + d, 5)[0] for d in (h, -h))
    assert abs((up - down) / (2 * h) - x_bar) < 1e-8
    assert run(emit(growth_vjp(), "trace"), "growth_vjp", 0.7, 5) == (s, x_bar)
    assert np.isfinite(s)


def newton_vjp() -> Trace:
    """Newton's method: a while loop that records x, a reverse loop along the tape."""
    from s2sad.trace.ir import Along, While
    a, x_bar = var("a"), var("x_bar")
    step, copy = line(38, "x = 0.5 * (x + a / x)"), line(36, "x = a")
    x, out, tape = var("x"), var("x"), var("x_tape", Tape(a.type))
    test, body = B("primal", line(37, "while abs(x * x - a) > 1e-12:")), B("primal", step)
    c = test(">", test("abs", test("-", test("*", x, x), a)), 1e-12, t=BOOL)
    new = body("*", 0.5, body("+", x, body("/", a, x)), hint="x")
    loop = While((x,), (a,), test.block(Yield((c,))), body.block(Next((new,), (x,))), (out,), (tape,), site=test.site)
    ab, xb, ar, xr, old, i = var("a_bar"), var("x_bar"), var("a_bar"), var("x_bar"), var("x"), var("", INT)
    back = B("adjoint", step)
    v1 = back("*", 0.5, xb, hint="v1_bar")
    ab1 = back("+", ab, back("/", v1, old), hint="a_bar")
    xb1 = back("-", v1, back("/", back("*", v1, a), back("**", old, 2)), hint="x_bar")
    reverse = For(i, Along(tape), (ab, xb), (Lit(0.0), x_bar), back.block(Next((ab1, xb1))), (ar, xr), True, (old,),
                  (tape,), sweep="adjoint", site=test.site)
    end = B("adjoint", copy)
    final = end("+", ar, xr, hint="a_bar")
    return function("newton_sqrt_vjp", [a, x_bar], Block((loop, reverse, *end.stmts), Return((out, final))), 2,
                    ("x_bar",))


def test_newton() -> None:
    text = emit(newton_vjp())
    assert body_of(text, "newton_sqrt_vjp") == '''\
def newton_sqrt_vjp(a, x_bar=1.0):
    # Forward sweep.
    x_tape = []
    x = a
    while abs(x * x - a) > 1e-12:
        x_tape.append(x)
        x = 0.5 * (x + a / x)
    result = x

    # Reverse sweep.
    a_bar = 0.0
    while x_tape:
        x = x_tape.pop()
        # x = 0.5 * (x + a / x)
        v1_bar = 0.5 * x_bar
        a_bar = a_bar + v1_bar / x
        x_bar = v1_bar - v1_bar * a / x**2
    a_bar = a_bar + x_bar                      # x = a
    return result, a_bar'''
    x, a_bar = run(text, "newton_sqrt_vjp", 2.0)
    assert math.isclose(x, math.sqrt(2)) and math.isclose(a_bar, 0.5 / math.sqrt(2), rel_tol=1e-6)
