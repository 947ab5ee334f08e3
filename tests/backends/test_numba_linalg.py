"""Linear algebra compiled by Numba, and what it has in part only."""

import warnings

import numpy as np
import pytest

pytest.importorskip("numba")

import s2sad  # noqa: E402
from s2sad.errors import FallbackWarning  # noqa: E402
from tests.programs import linear_algebra as p  # noqa: E402


@pytest.mark.parametrize(("f", "args"), [(p.root, (p.SPD,)), (p.eigenvalues_in_a_loop, (p.SPD, 3))])
def test_gradients(f, args):
    def g(*args):
        return np.sum(f(*args))

    with warnings.catch_warnings():
        warnings.simplefilter("error", FallbackWarning)
        found = s2sad.grad(g, wrt=0, backend="numba")(*args)
    np.testing.assert_allclose(found, s2sad.grad(g, wrt=0)(*args), rtol=1e-10, atol=1e-12)


def nuclear(A):
    return np.linalg.norm(A, "nuc")


def radius(A):
    return np.max(np.abs(np.linalg.eigvals(A)))


@pytest.mark.parametrize(("f", "told"), [(nuclear, "np.linalg.norm"), (radius, "np.linalg.eigvals")])
def test_what_numba_has_in_part(f, told):
    A = np.array([[1.0, 2.0], [-1.5, 0.5]])
    with pytest.warns(FallbackWarning, match=f"calls {told}, which Numba compiles and then raises"):
        value, slope = s2sad.value_and_grad(f, backend="numba")(A)
    assert value == f(A)
    np.testing.assert_array_equal(slope, s2sad.grad(f)(A))
