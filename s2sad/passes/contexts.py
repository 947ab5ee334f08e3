"""Contexts that have to do with warnings only, left out where nothing warns.

    with np.errstate(divide="ignore"):
        y = 1.0 / x                            ⇒      y = 1.0 / x
    return y                                          return y

>>> from s2sad.trace.ir import UNDEF, Leaf, Return
>>> from s2sad.trace.types import FLOAT, Opaque
>>> c, x, y, z = Var(Opaque("object")), Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT, "z")
>>> made = Op(c, "new", (), (("class", Ref("np.errstate")), ("divide", Lit("ignore"))))
>>> inside = Block((Op(y, "/", (Lit(1.0), x)),), Yield((y,)))
>>> quiet = If(Lit(True), inside, Block((), Yield((UNDEF,))), (z,), guard=With(c))
>>> print(without_quiet(Trace("f", (), (x,), Block((made, quiet), Return((z,))), Leaf(0))))
f() -> #0
  %y:float = 1.0 / %x
  return %y
"""

from __future__ import annotations

from collections.abc import Callable

from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, If, Lit, Op, Ref, Stmt, Trace, Var, With, Yield
from s2sad.trace.walk import blocks_of, map_end, map_own, statements, uses, with_blocks

Entered = dict[Var, Op]


def without_quiet(trace: Trace) -> Trace:
    """The trace without contexts of `np.errstate` in which nothing is to be raised, here and in the traces called."""
    return everywhere(trace, lambda body: _Leaving(body, lambda made: made is not None and _is_quiet(made)).block(body))


def without_acting(body: Block) -> Block:
    """A block without the contexts that do more than change how warnings are treated; files stay open."""
    return _Leaving(body, lambda made: acts_on_entry(made) and not (
        made is not None and made.kwarg("class") == Ref("open"))).block(body)


def acts_on_entry(made: Op | None) -> bool:
    """Whether it is more to enter the context that an operation makes than what is done inside."""
    return made is None or made.kwarg("class") != Ref("np.errstate")


def managers(body: Block) -> Entered:
    """The operations that make what blocks are run in."""
    made = {s.target: s for s in statements(body) if isinstance(s, Op) and s.target is not None}
    return {v: made[v] for s in statements(body) if isinstance(s, If) and isinstance(s.guard, With)
            and isinstance(v := s.guard.context, Var) and v in made}


def _is_quiet(op: Op) -> bool:
    modes = [v.value for k, v in op.kwargs if k != "class" and isinstance(v, Lit)]
    return (op.fn == "new" and op.kwarg("class") == Ref("np.errstate") and len(modes) == len(op.kwargs) - 1
            and all(mode in ("ignore", "warn", "print") for mode in modes))


class _Leaving:
    def __init__(self, body: Block, leave: Callable[[Op | None], bool]) -> None:
        self.made, self.leave, self.read = managers(body), leave, uses(body)
        self.value: dict[Var, Arg] = {}

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            s = map_own(s, lambda v: self.value.get(v, v))
            if isinstance(s, Op) and s.target in self.made and self.leave(s):
                continue
            s = with_blocks(s, tuple(map(self.block, blocks_of(s))))
            goes = isinstance(s, If) and isinstance(s.guard, With) and self._goes(s.guard)
            if isinstance(s, If) and goes and isinstance(s.then.end, Yield):
                out += s.then.stmts
                self.value.update(zip(s.results, s.then.end.values))
            else:
                out.append(s)
        return Block(tuple(out), map_end(block.end, lambda v: self.value.get(v, v)))

    def _goes(self, guard: With) -> bool:
        made = self.made.get(guard.context) if isinstance(guard.context, Var) else None
        return self.leave(made) and (guard.target is None or not self.read[guard.target])
