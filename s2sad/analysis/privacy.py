"""Whether an iteration of a loop ever looks at what a buffer held when the iteration began.

A work array that each iteration fills before it reads it is private to the iteration: any contents will do at its
beginning.  Reads count by the element: after ``row[j] = …`` a read of ``row[j]`` in the same iteration is harmless.
That holds in a reversed iteration, too, where the contents of earlier versions come back: what has the contents of
version A may be read where A may be.  What is read only to be put back does not count, for what is put back has to be
read again to matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from s2sad.analysis.places import Overwritten, State
from s2sad.analysis.shapes import asks
from s2sad.rules.places import STORES
from s2sad.trace.ends import Loop, loop_ends
from s2sad.trace.ir import NONE, Arg, Block, Break, Call, If, Lit, Next, Op, Stmt, Var, Yield
from s2sad.trace.types import Array
from s2sad.trace.walk import arg_vars, blocks, blocks_of, end_args, own_vars, statements, uses


@dataclass(frozen=True)
class Iteration:
    """The body of a loop, and that of its twin; ``versions`` has whose contents the variables of the twin have.

    ``written`` answers what of an array is overwritten in the loop's body.
    """

    body: Block
    twin: Block
    versions: Mapping[Var, Iterable[Var]]
    written: Overwritten

    def keeps_private(self, p: Var, back: Var, k: int) -> bool:
        """Whether iterations never see the first contents of the ``k``-th loop variable ``p``.

        ``back`` is the twin's variable for the contents at the end of the iteration.
        """
        forth, again = _versions(p, self.body), _versions(back, self.twin)
        stores = [s for s in statements(self.twin) if isinstance(s, Op) and s.fn == "setitem" and s.args[0] in again]
        count = uses(self.body) + uses(self.twin)
        back_only = {v for v in (s.args[1] for s in stores) if isinstance(v, Var)
                     and count[v] == sum(s.args[1] is v for s in stores)}

        def is_fresh(v: Var, index: Arg) -> bool:
            found = [v] if v in forth else list(self.versions.get(v, ()))
            return isinstance(v.type, Array) and bool(found) and all(
                self.written.state(a, {p: State()}).covers(index, len(v.type.dims)) for a in found)

        def is_harmless(s: Stmt) -> bool:
            read = [v for v in own_vars(s) if v in forth or v in again]
            if not read or isinstance(s, Loop):
                return True
            v = read[0]
            if not isinstance(s, Op) or len(read) > 1:
                return False
            if asks(s, v) or s.args[0] is v and (s.fn == "setitem" or s.fn == "getitem" and s.target in back_only):
                return True
            place = s.args[0] is v and s.fn in ("getitem", "scatter_add") and s.kwarg("view") == NONE
            return is_fresh(v, s.kwarg("index") if place else Lit(...))

        for body in (self.body, self.twin):
            for b in blocks(body):
                handed = () if isinstance(b.end, Yield) else b.end.outs if isinstance(b.end, (Next, Break)) else (
                    end_args(b.end))
                if any(v in forth or v in again for a in handed for v in arg_vars(a)):
                    return False
            if not all(map(is_harmless, statements(body))):
                return False
        return all((a in forth) == (j == k) for e in loop_ends(self.body) for j, a in enumerate(e.values))

    def gets_back(self, back: Var) -> bool:
        """Whether the twin reads contents that it has had to put back."""
        again = _versions(back, self.twin)
        todo = [v for s in statements(self.twin) if isinstance(s, (Op, Call)) and getattr(s, "fn", "") != "setitem"
                for v in own_vars(s) if v in again and not asks(s, v)]
        come_from: dict[Var, list[Arg]] = {}
        _sources(self.twin, (), (), come_from)
        put = {s.target for s in statements(self.twin) if isinstance(s, Op) and s.fn == "setitem"}
        seen: set[Var] = set()
        while todo:
            v = todo.pop()
            if v not in seen:
                seen.add(v)
                todo += [a for a in come_from.get(v, ()) if isinstance(a, Var)]
        return any(v in put and v in again for v in seen)


def _versions(p: Var, body: Block) -> set[Var]:
    """The variables that may be later versions of a buffer."""
    come_from: dict[Var, list[Arg]] = {}
    _sources(body, (), (), come_from)
    goes_to: dict[Arg, list[Var]] = {}
    for v, sources in come_from.items():
        for a in sources:
            goes_to.setdefault(a, []).append(v)
    found, todo = {p}, [p]
    while todo:
        for v in goes_to.get(todo.pop(), ()):
            if v not in found:
                found.add(v)
                todo.append(v)
    return found


def _sources(block: Block, yields: Sequence[Var], heads: Sequence[tuple[Var, Var]],
             out: dict[Var, list[Arg]]) -> None:
    """For each array, what it may be a later version of; ``heads`` are the params and results of the loop around."""
    for k, s in enumerate(block.stmts):
        if isinstance(s, Op) and s.fn in (*STORES, "copy") and s.target is not None:
            out.setdefault(s.target, []).append(s.args[0])
        elif isinstance(s, If):
            tail = block.end is None and k == len(block.stmts) - 1
            for b in blocks_of(s):
                _sources(b, yields if tail else s.results, heads, out)
        elif isinstance(s, Loop):
            inner = tuple(zip(s.params, s.results))
            for init, pair in zip(s.inits, inner):
                for v in pair:
                    out.setdefault(v, []).append(init)
            _sources(s.body, (), inner, out)
    if isinstance(block.end, Yield):
        for a, v in zip(block.end.values, yields):
            out.setdefault(v, []).append(a)
    elif isinstance(block.end, (Next, Break)):
        for a, pair in zip(block.end.values, heads):
            for v in pair:
                out.setdefault(v, []).append(a)
