"""Signatures, structures, calls, helpers, comments, long lines."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np

from s2sad.emit import emit
from s2sad.trace.ir import Call, Const, Input, Leaf, Lit, Node, Return, Site, Trace, Var
from s2sad.trace.types import UNKNOWN, Array
from tests.emit.make import FLOAT, INT, MATRIX, NP0, VECTOR, B, Block, body_of, function, line, run, var


def test_structured_argument() -> None:
    """``params`` is unpacked; parts that are no numbers are skipped; the result has lists and tuples."""
    w, c = var("W"), var("c")
    b = B()
    y = b("*", w, c, hint="y")
    tree = Node("list", (Node("tuple", (Leaf(0), Const("relu"))), Node("tuple", (Leaf(1),))))
    result = Node("tuple", (Leaf(0), Node("list", (Node("tuple", (Leaf(1), Const(None))), Node("tuple", (Leaf(2),))))))
    trace = Trace("f", (Input("params", tree),), (w, c), b.block(Return((y, c, w))), result)
    text = emit(trace)
    assert body_of(text) == """\
def f(params):
    [(W, _), (c,)] = params
    y = W * c
    return y, [(c, None), (W,)]"""
    assert run(text, "f", [(2.0, "relu"), (3.0,)]) == (6.0, [(3.0, None), (2.0,)])


def test_globals_are_keywords() -> None:
    x, g = var("x"), var("g")
    b = B()
    y = b("*", x, g, hint="y")
    inputs = (Input("x", Leaf(0), Lit(1.5)), Input("g", Leaf(1), Lit(2.0), "global"))
    text = emit(Trace("f", inputs, (x, g), b.block(Return((y,))), Leaf(0)))
    assert "def f(x=1.5, *, g=2.0):" in text
    assert run(text, "f") == 3.0 and run(text, "f", 1.0, g=4.0) == 4.0


def test_call() -> None:
    """Arguments are put back into the callee's structures; results nobody reads are ``_``."""
    a, c = var("a"), var("c")
    b = B()
    pair = Node("tuple", (Leaf(0), Leaf(1)))
    s, p = b("+", a, c, hint="s"), b("*", a, c, hint="p")
    callee = Trace("g", (Input("pair", pair),), (a, c), b.block(Return((s, p))), pair)
    x = var("x")
    u, v = Var(FLOAT, ""), Var(FLOAT, "w")
    body = Block((Call((u, v), "g", (x, Lit(3.0))),), Return((v,)))
    text = emit(function("f", [x], body, callees=(callee,)))
    assert text.index("def g(") < text.index("def f(")
    assert "    _, w = g((x, 3.0))\n" in text
    assert run(text, "f", 2.0) == 6.0


def test_names_never_collide() -> None:
    """Keywords, built-ins in use, modules and functions of the text stay what they are."""
    x = var("x")
    b = B()
    first = b("abs", x, hint="abs")
    second = b("np.sin", first, hint="np")
    third = b("+", first, second, hint="lambda")
    fourth = b("+", second, third, hint="f")
    text = emit(function("f", [x], b.block(Return((b("*", first, fourth, hint="len"), second, third))), 3))
    assert body_of(text) == """\
def f(x):
    abs_1 = abs(x)
    np_1 = np.sin(abs_1)
    lambda_ = abs_1 + np_1
    f_1 = np_1 + lambda_
    len = abs_1 * f_1
    return len, np_1, lambda_"""
    assert run(text, "f", -1.0)[1] == np.sin(1.0)


def test_imports_and_helpers() -> None:
    x, u = var("x"), Var(UNKNOWN, "u")
    b = B()
    y = b("math.sin", x, hint="y")
    z = b("scipy.special.erf", y, hint="z")
    w = b("unbroadcast", u, x, hint="w")
    text = emit(function("f", [x, u], b.block(Return((z, w))), 2))
    assert text.startswith("import math\nimport numpy as np\nimport scipy.special\n\n\ndef unbroadcast(v, like):")
    assert run(text, "f", 1.0, np.ones(3))[1] == 3.0


def test_styles_and_options() -> None:
    x = var("x", MATRIX)
    b = B()
    b("np.sum", x, axis=1, keepdims=True, t=VECTOR, hint="a", style="method")
    b("np.sum", x, axis=1, t=VECTOR, hint="b")
    b("np.transpose", x, t=MATRIX, hint="c", style="attr")
    b("np.reshape", x, shape=(-1, 2), t=MATRIX, hint="d", style="method")
    b("np.concatenate", x, x, axis=1, t=MATRIX, hint="e")
    b("cast", x, dtype="f4", t=Array("f4", MATRIX.dims), hint="g")
    b("getitem", x, index=(slice(1, -1), None, Ellipsis), t=MATRIX, hint="h")
    b("shape", x, axis=0, t=INT, hint="i")
    b("**", b("neg", x, t=MATRIX), -2.0, t=MATRIX, hint="j")
    b("zeros_like", b("np.sum", x, t=NP0, hint="s"), t=NP0, hint="z")
    lines = body_of(emit(function("f", [x], b.block(Return((x,)))))).splitlines()
    assert [x.strip() for x in lines[1:-1]] == [
        "a = x.sum(axis=1, keepdims=True)", "b = np.sum(x, axis=1)", "c = x.T", "d = x.reshape((-1, 2))",
        "e = np.concatenate((x, x), axis=1)", "g = x.astype(np.float32)", "h = x[1:-1, None, ...]", "i = x.shape[0]",
        "j = (-x)**-2.0" if "j = (-x)**-2.0" in "\n".join(lines) else "j = (-x) ** -2.0", "s = np.sum(x)", "z = 0.0"]


def test_users_comments() -> None:
    x = var("x")
    b = B("primal", line(2, "y = x * x"))
    y = b("*", x, x, hint="y")
    b.site = line(3, "z = y + 1")
    z = b("+", y, 1.0, hint="z")
    text = emit(function("f", [x], b.block(Return((z,))), comments=((2, "# square"), (9, "# elsewhere"))))
    assert "    y = x * x  # square\n" in text and "elsewhere" not in text


def test_long_expressions() -> None:
    """A sum too long for a line keeps temporaries; what cannot be cut that way is wrapped."""
    xs = [var(f"a_rather_long_name_{k}") for k in range(12)]
    b = B()
    v = xs[0]
    for x in xs[1:]:
        v = b("+", v, b("np.sin", x))
    text = emit(function("f", xs, b.block(Return((v,)))))
    assert max(map(len, text.splitlines())) <= 100 and "v1 = " in text
    assert abs(run(text, "f", *[1.0] * 12) - (1 + 11 * np.sin(1.0))) < 1e-12
    b = B()
    out = b("np.stack", *xs, t=VECTOR, hint="out")
    text = emit(function("f", xs, b.block(Return((out,)))))
    assert max(map(len, text.splitlines())) <= 100
    assert list(run(text, "f", *range(12))) == list(range(12))


def test_docstring() -> None:
    x = var("x")
    text = emit(function("f", [x], Block((), Return((x,))), doc="word " * 60 + "\n\nSecond \\paragraph."))
    node = ast.parse(text).body[1]
    assert isinstance(node, ast.FunctionDef) and "Second \\paragraph." in (ast.get_docstring(node) or "")
    assert max(map(len, text.splitlines())) <= 90


def test_split_with_structured_seeds() -> None:
    x, s, t = var("x"), var("s"), var("t")
    b = B()
    y = b("*", x, x, hint="y")
    b.sweep, b.site = "adjoint", Site("e.py", 1, "y = x * x")
    g = b("*", b("+", s, t), b("*", 2.0, x), hint="x_bar")
    inputs = (Input("x", Leaf(0)), Input("y_bar", Node("tuple", (Leaf(1), Leaf(2))), kind="seed"))
    result = Node("tuple", (Node("tuple", (Leaf(0), Leaf(0 + 1))), Leaf(2)))
    trace = Trace("f", inputs, (x, s, t), b.block(Return((y, y, g))), result, split=True)
    text = emit(trace)
    assert body_of(text) == """\
def f(x):
    y = x * x

    def pullback(y_bar):
        s, t = y_bar
        x_bar = (s + t) * (2.0 * x)            # y = x * x
        return x_bar

    return (y, y), pullback"""
    _, pullback = run(text, "f", 3.0)
    assert pullback((1.0, 2.0)) == 18.0


def test_pullback_names_are_its_own() -> None:
    """An adjoint that would like the name of an outer variable gets another: it would become local."""
    x, s = var("x"), var("s")
    b = B()
    y = b("*", x, x, hint="y")
    b.sweep = "adjoint"
    z = b("*", y, s, hint="y")
    result = Node("tuple", (Leaf(0), Leaf(1)))
    text = emit(function("f", [x, s], b.block(Return((y, z))), result, ("s",), split=True))
    y1, pullback = run(text, "f", 3.0)
    assert (y1, pullback(2.0), pullback(2.0)) == (9.0, 18.0, 18.0)


def test_linked_names() -> None:
    """``#12_bar`` is named after variable 12; if that has no name of its own, both count together."""
    x = var("x")
    b = B()
    u = b("np.sin", x)
    b.sweep = "adjoint"
    u_bar = b("*", x, u, hint=f"#{u.uid}_bar")
    other = b("+", u_bar, u, hint="#0_bar")
    text = emit(function("f", [x], b.block(Return((u, u_bar, b("*", other, u_bar, hint=""), other))), 4), "trace")
    assert "    v1_bar = x * v1\n" in text and "    v2_bar = v1_bar + v1\n" in text and "    v3 = " in text


def test_same_trace_same_text() -> None:
    """Numbers of variables leave no trace in the text."""
    def make() -> Trace:
        x = var("x")
        b = B()
        return function("f", [x], b.block(Return((b("+", b("*", x, x), 1.0, hint="y"),))))

    first, second = make(), make()
    assert emit(first) == emit(second) and emit(replace(first, doc="a")) != emit(second)
    assert str(first) == str(second)




def test_comments_on_lines_of_their_own_stay_above_their_statement() -> None:
    x = var("x")
    b = B()
    b.site = line(3, "z = x * x")
    z = b("*", x, x, hint="z")
    text = emit(function("f", [x], b.block(Return((z,))), remarks=((3, "# first"), (3, "# second"))))
    assert text.endswith("    # first\n    # second\n    z = x * x\n    return z\n")
