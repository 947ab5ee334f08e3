"""Every stage of a derivation leaves a valid trace, for every program of some corpus modules and both modes."""

from __future__ import annotations

import pytest

from s2sad.build.base import base_of, specify, with_static
from s2sad.build.kernel import placed, whole_signature
from s2sad.build.primal import lowered_base
from s2sad.build.transform import finished, stages
from s2sad.frontend.specialise import Specialise
from s2sad.frontend.steps import Step
from s2sad.trace.validate import validate
from tests import corpus
from tests.programs import branches, calls, exits, ideal, loops, whiles

CASES = [case for module in (ideal, branches, loops, whiles, exits, calls) for case in module.CASES]


def lowered(case, kind):
    """The primal trace of a case, and the step as it is placed among its inputs."""
    base = base_of(case.fn)
    values = dict(zip(base.names, corpus.completed(case.fn, case.arguments())))
    specs = {name: specify(value, name) for name, value in values.items()}
    while True:
        signature = whole_signature(base, specs)
        try:
            return lowered_base(base, signature)[0].trace, placed(Step(kind, tuple(case.wrt)), base, signature)
        except Specialise as need:
            specs[need.name] = with_static(specs[need.name], values[need.name])


@pytest.mark.parametrize("kind", ["jvp", "vjp", "pullback"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_stage_is_a_valid_trace(case: corpus.Case, kind: str) -> None:
    trace, step = lowered(case, kind)
    validate(trace)
    recorded = kind == "jvp"
    for name, made in stages(trace, step):
        recorded = recorded or name == "record"
        validate(made, linked=not recorded)
        for callee in made.callees:
            validate(callee)
    validate(finished(made))
