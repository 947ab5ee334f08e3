"""Arrays without axes: they can be written to, as numbers cannot, and whoever has the same array sees it."""

import numpy as np

from tests.corpus import case, spread


def two_names_in_loop(x):
    a = np.zeros(())
    b = a
    for i in range(3):
        a += x * (i + 1)
    return a * b * x


def argument_under_another_name(x, n):
    s = x
    for _ in range(n):
        s += x
    return s * x


def numbers_under_another_name(x, n):
    s = x
    for _ in range(n):
        s += x
    return s * x


def sum_of_elements(x):
    s = np.array(0.0)
    for v in x:
        s += v * v
    s *= x[0]
    return s


def accumulate(total, x):
    total += x * x
    total[...] = total * x


def written_by_called_function(x):
    total = np.array(1.0)
    accumulate(total, x)
    accumulate(total, x)
    return total * x


def first_positive(total, x):
    for v in x:
        if v > 0.0:
            total += v * v
            return total
        total[...] = total * 2.0 + v
    return total


def written_by_function_with_early_return(x):
    total = np.array(1.0)
    y = first_positive(total, x)
    return total * y * x[0]


def element_as_view(x):
    a = x * 1.0
    b = a[1, ...]
    b += x[0]
    b *= b
    a[1] += 1.0
    return np.sum(a * a) * b


def squeezed(x):
    a = x.reshape(1, 1).copy()
    b = np.squeeze(a)
    b += x[0]
    b[...] = b * b
    return a[0, 0] * b


def reshaped_to_single(x):
    a = x * 2.0
    b = a.reshape(())
    b *= x[0]
    return np.sum(a) * b


def in_a_branch(x):
    a = np.array(1.0)
    b = a
    if x > 0.0:
        a += x
    else:
        a[()] = 2.0
    return a * b * x


def in_a_tuple(x):
    pair = (np.array(0.5), x)
    pair[0][...] = pair[0] * x + 1.0
    s = pair[0]
    s *= s
    return pair[0] * pair[1]


def selected(x):
    a = np.where(x > 0.0, x, 0.0)
    b = a
    b += x
    b *= x
    return a * b


def copied(x):
    a = np.array(2.0)
    b = a.copy()
    c = np.copy(x)
    a *= x
    b += a
    c += b
    return a * b * c * x


def rebound_is_apart(x):
    a = np.array(1.0)
    b = a
    for _ in range(2):
        a = a + x
    return a * b * x


def product_is_a_number(x):
    a = np.array(2.0)
    b = a * x
    c = b
    b += x
    return b * c


def counts(x):
    n = np.array(0)
    for v in x:
        n += 1
    return np.sum(x * x) * n


def single_precision(x):
    a = np.zeros((), dtype=np.float32)
    for v in x:
        a += v * v
    return a * x[0]


def converted_is_the_same(x):
    a = np.asarray(x)
    a += 1.0
    a *= x
    return a * x


def returned_from_argument(x):
    x *= 2.0
    x += x * x
    return x


def number_put_into_slice(s, x):
    b = x.copy()
    b[:1] = np.reshape(s, (1,))
    return b[0] * b[0] * b[1]


def number_put_into_rows(s, A):
    B = A.copy()
    B[:1, :1] = np.expand_dims(np.atleast_1d(s), 0)
    B[1:, 1:] = np.ravel(s)
    return B[0, 0] * B[1, 1] * B[0, 1]


def squeezed_before_a_write(x):
    a = x.reshape(1, 1).copy()
    b = a * 1.0
    s = np.squeeze(a) * 1.0
    y = a[0, 0] + 0.0
    a[0, 0] = s * y
    return np.squeeze(a) * np.squeeze(b) * s


def squeezed_result(x):
    y = np.squeeze(x * x)
    return y


CASES = [
    case(two_names_in_loop, 0.7),
    case(argument_under_another_name, np.array(0.7), 3),
    case(numbers_under_another_name, np.float64(0.7), 3),
    case(numbers_under_another_name, 0.7, 3, note="plain"),
    case(sum_of_elements, spread(3)),
    case(written_by_called_function, 0.7),
    case(written_by_function_with_early_return, spread(3)),
    case(element_as_view, spread(3)),
    case(squeezed, spread(1)),
    case(reshaped_to_single, spread(1)),
    case(in_a_branch, 0.7),
    case(in_a_branch, -0.7, note="else"),
    case(in_a_tuple, 0.7),
    case(selected, 0.7),
    case(copied, 0.7),
    case(rebound_is_apart, 0.7),
    case(product_is_a_number, 0.7),
    case(counts, spread(3)),
    case(single_precision, spread(3), single=True),
    case(converted_is_the_same, np.array(0.7)),
    case(returned_from_argument, np.array(0.7)),
    case(number_put_into_slice, 0.7, spread(2)),
    case(number_put_into_slice, np.float64(0.7), spread(2), note="numpy"),
    case(number_put_into_rows, 0.7, spread(2, 2)),
    case(squeezed_before_a_write, spread(1)),
    case(squeezed_result, spread(1, 1)),
]
