"""Errors: where, what, why, and what to write instead.

Every error s2sad raises is an `S2sadError` and also the built-in exception a caller would expect.  A refusal of source
text is printed as ``file.py:12:8: error: <construct> is not supported here`` (or what else is wrong), the source line,
a caret under the construct, why, and what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass


class S2sadError(Exception):
    """Base of all errors of this package."""


@dataclass(frozen=True)
class Location:
    """A place in the user's text; ``column`` counts from 1, ``width`` is the length of the construct on that line."""

    file: str
    line: int
    column: int
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def describe(reason: str, where: Location | None, hint: str = "") -> str:
    """The text of a refusal.

    >>> print(describe("yield is not supported here", Location("f.py", 3, 5, "    yield x", 7), "return the value"))
    f.py:3:5: error: yield is not supported here
        yield x
        ^~~~~~~
      return the value
    """
    if where is None:
        return reason + (f"\n  {hint}" if hint else "")
    lines = [f"{where}: error: {reason}"]
    if where.source:
        indent = where.source[: where.column - 1]
        pad = "".join("\t" if c == "\t" else " " for c in indent)
        width = max(1, min(where.width, len(where.source) - where.column + 1))
        lines += [where.source.rstrip(), pad + "^" + "~" * (width - 1)]
    lines += [f"  {part}" for part in hint.splitlines()]
    return "\n".join(lines)


class Refusal(S2sadError):
    """A construct of the user's program that s2sad does not differentiate.

    ``is_open`` says that it may be understood where more is known: in a loop that is written out.
    """

    def __init__(self, reason: str, where: Location | None = None, hint: str = "", is_open: bool = False) -> None:
        self.reason, self.where, self.hint, self.is_open = reason, where, hint, is_open
        super().__init__(describe(reason, where, hint))


class UnsupportedError(Refusal, NotImplementedError):
    """A construct outside the supported language."""


class UnknownFunctionError(Refusal, NotImplementedError):
    """A call of a function that has neither a rule nor source."""


class TypeRefusal(Refusal, TypeError):
    """Operands for which the program has no meaning, or no derivative."""


class NameRefusal(Refusal, NameError):
    """A name that nothing defines."""


class SourceError(S2sadError, OSError):
    """The text of a function cannot be found, or is not the text it was compiled from."""


class ArgumentError(S2sadError, TypeError):
    """A call of the public interface with arguments that do not fit."""


class ValueArgumentError(S2sadError, ValueError):
    """A call of the public interface with an argument of the right type and a wrong value."""


class TargetError(S2sadError, LookupError):
    """A command-line target that does not exist."""


class MachineRefusal(S2sadError):  # noqa: N818
    """What a backend for machine code cannot do; ``str()`` is the reason."""


class FallbackWarning(UserWarning):
    """A derivative runs as NumPy code where machine code was asked for."""


class InternalError(S2sadError, RuntimeError):
    """A broken invariant of the compiler: a defect of s2sad, never of the program."""


class NeedsStatic(Exception):  # noqa: N818  (control flow, never seen by users)
    """A rule or the front end needs the value of ``arg`` at compile time.

    The front end turns it into a specialisation on the value of the argument the value comes from, or a `Refusal`.
    """

    def __init__(self, arg: object, what: str) -> None:
        self.arg, self.what = arg, what
        super().__init__(what)


class NotApplicable(Exception):  # noqa: N818
    """A rule's result type or derivative does not exist for these operands: the reason, and what to write instead.

    The front end turns it into a `TypeRefusal` at the place of the call.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint
