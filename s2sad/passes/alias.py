"""Which variables may share memory: the classes of an equivalence relation, flow-insensitive.

A view and its base, a buffer before and after `scatter_add`, the values that meet in a loop variable or a branch
result, a tape and its items may share memory; the result of an operation that allocates does not share with its
operands.
"""

from __future__ import annotations

from s2sad.passes.effects import SOLVERS
from s2sad.rules.builder import type_of
from s2sad.rules.infer_index import is_basic
from s2sad.rules.places import STORES
from s2sad.rules.table import find, flagged
from s2sad.trace.ir import Arg, Block, Break, Call, For, If, Lit, Next, Op, Slc, Tup, Var, While, Yield
from s2sad.trace.types import Array, List, Opaque, Scalar, Tuple, Type
from s2sad.trace.walk import arg_vars, has_list, statements

# Operations that the emitter does in place.
LIST_UPDATES = frozenset("list_append list_pop list_set list_insert list_delete list_extend list_cut".split())
UPDATES = LIST_UPDATES.union(STORES)
# Operations that make a list, of items that they are given.
_NEW_LISTS = frozenset("list_of list_concat list_repeat list_fold list_rows list_split list_spread".split())
# Results that may be an operand itself, or hold it, whatever their rule says.
_SHARING = UPDATES | _NEW_LISTS | {"unbroadcast", "cast", "select", "pack", "unpack", "accumulate"}
_VIEWS = frozenset((
    "np.transpose", "np.swapaxes", "np.moveaxis", "np.expand_dims", "np.squeeze", "np.flip", "np.flipud", "np.fliplr",
    "np.atleast_1d", "np.atleast_2d", "np.atleast_3d",
))
_MAYBE_VIEWS = frozenset(("np.reshape", "np.ravel", "flat"))


def is_view(op: Op) -> bool:
    """Whether an operation gives a view of its operand, whatever the operand's layout in memory."""
    fn = op.fn
    if fn == "getitem" and isinstance(op.args[0], Var) and isinstance(op.args[0].type, List):
        return False  # An item is a value: it is put back where it changes.
    views = fn == "getitem" and is_basic(op.kwarg("index")) or fn in _VIEWS or flagged(fn, "sureview")
    # What is made of a number is an array of its own.
    return views and op.target is not None and shares(op.target.type) and shares(type_of(op.args[0]))


def makes_list(op: Op) -> bool:
    """Whether the result is a new list, be its items new or not."""
    return op.fn in _NEW_LISTS or (op.fn == "getitem" and isinstance(op.kwarg("index"), Slc) and op.target is not None
                                   and isinstance(op.target.type, List))


def keeps(op: Op) -> tuple[Arg, ...]:
    """The operands whose memory the result of an operation may be, or hold."""
    if op.fn in (*STORES, "getitem", "expand", "unbroadcast"):
        return op.args[:1]
    return op.args


def rearranges(op: Op) -> bool:
    """Whether an operation gives elements of its operand, be it as a view or as a copy."""
    return op.fn == "getitem" or op.fn in _MAYBE_VIEWS or is_view(op)


def is_fresh(op: Op) -> bool:
    """Whether the result is always newly allocated memory."""
    fn = op.fn
    if fn == "getitem":
        return _advanced(op)
    if fn == "expand":
        v = op.args[0]
        return isinstance(v, Lit) or (isinstance(v, Var) and not shares(v.type))
    if fn in _SHARING:
        return False
    if fn.startswith((".", "np.random.", *SOLVERS)) or fn == "field":
        return True  # random numbers; what a solver gives, which nobody else has
    rule = find(fn)
    return rule is not None and rule.fresh


def _advanced(op: Op) -> bool:
    """Whether an index surely holds an integer or boolean array: NumPy then copies."""
    index = op.kwarg("index")
    parts = index.items if isinstance(index, Tup) else (index,)
    return has_list(index if isinstance(index, Tup) else Tup((index,))) or any(
        isinstance(p, Var) and isinstance(p.type, Array) and bool(p.type.dims) for p in parts)


def shares(t: Type) -> bool:
    """Whether values of the type have memory that can be shared and written: numbers and texts have not."""
    return not (isinstance(t, (Scalar, Opaque, Tuple)) or (isinstance(t, Array) and not t.dims))


class Aliases:
    """The classes, as a union-find forest over variables."""

    def __init__(self, body: Block, callees_share: bool = True) -> None:
        self._parent: dict[Var, Var] = {}
        self._block(body, (), ())
        for stmt in statements(body):
            if isinstance(stmt, Op) and stmt.target is not None and shares(stmt.target.type) and not is_fresh(stmt):
                for a in keeps(stmt):
                    self._link(stmt.target, a)
            elif isinstance(stmt, Call) and callees_share:
                for t in stmt.targets:
                    for a in stmt.args:
                        self._link(t, a)

    def find(self, v: Var) -> Var:
        """The representative of a variable's class."""
        root = v
        while (up := self._parent.get(root)) is not None:
            root = up
        while v is not root:
            self._parent[v], v = root, self._parent[v]
        return root

    def _link(self, a: object, b: object) -> None:
        if isinstance(b, Tup):
            for item in arg_vars(b):
                self._link(a, item)
        if isinstance(a, Var) and isinstance(b, Var) and shares(a.type) and shares(b.type):
            ra, rb = self.find(a), self.find(b)
            if ra is not rb:
                self._parent[rb] = ra

    def _block(self, block: Block, targets: tuple[Var, ...], outs: tuple[Var, ...],
               loop: tuple[tuple[Var, ...], tuple[Var, ...]] = ((), ())) -> None:
        """Link what the ends of a block hand on: to an If's ``targets``, to a loop's params and tapes."""
        for k, stmt in enumerate(block.stmts):
            if isinstance(stmt, If):
                tail = k == len(block.stmts) - 1 and block.end is None
                for b in (stmt.then, stmt.orelse):
                    self._block(b, targets if tail else stmt.results, (), loop)
            elif isinstance(stmt, (For, While)):
                for p, init, r in zip(stmt.params, stmt.inits, stmt.results):
                    self._link(p, init)
                    self._link(p, r)
                if isinstance(stmt, For):
                    for item, tape in zip(stmt.items, stmt.tapes):
                        self._link(item, tape)
                self._block(stmt.body, (), (), (stmt.params, stmt.outs))
        if isinstance(block.end, Yield):
            for t, value in zip(targets, block.end.values):
                self._link(t, value)
        elif isinstance(block.end, (Next, Break)):
            for t, value in (*zip(loop[0], block.end.values), *zip(loop[1], block.end.outs)):
                self._link(t, value)

