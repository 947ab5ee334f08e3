"""Library functions whose meaning is known without reading their source.

They belong to the array-API layer of SciPy, which chooses among array libraries at run time; here it is always NumPy.
"""

from __future__ import annotations

_KNOWN: dict[str, str] = {
    "array_namespace": "module:numpy",  # array_namespace(x): the library x belongs to
    "xp_promote": "rule:np.asarray",  # xp_promote(x, force_floating=True, xp=xp): x as a float array
    "np_compat": "module:numpy",
    "is_numpy": "value:True",
    "xp_capabilities": "decorator:identity",
}
_MODULES = ("scipy._lib._array_api", "scipy._lib._array_api_override", "scipy._lib._array_api_no_0d",
            "scipy._lib.array_api_compat")


def known_static(qualified_name: str) -> str | None:
    """What a call of the function means, None if that is not known.

    ``module:numpy`` is the NumPy module itself; ``rule:np.asarray`` is that rule applied to the first argument, all
    others dropped (valid for one floating-point argument); ``value:True`` is a constant.

    >>> known_static("scipy._lib._array_api.xp_promote")
    'rule:np.asarray'
    """
    module, _, name = qualified_name.rpartition(".")
    return _KNOWN.get(name) if module.startswith(_MODULES) else None
