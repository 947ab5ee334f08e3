"""The text of a function object: found for every way to make one, refused when it is not the text."""

from __future__ import annotations

import functools
import gc
import importlib.util
import linecache
import os
import subprocess
import sys
import textwrap
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gast
import pytest

from s2sad.errors import SourceError, TargetError
from s2sad.frontend.source import FunctionSource, file_function_source, function_source, location, statement_text

Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Import a text as a module from a file."""
    count = 0

    def make(text: str, name: str = "") -> Any:
        nonlocal count
        count += 1
        path = tmp_path / f"{name or f'module{count}'}.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # No bytecode file: a test that edits the text would meet the old one.
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
        return module

    return make


def code(source: FunctionSource) -> str:
    return str(gast.unparse(source.node)).strip()


def cell(text: str, name: str) -> dict[str, Any]:
    """Execute a text as a notebook does: with its lines in linecache."""
    text = textwrap.dedent(text)
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, name, "exec"), space)
    return space


def test_module_function_has_the_positions_of_the_file(load: Load) -> None:
    module = load("import math\n\n\ndef f(x):\n    # Twice.\n    y = 2 * x  # here\n    return y\n\n# after\n")
    source = function_source(module.f)
    assert (source.name, source.qualname, source.line, source.first_line) == ("f", "f", 4, 4)
    assert source.comments == ((5, "# Twice.", False), (6, "# here", True))
    assert [stmt.lineno for stmt in source.node.body] == [6, 7]
    assert source.text[source.line - 1] == "def f(x):"
    assert source.file == module.f.__code__.co_filename
    assert function_source(module.f) is source


def test_methods_nested_functions_and_decorators(load: Load) -> None:
    module = load("""
        import functools

        def twice(f):
            @functools.wraps(f)
            def wrapper(*args):
                return 2 * f(*args)
            return wrapper

        class A:
            scale = 2.0

            @twice
            def method(self, x):
                return self.__hidden(x)

            def __hidden(self, x):
                return x

            @staticmethod
            def static(x):
                return x + 1

        def outer(a):
            def inner(x):
                return a * x
            return inner
    """)
    assert function_source(module.A.method).qualname == "twice.<locals>.wrapper"
    inner = function_source(module.A.method.__wrapped__)
    assert inner.qualname == "A.method" and inner.first_line == inner.line - 1
    assert function_source(module.A._A__hidden).name == "__hidden"
    assert code(function_source(module.A.static)).endswith("return x + 1")
    assert function_source(module.outer(3)).qualname == "outer.<locals>.inner"
    assert function_source(module.outer(3)) is function_source(module.outer(4))


def test_two_functions_of_one_name(load: Load) -> None:
    module = load("""
        def f(x):
            return x + 1
        g = f
        def f(x):
            return x + 2
        if True:
            def f(x):
                return x + 3
    """)
    assert code(function_source(module.g)).endswith("x + 1")
    assert code(function_source(module.f)).endswith("x + 3")


def test_lambdas_on_one_line(load: Load) -> None:
    module = load("""
        f, g = lambda x: x + 1, lambda x: x * 2
        h = [lambda: 1, lambda: 1.0, lambda: True, lambda: -0.0, lambda: 0.0]
        named = lambda x, y=2: x ** y
        nested = lambda x: lambda y: x - y
        def k(a): return (lambda x: a), (lambda x: x)
        same = (lambda x: x), (lambda x: x)
    """)
    assert code(function_source(module.f)) == "def lambda_(x):\n    return x + 1"
    assert code(function_source(module.g)) == "def lambda_(x):\n    return x * 2"
    values = [code(function_source(h)).partition("return ")[2] for h in module.h]
    assert values == ["1", "1.0", "True", "-0.0", "0.0"]
    named = function_source(module.named)
    assert (named.name, named.qualname) == ("lambda_named", "named")
    assert code(function_source(module.nested(1))).endswith("return x - y")
    assert code(function_source(module.k(1)[0])).endswith("return a")
    assert code(function_source(module.k(1)[1])).endswith("return x")
    assert [code(function_source(s)) for s in module.same] == ["def lambda_(x):\n    return x"] * 2


@pytest.mark.skipif(sys.version_info < (3, 11), reason="code objects know no columns")
def test_identical_lambdas_keep_their_columns(load: Load) -> None:
    module = load("fs = [\n    (lambda x: x), (lambda x: x)]\n")
    assert [function_source(f).node.col_offset for f in module.fs] == [5, 20]


def test_future_annotations_and_type_parameters(load: Load) -> None:
    module = load("""
        from __future__ import annotations
        def f(x: Undefined, y: "also" = 1) -> Nothing:
            z: Unknown = x
            return z
    """)
    assert function_source(module.f).line == 3


def test_cells_of_a_notebook() -> None:
    first = cell("def f(x):\n    return x + 1\n", "<cell-1>")
    second = cell("\ndef f(x):\n    return x + 2\ng = lambda x: f(x)", "<cell-2>")
    assert code(function_source(first["f"])).endswith("x + 1")
    assert code(function_source(second["f"])).endswith("x + 2")
    assert function_source(second["g"]).qualname == "g"


def test_parts_of_a_file_that_an_editor_runs_one_by_one(tmp_path: Path) -> None:
    """What Python makes of ``np.sin`` depends on whether the import of ``np`` is in the part."""
    parts = ["import numpy as np\n\n", "def f(x):\n    return np.sin(x)\n\n", "g = lambda x: np.cos(x) + f(x)\n"]
    path = tmp_path / "script.py"
    path.write_text("".join(parts))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for k, part in enumerate(parts):
        above = "".join(parts[:k]).count("\n")
        exec(compile("\n" * above + part, str(path), "exec"), namespace)
    assert function_source(namespace["f"]).first_line == 3
    assert function_source(namespace["g"]).first_line == 6
    path.write_text("".join(parts).replace("np.sin", "np.tan"))
    linecache.checkcache(str(path))
    namespace["f"].__code__ = namespace["f"].__code__.replace()
    with pytest.raises(SourceError, match="has changed since it was imported"):
        function_source(namespace["f"])


def test_doctest_examples_have_source() -> None:
    import doctest

    text = ">>> def f(x):\n...     return 2 * x\n>>> show(f)\n'return 2 * x'\n"
    space = {"show": lambda f: code(function_source(f)).partition("\n    ")[2]}
    test = doctest.DocTestParser().get_doctest(text, space, "t", "t.txt", 0)
    runner = doctest.DocTestRunner(verbose=False)
    assert runner.run(test, out=lambda _: None).failed == 0


def test_own_asserts_are_rewritten_by_pytest_and_still_found() -> None:
    def f(x: float, y: float = 1.0) -> float:
        assert x > y, "too small"
        z = 2 * x
        assert z > x
        return z

    assert isinstance(f, types.FunctionType)
    source = function_source(f)
    assert source.qualname.endswith("<locals>.f")
    assert isinstance(source.node.body[0], gast.Assert)


def test_edited_file_is_refused_and_a_shifted_one_is_not(load: Load) -> None:
    module = load("def f(x):\n    return x + 1\n\ndef g(x):\n    return x\n", "edited")
    path = Path(module.f.__code__.co_filename)
    path.write_text("# A new first line.\n\ndef f(x):\n    return x + 3\n\ndef g(x):\n    return x\n")
    os.utime(path, (1, 1))
    with pytest.raises(SourceError, match="edited.py:1:1: error: the text of f is not the text .* changed") as error:
        function_source(module.f)
    assert "reload" in str(error.value)
    assert function_source(module.g).line == 6
    path.write_text("def h(x):\n    return x\n")
    os.utime(path, (2, 2))
    with pytest.raises(SourceError, match="no longer there"):
        function_source(module.f)
    # What was found once is the text of the code object, whatever becomes of the file.
    assert function_source(module.g).line == 6


def test_edited_into_a_syntax_error(load: Load) -> None:
    module = load("def f(x):\n    return x\n", "broken")
    path = Path(module.f.__code__.co_filename)
    path.write_text("def f(x):\n    return (x\n")
    os.utime(path, (1, 1))
    with pytest.raises(SourceError, match=r"broken.py:2:\d+: error: syntax error"):
        function_source(module.f)


@pytest.mark.parametrize("fn", [len, functools.partial(len), "text", str.upper, int])
def test_what_is_no_python_function(fn: Any) -> None:
    with pytest.raises(SourceError, match="compiled code|no Python function"):
        function_source(fn)


def test_text_that_nobody_kept() -> None:
    space: dict[str, Any] = {}
    exec("def f(x):\n    return x", space)
    with pytest.raises(SourceError, match="typed or executed as <string>.*\n.*put it into a file"):
        function_source(space["f"])
    exec(compile("def f(x):\n    return x", "/nowhere/at/all.py", "exec"), space)
    with pytest.raises(SourceError, match="/nowhere/at/all.py does not exist"):
        function_source(space["f"])


def test_equal_code_of_two_files_is_told_apart(load: Load) -> None:
    one, two = load("def f(x):\n    return x  # one\n"), load("def f(x):\n    return x  # two\n")
    assert function_source(one.f).comments[0][1] == "# one"
    assert function_source(two.f).comments[0][1] == "# two"
    assert function_source(one.f).digest == function_source(two.f).digest
    assert function_source(one.f).text_digest != function_source(two.f).text_digest


def test_nothing_is_kept_alive(load: Load) -> None:
    from s2sad.frontend import source as source_module

    module = load("def f(x):\n    return x\n")
    key = id(module.f.__code__)
    function_source(module.f)
    assert key in source_module._sources
    del module.f
    gc.collect()
    assert key not in source_module._sources


def test_digest_ignores_layout_only(load: Load) -> None:
    module = load("""
        def f(x): return x + 1
        g = f
        def f(x):
            # The same.
            return (x
                    + 1)
        h = f
        def f(x): return x + 1.0
    """)
    assert function_source(module.g).digest == function_source(module.h).digest
    assert function_source(module.g).digest != function_source(module.f).digest


def test_long_sum(load: Load) -> None:
    module = load("def f(x):\n    return " + " + ".join(["x"] * 900) + "\n")
    assert len(function_source(module.f).digest) == 64


STATEMENTS = """
def f(x, é, *, n=3):
    total = g(
        x,  # the first
        2 * x,
    )
    for i in range(n): total += i
    while (total >
           x):  # done?
        total = total / 2; break
    if x: total = 1
    elif total: total = 2
    else:
        total = "é" + é(x)
    with open(x) as file:
        pass
    text = '''a
    b'''
    @decorated
    def inner(y):
        return y
    return total
"""


def test_statement_text_is_one_line(load: Load) -> None:
    source = function_source(load(STATEMENTS).f)
    texts = {}
    for node in gast.walk(source.node):
        if isinstance(node, gast.stmt):
            texts[node.lineno, node.col_offset] = statement_text(source, node)
    assert list(dict(sorted(texts.items())).values()) == [
        "def f(x, é, *, n=3):",
        "total = g(x, 2 * x,)",
        "for i in range(n):",
        "total += i",
        "while (total > x):",
        "total = total / 2",
        "break",
        "if x:",
        "total = 1",
        "elif total:",
        "total = 2",
        'total = "é" + é(x)',
        "with open(x) as file:",
        "pass",
        r"text = '''a\n    b'''",
        "def inner(y):",
        "return y",
        "return total",
    ]
    call = source.node.body[0].value
    assert statement_text(source, call.args[1]) == "total = g(x, 2 * x,)"


def test_location_counts_characters(load: Load) -> None:
    source = function_source(load(STATEMENTS).f)
    call = source.node.body[3].orelse[0].orelse[0].value.right
    where = location(source, call)
    assert where.source[where.column - 1 :][: where.width] == "é(x)"
    loop = location(source, source.node.body[1])
    assert loop.source[loop.column - 1 :][: loop.width] == "for i in range(n)"
    several = location(source, source.node.body[0].value)
    assert several.source[several.column - 1 :][: several.width] == "g("


def test_lambda_statement(load: Load) -> None:
    source = function_source(load("f = list(map(lambda x: x + 1, []))\ng = lambda x: x * x\n").g)
    assert statement_text(source, source.node.body[0]) == "lambda x: x * x"


# The static way.


def test_file_functions_are_found_without_running(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "raise SystemExit\ndef f(x): return 1\ndef f(x): return 2\nclass A:\n    def m(self): pass\n"
        "h = lambda x: x\ndef outer():\n    def inner(): pass\n"
    )
    assert code(file_function_source(str(path), "f")).endswith("return 2")
    assert file_function_source(str(path), "A.m").qualname == "A.m"
    assert file_function_source(str(path), "h").name == "lambda_h"
    assert file_function_source(str(path), "outer.inner").line == 8
    assert file_function_source(str(path), "outer.<locals>.inner").line == 8


def test_file_targets_that_do_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("def rosenbrock(x): return 1\n")
    with pytest.raises(TargetError, match="has no function rosenbrok\n  did you mean rosenbrock?"):
        file_function_source(str(path), "rosenbrok")
    with pytest.raises(TargetError, match="it defines rosenbrock"):
        file_function_source(str(path), "zzz")
    with pytest.raises(TargetError, match="No such file"):
        file_function_source(str(tmp_path / "none.py"), "f")
    with pytest.raises(SourceError, match="cannot be read"):
        file_function_source(str(tmp_path), "f")


def test_syntax_error_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("x = 1\ndef f(x:\n")
    with pytest.raises(SourceError, match=r"program.py:2:\d+: error: syntax error"):
        file_function_source(str(path), "f")
    path.write_bytes(b"x = '\xff'\n")
    with pytest.raises(SourceError, match="program.py"):
        file_function_source(str(path), "f")


def test_every_function_of_the_standard_library_is_found() -> None:
    import argparse
    import fractions
    import statistics
    import tokenize

    for module in (argparse, fractions, statistics, tokenize, functools):
        for owner in (module, *(v for v in vars(module).values() if isinstance(v, type))):
            for fn in vars(owner).values():
                if isinstance(fn, types.FunctionType) and not fn.__code__.co_filename.startswith("<"):
                    assert function_source(fn).first_line == fn.__code__.co_firstlineno


def test_under_optimisation(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from s2sad.frontend.source import function_source\n"
        "def f(x):\n    'Doc.'\n    assert x\n    return x\n"
        "print(function_source(f).line)\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    out = subprocess.run([sys.executable, "-OO", str(script)], env=environment, capture_output=True, text=True)
    assert out.stdout == "2\n", out.stderr


def test_the_text_of_the_command_line_is_read() -> None:
    """But a function that was made by exec is not looked for in it."""
    code = ("import s2sad\ndef f(x): return x * x * x\nprint(s2sad.grad(f)(2.0))\nexec('def g(x): return x')\n"
            "try:\n    s2sad.grad(g)(2.0)\nexcept OSError as error:\n    print(str(error).partition(':')[0])")
    for option in ("-c", "-Bc"):
        done = subprocess.run([sys.executable, option, code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == ["12.0", "the source text of g cannot be found"]
