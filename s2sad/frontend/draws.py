"""What random generators can be asked for: the parameters of each method, the kind of its result, its derivative.

The derivative of a draw ``z`` by a parameter is that of the same draw seen as a function of the parameter, the random
number behind it being fixed (Kingma and Welling, "Auto-encoding variational Bayes", 2014).  It is known from ``z``:

    normal, laplace, logistic, gumbel      z = loc + scale·ε            ∂z = 1, (z - loc) / scale
    uniform                                z = low + (high - low)·ε     ∂z = (high - z) / (high - low), (z - low) / (…)
    exponential, rayleigh, gamma           z = scale·ε                  ∂z = z / scale
    lognormal                              z = exp(mean + sigma·ε)      ∂z = z, z·(log z - mean) / sigma
    random.expovariate                     z = ε / lambd                ∂z = -z / lambd

where ε does not depend on the parameters named here.  No other parameter may carry a derivative.
"""

from __future__ import annotations

from dataclasses import dataclass

from s2sad.frontend.opaque import GENERATOR, LOGGER, RANDOM, STATE


@dataclass(frozen=True)
class Draw:
    """A method: the names of its parameters, and the kind of its result, a number without ``size``.

    ``rule`` is the operation that has the derivative, ``moving`` are the parameters that it is taken by.
    """

    parameters: tuple[str, ...]
    kind: str
    rule: str = ""
    moving: tuple[str, ...] = ()


_LOCATION, _SCALE, _RANGE = "placed loc scale", "scaled scale", "between low high"
_OF_BOTH = {
    "normal": ("loc scale size", "float", _LOCATION),
    "laplace": ("loc scale size", "float", _LOCATION),
    "logistic": ("loc scale size", "float", _LOCATION),
    "gumbel": ("loc scale size", "float", _LOCATION),
    "uniform": ("low high size", "float", _RANGE),
    "exponential": ("scale size", "float", _SCALE),
    "rayleigh": ("scale size", "float", _SCALE),
    "gamma": ("shape scale size", "float", _SCALE),
    "lognormal": ("mean sigma size", "float", "placed_log mean sigma"),
    "beta": ("a b size", "float", ""),
    "chisquare": ("df size", "float", ""),
    "f": ("dfnum dfden size", "float", ""),
    "standard_t": ("df size", "float", ""),
    "standard_cauchy": ("size", "float", ""),
    "triangular": ("left mode right size", "float", ""),
    "vonmises": ("mu kappa size", "float", ""),
    "wald": ("mean scale size", "float", ""),
    "weibull": ("a size", "float", ""),
    "pareto": ("a size", "float", ""),
    "power": ("a size", "float", ""),
    "poisson": ("lam size", "int", ""),
    "binomial": ("n p size", "int", ""),
    "negative_binomial": ("n p size", "int", ""),
    "geometric": ("p size", "int", ""),
    "hypergeometric": ("ngood nbad nsample size", "int", ""),
    "logseries": ("p size", "int", ""),
    "zipf": ("a size", "int", ""),
    "noncentral_chisquare": ("df nonc size", "float", ""),
    "noncentral_f": ("dfnum dfden nonc size", "float", ""),
    "choice": ("a size replace p", "index", ""),
    "permutation": ("x", "permutation", ""),
    "shuffle": ("x", "shuffle", ""),
    "dirichlet": ("alpha size", "vector", ""),
    "multivariate_normal": ("mean cov size check_valid tol", "vector", ""),
}
_OF_GENERATORS = {
    "standard_normal": ("size dtype", "float", ""),
    "standard_exponential": ("size dtype method", "float", ""),
    "standard_gamma": ("shape size dtype", "float", ""),
    "random": ("size dtype", "float", ""),
    "integers": ("low high size dtype endpoint", "integers", ""),
    "choice": ("a size replace p axis shuffle", "index", ""),
    "permutation": ("x axis", "permutation", ""),
    "shuffle": ("x axis", "shuffle", ""),
}
_OF_STATES = {
    "standard_normal": ("size", "float", ""),
    "standard_exponential": ("size", "float", ""),
    "standard_gamma": ("shape size", "float", ""),
    "random": ("size", "float", ""),
    "random_sample": ("size", "float", ""),
    "ranf": ("size", "float", ""),
    "sample": ("size", "float", ""),
    "rand": ("", "lengths", ""),
    "randn": ("", "lengths", ""),
    "randint": ("low high size dtype", "randint", ""),
    "seed": ("seed", "nothing", ""),
}
_OF_RANDOM = {
    "random": ("", "float", ""),
    "uniform": ("a b", "float", "between a b"),
    "gauss": ("mu sigma", "float", "placed mu sigma"),
    "normalvariate": ("mu sigma", "float", "placed mu sigma"),
    "lognormvariate": ("mu sigma", "float", "placed_log mu sigma"),
    "expovariate": ("lambd", "float", "placed_rate lambd"),
    "triangular": ("low high mode", "float", ""),
    "betavariate": ("alpha beta", "float", ""),
    "gammavariate": ("alpha beta", "float", "scaled beta"),
    "weibullvariate": ("alpha beta", "float", "scaled alpha"),
    "paretovariate": ("alpha", "float", ""),
    "vonmisesvariate": ("mu kappa", "float", ""),
    "randint": ("a b", "int", ""),
    "randrange": ("start stop step", "int", ""),
    "choice": ("seq", "item", ""),
    "seed": ("a", "nothing", ""),
}


def _read(table: dict[str, tuple[str, str, str]]) -> dict[str, Draw]:
    made = {}
    for name, (parameters, kind, rule) in table.items():
        fn, *moving = rule.split() or [""]
        made[name] = Draw(tuple(parameters.split()), kind, fn, tuple(moving))
    return made


# By the class of the generator.
METHODS: dict[str, dict[str, Draw]] = {
    GENERATOR: _read({**_OF_BOTH, **_OF_GENERATORS}),
    STATE: _read({**_OF_BOTH, **_OF_STATES}),
    RANDOM: _read(_OF_RANDOM),
}
# The functions of a module are methods of a generator of its own.
MODULES = {"np.random": STATE, "random": RANDOM}
# What makes an object of run time, and its class.
MAKERS = {"logging.getLogger": LOGGER,
          "np.random.default_rng": GENERATOR, "np.random.RandomState": STATE, "random.Random": RANDOM,
          "np.random.Generator": GENERATOR, "np.random.PCG64": "bit generator", "np.random.MT19937": "bit generator",
          "np.random.Philox": "bit generator", "np.random.SFC64": "bit generator"}
