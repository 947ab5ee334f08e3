"""Draws of random numbers: once, in the primal part of a derivative, with the generator that the program uses.

A draw is an operation that is never done again: what the reverse sweep needs of it is recorded.  So a derivative leaves
the generator in the state in which the function itself leaves it, and sees the numbers that the function would see.

    z = rng.normal(m, s, n)          z = rng.normal(m, s, n)                   z = placed(v1, m, s)
    y = rng.choice(x)          ⇒     y = x[rng.choice(len(x))]
    rng.shuffle(x)                   x[...] = x[rng.permutation(len(x))]

An operation like ``placed`` is the number drawn, and has its derivative by the parameters (`s2sad.frontend.draws`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.errors import NotApplicable
from s2sad.frontend.draws import MAKERS, METHODS, MODULES, Draw
from s2sad.frontend.lower_effects import Effects
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.opaque import GENERATOR, RANDOM, STATE
from s2sad.frontend.values import (
    Library,
    ListOf,
    Seq,
    ShapeOf,
    Value,
    describe_value,
    is_bottom,
    is_number,
    is_opaque,
)
from s2sad.rules.builder import type_of
from s2sad.rules.static import dtype_arg, shape_dims
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import (
    FLOAT,
    INT,
    NOTHING,
    UNKNOWN,
    Array,
    Dim,
    Opaque,
    Scalar,
    Type,
    Unknown,
    broadcast_dims,
    dims_of,
    kind_of,
    rank,
)

# The style of a draw whose parameters may not carry derivatives (`s2sad.analysis.draws`).
FIXED = "fixed"


class Draws(Effects):
    """Methods of generators, and the functions of ``random`` and ``np.random``."""

    def method_of(self, what: str, owner: Value, name: str, args: Args, kwargs: Named, node: Any,
                  hint: str) -> Value | None:
        found = METHODS.get(what, {}).get(name)
        if found is None:
            return super().method_of(what, owner, name, args, kwargs, node, hint)
        return self._drawn(found, f".{name}", (self.given(owner),), args, kwargs, node, hint)

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        module, _, last = name.rpartition(".")
        draw = METHODS[MODULES[module]].get(last) if module in MODULES else None
        if found is None and draw is not None:
            return lambda args, kwargs, node, hint: self._drawn(draw, name, (), args, kwargs, node, hint)
        if found is None and name in MAKERS:
            return lambda args, kwargs, node, hint: self._made_generator(name, args, kwargs, node, hint)
        return found

    def _made_generator(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if name == "np.random.default_rng" and args and self.kind_of_object(args[0]) == GENERATOR:
            return self.given(args[0])  # type: ignore[return-value]
        def seed(value: Value) -> Arg:
            return value if isinstance(value, Var) and is_opaque(value) else self.operand(value, node)

        return self.act(name, [seed(a) for a in args], Opaque(MAKERS[name]), hint,
                        options={k: seed(v) for k, v in kwargs.items()})

    def _again(self, value: Value, node: Any, each: Callable[[Value], Value]) -> Value:
        kind = self.kind_of_object(value)
        if kind and kind not in (GENERATOR, STATE, RANDOM):
            self.refuse(node, f"a copy of {describe_value(value)} is not supported", "use the object itself")
        if kind:
            return self.act("copy.deepcopy", [self.given(value)], Opaque(kind))
        return super()._again(value, node, each)

    def _drawn(self, draw: Draw, fn: str, before: tuple[Arg, ...], args: Args, kwargs: Named, node: Any,
               hint: str) -> Value:
        """The value of a draw."""
        if draw.kind == "lengths":
            return self._of_lengths(fn, before, args, node, hint)
        if len(args) > len(draw.parameters):
            self.refuse_type(node, f"{fn.removeprefix('.')}() takes {len(draw.parameters)} arguments, not {len(args)}")
        given = dict(zip(draw.parameters, args))
        for name, value in kwargs.items():
            if name not in draw.parameters or name in given:
                self.refuse(node, f"the argument '{name}' of {fn.removeprefix('.')}() is not supported")
            given[name] = value
        if any(map(is_bottom, given.values())):
            return Var(NOTHING, hint)
        positional = len(args)
        first = next(iter(given.values()), Lit(None))
        if draw.kind in ("shuffle", "item", "index", "permutation") and not _is_count(first):
            return self._of_items(draw, fn, before, given, positional, node, hint)
        operands = {name: self._parameter_of(name, value, node) for name, value in given.items()}
        moving = [operands[name] for name in draw.moving if name in operands]
        active = any(isinstance(a, Var) and kind_of(a.type) in ("float", "complex") for a in moving)
        inert = [a for name, a in operands.items() if name not in draw.moving]
        style = FIXED if any(isinstance(a, Var) and kind_of(a.type) == "float" for a in inert) else "call"
        t = None if draw.kind == "nothing" else self._type_of_draw(draw, operands, given, node)
        listed = list(operands.items())
        z = self.act(fn, (*before, *(a for _, a in listed[:positional])), t, "" if active else hint, style,
                     dict(listed[positional:]))
        if not active:
            return Lit(None) if t is None else z
        defaults = {"loc": Lit(0.0), "low": Lit(0.0), "mean": Lit(0.0)}
        parameters = [operands.get(name, defaults.get(name, Lit(1.0))) for name in draw.moving]
        return self.op(draw.rule, z, *parameters, node=node, hint=hint)

    def _parameter_of(self, name: str, value: Value, node: Any) -> Arg:
        if name == "size" and isinstance(value, ShapeOf):
            return self.spoken(value, node)
        operand = self.operand(value, node)
        if isinstance(operand, Tup) and name not in ("size", "dtype"):
            return self.as_array(operand, node)
        return operand

    def as_array(self, items: Tup, node: Any) -> Arg:
        raise NotImplementedError

    # Types.

    def _type_of_draw(self, draw: Draw, operands: dict[str, Arg], given: Named, node: Any) -> Type:
        size = operands.get("size", NONE)
        dtype = dtype_arg(operands.get("dtype", NONE))
        of_python = isinstance(given.get("dtype"), Library) and given["dtype"].name in (  # type: ignore[union-attr]
            "int", "bool")
        element = dtype or ("f8" if draw.kind in ("float", "vector") else "i8")
        dims = self._dims_of_draw(draw, operands, given.get("size"), size, node)
        if dims is None:
            return UNKNOWN
        if dims or size != NONE:
            if not dims:
                self.refuse_type(node, "a draw of size () is not supported", "leave out the size")
            return Array(element, dims)
        if draw.kind == "integers" and not of_python:
            return Array(element, ())
        return FLOAT if draw.kind == "float" else Scalar("bool") if element == "b1" else INT

    def _dims_of_draw(self, draw: Draw, operands: dict[str, Arg], shape: Value | None, size: Arg,
                      node: Any) -> tuple[Dim, ...] | None:
        """The axes of a draw: those that are asked for, else those of the parameters together."""
        parameters = [type_of(a) for name, a in operands.items() if name not in ("size", "dtype")]
        last: tuple[Dim, ...] = ()
        if draw.kind == "permutation":
            return shape_dims(operands["x"])
        if draw.kind == "vector":
            last = dims_of(parameters[0])[-1:]
            if not last:
                self.refuse_type(node, "the length of the parameters of this draw is not known",
                                 "give the type of the argument")
        if isinstance(shape, ShapeOf):
            if isinstance(type_of(shape.array), Unknown):
                return None
            return (*dims_of(type_of(shape.array)), *last)
        if size != NONE:
            try:
                asked = shape_dims(size)
            except NotApplicable as reason:
                self.refuse_type(node, str(reason))
            return None if asked is None else (*asked, *last)
        if last:
            return last
        if any(isinstance(t, Unknown) for t in parameters):
            return None
        return broadcast_dims(*(dims_of(t) for t in parameters)) if draw.kind != "index" else ()

    def _of_lengths(self, fn: str, before: tuple[Arg, ...], args: Args, node: Any, hint: str) -> Value:
        """``rand(n, m)``."""
        lengths = tuple(self.operand(a, node) for a in args)
        return self.act(fn, (*before, *lengths), Array("f8", shape_dims(Tup(lengths)) or ()) if args else FLOAT, hint)

    # Draws among items.

    def _of_items(self, draw: Draw, fn: str, before: tuple[Arg, ...], given: Named, positional: int, node: Any,
                  hint: str) -> Value:
        """A draw among the items of something, as one of their indices."""
        names = list(given)
        items, rest = given[names[0]], {k: v for k, v in given.items() if k != names[0]}
        axis = rest.pop("axis", Lit(0))
        if axis != Lit(0):
            self.refuse(node, f"the argument 'axis' of {fn.removeprefix('.')}() is not supported", "draw along axis 0")
        if draw.kind == "shuffle" and not (isinstance(items, Var) and isinstance(items.type, Array)):
            self.refuse_type(node, f"shuffle() of {describe_value(items)} is not supported", "shuffle an array")
        if isinstance(items, (Seq, ListOf)) and draw.kind in ("index", "permutation"):
            items = self.as_array(self.operand(items, node), node)  # type: ignore[arg-type, assignment]
        array = isinstance(items, Var) and is_number(items) and rank(items.type) != 0
        if not (array or isinstance(items, (Seq, ListOf))):
            self.refuse_type(node, f"{describe_value(items)} has no items to draw from", "pass an array")
        length = self._builtin_len([items], {}, node, "")
        name = {"shuffle": "permutation", "item": "randrange"}.get(draw.kind, fn.rpartition(".")[2])
        other = METHODS[_class_of(fn, before)][name]
        fn = f"{fn.rpartition('.')[0]}.{name}"
        listed = list(rest.items())
        at = self._drawn(other, fn, before, [length, *(v for _, v in listed[:max(positional - 1, 0)])],
                         dict(listed[max(positional - 1, 0):]), node, "")
        if draw.kind != "shuffle":
            return self.subscript(items, at, node, hint)
        drawn = self.op("getitem", items, options={"index": at}, node=node)  # type: ignore[arg-type, dict-item]
        self.write(items, Lit(...), drawn, node)
        return Lit(None)

    def _builtin_len(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        raise NotImplementedError


def _class_of(fn: str, before: tuple[Arg, ...]) -> str:
    """The class of the generator that is asked."""
    owner = before[0] if before else None
    if isinstance(owner, Var) and isinstance(owner.type, Opaque):
        return owner.type.what
    return MODULES[fn.rpartition(".")[0]]


def _is_count(value: Value) -> bool:
    """Whether a number of items is given, and not the items."""
    return isinstance(value, (Var, Lit)) and kind_of(type_of(value)) in ("int", "bool") and rank(type_of(value)) == 0
