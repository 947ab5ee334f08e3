"""Reverse mode: a trace with its adjoints, Trace → Trace.

The forward sweep is the primal.  The reverse sweep visits its statements backwards: ``z = f(x, y)`` gives
``x_bar += z_bar·∂f/∂x``, a branch becomes a branch on the same condition, a loop becomes a loop over the same
iterations in the opposite order that carries the adjoints of what the primal loop carries and of the outer variables
it reads.

The statements of the reverse sweep refer to primal variables wherever these are defined, in loops and branches too:
mirrored loops and branches are *twins* of the primal ones.  `s2sad.passes.record` makes these references legal.

Source: Griewank and Walther, "Evaluating Derivatives", 2nd ed., sections 3.2 and 4.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from s2sad.analysis.activity import active, maybe_none, returns, varied
from s2sad.analysis.draws import refuse_moving_draws
from s2sad.analysis.globals import refuse_moving_globals
from s2sad.passes import TIDY, run
from s2sad.passes.family import Family, called, flat_function, leaf_keys, map_tree, seed_inputs, tree_leaves
from s2sad.passes.inline import inlined
from s2sad.passes.missing import none_for_missing
from s2sad.passes.parts import with_all_parts
from s2sad.passes.raises import raises_as_effects
from s2sad.passes.record import record
from s2sad.passes.returns import join_returns
from s2sad.reverse.custom import forward_call, without_identities
from s2sad.reverse.restore import old_values
from s2sad.reverse.sweep import Sweep, as_primal
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, UNDEF, Block, Call, Leaf, Lit, Node, Op, Return, Stmt, Trace, Tree, Var
from s2sad.trace.types import Residual, Type, Unknown, is_differentiable, is_scalar_like, moving
from s2sad.trace.walk import blocks_of, definitions, free_vars, with_blocks


def reverse(trace: Trace, wrt: Sequence[bool], outputs: Sequence[int] | None = None, spelled: bool = False) -> Trace:
    """The adjoint of a trace: ``(x…, y_bar) → (y, x_bar…)``, with linked references (run `record` afterwards).

    `wrt` says for each of the trace's params whether its adjoint is wanted.  The result is the pair of the original
    result and the adjoints: bare if they belong to one argument, else a tuple with one entry per argument.  `outputs`
    are the result leaves that get a seed (default: all that are differentiable).  If it is `spelled` out, what an
    operation hands on unchanged gets a name, too: ``y = v1 + v2`` gives ``v1_bar = y_bar``, ``v2_bar = y_bar``.
    """
    family = Family(trace, spelled)
    return family.finish(_reverse(trace, wrt, family, early=True, outputs=outputs))


def _reverse(trace: Trace, wrt: Sequence[bool], family: Family, early: bool,
             outputs: Sequence[int] | None = None) -> Trace:
    wanted = [p for p, w in zip(trace.params, wrt) if w and is_differentiable(p.type)]
    trace = with_all_parts(replace(trace, body=raises_as_effects(trace.body)))
    moving = varied(trace, wanted)
    refuse_moving_draws(trace, moving)
    refuse_moving_globals(trace, moving, family.program)
    trace = join_returns(trace, lambda ret: early and not any(isinstance(v, Var) and v in moving for v in ret.values))
    # A loop that has been left to return or to raise is followed by a branch that does so.
    trace = replace(trace, body=raises_as_effects(trace.body))
    trace = _augment_calls(trace, wanted, family)
    trace, olds = old_values(trace)
    ends = returns(trace.body)
    width = len(ends[0].values) if ends else 0
    leaves = [k for k in range(width) if (outputs is None or k in outputs)
              and any(is_differentiable(type_of(e.values[k])) for e in ends)]
    keys = leaf_keys(trace.result)
    seeds = {k: Var(_leaf_type(ends, k), f"{_leaf_name(ends, k, keys.get(k, 'result'))}_bar") for k in leaves}

    def inner(f: Trace, wrt: Sequence[bool], outputs: Sequence[int] | None) -> Trace:
        return _reverse(f, wrt, family, early=False, outputs=outputs)

    maker = Sweep(family, trace, wanted, seeds, olds, inner, early)
    body = without_identities(maker.function(trace.body), family)
    tree = map_tree(trace.result, {k: len(trace.params) + j for j, k in enumerate(seeds)})
    made = []
    if tree is not None:
        lone = seeds[tree_leaves(trace.result)[0]] if isinstance(tree, Leaf) else None
        unit = lone is not None and (is_scalar_like(lone.type) or isinstance(lone.type, Unknown))
        made.append((lone.hint if lone is not None else "result_bar", tree, Lit(1.0) if unit else UNDEF))
    places = {k: width + wanted.index(p) for k, p in enumerate(trace.params) if p in wanted}
    bars = [called(t, i.name, "_bar") for i in trace.inputs if (t := map_tree(i.tree, places)) is not None]
    bar_tree: Tree = bars[0] if len(bars) == 1 else Node("tuple", tuple(bars))
    return inlined(Trace(f"{trace.name}_vjp", seed_inputs(trace.inputs, made), (*trace.params, *seeds.values()), body,
                         Node("tuple", (trace.result, bar_tree)), (), trace.site, comments=trace.comments,
                         remarks=trace.remarks, given=tuple(range(width)) if trace.given is None else trace.given),
                   family.traces)


def _leaf_name(ends: Sequence[Return], k: int, otherwise: str) -> str:
    names = {v.hint if v.is_named else "" for v in (e.values[k] for e in ends) if isinstance(v, Var)}
    return names.pop() if len(names) == 1 and "" not in names else otherwise


def _leaf_type(ends: Sequence[Return], k: int) -> Type:
    types = [type_of(e.values[k]) for e in ends if is_differentiable(type_of(e.values[k]))]
    return moving(types[-1])


def _augment_calls(trace: Trace, wanted: Sequence[Var], family: Family) -> Trace:
    """Let every active call also return what its reverse sweep will need."""
    live = active(trace, wanted)

    def go(block: Block) -> Block:
        return Block(tuple(stmt(s) for s in block.stmts), block.end)

    def stmt(s: Stmt) -> Stmt:
        if not isinstance(s, Call):
            return with_blocks(s, tuple(map(go, blocks_of(s))))
        if family.traces[s.callee].custom is not None:
            return forward_call(family, s, live)
        pattern = tuple(isinstance(a, Var) and a in live for a in s.args)
        if not any(pattern) or not any(t in live for t in s.targets):
            return s
        name = split_call(family, s.callee, pattern)
        t = Var(Residual(name), "tape")
        return replace(s, targets=(*s.targets, t), callee=name)

    return replace(trace, body=go(trace.body)) if trace.callees or family.traces else trace


def split_call(family: Family, callee: str, pattern: tuple[bool, ...]) -> str:
    """Make the pair ``callee_fwd(x…) → (y…, tape)`` and ``callee_rev(tape, y_bar…) → x_bar…``; return the first name.

    The tape is the tuple of what the reverse sweep reads of the forward sweep.
    """
    key = ("fwd", callee, pattern)
    if key in family.made:
        return family.made[key]
    fwd = family.made[key] = family.reserve(f"{callee}_fwd")
    rev = family.made[("rev", fwd, pattern)] = family.reserve(f"{callee}_rev")
    linked = run(flat_function(_reverse(family.traces[callee], pattern, family, early=False)))
    joint = run(record(linked, NONE), TIDY)
    stmts = joint.body.stmts
    cut = next((k for k, s in enumerate(stmts) if s.sweep == "adjoint"), len(stmts))
    assert isinstance(joint.body.end, Return)
    n_bars = sum(w and is_differentiable(p.type) for w, p in zip(pattern, joint.params))
    n_results = len(joint.body.end.values) - n_bars
    n_params = len(family.traces[callee].params)
    results, bars = joint.body.end.values[:n_results], joint.body.end.values[n_results:]
    first, second = Block(stmts[:cut], None), Block(stmts[cut:], Return(bars))
    known = {*definitions(first), *joint.params[:n_params]}
    kept = [v for v in free_vars(second) if v in known]
    tape = Var(Residual(fwd), "tape")
    pack = Op(tape, "pack", tuple(kept), (), joint.site, "primal")
    first = none_for_missing(first, kept)
    missing = maybe_none(first)
    family.put(flat_function(replace(joint, params=joint.params[:n_params], body=Block((*first.stmts, pack),
               Return((*results, tape))), result=Node("tuple", tuple(Leaf(k) for k in range(n_results + 1))))), fwd)
    unpacks = tuple(Op(v, "unpack", (tape,), (("item", Lit(k)), *((("missing", Lit(True)),) if v in missing else ())),
                       joint.site, "primal") for k, v in enumerate(kept))
    rev_result: Tree = Node("tuple", tuple(Leaf(k) for k in range(n_bars)))
    family.put(flat_function(replace(joint, params=(tape, *joint.params[n_params:]), result=rev_result,
               body=Block((*unpacks, *(as_primal(s) for s in second.stmts)), second.end))), rev)
    return fwd

