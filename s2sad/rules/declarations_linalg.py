"""Products and linear algebra."""

from __future__ import annotations

from s2sad.rules.declare import bilinear, general, linear

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
general("y = np.linalg.norm(x, ord=None, axis=None, keepdims=False)", only="only_default(ord, 'this ord')",
        y_dot="np.sum(np.real(np.conj(x) * x_dot), axis=axis, keepdims=keepdims) / nonzero(y)",
        x_bar="unsum(y_bar / nonzero(y), x, axis, keepdims) * x", flags="written")  # 0 at 0
general("y = np.linalg.inv(x)", y_dot="-(y @ x_dot @ y)", x_bar="-(y.T @ y_bar @ y.T)")
general("y = np.linalg.det(x)", y_dot="y * np.trace(np.linalg.inv(x) @ x_dot)",
        x_bar="y_bar * y * np.linalg.inv(x).T")
general("y = np.linalg.cholesky(x)",  # reads the lower triangle only
        p="np.linalg.solve(y, np.linalg.solve(y, np.tril(x_dot) + np.tril(x_dot, -1).T).T)",
        y_dot="y @ (np.tril(p) - 0.5 * np.diag(np.diag(p)))", q="y.T @ y_bar",
        g="np.linalg.solve(y.T, np.linalg.solve(y.T, np.tril(q) - 0.5 * np.diag(np.diag(q))).T).T",
        x_bar="np.tril(g) + np.tril(g.T, -1)", flags="real")
general("sign, logabsdet = np.linalg.slogdet(x)", logabsdet_dot="np.trace(np.linalg.inv(x) @ x_dot)",
        x_bar="logabsdet_bar * np.linalg.inv(x).T", flags="real")
general("y = np.linalg.solve(a, b)", y_dot_a="-np.linalg.solve(a, a_dot @ y)", y_dot_b="np.linalg.solve(a, b_dot)",
        w="np.linalg.solve(a.T, y_bar)", a_bar="-outer_product(w, y)", b_bar="w")
linear("y = np.diag(x, k=0)", x_bar="undiag(y_bar, x, k)")
