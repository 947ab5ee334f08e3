"""Expressions of the rule language before they become operations.

A partial is multiplied with the cotangent while both are still expressions, so that ``bar * (1 / y)`` is written
``bar / y`` and nothing is computed that is not used:

>>> from s2sad.trace.ir import Var
>>> from s2sad.trace.types import FLOAT
>>> x, bar = Var(FLOAT, "x"), Var(FLOAT, "bar")
>>> show(mul(bar, make("/", Lit(1), x)))
'(bar / x)'
>>> show(mul(bar, make("neg", make("*", Lit(2.0), x))))
'(-((2.0 * x) * bar))'

Each of these identities keeps the value up to rounding, infinities and nan included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from s2sad.rules.builder import Builder, type_of
from s2sad.rules.infer import infer
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Var
from s2sad.trace.types import Array, Scalar, Type, kind_of


@dataclass(frozen=True)
class Term:
    """``fn(*args, **kwargs)``, not yet an operation; equal terms become one operation."""

    fn: str
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...]
    type: Type = field(compare=False)


Expr = Arg | Term


def typ(e: Expr) -> Type:
    """The type of an expression."""
    return e.type if isinstance(e, Term) else type_of(e)


def _stand_in(e: Expr) -> Arg:
    """An operand of the expression's type, for inference."""
    if isinstance(e, Tup):
        return Tup(tuple(map(_stand_in, e.items)), e.is_list)
    if isinstance(e, Slc):
        return Slc(_stand_in(e.lo), _stand_in(e.hi), _stand_in(e.step))
    return Var(e.type) if isinstance(e, Term) else e


def tup(items: Iterable[Expr]) -> Tup:
    """A tuple whose items may still be terms; `emit` replaces them."""
    return Tup(tuple(items))  # type: ignore[arg-type]


def slc(lo: Expr, hi: Expr) -> Slc:
    """A slice whose bounds may still be terms; `emit` replaces them."""
    return Slc(lo, hi, NONE)  # type: ignore[arg-type]


def term(fn: str, *args: Expr, type: Type | None = None, **kwargs: Expr) -> Term:
    """An application, typed, without any simplification."""
    looking = _LOOKING.get(fn, len(args))
    if looking < len(args) and is_fn(args[looking], *_CONJUGATES):
        args = (*args[:looking], args[looking].args[0], *args[looking + 1:])  # type: ignore[union-attr]
    if type is None:
        type = infer(fn, tuple(map(_stand_in, args)), {k: _stand_in(v) for k, v in kwargs.items()})
    return Term(fn, args, tuple(kwargs.items()), type)


# Operations that look at the shape of their operands at these positions, and not at their values.
_LOOKING = dict.fromkeys(("shape", "size", "ndim", "len", "zeros_like"), 0) | dict.fromkeys(
    ("expand", "unbroadcast", "cast"), 1)


def number(e: Expr) -> Any:
    """The value of a literal real number, else None."""
    if isinstance(e, Lit) and isinstance(e.value, (int, float)) and not isinstance(e.value, bool):
        return e.value
    return None


def is_number(e: Expr, value: float) -> bool:
    """Whether an expression is that literal."""
    return number(e) is not None and number(e) == value


def is_fn(e: Expr, *fns: str) -> bool:
    """Whether an expression applies one of these functions."""
    return isinstance(e, Term) and e.fn in fns


def neg(a: Expr) -> Expr:
    """``-a``."""
    if number(a) is not None:
        return Lit(-number(a))
    if isinstance(a, Term) and a.fn == "neg":
        return a.args[0]
    if isinstance(a, Term) and a.fn == "-":
        return sub(a.args[1], a.args[0])
    return term("neg", a)


def mul(a: Expr, b: Expr) -> Expr:
    """``a * b``: literals first, signs outside, quotients of factors as quotients of the product."""
    na, nb = number(a), number(b)
    if na is not None and nb is not None:
        return Lit(na * nb)
    if nb is not None:
        return mul(b, a)
    if na is not None and kind_of(typ(b)) in ("float", "complex"):
        if na == 1:
            return b
        if na < 0:
            return neg(mul(Lit(-na), b))
        if isinstance(b, Term) and b.fn == "neg":
            return neg(mul(a, b.args[0]))
        if isinstance(b, Term) and b.fn == "*" and number(b.args[0]) is not None:
            return mul(mul(a, b.args[0]), b.args[1])
        if isinstance(b, Term) and b.fn in ("/", "np.divide") and is_number(b.args[0], 1):
            return term(b.fn, Lit(float(na)), b.args[1])
    if isinstance(a, Term) and a.fn == "neg":
        return neg(mul(a.args[0], b))
    if isinstance(b, Term) and b.fn == "neg":
        return neg(mul(a, b.args[0]))
    if isinstance(b, Term) and b.fn in ("/", "np.divide"):
        return div(mul(a, b.args[0]), b.args[1], b.fn)
    if isinstance(b, Term) and b.fn == "*" and na is None and number(b.args[0]) is not None:
        return term("*", b, a)
    return term("*", a, b)


def div(a: Expr, b: Expr, fn: str = "/") -> Expr:
    """``a / b``, signs outside; ``np.divide`` where Python's own division of numbers would raise at 0."""
    if is_number(b, 1) and kind_of(typ(a)) in ("float", "complex"):
        return a
    if isinstance(a, Term) and a.fn == "neg":
        return neg(div(a.args[0], b, fn))
    if isinstance(b, Term) and b.fn == "neg":
        return neg(div(a, b.args[0], fn))
    if number(a) is not None and number(a) < 0:
        return neg(div(Lit(-number(a)), b, fn))
    return term(fn, a, b)


def add(a: Expr, b: Expr) -> Expr:
    """``a + b``; ``x + x`` is ``2.0 * x``."""
    if number(a) is not None and number(b) is not None:
        return Lit(number(a) + number(b))
    if is_number(a, 0) and kind_of(typ(b)) in ("float", "complex"):
        return b
    if is_number(b, 0) and kind_of(typ(a)) in ("float", "complex"):
        return a
    if isinstance(b, Term) and b.fn == "neg":
        return sub(a, b.args[0])
    if isinstance(a, Term) and a.fn == "neg":
        return sub(b, a.args[0])
    if a == b and kind_of(typ(a)) in ("float", "complex"):
        return mul(Lit(2.0), a)
    return term("+", a, b)


def sub(a: Expr, b: Expr) -> Expr:
    """``a - b``."""
    if number(a) is not None and number(b) is not None:
        return Lit(number(a) - number(b))
    if is_number(b, 0) and kind_of(typ(a)) in ("float", "complex"):
        return a
    if is_number(a, 0) and kind_of(typ(b)) in ("float", "complex"):
        return neg(b)
    if isinstance(b, Term) and b.fn == "neg":
        return add(a, b.args[0])
    return term("-", a, b)


def power(a: Expr, b: Expr) -> Expr:
    """``a ** b``."""
    return a if is_number(b, 1) and kind_of(typ(a)) in ("float", "complex") else term("**", a, b)


_CONJUGATES = ("conjugate", "np.conj")


def conj(a: Expr) -> Expr:
    """The complex conjugate; a real number is its own.

    >>> from s2sad.trace.types import COMPLEX
    >>> show(conj(Var(COMPLEX, "z"))), show(conj(conj(Var(COMPLEX, "z"))))
    ('conjugate(z)', 'z')
    """
    if isinstance(a, Tup):
        return tup(map(conj, a.items))
    if isinstance(a, Lit):
        # That of 2j is written -2j, which has the real part -0.0.
        return a if not isinstance(a.value, complex) else Lit(a.value.conjugate() if a.value.real else -a.value)
    if is_real(a):
        return a
    if is_fn(a, *_CONJUGATES):
        return a.args[0]  # type: ignore[union-attr]
    return term("conjugate" if isinstance(typ(a), Scalar) else "np.conj", a)


def real(a: Expr) -> Expr:
    """The real part."""
    if isinstance(a, Lit):
        return Lit(a.value.real) if isinstance(a.value, complex) else a
    if is_fn(a, *_CONJUGATES):
        return real(a.args[0])  # type: ignore[union-attr]
    return a if is_real(a) else term("np.real", a)


def is_real(e: Expr) -> bool:
    """Whether an expression is no complex number and no array of them (lists of them are looked at item by item)."""
    return kind_of(typ(e)) != "complex" or not isinstance(typ(e), (Scalar, Array))


_SMART = {"+": add, "-": sub, "*": mul, "/": div, "**": power}
_ORDERS = {"<": "np.less", "<=": "np.less_equal", ">": "np.greater", ">=": "np.greater_equal"}
_SMART_OF_ONE = {"neg": neg, "conjugate": conj, "np.conj": conj, "np.real": real}


def make(fn: str, *args: Expr, **kwargs: Expr) -> Expr:
    """An application, simplified where an identity allows it."""
    if fn in _ORDERS and all(isinstance(typ(a), Scalar) for a in args) and not all(map(is_real, args)):
        return term(_ORDERS[fn], *args)  # Python does not compare complex numbers, NumPy does
    if fn in _SMART_OF_ONE:
        return _SMART_OF_ONE[fn](args[0])
    return _SMART[fn](*args) if fn in _SMART else term(fn, *args, type=None, **kwargs)


def emit(b: Builder, e: Expr, memo: dict[Term, Arg]) -> Arg:
    """Append the operations of an expression to a block; the operand that holds its value."""
    if isinstance(e, Tup):
        return Tup(tuple(emit(b, i, memo) for i in e.items), e.is_list)
    if isinstance(e, Slc):
        return Slc(emit(b, e.lo, memo), emit(b, e.hi, memo), emit(b, e.step, memo))
    if not isinstance(e, Term):
        return e
    if e not in memo:
        args = [emit(b, a, memo) for a in e.args]
        kwargs = {k: emit(b, v, memo) for k, v in e.kwargs}
        memo[e] = b.op(e.fn, *args, hint="", style="call", type=e.type, **kwargs)
    return memo[e]


def leaves(e: Expr) -> Iterator[Var]:
    """The variables an expression reads."""
    if isinstance(e, Var):
        yield e
    elif isinstance(e, Term):
        for a in (*e.args, *(v for _, v in e.kwargs)):
            yield from leaves(a)
    elif isinstance(e, Tup):
        for a in e.items:
            yield from leaves(a)
    elif isinstance(e, Slc):
        for a in (e.lo, e.hi, e.step):
            yield from leaves(a)


def show(e: Expr) -> str:
    """The text of an expression, for tests and messages."""
    if isinstance(e, Term):
        inner = [show(a) for a in e.args]
        if e.fn == "neg":
            return f"(-{inner[0]})"
        if len(inner) == 2 and not e.fn[0].isalpha():
            return f"({inner[0]} {e.fn} {inner[1]})"
        return f"{e.fn}({', '.join(inner + [f'{k}={show(v)}' for k, v in e.kwargs])})"
    if isinstance(e, Var):
        return e.hint or "v"
    return repr(e.value) if isinstance(e, Lit) else repr(e)
