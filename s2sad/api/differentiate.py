"""The decorator: a function that carries its derivatives."""

from __future__ import annotations

import functools
import importlib
import types
from collections.abc import Callable, Sequence
from typing import Any, overload

from s2sad.api.derive import Derivative, derive
from s2sad.api.functional import hvp, jvp, linearize, vjp
from s2sad.api.jacobian import Columns, hessian, jacfwd, jacrev
from s2sad.api.operators import Operator, grad, value_and_grad
from s2sad.backends import check_backend
from s2sad.errors import ArgumentError
from s2sad.frontend.library import library_name
from s2sad.frontend.meanings import GIVEN
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.wrt import Wrt, one_of
from s2sad.once import once


class Differentiable:
    """A function with its derivatives as methods; calling it calls the function.

    >>> import math
    >>> f = Differentiable(math.exp)
    >>> f(0.0), f.grad(0.0), f.value_and_grad(0.0)
    (1.0, 1.0, (1.0, 1.0))
    """

    __wrapped__: Any

    def __init__(self, f: Callable[..., Any], wrt: Wrt | None = None, has_aux: bool = False,
                 outputs: Wrt | None = None, copy: bool = True, backend: str | None = None) -> None:
        if isinstance(f, Differentiable):
            f = f.__wrapped__
        if backend is not None:
            check_backend(backend)
        functools.update_wrapper(self, f, updated=())
        self.__s2sad_primal__ = f
        self.__wrapped__ = f
        self.__s2sad_options__ = (outputs, copy, backend)
        self._wrt, self._has_aux = wrt, has_aux
        self.__name__ = getattr(f, "__name__", type(f).__name__)
        self.__qualname__ = getattr(f, "__qualname__", self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        bound = getattr(self.__wrapped__, "__get__", None)
        method = types.MethodType(self.__wrapped__, instance) if bound is None else bound(instance, owner)
        return type(self)(method, self._wrt, self._has_aux, **self._options)

    @property
    def _options(self) -> dict[str, Any]:
        outputs, copy, backend = self.__s2sad_options__
        return {"outputs": outputs, "copy": copy, "backend": backend}

    @once
    def grad(self) -> Operator:
        """The gradient: see `s2sad.grad`."""
        return grad(self.__wrapped__, self._wrt, self._has_aux, **self._options)

    @once
    def value_and_grad(self) -> Operator:
        """The value and the gradient: see `s2sad.value_and_grad`."""
        return value_and_grad(self.__wrapped__, self._wrt, self._has_aux, **self._options)

    @once
    def jacfwd(self) -> Columns:
        """The Jacobian by forward mode: see `s2sad.jacfwd`."""
        return jacfwd(self.__wrapped__, self._wrt, **self._options)

    @once
    def jacrev(self) -> Columns:
        """The Jacobian by reverse mode: see `s2sad.jacrev`."""
        return jacrev(self.__wrapped__, self._wrt, **self._options)

    @once
    def hessian(self) -> Columns:
        """The matrix of second derivatives: see `s2sad.hessian`."""
        return hessian(self.__wrapped__, self._wrt, **self._options)

    def jvp(self, primals: Sequence[Any], tangents: Sequence[Any], **kwargs: Any) -> tuple[Any, Any]:
        """The result and its tangent: see `s2sad.jvp`."""
        return jvp(self.__wrapped__, primals, tangents, **{**self._options, **kwargs})

    def vjp(self, *primals: Any, **kwargs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        """The result and its pullback: see `s2sad.vjp`."""
        if self._wrt is not None:
            kwargs.setdefault("wrt", self._wrt)
        return vjp(self.__wrapped__, *primals, **{**self._options, **kwargs})

    def linearize(self, *primals: Any, **kwargs: Any) -> tuple[Any, Callable[..., Any]]:
        """The result and the derivative as a linear function: see `s2sad.linearize`."""
        return linearize(self.__wrapped__, *primals, **{**self._options, **kwargs})

    def hvp(self, primals: Sequence[Any], tangents: Sequence[Any], **kwargs: Any) -> Any:
        """The Hessian times a vector: see `s2sad.hvp`."""
        return hvp(self.__wrapped__, primals, tangents, **{**self._options, **kwargs})

    def derivative(self, mode: str = "reverse", level: str = "source", types: Any = None) -> Derivative:
        """The derivative as source text: see `s2sad.derive`."""
        return derive(self.__wrapped__, mode, self._wrt, level, types, **self._options)

    def defjvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function its derivative in forward mode, instead of the one of its text.

        Args:
            rule: a Python function ``rule(primals, tangents) -> (y, y_dot)``.  Both arguments are tuples with one entry
                for each parameter of the function; a tangent is None where there is none.  It is read like any other
                function, so that higher derivatives are those of the rule.  Reverse mode transposes it, unless
                `defvjp` gives another.

        Returns:
            ``rule`` itself, so that this is a decorator.

        >>> f = Differentiable(lambda x: x * x)
        >>> rule = f.defjvp(lambda primals, tangents: (primals[0] ** 2, 2.0 * primals[0] * tangents[0]))
        >>> f.grad(3.0)
        6.0
        """
        self._give(jvp=rule)
        return rule

    def defvjp(self, rule: Callable[..., Any], bwd: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """Give the function its derivative in reverse mode, instead of the one of its text.

        Args:
            rule: a Python function ``rule(primals, y, y_bar) -> bars`` of the arguments, the result and its cotangent.
                It returns a tuple with one adjoint for each parameter, None for none; a single adjoint may be bare.
            bwd: with this, ``rule`` is ``fwd(*primals) -> (y, kept)``, which takes the place of the function in the
                forward sweep, and ``bwd(kept, y_bar) -> bars`` gets what it has kept.

        Returns:
            ``rule`` itself, so that this is a decorator.

        >>> f = Differentiable(lambda x, n: x * x)
        >>> rule = f.defvjp(lambda primals, y, y_bar: (2.0 * primals[0] * y_bar, None))
        >>> f.grad(3.0, 1)
        6.0
        """
        if bwd is None:
            self._give(vjp=rule)
        else:
            self._give(fwd=rule, bwd=bwd)
        return rule

    def _give(self, **rules: Callable[..., Any]) -> None:
        meaning = function_meaning(self.__wrapped__)
        if meaning is None or meaning.fn is None or library_name(self.__wrapped__) is not None:
            raise ArgumentError(f"{self.__qualname__} has no Python source, or a rule already: declare its derivative "
                                "with s2sad.rule or s2sad.general, or that of a Python function that calls it")
        for kind, rule in rules.items():
            found = function_meaning(rule)
            if found is None or found.fn is None or found.bound_args or found.bound_kwargs:
                raise ArgumentError(f"the rule must be a Python function, not {type(rule).__qualname__}")
            rules[kind] = found.fn
        old = getattr(meaning.fn, GIVEN, {})
        kept = {kind: rule for kind, rule in old.items() if ("jvp" in rules) != (kind == "jvp")}
        setattr(meaning.fn, GIVEN, {**kept, **rules})

    def __repr__(self) -> str:
        return f"<differentiable {self.__qualname__}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        found: Any = None
        try:
            found = importlib.import_module(self.__module__)
            for part in self.__qualname__.split("."):
                found = getattr(found, part)
        except (ImportError, AttributeError, ValueError):
            found = None
        if found is self:
            return str(self.__qualname__)
        return type(self), (self.__wrapped__, self._wrt, self._has_aux, *self.__s2sad_options__)


@overload
def differentiate(f: Callable[..., Any], *, wrt: Wrt | None = None, argnums: Wrt | None = None,
                  has_aux: bool = False, outputs: Wrt | None = None, copy: bool = True,
                  backend: str | None = None) -> Differentiable: ...
@overload
def differentiate(f: None = None, *, wrt: Wrt | None = None, argnums: Wrt | None = None,
                  has_aux: bool = False, outputs: Wrt | None = None,
                  copy: bool = True,
                  backend: str | None = None) -> Callable[[Callable[..., Any]], Differentiable]: ...


def differentiate(f: Callable[..., Any] | None = None, *, wrt: Wrt | None = None, argnums: Wrt | None = None,
                  has_aux: bool = False, outputs: Wrt | None = None,
                  copy: bool = True, backend: str | None = None,
                  ) -> Differentiable | Callable[[Callable[..., Any]], Differentiable]:
    """Give a function its derivatives: as a bare decorator, a decorator with options, or a function.

    Args:
        f: any callable that has Python source or a rule.
        wrt: positions or names to differentiate by: `grad` defaults to 0, `vjp` and `derivative` to all floats.
        argnums: the same as ``wrt``.
        has_aux: whether ``f`` returns a pair ``(value, aux)``.
        backend: ``numba`` to have derivatives compiled to machine code; ``numpy``, the default, not to, whether ``f``
            itself is compiled by Numba or not.
        outputs, copy: as for `s2sad.grad`; calling the object itself calls ``f``, which changes its arguments as ever.

    Returns:
        A `Differentiable`, which calls as ``f`` does and keeps its name and docstring.

    Raises:
        ArgumentError: (a TypeError) if ``f`` is not callable.

    >>> import math
    >>> differentiate(math.exp).grad(0.0)
    1.0
    """
    wrt = one_of(wrt, argnums)
    if f is None:
        return lambda g: differentiate(g, wrt=wrt, has_aux=has_aux, outputs=outputs, copy=copy, backend=backend)
    if not callable(f):
        raise ArgumentError(f"differentiate needs a function, not {type(f).__qualname__}; options are given by keyword")
    return Differentiable(f, wrt, has_aux, outputs, copy, backend)


__all__ = ["Differentiable", "differentiate"]
