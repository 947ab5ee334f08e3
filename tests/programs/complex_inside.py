"""Complex numbers inside programs of real ones: waves, circuits, transforms, iterations."""

from __future__ import annotations

import cmath
import math

import numpy as np

from tests.corpus import case, positive, spread


def discrete_fourier_transform(v):
    n = len(v)
    out = np.zeros(n, dtype=complex)
    for k in range(n):
        for j in range(n):
            out[k] += v[j] * np.exp(-2j * np.pi * k * j / n)
    return np.abs(out) ** 2


def low_pass(signal, cut):
    spectrum = np.fft.rfft(signal)
    spectrum *= 1.0 / (1.0 + 1j * cut * np.arange(spectrum.size))
    return np.fft.irfft(spectrum, signal.size)


def spectral_derivative(u):
    k = 2j * np.pi * np.fft.fftfreq(u.size, 1.0 / u.size)
    return np.fft.ifft(k * np.fft.fft(u)).real


def impedance(r, l, c, omega):
    z = r + 1j * omega * l + 1 / (1j * omega * c)
    return abs(z), cmath.phase(z)


def split_step(a, b, potential, dt, steps):
    psi = a + 1j * b
    k = 2 * np.pi * np.fft.fftfreq(psi.size)
    for _ in range(steps):
        psi = psi * np.exp(-0.5j * dt * potential)
        psi = np.fft.ifft(np.exp(-0.5j * dt * k**2) * np.fft.fft(psi))
        psi *= np.exp(-0.5j * dt * potential)
    return np.sum(np.abs(psi) ** 2 * potential)


def stencil_in_place(a, b, dt):
    psi = a + 1j * b
    for _ in range(3):
        psi[1:-1] += 1j * dt * (psi[2:] - 2 * psi[1:-1] + psi[:-2])
    return np.vdot(psi, psi).real


def escape(x, y):
    z, c, count = 0j, complex(x, y), 0
    while abs(z) < 4.0 and count < 20:
        z = z * z + c
        count += 1
    return math.log(abs(z)) / count


def parts_assigned(v, w):
    z = np.zeros(v.size, dtype=complex)
    z.real = v
    z.imag[1:] = w[1:]
    z.imag[0] += v[0] * w[0]
    z.real *= w
    return (z**3).imag


def branch_on_a_part(x, y):
    z = complex(x, y)
    if z.real > z.imag:
        w = z * z.conjugate()
    else:
        w = z**2
    return w.real + w.imag


def newton_for_a_root(a, b):
    z = 1.0 + 0.5j
    for _ in range(6):
        z = z - (z**3 - complex(a, b)) / (3 * z**2)
    return z.real, z.imag


def polynomial_at_roots_of_unity(coefficients):
    total = 0.0
    for k in range(5):
        z = cmath.exp(2j * math.pi * k / 5)
        p = 0j
        for a in coefficients:
            p = p * z + a
        total += abs(p) ** 2
    return total


def square(z):
    return z * z


def called(x, y):
    return abs(square(x + 1j * y) - square(1j * x)) + square(y)


def power_by_recursion(z, n):
    return z if n == 0 else power_by_recursion(z * z + 0.1j, n - 1) * z


def recursion(x, y):
    return abs(power_by_recursion(x + 1j * y, 2))


def list_of_values(x, n):
    found = [1j]
    for k in range(n):
        found.append(found[-1] * (x + 0.2j * k))
    return sum(abs(z) ** 2 for z in found)


def polar_form(x, y):
    r, phi = cmath.polar(complex(x, y))
    z = cmath.rect(math.sqrt(r), phi / 2)
    return z.real, z.imag


def masked(v, w):
    z = v * np.exp(1j * w)
    z[z.real < 0.0] *= 2j
    return z.real + 2.0 * z.imag


def guarded(v):
    z = v + 0j
    return np.where(np.abs(z) > 0.0, np.sqrt(z), 0.0).imag + np.where(v > 0.0, np.angle(z + 1j), 0.0)


def hermitian_form(a, b, v):
    m = a + 1j * b
    h = m @ m.conj().T
    return (v @ h @ v).real + np.trace(h).real


def beam(phases, weights, angles):
    total = 0.0
    for angle in angles:
        response = np.sum(weights * np.exp(1j * (phases + np.arange(phases.size) * np.pi * np.sin(angle))))
        total += (response * response.conjugate()).real
    return total


CASES = [
    case(discrete_fourier_transform, spread(4)),
    case(low_pass, spread(6), 0.3),
    case(low_pass, spread(5), 0.3, note="odd"),
    case(spectral_derivative, spread(6)),
    case(impedance, 1.3, 0.4, 0.7, 1.1),
    case(split_step, spread(4), positive(4), spread(4), 0.1, 2),
    case(stencil_in_place, spread(5), positive(5), 0.2),
    case(escape, 1.4, 0.6),
    case(parts_assigned, spread(3), positive(3)),
    case(branch_on_a_part, 0.7, 0.4),
    case(branch_on_a_part, 0.4, 0.7, note="else"),
    case(newton_for_a_root, 0.7, 1.4),
    case(polynomial_at_roots_of_unity, spread(3)),
    case(called, 0.7, 0.4),
    case(recursion, 0.7, 0.4),
    case(list_of_values, 0.8, 3),
    case(polar_form, 0.7, -0.4),
    case(masked, spread(4), spread(4)),
    case(guarded, spread(4)),
    case(hermitian_form, spread(2, 3), positive(2, 3), spread(2)),
    case(beam, spread(3), positive(3), np.array([0.2, 0.7])),
]
