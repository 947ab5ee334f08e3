"""``float(text)`` and ``int(text)`` of texts that are known, and what exceptions have besides their class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.frontend.lower_raise import Raising
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.values import Value
from s2sad.trace.ir import Lit


class Converting(Raising):
    """Numbers from texts."""

    def _builtin_float(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._number_of("float", float, args, kwargs, node, hint)

    def _builtin_int(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._number_of("int", int, args, kwargs, node, hint)

    def _number_of(self, name: str, convert: Callable[..., Any], args: Args, kwargs: Named, node: Any,
                   hint: str) -> Value:
        if not args and not kwargs:
            return Lit(convert())
        if not (isinstance(args[0], Lit) and isinstance(args[0].value, str)) or kwargs or not all(
                isinstance(a, Lit) for a in args):
            return self.library_op(name, args, kwargs, node, hint)
        try:
            return Lit(convert(*(a.value for a in args if isinstance(a, Lit))))
        except ValueError as error:
            self.refuse_type(node, f"this fails: {error}", raises=error)
