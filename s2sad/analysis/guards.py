"""Values that `np.where` may discard.

The elements that ``np.where(c, x, y)`` discards get a cotangent of exactly zero.  Upstream the chain rule multiplies
that zero with partials, and makes nan of it where one is infinite or nan: those of ``np.log(x)`` at 0, of an
overflown ``np.exp(x)``.  `guarded` finds the operations where that can happen, with the condition that says which
elements are kept, so that the adjoint is written ``np.where(c, bar / x, 0.0)``.  The condition, unlike a test for
``bar == 0``, also keeps the derivative of this text right where a cotangent happens to be zero.

Reductions with a mask discard elements, too.

An operation is guarded if its result reaches a discarding operand and its partials may be infinite or nan for finite
operands, or it has an operand that may be so itself.  Sums and products of finite operands are taken to be finite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from s2sad.analysis.activity import passes_derivatives
from s2sad.analysis.flows import handed_on
from s2sad.rules.static import type_of
from s2sad.rules.table import Guard, find
from s2sad.trace.ir import Arg, Block, Call, Lit, Op, Return, Trace, Var
from s2sad.trace.types import is_differentiable, kind_of, rank, same_dims
from s2sad.trace.walk import arg_vars, blocks, statements

_CHOICES = ("np.where", "select")
# Functions whose values and partials are finite wherever their operands are.
_FINITE = frozenset("""+ - * neg pos abs sum float copy cast expand zeros_like getitem np.add np.subtract
    np.multiply np.negative np.positive np.abs np.fabs np.square np.sin np.cos np.tanh np.arctan np.arcsinh np.sinc
    np.hypot np.logaddexp np.logaddexp2 np.maximum np.minimum np.fmax np.fmin np.where select np.clip np.copysign
    np.heaviside np.deg2rad np.rad2deg np.radians np.degrees np.float64 np.float32 np.nan_to_num math.sin math.cos
    math.tanh math.atan math.asinh math.fabs math.hypot math.fsum math.prod math.copysign math.degrees math.radians
    math.erf math.erfc""".split())
# Those of them that have poles, or infinite slopes, off the real axis.
_POLES_BESIDE = frozenset(("np.arctan", "np.arcsinh", "np.tanh"))
_DOUBTS = ("np.isnan", "np.isinf", "np.isfinite", "np.nan_to_num", "math.isnan", "math.isinf", "math.isfinite")


def guarded(trace: Trace, program: Iterable[Trace] = ()) -> dict[Var, Guard]:
    """The results of operations whose adjoints need a guard, each with the conditions under which it is kept.

    No conditions: they are not known.  ``program`` are all traces that may call this one.
    """
    program = tuple(program)
    if not any(_has_choice(t) for t in (trace, *program)):
        return {}
    return _Guards(trace, trace.name in _discarded(program)).guards()


def _has_choice(trace: Trace) -> bool:
    return any(isinstance(s, Op) and any(_discards(s, k) for k in range(len(s.args))) for s in statements(trace.body))


@lru_cache(maxsize=64)
def _discarded(program: tuple[Trace, ...]) -> frozenset[str]:
    """The names of the traces a result of which some caller may discard."""
    found: frozenset[str] = frozenset()
    while True:
        more = set(found)
        for t in program:
            reached = _Guards(t, t.name in found).reached
            more |= {s.callee for s in statements(t.body) if isinstance(s, Call) and not reached.isdisjoint(s.targets)}
        if more == found:
            return found
        found = frozenset(more)


def _discards(op: Op, k: int) -> bool:
    """Whether an operation may discard elements of its k-th operand."""
    if op.fn in _CHOICES:
        return k > 0
    index = op.kwarg("index")
    if k == 0 and (op.fn.startswith("np.nan") or _mask(op) is not None):
        return True
    return op.fn == "getitem" and isinstance(index, Var) and (
        kind_of(index.type) == "bool" and rank(index.type) != 0)


def _mask(op: Op) -> Var | None:
    """What says which elements a reduction takes."""
    mask = op.kwarg("where")
    return mask if isinstance(mask, Var) else None


class _Guards:
    """What reaches a discarding operand in one trace; `called` says that a caller may discard its results."""

    def __init__(self, trace: Trace, called: bool) -> None:
        self.uses: dict[Var, list[tuple[Op | None, int, Var]]] = {}
        self.sources: dict[Var, list[Var]] = {}
        self.home: dict[Var, int] = {}
        self.ops: list[Op] = []
        self.doubted: set[Var] = set(trace.params) if called else set()
        start: list[Var] = []
        self.returned: set[Var] = set()
        self.walk(trace.body)
        if called:
            start += self.returned
        start += [v for v, uses in self.uses.items() if any(op is not None and _discards(op, k) for op, k, _ in uses)]
        self.reached = closure(start, self.sources)
        self.memo: dict[Var, Guard] = {}

    def use(self, arg: Arg, target: Var, op: Op | None = None, k: int = 0) -> None:
        for v in arg_vars(arg):
            if is_differentiable(v.type) and is_differentiable(target.type):
                self.uses.setdefault(v, []).append((op, k, target))
                self.sources.setdefault(target, []).append(v)

    def walk(self, body: Block) -> None:
        for value, target in handed_on(body):
            self.use(value, target)
        for block in blocks(body):
            for s in block.stmts:
                if isinstance(s, Op):
                    self.op(s, id(block))
                elif isinstance(s, Call):
                    for arg in s.args:
                        for t in s.targets:
                            self.use(arg, t)
            if isinstance(block.end, Return):
                self.returned.update(v for value in block.end.values for v in arg_vars(value))

    def op(self, s: Op, home: int) -> None:
        if s.fn in _DOUBTS or s.fn == "!=" and s.args[0] == s.args[1]:
            self.doubted.update(v for a in s.args for v in arg_vars(a))
        if s.target is not None and passes_derivatives(s):
            self.ops.append(s)
            self.home[s.target] = home
            for k, arg in enumerate(s.args):
                self.use(arg, s.target, s, k)

    def guards(self) -> dict[Var, Guard]:
        forward: dict[Var, list[Var]] = {v: [t for _, _, t in uses] for v, uses in self.uses.items()}
        wild = {op.target for op in self.ops if op.target is not None and not stays_finite(op)}
        doubted = closure({*self.doubted, *wild}, forward)
        out: dict[Var, Guard] = {}
        for op in self.ops:
            rule = find(op.fn)
            if op.target in self.reached and rule is not None and rule.elementwise and (
                    not stays_finite(op) or any(v in doubted for a in op.args for v in arg_vars(a))):
                out[op.target] = self.conditions(op.target)
        return out

    def conditions(self, v: Var) -> Guard:
        """The conditions under which elements of ``v`` are used: those of all its uses, if these agree."""
        if v not in self.memo:
            self.memo[v] = ()
            found = {self.of_use(v, op, k, t) for op, k, t in self.uses.get(v, ())}
            self.memo[v] = found.pop() if len(found) == 1 and v not in self.returned else ()
        return self.memo[v]

    def of_use(self, v: Var, op: Op | None, k: int, target: Var) -> Guard:
        rule = find(op.fn) if op is not None else None
        mask = _mask(op) if op is not None and k == 0 and self.home[target] == self.home.get(v) else None
        if mask is not None:
            return () if target in self.reached else ((mask, True),)
        if op is None or rule is None or not rule.elementwise or self.home[target] != self.home.get(v) or (
                same_dims(v.type, target.type) is not True):
            return ()
        outer = self.conditions(target) if target in self.reached else ()
        if op.fn not in _CHOICES or k == 0:
            return outer
        if target in self.reached and not outer:
            return ()
        own = (op.args[0], k == 1)
        return outer if own in outer else (own, *outer)


def stays_finite(op: Op) -> bool:
    """Whether value and partials of an operation are finite wherever its operands are."""
    if op.fn in ("/", "np.divide"):
        return isinstance(op.args[1], Lit) and op.args[1].value != 0
    if op.fn in ("**", "np.power"):
        return isinstance(op.args[1], Lit) and isinstance(op.args[1].value, int) and op.args[1].value >= 0
    rule = find(op.fn)
    if op.fn in _POLES_BESIDE and any(kind_of(type_of(a)) == "complex" for a in op.args):
        return False
    return op.fn in _FINITE or rule is None or not rule.elementwise


def closure(start: Iterable[Var], edges: Mapping[Var, Iterable[Var]]) -> set[Var]:
    """All that can be reached from some variables."""
    seen = set(start)
    todo = list(seen)
    while todo:
        for v in edges.get(todo.pop(), ()):
            if v not in seen:
                seen.add(v)
                todo.append(v)
    return seen
