"""Source-to-source automatic differentiation of Python functions, with derivatives meant to be read.

>>> import s2sad
>>> import math
>>> s2sad.grad(math.exp)(0.0)
1.0
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from s2sad.version import VERSION

__version__ = VERSION

# Where each public name lives: importing s2sad loads none of these.
_PLACES = {
    "differentiate": "api.differentiate", "Differentiable": "api.differentiate",
    "grad": "api.operators", "value_and_grad": "api.operators",
    "jvp": "api.functional", "vjp": "api.functional", "linearize": "api.functional", "hvp": "api.functional",
    "jacfwd": "api.jacobian", "jacrev": "api.jacobian", "hessian": "api.jacobian", "elementwise_grad": "api.jacobian",
    "derive": "api.derive", "Derivative": "api.derive",
    "check_grads": "testing", "checkpoint": "api.checkpoint", "explain": "api.explain",
    "adjoint_of": "runtime.control", "stop_gradient": "runtime.control",
    "rule": "rules.given", "linear": "rules.given", "bilinear": "rules.given", "general": "rules.given",
    "zero": "rules.given",
    "S2sadError": "errors", "FallbackWarning": "errors",
}  # fmt: skip

# What other packages have, and what there is instead.
_ELSEWHERE = {
    "jacobian": "take jacfwd or jacrev", "jit": 'give backend="numba" to grad and the others', "numpy": "import numpy",
    "vmap": "write the program for arrays, or a loop", "pmap": "write a loop", "gradient": "take grad",
    "custom_vjp": "decorate with differentiate, and give the rule by defvjp",
    "custom_jvp": "decorate with differentiate, and give the rule by defjvp",
}  # fmt: skip

if TYPE_CHECKING:
    from s2sad.api.checkpoint import checkpoint
    from s2sad.api.derive import Derivative, derive
    from s2sad.api.differentiate import Differentiable, differentiate
    from s2sad.api.explain import explain
    from s2sad.api.functional import hvp, jvp, linearize, vjp
    from s2sad.api.jacobian import elementwise_grad, hessian, jacfwd, jacrev
    from s2sad.api.operators import grad, value_and_grad
    from s2sad.errors import FallbackWarning, S2sadError
    from s2sad.rules.given import bilinear, general, linear, rule, zero
    from s2sad.runtime.control import adjoint_of, stop_gradient
    from s2sad.testing import check_grads

__all__ = [
    "Derivative", "Differentiable", "FallbackWarning", "S2sadError", "adjoint_of", "bilinear", "check_grads",
    "checkpoint", "derive", "differentiate", "elementwise_grad", "explain", "general", "grad", "hessian", "hvp",
    "jacfwd", "jacrev", "jvp", "linear", "linearize", "rule", "stop_gradient", "value_and_grad", "vjp", "zero",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        hint = _ELSEWHERE.get(name)
        raise AttributeError(f"module 's2sad' has no attribute {name!r}" + (f": {hint}" if hint else ""))
    found = getattr(importlib.import_module(f"s2sad.{place}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
