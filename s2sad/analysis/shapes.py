"""Which operations ask for nothing but the shape and dtype of an operand.

They do not depend on what the array holds, so any version of a buffer will do.
"""

from __future__ import annotations

from s2sad.trace.ir import Op, Stmt, Var
from s2sad.trace.types import List, Type, dims_of, dtype_of, has_fixed_shape

# The positions of such operands; None stands for all.
SHAPED: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("shape", "size", "ndim", "len", "zeros_like", "np.zeros_like", "np.ones_like", "np.empty_like",
                     "np.full_like", "last_written"), (0,)),
    **dict.fromkeys(("expand", "unbroadcast", "cast"), (1,)), "minlen": None,
}


def is_sure(t: Type) -> bool:
    """Whether all values of an array type have one shape and dtype: no axis is open, none is what a slice claims."""
    return has_fixed_shape(t) and dtype_of(t) != "?" and not any(d.claimed for d in dims_of(t))


def shaped(op: Op) -> tuple[int, ...]:
    """The positions of the operands of which an operation reads only the shape, which lists have not."""
    places = SHAPED.get(op.fn, ())
    return tuple(k for k, a in enumerate(op.args) if (places is None or k in places)
                 and not (isinstance(a, Var) and isinstance(a.type, List)))


def asks(stmt: Stmt, v: Var) -> bool:
    """Whether all that a statement reads of ``v`` is its shape.

    >>> from s2sad.trace.types import FLOAT
    >>> x = Var(FLOAT, "x")
    >>> asks(Op(Var(FLOAT), "zeros_like", (x,)), x), asks(Op(Var(FLOAT), "expand", (x, x)), x)
    (True, False)
    """
    return isinstance(stmt, Op) and {k for k, a in enumerate(stmt.args) if a is v} <= set(shaped(stmt)) and not any(
        a is v for _, a in stmt.kwargs)
