"""One Return: what several returns would give back meets in one place, at the end of the function.

Reverse mode starts where the function ends, so it wants one end.

    if c:                                  if c:
        return a                               result = a
    b = 2.0 * a                     ⇒      else:
    return b                                   b = 2.0 * a
                                               result = b
                                           return result

    for i in range(n):                     returned = False
        if c:                              for i in range(n):
            return s                           if c:
        s = s + x                   ⇒              returned, result = True, s
    return s                                       break
                                               s = s + x
                                           if returned: return result
                                           return s

and the latter is then joined like the former.  Returns for which ``keep`` holds (no derivative passes through them) and
the user's exceptions stay where they are, unless they stand inside a branch that must come to an end first: such an
exit is flagged, and taken after the branch.

>>> from s2sad.trace.ir import Leaf
>>> from s2sad.trace.types import FLOAT
>>> c, x, y = Var(BOOL, "c"), Var(FLOAT, "x"), Var(FLOAT, "y")
>>> body = Block((If(c, Block((), Return((x,))), Block((), Return((y,)))),), None)
>>> print(join_returns(Trace("f", (), (c, x, y), body, Leaf(0)), lambda ret: False))
f() -> #0
  %result:float = if %c:
    yield %x
  else:
    yield %y
  return %result
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from s2sad.errors import InternalError
from s2sad.rules.static import type_of
from s2sad.trace.ends import ends_of, map_ends, tail_if
from s2sad.trace.ir import (
    UNDEF,
    Arg,
    Block,
    Break,
    Call,
    End,
    For,
    If,
    Lit,
    Next,
    Op,
    Raise,
    Return,
    Trace,
    Undef,
    Var,
    While,
    Yield,
)
from s2sad.trace.joins import join
from s2sad.trace.lasting import lasting
from s2sad.trace.types import BOOL, NOTHING, Type
from s2sad.trace.walk import blocks, blocks_of, definitions, inner_defs, with_blocks

Keep = Callable[[Return], bool]


def join_returns(trace: Trace, keep: Keep) -> Trace:
    """Make one Return of all those that are not kept.  The traces called are left as they are."""
    joining = _Joining(trace.body, keep)
    return replace(trace, body=joining.settle(joining.leave_loops(trace.body)))


def join_types(values: Sequence[Arg]) -> Type:
    """The type of a variable that holds any of the values."""
    result: Type = NOTHING
    for value in values:
        joined = join(result, type_of(value))
        if joined is None:
            raise InternalError(f"no type holds both {result} and {type_of(value)}")
        result = joined
    return result


def _hint(values: Sequence[Arg], default: str) -> str:
    hints = {v.hint for v in values if isinstance(v, Var)}
    return hints.pop() or default if len(hints) == 1 else default


class _Exits:
    """The ends of a branch that leave the function elsewhere.

    Each gets a flag, and columns for what it hands on and the branch computes.
    """

    def __init__(self, ends: Sequence[Return | Raise], inside: set[Var]) -> None:
        self.ends = list(ends)
        self.local = [tuple(v in inside for v in _values(e)) for e in ends]

    def variables(self) -> Iterator[Var]:
        """New variables for the flags and columns, in order."""
        for e, local in zip(self.ends, self.local):
            yield Var(BOOL, "raised" if isinstance(e, Raise) else "returned")
            for v, inside in zip(_values(e), local):
                if inside:
                    yield Var(type_of(v), v.hint if isinstance(v, Var) else "")

    def row(self, taken: Return | Raise | None) -> tuple[Arg, ...]:
        """The flags and columns of a path that takes one of the exits, or none."""
        row: list[Arg] = []
        for e, local in zip(self.ends, self.local):
            row.append(Lit(e is taken))
            row.extend(v if e is taken else UNDEF for v, inside in zip(_values(e), local) if inside)
        return tuple(row)

    def after(self, columns: Sequence[Arg]) -> list[tuple[Arg, Return | Raise]]:
        """The flags, and the ends to come to where they are set."""
        given = iter(columns)
        out: list[tuple[Arg, Return | Raise]] = []
        for e, local in zip(self.ends, self.local):
            flag = next(given)
            values = tuple(next(given) if inside else v for v, inside in zip(_values(e), local))
            out.append((flag, Return(values) if isinstance(e, Return) else replace(e, args=values)))
        return out


def _values(end: Return | Raise) -> tuple[Arg, ...]:
    return end.values if isinstance(end, Return) else end.args


class _Joining:
    def __init__(self, body: Block, keep: Keep) -> None:
        # By identity, and for the Returns of the program only: ``keep`` knows nothing of those that are made here.
        self.kept: dict[int, Return] = {id(b.end): b.end for b in blocks(body)
                                        if isinstance(b.end, Return) and keep(b.end)}

    def _joins(self, end: End) -> bool:
        return isinstance(end, Return) and id(end) not in self.kept

    # -- returns inside loops ------------------------------------------------------------------------------------------

    def leave_loops(self, block: Block) -> Block:
        """The block with every Return inside a loop turned into a Break, from the innermost loop out.

        A block that ends in a Yield then yields more: whether there was a Return, and its values.
        """
        for at, stmt in enumerate(block.stmts):
            if isinstance(stmt, (Op, Call)):
                continue
            width = len(stmt.results) if isinstance(stmt, If) else 0
            stmt = with_blocks(stmt, tuple(map(self.leave_loops, blocks_of(stmt))))
            block = Block((*block.stmts[:at], stmt, *block.stmts[at + 1:]), block.end)
            if isinstance(stmt, If):
                if not any(isinstance(b.end, Yield) and len(b.end.values) > width for b in blocks_of(stmt)):
                    continue
                stmt, returned, values = self._handing_on(stmt, width)
            elif isinstance(stmt, (For, While)) and any(map(self._joins, ends_of(stmt.body))):
                stmt, returned, values = self._flagged(stmt)
            else:
                continue
            before, after = block.stmts[:at], Block(block.stmts[at + 1:], block.end)
            if isinstance(block.end, Yield):
                rest = self.leave_loops(after)
                branch, end = self._skipping(rest, len(block.end.values), returned, values, stmt)
                return Block((*before, stmt, branch), end)
            last = If(returned, Block((), Return(values)), self.leave_loops(after), (), stmt.site, stmt.sweep)
            return Block((*before, stmt, last), None)
        return block

    def _handing_on(self, branch: If, width: int) -> tuple[If, Var, tuple[Arg, ...]]:
        """A branch in which a loop may have returned; whether it did, and the values."""
        rows = [b.end.values[width:] if isinstance(b.end, Yield) else () for b in blocks_of(branch)]
        columns = max(map(len, rows))
        rows = [row or (Lit(False), *(UNDEF,) * (columns - 1)) for row in rows]
        results = (Var(BOOL, "returned"), *(Var(join_types(c), _hint(c, "result")) for c in list(zip(*rows))[1:]))
        sides = [Block(b.stmts, Yield((*b.end.values[:width], *row))) if isinstance(b.end, Yield) else b
                 for b, row in zip(blocks_of(branch), rows)]
        made = replace(branch, then=sides[0], orelse=sides[1], results=(*branch.results, *results))
        return made, results[0], results[1:]

    def _skipping(self, rest: Block, width: int, returned: Var, values: tuple[Arg, ...],
                  near: If | For | While) -> tuple[If, Yield]:
        """The rest of a branch, skipped after a Return, and what the branch yields."""
        assert isinstance(rest.end, Yield)
        ordinary, more = rest.end.values[:width], rest.end.values[width:]
        left = (*(UNDEF,) * width, Lit(True), *values)
        went_on = (*ordinary, *(more or (Lit(False), *(UNDEF,) * len(values))))
        results = tuple(Var(join_types((a, b)), _hint((a, b) if not isinstance(a, Undef) else (b,), ""))
                        for a, b in zip(left, went_on))
        branch = If(returned, Block((), Yield(left)), Block(rest.stmts, Yield(went_on)), results, near.site, near.sweep)
        return branch, Yield(results)

    def _flagged(self, loop: For | While) -> tuple[For | While, Var, tuple[Arg, ...]]:
        """The loop that breaks where it returned; whether it did, and the values."""
        returns = [e.values for e in ends_of(loop.body) if isinstance(e, Return) and self._joins(e)]
        inside = {*inner_defs(loop), *definitions(loop.body)}
        if isinstance(loop, While):
            inside.update(definitions(loop.test))
        columns = list(zip(*returns))
        same = [len(set(column)) == 1 and column[0] not in inside for column in columns]
        # An ordinary carried value means nothing after a Return: one of the same name and type carries the value out.
        slots: list[int | None] = []
        for column, settled in zip(columns, same):
            slots.append(None if settled else next(
                (k for k, (p, r) in enumerate(zip(loop.params, loop.results)) if k not in slots and p.hint
                 and p.hint == _hint(column, "") and p.type == r.type == join_types(column)), None))
        carried = [c for c, settled, slot in zip(columns, same, slots) if not settled and slot is None]
        uids = {v.uid for v in inside}
        params = (Var(BOOL, "returned"),
                  *(Var(lasting(join_types(c), uids.__contains__), _hint(c, "result")) for c in carried))
        results = tuple(Var(p.type, p.hint) for p in params)

        def change(end: End) -> End:
            if isinstance(end, (Next, Break)):
                return replace(end, values=(*end.values, *params))
            if isinstance(end, Return) and self._joins(end):
                out = tuple(v for v, settled, slot in zip(end.values, same, slots) if not settled and slot is None)
                ordinary = [UNDEF if k not in slots else end.values[slots.index(k)] for k in range(len(loop.params))]
                return Break((*ordinary, Lit(True), *out), (UNDEF,) * len(loop.outs))
            return end

        inits = (*loop.inits, Lit(False), *(UNDEF,) * len(carried))
        made = replace(loop, params=(*loop.params, *params), inits=inits, results=(*loop.results, *results),
                       body=map_ends(loop.body, change))
        given = iter(results[1:])
        values = tuple(c[0] if settled else loop.results[slot] if slot is not None else next(given)
                       for c, settled, slot in zip(columns, same, slots))
        return made, results[0], values

    # -- returns in branches -------------------------------------------------------------------------------------------

    def settle(self, block: Block) -> Block:
        """The block with at most one Return that is not kept, at its end or in the last of its tail Ifs."""
        last = tail_if(block)
        if last is None:
            return block
        then, orelse = self.settle(last.then), self.settle(last.orelse)
        last = replace(last, then=then, orelse=orelse)
        if not all(any(map(self._joins, ends_of(b))) for b in (then, orelse)):
            return Block((*block.stmts[:-1], last), None)
        ends = [*ends_of(then), *ends_of(orelse)]
        columns = list(zip(*(e.values for e in ends if isinstance(e, Return) and self._joins(e))))
        inside = {*definitions(then), *definitions(orelse)}
        same = [len(set(column)) == 1 and column[0] not in inside for column in columns]
        joined = [column for column, s in zip(columns, same) if not s]
        exits = _Exits([e for e in ends if isinstance(e, (Return, Raise)) and not self._joins(e)], inside)
        merged, results = self._yielding(last, same, joined, exits)
        given = iter(results)
        values = tuple(c[0] if s else next(given) for c, s in zip(columns, same))
        rest = Block((), Return(values))
        for flag, end in reversed(exits.after(results[len(joined):])):
            if isinstance(end, Return):
                self.kept[id(end)] = end
            rest = Block((If(flag, Block((), end), rest, (), last.site, last.sweep),), None)
        idle = not merged.results and not merged.then.stmts and not merged.orelse.stmts
        return Block((*block.stmts[:-1], *(() if idle else (merged,)), *rest.stmts), rest.end)

    def _yielding(self, branch: If, same: list[bool], joined: list[tuple[Arg, ...]],
                  exits: _Exits) -> tuple[If, tuple[Var, ...]]:
        """A tail If whose ends leave the function as an If that yields what they hand on."""
        results = [*(Var(join_types(column), _hint(column, "result")) for column in joined), *exits.variables()]

        def inner(block: Block) -> Block:
            last = tail_if(block)
            if last is not None:
                made, values = self._yielding(last, same, joined, exits)
                return Block((*block.stmts[:-1], made), Yield(values))
            end = block.end
            if isinstance(end, Return) and self._joins(end):
                out = tuple(v for v, s in zip(end.values, same) if not s)
                return Block(block.stmts, Yield((*out, *exits.row(None))))
            assert isinstance(end, (Return, Raise)), "a loop's end outside its loop"
            return Block(block.stmts, Yield((*(UNDEF,) * len(joined), *exits.row(end))))

        made = replace(branch, then=inner(branch.then), orelse=inner(branch.orelse), results=tuple(results))
        return made, tuple(results)
