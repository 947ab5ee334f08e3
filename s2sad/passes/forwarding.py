"""Forwarding: a read of what has just been stored is the value that was stored.

    A = setitem(A, v, i)                   A = setitem(A, v, i)
    t = A[i]                       ⇒
    y = t * x                              y = v * x

Where the reverse sweep restores a buffer and then reads the restored element, it reads what it restored; often nobody
needs the buffer any more.  Stores in between to other places are stepped over.  Only derivative code is changed.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT, INT, Dim
>>> n = Dim.symbol("n")
>>> a, b = Var(Array("f8", (n,)), "A"), Var(Array("f8", (n,)), "A")
>>> v, i, t, y = Var(FLOAT, "v"), Var(INT, "i"), Var(Array("f8", ())), Var(Array("f8", ()), "y")
>>> store = Op(b, "setitem", (a, v), (("index", i),), sweep="adjoint")
>>> read = Op(t, "getitem", (b,), (("index", i),), sweep="adjoint")
>>> body = Block((store, read, Op(y, "*", (t, t), sweep="adjoint")), Return((y,)))
>>> print(forward_stores(Trace("f", (), (a, v, i), body, Leaf(0))))
f() -> #0
  %A_1:f8[n] = setitem(%A, %v, index=%i)  ; adjoint
  %y:f8[] = %v * %v  ; adjoint
  return %y
"""

from __future__ import annotations

from s2sad.rules.places import STORES
from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Arg, Block, Lit, Op, Slc, Stmt, Trace, Tup, Var
from s2sad.trace.types import Array, dims_of, dtype_of, interchangeable, rank
from s2sad.trace.walk import blocks_of, map_end, map_own, may_repeat, statements, with_blocks


def forward_stores(trace: Trace) -> Trace:
    """Replace reads of stored places by what was stored, here and in the traces called."""
    return everywhere(trace, lambda body: Forwarding(body).block(body))


class Forwarding:
    """Finds what stores have put where reads look."""

    def __init__(self, body: Block) -> None:
        self.stores = {s.target: s for s in statements(body) if isinstance(s, Op) and s.target is not None
                       and s.fn in STORES}
        self.known: dict[Var, Arg] = {}

    def value(self, v: Var) -> Arg:
        return self.known.get(v, v)

    def block(self, block: Block) -> Block:
        if not self.stores:
            return block
        out: list[Stmt] = []
        for s in block.stmts:
            s = map_own(s, self.value)
            if isinstance(s, Op) and s.fn == "getitem" and s.sweep == "adjoint" and s.target is not None:
                stored = self.stored(s)
                if stored is not None:
                    self.known[s.target] = stored
                    continue
            out.append(with_blocks(s, tuple(map(self.block, blocks_of(s)))))
        return Block(tuple(out), map_end(block.end, self.value))

    def stored(self, read: Op) -> Arg | None:
        """What a read gives, if a store has put it there."""
        index, x = read.kwarg("index"), read.args[0]
        while isinstance(x, Var) and (store := self.stores.get(x)) is not None and store.kwarg("view") == NONE:
            place = map_own(store, self.value)
            assert isinstance(place, Op)
            at = place.kwarg("index")
            if at == index:
                value = self.value(place.args[1]) if isinstance(place.args[1], Var) else place.args[1]
                fits = place.fn == "setitem" and not may_repeat(index) and _fits(value, read)
                return value if fits else None
            if not apart(at, index):
                return None
            x = place.args[0]
        return None


def _fits(value: Arg, read: Op) -> bool:
    """Whether a stored value is what a read of the place gives: no broadcast, no cast."""
    assert read.target is not None
    t, wanted = type_of(value), read.target.type
    if isinstance(value, Lit):
        return rank(wanted) == 0 and dtype_of(wanted) == "f8" and isinstance(value.value, float)
    return interchangeable(t, wanted) or (isinstance(t, Array) and dtype_of(t) == dtype_of(wanted)
                                          and dims_of(t) == dims_of(wanted))


def apart(a: Arg, b: Arg) -> bool:
    """Whether two indices surely name no common element.

    >>> apart(Lit(0), Lit(1)), apart(Lit(0), Lit(-1)), apart(Lit(0), Slc(Lit(1), NONE, NONE))
    (True, False, True)
    """
    xs, ys = (i.items if isinstance(i, Tup) and not i.is_list else (i,) for i in (a, b))
    return not any(i in (Lit(...), NONE) for i in (*xs, *ys)) and any(map(_apart, xs, ys))


def _apart(x: Arg, y: Arg) -> bool:
    if isinstance(x, Slc) and isinstance(y, Lit):
        x, y = y, x
    if not (isinstance(x, Lit) and type(x.value) is int):
        return False
    if isinstance(y, Lit) and type(y.value) is int:
        return x.value != y.value and (x.value < 0) == (y.value < 0)
    if isinstance(y, Slc) and x.value >= 0 and y.step in (NONE, Lit(1)) and isinstance(y.lo, Lit):
        return isinstance(y.lo.value, int) and y.lo.value > x.value
    return False


__all__ = ["apart", "forward_stores"]
