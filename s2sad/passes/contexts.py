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

from s2sad.trace.ends import everywhere
from s2sad.trace.ir import Arg, Block, If, Lit, Op, Ref, Stmt, Trace, Var, With, Yield
from s2sad.trace.walk import blocks_of, map_end, map_own, statements, with_blocks


def without_quiet(trace: Trace) -> Trace:
    """The trace without contexts of `np.errstate` in which nothing is to be raised, here and in the traces called."""
    return everywhere(trace, lambda body: _Leaving(body).block(body))


def _is_quiet(op: Op) -> bool:
    modes = [v.value for k, v in op.kwargs if k != "class" and isinstance(v, Lit)]
    return (op.fn == "new" and op.kwarg("class") == Ref("np.errstate") and len(modes) == len(op.kwargs) - 1
            and all(mode in ("ignore", "warn", "print") for mode in modes))


class _Leaving:
    def __init__(self, body: Block) -> None:
        self.quiet = {s.target for s in statements(body) if isinstance(s, Op) and _is_quiet(s)}
        self.value: dict[Var, Arg] = {}

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            s = map_own(s, lambda v: self.value.get(v, v))
            if isinstance(s, Op) and s.target in self.quiet:
                continue
            s = with_blocks(s, tuple(map(self.block, blocks_of(s))))
            leaves = isinstance(s, If) and isinstance(s.guard, With) and s.guard.context in self.quiet
            if isinstance(s, If) and leaves and isinstance(s.then.end, Yield):
                out += s.then.stmts
                self.value.update(zip(s.results, s.then.end.values))
            else:
                out.append(s)
        return Block(tuple(out), map_end(block.end, lambda v: self.value.get(v, v)))
