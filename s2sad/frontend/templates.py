"""Templates: values whose numbers, arrays and lists are variables that stand for their types only.

What two paths give a name *meets* in a template; the variables in it are its *holes*, for which each path has operands.
A list that has different lengths on two paths becomes one whose length is known at run time only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.errors import InternalError
from s2sad.frontend.values import (
    Abstract,
    ListOf,
    Poison,
    Seq,
    Value,
    describe_value,
    is_bottom,
    is_number,
    is_opaque,
    is_text,
    leaves,
    same_static,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, UNDEF, Arg, Lit, Undef, Var
from s2sad.trace.joins import join, join_items
from s2sad.trace.lasting import lasting
from s2sad.trace.types import NOTHING, TEXT, Array, Dim, List, Type, or_none


def meet(a: Value, b: Value, name: str) -> Value:
    """The template of what two paths give a name; `Poison` where they do not go together."""
    if same_static(a, b):
        return a
    if isinstance(a, Poison) or isinstance(b, Poison):
        return a if isinstance(a, Poison) else b
    if is_bottom(a) and isinstance(b, (Seq, ListOf)):
        a = UNDEF
    if is_bottom(b) and isinstance(a, (Seq, ListOf)):
        b = UNDEF
    if isinstance(a, Undef) and is_bottom(b) or isinstance(b, Undef) and is_bottom(a):
        return Var(NOTHING, name)
    if is_bottom(a) and not is_number(b) and not isinstance(b, Undef):
        return b
    if is_bottom(b) and not is_number(a) and not isinstance(a, Undef):
        return a
    if isinstance(a, Seq) and isinstance(b, Undef):
        return a.holding(meet(item, UNDEF, n) for n, item in zip(part_names(a, name), a.items))
    if isinstance(b, Seq) and isinstance(a, Undef):
        return b.holding(meet(item, UNDEF, n) for n, item in zip(part_names(b, name), b.items))
    if isinstance(a, ListOf) or isinstance(b, ListOf) or _differ_in_length(a, b):
        t = _list_type_of_both(a, b)
        return ListOf(Var(t, name)) if t is not None else _no_list(a, b, name)
    if isinstance(a, Seq) and isinstance(b, Seq):
        a, b = _together(a, b)
        if not a.is_like(b):
            return Poison(f"'{name}' is {describe_value(a)} on one path and {describe_value(b)} on another",
                          f"keep its {_what_to_keep(a, b)} the same on all paths")
        return a.holding(map(meet, a.items, b.items, part_names(a, name)))
    if is_text(a) and is_text(b):
        return Var(TEXT, name)
    if is_opaque(a) or is_opaque(b):
        kinds = {_type(v) for v in (a, b)} - {NOTHING}
        if len(kinds) == 1 and not any(isinstance(v, (Lit, Abstract)) for v in (a, b)):
            return Var(kinds.pop(), name)
    if isinstance(a, Abstract) and a.PARTS and type(a) is type(b) and a.form() == b.form():
        parts = [meet(x, y, name) for x, y in zip(a.parts(), b.parts())]
        return next((p for p in parts if isinstance(p, Poison)), None) or a.with_parts(parts)
    if NONE in (a, b) and not (is_bottom(a) or is_bottom(b)):
        t = or_none(_type(b if a == NONE else a))
        if t is not None:
            return Var(t, name)
    number_a, number_b = is_number(a) or isinstance(a, Undef), is_number(b) or isinstance(b, Undef)
    if number_a and number_b:
        t = join(_type(a), _type(b))
        if t is not None:
            return Var(t, name)
    elif isinstance(a, Undef) or isinstance(b, Undef):
        return Poison(f"'{name}' has a value on some paths only", "give it a value on every path")
    return undecided(a, b, name)


def undecided(a: Value, b: Value, name: str) -> Poison:
    """What a name stands for after two paths that give it values of different kinds."""
    return Poison(f"'{name}' is {describe_value(a)} on one path and {describe_value(b)} on another",
                  "give it values of one kind on all paths")


def part_names(value: Seq, name: str) -> list[str]:
    """What the parts of a container are called, which is itself called ``name``."""
    return [str(k) for k in value.keys] if value.cls is not None else [name] * len(value.items)


def _what_to_keep(a: Seq, b: Seq) -> str:
    return "class" if a.cls != b.cls else "keys and their order" if a.is_dict else "length"


def _together(a: Seq, b: Seq) -> tuple[Seq, Seq]:
    """Two objects of one class with the attributes of both in one order; other containers as they are."""
    if not (a.is_object and b.is_object and a.cls == b.cls):
        return a, b
    keys = tuple(dict.fromkeys((*a.keys, *b.keys)))
    return a.ordered_as(keys), b.ordered_as(keys)


def _differ_in_length(a: Value, b: Value) -> bool:
    return isinstance(a, Seq) and isinstance(b, Seq) and a.is_list and b.is_list and len(a.items) != len(b.items)


def list_type(value: Value) -> Type | None:
    """The type of the variable that holds a list; None where the items are no numbers, arrays and lists of one kind.

    >>> [list_type(Seq(items, "list")) for items in ((Lit(1), Lit(2.0)), (), (Lit(1), Lit(None)))]
    [list[float], list[nothing], None]
    """
    if isinstance(value, ListOf):
        return value.items.type
    if not isinstance(value, Seq) or not value.is_list:
        return None
    item: Type | None = NOTHING
    for v in value.items:
        t = type_of(v) if is_number(v) or is_opaque(v) else list_type(v)  # type: ignore[arg-type]
        item = join_items(item, t) if item is not None and t is not None else None
    return None if item is None else List(item)


def _list_type_of_both(a: Value, b: Value) -> Type | None:
    types = [list_type(v) for v in (a, b) if not isinstance(v, Undef)]
    if None in types:
        return None
    return types[0] if len(types) == 1 else join(types[0], types[1])  # type: ignore[arg-type]


def _no_list(a: Value, b: Value, name: str) -> Poison:
    parts = [v for one in (a, b) if isinstance(one, Seq) for v in one.items if isinstance(v, Seq) and not v.is_list]
    if _differ_in_length(a, b) and parts:
        what = describe_value(parts[0])
        return Poison(f"'{name}' is a list whose length is known at run time only, and {what} is put into it",
                      "keep a list for each of the parts", is_open=True)
    kinds = list(dict.fromkeys(describe_value(v) for one in (a, b) if isinstance(one, Seq) for v in one.items))
    if _differ_in_length(a, b) and len(kinds) > 1:
        return Poison(f"'{name}' is a list whose length is known at run time only, and {kinds[0]} and {kinds[-1]} are "
                      "put into it", "keep a list for each of the kinds, or make them of one kind first")
    if _differ_in_length(a, b):
        return Poison(f"'{name}' is {describe_value(a)} on one path and {describe_value(b)} on another",
                      "keep its length the same on all paths, or put values of one kind into it")
    if all(isinstance(v, ListOf) or isinstance(v, Seq) and v.is_list for v in (a, b)):
        return Poison(f"items of different kinds are put into '{name}', a list that grows",
                      "keep numbers, and arrays of each rank and dtype, in lists of their own")
    return Poison(f"'{name}' is {describe_value(a)} on one path and {describe_value(b)} on another",
                  "give it values of one kind on all paths")


def _type(value: Value) -> Type:
    return NOTHING if isinstance(value, (Undef, Abstract)) else type_of(value)


def held(value: Value, cell: int) -> Value:
    """Contents as those of the list that a cell stands for."""
    return replace(value, cell=cell) if isinstance(value, (Seq, ListOf)) else value


def instantiate(template: Value, make: Callable[[Var], Arg]) -> Value:
    """The template with every variable replaced."""
    if isinstance(template, Seq):
        return template.holding(instantiate(item, make) for item in template.items)
    if isinstance(template, ListOf):
        made = make(template.items)
        assert isinstance(made, Var)
        return ListOf(made)
    if isinstance(template, Abstract) and template.PARTS:
        return template.with_parts(instantiate(part, make) for part in template.parts())
    return make(template) if isinstance(template, Var) else template  # type: ignore[return-value]


def fit(value: Value, template: Value) -> list[Arg]:
    """The operands of ``value`` at the places of the template's variables."""
    if isinstance(template, Seq):
        if not isinstance(value, Seq):
            return [UNDEF] * sum(isinstance(v, Var) for v in leaves(template))
        value = value.ordered_as(template.keys)
        return [arg for v, t in zip(value.items, template.items) for arg in fit(v, t)]
    if isinstance(template, ListOf):
        if isinstance(value, Seq):
            raise InternalError("a list that was to be a variable is none")
        return [value.items if isinstance(value, ListOf) else UNDEF]
    if isinstance(template, Var):
        return [value if isinstance(value, (Var, Lit, Undef)) else UNDEF]
    if isinstance(template, Abstract) and template.PARTS:
        parts = value.parts() if type(value) is type(template) else (UNDEF,) * len(template.parts())
        return [arg for v, t in zip(parts, template.parts()) for arg in fit(v, t)]
    return []


def holes(template: Value) -> list[Var]:
    """The variables of a template, in order."""
    return [v for v in leaves(template) if isinstance(v, Var)]


def same_template(a: Value, b: Value) -> bool:
    """Whether two templates have the same structure and types."""
    if isinstance(a, Seq) and isinstance(b, Seq):
        return a.is_like(b) and all(map(same_template, a.items, b.items))
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return a.items.type == b.items.type
    if isinstance(a, Var) and isinstance(b, Var):
        return a.type == b.type
    if isinstance(a, Poison) and isinstance(b, Poison):
        return True
    if isinstance(a, Abstract) and a.PARTS and type(a) is type(b):
        return a.form() == b.form() and all(map(same_template, a.parts(), b.parts()))
    return same_static(a, b)


def same_but_names(a: Value, b: Value) -> bool:
    """Whether two templates have the same structure, and types that differ in the names of open lengths only.

    >>> x, y, z = (Var(Array("f8", (Dim.symbol(name),))) for name in ("?1", "?2", "?3"))
    >>> same_but_names(Seq((x, x, y)), Seq((y, y, z))), same_but_names(Seq((x, x)), Seq((y, z)))
    (True, False)
    """
    return same_template(_renamed(a), _renamed(b))


def _renamed(template: Value) -> Value:
    """A template whose open lengths are named in the order in which they come."""
    names: dict[str, str] = {}

    def name(symbol: str) -> str:
        if not symbol.startswith("?"):
            return symbol
        return names.setdefault(symbol, f"?#{len(names)}" + symbol[-1] * symbol.endswith(("+", "!")))

    def rename(t: Type) -> Type:
        if isinstance(t, List):
            return List(rename(t.item))
        if not isinstance(t, Array):
            return t
        return replace(t, dims=tuple(
            Dim(tuple(sorted((name(s), c) for s, c in d.terms)), d.const, d.claimed) for d in t.dims))

    return instantiate(template, lambda v: Var(rename(v.type), v.hint))


def groups(value: Value, template: Value) -> list[tuple[Var, ...]]:
    """For each hole of a template, the variables that a value has there."""
    if isinstance(template, Seq):
        if not isinstance(value, Seq):
            return [()] * len(holes(template))
        value = value.ordered_as(template.keys)
        return [group for v, t in zip(value.items, template.items) for group in groups(v, t)]
    if isinstance(template, (Var, ListOf)):
        return [tuple(a for a in leaves(value) if isinstance(a, Var))]
    if isinstance(template, Abstract) and template.PARTS:
        if type(value) is not type(template):
            return [()] * len(holes(template))
        return [g for v, t in zip(value.parts(), template.parts()) for g in groups(v, t)]
    return []


def unset(value: Value, template: Value) -> list[bool]:
    """For each hole of a template whether a value has nothing there."""
    if isinstance(template, Seq) and isinstance(value, Seq):
        return [one for v, t in zip(value.ordered_as(template.keys).items, template.items) for one in unset(v, t)]
    return [isinstance(value, Undef)] * len(holes(template))


def single_operands(value: Value, template: Value) -> list[Arg | None]:
    """For each hole of a template the number or array that a value has there; None where it is a list, or nothing."""
    if isinstance(template, Seq):
        if not isinstance(value, Seq):
            return [None] * len(holes(template))
        value = value.ordered_as(template.keys)
        return [one for v, t in zip(value.items, template.items) for one in single_operands(v, t)]
    if isinstance(template, (Var, ListOf)):
        return [value if isinstance(value, (Var, Lit)) else None]
    if isinstance(template, Abstract) and template.PARTS:
        if type(value) is not type(template):
            return [None] * len(holes(template))
        return [one for v, t in zip(value.parts(), template.parts()) for one in single_operands(v, t)]
    return []


def template_of(value: Value, name: str, start: int | None = None) -> Value:
    """A value as a template: numbers become variables of their type.

    Lengths that depend on variables made since ``start`` differ from iteration to iteration: they are not known.
    """
    if isinstance(value, Seq):
        return value.holding(template_of(v, n, start) for n, v in zip(part_names(value, name), value.items))
    if isinstance(value, Undef):
        return Var(NOTHING, name)
    if isinstance(value, ListOf):
        return ListOf(Var(_lasting(value.items.type, start), name))
    if is_number(value) or is_opaque(value):
        return Var(_lasting(type_of(value), start), name)  # type: ignore[arg-type]
    return value


def _lasting(t: Type, start: int | None) -> Type:
    """A type in every iteration."""
    return t if start is None else lasting(t, lambda uid: uid >= start)


def fits(template: Value, value: Value) -> bool:
    """Whether a value has the template's structure and types already."""
    if isinstance(template, Seq) and isinstance(value, Seq):
        return template.is_like(value) and all(map(fits, template.items, value.items))
    if isinstance(template, ListOf):
        return isinstance(value, ListOf) and value.items.type == template.items.type
    if isinstance(template, Var):
        whole = is_number(value) or is_opaque(value)
        return whole and type_of(value) == template.type  # type: ignore[arg-type]
    return False
