"""Families of tapes: a tape and the tapes of tapes that hold it, which can lie in one array.

The items of a family are what one loop, the *maker*, puts on its tape, in every run of that loop.  Its *members* are
all variables through which its tapes reach their readers: the maker's tape, what branches yield of it, the tapes of the
enclosing loops that hold it, the items taken from these.  A family is left as it is (Python lists) where an item's
shape is not known before the outermost of its loops, or where a tape goes another way, such as into a called function.

In this trace the family of ``y_tape`` is the tape itself, made by the loop over ``i`` and read by the loop over ``j``:

    for i in range(n): put (y_tape) y …        for j in reversed range(n): take (y from y_tape) …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from s2sad.trace.ends import loop_ends
from s2sad.trace.ir import (
    NONE,
    Along,
    Arg,
    Block,
    Break,
    Call,
    For,
    If,
    Lit,
    Next,
    Op,
    Range,
    Stmt,
    Trace,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import Array, Scalar, Tape, Type, dims_of, dtype_of, kind_of
from s2sad.trace.walk import arg_vars, blocks_of, domain_args, end_args, inner_defs, own_args, own_vars, targets_of

Loop = For | While
# Operations that are done again where a number of iterations has to be known sooner.
WHOLE = ("+", "-", "*", "//", "neg", "len", "shape", "size", "minlen")
# The blocks around a place, outermost first, each with the number of the statement that holds the next one.
Path = tuple[tuple[Block, int], ...]


@dataclass(eq=False)
class Family:
    """One family.

    ``loops`` are the maker and the loops around it whose tapes hold its tape, outermost first; ``root`` is the tape of
    the maker.  The array is allocated before the statement ``start`` of the block ``home``.  It is ``dense`` if the
    numbers of iterations of the loops are known there: then the array has one axis a loop, else the items lie one
    behind the other.  ``again`` has the operations on whole numbers that these need and that are done again there.
    ``dims`` are the lengths of an item's axes, each a number, or an axis of a variable and what to add.  ``measured``
    says that a reader runs as often as a tape has items.  ``puts`` are the places where items are put into the array: a
    block, the number of the statement before (-1: first, the number of statements: last), the value.  ``doubtful`` are
    the values whose shape is to be checked: a slice that reaches beyond the end of its axis is shorter than its type
    says.  ``touches`` are the keys of the statements around the puts, up to the maker; ``inner`` are those inside it.
    """

    root: Var
    item: Type
    loops: tuple[Loop, ...]
    members: set[Var]
    home: Block
    start: int
    dims: tuple[tuple[Var, int, int] | int, ...] = ()
    dense: bool = False
    measured: bool = False
    puts: list[tuple[Block, int, Arg]] = field(default_factory=list)
    again: dict[Var, Op] = field(default_factory=dict)
    doubtful: set[Arg] = field(default_factory=set)
    touches: set[int] = field(default_factory=set)
    inner: set[int] = field(default_factory=set)

    @property
    def maker(self) -> Loop:
        return self.loops[-1]


def is_hole(a: Arg) -> bool:
    """Whether nothing is put on a tape."""
    return isinstance(a, Undef) or a == NONE


def leaves_early(loop: Loop) -> bool:
    """Whether the number of iterations is not known on entry."""
    return isinstance(loop, While) or any(isinstance(e, Break) for e in loop_ends(loop.body))


class _Survey:
    """Who makes, holds and reads each tape; where each variable is defined."""

    def __init__(self, trace: Trace) -> None:
        self.paths: dict[Var, Path] = dict.fromkeys(trace.params, ())
        self.loop_paths: dict[int, Path] = {}
        self.makers: dict[Var, Loop] = {}
        self.ops: dict[Var, Op] = {}
        self.slices: set[Var] = set()
        self.puts: dict[Var, list[Var]] = {}
        self.sources: dict[Var, list[Arg]] = {}
        self.yields: dict[Var, list[Var]] = {}
        self.readers: dict[Var, list[tuple[For, Var]]] = {}
        self.measured: set[Var] = set()
        self.elsewhere: set[Var] = set()
        self.symbols: dict[str, list[tuple[Var, int]]] = {}
        self.unsteady: set[str] = set()
        for v in trace.params:
            self.note(v)
        self.block(trace.body, (), (), None)

    def note(self, v: Var) -> None:
        """Remember the axes whose length is a symbol."""
        for k, d in enumerate(v.type.dims if isinstance(v.type, Array) else ()):
            if not d.is_constant and d.const == 0 and len(d.terms) == 1 and d.terms[0][1] == 1:
                self.symbols.setdefault(d.terms[0][0], []).append((v, k))

    def meet(self, v: Var, a: Arg) -> None:
        """Note that a value becomes a variable: symbols of axes that it has not got mean something else each time."""
        have, got = dims_of(v.type), dims_of(a.type) if isinstance(a, Var) else ()
        for k, d in enumerate(have):
            if len(got) != len(have) or got[k] != d:
                self.unsteady.update(name for name, _ in d.terms if name.startswith("?"))

    def define(self, v: Var, path: Path) -> None:
        self.paths[v] = path
        self.note(v)

    def block(self, block: Block, path: Path, receivers: tuple[Var, ...], loop: Loop | None) -> None:
        for k, s in enumerate(block.stmts):
            here = (*path, (block, k))
            if isinstance(s, For):
                for item, tape in zip(s.items, s.tapes):
                    if isinstance(tape, Var):
                        self.readers.setdefault(tape, []).append((s, item))
                if isinstance(s.domain, Along):
                    self.measured.update(arg_vars(s.domain.tape))
                read = [v for a in ((() if isinstance(s.domain, Along) else domain_args(s)) + s.inits)
                        for v in arg_vars(a)]
            else:
                read = list(own_vars(s))
            self.elsewhere.update(v for v in read if isinstance(v.type, Tape))
            for v in targets_of(s):
                self.define(v, here)
                if isinstance(s, Op) and s.fn in WHOLE:
                    self.ops[v] = s
                if isinstance(s, Op) and (s.fn == "getitem" or s.fn == "copy" and s.args[0] in self.slices):
                    self.slices.add(v)
            if isinstance(s, Call):
                for v in s.targets:
                    self.meet(v, NONE)
            if isinstance(s, (For, While)):
                for v, r, a in zip(s.params, s.results, s.inits):
                    self.meet(v, a)
                    self.meet(r, a)
                self.loop_paths[s.key] = here
                self.makers.update(dict.fromkeys(s.outs, s))
                self.elsewhere.update(v for v in (*s.params, *s.results) if isinstance(v.type, Tape))
                if isinstance(s, While):
                    self.block(s.test, here, (), None)
                for v in inner_defs(s):
                    self.define(v, (*here, (s.body, -1)))
                self.block(s.body, here, (), s)
            elif isinstance(s, If):
                tail = block.end is None and k == len(block.stmts) - 1
                for side in blocks_of(s):
                    self.block(side, here, receivers if tail else s.results, loop if tail else None)
        end = block.end
        if isinstance(end, Yield):
            for r, a in zip(receivers, end.values):
                self.sources.setdefault(r, []).append(a)
                self.meet(r, a)
                if isinstance(a, Var):
                    self.yields.setdefault(a, []).append(r)
        elif loop is not None and isinstance(end, (Next, Break)):
            for p, a in zip(loop.params, end.values):
                self.meet(p, a)
            for out, a in zip(loop.outs, end.outs):
                self.sources.setdefault(out, []).append(a)
                if isinstance(a, Var):
                    self.puts.setdefault(a, []).append(out)
            self.elsewhere.update(v for a in end.values for v in arg_vars(a) if isinstance(v.type, Tape))
        else:
            self.elsewhere.update(v for a in end_args(end) for v in arg_vars(a) if isinstance(v.type, Tape))

    def available(self, a: Arg, path: Path) -> bool:
        """Whether an operand has a value where ``path`` leads."""
        if not isinstance(a, Var):
            return isinstance(a, Lit)
        own = self.paths.get(a)
        if own is None:
            return False
        if not own:
            return True
        *outer, (block, k) = own
        return len(own) <= len(path) and all(x[0] is y[0] and x[1] == y[1] for x, y in zip(outer, path)) and (
            path[len(own) - 1][0] is block and k < path[len(own) - 1][1])

    def may_be_cut(self, a: Arg) -> bool:
        """Whether an array may be shorter than its type says."""
        dims = dims_of(a.type) if isinstance(a, Var) else ()
        if not dims or not isinstance(a, Var):
            return False
        whole = all(d.const == 0 and len(d.terms) == 1 and not d.terms[0][0].startswith("?") for d in dims)
        return not whole or a in self.slices

    def computable(self, a: Arg, path: Path, again: dict[Var, Op]) -> bool:
        """Whether an operand can be computed where ``path`` leads; ``again`` gets the operations that takes."""
        if self.available(a, path):
            return True
        op = self.ops.get(a) if isinstance(a, Var) else None
        if op is None or not isinstance(a, Var) or not all(self.computable(b, path, again) for b in own_args(op)):
            return False
        again[a] = op
        return True


def families(trace: Trace) -> list[Family]:
    """The families of a function whose items are numbers or arrays of one shape."""
    facts = _Survey(trace)
    found = []
    for root, maker in facts.makers.items():
        assert isinstance(root.type, Tape)
        if not isinstance(root.type.item, Tape):
            family = _family(facts, root, maker)
            if family is not None and _find_puts(family):
                family.doubtful = {v for _, _, v in family.puts if facts.may_be_cut(v)}
                found.append(family)
    return found


def _family(facts: _Survey, root: Var, maker: Loop) -> Family | None:
    assert isinstance(root.type, Tape)
    item = root.type.item
    if not (isinstance(item, (Scalar, Array)) and kind_of(item) != "other" and dtype_of(item) != "?"):
        return None
    members = _members(facts, root)
    if members is None:
        return None
    loops = [maker]
    made = {facts.makers[m].key: facts.makers[m] for m in members if m in facts.makers}
    around = [s for block, k in facts.loop_paths[maker.key][:-1] for s in (block.stmts[k],) if k >= 0]
    for s in reversed(around):
        if isinstance(s, (For, While)):
            if s.key not in made:
                break
            loops.insert(0, s)
    # A loop along a tape is one over a range once that tape is an array.
    if len(loops) != len(made) or any(isinstance(x, For) and (
            not isinstance(x.domain, Range) or x.backward and leaves_early(x)) for x in loops):
        return None
    path = facts.loop_paths[loops[0].key]
    while len(path) > 1 and members.intersection(targets_of(path[-2][0].stmts[path[-2][1]])):
        path = path[:-1]
    dims: list[tuple[Var, int, int] | int] = []
    for d in item.dims if isinstance(item, Array) else ():
        if d.is_constant:
            dims.append(d.const)
            continue
        if len(d.terms) != 1 or d.terms[0][1] != 1:
            return None
        symbol = d.terms[0][0]
        holder = next(((v, k) for v, k in facts.symbols.get(symbol, ()) if facts.available(v, path)), None)
        if holder is None or any(s in symbol for s in facts.unsteady):
            return None
        dims.append((*holder, d.const))
    family = Family(root, item, tuple(loops), members, path[-1][0], path[-1][1], tuple(dims))
    family.dense = all(isinstance(x, For) and isinstance(x.domain, Range) and not leaves_early(x)
                       and all(facts.computable(a, path, family.again) for a in domain_args(x)) for x in loops)
    family.measured = any(m in facts.measured and not isinstance(m.type.item, Tape)  # type: ignore[attr-defined]
                          for m in members)
    inside = facts.loop_paths[maker.key][len(path) - 1:]
    family.touches = {s.key for block, k in inside for s in (block.stmts[k],) if isinstance(s, (If, For, While))}
    return family


def _members(facts: _Survey, root: Var) -> set[Var] | None:
    """Everything the root's tape flows to; None if it flows somewhere else."""
    members, todo = {root}, [root]
    while todo:
        t = todo.pop()
        if t in facts.elsewhere:
            return None
        flows = [*facts.puts.get(t, ()), *facts.yields.get(t, ())]
        flows += [item for _, item in facts.readers.get(t, ()) if isinstance(item.type, Tape)]
        for v in flows:
            if v not in members:
                members.add(v)
                todo.append(v)
    for m in members:
        if any(not is_hole(a) and a not in members for a in facts.sources.get(m, ()) if m is not root):
            return None
    return members


def _find_puts(family: Family) -> bool:
    """Where the items are put into the array: as soon as they are there, in the branch that makes them.

    A put is a block, the number of the statement it comes behind (-1: first, the number of statements: at the end).
    """
    maker, k = family.maker, family.maker.outs.index(family.root)
    values = {e.outs[k] for e in loop_ends(maker.body) if not is_hole(e.outs[k])}
    if len(values) == 1:
        (value,) = values
        if not isinstance(value, Var) or value in inner_defs(maker):
            family.puts.append((maker.body, -1, value))
            return True
        where = _defined(maker.body, value)
        if where is not None:
            return _put_behind(family, maker.body, where, value)
        if not any(value in targets_of(s) for s in _inside(maker.body)):
            family.puts.append((maker.body, -1, value))
            return True
    for block in _end_blocks(maker.body):
        assert block.end is not None and hasattr(block.end, "outs")
        if not is_hole(block.end.outs[k]):
            family.puts.append((block, len(block.stmts), block.end.outs[k]))
    _touch(family, maker.body)
    return True


def _put_behind(family: Family, block: Block, at: int, value: Var) -> bool:
    """Put a value behind the statement that defines it; if that is a branch, inside the sides that have the value."""
    s = block.stmts[at]
    if not isinstance(s, If) or value not in s.results:
        family.puts.append((block, at, value))
        return True
    sides = [b.end for b in blocks_of(s)]
    if not all(isinstance(e, Yield) for e in sides):
        return False
    k = s.results.index(value)
    values = [e.values[k] for e in sides if isinstance(e, Yield)]
    if not any(map(is_hole, values)):
        family.puts.append((block, at, value))
        return True
    family.inner.add(s.key)
    for side, v in zip(blocks_of(s), values):
        if is_hole(v):
            continue
        where = _defined(side, v) if isinstance(v, Var) else None
        if where is None or not isinstance(v, Var):
            family.puts.append((side, len(side.stmts), v))
        elif not _put_behind(family, side, where, v):
            return False
    return True


def _defined(block: Block, v: Var) -> int | None:
    return next((k for k, s in enumerate(block.stmts) if v in targets_of(s)), None)


def _inside(block: Block) -> Iterator[Stmt]:
    for s in block.stmts:
        yield s
        for b in blocks_of(s):
            yield from _inside(b)


def _end_blocks(block: Block) -> Iterator[Block]:
    """The blocks in which an iteration ends."""
    if block.end is None and isinstance(block.stmts[-1], If):
        for side in blocks_of(block.stmts[-1]):
            yield from _end_blocks(side)
    elif hasattr(block.end, "outs"):
        yield block


def _touch(family: Family, block: Block) -> None:
    """Note the branches that end iterations: what is put in one of them is seen by its end only."""
    if block.end is None and isinstance(block.stmts[-1], If):
        family.inner.add(block.stmts[-1].key)
        for side in blocks_of(block.stmts[-1]):
            _touch(family, side)
