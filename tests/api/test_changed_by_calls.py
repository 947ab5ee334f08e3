"""Functions that change their arguments: in calls that are not put in place, in containers, from the cache, as text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, TypeRefusal
from s2sad.trace.ir import Call
from s2sad.trace.validate import validate
from s2sad.trace.walk import statements
from tests.api import changing
from tests.corpus import positive, spread


def cascade(A, n):
    if n > 0:
        A[1:] = A[1:] * A[:-1]
        cascade(A, n - 1)


def of_cascades(A, n):
    B = A * 2.0
    cascade(B, n)
    cascade(A[1:], n)
    return np.sum(B) * np.sum(A)


def until_large(x, w, n):
    for i in range(n):
        w[i] = x[i] * x[i] * w[i]
        if w[i] > 100.0:
            return 2.0
    return 3.0


def work_array(x):
    B = x * x
    w = B * 2.0
    c = until_large(B, w, 3)
    B[0] = x[1]
    B *= w
    d = until_large(B, w, 2)
    w[1] = B[2] * w[0]
    return np.sum(w * w) * (c + d) + np.sum(B)


def evens(x, n):
    if n == 0:
        return
    x[n] = x[n] * x[n - 1]
    odds(x, n - 1)


def odds(x, n):
    if n == 0:
        return
    x[n] = x[n] + x[n - 1] * x[n]
    evens(x, n - 1)


def in_turns(x, k):
    for _ in range(k):
        evens(x[1:], 2)
        if x[0] > 0.0:
            odds(x, 2)
    return np.sum(x)


def first_of_pair(ab, n):
    for i in range(n):
        ab[0][i] = ab[1][i] * ab[0][i]
        if ab[0][i] > 100.0:
            return


def pairs(a, b):
    first_of_pair([a, b], 2)
    p = (b, a)
    first_of_pair(p, 1)
    return np.sum(a * b)


@pytest.mark.parametrize("f, args", [
    (cascade, (positive(4), 2)), (of_cascades, (positive(4), 2)), (work_array, (spread(3),)), (evens, (spread(5), 4)),
    (in_turns, (spread(5), 3)), (in_turns, (positive(5), 2)), (pairs, (spread(3), positive(3))),
], ids=lambda f: getattr(f, "__name__", ""))
def test_called_functions_hand_back_what_they_have_changed(f: Any, args: tuple[Any, ...]) -> None:
    trace = s2sad.derive(f, types=args).trace
    assert any(isinstance(s, Call) for s in statements(trace.body))
    validate(trace)
    s2sad.check_grads(f, args)


def twice(x):
    until_large(x, x, 2)
    return np.sum(x)


def halves(x):
    until_large(x[2:], x[:2], 2)
    return np.sum(x)


@pytest.mark.parametrize("f", [twice, halves])
def test_a_called_function_must_not_get_an_array_twice(f: Any) -> None:
    with pytest.raises(TypeRefusal, match=rf"{__file__.rpartition('/')[2]}:\d+:5: .*writes to its argument 'w'"):
        s2sad.derive(f, types=(spread(4),))


def through_another_name(a, b, n):
    c = a if b[0] > 0.0 else b
    a = b = 1.0
    for i in range(n):
        c[i] = 2.0
        if c[i] > 3.0:
            return


def calls_it(x):
    y = x * 1.0
    through_another_name(x, y, 3)
    return np.sum(x)


def test_contents_that_are_not_known_are_no_outputs() -> None:
    with pytest.raises(TypeRefusal, match="'through_another_name' may write to 'a' through another name"):
        s2sad.derive(calls_it, types=(spread(3),))
    for options in ({}, {"outputs": "a"}, {"copy": False}):
        with pytest.raises(ArgumentError, match="may write to '[ab]' through another name"):
            s2sad.derive(through_another_name, types=(spread(3), spread(3), 2), **options)


# Containers.


def from_second(ab):
    ab[0][0] = ab[1][1] * ab[0][1]


def from_key(p):
    p["a"][0] = p["b"][1] * p["a"][1]


def other_item(ab):
    ab[0] = ab[1] * 2.0


@pytest.mark.parametrize("kind", [tuple, list])
def test_containers_come_back_whole(kind: Any) -> None:
    a, b = spread(3), positive(3)
    y, pullback = s2sad.vjp(from_second, kind((a, b)))
    assert type(y) is kind and np.array_equal(y[0], [b[1] * a[1], a[1], a[2]]) and np.array_equal(y[1], b)
    a_bar, b_bar = pullback(kind((np.array([1.0, 0.0, 0.0]), np.zeros(3))))[0]
    assert a_bar.tolist() == [0.0, b[1], 0.0] and b_bar.tolist() == [0.0, a[1], 0.0]
    assert np.array_equal(a, spread(3))
    s2sad.check_grads(from_second, (kind((a, b)),))
    s2sad.vjp(from_second, kind((a, b)), copy=False)
    assert np.array_equal(a, y[0])


def test_dicts() -> None:
    p = {"a": spread(3), "b": positive(3)}
    s2sad.check_grads(from_key, (p,))
    assert np.array_equal(p["a"], spread(3))
    with pytest.raises(ArgumentError, match=r"p\['b'\].* share memory"):
        s2sad.vjp(from_key, {"a": p["a"], "b": p["a"][::-1]})
    y, _ = s2sad.jvp(from_key, (p,), ({"a": np.ones(3), "b": None},), copy=False)
    assert p["a"][0] == positive(3)[1] * spread(3)[1] == y["a"][0] and not np.shares_memory(p["a"], y["a"])


def test_other_items_of_a_list_are_the_result_and_cannot_be_handed_back() -> None:
    y, _ = s2sad.vjp(other_item, [spread(3), positive(3)])
    ab = [spread(3), positive(3)]
    other_item(ab)
    assert all(map(np.array_equal, y, ab))
    with pytest.raises(ArgumentError, match="puts other items into 'ab'"):
        s2sad.vjp(other_item, [spread(3), positive(3)], copy=False)


# Who is asked, and when.


def test_scalars_of_numpy_do_not_change() -> None:
    """An array without axes does, though both have one dtype and no axes."""
    x = spread(3)
    for scalar in (0.4, np.float64(0.4)):
        with pytest.raises(ArgumentError, match="squares_onto returns nothing and changes none of its arguments"):
            s2sad.grad(changing.squares_onto)(x, scalar)
    assert s2sad.grad(changing.squares_onto)(x, np.array(0.4)) == pytest.approx(3.0 * x * x)


def test_elements_that_share_memory_with_each_other() -> None:
    windows = np.lib.stride_tricks.sliding_window_view(spread(5), 3, writeable=True)
    with pytest.raises(ArgumentError, match="elements share memory with each other"):
        s2sad.vjp(changing.sweep, windows)


def test_a_bound_array_is_not_left_changed() -> None:
    import functools

    A = spread(3)
    bound = functools.partial(changing.energy, A)
    assert s2sad.grad(bound)(0.7) == pytest.approx(s2sad.grad(changing.energy, 1)(A, 0.7))
    with pytest.raises(ArgumentError, match="'A', which is bound"):
        s2sad.grad(bound, copy=False)(0.7)


def test_outputs_belong_to_the_innermost_operator() -> None:
    with pytest.raises(ArgumentError, match=r"grad\(f, outputs='loss'\)"):
        s2sad.grad(s2sad.grad(changing.squares_onto), outputs="loss")
    with pytest.raises(ArgumentError, match="applied to squares_onto itself"):
        s2sad.jacfwd(s2sad.jacrev(changing.squares_onto), outputs="loss")
    with pytest.raises(ArgumentError, match="copy must be True or False"):
        s2sad.grad(changing.energy, copy=0)  # type: ignore[arg-type]


def test_options_of_the_decorator() -> None:
    f = s2sad.differentiate(changing.energy, outputs="A", copy=False)
    A = spread(3)
    y, _ = f.vjp(A, 0.7)
    assert np.array_equal(y, A) and not np.array_equal(A, spread(3))
    rows = s2sad.jacrev(f)(spread(3), 0.7)
    assert np.allclose(rows, s2sad.jacrev(changing.energy, outputs=0)(spread(3), 0.7)) and rows.shape == (3, 3)
    s2sad.check_grads(f, (spread(3), 0.7))
    s2sad.check_grads(changing.energy, (spread(3), 0.7), outputs="A")
    s2sad.check_grads(changing.step, (spread(5), positive(5)), outputs=("f", "u"), wrt="u")


def test_operators_with_options_pickle() -> None:
    import pickle

    for made in (s2sad.grad(changing.squares_onto, outputs="loss"), s2sad.jacrev(changing.step, outputs=1)):
        args = (spread(3), np.array(0.4)) if "squares" in made.__name__ else (spread(5), positive(5))
        assert np.array_equal(pickle.loads(pickle.dumps(made))(*args), made(*args))


def test_a_cached_text_knows_what_is_written_to(tmp_path: Any, monkeypatch: Any) -> None:
    from s2sad.build.kernel import Program, build
    from s2sad.frontend.signature import spec_of
    from s2sad.frontend.steps import Step

    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "cache"))
    specs = {"x": spec_of(spread(3)), "loss": spec_of(np.array(0.4)), "path": spec_of(spread(3))}
    texts = set()
    for outputs in (None, ("loss",), ("path",)):
        for copy in (True, False):
            program = Program(changing.loss_and_path, (Step("vjp", (0,)),), outputs, copy)
            first, second = build(program, specs), build(program, specs)
            assert first.path == second.path is not None
            assert first.written == second.written == (("loss", ()), ("path", ()))
            texts.add(second.source)
    assert len(texts) == 6


# Text.


def text(f: Any, mode: str = "reverse", **options: Any) -> str:
    return " ".join(s2sad.derive(f, mode, types="A: f8[:], s: float", **options).source.split())


def test_docstrings_tell_which_contents_are_meant() -> None:
    assert ("Return the final A and (A_bar, s_bar); A_bar belongs to the final contents on entry, to the initial ones "
            "on return.") in text(changing.scale)
    assert ("Return the final A and A_dot; A_dot belongs to the initial contents on entry, to the final ones on "
            "return.") in text(changing.scale, "forward")
    assert "Return the final A and s_bar." in text(changing.scale, wrt="s")
    assert "A_bar -> (A_bar, s_bar), of the final -> of the initial contents." in text(changing.scale, "pullback")


def test_text_that_works_in_the_arrays_of_the_caller() -> None:
    def smooth(A, T):
        for _ in range(T):
            A[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3

    for mode in ("reverse", "forward"):
        made = s2sad.derive(smooth, mode, types="A: f8[:], T: int", copy=False)
        assert "A = A.copy()" not in made.source and "A = A.copy()" in s2sad.derive(
            smooth, mode, types="A: f8[:], T: int").source
        validate(made.trace)
        A, expected = spread(6), spread(6)
        smooth(expected, 3)
        y, _ = made.fn(A, 3, np.ones(6))
        assert np.array_equal(A, expected) and np.array_equal(y, expected) and not np.shares_memory(A, y)
