"""The derivative transformations of a trace, one after the other.

A `Step` says which derivative is made of a function; a sequence of steps is a higher-order derivative, each step
applied to the trace the one before has left.  `stages` is the pipeline of one step, from top to bottom.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from s2sad.analysis.activity import returns
from s2sad.emit.module import with_free_names
from s2sad.errors import ArgumentError
from s2sad.forward import forward
from s2sad.frontend.steps import Step
from s2sad.passes import PIPELINE, TIDY
from s2sad.passes.cse import cse
from s2sad.passes.early import read_early
from s2sad.passes.family import tree_leaves, with_own_name
from s2sad.passes.fuse import fuse
from s2sad.passes.handover import survey
from s2sad.passes.inline import without_custom
from s2sad.passes.latest import ask_latest
from s2sad.passes.machine import for_machine
from s2sad.passes.models import without_models
from s2sad.passes.own import own
from s2sad.passes.record import Decisions, record
from s2sad.passes.starts import with_starts
from s2sad.passes.stops import without_stops
from s2sad.reverse import reverse
from s2sad.rules.builder import Builder, type_of
from s2sad.trace.ir import Arg, Block, Const, Leaf, Lit, Node, Op, Return, Stmt, Trace, Tree, Var
from s2sad.trace.types import Array, Scalar, is_differentiable, kind_of, rank
from s2sad.trace.walk import blocks_of, free_vars, has_narrow_floats, substitute, targets_of, with_blocks

ALGEBRA = ("constants", "simplify", "cse", "masks", "early", "stores")


def leaves_of(trace: Trace, wrt: tuple[int, ...]) -> list[bool]:
    """For each param of a trace, whether it belongs to one of the inputs at the positions ``wrt``."""
    chosen = {k for position in wrt for k in tree_leaves(trace.inputs[position].tree)}
    return [k in chosen for k in range(len(trace.params))]


def stages(trace: Trace, step: Step, level: str = "source", decided: Decisions | None = None,
           last: bool = True) -> Iterator[tuple[str, Trace]]:
    """The traces of one step under the names of the passes that made them; the last is the derivative.

    At the level ``trace`` there is no algebra: each operation has the derivative of the textbook.  What is recorded,
    and what is computed again, is told to ``decided``.  After the ``last`` step nobody asks for rules any more.
    """
    wrt = leaves_of(trace, step.wrt)
    # The seeds of the steps before are arguments like any other now.
    trace = source = replace(with_starts(trace), inputs=tuple(
        replace(i, kind="argument") if i.kind == "seed" else i for i in trace.inputs))
    if level == "source":
        # What the primal computes twice has one derivative.
        trace = cse(trace)
        yield "share", trace
    own, contents = parted(trace)
    if isinstance(own, Const) and own.value is None:
        raise ArgumentError(f"{trace.name} returns nothing and changes none of its arguments: there is nothing to "
                            "differentiate")
    if step.kind == "jvp":
        trace = joined(forward(replace(trace, result=own), wrt, tree_leaves(own)), contents, source.left)
        yield "forward", trace
    else:
        is_gradient = step.kind in ("grad", "value_and_grad")
        outputs = gradient_outputs(trace, own, step) if is_gradient else tree_leaves(own)
        if is_gradient:
            check_kinds(trace, own, step, [p for p, w in zip(trace.params, wrt) if w])
        trace = joined(reverse(replace(trace, result=own), wrt, outputs), contents, source.left)
        yield "reverse", trace
        if is_gradient:
            trace = gradient(source, trace, step)
            yield "gradient", trace
    if last and (plain := without_custom(trace)) is not trace:
        trace = plain
        yield "plain", trace
    for name, run in PIPELINE:
        if level == "source" or name not in ALGEBRA:
            trace = run(trace)
            yield name, trace
    linked = trace
    if step.kind not in ("jvp", "pullback") and level == "source":
        # A pullback gets its seeds when the forward sweep is over; a textbook keeps its sweeps apart.
        trace = fuse(trace)
        yield "fuse", trace
    if step.kind != "jvp":
        trace = record(trace, decided=decided)
        yield "record", trace
        for name, run in TIDY if trace is not linked else ():
            if level == "source" or name not in ALGEBRA:
                trace = run(trace)
                yield f"{name} again", trace
    if step.kind == "pullback":
        trace = parted_from_pullback(trace)
    yield "document", replace(trace, doc=describe(source, trace, step), split=step.kind == "pullback")


def parted(trace: Trace) -> tuple[Tree, Tree | None]:
    """The function's own result, and the final contents that it leaves, if it is to leave them."""
    if not trace.left:
        return trace.result, None
    assert isinstance(trace.result, Node)
    own, contents = trace.result.items
    return own, contents


def joined(trace: Trace, contents: Tree | None, left: tuple[int, ...]) -> Trace:
    """A derivative that also leaves the final contents that its primal leaves."""
    return trace if contents is None else replace(trace, result=Node("tuple", (trace.result, contents)), left=left)


def parted_from_pullback(trace: Trace) -> Trace:
    """A function and its pullback, which may yet read the arguments: the contents are returned beside the result."""
    pair, contents = parted(trace)
    if contents is None:
        return trace
    assert isinstance(pair, Node)
    primal, bars = pair.items
    return replace(trace, result=Node("tuple", (Node("tuple", (primal, contents)), bars)), left=())


def transform(trace: Trace, step: Step, level: str = "source", last: bool = True) -> Trace:
    """The derivative of a trace."""
    for _, made in stages(trace, step, level, last=last):
        trace = made
    return trace


def finished(trace: Trace, target: str = "numpy") -> Trace:
    """A derivative ready to be emitted: every buffer that is written to, or handed out, belongs to it."""
    named = with_own_name(replace(without_custom(trace), inplace=trace.left))
    owned = stored(own(ask_latest(read_early(without_models(without_stops(named))))))
    if target == "numba":
        owned = for_machine(owned)
    return with_free_names(owned, [c.name for c in owned.callees])


def stored(trace: Trace) -> Trace:
    """A function that ends by storing the final contents in the caller's arrays, instead of returning them."""
    result, contents = parted(trace)
    if contents is None:
        return trace
    places = dict(zip(tree_leaves(contents), trace.left))
    kept = tree_leaves(result)
    facts = survey(trace.body)

    def inside(block: Block) -> Block:
        stmts = [with_blocks(s, tuple(map(inside, blocks_of(s)))) for s in block.stmts]
        end = block.end
        if isinstance(end, Return):
            sweep = "adjoint" if any(s.sweep == "adjoint" for s in stmts) else "primal"
            for k, place in places.items():
                p = trace.params[place]
                if not facts.lies_in(end.values[k], p):
                    stmts.append(Op(Var(p.type, p.hint), "setitem", (p, end.values[k]), (("index", Lit(...)),),
                                    trace.site, sweep, "left"))
            end = Return(tuple(end.values[k] for k in kept))
        return Block(tuple(stmts), end)

    renumber = {old: new for new, old in enumerate(kept)}
    return replace(trace, body=inside(trace.body), result=renumbered(result, renumber), left=(),
                   given=None if trace.given is None else tuple(renumber[k] for k in trace.given))


def gradient_outputs(trace: Trace, tree: Tree, step: Step) -> list[int]:
    """The one result leaf a gradient starts from; refuses results that are not a number."""
    if step.has_aux:
        if not (isinstance(tree, Node) and len(tree.items) == 2):
            raise ArgumentError(f"{trace.name}: has_aux=True needs a function that returns a pair (value, aux)")
        tree = tree.items[0]
    if not isinstance(tree, Leaf):
        what = "a " + tree.kind if isinstance(tree, Node) else "no number"
        raise ArgumentError(f"grad needs a function with one scalar result, and {trace.name} returns {what}; "
                            "use jacrev or vjp" + ", or has_aux=True if only the first counts" * (what == "a tuple"))
    types = [type_of(ret.values[tree.index]) for ret in returns(trace.body)]
    for t in types:
        if rank(t) not in (0, None):
            raise ArgumentError(f"grad needs a function with a scalar result, and {trace.name} returns an array of "
                                f"rank {rank(t)}; use jacrev for its Jacobian, or sum the result")
    if not any(is_differentiable(t) for t in types):
        raise ArgumentError(f"grad needs a function with a float result, and {trace.name} returns {types[0]!r}")
    return [tree.index]


def check_kinds(trace: Trace, tree: Tree, step: Step, wanted: Sequence[Var]) -> None:
    """Refuse a gradient of a complex result, unless it is said to be holomorphic; then all is to be complex."""
    result, = gradient_outputs(trace, tree, step)
    is_complex = any(kind_of(type_of(ret.values[result])) == "complex" for ret in returns(trace.body))
    if is_complex and not step.holomorphic:
        raise ArgumentError(f"grad needs a function with a real result, and that of {trace.name} is complex: take "
                            "np.real, np.imag or np.abs of it; pass holomorphic=True for the complex derivative of a "
                            "holomorphic function; or use vjp")
    if step.holomorphic and not (is_complex and all(kind_of(p.type) == "complex" for p in wanted)):
        raise ArgumentError(f"holomorphic=True is for functions from complex numbers to complex numbers; {trace.name} "
                            "has a real result or argument")


def gradient(source: Trace, trace: Trace, step: Step) -> Trace:
    """An adjoint whose seed is 1 and which returns the adjoints only (and the value, and aux, if asked for)."""
    pair, contents = parted(trace)
    assert isinstance(pair, Node)
    primal, bars = pair.items
    values = primal.items if step.has_aux and isinstance(primal, Node) else (primal,)
    if step.kind == "value_and_grad":
        result: Tree = Node("tuple", (primal, bars))
    else:
        result = Node("tuple", (bars, *values[1:])) if step.has_aux else bars
    if contents is not None:
        result = Node("tuple", (result, contents))
    b = Builder("adjoint")
    mapping: dict[Var, Arg] = {}
    for seed in trace.params[len(source.params):]:
        narrow = isinstance(seed.type, Array) and seed.type.dtype != "?" and has_narrow_floats(source.body)
        one = b.op("cast", Lit(1.0), dtype=Lit(seed.type.dtype), type=seed.type) if narrow and isinstance(
            seed.type, Array) else Lit(1.0)
        mapping[seed] = one
    body = substitute(trace.body, mapping)
    kept = tree_leaves(result)
    renumber = {old: new for new, old in enumerate(kept)}
    body = select(_begun(body, b.stmts) if b.stmts else body, kept)
    if step.holomorphic:
        body = conjugated(body, [renumber[k] for k in tree_leaves(bars)])
    named = with_own_name(replace(trace, name=f"{source.name}_{step.kind}"))
    return replace(named, body=body, result=renumbered(result, renumber),
                   given=tuple(renumber[k] for k in trace.given or () if k in renumber), params=source.params,
                   inputs=tuple(i for i in trace.inputs if i in source.inputs))


def _begun(block: Block, seeds: Sequence[Stmt]) -> Block:
    """A block with statements put where its reverse sweep begins."""
    at = next((k for k, s in enumerate(block.stmts) if s.sweep == "adjoint"), len(block.stmts))
    last = block.stmts[-1] if block.stmts and block.end is None else None
    if at < len(block.stmts) or last is None:
        return Block((*block.stmts[:at], *seeds, *block.stmts[at:]), block.end)
    made = {v for s in seeds for v in targets_of(s)}
    sides = (_begun(side, seeds) if made & free_vars(side).keys() else side for side in blocks_of(last))
    return Block((*block.stmts[:-1], with_blocks(last, tuple(sides))), None)


def conjugated(block: Block, places: Sequence[int]) -> Block:
    """A body that returns the conjugates of some of its values: the adjoint of ``f`` is the conjugate of ``f'``."""
    stmts = tuple(with_blocks(s, tuple(conjugated(inner, places) for inner in blocks_of(s))) for s in block.stmts)
    if not isinstance(block.end, Return):
        return Block(stmts, block.end)
    b = Builder("adjoint")
    values = list(block.end.values)
    for k in places:
        v = values[k]
        if isinstance(v, Var):
            values[k] = b.op("conjugate" if isinstance(v.type, Scalar) else "np.conj", v, hint=v.hint, type=v.type)
    return Block((*stmts, *b.stmts), Return(tuple(values)))


def renumbered(tree: Tree, renumber: dict[int, int]) -> Tree:
    """A structure with other numbers for its leaves."""
    if isinstance(tree, Leaf):
        return Leaf(renumber[tree.index])
    if isinstance(tree, Node):
        return replace(tree, items=tuple(renumbered(t, renumber) for t in tree.items))
    return tree


def select(block: Block, kept: list[int]) -> Block:
    """A body that returns some of its values only."""
    stmts = tuple(with_blocks(s, tuple(select(b, kept) for b in blocks_of(s))) for s in block.stmts)
    end = Return(tuple(block.end.values[k] for k in kept)) if isinstance(block.end, Return) else block.end
    return Block(stmts, end)


def describe(source: Trace, trace: Trace, step: Step) -> str:
    """The docstring of a derivative: what it is, of what, and what it returns.

    One sentence with the place of the primal, then the result in the notation of the code.
    """
    place = f"{os.path.basename(source.site.file)}:{source.site.line}" if source.site.file else "no file"
    arguments = [i for i in source.inputs if i.kind == "argument"]
    chosen = [source.inputs[k].name for k in step.wrt]
    whole = set(chosen) >= {i.name for i in arguments}
    what = {"jvp": "Tangent", "vjp": "Adjoint", "pullback": "Split adjoint", "grad": "Gradient",
            "value_and_grad": "Value and gradient"}[step.kind]
    head = f"{what} of {source.name} ({place}){'' if whole else ' in ' + ', '.join(chosen)}."
    if source.outputs:
        return f"{head}  {_about_contents(source, trace, step, chosen)}"
    result = _result_name(source)
    bars = [f"{n}_bar" for n in chosen]
    partials = [f"d{result}/d{n}" for n in chosen]
    simple = result not in ("result", *chosen) and isinstance(source.result, Leaf) and all(
        isinstance(source.inputs[k].tree, Leaf) for k in step.wrt)
    named = result if result != "result" else "the result"
    if step.kind == "jvp":
        total = f" = {' + '.join(f'{p} {n}_dot' for p, n in zip(partials, chosen))}" if simple else ""
        return f"{head}  Return {named} and {result}_dot{total}."
    if step.kind == "pullback":
        to = bars[0] if len(bars) == 1 else f"({', '.join(bars)})"
        return f"{head}  Return {named} and pullback: {result}_bar -> {to}."
    if step.kind == "vjp":
        if len(bars) == 1:
            total = f"{bars[0]} = {result}_bar {partials[0]}" if simple else bars[0]
        else:
            left = f"({', '.join(bars)})"
            total = f"{left} = {result}_bar ({', '.join(partials)})" if simple else left
        return f"{head}  Return {named} and {total}."
    what_bars = bars[0] if len(bars) == 1 else f"({', '.join(bars)})"
    return f"{head}  Return {what_bars}." if step.kind == "grad" else f"{head}  Return {named} and {what_bars}."


def _about_contents(source: Trace, trace: Trace, step: Step, chosen: Sequence[str]) -> str:
    """What the derivative of a function returns whose result is the final contents of arguments."""
    final = "the final " + _several(source.outputs)
    both = [n for n in source.outputs if n in chosen]
    if step.kind == "jvp":
        dots = _several([f"{n}_dot" for n in source.outputs])
        return f"Return {final} and {dots}{_twice([f'{n}_dot' for n in both], 'initial', 'final')}."
    bars = _several([f"{n}_bar" for n in chosen])
    seeds = [i.name for i in trace.inputs[len(source.inputs):] if i.kind == "seed"]
    if step.kind == "pullback":
        given = seeds[0] if seeds else "result_bar"
        return f"Return {final} and pullback: {given} -> {bars}, of the final -> of the initial contents."
    if step.kind == "grad":
        return f"Return {bars}."
    if step.kind == "value_and_grad":
        return f"Return {final} and {bars}."
    return f"Return {final} and {bars}{_twice([f'{n}_bar' for n in both], 'final', 'initial')}."


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _twice(names: Sequence[str], first: str, then: str) -> str:
    """Which contents derivatives belong to that are both given and returned."""
    if not names:
        return ""
    verb = "belongs" if len(names) == 1 else "belong"
    return f"; {' and '.join(names)} {verb} to the {first} contents on entry, to the {then} ones on return"


def _result_name(trace: Trace) -> str:
    if not isinstance(trace.result, Leaf):
        return "result"
    values = [ret.values[trace.result.index] for ret in returns(trace.body)]
    names = {v.hint if v.is_named else "" for v in values if isinstance(v, Var)}
    return names.pop() if len(names) == 1 and len(values) == 1 and "" not in names else "result"
