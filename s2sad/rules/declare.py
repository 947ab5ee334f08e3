"""Declarations of rules: one line of text per function, from which both modes come.

``z_dot = Σ x_dot · ∂z/∂x`` and ``x_bar += z_bar · ∂z/∂x`` share the partials, so only the partials are written:

>>> rule("z = mylib.cube(x)", x="3.0 * x**2")
>>> DECLARATIONS["mylib.cube"].form
'elementwise'
>>> forget("mylib.cube")

A declaration is only stored here; `s2sad.rules.table` parses it when the function is first met.

- `rule`: an elementwise function and its partials.  In a partial ``_`` stands for the tangent or cotangent itself where
  a factor would not do: ``where(c, _, 0.0)``.
- `linear`: the tangent is the function itself applied to the tangents; ``x_bar`` is given.
- `bilinear`: the tangent is the product rule; ``x_bar`` and ``y_bar`` are given.
- `general`: ``y_dot`` and ``x_bar`` are given (``y_dot_a`` is the part of ``y_dot`` due to the operand ``a``).
- `zero`: the derivative is zero wherever it exists.

A function with several results names them, ``general("w, v = f(a)", w_dot=..., v_dot=..., a_bar=...)``.  Where nothing
depends on one of them, its cotangent in ``a_bar`` is None, for a macro to look at; in a rule with ``fn`` it is zero.

Any other keyword names a shared subexpression.  ``like`` says what type the result has, by an expression that has it
(`s2sad.rules.like`), ``result`` by a function of operands and options; else it is a float of the operands' broadcast
shape.  ``fn`` is the function itself, where its name in the text does not tell.  ``flags`` are words that say more:

    view          the result may be memory of the first operand; sureview: it surely is
    overlapping   a view in which elements share memory: larger than what it is of, and read-only
    boxed         an array even where it has no axes, not a number
    cheap         computed again rather than stored
    elementwise   of a function whose derivative is zero: it broadcasts
    broadcasting  the adjoint's expression may have more axes than the operand
    widening      a derivative may be float64 where the operand is float32
    quiet         raises nothing
    multiary      takes its operands as one tuple or list
    fresh         the result is surely new memory (as that of all functions of NumPy and SciPy that are no views)
    objects       has objects of run time among its operands, and is not printed as a call of its name
    exact         the options ``order`` and ``mode`` count, which are harmless elsewhere
    method        its name is that of a method of an object of the module: scipy.stats.norm.logpdf
    written       the texts hold the conjugations of complex numbers: the function is not holomorphic
    holomorphic   an elementwise function with other values at conj(x) than conj(f(x)): its partials are conjugated
    real          not differentiated for complex numbers
    planned       an option may be made at run time: a list of steps
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s2sad.trace.ir import Arg
from s2sad.trace.types import Type

Infer = Callable[[Sequence[Type]], Type]
Result = Callable[[Sequence[Arg], Mapping[str, Arg]], Type]


@dataclass(frozen=True)
class Declaration:
    """The text of one rule as it was written."""

    fn: str
    text: str
    form: str
    keywords: tuple[tuple[str, str], ...] = ()
    infer: Infer | None = None
    like: str = ""
    result: Result | None = None
    flags: frozenset[str] = frozenset()

    def __str__(self) -> str:
        name = "rule" if self.form == "elementwise" else self.form
        more = (("like", self.like),) if self.like else ()
        inner = ", ".join([f'"{self.text}"', *(f'{k}="{v}"' for k, v in (*self.keywords, *more))])
        return f"{name}({inner})"


DECLARATIONS: dict[str, Declaration] = {}
REWRITES: list[tuple[str, str]] = []
OBJECTS: dict[str, Any] = {}
_generation = 0


def generation() -> int:
    """Counts the changes of the table: what was derived from an older one is stale."""
    return _generation


def head(text: str) -> str:
    """The function a declaration is about.

    >>> head("z = x / y"), head("y = np.sum(x, axis=None)"), head("np.floor(x)")
    ('/', 'np.sum', 'np.floor')
    """
    body = text.partition(" = ")[2] or text
    if "(" in body:
        return body.partition("(")[0].strip().rstrip("_")  # assert_(...) is the statement assert
    left, _, rest = body.partition(" ")
    return rest.rpartition(" ")[0].strip().replace(" ", "_") or left


def _declare(form: str, text: str, keywords: dict[str, str], fn: Any, infer: Infer | None, like: str,
             result: Result | None = None, flags: str = "") -> None:
    global _generation
    name = head(text)
    DECLARATIONS[name] = Declaration(name, text, form, tuple(keywords.items()), infer, like, result,
                                     frozenset(flags.split()))
    if fn is not None:
        OBJECTS[name] = getattr(fn, "__s2sad_primal__", fn)
    _generation += 1


def rule(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", result: Result | None = None,
         flags: str = "", **partials: str) -> None:
    """Declare an elementwise function by its partial derivatives."""
    _declare("elementwise", text, partials, fn, infer, like, result, flags)


def linear(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", result: Result | None = None,
           flags: str = "", **adjoints: str) -> None:
    """Declare a function linear in its operands together, by its transpose."""
    _declare("linear", text, adjoints, fn, infer, like, result, flags)


def bilinear(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", result: Result | None = None,
             flags: str = "", **adjoints: str) -> None:
    """Declare a function linear in each of two operands, by its two transposes."""
    _declare("bilinear", text, adjoints, fn, infer, like, result, flags)


def general(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", result: Result | None = None,
            flags: str = "", **both: str) -> None:
    """Declare a function by its tangent and its adjoint."""
    _declare("general", text, both, fn, infer, like, result, flags)


def zero(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", result: Result | None = None,
         flags: str = "") -> None:
    """Declare a function whose derivative is zero wherever it exists."""
    _declare("zero", text, {}, fn, infer, like, result, flags)


def structural(text: str, /) -> None:
    """Declare an operation that reverse and forward mode treat themselves."""
    _declare("structural", text, {}, None, None, "")


def rewrite(pattern: str, replacement: str) -> None:
    """Declare an identity that simplifies derivative code: equal values up to rounding, nan and inf included."""
    global _generation
    if (pattern, replacement) not in REWRITES:
        REWRITES.append((pattern, replacement))
        _generation += 1


def forget(name: str) -> None:
    """Take a declaration back."""
    global _generation
    DECLARATIONS.pop(name, None)
    OBJECTS.pop(name, None)
    _generation += 1
