"""Solvers whose results have no derivative that is known here, with what to use instead."""

from __future__ import annotations

_LOCAL = "minimize from its result with scipy.optimize.minimize, and differentiate that"

REFUSED: dict[str, tuple[str, str]] = {
    "scipy.optimize.linprog": ("the vertex that it finds jumps", "add a small quadratic term, and use minimize"),
    "scipy.optimize.milp": ("whole numbers have no derivative", "fix them, and differentiate what depends on them"),
    "scipy.optimize.linear_sum_assignment": ("an assignment has no derivative",
                                             "index with its result outside of the function"),
    "scipy.optimize.nnls": ("its derivative is not known", "use scipy.optimize.least_squares with bounds"),
    "scipy.optimize.lsq_linear": ("its derivative is not known", "use scipy.optimize.least_squares"),
    "scipy.optimize.isotonic_regression": ("its derivative is not known", "use scipy.optimize.least_squares"),
    "scipy.optimize.basinhopping": ("it draws random numbers", _LOCAL),
    "scipy.optimize.differential_evolution": ("it draws random numbers", _LOCAL),
    "scipy.optimize.dual_annealing": ("it draws random numbers", _LOCAL),
    "scipy.optimize.shgo": ("its derivative is not known", _LOCAL),
    "scipy.optimize.direct": ("its derivative is not known", _LOCAL),
    "scipy.optimize.brute": ("its derivative is not known", _LOCAL),
    "scipy.optimize.brent": ("its derivative is not known", "use scipy.optimize.minimize_scalar"),
    "scipy.optimize.golden": ("its derivative is not known", "use scipy.optimize.minimize_scalar"),
    "scipy.optimize.fminbound": ("its derivative is not known", "use scipy.optimize.minimize_scalar with bounds"),
    **{f"scipy.optimize.{name}": ("its derivative is not known", "use scipy.optimize.minimize") for name in (
        "fmin", "fmin_bfgs", "fmin_cg", "fmin_cobyla", "fmin_l_bfgs_b", "fmin_ncg", "fmin_powell", "fmin_slsqp",
        "fmin_tnc", "fmin_cobyqa")},
    **{f"scipy.optimize.{name}": ("its derivative is not known", "use scipy.optimize.root") for name in (
        "broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden", "excitingmixing", "newton_krylov")},
    "scipy.optimize.approx_fprime": ("it is a difference, not a derivative", "use s2sad.grad, or s2sad.jacfwd"),
    "scipy.optimize.check_grad": ("it is a difference, not a derivative", "use s2sad.testing.check_grads"),
    "scipy.integrate.nquad": ("its derivative is not known", "use quad inside of quad, dblquad or tplquad"),
    "scipy.integrate.qmc_quad": ("it draws random numbers", "use quad inside of quad"),
    "scipy.integrate.cubature": ("its derivative is not known", "use quad_vec inside of quad_vec"),
    "scipy.integrate.tanhsinh": ("its derivative is not known", "use scipy.integrate.quad"),
    "scipy.integrate.nsum": ("its derivative is not known", "write the sum as a loop"),
    "scipy.integrate.solve_bvp": ("its derivative is not known", "solve for the initial values by scipy.optimize.root"),
    "scipy.integrate.quadrature": ("its derivative is not known", "use scipy.integrate.quad"),
    "scipy.integrate.romberg": ("its derivative is not known", "use scipy.integrate.quad"),
    **{f"scipy.integrate.{name}": ("it is advanced step by step", "use scipy.integrate.solve_ivp") for name in (
        "ode", "complex_ode", "RK23", "RK45", "DOP853", "Radau", "BDF", "LSODA")},
}
