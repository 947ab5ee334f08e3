"""Tapes as arrays: what machine code wants, Trace → Trace.

A tape becomes an array that the forward loop fills by `setitem` and the reverse loop reads by position:

- where the numbers of iterations of the loop, and of the loops around it whose tapes hold its tape, are known before
  them, the array has one axis a loop: item (i, j) of a tape of tapes is ``A[i, j]``;
- elsewhere the items of all runs of the loop lie one behind the other in an array that grows (`reserve` doubles it),
  and a tape is known by the place of its first item.  What an outer tape held is then that number: a tape of tapes of
  numbers is a tape of integers, which becomes an array in the next round.

An item that is an array adds its axes behind those: slices of length n on a tape of T iterations lie in an array
(T, n).  So tapes cost what their items cost, in one piece of memory.  Tapes whose items have no common shape stay
Python lists.

    x_tape = []                               x_tape = np.empty(n)
    for i in range(n):                   ⇒    for i in range(n):
        x_tape.append(x)                          x_tape[i] = x
    for i in reversed(range(n)):              for i in reversed(range(n)):
        x = x_tape.pop()                          x = x_tape[i]

>>> from s2sad.trace.ir import Input, Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> n, i, j = Var(INT, "n"), Var(INT, "i"), Var(INT, "j")
>>> x, y, tape = Var(FLOAT, "x"), Var(FLOAT), Var(Tape(FLOAT), "t")
>>> domain = Range(Lit(0), n, Lit(1))
>>> fill = For(i, domain, (), (), Block((Op(x, "float", (i,)),), Next((), (x,))), (), outs=(tape,))
>>> read = For(j, domain, (), (), Block((Op(None, "print", (y,)),), Next()), (), True, (y,), (tape,))
>>> trace = Trace("f", (Input("n", Leaf(0)),), (n,), Block((fill, read), Return((n,))), Leaf(0))
>>> from s2sad.emit import emit
>>> print(emit(tape_arrays(trace)).partition("def ")[2].rstrip())
f(n):
    v1 = len(range(n))
    t = np.empty(v1)
    for i in range(n):
        x = float(i)
        t[i] = x
    for j in reversed(range(n)):
        print(t[j])
    return n
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from s2sad.passes.doubles import without_doubles
from s2sad.passes.nest_places import INSIDE
from s2sad.passes.tape_families import Family, families, is_hole, leaves_early
from s2sad.trace.ir import (
    NONE,
    NOWHERE,
    Along,
    Arg,
    Block,
    Break,
    End,
    For,
    If,
    Lit,
    Next,
    Op,
    Range,
    Slc,
    Stmt,
    Trace,
    Tup,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import INT, Array, Tape, Type, dims_of, dtype_of, fresh_dim
from s2sad.trace.walk import blocks_of, map_own, statements, uses

# The items that an array has room for at first, where their number is not known.
ROOM, ROOM_FOR_ARRAYS = 16, 4
# A piece of state that the rewritten statements carry: the array of a family, or the number of items in it.
Key = tuple[str, int]
# Where the first item of a tape lies, and how many there are.
Extent = tuple[Arg, ...]


def tape_arrays(trace: Trace) -> Trace:
    """The trace with arrays for its tapes, where it can have them."""
    trace = replace(trace, callees=tuple(map(tape_arrays, trace.callees)))
    trace = replace(trace, body=without_doubles(trace.body))
    while True:
        found = families(trace)
        if not found:
            return trace
        trace = replace(trace, body=without_doubles(_Rewriter(trace, found).body()))


@dataclass(frozen=True)
class _Context:
    """What the ends of a block hand on: to the results of a branch or to a loop, besides these the state by key."""

    results: tuple[Var, ...] = ()
    yields: tuple[Key, ...] = ()
    loop: For | While | None = None
    carried: tuple[Key, ...] = ()


@dataclass
class _Scope:
    """The present variables of the state, and the statements made so far."""

    state: dict[Key, Arg]
    sweep: str = "primal"
    stmts: list[Stmt] = field(default_factory=list)

    def op(self, fn: str, *args: Arg, type: Type = INT, hint: str = "", **kwargs: Arg) -> Var:
        target = Var(type, hint)
        self.stmts.append(Op(target, fn, args, tuple(kwargs.items()), NOWHERE, self.sweep))
        return target

    def plus(self, a: Arg, b: Arg) -> Arg:
        """A sum of whole numbers."""
        if isinstance(a, Lit) and isinstance(b, Lit):
            return Lit(a.value + b.value)
        return b if a == Lit(0) else a if b == Lit(0) else self.op("+", a, b)

    def inner(self) -> _Scope:
        return _Scope(dict(self.state), self.sweep)


class _Rewriter:
    """Rewrites one function, the innermost tapes of each family first."""

    def __init__(self, trace: Trace, found: list[Family]) -> None:
        self.trace = trace
        self.families = {f.root: f for f in found}
        self.member = {m: f for f in found for m in f.members}
        self.starts: dict[tuple[int, int], list[Family]] = {}
        self.puts: dict[tuple[int, int], list[tuple[Family, Arg]]] = {}
        self.touched: dict[int, list[Key]] = {}
        self.lengths = {s.target for s in statements(trace.body)
                        if isinstance(s, Op) and s.fn in ("len", "shape", "size", "minlen")}
        for f in found:
            self.starts.setdefault((id(f.home), f.start), []).append(f)
            for block, k, value in f.puts:
                self.puts.setdefault((id(block), k), []).append((f, value))
            for key in f.touches:
                self.touched.setdefault(key, []).extend([_array(f)] if f.dense else [_array(f), _next(f)])
            for key in f.inner:
                self.touched.setdefault(key, []).append(_array(f))
        self.touched = {k: list(dict.fromkeys(keys)) for k, keys in self.touched.items()}
        self.uses = uses(trace.body)
        # By loop: the position of the present iteration; of dense tapes: the positions in the loops around them.
        self.position: dict[int, Arg] = {}
        self.lead: dict[Var, tuple[Arg, ...]] = {}
        self.extent: dict[Var, Extent] = {}
        self.index: dict[Key, Arg] = {}
        self.remade: dict[tuple[int, Var], Var] = {}
        self.trips: dict[tuple[int, Range], Arg] = {}

    def body(self) -> Block:
        return self.block(self.trace.body, _Scope({}), _Context())

    # ---- blocks

    def block(self, block: Block, scope: _Scope, context: _Context) -> Block:
        self.put(block, -1, scope)
        for k, s in enumerate(block.stmts):
            scope.sweep = s.sweep
            for f in self.starts.get((id(block), k), ()):
                self.allocate(f, scope)
            if isinstance(s, If):
                self.branch(s, scope, context, block.end is None and k == len(block.stmts) - 1)
            elif isinstance(s, (For, While)):
                self.loop(s, scope)
            else:
                scope.stmts.append(s)
            self.put(block, k, scope)
        self.put(block, len(block.stmts), scope)
        end = self.end(block.end, scope, context)
        return Block(tuple(scope.stmts), end)

    def end(self, end: End, scope: _Scope, context: _Context) -> End:
        """An end with what it hands on of tapes and state."""
        if isinstance(end, Yield):
            values = self.handed(context.results, end.values)
            return Yield((*values, *(scope.state[k] for k in context.yields)))
        if isinstance(end, (Next, Break)) and context.loop is not None:
            own = {_next(f) for f in self.made_by(context.loop)}
            state = [scope.plus(scope.state[k], Lit(1)) if k in own else scope.state[k] for k in context.carried]
            return replace(end, values=(*end.values, *state), outs=self.handed(context.loop.outs, end.outs))
        return end

    def handed(self, targets: Sequence[Var], values: Sequence[Arg]) -> tuple[Arg, ...]:
        """The values for targets, without those that are tapes no more."""
        out: list[Arg] = []
        for t, a in zip(targets, values):
            f = self.member.get(t)
            if f is None:
                out.append(a)
            elif f.dense:
                if isinstance(a, Var) and a in self.lead:
                    self.lead[t] = self.lead[a]
            elif t not in self.families:
                out += [Lit(0)] * _parts(f) if is_hole(a) else self.extent[a]  # type: ignore[index]
        return tuple(out)

    def received(self, targets: Sequence[Var]) -> tuple[Var, ...]:
        """What takes the place of targets that are tapes."""
        out: list[Var] = []
        for t in targets:
            f = self.member.get(t)
            if f is None:
                out.append(t)
            elif not f.dense and t not in self.families:
                made = [Var(_lowered(t.type), name + "_tape" * isinstance(_lowered(t.type), Tape))
                        for name in ("start", "count")[: _parts(f)]]
                self.extent[t] = tuple(made)
                out += made
        return tuple(out)

    # ---- statements

    def branch(self, s: If, scope: _Scope, context: _Context, tail: bool) -> None:
        keys = () if tail else tuple(k for k in self.touched.get(s.key, ()) if k in scope.state)
        inside = context if tail else _Context(s.results, keys)
        sides = tuple(self.block(side, scope.inner(), inside) for side in blocks_of(s))
        results = self.received(s.results)
        made = {k: _like(scope.state[k]) for k in keys}
        scope.state.update(made)
        scope.stmts.append(replace(s, then=sides[0], orelse=sides[1], results=(*results, *made.values())))

    def loop(self, s: For | While, scope: _Scope) -> None:
        made = self.made_by(s)
        before = {_next(f): scope.state[_next(f)] for f in made if not f.dense}
        known = isinstance(s, For) and not leaves_early(s)
        after: dict[Key, Arg] = {}
        if known:
            assert isinstance(s, For)
            after = {k: scope.plus(o, self.count(s, -s.key, scope)) for k, o in before.items()}
            for f in made:
                if not f.dense:
                    self.reserve(f, after[_next(f)], scope)
        keys = tuple(k for k in self.touched.get(s.key, ()) if k in scope.state and k not in after)
        params = {k: _like(scope.state[k]) for k in keys}
        results = {k: _like(scope.state[k]) for k in keys}
        self.lengths.update(v for made_here in (params, results) for k, v in made_here.items() if k[0] != "array")
        inits = (*s.inits, *(scope.state[k] for k in keys))
        inner = scope.inner()
        inner.state.update(params)
        outs = self.received(s.outs)
        if isinstance(s, For):
            d = domain = s.domain
            if isinstance(d, Range) and _at_least(d.start, 0) and _at_least(d.step, 1):
                self.lengths.add(s.index)
            if isinstance(domain, Along) and isinstance(domain.tape, Var) and domain.tape in self.member:
                outer = isinstance(domain.tape.type, Tape) and isinstance(domain.tape.type.item, Tape)
                extent = self.extent[domain.tape]
                domain = Along(extent[0]) if outer else Range(Lit(0), extent[1], Lit(1))
            s2: For | While = self.take(replace(s, domain=domain), inner, made)
        else:
            s2 = s
        for k, o in before.items():
            self.index[k] = inner.plus(o, self.position[s.key]) if known else params[k]
        body = self.block(s.body, inner, _Context(loop=s, carried=keys))
        scope.state.update(results)
        scope.state.update(after)
        scope.stmts.append(replace(s2, params=(*s.params, *params.values()), inits=inits, body=body,
                                   results=(*s.results, *results.values()), outs=outs))
        for t in s.outs:
            family = self.member.get(t)
            if family is not None and family.dense:
                around = family.loops[: next(k for k, x in enumerate(family.loops) if x.key == s.key)]
                self.lead[t] = tuple(self.position[x.key] for x in around)
            elif family is not None and t in self.families:
                o, end = before[_next(family)], scope.state[_next(family)]
                self.extent[t] = (o,)
                if family.measured:
                    self.extent[t] = (o, end if o == Lit(0) else scope.op("-", end, o))

    def made_by(self, s: For | While) -> list[Family]:
        return [self.families[t] for t in s.outs if t in self.families]

    def take(self, s: For, scope: _Scope, made: list[Family]) -> For:
        """The loop with the items of arrays read at the head of its body."""
        items: list[Var] = []
        tapes: list[Arg] = []
        mine = [(i, t, self.member.get(t) if isinstance(t, Var) else None) for i, t in zip(s.items, s.tapes)]
        if made or any(f is not None for _, _, f in mine) or any(t in self.member for t in s.outs):
            self.position[s.key] = self.place(s, scope)
        for item, tape, f in mine:
            if f is None or not isinstance(tape, Var):
                items.append(item)
                tapes.append(tape)
                continue
            place = self.position[s.key]
            if item in self.member:
                if f.dense:
                    self.lead[item] = (*self.lead[tape], place)
                else:
                    items += self.received((item,))
                    tapes += self.extent[tape]
                continue
            at = (*self.lead[tape], place) if f.dense else (scope.plus(self.extent[tape][0], place),)
            index = at[0] if len(at) == 1 else Tup(at)
            scope.stmts.append(Op(item, "getitem", (scope.state[_array(f)],), (("index", index),), NOWHERE, s.sweep,
                                  INSIDE))
        return replace(s, items=tuple(items), tapes=tuple(tapes))

    def place(self, s: For, scope: _Scope) -> Arg:
        """The position of the present iteration of a loop."""
        if not isinstance(s.domain, Range):
            return s.index
        start, step = s.domain.start, s.domain.step
        distance: Arg = s.index if start == Lit(0) else scope.op("-", s.index, start)
        return distance if step == Lit(1) else scope.op("//", distance, step)

    # ---- memory

    def count(self, s: For, at: int, scope: _Scope) -> Arg:
        """The number of iterations of a loop, where it is known on entry."""
        d = s.domain
        assert isinstance(d, Range)
        if all(isinstance(a, Lit) for a in (d.start, d.stop, d.step)):
            return Lit(len(range(d.start.value, d.stop.value, d.step.value)))  # type: ignore[union-attr]
        if d.start == Lit(0) and d.step == Lit(1) and d.stop in self.lengths:
            return d.stop
        if (at, d) not in self.trips:
            self.trips[at, d] = scope.op("trips", d.start, d.stop, d.step)
        return self.trips[at, d]

    def sooner(self, s: For, f: Family, scope: _Scope) -> For:
        """A loop whose domain can be told before the loops around it begin."""
        def fn(v: Var) -> Arg:
            op = f.again.get(v)
            if op is None:
                return v
            if (id(f.home), v) not in self.remade:
                made = map_own(op, fn)
                assert isinstance(made, Op)
                target = self.remade[id(f.home), v] = Var(v.type, v.hint)
                scope.stmts.append(replace(made, target=target, sweep=scope.sweep))
                if v in self.lengths:
                    self.lengths.add(target)
            return self.remade[id(f.home), v]

        made = map_own(replace(s, inits=(), tapes=()), fn)
        assert isinstance(made, For)
        return made

    def allocate(self, f: Family, scope: _Scope) -> None:
        """Make the array of a family, before its first loop."""
        shape: list[Arg] = []
        if f.dense:
            shape = [self.count(self.sooner(x, f, scope), id(f.home), scope) for x in f.loops if isinstance(x, For)]
        else:
            shape = [Lit(ROOM_FOR_ARRAYS if f.dims else ROOM)]
            scope.state[_next(f)] = Lit(0)
        for d in f.dims:
            if isinstance(d, int):
                shape.append(Lit(d))
            else:
                length = scope.op("shape", d[0], axis=Lit(d[1]))
                if d[2] < 0:
                    length = scope.op("max", scope.op("-", length, Lit(-d[2])), Lit(0))
                shape.append(scope.plus(length, Lit(max(d[2], 0))))
        dtype = dtype_of(f.item)
        dims = (*(fresh_dim() for _ in range(len(shape) - len(f.dims))), *dims_of(f.item))
        options: dict[str, Arg] = {"shape": shape[0] if len(shape) == 1 else Tup(tuple(shape))}
        if dtype != "f8":
            options["dtype"] = Lit(dtype)
        hint = f.root.hint
        scope.state[_array(f)] = scope.op("np.empty", type=Array(dtype, dims), hint=hint, **options)

    def reserve(self, f: Family, count: Arg, scope: _Scope) -> Var:
        """Make room for so many items."""
        array = scope.state[_array(f)]
        assert isinstance(array, Var)
        scope.state[_array(f)] = made = scope.op("reserve", array, count, type=array.type, hint=array.hint)
        return made

    def put(self, block: Block, k: int, scope: _Scope) -> None:
        """Put the items that are there now into their arrays."""
        for f, value in self.puts.get((id(block), k), ()):
            array, sweep, scope.sweep = scope.state[_array(f)], scope.sweep, f.maker.sweep
            assert isinstance(array, Var)
            if f.dense:
                at = tuple(self.position[x.key] for x in f.loops)
                index = at[0] if len(at) == 1 else Tup(at)
            else:
                index = self.index[_next(f)]
                if leaves_early(f.maker):
                    array = self.reserve(f, scope.plus(index, Lit(1)), scope)
            doubtful = value in f.doubtful
            last = scope.stmts[-1] if scope.stmts else None
            if isinstance(last, Op) and last.fn == "copy" and last.target is value and self.uses[last.target] == 1:
                # The array is the copy.
                value = last.args[0]
                scope.stmts.pop()
            if doubtful and isinstance(value, Var):
                rows = Slc(Lit(1 if not f.dense else len(f.loops)), NONE, NONE)
                inside = scope.op("getitem", scope.op("shape", array), index=rows)
                value = scope.op("fitting", value, inside, type=value.type)
            made = Var(array.type, array.hint)
            scope.stmts.append(Op(made, "setitem", (array, value), (("index", index),), NOWHERE, scope.sweep, INSIDE))
            scope.state[_array(f)] = made
            scope.sweep = sweep


def _array(f: Family) -> Key:
    return "array", f.root.uid


def _next(f: Family) -> Key:
    return f"next {f.maker.key} {len(f.loops)}", id(f.home) + f.start


def _parts(f: Family) -> int:
    return 1 + f.measured


def _like(a: Arg) -> Var:
    return Var(a.type, a.hint) if isinstance(a, Var) else Var(INT, "filled")


def _lowered(t: Type) -> Type:
    """The type of what tells where the items of a tape lie."""
    return Tape(_lowered(t.item)) if isinstance(t, Tape) and isinstance(t.item, Tape) else INT


def _at_least(a: Arg, least: int) -> bool:
    return isinstance(a, Lit) and isinstance(a.value, int) and a.value >= least
