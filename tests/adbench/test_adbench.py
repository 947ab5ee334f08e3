"""The four objectives of the ADBench suite, as NumPy users write them, against reference derivatives.

``refs/*.npz`` hold inputs and derivatives that are not s2sad's: from C++ written by hand, or by the complex step.  That
they are read rightly here is tested by differences of the objectives.

A Jacobian with a known pattern is computed in compressed form.  A residual of bundle adjustment depends on one camera
(11 numbers), one point (3) and one weight: moving parameter c of all cameras at once gives, for every residual, its
derivative by parameter c of its own camera, so 15 tangents give all blocks.  In the other direction, adjoints of all
first residuals and of all second ones give the two rows of each block, if cameras and points are already gathered.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from tests.adbench import objectives_numpy as objectives
from tests.corpus import differences, direction

FOLDER = Path(__file__).resolve().parent / "refs"
RELATIVE = 1e-9

Numbers = dict[str, Any]


def load(name: str) -> Numbers:
    """A file of inputs and reference derivatives."""
    with np.load(FOLDER / f"{name}.npz") as file:
        return {key: file[key] for key in file.files}


def assert_same(got: Any, want: Any, relative: float = RELATIVE) -> None:
    """Equal, relative to the largest element of the array."""
    assert np.shape(got) == np.shape(want)
    assert np.max(np.abs(got - want)) <= relative * np.max(np.abs(want))


def assert_same_columns(got: np.ndarray, want: np.ndarray, relative: float = RELATIVE) -> None:
    """Equal, relative to the largest element of each column: parameters have units of their own."""
    assert np.shape(got) == np.shape(want)
    axes = tuple(range(got.ndim - 1))
    assert np.all(np.max(np.abs(got - want), axes) <= relative * np.max(np.abs(want), axes))


# Gaussian mixtures: a gradient.

GMM = ("gmm_test", "gmm_1k_d2_K5", "gmm_1k_d10_K5")
GMM_FORMS = [
    *((objectives.gmm_objective, name) for name in GMM),
    *((objectives.gmm_objective_loops, name) for name in GMM[:2]),
]


def gmm_arguments(z: Numbers) -> tuple[Any, ...]:
    return z["alphas"], z["means"], z["icf"], z["x"], float(z["gamma"]), int(z["m"])


def name_of(value: Any) -> str:
    return value if isinstance(value, str) else value.__name__


@pytest.mark.parametrize("f, name", GMM_FORMS, ids=name_of)
def test_gmm_gradient(f: Callable[..., float], name: str) -> None:
    z = load(name)
    value, gradient = s2sad.value_and_grad(f, wrt=(0, 1, 2))(*gmm_arguments(z))
    assert value == f(*gmm_arguments(z))
    assert_same(value, z["objective"])
    for got, key in zip(gradient, ("d_alphas", "d_means", "d_icf"), strict=True):
        assert_same(got, z[key])


@pytest.mark.parametrize("f, name", [*GMM_FORMS[:2], *GMM_FORMS[3:]], ids=name_of)
def test_gmm_tangent(f: Callable[..., float], name: str) -> None:
    z = load(name)
    args = gmm_arguments(z)
    along = direction(args[:3], seed=1)
    value, slope = s2sad.jvp(f, args, (*along, None, None, None))
    assert_same(value, z["objective"])
    terms = [np.sum(z[key] * d) for key, d in zip(("d_alphas", "d_means", "d_icf"), along, strict=True)]
    assert abs(slope - sum(terms)) <= RELATIVE * sum(map(abs, terms))


def test_gmm_gradient_has_the_same_curvature_in_both_forms() -> None:
    z = load("gmm_test")
    args = gmm_arguments(z)
    along = direction(args[:3], seed=2)
    products = [
        s2sad.hvp(f, args, (*along, None, None, None))
        for f in (objectives.gmm_objective, objectives.gmm_objective_loops)
    ]
    for one, other in zip(*products, strict=True):
        assert_same(one, other)


# Bundle adjustment: a sparse Jacobian.

BA = ("ba_random", "ba1_first2000")


def ba_arguments(z: Numbers) -> tuple[Any, ...]:
    return z["cams"], z["X"], z["w"], z["obs"], z["feats"]


def ba_tangents(z: Numbers) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each of the 15 parameters of a residual the tangents of cams, X and w that move it everywhere."""
    tangents = []
    for column in range(15):
        one = np.zeros(15)
        one[column] = 1.0
        cams, X, w = np.zeros_like(z["cams"]), np.zeros_like(z["X"]), np.zeros_like(z["w"])
        cams[:] = one[:11]
        X[:] = one[11:14]
        w[:] = one[14]
        tangents.append((cams, X, w))
    return tangents


def ba_sums(z: Numbers, err_bar: np.ndarray, werr_bar: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a pullback must return: the reference blocks, weighted and summed where they belong."""
    rows = np.einsum("pr,prc->pc", err_bar, z["blocks"])
    cams_bar, X_bar = np.zeros_like(z["cams"]), np.zeros_like(z["X"])
    np.add.at(cams_bar, z["obs"][:, 0], rows[:, :11])
    np.add.at(X_bar, z["obs"][:, 1], rows[:, 11:14])
    return cams_bar, X_bar, rows[:, 14] + werr_bar * z["d_werr"]


def ba_work(z: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Arrays for the results of the form that writes into its arguments."""
    return np.full_like(z["feats"], 7.0), np.full_like(z["w"], 7.0)


@pytest.mark.parametrize("name", BA)
def test_ba_blocks_by_tangents(name: str) -> None:
    z = load(name)
    columns = []
    for tangents in ba_tangents(z):
        _, (err_dot, werr_dot) = s2sad.jvp(objectives.ba_objective, ba_arguments(z), (*tangents, None, None))
        columns.append(err_dot)
    assert_same_columns(np.stack(columns, axis=-1), z["blocks"])
    assert_same(werr_dot, z["d_werr"])


@pytest.mark.parametrize("name", BA)
def test_ba_blocks_by_tangents_of_the_loops(name: str) -> None:
    z = load(name)
    columns = []
    for tangents in ba_tangents(z):
        args = (*ba_arguments(z), *ba_work(z))
        (err, werr), (err_dot, werr_dot) = s2sad.jvp(
            objectives.ba_objective_loops, args, (*tangents, None, None, None, None), outputs=("err", "w_err")
        )
        columns.append(err_dot)
    assert_same_columns(np.stack(columns, axis=-1), z["blocks"])
    assert_same(werr_dot, z["d_werr"])
    assert_same(err, objectives.ba_objective(*ba_arguments(z))[0])
    assert_same(werr, 1.0 - z["w"] ** 2)


@pytest.mark.parametrize("name", BA)
def test_ba_blocks_by_adjoints_of_gathered_parameters(name: str) -> None:
    z = load(name)
    cam, X = z["cams"][z["obs"][:, 0]], z["X"][z["obs"][:, 1]]
    err, pullback = s2sad.vjp(objectives.ba_residuals, cam, X, z["w"], z["feats"], wrt=(0, 1, 2))
    rows = []
    for component in range(2):
        seed = np.zeros_like(err)
        seed[:, component] = 1.0
        cam_bar, X_bar, w_bar, _ = pullback(seed)
        rows.append(np.concatenate((cam_bar, X_bar, w_bar[:, None]), axis=1))
    assert_same_columns(np.stack(rows, axis=1), z["blocks"])


@pytest.mark.parametrize("name", BA)
def test_ba_pullback(name: str) -> None:
    z = load(name)
    seeds = direction((z["feats"], z["w"]), seed=1)
    _, pullback = s2sad.vjp(objectives.ba_objective, *ba_arguments(z), wrt=(0, 1, 2))
    for got, want in zip(pullback(seeds), ba_sums(z, *seeds), strict=False):
        assert_same(got, want)


@pytest.mark.parametrize("name", BA)
def test_ba_pullback_of_the_loops(name: str) -> None:
    z = load(name)
    seeds, work = direction((z["feats"], z["w"]), seed=1), ba_work(z)
    (err, werr), pullback = s2sad.vjp(
        objectives.ba_objective_loops, *ba_arguments(z), *work, wrt=(0, 1, 2, 5, 6), outputs=("err", "w_err")
    )
    adjoints = pullback(seeds)
    for got, want in zip(adjoints, ba_sums(z, *seeds), strict=False):
        assert_same(got, want)
    for overwritten in adjoints[5:]:
        assert np.all(overwritten == 0.0)
    assert np.all(work[0] == 7.0) and np.all(work[1] == 7.0)
    assert_same(werr, 1.0 - z["w"] ** 2)
    assert_same(err, objectives.ba_objective(*ba_arguments(z))[0])


def test_ba_block_of_one_observation() -> None:
    z = load("ba_random")
    jacobian = s2sad.jacrev(objectives.ba_residual_one, wrt=(0, 1, 2))
    for i in range(len(z["w"])):
        camera, point = z["obs"][i]
        parts = jacobian(z["cams"][camera], z["X"][point], float(z["w"][i]), z["feats"][i])
        block = np.array([np.concatenate([np.ravel(part) for part in row]) for row in parts])
        assert_same(block, z["blocks"][i])


# A network of LSTM cells: a gradient.

LSTM_FORMS = [
    (objectives.lstm_objective, "lstm_l2_c16"),
    (objectives.lstm_objective, "lstm_l2_c1024"),
    (objectives.lstm_objective_loops, "lstm_l2_c16"),
]


def lstm_arguments(z: Numbers) -> tuple[Any, ...]:
    return z["main_params"], z["extra_params"], z["state"], z["sequence"]


@pytest.mark.parametrize("f, name", LSTM_FORMS, ids=name_of)
def test_lstm_gradient(f: Callable[..., float], name: str) -> None:
    z = load(name)
    value, (d_main, d_extra) = s2sad.value_and_grad(f, wrt=(0, 1))(*lstm_arguments(z))
    assert value == f(*lstm_arguments(z))
    assert_same(value, z["objective"])
    assert_same(d_main, z["d_main"])
    assert_same(d_extra, z["d_extra"])


@pytest.mark.parametrize("f, name", [LSTM_FORMS[0], LSTM_FORMS[2]], ids=name_of)
def test_lstm_tangent(f: Callable[..., float], name: str) -> None:
    z = load(name)
    main_dot, extra_dot = direction((z["main_params"], z["extra_params"]), seed=1)
    _, slope = s2sad.jvp(f, lstm_arguments(z), (main_dot, extra_dot, None, None))
    terms = (np.sum(z["d_main"] * main_dot), np.sum(z["d_extra"] * extra_dot))
    assert abs(slope - sum(terms)) <= RELATIVE * sum(map(abs, terms))


# A hand: a dense Jacobian, and one with a diagonal of blocks.

SIMPLE, COMPLICATED = "hand_simple_small_hand1_t26_c100", "hand_complicated_small_hand1_t26_c100"


def hand_arguments(z: Numbers) -> tuple[Any, ...]:
    model = {key.removeprefix("model_"): value for key, value in z.items() if key.startswith("model_")}
    model["is_mirrored"] = bool(model["is_mirrored"])
    return z["theta"], *((z["us"],) if "us" in z else ()), model, z["corr"], z["points"]


@pytest.mark.parametrize("operator", [s2sad.jacfwd, s2sad.jacrev], ids=name_of)
def test_hand_simple(operator: Callable[..., Any]) -> None:
    z = load(SIMPLE)
    jacobian = operator(objectives.hand_objective, wrt=0)(*hand_arguments(z))
    assert_same_columns(jacobian.reshape(300, 26), z["jacobian"])


def test_hand_complicated() -> None:
    z = load(COMPLICATED)
    args = hand_arguments(z)
    columns = []
    for k in range(2):
        us_dot = np.zeros_like(z["us"])
        us_dot[:, k] = 1.0
        err, err_dot = s2sad.jvp(objectives.hand_objective_complicated, args, (None, us_dot, None, None, None))
        columns.append(err_dot.ravel())
    assert_same(err, z["err"])
    by_theta = s2sad.jacfwd(objectives.hand_objective_complicated, wrt=0)(*args)
    columns += list(by_theta.reshape(300, 26).T)
    assert_same_columns(np.stack(columns, axis=1), z["jacobian"])


def test_hand_complicated_pullback() -> None:
    z = load(COMPLICATED)
    seed = direction(z["err"], seed=1)
    _, pullback = s2sad.vjp(objectives.hand_objective_complicated, *hand_arguments(z), wrt=(0, 1))
    theta_bar, us_bar = pullback(seed)[:2]
    assert_same(theta_bar, seed.ravel() @ z["jacobian"][:, 2:])
    assert_same(us_bar, np.einsum("pr,prk->pk", seed, z["jacobian"][:, :2].reshape(100, 3, 2)))


# The references are read rightly: differences of the objectives, without s2sad.


def assert_slope(f: Callable[[float], list[np.ndarray]], want: list[Any]) -> None:
    """The derivative of a function of one number at zero."""
    got, error = differences(f)
    for mine, wanted in zip(got, want, strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=0.0, atol=1e-7 * np.max(np.abs(wanted)) + 10.0 * error)
        assert error <= 1e-6 * max(1.0, np.max(np.abs(wanted)))


@pytest.mark.parametrize("f, name", GMM_FORMS, ids=name_of)
def test_gmm_references(f: Callable[..., float], name: str) -> None:
    z = load(name)
    args = gmm_arguments(z)
    along = direction(args[:3], seed=1)
    assert_same(f(*args), z["objective"])
    slope = sum(np.sum(z[key] * d) for key, d in zip(("d_alphas", "d_means", "d_icf"), along, strict=True))

    def moved(t: float) -> list[Any]:
        return [f(*(x + 0.1 * t * d for x, d in zip(args, along, strict=False)), *args[3:])]

    assert_slope(moved, [0.1 * slope])


@pytest.mark.parametrize("name", BA)
def test_ba_references(name: str) -> None:
    z = load(name)
    along = direction((z["cams"], z["X"], z["w"]), seed=1)
    # A camera's parameters differ in size by many orders: steps in proportion.
    along = (along[0] * np.maximum(np.abs(z["cams"]), 1e-8), along[1], along[2])
    gathered = np.concatenate((along[0][z["obs"][:, 0]], along[1][z["obs"][:, 1]], along[2][:, None]), axis=1)
    slopes = [0.1 * np.einsum("prc,pc->pr", z["blocks"], gathered), 0.1 * along[2] * z["d_werr"]]

    def vectorised(t: float) -> list[np.ndarray]:
        cams, X, w = (x + 0.1 * t * d for x, d in zip((z["cams"], z["X"], z["w"]), along, strict=True))
        return list(objectives.ba_objective(cams, X, w, z["obs"], z["feats"]))

    def loops(t: float) -> list[np.ndarray]:
        cams, X, w = (x + 0.1 * t * d for x, d in zip((z["cams"], z["X"], z["w"]), along, strict=True))
        err, werr = ba_work(z)
        objectives.ba_objective_loops(cams, X, w, z["obs"], z["feats"], err, werr)
        return [err, werr]

    assert_slope(vectorised, slopes)
    for one, other in zip(vectorised(0.0), loops(0.0), strict=True):
        assert_same(one, other)
    if name == "ba_random":
        assert_slope(loops, slopes)
        # The pullback's reference: both are the same contraction of the blocks.
        seeds = direction((z["feats"], z["w"]), seed=2)
        left = sum(np.sum(a * b) for a, b in zip(ba_sums(z, *seeds), along, strict=True))
        right = sum(np.sum(a * b) for a, b in zip(seeds, slopes, strict=True)) / 0.1
        assert abs(left - right) <= 1e-12 * np.abs(z["blocks"]).sum()


@pytest.mark.parametrize("f, name", LSTM_FORMS, ids=name_of)
def test_lstm_references(f: Callable[..., float], name: str) -> None:
    z = load(name)
    main, extra = direction((z["main_params"], z["extra_params"]), seed=1)
    assert_same(f(*lstm_arguments(z)), z["objective"])

    def moved(t: float) -> list[Any]:
        return [f(z["main_params"] + t * main, z["extra_params"] + t * extra, z["state"], z["sequence"])]

    assert_slope(moved, [np.sum(z["d_main"] * main) + np.sum(z["d_extra"] * extra)])


def test_hand_references() -> None:
    z = load(SIMPLE)
    theta, *rest = hand_arguments(z)
    along = direction(theta, seed=1)
    assert_same(objectives.hand_objective(theta, *rest), z["err"])
    slope = (z["jacobian"] @ along).reshape(100, 3)
    assert_slope(lambda t: [objectives.hand_objective(theta + t * along, *rest)], [slope])

    z = load(COMPLICATED)
    theta, us, *rest = hand_arguments(z)
    along, across = direction((theta, us), seed=1)
    assert_same(objectives.hand_objective_complicated(theta, us, *rest), z["err"])
    blocks = z["jacobian"][:, :2].reshape(100, 3, 2)
    slope = (z["jacobian"][:, 2:] @ along).reshape(100, 3) + np.einsum("prk,pk->pr", blocks, across)

    def moved(t: float) -> list[Any]:
        return [objectives.hand_objective_complicated(theta + t * along, us + t * across, *rest)]

    assert_slope(moved, [slope])
