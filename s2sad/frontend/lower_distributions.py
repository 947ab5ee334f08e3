"""Distributions of SciPy that hold their parameters.

    d = scipy.stats.norm(m, s)          d.logpdf(x) is scipy.stats.norm.logpdf(x, m, s)

So it is with those of the module, whose parameters are read at every call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from s2sad.frontend.abstract import Abstract
from s2sad.frontend.lower_scipy import ScipyFunctions
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Library, Seq, Unusable, Value
from s2sad.rules.declare import DECLARATIONS

_METHODS = ("logpdf", "logpmf")


@dataclass(frozen=True, eq=False)
class Frozen(Abstract):
    """A distribution with its parameters, or a method of it."""

    name: str
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    method: str = ""
    what = "distribution"
    PARTS = ("args", "kwargs")


def is_distribution(name: str) -> bool:
    """Whether a name is that of a distribution with rules.

    >>> is_distribution("scipy.stats.norm"), is_distribution("scipy.stats.zscore")
    (True, False)
    """
    return any(f"{name}.{method}" in DECLARATIONS for method in _METHODS)


def _held_by(obj: Any) -> str:
    """The name of the distribution whose parameters an object of SciPy holds; empty if it is no such object."""
    stats = sys.modules.get("scipy.stats")
    held = getattr(obj, "dist", None)
    if stats is None or held is None or not isinstance(obj, getattr(stats.distributions, "rv_frozen", ())):
        return ""
    name, own = f"scipy.stats.{held.name}", getattr(stats, str(held.name), None)
    same = own is not None and type(own) is type(held) and (own.a, own.b) == (held.a, held.b)
    return name if same and is_distribution(name) else ""


class Distributions(ScipyFunctions):
    """Calls of distributions, and of their methods."""

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        if name.startswith("scipy.stats.") and is_distribution(name):
            return lambda args, kwargs, node, hint: Frozen(name, tuple(args), tuple(kwargs.items()))
        return super().special(name)

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if isinstance(owner, Frozen) and not owner.method:
            return replace(owner, method=name)
        held = _held_by(owner.meaning.object) if isinstance(owner, Unusable) else ""
        if held and f"{held}.{name}" in DECLARATIONS:
            args, kwargs = (self.fresh_list(super(Distributions, self).attribute(owner, part, node))
                            for part in ("args", "kwds"))
            assert isinstance(args, Seq) and isinstance(kwargs, Seq)
            return Frozen(held, args.items, tuple(zip(kwargs.keys, kwargs.items)), name)
        return super().attribute(owner, name, node, hint)

    def _call_Frozen(self, fn: Frozen, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        if not fn.method:
            self.refuse_type(node, "a distribution with its parameters cannot be called")
        return self.call_value(Library(f"{fn.name}.{fn.method}"), [*args, *fn.args], {**kwargs, **dict(fn.kwargs)},
                               node, hint)
