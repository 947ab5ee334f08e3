"""What the language leaves out: for each construct its name, why it is left out, and what to write instead.

`construct` answers for the classes of Python's grammar, `function` for functions of libraries that no rule could be
written for.
"""

from __future__ import annotations

from typing import Any

import gast

from s2sad.frontend.refused_functions import REFUSED

_PLAIN = "differentiate a plain function"
_ASYNC = "what runs between two steps of it cannot be seen"
_LATER = "its values are computed when somebody asks for them, after the function has ended"

# The name, why it is left out, and what to write instead.
Entry = tuple[str, str, str]

CONSTRUCTS: dict[type[Any], Entry] = {
    # Statements.
    gast.AsyncWith: ("'async with'", _ASYNC, _PLAIN),
    gast.AsyncFor: ("'async for'", _ASYNC, _PLAIN),
    gast.AsyncFunctionDef: ("'async def'", _ASYNC, _PLAIN),
    gast.TryStar: ("'except*'", "groups of exceptions come from tasks that run side by side",
                   "catch the exceptions one by one, with 'except'"),
    gast.ClassDef: ("a class definition", "what makes the class runs when the function is called",
                    "define the class at the top level of the module"),
    gast.Delete: ("'del'", "what is left behind it is not known when the derivative is compiled", "leave it out"),
    gast.Global: ("'global'", "the derivative would change the module once more",
                  "return the value instead of assigning a global"),
    gast.Nonlocal: ("'nonlocal'", "the derivative would change the variable once more",
                    "return the value instead of assigning an outer variable"),
    # Expressions.
    gast.Yield: ("'yield'", _LATER, "return the values"),
    gast.YieldFrom: ("'yield from'", _LATER, "return the values"),
    gast.Await: ("'await'", _ASYNC, _PLAIN),
    gast.DictComp: ("a dict comprehension", "the keys of a dict are known when the derivative is compiled",
                    "use a list, or keys of known number"),
    gast.ListComp: ("a list comprehension", "how many items it has is not known when the derivative is compiled",
                    "write a loop, or a vectorised expression"),
    gast.GeneratorExp: ("a generator expression", _LATER, "hand it to the function that consumes it"),
    gast.Starred: ("a starred expression", "how many items it has is not known when the derivative is compiled",
                   "write the items one by one"),
}
# Newer than the oldest Python that is supported.
_NEWER: dict[str, Entry] = {
    "TypeAlias": ("a type alias", "it makes an object when the function is called",
                  "define it at the top level of the module"),
}
CONSTRUCTS |= {getattr(gast, name): entry for name, entry in _NEWER.items() if hasattr(gast, name)}

_TEXT = "what it runs is a text, which is not known when the derivative is compiled"
_NAMES = "the variables of the derivative are others than those of the function"
_OTHER = "its operators mean something else than those of an array"
_BASIS = "the basis that it finds is one of many, and jumps where its derivative would be needed"
_PLACES = "where it takes its values from is computed within SciPy"
_SMOOTH = "which knots it takes is decided within SciPy, and jumps"
_UPDATE = "it works on the memory of factors that are made elsewhere"
FUNCTIONS: dict[str, Entry] = {
    **REFUSED,
    "eval": ("eval()", _TEXT, "write the expression out, or define a function"),
    "exec": ("exec()", _TEXT, "write the statements out, or define a function"),
    "compile": ("compile()", _TEXT, "define a function"),
    "__import__": ("__import__()", "which module it gives is not known when the derivative is compiled",
                   "write an import statement"),
    "locals": ("locals()", _NAMES, "name the variables"),
    "globals": ("globals()", "what the module holds changes between calls", "name the variables"),
    "vars": ("vars()", _NAMES, "name the attributes"),
    "dir": ("dir()", _NAMES, "name the attributes"),
    "id": ("id()", "it is another one in each run", "compare with 'is'"),
    "hash": ("hash()", "it is another one in each run", "use the value itself"),
    "object": ("object()", "it has no structure", "use None, or a class of your own"),
    "memoryview": ("memoryview()", "it shows the bytes of numbers, of which there is no derivative", "use an array"),
    "np.matrix": ("np.matrix", _OTHER, "use an array with two axes, and @ for products"),
    "np.asmatrix": ("np.matrix", _OTHER, "use an array with two axes, and @ for products"),
    "np.ma": ("a masked array", _OTHER, "use np.where(mask, a, b), or multiply with the mask"),
    "MaskedArray": ("a masked array", _OTHER, "use np.where(mask, a, b), or multiply with the mask"),
    "np.frompyfunc": ("np.frompyfunc", "it makes arrays of Python objects", "use np.vectorize(f)"),
    "np.rec": ("a record array", "it holds values of several kinds", "use one array for each field"),
    "np.char": ("an array of texts", "texts have no derivative", "use a list of texts"),
    **{f"scipy.linalg.{name}": (f"scipy.linalg.{name}", why, instead) for name, why, instead in (
        ("funm", "it calls the function from within SciPy", "use expm, logm, sqrtm, cosm, sinm and their like"),
        ("expm_cond", "a condition number is the largest singular value of a matrix that SciPy builds inside",
         "leave it out of what is differentiated, with s2sad.stop_gradient"),
        ("schur", _BASIS, "use eigvals, or the function of the matrix that is wanted"),
        ("rsf2csf", _BASIS, "use eigvals, or the function of the matrix that is wanted"),
        ("qz", _BASIS, "use eigvals, or the function of the matrix that is wanted"),
        ("ordqz", _BASIS, "use eigvals, or the function of the matrix that is wanted"),
        ("hessenberg", _BASIS, "use the matrix itself"),
        ("cossin", _BASIS, "use svd"),
        ("null_space", _BASIS, "use a projector, np.eye(n) - scipy.linalg.pinv(a) @ a"),
        ("orth", _BASIS, "use qr, or svd"),
        ("ldl", "which rows it exchanges, and where its blocks of 2 by 2 lie, jumps", "use cholesky, lu or solve"),
        ("qr_insert", _UPDATE, "use qr"), ("qr_delete", _UPDATE, "use qr"), ("qr_update", _UPDATE, "use qr"),
    )},
    **{f"scipy.ndimage.{name}": (f"scipy.ndimage.{name}", _PLACES, "use map_coordinates(..., order=1)") for name in (
        "zoom", "rotate", "affine_transform", "geometric_transform", "spline_filter", "spline_filter1d")},
    **{f"scipy.ndimage.{name}": (f"scipy.ndimage.{name}", "it calls the function from within SciPy",
                                 "use correlate, or write a loop") for name in ("generic_filter", "generic_filter1d")},
    **{f"scipy.interpolate.{name}": (f"scipy.interpolate.{name}", _SMOOTH, "use CubicSpline(x, y), or BSpline(t, c, k)")
       for name in ("UnivariateSpline", "InterpolatedUnivariateSpline", "LSQUnivariateSpline", "splrep",
                    "make_smoothing_spline", "make_lsq_spline")},
}


def construct(node: Any) -> tuple[str, str]:
    """The name of a construct that is not supported; why, and what to write instead, on lines of their own.

    >>> construct(gast.parse("await x").body[0].value)
    ("'await'", 'what runs between two steps of it cannot be seen\\ndifferentiate a plain function')
    """
    name, why, instead = CONSTRUCTS.get(type(node), (f"'{type(node).__name__}'", "", ""))
    return name, "\n".join(filter(None, (why, instead)))


def function(name: str) -> tuple[str, str] | None:
    """The same for a function of a library, by its canonical name; None if there is nothing special about it.

    >>> function("np.ma.array")[0], function("np.sin")
    ('a masked array', None)
    """
    found = FUNCTIONS.get(name) or FUNCTIONS.get(name.rpartition(".")[0])
    return None if found is None else (found[0], "\n".join(found[1:]))
