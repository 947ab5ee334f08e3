"""Calls: of library functions, methods, Python functions and closures."""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from s2sad.errors import NotApplicable, Refusal, UnknownFunctionError
from s2sad.frontend.constructs import function
from s2sad.frontend.library import in_library, library_name, result_class
from s2sad.frontend.library_text import library_text, seen_from
from s2sad.frontend.lower_attr import CHANGING_METHODS, LIST_CHANGES
from s2sad.frontend.lower_columns import Jacobians
from s2sad.frontend.lower_effects import is_standard
from s2sad.frontend.lower_lists import Back
from s2sad.frontend.lower_operators import as_number
from s2sad.frontend.meanings import Function, class_of
from s2sad.frontend.operands import not_a
from s2sad.frontend.refused_functions import EFFECTS
from s2sad.frontend.values import (
    Bound,
    Closure,
    Library,
    ListOf,
    Method,
    Python,
    Seq,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_opaque,
    is_text,
)
from s2sad.rules.table import METHODS, bind, find
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import NOTHING, Tuple, Unknown

_DEPTH = 60
# Functions that run through an iterator, once.
_CONSUMERS = frozenset("sum tuple list dict sorted set frozenset math.fsum math.prod".split())

# Functions that run over some of their arguments: from the first to before the last of these.
_RUNNING = dict.fromkeys("sum min max any all sorted tuple list set frozenset dict enumerate iter math.fsum math.prod "
                         "itertools.accumulate itertools.pairwise itertools.islice itertools.combinations "
                         "itertools.permutations itertools.cycle".split(), (0, 1)) | dict.fromkeys(
    "zip itertools.chain itertools.product itertools.zip_longest".split(), (0, 99)) | dict.fromkeys(
    "map filter functools.reduce itertools.starmap itertools.takewhile itertools.dropwhile".split(), (1, 2)) | {
    "map": (1, 99)}

# Those that do not depend on the order of what they run over.
_ORDERLESS = frozenset("sorted min max len any all set frozenset".split())


class Calls(Jacobians):
    """Calls."""

    def _Call(self, node: Any, hint: str) -> Value:
        back: Back | None = None
        kept = None
        if isinstance(node.func, gast.Attribute) and node.func.attr == "append":
            kept = self.outside_list(node.func.value)
        if kept is not None:
            fn: Value = Method(kept, "append")
        elif isinstance(node.func, gast.Attribute) and node.func.attr in LIST_CHANGES:
            owner, back = self.located(node.func.value)
            fn = self.attribute(owner, node.func.attr, node.func)
        else:
            fn = self.expr(node.func)
        with self.holding((fn.owner if isinstance(fn, Method) else fn,)):
            args = self.spread(node.args)
        kwargs: dict[str, Value] = {}
        for k in node.keywords:
            with self.holding((*args, *kwargs.values())):
                found = [(k.arg, self.expr(k.value))] if k.arg else self.keyword_arguments(k.value)
            for name, value in found:
                if name in kwargs:
                    self.refuse_type(node, f"the keyword argument '{name}' is given twice")
                kwargs[name] = value
        if back is not None and isinstance(fn, Method) and isinstance(fn.owner, ListOf):
            return self.list_method(fn.owner, fn.name, args, kwargs, node, back)
        return self.call_value(fn, args, kwargs, node, hint)

    def call_value(self, fn: Value, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str = "") -> Value:
        """The result of a call."""
        made = getattr(self, "_call_" + type(fn).__name__, None)
        if made is not None:
            return made(fn, args, kwargs, node, hint)  # type: ignore[no-any-return]
        if isinstance(fn, Library):
            return self.library_call(fn, args, kwargs, node, hint)
        if isinstance(fn, Method):
            return self.method_call(fn, args, kwargs, node, hint)
        if isinstance(fn, Python) and node is self.unused and is_standard(fn.meaning.fn):
            return self.outside_call(fn, args, kwargs, node)
        if isinstance(fn, Python):
            return self.python_call(fn.meaning, args, kwargs, node, hint)
        if isinstance(fn, Closure):
            return self.closure_call(fn, args, kwargs, node, hint)
        if isinstance(fn, Bound):
            return self.call_value(fn.fn, [*fn.args, *args], kwargs, node, hint)
        if is_bottom(fn):
            return Var(NOTHING, hint)
        method = self.special_method(fn, "__call__", node)
        if method is not None:
            return self.call_value(method, args, kwargs, node, hint)
        where = getattr(node, "func", node)
        if isinstance(fn, Static) and isinstance(fn.value, type):
            made = self.construct(fn.value, args, kwargs, node, hint)
            if made is not None:
                return made
            self.unknown(where, f"the class '{fn.value.__name__}'", fn.value.__name__)
        here = self.made_outside(fn) if isinstance(fn, Unusable) else None
        if here is not None:
            return self.call_value(here, args, kwargs, node, hint)
        if isinstance(fn, Unusable) and callable(fn.meaning.object) and node is self.unused:
            return self.outside_call(fn, args, kwargs, node)
        if isinstance(fn, Unusable) and callable(fn.meaning.object):
            kind = library_name(type(fn.meaning.object)) or ""
            self.unknown(where, kind if function(kind) else fn.meaning.reason, fn.meaning.name or "f")
        hint = "differentiate a function that hands it over: def g(x): return f(x, np.sin)"
        self.refuse_type(where, f"{describe_value(fn)} cannot be called",
                         hint if isinstance(fn, Var) and isinstance(fn.type, Unknown) else "",
                         not_a("'{}' object is not callable", fn))

    def unknown(self, node: Any, what: str, name: str) -> Any:
        """Refuse the call of a function that nothing is known about."""
        known = function(what.strip("'")) or function(name)
        if known is not None:
            self.refuse(node, f"{known[0]} is not supported", known[1])
        what = what.removesuffix(" that has neither a rule nor Python source")
        raise UnknownFunctionError(f"{what} has neither a rule nor Python source", self.where(node),
                                   f'register its derivative: {self.rule_text(name)}')

    def rule_text(self, name: str) -> str:
        """The beginning of a rule for a function."""
        if name.partition(".")[0] in ("np", "numpy", "math", "scipy"):
            return f's2sad.rule("y = {name}(x)", x="...")'
        return f's2sad.rule("y = {name.rpartition(".")[2]}(x)", x="...", fn={name})'

    # Library functions.

    def library_call(self, fn: Library, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str) -> Value:
        if fn.name == "check_length" and len(args) == 2:
            self.effect(fn.name, self.operand(args[0], node), length=self.operand(args[1], node))
            return Lit(None)
        if fn.name not in ("isinstance", "type", "str", "repr", "getattr", "hasattr"):
            args = [as_number(a) for a in args]
        if fn.name in _RUNNING and not (fn.name in ("min", "max") and len(args) > 1):
            # What an object says that it is run over is asked for once and at once.
            first, last = _RUNNING[fn.name]
            args = [self.iterated(a, node) if first <= k < last else a for k, a in enumerate(args)]
        if fn.name in _CONSUMERS:
            args = [self.taken_out(a, node) for a in args]
        if fn.name in _ORDERLESS:
            args = [self.unordered(a) for a in args]
        asked = self.object_function(fn.name, args, node, hint)
        if asked is not None:
            return asked
        special = self.special(fn.name)
        if special is not None and any(map(is_bottom, (*args, *kwargs.values()))):
            return Var(NOTHING, hint)
        if special is not None:
            return special(args, kwargs, node, hint)
        if fn.name.startswith("scipy._lib.") and fn.name.rpartition(".")[2] in ("array_namespace", "xp_promote"):
            return self.array_api(fn.name.rpartition(".")[2], args, kwargs, node, hint)
        if isinstance(ufunc := getattr(fn.object, "__self__", None), np.ufunc) and fn.name.endswith((".at", ".outer")):
            return self.ufunc_method(ufunc, fn.name, args, kwargs, node, hint)
        same = self.equivalent(fn.name, kwargs)
        if same is not None:
            return self.equivalent_call(fn.name, same, args, kwargs, node, hint)
        if find(fn.name) is not None:
            written = self.with_out(fn.name, args, kwargs, node, hint, False)
            return written if written is not None else self.library_op(fn.name, args, kwargs, node, hint, whole=fn)
        if node is self.unused and (fn.name in EFFECTS or fn.name.startswith("np.testing.")):
            return self.outside_call(fn, args, kwargs, node)
        if function(fn.name) is not None:
            self.unknown(getattr(node, "func", node), f"'{fn.name}'", fn.name)
        text = library_text(fn)
        if text is not None:
            return self.call_text(fn.name, text, args, kwargs, node, hint)
        if node is self.unused and "." in fn.name and not fn.name.startswith("operator."):
            return self.outside_call(fn, args, kwargs, node)
        if isinstance(fn.object, type):
            made = self.construct(fn.object, args, kwargs, node, hint)
            if made is not None:
                return made
        owner, _, method = fn.name.partition(".")
        if owner in ("str", "list", "dict", "tuple", "set") and args:
            return self.call_value(self.attribute(args[0], method, node), args[1:], kwargs, node, hint)
        self.unknown(getattr(node, "func", node), f"'{fn.name}'", fn.name)
        raise AssertionError

    def call_text(self, name: str, text: Function, args: list[Value], kwargs: dict[str, Value], node: Any,
                  hint: str) -> Value:
        """A call of a library function through its text, or through one that does the same."""
        try:
            return self.python_call(text, args, kwargs, node, hint)
        except Refusal as refusal:
            inside = refusal.where is not None and in_library(refusal.where.file)
            if not inside or in_library(self.frame.source.file):
                raise
            raise seen_from(refusal, name, self.where(node), self.rule_text(name)) from refusal

    def library_op(self, name: str, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str = "",
                   method: bool = False, whole: Library | None = None) -> Value:
        """An operation that has a rule; what the rule does not take is left to the text of the ``whole`` function."""
        if args and isinstance(args[0], ListOf):
            together = self.list_function(name, args, kwargs, node, hint)
            if together is not None:
                return together
        args, kwargs = self.made_complex(name, [self.array_of(a, node) for a in args], kwargs, node)
        operands = [self.operand(a, node) for a in args]
        named = {k: self.operand(v, node) for k, v in kwargs.items()}
        if isinstance(mask := named.get("where"), Tup):
            named["where"] = self.as_array(mask, node)
        if any(map(self.has_bottom, (*operands, *named.values()))):
            return Var(NOTHING, hint)
        try:
            bound, options = bind(name, operands, named, method)
        except NotApplicable as reason:
            text = None if whole is None else library_text(whole)
            if text is None:
                self.refuse_type(node, str(reason))
            try:
                return self.call_text(name, text, args, kwargs, node, hint)
            except Refusal:
                self.refuse_type(node, str(reason))
        arrays = tuple(self.as_array(a, node) if isinstance(a, Tup) else a for a in bound)
        made = self.op(name, *arrays, node=node, hint=hint, style="method" if method else "call", options=options)
        order = named.get("order", operands[1] if name == "copy" and len(operands) > 1 else NONE)
        if order not in (NONE, Lit("C")):
            self.facts.ordered.discard(made)
        return self.several(made, name, hint, node) if isinstance(made.type, Tuple) else made

    def several(self, made: Var, name: str, hint: str, node: Any) -> Seq:
        """The results of an operation that has several: a tuple, of the class that NumPy has for it."""
        assert isinstance(made.type, Tuple)
        count = len(made.type.items)
        names = hint.split(",") if hint.count(",") == count - 1 else [""] * count
        items = tuple(self.op("part", made, options={"item": Lit(k)}, node=node, hint="" if n == "_" else n)
                      for k, n in enumerate(names))
        cls = result_class(name) if count > 1 else None
        return Seq(items) if cls is None else Seq(items, "tuple", vars(cls)["_fields"], cls=class_of(cls))

    def as_array(self, items: Tup, node: Any) -> Arg:
        """A list or tuple where an array is meant."""
        try:
            bound, options = bind("np.array", [items], {})
        except NotApplicable as reason:
            self.refuse_type(node, str(reason))
        return self.op("np.array", *bound, node=node, options=options)

    def method_call(self, fn: Method, args: list[Value], kwargs: dict[str, Value], node: Any, hint: str) -> Value:
        """``owner.name(...)``."""
        owner = self.fresh_list(fn.owner)
        if is_text(owner):
            return self.text_method(owner, fn.name, args, kwargs, node, hint)
        if is_opaque(owner) or isinstance(owner, (Library, Unusable)):
            return self.object_method(owner, fn.name, args, kwargs, node, hint)
        if self.is_set(owner):
            return self.set_method(owner, fn.name, args, node)
        if isinstance(owner, Seq) and owner.kind == "deque":
            return self.deque_method(owner, fn.name, args, node)
        if isinstance(owner, Seq) and fn.name == "__getitem__" and not owner.is_dict:
            return self.subscript(owner, args[0], node, hint)
        if isinstance(owner, Seq) and owner.is_dict:
            return self.dict_method(owner, fn.name, args, kwargs, node)
        if isinstance(owner, Seq) and owner.cls is not None:
            made = self.tuple_method(owner, fn.name, args, kwargs, node)
            if made is not None:
                return made
        if isinstance(owner, (Seq, ListOf)):
            return self.list_method(owner, fn.name, args, kwargs, node)
        if fn.name == "tolist":
            return self.to_list(owner, node)
        if fn.name == "astype":
            return self.converted(owner, args, kwargs, node, hint, True)
        if fn.name in CHANGING_METHODS:
            return self.changing_method(owner, fn.name, args, kwargs, node)
        if fn.name in ("conj", "conjugate") and not args and not kwargs:
            return self.conjugated(owner, node, hint)
        same = self.equivalent(METHODS[fn.name], kwargs)
        if same is not None:
            return self.equivalent_call(METHODS[fn.name], same, [owner, *args], kwargs, node, hint)
        written = self.with_out(METHODS[fn.name], [owner, *args], kwargs, node, hint, True)
        if written is not None:
            return written
        return self.library_op(METHODS[fn.name], [owner, *args], kwargs, node, hint, method=True)
