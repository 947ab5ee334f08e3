"""Calls of functions that take or give pairs: ``scipy.linalg.cho_solve((c, lower), b)``."""

from __future__ import annotations

import ast
from dataclasses import replace

from s2sad.emit.expr import SPECIAL, Expressions
from s2sad.emit.nodes import call, display, subscript
from s2sad.trace.ir import Lit, Op


def _with_lower(ex: Expressions, op: Op) -> ast.expr:
    """The first operand and the option ``lower`` are a pair."""
    pair = display([ex.arg(op.args[0]), ex.arg(op.kwarg("lower", Lit(False)))])
    return _call(ex, op, [pair, *map(ex.arg, op.args[1:])], ("lower",))


def _of_two(ex: Expressions, op: Op) -> ast.expr:
    """The first two operands are a pair; twice the same stands for both."""
    c, r, *rest = op.args
    return _call(ex, op, [display([ex.arg(c), ex.arg(r)]), *map(ex.arg, rest)])


def _first_of_two(ex: Expressions, op: Op) -> ast.expr:
    """The first item of what the function returns."""
    return subscript(_call(ex, op, [ex.arg(a) for a in op.args]), 0)


def _call(ex: Expressions, op: Op, args: list[ast.expr], without: tuple[str, ...] = ()) -> ast.expr:
    return call(ex.ref(op.fn), args, [(k, ex.arg(v)) for k, v in op.kwargs if k not in without])


def _with_expm(ex: Expressions, op: Op) -> ast.expr:
    """The function that gives the exponential, too, if it is not told otherwise."""
    return _call(ex, replace(op, fn="scipy.linalg.expm_frechet"), [ex.arg(a) for a in op.args])


SPECIAL.update({
    "expm_and_frechet": _with_expm,
    **dict.fromkeys(("scipy.linalg.cho_solve", "scipy.linalg.cho_solve_banded"), _with_lower),
    **dict.fromkeys(("scipy.linalg.cho_factor", "scipy.linalg.lstsq"), _first_of_two),
    **dict.fromkeys(("scipy.linalg.solve_toeplitz", "scipy.linalg.matmul_toeplitz", "scipy.linalg.lu_solve"), _of_two),
})
