"""Both modes from one declaration.

``tangent`` computes ``z_dot = Σ x_dot · ∂z/∂x``, ``adjoint`` the contributions ``x_bar += z_bar · ∂z/∂x``, each
followed by what broadcasting and dtypes ask for (`s2sad.rules.fit`).

Complex numbers are pairs of real ones under the inner product ``Re⟨a, b⟩``, so that the adjoint of a linear map is its
conjugate transpose: ``x_bar += z_bar · conj(∂z/∂x)``.  As ``conj(f(x)) = f(conj(x))`` for what is made of holomorphic
functions, the texts of an adjoint are evaluated with the operands and the result conjugated, ``z_bar`` as it is.  The
texts of a *written* rule, of a function that is not holomorphic, hold the conjugations themselves; the partial of one
with a real result is its gradient, ``z_dot = Re(conj(∂z/∂x) · x_dot)``.  The adjoint of a real operand is a real part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from s2sad.errors import NotApplicable
from s2sad.rules.builder import Builder, type_of
from s2sad.rules.compiled import Rule, find
from s2sad.rules.declare import OBJECTS
from s2sad.rules.families import of_families
from s2sad.rules.fit import fit_adjoint, fit_tangent, surely_same
from s2sad.rules.infer_index import index_items
from s2sad.rules.language import Scope, names_in
from s2sad.rules.macros import MACROS, reshape_like, where
from s2sad.rules.macros_gather import GATHERS
from s2sad.rules.macros_lists import LISTS
from s2sad.rules.macros_products import PRODUCTS
from s2sad.rules.macros_sequences import SEQUENCES
from s2sad.rules.places import PLACES, whole
from s2sad.rules.static import zero_number
from s2sad.rules.terms import Expr, Term, add, conj, emit, is_number, is_real, leaves, make, mul, number, term, tup, typ
from s2sad.trace.ir import NONE, Arg, Lambda, Lit, Op, Tup, Var
from s2sad.trace.types import Array, Scalar, Type, Unknown, dtype_of, is_differentiable, kind_of, rank

# The conditions under which `np.where` keeps elements, each with whether it keeps them where it holds.
Guard = tuple[tuple[Arg, bool], ...]
ALL_MACROS = {**MACROS, **GATHERS, **PRODUCTS, **PLACES, **LISTS, **SEQUENCES, **of_families()}


@dataclass(frozen=True)
class Contribution:
    """What one op adds to the adjoint of its operand at ``position``.

    ``x_bar += value``, or, with an index, ``x_bar[index] += value``.
    """

    position: int
    value: Arg
    index: Arg | None = None


def rule_of(op: Op) -> Rule:
    """The rule of an op that is to be differentiated."""
    r = find(op.fn)
    if r is None:
        raise NotApplicable(f"{op.fn} has no rule")
    if r.form == "structural":
        raise NotApplicable(f"{op.fn} has no derivative")
    if "real" in r.flags and not (all(map(is_real, op.args)) and is_real(op.target or NONE)):
        raise NotApplicable(f"{op.fn} is not differentiated for complex numbers",
                            "take np.real, np.imag or np.abs first")
    return r


def seen(r: Rule, a: Expr, is_adjoint: bool) -> Expr:
    """An operand or result as the texts of a rule see it: conjugated in an adjoint, unless the rule is written."""
    return conj(a) if is_adjoint and not r.written and "holomorphic" not in r.flags else a


def scope_of(r: Rule, op: Op, parts: Sequence[Arg] = (), is_adjoint: bool = False) -> Scope:
    """The names a rule's texts may read: operands, options, the result or its parts, shared subexpressions."""
    assert op.target is not None
    results = [seen(r, a, is_adjoint) for a in parts or (op.target,)]
    values: dict[str, Expr] = dict(zip(r.signature.results, results))
    given = iter(op.args)
    for p in r.signature.parameters:
        if p.kind == "operand":
            values[p.name] = seen(r, next(given, Lit(None)), is_adjoint)
        elif p.kind == "option":
            values[p.name] = op.kwarg(p.name, r.signature.default(p.name))
    if r.signature.variadic:
        values[r.signature.operands[0]] = seen(r, Tup(op.args), is_adjoint)
    return Scope(values, r.shared, ALL_MACROS)


def operand_name(r: Rule, position: int) -> str:
    """The rule's name of the operand at a position."""
    return r.signature.operands[0 if r.signature.variadic else position]


def positions(op: Op, args: Sequence[Arg]) -> list[list[int]]:
    """The positions of the operands, equal variables together."""
    groups: dict[object, list[int]] = {}
    for k, a in enumerate(args):
        groups.setdefault(a if isinstance(a, Var) else k, []).append(k)
    return list(groups.values())


def partial(r: Rule, scope: Scope, op: Op, group: Sequence[int], seed: Expr, seed_last: bool = False,
            is_adjoint: bool = False) -> Expr | None:
    """``seed · Σ ∂z/∂x`` over positions that hold the same operand; None if it is zero."""
    factor: Expr | None = None
    whole: Expr | None = None
    for k in group:
        text = r.partials.get(operand_name(r, k))
        if text is None:
            continue
        local = scope.with_values(kth=Lit(k), xk=seen(r, op.args[k], is_adjoint)) if r.signature.variadic else scope
        if "_" in names_in(text):
            value = local.with_values(_=seed).evaluate(text)
            whole = value if whole is None else add(whole, value)
        else:
            value = local.evaluate(text)
            factor = value if factor is None else add(factor, value)
    if factor is not None and not is_number(factor, 0):
        if number(factor) is not None:
            factor = Lit(float(number(factor)))
        if r.written and not is_adjoint and op.target is not None and is_real(op.target):
            factor = conj(factor)
        if is_adjoint and "holomorphic" in r.flags:
            factor = conj(factor)
        product = mul(factor, seed) if seed_last else times(seed, factor)
        whole = product if whole is None else add(product, whole)
    return whole


def guard(seed: Expr, value: Expr, conditions: Guard) -> Expr:
    """``value``, or 0 where it was discarded: the cotangent is 0 there, but the partial may be infinite or nan."""
    if not multiplies(value):
        return value
    if not conditions:
        return where(make("&", make("==", seed, Lit(0.0)), term("np.isnan", value)), Lit(0.0), value)
    for c, kept in conditions:
        value = where(c, value, Lit(0.0)) if kept else where(c, Lit(0.0), value)
    return value


def times(seed: Expr, factor: Expr) -> Expr:
    """``seed * factor``, written ``seed * a * b`` where the factor is a product."""
    if isinstance(factor, Term) and factor.fn == "*" and number(factor.args[0]) is None:
        return times(times(seed, factor.args[0]), factor.args[1])
    return mul(seed, factor)


def multiplies(value: Expr) -> bool:
    """Whether an expression multiplies with more than literals."""
    while isinstance(value, Term):
        if value.fn == "neg" or value.fn == "*" and number(value.args[0]) is not None:
            value = value.args[-1]
        elif value.fn in ("/", "*") and number(value.args[1]) is not None:
            value = value.args[0]
        else:
            return value.fn not in ("np.where", "select")
    return False


def unguarded(b: Builder, bar: Arg, conditions: Guard) -> Arg:
    """The cotangent without the choice that a guard is about to make again."""
    made = {s.target: s for s in b.stmts if isinstance(s, Op)} if conditions else {}
    while isinstance(bar, Var) and bar in made and made[bar].fn in ("np.where", "select"):
        c, x, y = made[bar].args
        inner = x if (c, True) in conditions and y == Lit(0.0) else y if (c, False) in conditions and x == Lit(
            0.0) else None
        if inner is None or type_of(inner) != bar.type:
            break
        bar = inner
    return bar


def adjoint(b: Builder, op: Op, bar: Arg, wanted: Sequence[bool], kept: Guard | None = None,
            parts: Sequence[Arg] = ()) -> list[Contribution]:
    """Append what computes the contributions of ``op`` to the adjoints of its wanted operands.

    Of an operation with several results, ``parts`` are these, and ``bar`` a tuple with the cotangent of each, or None.
    ``kept`` are the conditions under which `np.where` keeps the result's elements: those that it discards contribute 0
    even where the partial is infinite or nan.
    """
    _refuse_callbacks(op)
    r = rule_of(op)
    memo: dict[Term, Arg] = {}
    wanted = [w and is_differentiable(type_of(a)) for w, a in zip(wanted, op.args)]
    if r.form == "zero" or not any(wanted):
        return []
    if op.fn == "getitem":
        index = op.kwarg("index")
        if rank(type_of(op.args[0])) == 0:
            return [Contribution(0, emit(b, fit_adjoint(reshape_like(bar, op.args[0]), op.args[0]), memo))]
        items = index_items(index)
        if NONE in items and all(i in (NONE, Lit(...)) or whole(i) for i in items):
            # Nothing is picked: there are more axes of length 1, which go away again.
            back = tup([Lit(0) if i == NONE else i for i in items])
            return [Contribution(0, emit(b, term("getitem", bar, type=_picked(bar, op.args[0]), index=back), memo))]
        all_of_it = whole(index) and op.target is not None and op.target.type == type_of(op.args[0])
        return [Contribution(0, bar, None if all_of_it else index)]
    _refuse_unsaid(r, wanted, lambda name: name if r.form == "elementwise" else f"{name}_bar")
    scope = scope_of(r, op, parts, is_adjoint=True)
    out: list[Contribution] = []
    if r.form == "elementwise":
        seed = unguarded(b, bar, kept or ())
        for group in positions(op, op.args):
            if not any(wanted[k] for k in group):
                continue
            value = partial(r, scope, op, group, seed, is_adjoint=True)
            if value is None:
                continue
            if kept is not None:
                value = guard(seed, value, kept) if multiplies(value) else partial(
                    r, scope, op, group, bar, is_adjoint=True) or value
            value = _of_mask(op, value, kept or ())
            like = op.args[group[0]]
            others = [type_of(a) for k, a in enumerate(op.args) if k not in group]
            alone = all(rank(t) == 0 or a_none(t) for t in others)
            weak = isinstance(type_of(like), Unknown) and keeps_dtype(r, op) and all(
                isinstance(t, Scalar) or a_none(t) for t in others)
            value = fit_adjoint(value, like, alone and isinstance(type_of(like), Unknown), weak)
            out.append(Contribution(group[0], emit(b, value, memo)))
        return out
    bars: Sequence[Expr] = bar.items if parts and isinstance(bar, Tup) else (bar,)
    if r.fn in OBJECTS:
        bars = [_zero(part) if one == NONE else one for one, part in zip(bars, parts or (op.target or NONE,))]
    named: dict[str, Expr] = {f"{result}_bar": one for result, one in zip(r.signature.results, bars)}
    # The last operand first: what an assignment has written is read before its place is cleared.
    for k, a in reversed(list(enumerate(op.args))):
        text = r.adjoints.get(operand_name(r, k)) if wanted[k] and not _is_lost(op, k) else None
        if text is None:
            continue
        value = scope.with_values(**named, kth=Lit(k), xk=seen(r, a, True)).evaluate(text)
        if value == NONE:
            continue  # of several results, none that depends on this operand is asked for
        narrow = isinstance(type_of(a), Unknown) and keeps_dtype(r, op) and sum(
            isinstance(other, Var) for other in op.args) == 1
        value = fit_adjoint(value, a, same_shape=r.preserves, same_dtype=r.preserves and narrow)
        out.append(Contribution(k, emit(b, value, memo)))
    return out


def _picked(bar: Arg, x: Arg) -> Type:
    """The type of what is taken of a cotangent for all of ``x``."""
    t = type_of(x)
    return Array(dtype_of(type_of(bar)), t.dims) if isinstance(t, Array) else t


def _of_mask(op: Op, value: Expr, kept: Guard) -> Expr:
    """A derivative of a ufunc with ``where=``, which leaves zeros elsewhere."""
    mask = op.kwarg("where")
    return value if mask == NONE or (mask, True) in kept else where(mask, value, Lit(0.0))


def keeps_dtype(r: Rule, op: Op) -> bool:
    """Whether derivatives have the dtype of the operand, if that is the only one."""
    return not r.widens and op.kwarg("dtype") == NONE and op.fn != "float"


def _refuse_unsaid(r: Rule, wanted: Sequence[bool], keyword: Callable[[str], str]) -> None:
    """Refuse to take what the author of a function has not said of its derivative for zero."""
    names = [keyword(operand_name(r, k)) for k, w in enumerate(wanted) if w] if r.fn in OBJECTS else []
    for name in names:
        if name not in r.texts:
            raise NotApplicable(f"the rule of {r.fn} does not say what '{name}' is", f'add {name}="...", or "0.0"')


def _is_lost(op: Op, k: int) -> bool:
    """Whether nothing of an operand is left in the result: the array that an assignment overwrites as a whole."""
    return op.fn == "setitem" and k == 0 and whole(op.kwarg("index")) and op.kwarg("view") == NONE


def a_none(t: object) -> bool:
    """Whether the type is that of an operand that is not a number (None as a bound of `np.clip`)."""
    return kind_of(t) == "other"  # type: ignore[arg-type]


def tangent(b: Builder, op: Op, dots: Sequence[Arg | None]) -> Arg | None:
    """Append what computes the tangent of ``op.target`` from its operands' tangents; None if it is zero."""
    _refuse_callbacks(op)
    r = rule_of(op)
    return _tangent_of(b, r, scope_of(r, op), op, dots)


def tangents(b: Builder, op: Op, dots: Sequence[Arg | None], parts: Sequence[Var]) -> list[Arg | None]:
    """The same for each of the ``parts`` of an operation with several results."""
    r = rule_of(op)
    scope = scope_of(r, op, parts)
    alone = [replace(r, signature=replace(r.signature, results=(name,))) for name in r.signature.results]
    return [_tangent_of(b, one, scope, replace(op, target=part), dots) for one, part in zip(alone, parts)]


def _tangent_of(b: Builder, r: Rule, scope: Scope, op: Op, dots: Sequence[Arg | None]) -> Arg | None:
    assert op.target is not None
    dots = [d if d is not None and is_differentiable(type_of(a)) else None for d, a in zip(dots, op.args)]
    if r.form == "zero" or all(d is None for d in dots) or not is_differentiable(op.target.type):
        return None
    dot = f"{r.signature.result}_dot"
    if r.form in ("elementwise", "general") and dot not in r.texts:
        _refuse_unsaid(r, [d is not None for d in dots], lambda name: name if r.form == "elementwise" else (
            f"{dot}_{name}" if any(t.startswith(dot) for t in r.texts) else dot))
    if r.form == "elementwise":
        value = _elementwise_tangent(r, scope, op, dots)
        value = value if value is None else _of_mask(op, value, ())
    else:
        value = _tangent(r, scope, op, dots)
    if value is None:
        return None
    unknown = isinstance(op.target.type, Unknown)
    full = r.form != "elementwise" or not surely_less(value, op, dots)
    # NumPy's functions make a float64 of a Python float; next to a float32 that would show.
    mixed = sum(isinstance(a, Var) for a in op.args) > 1 and r.elementwise and uses_numpy(value)
    widened = r.widens or r.form in ("general", "elementwise") and op.kwarg("dtype") != NONE
    full = full and (unknown or r.form in ("linear", "bilinear"))
    value = fit_tangent(value, op.target, same_shape=full, same_dtype=unknown and not mixed and not widened)
    return emit(b, value, {})


def uses_numpy(e: Expr) -> bool:
    """Whether an expression applies a function of NumPy."""
    return isinstance(e, Term) and (e.fn.startswith("np.") or any(map(uses_numpy, e.args)))


def surely_less(value: Expr, op: Op, dots: Sequence[Arg | None]) -> bool:
    """Whether an elementwise tangent may lack axes of the target: it does not read all that broadcast."""
    read = set(leaves(value))
    if op.target in read:
        return False
    for a, d in zip(op.args, dots):
        if isinstance(a, Var) and rank(a.type) != 0 and a not in read and not (isinstance(d, Var) and d in read):
            return True
    return False


def _elementwise_tangent(r: Rule, scope: Scope, op: Op, dots: Sequence[Arg | None]) -> Expr | None:
    text = r.texts.get(f"{r.signature.result}_dot")
    if text is not None:  # all tangents at once, where every one that it reads is there
        named = {f"{operand_name(r, k)}_dot": d for k, d in enumerate(dots) if d is not None}
        if all(n in named for n in names_in(text) if n.endswith("_dot")):
            return scope.with_values(**named).evaluate(text)
    total: Expr | None = None
    for group in positions(op, op.args):
        dot = dots[group[0]]
        if dot is None:
            continue
        # In a product the tangent stands where its operand stood: x * y_dot.
        part = partial(r, scope, op, group, dot, seed_last=op.fn == "*" and group == [1])
        if part is not None:
            total = part if total is None else add(total, part)
    return total


def _tangent(r: Rule, scope: Scope, op: Op, dots: Sequence[Arg | None]) -> Expr | None:
    options = dict(op.kwargs)
    if r.form == "bilinear":
        total: Expr | None = None
        for k, d in enumerate(dots):
            if d is not None:
                operands = [d if j == k else a for j, a in enumerate(op.args)]
                part = make(op.fn, *operands, **options)
                total = part if total is None else add(total, part)
        return total
    filled: list[Arg | Term] = [_zero(a) if d is None else d for a, d in zip(op.args, dots)]
    text = r.texts.get(f"{r.signature.result}_dot")
    if text is None and r.form == "linear":
        return _apply(op, filled)
    named: dict[str, Expr] = {f"{n}_dot": d for n, d in zip(r.signature.operands, filled)}
    if r.signature.variadic:
        named = {f"{r.signature.operands[0]}_dot": tup(filled)}
    if text is not None:
        return scope.with_values(**named).evaluate(text)
    whole: Expr | None = None
    for k, d in enumerate(dots):
        part_text = r.texts.get(f"{r.signature.result}_dot_{operand_name(r, k)}")
        if d is not None and part_text is not None:
            part = scope.with_values(**named).evaluate(part_text)
            whole = part if whole is None else add(whole, part)
    return whole


def _refuse_callbacks(op: Op) -> None:
    """What a function that is an operand captures is none of the operation's operands."""
    if any(isinstance(a, Lambda) for a in op.args):
        raise NotApplicable(f"{op.fn} has no derivative as an operation")


def _apply(op: Op, dots: Sequence[Expr]) -> Expr:
    """The function itself, applied to the tangents: it gives what it gave of the operands, whose type may say more."""
    made = make(op.fn, *dots, **dict(op.kwargs))
    if isinstance(made, Term) and isinstance(made.type, Unknown) and isinstance(op.target, Var):
        return replace(made, type=op.target.type)
    return made


def _zero(a: Arg) -> Expr:
    if a == NONE:
        return a
    return zero_number(type_of(a)) if rank(type_of(a)) == 0 else term("zeros_like", a)


__all__ = ["Contribution", "Guard", "adjoint", "surely_same", "tangent", "tangents", "typ"]
