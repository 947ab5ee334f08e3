"""Functions of complex numbers that give two results."""

from __future__ import annotations

import cmath
from typing import Any


def polar(z: Any) -> Any:
    """The absolute value and the phase."""
    return abs(z), cmath.phase(z)


EQUIVALENTS = {"cmath.polar": polar}
