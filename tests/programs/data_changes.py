"""Attributes that the function assigns: nothing of it is seen by the caller."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests.corpus import case, spread


@dataclass
class State:
    h: Any
    rate: float = 0.5
    count: int = 0


def attribute_assigned(s, x):
    s.h = s.h * x
    return s.h * s.rate


def attribute_added(s, x):
    s.extra = s.h + x
    return s.extra * s.extra


def attribute_updated(s, x):
    s.h += x
    s.h *= s.rate
    return s.h


def attribute_array_updated_in_place(s, x):
    s.h += x
    s.h[0] *= 3.0
    return np.sum(s.h * s.h)


def attribute_assigned_in_a_loop(s, x):
    for _ in range(4):
        s.h = np.tanh(s.h * x) + s.rate
        s.count += 1
    return s.h * s.count


def attribute_assigned_in_a_branch(s, x):
    if x > 0.0:
        s.h = s.h * x
    else:
        s.rate = s.rate * x
    return s.h * s.rate


def attribute_added_on_both_paths(s, x):
    if x > 0.0:
        s.gain = x
        s.offset = 1.0
    else:
        s.offset = x
        s.gain = 2.0 * x
    return s.gain * s.h + s.offset


def attribute_assigned_by_a_called_function(s, x):
    _advance(s, x)
    _advance(s, x * 0.5)
    return s.h


def _advance(s, x):
    s.h = np.sin(s.h) + x * s.rate


def attribute_under_two_names(s, x):
    t = s
    t.h = x * x
    return s.h * s.rate


def attribute_of_an_attribute_assigned(p, x):
    p.inner.h = p.inner.h * x
    return p.inner.h * p.scale


def attribute_of_an_item_assigned(states, x):
    for s in states:
        s.h = s.h * x
    return states[0].h * states[1].h


def attribute_assigned_until_it_is_large(s, x):
    while s.h < 5.0:
        s.h = s.h * x + 0.1
    return s.h


def attribute_list_grown(s, x):
    s.h.append(x)
    s.h.append(x * s.h[0])
    return s.h[0] * s.h[1] + s.h[2]


def attributes_swapped(p):
    p.a, p.b = p.b, p.a * p.b
    return p.a - 2.0 * p.b


def attribute_that_is_a_weight_trained(model, x):
    for _ in range(3):
        g = 2.0 * (np.sum(model.h * x) - 1.0) * x
        model.h = model.h - model.rate * g
    return np.sum(model.h * model.h)


CASES = [
    case(attribute_assigned, State(0.7), 1.3),
    case(attribute_added, State(0.7), 1.3),
    case(attribute_updated, State(0.7), 1.3),
    case(attribute_updated, State(spread(3)), spread(3), note="arrays"),
    case(attribute_array_updated_in_place, State(spread(3)), spread(3)),
    case(attribute_assigned_in_a_loop, State(0.7), 1.3),
    case(attribute_assigned_in_a_branch, State(0.7), 1.3),
    case(attribute_assigned_in_a_branch, State(0.7), -1.3, note="other"),
    case(attribute_added_on_both_paths, State(0.7), 1.3),
    case(attribute_added_on_both_paths, State(0.7), -1.3, note="other"),
    case(attribute_assigned_by_a_called_function, State(0.7), 1.3),
    case(attribute_under_two_names, State(0.7), 1.3),
    case(attribute_of_an_attribute_assigned, SimpleNamespace(inner=State(0.7), scale=1.2), 1.3),
    case(attribute_of_an_item_assigned, (State(0.7), State(0.9)), 1.3),
    case(attribute_assigned_until_it_is_large, State(0.7), 1.3),
    case(attribute_list_grown, State([0.7]), 1.3),
    case(attributes_swapped, SimpleNamespace(a=0.7, b=1.2)),
    case(attribute_that_is_a_weight_trained, State(spread(3), 0.1), spread(3)),
]
