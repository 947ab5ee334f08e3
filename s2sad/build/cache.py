"""Generated text on disk: real ``.py`` files of the user's own, read back only if nothing about them is in doubt.

A file's header is made of comments, so that the file is an ordinary module:

    # s2sad 1
    # key: 64 hexadecimal digits
    # length: of the body in bytes
    # sha256: of the meta line and the body
    # meta: one line of the caller's, such as JSON

Nothing here raises for the state of the disk: what cannot be read is a miss, what cannot be written is not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORMAT = "s2sad 1"
LIMIT = 1 << 26  # bytes: no derivative is longer, so such a file is none
HOUR = 3600.0

_FILE = re.compile(r"([A-Za-z0-9_]{1,80})-([0-9a-f]{16})\.py")
_TEMPORARY = re.compile(r"\.s2sad-[0-9a-f]{16}\.tmp")
_HEADER = re.compile(
    rf"# {FORMAT}\n# key: ([0-9a-f]{{64}})\n# length: ([0-9]{{1,9}})\n# sha256: ([0-9a-f]{{64}})\n# meta: ([^\r\n]*)\n"
)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_DIRECTORY = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_DIRECTORY", 0)
# A named pipe put in an entry's place must not make the reader wait.
_READ = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW


@dataclass(frozen=True)
class Entry:
    """A file of the cache: ``text`` is all of it, ``body`` what follows the header."""

    name: str
    key: str
    meta: str
    body: str
    path: Path

    @property
    def text(self) -> str:
        return _render(self.key, self.meta, self.body)


def make_key(*parts: str) -> str:
    """The key of the parts in their order.

    >>> make_key("ab", "c") == make_key("a", "bc"), len(make_key())
    (False, 64)
    """
    digest = hashlib.sha256(FORMAT.encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def file_name(key: str, name: str) -> str:
    """The name of an entry's file.

    >>> file_name("0123456789abcdef" * 4, "f_vjp"), file_name("0" * 64, "é<lambda>/..")
    ('f_vjp-0123456789abcdef.py', '__lambda____-0000000000000000.py')
    """
    return f"{re.sub('[^A-Za-z0-9_]', '_', name)[:80] or '_'}-{key[:16]}.py"


def directory() -> Path | None:
    """Where the cache lies, or would: ``$S2SAD_CACHE_DIR``, else in the user's cache directory; None if there is none.

    A relative path would name another place after each change of directory; it is taken as no cache.
    """
    chosen = os.environ.get("S2SAD_CACHE_DIR")
    if chosen:
        path = Path(os.path.expanduser(chosen))
        return path if path.is_absolute() else None
    base = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin" or not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isdir(home):
            return None  # it is not for a cache to make a home
        base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(base) / "s2sad" if os.path.isabs(base) else None


def load(key: str, name: str) -> Entry | None:
    """The entry of a key; None if there is none, or any doubt about it."""
    with _opened(create=False) as place:
        if place is None:
            return None
        path, folder = place
        entry = _read(path, folder, file_name(key, name))
        return entry if entry is not None and entry.key == key else None


def store(key: str, name: str, body: str, meta: str = "") -> Path | None:
    """Keep a text; None if that is not possible.  A reader sees the whole of it or what was there before."""
    if "\n" in meta or "\r" in meta:
        raise ValueError("the meta text of a cache entry is one line")
    try:
        data = _render(key, meta, body).encode()
    except UnicodeEncodeError:
        return None
    if len(data) > LIMIT:
        return None
    with _opened(create=True) as place:
        if place is None:
            return None
        path, folder = place
        target = file_name(key, name)
        return path / target if _write(folder, target, data) else None


def entries() -> tuple[Entry, ...]:
    """All entries, by name; those in doubt are left out."""
    with _opened(create=False) as place:
        if place is None:
            return ()
        path, folder = place
        found = [_read(path, folder, file) for file in sorted(_listed(folder)) if _FILE.fullmatch(file)]
        return tuple(entry for entry in found if entry is not None)


def show(prefix: str) -> tuple[Entry, ...]:
    """The entries whose name, file or key begins so."""
    return tuple(e for e in entries() if any(text.startswith(prefix) for text in (e.name, e.path.name, e.key)))


def clear() -> int:
    """Remove all entries, and what writers that were killed left behind more than an hour ago; how many entries went.

    Only files that s2sad has written are removed, whatever else lies in the directory.
    """
    count = 0
    with _opened(create=False) as place:
        if place is None:
            return 0
        _, folder = place
        for file in _listed(folder):
            with contextlib.suppress(OSError):
                if _TEMPORARY.fullmatch(file):
                    if os.stat(file, dir_fd=folder, follow_symlinks=False).st_mtime < time.time() - HOUR:
                        os.unlink(file, dir_fd=folder)
                elif _FILE.fullmatch(file) and _is_written_by_us(folder, file):
                    os.unlink(file, dir_fd=folder)
                    count += 1
    return count


@contextlib.contextmanager
def _opened(create: bool) -> Iterator[tuple[Path, int] | None]:
    """The directory, opened, so that what is checked is what is used; None if it cannot be trusted or had."""
    path = directory()
    descriptor = None if path is None else _open_directory(path, create)
    if path is None or descriptor is None:
        yield None
        return
    try:
        yield path, descriptor
    finally:
        os.close(descriptor)


def _open_directory(path: Path, create: bool) -> int | None:
    try:
        if create and not os.path.lexists(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
                # The umask may have taken away more than was asked.
                path.chmod(0o700)
        descriptor = os.open(path, _DIRECTORY)
    except (OSError, ValueError):
        return None
    if _is_ours(os.fstat(descriptor), stat.S_ISDIR):
        return descriptor
    os.close(descriptor)
    return None


def _is_ours(status: os.stat_result, kind: object) -> bool:
    """Whether this is of the kind, belongs to this user, and nobody else may write to it."""
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return bool(callable(kind) and kind(status.st_mode)) and own and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _listed(folder: int) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _bytes(folder: int, file: str) -> bytes | None:
    """The contents of a file that can be trusted."""
    try:
        descriptor = os.open(file, _READ, dir_fd=folder)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not _is_ours(status, stat.S_ISREG) or status.st_size > LIMIT:
            return None
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(LIMIT + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _read(path: Path, folder: int, file: str) -> Entry | None:
    data = _bytes(folder, file)
    named = _FILE.fullmatch(file)
    if data is None or named is None:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    header = _HEADER.match(text)
    if header is None:
        return None
    entry = Entry(named[1], header[1], header[4], text[header.end() :], path / file)
    # Written anew from its parts it must be the same, hash and length included.
    return entry if entry.text == text and entry.key.startswith(named[2]) else None


def _is_written_by_us(folder: int, file: str) -> bool:
    data = _bytes(folder, file)
    return data is not None and (data.startswith(f"# {FORMAT.split()[0]} ".encode()) or not data)


def _render(key: str, meta: str, body: str) -> str:
    data = body.encode()
    digest = hashlib.sha256(meta.encode() + b"\n" + data).hexdigest()
    return f"# {FORMAT}\n# key: {key}\n# length: {len(data)}\n# sha256: {digest}\n# meta: {meta}\n{body}"


def _write(folder: int, target: str, data: bytes) -> bool:
    temporary = f".s2sad-{secrets.token_hex(8)}.tmp"
    done = False
    try:
        descriptor = os.open(temporary, _CREATE, 0o600, dir_fd=folder)
    except OSError:
        return False
    try:
        try:
            os.fchmod(descriptor, 0o600)  # whatever the umask
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        os.replace(temporary, target, src_dir_fd=folder, dst_dir_fd=folder)
        done = True
    except OSError:
        done = False
    finally:
        # Also when interrupted by the user.
        if not done:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
    return done
