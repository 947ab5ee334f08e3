"""Functions put in place of their calls: those that are part of the machinery, and not of the user's program.

    def f_rev(x, y_bar):            x_bar = np.minimum(y_bar, x)
        return np.minimum(y_bar, x)    ⇒
    x_bar = f_rev(x, y_bar)

The axes of the function's variables are named after those of its params, so that they take the names of the caller's.
A function that returns from inside of a branch or loop stays a function.

>>> from s2sad.trace.ir import Leaf, Op
>>> from s2sad.trace.types import FLOAT
>>> a, b, x, y = (Var(FLOAT, name) for name in "abxy")
>>> g = Trace("g", (), (a,), Block((Op(b, "*", (a, a)),), Return((b,))), Leaf(0), transparent=True)
>>> body = Block((Call((y,), "g", (x,)),), Return((y,)))
>>> print(inlined(Trace("f", (), (x,), body, Leaf(0)), {"g": g}))
f() -> #0
  %y:float = %x * %x
  return %y
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from s2sad.passes.dce import dce
from s2sad.trace.ends import called, leaves_function, reached
from s2sad.trace.ir import Arg, Block, Call, For, If, Return, Stmt, Trace, Var, While, new_key
from s2sad.trace.types import Array, Dim, List, Residual, Tape, Type, fresh_dim
from s2sad.trace.walk import blocks_of, definitions, map_end, map_own, statements, substitute, with_blocks, with_targets

# How many statements a function may have that is put in place although its author has made it one.
SMALL = 12


def inlined(trace: Trace, functions: Mapping[str, Trace],
            chosen: Callable[[Trace], bool] = lambda f: f.transparent,
            hint: Callable[[Var], str] = lambda v: v.hint, tangents: bool = False) -> Trace:
    """A trace with the chosen functions put in place of their calls; its callees stay as they are.

    ``hint`` gives the name of a variable of such a function; with ``tangents`` what is marked as a tangent there stays
    one.
    """
    if not any(name in functions and chosen(functions[name]) for name in called(trace.body)):
        return trace
    return replace(trace, body=_Inlining(functions, chosen, hint, tangents).body(trace.body, (trace.name,)))


def in_place(trace: Trace) -> Trace:
    """A program with transparent and small functions in place of their calls; those nobody calls any more are left out.

    >>> from s2sad.trace.ir import Leaf
    >>> g = Trace("g", (), (), Block((), Return(())), Leaf(0), transparent=True)
    >>> in_place(Trace("f", (), (), Block((Call((), "g", ()),), Return(())), Leaf(0), (g,))).callees
    ()
    """
    functions = {t.name: t for t in trace.callees}
    small = small_functions(functions)
    if not any(t.transparent or t.name in small for t in trace.callees):
        return trace

    def put(t: Trace) -> Trace:
        return inlined(t, functions, lambda f: f.transparent or f.name in small, primal_name)

    made = put(trace)
    return replace(made, callees=reached(made, map(put, trace.callees)))


def small_functions(functions: Mapping[str, Trace]) -> set[str]:
    """The functions with few statements, those of the functions that they call counted in; none that calls itself.

    What calls itself in the program may not do so any more where the structure of its arguments is known, as that of an
    expression that is a tree of objects.
    """
    sizes: dict[str, int] = {}

    def size(name: str, around: tuple[str, ...]) -> int:
        f = functions.get(name)
        if f is None or name in around or f.custom is not None or f.doc or any(
                isinstance(v.type, Residual) for v in (*f.params, *definitions(f.body))):
            return SMALL + 1  # What is a derivative, or a half of one, has been dealt with when it was made.
        if name not in sizes:
            own = sum(1 for _ in statements(f.body))
            sizes[name] = own if own > SMALL else own + sum(
                size(s.callee, (*around, name)) for s in statements(f.body) if isinstance(s, Call))
        return sizes[name]

    return {name for name, f in functions.items() if size(name, ()) <= SMALL and is_straight(f)}


def primal_name(v: Var) -> str:
    """A name that is free of what a derivative calls its variables: there it is one of the program's own."""
    return "" if v.hint.endswith(("_bar", "_dot")) else v.hint


def is_small(f: Trace, limit: int = SMALL) -> bool:
    """Whether a function has few statements."""
    return sum(1 for _ in statements(f.body)) <= limit


def without_custom(trace: Trace) -> Trace:
    """A program of which no derivative will be taken: small functions with derivatives of their own are put in place.

    Those with loops are not: their calls may be found to be equal.  What only a derivative would have called is
    dropped.
    """
    if not any(t.custom is not None for t in trace.callees):
        return trace
    functions = {t.name: t for t in trace.callees}

    def small(f: Trace) -> bool:
        given = f.custom is not None and not f.custom.again
        loops = any(isinstance(s, (For, While)) for s in statements(f.body))
        return f.transparent or given and is_small(f) and not loops

    callees = tuple(replace(inlined(t, functions, small), custom=None) for t in trace.callees)
    return dce(replace(inlined(trace, functions, small), callees=callees))


def is_straight(f: Trace) -> bool:
    """Whether a function returns at its end and nowhere else."""
    return isinstance(f.body.end, Return) and not any(map(leaves_function, (
        b for s in f.body.stmts for b in blocks_of(s))))


class _Inlining:
    def __init__(self, functions: Mapping[str, Trace], chosen: Callable[[Trace], bool],
                 hint: Callable[[Var], str], tangents: bool) -> None:
        self.functions, self.chosen, self.hint, self.tangents = functions, chosen, hint, tangents

    def body(self, block: Block, around: tuple[str, ...]) -> Block:
        """A block without calls of the chosen functions; those in ``around`` are being put in place already."""
        done: dict[Var, Arg] = {}

        def go(block: Block) -> Block:
            out: list[Stmt] = []
            for s in block.stmts:
                s = map_own(s, lambda v: done.get(v, v))
                f = self.functions.get(s.callee) if isinstance(s, Call) else None
                if isinstance(s, Call) and f is not None and f.name not in around and self.chosen(f) and (
                        is_straight(f)):
                    inner, results = self.copy(f, s, around)
                    out += inner
                    done.update(zip(s.targets, results))
                else:
                    out.append(with_blocks(s, tuple(map(go, blocks_of(s)))))
            return Block(tuple(out), map_end(block.end, lambda v: done.get(v, v)))

        # A variable may be read before the block that it is made in: in the mirror image of a loop.
        return substitute(go(block), done)

    def copy(self, f: Trace, call: Call, around: tuple[str, ...]) -> tuple[tuple[Stmt, ...], tuple[Arg, ...]]:
        """The statements of a function with the operands of a call, and what it returns."""
        body = self.body(f.body, (*around, f.name))
        assert isinstance(body.end, Return)
        own = axes_in_call(f.params, call.args)
        names = {v: t.hint for v, t in zip(body.end.values, call.targets) if isinstance(v, Var) and t.is_named}
        renamed: dict[Var, Arg] = dict(zip(f.params, call.args))

        def target(v: Var) -> Var:
            new = renamed.get(v)
            if new is None:
                new = renamed[v] = Var(own(v.type), names.get(v, self.hint(v)), length=_renamed(v.length, own))
            assert isinstance(new, Var)
            return new

        def read(v: Var) -> Arg:
            return renamed[v] if v in renamed else target(v)

        def go(b: Block) -> Block:
            stmts = []
            for s in b.stmts:
                s = with_targets(map_own(with_blocks(s, tuple(map(go, blocks_of(s)))), read), target)
                if isinstance(s, (If, For, While)):
                    s = replace(s, key=new_key())
                sweep = s.sweep if self.tangents and s.sweep == "tangent" else call.sweep
                stmts.append(replace(s, site=call.site, sweep=sweep))
            return Block(tuple(stmts), map_end(b.end, read))

        done = go(body)
        assert isinstance(done.end, Return)
        return done.stmts, done.end.values


def axes_in_call(params: tuple[Var, ...], args: tuple[Arg, ...]) -> Callable[[Type], Type]:
    """From the types of a function's variables to those they have in a call with given operands."""
    known: dict[str, Dim] = {}
    for p, a in zip(params, args):
        if isinstance(p.type, Array) and isinstance(a, Var) and isinstance(a.type, Array):
            for inner, outer in zip(p.type.dims, a.type.dims):
                if len(inner.terms) == 1 and inner.terms[0][1] == 1 and not inner.const:
                    known.setdefault(inner.terms[0][0], outer)

    def dim(d: Dim) -> Dim:
        out = Dim((), d.const, d.claimed)
        for symbol, c in d.terms:
            if symbol not in known:
                known[symbol] = fresh_dim()
            out = out + known[symbol].scaled(c)
        return out

    def own(t: Type) -> Type:
        if isinstance(t, Array):
            return replace(t, dims=tuple(map(dim, t.dims)))
        return replace(t, item=own(t.item)) if isinstance(t, (Tape, List)) else t

    return own


def _renamed(length: Dim | None, own: Callable[[Type], Type]) -> Dim | None:
    if length is None:
        return None
    made = own(Array("i8", (length,)))
    assert isinstance(made, Array)
    return made.dims[0]
