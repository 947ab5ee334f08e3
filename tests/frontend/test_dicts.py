"""Dicts that are taken apart: their names in the trace, and what is refused about them."""

from __future__ import annotations

import numpy as np
import pytest

from s2sad.errors import Refusal, TypeRefusal, UnsupportedError
from s2sad.frontend.signature import Group, parse_types, spec_of
from tests.corpus import define
from tests.frontend.test_lower_corpus import lowered
from tests.frontend.test_refusals import check

D = {"a": 2.0, "b": 3.0}


@pytest.mark.parametrize(
    "text, message, hint, args",
    [
        ("def f(d):\n    return «d['c']»", "there is no key 'c': the dict has the keys 'a', 'b'", "", (D,)),
        ("def f(d):\n    return «{}['c']»", "the dict has no keys", "", (D,)),
        ("def f(d):\n    return «d.a»", "a dict has no attribute 'a'", "d['a']", (D,)),
        ("def f(d, x):\n    return «d[x]»", "a value that is needed at compile time", "", (D, 2.0)),
        ("def f(d):\n    return «d[0.5]»", "there is no key 0.5", "", (D,)),
        ("def f(d):\n    return {«[1, 2]»: 1.0}", "the key of a dict must be known at compile time", "", (D,)),
        ("def f(d):\n    return «np.sum(d)»", "a dict with the keys 'a', 'b' cannot be an argument", "", (D,)),
        ("def f(d):\n    return «d + d»", "'+' of a dict", "", (D,)),
        ("def f(d):\n    return «d.values()[0]»", "a dict_values cannot be indexed", "", (D,)),
        ("def f(d):\n    «return d.items()»", "the result is a dict_items", "dicts of them", (D,)),
        ("def f(d):\n    return «d.get()»", "does not take these arguments", "", (D,)),
        ("def f(d):\n    return max(1.0, **«d['a']»)", "'**' of a number", "a dict", (D,)),
        ("def f(d):\n    return {**«d['a']»}", "'**' of a number", "a dict", (D,)),
        ("def f(d):\n    return max(1.0, **«{1: 2.0}»)", "the keys of '**' in a call are texts", "", (D,)),
        ("def f(d):\n    return «dict(d['a'])»", "dict() of a number is not supported", "{'a': x}", (D,)),
        ("def f(d):\n    if d['a'] > 0.0:\n        d['c'] = 1.0\n    return «d»['a']", "on another", "order", (D,)),
        ("def f(d):\n    if d['a'] > 0.0:\n        e = {'a': 1.0}\n    else:\n        e = {'b': 1.0}\n    return «e»",
         "'e' is a dict with the key 'a' on one path and a dict with the key 'b' on another", "the same", (D,)),
    ],
)
def test_types(text: str, message: str, hint: str, args: tuple[object, ...]) -> None:
    check(text, message, hint, args, TypeRefusal)


@pytest.mark.parametrize(
    "text, message, hint",
    [
        ("def f(d):\n    return «d.__len__»()", "'__len__' of a dict is not supported", "{**d"),
    ],
)
def test_unsupported(text: str, message: str, hint: str) -> None:
    check(text, message, hint, (D,), UnsupportedError)


def test_leaves_are_called_by_their_keys() -> None:
    space = define("def f(model):\n    return model['layers'][0]['W'] * model['my key']\n", "names", {})
    trace = lowered(space["f"], ({"layers": [{"W": 1.0}], "my key": 2.0, "rest": (3.0, 4.0)},))[0].trace
    assert [p.hint for p in trace.params] == ["W", "model_my_key", "rest_0", "rest_1"]


def test_the_order_of_keys_counts_for_what_runs_over_them() -> None:
    text = "def f(d):\n    total = 0.0\n    for v in d.values():\n        total = total * 2.0 + v\n    return total\n"
    space = define(text, "order", {})
    traces = [lowered(space["f"], (d,))[0].trace for d in ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0})]
    assert [[p.hint for p in t.params] for t in traces] == [["a", "b"], ["b", "a"]]
    assert [t.inputs[0].tree.keys for t in traces] == [("a", "b"), ("b", "a")]


def test_specs() -> None:
    spec = spec_of({"x": np.ones(3), 2: (1.0, "fast")}, "d")
    assert isinstance(spec, Group)
    assert spec.kind == "dict" and spec.keys == ("x", 2) and spec.steps == ("x", 2)
    assert repr(spec) == "{'x': f8[d.x.0], 2: (float, Fixed(value='fast'))}"
    assert spec != spec_of({"y": np.ones(3), 2: (1.0, "fast")}, "d")
    assert spec_of(D, "d") == parse_types("d: {'a': float, 'b': float}")["d"]


def test_types_that_are_none() -> None:
    with pytest.raises(Exception, match="tuple or dict of types"):
        parse_types("d: {0.5: float}")
    with pytest.raises(Exception, match="tuple or dict of types"):
        parse_types("d: {'a': nothing}")


def test_a_dict_with_other_keys_is_not_taken_apart() -> None:
    space = define("def f(d, x):\n    return d[0.5] * x\n", "other keys", {})
    with pytest.raises(Refusal, match="argument 'd' is a dict with the key 0.5"):
        lowered(space["f"], ({0.5: 1.0}, 2.0))


