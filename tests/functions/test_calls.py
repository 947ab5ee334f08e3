"""Every call of the tables: value, forward, reverse, second order."""

from __future__ import annotations

import re

import pytest

import s2sad
from tests.functions.harness import Call, Program, check, check_zero, draw
from tests.functions.tables import calls, modules, refused, zeros


@pytest.mark.parametrize("call", calls(), ids=lambda call: call.name)
def test_call(call: Call) -> None:
    check(call)


@pytest.mark.parametrize("call", zeros(), ids=lambda call: call.name)
def test_zero(call: Call) -> None:
    check_zero(call)


@pytest.mark.parametrize(("call", "said"), refused(), ids=lambda item: getattr(item, "name", ""))
def test_refused(call: Call, said: str) -> None:
    import numpy as np

    program = Program(call)
    rng = np.random.default_rng(0)
    with pytest.raises((s2sad.errors.S2sadError, TypeError), match=re.escape(said)):
        s2sad.jvp(program.f, program.args, [draw(rng, a) for a in program.args])


def test_no_call_stands_twice() -> None:
    names = [call.name for call in calls()]
    assert sorted(set(names)) == sorted(names)


def test_exceptions_are_calls() -> None:
    for module in modules():
        texts = {text for listed in module.CALLS.values() for text in listed}
        assert set(getattr(module, "FIRST_ORDER", ())) <= texts
