"""The adjoint of `np.einsum`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters

from s2sad.rules.einsum import DOTS, read
from s2sad.rules.fit import expand_to
from s2sad.rules.macros import arg, identity
from s2sad.rules.macros_products import ordered, tensordot, turned
from s2sad.rules.static import static
from s2sad.rules.terms import Expr, make, mul, typ
from s2sad.trace.ir import Lit, Tup, Var
from s2sad.trace.types import dims_of

Part = tuple[list[str], Expr]


def uneinsum(y_bar: Expr, xs: Expr, kth: Expr, subscripts: Expr, optimize: Expr) -> Expr:
    """The adjoint of the k-th operand of ``np.einsum``: the same sum with its letters and the result's exchanged.

    Where the operand has an index twice, a unit matrix puts the adjoint on the diagonal.  How the primal's product is
    put in order (``optimize``) goes for this one, too; a list of steps does not.
    """
    assert isinstance(xs, Tup)
    k = static(arg(kth), "k")
    shapes = [dims_of(typ(x)) for x in xs.items]
    letters = read(static(arg(subscripts), "subscripts"), shapes)
    if DOTS not in letters.inputs[k]:
        # NumPy sums over no dots.
        letters = read(static(arg(subscripts), "subscripts"), shapes, spelled=True)
    lengths, x, dims = letters.lengths(shapes), xs.items[k], shapes[k]
    terms = [(letters.output, y_bar),
             *((names, v) for j, (names, v) in enumerate(zip(letters.inputs, xs.items)) if j != k)]
    free = iter([c for c in ascii_letters if c not in {*letters.output, *sum(letters.inputs, [])}])
    places: list[tuple[str, range]] = []
    for c in letters.inputs[k]:
        at = places[-1][1].stop if places else 0
        own = c
        if any(c == other for other, _ in places):
            own = next(free)
            terms.append(([c, own], identity(x, at)))
        places.append((own, range(at, at + len(lengths[c]))))
    known = {c for names, _ in terms for c in names}
    # An axis of length 1 that is broadcast against longer ones is summed, and put back.
    kept = [c for c, at in places if c in known and not (
        len(at) == 1 and dims[at[0]].is_one and c in lengths and not lengths[c][0].is_one)]
    text = ",".join("".join(names) for names, _ in terms) + "->" + "".join(kept)
    options = {} if isinstance(optimize, Tup) or optimize == Lit(False) else {
        "optimize": Lit(True) if isinstance(optimize, Var) else optimize}
    v = _product(terms, kept) if not options else None
    if v is None:
        v = make("np.einsum", *(t for _, t in terms), subscripts=Lit(text), **options)
    missing = [axis for c, at in places if c not in kept for axis in at]
    if not missing:
        return v
    v = make("np.expand_dims", v, axis=Lit(missing[0]) if len(missing) == 1 else Tup(tuple(map(Lit, missing))))
    fits = all(a.meets(b) or a.is_one or not b.may_be_one for a, b in zip(dims_of(typ(v)), dims))
    return expand_to(v, x) if fits else mul(v, make("np.ones_like", x))


def _product(terms: Sequence[Part], output: Sequence[str]) -> Expr | None:
    """A sum over what two operands share and the result lacks, as a product of matrices; None if it is another one.

    NumPy leaves such products to BLAS, which `np.einsum` does not call of itself.
    """
    if len(terms) != 2:
        return None
    # What has more axes comes first, or what has the first axes of the result.
    (one, x), (two, y) = sorted(terms, key=lambda t: (-len(t[0]), t[0][:1] != output[:1]))
    shared = [c for c in one if c in two]
    lengths = [(dims_of(typ(x))[one.index(c)], dims_of(typ(y))[two.index(c)]) for c in shared if c != DOTS]
    alone = [c for c in (*one, *two) if c not in shared]
    if DOTS in (*one, *two) or not shared or sorted(alone) != sorted(output) or len({*one}) < len(one) or (
            len({*two}) < len(two)) or any(a != b and (a.may_be_one or b.may_be_one) for a, b in lengths):
        return None
    if len(one) == 2 and len(two) <= 2 and len(output) == len(two):
        if output[0] in two and len(two) == 2:
            (two, y), (one, x) = (one, x), (two, y)
        x, y = (x if one[1] in shared else turned(x)), (y if two[0] in shared else turned(y))
        return make("@", x, y)
    v = tensordot(x, y, [one.index(c) for c in shared], [two.index(c) for c in shared])
    return ordered(v, [output.index(c) for c in alone])


MACROS: dict[str, Callable[..., Expr]] = {"uneinsum": uneinsum}
