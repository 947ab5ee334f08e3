"""Programs in which it is not known at compile time what a write changes, or that change what outlives the call.

`ALIASING` maps names to the text, the arguments, what the message must contain, and the kinds of error.
"""

from __future__ import annotations

import numpy as np

from s2sad.errors import Refusal, TypeRefusal, UnsupportedError

X = np.array([1.0, 2.0, 3.0])
Y = np.array([0.5, -1.0, 1.5])
A = np.arange(6.0).reshape(2, 3)

Refused = tuple[str, tuple[object, ...], tuple[str, ...], tuple[type[Refusal], ...]]
ALIAS = (UnsupportedError, TypeRefusal)

ALIASING: dict[str, Refused] = {
    # Which array a name stands for is known at run time only.
    "one_of_two_arrays": ("""
        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            if x[0] > y[0]:
                c = a
            else:
                c = b
            «c[0] = 1.0»
            return a * b
        """, (X, Y), ("'c'",), ALIAS),
    "one_of_two_arrays_augmented": ("""
        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            c = a if x[0] > y[0] else b
            «c += 1.0»
            return a * b
        """, (X, Y), ("'c'",), ALIAS),
    "one_of_two_arrays_through_out": ("""
        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            if x[0] > y[0]:
                c = a
            else:
                c = b
            «np.multiply(x, y, out=c)»
            return a * b
        """, (X, Y), ("'c'",), ALIAS),
    "one_of_two_arguments": ("""
        def f(x, y):
            if np.sum(x) > 0.0:
                big, small = x, y
            else:
                big, small = y, x
            «big[0] = small[1]»
            return x * y
        """, (X, Y), ("'big'",), ALIAS),
    "conditional_expression_written": ("""
        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            «(a if x[0] > 0.0 else b)[0] = 1.0»
            return a * b
        """, (X, Y), (), ALIAS),
    "view_or_copy_by_branch": ("""
        def f(x, s):
            a = x * x
            if s > 0.0:
                v = a[1:]
            else:
                v = a[1:].copy()
            «v[0] = s»
            return a * x
        """, (X, 0.5), ("'v'",), ALIAS),
    "views_of_different_places_by_branch": ("""
        def f(x, s):
            a = x * x
            if s > 0.0:
                v = a[1:]
            else:
                v = a[::2]
            «v[0] = s»
            return a * x
        """, (X, 0.5), ("'v'",), ALIAS),
    "copy_or_not_by_branch": ("""
        def f(x, s):
            a = x * x
            b = a
            if s > 0.0:
                b = a * 2.0
            «b[0] = s»
            return a * b
        """, (X, 0.5), ("'b'",), ALIAS),
    "view_first_copy_later_in_loop": ("""
        def f(x, n):
            a = x * x
            v = a
            for i in range(n):
                «v[0] = x[i]»
                v = a.copy()
            return a * v
        """, (X, 2), ("'v'",), ALIAS),
    "other_array_in_every_trip": ("""
        def f(x, n):
            a, b = x * x, 3.0 * x
            v = a
            for i in range(n):
                «v[0] = x[i]»
                v = b
            return a * b
        """, (X, 2), ("'v'",), ALIAS),
    "row_carried_by_loop": ("""
        def f(A, n):
            row = A[0]
            for i in range(1, n):
                «row[0] = A[i, 1]»
                row = A[i % 2]
            return A * row
        """, (A, 2), ("'row'",), ALIAS),
    "buffers_swapped_under_the_caller": ("""
        def advance(u, v, n):
            for i in range(n):
                «v[1:] = u[1:] * u[:-1]»
                «u, v = v, u»

        def f(x, n):
            a, b = x * x, x.copy()
            «advance(a, b, n)»
            return a * 2.0
        """, (X, 3), ("'",), ALIAS),
    "swap_under_condition_with_third_name": ("""
        def f(x, y, n):
            first = x
            for i in range(n):
                «y[0] = x[1] * x[0]»
                if x[0] > y[0]:
                    x, y = y, x
            return first * x
        """, (X, Y, 3), ("'",), ALIAS),
    "arguments_may_be_one_after_a_merge": ("""
        def g(u, v):
            «u[0] = v[0] * 2.0»
            return u[0] * v[0]

        def f(x, s):
            a = x * x
            b = 3.0 * x
            if s > 0.0:
                b = a
            return «g(a, b)»
        """, (X, 0.5), ("'",), ALIAS),
    "result_is_one_of_two_arguments": ("""
        def larger(u, v):
            if u[0] > v[0]:
                return u
            return v

        def f(x, y):
            a, b = x * x, y * y
            c = larger(a, b)
            «c[0] = 1.0»
            return a * b
        """, (X, Y), ("'c'",), ALIAS),
    "item_of_list_by_loop_index": ("""
        def f(x, n):
            a, b = x * x, 3.0 * x
            both = [a, b]
            for i in range(n):
                «both[i][0] = x[1]»
            return a * b
        """, (X, 2), (), ALIAS),
    # An array in a list that grows.
    "same_array_appended_again_and_again": ("""
        def f(x, n):
            a = x * x
            ys = []
            for i in range(n):
                «ys.append(a)»
                «a += x»
            return ys[0] * a
        """, (X, 3), ("'a'",), ALIAS),
    "written_after_it_was_appended": ("""
        def f(x, n):
            ys = []
            a = x * x
            for i in range(n):
                ys.append(a)
                a = a * x
            last = ys[-1]
            «last[0] = 1.0»
            return ys[0] * ys[-1]
        """, (X, 3), ("'last'",), ALIAS),
    "views_of_a_work_array_appended": ("""
        def f(x, n):
            w = np.zeros(3)
            ys = []
            for i in range(n):
                «w[:] = x * i»
                «ys.append(w[1:])»
            return ys[0] * ys[-1]
        """, (X, 3), ("'w'",), ALIAS),
    "list_appended_to_itself": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                «ys.append(ys)»
            return ys[0]
        """, (2.0, 3), ("'ys'",), ALIAS),
    "numbers_and_arrays_in_one_list": ("""
        def f(x, n):
            ys = []
            for i in range(n):
                if i % 2 == 0:
                    «ys.append(x)»
                else:
                    «ys.append(x[0])»
            return «ys[0]» * x
        """, (X, 3), ("'ys'",), ALIAS),
    "list_grows_while_it_is_read": ("""
        def f(x, n):
            ys = [x]
            for i in range(n):
                ys.append(x * i)
            for y in ys:
                if y > 1.0:
                    «ys.append(y - 1.0)»
            return ys[-1]
        """, (2.0, 3), ("'ys'",), ALIAS),
    # Whether reshape and the like make a view depends on how the array lies in memory.
    "reshaped_argument": ("""
        def f(A):
            v = A.reshape(-1)
            «v[0] = 1.0»
            return A * 2.0
        """, (A,), ("'v'", "copy"), ALIAS),
    "raveled_argument": ("""
        def f(A):
            v = A.ravel()
            «v[0] = A[1, 1]»
            return A * 2.0
        """, (A,), ("'v'", "copy"), ALIAS),
    "raveled_in_target": ("""
        def f(A):
            «A.ravel()[0] = A[1, 1]»
            return A * 2.0
        """, (A,), ("'A'",), ALIAS),
    "raveled_transpose": ("""
        def f(x, n, m):
            a = np.zeros((n, m))
            v = a.T.ravel()
            «v[0] = x[0]»
            return a * 2.0
        """, (X, 2, 3), ("'v'", "copy"), ALIAS),
    "reshaped_result_of_arithmetic": ("""
        def f(A):
            B = A * A
            v = np.reshape(B, (3, 2))
            «v[0] = 1.0»
            return B * A
        """, (A,), ("'v'", "copy"), ALIAS),
    "contiguous_argument": ("""
        def f(A):
            B = np.ascontiguousarray(A)
            «B[0, 0] = 1.0»
            return A * B
        """, (A,), ("'B'", "copy"), ALIAS),
    # State outside the function.
    "global_array": ("""
        WORK = np.zeros(3)

        def f(x):
            «WORK[0] = x[1]»
            return WORK * x
        """, (X,), ("WORK",), ALIAS),
    "global_array_augmented": ("""
        WORK = np.zeros(3)

        def f(x):
            «WORK[:] += x»
            return WORK * x
        """, (X,), ("WORK",), ALIAS),
    "global_array_through_a_name": ("""
        WORK = np.zeros(3)

        def f(x):
            w = WORK
            «w[1] = x[1]»
            return w * x
        """, (X,), ("'w'",), ALIAS),
    "global_array_through_out": ("""
        WORK = np.zeros(3)

        def f(x):
            «np.multiply(x, x, out=WORK)»
            return WORK * x
        """, (X,), ("WORK",), ALIAS),
    "global_array_passed_to_a_helper": ("""
        WORK = np.zeros(3)

        def g(a, v):
            «a[0] = v»

        def f(x):
            «g(WORK, x[0])»
            return WORK * x
        """, (X,), ("'",), ALIAS),
    "one_array_or_its_transpose": ("""
        def f(A, n):
            out = A * 1.0
            for axis in range(n):
                x = out.T if axis == 1 else out
                «x[:, 0] = x[:, 1] * 2.0»
            return out
        """, (np.ones((3, 3)), 2), ("'x'", "'out'"), ALIAS),
    "global_list": ("""
        HISTORY = []

        def f(x):
            «HISTORY.insert(0, x[0])»
            return x * x
        """, (X,), ("HISTORY",), ALIAS),
    "global_dict": ("""
        SEEN = {}

        def f(x):
            «SEEN['x'] = x»
            return x * x
        """, (X,), ("SEEN",), ALIAS),
    "captured_array": ("""
        def make():
            work = np.zeros(3)

            def f(x):
                «work[0] = x[1]»
                return work * x

            return f

        f = make()
        """, (X,), ("work",), ALIAS),
    "array_of_an_object": ("""
        def f(x):
            «STATE.work[0] = x[1]»
            return STATE.work * x
        """, (X,), ("work",), ALIAS),
    "attribute_of_an_object": ("""
        def f(x):
            «STATE.value = x[1]»
            return x * x
        """, (X,), ("attribute",), ALIAS),
    # What reads it stands in the same statement as the call that changes it.
    "changed_by_a_call_and_read_beside_it": ("""
        def push(p):
            «p[0] = p[0] * p[1]»
            return p[2]

        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            c = a if x[0] > y[0] else b
            return push(a) + c[0]
        """, (X, Y), ("'p'", "'c'"), ALIAS),
    "changed_in_the_test_of_a_branch": ("""
        def push(p):
            «p[0] = p[0] * p[1]»
            return p[2]

        def f(x, y):
            a, b = 2.0 * x, 3.0 * y
            c = a if x[0] > y[0] else b
            s = 0.0
            if push(a) > 0.0:
                s = c[0]
            return s
        """, (X, Y), ("'p'", "'c'"), ALIAS),
    "changed_beside_an_operand_without_a_name": ("""
        def push(p):
            «p[0] = p[0] * p[1]»
            return p

        def f(x, y):
            a = 2.0 * x
            return (a if x[0] > y[0] else y) * push(a)
        """, (X, Y), ("'p'", "operand"), ALIAS),
    # What a loop puts into something that has been changed before it.
    "put_into_a_changed_list_by_a_loop": ("""
        def f(x, n):
            p, a = [x[0]], [[x[1]], x[2]]
            a[1] = 3.0 * x[2]
            for i in range(n):
                a[0] = p
            «p[0] = p[0] * x[1]»
            return a[0][0]
        """, (X, 2), ("'p'", "'a'"), ALIAS),
}
