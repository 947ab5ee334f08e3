"""Derivatives at given arguments: `jvp`, `vjp`, `linearize`, `hvp`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad.api.dispatch import Dispatch, check_derivatives, check_differentiable, dispatch_for, run
from s2sad.api.operators import chosen_values, program_of
from s2sad.api.rerun import Rerun, rerun
from s2sad.api.sharing import leave
from s2sad.api.stars import for_call
from s2sad.api.trees import copied, fitted, is_differentiable, zeros
from s2sad.build.kernel import Kernel
from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.frontend.steps import Step
from s2sad.frontend.wrt import View, Wrt, one_of


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], *, outputs: Wrt | None = None,
        copy: bool = True,
        backend: str | None = None, **kwargs: Any) -> tuple[Any, Any]:
    """The result of a function and its derivative along a direction: forward mode.

    Args:
        f: any callable that has Python source or a rule.
        primals: the positional arguments.
        tangents: one for each primal, with its structure, shapes and dtypes; None is zero.
        outputs: names or positions of arguments that ``f`` writes to: their final contents are the result.  By default
            that is what ``f`` returns or, if it returns nothing, the final contents of all arrays that it writes to.
            Tangents of primals are those of the initial contents.
        copy: whether the caller's arrays stay as they are; if not, they are left as ``f`` leaves them.
        backend: ``numba`` for machine code, ``numpy`` for none; by default that of ``f``.
        kwargs: keyword arguments of ``f``.

    Returns:
        ``(y, y_dot)``; the tangent has the structure of the result, with None where that has no derivative.

    Raises:
        ArgumentError: (a TypeError) if a tangent has another structure or dtype than its primal, or belongs to an int.
        ValueArgumentError: (a ValueError) if their number or a shape does not fit.

    >>> import math
    >>> jvp(math.exp, (0.0,), (2.0,))
    (1.0, 2.0)
    """
    return _along(f, primals, tangents, outputs, copy, backend, kwargs)


def _along(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], outputs: Wrt | None, copy: bool,
           backend: str | None, kwargs: dict[str, Any], later: Rerun | None = None) -> tuple[Any, Any]:
    """`jvp`; with ``later`` for a program that has run already."""
    primals, tangents = _listed(primals, "primals"), _listed(tangents, "tangents")
    if len(primals) != len(tangents):
        raise ValueArgumentError(f"give one tangent for each primal, None for zero: there are {len(tangents)} tangents "
                                 f"for {len(primals)}")
    f = for_call(f, primals, kwargs)
    program, view, seeds = program_of(f, "jvp", outputs, copy, backend)
    _refuse_seeds(seeds, "jvp")
    base = dispatch_for(program)
    args = base.bind(tuple(primals), kwargs)
    names = base.names
    positional = _positions(base, len(primals))
    wrt, dots = [], []
    for k, (primal, tangent) in zip(positional, zip(primals, tangents)):
        if tangent is not None:
            check_differentiable(primal, names[k], base.name)
            wrt.append(k)
            dots.append(fitted(tangent, primal, names[k], "tangent"))
    if not wrt:
        if later is not None:
            y = later.call(program, ())
        else:
            y = base.call_apart(args) if program.copy else base.call(args)
        return view.show(y), view.show(zeros(y))
    made = program.then(Step("jvp", tuple(wrt)))
    y, y_dot = dispatch_for(made).call(args, tuple(dots)) if later is None else later.call(made, tuple(dots))
    return view.show(y), view.show(y_dot)


def vjp(f: Callable[..., Any], *primals: Any, wrt: Wrt | None = None, argnums: Wrt | None = None,
        outputs: Wrt | None = None, copy: bool = True,
        backend: str | None = None, **kwargs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The result of a function and its pullback: reverse mode, the forward sweep run once.

    Args:
        f: any callable that has Python source or a rule.
        primals: the positional arguments.
        wrt: positions or names of those to differentiate by; by default all that have a derivative.
        argnums: the same as ``wrt``.
        outputs, copy, backend: as for `jvp`; adjoints are those of the initial contents.  The pullback of machine code
            runs the forward sweep again at every call.
        kwargs: keyword arguments of ``f``.

    Returns:
        ``(y, pullback)``.  ``pullback(y_bar)`` takes a cotangent with the structure, shapes and dtypes of ``y`` and
        returns a tuple with one entry for each primal: its adjoint, or None where there is no derivative or it is not
        in ``wrt``.  It may be called many times.

    Raises:
        ArgumentError: (a TypeError) for an argument without derivative, or a cotangent of another structure or dtype.
        ValueArgumentError: (a ValueError) for a cotangent of another shape, or a ``wrt`` that does not exist.

    >>> import math
    >>> y, pullback = vjp(math.exp, 0.0)
    >>> y, pullback(2.0)
    (1.0, (2.0,))
    """
    f = for_call(f, primals, kwargs)
    program, view, seeds = program_of(f, "vjp", outputs, copy, backend)
    _refuse_seeds(seeds, "vjp")
    base = dispatch_for(program)
    args = base.bind(primals, kwargs)
    positional = _positions(base, len(primals))
    wrt = one_of(wrt, argnums)
    if wrt is None:
        positions = tuple(k for k in positional if is_differentiable(args[k]))
        if not positions:
            raise ArgumentError(f"vjp: no argument of {base.name} has a derivative: pass floats, or arrays of floats")
    else:
        positions = base.choose(wrt).ordered
    made = dispatch_for(program.then(Step("pullback", positions)))
    # The pullback may read its arguments, arrays from outside, and its result: nobody else can change these copies.
    given, args = args, tuple(map(copied, args))
    kernel = made.kernel(given)
    if kernel.written:
        made.check_written(kernel, given)
    outside = {name: read() for name, read in kernel.numbers}
    arrays = {name: v.copy() for name, v in outside.items() if isinstance(v, np.ndarray)}
    y, pull = run(kernel, args, {**outside, **arrays})
    if kernel.written and not program.copy:
        y, contents = y
        leave(kernel.written, dict(zip(made.names, given)), contents)
    return view.show(copied(y)), _pullback(replace(kernel, fn=pull, numbers=()), y, view, args, positions, positional)


def _pullback(pull: Kernel, y: Any, view: View, args: tuple[Any, ...], wrt: tuple[int, ...],
              positional: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    like = view.show(copied(y))
    values = chosen_values(args, wrt)
    moving = is_differentiable(y)

    def pullback(y_bar: Any, /) -> tuple[Any, ...]:
        """The adjoints of the primals for a cotangent of the result."""
        seed = view.hide(fitted(y_bar, like, "the result", "cotangent"))
        bars = check_derivatives(run(pull, (seed,)), values) if moving else zeros(values)
        by_position = {wrt[0]: bars} if len(wrt) == 1 else dict(zip(wrt, bars))
        return tuple(by_position.get(k) for k in positional)

    return pullback


def linearize(f: Callable[..., Any], *primals: Any, outputs: Wrt | None = None, copy: bool = True,
              backend: str | None = None) -> tuple[Any, Callable[..., Any]]:
    """The result of a function and its derivative at these arguments, as a linear function of tangents.

    Args:
        f: any callable that has Python source or a rule.
        primals: the positional arguments.
        outputs, copy, backend: as for `jvp`; later calls of ``f_jvp`` change nothing.

    Returns:
        ``(y, f_jvp)`` with ``f_jvp(*tangents) -> y_dot``; each call computes the primal again, without its effects and
        with the same random numbers.

    Raises:
        ArgumentError, ValueArgumentError: as for `jvp`.

    >>> import math
    >>> y, along = linearize(math.exp, 0.0)
    >>> y, along(2.0), along(3.0)
    (1.0, 2.0, 3.0)
    """
    f, kept = for_call(f, primals), copied(primals)
    still = tuple(zeros(p) if is_differentiable(p) else None for p in kept)
    program = program_of(f, "linearize", outputs, True, backend)[0]
    step = Step("jvp", tuple(k for k, dot in enumerate(still) if dot is not None))
    later = rerun(program.then(step), dispatch_for(program).bind(kept, {}), True) if step.wrt else None
    y, _ = jvp(f, primals, still, outputs=outputs, copy=copy, backend=backend)

    def f_jvp(*tangents: Any) -> Any:
        """The derivative along tangents of the primals."""
        return _along(f, kept, tangents, outputs, True, backend, {}, later)[1]

    return y, f_jvp


def hvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any], *, outputs: Wrt | None = None,
        copy: bool = True,
        backend: str | None = None, **kwargs: Any) -> Any:
    """The Hessian of a scalar function times a vector: forward over reverse, at the cost of a few gradients.

    Args:
        f: any callable with a scalar result that has Python source or a rule.
        primals: the positional arguments.
        tangents: one for each primal, with its structure, shapes and dtypes; None is zero and leaves the primal out.
        outputs, copy, backend: as for `jvp`.
        kwargs: keyword arguments of ``f``.

    Returns:
        The product: for one tangent that is not None an array like its primal, for several a tuple of these.

    Raises:
        ArgumentError, ValueArgumentError: as for `jvp` and `grad`.

    >>> import math
    >>> hvp(math.exp, (0.0,), (2.0,))
    2.0
    """
    from s2sad.api.operators import grad

    tangents = _listed(tangents, "tangents")
    wrt = tuple(k for k, t in enumerate(tangents) if t is not None)
    if not wrt:
        raise ValueArgumentError("hvp needs at least one tangent that is not None")
    f = for_call(f, primals, kwargs)
    gradient = grad(f, wrt[0] if len(wrt) == 1 else wrt, outputs=outputs, copy=copy, backend=backend)
    return jvp(gradient, primals, tangents, **kwargs)[1]


def _listed(items: Any, what: str) -> Sequence[Any]:
    if not isinstance(items, (tuple, list)):
        raise ArgumentError(f"{what} must be a tuple or list with one entry for each argument, not "
                            f"{type(items).__qualname__}: write ({what[:-1]},)")
    return items


def _refuse_seeds(seeds: int, what: str) -> None:
    if seeds:
        raise ArgumentError(f"{what} of a bare derivative step: use s2sad.derive(...).fn, a function of its own")


def _positions(dispatch: Dispatch, count: int) -> list[int]:
    """The parameters that this many positional arguments are bound to."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    known = [k for k, p in enumerate(dispatch.signature.parameters.values()) if p.kind in kinds]
    return known[:count]


__all__ = ["hvp", "jvp", "linearize", "vjp"]
