"""Names that outlive the variables they were given to.

Where a pass finds that ``p_dot`` is the unnamed v7, the variable that is left is called ``p_dot``.
"""

from __future__ import annotations

from collections.abc import Mapping

from s2sad.trace.ir import Arg, Block, Var
from s2sad.trace.walk import blocks_of, map_end, map_own, with_blocks, with_targets


class Heirs:
    """Collects which unnamed derivative variables take over the names of others."""

    def __init__(self) -> None:
        self.names: dict[Var, str] = {}

    def replaced(self, old: Var, new: Arg, ours: bool) -> None:
        """``new`` is read wherever ``old`` was; ``ours`` says that a derivative statement defines it."""
        if ours and isinstance(new, Var) and not new.is_named and (hint := self.names.get(old, old.hint)):
            self.names.setdefault(new, hint)

    def settle(self, body: Block) -> Block:
        """The block with the heirs under their new names."""
        return rename(body, self.names) if self.names else body


def rename(body: Block, names: Mapping[Var, str]) -> Block:
    """A block in which variables have other names."""
    new = {v: Var(v.type, name) for v, name in names.items()}

    def get(v: Var) -> Var:
        return new.get(v, v)

    def go(block: Block) -> Block:
        stmts = tuple(with_targets(with_blocks(map_own(s, get), tuple(map(go, blocks_of(s)))), get)
                      for s in block.stmts)
        return Block(stmts, map_end(block.end, get))

    return go(body)
