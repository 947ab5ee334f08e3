"""Calls of `scipy.signal`."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "scipy.signal.convolve": [
        "(l, v)", "(l, v, mode='same')", "(l, v, 'valid')", "(A, M)", "(M, M[:2, :2], 'same', 'direct')",
        "(v, l, 'valid')", "(l, v, method='fft')", "(Zv, u)", "(Zv, Zv, 'same')"],
    "scipy.signal.fftconvolve": ["(l, v)", "(l, v, mode='same')", "(l, v, 'valid')", "(A, M)", "(Zv, u)"],
    "scipy.signal.oaconvolve": ["(l, v)", "(l, v, mode='same')", "(l, v, 'valid')", "(A, M)"],
    "scipy.signal.correlate": [
        "(l, v)", "(l, v, mode='same')", "(l, v, 'valid')", "(A, M)", "(M, M[:2, :2], 'same', 'direct')", "(Zv, Zv)",
        "(u, Zv, 'same')", "(v, l, 'valid')"],
    "scipy.signal.convolve2d": ["(A, M)", "(M, A, mode='same')", "(M, A, 'valid')", "(M, np.ones((2, 2)))"],
    "scipy.signal.correlate2d": ["(A, M)", "(M, A, mode='same')", "(M, A, 'valid')", "(M, np.ones((2, 2)))"],
    "scipy.signal.lfilter": [
        "(v, u, l)", "(v, u, A)", "(v, u, W, axis=0)", "([1.0, 0.5], [2.0, 0.3, 0.1], l)", "(v, [1.0], l)",
        "(v, u, Zv)", "(v, np.ones(1), x * l)", "scipy.signal.lfilter(v, u, l, zi=v)[0]",
        "scipy.signal.lfilter([1.0, x], [2.0, 0.3, 0.2], l, zi=v[:2])[0]"],
    "scipy.signal.get_window": [
        "('hann', 7) * l", "('hamming', 4) * u", "('boxcar', 3, False) * v", "(('kaiser', 3.0), 7) * l"],
    "scipy.signal.sosfilt": [
        "(np.array([[1.0, x, 0.2, 1.0, 0.3, 0.1], [0.5, 0.1, z, 1.0, 0.2, y]]), l)",
        "(np.array([[x, 0.1, 0.2, 1.0, 0.3, 0.1]]), A)", "(np.array([[x, 0.1, 0.2, 1.0, 0.3, 0.1]]), W, axis=0)",
        "([[1.0, 0.5, 0.2, 1.0, 0.3, 0.1]], l)"],
    "scipy.signal.detrend": ["(l)", "(l, type='constant')", "(A)", "(W, axis=0)"],
    "scipy.signal.hilbert": ["(l)", "(A)", "np.abs(scipy.signal.hilbert(l))", "(u)"],
    "scipy.signal.resample": ["(l, 5)", "(l, 10)", "(W, 3)", "(A, 5, axis=1)"],
    "scipy.signal.windows.hann": ["(7) * l", "(4, sym=False) * u", "(3) * A", "(n) * v"],
    "scipy.signal.windows.gaussian": ["(7, std=1.5) * l", "(4, 0.7) * u", "(3, 1.0) * A", "(7, 2.0, False) * l"],
}
REFUSED: dict[str, str] = {
    "scipy.signal.windows.gaussian(7, x) * l": "of a number that is computed",
    "scipy.signal.lfilter(v, u, l, zi=v)[1]": "the final state",
}
