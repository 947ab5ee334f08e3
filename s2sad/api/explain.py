"""What becomes of each variable in the reverse sweep, and why: read off the passes themselves.

A variable has an *adjoint* if it depends on what is differentiated by and a result depends on it.  Whether or not it
has one, the reverse sweep may need its value, for the partial derivatives of what reads it.  Then it is

- *kept*: outside of loops a local variable simply lives on;
- *recorded*: each iteration of a loop puts it on a tape;
- *recomputed* from what is recorded, because that is cheap;
- *restored*: an array that the program writes to is changed back, with what was overwritten from a tape;
- used *at once*, where the reverse of a loop runs inside the loop itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from s2sad.analysis.activity import active, varied
from s2sad.api.derive import primal_trace
from s2sad.api.operators import program_of
from s2sad.api.stars import for_types
from s2sad.build.kernel import Program
from s2sad.build.transform import leaves_of, stages
from s2sad.errors import ArgumentError
from s2sad.frontend.modules import deep_recursion
from s2sad.frontend.wrt import Wrt, one_of
from s2sad.passes.alias import UPDATES
from s2sad.passes.record import Decisions
from s2sad.trace.ir import Block, Call, For, Op, Site, Trace, Var, While
from s2sad.trace.types import Residual, is_differentiable, kind_of
from s2sad.trace.walk import arg_vars, blocks_of, domain_args, inner_defs, own_vars, statements, targets_of

HEADS = ("variable", "line", "type", "adjoint", "reverse sweep", "why")
_KINDS = {"int": "whole numbers have no adjoint", "bool": "truth values have no adjoint"}


@dataclass(frozen=True)
class Row:
    """What becomes of one variable: of what is assigned to it in one line."""

    name: str
    line: int
    type: str
    adjoint: str
    sweep: str
    why: str


@dataclass(frozen=True)
class Explanation:
    """The rows for a function; ``str()`` is the table."""

    head: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        table = [HEADS, *((r.name, str(r.line or ""), r.type, r.adjoint, r.sweep, r.why) for r in self.rows)]
        widths = [max(len(line[k]) for line in table) for k in range(len(HEADS))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip() for line in table]
        rule = "  ".join("-" * w for w in widths)
        return "\n".join([self.head, "", lines[0], rule, *lines[1:]])

    def __getitem__(self, name: str) -> list[Row]:
        """The rows of one variable."""
        return [row for row in self.rows if row.name == name]


def explain(f: Callable[..., Any], *args: Any, types: Any = None, wrt: Wrt | None = None, argnums: Wrt | None = None,
            outputs: Wrt | None = None) -> Explanation:
    """What becomes of each variable of a function in its reverse sweep: whether it has an adjoint, whether its value is
    recorded, recomputed or not needed, and why.

    Args:
        f: any callable that has Python source.
        args: arguments to take the types from; without them they come from ``types``.
        types: as for `s2sad.derive`.
        wrt: positions or names to differentiate by; by default all arguments that have a derivative.
        argnums: the same as ``wrt``.
        outputs: names or positions of arguments whose final contents are the result, as for `s2sad.grad`.

    Returns:
        An `Explanation`; ``str()`` is a table, ``explanation["x"]`` are the rows of x.

    Raises:
        Refusal: a construct is not supported.
        ArgumentError, ValueArgumentError: for options that do not fit.

    >>> def f(x, n):
    ...     for k in range(n):
    ...         y = x * k
    ...         x = y * y
    ...     return x
    >>> [(row.line, row.sweep) for row in explain(f, types="x: float, n: int")["y"]]
    [(3, 'recorded')]
    """
    if args:
        if types is not None:
            raise ArgumentError("explain takes the types from arguments or from types=, not from both")
        types = args
    program, _, _ = program_of(f, "explain", outputs)
    return explained(program, types, one_of(wrt, argnums))


def explained(program: Program, types: Any, wrt: Wrt | None) -> Explanation:
    """The explanation for a program; its base may also be a function known by its text only."""
    base, types = for_types(program.base, types)
    decided: Decisions = {}
    with deep_recursion():
        trace, step, _ = primal_trace(replace(program, base=base), "vjp", wrt, types)
        made = [("lower", trace), *stages(trace, step, decided=decided)]
    names = [name for name, _ in made]
    primal = made[names.index("share")][1]
    moving = [p for p, w in zip(primal.params, leaves_of(primal, step.wrt)) if w]
    reading = _Reading(primal, made[names.index("record") - 1][1], decided, moving)
    place = f" ({Path(trace.site.file).name}:{trace.site.line})" if trace.site.file else ""
    by = ", ".join(primal.inputs[k].name for k in step.wrt)
    return Explanation(f"{trace.name}{place}, differentiated by {by}", tuple(reading.rows()))


class _Reading:
    """The table of one function, from the trace of the primal and the linked derivative."""

    def __init__(self, primal: Trace, linked: Trace, decided: Decisions, moving: Sequence[Var]) -> None:
        self.primal, self.decided = primal, decided
        self.varied, self.active = varied(primal, moving), active(primal, moving)
        self.readers: dict[Var, list[Site]] = {}
        self.loops: dict[Var, Site] = {}
        self.undone: set[str] = set()
        self.indices: set[Var] = set()
        self.by_key = {s.key: s for s in statements(linked.body) if isinstance(s, For)}
        self.made: dict[Var, Op | Call] = {}
        self.residuals: list[tuple[Call, Var]] = []
        self.survey(linked.body, None)

    def survey(self, block: Block, loop: Site | None) -> None:
        """Note what the reverse sweep reads, and in which loop what is defined."""
        for s in block.stmts:
            own = isinstance(s, (For, While)) and s.twin is None
            if s.sweep == "adjoint":
                for v in own_vars(s):
                    self.readers.setdefault(v, []).append(s.site)
                twin = self.by_key.get(s.twin) if isinstance(s, For) and s.twin is not None else None
                for v in (v for a in domain_args(twin) for v in arg_vars(a)) if twin is not None else ():
                    self.readers.setdefault(v, []).append(s.site)
                if twin is not None:
                    self.indices.add(twin.index)
                if isinstance(s, Op) and s.fn in UPDATES and s.target is not None and s.target.is_named:
                    self.undone.add(s.target.hint)
            elif loop is not None:
                self.loops.update((v, loop) for v in targets_of(s))
            if own:
                self.loops.update((v, s.site) for v in inner_defs(s))
            if isinstance(s, Call) and s.sweep != "adjoint":
                self.residuals += ((s, t) for t in s.targets if isinstance(t.type, Residual))
            for inner in blocks_of(s):
                self.survey(inner, s.site if own else loop)

    # The rows.

    def rows(self) -> Iterator[Row]:
        """One for each line that assigns to a variable, and one for what of an expression is needed; then the calls."""
        seen: set[tuple[str, int]] = set()
        for v, site, merges in self.variables():
            row = self.row(v, site)
            idle = row.sweep == "not needed" or merges and row.sweep == "restored"
            if (row.name, row.line) in seen or idle and (merges or not v.is_named):
                continue
            seen.add((row.name, row.line))
            yield row
        for call, residual in self.residuals:
            name = call.callee.removesuffix("_fwd")
            sweep, where = self.fate(residual)
            yield Row(f"{name}()", call.site.line, "", "", sweep, f"{where}what the reverse of {name} reads")

    def variables(self) -> Iterator[tuple[Var, Site, bool]]:
        """The variables of the user's, with the place where each is assigned, and whether values meet there."""
        yield from ((p, self.primal.site, False) for p in self.primal.params)

        def go(block: Block) -> Iterator[tuple[Var, Site, bool]]:
            for s in block.stmts:
                if isinstance(s, (Op, Call)):
                    self.made.update((v, s) for v in targets_of(s))
                    yield from ((v, s.site, False) for v in targets_of(s))
                elif isinstance(s, For):
                    yield s.index, s.site, False
                if not isinstance(s, (Op, Call)):
                    yield from ((v, s.site, True) for v in inner_defs(s) if not (isinstance(s, For) and v is s.index))
                    for inner in blocks_of(s):
                        yield from go(inner)
                    yield from ((v, s.site, True) for v in targets_of(s))

        yield from go(self.primal.body)

    def row(self, v: Var, site: Site) -> Row:
        sweep, where = self.fate(v)
        adjoint = "-" if v not in self.active else f"{v.hint}_bar" if v.is_named else "yes"
        if sweep == "not needed":
            why = self.inactive(v) or "no derivative reads it"
        else:
            why = where + (self.needed(v) if sweep != "restored" else "")
        return Row(self.label(v), site.line, repr(v.type), adjoint, sweep, why)

    def label(self, v: Var) -> str:
        """What to call a variable: an unnamed one after the operation that makes it."""
        s = self.made.get(v)
        if v.is_named or not isinstance(s, Op):
            return v.hint if v.is_named else f"{s.callee}(...)" if isinstance(s, Call) else "..."
        if s.fn == "getitem":
            return f"{self.label(s.args[0]) if isinstance(s.args[0], Var) else '...'}[...]"
        return f"{s.fn}(...)" if s.fn[0].isalpha() else f"... {s.fn} ..."

    def fate(self, v: Var) -> tuple[str, str]:
        """How the reverse sweep comes by a variable, and what there is to say about that."""
        for decision in self.decided.get(v, ()):
            loop = f"in the loop of line {decision.loop.site.line}"
            if isinstance(decision.tape, Var):
                return "recorded", f"on {decision.tape.hint} {loop}, "
            return "recomputed", f"{loop}, "
        if v not in self.readers:
            if v.hint in self.undone and v.is_named and not isinstance(v.type, Residual):
                tapes = {d.tape.hint for ds in self.decided.values() for d in ds if isinstance(d.tape, Var)}
                return "restored", f"from {v.hint}_tape" if f"{v.hint}_tape" in tapes else "from what is kept"
            return "not needed", ""
        if v in self.indices:
            return "recomputed", "counted by the reverse of the loop, "
        if v in self.loops:
            return "at once", f"the loop of line {self.loops[v].line} runs its reverse inside, "
        return "kept", ""

    def needed(self, v: Var) -> str:
        """The lines whose derivative reads a variable."""
        sites = {s.line: s for s in self.readers.get(v, ()) if s.line}
        if not sites:
            return "for what is computed again from it" if v in self.decided else "for what reads it before"
        if len(sites) == 1:
            (site,) = sites.values()
            return f"for line {site.line}: {_short(site.text)}"
        return f"for lines {', '.join(map(str, sorted(sites)))}"

    def inactive(self, v: Var) -> str:
        """Why a variable has no adjoint; empty if it has one."""
        if v in self.active:
            return ""
        if not is_differentiable(v.type):
            return _KINDS.get(kind_of(v.type), "it is no number")
        return "no result depends on it" if v in self.varied else "it depends on nothing that counts"


def _short(text: str, width: int = 48) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


__all__ = ["Explanation", "Row", "explain", "explained"]
