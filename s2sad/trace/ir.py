"""The trace: a structured, typed program in which every variable is assigned once.

A `Trace` is a function.  Its body is a `Block`: statements in order, then one end that says where control goes.

- `Op` applies one elementary operation.
- `If` runs one of two blocks.  Blocks that end in `Yield` give the If's results.  If a branch ends otherwise (`Return`,
  `Break`, `Next`), the If is the last statement of its block and that block has no end of its own (None): where control
  goes is said by the branches.
  With a *guard* it is ``try`` or ``with``: ``then`` is begun, and an exception may lead to the other block.
- `For` and `While` carry values from iteration to iteration: `params` name them in the body, `inits` are their first
  values, the body's `Next` gives the next ones and `results` the last ones.  `Break` leaves at once, with the results.
  An iteration may also *put* one item on each of the loop's `outs` (tapes), and *take* one item from each of its
  `tapes`, under the names `items`.  Items are addressed by position: the item put on a tape at position p of the range
  is the one taken at position p, whichever way either loop runs.
- `Call` calls another trace of the same program.

Reverse mode makes loops and branches that mirror primal ones: their `twin` is the primal statement's `key`.  Until the
recording pass has run, statements inside a twin may use variables defined inside the statement it mirrors (in the same
iteration, the same branch).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from s2sad.trace.types import Dim, Type

_uids = itertools.count(1)


def new_key() -> int:
    """A number that no variable and no statement has."""
    return next(_uids)


@dataclass(frozen=True, eq=False)
class Var:
    """A variable: its type and the name the user gave it (``hint``; empty for an unnamed intermediate).

    ``length`` is the axis length that an integer is known to be.
    """

    type: Type
    hint: str = ""
    uid: int = field(default_factory=lambda: next(_uids))
    length: Dim | None = None

    @property
    def dim(self) -> Dim:
        """An integer as an axis length: what is known of it, else a symbol of its own."""
        return Dim.symbol(f"?v{self.uid}") if self.length is None else self.length

    @property
    def is_named(self) -> bool:
        """Whether the user gave it a name; a hint such as ``#12_bar`` (the adjoint of variable 12) is none."""
        return bool(self.hint) and not self.hint.startswith("#")

    def __repr__(self) -> str:
        return f"{self.hint or 'v'}#{self.uid}"


@dataclass(frozen=True)
class Lit:
    """A literal: number, string, None, Ellipsis; ``text`` is the expression that the user wrote for a number."""

    value: Any
    text: str = field(default="", compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lit) and (type(self.value), repr(self.value)) == (type(other.value), repr(other.value))

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True)
class Undef:
    """The value of a name that this path has not assigned."""


@dataclass(frozen=True)
class Tup:
    """A tuple (or list) of arguments, such as an index ``[i, 1:]`` or a shape."""

    items: tuple[Arg, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Slc:
    """A slice inside an index."""

    lo: Arg
    hi: Arg
    step: Arg


@dataclass(frozen=True)
class Ref:
    """An object from outside by its name: of NumPy or the standard library, such as ``np.float32``, or the user's.

    ``object`` is that of the user's, which generated code imports or is handed under this name.
    """

    name: str
    object: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Lambda:
    """A function of the program as an operand: ``lambda x: callee(x, *args)``, of ``count`` arguments."""

    callee: str
    count: int
    args: tuple[Arg, ...] = ()


Arg = Var | Lit | Undef | Tup | Slc | Ref | Lambda
UNDEF, NONE = Undef(), Lit(None)


@dataclass(frozen=True)
class Site:
    """Where in the user's text a statement comes from: file, line, and the whole source statement on one line."""

    file: str = ""
    line: int = 0
    text: str = ""


NOWHERE = Site()


@dataclass(frozen=True)
class Op:
    """``target = fn(*args, **kwargs)``.

    ``args`` are the operands that may carry derivatives, in the order of the rule; everything else is in ``kwargs``, by
    name.  ``style`` is how the user wrote it where there is a choice (``call``, ``method``, ``attr``).  An op without
    target is there for its effect (``assert``).  ``sweep`` says which part of a derivative it belongs to: ``primal``,
    ``tangent`` or ``adjoint``.
    """

    target: Var | None
    fn: str
    args: tuple[Arg, ...]
    kwargs: tuple[tuple[str, Arg], ...] = ()
    site: Site = NOWHERE
    sweep: str = "primal"
    style: str = "call"

    def kwarg(self, name: str, default: Arg = NONE) -> Arg:
        return dict(self.kwargs).get(name, default)


@dataclass(frozen=True)
class Yield:
    """Ends a branch: the If's results."""

    values: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Next:
    """Ends an iteration: the carried values of the next one, and what this one puts on the tapes."""

    values: tuple[Arg, ...] = ()
    outs: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Break:
    """Ends the loop: its results, and what this last iteration puts on the tapes."""

    values: tuple[Arg, ...] = ()
    outs: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Return:
    """Ends the function: one value per leaf of the trace's result structure."""

    values: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Raise:
    """Ends the function with the user's own exception ``fn(*args)``; ``object`` is the class if it is the user's own.

    Without ``fn`` the first of ``args`` is the exception itself, the second, if there is one, its cause.
    """

    fn: str
    args: tuple[Arg, ...] = ()
    object: Any = field(default=None, compare=False, repr=False)
    site: Site = field(default=NOWHERE, compare=False, repr=False)

    @property
    def kind(self) -> Ref:
        """The class of the exception."""
        return Ref(self.fn, self.object)


End = Yield | Next | Break | Return | Raise | None


@dataclass(frozen=True)
class Block:
    """Statements, then where control goes."""

    stmts: tuple[Stmt, ...]
    end: End


@dataclass(frozen=True)
class Try:
    """Run ``then`` up to the operation ``completed``; if an exception of these classes comes out of that, ``orelse``.

    ``error`` is the exception, a variable at the head of ``orelse``.
    """

    classes: tuple[Ref, ...]
    error: Var


@dataclass(frozen=True)
class With:
    """Run ``then`` inside a context, which lets exceptions through; ``target`` is what entering it gives."""

    context: Arg
    target: Var | None = None


@dataclass(frozen=True)
class If:
    """Runs one of two blocks: as ``cond`` says, or else as the ``guard`` does.

    A `Try` defines ``cond``: whether ``then`` has been completed.  Under a `With` it is the literal True.
    """

    cond: Arg
    then: Block
    orelse: Block
    results: tuple[Var, ...] = ()
    site: Site = NOWHERE
    sweep: str = "primal"
    key: int = field(default_factory=lambda: next(_uids))
    twin: int | None = None
    guard: Try | With | None = None


@dataclass(frozen=True)
class Range:
    """``range(start, stop, step)``."""

    start: Arg
    stop: Arg
    step: Arg


@dataclass(frozen=True)
class Along:
    """As many positions as the tape has items."""

    tape: Arg


@dataclass(frozen=True)
class Mirror:
    """The iterations that the twin loop has run: resolved by the recording pass."""


@dataclass(frozen=True)
class For:
    """``for index in domain`` (or, ``backward``, in ``reversed(domain)``)."""

    index: Var
    domain: Range | Along | Mirror
    params: tuple[Var, ...]
    inits: tuple[Arg, ...]
    body: Block
    results: tuple[Var, ...]
    backward: bool = False
    items: tuple[Var, ...] = ()
    tapes: tuple[Arg, ...] = ()
    outs: tuple[Var, ...] = ()
    site: Site = NOWHERE
    sweep: str = "primal"
    key: int = field(default_factory=lambda: next(_uids))
    twin: int | None = None


@dataclass(frozen=True)
class While:
    """``while test``: the test block sees the params and ends in a Yield of one value."""

    params: tuple[Var, ...]
    inits: tuple[Arg, ...]
    test: Block
    body: Block
    results: tuple[Var, ...]
    outs: tuple[Var, ...] = ()
    site: Site = NOWHERE
    sweep: str = "primal"
    key: int = field(default_factory=lambda: next(_uids))
    twin: int | None = None


@dataclass(frozen=True)
class Call:
    """``targets = callee(*args)``: one argument per leaf of the callee's inputs, one target per leaf of its result."""

    targets: tuple[Var, ...]
    callee: str
    args: tuple[Arg, ...]
    site: Site = NOWHERE
    sweep: str = "primal"


Stmt = Op | If | For | While | Call


@dataclass(frozen=True)
class Class:
    """A class of the program: its name, the module that defines it, the class itself where that has been imported."""

    name: str
    module: str = ""
    object: Any = None


@dataclass(frozen=True)
class Leaf:
    """One number or array in the structure of an argument or result: its index among all leaves."""

    index: int


@dataclass(frozen=True)
class Node:
    """A ``tuple``, ``list``, ``dict`` or ``object`` (the ``kind``) of structures.

    The items of a dict or object are in the order of its ``keys``, the names of attributes if it is an object.  ``cls``
    is the class of an object; a tuple with a class is a named tuple, whose keys are its fields.  ``name`` is what the
    text may call it.
    """

    kind: str
    items: tuple[Tree, ...]
    keys: tuple[str | int, ...] = ()
    cls: Class | None = None
    name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Const:
    """A part of a structure that is not a number of the trace: None, a string, a static value."""

    value: Any


Tree = Leaf | Node | Const


@dataclass(frozen=True)
class Input:
    """A parameter of the function.

    ``tree`` says where its leaves stand among the trace's ``params``; ``default`` is emitted as ``=default`` (an
    `Undef` means none); ``kind`` is ``argument``, ``seed`` (tangent or adjoint), or ``global`` (a number of the
    enclosing module or closure, passed by keyword and read anew at every call).
    """

    name: str
    tree: Tree
    default: Arg = UNDEF
    kind: str = "argument"


@dataclass(frozen=True)
class Custom:
    """How a function is differentiated where its author says so: the names of other functions of the program.

    ``jvp`` is ``(params…, x_dot…) → (y…, y_dot…)``, where x are the params that are ``moving``.  Reverse mode calls
    ``fwd``, ``(params…) → (y…, kept…)``, in the place of the function, and in its reverse sweep ``rev``, ``(params…,
    kept…, y_bar…) → x_bar…``, where x are the params that are ``pulled``; without ``fwd`` it keeps ``y…``.  With
    ``again`` there are none of these: the function is computed again, and nothing is kept.  An ``identity`` returns its
    first params: it is there for what it does to their adjoints.  ``later`` makes what no derivative has asked for yet.
    """

    moving: tuple[int, ...] = ()
    pulled: tuple[int, ...] = ()
    jvp: str = ""
    fwd: str = ""
    rev: str = ""
    again: bool = False
    identity: bool = False
    later: Any = field(default=None, compare=False, repr=False)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that it names."""
        return tuple(name for name in (self.jvp, self.fwd, self.rev) if name)


# What ``str(trace)`` calls; `s2sad.trace.text` puts its printer here.
PRINTER: list[Callable[[Any], str]] = [repr]


@dataclass(frozen=True)
class Trace:
    """A function: inputs and their leaves ``params``, the body, the structure of the result, the traces it calls.

    ``doc`` is the docstring of the emitted function; ``split`` asks for the statements of the adjoint sweep to be
    emitted as an inner function ``pullback(seeds)``.  ``comments`` are the user's, by the line they end, ``remarks``
    those that stand on lines of their own, by the line below.  ``given`` are the result leaves that the user's own
    function computes, handed out as it would (None: all of them); the other leaves own their memory.
    ``inplace`` are the params whose memory the function may change.

    ``outputs`` are the names of the inputs whose final contents the result is, if it is that.  If the caller's arrays
    are to be left as the user's function leaves them, ``left`` are the params it writes to, and the result is a pair:
    the function's own, and a tuple of their final contents.

    ``custom`` says how calls of the function are differentiated, if not by its body.  A ``transparent`` function is put
    in place of its calls, where control flow allows that.
    """

    name: str
    inputs: tuple[Input, ...]
    params: tuple[Var, ...]
    body: Block
    result: Tree
    callees: tuple[Trace, ...] = ()
    site: Site = NOWHERE
    doc: str = ""
    split: bool = False
    comments: tuple[tuple[int, str], ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()
    given: tuple[int, ...] | None = None
    outputs: tuple[str, ...] = ()
    left: tuple[int, ...] = ()
    inplace: tuple[int, ...] = ()
    custom: Custom | None = None
    transparent: bool = False

    def __str__(self) -> str:
        return PRINTER[-1](self)
