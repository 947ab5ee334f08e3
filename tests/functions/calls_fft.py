"""Fourier transforms of NumPy and SciPy: lengths, axes, norms, padding and cutting, real and complex operands."""

from __future__ import annotations

_NORMS = ["(Zv, norm='ortho')", "(Zv, norm='forward')", "(Zv, None, -1, 'backward')"]
_COMPLEX = ["(Zv)", "(v)", "(ZA)", "(ZA, axis=0)", "(ZG, axis=1)", "(Zv, 5)", "(Zv, n=2)", "(ZA, n=4, axis=0)",
            "(ZA, 1, 0)", "(u, n)", "(Zv8)", "(A4)", "(ZA, axis=-2, norm='ortho')", "(v * zx)", *_NORMS]
_REAL = ["(v)", "(u)", "(A)", "(A, axis=0)", "(T, axis=1)", "(v, 5)", "(u, n=2)", "(u, 3)", "(A, n=4, axis=0)",
         "(v, n)", "(v4)", "(T, axis=-2, norm='ortho')", "(v, norm='forward')", "(u, None, -1, 'backward')", "(x * l)"]
_BACK = ["(Zv)", "(ZA)", "(ZA, axis=0)", "(ZG, axis=1)", "(Zv, 5)", "(Zv, n=4)", "(Zv, n=3)", "(Zv, 2)", "(Zv, 7)",
         "(ZA, n=3, axis=0)", "(v)", "(Zv8)", "(ZA, 1, 0)", "(ZA, axis=-2, norm='ortho')", "(Zv * x, n)", *_NORMS]
_COMPLEX_2 = ["(ZA)", "(A)", "(ZG)", "(ZG, axes=(0, 1))", "(ZA, s=(3, 2))", "(ZA, (1, 4))", "(ZG, (2, 5), (2, 0))",
              "(ZA8)", "(ZA, norm='ortho')", "(ZA, norm='forward')", "(T, axes=(-1, 0))"]
_REAL_2 = ["(A)", "(T)", "(T, axes=(0, 1))", "(A, s=(3, 2))", "(A, (1, 5))", "(T, (2, 5), (2, 0))", "(A4)",
           "(A, norm='ortho')", "(A, norm='forward')", "(T, axes=(-1, 0))"]
_BACK_2 = ["(ZA)", "(ZG)", "(ZG, axes=(0, 1))", "(ZA, s=(3, 2))", "(ZA, (1, 5))", "(ZG, (2, 5), (2, 0))", "(ZA8)",
           "(ZA, norm='ortho')", "(ZA, norm='forward')", "(ZG, axes=(-1, 0))", "(A)"]
_SHIFTS = ["(v)", "(Zv)", "(A)", "(A, axes=1)", "(T, axes=(0, -1))", "(T, (1,))"]


def _with_scipy(table: dict[str, list[str]]) -> dict[str, list[str]]:
    """The functions of NumPy and those of SciPy with the same names."""
    return table | {name.replace("np.", "scipy."): [t.replace("np.", "scipy.") for t in texts if "out=" not in t]
                    for name, texts in table.items()}


CALLS: dict[str, list[str]] = _with_scipy({
    "np.fft.fft": [*_COMPLEX, "B = np.empty(3, complex)\nnp.fft.fft(v, out=B)\nreturn B * B"],
    "np.fft.ifft": _COMPLEX,
    "np.fft.rfft": _REAL,
    "np.fft.irfft": _BACK,
    "np.fft.hfft": _BACK,
    "np.fft.ihfft": _REAL,
    "np.fft.fft2": _COMPLEX_2,
    "np.fft.ifft2": _COMPLEX_2,
    "np.fft.rfft2": _REAL_2,
    "np.fft.irfft2": _BACK_2,
    "np.fft.fftn": [*_COMPLEX_2, "(Zv)", "(ZG, axes=(1,))", "(ZG, (3,), (1,))"],
    "np.fft.ifftn": [*_COMPLEX_2, "(Zv)", "(ZG, axes=(1,))", "(ZG, (3,), (1,))"],
    "np.fft.rfftn": [*(t.replace("s=(3, 2)", "s=(3, 2), axes=(0, 1)").replace("(1, 5)", "(1, 5), (0, 1)")
                       for t in _REAL_2),
                     "(v)", "(T, axes=(1,))", "(T, (4,), (1,))", "(T, (2, 3, 3), (0, 1, 2))"],
    "np.fft.irfftn": [*_BACK_2, "(Zv)", "(ZG, axes=(1,))", "(ZG, (3,), (1,))", "(ZG, (2, 3, 3), (0, 1, 2))"],
    "np.fft.fftshift": _SHIFTS,
    "np.fft.ifftshift": _SHIFTS,
    "np.fft.fftfreq": ["(5, x)", "(4, d=x * y)", "(n, x)", "(3) * v", "(3, 0.1) * v"],
    "np.fft.rfftfreq": ["(5, x)", "(4, d=x * y)", "(n, x)", "(4) * v", "(5, 0.1) * v"],
}) | {
    f"scipy.fft.{name}": [f"({x}, {kind}{more})" for kind in (1, 2, 3, 4) for x, more in (
        ("l", ""), ("A", ", axis=0"), ("u", ", norm='ortho'"), ("u", ", norm='forward', n=6"), ("l", ", 5"),
        ("u", ", norm='ortho', orthogonalize=False"), ("T", ", axis=1, orthogonalize=True"), ("ZA", ""), ("v4", ""))]
    for name in ("dct", "idct", "dst", "idst")
} | {
    f"scipy.fft.{name}": [f"({x}, {kind}{more})" for kind in (1, 2, 3, 4) for x, more in (
        ("A", ""), ("T", ", axes=(2, 0)"), ("A", ", norm='ortho'"), ("T", ", s=(5, 2), axes=(0, 1)"),
        ("W", ", (3, 4)"))]
    for name in ("dctn", "idctn", "dstn", "idstn")
} | {
    "programs": [
        "k = 2j * np.pi * np.fft.fftfreq(4, 0.25)\nreturn np.fft.ifft(k * np.fft.fft(u)).real",
        "F = np.fft.rfft(l)\nF[3:] = 0.0\nreturn np.fft.irfft(F, l.size)",
        "np.fft.irfft(np.fft.rfft(v, 8) * np.fft.rfft(u, 8), 8)[:6]",
        "np.abs(np.fft.fft(Zv * np.exp(1j * x * v))) ** 2",
    ],
}
REFUSED: dict[str, str] = {
    "scipy.fft.dct(Zv, norm='ortho', orthogonalize=False)": "leaves orthogonalize=False aside",
    "np.fft.fftfreq(4, zx)": "the distance of samples must be a real number",
    "np.fft.rfft(Zv)": "np.fft.rfft takes real numbers",
    "np.fft.fft(x)": "np.fft.fft takes an array, not a number",
    "np.fft.fft(v, axis=1)": "axis 1 does not exist",
    "np.fft.fft2(A, s=(2, 3, 4))": "a Fourier transform needs a length for each of its axes",
}
