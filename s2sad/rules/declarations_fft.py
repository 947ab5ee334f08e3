"""Fourier transforms of NumPy and SciPy.

They are linear maps between spaces of real and complex numbers, and their adjoints are the transforms back:
see `s2sad.rules.macros_fft`.
"""

from __future__ import annotations

from s2sad.rules.declare import general, linear
from s2sad.rules.infer_fft import frequencies, shifted, transform
from s2sad.trace.ir import NONE, Lit, Tup

_LAST, _TWO = Lit(-1), Tup((Lit(-2), Lit(-1)))
for _fft, _more in (("np.fft", ""), ("scipy.fft", ", overwrite_x=False, workers=None")):
    # Along one axis.
    linear(f"y = {_fft}.fft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized({_fft}.ifft(y_bar, axis=axis, norm=flipped(norm)), x, n, axis)",
           result=transform(f"{_fft}.fft", "c2c", _LAST), flags="written")
    linear(f"y = {_fft}.ifft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized({_fft}.fft(y_bar, axis=axis, norm=flipped(norm)), x, n, axis)",
           result=transform(f"{_fft}.ifft", "c2c", _LAST), flags="written")
    linear(f"y = {_fft}.rfft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized({_fft}.ifft(y_bar, lengths(x, n, axis), axis, flipped(norm)), x, n, axis)",
           result=transform(f"{_fft}.rfft", "r2c", _LAST), flags="written")
    linear(f"y = {_fft}.irfft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized(twice({_fft}.rfft(y_bar, axis=axis, norm=flipped(norm)), y_bar, n, axis), x, n, axis)",
           result=transform(f"{_fft}.irfft", "c2r", _LAST), flags="written")
    linear(f"y = {_fft}.hfft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized(twice({_fft}.ihfft(y_bar, axis=axis, norm=flipped(norm)), y_bar, n, axis), x, n, axis)",
           result=transform(f"{_fft}.hfft", "c2r", _LAST), flags="written")
    linear(f"y = {_fft}.ihfft(x, n=None, axis=-1, norm=None{_more})",
           x_bar=f"resized({_fft}.fft(y_bar, lengths(x, n, axis), axis, flipped(norm)), x, n, axis)",
           result=transform(f"{_fft}.ihfft", "r2c", _LAST), flags="written")

    # Along several.
    for _n, _axes, _default in (("2", "(-2, -1)", _TWO), ("n", "None", NONE)):
        linear(f"y = {_fft}.fft{_n}(x, s=None, axes={_axes}, norm=None{_more})", a="over(x, s, axes)",
               x_bar=f"resized({_fft}.ifft{_n}(y_bar, axes=a, norm=flipped(norm)), x, s, a)",
               result=transform(f"{_fft}.fft{_n}", "c2c", _default), flags="written")
        linear(f"y = {_fft}.ifft{_n}(x, s=None, axes={_axes}, norm=None{_more})", a="over(x, s, axes)",
               x_bar=f"resized({_fft}.fft{_n}(y_bar, axes=a, norm=flipped(norm)), x, s, a)",
               result=transform(f"{_fft}.ifft{_n}", "c2c", _default), flags="written")
        linear(f"y = {_fft}.rfft{_n}(x, s=None, axes={_axes}, norm=None{_more})", a="over(x, s, axes)",
               x_bar=f"resized({_fft}.ifft{_n}(y_bar, lengths(x, s, a), every(x, a), flipped(norm)), x, s, a)",
               result=transform(f"{_fft}.rfft{_n}", "r2c", _default), flags="written")
        linear(f"y = {_fft}.irfft{_n}(x, s=None, axes={_axes}, norm=None{_more})", a="over(x, s, axes)",
               x_bar=f"resized(twice({_fft}.rfft{_n}(y_bar, axes=a, norm=flipped(norm)), y_bar, s, a), x, s, a)",
               result=transform(f"{_fft}.irfft{_n}", "c2r", _default), flags="written")

    # Orders of frequencies, and these themselves.
    linear(f"y = {_fft}.fftshift(x, axes=None)", x_bar=f"{_fft}.ifftshift(y_bar, axes)", result=shifted)
    linear(f"y = {_fft}.ifftshift(x, axes=None)", x_bar=f"{_fft}.fftshift(y_bar, axes)", result=shifted)
    general(f"y = {_fft}.fftfreq(num, d=d)", y_dot_d="-(y / d) * d_dot", d_bar="-(np.sum(y_bar * y) / d)",
            result=frequencies(False))
    general(f"y = {_fft}.rfftfreq(num, d=d)", y_dot_d="-(y / d) * d_dot", d_bar="-(np.sum(y_bar * y) / d)",
            result=frequencies(True))

# Cosine and sine transforms: the inverse of one type is another one with the other norm.
for _one in ("dct", "dst"):
    for _name, _s, _axis, _default in ((_one, "n", "axis=-1", _LAST), (_one + "n", "s", "axes=None", NONE)):
        _a = _axis.partition("=")[0]
        linear(f"y = scipy.fft.{_name}(x, type_=2, {_s}=None, {_axis}, norm=None, overwrite_x=False, workers=None, "
               "orthogonalize=None)", a=f"over(x, {_s}, {_a})",
               x_bar=f"resized(transposed(y_bar, x, 'scipy.fft.{_name}', type_, a, norm, orthogonalize), x, {_s}, a)",
               result=transform(f"scipy.fft.{_name}", "c2c", _default), flags="written")
        linear(f"y = scipy.fft.i{_name}(x, type_=2, {_s}=None, {_axis}, norm=None, overwrite_x=False, workers=None, "
               "orthogonalize=None)", a=f"over(x, {_s}, {_a})",
               t="inverse_type(type_)", x_bar=f"resized(transposed(y_bar, x, 'scipy.fft.{_name}', t, a, flipped(norm), "
               f"orthogonalize), x, {_s}, a)",
               result=transform(f"scipy.fft.i{_name}", "c2c", _default), flags="written")
