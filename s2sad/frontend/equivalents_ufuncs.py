"""What methods of ufuncs do for each repetition of an element, and averages with their weights."""

from __future__ import annotations

from typing import Any

import numpy as np


def each(ufunc: Any, a: Any, index: Any, value: Any) -> None:
    """``ufunc.at(a, index, value)``."""
    for k in range(len(index)):
        a[index[k]] = ufunc(a[index[k]], value[k])


def each_with(ufunc: Any, a: Any, index: Any, value: Any) -> None:
    """``ufunc.at(a, index, value)`` with one value for all."""
    for k in range(len(index)):
        a[index[k]] = ufunc(a[index[k]], value)


def each_alone(ufunc: Any, a: Any, index: Any) -> None:
    """``ufunc.at(a, index)``."""
    for k in range(len(index)):
        a[index[k]] = ufunc(a[index[k]])


def each_element(ufunc: Any, a: Any, index: Any, value: Any) -> None:
    """``ufunc.at(a, index, value)`` of any index, with values that are broadcast."""
    places = np.arange(a.size).reshape(a.shape)[index]
    values = np.broadcast_to(value, places.shape).ravel()
    places = places.ravel()
    for k in range(len(places)):
        a.flat[places[k]] = ufunc(a.flat[places[k]], values[k])


def each_element_alone(ufunc: Any, a: Any, index: Any) -> None:
    """``ufunc.at(a, index)`` of any index."""
    places = np.arange(a.size).reshape(a.shape)[index].ravel()
    for k in range(len(places)):
        a.flat[places[k]] = ufunc(a.flat[places[k]])


def average_and_weights(a: Any, axis: Any = None, weights: Any = None, keepdims: Any = False) -> Any:
    """``np.average`` with ``returned=True``."""
    found = np.average(a, axis=axis, weights=weights, keepdims=keepdims)
    if weights is None:
        return found, np.zeros_like(found) + np.size(a) / np.size(found)
    if np.ndim(weights) == np.ndim(a):
        return found, np.sum(weights, axis=axis, keepdims=keepdims)
    return found, np.zeros_like(found) + np.sum(weights)


EQUIVALENTS: dict[str, Any] = {}  # these are called by name
