"""Stores: what a derivative writes to one place of a buffer, written once.

    a1 = setitem(a, 0.0, i)                          b = scatter_add(a1, w, j); …
    b = scatter_add(a1, w, j)               ⇒
    c = scatter_add(b, v, i)                         (where v is a[i])

    a1 = setitem(a, 0.0, i)                 ⇒        b = setitem(a, v, i)
    b = scatter_add(a1, v, i)

    b = scatter_add(a, v, i)                ⇒        c = scatter_add(a, 2.0 * v, i)
    c = scatter_add(b, v, i)

    b = scatter_add(a, zeros_like(x), i)    ⇒        b = a

The adjoint of a place that is overwritten is set to zero and may get a contribution at once.  Between the two there
are only other contributions to the buffer, which may be added in any order.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT, INT, Array, Dim
>>> vector = Array("f8", (Dim.symbol("n"),))
>>> a, a1, b, i, v = Var(vector, "a"), Var(vector), Var(vector, "b"), Var(INT, "i"), Var(FLOAT, "v")
>>> zero = Op(a1, "setitem", (a, Lit(0.0)), (("index", i),), sweep="adjoint")
>>> add = Op(b, "scatter_add", (a1, v), (("index", i),), sweep="adjoint")
>>> print(join_stores(Trace("f", (), (a, i, v), Block((zero, add), Return((b,))), Leaf(0))))
f() -> #0
  %b:f8[n] = setitem(%a, %v, index=%i)  ; adjoint
  return %b
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from s2sad.rules.places import Step, steps_of, whole
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Arg, Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import kind_of
from s2sad.trace.walk import blocks_of, may_repeat, own_vars, statements, substitute, targets_of, uses, with_blocks


def join_stores(trace: Trace) -> Trace:
    """Drop stores of zeros that are added to at once, here and in the traces called."""
    return everywhere(trace, _joined)


def reads_place(a: Arg, base: Arg, index: Arg, view: Arg, ops: Mapping[Var, object]) -> bool:
    """Whether an operand is what a place of ``base`` holds, read from it by the operations ``ops``."""
    steps: list[Step] = []
    while isinstance(a, Var) and a is not base:
        read = ops.get(a)
        if not isinstance(read, Op) or len(read.args) != 1:
            return False
        steps.insert(0, (read.fn, dict(read.kwargs)))
        a = read.args[0]
    place = steps_of(view)
    if not whole(index):
        place = [*place, ("getitem", {"index": index})]
    return a is base and list(map(_given, steps)) == list(map(_given, place))


def _given(step: Step) -> Step:
    return step[0], {k: v for k, v in step[1].items() if v != NONE}


def _joined(body: Block) -> Block:
    count = uses(body)
    ops = {s.target: s for s in statements(body) if isinstance(s, Op) and s.target is not None}
    renamed: dict[Var, Arg] = {}

    def go(block: Block) -> Block:
        stmts: list[Stmt | None] = [s if isinstance(s, Op) else with_blocks(s, tuple(map(go, blocks_of(s))))
                                    for s in block.stmts]
        readers = {v: k for k, s in enumerate(stmts) if isinstance(s, Op) for v in own_vars(s)}
        made = {v: k for k, s in enumerate(block.stmts) for v in targets_of(s)}
        for k, s in enumerate(stmts):
            if isinstance(s, Op) and s.fn == "setitem" and s.sweep != "primal" and s.args[1] in (Lit(0.0), Lit(0)):
                _join(s, k, stmts, readers, made)
            elif isinstance(s, Op) and s.fn == "scatter_add" and s.sweep != "primal":
                if isinstance(s.args[1], Var) and s.target is not None and (
                        made_by := ops.get(s.args[1])) is not None and made_by.fn == "zeros_like":
                    stmts[k], renamed[s.target] = None, s.args[0]
                else:
                    _double(s, k, stmts, readers)
        return Block(tuple(s for s in stmts if s is not None), block.end)

    def _double(add: Op, k: int, stmts: list[Stmt | None], readers: dict[Var, int]) -> None:
        at = readers.get(add.target) if add.target is not None and count[add.target] == 1 else None
        again, v = stmts[at] if at is not None else None, add.args[1]
        if at is None or not isinstance(again, Op) or not isinstance(v, Var) or kind_of(v.type) != "float":
            return
        if again.fn == "scatter_add" and again.args == (add.target, v) and again.kwargs == add.kwargs:
            twice = Var(v.type)
            stmts[k] = replace(add, target=twice, fn="*", args=(Lit(2.0), v), kwargs=())
            stmts[at] = replace(again, args=(add.args[0], twice))

    def _join(zero: Op, k: int, stmts: list[Stmt | None], readers: dict[Var, int], made: dict[Var, int]) -> None:
        index, view = zero.kwarg("index"), zero.kwarg("view")
        now, near = zero.target, True
        while now is not None and count[now] == 1 and now in readers and not may_repeat(index):
            at = readers[now]
            add = stmts[at]
            if not isinstance(add, Op) or add.fn != "scatter_add" or add.args[0] is not now or add.sweep == "primal":
                return
            assert zero.target is not None and add.target is not None
            if (add.kwarg("index"), add.kwarg("view")) == (index, view):
                v = add.args[1]
                if reads_place(v, zero.args[0], index, view, ops):
                    stmts[k] = stmts[at] = None
                    renamed[zero.target] = zero.args[0]
                    renamed[add.target] = now if now is not zero.target else zero.args[0]
                elif near:
                    stmts[k], stmts[at] = None, replace(zero, target=add.target, args=(zero.args[0], v))
                elif not isinstance(v, Var) or made.get(v, -1) < k:
                    stmts[k], stmts[at] = replace(zero, args=(zero.args[0], v)), None
                    renamed[add.target] = now
                return
            now, near = add.target, False

    new = go(body)
    for v, a in renamed.items():
        while isinstance(a, Var) and a in renamed:
            a = renamed[a]
        renamed[v] = a
    return substitute(new, renamed)
