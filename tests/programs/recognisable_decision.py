"""Decisions with early return: what a contract pays, what a household is taxed."""

import math

from tests.corpus import case

BRACKETS = [(11_000.0, 0.0), (45_000.0, 0.12), (95_000.0, 0.22), (None, 0.35)]


def income_tax(income, children=0):
    """Tax by brackets, each with its own rate."""
    if income <= 0.0:
        return 0.0
    tax, lower = 0.0, 0.0
    for upper, rate in BRACKETS:
        if upper is None or income <= upper:
            tax += rate * (income - lower)
            break
        tax += rate * (upper - lower)
        lower = upper
    credit = 500.0 * children
    if credit >= tax:
        return 0.0
    return tax - credit


def insurance_payout(damage, deductible, limit, coinsurance=0.8):
    if damage < deductible:
        return 0.0
    covered = coinsurance * (damage - deductible)
    if covered > limit:
        return limit
    return covered


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def option_value(spot, strike, rate, volatility, years, kind="call"):
    """Black and Scholes."""
    if kind not in ("call", "put"):
        raise ValueError(f"kind must be 'call' or 'put', not {kind!r}")
    if years <= 0.0:
        return max(spot - strike, 0.0) if kind == "call" else max(strike - spot, 0.0)
    spread = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + 0.5 * volatility**2) * years) / spread
    d2 = d1 - spread
    discount = math.exp(-rate * years)
    if kind == "call":
        return spot * normal_cdf(d1) - strike * discount * normal_cdf(d2)
    return strike * discount * normal_cdf(-d2) - spot * normal_cdf(-d1)


CASES = [
    case(income_tax, 30_000.0, second_order=False),
    case(income_tax, 120_000.0, 2, second_order=False, note="last_bracket"),
    case(insurance_payout, 5.0, 1.0, 10.0),
    case(insurance_payout, 50.0, 1.0, 10.0, note="at_the_limit"),
    case(option_value, 100.0, 95.0, 0.03, 0.2, 1.5),
    case(option_value, 100.0, 95.0, 0.03, 0.2, 1.5, "put", note="put"),
]
