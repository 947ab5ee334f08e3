"""Small numerical algorithms, as one finds them in programs."""

import numpy as np

from tests.corpus import case, positive, spread


def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_rows(A):
    e = np.exp(A - np.max(A, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def two_layer_network(W1, b1, W2, b2, x):
    h = np.tanh(x @ W1 + b1)
    z = sigmoid(h @ W2 + b2)
    return np.mean(z * z)


def cross_entropy(W, b, X, Y):
    z = X @ W + b
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(np.sum(logp * Y, axis=1))


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_by_loop(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def horner(coefficients, x):
    y = 0.0
    for c in coefficients:
        y = y * x + c
    return y


def horner_backwards(coefficients, x):
    y = 0.0
    for i in range(len(coefficients) - 1, -1, -1):
        y = y * x + coefficients[i]
    return y


def geometric_series(x):
    s = 0.0
    term = 1.0
    while term > 1e-6:
        s = s + term
        term = term * x
    return s


def sine_by_series(x):
    term = x
    s = x
    for k in range(1, 8):
        term = -term * x * x / ((2 * k) * (2 * k + 1))
        s = s + term
    return s


def logistic_map(x, r, n):
    for i in range(n):
        x = r * x * (1.0 - x)
    return x


def continued_fraction_by_loop(x, n):
    y = x
    for i in range(n):
        y = x + 1.0 / y
    return y


def newton_root(a, n):
    x = 1.0
    for i in range(n):
        x = x - (x**3 - a) / (3.0 * x**2)
    return x


def euler_steps(y, k, n):
    h = 1.0 / n
    for i in range(n):
        y = y + h * k * y * (1.0 - y)
    return y


def pendulum(state, g):
    return np.array([state[1], -g * np.sin(state[0])])


def runge_kutta(state, g, n):
    h = 0.1
    for i in range(n):
        k1 = pendulum(state, g)
        k2 = pendulum(state + 0.5 * h * k1, g)
        k3 = pendulum(state + 0.5 * h * k2, g)
        k4 = pendulum(state + h * k3, g)
        state = state + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return state


def leapfrog(q, p, h, n):
    p = p - 0.5 * h * np.sin(q)
    for i in range(n - 1):
        q = q + h * p
        p = p - h * np.sin(q)
    q = q + h * p
    p = p - 0.5 * h * np.sin(q)
    return q, p


def hidden_markov_forward(start, transition, emission, observations):
    alpha = start * emission[:, observations[0]]
    loglik = 0.0
    for t in range(1, len(observations)):
        total = np.sum(alpha)
        loglik = loglik + np.log(total)
        alpha = (alpha / total) @ transition * emission[:, observations[t]]
    return loglik + np.log(np.sum(alpha))


def power_iteration(A, x, n):
    for i in range(n):
        x = A @ x
        x = x / np.sqrt(x @ x)
    return x @ A @ x


def gradient_descent(A, b, n):
    x = np.zeros(3)
    for i in range(n):
        x = x - 0.1 * (A.T @ (A @ x - b))
    return np.sum(x * x)


def jacobi_solver(A, b, n):
    d = np.diag(A)
    x = b / d
    for i in range(n):
        x = (b - A @ x + d * x) / d
    return x


def conjugate_gradients(A, b, n):
    x = 0.0 * b
    r = b - A @ x
    p = r
    for i in range(n):
        Ap = A @ p
        step = (r @ r) / (p @ Ap)
        x = x + step * p
        new = r - step * Ap
        p = new + (new @ new) / (r @ r) * p
        r = new
    return x


def trapezoid_rule(a, b, n):
    h = (b - a) / n
    s = 0.5 * (np.sin(a * a) + np.sin(b * b))
    for i in range(1, n):
        t = a + i * h
        s += np.sin(t * t)
    return s * h


def simpson_rule(a, b, n):
    h = (b - a) / n
    s = np.exp(-a * a) + np.exp(-b * b)
    for i in range(1, n):
        weight = 4.0 if i % 2 == 1 else 2.0
        s = s + weight * np.exp(-((a + i * h) ** 2))
    return s * h / 3.0


def binomial_option(spot, up, n):
    down = 1.0 / up
    value = 0.0
    for k in range(n + 1):
        weight = 1.0
        for j in range(k):
            weight = weight * (n - j) / (j + 1)
        payoff = max(spot * up**k * down ** (n - k) - 1.0, 0.0)
        value = value + weight * payoff * 0.5**n
    return value


def exponential_moving_average(x, rate):
    m = x[0]
    s = 0.0
    for v in x[1:]:
        m = rate * m + (1.0 - rate) * v
        s = s + (v - m) ** 2
    return s


def heat_equation(u, k, n):
    for i in range(n):
        inner = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u = np.concatenate((u[:1], inner, u[-1:]))
    return u


def gaussian_likelihood(mean, log_scale, x):
    z = (x - mean) / np.exp(log_scale)
    return -0.5 * np.sum(z * z) - len(x) * log_scale


def mixture_likelihood(weights, means, x):
    s = 0.0
    for v in x:
        p = np.sum(weights * np.exp(-0.5 * (v - means) ** 2))
        s = s + np.log(p / np.sum(weights))
    return s


def lennard_jones(X):
    energy = 0.0
    for i in range(X.shape[0]):
        for j in range(i):
            d = X[i] - X[j]
            r2 = np.sum(d * d)
            inverse = 1.0 / (r2 * r2 * r2)
            energy = energy + inverse * inverse - inverse
    return energy


def convolution_by_slices(x, w):
    n = len(x) - len(w) + 1
    y = 0.0 * x[:n]
    for k in range(len(w)):
        y = y + w[k] * x[k:k + n]
    return y


def recurrent_network(W, U, X):
    h = np.zeros(2)
    for x in X:
        h = np.tanh(W @ h + U @ x)
    return np.sum(h * h)


def attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = np.exp(scores)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ V


def determinant(A):
    a = A[0, 0] * (A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1])
    b = A[0, 1] * (A[1, 0] * A[2, 2] - A[1, 2] * A[2, 0])
    c = A[0, 2] * (A[1, 0] * A[2, 1] - A[1, 1] * A[2, 0])
    return a - b + c


def linear_solve(A, b):
    return np.linalg.solve(A, b)


def inverse_and_determinant(A):
    return np.linalg.inv(A) * np.linalg.det(A)


DOMINANT = spread(3, 3) + 4.0 * np.eye(3)

CASES = [
    case(logsumexp, spread(4)),
    case(softmax, spread(4)),
    case(softmax_rows, spread(2, 3)),
    case(sigmoid, 0.7),
    case(two_layer_network, spread(3, 4), spread(4), spread(4, 2), spread(2), spread(5, 3)),
    case(cross_entropy, spread(3, 2), spread(2), spread(4, 3), np.eye(2)[[0, 1, 1, 0]], wrt=(0, 1)),
    case(rosenbrock, spread(4)),
    case(rosenbrock_by_loop, spread(4)),
    case(horner, spread(4), 0.7),
    case(horner_backwards, spread(4), 0.7),
    case(geometric_series, 0.3),
    case(sine_by_series, 0.7),
    case(logistic_map, 0.3, 3.1, 5),
    case(continued_fraction_by_loop, 0.7, 5),
    case(newton_root, 2.0, 4),
    case(euler_steps, 0.3, 1.1, 5),
    case(runge_kutta, np.array([0.7, 0.1]), 9.81, 3),
    case(leapfrog, 0.7, 0.1, 0.2, 4),
    case(
        hidden_markov_forward,
        positive(2) / 2.0, positive(2, 2) / 2.0, positive(2, 3) / 3.0, np.array([0, 2, 1, 1]), wrt=(0, 1, 2),
    ),
    case(power_iteration, spread(3, 3) + 2.0 * np.eye(3), spread(3), 3),
    case(gradient_descent, spread(3, 3), spread(3), 4),
    case(jacobi_solver, DOMINANT, spread(3), 4),
    case(conjugate_gradients, DOMINANT @ DOMINANT.T, spread(3), 2),
    case(trapezoid_rule, 0.1, 1.3, 6),
    case(simpson_rule, 0.1, 1.3, 6),
    case(binomial_option, 1.05, 1.1, 4),
    case(exponential_moving_average, spread(5), 0.7),
    case(heat_equation, spread(5), 0.2, 3),
    case(gaussian_likelihood, 0.3, 0.2, spread(4)),
    case(mixture_likelihood, positive(2), spread(2), spread(4)),
    case(lennard_jones, spread(3, 2) * 2.0),
    case(convolution_by_slices, spread(6), spread(3)),
    case(recurrent_network, spread(2, 2), spread(2, 3), spread(4, 3)),
    case(attention, spread(2, 3), spread(4, 3), spread(4, 2)),
    case(determinant, spread(3, 3)),
    case(linear_solve, DOMINANT, spread(3)),
    case(inverse_and_determinant, DOMINANT),
]
