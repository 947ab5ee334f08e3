"""Products of vectors, matrices and tensors."""

from __future__ import annotations

from s2sad.rules import infer_products as i
from s2sad.rules.declare import bilinear, general, zero

bilinear("z = x @ y", x_bar="matmul_x(z_bar, x, y)", y_bar="matmul_y(z_bar, x, y)", result=i.matmul,
         flags="broadcasting")
bilinear("z = np.matmul(x, y)", x_bar="matmul_x(z_bar, x, y)", y_bar="matmul_y(z_bar, x, y)", result=i.matmul,
         flags="broadcasting")
bilinear("z = np.linalg.matmul(x, y)", x_bar="matmul_x(z_bar, x, y)", y_bar="matmul_y(z_bar, x, y)", result=i.matmul,
         flags="broadcasting")
bilinear("z = np.dot(a, b)", a_bar="dot_x(z_bar, a, b)", b_bar="dot_y(z_bar, a, b)", result=i.dot,
         flags="broadcasting")
bilinear("z = np.inner(a, b)", a_bar="inner_x(z_bar, a, b)", b_bar="inner_y(z_bar, a, b)", result=i.inner,
         flags="broadcasting")
bilinear("z = np.outer(a, b)", a_bar="reshape_like(z_bar @ np.ravel(b), a)",
         b_bar="reshape_like(z_bar.T @ np.ravel(a), b)", result=i.outer)
bilinear("z = np.linalg.outer(x, y)", x_bar="z_bar @ y", y_bar="z_bar.T @ x", result=i.outer_of_vectors)
bilinear("z = np.vdot(x, y)", x_bar="np.conj(z_bar) * as_shape_of(y, x)", y_bar="z_bar * as_shape_of(x, y)",
         result=i.vdot, flags="written")
bilinear("z = np.vecdot(x, y, axis=-1)", x_bar="vecdot_x(z_bar, x, y, axis)", y_bar="vecdot_y(z_bar, x, y, axis)",
         result=i.vecdot, flags="written broadcasting")
bilinear("z = np.linalg.vecdot(x, y, axis=-1)", x_bar="vecdot_x(z_bar, x, y, axis)",
         y_bar="vecdot_y(z_bar, x, y, axis)", result=i.vecdot, flags="written broadcasting")
bilinear("z = np.matvec(x, y)", x_bar="column(z_bar) * each_row(y)", y_bar="np.matvec(mT(x), z_bar)", result=i.matvec,
         flags="broadcasting")
bilinear("z = np.vecmat(x, y)", x_bar="np.matvec(y, np.conj(z_bar))", y_bar="column(x) * each_row(z_bar)",
         result=i.vecmat, flags="written broadcasting")
bilinear("z = np.tensordot(a, b, axes=2)", a_bar="contract_x(z_bar, a, b, axes)",
         b_bar="contract_y(z_bar, a, b, axes)", result=i.tensordot)
bilinear("z = np.linalg.tensordot(x, y, axes=2)", x_bar="contract_x(z_bar, x, y, axes)",
         y_bar="contract_y(z_bar, x, y, axes)", result=i.tensordot)
bilinear("z = np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
         a_bar="cross_x(z_bar, a, b, axisa, axisb, axisc, axis)",
         b_bar="cross_y(z_bar, a, b, axisa, axisb, axisc, axis)", result=i.cross, flags="broadcasting")
bilinear("z = np.linalg.cross(x, y, axis=-1)", x_bar="cross_x(z_bar, x, y, -1, -1, -1, axis)",
         y_bar="cross_y(z_bar, x, y, -1, -1, -1, axis)", result=i.cross, flags="broadcasting")
bilinear("z = np.kron(a, b)", a_bar="kron_x(z_bar, a, b)", b_bar="kron_y(z_bar, a, b)", result=i.kron)
bilinear("y = np.einsum(subscripts, *xs, optimize=False, dtype=None)",
         xs_bar="uneinsum(y_bar, xs, kth, subscripts, optimize)", result=i.einsum, flags="broadcasting planned")
zero("path, told = np.einsum_path(subscripts, *xs, optimize='greedy')", result=i.einsum_path)
bilinear("y = np.linalg.multi_dot(*xs)", xs_bar="chain_bar(y_bar, xs, kth)", result=i.multi_dot, flags="multiary")
general("y = np.linalg.matrix_power(a, n=None)", y_dot="power_along(a, a_dot, n)", a_bar="power_back(a, y_bar, n)",
        result=i.matrix_power)
