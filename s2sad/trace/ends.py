"""Where loop iterations end, and applying a change to a trace and all it calls.

The ends of an iteration are found through tail Ifs: an If that is last in a block without an end of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from s2sad.trace.ir import Block, Break, Call, End, For, If, Lambda, Next, Op, Raise, Return, Trace, While, Yield
from s2sad.trace.walk import blocks, own_args, statements

Loop = (For, While)


def tail_if(block: Block) -> If | None:
    """The If that decides how the block ends, if there is one."""
    last = block.stmts[-1] if block.end is None and block.stmts else None
    return last if isinstance(last, If) else None


def ends_of(block: Block) -> Iterator[End]:
    """The ends control can reach from a block without passing through another one first."""
    last = tail_if(block)
    if last is None:
        yield block.end
    else:
        yield from ends_of(last.then)
        yield from ends_of(last.orelse)


def loop_ends(body: Block) -> tuple[Next | Break, ...]:
    """The ends of a loop's iterations, in the order they stand in the text."""
    return tuple(end for end in ends_of(body) if isinstance(end, (Next, Break)))


def map_ends(block: Block, change: Callable[[End], End]) -> Block:
    """A block with the ends control can reach from it replaced."""
    last = tail_if(block)
    if last is None:
        return Block(block.stmts, change(block.end))
    new = replace(last, then=map_ends(last.then, change), orelse=map_ends(last.orelse, change))
    return Block((*block.stmts[:-1], new), None)


def leaves_function(block: Block) -> bool:
    """Whether a block contains a Return or a Raise, at any depth."""
    return any(isinstance(b.end, (Return, Raise)) for b in blocks(block))


def everywhere(trace: Trace, change: Callable[[Block], Block]) -> Trace:
    """A trace with its body, and the bodies of the traces it calls, changed."""
    return replace(trace, body=change(trace.body), callees=tuple(everywhere(c, change) for c in trace.callees))


def called(block: Block) -> set[str]:
    """The names of the traces that a block calls, or hands to others that call them."""
    found: set[str] = set()
    for s in statements(block):
        if isinstance(s, Call):
            found.add(s.callee)
        elif isinstance(s, Op):
            found.update(a.callee for a in own_args(s) if isinstance(a, Lambda))
    return found


def reached(trace: Trace, callees: Iterable[Trace], derivatives: bool = True) -> tuple[Trace, ...]:
    """The traces that one calls, or names as its derivatives, directly or through others, in the order given."""
    known = tuple(callees)
    by_name = {c.name: c for c in known}
    seen: set[str] = set()
    todo = [trace]
    while todo:
        t = todo.pop()
        named = t.custom.functions if t.custom is not None and derivatives else ()
        for name in (called(t.body) | set(named)) & by_name.keys() - seen:
            seen.add(name)
            todo.append(by_name[name])
    return tuple(c for c in known if c.name in seen)


def always_raises(block: Block) -> bool:
    """Whether every path through a block raises."""
    if block.end is None:
        last = block.stmts[-1]
        return isinstance(last, If) and always_raises(last.then) and always_raises(last.orelse)
    return isinstance(block.end, Raise)


def as_effect(block: Block) -> Block:
    """A block that always raises, as one that yields nothing."""
    if isinstance(block.end, Raise):
        kind = (("kind", block.end.kind),) if block.end.fn else ()
        op = Op(None, "raise", block.end.args, kind, block.end.site)
        return Block((*block.stmts, op), Yield())
    last = block.stmts[-1]
    assert isinstance(last, If)
    return Block((*block.stmts[:-1], replace(last, then=as_effect(last.then), orelse=as_effect(last.orelse))), Yield())


