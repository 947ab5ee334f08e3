"""One kernel for each kind of arguments, and of what is read from outside: by dtype, and by what is known of axes."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError

rate: Any = 1.0


def scaled(x: Any) -> Any:
    return np.sum(rate * x**2)


def shifted(u: Any, v: Any) -> Any:
    return np.sum(u[1:] * v)


@pytest.mark.parametrize("kinds", [
    (np.ones((1, 3)), np.ones((2, 3)), 2.0), (1.0, np.ones(3), np.ones((3, 3))), (np.ones(3), 1, np.ones((1, 1))),
], ids=["rows", "from_number", "from_array"])
def test_a_global_of_another_kind(kinds: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.array([[0.5, 1.0, 2.0]])
    gradient = s2sad.grad(scaled)
    for value in kinds:
        monkeypatch.setitem(globals(), "rate", value)
        expected = np.broadcast_to(2.0 * value * x, np.broadcast_shapes(np.shape(value), x.shape))
        np.testing.assert_allclose(gradient(x), expected.sum(axis=0, keepdims=True))


def test_short_arrays_after_long_ones() -> None:
    gradient = s2sad.grad(shifted)
    assert gradient(np.ones(10), np.ones(9)).tolist() == [0.0, *[1.0] * 9]
    assert gradient(np.ones(2), np.ones(5)).tolist() == [0.0, 5.0]
    assert gradient(np.ones(10), np.ones(9)).tolist() == [0.0, *[1.0] * 9]


class Holder:
    def __init__(self, w: Any) -> None:
        self.w, self.layers = w, [1.0]

    def loss(self, x: Any) -> Any:
        total = x * np.sum(self.w)
        for factor in self.layers:
            total = total * factor
        return total


def test_a_bound_object_of_another_kind() -> None:
    holder = Holder(2.0)
    for gradient in (s2sad.grad(holder.loss), s2sad.grad(functools.partial(Holder.loss, holder))):
        holder.w, holder.layers = 2.0, [1.0]
        assert gradient(1.0) == 2.0
        holder.w = np.ones((2, 3))
        assert gradient(1.0) == 6.0
        holder.layers.append(3.0)
        assert gradient(1.0) == 18.0
        holder.layers = [0.5]
        assert gradient(1.0) == 3.0


class Tree:
    def __init__(self, w: float, parent: Tree | None = None) -> None:
        self.w, self.parent = w, parent
        self.children: list[Tree] = []
        if parent is not None:
            parent.children.append(self)

    def loss(self, x: Any) -> Any:
        return self.w * x * x + sum(child.loss(x) for child in self.children)


def test_an_object_that_holds_itself() -> None:
    root = Tree(2.0)
    child = Tree(3.0, root)
    gradient = s2sad.grad(root.loss)
    assert gradient(1.0) == 10.0
    child.w = 1.0
    assert gradient(1.0) == 6.0
    with pytest.raises(ArgumentError, match="self is a Tree of 3 that holds itself"):
        s2sad.grad(Tree.loss, wrt=1)(root, 1.0)
