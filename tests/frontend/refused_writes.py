"""Programs that change an array, list or dict in a way that is not followed, or that NumPy refuses too.

`WRITES` maps names to the text, the arguments, what the message must contain, and the kinds of error.
"""

from __future__ import annotations

from s2sad.errors import NameRefusal, TypeRefusal, UnknownFunctionError, UnsupportedError
from tests.frontend.refused_aliasing import ALIAS, A, Refused, X

# What NumPy refuses; what has no rule.
TYPE = (TypeRefusal,)
UNKNOWN = (UnknownFunctionError, UnsupportedError)

WRITES: dict[str, Refused] = {
    # What an array is.
    "shape_assigned": ("""
        def f(A):
            B = A.copy()
            «B.shape = (3, 2)»
            return B * 2.0
        """, (A,), ("attribute",), ALIAS),
    "dtype_assigned": ("""
        def f(x):
            a = x * x
            «a.dtype = np.int64»
            return x * a
        """, (X,), ("attribute",), ALIAS),
    "resized": ("""
        def f(x):
            a = x * x
            «a.resize(5)»
            return a * 2.0
        """, (X,), ("resize",), ALIAS),
    "flags_set": ("""
        def f(x):
            a = x * x
            «a.setflags(write=False)»
            return a * 2.0
        """, (X,), ("setflags",), UNKNOWN + TYPE),
    "base_written": ("""
        def f(x):
            a = x[1:]
            «a.base[0] = 1.0»
            return x * 2.0
        """, (X,), ("base",), ALIAS),
    "bytes_seen_as_another_type": ("""
        def f(x):
            a = x * x
            b = «a.view(np.int64)»
            «b[0] = 1»
            return a * 2.0
        """, (X,), ("view",), ALIAS + UNKNOWN),
    "memory_of_an_array": ("""
        def f(x):
            a = x * x
            m = «memoryview(a)»
            «m[0] = 1.0»
            return a * 2.0
        """, (X,), ("memoryview",), ALIAS + UNKNOWN),
    "objects": ("""
        def f(x):
            a = «np.empty(3, dtype=object)»
            «a[0] = x»
            return x * 2.0
        """, (X,), ("object",), ALIAS),
    # What cannot be written to.
    "broadcast_array": ("""
        def f(x):
            B = np.broadcast_to(x, (2, 3))
            «B[0, 0] = 1.0»
            return B * x
        """, (X,), ("'B'", "read-only"), TYPE),
    "diagonal": ("""
        def f(A):
            d = np.diagonal(A)
            «d[0] = 1.0»
            return A * 2.0
        """, (A,), ("'d'",), TYPE),
    "diagonal_by_method": ("""
        def f(A):
            «A.diagonal()[:] = 1.0»
            return A * 2.0
        """, (A,), ("diagonal",), ALIAS),
    "diag": ("""
        def f(A):
            d = np.diag(A)
            «d += 1.0»
            return A * d[0]
        """, (A,), ("'d'",), TYPE),
    "characters": ("""
        def f(x):
            name = 'abc'
            «name[0] = 'x'»
            return x * 2.0
        """, (X,), ("item assignment",), ALIAS),
    "items_of_a_tuple": ("""
        def f(x):
            t = (x, x * x)
            «t[0] = 1.0»
            return t[0] * t[1]
        """, (X,), ("tuple", "list"), ALIAS),
    "items_of_a_number": ("""
        def f(x):
            y = x * x
            «y[0] = 1.0»
            return y
        """, (2.0,), ("item assignment",), TYPE),
    "element_is_a_number": ("""
        def f(x):
            y = x[0]
            «y[...] = 1.0»
            return x * y
        """, (X,), ("'y'",), TYPE),
    # What NumPy cannot store.
    "float_added_to_integers": ("""
        def f(x):
            k = np.zeros(3, dtype=int)
            «k += x»
            return k * x
        """, (X,), ("'k'",), TYPE),
    "integers_divided": ("""
        def f(x):
            k = np.ones(3, dtype=int)
            «k /= 2»
            return k * x
        """, (X,), ("'k'",), TYPE),
    "float_into_integer_output": ("""
        def f(x):
            k = np.zeros(3, dtype=int)
            «np.exp(x, out=k)»
            return k * x
        """, (X,), ("'k'",), TYPE),
    "complex_into_floats": ("""
        def f(x):
            a = x * x
            «a[0] = 1j»
            return a * x
        """, (X,), ("'a'",), TYPE),
    "complex_added_to_floats": ("""
        def f(x):
            a = x * x
            «a += 1j»
            return a * x
        """, (X,), ("'a'",), TYPE),
    "text_into_floats": ("""
        def f(x):
            a = x * x
            «a[0] = 'one'»
            return a * x
        """, (X,), ("'one'",), TYPE),
    "more_axes_than_there_are": ("""
        def f(x):
            a = x * x
            «a[0, 0] = 1.0»
            return a * x
        """, (X,), ("indices",), TYPE),
    "float_as_index": ("""
        def f(x):
            a = x * x
            «a[1.0] = 2.0»
            return a * x
        """, (X,), ("index",), TYPE),
    "matrix_into_row": ("""
        def f(A):
            B = A * A
            «B[0] = A»
            return B * A
        """, (A,), ("fit",), TYPE),
    "matrix_added_to_vector": ("""
        def f(x, A):
            a = x * x
            «a += A»
            return a * x
        """, (X, A), ("'a'",), TYPE),
    "array_into_element": ("""
        def f(x):
            a = np.zeros(3)
            «a[0] = np.ones(2)»
            return a * x
        """, (X,), ("fit",), TYPE),
    # Functions that change arrays and have no rule.
    "nditer": ("""
        def f(x):
            a = x * x
            for v in «np.nditer(a, op_flags=['readwrite'])»:
                «v[...] = 2.0 * v»
            return a * x
        """, (X,), ("nditer",), UNKNOWN),
    "frompyfunc": ("""
        def g(v):
            return v * v

        def f(x):
            a = x * x
            a[:] = «np.frompyfunc(g, 1, 1)(x)»
            return a * x
        """, (X,), ("frompyfunc",), UNKNOWN),
    "setattr": ("""
        def f(x):
            a = x * x
            «setattr(a, 'shape', (3, 1))»
            return a * x
        """, (X,), ("setattr",), UNKNOWN),
    # Lists and dicts.
    "deleted_slice": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                ys.append(x * i)
            «del ys[:2]»
            return ys[0]
        """, (2.0, 3), ("del",), ALIAS),
    "deleted_element_of_array": ("""
        def f(x):
            a = x * x
            «del a[0]»
            return a
        """, (X,), ("del",), ALIAS),
    "inserted_at_computed_place": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                «ys.insert(int(x * i) % len(ys), x * i)»
            return ys[0]
        """, (2.0, 3), ("insert",), ALIAS),
    "slice_of_list_assigned": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                ys.append(x * i)
            «ys[1:2] = [x, x]»
            return ys[2]
        """, (2.0, 3), ("'ys'",), ALIAS),
    "sorted_list": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                ys.append(np.sin(x * i))
            «ys.sort()»
            return ys[0]
        """, (2.0, 3), ("sort",), ALIAS),
    "removed_by_value": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                ys.append(x * i)
            «ys.remove(x)»
            return ys[0]
        """, (2.0, 3), ("remove",), ALIAS),
    "dict_with_computed_keys": ("""
        def f(x):
            d = {}
            for i in range(x.shape[0]):
                «d[i] = x * i»
            return d[1] * x
        """, (X,), ("'d'",), ALIAS),
    "dict_with_keys_that_are_floats": ("""
        def f(x):
            d = {}
            «d[x] = 1.0»
            return d[x] * x
        """, (2.0,), ("'d'",), ALIAS),
    "dict_grows_in_a_branch": ("""
        def f(x):
            d = {'a': x}
            if x > 0.0:
                «d['b'] = x * x»
            return «d['b']» * x
        """, (2.0,), ("'d'",), (*ALIAS, NameRefusal)),
}
