"""Rules of distances between the rows of matrices: d(a, b) has the slope g(a - b) in a, and -g in b.

    euclidean  g = (a - b) / d      sqeuclidean  g = 2 (a - b)      cityblock  g = sign(a - b)
"""

from __future__ import annotations

from s2sad.rules import infer_spatial as t
from s2sad.rules.declare import general

general("y = scipy.spatial.distance.cdist(XA, XB, metric='euclidean')", d="XA[:, None] - XB",
        g="slope_of_distance(d, y, metric)", y_dot="np.sum(g * (XA_dot[:, None] - XB_dot), axis=-1)",
        XA_bar="np.sum(y_bar[..., None] * g, axis=1)", XB_bar="-np.sum(y_bar[..., None] * g, axis=0)",
        result=t.cdist)  # euclidean: 0 between equal rows
general("y = scipy.spatial.distance.pdist(X, metric='euclidean')", i="row_of_pair(X, 0)",
        j="row_of_pair(X, 1)", d="X[i] - X[j]", g="slope_of_distance(d, y, metric)",
        y_dot="np.sum(g * (X_dot[i] - X_dot[j]), axis=-1)",
        X_bar="to_pairs(y_bar[:, None] * g, X, i, j)", result=t.pdist)  # euclidean: 0 between equal rows
