"""Kernels compiled by Numba, and what happens where Numba cannot.

A kernel's text for Numba is ordinary Python in which every function carries ``@njit``.  Numba compiles it when it is
called, for the types of the arguments.  If it refuses, the kernel warns with Numba's reason and the line it is about,
and runs the text for NumPy from then on.

Numba raises ZeroDivisionError wherever a number is divided by zero, NumPy only for Python's floats, not for its own.
So such a call is done again by the text for NumPy, which raises or gives infinity as the user's function would.  So is
one that raises a whole number to a negative power, which Numba takes for a whole number, and one that goes through
axes of different lengths together: NumPy says what is wrong, or broadcasts a slice that has turned out to be shorter.
"""

from __future__ import annotations

import functools
import linecache
import re
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.build.kernel import Kernel, Program, build
from s2sad.errors import FallbackWarning, MachineRefusal
from s2sad.frontend.signature import Spec

# What the helper `same_length` raises.
LENGTHS = "operands could not be broadcast together"


def machine_kernel(program: Program, specs: Mapping[str, Spec], level: str, use_cache: bool) -> Kernel:
    """The kernel of a program that Numba compiles."""
    if program.copy and program.steps and program.steps[-1].kind == "pullback":
        return _in_two_parts(program, specs, level, use_cache)
    try:
        kernel = build(program, specs, level, use_cache, "numba")
    except MachineRefusal as refusal:
        warn(getattr(program.base, "__name__", "the derivative"), str(refusal))
        return build(program, specs, level, use_cache)
    plain = functools.lru_cache(maxsize=1)(lambda: build(program, specs, level, use_cache).fn)
    # What has begun to change the caller's arrays cannot be done again.
    again = program.copy or not kernel.written
    return replace(kernel, fn=MachineFunction(kernel.fn, plain, again))


def _in_two_parts(program: Program, specs: Mapping[str, Spec], level: str, use_cache: bool) -> Kernel:
    """A function and its pullback, which runs the forward sweep again: Numba's functions make no functions."""
    *steps, last = program.steps
    before = replace(program, steps=tuple(steps))
    first = machine_kernel(before, specs, level, use_cache)
    if first.acts:
        # What is to be done once cannot be done by each call of the pullback.
        return build(program, specs, level, use_cache)
    joint = machine_kernel(before.then(replace(last, kind="vjp")), specs, level, use_cache)

    def whole(*args: Any, **numbers: Any) -> Any:
        def pullback(*seed: Any) -> Any:
            return joint.fn(*args, *seed, **{name: numbers[name] for name, _ in joint.numbers})[1]

        return first.fn(*args, **{name: numbers[name] for name, _ in first.numbers}), pullback

    numbers = dict((*first.numbers, *joint.numbers))
    return replace(joint, fn=whole, numbers=tuple(numbers.items()), guards=(*first.guards, *joint.guards))


class MachineFunction:
    """A function for Numba, with the one for NumPy to fall back on."""

    def __init__(self, compiled: Callable[..., Any], get_plain: Callable[[], Callable[..., Any]], again: bool) -> None:
        self.compiled, self.get_plain, self.again = compiled, get_plain, again
        self.refused = False
        # What a method is bound to is put in by a partial, which has no name.
        self.__name__ = getattr(compiled, "func", compiled).__name__
        functools.update_wrapper(self, compiled)

    @property
    def __s2sad_primal__(self) -> Callable[..., Any]:
        """What a derivative of this function is a derivative of."""
        return self.get_plain()

    def __call__(self, *args: Any, **numbers: Any) -> Any:
        if self.refused:
            return self.get_plain()(*args, **numbers)
        try:
            return self.compiled(*map(_number, args), **numbers)
        except Exception as error:
            if raised_by_numba(error):
                self.refused = True
                warn(self.__name__, reason(error))
            elif self.again and str(error) == "the items of a tape differ in shape":
                self.refused = True
                warn(self.__name__, str(error))
            elif not (self.again and (isinstance(error, ZeroDivisionError) or str(error) == LENGTHS)):
                raise
        return self.get_plain()(*args, **numbers)


def raised_by_numba(error: Exception) -> bool:
    """Whether an exception comes from Numba's compiler, not from the function it has compiled."""
    found = error.__traceback__
    while found is not None:
        if found.tb_frame.f_globals.get("__name__", "").partition(".")[0] in ("numba", "llvmlite"):
            return True
        found = found.tb_next
    return "unresolved symbol" in str(error)


def warn(name: str, why: str) -> None:
    """Say that a derivative runs as NumPy code, in the place of the user's that called for it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "s2sad":
        frame, level = frame.f_back, level + 1
    warnings.warn(f"{name} runs as NumPy code, not compiled by Numba: {why}", FallbackWarning, stacklevel=level)


def _number(a: Any) -> Any:
    """An array without axes as the number in it."""
    return a[()] if type(a) is np.ndarray and a.ndim == 0 else a


def reason(error: Exception) -> str:
    """What Numba says, on one line, and the last line of generated code it names.

    >>> print(reason(ValueError('Failed in nopython mode pipeline\\nNo way.\\n\\nFile "f.py", line 2:\\n<source>')))
    No way. (f.py:2)
    """
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Failed in", "File ", "During:", "<source", ">>>", "- "))]
    place = ""
    found = re.findall(r'File "([^"]+)", line (\d+)', text)
    if found:
        file, number = found[-1]
        source = linecache.getline(file, int(number)).strip()
        place = f" ({file}:{number}{': ' + source if source else ''})"
    return (said[0] if said else type(error).__name__) + place
