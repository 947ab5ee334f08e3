"""What is known of variables beside their types: values, lengths, where they come from, which memory they share."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from s2sad.frontend.memory import View, root_of
from s2sad.frontend.specialise import Place
from s2sad.frontend.values import new_cell
from s2sad.rules.infer_index import is_basic
from s2sad.rules.table import flagged
from s2sad.trace.ir import NONE, Arg, Lit, Slc, Tup, Undef, Var
from s2sad.trace.types import INT, Array, Dim, Scalar, Type, dims_of, dtype_of, kind_of, rank

# A leaf of a parameter: its name and the way down its structure.
Places = frozenset[Place]
Roots = frozenset[Var]

_FOLD: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "neg": operator.neg, "pos": operator.pos, "not": operator.not_,
    "invert": operator.invert, "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift,
    ">>": operator.rshift, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne, "abs": abs, "int": int, "float": float, "bool": bool, "round": round,
}
# Operations whose result surely is memory of their first operand (where that is an array), and those where it may be.
_SURE_VIEWS = frozenset((
    "np.transpose", "np.swapaxes", "np.moveaxis", "np.rollaxis", "np.expand_dims", "np.squeeze", "np.atleast_1d",
    "np.atleast_2d", "np.atleast_3d", "np.flip", "np.fliplr", "np.flipud", "np.rot90", "flat", "np.matrix_transpose",
    "np.broadcast_to", "np.diagonal", "stop_gradient",
))
_READ_ONLY = frozenset(("np.broadcast_to", "np.diagonal", "stop_gradient"))
_VIEWS = _SURE_VIEWS | frozenset((
    "np.reshape", "np.ravel", "np.asarray", "np.ascontiguousarray", "np.diag", "np.split", "np.array_split",
))
# Operations whose result lies in memory in the order of its elements.
_ORDERED = frozenset(("np.zeros", "np.ones", "np.empty", "np.full", "np.eye", "np.identity", "copy", "np.arange",
                      "np.linspace", "@", "np.outer", "np.stack", "flatten"))
# Those whose result lies in memory as their operand does.
_LIKE = frozenset(("np.zeros_like", "np.ones_like", "np.empty_like", "np.full_like"))
_CREATE = frozenset((
    "+", "-", "*", "/", "//", "%", "**", "@", "neg", "pos", "abs", "invert", "&", "|", "^", "<<", ">>", "<", "<=", ">",
    ">=", "==", "!=", "copy", "np.copy", "np.array", "flatten", "list_array", "list_stack", "list_concatenate",
    "list_sum", "part", "placed", "placed_log", "placed_rate", "scaled", "between",
))


# Operations that make arrays even where these have no axes, and those that are views of what they are made of.
_BOXES = frozenset((
    "np.zeros", "np.ones", "np.empty", "np.full", "np.array", "np.asarray", "np.zeros_like", "np.ones_like",
    "np.empty_like", "np.full_like", "np.copy", "np.where", "np.select", "scipy.interpolate.splev",
))
_SINGLE_VIEWS = frozenset(("np.squeeze", "np.transpose", "np.reshape", "np.asarray", "stop_gradient"))


class Facts:
    """Side tables over variables, filled as operations are made."""

    def __init__(self) -> None:
        self.values: dict[Var, Any] = {}
        self.lengths: dict[Var, Dim] = {}
        self.symbols: dict[str, Dim] = {}
        self.places: dict[Var, Places] = {}
        # For the symbol of an axis of an argument: the argument, and which axis it is.
        self.axes: dict[str, Place] = {}
        # For a comparison of the length of such an axis: which axis it is.
        self.deciding: dict[Var, Place] = {}
        self.roots: dict[Var, Roots] = {}
        self.fresh: set[Var] = set()
        self.views: dict[Var, View] = {}
        # Arrays that lie in memory in the order of their elements; references known to share nothing.
        self.ordered: set[Var] = set()
        # Arrays without axes, which can be written to as numbers cannot; what may be one of them, or a number.
        self.boxed: set[Var] = set()
        self.blurred: set[Var] = set()
        self.apart: set[frozenset[Var]] = set()
        # Contents of arrays that are the same as earlier ones.
        self.same: dict[Var, Var] = {}
        # Lists by their cells: what was in them before they changed first, the lists that they may be, why those may
        # not be changed that come from outside; which lists are not the same.
        self.first: dict[int, Any] = {}
        self.cells: dict[int, frozenset[int]] = {}
        self.outside: dict[int, str] = {}
        # The cells of arguments, of which two may be one object.
        self.given: set[int] = set()
        self.different: set[frozenset[int]] = set()
        # For each test, what is not None where it holds, and where it does not.
        self.not_none: dict[Var, tuple[frozenset[Var], frozenset[Var]]] = {}
        # What dicts make for keys that they do not have, by their cells; those that count what they do not have as 0.
        self.factories: dict[int, Any] = {}
        self.counters: set[int] = set()
        # Dicts that are shown as what they are, an OrderedDict.
        self.ordered_dicts: set[int] = set()
        # For the cell of an object that of the dict of its attributes, and the other way round.
        self.twins: dict[int, int] = {}
        # What has no value on some path.
        self.partial: set[Any] = set()
        # Numbers that loops are taken to carry as the literals they begin with, each with that of the loop around it;
        # those for which this has been relied on.
        self.begun: dict[Var, Var | None] = {}
        self.relied: set[Var] = set()
        # Variables that hold lists in which one array or list may be more than once.
        self.doubled: set[Var] = set()

    def known(self, arg: Arg) -> tuple[bool, Any]:
        """Whether an operand's value is known, and the value."""
        if isinstance(arg, Lit):
            return True, arg.value
        if isinstance(arg, Var) and arg in self.values:
            return True, self.values[arg]
        return False, None

    def from_places(self, args: Iterable[Arg]) -> Places | None:
        """The parameters that the operands are computed from; None if there is more to them."""
        found: set[Place] = set()
        for arg in args:
            if isinstance(arg, Var) and arg in self.places:
                found |= self.places[arg]
            elif not self.known(arg)[0]:
                return None
        return frozenset(found)

    def length(self, arg: Arg) -> Dim | None:
        """The axis length an integer stands for, where it is one."""
        if isinstance(arg, Lit):
            return Dim.constant(arg.value) if isinstance(arg.value, int) else None
        if not isinstance(arg, Var):
            return None
        known = self.lengths.get(arg)
        if known is None and isinstance(self.values.get(arg), int):
            return Dim.constant(self.values[arg])
        return arg.dim if known is None and arg.type == INT else known

    def refine(self, t: Type) -> Type:
        """The type with lengths put in for the variables that its axes are named after."""
        if not isinstance(t, Array) or not any(n in self.symbols for d in t.dims for n, _ in d.terms):
            return t
        return Array(t.dtype, tuple(_substitute(d, self.symbols) for d in t.dims))

    def note_length(self, v: Var, length: Dim) -> None:
        """An integer is the length of an axis."""
        if length.is_constant:
            self.values[v] = length.const
        else:
            self.lengths[v] = self.symbols[f"?v{v.uid}"] = length

    def record(self, target: Var, fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> None:
        """Note what follows about the result of an operation."""
        t = target.type
        if isinstance(t, Scalar):
            self._record_number(target, fn, args, options)
        elif isinstance(t, Array) and not t.dims:
            if rank_zero_is_int(t):
                self._record_places(target, args)
        self._record_memory(target, fn, args, options)

    def _record_number(self, target: Var, fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> None:
        if fn == "ndim" and isinstance(args[0], Var):
            if rank(args[0].type) is not None:
                self.values[target] = rank(args[0].type)
            return
        if target.length is not None:
            self.note_length(target, target.length)
        if fn in ("shape", "len", "size"):
            return
        if fn in _FOLD and not options:
            known = [self.known(a) for a in args]
            if all(k for k, _ in known):
                value = folded(fn, [v for _, v in known])
                if value is not None:
                    self.values[target] = value
        if fn in ("==", "!=") and (equal := self._equal_lengths(*args)) is not None:
            self.values[target] = equal is (fn == "==")
        if kind_of(target.type) in ("int", "bool"):
            self._record_places(target, args)
        if kind_of(target.type) == "bool":
            asked = [self.axes[symbol] for d in filter(None, map(self.length, args)) for symbol, _ in d.terms
                     if symbol in self.axes]
            if asked:
                self.deciding[target] = asked[0]

    def _equal_lengths(self, x: Arg, y: Arg) -> bool | None:
        """Whether two integers are equal, if they are lengths of axes: those of arguments tell 1 from others."""
        a, b = self.length(x), self.length(y)
        if a is None or b is None or not (a.is_fixed and b.is_fixed) or a.claimed or b.claimed:
            return None
        if (a - b).is_constant:
            return (a - b).const == 0
        return False if a.is_one and not b.may_be_one or b.is_one and not a.may_be_one else None

    def _record_places(self, target: Var, args: tuple[Arg, ...]) -> None:
        places = self.from_places(args)
        if places:
            self.places[target] = places

    def length_of(self, fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg], t: Type) -> Dim | None:
        """The axis length that the result of an operation is, if it is one."""
        if fn in ("+", "-", "*") and t == INT:
            length = self._linear(fn, args)
            return None if length is None or length.is_constant else length
        if fn not in ("shape", "len", "size") or not args or not isinstance(args[0], Var):
            return None
        dims, n = dims_of(args[0].type), rank(args[0].type)
        axis = options.get("axis", NONE)
        if n is None:
            return None
        if fn == "len" and n:
            return dims[0]
        if fn == "shape" and isinstance(axis, Lit) and isinstance(axis.value, int) and -n <= axis.value < n:
            return dims[axis.value]
        if fn == "size" and n == 1:
            return dims[0]
        if fn == "size" and all(d.is_constant for d in dims):
            return Dim.constant(_product(d.const for d in dims))
        return None

    def _linear(self, fn: str, args: tuple[Arg, ...]) -> Dim | None:
        a, b = self.length(args[0]), self.length(args[1])
        if a is None or b is None:
            return None
        if fn == "*":
            return a.scaled(b.const) if b.is_constant else b.scaled(a.const) if a.is_constant else None
        return a + b if fn == "+" else a - b

    # Memory.

    def _record_memory(self, target: Var, fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg]) -> None:
        source = args[0] if args else NONE
        if rank(target.type) == 0:
            self._record_single(target, fn, source, options)
            return
        sure = isinstance(source, Var) and isinstance(target.type, Array) and rank(source.type) not in (0, None)
        if fn == "getitem":
            views = is_basic(options["index"]) or any(
                isinstance(i, Var) and rank(i.type) is None for i in _flat(options["index"]))
            sure = sure and is_basic(options["index"])
        elif fn in _VIEWS or flagged(fn, "view") or flagged(fn, "sureview"):
            # What is converted on the way is new.
            views = fn not in ("np.asarray", "np.ascontiguousarray") or not isinstance(source, Var) or (
                "?" in (dtype_of(source.type), dtype_of(target.type)) or dtype_of(source.type) == dtype_of(target.type))
            surely = fn in _SURE_VIEWS or flagged(fn, "sureview")
            sure = sure and (surely or self._keeps_memory(fn, source, target, options))
        elif fn in _CREATE or fn.startswith(("np.", "scipy.")) or flagged(fn, "fresh"):
            views = sure = False
        else:
            views, sure = True, False
        if views:
            self.roots[target] = frozenset(r for a in args for r in self.roots_of(a))
        else:
            self.fresh.add(target)
            like = fn in _LIKE and options.get("order", NONE) == NONE and self.is_ordered(source)
            if fn in _ORDERED or like or rank(target.type) == 1:
                self.ordered.add(target)
        if sure and views:
            assert isinstance(source, Var)
            writable = fn not in _READ_ONLY and not flagged(fn, "overlapping")
            self.views[target] = View(source, fn, dict(options), writable)
            if self.is_ordered(source) and (fn in ("np.reshape", "np.ravel", "np.asarray", "np.expand_dims")
                                            or fn == "getitem" and _leading(options["index"])):
                self.ordered.add(target)

    def _record_single(self, target: Var, fn: str, source: Arg, options: Mapping[str, Arg]) -> None:
        """Find out whether a result without axes is an array, and whose memory it is."""
        # An ellipsis makes a view even of one element.
        views = fn == "getitem" and Lit(...) in _flat(options["index"]) or fn in _SINGLE_VIEWS and (
            source in self.boxed and options.get("dtype", NONE) == NONE)
        if views and isinstance(source, Var):
            self.boxed.add(target)
            self.views[target] = View(source, fn, dict(options))
            self.roots[target] = self.roots_of(source)
        elif flagged(fn, "boxed") or fn in _BOXES and not self.may_be_box(source) or (
                fn in ("copy", "np.astype") and source in self.boxed):
            self.boxed.add(target)
        elif self.may_be_box(source) and (fn in _BOXES or fn in _VIEWS or fn in ("copy", "np.astype")):
            self.blurred.add(target)
            self.roots[target] = self.roots_of(source) | {target}

    def may_be_box(self, arg: object) -> bool:
        """Whether an operand may be an array without axes."""
        return arg in self.boxed or arg in self.blurred

    def _keeps_memory(self, fn: str, source: Arg, target: Var, options: Mapping[str, Arg]) -> bool:
        """Whether an operation that may copy surely does not."""
        if fn in ("np.reshape", "np.ravel"):
            # An array of one axis can be cut into rows whatever its stride.
            return (self.is_ordered(source) or fn == "np.reshape" and isinstance(source, Var) and rank(source.type) == 1
                    ) and options.get("order", NONE) in (NONE, Lit("C"))
        if fn == "np.asarray":
            return isinstance(source, Var) and source.type == target.type and kind_of(target.type) != "complex"
        return fn == "np.ascontiguousarray" and self.is_ordered(source)

    def is_ordered(self, arg: Arg) -> bool:
        """Whether an array surely lies in memory in the order of its elements."""
        return isinstance(arg, Var) and arg in self.ordered

    def root(self, v: Var) -> Var:
        """The root that a reference is, or surely is a view of."""
        return root_of(v, self.views)

    def may_share(self, a: object, b: object) -> bool:
        """Whether the memory of two operands may overlap."""
        if not isinstance(a, Var) or not isinstance(b, Var) or frozenset((self.root(a), self.root(b))) in self.apart:
            return False
        return bool(self.roots_of(a) & self.roots_of(b))

    def twin(self, cell: int) -> int:
        """The cell of the dict of an object's attributes."""
        if cell not in self.twins:
            made = new_cell()
            self.twins.update({cell: made, made: cell})
        return self.twins[cell]

    def cells_of(self, cell: int) -> frozenset[int]:
        """The lists that a list may be."""
        return self.cells.get(cell, frozenset((cell,)))

    def may_be_one(self, a: int, b: int) -> bool:
        """Whether two cells may stand for the same list."""
        return a == b or frozenset((a, b)) not in self.different and bool(self.cells_of(a) & self.cells_of(b))

    def roots_of(self, arg: Arg) -> Roots:
        """The arrays whose memory an operand may be."""
        if not isinstance(arg, Var):
            return frozenset()
        return self.roots.get(arg, frozenset((arg,)))

    def is_fresh(self, arg: Arg) -> bool:
        """Whether the memory belongs to this function for certain."""
        return all(r in self.fresh for r in self.roots_of(arg))

    def merge(self, target: Var, *sources: Arg) -> None:
        """The target is one of the sources."""
        if rank(target.type) == 0:
            values = [s for s in sources if not isinstance(s, Undef)]
            sources = tuple(filter(self.may_be_box, values))
            if not sources:
                return
            (self.boxed if all(s in self.boxed for s in values) else self.blurred).add(target)
        self.roots[target] = frozenset(r for s in sources for r in self.roots_of(s))


def _leading(index: Arg) -> bool:
    """Whether an index takes whole rows one after the other: ``i``, ``i:j``, ``i, j``, ``i, j:k``."""
    items = index.items if isinstance(index, Tup) else (index,)
    whole = Slc(NONE, NONE, NONE)
    slices = [k for k, i in enumerate(items) if isinstance(i, Slc) and i != whole]
    plain = all(isinstance(i, Slc) and i.step in (NONE, Lit(1)) or not isinstance(i, (Slc, Tup)) and i != Lit(...)
                for i in items)
    first = next((k for k, i in enumerate(items) if isinstance(i, Slc)), len(items))
    return plain and all(isinstance(i, Slc) for i in items[first:]) and all(k == first for k in slices)


def rank_zero_is_int(t: Array) -> bool:
    """Whether a NumPy scalar is an integer."""
    return kind_of(t) in ("int", "bool")


def _flat(index: Arg) -> Iterable[Arg]:
    if isinstance(index, Tup):
        for item in index.items:
            yield from _flat(item)
    elif not isinstance(index, Slc):
        yield index


def folded(fn: str, values: Sequence[Any]) -> bool | int | float | None:
    """What a function makes of numbers, if that is known and not large."""
    if not all(isinstance(v, (bool, int, float)) for v in values):
        return None
    if fn in ("**", "<<") and not (abs(values[1]) < 64 and abs(values[0]) < 1 << 32):
        return None
    try:
        value = _FOLD[fn](*values)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return value if isinstance(value, (bool, int, float)) else None


def _product(numbers: Iterable[int]) -> int:
    total = 1
    for n in numbers:
        total *= n
    return total


def _substitute(d: Dim, lengths: Mapping[str, Dim]) -> Dim:
    out = Dim((), d.const, d.claimed)
    for name, coefficient in d.terms:
        out = out + lengths.get(name, Dim.symbol(name)).scaled(coefficient)
    return out
