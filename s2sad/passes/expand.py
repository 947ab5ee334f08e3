"""Broadcasting left to NumPy: ``expand(v, like)`` disappears where the operation broadcasts v by itself.

    v1_bar = np.full_like(x, y_bar)        x_bar = y_bar * c
    x_bar = v1_bar * c              ⇒

- An elementwise operation of expand(v) and an operand that surely has the full shape takes v.
- An elementwise operation of expanded operands and scalars only is done before the expansion.
- The sum of an expanded number is the number times the count.
- ``x[index] += expand(v)`` is ``x[index] += v`` where the index is basic or v is a number.
- An expanded value is as long as what it was expanded to.
- A real number that was made complex to meet complex ones meets them as it is.

Every replacement keeps the type of the result, dtype included.

>>> from s2sad.trace.ir import Leaf, Return
>>> from s2sad.trace.types import FLOAT, Dim
>>> full = Array("f8", (Dim.symbol("n"),))
>>> c, y, v, x = Var(full, "c"), Var(FLOAT, "y_bar"), Var(full), Var(full, "x_bar")
>>> body = Block((Op(v, "expand", (y, c), sweep="adjoint"), Op(x, "*", (v, c), sweep="adjoint")), Return((x,)))
>>> print(elide_expand(Trace("f", (), (c, y), body, Leaf(0))))
f() -> #0
  %v1:f8[n] = expand(%y_bar, %c)  ; adjoint
  %x_bar:f8[n] = %y_bar * %c  ; adjoint
  return %x_bar
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from s2sad.passes.effects import is_elementwise
from s2sad.rules.static import type_of
from s2sad.trace.ends import everywhere
from s2sad.trace.ir import NONE, Arg, Block, Lit, Op, Stmt, Trace, Var
from s2sad.trace.types import Array, Scalar, Type, broadcast_dims, dims_of, kind_of, promote, rank, same_dims
from s2sad.trace.walk import arg_vars, blocks_of, has_list, with_blocks

# Python's own arithmetic raises where NumPy's gives inf or nan, so these are not moved from arrays to Python numbers.
_KINDS = ("int", "float", "complex")
_ARITHMETIC = frozenset(("+", "-", "*"))
_RAISING = frozenset({"/", "//", "%", "**"})


def elide_expand(trace: Trace) -> Trace:
    """Let operations broadcast by themselves, here and in the traces called."""
    return everywhere(trace, lambda body: _Eliding().block(body))


class _Eliding:
    def __init__(self) -> None:
        self.expanded: dict[Var, Op] = {}
        self.real: dict[Arg, Arg] = {}

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for stmt in block.stmts:
            if isinstance(stmt, Op):
                out.extend(self._op(stmt))
            else:
                out.append(with_blocks(stmt, tuple(map(self.block, blocks_of(stmt)))))
        return Block(tuple(out), block.end)

    def _expansion(self, arg: Arg) -> Op | None:
        return self.expanded.get(arg) if isinstance(arg, Var) else None

    def _inner(self, arg: Arg) -> Arg:
        """What an operand was before it was expanded."""
        expansion = self._expansion(arg)
        return arg if expansion is None else expansion.args[0]

    def _op(self, op: Op) -> Iterator[Op]:
        target = op.target
        if target is not None and op.sweep != "primal":
            op = self._with_real_operands(op, target)
            if op.fn == "expand":
                yield self._remember(replace(op, args=(self._inner(op.args[0]), op.args[1])))
                return
            if any(self._expansion(a) is not None for a in op.args):
                if op.fn in ("shape", "size", "len"):
                    expansion = self._expansion(op.args[0])
                    yield op if expansion is None else replace(op, args=(expansion.args[1],))
                    return
                if op.fn == "scatter_add" and self._expansion(op.args[0]) is None:
                    inner = self._inner(op.args[1])
                    if _is_basic(op.kwarg("index")) or rank(type_of(inner)) == 0:
                        yield replace(op, args=(op.args[0], inner))
                        return
                if op.fn == "np.sum" and len(op.args) == 1:
                    yield from self._sum(op, target)
                    return
                if is_elementwise(op.fn) and not op.kwargs:
                    yield from self._elementwise(op, target)
                    return
        yield op

    def _with_real_operands(self, op: Op, target: Var) -> Op:
        """An operation of real operands instead of complex ones that were made of them, if others are complex."""
        if op.fn == "cast" and kind_of(target.type) == "complex" and kind_of(type_of(op.args[0])) == "float":
            self.real[target] = op.args[0]
        if op.fn in ("scatter_add", "setitem") and isinstance(op.args[0], Var) and isinstance(op.args[0].type, Array):
            return replace(op, args=(op.args[0], self.real.get(op.args[1], op.args[1])))
        if not is_elementwise(op.fn) or op.kwargs:
            return op
        args = list(op.args)
        for k, arg in enumerate(args):
            tried = [*args[:k], self.real.get(arg, arg), *args[k + 1:]]
            numbers = op.fn in _ARITHMETIC and all(isinstance(type_of(a), Scalar) for a in tried)
            if tried[k] is not arg and (_same_result(args, tried, target.type) or numbers and any(
                    kind_of(type_of(a)) == "complex" for a in tried)):
                args = tried
        return replace(op, args=tuple(args))

    def _remember(self, op: Op) -> Op:
        assert op.target is not None
        # Only where both shapes are known can it be told later what the operand's broadcast gives.
        if rank(type_of(op.args[0])) is not None and isinstance(op.target.type, Array):
            self.expanded[op.target] = op
        return op

    def _elementwise(self, op: Op, target: Var) -> Iterator[Op]:
        args = list(op.args)
        for k, arg in enumerate(args):
            tried = [*args[:k], self._inner(arg), *args[k + 1:]]
            if tried[k] is not arg and _same_result(args, tried, target.type):
                args = tried
        op = replace(op, args=tuple(args))
        first = next((e for a in args if (e := self._expansion(a)) is not None), None)
        inner = tuple(map(self._inner, args))
        if first is None or not all(rank(type_of(i)) == 0 for i in inner):
            yield op
            return
        python = all(isinstance(type_of(i), Scalar) for i in inner)
        if python and op.fn in _RAISING or kind_of(target.type) not in _KINDS[1:] or op.fn.startswith("math."):
            yield op
            return
        if python and "." not in op.fn:
            inside: Type = type_of(max(inner, key=lambda i: _KINDS.index(_kind(i))))
        elif promote(*map(type_of, inner)) == promote(*map(type_of, args)):
            inside = Array(promote(*map(type_of, inner)), ())
        else:
            yield op
            return
        small = Var(inside)
        yield replace(op, target=small, args=inner)
        yield self._remember(Op(target, "expand", (small, first.args[1]), site=op.site, sweep=op.sweep))

    def _sum(self, op: Op, target: Var) -> Iterator[Op]:
        expansion = self._expansion(op.args[0])
        assert expansion is not None
        v = expansion.args[0]
        plain = all(value in (NONE, Lit(False)) for _, value in op.kwargs)
        if not plain or type_of(v) != target.type or kind_of(target.type) not in _KINDS[1:]:
            yield op
            return
        count = Var(type_of(Lit(0)))
        yield Op(count, "size", (expansion.args[1],), site=op.site, sweep=op.sweep)
        yield Op(target, "*", (v, count), site=op.site, sweep=op.sweep)


def _kind(arg: Arg) -> str:
    kind = kind_of(type_of(arg))
    return kind if kind in _KINDS else "int"


def _same_result(old: list[Arg], new: list[Arg], result: Type) -> bool:
    """Whether an elementwise operation gives a value of the same type with the new operands."""
    types = [type_of(a) for a in new]
    if any(rank(t) is None for t in types) or promote(*types) != promote(*map(type_of, old)):
        return False
    # A Python number among Python numbers would make a Python number, never the array of no axes that was there.
    if not any(isinstance(t, Array) for t in types) or (dims := broadcast_dims(*map(dims_of, types))) is None:
        return False
    # What cannot be 1 is as long as what it meets here, or the operation raises.
    return dims == dims_of(result) or bool(same_dims(Array("f8", dims), result))


def _is_basic(index: Arg) -> bool:
    """Whether an index is made of numbers and slices only, so that NumPy assigns through a view."""
    return all(rank(v.type) == 0 for v in arg_vars(index)) and not has_list(index)
