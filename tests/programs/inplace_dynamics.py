"""Dynamical systems: states that integrators advance in place."""

import numpy as np

from tests.corpus import case, positive, spread


def accelerations(pos, mass, acc, softening):
    n = pos.shape[0]
    acc[:, :] = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            d = pos[j] - pos[i]
            inv = 1.0 / (np.sum(d * d) + softening**2) ** 1.5
            acc[i] += mass[j] * inv * d
            acc[j] -= mass[i] * inv * d


def nbody(mass, pos, vel, dt, steps):
    """Kick, drift, kick."""
    acc = np.zeros_like(pos)
    accelerations(pos, mass, acc, 0.5)
    for t in range(steps):
        vel += 0.5 * dt * acc
        pos += dt * vel
        accelerations(pos, mass, acc, 0.5)
        vel += 0.5 * dt * acc
    return pos, vel


def logistic_map(x0, r, n):
    x = np.empty(n + 1)
    x[0] = x0
    for i in range(n):
        x[i + 1] = r * x[i] * (1.0 - x[i])
    return x


def logistic_map_of_many(x, r, n):
    for i in range(n):
        x *= r * (1.0 - x)
    return np.sum(x)


def lorenz(state, out, sigma, rho, beta):
    out[0] = sigma * (state[1] - state[0])
    out[1] = state[0] * (rho - state[2]) - state[1]
    out[2] = state[0] * state[1] - beta * state[2]


def rk4(state, sigma, rho, beta, dt, steps):
    k1, k2, k3, k4 = np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(3)
    for t in range(steps):
        lorenz(state, k1, sigma, rho, beta)
        lorenz(state + 0.5 * dt * k1, k2, sigma, rho, beta)
        lorenz(state + 0.5 * dt * k2, k3, sigma, rho, beta)
        lorenz(state + dt * k3, k4, sigma, rho, beta)
        state += dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return state


def rk4_with_tableau(x, rate, dt, steps):
    """The stages are rows of one array, read back by a triangle of coefficients."""
    a = np.array([[0.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0], [0.0, 0.5, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    b = np.array([1.0, 2.0, 2.0, 1.0]) / 6.0
    k = np.zeros((4, len(x)))
    for t in range(steps):
        for s in range(4):
            stage = x.copy()
            for r in range(s):
                stage += dt * a[s, r] * k[r]
            k[s] = rate * stage * (1.0 - stage)
        x += dt * (b @ k)
    return x


def hodgkin_huxley(current, v0, g_na, g_k, steps):
    """A nerve cell: a voltage and the gates m, h, n of its channels, each recorded over time."""
    dt = 0.02
    v = np.zeros(steps + 1)
    gates = np.array([0.05, 0.6, 0.32])
    v[0] = v0
    for t in range(steps):
        m, h, n = gates[0], gates[1], gates[2]
        ionic = g_na * m**3 * h * (v[t] - 50.0) + g_k * n**4 * (v[t] + 77.0) + 0.3 * (v[t] + 54.4)
        v[t + 1] = v[t] + dt * (current[t] - ionic)
        gates[0] += dt * (0.1 * np.exp((v[t] + 40.0) / 18.0) * (1.0 - m) - 4.0 * np.exp(-(v[t] + 65.0) / 18.0) * m)
        gates[1] += dt * (0.07 * np.exp(-(v[t] + 65.0) / 20.0) * (1.0 - h) - h / (1.0 + np.exp(-(v[t] + 35.0) / 10.0)))
        gates[2] += dt * (0.1 * np.exp((v[t] + 55.0) / 80.0) * (1.0 - n) - 0.125 * np.exp(-(v[t] + 65.0) / 80.0) * n)
    return np.mean(v) / 10.0 + np.sum(gates)


def adams_bashforth(x, rate, dt, steps):
    """Two slopes in two buffers that change places."""
    old = rate * np.sin(x)
    new = np.zeros_like(x)
    x += dt * old
    for t in range(steps):
        new[:] = rate * np.sin(x)
        x += dt * (1.5 * new - 0.5 * old)
        old, new = new, old
    return x


def adams_bashforth_by_index(x, rate, dt, steps):
    """Three slopes in the rows of one array; the row to overwrite goes round."""
    slopes = np.zeros((3, len(x)))
    for t in range(steps):
        slopes[t % 3] = rate * np.cos(x)
        if t < 2:
            x += dt * slopes[t % 3]
        else:
            x += dt / 12.0 * (23.0 * slopes[t % 3] - 16.0 * slopes[(t - 1) % 3] + 5.0 * slopes[(t - 2) % 3])
    return np.sum(x * x)


def react(u, v, dt, feed):
    """A local reaction, in place."""
    uvv = u * v * v
    u += dt * (feed * (1.0 - u) - uvv)
    v += dt * (uvv - (feed + 0.06) * v)


def diffuse(w, d):
    w[1:-1] += d * (w[2:] - 2.0 * w[1:-1] + w[:-2])


def strang_splitting(u, v, dt, feed, steps):
    """Half a step of diffusion, a step of reaction, half a step of diffusion."""
    for t in range(steps):
        diffuse(u, 0.08)
        diffuse(v, 0.04)
        react(u, v, dt, feed)
        diffuse(u, 0.08)
        diffuse(v, 0.04)
    return u, v


def smooth(u, f, h, sweeps):
    for sweep in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + h * h * f[i])


def multigrid(u, f, h, cycles):
    """V-cycles of two levels for -u'' = f: smooth, correct by a coarse solution, smooth."""
    n = len(u)
    for cycle in range(cycles):
        smooth(u, f, h, 1)
        residual = np.zeros(n)
        residual[1:-1] = f[1:-1] + (u[2:] - 2.0 * u[1:-1] + u[:-2]) / (h * h)
        coarse = np.zeros((n + 1) // 2)
        coarse[1:-1] = 0.25 * (residual[1:-3:2] + 2.0 * residual[2:-2:2] + residual[3:-1:2])
        error = np.zeros_like(coarse)
        smooth(error, coarse, 2.0 * h, 4)
        u[::2] += error
        u[1::2] += 0.5 * (error[:-1] + error[1:])
        smooth(u, f, h, 1)
    return u


def kalman_filter(measurements, noise, drift, x, P):
    """A position and a velocity; returns how likely the measurements are, as a logarithm."""
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    H = np.array([1.0, 0.0])
    loglik = 0.0
    for t in range(len(measurements)):
        x[:] = F @ x
        P[:, :] = F @ P @ F.T
        P[0, 0] += drift
        P[1, 1] += drift
        s = P[0, 0] + noise
        innovation = measurements[t] - x[0]
        gain = P[:, 0] / s
        x += gain * innovation
        P -= np.outer(gain, H @ P)
        loglik -= 0.5 * (innovation**2 / s + np.log(2.0 * np.pi * s))
    return loglik


def lattice(q, p, alpha, dt, steps):
    """The chain of Fermi, Pasta, Ulam and Tsingou with fixed ends, by the symplectic Euler method."""
    force = np.zeros_like(q)
    for t in range(steps):
        force[:] = 0.0
        for i in range(len(q) - 1):
            stretch = q[i + 1] - q[i]
            f = stretch + alpha * stretch**2
            force[i] += f
            force[i + 1] -= f
        p[1:-1] += dt * force[1:-1]
        q[1:-1] += dt * p[1:-1]
    return np.sum(p * p) + np.sum(q**3)


def spring_pendulum(theta, length, steps):
    """The velocity Verlet method on an array whose parts have names: views."""
    state = np.array([theta, 0.1, length, 0.0])
    angle, radius = state[:2], state[2:]
    for t in range(steps):
        angle[1] -= 0.05 * 9.81 / radius[0] * np.sin(angle[0])
        radius[1] -= 0.05 * (4.0 * (radius[0] - 1.0) - 9.81 * np.cos(angle[0]))
        angle[0] += 0.05 * angle[1]
        radius[0] += 0.05 * radius[1]
    return state


def epidemic(populations, beta, gamma, steps):
    """Susceptible, infected, recovered in regions that exchange people; the rows are views."""
    S, I, R = populations
    total = S + I + R
    peak = 0.0
    for t in range(steps):
        new = beta * S * I / total
        healed = gamma * I
        S -= new
        I += new - healed
        R += healed
        I[:] = 0.9 * I + 0.1 * np.mean(I)
        if np.sum(I) > peak:
            peak = np.sum(I)
    return np.sum(populations**2) + peak


def newton_system(x, target, steps):
    """Newton's method for two equations, with a Jacobian that is filled element by element."""
    J = np.zeros((2, 2))
    F = np.zeros(2)
    for step in range(steps):
        F[0] = x[0] ** 2 + x[1] ** 2 - target[0]
        F[1] = x[0] * x[1] - target[1]
        J[0, 0], J[0, 1] = 2.0 * x[0], 2.0 * x[1]
        J[1, 0], J[1, 1] = x[1], x[0]
        x -= np.linalg.solve(J, F)
    return x


def implicit_euler(y, k, dt, steps):
    """A stiff reaction: each step iterates in place until it is good or has lasted too long."""
    for t in range(steps):
        old = y.copy()
        for it in range(8):
            residual = y - old + dt * k * y**3
            if np.max(np.abs(residual)) < 1e-12:
                break
            y -= residual / (1.0 + 3.0 * dt * k * y * y)
    return y


def crank_nicolson(u, nu, steps):
    """Half explicit, half implicit, by the Thomas algorithm; factors are computed once before the loop."""
    n = len(u)
    c = np.zeros(n)
    d = np.zeros(n)
    for i in range(1, n - 1):
        c[i] = 0.5 * nu / (1.0 + nu - 0.5 * nu * c[i - 1])
    for t in range(steps):
        d[0] = u[0]
        for i in range(1, n - 1):
            rhs = u[i] + 0.5 * nu * (u[i - 1] - 2.0 * u[i] + u[i + 1])
            d[i] = (rhs + 0.5 * nu * d[i - 1]) / (1.0 + nu - 0.5 * nu * c[i - 1])
        for i in range(n - 2, 0, -1):
            u[i] = d[i] + c[i] * u[i + 1]
    return u


CASES = [
    case(nbody, positive(3), spread(3, 2), spread(3, 2), 0.1, 2),
    case(logistic_map, 0.3, 3.1, 4),
    case(logistic_map_of_many, np.array([0.2, 0.5, 0.7]), 3.1, 3),
    case(rk4, spread(3), 10.0, 28.0, 2.7, 0.02, 2),
    case(rk4_with_tableau, positive(2), 0.8, 0.1, 2),
    case(hodgkin_huxley, 10.0 * positive(3), -60.0, 120.0, 36.0, 3),
    case(adams_bashforth, spread(3), 1.2, 0.1, 3),
    case(adams_bashforth_by_index, spread(3), 1.2, 0.1, 5),
    case(strang_splitting, positive(4), 0.5 * positive(4), 0.5, 0.04, 2),
    case(multigrid, spread(9), positive(9), 0.5, 1),
    case(kalman_filter, spread(4), 0.5, 0.1, spread(2), np.eye(2) + 0.1),
    case(lattice, spread(5), 0.3 * positive(5), 0.25, 0.1, 3),
    case(spring_pendulum, 0.4, 1.2, 4),
    case(epidemic, positive(3, 2), 0.5, 0.2, 3),
    case(newton_system, np.array([1.9, 0.2]), np.array([2.3, 0.6]), 2),
    case(implicit_euler, spread(3), 1.3, 0.2, 2),
    case(crank_nicolson, spread(5), 0.4, 2),
]
