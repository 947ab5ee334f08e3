"""Declarations of rules by users: what `s2sad.rules.declare` does, after a look at what they say.

A declaration of this package is read when its function is first met; one of a user's is read at once, so that a slip is
reported where it was made:

>>> rule("y = cube(x)", x="3.0 * z**2", fn=len)
Traceback (most recent call last):
    ...
s2sad.errors.ValueArgumentError: the rule of cube reads 'z' in x="3.0 * z**2", which is no operand of "y = cube(x)"
  say what it is by one more keyword: z="..."
"""

from __future__ import annotations

import ast
import builtins
import importlib.util
import sys
from collections.abc import Callable, Collection, Iterator
from typing import Any, ParamSpec

import numpy as np

from s2sad.errors import ArgumentError, ValueArgumentError
from s2sad.rules import declare
from s2sad.rules.declare import DECLARATIONS
from s2sad.rules.language import constant
from s2sad.rules.signature import Signature, dotted, parse

P = ParamSpec("P")

_OTHERS = ("infer", "like", "result", "flags")


def _checked(declaration: Callable[P, None]) -> Callable[P, None]:
    def declared(*args: P.args, **kwargs: P.kwargs) -> None:
        _check(declaration.__name__, args, kwargs)
        declaration(*args, **kwargs)

    declared.__name__ = declared.__qualname__ = declaration.__name__
    declared.__doc__, declared.__module__ = declaration.__doc__, __name__
    declared.__wrapped__ = declaration  # type: ignore[attr-defined]  # for inspect.signature
    return declared


def _check(form: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if len(args) != 1 or not isinstance(args[0], str):
        raise ArgumentError(f'{form} takes one text, such as "y = f(x)", and keywords')
    signature = _signature(form, args[0])
    _check_function(form, signature.fn, kwargs.get("fn"))
    texts = {name: text for name, text in kwargs.items() if name not in ("fn", *_OTHERS)}
    names = {*signature.operands, *signature.options, *signature.results}
    known = {*names, *texts, "_", *(f"{name}{end}" for name in names for end in ("_bar", "_dot"))}
    read: set[str] = set()
    for name, text in texts.items():
        read |= set(_names(f"the rule of {signature.fn}", name, text, args[0], known))
    for name in texts:
        if name not in read and name.partition("_dot")[0].removesuffix("_bar") not in names:
            raise ValueArgumentError(f"the rule of {signature.fn} says what {name} is, which is no operand of "
                                     f'"{args[0]}", and nothing reads it')


def _signature(form: str, text: str) -> Signature:
    try:
        return parse(text)
    except (SyntaxError, AssertionError, AttributeError, IndexError):
        raise ValueArgumentError(f'{form}({text!r}, …): write the call of the function with names for its result and '
                                 'its operands, such as "y = f(x)"') from None


def _check_function(form: str, name: str, fn: Any) -> None:
    """Refuse a name under which generated code would not find the function."""
    if fn is not None and not callable(fn):
        raise ArgumentError(f"{form}: fn={fn!r} is no function")
    head, dot, last = name.rpartition(".")
    module = head.partition(".")[0]
    if dot and module != "np" and module not in sys.modules and importlib.util.find_spec(module) is None:
        raise ValueArgumentError(f"{form}: generated code would import {module}, and there is no such module\n"
                                 f"  name the function alone, and say which it is: \"y = {last}(x)\", …, fn={name}")
    if not dot and fn is None and not hasattr(builtins, name):
        raise ValueArgumentError(f"{form}: {name} is a variable\n  say which function it is: fn={name}")


def _names(whose: str, keyword: str, text: Any, signature: str, known: Collection[str]) -> Iterator[str]:
    """The names that an expression of a rule reads; refuses what the rule language does not know."""
    if not isinstance(text, str):
        raise ArgumentError(f"{whose}: {keyword} is to be a text, such as {keyword}=\"2.0 * x\"; derivatives as "
                            "functions of Python are given by @f.defjvp and @f.defvjp")
    shown = f'{keyword}="{text}"'
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        raise ValueArgumentError(f"{whose}: {shown} is no expression of Python") from None
    called = {id(node.func): dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inner = {id(n) for node in ast.walk(tree) if id(node) in called or _of_module(node) for n in ast.walk(node)}
    for node in ast.walk(tree):
        name = called.get(id(node), "")
        if name.startswith(("np.", "math.")) and name not in DECLARATIONS:
            raise ValueArgumentError(f"{whose} calls {name} in {shown}, which has no rule")
        if (isinstance(node, ast.Attribute) and _of_module(node) and id(node) not in called
                and constant(dotted(node)) is None and not hasattr(np, node.attr)):
            raise ValueArgumentError(f"{whose} reads {dotted(node)} in {shown}, which is no number")
        if isinstance(node, ast.Name) and id(node) not in inner:
            if node.id not in known:
                raise ValueArgumentError(f"{whose} reads '{node.id}' in {shown}, which is no operand of "
                                         f"\"{signature}\"\n  say what it is by one more keyword: {node.id}=\"...\"")
            yield node.id


def _of_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and dotted(node).startswith(("np.", "math."))


rule = _checked(declare.rule)
linear = _checked(declare.linear)
bilinear = _checked(declare.bilinear)
general = _checked(declare.general)
zero = _checked(declare.zero)
