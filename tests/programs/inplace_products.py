"""Matrix products, sums over data and filters, with results that accumulate in place."""

import numpy as np

from tests.corpus import case, positive, spread


def symm(A, B, C, alpha, beta):
    """C = alpha A B + beta C, where only the lower triangle of the symmetric A is read."""
    C *= beta
    for i in range(C.shape[0]):
        for k in range(i):
            C[k] += alpha * A[i, k] * B[i]
            C[i] += alpha * A[i, k] * B[k]
        C[i] += alpha * A[i, i] * B[i]
    return C


def syrk(A, C, alpha, beta):
    for i in range(A.shape[0]):
        C[i, : i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, : i + 1] += alpha * A[i, k] * A[: i + 1, k]
    return C


def syr2k(A, B, C, alpha, beta):
    n = A.shape[0]
    for i in range(n):
        for j in range(i + 1):
            C[i, j] *= beta
            for k in range(A.shape[1]):
                C[i, j] += alpha * (A[j, k] * B[i, k] + B[j, k] * A[i, k])
    return np.sum(C * C)


def trmm(A, B, alpha):
    """B = alpha A.T B with a lower triangle of ones on its diagonal, row by row."""
    for i in range(B.shape[0]):
        for k in range(i + 1, B.shape[0]):
            B[i] += A[k, i] * B[k]
        B[i] *= alpha
    return B


def doitgen(A, C4):
    work = np.zeros(C4.shape[1])
    for r in range(A.shape[0]):
        for q in range(A.shape[1]):
            work[:] = A[r, q] @ C4
            A[r, q, :] = work
    return np.sum(A * A)


def gemver(A, u, v, x, y):
    """A update of rank one, and two products with the updated matrix."""
    A += np.outer(u, v)
    x += 0.5 * (A.T @ y)
    return A @ x


def gemm_by_element(A, B, alpha):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for k in range(A.shape[1]):
            for j in range(B.shape[1]):
                C[i, j] += alpha * A[i, k] * B[k, j]
    return C


def covariance(data):
    n, m = data.shape
    for j in range(m):
        data[:, j] -= np.mean(data[:, j])
    cov = np.zeros((m, m))
    for i in range(m):
        for j in range(i, m):
            cov[i, j] = data[:, i] @ data[:, j] / (n - 1.0)
            cov[j, i] = cov[i, j]
    return cov


def correlation(data):
    n, m = data.shape
    mean = np.zeros(m)
    std = np.zeros(m)
    for j in range(m):
        for i in range(n):
            mean[j] += data[i, j]
        mean[j] /= n
        for i in range(n):
            std[j] += (data[i, j] - mean[j]) ** 2
        std[j] = np.sqrt(std[j] / n)
        if std[j] < 0.1:
            std[j] = 1.0
    data = data - mean
    data /= np.sqrt(n) * std
    corr = np.eye(m)
    for i in range(m - 1):
        corr[i, i + 1 :] = data[:, i] @ data[:, i + 1 :]
        corr[i + 1 :, i] = corr[i, i + 1 :]
    return corr


def spmv(values, columns, starts, x):
    """A sparse matrix by rows (CSR) times a vector."""
    y = np.zeros(len(starts) - 1)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            y[i] += values[k] * x[columns[k]]
    return y


def spmv_by_slices(values, columns, starts, x):
    y = np.empty(len(starts) - 1)
    for i in range(len(starts) - 1):
        row = slice(starts[i], starts[i + 1])
        y[i] = values[row] @ x[columns[row]]
    return np.sum(y * y)


def spmv_transposed(values, columns, starts, x, n):
    y = np.zeros(n)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            y[columns[k]] += values[k] * x[i]
    return y


def assemble(stiffness, elements, n):
    """A matrix of finite elements: each adds its part where its nodes are."""
    K = np.zeros((n, n))
    for e in range(len(elements)):
        i, j = elements[e, 0], elements[e, 1]
        K[i, i] += stiffness[e]
        K[j, j] += stiffness[e]
        K[i, j] -= stiffness[e]
        K[j, i] -= stiffness[e]
    return K


def particle_in_cell(positions, charge, n):
    """Charges are shared between the two nearest nodes; the index comes from the position."""
    rho = np.zeros(n)
    for p in range(len(positions)):
        cell = int(positions[p])
        fraction = positions[p] - cell
        rho[cell] += charge[p] * (1.0 - fraction)
        rho[cell + 1] += charge[p] * fraction
    return rho


def deposit_at_once(weights, cells, n):
    rho = np.zeros(n)
    np.add.at(rho, cells, weights * weights)
    return rho


def histogram(x, centres, width):
    """A histogram with soft bins: every sample counts in each bin by its distance, one in all."""
    counts = np.zeros(len(centres))
    for i in range(len(x)):
        share = np.exp(-(((x[i] - centres) / width) ** 2))
        share /= np.sum(share)
        counts += share
    return counts


def convolution_by_scatter(x, w):
    m = len(w)
    y = np.zeros(len(x) + m - 1)
    for i in range(len(x)):
        y[i : i + m] += x[i] * w
    return y


def prefix_sums(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]
    return x


def prefix_sums_by_doubling(x):
    """Both sides overlap: NumPy reads the right one before it writes."""
    y = x.copy()
    shift = 1
    while shift < len(y):
        y[shift:] += y[:-shift]
        shift *= 2
    return y


def summed_area(image):
    table = np.zeros((image.shape[0] + 1, image.shape[1] + 1))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            table[i + 1, j + 1] = image[i, j] + table[i, j + 1] + table[i + 1, j] - table[i, j]
    return table[1:, 1:] ** 2


def running_product(x):
    out = np.ones(len(x) + 1)
    for i, v in enumerate(x):
        out[i + 1] = out[i] * v
    return out[1:]


def horner(coefficients, x):
    y = np.full_like(x, coefficients[0])
    for c in coefficients[1:]:
        y *= x
        y += c
    return y


def chebyshev(coefficients, x):
    """Clenshaw's recurrence: two buffers and one between them."""
    b1 = np.zeros_like(x)
    b2 = np.zeros_like(x)
    for k in range(len(coefficients) - 1, 0, -1):
        tmp = b1.copy()
        b1[:] = coefficients[k] + 2.0 * x * b1 - b2
        b2[:] = tmp
    return coefficients[0] + x * b1 - b2


def divided_differences(x, y, t):
    """Newton's interpolation: the table is built in place, from the bottom up."""
    c = y.copy()
    n = len(c)
    for k in range(1, n):
        for i in range(n - 1, k - 1, -1):
            c[i] = (c[i] - c[i - 1]) / (x[i] - x[i - k])
    value = c[n - 1]
    for i in range(n - 2, -1, -1):
        value = value * (t - x[i]) + c[i]
    return value


def deriche(image, alpha):
    """A recursive smoother along rows and columns, forwards and backwards; the parts are added."""
    k = (1.0 - np.exp(-alpha)) ** 2 / (1.0 + 2.0 * alpha * np.exp(-alpha) - np.exp(-2.0 * alpha))
    a1 = k
    a2 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0 * np.exp(-alpha)
    b2 = -np.exp(-2.0 * alpha)
    out = image.copy()
    for x in (out, out.T):
        w = x.shape[1]
        y1 = np.zeros_like(x)
        y2 = np.zeros_like(x)
        y1[:, 0] = a1 * x[:, 0]
        y1[:, 1] = a1 * x[:, 1] + a2 * x[:, 0] + b1 * y1[:, 0]
        for j in range(2, w):
            y1[:, j] = a1 * x[:, j] + a2 * x[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
        y2[:, -2] = a3 * x[:, -1]
        for j in range(w - 3, -1, -1):
            y2[:, j] = a3 * x[:, j + 1] + a4 * x[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]
        x[:, :] = y1 + y2
    return out


def biquad(x, a1, a2, b0, b1, b2):
    """A second-order section in transposed form: the state is two numbers of an array."""
    y = np.zeros_like(x)
    z = np.zeros(2)
    for n in range(len(x)):
        y[n] = b0 * x[n] + z[0]
        z[0] = b1 * x[n] - a1 * y[n] + z[1]
        z[1] = b2 * x[n] - a2 * y[n]
    return y


def delay_line(x, taps):
    """A filter with a finite response: what it remembers moves on by one."""
    line = np.zeros_like(taps)
    y = np.zeros_like(x)
    for n in range(len(x)):
        line[1:] = line[:-1]
        line[0] = x[n]
        y[n] = taps @ line
    return np.tanh(y)


def stockham(re, im):
    """The fast Fourier transform of a power of two; each pass writes the other pair of buffers."""
    n = len(re)
    re, im = re.copy(), im.copy()
    re2, im2 = np.zeros(n), np.zeros(n)
    half = n // 2
    stride = 1
    while half > 0:
        for p in range(half):
            angle = -np.pi * p / half
            c, s = np.cos(angle), np.sin(angle)
            for q in range(stride):
                i, j = q + stride * p, q + stride * (p + half)
                k = q + stride * 2 * p
                re2[k] = re[i] + re[j]
                im2[k] = im[i] + im[j]
                dr, di = re[i] - re[j], im[i] - im[j]
                re2[k + stride] = dr * c - di * s
                im2[k + stride] = dr * s + di * c
        re[:] = re2
        im[:] = im2
        half //= 2
        stride *= 2
    return re, im


def haar(x):
    """The wavelet transform of Haar in place, level by level."""
    n = len(x)
    while n > 1:
        half = n // 2
        mean = 0.5 * (x[0:n:2] + x[1:n:2])
        diff = 0.5 * (x[0:n:2] - x[1:n:2])
        x[:half] = mean
        x[half:n] = diff
        n = half
    return x


def walsh_hadamard(x):
    x = x.copy()
    h = 1
    while h < len(x):
        for i in range(0, len(x), 2 * h):
            for j in range(i, i + h):
                x[j], x[j + h] = x[j] + x[j + h], x[j] - x[j + h]
        h *= 2
    return x * x


def lifting(x, p, u):
    """A step of the lifting scheme: the odd samples are predicted, the even ones updated."""
    even, odd = x[::2], x[1::2]
    odd -= p * even
    even += u * np.tanh(odd)
    return x


STARTS = np.array([0, 2, 2, 3, 6])
COLUMNS = np.array([0, 2, 1, 0, 1, 3])

CASES = [
    case(symm, spread(3, 3), spread(3, 2), positive(3, 2), 1.3, 0.7),
    case(syrk, spread(3, 2), positive(3, 3), 1.3, 0.7),
    case(syr2k, spread(3, 2), positive(3, 2), spread(3, 3), 1.3, 0.7),
    case(trmm, spread(3, 3), spread(3, 2), 1.3),
    case(doitgen, spread(2, 2, 3), positive(3, 3)),
    case(gemver, spread(3, 3), spread(3), positive(3), spread(3), positive(3)),
    case(gemm_by_element, spread(2, 3), spread(3, 2), 1.3),
    case(covariance, spread(4, 3)),
    case(correlation, spread(4, 3)),
    case(spmv, spread(6), COLUMNS, STARTS, spread(4)),
    case(spmv_by_slices, spread(6), COLUMNS, STARTS, spread(4)),
    case(spmv_transposed, spread(6), COLUMNS, STARTS, spread(4), 4),
    case(assemble, positive(3), np.array([[0, 1], [1, 2], [2, 0]]), 3),
    case(particle_in_cell, np.array([0.3, 2.6, 1.4, 2.2]), spread(4), 5),
    case(deposit_at_once, spread(5), np.array([0, 2, 2, 1, 2]), 4),
    case(histogram, spread(4), np.array([-1.0, 0.0, 1.0]), 0.8),
    case(convolution_by_scatter, spread(4), positive(3)),
    case(prefix_sums, spread(5)),
    case(prefix_sums_by_doubling, spread(5)),
    case(summed_area, spread(3, 3)),
    case(running_product, positive(4)),
    case(horner, spread(4), positive(3)),
    case(chebyshev, spread(4), spread(3, low=-0.8, high=0.9)),
    case(divided_differences, np.array([0.0, 0.7, 1.1, 2.0]), spread(4), 0.9),
    case(deriche, spread(4, 5), 0.5),
    case(biquad, spread(5), -0.4, 0.3, 0.8, 0.2, -0.1),
    case(delay_line, spread(5), positive(3)),
    case(stockham, spread(4), positive(4)),
    case(haar, spread(4)),
    case(walsh_hadamard, spread(4)),
    case(lifting, spread(6), 0.6, 0.3),
]
