"""Derivatives of arguments whose types nobody has said, as the command line makes them: right, or refused."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import pytest

import s2sad
from tests.functions.harness import Call, Program, draw, leaves
from tests.functions.samples import CONSTANTS
from tests.functions.tables import calls


def untyped(program: Program) -> Any:
    """The pullback in the text; None if it is refused."""
    try:
        source = s2sad.derive(program.f).source
    except s2sad.errors.S2sadError as refusal:
        assert not isinstance(refusal, s2sad.errors.InternalError)
        return None
    space: dict[str, Any] = {}
    exec(compile(source, "<generated>", "exec"), space)
    return space["f_vjp"]


@pytest.mark.parametrize("call", [c for c in calls() if "Z" not in c.body and "zx" not in c.body], ids=lambda c: c.name)
def test_call_without_types(call: Call) -> None:
    program = Program(call)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = untyped(program)
        if made is None:
            return
        y, pullback = s2sad.vjp(program.f, *program.args)
        y_bar = draw(np.random.default_rng(1), y)
        names = made.__code__.co_varnames[:made.__code__.co_argcount + made.__code__.co_kwonlyargcount]
        found = made(*copy.deepcopy(program.args), y_bar, **{k: v for k, v in CONSTANTS.items() if k in names})[1]
    tolerance = 1e-5 if program.is_single else 1e-10
    for got, expected in zip(leaves(found), leaves(pullback(y_bar)), strict=True):
        assert got.dtype == expected.dtype and got.shape == expected.shape
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)
