"""Products."""

from __future__ import annotations

from s2sad.rules.declare import bilinear

bilinear("z = x @ y", x_bar="matmul_x(z_bar, x, y)", y_bar="matmul_y(z_bar, x, y)")
bilinear("z = np.matmul(x, y)", x_bar="matmul_x(z_bar, x, y)", y_bar="matmul_y(z_bar, x, y)")
bilinear("z = np.dot(x, y)", x_bar="dot_x(z_bar, x, y)", y_bar="dot_y(z_bar, x, y)")
bilinear("z = np.inner(x, y)", x_bar="inner_x(z_bar, x, y)", y_bar="inner_y(z_bar, x, y)")
bilinear("z = np.outer(x, y)", x_bar="reshape_like(z_bar @ np.ravel(y), x)",
         y_bar="reshape_like(z_bar.T @ np.ravel(x), y)")
bilinear("z = np.vdot(x, y)", x_bar="reshape_like(np.conj(z_bar) * y, x)", y_bar="reshape_like(z_bar * x, y)",
         flags="written")
bilinear("z = np.tensordot(x, y, axes=2)", x_bar="contract_x(z_bar, x, y, axes)",
         y_bar="contract_y(z_bar, x, y, axes)")
bilinear("z = np.cross(x, y, axisa=-1, axisb=-1, axisc=-1, axis=None)", x_bar="cross(y, z_bar, axis)",
         y_bar="cross(z_bar, x, axis)")
bilinear("y = np.einsum(subscripts, *xs, optimize=False)", xs_bar="uneinsum(y_bar, xs, kth, subscripts, optimize)")
