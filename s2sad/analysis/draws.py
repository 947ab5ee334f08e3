"""Draws whose parameters must not carry derivatives: how a number drawn depends on them is not known."""

from __future__ import annotations

from collections.abc import Collection

from s2sad.errors import TypeRefusal
from s2sad.frontend.lower_draws import FIXED
from s2sad.trace.ir import Op, Trace, Var
from s2sad.trace.walk import arg_vars, statements
from s2sad.trace.where import location_of


def refuse_moving_draws(trace: Trace, varied: Collection[Var]) -> None:
    """Refuse a draw with a parameter among the variables that depend on what is differentiated by."""
    for s in statements(trace.body):
        if not (isinstance(s, Op) and s.style == FIXED):
            continue
        if any(v in varied for a in (*s.args, *(a for _, a in s.kwargs)) for v in arg_vars(a)):
            raise TypeRefusal(f"the derivative of {s.fn.removeprefix('.')}() by its parameters is not known",
                              location_of(s.site), "let the parameters be constants: s2sad.stop_gradient(...)")
