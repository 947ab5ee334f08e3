"""What all of lowering shares: the frame, operations with their facts, refusals with their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from s2sad.errors import (
    InternalError,
    Location,
    NameRefusal,
    NeedsStatic,
    NotApplicable,
    Refusal,
    TypeRefusal,
    UnsupportedError,
)
from s2sad.frontend.captures import captures
from s2sad.frontend.equivalents import is_equivalent, seen
from s2sad.frontend.facts import Facts
from s2sad.frontend.flow import Flow
from s2sad.frontend.liveness import NO_NAMES, Liveness, dead_after
from s2sad.frontend.memory import Memory
from s2sad.frontend.operands import as_dtype, element_index, is_array, is_integer
from s2sad.frontend.source import FunctionSource, location, statement_text
from s2sad.frontend.specialise import Specialise as Specialise
from s2sad.frontend.syntax import RESULT
from s2sad.frontend.values import (
    Abstract,
    Library,
    ListOf,
    Poison,
    RangeOf,
    Seq,
    ShapeOf,
    SliceOf,
    Static,
    Value,
    ViewOf,
    describe_value,
    is_bottom,
    is_number,
    is_opaque,
)
from s2sad.frontend.watch import Expecting
from s2sad.rules.table import flagged, infer
from s2sad.trace.ir import NONE, UNDEF, Arg, Lit, Op, Raise, Ref, Site, Slc, Tup, Undef, Var
from s2sad.trace.types import NOTHING, Array, Type, rank
from s2sad.trace.walk import arg_vars, map_arg

# Operations that read nothing of an array but its shape and dtype, which no version of it changes.
_SHAPES = frozenset(("shape", "len", "size", "ndim", "np.zeros_like", "np.ones_like", "np.empty_like"))
# Begins the place of a number that is read from the module or the closure.
GLOBAL = "global "


class Unreachable(Exception):  # noqa: N818  (control flow)
    """Control has left the function inside an expression: an inlined function that raises on every path."""


class CannotInline(Exception):  # noqa: N818  (control flow)
    """The body of a function cannot stand in an expression."""


@dataclass(eq=False)
class Frame:
    """A function that is being evaluated: its text and what its names stand for."""

    source: FunctionSource
    scope: Any
    node: Any
    locals: frozenset[str]
    live: Liveness
    env: dict[str, Value] = field(default_factory=dict)
    lexical: Frame | None = None
    caller: Frame | None = None
    # The names that functions inside this one bind: each is a cell of the heap.
    shared: frozenset[str] = NO_NAMES
    # What falling off the end of the current block means; None inside a block that is joined with others.
    inline: bool = False
    # The name, or names, that the caller gives the result.
    hint: str = ""
    loops: list[str] = field(default_factory=list)
    # For each loop around the current statement: the arrays that its body changes under their names, never rebinding.
    fixed: list[frozenset[str]] = field(default_factory=list)
    # The statement that is being lowered, or that has called what is, and the call.
    at: Any = None
    calling: Any = None
    # How many decisions that are taken at run time are open around the call.
    decisions: int = 0
    # What the names of a pattern stand for, by its test.
    found: dict[int, dict[str, Value]] = field(default_factory=dict)


class Core:
    """The state of lowering one trace."""

    def __init__(self, program: Any, frame: Frame) -> None:
        self.program = program
        self.frame = frame
        self.flow = Flow()
        self.facts = Facts()
        self.memory = Memory()
        # Parameters that may have been written to, without it being known what they hold now.
        self.unsure: set[Var] = set()
        self.globals: dict[str, Var] = {}
        self.key: object = None
        self.param_leaves: frozenset[Var] = frozenset()
        self.whole_shapes: set[Var] = set()
        # Whether this is the test of a loop, which nothing may leave; or a branch, which all paths leave or none.
        self.in_branch = False
        self.decisions = 0
        # For each loop around the current statement: what it carries, or how its next copy is lowered.
        self.loop_rounds: list[Any] = []
        self.copies: list[Callable[[], bool]] = []
        self.unset_reads: list[tuple[Var, Any, Frame, str]] = []
        # What is refused if the loops around it do not make it good.
        self.pending: list[Refusal] = []
        self.expecting = Expecting()
        # For each loop around the current statement: the lists that it runs over.
        self.running_over: list[frozenset[int]] = []
        # What is still needed without a name: what is run over, operands before the one that is evaluated now.
        self.held: list[Sequence[Value]] = []
        self.node: Any = frame.node

    # Implemented by the classes built on this one.

    def expr(self, node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def run(self, stmts: list[Any], tail: bool) -> bool:
        raise NotImplementedError

    def now(self, v: Var) -> Var:
        raise NotImplementedError

    def deep(self, value: Value) -> Value:
        raise NotImplementedError

    def range_operand(self, value: RangeOf, node: Any) -> Arg:
        raise NotImplementedError

    def within(self, value: Value) -> Iterator[Arg]:
        raise NotImplementedError

    def key_value(self, key: Any) -> Value:
        raise NotImplementedError

    def fresh_list(self, value: Value) -> Any:
        raise NotImplementedError

    def list_as_array(self, value: ListOf, node: Any) -> Var:
        raise NotImplementedError

    def call_value(self, fn: Value, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str = "") -> Value:
        raise NotImplementedError

    def object_truth(self, value: Value, node: Any) -> bool | Arg | None:
        raise NotImplementedError

    # Refusals.

    def where(self, node: Any = None) -> Location:
        return location(*seen(self.frame, self.node if node is None else node))

    def refuse(self, node: Any, reason: str, hint: str = "", kind: type[Refusal] = UnsupportedError) -> NoReturn:
        raise kind(reason + " here" * reason.endswith(" is not supported"), self.where(node), hint)

    def refuse_type(self, node: Any, reason: str, hint: str = "", raises: BaseException | None = None) -> NoReturn:
        """Refuse operands; ``raises`` is the exception that Python would raise, which a ``try`` around may expect."""
        if raises is not None:
            self.catch(raises)
        self.refuse(node, reason, hint, TypeRefusal)

    def refuse_open(self, node: Any, reason: str, hint: str = "") -> NoReturn:
        """Refuse what would be understood if more were known."""
        raise TypeRefusal(reason, self.where(node), hint, True)

    def catch(self, error: BaseException) -> None:
        """Raise an exception that Python would raise here, if a ``try`` around may expect it."""
        if any(issubclass(type(error), kind) for kinds in self.program.catching for kind in kinds):
            self.flow.close(Raise(type(error).__name__, tuple(map(Lit, error.args))))
            raise Unreachable

    def at(self, node: Any) -> None:
        """Statements made from now on come from this statement of the user's."""
        self.node = self.frame.at = node
        if not is_equivalent(source := self.frame.source):
            self.flow.site = Site(source.file, getattr(node, "lineno", 0), statement_text(source, node))

    # Names.

    def read(self, value: Value, name: str, node: Any) -> Value:
        """The value of a name, refused where paths disagree about it."""
        if name.startswith(RESULT) and (isinstance(value, Undef) or is_bottom(value)):
            # What is returned later is read only where it has been given its value: not on any path that leads here.
            self.flow.close(Raise("UnboundLocalError"))
            raise Unreachable
        if isinstance(value, Undef):
            raise NameRefusal(f"'{name}' has no value here", self.where(node), "give it a value on every path")
        if isinstance(value, Poison):
            if isinstance(value.cond, Var) and self.facts.places.get(value.cond):
                self.demand(value.cond, f"it decides what '{name}' is", node)
            if value.is_open:
                self.refuse_open(node, value.reason, value.hint)
            self.refuse_type(node, value.reason, value.hint)
        if is_bottom(value):
            assert isinstance(value, Var)
            self.unset_reads.append((value, node, self.frame, name))
        return value

    # Operations.

    def op(self, fn: str, *args: Arg, node: Any = None, hint: str = "", style: str = "call",
           options: Mapping[str, Arg] | None = None) -> Var:
        """Append an operation and note what follows about its result.

        ``hint`` is the name of what it is assigned to; names with commas between are those of several results.
        """
        options = dict(options or {})
        numbers = () if flagged(fn, "objects") else args if flagged(fn, "planned") else (*args, *options.values())
        strange = next((v for a in numbers for v in arg_vars(a) if is_opaque(v)), None)
        if strange is not None:
            self.refuse_type(node, f"{describe_value(strange)} cannot be an operand of {fn}")
        if any(is_bottom(v) and v not in self.whole_shapes for a in (*args, *options.values()) for v in arg_vars(a)):
            return Var(NOTHING, hint)
        for _ in range(16):
            try:
                t = infer(fn, args, options)
                break
            except NeedsStatic as need:
                args, options = self._with_values(need, fn, args, options, node)
            except NotApplicable as reason:
                self.refuse_type(node, str(reason), reason.hint)
        else:
            raise InternalError(f"{fn} asks for values again and again")
        if fn in ("np.squeeze", "np.reshape") and rank(t) == 0 and isinstance(args[0], Var) and rank(args[0].type) != 0:
            return self._only_element(fn, args[0], node, hint)
        target = Var(self.facts.refine(t), "" if "," in hint else hint,
                     length=self.facts.length_of(fn, args, options, t))
        read = args if fn in _SHAPES else tuple(map_arg(a, self.now) for a in args)
        named: tuple[tuple[str, Arg], ...]
        if fn == "getitem" and rank(t) == 0:
            named = (("index", map_arg(element_index(options["index"]), self.now)),)
        else:
            named = tuple((k, map_arg(a, self.now)) for k, a in options.items())
        self.flow.stmts.append(Op(target, fn, read, named, self.flow.site, self.flow.sweep, style))
        self.facts.record(target, fn, args, options)
        if target in self.facts.views:
            contents = self.memory.contents.get(self.facts.root(target))
            if contents is not None:
                self.memory.derived[target] = (contents, target)
        return target

    def _only_element(self, fn: str, x: Var, node: Any, hint: str) -> Var:
        """An array of one element without its axes, as a view of the element.

        The value of the array in the trace is a number: as one, nothing that is written to x later changes it.
        """
        if not isinstance(x.type, Array) or not all(d.is_one for d in x.type.dims):
            self.refuse_type(node, f"{fn} of {x.type!r} to no axes is not supported where lengths are not known",
                             "take the element: x[0]")
        at: tuple[Arg, ...] = (Lit(0),) * len(x.type.dims)
        return self.op("getitem", x, options={"index": Tup((*at, Lit(...)))}, node=node, hint=hint)

    def _with_values(self, need: NeedsStatic, fn: str, args: tuple[Arg, ...], options: Mapping[str, Arg],
                     node: Any) -> tuple[tuple[Arg, ...], dict[str, Arg]]:
        """The operands with what a rule must know written as literals."""
        if not isinstance(need.arg, (Var, Tup)):
            self.refuse_type(node, f"the argument '{need.what}' of {fn} must be known at compile time")

        def value(v: Var) -> Arg:
            return Lit(self.demand(v, f"it is the argument '{need.what}' of {fn}", node))

        new = map_arg(need.arg, value)
        def put(arg: Arg) -> Arg:
            if arg is need.arg or arg == need.arg:
                return new
            if isinstance(arg, Tup):
                return Tup(tuple(put(a) for a in arg.items), arg.is_list)
            return arg

        done = tuple(put(a) for a in args), {k: put(v) for k, v in options.items()}
        if done == (args, options):
            self.refuse_type(node, f"the argument '{need.what}' of {fn} must be known at compile time")
        return done

    def demand(self, arg: Arg, what: str, node: Any) -> Any:
        """The value of a number at compile time; lowering starts again with a parameter's value if that gives it."""
        known, value = self.facts.known(arg)
        if known:
            return value
        places = self.facts.places.get(arg) if isinstance(arg, Var) else None
        if places:
            name, path = min(places, key=repr)
            place = name.removeprefix(GLOBAL), path
            raise Specialise(self, place, what, self.where(node), name.startswith(GLOBAL))
        self.refuse_open(node, f"a value that is needed at compile time is computed at run time: {what}",
                         "make it a literal, or an argument passed as a plain int")

    def effect(self, fn: str, *args: Arg, **options: Arg) -> None:
        """Append an operation that is there for its effect."""
        self.flow.effect(fn, *args, **options)

    # Turning values into operands.

    def number(self, value: Value, node: Any, what: str = "a number or array is needed here") -> Arg:
        """A value as an operand that is a number or array."""
        if is_number(value):
            return value  # type: ignore[return-value]
        self.refuse_type(node, f"{what}, not {describe_value(value)}")

    def operand(self, value: Value, node: Any) -> Arg:
        """A value as an argument of an operation: numbers, tuples of them, None, strings, dtypes, slices."""
        if isinstance(value, (Var, Lit)):
            return value
        if isinstance(value, ShapeOf):
            if isinstance(value.array, Var) and rank(value.array.type) is None and not is_bottom(value.array):
                return self._whole_shape(value.array)
            value = self.shape_items(value, node)
        if isinstance(value, Seq) and value.kind in ("tuple", "list", "deque") and not value.is_object:
            items = self.fresh_list(value).items
            return Tup(tuple(self.operand(item, node) for item in items), value.kind == "list")
        if isinstance(value, SliceOf):
            return Slc(value.lo, value.hi, value.step)
        if isinstance(value, ListOf):
            return self.list_as_array(value, node)
        if isinstance(value, Library):
            return Ref(value.name)
        if isinstance(value, Static):
            dtype = as_dtype(value.value)
            if dtype is not None:
                return Ref("np." + dtype)
        if isinstance(value, RangeOf):
            return self.range_operand(value, node)
        self.refuse_type(node, f"{describe_value(value)} cannot be an argument of a library function")

    def _whole_shape(self, array: Var) -> Var:
        target, read = Var(NOTHING), self.now(array)
        self.flow.stmts.append(Op(target, "shape", (read,), (("axis", NONE),), self.flow.site, self.flow.sweep))
        self.whole_shapes.add(target)
        return target

    def shape_items(self, shape: ShapeOf, node: Any, only: Iterable[int] | None = None) -> Seq:
        """The lengths of an array's axes as numbers."""
        n = rank(shape.array.type) if isinstance(shape.array, Var) else 0
        if n is None:
            self.refuse_type(node, "the number of axes of this array is not known",
                             "give its type, or index the shape: x.shape[0]")
        wanted = range(n) if only is None else only
        items: list[Value] = [UNDEF] * n
        for k in wanted:
            items[k] = self.op("shape", shape.array, options={"axis": Lit(k)}, node=node)
        return Seq(tuple(items))

    def settle_shapes(self, value: Value, node: Any) -> Value:
        """A value in which shapes are tuples of numbers."""
        if isinstance(value, ShapeOf):
            return self.shape_items(value, node)
        if isinstance(value, Seq):
            items = tuple(self.settle_shapes(v, node) for v in value.items)
            return value if all(a is b for a, b in zip(items, value.items)) else value.with_items(items)
        return value

    def range_items(self, value: RangeOf, node: Any) -> Seq:
        """The numbers of a range whose bounds are known."""
        bounds = [self.demand(a, "it is the bound of a range that is spread out", node)
                  for a in (value.start, value.stop, value.step)]
        return Seq(tuple(Lit(k) for k in range(*bounds)))

    def view_items(self, view: ViewOf) -> Seq:
        """What a view of a dict shows now."""
        owner = self.read(self.fresh_list(view.owner), "this dict", self.node)
        assert isinstance(owner, Seq)
        keys = tuple(map(self.key_value, owner.keys))
        pairs = tuple(Seq(pair) for pair in zip(keys, owner.items))
        return Seq({"keys": keys, "values": owner.items, "items": pairs}[view.name])

    # Truth.

    def truth(self, value: Value, node: Any) -> bool | Arg:
        """Whether a value is true: known, or the operand that says so."""
        if isinstance(value, ShapeOf):
            value = self.shape_items(value, node)
        if isinstance(value, ViewOf):
            value = self.view_items(value)
        said = self.object_truth(value, node)
        if said is not None:
            return said
        if isinstance(value, Seq):
            return bool(value.items or value.keys)
        if isinstance(value, ListOf):
            return self.op(">", self.op("len", value.items, node=node), Lit(0), node=node)
        if isinstance(value, Static):
            return bool(value.value)
        if isinstance(value, Abstract):
            if isinstance(value, RangeOf):
                return bool(self.range_items(value, node).items)
            return True
        known, constant = self.facts.known(value)
        if known:
            return bool(constant)
        assert isinstance(value, Var)
        t = value.type
        if rank(t) not in (0, None) and not is_bottom(value) and not self._single(t):
            self.refuse_type(node, f"the truth value of an array ({t!r}) is ambiguous",
                             "use np.any(...), np.all(...) or np.where(...)")
        return value

    def _single(self, t: Type) -> bool:
        return isinstance(t, Array) and all(d.is_one for d in t.dims)

    # Memory.

    def active_frames(self) -> list[Frame]:
        """The functions that are being evaluated, and those around them."""
        frames: list[Frame] = []
        todo: list[Frame | None] = [self.frame]
        while todo:
            frame = todo.pop()
            if frame is not None and frame not in frames:
                frames.append(frame)
                todo += [frame.caller, frame.lexical]
        return frames

    def in_reach(self) -> Iterable[tuple[str, Value]]:
        """Every name that some part of the program can still read, with what it stands for."""
        frames = self.active_frames()
        found: list[tuple[str, Value]] = []
        for frame in frames:
            dead = NO_NAMES if frame.loops or frame is self.frame else dead_after(frame.node, frame.at, frame.calling)
            found += ((name, value) for name, value in frame.env.items() if name not in dead)
        # Functions keep alive what they capture of functions that have returned.
        kept = captures((value for _, value in found), None, (), self.fresh_list, lambda value, name: value, frames)
        yield from (*found, *kept.values.items(), *(("an operand", v) for vs in self.held for v in vs))


Handler = Callable[..., Value]
__all__ = ["GLOBAL", "CannotInline", "Core", "Frame", "Handler", "Specialise", "Unreachable", "as_dtype", "is_array",
           "is_integer"]
