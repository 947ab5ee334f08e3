"""The cache on disk: what comes back is what was written, or nothing."""

from __future__ import annotations

import ast
import errno
import os
import pathlib
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2sad.build import cache

KEY = cache.make_key("a", "b")
BODY = "def f(x):\n    return 2 * x  # é\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def stored(name: str = "f_vjp", body: str = BODY) -> Path:
    path = cache.store(KEY, name, body, '{"line": 3}')
    assert path is not None
    return path


def test_round_trip(place: Path) -> None:
    path = stored()
    assert path == place / f"f_vjp-{KEY[:16]}.py"
    entry = cache.load(KEY, "f_vjp")
    assert entry is not None
    assert (entry.name, entry.key, entry.meta, entry.body, entry.path) == ("f_vjp", KEY, '{"line": 3}', BODY, path)
    assert entry.text == path.read_text(encoding="utf-8")
    assert [p.name for p in place.iterdir()] == [path.name]


def test_a_file_is_a_module(place: Path) -> None:
    space: dict[str, Any] = {}
    exec(compile(stored().read_text(encoding="utf-8"), "f.py", "exec"), space)
    assert space["f"](3) == 6


@pytest.mark.parametrize("body", ["", "\r\n\r", "x = 1", "# key: 0\n", "\f\x00\u2028"])
def test_any_text_comes_back(place: Path, body: str) -> None:
    stored(body=body)
    entry = cache.load(KEY, "f_vjp")
    assert entry is not None and entry.body == body


def test_text_that_cannot_be_written_is_not_kept(place: Path) -> None:
    assert cache.store(KEY, "f", "x = '\ud800'") is None
    with pytest.raises(ValueError, match="one line"):
        cache.store(KEY, "f", BODY, "a\nb")


def test_keys() -> None:
    assert cache.make_key("a", "b") != cache.make_key("ab") != cache.make_key("ab", "")
    assert cache.make_key("a", "b") == KEY and len(KEY) == 64


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277])
def test_modes_whatever_the_umask(place: Path, umask: Callable[[int], int], mask: int) -> None:
    umask(mask)
    path = stored()
    umask(0o022)
    assert (mode(place), mode(path)) == (0o700, 0o600)


# Where it lies.


def test_default_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("S2SAD_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.directory() == tmp_path / ".cache" / "s2sad"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.directory() == tmp_path / "xdg" / "s2sad"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.directory() == tmp_path / ".cache" / "s2sad"
    assert stored().parent == tmp_path / ".cache" / "s2sad"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.directory() == tmp_path / "Library" / "Caches" / "s2sad"


def test_never_in_the_current_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("S2SAD_CACHE_DIR", "here")
    assert cache.directory() is None and cache.store(KEY, "f", BODY) is None
    assert list(tmp_path.iterdir()) == []


def test_never_in_a_shared_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(shared))
    assert cache.store(KEY, "f", BODY) is None and list(shared.iterdir()) == []


@pytest.mark.parametrize("home", ["", "~", "/nowhere/at/all"])
def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    for name in ("S2SAD_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: str(path).replace("~", home, 1))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.directory() is None
    assert cache.store(KEY, "f", BODY) is None
    assert cache.load(KEY, "f") is None
    assert cache.entries() == () and cache.clear() == 0
    assert not pathlib.Path("/nowhere").exists()


# What is refused.


def test_group_writable_directory(place: Path) -> None:
    stored()
    place.chmod(0o770)
    assert cache.load(KEY, "f_vjp") is None and cache.store(KEY, "f", BODY) is None
    assert cache.entries() == () and cache.clear() == 0
    place.chmod(0o700)
    assert cache.load(KEY, "f_vjp") is not None


def test_symlinked_directory(place: Path, tmp_path: Path) -> None:
    stored()
    place.rename(tmp_path / "real")
    place.symlink_to(tmp_path / "real")
    assert cache.load(KEY, "f_vjp") is None and cache.store(KEY, "g", BODY) is None


def test_file_in_place_of_the_directory(place: Path) -> None:
    place.write_text("")
    assert cache.load(KEY, "f_vjp") is None and cache.store(KEY, "f", BODY) is None


def test_symlinked_file_is_a_miss_and_not_written_through(place: Path, tmp_path: Path) -> None:
    path = stored()
    path.rename(tmp_path / "elsewhere.py")
    path.symlink_to(tmp_path / "elsewhere.py")
    assert cache.load(KEY, "f_vjp") is None
    before = (tmp_path / "elsewhere.py").read_bytes()
    stored(body="changed = 1\n")
    assert (tmp_path / "elsewhere.py").read_bytes() == before
    assert not path.is_symlink() and cache.load(KEY, "f_vjp") is not None


@pytest.mark.parametrize("bits", [0o620, 0o602, 0o666])
def test_file_that_others_may_write(place: Path, bits: int) -> None:
    stored().chmod(bits)
    assert cache.load(KEY, "f_vjp") is None
    assert mode(stored()) == 0o600 and cache.load(KEY, "f_vjp") is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_does_not_block(place: Path) -> None:
    path = stored()
    path.unlink()
    os.mkfifo(path, 0o600)
    assert cache.load(KEY, "f_vjp") is None
    stored()
    assert cache.load(KEY, "f_vjp") is not None


def test_directory_in_place_of_a_file(place: Path) -> None:
    path = stored()
    path.unlink()
    path.mkdir()
    assert cache.load(KEY, "f_vjp") is None and cache.store(KEY, "f_vjp", BODY) is None
    assert [p.name for p in place.iterdir()] == [path.name]


@pytest.mark.parametrize("who", ["file", "directory"])
def test_foreign_owner(place: Path, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    stored()
    real = os.fstat
    kind = stat.S_ISREG if who == "file" else stat.S_ISDIR

    def fstat(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        if not kind(status.st_mode):
            return status
        fields = list(status)
        fields[stat.ST_UID] += 1
        return os.stat_result(fields)

    monkeypatch.setattr(os, "fstat", fstat)
    assert cache.load(KEY, "f_vjp") is None


def test_stale_entry(place: Path) -> None:
    stored()
    other = KEY[:16] + cache.make_key("c")[16:]
    assert cache.load(other, "f_vjp") is None
    assert cache.load(KEY, "g_vjp") is None


def test_renamed_entry(place: Path) -> None:
    path = stored()
    other = cache.make_key("c")
    path.rename(place / cache.file_name(other, "f_vjp"))
    assert cache.load(other, "f_vjp") is None and cache.entries() == ()


def test_every_truncation_is_a_miss(place: Path) -> None:
    path = stored()
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert cache.load(KEY, "f_vjp") is None
    for more in (b"\n", b"x", b"\x00"):
        path.write_bytes(data + more)
        assert cache.load(KEY, "f_vjp") is None
    stored()
    assert cache.load(KEY, "f_vjp") is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_changed_byte_is_a_miss(place: Path, data: st.DataObject) -> None:
    path = stored()
    text = bytearray(path.read_bytes())
    where = data.draw(st.integers(0, len(text) - 1))
    text[where] ^= data.draw(st.integers(1, 255))
    path.write_bytes(text)
    assert cache.load(KEY, "f_vjp") is None


def test_huge_file_is_a_miss(place: Path) -> None:
    path = stored()
    with open(path, "r+b") as file:
        file.truncate(cache.LIMIT + 1)
    assert cache.load(KEY, "f_vjp") is None


# When writing fails.


@pytest.mark.parametrize("call", ["write", "replace", "fchmod", "open"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_failure_leaves_what_was_there(place: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
    stored()

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        assert cache.store(KEY, "f_vjp", "new = 1\n") is None
    entry = cache.load(KEY, "f_vjp")
    assert entry is not None and entry.body == BODY
    assert len(list(place.iterdir())) == 1


def test_disk_full_half_way(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, calls = os.write, 0

    def some(descriptor: int, data: Any) -> int:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise OSError(errno.ENOSPC, "full")
        return write(descriptor, data[:5])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", some)
        assert cache.store(KEY, "f_vjp", BODY) is None
    assert calls == 4 and list(place.iterdir()) == []


def test_short_writes_are_continued(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
        stored()
    assert cache.load(KEY, "f_vjp") is not None


def test_interrupt_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.store(KEY, "f_vjp", BODY)
    assert list(place.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_directory(place: Path) -> None:
    stored()
    place.chmod(0o500)
    try:
        assert cache.store(KEY, "g", BODY) is None
        assert cache.load(KEY, "f_vjp") is not None
        assert cache.clear() == 0
    finally:
        place.chmod(0o700)


def test_parent_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert cache.store(KEY, "f", BODY) is None and cache.load(KEY, "f") is None


# Several processes.

WRITER = textwrap.dedent("""
    import itertools, sys
    from s2sad.build import cache
    key = cache.make_key("a", "b")
    mine = sys.argv[1]
    print("ready", flush=True)
    for number in range(int(sys.argv[2])):
        body = f"# {mine} {number}\\n" + f"x{mine} = {number}\\n" * 2000
        assert cache.store(key, "f_vjp", body) is not None
""")


def writer(mine: str, count: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, mine, str(count)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def whole(entry: cache.Entry) -> bool:
    first, *rest = entry.body.splitlines()
    _, mine, number = first.split()
    return rest == [f"x{mine} = {number}"] * 2000


def test_concurrent_writers(place: Path) -> None:
    processes = [writer(mine, 150) for mine in "ab"]
    seen = 0
    while any(process.poll() is None for process in processes):
        entry = cache.load(KEY, "f_vjp")
        if seen or entry is not None:
            # Once it is there, it never goes away nor is it half written.
            assert entry is not None and whole(entry)
            seen += 1
    assert [process.wait() for process in processes] == [0, 0] and seen
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    assert len(list(place.iterdir())) == 1


def test_kill_leaves_it_sound(place: Path) -> None:
    for number in range(8):
        process = writer("k", 1_000_000)
        time.sleep(0.02 + 0.003 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        entry = cache.load(KEY, "f_vjp")
        assert entry is None or whole(entry)
    stored()
    entry = cache.load(KEY, "f_vjp")
    assert entry is not None and entry.body == BODY


def test_another_process_reads(place: Path) -> None:
    stored()
    script = "from s2sad.build import cache; print(cache.load(cache.make_key('a', 'b'), 'f_vjp').body, end='')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    out = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert out.stdout.decode() == BODY


# The command line's view.


def test_entries_show_and_clear(place: Path) -> None:
    assert cache.entries() == () and cache.show("") == () and cache.clear() == 0
    assert not place.exists()
    cache.store(cache.make_key("2"), "g_jvp", BODY)
    stored()
    assert [entry.name for entry in cache.entries()] == ["f_vjp", "g_jvp"]
    assert [entry.name for entry in cache.show("g")] == ["g_jvp"]
    assert [entry.name for entry in cache.show(KEY[:10])] == ["f_vjp"]
    assert [entry.name for entry in cache.show(f"f_vjp-{KEY[:16]}.py")] == ["f_vjp"]
    assert cache.clear() == 2 and cache.entries() == ()


def test_clear_leaves_the_users_files(place: Path) -> None:
    path = stored()
    user = [place / "notes.txt", place / f"mine-{'0' * 16}.py", place / "f_vjp.py"]
    for file in user:
        file.write_text("print('mine')\n")
    corrupt = place / cache.file_name("1" * 64, "broken")
    corrupt.write_bytes(path.read_bytes()[:40])
    assert cache.clear() == 2
    assert sorted(place.iterdir()) == sorted(user)


def test_clear_removes_old_leftovers(place: Path) -> None:
    stored()
    old, new = place / f".s2sad-{'0' * 16}.tmp", place / f".s2sad-{'1' * 16}.tmp"
    for file in (old, new):
        file.write_text("half")
    os.utime(old, (time.time() - 2 * cache.HOUR,) * 2)
    assert cache.clear() == 1
    assert list(place.iterdir()) == [new]


def test_text_never_pickle() -> None:
    tree = ast.parse(Path(cache.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not imported & {"pickle", "marshal", "shelve"}
