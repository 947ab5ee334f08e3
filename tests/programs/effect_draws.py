"""Random numbers from generators that are made inside, so that a function is the same at every call."""

from __future__ import annotations

import random

import numpy as np

from tests.corpus import case

V = np.array([0.3, -0.7, 1.2])
S = np.array([0.5, 1.5, 2.5])


def normal_with_parameters(m: float, s: float) -> float:
    rng = np.random.default_rng(1)
    z = rng.normal(m, s)
    return z * z


def normal_of_arrays(m: np.ndarray, s: np.ndarray) -> float:
    rng = np.random.default_rng(2)
    z = rng.normal(m, scale=s)
    return np.sum(np.sin(z) * rng.normal(m[0], 2.0, size=3))


def many_for_one_parameter(m: float, s: float) -> float:
    rng = np.random.default_rng(3)
    z = rng.normal(loc=m, scale=s, size=(4, 2))
    return np.mean(z ** 2)


def shape_of_an_argument(x: np.ndarray, s: float) -> float:
    rng = np.random.default_rng(3)
    noise = rng.normal(0.0, s, x.shape)
    more = rng.standard_normal(size=x.shape)
    return np.sum((x + noise * more) ** 2)


def uniform_exponential_gamma(a: float, b: float) -> float:
    rng = np.random.default_rng(4)
    u = rng.uniform(a, b)
    e = rng.exponential(b, 3)
    g = rng.gamma(2.0, b)
    return u * u + np.sum(e) * g + rng.lognormal(a, b) + rng.laplace(a, b)


def draws_in_a_loop(x: float, n: int) -> float:
    rng = np.random.default_rng(5)
    total = 0.0
    for _ in range(n):
        w = rng.standard_normal()
        u = rng.random()
        if u > 0.5:
            total += np.sin(w * x) * u
        else:
            total += rng.normal(x, 0.3) ** 2
    return total


def draws_decide_a_while(x: float) -> float:
    rng = np.random.default_rng(6)
    y = x
    while rng.random() < 0.8:
        y = y * x + rng.normal()
    return y


def metropolis(m: float, steps: int) -> float:
    rng = np.random.default_rng(7)
    x, total = 0.5, 0.0
    for _ in range(steps):
        new = x + 0.5 * rng.standard_normal()
        if np.log(rng.random()) < 0.5 * (x ** 2 - new ** 2):
            x = new
        total += np.cos(m * x)
    return total / steps


def dropout(w: np.ndarray, x: np.ndarray) -> float:
    rng = np.random.default_rng(8)
    h = np.tanh(x * w)
    keep = rng.random(h.shape) < 0.7
    h = np.where(keep, h / 0.7, 0.0)
    return np.sum(h * h)


def choice_permutation_integers(x: np.ndarray) -> float:
    rng = np.random.default_rng(9)
    y = rng.permutation(x)
    k = rng.integers(0, 3)
    a = rng.choice(x, size=2, replace=False) * np.arange(1.0, 3.0)
    batch = rng.integers(3, size=5)
    return np.sum(y * np.arange(3)) * x[k] + np.sum(a) ** 2 + rng.choice(x) + np.sum(x[batch] ** 2)


def choice_of_an_index(x: np.ndarray) -> float:
    rng = np.random.default_rng(10)
    return x[rng.choice(3)] * np.sum(x[rng.permutation(3)[:2]] ** 2)


def shuffled(x: np.ndarray) -> float:
    rng = np.random.default_rng(11)
    y = x * x
    rng.shuffle(y)
    return np.sum(y * np.arange(3.0))


def shuffled_rows(A: np.ndarray) -> float:
    rng = np.random.default_rng(12)
    B = A * A
    rng.shuffle(B)
    return np.sum(B[0] * A[1])


def generator_handed_on(x: float, n: int) -> float:
    rng = np.random.default_rng(13)
    return walked(x, n, rng) + noise(x, rng)


def noise(x: float, rng: np.random.Generator) -> float:
    return rng.normal(x, 2.0) * x


def walked(x: float, n: int, rng: np.random.Generator) -> float:
    if n == 0:
        return x
    return np.sin(walked(x * rng.normal(1.0, 0.1), n - 1, rng)) + noise(x, rng)


def generator_of_two(x: float, p: float) -> float:
    rng = np.random.default_rng(14)
    if p > 1.0:
        rng = np.random.default_rng(15)
    return x * rng.normal(x)


def legacy_state(x: float) -> float:
    rng = np.random.RandomState(16)
    return rng.normal(x, 2.0) * rng.randn(3).sum() + rng.rand() * rng.randint(1, 5) * x


def legacy_functions(x: float) -> float:
    np.random.seed(17)
    y = np.random.normal(x, 2.0, 4)
    np.random.shuffle(y)
    return np.sum(y * np.random.rand(4)) * x


def standard_library(x: float) -> float:
    random.seed(18)
    y = random.gauss(x, 2.0) + random.uniform(0.0, x) * random.random()
    return y + random.expovariate(x) * random.choice([1.0, x, x * x]) + random.randint(1, 6) * x


def standard_generator(x: float) -> float:
    rng = random.Random(19)
    return rng.lognormvariate(x, 0.5) + rng.normalvariate(0.0, x)


CASES = [
    case(normal_with_parameters, 0.7, 1.3),
    case(normal_of_arrays, V, S),
    case(many_for_one_parameter, 0.7, 1.3),
    case(shape_of_an_argument, V, 1.3),
    case(uniform_exponential_gamma, 0.7, 1.3),
    case(draws_in_a_loop, 0.7, 6),
    case(draws_decide_a_while, 0.7),
    case(metropolis, 0.7, 8),
    case(dropout, V, S),
    case(choice_permutation_integers, V),
    case(choice_of_an_index, V),
    case(shuffled, V),
    case(shuffled_rows, np.outer(V, S)),
    case(generator_handed_on, 0.7, 3),
    case(generator_of_two, 0.7, 1.5, wrt=0),
    case(legacy_state, 0.7),
    case(legacy_functions, 0.7),
    case(standard_library, 0.7),
    case(standard_generator, 0.7),
]
