"""What a cached text depends on, so that another process can tell whether it still holds.

The key of an entry covers the function itself, its signature, the steps and the versions.  What the function *refers*
to (other functions, modules, library functions, strings) is only known after lowering, so it is written down beside the
text: for each function, the names it resolved and what they meant.  `check` resolves them again, and a text whose
dependencies have changed is a miss.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from s2sad.build import cache, class_manifest
from s2sad.build.base import Base
from s2sad.errors import SourceError
from s2sad.frontend.library import library_name
from s2sad.frontend.meanings import ABSENT, GIVEN, Function, Guard, contents_of, rules_guard
from s2sad.frontend.resolve import LiveResolver, function_meaning, is_static
from s2sad.frontend.signature import Fixed, Group, Signature, Spec
from s2sad.frontend.specialise import Place
from s2sad.frontend.steps import Program
from s2sad.frontend.structures import is_importable, takes_fields
from s2sad.rules import declare
from s2sad.rules.compiled import table_version
from s2sad.trace.types import Type
from s2sad.version import VERSION

if TYPE_CHECKING:
    from s2sad.build.primal import Compiled


@dataclass(frozen=True)
class Links:
    """A cached text tied to the live program again."""

    numbers: tuple[tuple[str, Callable[[], Any]], ...]
    guards: tuple[Guard, ...]
    written: tuple[Place, ...]
    acts: tuple[str, ...]


def key(base: Base, signature: Signature, program: Program, level: str, target: str) -> str | None:
    """The key of a derivative's text; None if the program cannot be recognised in another process."""
    specs = [_spec_text(spec) for _, spec in signature.specs]
    if base.function.fn is None or any(s is None for s in specs):
        return None
    source = base.function.source()
    defaults = _stable(base.defaults())
    if defaults is None:
        return None
    versions = (VERSION, compiler_state(), table_version(), sys.version.split()[0])
    return cache.make_key(*versions, source.digest, source.text_digest, base.function.qualname, defaults,
                          *map(str, specs), repr((signature.stars, replace(program, base=None))), level, target)


@lru_cache(maxsize=1)
def compiler_state() -> str:
    """The files of this package, by size and time of change: another compiler may write another text."""
    root, found = os.path.dirname(os.path.dirname(__file__)), []
    for folder, inside, names in os.walk(root):
        inside[:] = [name for name in inside if name != "__pycache__"]
        for path in [os.path.join(folder, name) for name in names if name.endswith(".py")]:
            told = os.stat(path)
            found.append((path.removeprefix(root), told.st_size, told.st_mtime_ns))
    return repr(sorted(found))


def _spec_text(spec: Spec) -> str | None:
    if isinstance(spec, Type):
        return repr(spec)
    if isinstance(spec, Group):
        parts = [_spec_text(s) for s in spec.items]
        head = f"{spec.kind}{spec.keys or ''}{_class_text(spec)}"
        return None if any(p is None for p in parts) else f"{head}({', '.join(map(str, parts))})"
    assert isinstance(spec, Fixed)
    return _stable(spec.value)


def _class_text(spec: Group) -> str:
    """What the text depends on of the class of an object: what its methods are is in the guards."""
    if spec.cls is None:
        return ""
    return f" {spec.cls.module}.{spec.cls.name} {takes_fields(spec.cls.object, spec.keys)}"


def _stable(value: Any) -> str | None:
    """A text that stands for a value in every process; None if there is none."""
    if type(value) in (dict, list, set, frozenset):
        items = [(k, _stable(v)) for k, v in value.items()] if isinstance(value, dict) else [
            (0, _stable(v)) for v in value]
        if any(text is None for _, text in items):
            return None
        return f"{type(value).__name__} {items if isinstance(value, (dict, list)) else sorted(items)!r}"
    plain = value is None or isinstance(value, (bool, int, float, complex, str, bytes))
    if plain or (isinstance(value, tuple) and all(_stable(v) is not None for v in value)):
        return repr(value)
    name = library_name(value)
    return None if name is None else f"<{name}>"


def describe(base: Base, made: Compiled) -> str | None:
    """What a text depends on, as one line; None if something in it has no lasting name."""
    root = base.function.fn
    assert root is not None
    fns: list[Any] = [root]
    classes: dict[str, type] = {}
    guards = []
    lowered = made.lowered
    for resolver in lowered.resolvers:
        if isinstance(resolver, LiveResolver) and resolver.fn not in fns:
            fns.append(resolver.fn)
    for guard in lowered.guards:
        entry = _guard_text(guard, fns, classes)
        if entry is None:
            return None
        guards += [entry] if entry else []
    texts = {path: _class_digest(cls) for path, cls in classes.items()}
    if None in texts.values():
        return None
    members = [[way, fns.index(fn)] for way, fn in class_manifest.members(classes) if fn in fns]
    numbers = []
    names = [i.name for i in made.trace.inputs if i.kind == "global"]
    for name, found in zip(names, lowered.globals.values()):
        if not isinstance(found.resolver, LiveResolver) or found.resolver.fn not in fns or (
                not found.meaning.name.isidentifier()):
            return None
        numbers.append([name, fns.index(found.resolver.fn), found.meaning.name, repr(found.type)])
    written = _stable(lowered.mutated)
    if written is None or not all(map(is_importable, made.own.values())):
        return None
    return json.dumps({"functions": [_digest(fn) for fn in fns], "guards": guards, "numbers": numbers,
                       "written": written, "classes": texts, "members": members, "acts": made.acts})


def _class_digest(cls: type) -> str | None:
    text = class_manifest.text_of(cls, _stable, _digest)
    return None if text is None else cache.make_key(text)


def _digest(fn: types.FunctionType) -> str:
    meaning = function_meaning(fn)
    assert meaning is not None
    defaults = _stable({"d": fn.__defaults__ or (), "k": tuple((fn.__kwdefaults__ or {}).items())})
    return f"{meaning.source().digest} {meaning.source().text_digest} {defaults}"


def _guard_text(guard: Guard, fns: list[Any], classes: dict[str, type]) -> list[Any] | None:
    """The entry of a guard; ``classes`` takes up those it is about."""
    if guard.holder is declare:
        return []  # The version of the rules is part of the key.
    holder: list[Any] | None = None
    if isinstance(guard.holder, type):
        found = class_manifest.guard_entry(guard)
        if found is None:
            return None
        classes[found[0]] = guard.holder
        return found[1]
    if guard.by_type:
        return None
    if guard.kind == "item":
        k = next((k for k, fn in enumerate(fns) if fn.__globals__ is guard.holder), None)
        holder = ["globals", k] if k is not None else ["builtins", 0] if "__import__" in guard.holder else None
    elif guard.kind == "contents":
        return []
    elif guard.kind == "cell":
        # Cells are equal if their contents are, and arrays have no one answer to that.
        k = next((k for k, fn in enumerate(fns) if any(c is guard.holder for c in fn.__closure__ or ())), None)
        holder = ["cell", k] if k is not None else None
    elif isinstance(guard.holder, types.ModuleType):
        holder = ["module", guard.holder.__name__]
    elif isinstance(guard.holder, types.FunctionType) and guard.holder in fns:
        given = _given_text(guard.expected, fns) if guard.key == GIVEN else {}
        return None if given is None else ["part", fns.index(guard.holder), guard.key, given]
    what = _object_text(guard.expected, fns)
    if what is not None and what[0] == "class":
        classes[what[1]] = guard.expected
    return None if holder is None or what is None else [*holder, guard.key, *what]


def _given_text(given: Any, fns: list[Any]) -> dict[str, int] | None:
    """The functions that give the derivative of another one, by their numbers."""
    if given is ABSENT:
        return {}
    return {kind: fns.index(rule) for kind, rule in given.items()} if all(r in fns for r in given.values()) else None


def _is_given(found: Any, expected: dict[str, int], fns: list[Any]) -> bool:
    """Whether a derivative is given as it was; notes the functions that give it."""
    given = {} if found is ABSENT else found
    if list(given) != list(expected) or any(fns[expected[kind]] not in (None, rule) for kind, rule in given.items()):
        return False
    for kind, rule in given.items():
        fns[expected[kind]] = rule
    return True


def _is_again(meaning: Function) -> bool:
    """Whether a function is to be computed again for its adjoint."""
    return meaning.custom is not None and meaning.custom.again


def _object_text(obj: Any, fns: list[Any]) -> list[Any] | None:
    if obj is ABSENT:
        return ["absent", ""]
    if isinstance(obj, types.ModuleType):
        return ["module", obj.__name__]
    name = library_name(obj)
    if name is not None:
        return ["library", name]
    meaning = function_meaning(obj)
    if meaning is not None and meaning.fn in fns and not meaning.bound_args and not meaning.bound_kwargs:
        return ["checkpoint" if _is_again(meaning) else "function", fns.index(meaning.fn)]
    if isinstance(obj, type) and obj.__module__ != "builtins":
        path = class_manifest.path_of(obj)
        return None if path is None else ["class", path]
    if is_static(obj) or type(obj) in (list, dict, set, tuple):
        text = _stable(obj)
        return ["static", text] if text is not None else None
    if isinstance(obj, (types.BuiltinFunctionType, type)) and obj.__module__ == "builtins":
        return ["builtin", obj.__name__]
    return None


def check(base: Base, meta: str) -> Links | None:
    """Tie a cached text to the live program; None if anything it depends on is different now."""
    try:
        facts = json.loads(meta)
        fns: list[Any] = [None] * len(facts["functions"])
        fns[0] = base.function.fn
        if any(_class_digest(class_manifest.found(path)) != text for path, text in facts["classes"].items()):
            return None
        for way, k in facts["members"]:
            fns[k] = class_manifest.member_at(way)
        guards, later = [], list(facts["guards"])
        while later:
            rest = []
            for entry in later:
                guard = _live_guard(entry, fns)
                if guard is None:
                    rest.append(entry)
                elif guard is ABSENT:
                    return None
                else:
                    guards += [guard, *_contents(guard.expected)]
            if len(rest) == len(later):
                return None
            later = rest
        if None in fns or [_digest(fn) for fn in fns] != facts["functions"]:
            return None
        for fn in fns:
            guards += _contents((fn.__defaults__, fn.__kwdefaults__))
        numbers = []
        for name, k, own, kind in facts["numbers"]:
            resolver = LiveResolver(fns[k])
            resolver.name(own)
            if not _has_type(resolver.read_number(own), kind):
                return None
            numbers.append((name, _reader(resolver, own)))
        return Links(tuple(numbers), (rules_guard(), *guards), ast.literal_eval(facts["written"]), tuple(facts["acts"]))
    except (ValueError, SyntaxError, KeyError, TypeError, IndexError, AttributeError, SourceError):
        # A manifest this version cannot read is one that does not hold.
        return None


def _contents(value: Any) -> list[Guard]:
    """The guards of the tables in a value."""
    if type(value) not in (list, dict, set, tuple):
        return []
    found = [] if type(value) is tuple else [Guard("contents", value, "", contents_of(value))]
    for item in value.values() if isinstance(value, dict) else value:
        found += _contents(item)
    return found


def _reader(resolver: LiveResolver, name: str) -> Callable[[], Any]:
    return lambda: resolver.read_number(name)


def _has_type(value: Any, kind: str) -> bool:
    from s2sad.frontend.signature import spec_of

    return type(value) in (bool, int, float, complex) and repr(spec_of(value, "x")) == kind


def _live_guard(entry: list[Any], fns: list[Any]) -> Any:
    """The guard of a manifest's entry; None if its holder is not known yet, `ABSENT` if it does not hold."""
    if entry[0] == "part":
        fn = fns[entry[1]]
        if fn is None:
            return None
        found = getattr(fn, entry[2], ABSENT)
        if entry[2] == GIVEN and not _is_given(found, entry[3], fns):
            return ABSENT
        return Guard("attr", fn, entry[2], found)
    if entry[0] == "class":
        return class_manifest.live_guard(entry)
    where, holder_name, name, kind, what = entry
    holder: Any
    if where == "module":
        holder, guard_kind = sys.modules.get(holder_name), "attr"
        found = getattr(holder, name, ABSENT)
    else:
        fn = fns[holder_name]
        if fn is None:
            return None
        guard_kind = "item"
        if where == "cell":
            holder = dict(zip(fn.__code__.co_freevars, fn.__closure__ or ())).get(name)
            guard_kind, found = "cell", getattr(holder, "cell_contents", ABSENT)
        elif where == "globals":
            holder = fn.__globals__
            found = holder.get(name, ABSENT)
        else:
            library = fn.__globals__["__builtins__"]
            holder = library if isinstance(library, dict) else vars(library)
            found = holder.get(name, ABSENT)
    if holder is None:
        return ABSENT
    if kind in ("function", "checkpoint"):
        meaning = function_meaning(found) if found is not ABSENT else None
        if meaning is None or meaning.bound_args or fns[what] not in (None, meaning.fn) or (
                _is_again(meaning) != (kind == "checkpoint")):
            return ABSENT
        fns[what] = meaning.fn
    elif _object_text(found, [f for f in fns if f is not None]) != [kind, what]:
        return ABSENT
    return Guard(guard_kind, holder, name, found)
