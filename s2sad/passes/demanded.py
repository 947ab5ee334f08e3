"""What the program computes in vain, and what may raise an exception there: it is done for that.

    np.linalg.inv(A)                        np.linalg.inv(A)          # raises LinAlgError where A is singular
    b = 2.0 * A                     ⇒       done
    return A.sum()                          return A.sum()

The derivative raises what the program raises, also where nobody needs the value.  Looked at is what depends on values:
functions of `math` and `np.linalg`, divisions of Python's numbers, indices that are computed.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT
>>> x, y, z = Var(FLOAT, "x"), Var(FLOAT, "y"), Var(FLOAT, "z")
>>> body = Block((Op(y, "math.log", (x,)), Op(z, "*", (y, y))), Return((x,)))
>>> print(demand_raising(Trace("f", (), (x,), body, Leaf(0))))
f() -> #0
  %y:float = math.log(%x)
  done(%y)
  %z:float = %y * %y
  return %x
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from s2sad.passes.dce import dce
from s2sad.rules.raising import depends_on_values
from s2sad.trace.ends import reached
from s2sad.trace.ir import Block, Call, Op, Stmt, Trace, Var
from s2sad.trace.walk import blocks_of, definitions, statements, with_blocks


def demand_raising(trace: Trace) -> Trace:
    """Keep what may raise and is not needed for anything else, here and in the traces called.

    Functions that only derivatives call raise nothing that the program raises.
    """
    traces = {t.name: t for t in (trace, *trace.callees)}
    risky = _risky(traces)
    own = {t.name for t in reached(trace, trace.callees, derivatives=False)}
    callees = tuple(_demanding(t, risky) if t.name in own else t for t in trace.callees)
    return _demanding(replace(trace, callees=callees), risky)


def _demanding(trace: Trace, risky: Mapping[str, bool]) -> Trace:
    kept, alive = dce(trace), set(definitions(trace.body))
    while (left := set(definitions(kept.body))) != alive:
        # A decision between equal ends goes away, and then what has led to it.
        kept, alive = dce(kept), left

    def wanted(s: Stmt) -> Var | None:
        if isinstance(s, Op) and s.target is not None and s.target not in alive and depends_on_values(s):
            return s.target
        if isinstance(s, Call) and s.targets and risky.get(s.callee) and not alive.intersection(s.targets):
            return s.targets[0]
        return None

    def go(block: Block) -> Block:
        out: list[Stmt] = []
        for s in block.stmts:
            v = wanted(s)
            out.append(with_blocks(s, tuple(map(go, blocks_of(s)))))
            if v is not None:
                out.append(Op(None, "done", (v,), (), s.site, s.sweep))
        return Block(tuple(out), block.end)

    return replace(trace, body=go(trace.body))


def _risky(traces: Mapping[str, Trace]) -> dict[str, bool]:
    """Which traces may raise what depends on values, themselves or in what they call."""
    own = {name: any(isinstance(s, Op) and depends_on_values(s) for s in statements(t.body))
           for name, t in traces.items()}
    calls = {name: {s.callee for s in statements(t.body) if isinstance(s, Call)} for name, t in traces.items()}
    for _ in traces:
        for name in own:
            own[name] = own[name] or any(own.get(callee, False) for callee in calls[name])
    return own
