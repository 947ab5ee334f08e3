"""Names for variables: out of SSA.

The user's names are kept, several variables of one name share it as long as they are not alive together, and what is
carried through loops and branches gets one name so that no copy is needed.  Unnamed values are ``v1, v2, …`` in order
of appearance, at the level ``trace`` those of the function before those of its derivative, as in a textbook's table.  A
hint ``#12_bar`` stands for "the adjoint of variable 12": ``v3_bar`` if that variable is ``v3``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Set

from s2sad.emit.code import Assign, Code, ForLoop, Inner, Store, WhileLoop, defined, inside, walk
from s2sad.emit.liveness import Interference
from s2sad.names import sanitise
from s2sad.trace.ir import Var

_LINKED = re.compile(r"#(\d+)(.*)\Z")


def assign_names(params: list[Var], body: list[Code], fixed: Mapping[Var, str], taken: Set[str],
                 hints: Mapping[Var, str], friends: Mapping[Var, Var], primal_first: bool = False) -> dict[Var, str]:
    """A name for every variable that code assigns.

    ``fixed`` ones are parameters, ``taken`` names are not used, ``hints`` go before the variables' own, an unnamed
    variable is called like its friend where that is possible.  With ``primal_first`` the numbers of unnamed values of
    the primal do not depend on what stands in between.
    """
    graph = Interference(params, body)
    # What nobody reads is called ``_``: no name for what is read.
    read = {v for node in walk(body) for v in ([] if isinstance(node, Inner) else node.reads)}
    hints = {**{v: "" for v in read if not v.hint.strip("_")}, **hints}
    classes = _Classes(graph, fixed, hints)
    for node in walk(body):
        if isinstance(node, Store):
            classes.join(node.target, node.base, forced=True)
    copies = sorted(_copies(body, 0), key=lambda copy: copy[0])
    missing = _missing(body)
    for _, target, source in copies:
        if source in missing:
            # No text must read it where it has no value.
            classes.join(target, source, forced=True)
    for _, target, source in copies:
        classes.join(target, source)
    return _Namer(graph, classes, body, taken, friends, primal_first).names()


def _copies(nodes: list[Code], depth: int) -> Iterator[tuple[tuple[int, bool, bool], Var, Var]]:
    """The copies, each with its urgency: those in inner loops first, what loops carry first, values made here last.

    So the value that a branch makes for the next iteration has the name it is carried under, and a branch that hands on
    an unchanged value is the one that needs no text.
    """
    here: set[Var] = set()
    for node in nodes:
        if isinstance(node, Assign):
            for target, source in zip(node.targets, node.copies):
                if source is not None:
                    yield (-depth, not node.carried, source in here), target, source
        here.update(defined(node))
        for block in inside(node):
            yield from _copies(block, depth + isinstance(node, (ForLoop, WhileLoop)))


def _missing(body: list[Code]) -> set[Var]:
    """The variables that have no value on some path."""
    assigned = [(t, v, s) for node in walk(body) if isinstance(node, Assign) and node.pattern is None
                for t, v, s in zip(node.targets, node.values, node.copies)]
    found = {t for t, value, _ in assigned if value is None}
    more = found
    while more:
        more = {t for t, _, source in assigned if source in found} - found
        found |= more
    return found


class _Classes:
    """Variables that get one name, as a union-find forest with the members and the interference of each class."""

    def __init__(self, graph: Interference, fixed: Mapping[Var, str], hints: Mapping[Var, str]) -> None:
        self.graph, self.fixed = graph, dict(fixed)
        self.variables = list(graph.order)
        self.parent = list(range(len(self.variables)))
        self.members = [1 << k for k in self.parent]
        self.edges = list(graph.edges)
        self.hints = [fixed.get(v) or hints.get(v, v.hint) for v in self.variables]
        self.pinned = [v in fixed for v in self.variables]

    def find(self, k: int) -> int:
        while self.parent[k] != k:
            self.parent[k] = self.parent[self.parent[k]]
            k = self.parent[k]
        return k

    def apart(self, a: int, b: int) -> bool:
        """Whether two classes interfere."""
        return bool(self.edges[a] & self.members[b] or self.edges[b] & self.members[a])

    def join(self, u: Var, v: Var, forced: bool = False) -> None:
        """Give two variables one name if they may share it and their names allow it."""
        if u not in self.graph.order or v not in self.graph.order:
            return
        a, b = self.find(self.graph.order[u]), self.find(self.graph.order[v])
        if a == b or self.apart(a, b) or (self.pinned[a] and self.pinned[b]):
            return
        if self.hints[a] != self.hints[b] and self.hints[a] and self.hints[b] and not forced:
            linked = [h.startswith("#") for h in (self.hints[a], self.hints[b])]
            if linked[0] == linked[1]:
                return
        if _rank(self.hints[b], self.pinned[b]) > _rank(self.hints[a], self.pinned[a]):
            self.hints[a] = self.hints[b]
        first, second = min(a, b), max(a, b)
        self.hints[first], self.pinned[first] = self.hints[a], self.pinned[a] or self.pinned[b]
        self.parent[second] = first
        self.members[first] |= self.members[second]
        self.edges[first] |= self.edges[second]


def _rank(hint: str, pinned: bool) -> int:
    return 3 if pinned else 0 if not hint else 1 if hint.startswith("#") else 2


class _Namer:
    """Chooses the names of classes: parameters, then the user's names, then derived names, then numbers."""

    def __init__(self, graph: Interference, classes: _Classes, body: list[Code], taken: Set[str],
                 friends: Mapping[Var, Var], primal_first: bool) -> None:
        self.graph, self.classes, self.taken = graph, classes, taken
        self.friends = {classes.find(graph.order[a]): classes.find(graph.order[b]) for a, b in friends.items()
                        if a in graph.order and b in graph.order}
        self.by_name: dict[str, tuple[int, int]] = {}
        self.chosen: dict[int, str] = {}
        self.last: dict[str, int] = {}
        self.users: set[int] = set()
        self.indices: set[int] = set()
        for node in walk(body):
            if isinstance(node, Assign) and node.sweep == "primal":
                self.users.update(classes.find(graph.order[v]) for v in node.targets)
            elif isinstance(node, ForLoop):
                if node.sweep == "primal":
                    self.users.update(classes.find(graph.order[v]) for v in node.heads)
                self.indices.update(classes.find(graph.order[v]) for v in node.heads[:1] if not v.hint)
        self.first = self.users if primal_first else set[int]()

    def names(self) -> dict[Var, str]:
        c = self.classes
        roots = list(dict.fromkeys(c.find(k) for k in range(len(c.variables))))
        for k in roots:
            if c.pinned[k]:
                self.claim(k, c.hints[k])
        named = [k for k in roots if not c.pinned[k] and c.hints[k] and not c.hints[k].startswith("#")]
        for k in sorted(named, key=lambda k: k not in self.users):
            self.share(k, sanitise(c.hints[k]))
        counter = _Counter(set(self.by_name) | set(self.taken))
        uids = {v.uid: c.find(k) for v, k in self.graph.order.items()}
        linked: dict[str, str] = {}
        for k in sorted(roots, key=lambda k: k not in self.first):
            if k in self.chosen:
                continue
            if k in self.indices:
                self.index(k)
                continue
            m = _LINKED.match(c.hints[k])
            if m is None:
                friend = self.chosen.get(self.friends.get(k, k))
                self.claim(k, friend if friend is not None and self.fits(k, friend) else counter.next())
                continue
            base = uids.get(int(m.group(1)))
            if base is not None and base not in self.chosen and not c.hints[base]:
                self.claim(base, counter.next())
            if base is not None and base in self.chosen:
                stem = self.chosen[base]
            else:
                stem = linked[m.group(1)] = linked.get(m.group(1)) or counter.next()
            self.share(k, sanitise(stem + m.group(2)))
        return {v: self.chosen[c.find(k)] for v, k in self.graph.order.items()}

    def claim(self, k: int, name: str) -> None:
        members, edges = self.by_name.get(name, (0, 0))
        self.chosen[k] = name
        self.by_name[name] = (members | self.classes.members[k], edges | self.classes.edges[k])

    def fits(self, k: int, name: str) -> bool:
        members, edges = self.by_name.get(name, (0, 0))
        return name not in self.taken and not (edges & self.classes.members[k] or members & self.classes.edges[k])

    def share(self, k: int, base: str) -> None:
        """A variant of a name that nobody has who is alive together with the class.

        It is the first one, unless there are many: then those in the middle are not tried again each time.
        """
        last = self.last.get(base, 0)
        for n in itertools.chain(range(8), itertools.count(max(8, last - 8))):
            name = f"{base}_{n}" if n else base
            if self.fits(k, name):
                self.last[base] = max(last, n)
                self.claim(k, name)
                return

    def index(self, k: int) -> None:
        """An unnamed position: ``i``, ``j``, ``k``."""
        for name in "ijk":
            if self.fits(k, name):
                self.claim(k, name)
                return
        self.share(k, "i")


class _Counter:
    def __init__(self, taken: set[str]) -> None:
        self.taken, self.count = taken, 0

    def next(self) -> str:
        self.count += 1
        while f"v{self.count}" in self.taken:
            self.count += 1
        return f"v{self.count}"


