"""Complex numbers: their parts, and the functions of cmath.

The gradient of a real L by ``z = a + ib`` is ``∂L/∂a + i ∂L/∂b``: that of ``abs`` is ``z/|z|``, that of ``angle`` is
``i/conj(z)``.
"""

from __future__ import annotations

from s2sad.rules.declare import general, linear, rule, zero
from s2sad.rules.infer_complex import (
    angle,
    boolean,
    complex_number,
    conjugate,
    conjugate_of_number,
    logarithm,
    of_numbers,
    part,
)
from s2sad.trace.types import BOOL, FLOAT

# Parts.
linear("y = np.real(x)", x_bar="y_bar", result=part, flags="sureview cheap quiet")
linear("y = np.imag(x)", x_bar="0.0 * y_bar if is_real(x) else 1j * y_bar", result=part, flags="sureview cheap quiet")
linear("y = np.conj(x)", x_bar="np.conj(y_bar)", result=conjugate, flags="cheap quiet")
linear("y = conjugate(x)", x_bar="conjugate(y_bar)", result=conjugate_of_number, flags="cheap quiet")
linear("z = complex(x, y)", x_bar="z_bar", y_bar="np.imag(z_bar) if is_real(y) else -1j * z_bar", result=complex_number,
       flags="cheap quiet")
rule("y = np.angle(x, deg=False)", scale="57.29577951308232 if deg else 1.0",
     x="0.0 if is_real(x) else scale * (1j / np.conj(x))",
     y_dot="0.0 * x_dot if is_real(x) else scale * np.imag(x_dot / x)", result=angle,
     flags="written")  # nan at 0, where it jumps
rule("y = sign_of_complex(x)", x="(_ - y * np.real(np.conj(y) * _)) / np.abs(x)", result=conjugate,
     flags="written")  # of NumPy 2, x / abs(x): nan at 0, where it jumps
zero("y = np.iscomplex(x)", result=boolean, flags="elementwise")
zero("y = np.isreal(x)", result=boolean, flags="elementwise")
zero("y = np.iscomplexobj(x)", result=of_numbers(BOOL))
zero("y = np.isrealobj(x)", result=of_numbers(BOOL))

# The module cmath.
rule("y = cmath.exp(x)", x="y", result=complex_number)
rule("y = cmath.log(x, base=None)", x="1 / x if base is None else 1 / (x * cmath.log(base))", result=logarithm)
rule("y = cmath.log10(x)", x="0.4342944819032518 / x", result=complex_number)
rule("y = cmath.sqrt(x)", x="0.5 / y", result=complex_number)  # ZeroDivisionError at 0
rule("y = cmath.sin(x)", x="cmath.cos(x)", result=complex_number)
rule("y = cmath.cos(x)", x="-cmath.sin(x)", result=complex_number)
rule("y = cmath.tan(x)", x="1.0 + y**2", result=complex_number)
rule("y = cmath.asin(x)", x="1 / cmath.cos(y)", result=complex_number)
rule("y = cmath.acos(x)", x="-1 / cmath.sin(y)", result=complex_number)
rule("y = cmath.atan(x)", x="1 / (1.0 + x**2)", result=complex_number)
rule("y = cmath.sinh(x)", x="cmath.cosh(x)", result=complex_number)
rule("y = cmath.cosh(x)", x="cmath.sinh(x)", result=complex_number)
rule("y = cmath.tanh(x)", x="1.0 - y**2", result=complex_number)
rule("y = cmath.asinh(x)", x="1 / cmath.cosh(y)", result=complex_number)
rule("y = cmath.acosh(x)", x="1 / cmath.sinh(y)", result=complex_number)
rule("y = cmath.atanh(x)", x="1 / (1.0 - x**2)", result=complex_number)
rule("y = cmath.phase(x)", x="0.0 if is_real(x) else 1j / np.conj(x)",
     y_dot="0.0 * x_dot if is_real(x) else np.imag(x_dot / x)", result=of_numbers(FLOAT),
     flags="written")  # ZeroDivisionError at 0, where it jumps
general("z = cmath.rect(r, phi)", z_dot_r="r_dot * cmath.rect(1.0, phi)", z_dot_phi="1j * z * phi_dot",
        r_bar="np.real(z_bar * cmath.rect(1.0, -phi))", phi_bar="np.imag(z_bar * np.conj(z))", result=complex_number,
        flags="written")
zero("y = cmath.isfinite(x)", result=of_numbers(BOOL))
zero("y = cmath.isinf(x)", result=of_numbers(BOOL))
zero("y = cmath.isnan(x)", result=of_numbers(BOOL))
zero("y = cmath.isclose(x, y, rel_tol=1e-09, abs_tol=0.0)", result=of_numbers(BOOL))
