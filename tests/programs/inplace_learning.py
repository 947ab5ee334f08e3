"""Networks and training loops whose activations and parameters live in arrays that are overwritten."""

import numpy as np

from tests.corpus import case, positive, spread


def softmax(x):
    """Along the last axis, in place."""
    x -= np.max(x, axis=-1)[:, None]
    np.exp(x, out=x)
    x /= np.sum(x, axis=-1, keepdims=True)
    return x


def softmax_by_element(x):
    n = len(x)
    e = np.zeros(n)
    top = x[0]
    for i in range(1, n):
        if x[i] > top:
            top = x[i]
    total = 0.0
    for i in range(n):
        e[i] = np.exp(x[i] - top)
        total += e[i]
    for i in range(n):
        e[i] /= total
    return e


def relu_in_place(h):
    np.maximum(h, 0.0, out=h)


def mlp(x, W1, b1, W2, b2, W3, b3):
    h = x @ W1
    h += b1
    relu_in_place(h)
    h = h @ W2
    h += b2
    relu_in_place(h)
    z = h @ W3
    z += b3
    return softmax(z)


def mlp_by_element(x, W, b):
    """All layers in one stack of square matrices; the activations go to and fro between two buffers."""
    a = x.copy()
    z = np.zeros_like(x)
    n = len(x)
    for layer in range(W.shape[0]):
        for i in range(n):
            z[i] = b[layer, i]
            for j in range(n):
                z[i] += W[layer, i, j] * a[j]
        for i in range(n):
            a[i] = np.tanh(z[i])
    return np.sum(a * a)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def lstm(W, U, b, sequence):
    """The four gates are slices of one array, the state of all steps rows of another."""
    n = U.shape[1]
    steps = sequence.shape[0]
    hidden = np.zeros((steps + 1, n))
    cell = np.zeros(n)
    gates = np.zeros(4 * n)
    for t in range(steps):
        gates[:] = W @ sequence[t] + U @ hidden[t] + b
        gates[: 3 * n] = sigmoid(gates[: 3 * n])
        gates[3 * n :] = np.tanh(gates[3 * n :])
        cell *= gates[:n]
        cell += gates[n : 2 * n] * gates[3 * n :]
        hidden[t + 1] = gates[2 * n : 3 * n] * np.tanh(cell)
    return hidden[1:]


def lstm_by_element(w, h, c, x):
    """A cell without mixing, as scalar loops: the states are arguments and change."""
    loss = 0.0
    for t in range(x.shape[0]):
        for j in range(h.shape[0]):
            f = 1.0 / (1.0 + np.exp(-(w[0, j] * x[t, j] + w[1, j] * h[j])))
            i = 1.0 / (1.0 + np.exp(-(w[2, j] * x[t, j] + w[3, j] * h[j])))
            g = np.tanh(w[4, j] * x[t, j] + w[5, j] * h[j])
            c[j] = f * c[j] + i * g
            h[j] = np.tanh(c[j])
            loss += (h[j] - x[t, j]) ** 2
    return loss


def gated_unit(Wz, Wr, Wh, xs, h):
    for x in xs:
        joined = np.concatenate((x, h))
        z = sigmoid(Wz @ joined)
        r = sigmoid(Wr @ joined)
        joined[len(x) :] *= r
        h *= 1.0 - z
        h += z * np.tanh(Wh @ joined)
    return h


def echo_states(W, inputs, leak):
    """The states of all steps are collected in a list and stacked."""
    state = np.zeros(W.shape[0])
    states = []
    for u in inputs:
        driven = np.tanh(W @ state + u)
        state = state.copy()
        state *= 1.0 - leak
        state += leak * driven
        states.append(state)
    return np.stack(states)


def batch_norm(x, scale, shift):
    x = x - np.mean(x, axis=0)
    var = np.zeros(x.shape[1])
    for row in x:
        var += row * row
    var /= x.shape[0]
    x /= np.sqrt(var + 1e-3)
    x *= scale
    x += shift
    return x


def max_pool(image):
    h, w = image.shape[0] // 2, image.shape[1] // 2
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = np.max(image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
    return out


def causal_attention(Q, K, V):
    """A row attends to the rows before it: the rest of the scores is masked in place."""
    n = len(Q)
    scores = Q @ K.T
    scores[np.triu_indices(n, 1)] = -1e4
    scores -= np.max(scores, axis=1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ V


def embedding(table, words, W):
    total = np.zeros(table.shape[1])
    for word in words:
        total += table[word]
    total /= len(words)
    total[:] = np.tanh(W @ total)
    return np.sum(total)


def descent_with_momentum(w, X, y, rate, momentum, steps):
    """Training itself is differentiated, by the start, the data and the hyperparameters."""
    velocity = np.zeros_like(w)
    for step in range(steps):
        gradient = X.T @ (X @ w - y) / len(y)
        velocity *= momentum
        velocity -= rate * gradient
        w += velocity
    return np.mean((X @ w - y) ** 2)


def adam(w, target, rate, steps):
    m = np.zeros_like(w)
    v = np.zeros_like(w)
    for t in range(1, steps + 1):
        g = np.sinh(w - target)
        m[:] = 0.9 * m + 0.1 * g
        v[:] = 0.99 * v + 0.01 * g**2
        w -= rate * (m / (1.0 - 0.9**t)) / (np.sqrt(v / (1.0 - 0.99**t)) + 1e-3)
    return w


def backpropagation(W1, W2, x, target, rate, steps):
    """A network that is trained by hand-written backpropagation, one step after another."""
    for step in range(steps):
        h = np.tanh(W1 @ x)
        delta = W2 @ h - target
        back = (W2.T @ delta) * (1.0 - h * h)
        W2 -= rate * np.outer(delta, h)
        W1 -= rate * np.outer(back, x)
    return np.sum((W2 @ np.tanh(W1 @ x) - target) ** 2)


def k_means(points, centres, sharpness, steps):
    """Soft assignments; sums and weights are gathered point by point."""
    K = centres.shape[0]
    for step in range(steps):
        sums = np.zeros_like(centres)
        weights = np.zeros(K)
        for p in range(points.shape[0]):
            near = np.exp(-sharpness * np.sum((centres - points[p]) ** 2, axis=1))
            near /= np.sum(near)
            weights += near
            for k in range(K):
                sums[k, :] += near[k] * points[p]
        centres[:, :] = sums / weights[:, None]
    return centres


def gradient_boosting(x, y, rate, rounds):
    """Smooth stumps fitted to what is left of y, which shrinks in place."""
    residual = y.copy()
    prediction = np.zeros_like(y)
    for r in range(rounds):
        side = 1.0 / (1.0 + np.exp(-4.0 * (x - 0.3 * r)))
        value = np.sum(side * residual) / np.sum(side)
        prediction += rate * value * side
        residual[:] = y - prediction
    return np.sum(residual**2)


CASES = [
    case(softmax, spread(2, 3)),
    case(softmax_by_element, spread(4)),
    case(mlp, spread(3, 2), spread(2, 4), spread(4), spread(4, 3), spread(3), spread(3, 2), positive(2)),
    case(mlp_by_element, spread(3), spread(2, 3, 3), spread(2, 3)),
    case(lstm, spread(8, 3), positive(8, 2) - 1.0, spread(8), spread(3, 3)),
    case(lstm_by_element, spread(6, 2), spread(2), positive(2), spread(3, 2)),
    case(gated_unit, spread(2, 4), positive(2, 4), spread(2, 4), spread(3, 2), positive(2)),
    case(echo_states, spread(3, 3), spread(3, 3), 0.6),
    case(batch_norm, spread(4, 3), positive(3), spread(3)),
    case(max_pool, spread(4, 4)),
    case(causal_attention, spread(3, 2), positive(3, 2), spread(3, 2)),
    case(embedding, spread(4, 3), np.array([0, 2, 2, 3]), spread(3, 3)),
    case(descent_with_momentum, spread(2), spread(4, 2), positive(4), 0.1, 0.8, 3),
    case(adam, spread(3), positive(3), 0.1, 3),
    case(backpropagation, spread(3, 2), spread(2, 3), positive(2), spread(2), 0.1, 2),
    case(k_means, spread(5, 2), positive(2, 2), 1.5, 2),
    case(gradient_boosting, spread(5), positive(5), 0.5, 3),
]
