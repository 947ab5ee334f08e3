"""Rules ready for use: declarations with their signatures parsed and their keywords sorted out."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from s2sad.rules import declarations_elementwise, rewrites
from s2sad.rules.declare import DECLARATIONS, OBJECTS, REWRITES, Declaration, generation
from s2sad.rules.families import FAMILIES
from s2sad.rules.signature import Signature, parse

_VIEWS = frozenset("getitem np.reshape np.transpose np.ravel np.broadcast_to np.asarray np.swapaxes np.moveaxis "
                   "np.expand_dims np.squeeze expand unbroadcast cast np.diag np.flip unpack "
                   "accumulate np.ascontiguousarray pos select flat np.atleast_1d np.atleast_2d np.atleast_3d "
                   "np.flipud np.fliplr np.diagonal stop_gradient placed placed_log placed_rate scaled "
                   "between".split())
_CHEAP = frozenset("+ - * / neg pos < <= > >= == != is is_not in not_in not & | ^ << >> abs float int bool shape size "
                   "ndim len minlen getitem np.transpose np.reshape np.swapaxes np.expand_dims np.squeeze expand "
                   "select cast zeros_like np.add np.subtract np.multiply np.divide np.negative np.square np.maximum "
                   "np.minimum np.abs unpack np.asarray np.moveaxis stop_gradient constants".split())
# Functions of whole arrays and lists, whose results do not broadcast.
_OF_SHAPES = frozenset(("shape", "size", "ndim", "len", "minlen", "index_of"))
_DECLARE = frozenset(("rule", "linear", "bilinear", "general", "zero"))
_IMPURE = frozenset(("assert", "check_length"))
# Rules whose adjoint expressions may still have more axes than the operand.
_BROADCASTING = frozenset("np.full np.full_like expand np.broadcast_to @ np.matmul np.dot np.inner np.cross setitem "
                          "scatter_add np.linspace np.arange np.array cast list_sum".split())
# Rules whose derivatives may be float64 where the operand is float32: they divide by integers, or by way of a float.
_WIDENING = frozenset(("item",))


@dataclass(frozen=True)
class Rule:
    """What is known about one function.

    ``elementwise`` operations broadcast; a ``fresh`` result surely owns new memory; a ``cheap`` one is computed again
    rather than stored; ``preserves`` marks rules whose adjoint expressions have the operand's shape already, and
    ``widens`` those that may have a larger dtype.
    """

    fn: str
    signature: Signature
    form: str
    text: str
    texts: Mapping[str, str] = field(repr=False)
    elementwise: bool = False
    fresh: bool = True
    cheap: bool = False
    pure: bool = True
    differentiable: bool = True
    preserves: bool = False
    widens: bool = False
    flags: frozenset[str] = frozenset()

    @property
    def written(self) -> bool:
        """Whether the texts of the adjoint hold the conjugations of complex numbers themselves."""
        return "written" in self.flags

    @property
    def partials(self) -> Mapping[str, str]:
        return self.texts

    @property
    def adjoints(self) -> Mapping[str, str]:
        n = len("_bar")
        return {k[:-n]: v for k, v in self.texts.items() if k.endswith("_bar")}

    @property
    def shared(self) -> Mapping[str, str]:
        return {k: v for k, v in self.texts.items() if k not in self.signature.operands and "_dot" not in k
                and not k.endswith("_bar")}

    @property
    def note(self) -> str:
        """The edge convention: the comment at the end of the rule's line."""
        return notes().get(self.fn, "")


def find(fn: str) -> Rule | None:
    """The rule of a function, by its canonical name."""
    return _compile(fn, generation())


@lru_cache(maxsize=4096)
def _compile(fn: str, _generation: int) -> Rule | None:
    d = DECLARATIONS.get(fn)
    if d is None:
        return None
    flags = d.flags
    elementwise = d.form == "elementwise" or d.form == "zero" and ("elementwise" in flags or _is_elementwise_zero(fn))
    fresh = fn not in _VIEWS and not flags & {"view", "sureview"}
    preserves = fn not in _BROADCASTING and fn not in OBJECTS and "broadcasting" not in flags
    cheap = fn in _CHEAP or "cheap" in flags
    return Rule(fn, parse(d.text), d.form, str(d), dict(d.keywords), elementwise, fresh, cheap, fn not in _IMPURE,
                d.form not in ("zero", "structural"), preserves,
                fn in _WIDENING or "widening" in flags or fn.startswith("scipy."), flags)


def flagged(fn: str, flag: str) -> bool:
    """Whether the declaration of a function carries a flag.

    >>> flagged("np.sin", "view")
    False
    """
    found = DECLARATIONS.get(fn)
    return found is not None and flag in found.flags


def _is_elementwise_zero(fn: str) -> bool:
    if fn in _OF_SHAPES:
        return False
    return not fn.startswith("np.") or fn.removeprefix("np.") in declarations_elementwise.FLAT


@lru_cache(maxsize=1)
def notes() -> dict[str, str]:
    """The comments that end the declarations of this package."""
    from importlib import resources

    found: dict[str, str] = {}
    for module in FAMILIES:
        name = module.__name__.rpartition(".")[2] + ".py"
        source = resources.files("s2sad.rules").joinpath(name).read_text("utf-8")
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DECLARE):
                continue
            _, mark, comment = lines[(node.end_lineno or 1) - 1].rpartition("  # ")
            if mark:
                pattern = _pattern(node.args[0])
                found.update((d.fn, comment) for d in DECLARATIONS.values() if re.fullmatch(pattern, d.text))
    return found


def _pattern(text: ast.expr) -> str:
    """What the text of a declaration matches; in a loop over names it has gaps."""
    if isinstance(text, ast.JoinedStr):
        return "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w.]+" for v in text.values)
    return re.escape(str(text.value)) if isinstance(text, ast.Constant) else "(?!)"


@dataclass(frozen=True)
class Description:
    """One line of ``s2sad rules``."""

    name: str
    text: str
    note: str
    modes: tuple[str, ...]


def describe_rules(name: str | None = None) -> list[Description]:
    """All rules, or those of one function, as text."""
    out: list[Description] = []
    for d in DECLARATIONS.values():
        if name is None or name in (d.fn, d.fn.rpartition(".")[2]):
            modes = () if d.form == "structural" else ("zero",) if d.form == "zero" else ("forward", "reverse")
            out.append(Description(d.fn, str(d), notes().get(d.fn, ""), modes))
    return out


def table_version() -> str:
    """A hash of all declarations; it changes when one is added or changed."""
    return _version(generation())


@lru_cache(maxsize=8)
def _version(_generation: int) -> str:
    import hashlib

    texts = sorted(map(_identity, DECLARATIONS.values())) + [repr(r) for r in REWRITES]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


__all__ = ["Description", "Rule", "describe_rules", "find", "flagged", "notes", "rewrites", "table_version"]


def _identity(d: Declaration) -> str:
    return f"{d.fn}: {d}"
