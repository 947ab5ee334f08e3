"""Which exceptions the operations of a program raise.

    1.0 / x        ZeroDivisionError, of Python's numbers; of NumPy's a FloatingPointError, if the program asks for it
    np.linalg.inv  LinAlgError, and ValueError for a shape that does not fit

An operation that is not known here may raise anything.
"""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable

import numpy as np

from s2sad.rules.compiled import flagged
from s2sad.trace.ir import Arg, Block, Call, Lit, Op, Raise, Ref, Slc, Stmt, Tup, Var
from s2sad.trace.types import Scalar, Unknown
from s2sad.trace.walk import arg_vars, blocks_of

Kinds = tuple[type[BaseException], ...]

_NOTHING: Kinds = ()
_ANYTHING: Kinds = (BaseException,)
# Of arrays; the last one where the program turns warnings into errors.
_SHAPES: Kinds = (ValueError, FloatingPointError, RuntimeWarning)
_QUIET = frozenset((
    "neg", "pos", "not", "abs", "bool", "is", "is_not", "shape", "size", "ndim", "len", "minlen", "zeros_like",
    "expand", "cast", "copy", "select", "accumulate", "tape_zeros", "pack", "unpack", "unbroadcast", "completed",
    "done", "caught", "new", "list_of", "str", "repr", "np.zeros_like", "np.ones_like", "np.empty_like", "np.float64",
    "np.transpose", "np.ravel", "np.copy", "np.real", "np.imag", "np.conjugate", "np.eye", "np.zeros", "np.ones",
    "np.empty", "np.identity", "str.format", "stop_gradient", "part",
))
# Effects, and what has to do with random numbers.
_EFFECTS = frozenset("print .append .write .flush .debug .info .warning .error .critical .log get_global set_global "
                     "breakpoint pdb.set_trace ascii dict placed placed_log placed_rate scaled between str.join "
                     "str.upper str.lower str.strip".split())
_COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))
_DIVISIONS = frozenset(("/", "//", "%"))
_LISTS = frozenset(("list_append", "list_insert", "list_set", "list_pop", "list_delete", "list_cut", "list_extend"))


def class_of(ref: Arg) -> type[BaseException]:
    """The class of exceptions that a reference names; BaseException if that is not known.

    >>> class_of(Ref("ValueError")), class_of(Ref("np.linalg.LinAlgError")), class_of(Ref("strange.Error"))
    (<class 'ValueError'>, <class 'numpy.linalg.LinAlgError'>, <class 'BaseException'>)
    """
    found = None
    if isinstance(ref, Ref):
        head, *rest = ref.name.split(".")
        found = ref.object if ref.object is not None else np if head == "np" else getattr(builtins, head, None)
        for name in rest if ref.object is None else ():
            found = getattr(found, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else BaseException


def raised(op: Op) -> Kinds:
    """The exceptions that an operation may raise, apart from those that nobody can do anything about.

    >>> from s2sad.trace.types import FLOAT, Array
    >>> x, a = Var(FLOAT), Var(Array("f8", ()))
    >>> raised(Op(x, "/", (x, x))), raised(Op(a, "/", (a, a))), raised(Op(x, "+", (x, x)))
    ((<class 'ZeroDivisionError'>,), (<class 'FloatingPointError'>, <class 'RuntimeWarning'>), ())
    """
    fn = op.fn
    if fn == "raise":
        kind = op.kwarg("kind")
        return (class_of(kind),) if isinstance(kind, Ref) else _ANYTHING
    if fn == "assert":
        return (AssertionError,)
    if fn == "check_length":
        return (ValueError,)
    if fn in _QUIET or fn in _EFFECTS or flagged(fn, "quiet") or fn.startswith("time."):
        return _NOTHING
    if fn in _COMPARISONS and all(map(_is_number, op.args)):
        return _NOTHING
    if fn in ("getitem", "setitem", "scatter_add"):
        return (IndexError, ValueError)
    if fn in _LISTS:
        return (IndexError, ValueError, TypeError)
    if fn.startswith((".", "np.random.", "random.")):
        return (ValueError, TypeError) if op.target is not None else _ANYTHING
    if fn == "warnings.warn":
        return (Warning,)
    if not fn[0].isalpha():
        return _arithmetic(fn, op.args)
    if fn in ("int", "round"):
        return (ValueError, OverflowError)
    if fn == "float":
        return _NOTHING
    if fn.startswith("math."):
        return (ValueError, OverflowError, ZeroDivisionError)
    if fn.startswith("np.linalg."):
        return (*_SHAPES, np.linalg.LinAlgError)
    if fn.startswith("np."):
        return (*_SHAPES, IndexError, TypeError)
    return _ANYTHING


def _arithmetic(fn: str, args: tuple[Arg, ...]) -> Kinds:
    if any(isinstance(a, Var) and isinstance(a.type, Unknown) for a in args):
        return (ValueError, ArithmeticError)
    if all(map(_is_python, args)):
        if fn in _DIVISIONS:
            return (ZeroDivisionError,)
        return (ZeroDivisionError, OverflowError) if fn == "**" else _NOTHING
    return (FloatingPointError, RuntimeWarning) if all(map(_is_number, args)) else _SHAPES


def _is_python(arg: Arg) -> bool:
    """Whether an operand is a number of Python's own."""
    return isinstance(arg, Lit) or isinstance(arg, Var) and isinstance(arg.type, Scalar)


def _is_number(arg: Arg) -> bool:
    """Whether an operand is a number, not an array with axes."""
    return _is_python(arg) or isinstance(arg, Var) and getattr(arg.type, "dims", None) == ()


def may_raise(stmt: Stmt, kinds: Iterable[type[BaseException]]) -> bool:
    """Whether one of these exceptions, or of those they are made from, may come out of a statement."""
    kinds = tuple(kinds)

    def one(s: Stmt) -> bool:
        if isinstance(s, Op):
            return any(issubclass(r, k) or issubclass(k, r) for r in raised(s) for k in kinds)
        return isinstance(s, Call) or any(map(block, blocks_of(s)))

    def block(b: Block) -> bool:
        return any(map(one, b.stmts)) or isinstance(b.end, Raise)

    return one(stmt)


def derivative_raises(stmt: Stmt, kinds: Iterable[type[BaseException]], divided: Collection[Arg] = ()) -> bool:
    """Whether the derivative code in a statement may raise one of these exceptions where the program itself does not.

    Its arrays have the shapes of the program's, and divisions of NumPy's numbers raise nothing; nor do those by what
    the program has ``divided`` by.
    """
    wanted = tuple(kinds)
    if isinstance(stmt, Call):
        return True
    if isinstance(stmt, Op):
        divisor = stmt.args[1] if stmt.fn == "/" else None
        if stmt.sweep == "primal" or divisor in divided or isinstance(divisor, Lit) and divisor.value != 0:
            return False
        own = raised(stmt) if stmt.fn.startswith(("math.", "np.linalg.")) or not stmt.fn[0].isalpha() else ()
        own = tuple(r for r in own if r is not ValueError or stmt.fn.startswith("math."))
        return any(issubclass(r, k) or issubclass(k, r) for r in own if r is not FloatingPointError for k in wanted)
    return any(derivative_raises(s, wanted, divided) for b in blocks_of(stmt) for s in b.stmts)


def depends_on_values(op: Op) -> bool:
    """Whether an operation may raise an exception because of the values of its operands."""
    if op.fn in ("getitem", "setitem"):
        return bool(_positions(op))
    if op.fn.startswith(("math.", "np.linalg.")) or op.fn in ("int", "round"):
        return bool(raised(op))
    if op.fn in ("/", "//", "%", "**"):
        harmless = isinstance(op.args[1], Lit) and op.fn != "**" and op.args[1].value != 0
        return ZeroDivisionError in raised(op) and not harmless
    return False


def _positions(op: Op) -> list[Var]:
    """The variables that say which elements are meant; bounds of slices never raise."""
    index = op.kwarg("index")
    items = index.items if isinstance(index, Tup) else (index,)
    return [v for item in items if not isinstance(item, Slc) for v in arg_vars(item)]
