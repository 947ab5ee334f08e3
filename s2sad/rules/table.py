"""The rule table: what operations there are, what type they give, how they are differentiated.

>>> from s2sad.rules.builder import Builder
>>> from s2sad.trace.ir import Lit, Var
>>> from s2sad.trace.types import FLOAT
>>> x, y_bar = Var(FLOAT, "x"), Var(FLOAT, "y_bar")
>>> b = Builder("adjoint")
>>> [c] = adjoint(b, Op(Var(FLOAT, "y"), "**", (x, Lit(2))), y_bar, [True, False])
>>> [op.fn for op in b.stmts]
['*', '*']
>>> infer("np.sum", (x,), {})
f8[]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s2sad.errors import NotApplicable
from s2sad.rules import signature as _signature
from s2sad.rules.compiled import Description, Rule, describe_rules, find, flagged, table_version
from s2sad.rules.declare import bilinear, forget, general, linear, rewrite, rule, structural, zero
from s2sad.rules.derive import Contribution, Guard, adjoint, tangent, tangents
from s2sad.rules.infer import infer
from s2sad.rules.like import type_like
from s2sad.rules.names import ATTRIBUTES, METHODS, lookup, lookup_name
from s2sad.trace.ir import Arg, Op


def bind(fn: str, args: Sequence[Arg], kwargs: Mapping[str, Arg],
         method: bool = False) -> tuple[tuple[Arg, ...], dict[str, Arg]]:
    """The operands and options of a Python call of ``fn``; ``method`` says that the first operand is its object.

    >>> from s2sad.trace.ir import Lit
    >>> bind("np.sum", [Lit(1.0)], {"axis": Lit(None)})
    ((Lit(value=1.0),), {})
    """
    found = find(fn)
    if found is None:
        raise NotApplicable(f"{fn} has no rule")
    return _signature.bind(found.signature, args, kwargs, method)


__all__ = ["ATTRIBUTES", "METHODS", "Contribution", "Description", "Guard", "Op", "Rule", "adjoint", "bilinear", "bind",
           "describe_rules", "find", "flagged", "forget", "general", "infer", "linear", "lookup", "lookup_name",
           "rewrite", "rule", "structural", "table_version", "tangent", "tangents", "type_like", "zero"]
