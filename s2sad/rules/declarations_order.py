"""Order, sets, and what names elements by numbers."""

from __future__ import annotations

from s2sad.rules import infer_gather as g
from s2sad.rules import infer_order as i
from s2sad.rules.declare import general, linear, rule, zero

general("y = np.sort(x, axis=-1, kind=None, order=None, stable=None)", flags="written",
        places="np.argsort(x, axis=axis)",
        y_dot="along(x_dot, places, axis)",
        x_bar="reshape_like(along(y_bar, inverse(places, axis), axis), x)",
        result=g.sort)  # ties: as np.argsort orders them
zero("y = np.argsort(x, axis=-1, kind=None, order=None, stable=None)", result=g.argsort)
general("y = np.partition(x, kth, axis=-1, kind='introselect', order=None)", flags="written",
        places="partition_order(x, y, axis)",
        y_dot="along(x_dot, places, axis)",
        x_bar="reshape_like(along(y_bar, inverse(places, axis), axis), x)", result=i.partition)
zero("y = np.argpartition(x, kth, axis=-1, kind='introselect', order=None)", result=i.argpartition)
zero("y = np.lexsort(*keys, axis=-1)", result=i.lexsort, flags="multiary")
zero("y = np.searchsorted(x, v, side='left', sorter=None)", result=i.searchsorted)

# Sets: the gradient goes to the first of equal elements.
general("y, p, q, r = np.unique(x, return_index=False, return_inverse=False, return_counts=False, axis=None, "
        "equal_nan=True, sorted=True)", flags="written",
        y_dot="chosen_by(x_dot, unique_places(x, axis, equal_nan), axis)",
        x_bar="untake(y_bar, x, unique_places(x, axis, equal_nan), axis)", result=i.unique)  # to the first of equals
general("y = np.unique_values(x)", flags="real",
        y_dot="chosen_by(x_dot, unique_places(x, None, False), None)",
        x_bar="untake(y_bar, x, unique_places(x, None, False), None)", result=i.unique)  # to the first of equals
general("y, counts = np.unique_counts(x)", flags="written",
        y_dot="chosen_by(x_dot, unique_places(x, None, False), None)",
        x_bar="untake(y_bar, x, unique_places(x, None, False), None)",
        result=i.several("return_counts"))  # to the first of equals
general("y, inverse = np.unique_inverse(x)", flags="written",
        y_dot="chosen_by(x_dot, unique_places(x, None, False), None)",
        x_bar="untake(y_bar, x, unique_places(x, None, False), None)",
        result=i.several("return_inverse"))  # to the first of equals
general("y, places, inverse, counts = np.unique_all(x)", flags="written", y_dot="chosen_by(x_dot, places, None)",
        x_bar="untake(y_bar, x, places, None)",
        result=i.several("return_index", "return_inverse", "return_counts"))  # to the first of equals
zero("y = np.isin(x, test, assume_unique=False, invert=False, kind=None)", result=i.isin)

# Picking.
linear("y = np.take(x, indices, axis=None, out=None, mode='raise')",
       x_bar="untake(y_bar, x, within(indices, x, axis, mode), axis)", result=g.take, flags="exact")
rule("y = np.choose(indices, *xs, mode='raise')", xs="at_choice(_, indices, xs, kth, mode)",
     result=i.choose, flags="exact")
zero("y = np.argwhere(x)", result=i.argwhere)
zero("y = np.ravel_multi_index(indices, shape, mode='raise', order='C')", result=i.ravel_multi_index, flags="exact")
zero("y = np.unravel_index(indices, shape, order='C')", result=i.unravel_index, flags="exact")

# Counting.
linear("y = np.bincount(indices, weights=weights, minlength=0)", weights_bar="y_bar[indices]", result=i.bincount,
       flags="widening")
