"""Specs of live values, of annotations and of text."""

from __future__ import annotations

import enum

import gast
import numpy as np
import pytest

from s2sad.errors import ArgumentError
from s2sad.frontend.signature import Fixed, Group, Signature, declared, parse_types, spec_of
from s2sad.trace.types import BOOL, COMPLEX, FLOAT, INT, ONE, UNKNOWN, Array, Dim


class Colour(enum.IntEnum):
    RED = 1


class Length(float):
    pass


@pytest.mark.parametrize(
    "value, spec",
    [
        (1.0, FLOAT),
        (1, INT),
        (True, BOOL),
        (1j, COMPLEX),
        (Length(2.0), FLOAT),
        (np.float64(1.0), Array("f8", ())),
        (np.float32(1.0), Array("f4", ())),
        (np.int64(1), Array("i8", ())),
        (np.array(1.0), Array("f8", (), box=True)),
        (np.ones(3), Array("f8", (Dim.symbol("x0"),))),
        (np.ones((1, 3), np.float32), Array("f4", (ONE, Dim.symbol("x1")))),
        (np.ones(3, bool), Array("b1", (Dim.symbol("x0"),))),
        ((1.0, [2, np.ones(2)]), Group("tuple", (FLOAT, Group("list", (INT, Array("f8", (Dim.symbol("x.1.1.0"),))))))),
        ((), Group("tuple", ())),
        (None, Fixed(None)),
        ("sum", Fixed("sum")),
        (Colour.RED, Fixed(Colour.RED)),
        (np.sin, Fixed(np.sin)),
    ],
)
def test_values(value: object, spec: object) -> None:
    assert spec_of(value, "x") == spec
    assert hash(spec_of(value, "x")) == hash(spec)


def test_lengths_do_not_count_except_one() -> None:
    assert spec_of(np.ones(3)) == spec_of(np.ones(4)) == spec_of(np.ones(0)) != spec_of(np.ones(1))


def test_fixed_values_are_equal_by_value_or_identity() -> None:
    first: list[int] = []
    assert Fixed({}) != Fixed({}) and Fixed(first) == Fixed(first)
    assert Fixed(1) != Fixed(True) and Fixed(0.0) != Fixed(-0.0) and Fixed(float("nan")) == Fixed(float("nan"))


def test_signature_of_a_call() -> None:
    signature = Signature.of(("x", "n"), (np.ones(2), 3))
    assert signature.spec("n") == INT and signature.spec("x") == spec_of(np.ones(2), "x")
    assert hash(signature) == hash(Signature.of(("x", "n"), (np.ones(5), 4)))


def test_text() -> None:
    specs = parse_types("x: f8[:], A: f4[:, 1], s: float, n: int, p: (float, [f8[:]]), m: np.float32, B: f8[k, k], "
                        "mode: 'sum', u: unknown, o: None, h: float32[:]")
    assert str(specs) == ("{'x': f8[x0], 'A': f4[A0, 1], 's': float, 'n': int, 'p': (float, [f8[p.1.0.0]]), "
                          "'m': f4[], 'B': f8[k, k], 'mode': " + repr(Fixed("sum")) + ", 'u': unknown, 'o': "
                          + repr(Fixed(None)) + ", 'h': f4[h0]}")


@pytest.mark.parametrize("text", ["x: f8[", "x", "x: f8[a + b]", "x: nothing", "x: f8[:] y: int"])
def test_text_that_means_nothing(text: str) -> None:
    with pytest.raises(ArgumentError):
        parse_types(text)


def test_annotations_are_used_where_no_type_is_given() -> None:
    node = gast.parse("def f(a: float, b: 'f8[:]', c: np.ndarray, d, e: int, /, *, g: 'f4[:]' = 1): pass").body[0]
    assert declared(node, {"e": FLOAT}).specs == (
        ("a", FLOAT), ("b", Array("f8", (Dim.symbol("b0"),))), ("c", UNKNOWN), ("d", UNKNOWN), ("e", FLOAT),
        ("g", Array("f4", (Dim.symbol("g0"),))))
    with pytest.raises(ArgumentError, match="no parameter 'z'"):
        declared(node, {"z": FLOAT})
