"""Calls of `scipy.interpolate`: points, values and places all move."""

from __future__ import annotations

_GRID = ("g = np.cumsum(v + 0.2)\nh = np.cumsum(u)\n"
         "f = scipy.interpolate.RegularGridInterpolator((g, h), np.outer(w, u))\n")
_DATA = "k = np.cumsum(l)\ny = np.sin(3.0 * l)\n"
_PERIODIC = "k = np.cumsum(l)\ny = np.concatenate([np.sin(3.0 * l[:-1]), np.sin(3.0 * l[:1])])\n"
_AT = "k[0] + (k[-1] - k[0]) * (0.5 + 0.4 * q)"
_MANY = "k = np.cumsum(u)\ny = T[0].T\n"


def _of(made: str, *calls: str, data: str = _DATA) -> list[str]:
    """Texts that make something of points and call it."""
    return [f"{data}s = scipy.interpolate.{made}\nreturn {call}" for call in calls]


CALLS: dict[str, list[str]] = {
    "scipy.interpolate.CubicSpline": [
        *_of("CubicSpline(k, y)", f"s({_AT})", "s(k[2] + 0.3)", f"s({_AT}, 1)", f"s({_AT}, nu=2)", f"s({_AT}, 3)",
             "s(k[0] - x)", "s(k[-1] + x)"),
        *_of("CubicSpline(k, y, bc_type='natural')", f"s({_AT})", "s(k[0] - x)"),
        *_of("CubicSpline(k, y, bc_type='clamped')", f"s({_AT})"),
        *_of("CubicSpline(k, y, bc_type=((1, x), (2, z)))", f"s({_AT})"),
        *_of("CubicSpline(k, y, bc_type=('natural', 'not-a-knot'))", f"s({_AT})"),
        *_of("CubicSpline(k, y, 0, 'not-a-knot', False)", f"s({_AT})"),
        *_of("CubicSpline(k, y, bc_type='periodic')", f"s({_AT})", "s(k[0] - x)", "s(k[-1] + x, 1)", data=_PERIODIC),
        *_of("CubicSpline(k, y)", f"s({_AT})", "s(k[1] + 0.1)", f"s({_AT}, 1)", data=_MANY),
        *_of("CubicSpline(np.array([x, x + y]), np.array([y, z]))", "s(1.5)", data=""),
        *_of("CubicSpline(np.array([x, x + y, 2.0 + y]), np.array([y, z, x]))", "s(1.5)", data="")],
    "CubicSpline.derivative": _of("CubicSpline(k, y)", f"s.derivative()({_AT})", f"s.derivative(2)({_AT})",
                                  f"s.derivative().derivative()({_AT})", f"s.derivative()({_AT}, 1)"),
    "CubicSpline.antiderivative": _of(
        "CubicSpline(k, y)", f"s.antiderivative()({_AT})", f"s.antiderivative(2)({_AT})",
        f"s.antiderivative()({_AT}, 1)", f"s.antiderivative().derivative()({_AT})"),
    "CubicSpline.integrate": _of("CubicSpline(k, y)", "s.integrate(k[1] - 0.1, k[4] + 0.2)", "s.integrate(k[0], k[-1])",
                                 "s.integrate(x, y[1])", "s.integrate(k[3], k[1]) * x"),
    "scipy.interpolate.CubicHermiteSpline": _of(
        "CubicHermiteSpline(k, y, l)", f"s({_AT})", f"s({_AT}, 1)", "s(k[0] - x)", "s.integrate(k[0], k[3])"),
    "scipy.interpolate.PchipInterpolator": _of(
        "PchipInterpolator(k, y)", f"s({_AT})", f"s({_AT}, 1)", "s(k[0] - x)", f"s.derivative()({_AT})") + _of(
        "PchipInterpolator(k, y)", f"s({_AT})", data=_MANY),
    "scipy.interpolate.Akima1DInterpolator": _of(
        "Akima1DInterpolator(k, y)", f"s({_AT})", f"s({_AT}, 1)", "s.integrate(k[1], k[3])") + _of(
        "Akima1DInterpolator(k, y, method='makima', extrapolate=True)", f"s({_AT})", "s(k[0] - 0.1 * x)"),
    "scipy.interpolate.PPoly": [
        "scipy.interpolate.PPoly(np.stack([v, w, v * w]), np.cumsum(u))(u[0] + x)",
        "scipy.interpolate.PPoly(np.stack([v, w]), np.cumsum(u))(v + 0.3, 1)",
        "scipy.interpolate.PPoly(np.stack([v, w, v * w]), np.cumsum(u), extrapolate='periodic')(v + 4.0)",
        "scipy.interpolate.PPoly(np.stack([v, w, v * w]), np.cumsum(u)).antiderivative()(v + 0.3)"],
    "scipy.interpolate.BSpline": [
        *_of("BSpline(k, u, 3)", "s(k[4] + 0.3 * q[:1])", "s(k[4] + 0.1, 1)", data="k = np.cumsum(np.append(l, x))\n"),
        *_of("BSpline(k, u, 2)", f"s({_AT})", f"s.derivative()({_AT})", f"s({_AT}, nu=2)")],
    "scipy.interpolate.make_interp_spline": [
        *_of("make_interp_spline(k, y)", f"s({_AT})", f"s({_AT}, 1)", f"s.derivative()({_AT})",
             "s.integrate(k[0], k[2])"),
        *_of("make_interp_spline(k, y, k=1)", f"s({_AT})"),
        *_of("make_interp_spline(k, y, bc_type='natural')", f"s({_AT})")],
    "scipy.interpolate.interp1d": [
        *_of("interp1d(k, y)", f"s({_AT})", "s(k[2] + 0.1)"), *_of("interp1d(k, y, kind='cubic')", f"s({_AT})"),
        *_of("interp1d(k, y, 'nearest')", f"s({_AT}) * x"), *_of("interp1d(k, y, kind='previous')", f"s({_AT})"),
        *_of("interp1d(k, y, kind='next')", f"s({_AT})"),
        *_of("interp1d(k, y, fill_value='extrapolate')", "s(k[0] - x)", "s(k[-1] + x)"),
        *_of("interp1d(k, y, bounds_error=False, fill_value=0.5)", f"s({_AT} + 2.0)"),
        *_of("interp1d(k, y, bounds_error=False, fill_value=(0.5, x))", "s(k[-1] + x)"),
        *_of("interp1d(k[::-1], y)", f"s({_AT})"), *_of("interp1d(k, y, assume_sorted=True)", f"s({_AT})")],
    "scipy.interpolate.RegularGridInterpolator": [
        _GRID + "return f(np.array([[g[0] + 0.1, h[1] + 0.2], [g[1] + 0.3, h[2] + 0.1]]))",
        _GRID + "return f((g[1] + 0.1 * x, h[1] + 0.2 * v))",
        _GRID + "return f(np.stack([g[1] + 0.1 * v, h[:3] + 0.2], 1))",
        _GRID + "return f(np.array([g[0] + 0.1, h[1] + 0.2]), method='nearest') * x",
        "f = scipy.interpolate.RegularGridInterpolator([np.arange(2.0), np.arange(3.0), np.arange(4.0)], T)\n"
        "return f(np.stack([v * 0.5, w, v + w], -1))",
        "f = scipy.interpolate.RegularGridInterpolator((np.arange(3.0),), v, bounds_error=False, fill_value=None)\n"
        "return f(np.stack([w + 2.0], -1))",
        "f = scipy.interpolate.RegularGridInterpolator((np.arange(3.0),), v, bounds_error=False, fill_value=x)\n"
        "return f(np.stack([w + 1.2], -1))"],
}
CALLS["scipy.interpolate.splev"] = [
    "k = np.cumsum(np.append(l, x))\nreturn scipy.interpolate.splev(k[4] + 0.3 * q[:1], (k, u, 3))",
    "k = np.cumsum(l)\nreturn scipy.interpolate.splev(k[3] + 0.1, (k, u, 2))",
    "k = np.cumsum(l)\nreturn scipy.interpolate.splev(k[3] + 0.1 * v, (k, u, 2), der=1)",
    "k = np.arange(7.0)\ntck = (k, u, 2)\nreturn scipy.interpolate.splev(2.0 + v, tck)"]
REFUSED: dict[str, str] = {
    _DATA + "return scipy.interpolate.UnivariateSpline(k, y)(x)": "UnivariateSpline",
    "k = np.cumsum(l)\nreturn scipy.interpolate.BSpline(k, u, 2, extrapolate='periodic')(x)":
        "BSpline of these arguments",
    _DATA + "return scipy.interpolate.make_interp_spline(k, y, k=5)(x)": "another degree than 1 or 3",
    _DATA + "return scipy.interpolate.CubicSpline(k, np.outer(v, y), axis=1)(x)": "another axis than the first",
}
