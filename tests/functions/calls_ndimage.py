"""Calls of `scipy.ndimage`: arrays and weights move."""

from __future__ import annotations

_PLACES = "np.stack([0.3 + 0.4 * v, 1.4 * w - 0.6])"

CALLS: dict[str, list[str]] = {
    "scipy.ndimage.correlate": [
        "(A, M[:2])", "(A, M[:2], mode='constant', cval=0.7)", "(A, A, mode='nearest')", "(M, M, mode='mirror')",
        "(A, M[:2, :2], None, 'wrap', 0.0, (0, -1))", "(l, v)", "(T, G[:, :2])", "(l, u, origin=1)"],
    "scipy.ndimage.convolve": [
        "(A, M[:2])", "(A, M[:2], mode='constant', cval=0.7)", "(A, A, mode='nearest')", "(M, M, mode='mirror')",
        "(l, u, mode='wrap')", "(l, v, origin=-1)", "(M, np.ones((2, 2)))"],
    "scipy.ndimage.correlate1d": [
        "(A, v)", "(A, v, axis=0)", "(l, u, mode='constant', cval=1.5)", "(T, v, 1, mode='mirror')",
        "(l, v, mode='wrap', origin=-1)", "(l, [0.5, 1.0, 2.0], mode='nearest')", "(A4, v4)"],
    "scipy.ndimage.convolve1d": [
        "(A, v)", "(A, v, axis=0)", "(l, u, mode='constant', cval=1.5)", "(T, v, 1, mode='mirror')",
        "(l, v, mode='wrap', origin=-1)"],
    "scipy.ndimage.gaussian_filter": [
        "(A, 0.6)", "(M, (0.5, 0.8), mode='constant', cval=0.3)", "(M, 0.6, order=1)", "(M, 0.7, (0, 2), mode='wrap')",
        "(M, x, truncate=2.0)", "(A, 0.6, radius=1)", "(A4, 0.6)"],
    "scipy.ndimage.gaussian_filter1d": [
        "(l, 0.8)", "(A, 0.6, axis=0)", "(l, 0.8, order=1, mode='nearest')", "(l, x)", "(l, 1.1, -1, 2, mode='mirror')",
        "(l, 0.9, order=3)"],
    "scipy.ndimage.uniform_filter": ["(M, 2)", "(M, (3, 2), mode='constant')", "(M)", "(A, size=2, origin=-1)"],
    "scipy.ndimage.uniform_filter1d": ["(l, 3)", "(A, 2, axis=0)", "(l, size=4, mode='wrap')", "(l, 3, origin=1)"],
    "scipy.ndimage.sobel": ["(M)", "(M, 0)", "(T, axis=1, mode='nearest')", "(M, mode='constant', cval=0.5)"],
    "scipy.ndimage.prewitt": ["(M)", "(M, 0)", "(T, axis=1, mode='nearest')", "(l)"],
    "scipy.ndimage.laplace": ["(M)", "(T, mode='wrap')", "(l, mode='constant', cval=0.3)", "(M, mode='mirror')"],
    "scipy.ndimage.gaussian_laplace": ["(M, 0.7)", "(l, 0.8, mode='wrap')", "(M, (0.6, 0.7))", "(M, sigma=x)"],
    "scipy.ndimage.gaussian_gradient_magnitude": [
        "(M, 0.7)", "(l, 0.8, mode='wrap')", "(M, (0.6, 0.7))", "(M, sigma=x)"],
    "scipy.ndimage.maximum_filter": ["(l, 3)", "(M, (1, 3), mode='constant')", "(M, 2)", "(A, size=2, mode='wrap')"],
    "scipy.ndimage.minimum_filter": ["(l, 3)", "(M, 2, mode='wrap')", "(M, size=(3, 1))", "(A, 2, origin=-1)"],
    "scipy.ndimage.median_filter": ["(l, 3)", "(M, size=3)", "(A, (1, 3), mode='nearest')", "(l, 5, mode='mirror')"],
    "scipy.ndimage.map_coordinates": [
        f"(M, {_PLACES}, order=1)", f"(M, {_PLACES}, order=1, mode='nearest')", "(M, [v, w], order=1, mode='mirror')",
        f"(M, {_PLACES} - 0.9, order=1, mode='reflect')", f"(M, {_PLACES} - 0.9, order=1, mode='grid-wrap')",
        "(M, np.stack([A, C + R]), order=1, mode='nearest')", "(l, np.stack([v + 4.6]), order=1, cval=0.3)"],
    "scipy.ndimage.shift": [
        "(M, (0.3, -0.4), order=1)", "(M, x, order=1, mode='nearest')", "(l, 0.4, order=1, mode='mirror')",
        "(M, (x, 0.2), order=1, mode='grid-wrap')"],
}
REFUSED: dict[str, str] = {
    "scipy.ndimage.gaussian_laplace(M, 0.7, truncate=2.0)": "'truncate'",
    "scipy.ndimage.gaussian_filter(M, 0.7, axes=(0,))": "'axes'",
    "scipy.ndimage.correlate1d(np.arange(5), v)": "not one of real numbers",
    "scipy.ndimage.correlate(ZA, M)": "not one of real numbers",
    "scipy.ndimage.gaussian_filter(M, (0.0, 1.0))": "a sigma of 0",
    "scipy.ndimage.median_filter(M, 2)": "an even number of neighbours",
    "scipy.ndimage.map_coordinates(M, [v, w])": "order=3",
    "scipy.ndimage.gaussian_filter(M, 0.6, output=np.zeros((3, 3)))": "'output'",
}
