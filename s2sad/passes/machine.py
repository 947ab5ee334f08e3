"""What Numba needs of a derivative whose buffers are settled, and what it cannot have.

Refused is what Numba would take and compute otherwise, or take to pieces in its own compiler; what it does not know, it
says itself when it compiles the text.
"""

from __future__ import annotations

from s2sad.errors import MachineRefusal
from s2sad.passes.contexts import without_quiet
from s2sad.passes.dce import dce
from s2sad.passes.loop_nests import loop_nests
from s2sad.passes.machine_lengths import checked_lengths
from s2sad.passes.quiet import acts
from s2sad.passes.tape_arrays import tape_arrays
from s2sad.trace.ends import called
from s2sad.trace.ir import If, Lit, Op, Stmt, Trace
from s2sad.trace.types import Opaque
from s2sad.trace.walk import has_narrow_floats, statements


def for_machine(trace: Trace) -> Trace:
    """The trace lowered for Numba.

    Raises:
        MachineRefusal: if Numba's results would differ, or it cannot type the functions.
    """
    trace = without_quiet(trace)
    done = next(iter(acts(trace)), "")
    if done or any(isinstance(p.type, Opaque) for p in trace.params):
        raise MachineRefusal(f"{trace.name} does more than compute: {done.removeprefix('.') or 'it takes an object'}")
    if trace.split:
        raise MachineRefusal(f"{trace.name} returns a function, which Numba does not compile")
    if any(has_narrow_floats(t.body) for t in (trace, *trace.callees)):
        # A Python number gives way to a float32 in NumPy, and widens it in Numba.
        raise MachineRefusal(f"{trace.name} computes in single precision, and Numba's results would be float64")
    if any(isinstance(s, If) and s.guard is not None for t in (trace, *trace.callees) for s in statements(t.body)):
        raise MachineRefusal(f"{trace.name} has a 'try' or 'with', which Numba knows in part only")
    fn = next((fn for t in (trace, *trace.callees) for s in statements(t.body) if (fn := _failing(s))), "")
    if fn:
        raise MachineRefusal(f"{trace.name} calls {fn}, which Numba compiles and then raises an exception")
    name = recursive(trace)
    if name is not None:
        raise MachineRefusal(f"{name} calls itself, and what its adjoint remembers has no type in Numba")
    return dce(loop_nests(dce(tape_arrays(checked_lengths(trace)))))


def _failing(stmt: Stmt) -> str:
    """A function that Numba has in part: eigenvalues of real matrices that are complex, norms by name."""
    if not isinstance(stmt, Op):
        return ""
    order = stmt.kwarg("ord")
    named = stmt.fn == "np.linalg.norm" and isinstance(order, Lit) and isinstance(order.value, str)
    return stmt.fn if named or stmt.fn in ("np.linalg.eig", "np.linalg.eigvals") else ""


def recursive(trace: Trace) -> str | None:
    """A function that calls itself, directly or not; None if there is none."""
    calls = {t.name: called(t.body) for t in (trace, *trace.callees)}
    reached = {name: set(callees) for name, callees in calls.items()}
    for _ in calls:
        for name in reached:
            reached[name] |= {deeper for callee in reached[name] for deeper in calls.get(callee, ())}
    return next((name for name in reached if name in reached[name]), None)
