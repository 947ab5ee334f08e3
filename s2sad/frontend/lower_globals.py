"""Globals that the program writes to: the module is where they are kept.

    global count                       import counting
    count += 1              ⇒          counting.count = counting.count + 1
    return x * count                   return x * counting.count

A write is an effect.  A name that is written to anywhere in the program is read in its module where it is read in the
text, wherever that is, and so has the value that Python gives it.  Derivatives do not pass through a module
(`s2sad.analysis.globals`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any

import gast

from s2sad.errors import NameRefusal, Refusal
from s2sad.frontend.constructs import construct
from s2sad.frontend.exits import scope
from s2sad.frontend.lower_core import Frame
from s2sad.frontend.lower_draws import Draws
from s2sad.frontend.meanings import ABSENT
from s2sad.frontend.signature import spec_of
from s2sad.frontend.values import Namespace, Static, Value, describe_value, is_bottom, is_number
from s2sad.names import is_identifier
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Arg, Lit, Op, Ref, Stmt, Var
from s2sad.trace.joins import join
from s2sad.trace.types import NOTHING, Type, rank

READ, WRITE = "get_global", "set_global"


class WrittenLater(Exception):  # noqa: N818  (control flow)
    """A global turns out to be written to, or to hold another type: what has been lowered is to be lowered again."""


@dataclass(eq=False)
class Written:
    """A global of a module that the program writes to: where it is, and the type of all that it may hold.

    The type is None if some of that is no number.
    """

    place: Ref
    type: Type | None
    read: bool = False
    # The operation that has read or written it last, where that stands, and the number.
    last: tuple[Op, list[Stmt], int, Var | Lit] | None = None
    # Why it cannot be read if nothing is ever written to it.
    unset: Refusal | None = None


class Globals(Draws):
    """The statement ``global``, and the names it declares."""

    def _do_Global(self, node: Any) -> None:
        for name in node.names:
            if (_key(self.frame.scope), name) not in self.program.written:
                self._declare(name, node)

    def _declare(self, name: str, node: Any) -> None:
        """Note that a name of the module is written to."""
        resolver = self.frame.scope
        space = getattr(resolver, "globals", None)
        module = PurePath(self.frame.source.file).stem if space is None else str(space.get("__name__"))
        home = sys.modules.get(module)
        if not (is_identifier(module) if space is None else home is not None and vars(home) is space):
            what, instead = construct(node)
            self.refuse(node, f"{what} is not supported for '{name}', whose module cannot be imported by its name",
                        instead)
        found = resolver.watch(name)
        spec = NOTHING if found is ABSENT else spec_of(found, name)
        t = spec if isinstance(spec, Type) and (spec == NOTHING or rank(spec) == 0) else None
        key = _key(resolver), name
        self.program.written[key] = Written(Ref(f"{module}.{name}"), t)
        if key in self.program.looked_up:
            raise WrittenLater

    def _written(self, name: str, frame: Frame) -> Written | None:
        """What is known of a global that the program writes to; None if the name is none."""
        around: Frame | None = frame
        while around is not None:
            if name in _declared(around.node):
                break
            if name in around.locals:
                return None
            around = around.lexical
        if around is None and name in getattr(frame.scope, "cells", ()):
            return None
        key = _key(frame.scope), name
        self.program.looked_up.add(key)
        found: Written | None = self.program.written.get(key)
        return found

    def name(self, name: str, node: Any, frame: Frame) -> Value:
        found = self._written(name, frame)
        return super().name(name, node, frame) if found is None else self._read(found, name, node)

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if isinstance(owner, Namespace) and owner.meaning.object is not None:
            key = id(vars(owner.meaning.object)), name
            self.program.looked_up.add(key)
            if key in self.program.written:
                return self._read(self.program.written[key], name, node)
        return super().attribute(owner, name, node, hint)

    def _read(self, found: Written, name: str, node: Any) -> Value:
        if found.type is None:
            self.refuse(node, f"'{name}' is written to, and read where it may be something else than a number",
                        "keep numbers of one kind in it, or use a local variable")
        found.read = True
        if found.type == NOTHING:
            found.unset = NameRefusal(f"'{name}' has no value here", self.where(node), "give it a value in its module")
            return Var(NOTHING, name)
        known = self._still(found)
        if known is not None:
            return known
        value = self.act(READ, (found.place,), found.type, name)
        self._note(found, value)
        return value

    def _note(self, found: Written, value: Var | Lit) -> None:
        """Remember what a global holds after the operation that has just been made."""
        stmts = self.flow.stmts
        op = stmts[-1]
        assert isinstance(op, Op)
        found.last = op, stmts, len(stmts), value

    def _still(self, found: Written) -> Var | Lit | None:
        """What a global holds if nothing has come after the last look at it that may have changed it."""
        if found.last is None:
            return None
        op, stmts, at, value = found.last
        if stmts is not self.flow.stmts or len(stmts) < at or stmts[at - 1] is not op:
            return None
        return value if all(isinstance(s, Op) and s.fn != "()" for s in stmts[at:]) else None

    def bind_name(self, name: str, value: Value, node: Any) -> None:
        found = self._written(name, self.frame)
        if found is None:
            super().bind_name(name, value, node)
            return
        if is_bottom(value):
            return
        self._widen(found, value)
        stored = self._stored(value, name, node)
        self.act(WRITE, (found.place, stored), None)
        if is_number(value) and isinstance(stored, (Var, Lit)):
            self._note(found, stored)

    def _widen(self, found: Written, value: Value) -> None:
        """Let the type of a global hold a value, too."""
        number = is_number(value) and rank(type_of(value)) == 0  # type: ignore[arg-type]
        t = join(found.type, type_of(value)) if number and found.type is not None else None  # type: ignore[arg-type]
        if t != found.type:
            found.type = t
            if found.read:
                raise WrittenLater

    def _stored(self, value: Value, name: str, node: Any) -> Arg:
        if isinstance(value, Static) or not (isinstance(value, (Var, Lit))):
            self.refuse_type(node, f"{describe_value(value)} is not stored in the global '{name}'",
                             "store a number, an array or a text")
        if isinstance(value, Var) and self.facts.may_be_box(value):
            self.refuse_type(node, f"an array without axes is not stored in the global '{name}'",
                             "store the number: x.item()")
        if isinstance(value, Var) and is_number(value) and rank(value.type) != 0 and (
                not self.facts.is_fresh(value) or self.others_with(value, "")):
            self.refuse_type(node, f"an array that others may write to is stored in the global '{name}'",
                             "store a copy: x.copy()")
        return value


@lru_cache(maxsize=1024)
def _declared(node: Any) -> frozenset[str]:
    """The names that a function declares global."""
    body = getattr(node, "body", None)
    parts = scope(body) if isinstance(body, list) else ()
    return frozenset(name for part in parts if isinstance(part, gast.Global) for name in part.names)


def _key(resolver: Any) -> int:
    space = getattr(resolver, "globals", None)
    return id(resolver if space is None else space)
