"""Evaluating expressions that are nested tuples, by recursion."""

import math

from tests.corpus import case

BINARY = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b, "pow": pow}
UNARY = {"sin": math.sin, "exp": math.exp, "neg": lambda a: -a}


def evaluate(tree, x):
    """The value of a tree: a number, the letter 'x', or (operator, subtrees...)."""
    if isinstance(tree, (int, float)):
        return tree
    if tree == "x":
        return x
    operator, *parts = tree
    values = [evaluate(part, x) for part in parts]
    if len(values) == 1:
        return UNARY[operator](values[0])
    return BINARY[operator](*values)


def evaluate_in(tree, variables):
    """The same with a dict of variables, and the sum of any number of parts."""
    if isinstance(tree, float):
        return tree
    if isinstance(tree, str):
        return variables[tree]
    kind = tree[0]
    if kind == "sum":
        return sum(evaluate_in(part, variables) for part in tree[1:])
    if kind == "product":
        result = 1.0
        for part in tree[1:]:
            result *= evaluate_in(part, variables)
        return result
    if kind == "sin":
        return math.sin(evaluate_in(tree[1], variables))
    raise ValueError(kind)


TREE = ("add", ("mul", "x", ("sin", "x")), ("div", ("exp", ("neg", "x")), ("pow", "x", 2)))
FORMULA = ("sum", ("product", "a", "a", ("sin", "b")), ("product", 3.0, "b"), ("sin", ("product", "a", "b")))


def of_x(x):
    return evaluate(TREE, x)


def of_variables(variables):
    return evaluate_in(FORMULA, variables)


def leaf_values(tree, x):
    """Numbers in the tree are parameters, too."""
    if not isinstance(tree, tuple):
        return tree * x
    left, right = tree
    return leaf_values(left, x) * math.tanh(leaf_values(right, x) + x)


CASES = [
    case(of_x, 0.7),
    case(evaluate, TREE, 0.7, wrt=1),
    case(of_variables, {"a": 0.7, "b": 1.1}),
    case(leaf_values, ((0.5, 1.5), (2.0, (0.25, 1.0))), 0.7),
]
