"""Functions inside functions, and operators inside functions: what is refused, with the exact place."""

from __future__ import annotations

import functools

import pytest

import s2sad
from s2sad.errors import Refusal, TypeRefusal, UnsupportedError
from tests.frontend.test_refusals import check

PROGRAMS: dict[str, tuple[str, str, str, tuple[object, ...], type[Refusal]]] = {
    "cached function that counts its calls": ("""
        def f(x):
            calls = 0.0
            @«functools.lru_cache»
            def g(y):
                nonlocal calls
                calls += 1.0
                return y * x
            return g(x) + calls
        """, "remembers its results and changes variables around it", "leave out the decorator", (2.0,),
        UnsupportedError),
    "cached function that appends": ("""
        def f(x):
            seen = []
            @«functools.cache»
            def g(y):
                seen.append(y)
                return y * x
            return g(x) + len(seen)
        """, "remembers its results and changes variables around it", "leave out the decorator", (2.0,),
        UnsupportedError),
    "functions that differ from path to path": ("""
        def f(x, a):
            def make(n):
                for k in range(n):
                    if k * x > 1.0:
                        «return lambda v: v * a»
                return lambda v: v + a
            return make(3)(x)
        """, "this returns a function, another return a function", "one structure", (0.3, 0.4), TypeRefusal),
    "function of an iteration after the loop": ("""
        def f(x, n):
            def line(k):
                return lambda v: v * k
            g = line(x)
            for i in range(n):
                g = line(x * i)
            return «g»(x)
        """, "on one path and a function on another", "", (2.0, 3), TypeRefusal),
    "list under two names": ("""
        def f(x):
            kept = [x, x]
            def change(a, b):
                for k in range(3):
                    if a[0] > 2.0:
                        return b[0]
                    a[0] = a[0] * 2.0
                return b[0]
            return «change(kept, kept)»
        """, "'change' changes 'a', and 'b' may be the same object", "pass a copy", (0.5,), TypeRefusal),
    "list that grows in a recursion": ("""
        def f(x, n):
            kept = []
            def fill(k):
                if k < n:
                    kept.append(x * k)
                    «fill(k + 1)»
            fill(0)
            return sum(kept)
        """, "calls itself with ever new kinds of arguments", "lists of one length", (0.5, 3), TypeRefusal),
    "derivative by a whole number": ("""
        def f(x, n):
            return «s2sad.grad(lambda k: k * x)(n)»
        """, "cannot be differentiated by 'k', which is a value of type int", "pass a float", (2.0, 3), TypeRefusal),
    "derivative of a number": ("""
        def f(x):
            return «s2sad.grad(x)»(x)
        """, "grad needs a function, not a number", "", (2.0,), TypeRefusal),
    "no such parameter": ("""
        def f(x):
            return «s2sad.grad(lambda v: v * x, wrt="u")»(x)
        """, "has no such parameter", "", (2.0,), TypeRefusal),
    "position out of range": ("""
        def f(x):
            return «s2sad.jacfwd(lambda v: v * x, 3)»(x)
        """, "wrt=3: lam has 1 parameter", "", (2.0,), TypeRefusal),
    "last of any number of arguments": ("""
        def f(x):
            return «s2sad.grad(lambda *v: v[0] * x, wrt=-1)»(x, x)
        """, "takes any number of arguments", "wrt=0", (2.0,), UnsupportedError),
    "options of operators": ("""
        def f(x):
            return «s2sad.value_and_grad(lambda v: v * x, copy=False)»(x)[0]
        """, "the options outputs and copy of value_and_grad", "return what it computes", (2.0,), UnsupportedError),
    "tangents that are too few": ("""
        def f(x):
            return «s2sad.jvp(lambda v, w: v * w, (x, x), (1.0,))»[1]
        """, "2 primals, 1 tangents", "", (2.0,), TypeRefusal),
    "primals that are no tuple": ("""
        def f(x):
            return «s2sad.jvp(lambda v: v * x, x, (1.0,))»[1]
        """, "primals must be a tuple or list", "write (primal,)", (2.0,), TypeRefusal),
    "pullback of whole numbers": ("""
        def f(x, n):
            return x * «s2sad.vjp(lambda k: k * 2, n)»[0]
        """, "no argument has a derivative", "pass floats", (2.0, 3), TypeRefusal),
    "pullback of two cotangents": ("""
        def f(x):
            y, pullback = s2sad.vjp(lambda v: v * x, x)
            return «pullback(1.0, 2.0)»[0]
        """, "this takes 1 argument, not 2", "", (2.0,), TypeRefusal),
    "argument of a Jacobian by keyword": ("""
        def f(x):
            return «s2sad.jacrev(lambda v: v * x)(v=x)»
        """, "given by keyword, or not at all", "by position", (2.0,), UnsupportedError),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_refused(name: str) -> None:
    text, message, hint, args, kind = PROGRAMS[name]
    check(text, message, hint, args, kind, functools=functools, s2sad=s2sad)
