"""Which variables must not share a name: liveness over structured code.

Sets of variables are Python integers, one bit a variable.  Where a variable is assigned it interferes with everything
that is live just after, except with what it is a copy of.  A loop is walked twice: once for what its body reads before
assigning it, once with that known; so the whole is linear in the size of the code.
"""

from __future__ import annotations

from collections.abc import Iterable

from s2sad.emit.code import (
    Assign,
    Branch,
    Code,
    Context,
    Effect,
    ForLoop,
    Guarded,
    Inner,
    Jump,
    Store,
    WhileLoop,
    defined,
    walk,
)
from s2sad.trace.ir import Var


class Interference:
    """The interference graph of one function: ``edges[k]`` are the variables that the k-th must not be named like."""

    def __init__(self, params: list[Var], body: list[Code]) -> None:
        self.order: dict[Var, int] = {}
        for v in (*params, *(v for node in walk(body) for v in defined(node))):
            self.order.setdefault(v, len(self.order))
        self.edges = [0] * len(self.order)
        self._exposed: dict[int, int] = {}
        self._record = True
        # What is live where an exception may lead to from here.
        self._handled = [0]
        live = self._block(body, 0, 0)
        heads = self.mask(params)
        for v in params:
            self._define(v, (live | heads))
        for node in walk(body):
            if isinstance(node, Inner):
                self._separate(node)
        # The name of an exception ends with its handler: nothing else may bear it.
        errors = self.mask(v for node in walk(body) if isinstance(node, Guarded) for v in defined(node))
        for k in range(len(self.edges)):
            if errors >> k & 1:
                self.edges[k] |= ((1 << len(self.edges)) - 1) & ~errors

    def mask(self, vs: Iterable[Var]) -> int:
        """A set of variables; those that the function does not assign (names of the outside) are left out."""
        bits = 0
        for v in vs:
            k = self.order.get(v)
            if k is not None:
                bits |= 1 << k
        return bits

    def _define(self, v: Var, live: int, same: Var | None = None) -> None:
        if self._record:
            k = self.order[v]
            mask = live & ~(1 << k)
            if same is not None and same in self.order:
                mask &= ~(1 << self.order[same])
            self.edges[k] |= mask

    def _separate(self, node: Inner) -> None:
        """What an inner function assigns is local to it: no name of the outer one."""
        local = self.mask((*node.params, *(v for n in walk(node.body) for v in defined(n))))
        for k in range(len(self.edges)):
            if local >> k & 1:
                self.edges[k] |= ((1 << len(self.edges)) - 1) & ~local

    def _block(self, nodes: list[Code], live: int, after_loop: int) -> int:
        """What is live before a block, given what is live after it and after the loop around it."""
        for node in reversed(nodes):
            live = self._node(node, live | self._handled[-1], after_loop)
        return live

    def _node(self, node: Code, live: int, after_loop: int) -> int:
        if isinstance(node, Assign):
            return self._assign(node, live)
        if isinstance(node, Effect):
            return live | self.mask(node.reads)
        if isinstance(node, Store):
            # Where the target cannot have the base's name, it is a copy of the base before anything is read.
            self._define(node.target, live | (self.mask(node.reads) & ~self.mask((node.base,))))
            return (live & ~self.mask((node.target,))) | self.mask((*node.reads, node.base))
        if isinstance(node, Jump):
            return self.mask(node.reads) | (after_loop if _is_break(node) else 0)
        if isinstance(node, Branch):
            return (self.mask(node.reads) | self._block(node.then, live, after_loop)
                    | self._block(node.orelse, live, after_loop))
        if isinstance(node, Guarded):
            return self._guarded(node, live, after_loop)
        if isinstance(node, Context):
            inside = self._block(node.body, live, after_loop)
            if node.target is not None:
                self._define(node.target, inside)
            return (inside & ~self.mask([node.target] if node.target is not None else ())) | self.mask(node.reads)
        if isinstance(node, Inner):
            before = self._block(node.body, 0, 0)
            heads = self.mask(node.params)
            for v in node.params:
                self._define(v, before | heads)
            return live | (before & ~heads)
        return self._loop(node, live)

    def _guarded(self, node: Guarded, live: int, after_loop: int) -> int:
        handled = 0
        for handler in node.handlers:
            inside = self._block(handler.body, live, after_loop)
            if handler.error is not None:
                self._define(handler.error, inside)
                inside &= ~self.mask((handler.error,))
            handled |= inside
        # A handler may follow each statement of the body.
        rest = self._block(node.rest, live, after_loop)
        self._handled.append(handled | self._handled[-1])
        before = self._block(node.body, rest, after_loop)
        self._handled.pop()
        return before | handled

    def _assign(self, node: Assign, live: int) -> int:
        real = [(t, c) for t, v, c in zip(node.targets, [*node.values, *[node.values[0]] * len(node.targets)],
                                          node.copies) if v is not None]
        targets = self.mask(t for t, _ in real)
        for t, copied in real:
            self._define(t, live | targets, copied)
        return (live & ~self.mask(node.targets)) | self.mask(node.reads)

    def _loop(self, node: ForLoop | WhileLoop, live: int) -> int:
        heads = self.mask(node.heads) if isinstance(node, ForLoop) else 0
        test = self.mask(node.reads) if isinstance(node, WhileLoop) else 0
        around = live | test | self._body_reads(node, heads)
        inside = self._block(node.body, around, live)
        if isinstance(node, ForLoop):
            for v in node.heads:
                self._define(v, inside | heads)
            return around | self.mask(node.reads)
        return around

    def _body_reads(self, node: ForLoop | WhileLoop, heads: int) -> int:
        """What the body of a loop reads before it assigns it."""
        known = self._exposed.get(id(node))
        if known is None:
            record, self._record = self._record, False
            known = self._block(node.body, 0, 0) & ~heads
            self._record = record
            self._exposed[id(node)] = known
        return known


def _is_break(node: Jump) -> bool:
    return type(node.stmt).__name__ == "Break"
