"""Stencils: arrays over a grid that are updated in place, step by step."""

import numpy as np

from tests.corpus import case, positive, spread


def jacobi_1d(a, b, steps):
    for t in range(steps):
        b[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3.0
        a[1:-1] = (b[:-2] + b[1:-1] + b[2:]) / 3.0
    return np.sum(a * a)


def jacobi_2d(u, steps):
    u = u.copy()
    new = u.copy()
    for t in range(steps):
        new[1:-1, 1:-1] = 0.2 * (u[1:-1, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] + u[:-2, 1:-1] + u[2:, 1:-1])
        u[1:-1, 1:-1] = 0.2 * (new[1:-1, 1:-1] + new[1:-1, :-2] + new[1:-1, 2:] + new[:-2, 1:-1] + new[2:, 1:-1])
    return u


def heat_3d(temperature, conductivity, steps):
    T = temperature.copy()
    for t in range(steps):
        inner = T[1:-1, 1:-1, 1:-1]
        d2x = T[2:, 1:-1, 1:-1] - 2.0 * inner + T[:-2, 1:-1, 1:-1]
        d2y = T[1:-1, 2:, 1:-1] - 2.0 * inner + T[1:-1, :-2, 1:-1]
        d2z = T[1:-1, 1:-1, 2:] - 2.0 * inner + T[1:-1, 1:-1, :-2]
        T[1:-1, 1:-1, 1:-1] += conductivity * (d2x + d2y + d2z)
    return np.sum(T**2)


def heat_by_element(u, kappa, steps):
    n = u.shape[0]
    new = np.empty(n)
    for t in range(steps):
        new[0] = u[0]
        new[n - 1] = u[n - 1]
        for i in range(1, n - 1):
            new[i] = u[i] + kappa * (u[i + 1] - 2.0 * u[i] + u[i - 1])
        for i in range(n):
            u[i] = new[i]
    return u


def nonlinear_diffusion(u, steps):
    """The conductivity depends on the solution: the reverse sweep needs every step."""
    for t in range(steps):
        flux = (1.0 + u[1:] * u[:-1]) * (u[1:] - u[:-1])
        u[1:-1] += 0.1 * (flux[1:] - flux[:-1])
    return np.sum(u**3)


def seidel_2d(u, sweeps):
    n, m = u.shape
    for t in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                u[i, j] = (
                    u[i - 1, j - 1] + u[i - 1, j] + u[i - 1, j + 1]
                    + u[i, j - 1] + u[i, j] + u[i, j + 1]
                    + u[i + 1, j - 1] + u[i + 1, j] + u[i + 1, j + 1]
                ) / 9.0
    total = 0.0
    for i in range(n):
        for j in range(m):
            total += u[i, j] * u[i, j]
    return total


def seidel_rows(u, sweeps):
    """A Gauss-Seidel sweep in which a whole row relaxes at once, on what the row above has become."""
    for t in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i, 1:-1] = 0.25 * (u[i - 1, 1:-1] + u[i + 1, 1:-1] + u[i, 2:] + u[i, :-2])
    return np.sum(u * u)


def fdtd_2d(ex, ey, hz, pulse):
    for t in range(len(pulse)):
        ey[0, :] = pulse[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz**2) + np.sum(ex * ey)


def half_step(u, v, lam):
    """Solve (1 + 2 lam) v - lam (left + right) = u + lam (below - 2 u + above), column by column."""
    n = u.shape[0]
    p = np.zeros((n, n))
    q = np.zeros((n, n))
    v[:, 0] = u[:, 0]
    v[:, n - 1] = u[:, n - 1]
    q[:, 0] = v[:, 0]
    v[0, :] = u[0, :]
    v[n - 1, :] = u[n - 1, :]
    for j in range(1, n - 1):
        rhs = u[1:-1, j] + lam * (u[:-2, j] - 2.0 * u[1:-1, j] + u[2:, j])
        pivot = 1.0 + 2.0 * lam - lam * p[1:-1, j - 1]
        p[1:-1, j] = lam / pivot
        q[1:-1, j] = (rhs + lam * q[1:-1, j - 1]) / pivot
    for j in range(n - 2, 0, -1):
        v[1:-1, j] = p[1:-1, j] * v[1:-1, j + 1] + q[1:-1, j]


def adi(u, lam, steps):
    """Alternating directions: implicit along the rows, then along the columns, which are the rows of the transpose."""
    u = u.copy()
    v = np.zeros_like(u)
    for t in range(steps):
        half_step(u, v, lam)
        half_step(v.T, u.T, lam)
    return u


def horizontal_diffusion(field, coeff):
    """Fourth-order diffusion; a flux that would steepen the field is switched off."""
    lap = field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2] - 4.0 * field[1:-1, 1:-1]
    flux_x = lap[1:, 1:-1] - lap[:-1, 1:-1]
    flux_x[:, :] = np.where(flux_x * (field[2:-1, 2:-2] - field[1:-2, 2:-2]) > 0.0, 0.0, flux_x)
    flux_y = lap[1:-1, 1:] - lap[1:-1, :-1]
    flux_y[:, :] = np.where(flux_y * (field[2:-2, 2:-1] - field[2:-2, 1:-2]) > 0.0, 0.0, flux_y)
    out = field.copy()
    out[2:-2, 2:-2] -= coeff * (flux_x[1:, :] - flux_x[:-1, :] + flux_y[:, 1:] - flux_y[:, :-1])
    return out


def sobel(image):
    gx = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    gy = np.zeros_like(gx)
    h, w = gx.shape
    for k, weight in enumerate((1.0, 2.0, 1.0)):
        gx += weight * (image[k : k + h, 2:] - image[k : k + h, :-2])
        gy += weight * (image[2:, k : k + w] - image[:-2, k : k + w])
    magnitude = gx * gx
    magnitude += gy * gy
    magnitude += 0.01
    np.sqrt(magnitude, out=magnitude)
    return magnitude


def conv2d(image, weights, bias):
    """Image (H, W, C), weights (K, K, C, F): a valid convolution, one output pixel at a time."""
    size = weights.shape[0]
    h = image.shape[0] - size + 1
    w = image.shape[1] - size + 1
    out = np.empty((h, w, weights.shape[3]))
    for i in range(h):
        for j in range(w):
            patch = image[i : i + size, j : j + size, :]
            out[i, j, :] = np.sum(patch[:, :, :, None] * weights, axis=(0, 1, 2))
    out += bias
    return out


def conv2d_by_element(image, weights):
    size = weights.shape[0]
    h = image.shape[0] - size + 1
    w = image.shape[1] - size + 1
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            for a in range(size):
                for b in range(size):
                    out[i, j] += image[i + a, j + b] * weights[a, b]
    return np.sum(out * out)


def wave_equation(u, speed, steps):
    """Three time levels in three buffers that change places."""
    before = u.copy()
    now = u.copy()
    after = np.zeros_like(u)
    for t in range(steps):
        after[1:-1] = 2.0 * now[1:-1] - before[1:-1] + speed**2 * (now[2:] - 2.0 * now[1:-1] + now[:-2])
        before, now, after = now, after, before
    return now


def smooth_with_two_buffers(u, rate, steps):
    v = u.copy()
    for t in range(steps):
        v[1:-1] = u[1:-1] + rate * u[1:-1] * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u, v = v, u
    return np.sum(u**2)


def burgers(u, nu, steps):
    dt, dx = 0.05, 0.5
    for t in range(steps):
        un = u.copy()
        u[1:-1] = (
            un[1:-1]
            - dt / dx * un[1:-1] * (un[1:-1] - un[:-2])
            + nu * dt / dx**2 * (un[2:] - 2.0 * un[1:-1] + un[:-2])
        )
        u[0] = u[-2]
        u[-1] = u[1]
    return u


def shallow_water(h, hu, steps):
    """The Lax-Friedrichs scheme for the depth and the discharge, with walls."""
    g, ratio = 9.81, 0.05
    for t in range(steps):
        momentum = hu * hu / h + 0.5 * g * h * h
        h_mid = 0.5 * (h[2:] + h[:-2]) - 0.5 * ratio * (hu[2:] - hu[:-2])
        hu_mid = 0.5 * (hu[2:] + hu[:-2]) - 0.5 * ratio * (momentum[2:] - momentum[:-2])
        h[1:-1] = h_mid
        hu[1:-1] = hu_mid
        h[0], h[-1] = h[1], h[-2]
        hu[0], hu[-1] = -hu[1], -hu[-2]
    return np.sum(h * h) + np.sum(hu)


def cavity_flow(u, v, p, lid, nu, steps):
    """A lid drags the fluid of a box; the pressure keeps the flow free of divergence."""
    dt, dx, rho = 0.01, 0.5, 1.0

    def pressure_poisson(p, b, sweeps):
        for q in range(sweeps):
            pn = p.copy()
            p[1:-1, 1:-1] = 0.25 * (pn[1:-1, 2:] + pn[1:-1, :-2] + pn[2:, 1:-1] + pn[:-2, 1:-1]) - b[1:-1, 1:-1]
            p[:, -1] = p[:, -2]
            p[0, :] = p[1, :]
            p[:, 0] = p[:, 1]
            p[-1, :] = 0.0

    b = np.zeros_like(p)
    for t in range(steps):
        un, vn = u.copy(), v.copy()
        ux = (un[1:-1, 2:] - un[1:-1, :-2]) / (2.0 * dx)
        uy = (un[2:, 1:-1] - un[:-2, 1:-1]) / (2.0 * dx)
        vx = (vn[1:-1, 2:] - vn[1:-1, :-2]) / (2.0 * dx)
        vy = (vn[2:, 1:-1] - vn[:-2, 1:-1]) / (2.0 * dx)
        b[1:-1, 1:-1] = 0.25 * rho * dx**2 * ((ux + vy) / dt - ux**2 - 2.0 * uy * vx - vy**2)
        pressure_poisson(p, b, 2)
        for w, wn, slope in (
            (u, un, p[1:-1, 2:] - p[1:-1, :-2]),
            (v, vn, p[2:, 1:-1] - p[:-2, 1:-1]),
        ):
            w[1:-1, 1:-1] += dt * (
                nu / dx**2 * (wn[1:-1, 2:] + wn[1:-1, :-2] + wn[2:, 1:-1] + wn[:-2, 1:-1] - 4.0 * wn[1:-1, 1:-1])
                - un[1:-1, 1:-1] / dx * (wn[1:-1, 1:-1] - wn[1:-1, :-2])
                - vn[1:-1, 1:-1] / dx * (wn[1:-1, 1:-1] - wn[:-2, 1:-1])
                - slope / (2.0 * rho * dx)
            )
        u[0, :] = 0.0
        u[:, 0] = 0.0
        u[:, -1] = 0.0
        u[-1, :] = lid
        v[0, :] = 0.0
        v[-1, :] = 0.0
        v[:, 0] = 0.0
        v[:, -1] = 0.0
    return np.sum(u**2) + np.sum(v**2) + np.sum(p)


def channel_flow(u, force, nu, steps):
    """Periodic along the first axis, until a step changes little or the steps are used up."""
    udiff = 1.0
    step = 0
    while udiff > 0.001 and step < steps:
        un = u.copy()
        u[:, 1:-1] = (
            un[:, 1:-1]
            + force
            + nu * (un[:, 2:] - 2.0 * un[:, 1:-1] + un[:, :-2])
            + nu * (np.roll(un, 1, axis=0)[:, 1:-1] - 2.0 * un[:, 1:-1] + np.roll(un, -1, axis=0)[:, 1:-1])
        )
        u[:, 0] = 0.0
        u[:, -1] = 0.0
        udiff = np.abs(np.sum(u) - np.sum(un)) / np.sum(u)
        step += 1
    return u


def upwind(u, velocity, steps):
    """The side a difference is taken from depends on the sign of the velocity, element by element."""
    n = u.shape[0]
    flux = np.zeros(n + 1)
    for t in range(steps):
        for i in range(1, n):
            if velocity[i] > 0.0:
                flux[i] = velocity[i] * u[i - 1]
            else:
                flux[i] = velocity[i] * u[i]
        for i in range(n):
            u[i] -= 0.2 * (flux[i + 1] - flux[i])
    return u


def red_black(u, f, sweeps):
    """Gauss-Seidel in two colours: slices with steps."""
    for t in range(sweeps):
        u[1:-1:2] = 0.5 * (u[:-2:2] + u[2::2] - f[1:-1:2])
        u[2:-1:2] = 0.5 * (u[1:-2:2] + u[3::2] - f[2:-1:2])
    return u


def neighbour_sums(grid, steps):
    """A sum over neighbours by loops over offsets, on a padded array."""
    n, m = grid.shape
    padded = np.zeros((n + 2, m + 2))
    padded[1:-1, 1:-1] = grid
    for t in range(steps):
        near = np.zeros((n, m))
        for di in range(-1, 2):
            for dj in range(-1, 2):
                if di != 0 or dj != 0:
                    near += padded[1 + di : 1 + di + n, 1 + dj : 1 + dj + m]
        padded[1:-1, 1:-1] += 0.1 * np.tanh(near - padded[1:-1, 1:-1])
    return padded[1:-1, 1:-1]


WAVES = np.sin(1.2 * np.arange(36.0).reshape(6, 6) ** 1.5) + 1.4 * np.add.outer(np.arange(6.0), np.arange(6.0))

CASES = [
    case(jacobi_1d, spread(5), positive(5), 2),
    case(jacobi_2d, spread(4, 5), 2),
    case(heat_3d, spread(3, 4, 3), 0.1, 2),
    case(heat_by_element, spread(5), 0.2, 2),
    case(nonlinear_diffusion, spread(5), 3),
    case(seidel_2d, spread(4, 4), 2),
    case(seidel_rows, spread(4, 4), 2),
    case(fdtd_2d, spread(3, 4), positive(3, 4), spread(3, 4), spread(2)),
    case(adi, spread(4, 4), 0.3, 2),
    case(horizontal_diffusion, WAVES, 0.2),
    case(sobel, spread(4, 5)),
    case(conv2d, spread(3, 4, 2), positive(2, 2, 2, 2), spread(2)),
    case(conv2d_by_element, spread(3, 4), positive(2, 2)),
    case(wave_equation, spread(5), 0.4, 3),
    case(smooth_with_two_buffers, spread(5), 0.2, 3),
    case(burgers, spread(5), 0.3, 2),
    case(shallow_water, positive(5) + 1.0, spread(5), 2),
    case(cavity_flow, 0.1 * spread(4, 4), 0.1 * positive(4, 4), spread(4, 4), 1.0, 0.1, 2),
    case(channel_flow, positive(3, 4), 0.1, 0.1, 2),
    case(upwind, spread(5), np.array([0.3, -0.7, 0.9, 0.4, -0.2]), 2),
    case(red_black, spread(7), positive(7), 2),
    case(neighbour_sums, spread(3, 3), 2),
]
