"""The classes that lowering is made of: a method replaces one of an earlier class only where it says so.

It says so by calling ``super()``, or the earlier one only declares it.
"""

from __future__ import annotations

import inspect

from s2sad.frontend.lower import FunctionLowering

# Replaced on purpose: a call whose derivative is given enters in its own way.
MEANT = {("entered", "PythonCalls", "CustomCalls")}


def test_no_method_is_replaced_by_accident() -> None:
    found: set[tuple[str, str, str]] = set()
    owners: dict[str, type] = {}
    for cls in reversed(FunctionLowering.__mro__[:-1]):
        for name, method in vars(cls).items():
            if name.startswith("__") or not inspect.isfunction(method):
                continue
            before = owners.get(name)
            if before is not None and f"super().{name}(" not in inspect.getsource(method):
                declared = "raise NotImplementedError" in inspect.getsource(vars(before)[name])
                if not declared:
                    found.add((name, before.__name__, cls.__name__))
            owners[name] = cls
    assert found == MEANT
