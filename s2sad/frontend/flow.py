"""Statements under construction: builders whose later statements may stand inside a branch.

After ``if c: raise E`` everything that follows belongs into the other branch, because in a trace an If with an exit is
the last statement of its block.  A `Flow` hides this: statements are appended as they come, and `Flow.close`
nests them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from s2sad.frontend.memory import Memory
from s2sad.frontend.values import Value
from s2sad.rules.builder import Builder
from s2sad.trace.ir import NOWHERE, Arg, Block, Break, End, If, Next, Raise, Return, Site, Stmt, Try, Var, With
from s2sad.trace.types import Dim
from s2sad.trace.walk import blocks_of, with_blocks


@dataclass(frozen=True)
class _Tail:
    """An If one of whose branches leaves; the statements after it stand in the other one."""

    before: list[Stmt]
    cond: Arg
    left: Block
    left_is_then: bool
    site: Site
    guard: Try | With | None = None


@dataclass(frozen=True)
class Mark:
    """A state of a `Flow`: the statements with their number, the number of tails, what was checked."""

    stmts: list[Stmt]
    count: int
    tails: int
    checked: frozenset[Dim]
    certain: frozenset[Var]


class Flow(Builder):
    """A block that is being filled; ``done`` is set once control has left it.

    ``checked`` are the axis lengths that an assertion on the way here has looked at, ``certain`` the variables that a
    test on the way here has found not to be None.
    """

    def __init__(self, sweep: str = "primal", site: Site = NOWHERE) -> None:
        super().__init__(sweep, site)
        self.tails: list[_Tail] = []
        self.done: Block | None = None
        self.checked: frozenset[Dim] = frozenset()
        self.certain: frozenset[Var] = frozenset()

    def fork(self) -> Flow:
        inner = Flow(self.sweep, self.site)
        inner.checked, inner.certain = self.checked, self.certain
        return inner

    def mark(self) -> Mark:
        """The state to come back to if what follows is lowered in another way."""
        return Mark(self.stmts, len(self.stmts), len(self.tails), self.checked, self.certain)

    def rewind(self, mark: Mark) -> None:
        """Take everything back that has come after a mark."""
        self.stmts, self.checked, self.certain, self.done = mark.stmts, mark.checked, mark.certain, None
        del self.stmts[mark.count:]
        del self.tails[mark.tails:]

    @property
    def ended(self) -> bool:
        return self.done is not None

    @property
    def partial(self) -> bool:
        """Whether some path has left already."""
        return bool(self.tails)

    def leave(self, cond: Arg, left: Block, left_is_then: bool, rest: Flow, site: Site,
              guard: Try | With | None = None) -> None:
        """One branch of an If has left; go on in the other one, ``rest``."""
        self.tails += [_Tail(self.stmts, cond, left, left_is_then, site, guard), *rest.tails]
        self.stmts, self.checked, self.certain = rest.stmts, rest.checked, rest.certain

    def follow(self, rest: Flow) -> None:
        """Go on with what has been lowered in a flow of its own."""
        if rest.tails:
            first, *others = rest.tails
            self.tails += [replace(first, before=[*self.stmts, *first.before]), *others]
            self.stmts = rest.stmts
        else:
            self.stmts += rest.stmts
        self.checked, self.certain = rest.checked, rest.certain

    def close(self, end: End) -> Block:
        """The block, closed with an end."""
        if isinstance(end, Raise):
            end = replace(end, site=self.site)
        block = Block(tuple(self.stmts), end)
        for t in reversed(self.tails):
            then, orelse = (t.left, block) if t.left_is_then else (block, t.left)
            block = Block((*t.before, If(t.cond, then, orelse, site=t.site, guard=t.guard)), None)
        self.done = block
        return block


# Ends whose operands are chosen once all paths are known.


@dataclass(frozen=True)
class LateNext(Next):
    """The end of an iteration: the values of the carried names, and which of them own their memory.

    ``references`` are what the names stand for, ``memory`` is the heap.
    """

    carried: tuple[Value, ...] = ()
    owned: frozenset[str] = frozenset()
    references: tuple[Value, ...] = ()
    memory: Memory = field(default_factory=Memory, compare=False)


@dataclass(frozen=True)
class LateBreak(Break):
    """The end of a loop, like `LateNext`."""

    carried: tuple[Value, ...] = ()
    owned: frozenset[str] = frozenset()
    references: tuple[Value, ...] = ()
    memory: Memory = field(default_factory=Memory, compare=False)


@dataclass(frozen=True)
class LateReturn(Return):
    """The end of the function: its result, the statement that gives it, and the heap.

    ``contents`` are those of the parameters that are, or hold, a list, dict or object that has changed.
    """

    result: Value | None = None
    node: object = None
    memory: Memory = field(default_factory=Memory, compare=False)
    contents: Mapping[str, Value] = field(default_factory=dict, compare=False)


def map_all_ends(block: Block, change: Callable[[End], End]) -> Block:
    """A block with every end in it replaced, at any depth."""
    def inside(stmt: Stmt) -> Stmt:
        inner = blocks_of(stmt)
        return with_blocks(stmt, tuple(map_all_ends(b, change) for b in inner)) if inner else stmt

    return Block(tuple(map(inside, block.stmts)), change(block.end))
