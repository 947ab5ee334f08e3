"""The command line: derivatives printed, traces shown, gradients checked, the cache and the rules listed.

Standard output is the result and nothing else; diagnostics go to standard error.  Exit status 0: done; 1: a check
failed; 2: refused or misused.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from s2sad.errors import Refusal, S2sadError, TargetError, ValueArgumentError

EXAMPLES = """\
examples:
  s2sad grad model.py:loss                            the adjoint of loss, as Python source
  s2sad grad model.py:loss --wrt w,b --mode forward   its tangent in w and b
  s2sad grad model.py:loss --types 'w: f8[:], n: int' -o loss_vjp.py
  s2sad trace model.py:f                              the trace (the IR) of the adjoint
  s2sad trace model.py:f --after forward --mode forward
  s2sad trace model.py:f --at x1=2 x2=5               the evaluation traces at a point
  s2sad check model.py:f --at x1=2 x2=5               compare with differences
  s2sad explain model.py:f --types 'x: f8[:]'         what becomes of each variable in the reverse sweep
  s2sad rules sin

A target is FILE.py:function or package.module:function (also Class.method).  Nothing of it is run, except by
`trace --at` and `check`.  Exit status: 0 done, 1 a check failed, 2 refused or misused.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = parser().parse_args(argv)
    if getattr(options, "run", None) is None:
        parser().print_help(sys.stderr)
        return 2
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except S2sadError as error:
        complain(error)
        return 2
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain about it at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        complain(error)
        return 2
    except KeyboardInterrupt:
        return 130


def complain(error: Exception) -> None:
    """Print one diagnostic on standard error; places in files come first, as compilers print them."""
    text = str(error)
    if isinstance(error, S2sadError) and ": error: " in text.partition("\n")[0]:
        shown = text
    else:
        shown = f"s2sad: error: {text}"
    if coloured(sys.stderr):
        shown = shown.replace("error:", "\033[1;31merror:\033[0m", 1)
    print(shown, file=sys.stderr)


def coloured(stream: Any) -> bool:
    """Whether to write colours: to a terminal, unless ``NO_COLOR`` is set."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(stream.isatty())


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    top = argparse.ArgumentParser(
        prog="s2sad", description="Source-to-source automatic differentiation of Python functions.", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"s2sad {_version()}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        made.set_defaults(run=run)
        return made

    grad = command("grad", run_grad, "print the derivative of a function as Python source")
    _target(grad)
    _derivative(grad)
    grad.add_argument("--backend", choices=("numpy", "numba"), default="numpy",
                      help="what the text is for; with numba it is to be compiled by Numba")
    grad.add_argument("-o", "--output", metavar="OUT", help="write to this file instead, all of it or nothing")

    trace = command("trace", run_trace, "print the trace of a derivative, or with --at its evaluation traces")
    _target(trace)
    _derivative(trace, mode=None)
    trace.add_argument("--after", metavar="PASS", help="show the trace after this stage; 'list' lists the stages")
    trace.add_argument("--at", nargs="+", metavar="NAME=VALUE",
                       help="run the function at this point and print what each line computes")

    explain = command("explain", run_explain, "say for each variable what the reverse sweep needs of it, and why")
    _target(explain)
    explain.add_argument("--wrt", help="names or positions to differentiate by, separated by commas (default: all "
                                       "floats)")
    explain.add_argument("--types", metavar="TEXT", help="the types of the arguments, such as 'x: f8[:], n: int'")

    check = command("check", run_check, "compare the derivatives of a function with differences; runs the file")
    _target(check)
    check.add_argument("--at", nargs="+", metavar="NAME=VALUE", required=True, help="the point")
    check.add_argument("--wrt", help="names or positions, separated by commas (default: all floats)")
    check.add_argument("--order", type=int, default=2, help="the highest order (default: 2)")
    check.add_argument("--mode", choices=("both", "forward", "reverse"), default="both")

    cache = command("cache", run_cache, "list, show or clear the cache of generated files")
    cache.add_argument("action", choices=("ls", "show", "clear", "path"))
    cache.add_argument("name", nargs="?", help="for show: the beginning of a name or key")

    rules = command("rules", run_rules, "list the rules, or those of one function")
    rules.add_argument("name", nargs="?", metavar="NAME", help="a function, such as sin or np.sin")
    return top


def _version() -> str:
    from s2sad.version import VERSION

    return VERSION


def _target(made: argparse.ArgumentParser) -> None:
    made.add_argument("target", metavar="TARGET", help="FILE.py:function or package.module:function")


def _derivative(made: argparse.ArgumentParser, mode: str | None = "reverse") -> None:
    made.add_argument("--wrt", help="names or positions to differentiate by, separated by commas (default: all floats)")
    made.add_argument("--mode", choices=("reverse", "forward"), default=mode)
    made.add_argument("--level", choices=("source", "trace"), default="source",
                      help="trace prints one operation a line (default: source)")
    made.add_argument("--types", metavar="TEXT", help="the types of the arguments, such as 'x: f8[:], n: int'")


def _wrt(text: str | None) -> Any:
    if text is None:
        return None
    items = [item.strip() for item in text.split(",") if item.strip()]
    return tuple(int(item) if item.lstrip("-").isdigit() else item for item in items)


# Commands.


def run_grad(options: argparse.Namespace) -> int:
    """``s2sad grad``."""
    from s2sad.api.derive import KINDS, derived, highlighted
    from s2sad.api.targets import find_target, static_function
    from s2sad.backends import check_backend
    from s2sad.build.kernel import Program

    base: Any = static_function(find_target(options.target))
    program = Program(base, backend=check_backend(options.backend))
    made = derived(program, KINDS[options.mode], _wrt(options.wrt), options.level, options.types, use_cache=False)
    text = made.source if made.source.endswith("\n") else made.source + "\n"
    if options.output:
        write(options.output, text)
    else:
        sys.stdout.write(highlighted(text, "terminal") if coloured(sys.stdout) else text)
    return 0


def write(path: str, text: str) -> None:
    """Put a text into a file: all of it, or the file stays as it was."""
    target = Path(path)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, (target.stat().st_mode & 0o777) if target.exists() else 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def run_trace(options: argparse.Namespace) -> int:
    """``s2sad trace``."""
    if options.at:
        return _evaluation_trace(options)
    from s2sad.api.derive import KINDS, staged
    from s2sad.api.targets import find_target, static_function
    from s2sad.build.kernel import Program

    base: Any = static_function(find_target(options.target))
    stages = staged(Program(base), KINDS[options.mode or "reverse"], _wrt(options.wrt), options.types)
    if options.after is None:
        print(stages[-1][1])
        return 0
    names = [name for name, _ in stages]
    if options.after == "list":
        print("\n".join(dict.fromkeys(names)))
        return 0
    for name, trace in reversed(stages):
        if name == options.after:
            print(trace)
            return 0
    close = difflib.get_close_matches(options.after, names, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(dict.fromkeys(names))}"
    raise ValueArgumentError(f"--after {options.after}: there is no such stage; {hint}")


def run_explain(options: argparse.Namespace) -> int:
    """``s2sad explain``."""
    from s2sad.api.explain import explained
    from s2sad.api.targets import find_target, static_function
    from s2sad.build.kernel import Program

    base: Any = static_function(find_target(options.target))
    print(explained(Program(base), options.types, _wrt(options.wrt)))
    return 0


def _evaluation_trace(options: argparse.Namespace) -> int:
    from s2sad.report import evaluation_trace

    def tables(f: Any, args: tuple[Any, ...], wrt: Any) -> str:
        modes = [options.mode] if options.mode else ["forward", "reverse"]
        return "\n\n".join(evaluation_trace(f, args, mode, wrt) for mode in modes)

    print(_at_point(options, tables))
    return 0


def _at_point(options: argparse.Namespace, use: Callable[[Any, tuple[Any, ...], Any], Any]) -> Any:
    """Run the target's file and use the function at the point ``--at``.

    An integer such as in ``x=2`` stands for 2.0 unless the function needs an integer.
    """
    from s2sad.api.dispatch import dispatch_for
    from s2sad.api.targets import find_target, live_function, parse_point
    from s2sad.build.kernel import Program

    point = parse_point(options.at)
    target = find_target(options.target)
    try:
        f = live_function(target)
    except S2sadError:
        raise
    except Exception as error:
        raise TargetError(f"{target.path}: error: running the file raised {type(error).__name__}: {error}") from error
    dispatch = dispatch_for(Program(getattr(f, "__s2sad_primal__", f)))
    wrt = _wrt(options.wrt)
    integers = [name for name, value in point.items() if type(value) is int]
    chosen = set() if wrt is None else {dispatch.names[k] for k in dispatch.choose(wrt).positions}
    optional = [name for name in integers if name not in chosen]
    first: S2sadError | None = None
    for count in range(len(optional) + 1):
        for kept in itertools.combinations(optional, count):
            floats = {name: float(point[name]) for name in integers if name not in kept}
            try:
                return use(f, dispatch.bind((), {**point, **floats}), wrt)
            except (Refusal, ValueArgumentError) as error:
                first = first or error
            except S2sadError:
                raise
            except Exception as error:
                if count < len(optional) and isinstance(error, TypeError):
                    continue
                told = f"the function raised {type(error).__name__}: {error}"
                raise TargetError(f"{options.target}: error: {told}") from error
    assert first is not None
    raise first


def run_check(options: argparse.Namespace) -> int:
    """``s2sad check``."""
    from s2sad.testing import CheckError, check_grads

    modes = {"both": ("fwd", "rev"), "forward": ("fwd",), "reverse": ("rev",)}[options.mode]

    def check(f: Any, args: tuple[Any, ...], wrt: Any) -> str:
        try:
            check_grads(f, args, options.order, modes, wrt=wrt)
        except CheckError as error:
            return str(error)
        return ""

    failure = _at_point(options, check)
    if failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{options.target}: derivatives up to order {options.order} agree with differences")
    return 0


def run_cache(options: argparse.Namespace) -> int:
    """``s2sad cache``."""
    from s2sad.build import cache

    if options.action == "path":
        where = cache.directory()
        if where is None:
            raise TargetError("there is no cache: set S2SAD_CACHE_DIR to an absolute path")
        print(where)
    elif options.action == "ls":
        for entry in cache.entries():
            print(f"{entry.key[:16]}  {len(entry.body.encode()):>8}  {entry.name}")
    elif options.action == "clear":
        count = cache.clear()
        print(f"{count} file{'' if count == 1 else 's'} removed", file=sys.stderr)
    else:
        if not options.name:
            raise ValueArgumentError("cache show: name an entry; `s2sad cache ls` lists them")
        found = cache.show(options.name)
        if not found:
            raise TargetError(f"cache show: no entry begins with {options.name!r}; `s2sad cache ls` lists them")
        print("\n".join(entry.text for entry in found), end="")
    return 0


def run_rules(options: argparse.Namespace) -> int:
    """``s2sad rules``."""
    from s2sad.functions import entries

    found = entries(options.name)
    if not found:
        names = [e.name for e in entries()]
        short = {n.rpartition(".")[2]: n for n in names}
        close = difflib.get_close_matches(options.name, [*names, *short], 1)
        hint = f"; did you mean {close[0]}?" if close else "; `s2sad rules` lists all"
        raise TargetError(f"there is no rule for {options.name!r}{hint}")
    for e in found:
        if options.name:
            print((e.text or f"{e.call}: {e.source}") + (f"  # {e.note}" if e.note else ""))
        else:
            print(f"{e.name:40} {', '.join(e.modes):17} {e.note}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
