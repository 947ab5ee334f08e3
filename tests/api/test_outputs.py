"""Functions that change their arguments: the final contents are the result, the adjoints are of the initial ones."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad.errors import ArgumentError, S2sadError, ValueArgumentError
from tests.api import changing
from tests.api.changing import PROGRAMS, Program, along_tangents, final, jacobian, tangents
from tests.corpus import direction, dot, leaves, positive, same_bits, spread

every_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.fn.__name__)
X, LOSS = spread(3), np.array(0.4)


def same(a: Any, b: Any) -> bool:
    """Whether two trees of arrays have the same bits; an array without axes may be given as a number."""
    pairs = list(zip(leaves(a), leaves(b), strict=True))
    return isinstance(a, tuple) == isinstance(b, tuple) and all(same_bits(x, y) for x, y in pairs)


def close(a: Any, b: Any, tolerance: float = 1e-8) -> bool:
    """Whether two trees have the same shapes and nearly the same numbers."""
    pairs = list(zip(leaves(a), leaves(b), strict=True))
    return all(x.shape == y.shape and np.allclose(x, y, rtol=tolerance, atol=tolerance) for x, y in pairs)


# The default: all arguments that the function changes, in order.


@every_program
def test_vjp(program: Program) -> None:
    args, expected = program.arguments(), final(program.fn, program.args, program.changed)
    y, pullback = s2sad.vjp(program.fn, *args)
    assert same(y, expected)
    assert same_bits(args, program.args)
    dots = tangents(program, seed=1)
    slope = along_tangents(program.fn, program.args, dots, program.changed)
    for number in (2, 6, 2):
        seed = direction(expected, number)
        kept = copy.deepcopy(seed)
        bars = pullback(seed)
        assert same_bits(seed, kept) and same_bits(args, program.args)
        assert len(bars) == len(args)
        found = 0.0
        for k, bar in enumerate(bars):
            if k not in program.variables:
                assert bar is None
                continue
            assert np.shape(bar) == np.shape(args[k]) and not np.shares_memory(bar, args[k])
            found += dot(bar, dots[k])
        assert found == pytest.approx(sum(dot(s, d) for s, d in zip(leaves(seed), slope, strict=True)), rel=1e-7)


@every_program
def test_jvp(program: Program) -> None:
    args, dots = program.arguments(), tangents(program, seed=1)
    y, y_dot = s2sad.jvp(program.fn, args, dots)
    assert same(y, final(program.fn, program.args, program.changed))
    assert same_bits(args, program.args) and same_bits(tangents(program, 1)[0], dots[0])
    assert close(y_dot, along_tangents(program.fn, program.args, dots, program.changed), 1e-7)


@every_program
def test_linearize(program: Program) -> None:
    args = program.arguments()
    y, along = s2sad.linearize(program.fn, *args)
    assert same(y, final(program.fn, program.args, program.changed)) and same_bits(args, program.args)
    for number in (1, 4):
        dots = tangents(program, seed=number)
        assert close(along(*dots), along_tangents(program.fn, program.args, dots, program.changed), 1e-7)


@every_program
@pytest.mark.parametrize("maker", [s2sad.jacfwd, s2sad.jacrev])
def test_jacobians(program: Program, maker: Any) -> None:
    args = program.arguments()
    found = maker(program.fn, wrt=program.variables)(*args)
    assert same_bits(args, program.args)
    rows = found if len(program.changed) > 1 else (found,)
    for output, row in zip(program.changed, rows, strict=True):
        for k, part in zip(program.variables, row, strict=True):
            expected = jacobian(program.fn, program.args, k, output)
            assert close(part, expected, 1e-7), (output, k)


@every_program
def test_second_order(program: Program) -> None:
    """Forward over reverse against differences of the Jacobian by reverse mode."""
    output, args = program.changed[0], program.arguments()
    found = s2sad.hessian(program.fn, wrt=0, outputs=output)(*args)
    assert same_bits(args, program.args)
    shape = np.shape(program.args[0])
    assert np.shape(found) == (*np.shape(program.args[output]), *shape, *shape)
    rows = s2sad.jacrev(program.fn, wrt=0, outputs=output)
    h = 1e-5
    for index in np.ndindex(shape):
        ends = []
        for sign in (1.0, -1.0):
            moved = program.arguments()
            moved[0][index] += sign * h
            ends.append(rows(*moved))
        assert np.allclose(found[(..., *index)], (ends[0] - ends[1]) / (2.0 * h), atol=1e-7)


# Outputs that are named.


@pytest.mark.parametrize("outputs", ["f", 1, -1, ("f",), [1], ["f"]])
def test_one_output_is_bare(outputs: Any) -> None:
    u, f = spread(5), positive(5)
    y, pullback = s2sad.vjp(changing.step, u, f, outputs=outputs)
    assert same(y, final(changing.step, (u, f), (1,)))
    u_bar, f_bar = pullback(np.ones(5))
    assert close(u_bar, jacobian(changing.step, (u, f), 0, 1).sum(axis=0), 1e-7)
    assert close(f_bar, jacobian(changing.step, (u, f), 1, 1).sum(axis=0), 1e-7)


@pytest.mark.parametrize("outputs", [("f", "u"), (1, 0), ["f", 0]])
def test_order_of_outputs_is_kept(outputs: Any) -> None:
    u, f = spread(5), positive(5)
    y, pullback = s2sad.vjp(changing.step, u, f, outputs=outputs)
    assert type(y) is tuple and same(y, final(changing.step, (u, f), (1, 0)))
    u_bar, _ = pullback((np.zeros(5), np.ones(5)))
    assert close(u_bar, jacobian(changing.step, (u, f), 0, 0).sum(axis=0), 1e-7)
    y, y_dot = s2sad.jvp(changing.step, (u, f), (np.ones(5), None), outputs=outputs)
    assert close(y_dot[0], jacobian(changing.step, (u, f), 0, 1).sum(axis=1), 1e-7)


def test_an_output_that_does_not_change() -> None:
    A, B = spread(3), positive(3)
    y, pullback = s2sad.vjp(changing.first_from_second, A, B, outputs=("A", "B"))
    assert same(y, final(changing.first_from_second, (A, B), (0, 1)))
    A_bar, B_bar = pullback((np.zeros(3), np.ones(3)))
    assert A_bar.tolist() == [0.0, 0.0, 0.0] and B_bar.tolist() == [1.0, 1.0, 1.0]


def test_result_of_a_function_that_has_one() -> None:
    """Without ``outputs`` the returned value counts, with it the contents."""
    A = spread(3)
    y, pullback = s2sad.vjp(changing.energy, A, 0.7)
    assert y == changing.energy(A.copy(), 0.7) and np.ndim(y) == 0
    assert np.ndim(pullback(1.0)[1]) == 0
    y, pullback = s2sad.vjp(changing.energy, A, 0.7, outputs="A")
    assert same(y, final(changing.energy, (A, 0.7), (0,)))
    assert close(pullback(np.ones(3))[0], jacobian(changing.energy, (A, 0.7), 0, 0).sum(axis=0), 1e-7)


def test_arguments_by_keyword() -> None:
    A = spread(3)
    y, pullback = s2sad.vjp(changing.scale, A, s=0.7)
    assert same(y, 0.7 * A) and close(pullback(np.ones(3)), (np.full(3, 0.7),))
    x, out = spread(3), positive(3)
    y, pullback = s2sad.vjp(changing.dispersed, x, out=out)
    assert same(y, x * x) and close(pullback(np.ones(3)), (2.0 * x,)) and same_bits(out, positive(3))


def test_integers_and_flags_among_the_outputs() -> None:
    x, k, hits = spread(3), np.array([4, 5]), np.zeros(3, dtype=bool)
    y, pullback = s2sad.vjp(changing.count, x, k, hits)
    assert same(y, final(changing.count, (x, k, hits), (0, 1, 2)))
    assert k.tolist() == [4, 5] and not hits.any()
    x_bar, k_bar, hits_bar = pullback((np.ones(3), None, None))
    assert close(x_bar, 2.0 * x) and k_bar is None and hits_bar is None


# The adjoints are of the initial contents.


def test_adjoint_of_contents_that_are_overwritten_is_zero() -> None:
    x, out = spread(3), positive(3)
    _, pullback = s2sad.vjp(changing.fill, x, out)
    x_bar, out_bar = pullback(np.ones(3))
    assert close(x_bar, np.cos(x) * x + np.sin(x)) and out_bar.tolist() == [0.0, 0.0, 0.0]


def test_adjoint_of_contents_that_are_added_to_is_the_seed() -> None:
    x, total, seed = spread(3), positive(3), np.array([1.0, -2.0, 0.5])
    _, pullback = s2sad.vjp(changing.add_squares, x, total)
    x_bar, total_bar = pullback(seed)
    assert close(x_bar, 2.0 * x * seed) and same_bits(total_bar, seed) and total_bar is not seed


def test_adjoint_of_exchanged_contents() -> None:
    a, b = spread(3), positive(3)
    _, pullback = s2sad.vjp(changing.exchange, a, b)
    a_bar, b_bar = pullback((np.full(3, 2.0), np.full(3, 3.0)))
    assert close(a_bar, 3.0 * 2.0 * a) and close(b_bar, np.full(3, 2.0))


# Scalars: an output without axes.


def test_grad() -> None:
    x, loss = spread(3), np.array(0.4)
    gradient = s2sad.grad(changing.squares_into)(x, loss)
    assert close(gradient, 3.0 * x * x) and same_bits(x, spread(3)) and same_bits(loss, np.array(0.4))
    by_x, by_loss = s2sad.grad(changing.squares_onto, wrt=("x", "loss"), outputs="loss")(x, loss)
    assert close(by_x, 3.0 * x * x) and float(by_loss) == 1.0 and np.shape(by_loss) == ()
    assert float(s2sad.grad(changing.squares_into, wrt="loss", outputs=1)(x, loss)) == 0.0


def test_value_and_grad() -> None:
    x, loss = spread(3), np.array(0.4)
    value, gradient = s2sad.value_and_grad(changing.squares_onto, outputs="loss")(x, loss)
    assert value == final(changing.squares_onto, (x, loss), (1,)) and np.shape(value) == ()
    assert close(gradient, 3.0 * x * x) and same_bits(loss, np.array(0.4))
    value, _ = s2sad.value_and_grad(changing.squares_into)(x, loss)
    assert float(value) == pytest.approx(float(np.sum(x**3)))


def test_aux_is_the_second_output() -> None:
    x, loss, path = spread(3), np.array(0.4), np.zeros(3)
    gradient, aux = s2sad.grad(changing.loss_and_path, has_aux=True)(x, loss, path)
    expected = jacobian(changing.loss_and_path, (x, loss, path), 0, 1)
    assert close(gradient, expected, 1e-7) and same_bits(aux, np.cumsum(x * x)) and not path.any()
    made = s2sad.value_and_grad(changing.loss_and_path, has_aux=True, outputs=("loss", "path"))
    (value, aux), gradient = made(x, loss, path)
    assert float(value) == pytest.approx(float(np.sum(np.cumsum(x * x) ** 2)))
    assert close(gradient, expected, 1e-7) and same_bits(aux, np.cumsum(x * x)) and not path.any()


def test_hessian_of_a_scalar_output() -> None:
    x, loss = spread(3), np.array(0.4)
    assert close(s2sad.hessian(changing.squares_into, outputs="loss")(x, loss), np.diag(6.0 * x))
    assert close(s2sad.hessian(changing.squares_into)(x, loss), np.diag(6.0 * x))


def test_composition() -> None:
    x, loss, v = spread(3), np.array(0.4), np.array([1.0, -1.0, 0.5])
    gradient = s2sad.grad(changing.squares_onto, outputs="loss")
    y, y_dot = s2sad.jvp(gradient, (x, loss), (v, None))
    assert close(y, 3.0 * x * x) and close(y_dot, 6.0 * x * v)
    _, pullback = s2sad.vjp(gradient, x, loss)
    x_bar, loss_bar = pullback(v)
    assert close(x_bar, 6.0 * x * v) and float(loss_bar) == 0.0
    assert close(s2sad.jacfwd(s2sad.jacrev(changing.squares_into))(x, loss), np.diag(6.0 * x))


@pytest.mark.parametrize("args, outputs", [
    ((X, np.zeros(1)), None), ((X, np.zeros(1)), "loss"), ((X, np.zeros(3)), "loss"), ((X, np.zeros(1)), ("x", "loss")),
])
def test_a_gradient_needs_an_output_without_axes(args: tuple[Any, ...], outputs: Any) -> None:
    with pytest.raises(ArgumentError, match="scalar"):
        s2sad.grad(changing.squares_into_one, outputs=outputs)(*args)


def test_a_gradient_needs_one_output() -> None:
    with pytest.raises(ArgumentError, match="scalar"):
        s2sad.grad(changing.loss_and_path)(X, LOSS, np.zeros(3))
    with pytest.raises(ArgumentError, match="scalar"):
        s2sad.value_and_grad(changing.loss_and_path, outputs=("loss", "path"))(X, LOSS, np.zeros(3))


# The caller's arrays.


def test_the_result_and_the_pullback_are_apart_from_the_arguments() -> None:
    A = spread(6)
    expected = final(changing.steepen, (A, 3), (0,))
    y, pullback = s2sad.vjp(changing.steepen, A, 3)
    first = pullback(np.ones(6))
    assert not np.shares_memory(y, A)
    y[:] = 0.0
    A[:] = 7.0
    assert same_bits(pullback(np.ones(6)), first)
    assert close(first[0], jacobian(changing.steepen, (spread(6), 3), 0, 0).sum(axis=0), 1e-7)
    assert not close(expected, A)


@every_program
def test_without_copies_the_final_contents_are_left_with_the_caller(program: Program) -> None:
    expected = program.arguments()
    program.fn(*expected)
    args = program.arguments()
    y, pullback = s2sad.vjp(program.fn, *args, copy=False)
    assert same_bits(args, expected) and same(y, final(program.fn, program.args, program.changed))
    bars, plain = pullback(direction(y, 2)), s2sad.vjp(program.fn, *program.arguments())[1](direction(y, 2))
    assert all(same_bits(a, b) for a, b in zip(bars, plain, strict=True) if b is not None)
    assert same_bits(args, expected)

    args, dots = program.arguments(), tangents(program, seed=1)
    y, y_dot = s2sad.jvp(program.fn, args, dots, copy=False)
    assert same_bits(args, expected) and same(y, final(program.fn, program.args, program.changed))
    assert same_bits(y_dot, s2sad.jvp(program.fn, program.arguments(), dots)[1])


def test_without_copies_a_gradient_leaves_the_final_contents() -> None:
    for maker in (s2sad.grad, s2sad.value_and_grad):
        x, loss, path = spread(3), np.array(0.4), np.zeros(3)
        made = maker(changing.loss_and_path, outputs="loss", copy=False)(x, loss, path)
        gradient = made if maker is s2sad.grad else made[1]
        assert close(gradient, jacobian(changing.loss_and_path, (x, LOSS, np.zeros(3)), 0, 1), 1e-7)
        assert same_bits(path, np.cumsum(x * x)) and float(loss) == float(path @ path)
        assert same_bits(x, spread(3))


def test_without_copies_a_function_with_a_result_changes_its_argument_too() -> None:
    A = spread(3)
    value, gradient = s2sad.value_and_grad(changing.energy, copy=False)(A, 0.7)
    assert same_bits(A, final(changing.energy, (spread(3), 0.7), (0,)))
    assert value == changing.energy(spread(3), 0.7)
    assert close(gradient, s2sad.grad(changing.energy)(spread(3), 0.7))


def test_the_primal_of_a_decorated_function_changes_its_argument() -> None:
    @s2sad.differentiate
    def doubled(A):
        A *= 2.0
        return np.sum(A * A)

    A = spread(3)
    gradient = doubled.grad(A)
    assert same_bits(A, spread(3)) and close(gradient, 8.0 * A)
    doubled(A)
    assert same_bits(A, 2.0 * spread(3))


# What does not fit.


@pytest.mark.parametrize("outputs, kind, message", [
    ("ff", ValueArgumentError, "did you mean 'f'"),
    (2, ValueArgumentError, "2 parameters"),
    (("f", 1), ValueArgumentError, "twice"),
    ((), ValueArgumentError, "empty"),
    (1.5, ArgumentError, "positions or names"),
])
def test_outputs_that_do_not_exist(outputs: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        s2sad.vjp(changing.step, spread(5), positive(5), outputs=outputs)
    with pytest.raises(kind, match=message):
        s2sad.jacrev(changing.step, outputs=outputs)(spread(5), positive(5))


def test_an_output_must_be_an_array() -> None:
    with pytest.raises(ArgumentError, match="'?s'?.*array"):
        s2sad.vjp(changing.scale, spread(3), 0.7, outputs="s")
    with pytest.raises(ArgumentError, match="'?n'?.*array"):
        s2sad.vjp(changing.smooth, spread(5), 2, outputs=("A", "n"))


def test_a_function_that_neither_returns_nor_changes_anything() -> None:
    with pytest.raises(S2sadError, match="changes_nothing|returns nothing"):
        s2sad.vjp(changing.changes_nothing, spread(3))


def test_seeds_must_fit_the_outputs() -> None:
    _, pullback = s2sad.vjp(changing.step, spread(5), positive(5))
    with pytest.raises(ArgumentError, match="tuple of 2"):
        pullback(np.ones(5))
    with pytest.raises(ValueArgumentError):
        pullback((np.ones(5), np.ones(4)))
    _, pullback = s2sad.vjp(changing.step, spread(5), positive(5), outputs="u")
    with pytest.raises(ArgumentError):
        pullback((np.ones(5), np.ones(5)))
