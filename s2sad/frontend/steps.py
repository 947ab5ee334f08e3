"""Which derivatives are taken of a function: a `Program` is a callable and steps, applied first to last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Step:
    """One derivative: ``kind`` is ``jvp``, ``vjp``, ``pullback``, ``grad`` or ``value_and_grad``.

    `wrt` are the positions among the function's parameters to differentiate by.  With ``has_aux`` only the first part
    of the function's result is differentiated, the second is handed through.  A ``holomorphic`` gradient is the complex
    derivative ``f'(z)``.
    """

    kind: str
    wrt: tuple[int, ...]
    has_aux: bool = False
    holomorphic: bool = False


@dataclass(frozen=True)
class Program:
    """A Python callable and the derivatives taken of it, first to last.

    `outputs` names the parameters whose final contents take the place of the callable's result; None leaves that to
    the callable (`s2sad.frontend.outputs`).  Without `copy` the arrays it writes to are left with their final contents.
    `backend` is what runs the derivative.  A `quiet` program is one that has run already: it has no effects.
    """

    base: Any
    steps: tuple[Step, ...] = ()
    outputs: tuple[str, ...] | None = None
    copy: bool = True
    backend: str = "numpy"
    quiet: bool = False

    def then(self, *steps: Step) -> Program:
        """The program with more derivatives taken."""
        return replace(self, steps=(*self.steps, *steps))
