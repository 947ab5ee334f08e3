"""Shapes, padding, diagonals, joining."""

from __future__ import annotations

from s2sad.rules import infer_shapes as i
from s2sad.rules.declare import general, linear, rule, zero
from s2sad.rules.infer_creation import eye

linear("y = np.reshape(x, shape, order='C')", x_bar="reshaped_like(y_bar, x, order)", result=i.reshape, flags="exact")
linear("y = np.ravel(x, order='C')", x_bar="reshaped_like(y_bar, x, order)", result=i.raveled, flags="exact")
linear("y = flatten(x, order='C')", x_bar="reshaped_like(y_bar, x, order)", result=i.raveled, flags="exact")
linear("y = np.matrix_transpose(x)", x_bar="np.matrix_transpose(y_bar)", result=i.matrix_transpose,
       flags="sureview cheap")
linear("y = np.rot90(x, k=1, axes=(0, 1))", x_bar="np.rot90(y_bar, -k, axes)", result=i.rot90, flags="sureview")
general("y = np.pad(x, pad_width, mode='constant', constant_values=0)", y_dot="np.pad(x_dot, pad_width, mode)",
        x_bar="unpadded(y_bar, x, pad_width, mode)", result=i.pad, flags="exact")

linear("x = fold_margins(y, pad_width, mode='edge')", y_bar="np.pad(x_bar, pad_width, mode)", result=i.unpad,
       flags="exact")

# Diagonals.
linear("y = np.diagonal(x, offset=0, axis1=0, axis2=1)", x_bar="undiagonal(y_bar, x, offset, axis1, axis2)",
       result=i.diagonal)
linear("y = np.trace(x, offset=0, axis1=0, axis2=1, dtype=None, out=None)",
       x_bar="untrace(y_bar, x, offset, axis1, axis2)", result=i.trace)
linear("y = np.tril(x, k=0)", x_bar="np.tril(y_bar, k)", result=i.triangle, flags="broadcasting")
linear("y = np.triu(x, k=0)", x_bar="np.triu(y_bar, k)", result=i.triangle, flags="broadcasting")
zero("y = np.tri(num, M=None, k=0, dtype=None)", result=eye)

# Joining.
linear("y = np.concatenate(*xs, axis=0, dtype=None)", xs_bar="unconcatenate(y_bar, xs, kth, axis)",
       result=i.concatenate, flags="multiary")
linear("y = np.stack(*xs, axis=0, dtype=None)", xs_bar="unstack(y_bar, xk, kth, axis)", result=i.stack,
       flags="multiary")
linear("y = np.vstack(*xs, dtype=None)", xs_bar="unjoined(y_bar, xs, kth, 'np.vstack')", result=i.joined("np.vstack"),
       flags="multiary")
linear("y = np.hstack(*xs, dtype=None)", xs_bar="unjoined(y_bar, xs, kth, 'np.hstack')", result=i.joined("np.hstack"),
       flags="multiary")
linear("y = np.dstack(*xs)", xs_bar="unjoined(y_bar, xs, kth, 'np.dstack')", result=i.joined("np.dstack"),
       flags="multiary")
linear("y = np.column_stack(*xs)", xs_bar="unjoined(y_bar, xs, kth, 'np.column_stack')",
       result=i.joined("np.column_stack"), flags="multiary")

# Conversions.
general("y = np.ascontiguousarray(x, dtype=None)", y_dot="np.ascontiguousarray(x_dot)", x_bar="reshape_like(y_bar, x)",
        result=i.as_array)
general("y = np.asfortranarray(x, dtype=None)", y_dot="np.asfortranarray(x_dot)", x_bar="reshape_like(y_bar, x)",
        result=i.as_array, flags="view")
rule("y = np.complex64(x)", x="1")
rule("y = np.complex128(x)", x="1")
for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
    zero(f"y = np.{kind}(x)", flags="elementwise")
