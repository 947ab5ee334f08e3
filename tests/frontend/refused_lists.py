"""Programs that change lists in ways that are refused, in the form of `ALIASING`."""

from __future__ import annotations

import numpy as np

from s2sad.errors import Refusal, TypeRefusal, UnsupportedError

X = np.array([1.0, 2.0, 3.0])

Refused = tuple[str, tuple[object, ...], tuple[str, ...], tuple[type[Refusal], ...]]
KINDS = (UnsupportedError, TypeRefusal)

# What makes `rows` a list whose length is known at run time only.
GROWN = """
        def f(x, n):
            rows = []
            for i in range(n):
                rows.append({item})
            {then}
        """


def grown(then: str, *words: str, item: str = "x[0] * (1.0 + i)") -> Refused:
    lines = ("\n" + " " * 12).join(then.split("\n"))
    return GROWN.format(item=item, then=lines), (X, 3), words, KINDS


LISTS: dict[str, Refused] = {
    # Which list a name stands for is known at run time only.
    "one_of_two_lists": ("""
        def f(x, s):
            a, b = [x[0]], [x[1]]
            c = a if s > 0.0 else b
            «c.append(s)»
            return a[0] + b[0] + len(a)
        """, (X, 0.5), ("'c'", "'a'"), KINDS),
    "list_bound_anew_in_a_loop": ("""
        def f(x, n):
            a, b = [x[0]], [x[1]]
            c = a
            for i in range(n):
                «c.append(x[2])»
                c = b
            return len(a) * x[0] + len(b) * x[1]
        """, (X, 2), ("'c'", "'a'"), KINDS),

    # Items that are shared.
    "one_row_twice": ("""
        def f(x, n):
            row = [0.0, x[0]]
            table = [row, row]
            for i in range(n):
                «table[i][0] = x[1] * i»
            return table[0][0] + table[1][0]
        """, (X, 2), ("'table'", "more than once"), KINDS),
    "one_array_appended_again_and_again": ("""
        def f(x, n):
            rows = []
            y = x * 2.0
            for i in range(n):
                rows.append(y)
            for i in range(n):
                «rows[i][0] = x[1] * i»
            return rows[0][0] + rows[1][0]
        """, (X, 2), ("'rows'", "more than once"), KINDS),
    "array_written_after_it_is_appended": ("""
        def f(x, n):
            rows = []
            y = x * 2.0
            for i in range(n):
                rows.append(y)
                «y[0] = x[1] * i»
            return rows[0][0] + rows[1][0]
        """, (X, 2), ("'y'", "'rows'"), KINDS),
    "array_taken_out_and_written": grown("row = rows[n - 1]\n«row[0] = x[1]»\nreturn rows[0][0] + rows[1][0]",
                                         "'row'", "'rows'", item="x * i"),
    "array_written_in_a_loop_over_the_list": grown(
        "for row in rows:\n    «row[0] = x[1]»\nreturn rows[0][0] + rows[1][0]", "'row'", "'rows'", item="x * i"),

    # Items of other kinds.
    "tuples_in_a_list_that_grows": ("""
        def f(x):
            rows = []
            for v in x[x > 0.0]:
                «rows.append((x[0], x[1] * v))»
            a, b = rows[0]
            return a + b
        """, (X,), ("'rows'", "a tuple of 2", "a list for each"), KINDS),
    "nones_in_a_list_that_grows": ("""
        def f(x, n):
            rows = []
            for i in range(n):
                «rows.append(None)»
            return x[0] * len(rows)
        """, (X, 2), ("'rows'", "one kind"), KINDS),
    "numbers_and_arrays_in_a_list_that_grows": ("""
        def f(x, n):
            rows = [x]
            for i in range(n):
                «rows.append(x[0] * i)»
            return rows[0] * rows[n - 1]
        """, (X, 2), ("'rows'", "one kind"), KINDS),

    # What a list whose length is known at run time only cannot do.
    "inserted": grown("«rows.insert(n - 1, x[1])»\nreturn rows[n - 1]", "'rows'", "insert"),
    "sorted_in_place": grown("«rows.sort()»\nreturn rows[0]", "'rows'", "sort"),
    "removed": grown("«rows.remove(x[0])»\nreturn rows[0]", "'rows'", "remove"),
    "sliced_and_assigned": grown("«rows[1:] = [x[1]]»\nreturn rows[0]", "'rows'", "slice"),
    "sliced_and_deleted": grown("«del rows[0:1]»\nreturn rows[0]", "slice"),
    "lists_added_up": grown("return x[0] * len(«sum(rows, [])»)", "sum()", item="[x[0] * i]"),
    "largest_of_lists": grown("return «max(rows)»[0]", "max()", item="[x[0] * i]"),
    "returned": grown("«return rows»", "length"),
    "grows_under_its_own_loop": grown("for r in rows:\n    «rows.append(r)»\n    if len(rows) > 9:\n        break\n"
                                      "return sum(rows)", "'rows'", "length"),

    # Lists of a caller that is another function in the output.
    "list_of_a_recursive_function": ("""
        def g(rows, n):
            if n == 0:
                return 0.0
            «rows.append(1.0 * n)»
            return «g(rows, n - 1)» + 1.0

        def f(x, n):
            rows = [x[0]]
            return «g(rows, n)» * x[0] + len(rows)
        """, (X, 2), ("argument",), KINDS),
}
