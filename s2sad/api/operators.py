"""Derivatives as objects that are called: `grad`, `value_and_grad`, and what they have in common.

An operator stands for a program: a Python function and the derivative steps applied to it.  An operator applied to an
operator adds a step, so derivatives of derivatives are compiled as a whole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from s2sad.api.dispatch import Dispatch, check_derivatives, dispatch_for, identity, name_of, quick_key, run
from s2sad.api.stars import Open, is_open
from s2sad.backends import check_backend
from s2sad.build.kernel import Program
from s2sad.errors import ArgumentError
from s2sad.frontend.steps import Step
from s2sad.frontend.wrt import SAME, Chosen, View, Wrt, choose, one_of, parts


class Operator:
    """A program that is called like the function it was made from; arrays in the result are the caller's.

    ``__s2sad_program__`` is the program and ``view`` the way in which its result is shown.
    """

    def __init__(self, program: Program, view: View, recipe: tuple[Any, ...], seeds: int = 0) -> None:
        self.__s2sad_program__ = program
        self.view = view
        self._recipe = recipe
        self._seeds = seeds
        self._dispatch = dispatch_for(program)
        self._fast = {} if seeds else self._dispatch.fast
        lone = len(program.steps) == 1 and program.steps[0].kind in ("grad", "value_and_grad")
        self._gradient = program.steps[0] if lone else None
        functools.update_wrapper(self, program.base, updated=())
        name = name_of(program.base)
        kind = "_".join(step.kind for step in program.steps)
        self.__name__ = f"{name}_{kind}" if kind else name
        self.__qualname__ = self.__name__
        self.__wrapped__ = recipe[1]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            entry = self._fast.get(quick_key(args))
            if entry is not None and entry[1]():
                kernel, _, rest, arrays = entry
                args = (*args, *rest) if rest else args
                made = run(kernel, args)
                if arrays:
                    return self._shown(made, args)
                return made if self.view is SAME else self.view.show(made)
        return self._call(args, kwargs)

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        dispatch = self._dispatch
        seeds: tuple[Any, ...] = ()
        if self._seeds:
            args, seeds = args[: -self._seeds], args[-self._seeds:]
        bound = dispatch.bind(args, kwargs)
        made = dispatch.call(bound, seeds)
        if not kwargs and not self._seeds and len(args) < len(bound):
            dispatch.remember(args, dispatch.kernel(bound), bound[len(args):])
        return self._shown(made, bound)

    def _shown(self, made: Any, args: tuple[Any, ...]) -> Any:
        """The result as the caller sees it, after a look at the shapes and dtypes of a gradient."""
        step = self._gradient
        if step is not None:
            check_derivatives(bars_of(made, step), chosen_values(args, step.wrt))
        return made if self.view is SAME else self.view.show(made)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<s2sad {self.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return self._recipe[0], self._recipe[1:]


def bars_of(made: Any, step: Step) -> Any:
    """The adjoints in the result of a kernel."""
    if step.kind == "grad":
        return made[0] if step.has_aux else made
    return made[1]


def chosen_values(args: tuple[Any, ...], wrt: tuple[int, ...]) -> Any:
    """The arguments at the positions ``wrt``, a single one bare."""
    return args[wrt[0]] if len(wrt) == 1 else tuple(args[k] for k in wrt)


def program_of(fn: Any, what: str, outputs: Wrt | None = None, copy: bool = True,
               backend: str | None = None) -> tuple[Program, View, int]:
    """The program a callable stands for, how its result is shown, and the number of its seeds.

    ``outputs`` are parameters whose final contents are the result; without ``copy`` arguments are left with theirs.
    ``backend`` runs the derivative, if it is not to be the callable's own.
    """
    if not isinstance(copy, bool):
        raise ArgumentError(f"copy must be True or False, not {copy!r}")
    program, view, seeds = _program_of(fn, what)
    if not copy:
        program = replace(program, copy=False)
    if backend is not None:
        program = replace(program, backend=check_backend(backend))
    if outputs is None:
        return program, view, seeds
    if program.steps:
        raise ArgumentError(f"outputs of a derivative: give the option to the operator that is applied to "
                            f"{name_of(program.base)} itself, {program.steps[0].kind}(f, outputs={outputs!r})")
    dispatch = dispatch_for(program)
    chosen = choose(outputs, dispatch.names, dispatch.name, "outputs")
    return replace(program, outputs=tuple(dispatch.names[k] for k in chosen.positions)), view, seeds


def _program_of(fn: Any, what: str) -> tuple[Program, View, int]:
    if isinstance(fn, Operator):
        return fn.__s2sad_program__, fn.view, fn._seeds
    if getattr(fn, "__s2sad_columns__", None) is not None:
        raise ArgumentError(f"{what} of a Jacobian is not supported: use jacfwd, jacrev or hessian")
    primal = getattr(fn, "__s2sad_primal__", None)
    if primal is not None:
        return program_of(primal, what, *getattr(fn, "__s2sad_options__", ()))
    if not callable(fn):
        raise ArgumentError(f"{what} needs a function, not {type(fn).__qualname__}: call it as {what}(f), "
                            f"and the result with the arguments")
    return Program(fn), SAME, 0


def grad(f: Callable[..., Any], wrt: Wrt | None = None, has_aux: bool = False, *, argnums: Wrt | None = None,
         outputs: Wrt | None = None, copy: bool = True, backend: str | None = None,
         holomorphic: bool = False) -> Operator:
    """The gradient of a function with a scalar result.

    Args:
        f: any callable that has Python source or a rule.
        wrt: position or name of the argument to differentiate by (default 0), or a sequence of these.
        has_aux: whether ``f`` returns a pair ``(value, aux)`` of which only the value is differentiated.
        argnums: the same as ``wrt``.
        outputs: names or positions of arguments that ``f`` writes to: their final contents are the result.  By default
            that is what ``f`` returns or, if it returns nothing, the final contents of all arrays that it writes to.
            Gradients are by the initial contents.
        copy: whether the caller's arrays stay as they are; if not, they are left as ``f`` leaves them.
        backend: ``numba`` to have the derivative compiled to machine code, ``numpy`` not to; by default that of ``f``.
        holomorphic: whether ``f`` is a holomorphic function of complex arguments whose complex derivative is meant.

    Returns:
        A function of the arguments of ``f``.  It returns the gradient, with the shape and dtype of the argument: bare
        for one ``wrt``, a tuple for a sequence.  With ``has_aux`` it returns ``(gradient, aux)``.  The gradient by
        ``a + 1j * b`` is ``∂/∂a + 1j * ∂/∂b``.

    Raises:
        ArgumentError: (a TypeError) if the result is no scalar, or the argument no float.
        ValueArgumentError: (a ValueError) if there is no parameter ``wrt``.

    >>> import math
    >>> grad(math.exp)(0.0)
    1.0
    """
    return _gradient("grad", grad, f, one_of(wrt, argnums, 0), has_aux, outputs, copy, backend, holomorphic)


def value_and_grad(f: Callable[..., Any], wrt: Wrt | None = None, has_aux: bool = False, *,
                   argnums: Wrt | None = None, outputs: Wrt | None = None, copy: bool = True,
                   backend: str | None = None, holomorphic: bool = False) -> Operator:
    """The result of a function together with its gradient.

    Args:
        f, wrt, has_aux, argnums, outputs, copy, backend, holomorphic: as for `grad`.

    Returns:
        A function of the arguments of ``f`` that returns ``(value, gradient)``, with ``has_aux``
        ``((value, aux), gradient)``.

    Raises:
        ArgumentError, ValueArgumentError: as for `grad`.

    >>> import math
    >>> value_and_grad(math.exp)(0.0)
    (1.0, 1.0)
    """
    return _gradient("value_and_grad", value_and_grad, f, one_of(wrt, argnums, 0), has_aux, outputs, copy, backend,
                     holomorphic)


def _gradient(kind: str, maker: Any, f: Any, wrt: Wrt | None, has_aux: bool, outputs: Wrt | None,
              copy: bool, backend: str | None, holomorphic: bool) -> Operator:
    made = made_with(maker, outputs, copy, backend, holomorphic)
    if is_open(f):
        return cast(Operator, Open(made, f, wrt, has_aux))
    program, view, seeds = program_of(f, kind, outputs, copy, backend)
    assert wrt is not None
    if isinstance(f, Operator):
        _refuse_tuples(f, kind, has_aux)
    chosen = dispatch_for(program).choose(wrt)
    step = Step(kind, chosen.ordered, has_aux, holomorphic)
    if kind == "grad":
        seen: View = parts(chosen, SAME) if has_aux else SAME if chosen.is_plain else chosen
    else:
        seen = parts(view, chosen)
    return Operator(program.then(step), seen, (made, f, wrt, has_aux), seeds)


def made_with(maker: Any, outputs: Wrt | None, copy: bool, backend: str | None = None,
              holomorphic: bool = False) -> Any:
    """A maker of operators with its options put in."""
    options: dict[str, Any] = {} if outputs is None and copy else {"outputs": outputs, "copy": copy}
    if backend is not None:
        options["backend"] = backend
    if holomorphic:
        options["holomorphic"] = True
    return functools.partial(maker, **options) if options else maker


def _refuse_tuples(f: Operator, kind: str, has_aux: bool) -> None:
    if isinstance(f.view, Chosen) and not f.view.lone and not has_aux:
        raise ArgumentError(f"{kind} needs a function with a scalar result, and {f.__name__} returns a tuple; use "
                            "jacrev or vjp, or differentiate by one argument")


def step_of(f: Any, kind: str, wrt: tuple[int, ...], outputs: Wrt | None = None) -> Operator:
    """One derivative step as a function of the arguments and, behind them, the seeds.

    ``jvp`` takes one tangent for each position of ``wrt`` and returns ``(y, y_dot)``; ``vjp`` takes the cotangent of
    the result and returns ``(y, bars)``.

    >>> import math
    >>> step_of(math.exp, "jvp", (0,))(0.0, 2.0)
    (1.0, 2.0)
    """
    program, view, seeds = program_of(f, kind, outputs)
    seen = parts(view, view) if kind == "jvp" else parts(view, SAME)
    more = len(wrt) if kind == "jvp" else 1
    return Operator(program.then(Step(kind, wrt)), seen, (step_of, f, kind, wrt, outputs), seeds + more)


__all__ = ["Dispatch", "Operator", "grad", "identity", "made_with", "program_of", "step_of", "value_and_grad"]
