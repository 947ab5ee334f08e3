"""Simplification: algebraic identities, applied to derivative operations.

    v1_bar = -y_bar                        x_bar = d - y_bar * c
    v2 = v1_bar * c                 ⇒
    x_bar = v2 + d

The identities hold in IEEE arithmetic up to rounding and never turn an inf or nan into a number: ``x * 0`` stays.
An identity may look at the operations that compute its operands if no work is done twice by that: they are in the same
block and read here only.  A negation or transposition may always be looked through.  What is no longer read is left to
`dce`.

Each operation is simplified when it is met, until no identity applies: the operands of later ones are simple by then.
The replacement of a variable has the variable's type, or is not made; where no narrow floats occur, a Python float and
a float64 scalar count as the same type.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, y, u, v = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT), Var(FLOAT, "v")
>>> body = Block((Op(u, "neg", (y,), sweep="adjoint"), Op(v, "+", (x, u), sweep="adjoint")), Return((v,)))
>>> print(simplify(Trace("f", (), (x, y), body, Leaf(0))))
f() -> #0
  %v1:float = neg(%y)  ; adjoint
  %v:float = %x - %y  ; adjoint
  return %v
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache

from s2sad.errors import NotApplicable
from s2sad.passes.constants import fold, shown
from s2sad.passes.hints import Heirs
from s2sad.passes.patterns import Binding, match_op
from s2sad.rules.declare import generation
from s2sad.rules.infer import infer
from s2sad.rules.rewrites import Apply, Meta, Pattern, Rewrite, parse_pattern, rewrites_for
from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import Type, interchangeable, rank
from s2sad.trace.walk import blocks_of, has_narrow_floats, map_end, map_own, own_vars, uses, with_blocks

# Besides the identities of the rule table: literals go to the front, sums have no parentheses.
IDENTITIES: tuple[tuple[str, str], ...] = (
    ("c * (x * y)", "c * x * y"), ("x * c", "c * x"),
    ("x + (y + z)", "x + y + z"), ("x + (y - z)", "x + y - z"),
    ("x - (y + z)", "x - y - z"), ("x - (y - z)", "x - y + z"),
)
# What adds elements of its first operand up, if it has no more operands than these.
_SUMS = {"np.sum": 1, "unbroadcast": 2}
_REGROUPING = frozenset(f"{left} -> {right}" for left, right in IDENTITIES[-4:])
# Of matrices: one product instead of two, and no product is transposed.
_MATRICES: tuple[tuple[str, str], ...] = (
    ("np.transpose(x @ np.transpose(y))", "y @ np.transpose(x)"),
    ("np.transpose(np.transpose(x) @ y)", "np.transpose(y) @ x"),
    ("x @ y + x @ z", "x @ (y + z)"), ("y @ x + z @ x", "(y + z) @ x"),
)
_OF_MATRICES = frozenset(f"{left} -> {right}" for left, right in _MATRICES)
# What costs nothing may be looked through wherever it stands.
_FREE = ("neg", "np.transpose")
_LIMIT = 32     # identities a user adds might go round in circles
_DEEPEST = 8   # how far one long sum or product is followed


def simplify(trace: Trace) -> Trace:
    """Apply the identities to derivative operations, here and in the traces called."""
    return everywhere(trace, lambda body: _Simplifying(body).run(body))


@lru_cache(maxsize=4096)
def _candidates(fn: str, kinds: tuple[str, ...], _generation: int) -> tuple[Rewrite, ...]:
    """The identities that may apply to operands of some kinds (`_kind`).

    Those that ask for more literals are more special and come first.
    """
    own = [Rewrite(pattern, parse_pattern(right), f"{left} -> {right}") for left, right in (*IDENTITIES, *_MATRICES)
           if isinstance(pattern := parse_pattern(left), Apply) and pattern.fn == fn]
    fitting = [r for r in (*rewrites_for(fn), *own)
               if len(r.pattern.args) == len(kinds) and all(map(_may_be, r.pattern.args, kinds))]
    return tuple(sorted(fitting, key=lambda rewrite: -_literals(rewrite.pattern)))


def _may_be(pattern: Pattern, kind: str) -> bool:
    """Whether an operand of this kind can fit a pattern."""
    if isinstance(pattern, Apply):
        return kind == pattern.fn
    return kind == "literal" if isinstance(pattern, Lit) or pattern.literal else True


def _literals(pattern: Pattern) -> int:
    if isinstance(pattern, Apply):
        return sum(map(_literals, pattern.args))
    return int(isinstance(pattern, Lit) or pattern.literal)


class _Simplifying:
    def __init__(self, body: Block) -> None:
        self.uses: Counter[Var] = uses(body)
        self.narrow = has_narrow_floats(body)
        self.shown = shown(body)
        self.value: dict[Var, Arg] = {}
        self.defined: dict[Var, tuple[Op, int]] = {}        # derivative operations, with the block they are in
        self.heirs = Heirs()
        self.blocks = 0
        self.here = 0
        self.depth = 0

    def run(self, body: Block) -> Block:
        return self.heirs.settle(self.block(body))

    def _rename(self, v: Var) -> Arg:
        return self.value.get(v, v)

    def block(self, block: Block) -> Block:
        self.blocks += 1
        outer, self.here = self.here, self.blocks
        out: list[Stmt] = []
        for stmt in block.stmts:
            stmt = map_own(stmt, self._rename)
            if not isinstance(stmt, Op):
                out.append(with_blocks(stmt, tuple(map(self.block, blocks_of(stmt)))))
            elif stmt.sweep == "primal" or stmt.target is None:
                if stmt.fn == "np.transpose" and stmt.target is not None:
                    self.defined[stmt.target] = stmt, self.here
                out.append(stmt)
            else:
                self._simplify(stmt, stmt.target, out)
        end = map_end(block.end, self._rename)
        self.here = outer
        return Block(tuple(out), end)

    def _simplify(self, op: Op, target: Var, out: list[Stmt]) -> None:
        for _ in range(_LIMIT if self.depth < _DEEPEST and target not in self.shown else 0):
            new = self._once(op, target, out)
            if isinstance(new, Op):
                self._recount(op, new)
                op = new
            elif new is not None:
                self.value[target] = new
                self.heirs.replaced(target, new, isinstance(new, Var) and new in self.defined)
                self._recount(op, None)
                if isinstance(new, Var):
                    self.uses[new] += self.uses[target]
                return
            else:
                break
        self.defined[target] = op, self.here
        out.append(op)

    def _recount(self, old: Op, new: Op | None) -> None:
        self.uses.subtract(own_vars(old))
        if new is not None:
            self.uses.update(own_vars(new))
        for v in own_vars(old):
            if self.uses[v] <= 0 and v in self.defined:     # dead now: what it read is free for others
                dead, _ = self.defined.pop(v)
                self._recount(dead, None)

    def _look(self, v: Var) -> Op | None:
        op, where = self.defined.get(v, (None, 0))
        if op is None or op.fn in _FREE:
            return op
        return op if where == self.here and self.uses[v] == 1 else None

    def _kind(self, arg: Arg) -> str:
        """What an operand is at a glance: a literal, or the operation that may be looked through."""
        if not isinstance(arg, Var):
            return "literal"
        op = self._look(arg)
        return op.fn if op is not None else ""

    def _once(self, op: Op, target: Var, out: list[Stmt]) -> Op | Arg | None:
        """What replaces an operation: another one, or an operand; None if it is simple."""
        literal = fold(op, self._fits)
        if literal is not None:
            return literal
        if op.fn == "scatter_add" and self._is_zero(op.args[1]) and type_of(op.args[0]) == target.type:
            return op.args[0]
        new = self._without_sign(op, target, out)
        if new is not None or op.kwargs:
            return new
        for rewrite in _candidates(op.fn, tuple(map(self._kind, op.args)), generation()):
            binding: Binding = {}
            if match_op(rewrite.pattern, op, self._look, binding) and self._pays(op, rewrite) and (
                    rewrite.text not in _OF_MATRICES or all(rank(type_of(a)) == 2 for a in binding.values())):
                new = self._build(op, target, rewrite.replacement, binding, out)
                if new is not None:
                    return new
        return None

    def _is_zero(self, arg: Arg) -> bool:
        """Whether an operand is an adjoint to which nothing has been added."""
        op, _ = self.defined.get(arg, (None, 0)) if isinstance(arg, Var) else (None, 0)
        return op is not None and op.fn == "zeros_like"

    def _without_sign(self, op: Op, target: Var, out: list[Stmt]) -> Op | Arg | None:
        """What takes in a sign from inside its operands: a negative, sum or difference; or the negative of a total."""
        pending: list[Op] = []

        def negated(arg: Arg) -> Arg | None:
            return self._negated(arg, target, pending)

        if op.fn == "neg" and (bare := negated(op.args[0])) is not None:
            new: Op | Arg = bare
        elif op.fn in ("+", "-") and (bare := negated(op.args[1])) is not None:
            new = replace(op, fn="-" if op.fn == "+" else "+", args=(op.args[0], bare))
        elif op.fn == "+" and (bare := negated(op.args[0])) is not None:
            new = replace(op, fn="-", args=(op.args[1], bare))
        elif op.fn in _SUMS and isinstance(op.args[0], Var) and self.uses[op.args[0]] == 1 and (
                bare := self._unsigned(op, target, pending)) is not None:
            new = replace(op, fn="neg", args=(bare,), kwargs=(), style="call")
        else:
            return None
        self._add(pending, out)
        return self._renamed(new) if isinstance(new, Op) else self._rename(new) if isinstance(new, Var) else new

    def _negated(self, arg: Arg, heir: Var, pending: list[Op], depth: int = 0) -> Arg | None:
        """What an operand is the negative of, by operations that are pending; None if there is no sign in it.

        No name is lost by it, except that of the variable that is computed: it takes in what it has been so far.
        """
        op = self._look(arg) if isinstance(arg, Var) and depth < _DEEPEST else None
        if op is None or op.target is None:
            return None
        if op.fn == "neg":
            return op.args[0] if type_of(op.args[0]) == type_of(arg) else None
        return None if op.target.is_named and op.target.hint != heir.hint else self._unsigned(op, heir, pending, depth)

    def _unsigned(self, op: Op, heir: Var, pending: list[Op], depth: int = 0) -> Var | None:
        """The negative of a product, quotient or total, if that takes a sign away."""
        assert op.target is not None
        linear = (0, 1) if op.fn in ("*", "/", "@") else (0,) if 0 < len(op.args) <= _SUMS.get(op.fn, 0) else ()
        for k in linear:
            bare = self._negated(op.args[k], heir, pending, depth + 1)
            if bare is not None:
                made = Var(op.target.type)
                pending.append(replace(op, target=made, args=(*op.args[:k], bare, *op.args[k + 1:])))
                return made
        return None

    def _pays(self, op: Op, rewrite: Rewrite) -> bool:
        """Whether the replacement is no more work, and keeps the names there are.

        A sign moves out to its only reader, not to a larger operand; a sum is taken apart if it has no name and no
        fewer axes than the whole.
        """
        new = rewrite.replacement
        if rewrite.text in _REGROUPING and isinstance(op.args[1], Var):
            assert op.target is not None
            return not op.args[1].is_named and rank(op.args[1].type) == rank(op.target.type)
        if not (isinstance(new, Apply) and new.fn == "neg" and op.fn in ("*", "/")):
            return True
        assert op.target is not None
        signs = [a for a in op.args if isinstance(a, Var) and (d := self.defined.get(a)) and d[0].fn == "neg"]
        return not signs or not op.target.is_named and all(
            self.uses[a] == 1 and rank(a.type) == rank(op.target.type) for a in signs)

    def _build(self, op: Op, target: Var, replacement: Pattern, binding: Binding, out: list[Stmt]) -> Op | Arg | None:
        if not isinstance(replacement, Apply):
            value = binding[replacement.name] if isinstance(replacement, Meta) else replacement
            return value if self._fits(type_of(value), target.type) else None
        pending: list[Op] = []
        try:
            args = tuple(self._operand(op, a, binding, pending) for a in replacement.args)
            new = replace(op, fn=replacement.fn, args=args, style="call")
            if fold(new, self._fits) is None and not _same_type(new, op, target):
                return None
        except NotApplicable:
            return None
        self._add(pending, out)
        return self._renamed(new)

    def _add(self, pending: list[Op], out: list[Stmt]) -> None:
        """Make operations that simpler ones read."""
        self.depth += 1
        for op in pending:
            assert op.target is not None
            self.uses.update(own_vars(op))
            self._simplify(self._renamed(op), op.target, out)
        self.depth -= 1

    def _fits(self, new: Type, old: Type) -> bool:
        return new == old or (not self.narrow and interchangeable(new, old))

    def _operand(self, op: Op, pattern: Pattern, binding: Binding, pending: list[Op]) -> Arg:
        if not isinstance(pattern, Apply):
            return binding[pattern.name] if isinstance(pattern, Meta) else pattern
        args = tuple(self._operand(op, a, binding, pending) for a in pattern.args)
        target = Var(infer(pattern.fn, args, {}))
        inner = Op(target, pattern.fn, args, site=op.site, sweep=op.sweep)
        literal = fold(inner, self._fits)
        if literal is not None:
            return literal
        pending.append(inner)
        return target

    def _renamed(self, op: Op) -> Op:
        new = map_own(op, self._rename)
        assert isinstance(new, Op)
        return new


def _same_type(new: Op, old: Op, target: Var) -> bool:
    """Whether the new operation's result may take the place of the old one's.

    The sum of adjoints has the type of the variable they belong to, though NumPy may give its number of the same dtype.
    """
    t = infer(new.fn, new.args, {})
    return t == target.type or rank(t) == 0 == rank(target.type) and t == infer(old.fn, old.args, dict(old.kwargs))
