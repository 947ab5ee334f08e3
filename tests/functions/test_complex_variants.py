"""Calls of the tables with complex numbers in the place of real ones: refused, or differentiated rightly.

Every few calls are taken.  What does not run with complex numbers, or warns, is left out.
"""

from __future__ import annotations

import copy
import re
import warnings

import numpy as np
import pytest

import s2sad
from tests.functions.harness import Call, Program, first_order, leaves
from tests.functions.tables import calls

EVERY = 6
COMPLEX: dict[str, str] = {
    "v": "Zv", "w": "(Zv * 1j)", "A": "ZA", "B": "(ZA * 1j)", "M": "ZM", "N": "(ZM * 1j)", "G": "ZG", "S": "ZH",
    "x": "zx", "y": "(zx * 1j + 0.3)", "q": "(Zv * 0.5)", "Q": "(ZA * 0.5)", "C": "(ZA[:, :1] * 2)", "R": "ZA[:1]",
    "u": "(Zv[[0, 1, 2, 0]] * 1j)", "W": "np.vstack([ZM, Zv])", "v4": "Zv8", "A4": "ZA8",
}
# Vectors of which the phase is anybody's choice, and functions of matrices that must be hermitian.
LEFT_OUT = ("eig", "svd", "_are(", ".cg(", "ellipj")


def variant(call: Call) -> Call:
    """A call with complex samples."""
    body = re.sub(r"(?<![\w.'\"])[A-Za-z]\w*(?![\w'\"]|\s*=[^=])", lambda m: COMPLEX.get(m.group(0), m.group(0)),
                  call.body)
    return Call(call.spelling, body if "\n" in body else body.removeprefix("return "), False)


def variants() -> list[Call]:
    """Every few of the calls that can be had with complex numbers."""
    made = {c.text: c for call in calls()[::EVERY] if (c := variant(call)).body != call.body
            and not any(word in c.text for word in LEFT_OUT)}
    return list(made.values())


@pytest.mark.parametrize("call", variants(), ids=lambda call: call.text.replace("\n", "; "))
def test_complex_numbers(call: Call) -> None:
    try:
        program = Program(call)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error")
            result = program.f(*copy.deepcopy(program.args))
    except Exception:
        pytest.skip("not for complex numbers")
    if not list(leaves(result)):
        pytest.skip("no result with a derivative")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            first_order(call, program, program.f, program.args)
        except s2sad.errors.S2sadError as refusal:
            assert str(refusal)
