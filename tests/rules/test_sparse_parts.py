"""Rows, columns and blocks of sparse matrices: the stiffness of a truss, of which the free part is solved with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import s2sad
from tests.corpus import positive, spread

sp = pytest.importorskip("scipy.sparse")
spsolve = pytest.importorskip("scipy.sparse.linalg").spsolve

NODES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.5]])
BARS = [(0, 1), (0, 3), (1, 2), (2, 3), (1, 3), (1, 4), (3, 4)]
FIXED = np.array([0, 1, 4, 5])


def stiffness(density, nodes, bars):
    rows, cols, values = [], [], []
    for e, (a, b) in enumerate(bars):
        d = nodes[b] - nodes[a]
        length = np.hypot(*d)
        c, s = d / length
        v = np.array([-c, -s, c, s])
        dofs = np.array([2 * a, 2 * a + 1, 2 * b, 2 * b + 1])
        rows.append(np.repeat(dofs, 4))
        cols.append(np.tile(dofs, 4))
        values.append((density[e] ** 3 / length * np.outer(v, v)).ravel())
    n = 2 * len(nodes)
    return sp.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=(n, n)).tocsr()


def compliance(density, nodes, force, fixed):
    """The truss of topology optimisation: a sparse matrix, of which the free part is solved with."""
    K = stiffness(density, nodes, BARS)
    free = np.setdiff1d(np.arange(K.shape[0]), fixed)
    u = spsolve(K[free][:, free].tocsc(), force[free])
    return force[free] @ u


def blocks(density, force, nodes, fixed):
    K = stiffness(density, nodes, BARS)
    mask = np.ones(10, dtype=bool)
    mask[fixed] = False
    inner, rim = K[mask][:, mask], K[np.ix_(np.flatnonzero(mask), fixed)]
    energy = np.sum((inner @ force[mask]) ** 2) + np.sum(rim @ force[fixed])
    return energy + K[2:6, :3].sum() + np.sum(K[:, 1:].T @ force)


FORCE = np.array([0.0, 0.0, 0.1, -0.2, 0.0, 0.0, 0.3, 0.1, 0.0, -1.0])


@pytest.mark.parametrize(("f", "args", "wrt"), [
    (compliance, (positive(7), NODES, FORCE, FIXED), (0, 1)),
    (blocks, (positive(7), spread(10), NODES, FIXED), (0, 1)),
])
def test_derivatives(f: Any, args: tuple[Any, ...], wrt: tuple[int, ...]) -> None:
    assert s2sad.value_and_grad(f, wrt)(*args)[0] == f(*args)
    s2sad.check_grads(f, args, wrt=wrt)


def twice(values: Any) -> Any:
    a = sp.csr_matrix((values, (np.array([0, 1]), np.array([1, 0]))), shape=(2, 2))
    return a[np.array([0, 0])].sum()


def test_rows_that_are_taken_twice() -> None:
    with pytest.raises(ValueError, match="are taken twice"):
        s2sad.grad(twice)(np.ones(2))
