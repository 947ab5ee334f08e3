"""Every program of the corpus, lowered and run: the trace computes what the function computes, bit for bit."""

from __future__ import annotations

import copy
import inspect
import sys

import pytest

from s2sad.frontend.lower import Lowered, lower_with
from s2sad.frontend.resolve import LiveResolver
from s2sad.frontend.signature import Signature
from s2sad.frontend.source import function_source
from s2sad.frontend.structures import part_at
from s2sad.trace.validate import validate
from tests.corpus import Case, cases, same_bits
from tests.frontend.interp import evaluate


def lowered(fn, args) -> tuple[Lowered, list]:
    """The function lowered for a call, and all its arguments."""
    bound = inspect.signature(fn).bind(*args)
    bound.apply_defaults()
    values = bound.arguments

    def value(place):
        found = values[place[0]]
        for k in place[1]:
            found = part_at(found, k)
        return found

    made = lower_with(function_source(fn), LiveResolver(fn), Signature.of(values, values.values()), value)
    return made, list(values.values())


# The derivatives that a program calls itself are derivative code, which only the emitter says.
INNER = ("func_operators.", "lengths_found.pulled_back_and_along", "solver_models.root_of_a_gradient",
         "solver_models.bilevel")
PLAIN = [case for case in cases() if not case.name.startswith(INNER)]


@pytest.mark.parametrize("case", PLAIN, ids=lambda c: c.name)
def test_trace_computes_what_the_function_computes(case: Case) -> None:
    sys.setrecursionlimit(10_000)
    made, args = lowered(case.fn, case.arguments())
    validate(made.trace)
    expected = case.fn(*case.arguments())
    kept = copy.deepcopy(args)
    got = evaluate(made, *args)
    assert same_bits(got, expected), str(made.trace)
    assert same_bits(tuple(a for a in args if not callable(a)), tuple(a for a in kept if not callable(a)))
