"""Effects anywhere in a program: what is printed after every assignment, and the random numbers drawn there.

A sample of the programs of ``tests/programs`` is changed: each statement that assigns is followed by one that prints
what has been assigned, and a number drawn.  Derivatives must print the same.
"""

from __future__ import annotations

import ast
import inspect
import io
import linecache
import textwrap
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.api.trees import is_differentiable_leaf, tree_map
from s2sad.errors import Refusal
from tests.corpus import Case, cases

EVERY = 14
# What cannot be shown, as these programs use it, and what a `try` does not let be done.
REFUSALS = ("cannot be shown", "without axes", "is assigned inside a 'try'", "is written to inside this 'try'",
            "cannot be done twice", "on one path and", "in the body of a class", "computed again by checkpoint")


class Printing(ast.NodeTransformer):
    """Puts a statement that prints behind every assignment, but not in functions inside the function."""

    def __init__(self) -> None:
        self.count = 0
        self.inside = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if self.inside:
            return node
        self.inside = True
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self.followed(node, node.targets)

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return self.followed(node, [node.target])

    def followed(self, node: ast.stmt, targets: list[ast.expr]) -> list[ast.stmt]:
        flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
        flat = [t.value if isinstance(t, ast.Subscript) else t for t in flat]
        out = [node]
        for name in [t.id for t in flat if isinstance(t, ast.Name)]:
            self.count += 1
            out += ast.parse(f"print({self.count}, {name}, RNG_.random())").body
        return out


def printing(fn: Callable[..., Any]) -> Callable[..., Any] | None:
    """The function with statements that print; None if there are none, or that is not possible."""
    text = textwrap.dedent(inspect.getsource(fn))
    if "np.empty" in text or not text.startswith("def ") or fn.__closure__ or "RNG_" in fn.__globals__:
        return None
    work = Printing()
    text = ast.unparse(ast.fix_missing_locations(work.visit(ast.parse(text))))
    file = f"<printing {fn.__module__}.{fn.__qualname__}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = dict(fn.__globals__)
    exec(compile(text, file, "exec"), space)
    made: Callable[..., Any] = space[fn.__name__]
    return made if work.count else None


def shown(f: Callable[..., Any], run: Callable[[], Any]) -> str:
    """What is printed, with a new generator; the last line is the state in which it is left."""
    f.__globals__["RNG_"] = rng = np.random.default_rng(0)
    out = io.StringIO()
    with redirect_stdout(out), np.errstate(all="ignore"):
        run()
    return f"{out.getvalue()}{rng.random()}"


def sample() -> list[Case]:
    found = [c for c in cases() if inspect.isfunction(c.fn) and not c.name.startswith(("effect", "custom",
                                                                                                "control_surgery"))]
    return found[::EVERY]


@pytest.mark.parametrize("case", sample(), ids=lambda c: c.name)
def test_printed_and_drawn_once(case: Case) -> None:
    f = printing(case.fn)
    if f is None:
        pytest.skip("nothing is assigned")
    expected = shown(f, lambda: f(*case.arguments()))
    dots = tuple(tree_map(one, a) if k in case.wrt else None for k, a in enumerate(case.args))
    for run in (lambda: s2sad.vjp(f, *case.arguments(), wrt=case.wrt), lambda: s2sad.jvp(f, case.arguments(), dots)):
        try:
            assert shown(f, run) == expected
        except Refusal as refusal:
            if not any(text in str(refusal) for text in REFUSALS):
                raise


def one(leaf: Any) -> Any:
    """A tangent of ones."""
    if not is_differentiable_leaf(leaf):
        return None
    return np.ones_like(leaf) if isinstance(leaf, np.ndarray) else type(leaf)(1.0)
