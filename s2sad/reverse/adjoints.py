"""The adjoints of a trace's variables, where the reverse sweep now is, and how they are accumulated.

The first contribution to an adjoint is the adjoint, later ones are added; contributions to elements are scattered:
views of the primal are views of the adjoint, unless their elements share memory.  The adjoint of an array that may have
no value may have no shape either: then its zero is a number, to be expanded where the array has a value.  Of a list it
is None.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from s2sad.analysis.activity import maybe_none, maybe_undefined
from s2sad.passes.alias import is_view
from s2sad.passes.family import Family, bar_name, named, zero
from s2sad.reverse.passing import passing
from s2sad.reverse.restore import Restored
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.infer_index import index_items
from s2sad.rules.places import Step, view_of
from s2sad.rules.table import flagged
from s2sad.trace.ir import NONE, Arg, Block, If, Lit, Op, Slc, Trace, Var, Yield
from s2sad.trace.types import Array, List, Residual, Scalar, Tape, Unknown, is_differentiable, kind_of, rank
from s2sad.trace.walk import own_vars, statements


class Adjoints:
    """`bars` maps each active variable to the adjoint accumulated so far.

    Inside branches and loops it is a copy that the enclosing level never sees.
    """

    def __init__(self, family: Family, trace: Trace, active: Collection[Var], olds: Mapping[Var, Arg]) -> None:
        self.family, self.active = family, active
        self.restored = Restored(trace, olds, maybe_undefined(trace.body))
        self.views = {s.target: s for s in statements(trace.body) if isinstance(s, Op) and s.target is not None
                      and is_view(s)}
        self.missing = maybe_none(trace.body)
        self.bars: dict[Var, Arg] = {}
        self.parts: dict[Var, dict[int, Arg]] = {}
        self.names: dict[Var, str] = {}                     # of adjoints, found out after they were made
        # Adjoints that may be the number zero where an array is meant, or None where a list is.
        self.loose: set[Arg] = set()
        # Intermediate values whose adjoints may keep the shape of the expression that they are part of; those that do.
        self.passing, self.wide = passing(trace), set[Var]()

    def give(self, b: Builder, v: Arg, bar: Arg | None, own: int | None = None) -> None:
        """Add a contribution to the adjoint of ``v``.

        It can be named if it belongs to ``v`` alone: one of the statements made since ``own`` makes it, or an earlier
        one made it as the adjoint of an unnamed value, such as ``sigma2 + epsilon``.
        """
        if bar is None or not isinstance(v, Var) or v not in self.active:
            return
        if kind_of(v.type) == "float" and kind_of(type_of(bar)) == "complex" and not isinstance(v.type, (Tape, List)):
            # A loop or a branch has made a complex number of a real one.
            bar = b.op("np.real", bar)
        old = self.bars.get(v)
        if old is None:
            self.bars[v] = bar if own is None else named(b, bar, bar_name(v), own)
            if own is not None and v.is_named and isinstance(bar, Var) and not bar.is_named:
                self.names.setdefault(bar, bar_name(v))
            if self.family.spelled:
                self.bars[v] = self.spelled(b, v, self.bars[v])
        else:
            fn = "accumulate" if isinstance(v.type, (Tape, List, Residual)) else "+"
            self.bars[v] = b.op(fn, old, bar, type=v.type if fn != "+" else None, hint=bar_name(v))
            if {old, bar} <= self.loose:
                self.loose.add(self.bars[v])

    def spelled(self, b: Builder, v: Var, bar: Arg) -> Arg:
        """The adjoint of ``v`` under its own name: a copy, if it is what an operation hands on."""
        is_named = isinstance(bar, Var) and bar.hint == bar_name(v)
        if is_named or bar in self.loose or v in self.missing or not isinstance(v.type, (Scalar, Array)):
            return bar
        return b.op("copy", bar, type=v.type, hint=bar_name(v))

    def summed(self, b: Builder, made: int, arg: Arg, value: Arg, is_wide: bool) -> Arg:
        """A contribution to the adjoint of ``arg``, summed to its shape only where that is needed.

        Where types leave shapes open, the adjoint of an intermediate value of an elementwise expression may keep the
        shape of the whole expression: the sums wait for the variables the expression is made of.
        """
        last = next((k for k in range(made, len(b.stmts)) if isinstance(s := b.stmts[k], Op) and s.target is value
                     and s.fn == "unbroadcast"), None)
        if last is not None and any(v is value for s in b.stmts[last + 1:] for v in own_vars(s)):
            return value
        if arg in self.passing and isinstance(arg, Var):
            if last is not None:
                dropped = b.stmts.pop(last)
                assert isinstance(dropped, Op)
                value, is_wide = dropped.args[0], True
            if is_wide:
                self.wide.add(arg)
            return value
        return b.op("unbroadcast", value, arg, type=type_of(arg)) if is_wide and last is None else value

    def scatter(self, b: Builder, v: Arg, index: Arg, value: Arg) -> None:
        """Add a contribution to the elements of the adjoint of ``v`` at ``index``."""
        steps: list[Step] = []
        while isinstance(v, Var) and (op := self.views.get(v)) is not None:
            # Views of the primal are views of the adjoint.
            if flagged(op.fn, "overlapping"):
                x = self.restored.present(b, op.args[0])
                if not steps and isinstance(x, Var) and self._of_windows(x, index):
                    given = {k: self.restored.present(b, a) for k, a in op.kwargs}
                    self.give(b, op.args[0], b.op("add_windows", value, type=x.type, **given,  # type: ignore[arg-type]
                                                  shape=b.op("shape", x, axis=NONE), index=index), own=True)
                    return
                break
            steps.insert(0, (op.fn, {k: self.restored.present(b, a) for k, a in op.kwargs}))
            v = op.args[0]
        if isinstance(v, Var) and v in self.active:
            base = self.bars.get(v)
            start = named(b, self.new_zero(b, v), bar_name(v)) if base is None else self.whole(b, v, base)
            options = {"index": index} | ({"view": view_of(steps)} if steps else {})
            self.bars[v] = b.op("scatter_add", start, value, type=v.type, hint=bar_name(v),
                                **options)  # type: ignore[arg-type]

    def _of_windows(self, x: Var, index: Arg) -> bool:
        """Whether an index takes some of the windows over an array, as they are."""
        items = index_items(index)
        return len(items) <= (rank(x.type) or 0) and all(isinstance(i, Slc) for i in items)

    def new_zero(self, b: Builder, v: Var) -> Arg:
        """A zero of the shape of ``v``, which has a value here."""
        if not isinstance(v.type, List):
            return zero(b, self.restored.like(v) or v)
        # Versions of a list differ in length; one that has not been recorded is None.
        like = self.restored.present(b, v)
        return b.op("tape_zeros", like, type=v.type) if v in self.missing else zero(b, like)

    def zero(self, b: Builder, v: Var, before: Mapping[Var, Arg] | None = None) -> Arg:
        """The zero adjoint of ``v``, with the shape of an earlier adjoint if there is one.

        Where ``v`` may have no value there may be no shape to take; its adjoint is then a number until it gets to where
        ``v`` has one, that of a list None.
        """
        like = (before or {}).get(v)
        if like is not None and like not in self.loose:
            return zero(b, like)
        if self.restored.like(v) is not None:
            return self.new_zero(b, v)
        return NONE if isinstance(v.type, List) else Lit(0.0)

    def is_loose(self, v: Var) -> bool:
        """Whether the zero adjoint of ``v`` may be a number, or None."""
        return isinstance(v.type, (Array, Unknown, List)) and rank(v.type) != 0 and self.restored.like(v) is None

    def whole(self, b: Builder, v: Var, bar: Arg) -> Arg:
        """An adjoint that may be a number or None, with the shape of ``v``, which has a value here."""
        if bar not in self.loose:
            return bar
        if not isinstance(v.type, List):
            return b.op("expand", bar, v, type=v.type)
        inner, made = b.fork(), Var(v.type, bar_name(v))
        zeros = inner.block(Yield((self.new_zero(inner, v),)))
        b.add(If(b.op("is", bar, NONE), zeros, Block((), Yield((bar,))), (made,), b.site, b.sweep))
        return made

    def kept_bar(self, b: Builder, v: Var, bar: Var) -> Arg:
        """The adjoint of what a function has kept: None, or some zero, where it has kept None."""
        if v not in self.missing or isinstance(v.type, (Tape, List, Residual)):
            return bar
        made = b.op("accumulate", bar, Lit(0.0), type=v.type)
        if rank(v.type) != 0:
            self.loose.add(made)
        return made

    def take(self, b: Builder, v: Var) -> Arg | None:
        """The finished adjoint of ``v``; None if it is zero."""
        if v in self.parts:
            parts = self.parts.pop(v)
            assert isinstance(v.type, Residual)
            items: list[Arg] = []
            for k, t in enumerate(self.family.residual_types(v.type.callee)):
                if k in parts:
                    items.append(parts[k])
                elif is_differentiable(t):
                    items.append(zero(b, b.op("unpack", v, item=Lit(k), type=t)))
                else:
                    items.append(Lit(None))
            self.give(b, v, b.op("pack", *items, type=v.type))
        bar = self.bars.pop(v, None)
        return bar if bar is None else self.whole(b, v, bar)
