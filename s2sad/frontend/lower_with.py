"""``with``: blocks that run inside a context.

    with np.errstate(divide="ignore"):      in the trace: with [y = 1 / x] inside the context
        y = 1 / x

Contexts that change nothing of what the block computes stay what they are, and their managers are made where the
program makes them.  A manager whose class is known is put in place of the statement: ``__enter__``, the block,
``__exit__``, which runs in a handler, too, where that makes a difference.  `contextlib.suppress` is a ``try``,
`contextlib.nullcontext` nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, NoReturn

import gast

from s2sad.frontend.contexts import reads_exception, why_not
from s2sad.frontend.lower_try import Guarding
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Library, Namespace, Python, Seq, Static, Unusable, Value, is_bottom, is_number
from s2sad.trace.ir import NONE, UNDEF, Arg, Block, If, Lit, Raise, Ref, Try, Var, With
from s2sad.trace.types import BOOL, NOTHING, Opaque, rank

_KNOWN = frozenset(("builtins", "threading", "_thread", "warnings", "contextlib", "numpy"))
_FILTERS = frozenset(("simplefilter", "filterwarnings", "resetwarnings"))
CONTEXTS = frozenset(("np.errstate", "np.printoptions", "open"))


class Contexts(Guarding):
    """``with``."""

    def attribute(self, owner: Value, name: str, node: Any, hint: str = "") -> Value:
        if isinstance(owner, Namespace) and owner.meaning.dotted == "warnings" and name in _FILTERS:
            return Library(f"warnings.{name}")
        return super().attribute(owner, name, node, hint)

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        if name.removeprefix("warnings.") not in _FILTERS:
            return super().special(name)

        def filtered(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
            options = {k: self.as_category(v, node) for k, v in kwargs.items()}
            return self.done(name, tuple(self.as_category(a, node) for a in args), options)

        return filtered

    def as_category(self, value: Value, node: Any) -> Arg:
        """An argument of a filter of warnings: a class of warnings, or a text or number."""
        kind = self.exception_class(value)
        return self.operand(value, node) if kind is None else kind

    def _do_With(self, node: Any) -> bool:
        item = node.items[0]
        call = item.context_expr if isinstance(item.context_expr, gast.Call) else None
        made = self._attempt(lambda: self.expr(call.func if call else item.context_expr))
        if is_bottom(made):
            # The first round of a loop's fixpoint: what is entered is not known yet.
            self.bind_entered(item, Var(NOTHING), node)
            return self.run(node.body, False)
        known = _object(made)
        if known is contextlib.nullcontext and call is not None:
            self.bind_entered(item, self.expr(call.args[0]) if call.args else NONE, node)
            return self.run(node.body, False)
        if known is contextlib.suppress and call is not None:
            return self._suppress(node, call)
        if isinstance(made, Library) and made.name in CONTEXTS and call is not None:
            args = tuple(self.operand(self.expr(a), a) for a in call.args)
            named = tuple((str(k.arg), self.operand(self.expr(k.value), k.value)) for k in call.keywords)
            context: Arg = self._append("new", args, (("class", Ref(made.name)), *named))
            return self._inside(node, context, Opaque("io.IOBase" if made.name == "open" else "object"))
        if made is not None and not is_number(made):
            reason = why_not(known) if known is not None else "it is not known what it is"
            own = isinstance(made, Seq) or isinstance(known, type) and known.__module__ not in _KNOWN
            if own and (reason or item.optional_vars is not None) and self._put_in_place(node, item):
                return True
            if reason == "":
                self._check_read(item.context_expr)
                context = self.left_to_python(item.context_expr, lambda: self._unknown(
                    item, "it reads what is known at compile time only"))
                return self._inside(node, context, Opaque("object"))
            self._unknown(item, reason)
        self._unknown(item, "it is not known what it is")

    def _unknown(self, item: Any, reason: str) -> NoReturn:
        self.refuse(item.context_expr, f"this context manager is not supported: {reason}",
                    "leave the block out of the differentiated function")

    def _check_read(self, node: Any) -> None:
        """Refuse a manager that gets hold of what the block may write to."""
        for n in gast.walk(node):
            if isinstance(n, gast.Name) and n.id in self.frame.locals:
                value = self.expr(n)
                if not is_number(value) and isinstance(value, Seq) or isinstance(value, Var) and rank(value.type) != 0:
                    self.refuse(n, f"'{n.id}' is handed to a context manager that is only known at run time",
                                "hand it numbers and texts only")

    def bind_entered(self, item: Any, value: Value | Arg, node: Any) -> None:
        if item.optional_vars is not None:
            self.bind_target(item.optional_vars, value, node)  # type: ignore[arg-type]

    def _inside(self, node: Any, context: Arg, kind: Opaque) -> bool:
        """Run the body inside a context of run time."""
        item, site = node.items[0], self.flow.site
        target = Var(kind, getattr(item.optional_vars, "id", "")) if item.optional_vars is not None else None

        def body() -> bool:
            if target is not None:
                self.bind_entered(item, target, node)
            in_branch, self.in_branch = self.in_branch, True
            try:
                return self.run(node.body, False)
            finally:
                self.in_branch = in_branch

        a = self.path(body)
        guard = With(context, target)
        self.flow.site = site
        if a.flow.done is not None:
            never = Block((), Raise("AssertionError"))
            self.flow.add(If(Lit(True), a.flow.done, never, site=site, guard=guard))
            self.flow.close(None)
            return False
        a.value = UNDEF
        b, names = self.beside(a, self.flow.fork()), self.frame.live.after[id(node)]
        self.meet_again(Lit(True), a, b, node, names, "", guard)
        return True

    def _suppress(self, node: Any, call: Any) -> bool:
        """``with suppress(*classes)`` is a ``try`` whose handler does nothing."""
        classes = gast.copy_location(gast.Tuple(elts=call.args, ctx=gast.Load()), call)
        handler = gast.copy_location(gast.ExceptHandler(type=classes, name=None, body=[]), node)
        tried = gast.copy_location(gast.Try(body=node.body, handlers=[handler], orelse=[], finalbody=[]), node)
        tried.leaves = False
        live = self.frame.live
        live.after[id(tried)] = live.head[id(tried)] = live.after[id(node)]
        return self._do_Try(tried, False)

    # Managers that are put in place.

    def _put_in_place(self, node: Any, item: Any) -> bool:
        """Run the body between the methods of a manager whose class is known; False if that is not possible."""
        begun = self._attempt(lambda: self._entered(item))
        if begun is None:
            return False
        manager, entered = begun
        self.bind_entered(item, entered, node)
        nothing: list[Value] = [Lit(None)] * 3
        a = self.path(lambda: self._body(node.body, (), [], []))
        if a.flow.done is not None:
            self.refuse(node, "a block that always raises is not supported inside this context manager",
                        "leave out the 'with'")
        a.value = UNDEF
        error = Var(Opaque("BaseException"), "error")
        b = self.path(lambda: self._leave_by(error, manager, nothing, node))
        b.value = UNDEF
        if _acts(b.flow.done):
            self.rejoin(Var(BOOL, "ok"), a, b, node, None, Try((Ref("BaseException"),), error))
        else:
            a.flow.stmts.pop()
            self.flow.follow(a.flow)
            self.frame.env, self.memory = a.env, a.memory
        self.call_special(manager, "__exit__", nothing, node)
        return True

    def _entered(self, item: Any) -> tuple[Value, Value] | None:
        manager = self.expr(item.context_expr)
        cls = self.class_of(manager)
        if not isinstance(manager, Seq) or cls is None or reads_exception(cls):
            return None
        entered = self.call_special(manager, "__enter__", [], item.context_expr)
        return None if entered is None else (manager, entered)

    def _leave_by(self, error: Var, manager: Value, nothing: list[Value], node: Any) -> None:
        """Leave a context because of an exception, which goes on."""
        self.call_special(manager, "__exit__", nothing, node)
        self.flow.close(self.raise_again(error))


def _object(value: Value | None) -> Any:
    """The live object that a value is."""
    if isinstance(value, Library):
        return value.object
    if isinstance(value, Static):
        return value.value
    if isinstance(value, Python):
        return value.meaning.fn
    return value.meaning.object if isinstance(value, Unusable) else None


def _acts(block: Block | None) -> bool:
    """Whether there is more to a block than raising again."""
    return block is not None and bool(block.stmts)

