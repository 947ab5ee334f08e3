"""Common subexpressions: what has been computed already is not computed again.

    a_bar = y_bar * np.exp(x)              v1 = y_bar * np.exp(x)
    b_bar = np.exp(x) * y_bar       ⇒      a_bar, b_bar = v1, v1

An operation may reuse the result of an equal one that surely ran before it: an earlier one in the same block or in a
block around it or, inside a twin, one of the mirrored block, which ran in the same iteration.  Operations that make a
buffer are never shared, since each may be written into later.  The user's own statements stay as they were written,
except that costly unnamed operations are computed once, among them calls of functions that only return values.  Of
equal numbers that stay, derivatives read the first.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, a, b, c = (Var(FLOAT, name) for name in "xabc")
>>> body = Block((Op(a, "*", (x, x), sweep="tangent"), Op(b, "*", (x, x), sweep="tangent"),
...               Op(c, "+", (a, b), sweep="tangent")), Return((c,)))
>>> new = cse(Trace("f", (), (x,), body, Leaf(0))).body
>>> [(op.fn, [v.hint for v in op.args]) for op in new.stmts]
[('*', ['x', 'x']), ('+', ['a', 'a'])]
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass

from s2sad.passes.dce import effectful
from s2sad.passes.effects import ALLOCATING, CHEAP, is_pure
from s2sad.passes.hints import Heirs
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, Call, For, If, Op, Stmt, Trace, Try, Var, While
from s2sad.trace.types import Array, Scalar, Tuple, is_scalar_like, kind_of
from s2sad.trace.walk import blocks_of, is_fixed_element, map_end, map_own, targets_of, with_blocks

_COMMUTATIVE = frozenset({"+", "*", "==", "!=", "&", "|", "^"})


def cse(trace: Trace) -> Trace:
    """Let equal operations share one result, here and in the traces called."""
    acting = effectful(trace)
    return everywhere(trace, lambda body: _Sharing(acting).run(body))


@dataclass(frozen=True)
class _Known:
    """What has run: its result, or results, and whether it belongs to the user's program."""

    targets: tuple[Var, ...]
    sweep: str


class _Sharing:
    def __init__(self, acting: Collection[str]) -> None:
        self.acting = acting
        self.known: dict[Hashable, _Known] = {}
        self.renamed: dict[Var, Arg] = {}
        # What stays as it was written, and is equal to something known.
        self.equal: dict[Var, Arg] = {}
        self.heirs = Heirs()
        self.of_block: dict[tuple[int, int], dict[Hashable, _Known]] = {}       # by the statement's key and its block

    def run(self, body: Block) -> Block:
        return self.heirs.settle(self.block(body, None))

    def block(self, block: Block, name: tuple[int, int] | None, mirrored: tuple[int, int] | None = None) -> Block:
        """A block with shared results; what becomes known in it is forgotten after it."""
        added: list[Hashable] = []
        own: dict[Hashable, _Known] = {}
        if mirrored is not None:
            news = {k: e for k, e in self.of_block.get(mirrored, {}).items() if k not in self.known}
            self.known.update(news)
            added.extend(news)
        out: list[Stmt] = []
        for stmt in block.stmts:
            stmt = map_own(stmt, self._rename)
            if stmt.sweep != "primal":
                stmt = map_own(stmt, self._unnamed)
            if not isinstance(stmt, (Op, Call)):
                out.append(self._inside(stmt))
                continue
            numbered = map_own(stmt, lambda v: self.equal.get(v, v))
            key = _key(numbered) if isinstance(numbered, Op) else self._key_of_call(numbered)
            if key is None:
                out.append(stmt)
                continue
            entry = self.known.get(key)
            if entry is not None and (stmt.sweep != "primal" or _may_share(stmt, entry)):
                for old, new in zip(targets_of(stmt), entry.targets):
                    self.renamed[old] = new
                    self.heirs.replaced(old, new, entry.sweep != "primal")
                continue
            if entry is None:
                added.append(key)
                own[key] = self.known[key] = _Known(tuple(targets_of(stmt)), stmt.sweep)
            else:
                self.equal.update(zip(targets_of(stmt), entry.targets))
            out.append(stmt)
        end = map_end(block.end, self._rename)
        for key in added:
            del self.known[key]
        if name is not None:
            self.of_block[name] = own
        return Block(tuple(out), end)

    def _key_of_call(self, call: Stmt) -> Hashable | None:
        """The same for the call of a function that returns numbers and arrays, and does nothing else."""
        assert isinstance(call, Call)
        plain = all(isinstance(t.type, (Scalar, Array)) for t in call.targets)
        return (call.callee, call.args) if plain and call.callee not in self.acting else None

    def _inside(self, stmt: If | For | While) -> Stmt:
        if isinstance(stmt, If) and stmt.guard is not None and not isinstance(stmt.guard, Try):
            # Inside a context an operation may raise what it does not raise outside.
            outside, self.known = self.known, {}
            inside = with_blocks(stmt, tuple(self.block(b, (stmt.key, k)) for k, b in enumerate(blocks_of(stmt))))
            self.known = outside
            return inside
        inner, key, twin = blocks_of(stmt), stmt.key, stmt.twin
        last = len(inner) - 1
        # Bodies mirror bodies: a While's test block has no mirror, so its body counts as block 0 too.
        at = range(len(inner)) if isinstance(stmt, If) else [k - last for k in range(len(inner))]
        return with_blocks(stmt, tuple(self.block(b, (key, k), None if twin is None else (twin, k))
                                       for b, k in zip(inner, at)))

    def _rename(self, v: Var) -> Arg:
        return self.renamed.get(v, v)

    def _unnamed(self, v: Var) -> Arg:
        """What derivatives read for an unnamed number: the first that is equal, so that the other needs no name."""
        equal = self.equal.get(v)
        return equal if isinstance(equal, Var) and is_scalar_like(v.type) and not (v.is_named or equal.is_named) else v


def _may_share(op: Op | Call, entry: _Known) -> bool:
    """Whether an operation of the user's program may be what has been computed before."""
    if any(t.is_named for t in (*targets_of(op), *entry.targets)):
        return False
    if isinstance(op, Call):
        return True
    assert op.target is not None
    if isinstance(op.target.type, Tuple):
        return False  # The user's names for its parts stay apart.
    costly = op.fn not in CHEAP and (isinstance(op.target.type, Array) or "." in op.fn)
    # One element read twice is one variable, for x[0] * x[0] is a square; the emitter writes it out again.
    costly = costly or is_fixed_element(op)
    return costly


def _key(op: Op) -> Hashable | None:
    """What two operations that compute the same have in common; None for those that must not be shared."""
    if op.target is None or op.fn in ALLOCATING or not is_pure(op.fn) or kind_of(op.target.type) == "other":
        return None
    args = op.args
    if op.fn in _COMMUTATIVE and len(args) == 2:
        args = tuple(sorted(args, key=_rank))
    # There is one part for each result, though lengths found to be equal may have two names.
    kind = None if op.fn == "part" else op.target.type
    return op.fn, args, tuple(sorted(op.kwargs, key=lambda item: item[0])), kind


def _rank(arg: Arg) -> tuple[int, str]:
    return (arg.uid, "") if isinstance(arg, Var) else (0, repr(arg))
