"""The type of a function's result, said by an expression of the rule language that has this type.

The expression is never computed: ``like="x[1:]"`` is an array with one element less than x, ``like="0.0"`` a number;
``like="x, 0.0"`` are the types of two results.

>>> from s2sad.rules.signature import parse
>>> from s2sad.trace.ir import Var
>>> from s2sad.trace.types import Array, Dim
>>> a = Var(Array("f8", (Dim.symbol("n"), Dim.symbol("m"))))
>>> type_like("x.T @ x", parse("y = f(x)"), (a,), {})
f8[m, m]
"""

from __future__ import annotations

from collections.abc import Mapping

from s2sad.errors import InternalError, NotApplicable
from s2sad.rules.derive import ALL_MACROS
from s2sad.rules.infer import LIKE
from s2sad.rules.language import Scope
from s2sad.rules.signature import Signature
from s2sad.rules.terms import Expr, typ
from s2sad.trace.ir import Arg, Lit, Tup
from s2sad.trace.types import Tuple, Type


def type_like(text: str, signature: Signature, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> Type:
    """The type of an expression over the operands and options of a call."""
    operands = iter(args)
    values: dict[str, Expr] = {}
    for p in signature.parameters:
        if p.kind == "variadic":
            values[p.name] = Tup(tuple(operands))
        elif p.kind == "operand":
            values[p.name] = next(operands, Lit(None))
        else:
            values[p.name] = options.get(p.name, signature.default(p.name))
    try:
        found = Scope(values, {}, ALL_MACROS).evaluate(text)
        return Tuple(tuple(map(typ, found.items))) if isinstance(found, Tup) else typ(found)
    except InternalError as error:
        raise NotApplicable(f"like={text!r} of the rule of {signature.fn}: {error}") from None


LIKE.append(type_like)
