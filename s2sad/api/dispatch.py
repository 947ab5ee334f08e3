"""From a call to a kernel: arguments are bound and typed, and there is one kernel for each combination of types.

A call with Python and NumPy numbers only is looked up by their Python types; arrays count by dtype and by which axes
have length 1.  Values that the compiler needs to know are part of the key from then on.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from s2sad.api.notes import note
from s2sad.api.sharing import check_written
from s2sad.api.trees import (
    children,
    copied,
    describe,
    is_container,
    is_differentiable,
    is_differentiable_leaf,
    items,
    leaves,
)
from s2sad.api.types import part
from s2sad.backends import kernel_for
from s2sad.build.base import Spread, base_of, own_guards
from s2sad.build.kernel import LOCK, Kernel, Program, Specialise, parameters
from s2sad.errors import ArgumentError, InternalError
from s2sad.frontend.meanings import Guard
from s2sad.frontend.opaque import is_sparse, opaque_type
from s2sad.frontend.resolve import guards_hold, is_static
from s2sad.frontend.signature import Star, marks, spec_of, with_value
from s2sad.frontend.specialise import Place
from s2sad.frontend.structures import OwnFunction, is_tree
from s2sad.frontend.wrt import Chosen, Wrt, choose
from s2sad.once import once

_SIMPLE: set[type] = {bool, int, float, complex}
_SIMPLE.update(t for t in np.sctypeDict.values() if np.dtype(t).kind in "biufc" and np.dtype(t).itemsize <= 16)
_PLAIN_ARRAYS = (np.ndarray, np.memmap)

# A kernel, whether it is still valid, the defaults that complete the arguments, and whether arrays are among these.
Entry = tuple[Kernel, Callable[[], bool], tuple[Any, ...], bool]


class Dispatch:
    """The kernels of one program.

    `call` takes the arguments of the base function and behind them, by position, the seeds of the steps.
    """

    def __init__(self, program: Program, level: str = "source") -> None:
        self.program, self.level = program, level
        self.name = name_of(program.base)
        self.fast: dict[tuple[Hashable, ...], Entry] = {}
        self._kernels: dict[Hashable, Kernel] = {}
        self._needed: list[tuple[int, tuple[int | str, ...]]] = []
        self._own = own_guards(program.base)

    @once
    def signature(self) -> inspect.Signature:
        """The parameters of the base function."""
        return parameters(self.program.base)

    @once
    def names(self) -> tuple[str, ...]:
        """The names of the parameters of the base function."""
        return tuple(self.signature.parameters)

    @once
    def stars(self) -> tuple[Star, ...]:
        """The parameters that the base function has for ``*args`` and ``**kwargs``."""
        return base_of(self.program.base).stars

    @once
    def _keywords(self) -> dict[str, str]:
        """The parameters that stand for keywords which ``**kwargs`` takes, and are called otherwise."""
        return {k: n for star in self.stars if star.keys is not None for k, n in zip(star.keys, star.inputs) if k != n}

    @once
    def _bound(self) -> dict[str, Any]:
        """The arguments that are bound to the base function."""
        return dict(base_of(self.program.base).bound)

    @once
    def _is_plain(self) -> bool:
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return all(p.kind in kinds for p in self.signature.parameters.values())

    def choose(self, wrt: Wrt) -> Chosen:
        """The parameters that ``wrt`` means."""
        return choose(wrt, self.names, self.name, stars=self.stars)

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in the order of the parameters, defaults put in."""
        if not guards_hold(self._own):
            self._forget()
        if not kwargs and len(args) == len(self.names) and self._is_plain:
            return args
        if not self._keywords.keys().isdisjoint(kwargs):
            kwargs = {self._keywords.get(k, k): v for k, v in kwargs.items()}
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            shown = f"{self.name}{self.signature}"
            raise ArgumentError(f"{shown}: {error}") from None
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def _forget(self) -> None:
        """The function has other parameters, or other defaults, than it had."""
        with LOCK:
            for name in ("signature", "names", "stars", "_keywords", "_bound", "_is_plain"):
                self.__dict__.pop(name, None)
            for known in (self.fast, self._kernels, self._needed):
                known.clear()
            self._own = own_guards(self.program.base)

    def kernel(self, args: tuple[Any, ...]) -> Kernel:
        """The kernel for bound arguments, made if there is none or something it was made from has changed."""
        kernel = self._kernels.get(self._key(args))
        if kernel is not None and kernel.holds():
            return kernel
        with LOCK:
            kernel = self._kernels.get(self._key(args))
            if kernel is None or not kernel.holds():
                kernel = self._make(args)
                self._kernels[self._key(args)] = kernel
        return kernel

    def _key(self, args: tuple[Any, ...]) -> Hashable:
        try:
            key = tuple([_key(a, n) for a, n in zip(args, self.names)])
        except RecursionError:
            for value, name in zip(args, self.names):
                if not is_tree(value):
                    raise ArgumentError(f"{name} is {describe(value)} that holds itself, which has no structure: pass "
                                        "its parts, or bind it (functools.partial)") from None
            raise
        return (key, tuple([_known(args, place) for place in self._needed])) if self._needed else key

    def _make(self, args: tuple[Any, ...]) -> Kernel:
        for step in self.program.steps:
            for k in step.wrt:
                if k < len(args):
                    check_differentiable(args[k], self.names[k], self.name)
        specs = {name: spec_of(_plain(value), name) for name, value in zip(self.names, args)}
        done: set[Place] = set()
        while True:
            try:
                kernel = kernel_for(self.program, specs, self.level)
            except Specialise as need:
                name, path = need.place
                k = self.names.index(name)
                if need.place in done:
                    raise need.refusal() from None
                done.add(need.place)
                specs[name] = with_value(specs[name], path, part(args[k], path))
                if (k, path) not in self._needed:
                    self._needed.append((k, path))
                    self.fast.clear()
                continue
            kernel = replace(kernel, guards=(*kernel.guards, *self._kinds(kernel)))
            self.remember(args, kernel)
            return kernel

    def remember(self, given: tuple[Any, ...], kernel: Kernel, rest: tuple[Any, ...] = ()) -> None:
        """Look calls with such arguments up at once; these defaults complete them."""
        plain = all(type(a) in _SIMPLE or type(a) is np.ndarray for a in given) and all(
            type(a) in _SIMPLE or is_static(a) for a in rest)
        if plain and self._is_plain and not self._needed and not kernel.written:
            self.fast[quick_key(given)] = (kernel, kernel.holds, rest, any(type(a) is np.ndarray for a in given))

    def _kinds(self, kernel: Kernel) -> Iterator[Guard]:
        """That what is bound, and the numbers from outside, are still of the kinds for which the kernel was made."""
        for name, value in base_of(self.program.base).bound:
            if is_container(value) and is_tree(value):
                kind = functools.partial(_key, value, name)
                yield Guard("result", kind, "", kind())
        for name, read in kernel.numbers:
            if isinstance(read(), (bool, int, float, complex, np.ndarray, np.generic)):
                kind = functools.partial(_kind, read, name)
                yield Guard("result", kind, "", kind())

    def ready(self, args: tuple[Any, ...]) -> Kernel:
        """The kernel for bound arguments, which it may be called with."""
        kernel = self.kernel(args)
        if kernel.written:
            self.check_written(kernel, args)
        return kernel

    def call(self, args: tuple[Any, ...], seeds: tuple[Any, ...] = (), numbers: Mapping[str, Any] | None = None) -> Any:
        """What the kernel for the bound arguments makes of them and the seeds; ``numbers`` are not read then."""
        kernel = self.ready(args)
        if kernel.written and not self.program.copy:
            seeds = copied(seeds)       # the arguments may change while their tangents are still read
        return run(kernel, (*args, *seeds), numbers)

    def call_apart(self, args: tuple[Any, ...]) -> Any:
        """What the kernel makes of copies of the arguments: nothing of it is memory of theirs."""
        return run(self.ready(args), copied(args))

    def check_written(self, kernel: Kernel, args: tuple[Any, ...]) -> None:
        """Refuse arguments that share memory with one that the kernel's program writes to."""
        bound = self._bound
        outside = {name: read() for name, read in kernel.numbers}
        if not self.program.copy:
            for name, _ in kernel.written:
                if name in bound:
                    raise ArgumentError(f"{self.name} writes to {name!r}, which is bound to it and cannot be left with "
                                        f"its final contents: pass {name!r} in the call")
        check_written(kernel.written, {**outside, **bound, **dict(zip(self.names, args))}, self.name,
                      [guard.holder for guard in kernel.guards])


def quick_key(args: tuple[Any, ...]) -> tuple[Hashable, ...]:
    """What calls with plain numbers and arrays are looked up by: types, and what a signature says of arrays."""
    key: Any = tuple(map(type, args))
    if np.ndarray in key:
        key = tuple([(a.dtype, marks(a.shape)) if type(a) is np.ndarray else type(a) for a in args])
    return cast("tuple[Hashable, ...]", key)


def run(kernel: Kernel, args: tuple[Any, ...], numbers: Mapping[str, Any] | None = None) -> Any:
    """What a kernel makes of its arguments and the present values of the globals it reads, or those given."""
    try:
        if kernel.numbers:
            known = numbers or {}
            return kernel.fn(*args, **{name: known[name] if name in known else read() for name, read in kernel.numbers})
        return kernel.fn(*args)
    except Exception as error:
        note(error, kernel)
        raise


def check_differentiable(value: Any, name: str, fn: str) -> None:
    """Refuse to differentiate by something that has no derivative, such as an int."""
    if is_differentiable(value):
        return
    what = describe(value)
    if isinstance(value, (bool, np.bool_)):
        hint = "a bool has no derivative"
    elif isinstance(value, (int, np.integer)):
        hint = f"pass floats: {float(value)!r} instead of {value}"
    elif isinstance(value, np.ndarray) and value.dtype.kind in "biu":
        hint = f"pass floats: {name}.astype(float)"
    elif is_container(value) and any(isinstance(leaf, int) for _, leaf in leaves(value)):
        hint = "pass floats: 1.0 instead of 1"
    elif isinstance(value, (dict, list, tuple)) and not is_container(value):
        base = next(t.__name__ for t in (dict, list, tuple) if isinstance(value, t))
        hint = f"pass a plain {base}: {base}({name})"
    elif is_sparse(value):
        hint = f"pass its elements, {name}.data, and make the matrix inside the function"
    else:
        hint = "pass a float, an array of floats, or a tuple, list, dict or object of these"
    raise ArgumentError(f"{fn} cannot be differentiated by {name}, which is {what}: {hint}")


def _key(value: Any, name: str) -> Hashable:
    t: Any = type(value)
    if t in _SIMPLE:
        return cast(Hashable, t)
    if t is np.ndarray:
        if value.dtype.kind not in "biufc" or not value.dtype.isnative:
            _refuse_array(value, name)
        return value.dtype, marks(value.shape)
    if isinstance(value, np.ndarray):
        if t not in _PLAIN_ARRAYS:
            _refuse_array(value, name)
        return _key(np.asarray(value), name)
    if is_container(value):
        return t, tuple([(path, _key(item, name + path)) for path, item in children(value)])
    return opaque_type(value) or ((t, value) if is_static(value) or t is OwnFunction else _Same(value))


def _kind(read: Callable[[], Any], name: str) -> Hashable:
    value = read()
    t: Any = type(value)
    return cast(Hashable, t) if t in _SIMPLE else _key(value, name)


def _known(args: tuple[Any, ...], place: tuple[int, tuple[int | str, ...]]) -> Hashable:
    """The value at a place that the compiler has asked for, as part of a key."""
    try:
        value = part(args[place[0]], place[1])
    except (IndexError, TypeError, KeyError):
        return None
    if isinstance(value, np.ndarray):
        return None
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return type(value), repr(value)
    return (type(value), value) if is_static(value) else _Same(value)


def _plain(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, np.memmap) else value


class _Same:
    """An object that equals itself only; it stays alive with the key."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


def _refuse_array(value: Any, name: str) -> None:
    if type(value) not in (np.ndarray, np.memmap):
        kind = f"a {type(value).__qualname__}, whose operations mean something else than those of an array"
        hint = f"pass np.asarray({name})"
    elif value.dtype.kind == "O":
        kind, hint = "an array of Python objects", f"pass numbers: {name}.astype(float)"
    elif not value.dtype.isnative:
        kind, hint = f"an array of {value.dtype.str}, in foreign byte order", (
            f"pass {name}.astype({value.dtype.newbyteorder('=').str[1:]!r})")
    else:
        kind, hint = f"an array of {value.dtype}", "only arrays of numbers can be part of a differentiated program"
    raise ArgumentError(f"{name} is {kind}: {hint}")


def check_derivatives(bars: Any, values: Any) -> Any:
    """The derivatives, after making sure that each array has the dtype and shape of its argument.

    Raises:
        InternalError: if one has not; wrong numbers never leave.
    """
    t = type(values)
    if t is type(bars) and (t in _SIMPLE or t is np.ndarray and values.shape == bars.shape
                            and values.dtype == bars.dtype):
        return bars
    if is_container(values) and (bars is not None or is_differentiable(values)):
        for bar, value in zip(items(bars), items(values)):
            check_derivatives(bar, value)
    elif isinstance(values, (np.ndarray, np.generic)) and is_differentiable_leaf(values):
        if np.shape(bars) != values.shape or np.asarray(bars).dtype != values.dtype:
            raise InternalError(f"a derivative is {describe(bars)} where the argument is {describe(values)}; "
                                "please report this")
    return bars


def name_of(fn: Any) -> str:
    """What to call a callable in a message.

    >>> name_of(len), name_of(functools.partial(len, ()))
    ('len', 'len')
    """
    if isinstance(fn, functools.partial):
        return name_of(fn.func)
    if isinstance(fn, Spread):
        return name_of(fn.fn)
    name = getattr(fn, "__name__", None)
    return name if isinstance(name, str) else type(fn).__qualname__


# Dispatches of the functions used last, so that `grad(f)` made anew at every call compiles once.
_RECENT: OrderedDict[Hashable, Dispatch] = OrderedDict()
_RECENT_SIZE = 512


def identity(fn: Any) -> Hashable:
    """What makes two callables the same program: methods and partials are made anew at every use."""
    if isinstance(fn, types.MethodType):
        return "method", id(fn.__func__), id(fn.__self__)
    if isinstance(fn, functools.partial):
        keywords = tuple((k, id(v)) for k, v in fn.keywords.items())
        return "partial", identity(fn.func), tuple(map(id, fn.args)), keywords
    if isinstance(fn, Spread):
        return "spread", identity(fn.fn), fn.count, fn.keys
    return id(fn)


def dispatch_for(program: Program, level: str = "source") -> Dispatch:
    """The dispatch of a program; the same one as long as the function is among those used last."""
    key = (identity(program.base), program.steps, program.outputs, program.copy, program.backend, program.quiet,
           level)
    with LOCK:
        found = _RECENT.get(key)
        if found is None:
            found = _RECENT[key] = Dispatch(program, level)
            while len(_RECENT) > _RECENT_SIZE:
                _RECENT.popitem(last=False)
        else:
            _RECENT.move_to_end(key)
        return found
