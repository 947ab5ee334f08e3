"""Distances of SciPy: between two vectors through their texts, between rows by rules."""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "scipy.spatial.distance.euclidean": ["(v, w)", "(v, w, q**2)", "(v, v[::-1])", "([x, y], [y, z])"],
    "scipy.spatial.distance.sqeuclidean": ["(v, w)", "(v, w, q**2)", "(v, v[::-1])"],
    "scipy.spatial.distance.cosine": ["(v, q)", "(v, w, q**2)", "(u, u[::-1])"],
    "scipy.spatial.distance.correlation": ["(v, q)", "(u, u**2)", "(v, q, w)"],
    "scipy.spatial.distance.cityblock": ["(v, w)", "(v, w, q**2)", "(v, q)"],
    "scipy.spatial.distance.minkowski": ["(v, w, 3)", "(v, w, p=1.5)", "(v, w, 3, w=q**2)", "(v, w)"],
    "scipy.spatial.distance.chebyshev": ["(v, q)", "(u, u[::-1])", "(v, q, w)"],
    "scipy.spatial.distance.braycurtis": ["(v, w)", "(v, w, q**2)", "(u, u[::-1])"],
    "scipy.spatial.distance.canberra": ["(v, w)", "(v, w, q**2)", "(u, u[::-1])"],
    "scipy.spatial.distance.seuclidean": ["(v, w, q**2)", "(v, q, w)"],
    "scipy.spatial.distance.mahalanobis": ["(v, w, S)", "(v, q, np.eye(3))"],
    "scipy.spatial.distance.jensenshannon": ["(v, w)", "(A, B)", "(A, B, axis=1)", "(v, w, 2.0)"],
    "scipy.spatial.distance.cdist": ["(A, B)", "(A, M, 'sqeuclidean')", "(W, M, metric='cityblock')", "(A, W)"],
    "scipy.spatial.distance.pdist": ["(W)", "(M, 'sqeuclidean')", "(W, metric='cityblock')", "(A)"],
}
ZERO: list[str] = ["scipy.spatial.distance.hamming(v, w) * 1.0"]
