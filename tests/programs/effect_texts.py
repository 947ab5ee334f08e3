"""Texts that choose what is computed: keys of dicts, names of functions, formats."""

from __future__ import annotations

import numpy as np

from tests.corpus import case

V = np.array([0.3, -0.7, 1.2])


def key_from_an_f_string(p: dict[str, float], x: float) -> float:
    total = 0.0
    for k in (0, 1):
        total += p[f"w{k}"] * x ** k
    return total


def key_with_a_format(p: dict[str, float], x: float) -> float:
    return p[f"w{7:03d}"] * x + p["{}_{}".format("a", 1)]


def text_of_run_time_left_unused(x: float) -> float:
    name = f"x is {x:.3f}" + str(x)
    name += "!"
    return x * x


def text_chosen_on_two_paths(x: float) -> float:
    word = "small"
    if x > 1.0:
        word = f"large: {x}"
    if word:
        return x * x
    return x


def text_grown_in_a_loop(x: np.ndarray) -> float:
    text, total = "", 0.0
    for i in range(len(x)):
        text = text + f"{x[i]:.2f};"
        total += x[i] ** 2
    if text:
        total = total * 2.0
    return total


def message_of_an_assertion(x: np.ndarray) -> float:
    assert np.all(x < 5.0), f"{x} is {'too'} large: {x.max():.2f}"
    return np.sum(x * x)


def message_of_an_exception(x: float, n: int) -> float:
    if x < 0.0 or n > 5:
        raise ValueError("%s: %.3f of %d" % ("no", x, n), f"{n!r}")
    return np.sqrt(x) * n


def text_of_two_literals(x: float) -> float:
    state = "small" if x < 1.0 else "large"
    if state == "large":
        return x * x
    return np.sin(x)


def text_that_a_parameter_chooses(p: dict[str, float], x: float, first: bool) -> float:
    name = "a" if first else "b"
    return p[name] * x


def text_changed_in_a_loop(x: float) -> float:
    state = "begin"
    for i in range(3):
        if state != "begin":
            x = x * x
        state = f"after {i}"
    return x


CASES = [
    case(text_of_two_literals, 0.7),
    case(text_of_two_literals, 1.7, note="large"),
    case(text_that_a_parameter_chooses, {"a": 2.0, "b": 3.0}, 0.7, True),
    case(text_that_a_parameter_chooses, {"a": 2.0, "b": 3.0}, 0.7, False, note="second"),
    case(text_changed_in_a_loop, 1.1),
    case(key_from_an_f_string, {"w0": 1.5, "w1": -0.5}, 0.7),
    case(key_with_a_format, {"w007": 1.5, "a_1": -0.5}, 0.7),
    case(text_of_run_time_left_unused, 0.7),
    case(text_chosen_on_two_paths, 0.7),
    case(text_chosen_on_two_paths, 1.7, note="large"),
    case(text_grown_in_a_loop, V),
    case(message_of_an_assertion, V),
    case(message_of_an_exception, 0.7, 3),
]
