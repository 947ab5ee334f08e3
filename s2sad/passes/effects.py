"""What the passes must know about an operation: whether it has effects, makes a new buffer, or works by element."""

from __future__ import annotations

from s2sad.rules.table import find
from s2sad.trace.ir import Lit, Op

# The operations of the trace that have no rule of their own, or need none here (docs/design.md has the table).
STRUCTURAL = frozenset({
    "+", "-", "*", "/", "//", "%", "**", "@", "neg", "pos", "invert", "not", "<", "<=", ">", ">=", "==", "!=", "is",
    "is_not", "in", "not_in", "&", "|", "^", "<<", ">>", "getitem", "scatter_add", "setitem", "shape", "size", "ndim",
    "len", "minlen", "abs", "float", "int", "bool", "round", "zeros_like", "expand", "unbroadcast", "cast", "copy",
    "accumulate", "tape_zeros", "pack", "unpack", "part", "select", "new", "expression", "caught", "str.format",
    "field",
})
LISTS = frozenset("list_of list_concat list_repeat list_fold list_rows list_append list_pop list_set list_insert "
                  "list_delete list_extend list_cut list_split list_spread".split())
# Each use of one of these wants a buffer of its own, because it may be written into later.
ALLOCATING = LISTS | frozenset({
    "zeros_like", "copy", "tape_zeros", "scatter_add", "setitem", "accumulate", "np.array", "np.zeros", "np.ones",
    "np.empty", "np.full", "np.zeros_like", "np.ones_like", "np.empty_like", "np.full_like", "np.eye", "np.identity",
    "np.copy",
})
# So cheap, and so plain to read, that the user's text is better left as it is.
CHEAP = frozenset({
    "neg", "pos", "not", "<", "<=", ">", ">=", "==", "!=", "is", "is_not", "getitem", "shape", "size", "ndim", "len",
    "float", "int", "bool", "select",
})
# Texts are no numbers, but nothing happens where one is made.
TEXTS = frozenset(("str", "repr", "ascii", "format", "dict"))
# Modules whose functions call functions of the program (`s2sad.frontend.lower_solve`), which have no effects.
SOLVERS = ("scipy.optimize.", "scipy.integrate.", "scipy.special.roots_")


def is_pure(fn: str) -> bool:
    """Whether an operation does nothing but compute its result, the same one whenever it is asked."""
    if fn in STRUCTURAL or fn in TEXTS or fn.startswith(("str.", "dict.", *SOLVERS)):
        return True
    rule = find(fn)
    return rule is not None and rule.pure


def is_cheap(op: Op) -> bool:
    """Whether an operation is computed again rather than recorded: what its rule says is cheap, and squares."""
    rule = find(op.fn)
    return rule is not None and rule.pure and (rule.cheap or op.fn == "**" and op.args[1] == Lit(2))


def is_elementwise(fn: str) -> bool:
    """Whether an operation works element by element, with broadcasting."""
    rule = find(fn)
    return rule is not None and rule.elementwise
