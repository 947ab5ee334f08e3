"""Signatures: what a declaration says about a function's operands and options, and how a call binds to them.

Operands may carry derivatives and are positional in an `Op`; options go by name.  A parameter without default is an
operand unless its name is one of `OPTION_NAMES`; ``weights=weights`` is an operand that a call may leave out.

>>> s = parse("y = np.sum(x, axis=None, keepdims=False)")
>>> s.result, s.fn, s.operands, s.options
('y', 'np.sum', ('x',), ('axis', 'keepdims'))
>>> parse("w, v = np.linalg.eigh(a)").results
('w', 'v')
>>> s = parse("y = np.average(a, axis=None, weights=weights)")
>>> s.operands, s.options, bind(s, [Lit(1.0)], {}), bind(s, [Lit(1.0), Lit(None), Lit(2.0)], {})[0]
(('a', 'weights'), ('axis',), ((Lit(value=1.0),), {}), (Lit(value=1.0), Lit(value=2.0)))
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from s2sad.errors import NotApplicable
from s2sad.rules.declare import DECLARATIONS
from s2sad.trace.ir import NONE, Arg, Lit, Tup

OPTION_NAMES = frozenset("shape axis axis1 axis2 dtype index layout source destination shift repeats reps num item "
                         "length newshape subscripts indices tck der ext dx dy k tol l_and_u kl ku window pad_width "
                         "window_shape kth".split())
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is",
    ast.IsNot: "is_not", ast.In: "in", ast.NotIn: "not_in", ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert",
    ast.Not: "not",
}


@dataclass(frozen=True)
class Parameter:
    """``kind`` is ``operand``, ``variadic`` or ``option``; ``default`` is None where the caller must give a value."""

    name: str
    kind: str
    default: Arg | None = None


@dataclass(frozen=True)
class Signature:
    """``results = fn(*parameters)``, the parameters in the order of a positional call."""

    results: tuple[str, ...]
    fn: str
    parameters: tuple[Parameter, ...]

    @property
    def result(self) -> str:
        return self.results[0]

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters if p.kind != "option")

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters if p.kind == "option")

    @property
    def variadic(self) -> bool:
        return any(p.kind == "variadic" for p in self.parameters)

    def default(self, name: str) -> Arg:
        for p in self.parameters:
            if p.name == name and p.default is not None:
                return p.default
        return NONE


def operator_name(node: ast.AST) -> str:
    """The canonical name of an operator node."""
    return _OPERATORS[type(node)]


def dotted(node: ast.expr) -> str:
    """``np.linalg.inv`` of an expression of names and attributes; empty if it is another."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


@lru_cache(maxsize=1024)
def parse(text: str) -> Signature:
    """The signature in the text of a declaration."""
    body = ast.parse(text).body[0]
    if isinstance(body, ast.Assign):
        target = body.targets[0]
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        return _from_expression(tuple(map(dotted, names)), body.value)
    assert isinstance(body, ast.Expr), text
    return _from_expression(("y",), body.value)


def _from_expression(results: tuple[str, ...], node: ast.expr) -> Signature:
    if isinstance(node, ast.Call):
        parameters: list[Parameter] = []
        for a in node.args:
            if isinstance(a, ast.Starred):
                assert isinstance(a.value, ast.Name)
                parameters.append(Parameter(a.value.id, "variadic"))
            else:
                assert isinstance(a, ast.Name)
                parameters.append(Parameter(a.id, "option" if a.id in OPTION_NAMES else "operand"))
        for k in node.keywords:
            if isinstance(k.value, ast.Name):
                parameters.append(Parameter(k.value.id, "operand", NONE))
            else:
                parameters.append(Parameter(k.arg or "", "option", Lit(ast.literal_eval(k.value))))
        return Signature(results, dotted(node.func).rstrip("_"), tuple(parameters))
    if isinstance(node, ast.BinOp):
        fn, operands = operator_name(node.op), [node.left, node.right]
    elif isinstance(node, ast.Compare):
        fn, operands = operator_name(node.ops[0]), [node.left, node.comparators[0]]
    else:
        assert isinstance(node, ast.UnaryOp), ast.dump(node)
        fn, operands = operator_name(node.op), [node.operand]
    return Signature(results, fn, tuple(Parameter(dotted(o), "operand") for o in operands))


# Keywords that change what memory is used, never the values, and are harmless at these settings.
_HARMLESS: dict[str, tuple[object, ...]] = {
    "order": ("C", "F", "A", "K", None), "copy": (True, None), "subok": (True, False), "casting": ("same_kind",),
    "out": (None,),
    "where": (True,), "like": (None,), "device": ("cpu", None),
    **dict.fromkeys(("overwrite_a", "overwrite_b", "overwrite_ab", "overwrite_x"), (True, False)),
    "initial": (None,), "endpoint": (True,), "retstep": (False,), "mode": ("raise",),
}
_ALIASES = {"min": "a_min", "max": "a_max", "newshape": "shape", "dims": "shape", "multi_index": "indices",
            "object": "xs", "axes": "axes", "correction": "ddof", "val": "fill_value", "n": "num", "N": "num",
            "M": "num"}
_VARARG_METHODS = {"np.reshape": "shape", "np.transpose": "axes"}


def bind(signature: Signature, args: Sequence[Arg], kwargs: Mapping[str, Arg],
         method: bool = False) -> tuple[tuple[Arg, ...], dict[str, Arg]]:
    """Operands and options of a call; options that have their default value are left out."""
    fn, rest, named = signature.fn, list(args), dict(kwargs)
    if method and fn in _VARARG_METHODS and len(rest) > 2:
        rest = [rest[0], Tup(tuple(rest[1:]))]
    if fn in ("np.array", "np.asarray") and rest:
        operands, layout = flatten(rest[0])
        if fn == "np.array" or isinstance(rest[0], Tup):
            _, options = _bind(signature, [], {"layout": layout, **_positional(rest[1:]), **named}, ())
            return operands, options
    if fn in DECLARATIONS and "multiary" in DECLARATIONS[fn].flags:
        rest = rest or [named.pop(k) for k in ("arrays", "tup") if k in named]
        if not rest or not isinstance(rest[0], Tup):
            raise NotApplicable(f"{fn} takes a tuple or list of arrays here")
        _, options = _bind(signature, [], {**_positional(rest[1:], "axis"), **named}, ())
        return rest[0].items, options
    return _bind(signature, rest, named, ("fill",) if fn == "np.clip" else ("need",))


def _positional(args: Sequence[Arg], name: str = "dtype") -> dict[str, Arg]:
    return {name: args[0]} if args else {}


def flatten(arg: Arg) -> tuple[tuple[Arg, ...], Arg]:
    """The numbers inside nested lists, and the nesting with each number replaced by its position.

    >>> flatten(Tup((Lit(1.0), Lit(2.0)), True))
    ((Lit(value=1.0), Lit(value=2.0)), Tup(items=(Lit(value=0), Lit(value=1)), is_list=True))
    """
    leaves: list[Arg] = []

    def go(a: Arg) -> Arg:
        if isinstance(a, Tup):
            return Tup(tuple(go(i) for i in a.items), a.is_list)
        leaves.append(a)
        return Lit(len(leaves) - 1)

    layout = go(arg)
    return tuple(leaves), layout


def _bind(signature: Signature, args: list[Arg], kwargs: Mapping[str, Arg],
          missing: tuple[str, ...]) -> tuple[tuple[Arg, ...], dict[str, Arg]]:
    fn = signature.fn
    operands: list[Arg] = []
    options: dict[str, Arg] = {}
    exact = fn in DECLARATIONS and "exact" in DECLARATIONS[fn].flags
    named = {_known(signature, k): v for k, v in kwargs.items()}
    left = list(args)
    for p in signature.parameters:
        if p.kind == "variadic":
            operands += left
            left = []
            continue
        if left:
            value: Arg | None = left.pop(0)
            if p.name in named:
                raise NotApplicable(f"{fn} got two values for '{p.name}'")
        else:
            value = named.pop(p.name, None)
        if p.kind == "operand":
            if value is None and "need" in missing and p.default is None:
                raise NotApplicable(f"{fn} misses its argument '{p.name}'")
            if value is not None or missing:
                operands.append(NONE if value is None else value)
        elif value is None:
            if p.default is None:
                raise NotApplicable(f"{fn} misses its argument '{p.name}'")
        elif p.name in _HARMLESS and p.name not in ("copy", "where", "endpoint") and not (
                exact and p.name in ("order", "mode")) and (p.name != "mode" or p.default == NONE) and (
                p.name, p.default) != ("order", Lit(1)):  # that of a moment
            _refuse_unless_harmless(fn, p.name, value)
        elif value != p.default:
            options[p.name] = value
    if left:
        raise NotApplicable(f"{fn} takes at most {len(signature.parameters)} positional arguments here")
    for name, value in named.items():
        if name in ("dtype", "casting") and isinstance(getattr(np, fn.removeprefix("np."), None), np.ufunc):
            options |= {name: value} if value not in (NONE, Lit("same_kind")) else {}
        else:
            _refuse_unless_harmless(fn, name, value)
    optional = sum(p.kind == "operand" and p.default is not None for p in signature.parameters)
    while optional and operands and operands[-1] == NONE:
        operands.pop()
        optional -= 1
    return tuple(operands), options


def _known(signature: Signature, keyword: str) -> str:
    names = {p.name for p in signature.parameters}
    if keyword in names:
        return keyword
    if f"{keyword}_" in names:
        return f"{keyword}_"  # what would hide a name of Python's, such as type
    if _ALIASES.get(keyword) in names:
        return _ALIASES[keyword]
    first = signature.operands[:1]
    return first[0] if first and keyword in ("a", "x", "arr") else keyword


def _refuse_unless_harmless(fn: str, name: str, value: Arg) -> None:
    allowed = _HARMLESS.get(name)
    if allowed is None:
        raise NotApplicable(f"{fn} is not differentiated with the argument '{name}'")
    if not (isinstance(value, Lit) and any(value.value is a or value.value == a for a in allowed)):
        raise NotApplicable(f"{fn} is not differentiated with '{name}=' (leave the argument out)")
