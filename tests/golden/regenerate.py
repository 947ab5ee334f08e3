"""The golden texts and how they are made: ``make golden`` writes them, the tests compare with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import s2sad
from tests.programs import data_objects, data_results, ideal, linear_algebra, network_layers

HERE = Path(__file__).parent

SCALARS = "x1: float, x2: float"
LOGISTIC = "w: f8[:], X: f8[:,:], y: f8[:]"
GOLDEN: dict[str, tuple[Any, dict[str, Any]]] = {
    "f_jvp": (ideal.f, {"mode": "forward", "types": SCALARS}),
    "f_vjp": (ideal.f, {"types": SCALARS}),
    "f_jvp_trace": (ideal.f, {"mode": "forward", "types": SCALARS, "level": "trace"}),
    "f_vjp_trace": (ideal.f, {"types": SCALARS, "level": "trace"}),
    "f_vjp_untyped": (ideal.f, {}),
    "growth_jvp": (ideal.growth, {"mode": "forward", "wrt": "x", "types": "x: float, n: int"}),
    "growth_vjp": (ideal.growth, {"wrt": "x", "types": "x: float, n: int"}),
    "logistic_loss_jvp": (ideal.logistic_loss, {"mode": "forward", "wrt": "w", "types": LOGISTIC}),
    "logistic_loss_vjp": (ideal.logistic_loss, {"wrt": "w", "types": LOGISTIC}),
    "newton_sqrt_jvp": (ideal.newton_sqrt, {"mode": "forward", "types": "a: float"}),
    "newton_sqrt_vjp": (ideal.newton_sqrt, {"types": "a: float"}),
    "logistic_map_vjp": (ideal.logistic_map, {"wrt": ("A", "k"), "types": "A: f8[:], k: float, T: int"}),
    "smooth_jvp": (ideal.smooth, {"mode": "forward", "wrt": "A", "types": "A: f8[:], T: int", "copy": False}),
    "smooth_vjp": (ideal.smooth, {"wrt": "A", "types": "A: f8[:], T: int", "copy": False}),
    "shortest_side_jvp": (ideal.shortest_side, {"mode": "forward", "types": "sides: f8[:]"}),
    "object_grad": (data_objects.dataclass_attributes, {"mode": "grad", "types": (data_objects.LAYER, data_objects.X)}),
    "objects_vjp": (data_objects.list_of_objects, {"types": (data_objects.NETWORK, data_objects.X)}),
    "object_made_jvp": (data_results.dataclass_made, {"mode": "forward", "types": (data_results.S, 0.4)}),
    "root_jvp": (linear_algebra.root, {"mode": "forward", "types": "A: f8[:, :]"}),
    "root_vjp": (linear_algebra.root, {"types": "A: f8[:, :]"}),
    "log_density_vjp": (linear_algebra.log_density, {"types": "x: f8[:], m: f8[:], C: f8[:, :]"}),
    "batch_norm_vjp": (network_layers.batch_norm, {"types": network_layers.CASES[0].args}),
    "shortest_side_vjp": (ideal.shortest_side, {"types": "sides: f8[:]"}),
}


def text(name: str) -> str:
    """The generated source of one golden program."""
    fn, options = GOLDEN[name]
    return s2sad.derive(fn, **options).source


def main() -> None:
    """Write every golden file anew."""
    for name in GOLDEN:
        (HERE / f"{name}.txt").write_text(text(name))


if __name__ == "__main__":
    main()
