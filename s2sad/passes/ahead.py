"""Between a loop and its twin: what can be done before the loop, so that the twin may run inside it.

`Pair` looks at one block in which a statement and, later, its twin stand.  What the twin needs can move ahead of the
statement if it consists of operations that do not depend on it.  An operation that only asks for the shape of an array
(``zeros_like``) does not depend on the loops and stores that the array has gone through: it may ask an earlier version.

A value that the twin loop carries begins in the fused loop in one of these ways (`Start`):

- a steady value has its first value in every iteration; so has, as a rule, an adjoint that every iteration leaves zero;
- the contents of a buffer that the twin loop gets back backwards are, in the same iteration, simply there;
- a sum begins with what the twin would have added to, if that is there.  If it comes later, it goes on with this sum:

    w_bar = zeros                             (loop) w_bar = zeros, w_bar + …
    w_bar = w_bar + …  (another loop)   ⇒     w_bar = w_bar + …  (the other loop)
    w_bar = w_bar + …  (the twin)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from s2sad.analysis.carried import addend, is_steady, is_sum
from s2sad.analysis.contents import Contents
from s2sad.analysis.dependence import Dependence
from s2sad.analysis.places import Overwritten
from s2sad.analysis.privacy import Iteration
from s2sad.analysis.shapes import asks, shaped
from s2sad.passes.alias import UPDATES
from s2sad.passes.effects import is_pure
from s2sad.rules.places import STORES
from s2sad.rules.static import length, type_of
from s2sad.trace.ends import Loop
from s2sad.trace.ir import NOWHERE, Arg, Block, For, Lit, Op, Raise, Stmt, Undef, Var, While
from s2sad.trace.types import INT, Array, Dim, Type, dims_of, interchangeable, rank
from s2sad.trace.walk import arg_vars, blocks, blocks_of, end_args, own_vars, statements, targets_of, uses, with_blocks

# Operations that cannot raise an exception: they may be computed ahead of the user's own.
_SAFE = frozenset(("+", "-", "*", "neg", "zeros_like", "cast", "copy", "expand"))
_VERSIONS = frozenset((*STORES, "copy"))


@dataclass(frozen=True)
class Start:
    """How a value that the twin loop carries begins in the fused loop.

    It begins with ``init``; what has to move ahead for that is ``moved``.  What the twin would have gone on with, if
    that comes later, takes the sum over at operand ``hook[1]`` of statement ``hook[0]``, where ``init`` stood, or is
    added afterwards if ``late``.  Values that need not be carried are ``fixed``, which is ``init`` in every iteration,
    or the contents that the iteration ``hands`` on at that position.  These may as well be handed on as they are after
    the reverse of the iteration if they are ``private`` to it.  ``zero`` says that every iteration begins with zero.
    """

    init: Arg
    moved: frozenset[int] = frozenset()
    hook: tuple[int, int] | None = None
    late: bool = False
    fixed: bool = False
    hands: int | None = None
    private: bool = False
    zero: bool = False

    @property
    def is_carried(self) -> bool:
        return not self.fixed and self.hands is None


@dataclass(frozen=True)
class Known:
    """What is known about a function while its loops are fused.

    ``ops`` define its variables.  Of the loops that are fused already: ``zeros`` are the loop variables that are zero
    at the beginning of each iteration; the loop variables ``private`` may begin with any contents, which the iterations
    hand on as ``handed`` where nobody reads them after the loop; the results ``restored`` have the contents of the
    versions with which these loops began.
    """

    ops: Mapping[Var, Op]
    zeros: set[Var] = field(default_factory=set)
    private: set[Var] = field(default_factory=set)
    handed: set[Arg] = field(default_factory=set)
    restored: dict[Var, Var] = field(default_factory=dict)


class Pair:
    """A statement and its twin in one block, and what stands between them."""

    def __init__(self, block: Block, first: int, second: int, known: Known) -> None:
        self.block, self.first, self.second, self.known = block, first, second, known
        self.where = Dependence(block).where
        self.early = Block(tuple(self._asking_early(s) if first < k < second else s
                                 for k, s in enumerate(block.stmts)), block.end)
        self.depends = Dependence(self.early)
        self.count = uses(block)
        self.careful = any(map(_may_raise, block.stmts[first:second]))

    # ---- what has to be there before the first statement ----

    def version(self, v: Var, among: Sequence[Var] = ()) -> Var:
        """The version of an array before the first statement, or ``among`` others; itself if there is none."""
        u: Arg = v
        while isinstance(u, Var) and u.type == v.type and u not in among:
            k = self.where.get(u)
            if k is None or k < self.first:
                return u
            s = self.block.stmts[k]
            if isinstance(s, Op) and s.fn in _VERSIONS and u is s.target:
                u = s.args[0]
            elif isinstance(s, Loop) and u in s.results:
                u = s.inits[s.results.index(u)]
            else:
                return v
        return u if isinstance(u, Var) and u.type == v.type else v

    def _asking_early(self, s: Stmt) -> Stmt:
        return asking(s, self.version) if isinstance(s, Op) else s

    def lifted(self, args: Sequence[Arg]) -> frozenset[int] | None:
        """The statements that must move ahead of the first one for some values to be there; None if that cannot be."""
        found = self.depends.closure(args, self.first)
        for k in found:
            s = self.early.stmts[k]
            if k == self.first or not isinstance(s, Op) or s.target is None or not is_pure(s.fn):
                return None
            if s.fn in UPDATES and s.sweep == "primal":
                return None                     # the user's stores stay where they are
            if self.careful and s.fn not in _SAFE:
                return None
        return frozenset(found)

    def apart(self, moved: frozenset[int], within: bool) -> tuple[list[Stmt], list[Stmt]]:
        """The statements before the first one, with those that move there, and those between the two."""
        stmts = self.block.stmts
        ahead = [s if within else _as_setup(s) for k, s in enumerate(self.early.stmts) if k in moved]
        between = [s for k, s in enumerate(stmts) if self.first < k < self.second and k not in moved]
        return [*stmts[:self.first], *ahead], between

    def read_elsewhere(self, inside: set[Var]) -> bool:
        """Whether a statement other than the two looks into the first one."""
        return any(v in inside for k, s in enumerate(self.block.stmts) if k not in (self.first, self.second)
                   for v in self.depends.reads(s))

    # ---- how carried values begin ----

    def starts(self, loop: For | While, twin: For) -> list[Start] | None:
        """How each value that the twin carries begins; None if that is not known of one."""
        found: list[Start] = []
        held: dict[int, Start] | None = None
        for k in range(len(twin.params)):
            start: Start | None = None
            if is_steady(twin, k):
                start = self._steady(twin, k)
            elif is_sum(twin, k):
                start = self._begun(twin.inits[k], twin.params[k].type, is_sum)
            if start is None and isinstance(twin.params[k].type, Array):
                held = self._held(loop, twin) if held is None else held
                start = held[k] if k in held else self._zero(twin, k)
            if start is None:
                return None
            found.append(start)
        return found

    def _steady(self, twin: For, k: int) -> Start | None:
        init = twin.inits[k]
        moved = self.lifted((init,))
        same = interchangeable(type_of(init), twin.params[k].type) and not isinstance(init, Undef)
        return None if moved is None else Start(init, moved, fixed=same)

    def _overwritten(self, zero: bool) -> Overwritten:
        loops = {s.key: s for s in statements(self.block) if isinstance(s, Loop)}
        return Overwritten(self.block, zero, loops, self.length)

    def _zero(self, twin: For, k: int) -> Start | None:
        cleared = self._overwritten(True)
        if not cleared.stays_zero(twin, k):
            return None
        start = self._begun(twin.inits[k], twin.params[k].type, cleared.stays_zero)
        if start is None or start.late or not (cleared.is_zero(start.init) or start.init in self.known.zeros):
            return None
        return replace(start, zero=True)

    def _held(self, loop: For | While, twin: For) -> dict[int, Start]:
        """Which values of the twin are the contents of a buffer at the end of the iteration, and of which."""
        same = dict(self.known.restored)
        contents = Contents(self.block)
        contents.follow(self.block.stmts[self.first + 1:self.second], same)
        before = dict(same)
        contents.follow((twin,), same)
        iteration = Iteration(loop.body, twin.body, contents.versions, self._overwritten(False))
        out: dict[int, Start] = {}
        for k, (init, r) in enumerate(zip(twin.inits, twin.results)):
            ended = contents.of(init, before) if isinstance(init, Var) else None
            if ended in loop.results and r in same:
                j = loop.results.index(ended)
                if same[r] is loop.inits[j]:
                    private = (iteration.gets_back(twin.params[k])
                               and iteration.keeps_private(loop.params[j], twin.params[k], j)
                               and not read_again(self.block, ended, self.known, self.second))
                    out[k] = Start(loop.inits[j], hands=j, private=private)
        return out

    def _begun(self, v: Arg, t: Type, goes_on: Callable[[For | While, int], bool]) -> Start | None:
        """How a value begins that the twin begins with ``v``; ``goes_on``: whether a loop goes on with such a one."""
        end = v
        while True:
            moved = self.lifted((v,))
            if moved is not None:
                return Start(v, moved)
            assert isinstance(v, Var)
            at = self.depends.where[v]
            s = self.block.stmts[at]
            if v not in targets_of(s) or self.count[v] != 1:
                break
            options: list[tuple[int, Arg]] = []
            if isinstance(s, Op) and s.sweep == "adjoint" and goes_on is is_sum:
                options = [(j, s.args[j]) for j in addend(s) if _alike(type_of(s.args[j]), t)]
            elif isinstance(s, Loop) and v in s.results and goes_on(s, s.results.index(v)):
                options = [(s.results.index(v), s.inits[s.results.index(v)])]
            for j, u in options:
                moved = self.lifted((u,))
                if moved is not None:
                    return Start(u, moved, (at, j))
            if not options:
                break
            v = options[0][1]
        return Start(Lit(0.0), late=True) if rank(type_of(end)) == 0 else None

    def length(self, arg: Arg) -> Dim | None:
        """The axis length that an integer stands for."""
        if isinstance(arg, Lit):
            return Dim.constant(arg.value) if type(arg.value) is int else None
        s = self.known.ops.get(arg) if isinstance(arg, Var) else None
        if s is None:
            return length(arg) if isinstance(arg, Var) and arg.type == INT else None
        dims = dims_of(type_of(s.args[0])) if s.args else ()
        axis = s.kwarg("axis") if s.fn == "shape" else Lit(0)
        if s.fn in ("shape", "len") and isinstance(axis, Lit) and type(axis.value) is int and dims:
            return dims[axis.value]
        if s.fn in ("+", "-"):
            one, two = map(self.length, s.args)
            return None if one is None or two is None else one + two if s.fn == "+" else one - two
        return length(arg)


def read_again(block: Block, v: Var, known: Known, but: int | None = None) -> bool:
    """Whether contents that a loop leaves behind are read, but by one statement and loops that overwrite them."""
    for k, s in enumerate(block.stmts):
        for t in (s, *(t for b in blocks_of(s) for t in statements(b))):
            overwrites = isinstance(t, Loop) and all(p in known.private for p, a in zip(t.params, t.inits) if a is v)
            if v in own_vars(t) and not (overwrites or asks(t, v) or t is s and k == but):
                return True
    inner = (b for s in block.stmts for outer in blocks_of(s) for b in blocks(outer))
    return any(v in arg_vars(a) for b in (block, *inner) for a in end_args(b.end))


def asking(s: Op, version: Callable[[Var], Var]) -> Op:
    """An operation that asks for a shape, put to another version of the array."""
    args = tuple(version(a) if k in shaped(s) and isinstance(a, Var) else a for k, a in enumerate(s.args))
    return replace(s, args=args) if args != s.args else s


def asking_block(block: Block, version: Callable[[Var], Var]) -> Block:
    """A block whose operations put their questions for shapes to other versions."""
    stmts = (asking(s, version) if isinstance(s, Op) else
             with_blocks(s, tuple(asking_block(b, version) for b in blocks_of(s))) for s in block.stmts)
    return Block(tuple(stmts), block.end)


def _as_setup(stmt: Stmt) -> Stmt:
    """A statement of the adjoint as a part of the forward sweep."""
    return replace(stmt, sweep="primal", site=NOWHERE) if stmt.sweep == "adjoint" else stmt


def _alike(a: Type, b: Type) -> bool:
    return a == b or rank(a) == 0 == rank(b)


def _may_raise(stmt: Stmt) -> bool:
    """Whether a statement may raise an exception of the user's own."""
    return any(isinstance(b.end, Raise) for outer in blocks_of(stmt) for b in blocks(outer)) or any(
        isinstance(s, Op) and (s.target is None or not is_pure(s.fn))
        for s in (stmt, *(t for b in blocks_of(stmt) for t in statements(b))))
