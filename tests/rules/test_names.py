"""Names of operations, declarations of users, identities."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
import pytest

from s2sad.errors import NeedsStatic, NotApplicable
from s2sad.frontend.equivalents import EQUIVALENTS
from s2sad.rules import table
from s2sad.rules.builder import Builder
from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.language import parse_expression
from s2sad.rules.rewrites import Apply, Meta, Pattern, rewrites_for
from s2sad.trace.ir import NONE, Lit, Op, Slc, Tup, Var
from s2sad.trace.types import FLOAT, INT, UNKNOWN, Array, Dim


@pytest.mark.parametrize("obj, name", [
    (np.sin, "np.sin"), (np.absolute, "np.abs"), (np.mod, "np.remainder"), (math.exp, "math.exp"), (abs, "abs"),
    (np.linalg.norm, "np.linalg.norm"), (operator.add, "+"), (np.true_divide, "np.divide"), (np.amax, "np.max"),
    (float, "float"), (len, "len"), (print, None), (np.savetxt, None), (3, None),
])
def test_lookup(obj: Any, name: str | None) -> None:
    assert table.lookup(obj) == name


def test_lookup_name() -> None:
    assert table.lookup_name("numpy.linalg.inv") == "np.linalg.inv"
    assert table.lookup_name("np.arcsin") == "np.arcsin"
    assert table.lookup_name("math.sin") == "math.sin"
    assert table.lookup_name("abs") == "abs"
    assert table.lookup_name("scipy.special.erf") == "scipy.special.erf"
    assert table.lookup_name("scipy.special.nothing") is None
    assert table.lookup_name("np.nothing") is None
    assert table.lookup_name("getitem") is None


def test_every_name_exists() -> None:
    for name in (*table.METHODS.values(), *table.ATTRIBUTES.values()):
        assert table.find(name) is not None or name in EQUIVALENTS, name
    for fn, d in DECLARATIONS.items():
        rule = table.find(fn)
        assert rule is not None and rule.signature.fn in (fn, fn.replace("is_not", "is_not")), d
        for keyword, text in d.keywords:
            assert keyword.isidentifier() and parse_expression(text) is not None


def test_users_add_rules() -> None:
    def cube(x: float) -> float:
        return x**3

    before = table.table_version()
    table.rule("z = mylib.cube(x)", x="3.0 * x**2", fn=cube)
    try:
        assert table.lookup(cube) == "mylib.cube"
        assert table.table_version() != before
        x = Var(FLOAT, "x")
        b = Builder()
        z = b.op("mylib.cube", x)
        assert z.type == FLOAT
        table.adjoint(b, Op(z, "mylib.cube", (x,)), Var(FLOAT), [True])
        assert [s.fn for s in b.stmts if isinstance(s, Op)] == ["mylib.cube", "**", "*", "*"]
        assert [d.name for d in table.describe_rules("cube")] == ["mylib.cube"]
    finally:
        table.forget("mylib.cube")
    assert table.table_version() == before
    assert table.lookup(cube) is None


def test_refusals() -> None:
    n, x = Var(INT, "n"), Var(Array("f8", (Dim.constant(3),)), "x")
    with pytest.raises(NeedsStatic):
        table.infer("np.sum", (x,), {"axis": n})
    with pytest.raises(NotApplicable):
        table.infer("+", (x, Var(Array("f8", (Dim.constant(2),)))), {})
    with pytest.raises(NotApplicable):
        table.infer("@", (x, Var(UNKNOWN)), {})
    with pytest.raises(NotApplicable):
        table.infer("np.sum", (x,), {"axis": Lit(1)})
    with pytest.raises(NotApplicable):
        table.infer("math.sin", (x,), {})
    with pytest.raises(NotApplicable):
        table.infer("np.nothing", (x,), {})
    with pytest.raises(NotApplicable):
        table.infer("getitem", (x,), {"index": Tup((Lit(0), Lit(0)))})
    with pytest.raises(NotApplicable):
        table.infer("np.zeros", (), {"shape": Var(FLOAT)})
    z = Var(Array("c16", ()))
    with pytest.raises(NotApplicable):
        table.adjoint(Builder(), Op(z, "scipy.special.digamma", (Var(Array("c16", ())),)), z, [True])


def test_flags() -> None:
    for fn, flag in (("+", "cheap"), ("np.sin", "elementwise"), ("np.sum", "fresh"), ("np.sin", "differentiable")):
        assert getattr(table.find(fn), flag), (fn, flag)
    for fn, flag in (("np.exp", "cheap"), ("np.sum", "elementwise"), ("getitem", "fresh"), ("assert", "pure"),
                     ("np.floor", "differentiable")):
        found = table.find(fn)
        assert found is not None and not getattr(found, flag), (fn, flag)


def test_slices() -> None:
    x = Var(Array("f8", (Dim.symbol("n"),)))
    cases = ((1, -1, "n - 2"), (None, -1, "n - 1"), (1, None, "n - 1"), (None, None, "n"), (2, -2, "n - 4"))
    for lo, hi, text in cases:
        found = table.infer("getitem", (x,), {"index": Slc(Lit(lo), Lit(hi), NONE)})
        assert repr(found) == f"f8[{text}]"


def evaluate(p: Pattern, env: dict[str, float]) -> float:
    if isinstance(p, Meta):
        return env[p.name]
    if isinstance(p, Lit):
        return float(p.value)
    assert isinstance(p, Apply)
    args = [np.float64(evaluate(a, env)) for a in p.args]
    return float({"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power, "neg": np.negative,
                  "np.transpose": np.transpose}[p.fn](*args))


@pytest.mark.parametrize("fn", ["+", "-", "*", "/", "**", "neg", "np.transpose"])
def test_identities_keep_values(fn: str) -> None:
    assert rewrites_for(fn)
    specials = [1.5, -0.7, 0.0, float("inf"), float("-inf"), float("nan")]
    for r in rewrites_for(fn):
        for x in specials:
            for y in specials:
                env = {"x": x, "y": y, "c": 2.0, "c1": 3.0, "c2": 0.5}
                with np.errstate(all="ignore"):
                    np.testing.assert_allclose(evaluate(r.replacement, env), evaluate(r.pattern, env), rtol=1e-14,
                                               err_msg=f"{r} at {x}, {y}")


def test_no_function_of_the_rule_language_hides_another() -> None:
    from s2sad.rules.derive import ALL_MACROS
    from s2sad.rules.families import of_families
    from s2sad.rules.macros import MACROS
    from s2sad.rules.macros_gather import GATHERS
    from s2sad.rules.macros_products import PRODUCTS

    added = of_families()
    for basic in (MACROS, GATHERS, PRODUCTS):
        for name, fn in basic.items():
            assert ALL_MACROS[name] is fn, name
    assert set(added) <= set(ALL_MACROS)
