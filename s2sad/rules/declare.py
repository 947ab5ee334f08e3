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

Any other keyword names a shared subexpression.  ``like`` says what type the result has, by an expression that has it
(`s2sad.rules.like`); else it is a float of the operands' broadcast shape.  ``fn`` is the function itself, where its
name in the text does not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from s2sad.trace.types import Type

Infer = Callable[[Sequence[Type]], Type]


@dataclass(frozen=True)
class Declaration:
    """The text of one rule as it was written."""

    fn: str
    text: str
    form: str
    keywords: tuple[tuple[str, str], ...] = ()
    infer: Infer | None = None
    like: str = ""

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


def _declare(form: str, text: str, keywords: dict[str, str], fn: Any, infer: Infer | None, like: str) -> None:
    global _generation
    name = head(text)
    DECLARATIONS[name] = Declaration(name, text, form, tuple(keywords.items()), infer, like)
    if fn is not None:
        OBJECTS[name] = getattr(fn, "__s2sad_primal__", fn)
    _generation += 1


def rule(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", **partials: str) -> None:
    """Declare an elementwise function by its partial derivatives."""
    _declare("elementwise", text, partials, fn, infer, like)


def linear(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", **adjoints: str) -> None:
    """Declare a function linear in its operands together, by its transpose."""
    _declare("linear", text, adjoints, fn, infer, like)


def bilinear(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", **adjoints: str) -> None:
    """Declare a function linear in each of two operands, by its two transposes."""
    _declare("bilinear", text, adjoints, fn, infer, like)


def general(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "", **both: str) -> None:
    """Declare a function by its tangent and its adjoint."""
    _declare("general", text, both, fn, infer, like)


def zero(text: str, /, *, fn: Any = None, infer: Infer | None = None, like: str = "") -> None:
    """Declare a function whose derivative is zero wherever it exists."""
    _declare("zero", text, {}, fn, infer, like)


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
