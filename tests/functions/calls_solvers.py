"""Solvers and integrators: functions that take functions."""

from __future__ import annotations

_CUBIC = "lambda t: t**3 - x * t - y"
_SYSTEM = "lambda t: S @ t + 0.1 * t**3 - v * x"
_OBJECTIVE = "lambda t: 0.5 * t @ S @ t + 0.1 * np.sum(t**4) - x * v @ t"
_SLOPE = "jac=lambda t: 0.5 * (S + S.T) @ t + 0.4 * t**3 - x * v"
_CURVE = "lambda t, a, b: a * np.exp(-x * t) + b"
_CURVE_SLOPE = "jac=lambda t, a, b: np.stack([np.exp(-x * t), np.ones_like(t)], axis=1)"
_RESIDUALS = "lambda t: np.array([t[0] * x - 1.0, t[0] * t[1] - y])"
_TIGHT = "xtol=1e-15, ftol=1e-15"

CALLS: dict[str, list[str]] = {
    "scipy.optimize.brentq": [
        f"({_CUBIC}, 0.5, 3.0, xtol=1e-14)",
        "(lambda t, a, b: t**3 - a * t - b, 0.5, 3.0, (x, y), 1e-14)",
        f"scipy.optimize.brentq({_CUBIC}, 0.5, b=3.0, xtol=1e-14, full_output=True)[0]",
        f"scipy.optimize.brentq({_CUBIC}, y - 0.5, x + 3.0, xtol=1e-14, full_output=True)[1].root * x",
        "h = 0.0\nfor j in range(3):\n    h = h + scipy.optimize.brentq(lambda t: np.exp(t) - v[j] - h**2, -2.0, 3.0, "
        "xtol=1e-14)\nreturn h",
        "def g(t, c):\n    h = 0.0\n    for d in c:\n        h = h * t + d if t > 0.0 else h - d\n    return h - 3.0\n"
        "return scipy.optimize.brentq(g, 0.0, 3.0, args=(w,), xtol=1e-14)",
        "scipy.optimize.brentq(lambda t: t - scipy.optimize.brentq(lambda a: a**3 + a - t - x, -3.0, 3.0, "
        "xtol=1e-15) - y, -5.0, 5.0, xtol=1e-14)",
    ],
    "scipy.optimize.brenth": [f"({_CUBIC}, 0.5, 3.0, xtol=1e-14)", f"({_CUBIC}, 0.5, 3.0, (), 1e-14, 1e-14, 200)",
                              "(lambda t, a: t**3 - a * t - y, 0.5, 3.0, args=x, xtol=1e-14)",
                              f"scipy.optimize.brenth({_CUBIC}, 0.5, 3.0, xtol=1e-14, full_output=True)[0]"],
    "scipy.optimize.bisect": [f"({_CUBIC}, 0.5, 3.0, xtol=1e-14)", f"(f={_CUBIC}, b=0.5, a=3.0, xtol=1e-14)",
                              "(lambda t, a: t**3 - a * t - y, 0.5, 3.0, args=(x,), xtol=1e-14)",
                              "(lambda t: np.sum(np.exp(t * v)) - 4.0 * s, 0.0, 3.0, xtol=1e-14)"],
    "scipy.optimize.ridder": [f"({_CUBIC}, 0.5, 3.0, xtol=1e-14)", f"({_CUBIC}, 0.5, 3.0, maxiter=200, xtol=1e-14)",
                              "(lambda t, a: t**3 - a * t - y, 0.5, 3.0, args=(x,), xtol=1e-14)",
                              f"scipy.optimize.ridder({_CUBIC}, 0.5, 3.0, xtol=1e-14, full_output=True)[0] * y"],
    "scipy.optimize.toms748": [f"({_CUBIC}, 0.5, 3.0, xtol=1e-14)", f"({_CUBIC}, 0.5, 3.0, k=2, xtol=1e-14)",
                               "(lambda t, a: t**3 - a * t - y, 0.5, 3.0, args=(x,), xtol=1e-14)",
                               f"scipy.optimize.toms748({_CUBIC}, 0.5, 3.0, xtol=1e-14, full_output=True)[1].root"],
    "scipy.optimize.newton": [
        f"({_CUBIC}, 1.5, tol=1e-13)",
        f"({_CUBIC}, 1.5, fprime=lambda t: 3.0 * t**2 - x, tol=1e-13)",
        f"({_CUBIC}, y + 0.5, lambda t: 3.0 * t**2 - x, (), 1e-13, fprime2=lambda t: 6.0 * t)",
        f"scipy.optimize.newton({_CUBIC}, 1.5, x1=1.6, tol=1e-13, full_output=True)[0]",
        "(lambda t: t**3 - x * t - v, np.array([1.5, 1.4, 1.3]), tol=1e-13)",
        "(lambda t, a: t**3 - x * t - a, v + 0.5, lambda t, a: 3.0 * t**2 - x, args=(v,), tol=1e-13)",
        "scipy.optimize.newton(lambda t: t**3 - x * t - v, 1.5 * np.ones(3), tol=1e-13, full_output=True)[0]",
    ],
    "scipy.optimize.root_scalar": [
        f"scipy.optimize.root_scalar({_CUBIC}, bracket=[0.5, 3.0], xtol=1e-14).root",
        f"scipy.optimize.root_scalar({_CUBIC}, bracket=(0.5, 3.0), method='bisect', xtol=1e-14).root",
        f"scipy.optimize.root_scalar({_CUBIC}, bracket=(0.5, 3.0), method='toms748', xtol=1e-14).root",
        f"scipy.optimize.root_scalar({_CUBIC}, x0=1.5, x1=1.6, method='secant', xtol=1e-13).root",
        f"scipy.optimize.root_scalar({_CUBIC}, x0=1.5, fprime=lambda t: 3.0 * t**2 - x, xtol=1e-13)['root']",
        "scipy.optimize.root_scalar(lambda t: (t**3 - x * t - y, 3.0 * t**2 - x), x0=1.5, "
        "fprime=True, xtol=1e-13).root",
        "r = scipy.optimize.root_scalar(lambda t, a: t**3 - a * t - y, args=(x,), bracket=[0.5, 3.0], xtol=1e-14)\n"
        "return r.root * x if r.converged and r.iterations > 0 else 0.0",
    ],
    "scipy.optimize.root": [
        f"scipy.optimize.root({_SYSTEM}, np.zeros(3), tol=1e-13).x",
        f"scipy.optimize.root({_SYSTEM}, v, method='lm', tol=1e-14).x",
        "scipy.optimize.root(lambda t, a: S @ t + 0.1 * t**3 - a, v, args=(v,), "
        "jac=lambda t, a: S + np.diag(0.3 * t**2), tol=1e-13).x",
        "scipy.optimize.root(lambda t: (S @ t + 0.1 * t**3 - v, S + np.diag(0.3 * t**2)), v, jac=True, tol=1e-13).x",
        "scipy.optimize.root(lambda t: [t[0]**2 + t[1] - x, t[0] - t[1]**3 - y], [1.0, 0.5], tol=1e-13).x",
        "scipy.optimize.root(lambda t: t[0]**2 - x, [1.0], tol=1e-13).x",
        "scipy.optimize.root(lambda t: t**2 - x, 1.0, tol=1e-13).x",
        f"r = scipy.optimize.root({_SYSTEM}, v, method='krylov', options={{'fatol': 1e-13, 'maxiter': 200}})\n"
        "return r.x * x + r.fun if r.success else r.x",
    ],
    "scipy.optimize.fsolve": [
        f"({_SYSTEM}, np.zeros(3), xtol=1e-13)",
        "(lambda t: [t[0]**2 + t[1] - x, t[0] - t[1]**3 - y], (1.0, 0.5), xtol=1e-13)",
        "scipy.optimize.fsolve(lambda t, a: S @ t + 0.1 * t**3 - a * x, v, v, "
        "fprime=lambda t, a: S + np.diag(0.3 * t**2), full_output=True, xtol=1e-13)[0]",
        f"({_CUBIC}, 1.5, xtol=1e-13)",
    ],
    "scipy.optimize.fixed_point": [
        "(lambda t: np.cos(x * t) * y, 0.5, xtol=1e-13)",
        "(lambda t: 0.1 * np.cos(S @ t) * v, v, xtol=1e-13)",
        "(lambda t: 0.1 * np.cos(S @ t) * v, v, xtol=1e-13, method='iteration', maxiter=900)",
        "(lambda t, a: 0.5 * np.cos(a * t), [0.3, 0.4], args=(x,), xtol=1e-13)",
    ],
    "scipy.optimize.minimize": [
        f"scipy.optimize.minimize({_OBJECTIVE}, np.zeros(3), {_SLOPE}, tol=1e-13).x",
        f"scipy.optimize.minimize({_OBJECTIVE}, v, method='L-BFGS-B', {_SLOPE}, options={{'gtol': 1e-13, 'ftol': "
        f"0.0}}).fun",
        f"scipy.optimize.minimize({_OBJECTIVE}, v, method='BFGS', {_SLOPE}, options={{'gtol': 1e-13}}).x",
        f"scipy.optimize.minimize({_OBJECTIVE}, v, method='trust-exact', {_SLOPE}, tol=1e-13, "
        "hess=lambda t: 0.5 * (S + S.T) + np.diag(1.2 * t**2)).x",
        f"scipy.optimize.minimize({_OBJECTIVE}, v, method='trust-ncg', {_SLOPE}, tol=1e-13, "
        "hessp=lambda t, p: 0.5 * (S + S.T) @ p + 1.2 * t**2 * p).x",
        "scipy.optimize.minimize(lambda t, a: (np.sum((t - a)**4 + y * (t - a)**2), 4.0 * (t - a)**3 + 2.0 * y * (t "
        "- a)), "
        "[0.0, 1.0, 2.0], args=(v,), jac=True, tol=1e-13).x",
        f"r = scipy.optimize.minimize({_OBJECTIVE}, v, {_SLOPE}, method='L-BFGS-B', bounds=[(0.0, z / 4.0), (None, "
        f"None), "
        "(0.0, None)], options={'gtol': 1e-13, 'ftol': 0.0})\nreturn r.x * x, r.jac",
    ],
    "scipy.optimize.Bounds": [
        "scipy.optimize.minimize(lambda t: np.sum((t - w)**2 * v), np.ones(3), jac=lambda t: 2.0 * (t - w) * v, "
        f"tol=1e-13, bounds=scipy.optimize.Bounds({bounds})).x"
        for bounds in ("0.6, np.inf", "[0.6, x, 0.0], [1.0, 2.0, y]", "ub=x", "-1.0")
    ],
    "scipy.optimize.minimize_scalar": [
        "scipy.optimize.minimize_scalar(lambda t: (t - x)**2 * y + 0.0 * t, tol=1e-13).x",
        "scipy.optimize.minimize_scalar(lambda t: (t - x * y)**2, bounds=(0.0, 3.0), options={'xatol': 1e-12}).x",
        "scipy.optimize.minimize_scalar(lambda t, a: (t - a)**2 + a**3, bracket=(0.0, 1.0), args=(x,), tol=1e-13).fun",
        "scipy.optimize.minimize_scalar(lambda t: t**4 - x * t + y * t**2, bounds=(y, 2.0), method='bounded', "
        "options={'xatol': 1e-12}).x",
    ],
    "scipy.optimize.least_squares": [
        f"scipy.optimize.least_squares({_RESIDUALS}, [1.0, 0.5], {_TIGHT}, gtol=1e-15, jac='3-point').x",
        f"scipy.optimize.least_squares({_RESIDUALS}, [1.0, 0.5], method='lm', {_TIGHT}, gtol=1e-15).cost",
        "scipy.optimize.least_squares(lambda t, a: t * a - v, [0.5], args=(x,), jac=lambda t, a: a * np.ones((3, 1)), "
        f"loss='soft_l1', f_scale=0.5, {_TIGHT}, gtol=1e-15).fun",
        f"scipy.optimize.least_squares({_RESIDUALS}, [0.3, 0.5], bounds=([0.0, 0.0], [z, 5.0]), {_TIGHT}, gtol=1e-15, "
        "jac='3-point').x",
        f"scipy.optimize.least_squares(lambda t: t - v, w, loss='cauchy', {_TIGHT}, gtol=1e-15).grad * x",
    ],
    "scipy.optimize.leastsq": [
        f"scipy.optimize.leastsq({_RESIDUALS}, [1.0, 0.5], {_TIGHT}, gtol=1e-15)[0]",
        f"scipy.optimize.leastsq(lambda t: x * t - y, z, {_TIGHT}, full_output=True)[0]",
        f"scipy.optimize.leastsq(lambda t, a: a * t - v, [0.1], (x,), lambda t, a: a * np.ones((3, 1)), {_TIGHT})[0]",
        f"t, flag = scipy.optimize.leastsq(lambda t: S @ t - v, w, {_TIGHT})\nreturn t * x if flag > 0 else t",
    ],
    "scipy.optimize.curve_fit": [
        f"scipy.optimize.curve_fit({_CURVE}, np.linspace(0.0, 2.0, 7), l, {_CURVE_SLOPE}, xtol=1e-12, ftol=1e-12)[0]",
        f"scipy.optimize.curve_fit({_CURVE}, u, np.array([1.0, 0.6, 0.3, 0.9]) * y, [1.0, 1.0], 0.1 + u, "
        f"xtol=1e-12, ftol=1e-12, "
        f"{_CURVE_SLOPE})[0]",
        f"popt, pcov = scipy.optimize.curve_fit({_CURVE}, np.linspace(0.0, 2.0, 7), l, {_CURVE_SLOPE}, xtol=1e-12, "
        f"ftol=1e-12)\n"
        "return popt * x, pcov",
        f"scipy.optimize.curve_fit({_CURVE}, np.linspace(0.0, 2.0, 7), l, (1.0, 1.0), 0.1 + l, True, {_CURVE_SLOPE}, "
        f"xtol=1e-12, ftol=1e-12)[1]",
    ],
    "scipy.integrate.dblquad": [
        "scipy.integrate.dblquad(lambda b, a: np.exp(-x * a * b), 0.0, y, lambda a: 0.0, lambda a: a * x, "
        "epsabs=1e-12)[0]",
        "scipy.integrate.dblquad(lambda b, a, c: np.exp(-c * a * b), 0.0, y, 0.0, x, args=(x,))[0]",
        "scipy.integrate.dblquad(lambda b, a: v[0] * a + v[1] * b * x, 0.0, 1.0, 0.0, 1.0)[0]",
        "total, _ = scipy.integrate.dblquad(lambda b, a: np.exp(-a**2 - b**2 * x), z, y, -1.0, 1.0)\nreturn total * x",
    ],
    "scipy.integrate.tplquad": [
        "scipy.integrate.tplquad(lambda c, b, a: a * b * c * x, 0.0, y, 0.0, lambda a: a, 0.0, lambda a, b: a + b * "
        "x)[0]",
        "scipy.integrate.tplquad(lambda c, b, a: np.exp(a * x) + b * c, 0.0, 1.0, 0.0, 1.0, 0.0, y)[0]",
    ],
    "scipy.integrate.quad": [
        "scipy.integrate.quad(lambda t: np.exp(-x * t**2), 0, 1.0, epsabs=1e-13)[0]",
        "scipy.integrate.quad(lambda t: np.exp(-x * t**2), z, y, epsabs=1e-13)[0]",
        "scipy.integrate.quad(lambda t, a, b: np.exp(-a * t**2) * b[0], z, 2.0, args=(x, v), epsabs=1e-13)[0]",
        "scipy.integrate.quad(lambda t: np.exp(-x * t**2) * v[0] + np.cos(t * v[1]), z, y, epsabs=1e-13, limit=90)[0]",
        "scipy.integrate.quad(lambda t: np.exp(-x * t**2), 0.0, np.inf, epsabs=1e-13)[0]",
        "scipy.integrate.quad(lambda t: np.exp(-x * y * t**2), -np.inf, np.inf, (), 0, 1e-13)[0]",
        "scipy.integrate.quad(lambda t: abs(t - 0.5)**3 * x, 0.0, y, points=[0.5], epsabs=1e-13)[0]",
        "total, error = scipy.integrate.quad(lambda a: scipy.integrate.quad(lambda t: np.exp(-x * t * a), 0, a)[0], "
        "0, y)\n"
        "return total",
    ],
    "scipy.integrate.quad_vec": [
        "scipy.integrate.quad_vec(lambda t: np.exp(-v * t**2) * x, 0.0, y)[0]",
        "scipy.integrate.quad_vec(lambda t: np.exp(-x * t**2), z, 1.0, epsrel=1e-10)[0]",
        "scipy.integrate.quad_vec(lambda t, a: np.exp(-a * t**2) * A, 0.0, np.inf, args=(x,))[0]",
        "scipy.integrate.quad_vec(lambda t: np.exp(-v * t**2), z, y, norm='max')[0]",
    ],
    "scipy.integrate.fixed_quad": [
        "scipy.integrate.fixed_quad(lambda t: np.exp(-x * t**2), 0.0, y)[0]",
        "scipy.integrate.fixed_quad(lambda t, a: np.exp(-a * t**2), x, y, (x,), n=7)[0]",
        "scipy.integrate.fixed_quad(lambda t: v[:, None] * t**2, z, 1.0)[0]",
        "scipy.integrate.fixed_quad(func=lambda t: np.sin(t * x), a=0, b=1)[0]",
    ],
    "scipy.integrate.solve_ivp": [
        "scipy.integrate.solve_ivp(lambda t, a: -x * a * t, (0.0, y), q[:2], 'DOP853', rtol=1e-12, atol=1e-13).y[:, "
        "-1]",
        "scipy.integrate.solve_ivp(lambda t, a, b: [a[1], -b * a[0]], (z, 1.0), [x, 1.0], method='DOP853', args=(y,), "
        "rtol=1e-12, atol=1e-13).y[0, -1]",
        "scipy.integrate.solve_ivp(lambda t, a: np.sin(t) - x * a, (0, 0.5), q[:1], t_eval=[0.25, 0.5], rtol=1e-12, "
        "atol=1e-13).y",
        "r = scipy.integrate.solve_ivp(lambda t, a: -x * a, [0.0, 4.0], q[:1], 'DOP853', np.cumsum(v), rtol=1e-12, "
        "atol=1e-13)\nreturn r.y[0] * r.t if r.success and r.status == 0 else r.y[0]",
        "scipy.integrate.solve_ivp(lambda t, a: -x * a, (0.5, 0.0), q[:2], method='RK45', rtol=1e-12, "
        "atol=1e-13).y[:, -1]",
        "scipy.integrate.solve_ivp(lambda t, a: -x * a, (0.0, 0.1), q[:2], method='RK23', rtol=1e-11, "
        "atol=1e-12).y[:, -1]",
        "scipy.integrate.solve_ivp(lambda t, a: -x * a**2, (0.0, 0.5), v[:1], method='Radau', rtol=1e-11, atol=1e-12, "
        "jac=lambda t, a: np.diag(-2.0 * x * a)).y[:, -1]",
        "scipy.integrate.solve_ivp(lambda t, a: -x * a**2, (0.0, 0.2), v[:1], method='BDF', t_eval=[0.1], rtol=1e-10, "
        "atol=1e-11).y",
        "scipy.integrate.solve_ivp(lambda t, a: -x * a**2, (0.0, z), v[:1], method='LSODA', rtol=1e-12, "
        "atol=1e-13).y[0, -1]",
    ],
    "scipy.integrate.odeint": [
        "(lambda a, t: -x * a * t, q[:2], np.array([0.0, 0.5, 1.0]), rtol=1e-12, atol=1e-13)",
        "(lambda t, a, b: [a[1], -b * a[0]], [x, 1.0], np.cumsum(v), args=(y,), tfirst=True, rtol=1e-12, atol=1e-13)",
        "scipy.integrate.odeint(lambda a, t: x * a, v[:2], [0.0, 0.5], Dfun=lambda a, t: x * np.eye(2), "
        "full_output=True, "
        "rtol=1e-12, atol=1e-13)[0][-1]",
        "(lambda a, t: np.array([a[1], x * (1.0 - a[0]**2) * a[1] - a[0]]), v[:2], [0.0, z], rtol=1e-12, atol=1e-13)",
    ],
}
# What a solver gives lies off the real axis only by accident.
ITERATED = set(CALLS)
ZERO: list[str] = [
    "scipy.optimize.brentq(lambda t: t**3 - 2.0, 0.1 * x, 3.0)",
    f"scipy.optimize.root({_SYSTEM}, v).fun * 0.0",
    "scipy.optimize.fsolve(lambda t: t**3 - 2.0, v)",
]
# Three integrals, one inside the other, take long.
FIRST_ORDER = set(CALLS["scipy.integrate.tplquad"])
REFUSED: dict[str, str] = {
    "scipy.optimize.minimize(lambda t: np.sum((t - v)**2), v, constraints=({'type': 'eq', 'fun': lambda t: t[0]},)).x":
        "constraints",
    "scipy.optimize.minimize(lambda t: np.sum((t - v)**2), v, method='trust-constr', bounds=[(0, 1)] * 3).x": "bounds",
    "scipy.optimize.minimize(lambda t: t - v, v).x": "must return a number",
    "scipy.optimize.minimize(lambda t: np.sum((t - v)**2), v).hess_inv": "'hess_inv'",
    "scipy.optimize.minimize(lambda t: np.sum((t - v)**2), v)": "an OptimizeResult",
    "scipy.optimize.curve_fit(lambda t, a: a * t, v, w, bounds=(0.0, 1.0))[0]": "bounds of curve_fit",
    "scipy.optimize.linprog(v).x": "jumps",
    "scipy.optimize.fmin(lambda t: np.sum((t - v)**2), v)": "minimize",
    "scipy.integrate.ode(lambda t, a: x * a)": "solve_ivp",
    "seen = []\ndef g(t):\n    seen.append(t)\n    return t**3 - x\nreturn scipy.optimize.brentq(g, 0.0, 3.0)":
        "has an effect",
    "scipy.optimize.brentq(lambda t: v * t, 0.0, 1.0)": "must return a number",
    "scipy.optimize.root(lambda t: t - v, v, callback=print).x": "callback",
    "scipy.optimize.root(lambda t: t - v, v).fjac": "'fjac'",
    "scipy.optimize.root(lambda t: t - A, A).x": "one axis",
    "scipy.optimize.root(lambda t: t - v4, v4).x": "float64",
    "scipy.optimize.brentq(x, 0.0, 1.0)": "must be a function",
    "scipy.integrate.quad(lambda t: t * x, 0.0, 1.0, weight='cos', wvar=1.0)[0]": "'weight' of quad",
    "scipy.integrate.quad(lambda t: t * v, 0.0, 1.0)[0]": "must return a number",
    "scipy.integrate.solve_ivp(lambda t, a: x * a, (0.0, 1.0), v, events=lambda t, a: a[0]).y": "events",
    "scipy.integrate.solve_ivp(lambda t, a: x * a, (0.0, 1.0), v, vectorized=True).y": "vectorized",
    "scipy.integrate.solve_ivp(lambda t, a: x * a, (0.0, 1.0), v, dense_output=True).sol(0.5)": "'sol'",
}
