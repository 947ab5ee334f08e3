"""Solvers and integrators: functions that take functions."""

from __future__ import annotations

_CUBIC = "lambda t: t**3 - x * t - y"
_SYSTEM = "lambda t: S @ t + 0.1 * t**3 - v * x"

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
REFUSED: dict[str, str] = {
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
