"""Building blocks of a trace, one typed operation at a time.

The builder owns what a pass would otherwise repeat at every operation: the fresh result variable, its type (asked of
the rule table), the site and the sweep.
"""

from __future__ import annotations

from collections.abc import Mapping

from s2sad.rules.infer import infer
from s2sad.rules.static import type_of
from s2sad.trace.ir import NOWHERE, Arg, Block, End, Op, Site, Stmt, Var
from s2sad.trace.types import Scalar, Type


class Builder:
    """Collects the statements of one block.

    ``sweep`` and ``site`` are given to every statement made from now on; assign to them to change that.
    """

    def __init__(self, sweep: str = "primal", site: Site = NOWHERE) -> None:
        self.stmts: list[Stmt] = []
        self.sweep, self.site = sweep, site

    def op(self, fn: str, *args: Arg, hint: str = "", style: str = "call", type: Type | None = None,
           **kwargs: Arg) -> Var:
        """Append ``fn(*args, **kwargs)`` and return its result; ``type`` overrides the inferred one."""
        options = tuple(kwargs.items())
        target = Var(infer(fn, args, dict(options)) if type is None else type, hint)
        self.stmts.append(Op(target, fn, args, options, self.site, self.sweep, style))
        return target

    def effect(self, fn: str, *args: Arg, **kwargs: Arg) -> None:
        """Append an operation that is there for its effect only."""
        self.stmts.append(Op(None, fn, args, tuple(kwargs.items()), self.site, self.sweep))

    def add(self, stmt: Stmt) -> None:
        """Append a statement made elsewhere."""
        self.stmts.append(stmt)

    def fork(self) -> Builder:
        """A builder for a block inside the current one."""
        return Builder(self.sweep, self.site)

    def block(self, end: End) -> Block:
        """The statements so far, closed with an end."""
        return Block(tuple(self.stmts), end)


Options = Mapping[str, Arg]
__all__ = ["Builder", "Options", "Scalar", "type_of"]
