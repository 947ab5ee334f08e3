"""Texts: formatted at compile time where all that is in them is known, else by an operation of the trace.

A text of run time is a variable of type `TEXT`.  Whatever its form in the program, it is made by one of the operations
``str.format`` (an f-string is one whose ``style`` says so), ``%``, ``+`` and ``str.`` with the name of a method.  They
have no derivative and no effect: a text that nobody uses is not made.
"""

from __future__ import annotations

import collections
import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import gast

from s2sad.frontend.lower_control import Control
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import (
    ListOf,
    Seq,
    ShapeOf,
    Static,
    Value,
    ViewOf,
    describe_value,
    is_bottom,
    is_number,
    is_text,
)
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Arg, Lit, Op, Tup, Var
from s2sad.trace.types import BOOL, INT, NOTHING, TEXT, Array, Opaque, Type, rank
from s2sad.trace.walk import arg_vars, map_arg

# Methods that give a text, and those that give a number or truth value.
_TEXT_METHODS = frozenset("capitalize center casefold expandtabs format join ljust lower lstrip removeprefix "
                          "removesuffix replace rjust rstrip strip swapcase title upper zfill".split())
_CONVERSIONS = {-1: "", 115: "!s", 114: "!r", 97: "!a"}
_CONVERT: dict[str, Callable[[Any], Any]] = {"": lambda v: v, "!s": str, "!r": repr, "!a": ascii}


class Texts(Control):
    """Expressions that are texts."""

    def act(self, fn: str, args: Iterable[Arg], result: Type | None, hint: str = "", style: str = "call",
            options: Mapping[str, Arg] | None = None) -> Var:
        """Append an operation without derivative that the rules know nothing about: a text, an effect, a draw.

        Without a ``result`` it is there for its effect.
        """
        given, named = tuple(args), dict(options or {})
        if any(is_bottom(v) for a in (*given, *named.values()) for v in arg_vars(a)):
            return Var(NOTHING, hint)
        target = Var(NOTHING if result is None else result, hint)
        self.flow.stmts.append(Op(None if result is None else target, fn, tuple(map_arg(a, self.now) for a in given),
                                  tuple((k, map_arg(a, self.now)) for k, a in named.items()), self.flow.site,
                                  self.flow.sweep, style))
        if isinstance(result, Array) and result.dims:
            self.facts.fresh.add(target)
            self.facts.ordered.add(target)
        return target

    def _JoinedStr(self, node: Any, hint: str) -> Value:
        template, values = "", list[Arg]()
        for part in node.values:
            if isinstance(part, gast.Constant):
                template += _escaped(str(part.value))
                continue
            value, spec, inner = self.expr(part.value), "", list[Arg]()
            conversion = _CONVERSIONS[part.conversion]
            for piece in part.format_spec.values if part.format_spec is not None else ():
                if isinstance(piece, gast.Constant):
                    spec += str(piece.value)
                    continue
                if piece.format_spec is not None:
                    self.refuse(piece.value, "a format within a format is not supported", "compute the text before")
                found = self.spoken(self.expr(piece.value), piece.value)
                if isinstance(found, Lit):
                    spec += format(_CONVERT[_CONVERSIONS[piece.conversion]](found.value))
                else:
                    spec += "{" + _CONVERSIONS[piece.conversion] + "}"
                    inner.append(found)
            if isinstance(value, Static) and not callable(value.value):
                value = Lit(_CONVERT[conversion or "!s"](value.value))
            if isinstance(value, Seq) and value.cls is not None and conversion == "!r":
                text = self._object_text(value, part.value, True)
                value, conversion = (value, conversion) if text is None else (text, "")  # type: ignore[assignment]
            said = self.spoken(value, part.value, conversion in ("!r", "!a"))
            if isinstance(said, Lit) and not inner:
                template += _escaped(self.formatted(said.value, conversion, spec, part.value))
            else:
                template += "{" + conversion + (":" + spec if spec else "") + "}"
                values += [said, *inner]
        if not values:
            return Lit(template.replace("{{", "{").replace("}}", "}"))
        return self.act("str.format", (Lit(template), *values), TEXT, hint, "fstring")

    def formatted(self, value: Any, conversion: str, spec: str, node: Any) -> str:
        """The text of a value that is known."""
        try:
            return format(_CONVERT[conversion](value), spec)
        except (TypeError, ValueError) as error:
            self.refuse_type(node, f"this cannot be formatted: {error}")

    def spoken(self, value: Value, node: Any, exactly: bool = False) -> Arg:
        """A value as it is handed to what makes a text of it; ``exactly`` if `repr` does."""
        value = self.fresh_list(value)
        if isinstance(value, ViewOf):
            owner = self.spoken(value.owner, node, True)
            return self.act(f"dict.{value.name}", (owner,), Opaque("dict"), style="method")
        if isinstance(value, ShapeOf):
            whole = isinstance(value.array, Var) and rank(value.array.type) != 0
            return self.act("shape", (value.array,), Opaque("tuple"), options={"axis": NONE}) if whole else Tup(())
        if exactly and isinstance(value, Var) and self.facts.may_be_box(value):
            self.refuse_type(node, "this may be an array without axes or a number, which are shown differently",
                             "take the number: x.item()")
        if isinstance(value, (Var, Lit)):
            return value
        if isinstance(value, ListOf):
            return value.items
        if isinstance(value, Static) and not callable(value.value) and not exactly:
            return Lit(str(value.value))
        if isinstance(value, Seq) and value.kind in ("tuple", "list", "dict") and getattr(value, "cls", None) is None:
            facts = self.facts
            if any(c in facts.factories or c in facts.counters or c in facts.ordered_dicts
                   for c in facts.cells_of(value.cell)):
                self.refuse_type(node, "a dict of another class cannot be shown here", "show dict(...) of it")
            strange = next((k for k in value.keys if not _is_plain_key(k)), None)
            if strange is not None:
                self.refuse_type(node, f"a dict with the key {strange!r} cannot be shown here", "show its values")
            items = tuple(self.spoken(item, node, True) for item in value.items)
            if value.is_dict:
                keys = Tup(tuple(map(Lit, value.keys)))
                return self.act("dict", items, Opaque("dict"), options={"keys": keys})
            return Tup(items, value.is_list)
        text = None if exactly else self._object_text(value, node)
        if text is not None:
            return text
        self.refuse_type(node, f"{describe_value(value)} cannot be shown here", "show numbers, arrays, texts, or "
                                                                                "tuples, lists and dicts of them")

    def _object_text(self, value: Value, node: Any, exactly: bool = False) -> Arg | None:
        """What the class of an object says that its text is; None if it does not."""
        asked = ("__repr__",) if exactly else ("__str__", "__repr__")
        for name in () if not exactly and self.special_method(value, "__format__", node) is not None else asked:
            if name == "__repr__" and isinstance(value, Seq) and _is_plain_named_tuple(value):
                assert value.cls is not None
                return self._with_fields(value.cls.name, value, value.keys, node)
            method = self.special_method(value, name, node)
            if method is not None:
                found = self.call_value(method, [], {}, node)
                return found if is_text(found) else None  # type: ignore[return-value]
        return None

    def fields_as_text(self, value: Value, node: Any) -> Value:
        """The `repr` of a dataclass."""
        cls: Any = self.class_of(value)
        return self._with_fields(cls.__qualname__, value, [f.name for f in dataclasses.fields(cls) if f.repr], node)

    def _with_fields(self, name: str, value: Value, fields: Iterable[Any], node: Any) -> Var | Lit:
        """``Point(x=1.0, y=2.0)``."""
        said = {f: self.spoken(self.attribute(value, f, node), node, True) for f in fields}
        template = f"{name}({', '.join(f'{f}={{!r}}' for f in said)})"
        if all(isinstance(a, Lit) for a in said.values()):
            return Lit(template.format(*(a.value for a in said.values() if isinstance(a, Lit))))
        return self.act("str.format", (Lit(template), *said.values()), TEXT, style="fstring")

    # Operators.

    def text_binary(self, fn: str, left: Value, right: Value, node: Any, hint: str) -> Value | None:
        """``left fn right`` where one of them is a text; None if neither is, or if Python has no meaning for it."""
        if fn == "%" and is_text(left):
            items = right.items if isinstance(right, Seq) and right.kind == "tuple" else (right,)
            said = [self.spoken(v, node, _shows_exactly(left)) for v in items]
            if isinstance(left, Lit) and all(isinstance(a, Lit) for a in said):
                given = tuple(a.value for a in said if isinstance(a, Lit))
                return Lit(self._made(lambda: left.value % given, "%", node))
            return self.act("%", (left, Tup(tuple(said))), TEXT, hint)  # type: ignore[arg-type]
        if fn == "+" and is_text(left) and is_text(right):
            return self.act("+", (left, right), TEXT, hint)  # type: ignore[arg-type]
        count = next((v for v in (left, right) if is_number(v) and type_of(v) == INT), None)  # type: ignore[arg-type]
        if fn == "*" and count is not None and (is_text(left) or is_text(right)):
            return self.act("*", (left, right), TEXT, hint)  # type: ignore[arg-type]
        return None

    def _made(self, make: Any, what: str, node: Any) -> str:
        try:
            return str(make())
        except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
            self.refuse_type(node, f"'{what}' of a text fails: {error}")

    def _equal(self, left: Value, right: Value, node: Any) -> Value:
        """Whether two texts are the same: at run time, if one of them is made then."""
        if is_text(left) and is_text(right) and not (isinstance(left, Lit) and isinstance(right, Lit)):
            return self.act("==", (left, right), BOOL)  # type: ignore[arg-type]
        return super()._equal(left, right, node)

    # Methods.

    def text_method(self, owner: Value, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``owner.name(...)`` of a text."""
        if name == "join" and len(args) == 1 and not isinstance(args[0], ListOf):
            items = self.items_of(args[0], node)
            if items is None:
                self.refuse_type(node, f"join of {describe_value(args[0])} is not supported",
                                 "put the texts into a list or tuple of known length")
            args = [Seq(tuple(items), "list")]
        exactly = name == "format" and _shows_exactly(owner)
        said = [self.spoken(a, node, exactly) for a in args]
        named = {k: self.spoken(v, node, exactly) for k, v in kwargs.items()}
        if isinstance(owner, Lit) and all(map(_known, (*said, *named.values()))):
            def made() -> Any:
                return getattr(owner.value, name)(*map(_object, said), **{k: _object(v) for k, v in named.items()})

            try:
                return self.from_object(made())
            except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
                self.refuse_type(node, f"'{name}' of a text fails: {error}")
        if name not in _TEXT_METHODS:
            self.refuse(node, f"'{name}' of a text is not supported with values computed at run time")
        if name == "join" and isinstance(said[0], Tup) and not all(map(is_text, said[0].items)):
            self.refuse_type(node, "join takes texts", "make them with str(...)")
        return self.act(f"str.{name}", (owner, *said), TEXT, hint, "method", named)  # type: ignore[arg-type]

    # Built-in functions.

    def _builtin_str(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._shown("str", args, kwargs, node, hint)

    def _builtin_repr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._shown("repr", args, kwargs, node, hint)

    def _builtin_ascii(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._shown("ascii", args, kwargs, node, hint)

    def _shown(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords(name, kwargs, node)
        self._arity(name, args, 0 if name == "str" else 1, 1, node)
        if args and isinstance(args[0], Seq) and args[0].cls is not None and name != "ascii":
            text = self._object_text(self.fresh_list(args[0]), node, name == "repr")
            if isinstance(text, (Lit, Var)):
                return text
        said = self.spoken(args[0], node, name != "str") if args else Lit("")
        if isinstance(said, Lit):
            return Lit(_CONVERT["!" + name[0]](said.value))
        if name == "str" and isinstance(said, Var) and is_text(said):
            return said
        return self.act(name, (said,), TEXT, hint)

    def _builtin_format(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._no_keywords("format", kwargs, node)
        self._arity("format", args, 1, 2, node)
        said, spec = self.spoken(args[0], node), args[1] if len(args) == 2 else Lit("")
        if not is_text(spec):
            self.refuse_type(node, f"format() takes a text, not {describe_value(spec)}")
        if isinstance(said, Lit) and isinstance(spec, Lit):
            return Lit(self.formatted(said.value, "", spec.value, node))
        return self.act("format", (said, spec), TEXT, hint)  # type: ignore[arg-type]


def _is_plain_named_tuple(value: Seq) -> bool:
    """Whether an object is a named tuple that is shown as such."""
    cls = value.cls.object if value.cls is not None else None
    return value.kind == "tuple" and isinstance(cls, type) and getattr(
        inspect.getattr_static(cls, "__repr__"), "__globals__", None) is vars(collections)


def _is_plain_key(key: Any) -> bool:
    """Whether the key of a dict can be written as a literal."""
    return all(map(_is_plain_key, key)) if type(key) is tuple else key is None or type(key) in (
        str, int, float, bool, complex)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _shows_exactly(template: Value) -> bool:
    """Whether a text may show a value as `repr` does."""
    return not isinstance(template, Lit) or any(part in template.value for part in ("%r", "%a", "!r", "!a"))


def _known(arg: Arg) -> bool:
    return isinstance(arg, Lit) or isinstance(arg, Tup) and all(map(_known, arg.items))


def _object(arg: Arg) -> Any:
    """The Python object of a known operand."""
    if isinstance(arg, Tup):
        return [_object(a) for a in arg.items] if arg.is_list else tuple(_object(a) for a in arg.items)
    assert isinstance(arg, Lit)
    return arg.value
