"""Reading and rebuilding traces: operands, definitions, substitution.

Every function here treats a trace as a tree of blocks; none knows what an operation means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from s2sad.trace.ir import (
    Along,
    Arg,
    Block,
    Break,
    Class,
    End,
    For,
    If,
    Lambda,
    Lit,
    Next,
    Node,
    Op,
    Raise,
    Range,
    Ref,
    Return,
    Slc,
    Stmt,
    Tree,
    Try,
    Tup,
    Var,
    While,
    With,
    Yield,
)
from s2sad.trace.types import Array, Unknown, rank


def arg_vars(arg: Arg) -> Iterator[Var]:
    """The variables an operand reads."""
    if isinstance(arg, Var):
        yield arg
    elif isinstance(arg, Tup):
        for item in arg.items:
            yield from arg_vars(item)
    elif isinstance(arg, Slc):
        for item in (arg.lo, arg.hi, arg.step):
            yield from arg_vars(item)
    elif isinstance(arg, Lambda):
        for item in arg.args:
            yield from arg_vars(item)


def refs(block: Block) -> Iterator[Ref]:
    """What a block refers to outside of the program."""
    def within(arg: Arg) -> Iterator[Ref]:
        if isinstance(arg, Ref):
            yield arg
        elif isinstance(arg, Tup):
            for item in arg.items:
                yield from within(item)

    for inner in blocks(block):
        for stmt in inner.stmts:
            for arg in own_args(stmt):
                yield from within(arg)
        if isinstance(inner.end, Raise):
            yield inner.end.kind


def has_keys(tree: Tree) -> bool:
    """Whether there is a dict or an object in the structure of an argument or result: no target of an assignment."""
    return isinstance(tree, Node) and (tree.kind == "dict" or tree.cls is not None or any(map(has_keys, tree.items)))


def classes_in(tree: Tree) -> Iterator[Class]:
    """The classes of the objects and named tuples in the structure of an argument or result."""
    if isinstance(tree, Node):
        if tree.cls is not None:
            yield tree.cls
        for part in tree.items:
            yield from classes_in(part)


def has_list(index: Arg) -> bool:
    """Whether an index has a list in it, which NumPy takes as an array."""
    return isinstance(index, Tup) and (index.is_list or any(map(has_list, index.items)))


def is_fixed_element(op: Op) -> bool:
    """Whether an operation reads one number at a literal place, ``x[0]`` or ``A[2, -1]``."""
    index = op.kwarg("index")
    places = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    return (op.fn == "getitem" and op.target is not None and rank(op.target.type) == 0
            and all(isinstance(p, Lit) and type(p.value) is int for p in places))


def may_repeat(index: Arg) -> bool:
    """Whether an index may name one element twice: with integer arrays, with lists, and where the type is open."""
    return has_list(index) or any(isinstance(v.type, Unknown) or (isinstance(v.type, Array) and bool(v.type.dims)
                                                                   and v.type.dtype != "b1") for v in arg_vars(index))


def own_args(stmt: Stmt) -> tuple[Arg, ...]:
    """The operands of a statement itself, not of the blocks inside it."""
    if isinstance(stmt, Op):
        return stmt.args + tuple([v for _, v in stmt.kwargs]) if stmt.kwargs else stmt.args
    if isinstance(stmt, If):
        if stmt.guard is not None:
            return (stmt.guard.context,) if isinstance(stmt.guard, With) else stmt.guard.classes
        return (stmt.cond,)
    if isinstance(stmt, For):
        return domain_args(stmt) + stmt.inits + stmt.tapes
    if isinstance(stmt, While):
        return stmt.inits
    return stmt.args


def domain_args(stmt: For) -> tuple[Arg, ...]:
    """The operands of a loop's domain."""
    d = stmt.domain
    if isinstance(d, Range):
        return (d.start, d.stop, d.step)
    return (d.tape,) if isinstance(d, Along) else ()


def own_vars(stmt: Stmt) -> list[Var]:
    """The variables read by a statement itself."""
    found: list[Var] = []
    for arg in own_args(stmt):
        if type(arg) is Var:
            found.append(arg)
        elif type(arg) is not Lit:
            found.extend(arg_vars(arg))
    return found


def end_args(end: End) -> tuple[Arg, ...]:
    """The operands of a block's end."""
    if isinstance(end, (Next, Break)):
        return end.values + end.outs
    if isinstance(end, (Yield, Return)):
        return end.values
    return end.args if isinstance(end, Raise) else ()


def blocks_of(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks inside a statement, in the order they run."""
    if isinstance(stmt, Op):
        return ()
    if isinstance(stmt, If):
        return (stmt.then, stmt.orelse)
    if isinstance(stmt, For):
        return (stmt.body,)
    return (stmt.test, stmt.body) if isinstance(stmt, While) else ()


def with_blocks(stmt: Stmt, blocks: tuple[Block, ...]) -> Stmt:
    """The same statement with other blocks inside."""
    if isinstance(stmt, If):
        return replace(stmt, then=blocks[0], orelse=blocks[1])
    if isinstance(stmt, For):
        return replace(stmt, body=blocks[0])
    return replace(stmt, test=blocks[0], body=blocks[1]) if isinstance(stmt, While) else stmt


def targets_of(stmt: Stmt) -> tuple[Var, ...]:
    """The variables a statement defines in the block it stands in."""
    if isinstance(stmt, Op):
        return (stmt.target,) if stmt.target is not None else ()
    if isinstance(stmt, If):
        told = isinstance(stmt.guard, Try) and isinstance(stmt.cond, Var)
        return (*stmt.results, stmt.cond) if told else stmt.results  # type: ignore[arg-type]
    if isinstance(stmt, (For, While)):
        return stmt.results + stmt.outs
    return stmt.targets


def inner_defs(stmt: Stmt) -> tuple[Var, ...]:
    """The variables a loop defines at the head of its body, a ``try`` or ``with`` at that of one of its blocks."""
    if isinstance(stmt, For):
        return (stmt.index, *stmt.params, *stmt.items)
    if isinstance(stmt, If):
        guard = stmt.guard
        target = guard.error if isinstance(guard, Try) else guard.target if guard is not None else None
        return () if target is None else (target,)
    return stmt.params if isinstance(stmt, While) else ()


def statements(block: Block) -> list[Stmt]:
    """Every statement of a block and of the blocks inside it, outer ones first."""
    found: list[Stmt] = []
    for stmt in block.stmts:
        found.append(stmt)
        if not isinstance(stmt, Op):
            for inner in blocks_of(stmt):
                found += statements(inner)
    return found


def blocks(block: Block) -> Iterator[Block]:
    """A block and every block inside it."""
    yield block
    for stmt in block.stmts:
        if not isinstance(stmt, Op):
            for inner in blocks_of(stmt):
                yield from blocks(inner)


def uses(block: Block) -> Counter[Var]:
    """How often each variable is read in a block and the blocks inside it."""
    found: list[Var] = []
    for b in blocks(block):
        for stmt in b.stmts:
            found += own_vars(stmt)
        for arg in end_args(b.end):
            found += arg_vars(arg)
    return Counter(found)


def definitions(block: Block) -> Iterator[Var]:
    """Every variable defined in a block, at any depth."""
    for stmt in statements(block):
        yield from targets_of(stmt)
        yield from inner_defs(stmt)


def free_vars(block: Block) -> dict[Var, None]:
    """The variables a block reads and does not define, in order of first use."""
    defined = set(definitions(block))
    return {v: None for v in uses(block) if v not in defined}


def map_arg(arg: Arg, fn: Callable[[Var], Arg]) -> Arg:
    """An operand with every variable replaced."""
    if isinstance(arg, Var):
        return fn(arg)
    if isinstance(arg, Tup):
        return Tup(tuple(map_arg(a, fn) for a in arg.items), arg.is_list)
    if isinstance(arg, Slc):
        return Slc(map_arg(arg.lo, fn), map_arg(arg.hi, fn), map_arg(arg.step, fn))
    if isinstance(arg, Lambda):
        return Lambda(arg.callee, arg.count, tuple(map_arg(a, fn) for a in arg.args))
    return arg


def map_own(stmt: Stmt, fn: Callable[[Var], Arg]) -> Stmt:
    """A statement with the variables it reads itself replaced; its blocks stay.  Unchanged, it is the same object."""
    if all(fn(v) is v for v in own_vars(stmt)):
        return stmt

    def m(args: tuple[Arg, ...]) -> tuple[Arg, ...]:
        return tuple(map_arg(a, fn) for a in args)

    if isinstance(stmt, Op):
        return replace(stmt, args=m(stmt.args), kwargs=tuple((k, map_arg(v, fn)) for k, v in stmt.kwargs))
    if isinstance(stmt, If):
        if isinstance(stmt.guard, With):
            return replace(stmt, guard=replace(stmt.guard, context=map_arg(stmt.guard.context, fn)))
        if stmt.guard is not None:
            return stmt
        return replace(stmt, cond=map_arg(stmt.cond, fn))
    if isinstance(stmt, For):
        d = stmt.domain
        if isinstance(d, Range):
            d = Range(*m((d.start, d.stop, d.step)))
        elif isinstance(d, Along):
            d = Along(map_arg(d.tape, fn))
        return replace(stmt, domain=d, inits=m(stmt.inits), tapes=m(stmt.tapes))
    if isinstance(stmt, While):
        return replace(stmt, inits=m(stmt.inits))
    return replace(stmt, args=m(stmt.args))


def map_end(end: End, fn: Callable[[Var], Arg]) -> End:
    """A block's end with the variables it reads replaced."""
    def m(args: tuple[Arg, ...]) -> tuple[Arg, ...]:
        return tuple(map_arg(a, fn) for a in args)

    if isinstance(end, (Next, Break)):
        return replace(end, values=m(end.values), outs=m(end.outs))
    if isinstance(end, (Yield, Return)):
        return replace(end, values=m(end.values))
    return replace(end, args=m(end.args)) if isinstance(end, Raise) else end


def substitute(block: Block, mapping: Mapping[Var, Arg]) -> Block:
    """A block with variables replaced wherever they are read."""
    def fn(v: Var) -> Arg:
        return mapping.get(v, v)

    def go(b: Block) -> Block:
        stmts = tuple(with_blocks(map_own(s, fn), tuple(map(go, blocks_of(s)))) for s in b.stmts)
        return Block(stmts, map_end(b.end, fn))

    return go(block) if mapping else block


def with_targets(stmt: Stmt, fn: Callable[[Var], Var]) -> Stmt:
    """A statement whose defined variables (results, outs, loop heads) are replaced."""
    def m(vs: tuple[Var, ...]) -> tuple[Var, ...]:
        return tuple(map(fn, vs))

    if isinstance(stmt, Op):
        new = fn(stmt.target) if stmt.target is not None else None
        return stmt if new is stmt.target else replace(stmt, target=new)
    if isinstance(stmt, If):
        guard = stmt.guard
        if isinstance(guard, Try):
            assert isinstance(stmt.cond, Var)
            guard = replace(guard, error=fn(guard.error))
            return replace(stmt, results=m(stmt.results), cond=fn(stmt.cond), guard=guard)
        if guard is not None and guard.target is not None:
            guard = replace(guard, target=fn(guard.target))
        return replace(stmt, results=m(stmt.results), guard=guard)
    if isinstance(stmt, For):
        return replace(stmt, index=fn(stmt.index), params=m(stmt.params), items=m(stmt.items), results=m(stmt.results),
                       outs=m(stmt.outs))
    if isinstance(stmt, While):
        return replace(stmt, params=m(stmt.params), results=m(stmt.results), outs=m(stmt.outs))
    return replace(stmt, targets=m(stmt.targets))


def clone(block: Block, mapping: Mapping[Var, Arg]) -> tuple[Block, dict[Var, Arg]]:
    """A copy of a block with new variables for all it defines; also the map from old ones to new ones."""
    renamed: dict[Var, Arg] = dict(mapping)
    for v in definitions(block):
        renamed[v] = Var(v.type, v.hint)

    def target(v: Var) -> Var:
        new = renamed[v]
        assert isinstance(new, Var)
        return new

    def go(b: Block) -> Block:
        stmts = tuple(with_targets(with_blocks(map_own(s, lambda v: renamed.get(v, v)), tuple(map(go, blocks_of(s)))),
                                   target) for s in b.stmts)
        return Block(stmts, map_end(b.end, lambda v: renamed.get(v, v)))

    return go(block), renamed


def has_narrow_floats(block: Block) -> bool:
    """Whether a block works with floats of other than double precision, or of unknown precision.

    Without them a Python float and a float64 scalar give every operation the same result type.
    """
    return any(isinstance(v.type, Array) and v.type.dtype in ("f2", "f4", "c8", "?")
               for b in blocks(block) for s in b.stmts for v in (*own_vars(s), *targets_of(s), *inner_defs(s)))
