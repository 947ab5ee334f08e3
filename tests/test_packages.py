"""Functions of PyPI packages as they are installed: value and gradient against differences.

Each is skipped where its package is absent; ``python -m benchmarks.packages`` takes all of them.
"""

from __future__ import annotations

import importlib
from functools import cache

import pytest

from benchmarks import packages

SAMPLE = """
fluids.atmosphere.airmass
fluids.compressible.isentropic_work_compression
fluids.control_valve.control_valve_noise_l_2015
fluids.core.Reynolds
fluids.drag.Barati_high
fluids.drag.v_terminal
fluids.filters.round_edge_screen
fluids.fittings.bend_rounded_Crane
fluids.fittings.diffuser_conical
fluids.fittings.Hooper2K
fluids.flow_meter.C_Reader_Harris_Gallagher
fluids.flow_meter.flow_meter_discharge
fluids.friction.friction_factor
fluids.geometry.SA_partial_sphere
fluids.geometry.V_horiz_guppy
fluids.mixing.size_tee
fluids.open_flow.Q_weir_V_Shen
fluids.packed_bed.Hicks
fluids.packed_tower.Robbins
fluids.particle_size_distribution.pdf_lognormal
fluids.piping.gauge_from_t
fluids.pump.CSA_motor_efficiency
fluids.safety_valve.API520_round_size
fluids.saltation.Rizk
fluids.separator.K_separator_Watkins
fluids.two_phase.Beggs_Brill
fluids.two_phase.Friedel
fluids.two_phase_voidage.liquid_gas_voidage
numpy_financial.fv
numpy_financial.pmt
transforms3d.axangles.axangle2aff
transforms3d.euler.mat2euler
transforms3d.shears.striu2mat
transforms3d.taitbryan.euler2mat
""".split()


@cache
def examples(package: str) -> dict[str, packages.Example]:
    return {example.name: example for example in packages.examples(package)}


@pytest.mark.parametrize("name", SAMPLE)
def test_package(name: str) -> None:
    package = name.partition(".")[0]
    pytest.importorskip(package)
    found = examples(package)
    short = name.rpartition(".")[2]
    if name not in found:
        pytest.skip(f"this {importlib.import_module(package).__name__} has no example of {short}")
    outcome = packages.judge(found[name])
    assert outcome.status == "right", f"{outcome.why} {outcome.place}"


def test_construct() -> None:
    outcomes = [packages.Outcome("p.f", "refused", "'x' of a dict is not supported here", "p/f.py:1:2"),
                packages.Outcome("p.g", "refused", "'y' of a dict is not supported here", "p/f.py:3:2"),
                packages.Outcome("p.h", "right"), packages.Outcome("p.i", "rough", "x: does not settle")]
    text = packages.report(outcomes)
    assert text.startswith("4 functions: 2 derive, 1 right")
    assert "33.3 % of the 3" in text and "    2  '…' of a dict is not supported here" in text
