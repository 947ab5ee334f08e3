"""Dynamic programming and graphs: tables that are filled from what they hold already."""

import numpy as np

from tests.corpus import case, positive, spread


def floyd_warshall(weights):
    dist = weights.copy()
    for k in range(len(dist)):
        dist[:, :] = np.minimum(dist, dist[:, k : k + 1] + dist[k : k + 1, :])
    return dist


def floyd_warshall_by_element(dist):
    n = dist.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = dist[i, k] + dist[k, j]
                if through < dist[i, j]:
                    dist[i, j] = through
    return dist


def bellman_ford(sources, targets, lengths, n):
    dist = np.full(n, 100.0)
    dist[0] = 0.0
    for round in range(n - 1):
        for e in range(len(lengths)):
            u, v = sources[e], targets[e]
            if dist[u] + lengths[e] < dist[v]:
                dist[v] = dist[u] + lengths[e]
    return dist


def soft_min(a, b, c, sharpness):
    return -np.log(np.exp(-sharpness * a) + np.exp(-sharpness * b) + np.exp(-sharpness * c)) / sharpness


def needleman_wunsch(a, b, gap, sharpness):
    """The cost of aligning two sequences, with a minimum that has derivatives everywhere."""
    n, m = len(a), len(b)
    D = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        D[i, 0] = i * gap
    for j in range(1, m + 1):
        D[0, j] = j * gap
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            match = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = soft_min(D[i - 1, j] + gap, D[i, j - 1] + gap, D[i - 1, j - 1] + match, sharpness)
    return D[n, m]


def time_warping(a, b):
    n, m = len(a), len(b)
    D = np.full((n + 1, m + 1), 1e6)
    D[0, 0] = 0.0
    for i in range(n):
        for j in range(m):
            D[i + 1, j + 1] = abs(a[i] - b[j]) + min(D[i, j + 1], D[i + 1, j], D[i, j])
    return D[-1, -1]


def forward_algorithm(start, transition, emission, observations):
    """A table of logarithms: how likely the observations so far are, by the last hidden state."""
    T, S = len(observations), len(start)
    alpha = np.zeros((T, S))
    alpha[0] = start + emission[:, observations[0]]
    for t in range(1, T):
        for s in range(S):
            paths = alpha[t - 1] + transition[:, s]
            top = np.max(paths)
            alpha[t, s] = top + np.log(np.sum(np.exp(paths - top))) + emission[s, observations[t]]
    return np.log(np.sum(np.exp(alpha[-1])))


def viterbi(start, transition, emission, observations):
    """The best path: pointers of ints beside a table of floats, followed back at the end."""
    T, S = len(observations), len(start)
    score = np.zeros((T, S))
    back = np.zeros((T, S), dtype=np.int64)
    score[0, :] = start + emission[:, observations[0]]
    for t in range(1, T):
        for s in range(S):
            paths = score[t - 1, :] + transition[:, s]
            back[t, s] = np.argmax(paths)
            score[t, s] = paths[back[t, s]] + emission[s, observations[t]]
    state = np.argmax(score[T - 1])
    total = score[T - 1, state]
    for t in range(T - 1, 0, -1):
        state = back[t, state]
        total += 0.1 * score[t - 1, state] ** 2
    return total


def forward_backward(start, transition, emission):
    """Posterior probabilities: one table is filled downwards, the other upwards."""
    T, S = emission.shape
    alpha = np.zeros((T, S))
    beta = np.ones((T, S))
    alpha[0] = start * emission[0]
    for t in range(T - 1):
        alpha[t + 1] = alpha[t] @ transition * emission[t + 1]
    for t in range(T - 2, -1, -1):
        beta[t] = transition @ (emission[t + 1] * beta[t + 1])
    posterior = alpha * beta
    posterior /= np.sum(posterior, axis=1)[:, None]
    return posterior


def inside(left, right, scores):
    """Spans of a chain: every span is made of two shorter ones (the form of chart parsers)."""
    n = len(scores)
    chart = np.zeros((n, n))
    for i in range(n):
        chart[i, i] = scores[i]
    for width in range(1, n):
        for i in range(n - width):
            j = i + width
            total = 0.0
            for k in range(i, j):
                total += np.exp(left * chart[i, k] + right * chart[k + 1, j])
            chart[i, j] = np.log(total)
    return chart[0, n - 1]


def american_option(spot, strike, rate, volatility, n):
    """A binomial tree: the values of a step overwrite those of the next, from the leaves to the root."""
    dt = 1.0 / n
    up = np.exp(volatility * np.sqrt(dt))
    q = (np.exp(rate * dt) - 1.0 / up) / (up - 1.0 / up)
    value = np.zeros(n + 1)
    for k in range(n + 1):
        value[k] = max(strike - spot * up ** (2 * k - n), 0.0)
    for step in range(n - 1, -1, -1):
        for k in range(step + 1):
            held = np.exp(-rate * dt) * (q * value[k + 1] + (1.0 - q) * value[k])
            value[k] = max(held, strike - spot * up ** (2 * k - step))
    return value[0]


def value_iteration(rewards, discount, sweeps):
    """States on a line; the best neighbour, in place."""
    n = len(rewards)
    V = np.zeros(n)
    for sweep in range(sweeps):
        for s in range(n):
            best = V[s]
            if s > 0 and V[s - 1] > best:
                best = V[s - 1]
            if s < n - 1 and V[s + 1] > best:
                best = V[s + 1]
            V[s] = rewards[s] + discount * best
    return V


def bubble_sort(x):
    """Sorting by exchanges: each element goes where its value takes it."""
    n = len(x)
    for i in range(n - 1):
        for j in range(n - 1 - i):
            if x[j] > x[j + 1]:
                x[j], x[j + 1] = x[j + 1], x[j]
    return x * np.arange(1.0, n + 1.0)


def insertion_sort(values):
    x = values.copy()
    for i in range(1, len(x)):
        key = x[i]
        j = i - 1
        while j >= 0 and x[j] > key:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = key
    return x[0] ** 2 + x[-1] * x[1]


def compact(x, threshold):
    """What is above a threshold moves to the front; a counter is the index."""
    out = np.zeros_like(x)
    l = 0
    for i in range(len(x)):
        if x[i] > threshold:
            out[l] = x[i] * x[i]
            l += 1
    return out


def packed_lower(icf, d):
    """A lower triangle unpacked by a running counter."""
    L = np.zeros((d, d))
    l = 0
    for j in range(d):
        L[j, j] = np.exp(icf[l])
        l += 1
        for i in range(j + 1, d):
            L[i, j] = icf[l]
            l += 1
    return L


def reservoir(rain, capacity, leak):
    """Water runs over into the next tank, and the rest is lost."""
    level = np.zeros(3)
    lost = 0.0
    for t in range(len(rain)):
        inflow = rain[t]
        for k in range(3):
            level[k] += inflow - leak * level[k]
            if level[k] > capacity:
                inflow = level[k] - capacity
                level[k] = capacity
            else:
                inflow = 0.0
                break
        lost += inflow
    return np.sum(level**2) + lost


GRAPH = positive(4, 4)
OBSERVATIONS = np.array([0, 2, 1, 1])

CASES = [
    case(floyd_warshall, GRAPH),
    case(floyd_warshall_by_element, GRAPH),
    case(bellman_ford, np.array([0, 0, 1, 2, 1]), np.array([1, 2, 3, 3, 2]), np.array([0.4, 1.5, 1.7, 0.3, 0.6]), 4),
    case(needleman_wunsch, spread(3), positive(4), 0.6, 2.0),
    case(time_warping, spread(3), positive(4)),
    case(forward_algorithm, spread(2), spread(2, 2), spread(2, 3), OBSERVATIONS),
    case(viterbi, spread(2), spread(2, 2), spread(2, 3), OBSERVATIONS),
    case(forward_backward, positive(2), positive(2, 2), positive(4, 2)),
    case(inside, 0.6, 0.3, spread(4)),
    case(american_option, 1.02, 1.1, 0.05, 0.3, 4),
    case(value_iteration, spread(4), 0.7, 3),
    case(bubble_sort, spread(4)),
    case(insertion_sort, spread(4)),
    case(compact, spread(5), 0.1, wrt=0),
    case(packed_lower, spread(6), 3),
    case(reservoir, np.array([1.3, 0.4, 1.9, 2.2]), 1.0, 0.1),
]
