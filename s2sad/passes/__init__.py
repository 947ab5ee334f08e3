"""Passes: pure functions from trace to trace, one a file, and the order in which derivative code goes through them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from s2sad.passes.at_hand import ask_at_hand
from s2sad.passes.cleared import drop_clearing
from s2sad.passes.constants import fold_constants
from s2sad.passes.cse import cse
from s2sad.passes.dce import dce
from s2sad.passes.early import read_early
from s2sad.passes.expand import elide_expand
from s2sad.passes.forwarding import forward_stores
from s2sad.passes.invariant import hoist_invariants
from s2sad.passes.latest import ask_latest
from s2sad.passes.lengths import ask_arguments
from s2sad.passes.masks import multiply_masks
from s2sad.passes.settled import settle
from s2sad.passes.simplify import simplify
from s2sad.passes.sink import sink
from s2sad.passes.stores import join_stores
from s2sad.trace.ir import Trace

Pass = Callable[[Trace], Trace]

# Derivative code before recording.  Dead code goes first, for all that the others need not look at, and for the counts
# of reads by which `simplify` and `sink` decide; equal subexpressions are found when they have one form, and finding
# them gives `simplify` new sums of equals.
PIPELINE: tuple[tuple[str, Pass], ...] = (
    ("dce", dce),
    ("lengths", ask_arguments),
    ("invariant", hoist_invariants),
    ("constants", fold_constants),
    ("expand", elide_expand),
    ("simplify", simplify),
    ("dce", dce),
    ("cse", cse),
    ("forwarding", forward_stores),
    ("simplify", simplify),
    ("dce", dce),
    ("settled", settle),
    ("masks", multiply_masks),
    ("dce", dce),
    ("early", read_early),
    ("stores", join_stores),
    ("cleared", drop_clearing),
    ("sink", sink),
    ("invariant", hoist_invariants),
    ("latest", partial(ask_latest, of_primal=False)),
    ("dce", dce),
)

# After recording: what is now computed twice, or carried unchanged.
TIDY: tuple[tuple[str, Pass], ...] = (
    ("cse", cse),
    ("stores", join_stores),
    ("simplify", simplify),
    ("invariant", hoist_invariants),
    ("at hand", ask_at_hand),
    ("dce", dce),
)


def run(trace: Trace, passes: Iterable[tuple[str, Pass]] = PIPELINE,
        after: Callable[[str, Trace], None] | None = None) -> Trace:
    """Apply passes in order; ``after`` sees the trace after each, with the pass's name."""
    for name, apply in passes:
        trace = apply(trace)
        if after is not None:
            after(name, trace)
    return trace
