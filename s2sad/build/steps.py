"""Which derivatives are taken of a function: a `Program` is a callable and steps, applied first to last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One derivative: ``kind`` is ``jvp``, ``vjp``, ``pullback``, ``grad`` or ``value_and_grad``.

    `wrt` are the positions among the function's parameters to differentiate by.  With ``has_aux`` only the first part
    of the function's result is differentiated, the second is handed through.
    """

    kind: str
    wrt: tuple[int, ...]
    has_aux: bool = False


@dataclass(frozen=True)
class Program:
    """A Python callable, the derivatives taken of it, first to last, and the backend that runs them."""

    base: Any
    steps: tuple[Step, ...] = ()
    backend: str = "numpy"

    def then(self, *steps: Step) -> Program:
        """The program with more derivatives taken of it."""
        return Program(self.base, (*self.steps, *steps), self.backend)
