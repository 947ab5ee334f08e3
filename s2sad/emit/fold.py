"""Folding: which results are written where they are used instead of getting a line of their own.

A result is folded into the one place that reads it, within the same block, if it has no name of its own (or, in
derivative code, the name of what it is folded into: ``x_bar = x_bar_1 + c`` after ``x_bar_1 = a + b``), if nothing it
must not move past lies in between, and if the line stays short.  Values may move past anything but effects, and a value
that reads an array not past an in-place update of memory it may share.

Branches with one result whose two sides fold completely become ``a if c else b``, ``a and b``, ``a or b``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from s2sad.emit.forms import Form, loop_forms
from s2sad.passes.alias import UPDATES, Aliases, shares
from s2sad.passes.effects import is_pure
from s2sad.rules.table import flagged
from s2sad.trace.ir import (
    Arg,
    Block,
    Call,
    For,
    If,
    Lambda,
    Lit,
    Op,
    Ref,
    Return,
    Slc,
    Stmt,
    Trace,
    Tup,
    Var,
    While,
    Yield,
)
from s2sad.trace.types import TEXT, List
from s2sad.trace.walk import arg_vars, domain_args, end_args, is_fixed_element, own_args, statements, uses

Choice = Literal["if", "and", "or"]
WIDTH = 96
CHOICE_WIDTH = 64
DEPTH = 40


@dataclass
class Folding:
    """What is folded: results ``inline`` at their use, branches that are expressions, loop headers over arrays."""

    inline: dict[Var, Op | If] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)
    forms: Mapping[int, Form] = field(default_factory=dict)
    dropped: set[Var] = field(default_factory=set)
    uses: Counter[Var] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Value:
    """An expression that may still be folded: its width, height and what it must not move past."""

    stmt: Op | If
    width: int
    depth: int
    buffers: tuple[tuple[Var, int], ...]


@dataclass(frozen=True)
class _Taken:
    """What folding the operands of one statement came to."""

    width: int
    depth: int
    buffers: tuple[tuple[Var, int], ...]


def fold(trace: Trace, level: str) -> Folding:
    """Decide for a whole function: at the level ``trace`` nothing is folded, at ``table`` nothing that has a name."""
    count = uses(trace.body)
    if level == "trace":
        return Folding(uses=count)
    forms, dropped = loop_forms(trace.body, count)
    aliases = Aliases(trace.body)
    folder = _Folder(Folding(forms=forms, dropped=dropped, uses=count), aliases, repeated(trace, count),
                     level == "table")
    folder.result.inline.update(elements(trace, count, aliases))
    folder.block(trace.body, (), 1)
    return folder.result


def elements(trace: Trace, count: Counter[Var], aliases: Aliases) -> dict[Var, Op]:
    """Elements of arguments at literal places, ``x[0]``, which are written out wherever they are read.

    The argument is there in every block and keeps its value: where nothing updates it in place or takes its name.
    """
    ops = [s for s in statements(trace.body) if isinstance(s, Op)]
    changed = {aliases.find(s.target) for s in ops if s.fn in UPDATES and s.target is not None}
    copied = {a for s in ops if s.fn == "copy" for a in s.args}
    params = {p for p in trace.params if aliases.find(p) not in changed and p not in copied}
    return {s.target: s for s in ops if s.target is not None and unnamed(s.target) and is_fixed_element(s)
            and s.args[0] in params and 1 < count[s.target] <= 4}


def repeated(trace: Trace, count: Counter[Var]) -> set[Var]:
    """What is written twice rather than given a line: in a tangent, ``1.0 - p`` read by primal and tangent."""
    ops = [s for s in statements(trace.body) if isinstance(s, Op)]
    sweeps = {s.sweep for s in ops}
    if "tangent" not in sweeps or "adjoint" in sweeps or any(s.fn in UPDATES for s in ops):
        return set()
    return {s.target for s in ops if s.target is not None and s.sweep == "primal" and s.fn in ("+", "-")
            and unnamed(s.target) and count[s.target] == 2 and sum(isinstance(a, Lit) for a in s.args) == 1}


def is_effect(op: Op) -> bool:
    """Whether an operation is more than its value: nothing may move past it."""
    return op.target is None or not is_pure(op.fn)


def unnamed(v: Var) -> bool:
    """Whether the user (or a pass) gave no name to the variable; ``#12_bar`` is the adjoint of such a one."""
    return not v.hint or v.hint.startswith("#")


class _Folder:
    def __init__(self, result: Folding, aliases: Aliases, twice: set[Var], named_stay: bool) -> None:
        self.result, self.aliases, self.twice, self.named_stay = result, aliases, twice, named_stay
        self.pending: dict[Var, _Value] = {}
        self.updates: Counter[Var] = Counter()

    def block(self, block: Block, receivers: tuple[Var, ...], indent: int) -> bool:
        """Fold a block whose end hands its values to ``receivers``; whether all its statements were folded away."""
        outer, self.pending = self.pending, {}
        for k, stmt in enumerate(block.stmts):
            if isinstance(stmt, Op):
                self.op(stmt, indent)
            elif isinstance(stmt, Call):
                self.call(stmt, indent)
            else:
                self.compound(stmt, receivers, indent, k == len(block.stmts) - 1 and block.end is None)
        end = block.end
        if isinstance(end, Return):
            # A result is computed in the forward sweep where the reverse sweep takes old values of what it depends on
            # off their tapes: the names are theirs then.
            restored = {i.hint for s in block.stmts if isinstance(s, For) and s.sweep == "adjoint" for i in s.items}
            if restored:
                self.pending = {v: value for v, value in self.pending.items()
                                if value.stmt.sweep != "primal" or not restored & self.names(value.stmt)}
            self.take(end.values, None, WIDTH - 4 * indent - 8)
        else:
            for value, receiver in zip(end_args(end), [*receivers, *[None] * len(end_args(end))]):
                self.take((value,), None, WIDTH - 4 * indent - _name_width(receiver) - 3)
        self.pending = outer
        inline = self.result.inline
        return isinstance(end, Yield) and all(
            isinstance(s, (Op, If)) and len(t := _targets(s)) == 1 and t[0] in inline for s in block.stmts)

    def names(self, stmt: Op | If) -> set[str]:
        """The names of the user's that a folded expression reads."""
        inner = [stmt.cond, *(a for b in (stmt.then, stmt.orelse) for a in end_args(b.end))] if isinstance(
            stmt, If) else own_args(stmt)
        found: set[str] = set()
        for v in [v for a in inner for v in arg_vars(a)]:
            folded = self.result.inline.get(v)
            found |= {v.hint} if folded is None else self.names(folded)
        return found

    def op(self, op: Op, indent: int) -> None:
        if op.target is not None and (op.target in self.result.dropped or op.target in self.result.inline):
            return
        args = printed_args(op)
        if op.fn in UPDATES:
            # What is updated in place needs a name.
            args = (*op.args[1:], op.kwarg("index"), *arg_vars(op.kwarg("view")))
        taken = self.take(args, op.target, WIDTH - 4 * indent - _name_width(op.target) - 3, _overhead(op),
                          op.sweep)
        if op.fn in UPDATES:
            assert op.target is not None
            self.updates[self.aliases.find(op.target)] += 1
        elif is_effect(op):
            self.pending.clear()
        elif op.fn == "part" and op.args[0] not in self.result.inline:
            pass  # One of several names on the left of the operation that makes it.
        elif op.target is not None:
            self.pending[op.target] = _Value(op, taken.width, taken.depth, taken.buffers)

    def call(self, stmt: Call, indent: int) -> None:
        """Calls stay on lines of their own and in order: the callee may raise the user's exceptions."""
        self.take(stmt.args, None, WIDTH - 4 * indent - 20, len(stmt.callee) + 2)
        self.pending.clear()

    def compound(self, stmt: If | For | While, receivers: tuple[Var, ...], indent: int, tail: bool) -> None:
        if isinstance(stmt, If):
            self.branch(stmt, receivers, indent, tail)
            return
        if isinstance(stmt, For) and not self.over_list(stmt):
            self.take(domain_args(stmt), None, WIDTH - 4 * indent - 20)
        for init, param in zip(stmt.inits, stmt.params):
            self.take((init,), param, WIDTH - 4 * indent - _name_width(param) - 3)
        # Only what the function returns may wait for the end of the reverse sweep: it has no effects.
        self.pending = {v: value for v, value in self.pending.items()
                        if stmt.sweep == "adjoint" and value.stmt.sweep == "primal"}
        if isinstance(stmt, While):
            self.block(stmt.test, (), indent + 1)
        self.block(stmt.body, stmt.params, indent + 1)

    def over_list(self, loop: For) -> bool:
        """Whether a loop runs over a list, whose length counts where the loop begins, and is not written there."""
        form = self.result.forms.get(loop.key)
        return form is not None and any(isinstance(a, Var) and isinstance(a.type, List) for a in form.arrays)

    def branch(self, stmt: If, receivers: tuple[Var, ...], indent: int, tail: bool) -> None:
        inner = receivers if tail else stmt.results
        before = Counter(self.updates)
        whole = [self.block(b, inner, indent + 1) for b in (stmt.then, stmt.orelse)]
        if stmt.guard is not None:
            self.take(own_args(stmt), None, WIDTH - 4 * indent - 4)
            self.pending.clear()
            return
        asked = self.pending.get(stmt.cond) if isinstance(stmt.cond, Var) else None
        by_class = asked is not None and isinstance(asked.stmt, Op) and asked.stmt.fn == "caught"
        kind = self.choice(stmt) if all(whole) and not tail and not by_class else None
        if kind is None:
            # The condition is computed before what the branches update.
            after, self.updates = self.updates, before
            self.take((stmt.cond,), None, WIDTH - 4 * indent - 4)
            self.updates = after
            self.pending.clear()
            return
        if kind != "if":
            assert isinstance(stmt.cond, Var)
            self.result.uses[stmt.cond] -= 1
        self.result.choices[stmt.key] = kind
        result = stmt.results[0]
        taken = self.take((stmt.cond,), result, WIDTH - 4 * indent, self.sides(stmt) + 10, stmt.sweep)
        read = {v for b in (stmt.then, stmt.orelse) for v in uses(b)}
        buffers = taken.buffers + self.buffers(read)
        self.pending[result] = _Value(stmt, taken.width, taken.depth + 2, buffers)

    def choice(self, stmt: If) -> Choice | None:
        """How a branch whose sides fold completely is written as an expression, if it is."""
        then, orelse = stmt.then.end, stmt.orelse.end
        assert isinstance(then, Yield) and isinstance(orelse, Yield)
        if len(stmt.results) != 1 or not all(isinstance(a, (Var, Lit)) for a in (*then.values, *orelse.values)):
            return None
        if self.sides(stmt) > CHOICE_WIDTH:
            return None
        result = stmt.results[0]
        word = stmt.site.text.partition(" ")[0]
        if not unnamed(result) and (stmt.sweep != "primal" or word in ("if", "elif", "else:", "")):
            return None
        if isinstance(stmt.cond, Var):
            if orelse.values[0] is stmt.cond:
                return "and"
            if then.values[0] is stmt.cond:
                return "or"
        return "if"

    def sides(self, stmt: If) -> int:
        return sum(self.width(a) for b in (stmt.then, stmt.orelse) for a in end_args(b.end))

    def take(self, args: Iterable[Arg], into: Var | None, budget: int, width: int = 0,
             sweep: str = "primal") -> _Taken:
        """Fold what can be folded of a statement's operands."""
        operands = list(args)
        width += sum(map(self.width, operands))
        depth = 1
        buffers: list[tuple[Var, int]] = []
        for v in [v for a in operands for v in arg_vars(a)]:
            value = self.pending.get(v)
            if value is None or not self.may_fold(v, value, into) or value.depth >= DEPTH:
                buffers += self.buffers((v,))
                continue
            grown = width + value.width - _name_width(v)
            if grown > budget and v.type != TEXT:
                buffers += self.buffers((v,))
                continue
            width, depth = grown, max(depth, value.depth + 1)
            buffers += value.buffers
            self.result.inline[v] = value.stmt
            if v not in self.twice:
                del self.pending[v]
        return _Taken(width, depth, tuple(dict.fromkeys(buffers)))

    def may_fold(self, v: Var, value: _Value, into: Var | None) -> bool:
        if self.result.uses[v] != 1 and v not in self.twice:
            return False
        if not unnamed(v) and (self.named_stay or value.stmt.sweep == "primal" or into is None or into.hint != v.hint):
            return False
        return all(self.updates[buffer] == version for buffer, version in value.buffers)

    def buffers(self, vs: Iterable[Var]) -> tuple[tuple[Var, int], ...]:
        """The memory that variables may lie in, with the number of updates it has seen."""
        roots = dict.fromkeys(self.aliases.find(v) for v in vs if shares(v.type))
        return tuple((root, self.updates[root]) for root in roots)

    def width(self, a: Arg) -> int:
        """About how long an operand is in print."""
        if isinstance(a, Var):
            stmt = self.result.inline.get(a)
            if stmt is None:
                return _name_width(a)
            if isinstance(stmt, Op):
                return _overhead(stmt) + sum(map(self.width, printed_args(stmt)))
            return self.width(stmt.cond) + self.sides(stmt) + 10
        if isinstance(a, Lit):
            return len(repr(a.value)) if a.value is not Ellipsis else 3
        if isinstance(a, Tup):
            return 2 + sum(self.width(i) + 2 for i in a.items)
        if isinstance(a, Slc):
            return 1 + sum(self.width(p) for p in (a.lo, a.hi, a.step) if p != Lit(None))
        if isinstance(a, Lambda):
            return len(a.callee) + 14 + 3 * a.count + sum(self.width(i) + 2 for i in a.args)
        return len(a.name) if isinstance(a, Ref) else 4


# Operations whose printed form has little to do with their name: the characters of ``np.broadcast_to(, .shape)``.
_PRINTED = {"expand": 25, "zeros_like": 15, "shape": 8, "size": 5, "ndim": 5, "cast": 18, "copy": 7, "minlen": 17,
            "select": 10, "np.concatenate": 18, "np.stack": 12}


def printed_args(op: Op) -> tuple[Arg, ...]:
    """The operands that stand in the text: of operations on objects of SciPy not what tells about their derivatives."""
    return op.args if flagged(op.fn, "objects") else own_args(op)


def _targets(stmt: Stmt) -> tuple[Var, ...]:
    if isinstance(stmt, Op):
        return (stmt.target,) if stmt.target is not None else ()
    return stmt.results if isinstance(stmt, If) else ()


def _name_width(v: Var | None) -> int:
    return 0 if v is None else len(v.hint) if not unnamed(v) else 3


def _overhead(op: Op) -> int:
    """The characters of an operation besides its operands."""
    if not (op.fn[0].isalpha()):
        return len(op.fn) + 2
    if op.fn in ("getitem", "unpack", "part", "neg"):
        return 2
    if op.fn in UPDATES:
        view = op.kwarg("view")
        return 6 + 10 * (len(view.items) if isinstance(view, Tup) else 0)
    if op.fn in _PRINTED:
        return _PRINTED[op.fn]
    if flagged(op.fn, "objects"):
        return 3
    names = sum(len(k) + 1 for k, _ in op.kwargs)
    fn = op.fn if op.style == "call" else op.fn.rpartition(".")[2]
    return len(fn) + 2 + 2 * max(0, len(op.args) + len(op.kwargs) - 1) + names

