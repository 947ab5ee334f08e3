"""``raise`` and ``assert``: exceptions are made at run time, where the program makes them.

What stands in a statement that only raises must not keep a function from being differentiated.  What cannot be computed
in the trace is left to Python, as the user wrote it, with the names that it reads; if that is not possible either, its
own text stands for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import gast

from s2sad.errors import NameRefusal, Refusal
from s2sad.frontend import meanings
from s2sad.frontend.lower_classdef import ClassDefinitions
from s2sad.frontend.lower_core import CannotInline
from s2sad.frontend.values import Library, Static, Unusable, Value
from s2sad.names import is_identifier
from s2sad.trace.ends import as_effect
from s2sad.trace.ir import NONE, Arg, Block, If, Lit, Op, Raise, Ref, Tup, Var, Yield
from s2sad.trace.types import Opaque


class Raising(ClassDefinitions):
    """Exceptions."""

    def _do_Raise(self, node: Any) -> bool:
        self.flow.close(self._raised(node))
        return False

    def _raised(self, node: Any) -> Raise:
        if node.exc is None and self.expecting.handled:
            return self.raise_again(self.expecting.handled[-1])
        if node.exc is None:
            return Raise("RuntimeError", (Lit("No active exception to reraise"),))
        if node.cause is not None:
            cause = self._exception(node.cause)
            return Raise("", (self._as_made(self._exception(node.exc)), self._as_made(cause)))
        made = self._exception(node.exc)
        return made if isinstance(made, Raise) else Raise("", (made,))

    def raise_again(self, error: Var) -> Raise:
        """Raise an exception that has been caught."""
        return Raise("", (error,))

    def _as_made(self, made: Raise | Arg) -> Arg:
        """An exception that stands in an expression."""
        if not isinstance(made, Raise):
            return made
        return self._append("new", made.args, (("class", made.kind),))

    def _exception(self, node: Any) -> Raise | Arg:
        """An exception: its class with the arguments, or a variable that is one."""
        if isinstance(node, gast.Constant) and node.value is None:
            return NONE
        call = node if isinstance(node, gast.Call) else None
        value = self._attempt(lambda: self.expr(call.func if call else node))
        kind = self.exception_class(value) if value is not None else None
        if kind is None:
            return value if isinstance(value, Var) and call is None else self.left_to_python(
                node, lambda: self._append("new", (Lit(self._source(node)),), (("class", Ref("RuntimeError")),)))
        if call is not None and (call.keywords or any(isinstance(a, gast.Starred) for a in call.args)):
            named = {k.arg: self._message(k.value) for k in call.keywords}
            if None not in named and not any(isinstance(a, gast.Starred) for a in call.args):
                args = tuple(map(self._message, call.args))
                return self._append("new", args, (("class", kind), *((str(k), v) for k, v in named.items())))
            return self.left_to_python(node, lambda: self._append("new", (), (("class", kind),)))
        return Raise(kind.name, () if call is None else tuple(map(self._message, call.args)), kind.object)

    def exception_class(self, value: Value) -> Ref | None:
        """The class of exceptions that a value is, if it is one."""
        if isinstance(value, Library):
            return Ref(value.name) if _is_exception(value.object) else None
        if isinstance(value, Static) and _is_exception(value.value):
            return self.program.hand_in(value.value, value.value.__name__)  # type: ignore[no-any-return]
        if isinstance(value, Unusable) and value.meaning.object is None and self.frame.source is not None:
            # Known by the text of the module only.
            home = PurePath(self.frame.source.file).stem
            return Ref(f"{home}.{value.meaning.name}") if is_identifier(home) else None
        return None

    # Messages.

    def _attempt(self, work: Callable[[], Any]) -> Any:
        """The result of some lowering, or None if that is refused; then nothing is left of it."""
        back, memory, env = self.flow.mark(), self.memory.fork(), dict(self.frame.env)
        try:
            return work()
        except (Refusal, CannotInline):
            self.flow.rewind(back)
            self.memory, self.frame.env = memory, env
            return None

    def _message(self, node: Any) -> Arg:
        """An argument of an exception: here texts may be put together at run time."""
        found: Arg | None = self._attempt(lambda: self.spoken(self.expr(node), node, True))
        return found if found is not None else self.left_to_python(node, lambda: Lit(self._source(node)))

    def _append(self, fn: str, args: tuple[Arg, ...], kwargs: tuple[tuple[str, Arg], ...] = (),
                style: str = "call") -> Var:
        target = Var(Opaque("BaseException" if fn == "new" else "object"))
        self.flow.stmts.append(Op(target, fn, args, kwargs, self.flow.site, self.flow.sweep, style))
        return target

    def left_to_python(self, node: Any, otherwise: Callable[[], Arg]) -> Arg:
        """An expression as the user wrote it, with the names that it reads; ``otherwise`` if one of them is no value.

        It is computed where the program raises, and nowhere else.
        """
        names: dict[str, Arg] = {}
        own = {n.id for n in gast.walk(node) if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load)}
        own |= {p.id for f in gast.walk(node) if isinstance(f, gast.Lambda) for p in f.args.args}
        for n in gast.walk(node):
            if isinstance(n, gast.Name) and n.id not in own and n.id not in names:
                found: Arg | None = self._attempt(lambda n=n: self._as_read(n))  # type: ignore[misc]
                if found is None:
                    return otherwise()
                names[n.id] = found
        options = (("text", Lit(gast.unparse(node).strip())), ("names", Tup(tuple(map(Lit, names)))))
        return self._append("expression", tuple(names.values()), options)

    def _as_read(self, node: Any) -> Arg:
        """What a name in an expression that is left to Python stands for."""
        frame = self.frame
        while node.id not in frame.locals and frame.lexical is not None:
            frame = frame.lexical
        if node.id in frame.locals:
            return self.operand(self.expr(node), node)
        meaning = frame.scope.name(node.id)
        if isinstance(meaning, meanings.Missing):
            raise NameRefusal(meaning.reason, self.where(node))
        if isinstance(meaning, meanings.Number):
            return self.operand(self.expr(node), node)
        if isinstance(meaning, meanings.Known):
            return Ref(meaning.dotted)
        live = meaning.fn if isinstance(meaning, meanings.Function) else meaning.value if isinstance(
            meaning, meanings.Static) else meaning.object
        if live is None:
            self.refuse(node, f"'{node.id}' is not known")
        return self.program.hand_in(live, node.id)  # type: ignore[no-any-return]

    def _source(self, node: Any) -> str:
        return str(gast.unparse(node)).strip()

    # assert

    def _do_Assert(self, node: Any) -> None:
        truth = self.test(node.test)
        if truth is True:
            return
        known = Lit(False) if truth is False else truth
        if node.msg is None or isinstance(node.msg, gast.Constant):
            message = NONE if node.msg is None else Lit(node.msg.value)
            self.effect("assert", known, message=message)
            return
        failed = self.path(lambda: self.flow.close(Raise("AssertionError", (self._message(node.msg),))))
        assert failed.flow.done is not None
        self.flow.add(If(known, Block((), Yield()), as_effect(failed.flow.done), site=self.flow.site))


def _is_exception(obj: Any) -> bool:
    return isinstance(obj, type) and issubclass(obj, BaseException)
