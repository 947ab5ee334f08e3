"""Effects: what the program does besides computing its result.

`print`, warnings, logging, writing to a file, appending to a list from outside, calling an object of which nothing is
known: each is an operation of the trace without result.  It is done once and in order, in the primal part of a
derivative, with the values that the function itself would show.  Its operands carry no derivatives.

An object from outside the function that is an operand of one (a generator, a logger, a list) is an input of the trace,
read at every call like a number of the module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import MethodDescriptorType
from typing import Any

import gast

from s2sad.frontend import meanings
from s2sad.frontend.lower_text import Texts
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.opaque import FILE, LOGGER, opaque_type
from s2sad.frontend.values import (
    Library,
    Method,
    Namespace,
    Python,
    Static,
    Unusable,
    Value,
    describe_value,
    is_bottom,
    is_opaque,
    is_text,
)
from s2sad.names import sanitise
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Lit, Ref, Tup, Var
from s2sad.trace.types import BOOL, FLOAT, INT, NOTHING, List, Opaque, rank

STREAMS = ("stdout", "stderr")
_LEVELS = frozenset("debug info warning warn error critical fatal exception log".split())
_CLOCKS = frozenset("time perf_counter monotonic process_time thread_time".split())
# Library functions that look at arrays, and neither change nor keep them.
_READERS = frozenset("np.save np.savetxt np.savez np.savez_compressed np.set_printoptions".split())


# Modules of Python whose functions show what they are handed.
_SHOWING = frozenset(("pprint", "traceback", "logging", "warnings"))
# Modules of Python whose functions and classes are programs like the user's.
_PROGRAMS = frozenset("math cmath operator functools itertools collections types dataclasses enum copy contextlib "
                      "statistics fractions decimal numbers abc typing random builtins __main__".split())


def is_standard(obj: Any) -> bool:
    """Whether a function or class belongs to a module of Python that has to do with the world.

    >>> import logging
    >>> is_standard(logging.info), is_standard(Effects)
    (True, False)
    """
    module = str(getattr(obj, "__module__", "")).partition(".")[0]
    return module in sys.stdlib_module_names and module not in _PROGRAMS


class Effects(Texts):
    """Statements that are there for their effect, and what they are done to."""

    # The expression of which the statement makes no use.
    unused: Any = None

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if isinstance(owner, Namespace) and owner.meaning.dotted == "sys" and name in STREAMS:
            return Library(f"sys.{name}")
        if isinstance(owner, Namespace) and owner.meaning.dotted == "pdb" and name == "set_trace":
            return Library("pdb.set_trace")  # test runners put their own in its place
        if isinstance(owner, Namespace) and owner.meaning.dotted == "logging" and name.isupper():
            return self.from_object(getattr(owner.meaning.object, name), name)
        if is_opaque(owner) or isinstance(owner, Library) and owner.name in ("sys.stdout", "sys.stderr"):
            return Method(owner, name)
        if isinstance(owner, Unusable) and _type_of(owner) is not None:
            return Method(owner, name)
        if isinstance(owner, Unusable) and getattr(self.unused, "func", None) is node and (
                is_standard(type(owner.meaning.object))):
            return Method(owner, name)
        found = super().attribute(owner, name, node, hint)
        if isinstance(found, Unusable) and isinstance(found.meaning.object, MethodDescriptorType):
            return Method(owner, name)
        return found

    # Objects from outside.

    def outside(self, value: Unusable) -> Var:
        """The input of the trace that stands for an object from outside the function."""
        known = _type_of(value)
        t = Opaque(type(value.meaning.object).__name__) if known is None else known
        return self.program.global_object(self, value.meaning, value.scope, t)  # type: ignore[no-any-return]

    def handle(self, value: Value) -> Arg | None:
        """An object that is no number as an operand; None if it is none."""
        if isinstance(value, Var) and is_opaque(value):
            return value
        if isinstance(value, Library) and value.name.startswith("sys."):
            return Ref(value.name)
        return self.outside(value) if isinstance(value, Unusable) else None

    def spoken(self, value: Value, node: Any, exactly: bool = False) -> Arg:
        if isinstance(value, Unusable) and not callable(value.meaning.object):
            return self.outside(value)
        return super().spoken(value, node, exactly)

    def object_method(self, owner: Value, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """``owner.name(...)`` of an object that exists at run time only."""
        if is_bottom(owner) or any(map(is_bottom, (*args, *kwargs.values()))):
            return Var(NOTHING, hint)
        what = self.kind_of_object(owner)
        found = self.method_of(what, owner, name, args, kwargs, node, hint)
        if found is None:
            self.refuse(node, f"the method '{name}' of {describe_value(owner)} is not supported here",
                        "call it outside the differentiated function")
        return found

    def kind_of_object(self, owner: Value) -> str:
        """The class of an object that exists at run time only."""
        if isinstance(owner, Var) and isinstance(owner.type, Opaque):
            return owner.type.what
        if isinstance(owner, Library):
            return FILE
        known = _type_of(owner) if isinstance(owner, Unusable) else None
        return "" if known is None else known.what

    def method_of(self, what: str, owner: Value, name: str, args: Args, kwargs: Named, node: Any,
                  hint: str) -> Value | None:
        """The value of a method's call; None if nothing is known about it."""
        unused = node is self.unused
        if what == LOGGER and name in _LEVELS:
            return self._log(f".{name}", [self.handle(owner)], args, kwargs, node)
        if what == LOGGER and name in ("isEnabledFor", "getEffectiveLevel"):
            result = BOOL if name == "isEnabledFor" else INT
            return self.act(f".{name}", (self.given(owner), *(self.spoken(a, node) for a in args)), result, hint)
        if what == "list" and isinstance(owner, Var):
            return self.append_outside(owner, args, kwargs, node)
        if what == FILE and name in ("write", "flush") and unused:
            said = [self.spoken(a, node) for a in args]
            if not all(map(is_text, said)):
                self.refuse_type(node, "write() takes texts", "make them with str(...)")
            return self.done(f".{name}", (self.given(owner), *said))
        if unused and (isinstance(owner, Unusable) and not what or what in (LOGGER, FILE)):
            # A method of which nothing is known.
            lent = [self._lent(a, node, False) for a in args]
            return self.done(f".{name}", (self.given(owner), *lent),
                             {k: self._lent(v, node, False) for k, v in kwargs.items()})
        return None

    def given(self, owner: Value) -> Arg:
        given = self.handle(owner)
        assert given is not None
        return given

    def done(self, fn: str, args: Any, options: dict[str, Arg] | None = None) -> Value:
        """An effect, whose value is None."""
        self.act(fn, args, None, options=options)
        return Lit(None)

    # Printing.

    def _builtin_print(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        options: dict[str, Arg] = {}
        for name, value in kwargs.items():
            if name == "file" and not (isinstance(value, Lit) and value.value is None):
                file = self.handle(value)
                if file is None or self.kind_of_object(value) != FILE:
                    self.refuse_type(node, f"print() to {describe_value(value)} is not supported",
                                     "print to sys.stderr, or to a file")
                options[name] = file
            elif name in ("sep", "end", "flush", "file"):
                options[name] = self.spoken(value, node)
            else:
                self.refuse_type(node, f"print() got an unexpected keyword argument '{name}'")
        return self.done("print", [self.spoken(a, node) for a in args], options)

    def _builtin_open(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self.refuse(node, "open() is not supported", "open the file outside, and pass it as an argument")

    def _builtin_input(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self.refuse(node, "input() is not supported", "read the value outside, and pass it as an argument")

    def _builtin_warnings_warn(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        self._arity("warnings.warn", args, 1, 3, node)
        given = [self._category(a, node) for a in args]
        return self.done("warnings.warn", given, {k: self._category(v, node) for k, v in kwargs.items()})

    def _category(self, value: Value, node: Any) -> Arg:
        cls = value.object if isinstance(value, Library) else None
        if isinstance(value, Library) and isinstance(cls, type) and issubclass(cls, Warning):
            return Ref(value.name)
        if isinstance(value, Static) and isinstance(value.value, type) and issubclass(value.value, Warning):
            return self.program.hand_in(value.value, value.value.__name__)  # type: ignore[no-any-return]
        found = self.handle(value)
        return self.spoken(value, node) if found is None else found

    def _log(self, fn: str, before: list[Arg | None], args: Args, kwargs: Named, node: Any) -> Value:
        said = [self.spoken(a, node, k > 0) for k, a in enumerate(args)]
        return self.done(fn, [*(a for a in before if a is not None), *said],
                         {k: self.spoken(v, node) for k, v in kwargs.items()})

    def _builtin_breakpoint(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._stop("breakpoint", args, kwargs, node)

    def _builtin_pdb_set_trace(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._stop("pdb.set_trace", args, kwargs, node)

    def _stop(self, fn: str, args: Args, kwargs: Named, node: Any) -> Value:
        """A breakpoint keeps the user's names in scope: it reads them all."""
        if args or kwargs:
            self.refuse(node, f"arguments of {fn}() are not supported", f"write {fn}()")
        seen = dict.fromkeys(v for value in self.frame.env.values() for v in self.within(value)
                             if isinstance(v, Var) and not is_bottom(v) and v.is_named)
        return self.done(fn, seen)

    # Functions of the library, and those of which nothing is known.

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        module, _, last = name.rpartition(".")
        if found is None and module == "time" and last.removesuffix("_ns") in _CLOCKS:
            def clock(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
                return self.act(name, (), INT if last.endswith("_ns") else FLOAT, hint)

            return clock
        if found is None and module == "logging" and last in _LEVELS:
            return lambda args, kwargs, node, hint: self._log(name, [], args, kwargs, node)
        return found

    def _builtin_logging_getLogger(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:  # noqa: N802
        return self.act("logging.getLogger", [self.spoken(a, node) for a in args], Opaque(LOGGER), hint)

    def outside_call(self, fn: Library | Unusable | Python, args: Args, kwargs: Named, node: Any) -> Value:
        """A statement that calls what is not to be looked into: it is handed numbers and texts."""
        reads = isinstance(fn, Library) and (fn.name in _READERS or fn.name.startswith("np.testing.")) or (
            isinstance(fn, Python) and getattr(fn.meaning.fn, "__module__", "") in _SHOWING)
        given = [self._lent(a, node, reads) for a in args]
        options = {k: self._lent(v, node, reads) for k, v in kwargs.items()}
        if isinstance(fn, Library):
            return self.done(fn.name, given, options)
        called = self.program.hand_in(fn.meaning.fn if isinstance(fn, Python) else fn.meaning.object,
                                      sanitise(fn.meaning.name or "function"))
        return self.done("()", (called, *given), options)

    def _lent(self, value: Value, node: Any, reads: bool) -> Arg:
        """An operand of a function that may keep it, or write to it."""
        found = self.handle(value)
        if found is not None:
            return found
        said = self.spoken(value, node)
        for v in [v for v in self._shared(said) if not reads]:
            if isinstance(v, Tup) or not self.facts.is_fresh(v) or self.others_with(v, ""):
                what = "a list" if isinstance(v, Tup) else describe_value(v)
                self.refuse_type(node, f"{what} is handed to a function that may keep it or write to it",
                                 "hand over numbers, or a copy: x.copy()")
        return said

    def _shared(self, arg: Arg) -> list[Any]:
        """What is changeable in an operand."""
        if isinstance(arg, Tup):
            return [arg] if arg.is_list else [v for a in arg.items for v in self._shared(a)]
        changeable = isinstance(arg, Var) and (self.facts.may_be_box(arg) or isinstance(type_of(arg), List)
                                               or rank(type_of(arg)) != 0 and not is_opaque(arg))
        return [arg] if changeable else []

    def outside_list(self, node: Any) -> Var | None:
        """The list of the module or closure to which ``node``, the owner of an ``append``, refers; None if it does not.

        Nobody here looks into the list, so that its contents are not part of what is known when lowering.
        """
        path: list[str] = []
        while isinstance(node, gast.Attribute):
            path.insert(0, node.attr)
            node = node.value
        if not isinstance(node, gast.Name):
            return None
        frame = self.frame
        while node.id not in frame.locals and frame.lexical is not None:
            frame = frame.lexical
        found, scope = None, frame.scope
        if node.id not in frame.locals:
            found = scope.name(node.id)
        elif path and isinstance(value := frame.env.get(node.id), Unusable):
            found, scope = value.meaning, value.scope
        for name in path if found is not None else ():
            found = scope.attribute(found, name)
        if isinstance(found, meanings.Table) and type(found.value) is list:
            if self.program.knows_table(found.value):
                return None
            self.program.appended.add(id(found.value))
        elif not isinstance(found, meanings.Opaque) or found.kind != "list":
            return None
        made: Var = self.program.global_object(self, found, scope, Opaque("list"))
        return made

    def append_outside(self, owner: Var, args: Args, kwargs: Named, node: Any) -> Value:
        """``owner.append(x)`` of a list from outside."""
        self._no_keywords("append", kwargs, node)
        self._arity("append", args, 1, 1, node)
        return self.done(".append", (owner, self._lent(args[0], node, False)))


def _type_of(value: Unusable) -> Opaque | None:
    """The type of an object from outside, if it is one that exists at run time only."""
    kind = getattr(value.meaning, "kind", "")
    return Opaque(kind) if kind else opaque_type(value.meaning.object)
