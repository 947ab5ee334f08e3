"""``try``: exceptions that the program expects, of operations and of its own."""

import math

import numpy as np

from tests.corpus import case, positive, spread


def not_raised(x):
    try:
        y = 1.0 / x
    except ZeroDivisionError:
        y = 0.0
    return y * x * x


def raised_by_a_division(x, y):
    try:
        z = x / y
    except ZeroDivisionError:
        z = x * x
    return z * x


def raised_by_math(x, y):
    try:
        z = x * math.log(y)
    except ValueError:
        z = x**3
    return z + x


def overflow(x, n):
    try:
        y = x * math.exp(n)
    except OverflowError:
        y = 3.0 * x * x
    return y


def with_else(x, y):
    try:
        z = x / y
    except ZeroDivisionError:
        w = x
    else:
        w = z * z
    return w * x


def with_finally(x, y):
    z = x
    try:
        z = x * x / y
    except ZeroDivisionError:
        z = x**3
    finally:
        w = x + 1.0
    return z * w


def with_all_parts(x, y):
    total = 0.0
    try:
        z = x / y
    except ZeroDivisionError:
        total = total + x
    else:
        total = total + z * x
    finally:
        total = total * x
    return total


def several_handlers(x, y, n):
    try:
        z = math.sqrt(y) / n + math.exp(y)
    except ZeroDivisionError:
        z = 2.0
    except ValueError:
        z = x
    except OverflowError:
        z = x * x
    return z * x


def a_tuple_of_classes(x, y):
    try:
        z = x * math.log(y)
    except (KeyError, ValueError, ZeroDivisionError):
        z = x * x
    return z * x


def a_base_class(x, y):
    try:
        z = x / y
    except ArithmeticError:
        z = x * x
    return z * x


def everything(x, y):
    try:
        z = x / y
    except:  # noqa: E722
        z = x * x
    return z * x


def any_exception(x, y):
    try:
        z = math.sin(x) / y
        w = z * x
    except Exception:
        w = x**3
    return w * x


def returns_in_the_body(x, y):
    try:
        return x * x / y
    except ZeroDivisionError:
        return x**3


def returns_in_the_handler(x, y):
    try:
        z = x / y
    except ZeroDivisionError:
        return x * 2.0
    return z * z


def returns_on_some_paths(x, y, flag):
    try:
        if flag:
            return x / y
        z = x * x / y
    except ZeroDivisionError:
        if x > 1.0:
            return x
        z = 5.0 * x
    return z * x


def returns_in_else_and_finally(x, y):
    try:
        z = x / y
    except ZeroDivisionError:
        z = x
    else:
        return z * z
    finally:
        x = x * 100.0
    return z * x


def finally_returns(x, y):
    try:
        z = x / y
        return z
    finally:
        return x * x  # noqa: B012


def explicit_raise(x):
    try:
        if x < 0.0:
            raise ValueError("negative")
        y = np.sqrt(x)
    except ValueError:
        y = -x * x
    return y * x


def raise_that_is_certain(x):
    try:
        raise KeyError("always")
    except KeyError:
        y = x * x
    return y


def raise_of_another_class(x):
    try:
        try:
            raise KeyError("always")
        except ValueError:
            y = x
    except LookupError:
        y = x**3
    return y


def nested(x, y, z):
    try:
        try:
            a = x / y
        except ZeroDivisionError:
            a = x * x / z
    except ZeroDivisionError:
        a = x**3
    return a * x


def reraised(x, y):
    try:
        try:
            a = x / y
        except ZeroDivisionError:
            if x < 0.0:
                raise
            a = x
    except ArithmeticError:
        a = x * x
    return a * x


def raised_in_the_handler(x, y):
    try:
        try:
            a = x / y
        except ZeroDivisionError as error:
            raise ValueError("bad") from error
    except ValueError:
        a = x * x
    return a


def checked(x):
    if x > 5.0:
        raise ValueError("too large")
    return x * x


def of_a_called_function(x):
    try:
        y = checked(x) * 2.0
    except ValueError:
        y = x
    return y * x


def deep(x, n):
    if n == 0:
        if x > 5.0:
            raise OverflowError(f"{x} is too large")
        return x
    return deep(x * 1.5, n - 1) * x


def of_a_recursive_function(x, n):
    try:
        y = deep(x, n)
    except OverflowError:
        y = x * x
    return y * x


def guarded_division(x, y):
    try:
        return x / y
    except ZeroDivisionError:
        return x * x


def inside_a_called_function(x, y):
    return guarded_division(x, y) * guarded_division(y + 1.0, x)


def inside_a_nested_function(x, y):
    def safe(a, b):
        try:
            c = a / b
        except ZeroDivisionError:
            c = a
        return c * x

    return safe(x, y) + safe(x * x, 2.0)


def in_a_loop(x, ys):
    total = 0.0
    for k in range(3):
        try:
            total = total + x * math.log(float(ys[k]))
        except ValueError:
            total = total + x * x
    return total


def with_continue_and_break(x, ys):
    total = x
    for k in range(len(ys)):
        try:
            part = x / float(ys[k])
        except ZeroDivisionError:
            continue
        if part > 5.0:
            break
        total = total * part
    return total


def leaves_the_loop(x, ys):
    total = 1.0
    for k in range(len(ys)):
        try:
            total = total * x / float(ys[k])
        except ZeroDivisionError:
            break
        else:
            total = total + x
    return total * x


def returns_from_a_loop(x, ys):
    try:
        for k in range(len(ys)):
            y = x / float(ys[k])
            if y > 2.0:
                return y * y
        z = x
    except ZeroDivisionError:
        z = x * x
    return z * x


def around_a_loop(x, ys):
    try:
        total = 0.0
        for k in range(len(ys)):
            total = total + x * x / float(ys[k])
    except ZeroDivisionError:
        return x
    return total


def in_a_branch(x, y):
    if x > 0.0:
        try:
            z = x / y
        except ZeroDivisionError:
            z = x
    else:
        z = x * x
    return z * x


def with_a_branch_inside(x, y):
    try:
        if x > 0.0:
            z = x / y
        else:
            z = x * x
    except ZeroDivisionError:
        z = x**3
    return z * x


def factor(a):
    jitter = 0.0
    while True:
        try:
            low = np.linalg.cholesky(a + jitter * np.eye(3))
            break
        except np.linalg.LinAlgError:
            jitter = 10.0 * jitter + 0.1
    return np.sum(np.sin(low))


def retry(a):
    for jitter in (0.0, 0.5, 2.5):
        try:
            low = np.linalg.cholesky(a + jitter * np.eye(3))
            break
        except np.linalg.LinAlgError:
            continue
    else:
        raise np.linalg.LinAlgError("not positive definite")
    return np.sum(low * low * low)


def fallback(a, b):
    try:
        x = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        x = np.sin(b)
    return np.sum(x * x)


def logarithm_of_determinant(a):
    try:
        low = np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return -1e10
    return 2.0 * np.sum(np.log(np.diag(low)))


def counts_before(x, ys):
    n, total = 0, 0.0
    for k in range(len(ys)):
        try:
            n += 1
            total = total + x / float(ys[k])
        except ZeroDivisionError:
            total = total + n * x * x
    return total * n


def writes_after(x, ys):
    out = np.zeros(4)
    for k in range(4):
        try:
            out[k] = x * math.log(float(ys[k]))
        except ValueError:
            out[k] = x * x
    return np.sum(out * out)


def assigned_before(x, y, z):
    n = x
    try:
        n = x / y
        n = n * x / z
    except ZeroDivisionError:
        n = n * x
    return n * x


def assigned_in_a_branch(x, y, z):
    n = x
    try:
        if z > 1.0:
            n = x * x / y
        else:
            n = x / y
    except ZeroDivisionError:
        pass
    return n * x


def needed_by_the_handler(x, y, z):
    if z > 1.0:
        n = x
    else:
        n = x * x
    try:
        m = x / y
        if z > 2.0:
            n = m
        else:
            n = 2.0 * m
        n = n / z
    except ZeroDivisionError:
        n = n * x
    return n * x


def written_before(x, y, z):
    out = np.ones(3)
    try:
        out[0] = x / y
        out[1] = x * x / z
        out[2] = x
    except ZeroDivisionError:
        out[2] = out[0] * x
    return np.sum(out * out)


def appended_before(x, y, z):
    parts = [x]
    try:
        parts.append(x / y)
        parts.append(x * x / z)
    except ZeroDivisionError:
        parts.append(2.0 * x)
    return parts[-1] * parts[0]


def missing_key(x, table):
    try:
        scale = table["scale"]
    except KeyError:
        scale = 3.0
    return x * scale * x


def missing_attribute(x):
    try:
        n = x.shape[0]
    except AttributeError:
        return x * x
    return np.sum(x) * n


def no_length(x):
    try:
        n = len(x)
    except TypeError:
        n = 1
    return np.sum(x * x) * n


def none_as_a_number(x, scale):
    try:
        y = x * scale
        if scale > 1.0:
            y = y * x
    except TypeError:
        y = x * x
    return y


def a_number_that_is_called(x):
    try:
        return x(2.0) * x
    except TypeError:
        return x * x


def conversion(x, text):
    try:
        scale = float(text)
    except ValueError:
        scale = 2.0
    return scale * x * x


def unpacking(x, pair):
    try:
        a, b = pair
    except ValueError:
        a = b = 1.0
    except TypeError:
        a, b = pair, 2.0
    return a * x + b * x * x


def import_that_fails(x):
    try:
        import no_such_module_anywhere as m
    except ImportError:
        m = None
    return x * x if m is None else x


def index_out_of_range(x, values):
    try:
        v = values[3]
    except IndexError:
        v = 2.0
    return v * x * x


def element_out_of_range(x, k):
    try:
        v = x[k]
    except IndexError:
        v = x[0] * x[1]
    return v * x[2]


def names_the_exception(x, y):
    try:
        z = x / y
    except ZeroDivisionError as error:
        if x > 100.0:
            raise error
        told = f"{error} of {x}"
        z = x * x
        if x > 10.0:
            raise ValueError(told) from error
    return z * x


def passes(x, y):
    z = x * x
    try:
        z = x / y
    except ZeroDivisionError:
        pass
    return z * x


POSITIVE = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
INDEFINITE = np.array([[1.0, 0.3, 0.1], [0.3, -0.25, 0.2], [0.1, 0.2, 0.5]])
YS = np.array([2.0, 0.5, -1.0, 3.0])
ZS = np.array([0.5, 0.0, 0.1, 2.0])
CASES = [
    case(not_raised, 0.7),
    *(case(f, 0.7, y, wrt=0, note=note) for f in (
        raised_by_a_division, with_else, with_finally, with_all_parts, a_base_class, everything, any_exception,
        returns_in_the_body, returns_in_the_handler, returns_in_else_and_finally, finally_returns, reraised,
        raised_in_the_handler, in_a_branch, with_a_branch_inside, passes, guarded_division)
      for y, note in ((2.0, ""), (0.0, "raised"))),
    *(case(f, 0.7, y, wrt=0, note=note) for f in (raised_by_math, a_tuple_of_classes)
      for y, note in ((2.0, ""), (-1.0, "raised"))),
    case(overflow, 0.7, 1.0, wrt=0),
    case(overflow, 0.7, 1000.0, wrt=0, note="raised"),
    case(several_handlers, 0.7, 2.0, 1.0, wrt=0),
    case(several_handlers, 0.7, 2.0, 0.0, wrt=0, note="division"),
    case(several_handlers, 0.7, -2.0, 1.0, wrt=0, note="value"),
    case(several_handlers, 0.7, 2000.0, 1.0, wrt=0, note="overflow"),
    case(returns_on_some_paths, 0.7, 2.0, True, wrt=0),
    case(returns_on_some_paths, 0.7, 2.0, False, wrt=0, note="other"),
    case(returns_on_some_paths, 0.7, 0.0, False, wrt=0, note="raised"),
    case(returns_on_some_paths, 1.7, 0.0, True, wrt=0, note="returned"),
    case(explicit_raise, 0.7),
    case(explicit_raise, -0.7, note="raised"),
    case(raise_that_is_certain, 0.7),
    case(raise_of_another_class, 0.7),
    case(nested, 0.7, 2.0, 3.0, wrt=0),
    case(nested, 0.7, 0.0, 3.0, wrt=0, note="inner"),
    case(nested, 0.7, 0.0, 0.0, wrt=0, note="outer"),
    case(reraised, -0.7, 0.0, wrt=0, note="again"),
    case(of_a_called_function, 0.7),
    case(of_a_called_function, 5.7, note="raised"),
    case(of_a_recursive_function, 0.7, 3, wrt=0),
    case(of_a_recursive_function, 2.7, 3, wrt=0, note="raised"),
    case(inside_a_called_function, 0.7, 2.0),
    case(inside_a_called_function, 0.7, 0.0, wrt=0, note="raised"),
    case(inside_a_nested_function, 0.7, 2.0),
    case(inside_a_nested_function, 0.7, 0.0, wrt=0, note="raised"),
    *(case(f, 0.7, ys, wrt=0, note=note) for f in (
        in_a_loop, with_continue_and_break, leaves_the_loop, returns_from_a_loop, around_a_loop, counts_before,
        writes_after) for ys, note in ((YS, ""), (ZS, "zero"))),
    *(case(f, a, note=note) for f in (factor, retry, logarithm_of_determinant)
      for a, note in ((POSITIVE, ""), (INDEFINITE, "indefinite"))),
    case(fallback, POSITIVE, spread(3)),
    case(fallback, np.ones((3, 3)), spread(3), wrt=1, note="singular"),
    *(case(f, 0.7, y, z, wrt=0, note=note) for f in (
        assigned_before, assigned_in_a_branch, needed_by_the_handler, written_before, appended_before)
      for y, z, note in ((2.0, 3.0, ""), (0.0, 3.0, "first"), (2.0, 0.0, "second"))),
    case(missing_key, 0.7, {"scale": 2.0}),
    case(missing_key, 0.7, {"other": 2.0}, wrt=0, note="missing"),
    case(missing_attribute, 0.7),
    case(missing_attribute, positive(3), note="array"),
    case(no_length, 0.7),
    case(no_length, positive(3), note="array"),
    case(none_as_a_number, 0.7, 2.0),
    case(none_as_a_number, 0.7, None, note="none"),
    case(a_number_that_is_called, 0.7),
    case(conversion, 0.7, "1.5"),
    case(conversion, 0.7, "abc", note="bad"),
    case(unpacking, 0.7, (1.5, 2.5), wrt=0),
    case(unpacking, 0.7, (1.5, 2.5, 3.5), wrt=0, note="long"),
    case(unpacking, 0.7, 1.5, note="number"),
    case(import_that_fails, 0.7),
    case(index_out_of_range, 0.7, [1.0, 2.0, 3.0, 4.0]),
    case(index_out_of_range, 0.7, [1.0], wrt=0, note="short"),
    case(element_out_of_range, positive(3), 1, wrt=0),
    case(element_out_of_range, positive(3), 7, wrt=0, note="raised"),
    case(names_the_exception, 0.7, 2.0),
    case(names_the_exception, 0.7, 0.0, wrt=0, note="raised"),
]
