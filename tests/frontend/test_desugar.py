"""Desugaring: the same behaviour, statement by statement, with exits in tail position only."""

from __future__ import annotations

import ast
import contextlib
import itertools
import textwrap
import time
from collections.abc import Callable, Iterator
from typing import Any

import gast
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2sad.frontend import desugar as desugar_module
from s2sad.frontend.desugar import desugar, is_endless, local_names
from s2sad.frontend.exits import scope, tails
from s2sad.frontend.modules import deep_recursion

EXITS = (gast.Return, gast.Raise, gast.Break, gast.Continue)


def parse(text: str) -> Any:
    with deep_recursion():
        return gast.parse(textwrap.dedent(text)).body[0]


def text(node: Any) -> str:
    with deep_recursion():
        return ast.unparse(gast.gast_to_ast(node)).strip()


class Enough(BaseException):
    """The conditions have run out."""


def compiled(node: Any) -> Any:
    with deep_recursion():
        module = gast.gast_to_ast(gast.Module(body=[node], type_ignores=[]))
        return compile(ast.fix_missing_locations(module), "f.py", "exec")


def behaviour(code: Any, bits: int, count: int = 12) -> tuple[list[str], str]:
    """What the function does when its conditions come out as the bits say: what it calls, and how it ends."""
    log: list[str] = []
    conditions = iter([bool(bits >> k & 1) for k in range(count)])

    def c() -> bool:
        try:
            return next(conditions)
        except StopIteration:
            raise Enough from None

    def t(k: int) -> int:
        if len(log) > 60:
            raise Enough
        log.append(f"t{k}")
        return k

    @contextlib.contextmanager
    def w() -> Iterator[None]:
        log.append("enter")
        try:
            yield
        finally:
            log.append("leave")

    namespace: dict[str, Any] = {"c": c, "t": t, "w": w}
    exec(code, namespace)
    try:
        return log, repr(namespace["f"]())
    except (Enough, KeyError) as error:
        return log, repr(error)


def check(source: str, tries: range = range(0, 4096, 37)) -> None:
    """The desugared function does what the function does, and has the promised form."""
    before, after = parse(source), desugar(parse(source))
    structured(after.body)
    old, new = compiled(before), compiled(after)
    for bits in tries:
        assert behaviour(old, bits) == behaviour(new, bits), f"{source}\n{text(after)}\n{bits}"


def structured(block: list[Any]) -> bool:
    """Check one block; whether it has an exit."""
    assert block
    found = False
    for number, stmt in enumerate(block):
        last = number == len(block) - 1
        if isinstance(stmt, EXITS):
            assert last
            found = True
        elif isinstance(stmt, gast.If):
            inner = [structured(b) for b in (stmt.body, stmt.orelse) if b]
            assert last or not any(inner), text(stmt)
            found = found or any(inner)
        elif isinstance(stmt, (gast.For, gast.While)):
            assert not stmt.orelse
            structured(stmt.body)
            assert last or not is_endless(stmt)
        elif isinstance(stmt, gast.With):
            only_exceptions_leave(stmt.body)
        elif isinstance(stmt, gast.Try):
            assert not stmt.finalbody
            only_exceptions_leave(stmt.body)
            inner = [structured(b) for b in (stmt.orelse, *(h.body for h in stmt.handlers)) if b]
            assert last or not any(inner) or not stmt.leaves, text(stmt)
            found = found or (any(inner) and last)
        elif isinstance(stmt, gast.Assign):
            assert len(stmt.targets) == 1
    return found


def only_exceptions_leave(body: list[Any]) -> None:
    structured(body)
    for node in scope(body):
        if isinstance(node, (gast.For, gast.While)):
            assert not any(isinstance(n, gast.Return) for n in scope(node.body))
        assert not isinstance(node, gast.Return)
    assert not any(isinstance(tail.last, (gast.Return, gast.Break, gast.Continue)) for tail in tails(body)[0])


# Small skeletons, all of them.


def blocks(size: int, loop: bool) -> Iterator[list[str]]:
    if size == 0:
        yield []
        return
    for first in range(1, size + 1):
        for head in statements(first, loop):
            for rest in blocks(size - first, loop):
                yield head + rest


def statements(size: int, loop: bool) -> Iterator[list[str]]:
    if size == 1:
        yield ["t(1)"]
        yield ["return t(2)"]
        if loop:
            yield ["break"]
            yield ["continue"]
        return
    for body in blocks(size - 1, loop):
        yield ["if c():", *indent(body)]
    for body in blocks(size - 1, True):
        yield ["while c():", *indent(body)]
    for first in range(1, size - 1):
        for body, orelse in itertools.product(blocks(first, loop), blocks(size - 1 - first, loop)):
            yield ["if c():", *indent(body), "else:", *indent(orelse)]
        for body, orelse in itertools.product(blocks(first, True), blocks(size - 1 - first, loop)):
            yield ["for i in range(2):", *indent(body), "else:", *indent(orelse)]


def indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


@pytest.mark.parametrize("repeat", [0, 16])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_small_skeleton(size: int, repeat: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desugar_module, "REPEAT", repeat)
    for body in blocks(size, False):
        check("\n".join(["def f():", *indent(body)]), range(8))


# Larger ones, by chance.


@st.composite
def programs(draw: st.DrawFn) -> str:
    counter = itertools.count()

    def block(depth: int, loop: bool) -> list[str]:
        return sum((statement(depth, loop) for _ in range(draw(st.integers(1, 3)))), [])

    def statement(depth: int, loop: bool) -> list[str]:
        simple = ["t", "t", "return", "raise", *(["break", "continue"] if loop else [])]
        compound = ["if", "ifelse", "elif", "while", "true", "for", "with", "try", "try"]
        kind = draw(st.sampled_from(simple + (compound if depth else [])))
        number = next(counter)
        if kind == "t":
            return [f"x{number % 3} = y = t({number})"]
        if kind == "return":
            return [draw(st.sampled_from(["return", f"return t({number})", "return 5"]))]
        if kind == "raise":
            return [f"raise KeyError(t({number}))"]
        if kind in ("break", "continue"):
            return [kind]
        if kind == "if":
            return ["if c():", *indent(block(depth - 1, loop))]
        if kind == "ifelse":
            return ["if c():", *indent(block(depth - 1, loop)), "else:", *indent(block(depth - 1, loop))]
        if kind == "elif":
            lines = ["if c():", *indent(block(depth - 1, loop)), "elif c():", *indent(block(depth - 1, loop))]
            return [*lines, "else:", *indent(block(depth - 1, loop))]
        if kind == "with":
            return ["with w():", *indent(block(depth - 1, loop))]
        if kind == "try":
            lines = ["try:", *indent(block(depth - 1, loop))]
            names = [["KeyError"], ["ValueError"], ["ValueError", "KeyError"], ["Exception"], []]
            for name in draw(st.sampled_from(names)):
                lines += [f"except {name} as e:", *indent(block(depth - 1, loop))]
                lines += draw(st.sampled_from([[], ["    raise"], ["    t(str(e))"], ["    return t(str(e))"]]))
            if len(lines) > 1 and any(line.startswith("except") for line in lines) and draw(st.booleans()):
                lines += ["else:", *indent(block(depth - 1, loop))]
            if not any(line.startswith("except") for line in lines) or draw(st.booleans()):
                lines += ["finally:", *indent(block(depth - 1, False))]
            return lines
        head = {"while": "while c():", "true": "while True:", "for": f"for i{number} in range(t({number % 3})):"}[kind]
        lines = [head, "    t(99)", *indent(block(depth - 1, True))]
        if draw(st.booleans()):
            lines += ["else:", *indent(block(depth - 1, loop))]
        return lines

    return "\n".join(["def f():", *indent(block(3, False))])


@given(programs(), st.sampled_from([0, 16]))
def test_random_programs(source: str, repeat: int) -> None:
    before = desugar_module.REPEAT
    desugar_module.REPEAT = repeat
    try:
        check(source)
    finally:
        desugar_module.REPEAT = before


def golden(source: str, expected: str) -> None:
    assert text(desugar(parse(source))) == ast.unparse(ast.parse(textwrap.dedent(expected)))


def test_early_return_becomes_else() -> None:
    golden(
        """
        def f(x):
            if x < 0:
                return -x
            y = 2 * x
            return y
        """,
        """
        def f(x):
            if x < 0:
                return -x
            else:
                y = 2 * x
                return y
        """,
    )


def test_exit_in_else_moves_the_rest_into_then() -> None:
    golden(
        """
        def f(x):
            for i in range(3):
                if x:
                    x = x - 1
                else:
                    break
                x = 2 * x
            return x
        """,
        """
        def f(x):
            for i in range(3):
                if x:
                    x = x - 1
                    x = 2 * x
                else:
                    break
            return x
        """,
    )


def test_loop_else_with_break_sets_a_flag_that_does_not_collide() -> None:
    golden(
        """
        def f(x, broke_):
            for i in range(3):
                if x:
                    break
            else:
                x = 1
            return x
        """,
        """
        def f(x, broke_):
            broke_2 = 0
            for i in range(3):
                if x:
                    broke_2 = 1
                    break
            if broke_2 == 0:
                x = 1
            return x
        """,
    )


def test_loop_else_without_break_follows() -> None:
    golden(
        """
        def f(x):
            while x:
                x -= 1
            else:
                x = 5
            return x
        """,
        """
        def f(x):
            while x:
                x -= 1
            x = 5
            return x
        """,
    )


def test_long_rest_is_not_repeated() -> None:
    rest = "\n".join(f"            x = x + {k}" for k in range(40))
    result = text(
        desugar(
            parse(f"""
        def f(x, a, b):
            if a:
                if b:
                    return x + a
                x = 1
            else:
                x = 2
{rest}
            return x
        """)
        )
    )
    assert result.count("x = x + 7") == 1
    assert "if exit_ == 1:\n        return x + a" in result


def test_falling_off_the_end_returns_none() -> None:
    golden("def f(x):\n    x[0] = 1", "def f(x):\n    x[0] = 1\n    return None")


def test_unreachable_code_is_dropped() -> None:
    golden("def f(x):\n    return x\n    x = 2", "def f(x):\n    return x")
    golden("def f(x):\n    while True:\n        x += 1\n    return x", "def f(x):\n    while True:\n        x += 1")


def test_unreachable_yield_is_kept_for_its_refusal() -> None:
    body = desugar(parse("def f(x):\n    return x\n    yield x")).body
    assert isinstance(body[0].value, gast.Yield) and body[0].lineno == 3


def test_names_of_unreachable_code_stay_local() -> None:
    assert local_names(parse("def f(a, *b, c=1, **d):\n    return x\n    x = 1")) == {"a", "b", "c", "d", "x"}
    assert local_names(parse("def f():\n    import os.path\n    [y for y in z]\n    lambda q: q")) == {"os"}
    assert local_names(parse("def f():\n    return [w := y for y in z]")) == {"w"}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("a = b = x", "a = x\nb = a"),
        ("a = (b, c) = x", "a = x\nb, c = a"),
        ("a[0] = b = x", "value_ = x\na[0] = value_\nb = value_"),
        ("a = (a, b) = c = x", "value_ = x\na = value_\na, b = value_\nc = value_"),
        ("a: float = x", "a = x"),
        ("a += x", "a += x"),
        ("a, (b, *c) = x", "a, (b, *c) = x"),
    ],
)
def test_assignments(statement: str, expected: str) -> None:
    golden(f"def f(x):\n    {statement}\n    return a", f"def f(x):\n{textwrap.indent(expected, '    ')}\n    return a")


def test_every_node_has_a_place() -> None:
    tree = desugar(
        parse("""
        def f(x):
            for i in range(3):
                if x:
                    break
            else:
                a = b[0] = 1
        """)
    )
    for node in gast.walk(tree):
        if isinstance(node, (gast.stmt, gast.expr)) and not isinstance(getattr(node, "ctx", None), gast.Param):
            assert node.lineno >= 1 and node.end_lineno >= node.lineno


def test_input_is_left_alone() -> None:
    tree = parse("def f(x):\n  for i in x:\n    if i:\n      break\n  else:\n    a = b = 1\n  return a")
    before = gast.dump(tree, include_attributes=True)
    desugar(tree)
    assert gast.dump(tree, include_attributes=True) == before


def seconds(make: Callable[[int], str], count: int) -> float:
    tree = parse(make(count))
    start = time.perf_counter()
    desugar(tree)
    return time.perf_counter() - start


def test_long_functions_take_linear_time() -> None:
    def straight(count: int) -> str:
        return "def f(x):\n" + "    x = x + 1\n" * count + "    return x"

    assert seconds(straight, 3000) < 2.0
    assert len(desugar(parse(straight(3000))).body) == 3001


def test_many_early_returns_nest() -> None:
    def guards(count: int) -> str:
        return "def f(x):\n" + "".join(f"    if x == {k}:\n        return {k}\n" for k in range(count)) + "    return x"

    assert seconds(guards, 300) < 2.0
    node, depth = desugar(parse(guards(300))).body, 0
    while isinstance(node[0], gast.If):
        node, depth = node[0].orelse, depth + 1
    assert depth == 300


def test_long_sums_and_elif_chains_go_through() -> None:
    desugar(parse("def f(x):\n    if x:\n        return x\n    y = " + " + ".join(["x"] * 900) + "\n    return y"))
    chain = "".join(f"    elif x == {k}:\n        y = {k}\n" for k in range(200))
    check(f"def f():\n    x = t(3)\n    y = 0\n    if c():\n        return 1\n{chain}    t(y)\n    return y", range(4))
