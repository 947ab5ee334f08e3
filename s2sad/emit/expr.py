"""Operations as Python expressions: the right-hand column of the table of operations.

An `Expressions` builds the syntax trees of one module's text and keeps what the rest of the emitter must know about
them: which variables they read, which names of the outside (modules, helpers, built-ins) they use.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from s2sad.emit.fold import Choice
from s2sad.emit.nodes import NamedNumbers, call, constant, display, dotted, load, negative
from s2sad.errors import InternalError
from s2sad.rules.infer_index import index_items, is_basic
from s2sad.rules.static import type_of
from s2sad.rules.table import find, flagged
from s2sad.runtime.helpers import HELPERS
from s2sad.trace.ir import Arg, If, Lambda, Lit, Op, Range, Ref, Slc, Tup, Undef, Var, Yield
from s2sad.trace.types import Array, Scalar, Type, Unknown, dtype_of, kind_of, rank

BINARY: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "@": ast.MatMult, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor, "<<": ast.LShift, ">>": ast.RShift,
}
UNARY: dict[str, type[ast.unaryop]] = {"neg": ast.USub, "pos": ast.UAdd, "invert": ast.Invert, "not": ast.Not}
COMPARE: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "==": ast.Eq, "!=": ast.NotEq, "is": ast.Is,
    "is_not": ast.IsNot, "in": ast.In, "not_in": ast.NotIn,
}
DTYPES = {"b1": "np.bool_", "i1": "np.int8", "i2": "np.int16", "i4": "np.int32", "i8": "np.int64", "u1": "np.uint8",
          "u2": "np.uint16", "u4": "np.uint32", "u8": "np.uint64", "f2": "np.float16", "f4": "np.float32",
          "f8": "np.float64", "c8": "np.complex64", "c16": "np.complex128"}
KINDS = ("bool", "int", "float", "complex")
ATTRIBUTES = {"np.transpose": "T", "np.matrix_transpose": "mT"}
# Options printed by position where the rule table does not know the function.
POSITIONAL = frozenset(("shape", "axes", "axis1", "axis2", "source", "destination", "shift"))
METHODS_ONLY = frozenset(("flatten", "item", "np.astype", "conjugate"))
# Functions that take no keyword arguments.
NO_KEYWORDS = frozenset(("math.log", "cmath.log"))
OF_TWO_TUPLES = frozenset(("math.dist", "math.sumprod"))


# How operations are written that other modules know about; None where the operands are of another kind.
SPECIAL: dict[str, Callable[[Expressions, Op], ast.expr | None]] = {}


def operand_type(a: Arg) -> Type | None:
    return a.type if isinstance(a, Var) else None


class Expressions:
    """Builds expressions; ``inline`` has the statements that are printed where their one result is used."""

    callback: Callable[[Expressions, Lambda], ast.expr]  # writes functions that are operands

    def __init__(self, inline: Mapping[Var, Op | If], choices: Mapping[int, Choice]) -> None:
        self.inline, self.choices = dict(inline), choices
        self.names: list[tuple[ast.Name, Var]] = []
        self.reads: list[Var] = []
        self.outside: dict[str, Any] = {}
        self.helpers: dict[str, None] = {}

    def take_reads(self) -> list[Var]:
        """The variables read by the expressions built since the last call."""
        reads, self.reads = self.reads, []
        return reads

    def name(self, v: Var) -> ast.Name:
        """A reference to a variable that reads nothing: a target."""
        node = load(v.hint or "v")
        self.names.append((node, v))
        return node

    def ref(self, dotted_name: str, obj: Any = None) -> ast.expr:
        """A name of the outside; ``obj`` is what it stands for if that is the user's."""
        if obj is not None or dotted_name not in self.outside:
            self.outside[dotted_name] = obj
        return dotted(dotted_name)

    def arg(self, a: Arg) -> ast.expr:
        """An operand."""
        if isinstance(a, Var):
            stmt = self.inline.get(a)
            if stmt is not None:
                return self.op(stmt) if isinstance(stmt, Op) else self.choice(stmt)
            self.reads.append(a)
            return self.name(a)
        if isinstance(a, Lit) and a.text:
            written = NamedNumbers().visit(ast.parse(a.text, mode="eval").body)
            if any(isinstance(n, ast.Attribute) for n in ast.walk(written)):
                self.outside["np"] = None
            return written  # type: ignore[no-any-return]
        if isinstance(a, Lit):
            node = constant(a.value)
            if isinstance(node, ast.Call):
                self.outside["complex"] = None
            elif not isinstance(node, ast.Constant):
                self.outside["np"] = None
            return node
        if isinstance(a, Tup):
            return display([self.arg(i) for i in a.items], a.is_list)
        if isinstance(a, Slc):
            lo, hi, step = (None if p == Lit(None) else self.arg(p) for p in (a.lo, a.hi, a.step))
            return ast.Slice(lower=lo, upper=hi, step=step)
        if isinstance(a, (Ref, Lambda)):
            return self.ref(a.name, a.object) if isinstance(a, Ref) else self.callback(self, a)
        assert isinstance(a, Undef)
        return ast.Constant(value=None)

    def backwards(self, sequence: ast.expr) -> ast.expr:
        """The items of a sequence, last one first."""
        return call(self.ref("reversed"), [sequence])

    def range(self, d: Range, backward: bool) -> ast.expr:
        """``range(n)``, ``reversed(range(n))``."""
        node = call(self.ref("range"), [self.arg(a) for a in range_args(d)])
        return self.backwards(node) if backward else node

    def add_at(self, op: Op, place: ast.expr, index: ast.expr, value: ast.expr, less: bool) -> ast.expr:
        """What adds to places, or subtracts, of which some may be the same."""
        return call(self.ref("np.subtract.at" if less else "np.add.at"), [place, index, value])

    def overlaps(self, base: Var, value: Arg) -> bool:
        """Whether an update of the base in place must take a copy of the value first."""
        return False

    def choice(self, stmt: If) -> ast.expr:
        """A branch as an expression."""
        then, orelse = stmt.then.end, stmt.orelse.end
        assert isinstance(then, Yield) and isinstance(orelse, Yield)
        kind = self.choices[stmt.key]
        if kind == "and":
            return _bool(ast.And(), self.arg(stmt.cond), self.arg(then.values[0]))
        if kind == "or":
            return _bool(ast.Or(), self.arg(stmt.cond), self.arg(orelse.values[0]))
        test, body = self.arg(stmt.cond), self.arg(then.values[0])
        return ast.IfExp(test=test, body=body, orelse=self.arg(orelse.values[0]))

    def op(self, op: Op) -> ast.expr:
        """The expression of an operation."""
        fn, args = op.fn, op.args
        if fn in BINARY:
            return ast.BinOp(left=self.arg(args[0]), op=BINARY[fn](), right=self.arg(args[1]))
        if fn in UNARY:
            operand = self.arg(args[0])
            return negative(operand) if fn == "neg" and op.sweep != "primal" else ast.UnaryOp(UNARY[fn](), operand)
        if fn in COMPARE:
            return ast.Compare(left=self.arg(args[0]), ops=[COMPARE[fn]()], comparators=[self.arg(args[1])])
        known = "." if fn.startswith(".") else fn
        elsewhere = SPECIAL[known](self, op) if known in SPECIAL else None
        if elsewhere is not None:
            return elsewhere
        special = getattr(self, f"_{fn}", None) if fn.isidentifier() else None
        if special is not None:
            node: ast.expr = special(op)
            return node
        return self.function(op)

    def function(self, op: Op) -> ast.expr:
        """A call of a named function, a method or an attribute."""
        fn = op.fn
        if op.style == "attr" or _is_plain_transpose(op):
            attr = ATTRIBUTES.get(fn, fn.rpartition(".")[2])
            return ast.Attribute(value=self.arg(op.args[0]), attr=attr, ctx=ast.Load())
        if fn == "np.array":
            return self.array(op)
        args, options = self.arguments(op)
        if fn in NO_KEYWORDS or fn == "np.transpose" and op.style == "method":
            args, options = [*args, *(v for _, v in options)], []
        if op.style == "method" or fn in METHODS_ONLY:
            # Numba knows a number's conjugate by its long name only.
            name = "conjugate" if fn == "np.conj" and op.args and rank(type_of(op.args[0])) == 0 else fn
            method = ast.Attribute(value=args[0], attr=name.rpartition(".")[2], ctx=ast.Load())
            return call(method, args[1:], options)
        if flagged(fn, "multiary"):
            args = [display(args)]
        if fn in OF_TWO_TUPLES:
            args = [display(args[:len(args) // 2]), display(args[len(args) // 2:])]
        if fn == "np.choose":
            args = [args[0], display(args[1:], True)]
        if "." in fn:
            return call(self.ref(fn), args, options)
        return self.helper(fn, args, options) if fn in HELPERS else call(self.ref(fn), args, options)

    def helper(self, fn: str, args: list[ast.expr], options: Iterable[tuple[str, ast.expr]] = ()) -> ast.expr:
        """A call of a function of the runtime."""
        return call(self.helper_name(fn), args, options)

    def helper_name(self, fn: str) -> ast.expr:
        """A function of the runtime."""
        self.helpers[fn] = None
        return load(fn)

    def arguments(self, op: Op) -> tuple[list[ast.expr], list[tuple[str, ast.expr]]]:
        """Positional and keyword arguments: operands and required options by position, the rest by name."""
        options = dict(op.kwargs)
        order = _parameters(op.fn)
        if order is None:
            args = [self.arg(a) for a in op.args]
            args += [self.arg(options.pop(k)) for k, _ in op.kwargs if k in POSITIONAL]
            return args, [(k, self.arg(v)) for k, v in options.items() if not _is_default(k, v)]
        args, rest, by_name = [], list(op.args), False
        named: list[tuple[str, ast.expr]] = []
        for name, kind, default in order:
            if kind == "variadic":
                args += [self.arg(a) for a in rest]
                rest = []
            elif kind == "operand":
                given = rest.pop(0) if rest else default
                if given is not None and default is None:
                    args.append(self.arg(given))
                elif given is not None and given != default:
                    named.append((name, self.arg(given)))
            elif name in options and default is None and not by_name:
                args.append(self.option(name, options.pop(name)))
            else:
                by_name = True
        args += [self.arg(a) for a in rest]
        defaults = {name: default for name, _, default in order}
        by_keyword = [(k.rstrip("_"), self.option(k, v)) for k, v in options.items() if v != defaults.get(k)]
        return args, [*by_keyword, *named]

    def option(self, name: str, value: Arg) -> ast.expr:
        """An option; a dtype is written as NumPy's type."""
        if name == "dtype" and isinstance(value, Lit) and isinstance(value.value, str):
            known = DTYPES.get(value.value, value.value if value.value in KINDS else "")
            if known:
                return self.ref(known)
        if name == "index":
            return in_index(self.arg(value), self)
        if name == "out":
            return call(self.ref("np.zeros_like"), [self.arg(value)])  # see `lower_masks`
        return self.arg(value)

    def array(self, op: Op) -> ast.expr:
        """``np.array`` with its operands put back into the nested lists."""
        def place(a: Arg) -> ast.expr:
            if isinstance(a, Tup):
                return display([place(i) for i in a.items], a.is_list)
            assert isinstance(a, Lit)
            return self.arg(op.args[a.value])

        layout = op.kwarg("layout")
        inner = place(layout) if layout != Lit(None) else self.arg(op.args[0])
        options = [(k, self.arg(v)) for k, v in op.kwargs if k != "layout" and not _is_default(k, v)]
        return call(self.ref("np.array"), [inner], options)

    def _getitem(self, op: Op) -> ast.expr:
        x, index = op.args[0], op.kwarg("index")
        if op.sweep != "primal" and isinstance(x, Var):
            inner = self.inline.get(x)
            if isinstance(inner, Op) and inner.fn == "getitem" and _are_one(inner, index):
                both = Tup((*index_items(inner.kwarg("index")), *index_items(index)))
                return ast.Subscript(value=self.arg(inner.args[0]), slice=self.arg(both), ctx=ast.Load())
        return ast.Subscript(value=self.arg(x), slice=self.arg(index), ctx=ast.Load())

    def _shape(self, op: Op) -> ast.expr:
        axis = op.kwarg("axis")
        shape = self.property(op.args[0], "shape")
        return shape if axis == Lit(None) else ast.Subscript(value=shape, slice=self.arg(axis), ctx=ast.Load())

    def _flat(self, op: Op) -> ast.expr:
        return ast.Attribute(value=self.arg(op.args[0]), attr="flat", ctx=ast.Load())

    def _size(self, op: Op) -> ast.expr:
        return self.property(op.args[0], "size")

    def _ndim(self, op: Op) -> ast.expr:
        return self.property(op.args[0], "ndim")

    def property(self, a: Arg, what: str) -> ast.expr:
        """``x.shape``, or ``np.shape(x)`` where x may be a number."""
        if isinstance(operand_type(a), Array):
            return ast.Attribute(value=self.arg(a), attr=what, ctx=ast.Load())
        return call(self.ref(f"np.{what}"), [self.arg(a)])

    def _minlen(self, op: Op) -> ast.expr:
        lengths = [call(self.ref("len"), [self.arg(a)]) for a in op.args]
        return lengths[0] if len(lengths) == 1 else call(self.ref("min"), lengths)

    def _trips(self, op: Op) -> ast.expr:
        return call(self.ref("len"), [self.range(Range(*op.args), False)])

    def _zeros_like(self, op: Op) -> ast.expr:
        t = operand_type(op.args[0])
        if t is None or isinstance(t, Scalar):
            zero = 0j if isinstance(t, Scalar) and t.kind == "complex" else 0.0
            return ast.Constant(value=zero)
        if isinstance(t, Array) and not t.dims:
            if t.dtype in ("f8", "?"):
                return ast.Constant(value=0.0)
            if t.dtype in DTYPES:
                return call(self.ref(DTYPES[t.dtype]), [ast.Constant(value=0)])
        return call(self.ref("np.zeros_like"), [self.arg(op.args[0])])

    def _expand(self, op: Op) -> ast.expr:
        v, like = op.args
        if isinstance(like, Lit) or rank(like.type if isinstance(like, Var) else Unknown()) == 0:
            return self.arg(v)
        if isinstance(operand_type(like), Unknown) or isinstance(operand_type(v), Unknown):
            return self.helper("expand", [self.arg(v), self.arg(like)])
        if isinstance(v, Lit) or (isinstance(v, Var) and rank(v.type) == 0):
            is_wider = kind_of(type_of(v)) == "complex" != kind_of(type_of(like))
            dtype = [("dtype", self.ref(DTYPES[dtype_of(type_of(v))]))] if is_wider else []
            return call(self.ref("np.full_like"), [self.arg(like), self.arg(v)], dtype)
        return call(self.ref("np.broadcast_to"), [self.arg(v), self.property(like, "shape")])

    def _cast(self, op: Op) -> ast.expr:
        if len(op.args) == 2:
            return self.helper("cast_like", [self.arg(a) for a in op.args])
        dtype = op.kwarg("dtype")
        kind = dtype.value if isinstance(dtype, Lit) else ""
        if kind == "?":
            raise InternalError("a conversion to no certain dtype")
        if kind in KINDS:
            return call(self.ref(kind), [self.arg(op.args[0])])
        which = self.ref(DTYPES[kind]) if kind in DTYPES else self.arg(dtype)
        if rank(operand_type(op.args[0]) or Unknown()) not in (0, None):
            method = ast.Attribute(value=self.arg(op.args[0]), attr="astype", ctx=ast.Load())
            return call(method, [which])
        return call(which, [self.arg(op.args[0])])

    def _copy(self, op: Op) -> ast.expr:
        x = op.args[0]
        t = operand_type(x)
        if isinstance(t, Array) and (t.dims or kind_of(t) == "bool"):
            return call(ast.Attribute(value=self.arg(x), attr="copy", ctx=ast.Load()), [])
        return ast.UnaryOp(op=ast.UAdd(), operand=self.arg(x))  # new memory for arrays, the number itself otherwise

    def _sign_of_complex(self, op: Op) -> ast.expr:
        return call(self.ref("np.sign"), [self.arg(op.args[0])])

    def _pack(self, op: Op) -> ast.expr:
        return display([self.arg(a) for a in op.args])

    def _unpack(self, op: Op) -> ast.expr:
        return ast.Subscript(value=self.arg(op.args[0]), slice=self.arg(op.kwarg("item")), ctx=ast.Load())

    def _part(self, op: Op) -> ast.expr:
        return ast.Subscript(value=self.arg(op.args[0]), slice=self.arg(op.kwarg("item")), ctx=ast.Load())

    def _select(self, op: Op) -> ast.expr:
        test, body, orelse = map(self.arg, op.args)
        return ast.IfExp(test=test, body=body, orelse=orelse)

    def _last_written(self, op: Op) -> ast.expr:
        return self.helper(op.fn, [self.arg(op.args[0]), in_index(self.arg(op.kwarg("index")), self)])

    def _scatter_add(self, op: Op) -> ast.expr:
        raise InternalError(f"{op.fn} is a statement")

    _setitem = _scatter_add


def in_index(index: ast.expr, ex: Expressions) -> ast.expr:
    """An index as an argument of a function: slices stand in brackets only."""
    if any(isinstance(item, ast.Slice) for item in (index, *getattr(index, "elts", ()))):
        return ast.Subscript(value=ex.ref("np.s_"), slice=index, ctx=ast.Load())
    return index


def range_args(d: Range) -> list[Arg]:
    """The arguments of ``range``, as few as possible."""
    if d.step != Lit(1):
        return [d.start, d.stop, d.step]
    return [d.stop] if d.start == Lit(0) else [d.start, d.stop]


def _bool(op: ast.boolop, left: ast.expr, right: ast.expr) -> ast.expr:
    """``left and right``; a chain on the left is continued."""
    if isinstance(left, ast.BoolOp) and type(left.op) is type(op):
        return ast.BoolOp(op=op, values=[*left.values, right])
    return ast.BoolOp(op=op, values=[left, right])


def _are_one(first: Op, index: Arg) -> bool:
    """Whether ``x[i][index]`` is ``x[i, index]``: numbers, then numbers and slices."""
    numbers = all(isinstance(i, (Var, Lit)) and kind_of(type_of(i)) == "int" and rank(type_of(i)) == 0
                  for i in index_items(first.kwarg("index")))
    return numbers and is_basic(index) and rank(operand_type(first.args[0]) or Unknown()) is not None


def _is_plain_transpose(op: Op) -> bool:
    """Whether ``np.transpose(x)`` of derivative code can be ``x.T``."""
    return (op.fn == "np.transpose" and op.sweep != "primal" and isinstance(operand_type(op.args[0]), Array)
            and op.kwarg("axes") == Lit(None))


def _is_default(name: str, value: Arg) -> bool:
    """Whether an option of an unknown function has the value it has when it is left out."""
    return value == (Lit(False) if name == "keepdims" else Lit(None))


def _parameters(fn: str) -> list[tuple[str, str, Arg | None]] | None:
    """Name, kind and default of each parameter, from the rule table; None if it does not know the function."""
    rule = find(fn)
    return None if rule is None else [(p.name, p.kind, p.default) for p in rule.signature.parameters]
