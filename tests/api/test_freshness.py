"""What a function means may change between calls: the next call uses the new meaning.

Each case changes something that the function depends on, and asks a derivative made before, the decorated function, and
a new process that finds the text in the cache.
"""

from __future__ import annotations

import importlib
import multiprocessing
import pickle
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad

MODULE = '''
import math
import numpy as np
import s2sad

rate = 2.0
scale = np.array([1.0, 2.0])
table = [1.0, 2.0, {"a": 3.0}]
choice = "square"
names = {"square"}
transform = np.sin


def innermost(x):
    return x * x


def helper(x):
    return innermost(x) + rate * x


class Model:
    power = 2
    offset = 1.0

    def __init__(self, weight):
        self.weight = weight

    def bend(self, x):
        return self.weight * x**self.power

    def value(self, x):
        return self.bend(x) + self.offset * x


class Child(Model):
    pass


model = Model(3.0)
child = Child(3.0)


def make(weight):
    def inner(x):
        return weight * x * x

    def change(new):
        nonlocal weight
        weight = new

    return inner, change


inner, change = make(3.0)


class Bender:
    weight = 3.0

    def __call__(self, x):
        return self.weight * x**2


bender = Bender()


def with_default(x, weight=3.0):
    return weight * x * x


def with_keyword_default(x, *, weight=3.0):
    return weight * x * x


def with_list_default(x, weights=[1.0, 2.0]):
    return weights[0] * x + weights[1] * x * x


def of_global(x):
    return rate * x * x


def of_array(x):
    return np.sum(scale * x * x)


def of_table(x):
    return table[0] * x + table[1] * x * x + table[2]["a"] * x**3


def of_text(x):
    return x * x if choice == "square" else x**3


def of_set(x):
    return x * x if choice in names else x**3


def of_helper(x):
    return helper(x) * x


def of_default(x):
    return with_default(x) + x


def of_list_default(x):
    return with_list_default(x) * x


def of_numpy(x):
    return transform(x) * x


def of_attribute(x):
    return np.tan(x) * math.exp(x)


def of_model(x):
    return model.value(x) * x


def of_child(x):
    return child.value(x) + x * x


def of_own(x):
    return x**3


decorated = {f.__name__: s2sad.differentiate(f) for f in (
    of_global, of_array, of_table, of_text, of_set, of_helper, of_default, of_list_default, of_numpy, of_attribute,
    of_model, of_child, of_own, inner, with_default, with_keyword_default)}
decorated["bender"] = s2sad.differentiate(bender)
'''


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module of the user's, in a file of its own."""
    name = "fresh_user_module"
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("S2SAD_CACHE_DIR", str(tmp_path / "cache"))
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    yield importlib.import_module(name)
    sys.modules.pop(name, None)


def difference(f: Callable[..., Any], x: float) -> float:
    """The slope of f at x."""
    h = 1e-5
    return float((f(x + h) - f(x - h)) / (2.0 * h))


def put(space: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(space, name, value)


def cubed(x: Any) -> Any:
    return x**3


def bent(self: Any, x: Any) -> Any:
    return self.weight * x**4


def replaced_code(x: Any) -> Any:
    return x**5


CHANGES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "global": ("of_global", lambda m: put(m, rate=5.0)),
    "global_of_another_type": ("of_global", lambda m: put(m, rate=np.float64(5.0))),
    "global_that_becomes_an_array": ("of_array", lambda m: put(m, scale=np.array([[3.0], [4.0]]))),
    "array_in_place": ("of_array", lambda m: m.scale.__setitem__(0, 7.0)),
    "table_item": ("of_table", lambda m: m.table.__setitem__(1, 7.0)),
    "table_in_a_table": ("of_table", lambda m: m.table[2].update(a=7.0)),
    "table_replaced": ("of_table", lambda m: put(m, table=[2.0, 3.0, {"a": 4.0}])),
    "table_item_of_another_type": ("of_table", lambda m: m.table.__setitem__(1, 2)),
    "text": ("of_text", lambda m: put(m, choice="cube")),
    "set": ("of_set", lambda m: m.names.clear()),
    "closure_cell": ("inner", lambda m: m.change(7.0)),
    "default": ("with_default", lambda m: put(m.with_default, __defaults__=(7.0,))),
    "keyword_default": ("with_keyword_default", lambda m: put(m.with_keyword_default, __kwdefaults__={"weight": 7.0})),
    "default_of_a_helper": ("of_default", lambda m: put(m.with_default, __defaults__=(7.0,))),
    "list_default_of_a_helper": ("of_list_default", lambda m: m.with_list_default.__defaults__[0].__setitem__(1, 7.0)),
    "helper": ("of_helper", lambda m: put(m, helper=cubed)),
    "helper_of_a_helper": ("of_helper", lambda m: put(m, innermost=cubed)),
    "helper_with_other_code": ("of_helper", lambda m: put(m.innermost, __code__=replaced_code.__code__)),
    "global_of_a_helper": ("of_helper", lambda m: put(m, rate=7.0)),
    "numpy_function": ("of_numpy", lambda m: put(m, transform=np.cos)),
    "numpy_function_becomes_python": ("of_numpy", lambda m: put(m, transform=cubed)),
    "module": ("of_attribute", lambda m: put(m, np=types.SimpleNamespace(tan=np.sinh))),
    "function_of_a_module": ("of_attribute", lambda m: put(m, math=types.SimpleNamespace(exp=cubed))),
    "method": ("of_model", lambda m: put(m.Model, bend=bent)),
    "method_of_the_instance": ("of_model", lambda m: put(m.model, bend=cubed)),
    "method_of_a_base": ("of_child", lambda m: put(m.Model, bend=bent)),
    "method_put_before_that_of_a_base": ("of_child", lambda m: put(m.Child, bend=bent)),
    "class_attribute": ("of_model", lambda m: put(m.Model, power=3)),
    "class_attribute_of_a_base": ("of_child", lambda m: put(m.Model, offset=7.0)),
    "class_attribute_put_before_that_of_a_base": ("of_child", lambda m: put(m.Child, offset=7.0)),
    "attribute_of_the_instance": ("of_model", lambda m: put(m.model, weight=7.0)),
    "attribute_put_before_that_of_the_class": ("of_model", lambda m: put(m.model, power=3)),
    "object": ("of_model", lambda m: put(m, model=m.Model(7.0))),
    "class_of_the_object": ("of_child", lambda m: put(m.child, __class__=m.Model) or put(m.Child, offset=9.0)),
    "own_keyword_default_in_place": (
        "with_keyword_default", lambda m: m.with_keyword_default.__kwdefaults__.update(weight=7.0)),
    "call_of_an_object": ("bender", lambda m: put(type(m.bender), __call__=bent)),
    "whole_number": ("of_global", lambda m: put(m, rate=5)),
    "own_code": ("of_own", lambda m: put(m.of_own, __code__=replaced_code.__code__)),
}


@pytest.mark.parametrize("case", CHANGES)
def test_next_call_uses_the_new_meaning(user: Any, case: str) -> None:
    name, change = CHANGES[case]
    f, decorated = getattr(user, name), user.decorated[name]
    gradient = s2sad.grad(f)
    before = difference(f, 0.7)
    assert float(gradient(0.7)) == pytest.approx(before, rel=1e-6)
    assert float(decorated.grad(0.7)) == pytest.approx(before, rel=1e-6)
    change(user)
    after = difference(f, 0.7)
    assert case.endswith("another_type") or abs(after - before) > 1e-3 or case == "class_of_the_object"
    assert float(gradient(0.7)) == pytest.approx(after, rel=1e-6)
    assert float(s2sad.grad(f)(0.7)) == pytest.approx(after, rel=1e-6)
    assert decorated(0.7) == f(0.7)
    assert float(decorated.grad(0.7)) == pytest.approx(after, rel=1e-6)
    assert float(s2sad.jvp(f, (0.7,), (1.0,))[1]) == pytest.approx(after, rel=1e-6)
    assert float(s2sad.vjp(f, 0.7)[1](1.0)[0]) == pytest.approx(after, rel=1e-6)


@pytest.mark.parametrize("case", CHANGES)
def test_texts_of_the_cache(user: Any, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process finds the texts that were made before the change."""
    name, change = CHANGES[case]
    f = getattr(user, name)
    s2sad.grad(f)(0.7)
    # What another process does is done here with a module of the same text, and no memory of the first.
    sys.modules.pop("fresh_user_module")
    other = importlib.import_module("fresh_user_module")
    assert other is not user
    change(other)
    g = getattr(other, name)
    assert float(s2sad.grad(g)(0.7)) == pytest.approx(difference(g, 0.7), rel=1e-6)


def edit(path: Path, old: str, new: str) -> None:
    """Change the text of a module; its time, too, so that it is not taken for the compiled one."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    importlib.invalidate_caches()
    for compiled in path.parent.glob("__pycache__/*.pyc"):
        compiled.unlink()


@pytest.mark.parametrize("old, new, name", [
    ("return rate * x * x", "return rate * x**4", "of_global"),
    ("return innermost(x) + rate * x", "return innermost(x) + rate * x**3", "of_helper"),
    ("    return x * x\n", "    return x**5\n", "of_helper"),
    ("power = 2", "power = 3", "of_model"),
    ("return self.weight * x**self.power", "return self.weight * x**5", "of_child"),
    ("rate = 2.0", "rate = 9.0", "of_global"),
    ("weight=3.0):\n    return weight * x * x\n\n\ndef with_keyword", "weight=8.0):\n    return weight * x\n\n\n"
     "def with_keyword", "of_default"),
])
def test_reloaded_module(user: Any, old: str, new: str, name: str) -> None:
    f, kept = getattr(user, name), user.decorated[name]
    gradient = s2sad.grad(f)
    before = difference(f, 0.7)
    assert float(gradient(0.7)) == pytest.approx(before, rel=1e-6)
    assert float(kept.grad(0.7)) == pytest.approx(before, rel=1e-6)
    edit(Path(user.__file__), old, new)
    importlib.reload(user)
    # The old function object reads the names of the reloaded module, and keeps its own code.
    after_old = difference(f, 0.7)
    g = getattr(user, name)
    after = difference(g, 0.7)
    assert abs(after - before) > 1e-3
    assert float(s2sad.grad(g)(0.7)) == pytest.approx(after, rel=1e-6)
    assert float(user.decorated[name].grad(0.7)) == pytest.approx(after, rel=1e-6)
    try:
        found = float(gradient(0.7))
    except s2sad.errors.SourceError as error:
        # Its text is gone; nothing but the old text would be right.
        assert "changed" in str(error) or "does not match" in str(error) or "edited" in str(error)
    else:
        assert found == pytest.approx(after_old, rel=1e-6)


def test_edited_and_not_reloaded(user: Any) -> None:
    """The text on the disk is not that of the function any more."""
    edit(Path(user.__file__), "return rate * x * x", "return rate * x**4")
    with pytest.raises(s2sad.errors.SourceError):
        s2sad.grad(user.of_global)(0.7)


# Threads and processes.


def test_first_call_in_several_threads(user: Any) -> None:
    gradient, expected = s2sad.grad(user.of_helper), difference(user.of_helper, 0.7)
    start = threading.Barrier(8)
    found: list[Any] = []

    def work() -> None:
        start.wait()
        try:
            found.append(float(gradient(0.7)))
        except BaseException as error:  # noqa: B036  (handed to the test)
            found.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [pytest.approx(expected, rel=1e-6)] * 8


def test_many_calls_in_several_threads(user: Any) -> None:
    """The arguments and types differ from thread to thread; a global changes in between."""
    gradient, decorated = s2sad.grad(user.of_array), user.decorated["of_helper"]
    wrong: list[Any] = []

    def work(k: int) -> None:
        x = np.float32(0.5 + 0.1 * k) if k % 2 else 0.5 + 0.1 * k
        for j in range(60):
            got, want = float(gradient(x)), 6.0 * float(x)
            if abs(got - want) > 1e-5:
                wrong.append((k, j, got, want))
            y = np.full(2, 0.5 + 0.1 * k)
            if np.max(np.abs(s2sad.grad(user.of_array)(y) - 2.0 * user.scale * y)) > 1e-12:
                wrong.append((k, j))
            got, rate = float(decorated.grad(0.7)), user.rate
            if min(abs(got - (3.0 * 0.49 + 2.0 * r * 0.7)) for r in (rate, 2.0, 3.0)) > 1e-9:
                wrong.append((k, j, got))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    while any(t.is_alive() for t in threads):
        user.rate = 5.0 - user.rate
        time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert not wrong


def in_process(queue: Any, calls: list[tuple[Any, tuple[Any, ...]]]) -> None:
    queue.put([float(f(*args)) for f, args in calls])


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_forked_process(user: Any) -> None:
    gradient = s2sad.grad(user.of_helper)
    expected = float(gradient(0.7))
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    calls = [(gradient, (0.7,)), (s2sad.grad(user.of_global), (0.7,)), (user.decorated["of_model"].grad, (0.7,))]
    process = context.Process(target=in_process, args=(queue, calls))
    process.start()
    found = queue.get(timeout=60)
    process.join(timeout=60)
    assert found == [expected, pytest.approx(difference(user.of_global, 0.7)),
                     pytest.approx(difference(user.of_model, 0.7))]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_fork_while_another_thread_compiles(user: Any) -> None:
    """The child must not wait for a lock that a thread held which it does not have."""
    stop = threading.Event()

    def compile_on() -> None:
        k = 0
        while not stop.is_set():
            k += 1
            space: dict[str, Any] = {}
            s2sad.grad(user.make(float(k))[0])(0.7)
            s2sad.grad(user.of_array)(np.ones((k % 5 + 1, 2)).sum())
            del space

    thread = threading.Thread(target=compile_on)
    thread.start()
    context = multiprocessing.get_context("fork")
    try:
        for _ in range(5):
            queue = context.Queue()
            process = context.Process(target=in_process, args=(queue, [(s2sad.grad(user.of_global), (0.7,))]))
            process.start()
            try:
                found = queue.get(timeout=30)
            finally:
                process.kill()
                process.join()
            assert found == [pytest.approx(difference(user.of_global, 0.7))]
    finally:
        stop.set()
        thread.join()


WORKER = """
import pickle, sys
sys.path.insert(0, {folder!r})
calls = pickle.load(sys.stdin.buffer)
print([float(f(*args)) for f, args in calls])
"""


def test_spawned_process_through_pickle(user: Any, tmp_path: Path) -> None:
    """Operators, decorated functions and methods go to another process by name."""
    calls = [
        (s2sad.grad(user.of_helper), (0.7,)),
        (s2sad.grad(s2sad.grad(user.of_helper)), (0.7,)),
        (s2sad.grad(user.model.value), (0.7,)),
        (user.decorated["of_model"].grad, (0.7,)),
        (s2sad.elementwise_grad(user.of_numpy), (0.7,)),
        (s2sad.hessian(user.of_numpy), (0.7,)),
    ]
    expected = [float(f(*args)) for f, args in calls]
    script = WORKER.format(folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], input=pickle.dumps(calls), capture_output=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert eval(done.stdout.decode()) == expected


def test_default_behind_a_remembered_call() -> None:
    def f(x, k=2.0, kind="square"):
        return x * x * k if kind == "square" else x * k

    slope = s2sad.grad(f)
    assert [slope(3.0), slope(3.0)] == [12.0, 12.0]
    f.__defaults__ = (5.0, "square")
    assert [slope(3.0), slope(3.0)] == [30.0, 30.0]
    f.__defaults__ = (5.0, "line")
    assert [slope(3.0), slope(3.0)] == [5.0, 5.0]
