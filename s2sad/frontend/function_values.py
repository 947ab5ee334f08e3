"""Functions as values, other than those that have a text or a rule of their own: what is made of functions.

    functools.partial(g, 2.0)     Partial(g, (2.0,))
    s2sad.grad(g)                 Derived(g, (Step("grad", (0,)),))
    f if x > 0 else g             Choice(x > 0, f, g)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from s2sad.frontend.steps import Step
from s2sad.frontend.values import Abstract, Value
from s2sad.frontend.wrt import SAME, Chosen, View, Wrt
from s2sad.trace.ir import Arg


@dataclass(frozen=True, eq=False)
class Partial(Abstract):
    """``functools.partial(fn, *args, **kwargs)``."""

    PARTS = ("fn", "args", "kwargs")
    fn: Value
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    what = "function"


@dataclass(frozen=True, eq=False)
class Choice(Abstract):
    """One of two functions, as a condition decides that is known at run time only."""

    PARTS = ("cond", "then", "orelse")
    cond: Arg
    then: Value
    orelse: Value
    what = "function"


@dataclass(frozen=True, eq=False)
class Derived(Abstract):
    """A derivative of a function: steps, first to last, and how the result is shown.

    ``wrt`` of a step counts the parameters of the function that are not bound.
    """

    PARTS = ("fn",)
    fn: Value
    steps: tuple[Step, ...] = ()
    view: View = SAME
    what = "function"


@dataclass(frozen=True, eq=False)
class Columns(Abstract):
    """A Jacobian: ``kind`` is ``fwd``, ``rev``, or ``sum`` for the sums of its columns."""

    PARTS = ("fn",)
    fn: Value
    kind: str
    chosen: Chosen
    holomorphic: bool = False
    what = "function"


@dataclass(frozen=True, eq=False)
class Linear(Abstract):
    """The derivative of a function at given arguments, as a linear function: a pullback, or forward a ``f_jvp``.

    ``args`` are what the arguments held then; ``positions`` are those to differentiate by.
    """

    PARTS = ("fn", "args", "kwargs", "result")
    fn: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    result: Value
    positions: tuple[int, ...]
    forward: bool = False
    what = "function"


@dataclass(frozen=True, eq=False)
class Along(Abstract):
    """A linear function from one number or array among its arguments to the tuple of those in its result.

    ``leaf`` is the number of that argument, ``likes`` are all of them, as they go into ``linear``.
    """

    PARTS = ("linear", "likes")
    linear: Linear
    likes: tuple[Value, ...]
    leaf: int
    what = "function"


@dataclass(frozen=True, eq=False)
class Differentiable(Abstract):
    """A function that carries its derivatives: ``differentiate(fn, wrt=wrt, has_aux=has_aux)``."""

    PARTS = ("fn",)
    fn: Value
    wrt: Wrt | None = None
    has_aux: bool = False
    what = "function"


@dataclass(frozen=True)
class Slot(Abstract):
    """The place of a number or array that a function captures: the argument of that number takes it.

    A function that is captured may have slots itself, of a lower ``level``.
    """

    number: int
    level: int = 0
    what = "argument"


@dataclass(frozen=True, eq=False)
class Lifted(Abstract):
    """``lambda x, c: fn(x, *args)``: a function with what it captures, and its last arguments, as further parameters.

    In ``fn`` and ``args`` there are slots in the place of these ``count`` numbers and arrays.  Of a tuple or list that
    the function returns it gives the array; as a ``vector`` also of a number, as ``first`` the first item, and as a
    ``pair`` what there is.  If it is ``flipped``, its first arguments are in reverse order.
    """

    PARTS = ("fn", "args")
    fn: Value
    args: tuple[Value, ...]
    names: tuple[str, ...]
    count: int
    level: int = 0
    gives: str = ""
    what = "function"


@dataclass(frozen=True, eq=False)
class Composed(Abstract):
    """A text of Python applied to what a function gives: ``text(inner(x), *more)``.

    Applied to the function as a ``whole`` it is ``text(inner, *more, x)``.
    """

    PARTS = ("inner", "more")
    inner: Value
    text: Any
    more: tuple[Value, ...] = ()
    whole: bool = False
    what = "function"


@dataclass(frozen=True, eq=False)
class Outcome(Abstract):
    """What a solver gives: its attributes, which are its items, too."""

    PARTS = ("fields",)
    fields: tuple[tuple[str, Value], ...]
    cls: str = "OptimizeResult"

    @property
    def what(self) -> str:  # type: ignore[override]
        return self.cls


def is_function(value: Value) -> bool:
    """Whether a value is sure to be a function."""
    return isinstance(value, Abstract) and value.what in ("function", "method")


def form_of(value: Any) -> Any:
    """A hashable form of what ``wrt`` may be."""
    return tuple(value) if isinstance(value, list) else value
