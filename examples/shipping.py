"""Shipping a derivative: what s2sad writes is a file that does without s2sad.

An epidemic after W. O. Kermack and A. G. McKendrick, "A contribution to the mathematical theory of epidemics", Proc.
R. Soc. A 115 (1927): the gradient of a misfit of the model by its two rates is written to a file by the command line,
which neither imports nor runs this file.  Then a Python in which s2sad cannot be imported, with NumPy alone, computes
with it.

The run prints the file, compares the numbers of that other Python with those of this one, shows that the same input
gives the same text byte for byte, and, where Numba is installed, times the text that s2sad writes for it.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

import s2sad

HERE = Path(__file__)
TYPES = "infection: float, recovery: float, cases: f8[:]"
ELSEWHERE = """
import json, sys
sys.modules["s2sad"] = None                         # from here on to import it fails
import numpy as np
from misfit_vjp import misfit_vjp
cases, rates = json.load(sys.stdin)
value, slopes = misfit_vjp(*rates, np.array(cases))
print(json.dumps([value, *slopes]))
"""


def misfit(infection, recovery, cases):
    """Squares of the differences between the cases of each day and those of the model."""
    susceptible, ill, total = 0.99, 0.01, 0.0
    for day in range(len(cases)):
        new = infection * susceptible * ill
        susceptible -= new
        ill += new - recovery * ill
        total += (new - cases[day]) ** 2
    return total


def load(path: Path) -> ModuleType:
    """The module in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ship(path: Path, *options: str) -> str:
    """Write the adjoint of the misfit to a file by the command line; return its text."""
    words = "grad", f"{HERE}:misfit", "--wrt", "infection,recovery", "--types", TYPES, *options, "-o", str(path)
    subprocess.run((sys.executable, "-m", "s2sad", *words), check=True)
    return path.read_text()


def elsewhere(folder: str, *given: object) -> np.ndarray:
    """The numbers of the file in a folder, computed by a Python that has no s2sad."""
    run = subprocess.run((sys.executable, "-c", ELSEWHERE), input=json.dumps(given), cwd=folder, text=True,
                         stdout=subprocess.PIPE, check=True)
    return np.array(json.loads(run.stdout))


def faster(folder: str, plain: Callable[..., object], *args: object) -> float | None:
    """How many times faster the text for Numba is than the plain one; None without Numba."""
    if importlib.util.find_spec("numba") is None:
        return None
    ship(Path(folder) / "compiled.py", "--backend", "numba")
    compiled = load(Path(folder) / "compiled.py").misfit_vjp
    assert np.allclose(np.hstack(compiled(*args)), np.hstack(plain(*args)), rtol=1e-12)
    slow, fast = (min(timeit.repeat(lambda f=f: f(*args), number=50, repeat=7)) for f in (plain, compiled))
    return slow / fast


def main() -> None:
    rates, cases = (0.5, 0.3), 0.02 * np.exp(-(((np.arange(60.0) - 25.0) / 10.0) ** 2))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "misfit_vjp.py"
        text = ship(path)
        print(text)
        again = ship(path), s2sad.derive(misfit, wrt=("infection", "recovery"), types=TYPES).source
        there = elsewhere(folder, cases.tolist(), rates)
        speed = faster(folder, load(path).misfit_vjp, *rates, cases)
    value, slopes = s2sad.value_and_grad(misfit, wrt=("infection", "recovery"))(*rates, cases)
    s2sad.check_grads(misfit, (*rates, cases), order=1)

    difference = np.max(np.abs(there - (value, *slopes)))
    print(f"{len(text.splitlines())} lines, twice the same byte for byte, give the same numbers without s2sad "
          f"(difference {difference:.0e})" + (f"; the text for Numba runs {speed:.0f} times as fast" if speed else ""))
    assert again == (text, text) and "s2sad" not in text and difference == 0.0


if __name__ == "__main__":
    main()
