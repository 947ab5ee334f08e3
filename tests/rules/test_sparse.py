"""Sparse matrices of SciPy: those from outside, in loops and branches, and what the text looks like."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest

import s2sad

sparse = pytest.importorskip("scipy.sparse")
linalg = pytest.importorskip("scipy.sparse.linalg")

OUTSIDE = sparse.csr_array(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [4.0, 0.0, 0.5]]))
ROW, COL = np.array([0, 0, 1, 2, 2, 0]), np.array([0, 2, 1, 0, 2, 0])
DATA, X = np.linspace(0.5, 1.4, 6), np.array([1.0, 0.5, 2.0])


def in_a_loop(d: Any, x: Any, n: Any) -> Any:
    a = sparse.csr_matrix((d, (ROW, COL)), shape=(3, 3))
    for _ in range(n):
        x = np.tanh(a @ x)
    return np.sum(x)


def made_in_a_loop(d: Any, x: Any, n: Any) -> Any:
    for _ in range(n):
        a = sparse.csr_matrix((d * x[0], (ROW, COL)), shape=(3, 3))
        x = np.tanh(a @ x)
    return np.sum(x)


def made_in_a_branch(d: Any, x: Any) -> Any:
    if x[0] > 0.0:
        a = sparse.csr_matrix((d, (ROW, COL)), shape=(3, 3))
    else:
        a = sparse.csr_matrix((d * 2.0, (ROW, COL)), shape=(3, 3))
    return np.sum((a @ x) ** 2)


def powers(a: Any, x: Any) -> Any:
    for _ in range(3):
        if np.sum(x) > 100.0:
            return x
        x = a @ x
    return x


def handed_on(d: Any, x: Any) -> Any:
    return np.sum(powers(sparse.csr_matrix((d, (ROW, COL)), shape=(3, 3)), x) ** 2)


@pytest.mark.parametrize("f, args", [
    (in_a_loop, (DATA, X, 4)), (made_in_a_loop, (DATA, X, 4)), (made_in_a_branch, (DATA, X)),
    (made_in_a_branch, (DATA, -X)), (handed_on, (DATA, X))])
def test_control_flow(f: Any, args: Any) -> None:
    s2sad.check_grads(f, args, wrt=(0, 1))


def of_the_module(x: Any) -> Any:
    return np.sum(((OUTSIDE + 2 * OUTSIDE.T) @ x) ** 2) + (OUTSIDE * x[0]).sum()


def of_an_argument(a: Any, x: Any) -> Any:
    return np.sum((a @ x) ** 2) + np.sum(a.T @ (x * x)) + np.sum(linalg.spsolve(a, x))


@pytest.mark.parametrize("kind", ["csr_array", "csc_matrix"])
def test_from_outside(kind: str) -> None:
    s2sad.check_grads(of_the_module, (X,))
    s2sad.check_grads(of_an_argument, (getattr(sparse, kind)(OUTSIDE), X), wrt=1)


def test_not_by_the_matrix() -> None:
    with pytest.raises(s2sad.errors.ArgumentError, match="pass its elements, a.data, and make the matrix inside"):
        s2sad.grad(of_an_argument)(OUTSIDE, X)


def product(d: Any, x: Any) -> Any:
    a = sparse.csr_array((d, (ROW, COL)), shape=(3, 3))
    y = a @ x
    return y


def test_the_text_is_what_one_would_write() -> None:
    text = s2sad.derive(product, types="d: f8[k], x: f8[n]").source
    assert "    d_bar = y_bar[ROW] * x[COL]\n" in text or "y_bar[ROW] * x[COL]" in text
    assert "a.T @ y_bar" in text and "toarray" not in text
    forward = s2sad.derive(product, "forward", types="d: f8[k], x: f8[n]").source
    assert "scipy.sparse.coo_array((d_dot, (ROW, COL)), shape=a.shape) @ x" in forward
    constant = s2sad.derive(product, wrt="x", types="d: f8[k], x: f8[n]").source
    assert "ROW]" not in constant


def is_one(d: Any, x: Any) -> Any:
    a = sparse.csr_matrix((d, (ROW, COL)), shape=(3, 3))
    return np.sum(a @ x) if sparse.issparse(a) and sparse.isspmatrix(a) and OUTSIDE is OUTSIDE else np.sum(x)


def asked(question: str) -> Any:
    space: dict[str, Any] = {"sparse": sparse, "np": np, "ROW": ROW, "COL": COL, "OUTSIDE": OUTSIDE}
    text = f"def f(d, x):\n    a = sparse.csr_matrix((d, (ROW, COL)), shape=(3, 3))\n    return {question}\n"
    file = f"<sparse {question}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), space)
    return space["f"]


@pytest.mark.parametrize("question, said", [
    ("np.sum(a @ x) if isinstance(a, sparse.csr_matrix) else 0.0", "isinstance"),
    ("np.sum(a @ x) if type(a) is sparse.csr_matrix else 0.0", "type"),
    ("np.sum(a @ x) if hasattr(a, 'power') else 0.0", "whether a sparse matrix has the attribute 'power'"),
    ("np.sum((a == OUTSIDE) @ x)", "comparing a sparse matrix"), ("np.sum((a @ a) @ x)", "product of two"),
    ("np.sum(a[0, 2] * x)", "elements of a sparse matrix by their rows and columns"),
    ("np.sum(a[0] @ x)", "a single row or column of a sparse matrix"),
    ("np.sum(x) if a else 0.0", "the truth of a sparse matrix"),
    ("np.sum(a.sum(axis=0) * x)", "a np.matrix"),
    ("np.sum(a.power(2) @ x)", "the attribute 'power' of a sparse matrix")])
def test_what_a_program_may_ask(question: str, said: str) -> None:
    s2sad.check_grads(is_one, (DATA, X), wrt=(0, 1), order=1)
    with pytest.raises(s2sad.errors.S2sadError, match=said):
        s2sad.grad(asked(question))(DATA, X)
