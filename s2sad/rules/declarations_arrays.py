"""Reductions, creation, shape changes, indexing."""

from __future__ import annotations

from s2sad.rules.declare import general, linear, rule, structural, zero
from s2sad.rules.infer_gather import boolean

linear("y = np.diff(x, n=1, axis=-1)", x_bar="undiff(y_bar, x, n, axis)")
zero("y = np.allclose(x, y, rtol=1e-05, atol=1e-08, equal_nan=False)")
zero("y = np.array_equal(x, y, equal_nan=False)")
zero("y = np.array_equiv(x, y)", result=boolean)

# Order.
zero("y = np.digitize(x, bins, right=False)")
zero("y = np.nonzero(x)")
zero("y = np.flatnonzero(x)")
zero("y = np.triu_indices(num, k=0, m=None)")
zero("y = np.tril_indices(num, k=0, m=None)")
zero("y = np.diag_indices(num, ndim=2)")

# Shapes.
linear("y = flat(x)", x_bar="reshape_like(y_bar, x)")
linear("y = np.atleast_1d(x)", x_bar="reshape_like(y_bar, x)")
linear("y = np.atleast_2d(x)", x_bar="reshape_like(y_bar, x)")
linear("y = np.atleast_3d(x)", x_bar="reshape_like(y_bar, x)")
linear("y = np.flipud(x)", x_bar="np.flipud(y_bar)")
linear("y = np.fliplr(x)", x_bar="np.fliplr(y_bar)")
linear("y = np.transpose(x, axes=None)", x_bar="untranspose(y_bar, axes)")
linear("y = np.swapaxes(x, axis1, axis2)", x_bar="np.swapaxes(y_bar, axis1, axis2)")
linear("y = np.moveaxis(x, source, destination)", x_bar="np.moveaxis(y_bar, destination, source)")
linear("y = np.expand_dims(x, axis)", x_bar="reshape_like(y_bar, x)")
linear("y = np.squeeze(x, axis=None)", x_bar="reshape_like(y_bar, x)")
linear("y = np.broadcast_to(x, shape)", x_bar="y_bar")
linear("y = np.flip(x, axis=None)", x_bar="np.flip(y_bar, axis)")
linear("y = np.roll(x, shift, axis=None)", x_bar="np.roll(y_bar, opposite(shift), axis)")
linear("y = np.repeat(x, repeats, axis=None)", x_bar="unrepeat(y_bar, x, repeats, axis)")
linear("y = np.tile(x, reps)", x_bar="untile(y_bar, x, reps)")
general("y = expand(v, like)", y_dot_v="expand(v_dot, y)", v_bar="y_bar")
general("y = unbroadcast(v, like)", y_dot_v="unbroadcast(v_dot, like)", v_bar="expand(y_bar, v)")

# Copies and conversions.
linear("y = copy(x, order=None)", x_bar="y_bar")
linear("y = np.copy(x, order=None)", x_bar="y_bar")
general("y = np.asarray(x, dtype=None)", y_dot="boxed(x_dot)", x_bar="y_bar")
general("y = np.astype(x, dtype)", y_dot="x_dot", x_bar="y_bar")
general("y = cast(v, like, dtype=None)", y_dot_v="v_dot", v_bar="y_bar")
general("y = item(x)", y_dot="x_dot if rank_is_zero(x) else item(x_dot)", x_bar="reshape_like(y_bar, x)")
rule("y = np.float64(x)", x="1", flags="widening")
rule("y = np.float32(x)", x="1", flags="widening")

general("y = compensated(x, lost)", y_dot="x_dot", x_bar="y_bar")

# Indexing.
linear("y = getitem(x, index)", x_bar="y_bar")
linear("y = np.take_along_axis(x, indices, axis)", x_bar="untake_along_axis(y_bar, x, indices, axis)")
general("y = scatter_add(x, v, index, view=None)", y_dot="scattered(x_dot, v_dot, index, view)", x_bar="y_bar",
        v_bar="at(y_bar, index, view)")
general("y = setitem(x, v, index, view=None)", y_dot="replaced(x_dot, v_dot, index, view)",
        x_bar="replaced(y_bar, 0.0, index, view)", v_bar="last_at(y_bar, index, view)")  # repeats: the last one counts

zero("y = last_written(x, index)")

# Arrays of numbers.
linear("y = np.array(*xs, layout=None, dtype=None)", xs_bar="unarray(y_bar, kth, layout)")

# Creation.
linear("y = np.full(shape, fill_value, dtype=None)", fill_value_bar="y_bar")
general("y = np.full_like(x, fill_value, dtype=None, shape=None)", y_dot_fill_value="expand(fill_value_dot, y)",
        fill_value_bar="y_bar")
general("y = np.arange(*bounds, dtype=None)", y_dot="arange_dot(bounds_dot, y)",
        bounds_bar="arange_bar(y_bar, bounds, kth)")  # 0 in stop: the number of elements jumps
zero("y = np.zeros(shape, dtype=None)")
zero("y = np.ones(shape, dtype=None)")
zero("y = np.empty(shape, dtype=None)")
zero("y = np.zeros_like(x, dtype=None, order=None, subok=True, shape=None)")
zero("y = np.ones_like(x, dtype=None, order=None, subok=True, shape=None)")
zero("y = np.empty_like(x, dtype=None, order=None, subok=True, shape=None)")
zero("y = np.eye(num, M=None, k=0, dtype=None)")
zero("y = np.identity(num, dtype=None)")
zero("y = zeros_like(x)")

# Sizes.
zero("y = shape(x, axis=None)")
zero("y = size(x)")
zero("y = ndim(x)")
zero("y = len(x)")
zero("y = minlen(*xs)")

# What forward and reverse mode treat themselves.
structural("y = accumulate(a, b)")
structural("y = tape_zeros(t)")
structural("y = pack(*values)")
structural("y = unpack(t, item)")
structural("y = part(t, item)")
structural("y = assert_(test, message)")
structural("y = check_length(x, length)")
