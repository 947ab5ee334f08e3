"""The values that the tables of calls name: well separated, in no order, the same in every run.

    x y z  Python floats        s  float64 scalar       s0  array without axes
    v w (3)   u (4)   l (7)     A B (2,3)   C (2,1)   R (1,3)   O (1,1)   W (4,3)   T (2,3,4)     in 0.4 .. 1.6
    M N (3,3)   S (3,3) positive definite   L (3,3) lower triangular   G (2,3,3)   P (2,3,3) positive definite
    e (0)   E (0,3) empty       q (3)   Q (2,3)  in -0.9 .. 0.9
    v4 A4 T4  float32           zx Zv ZA ZM ZH ZG  complex128 (ZH hermitian, positive definite)     Zv8 ZA8  complex64
    m (3)   mA (2,3) masks      i = 1   n = 3   k (3)   K (2,3)  integers
"""

from __future__ import annotations

from typing import Any

import numpy as np


def spread(shape: tuple[int, ...], low: float, high: float, shift: float) -> Any:
    """Well separated values between two bounds.

    >>> spread((3,), 0.0, 1.0, 0.5).round(3)
    array([0.5  , 0.118, 0.736])
    """
    count = int(np.prod(shape))
    return (low + (high - low) * ((shift + 0.6180339887498949 * np.arange(count)) % 1.0)).reshape(shape)


def _real(shape: tuple[int, ...], shift: float) -> Any:
    return spread(shape, 0.4, 1.6, shift)


def _complex(shape: tuple[int, ...], shift: float) -> Any:
    return spread(shape, 0.4, 1.6, shift) + 1j * spread(shape, -0.9, 0.9, shift + 0.217)


def _positive(a: Any) -> Any:
    """Hermitian positive definite matrices with well separated eigenvalues."""
    return a @ np.conj(np.swapaxes(a, -1, -2)) + np.diag([0.5, 1.1, 1.9])


REAL: dict[str, Any] = {
    "x": 0.8137, "y": 1.2471, "z": 0.4929, "s": np.float64(1.1183), "s0": np.array(0.9241),
    "v": _real((3,), 0.11), "w": _real((3,), 0.37), "u": _real((4,), 0.53), "l": _real((7,), 0.29),
    "A": _real((2, 3), 0.17), "B": _real((2, 3), 0.61), "C": _real((2, 1), 0.43), "R": _real((1, 3), 0.79),
    "O": _real((1, 1), 0.71), "W": _real((4, 3), 0.07), "T": _real((2, 3, 4), 0.031), "M": _real((3, 3), 0.23),
    "N": _real((3, 3), 0.89), "S": _positive(_real((3, 3), 0.47)), "L": np.tril(_real((3, 3), 0.67)),
    "G": _real((2, 3, 3), 0.057), "P": _positive(_real((2, 3, 3), 0.131)), "e": np.zeros(0), "E": np.zeros((0, 3)),
    "q": spread((3,), -0.9, 0.9, 0.19), "Q": spread((2, 3), -0.9, 0.9, 0.83),
}
COMPLEX: dict[str, Any] = {
    "zx": 0.7193 + 0.5371j, "Zv": _complex((3,), 0.11), "ZA": _complex((2, 3), 0.17), "ZM": _complex((3, 3), 0.23),
    "ZH": _positive(_complex((3, 3), 0.47)), "ZG": _complex((2, 3, 3), 0.057),
}
# In single precision, and what each is in double precision.
SINGLE: dict[str, Any] = {name + "4": REAL[name].astype("f4").astype("f8") for name in "vAT"} | {
    name + "8": COMPLEX[name].astype("c8").astype("c16") for name in ("Zv", "ZA")}
VARIABLES: dict[str, Any] = {**REAL, **COMPLEX, **{
    name: value.astype("f4" if name.endswith("4") else "c8") for name, value in SINGLE.items()}}
CONSTANTS: dict[str, Any] = {
    "m": np.array([True, False, True]), "mA": np.array([[True, True, False], [False, True, True]]), "i": 1, "n": 3,
    "k": np.array([2, 0, 1]), "K": np.array([[0, 2, 1], [1, 0, 2]]),
}
