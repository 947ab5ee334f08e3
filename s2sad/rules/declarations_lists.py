"""Lists whose length is known at run time only.

Each operation that changes a list is the *value* "the list after it"; the ownership pass makes sure that it can be done
in place.  The adjoint of a list is a list of the same length: what appends an item takes its adjoint off the end again.
"""

from __future__ import annotations

from s2sad.rules.declare import general, linear, zero

# New lists.
zero("y = index_of(xs, x)")
zero("y = constants(*items)")  # written out in the text, as a tuple
linear("y = list_of(*items)", items_bar="item_of(y_bar, kth)")
linear("y = list_concat(xs, ys)", xs_bar="before(y_bar, xs)", ys_bar="behind(y_bar, xs)")
linear("y = list_repeat(xs, count)", xs_bar="list_fold(y_bar, xs)")
general("y = list_fold(xs, like)", y_dot_xs="list_fold(xs_dot, like)", xs_bar="repeated(y_bar, xs, like)")
linear("y = list_rows(x, depth=1)", x_bar="reshape_like(list_array(y_bar), x)")

# Changes.
linear("y = list_append(xs, x)", xs_bar="list_pop(y_bar)", x_bar="item_of(y_bar, -1)")
linear("y = list_pop(xs)", xs_bar="list_append(y_bar, zero_item(xs, -1))")
linear("y = list_set(xs, x, index)", xs_bar="list_set(y_bar, zero_before(xs, x, y_bar, index), index)",
       x_bar="item_of(y_bar, index)")
linear("y = list_insert(xs, x, index)", xs_bar="list_delete(y_bar, index)", x_bar="item_of(y_bar, index)")
linear("y = list_delete(xs, index)", xs_bar="list_insert(y_bar, zero_item(xs, index), place_of(index, y_bar))")
linear("y = list_extend(xs, ys)", xs_bar="before(y_bar, xs)", ys_bar="behind(y_bar, xs)")
linear("y = list_cut(xs, length)", xs_bar="list_extend(y_bar, zeros_behind(xs, length))")

# Lists and arrays.
linear("y = list_array(xs, dtype=None)", xs_bar="rows_like(y_bar, xs)")
linear("y = list_stack(xs, axis=0)", xs_bar="rows_like(y_bar if axis == 0 else np.moveaxis(y_bar, axis, 0), xs)")
linear("y = list_concatenate(xs, axis=0)", xs_bar="list_split(y_bar, xs, axis)")
general("y = list_split(v, xs, axis=0)", y_dot_v="list_split(v_dot, xs, axis)", v_bar="list_concatenate(y_bar, axis)")
linear("y = list_sum(xs, start)", xs_bar="list_spread(y_bar, xs)", start_bar="y_bar")
general("y = list_spread(v, xs)", y_dot_v="list_spread(v_dot, xs)", v_bar="list_sum(y_bar, zero_of(v))")
