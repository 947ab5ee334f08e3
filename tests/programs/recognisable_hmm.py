"""The forward algorithm of a hidden Markov model, and the likelihood of a chain-structured field, in Python loops."""

import math


def logsumexp(values):
    """log(exp(a) + exp(b) + ...), without overflow."""
    largest = max(values)
    return largest + math.log(sum(math.exp(v - largest) for v in values))


def forward_log_likelihood(log_initial, log_transition, log_emission, observations):
    """log P(observations) of a hidden Markov model given as lists of lists of logarithms."""
    states = range(len(log_initial))
    alpha = [log_initial[s] + log_emission[s][observations[0]] for s in states]
    for o in observations[1:]:
        alpha = [
            logsumexp([alpha[r] + log_transition[r][s] for r in states]) + log_emission[s][o] for s in states
        ]
    return logsumexp(alpha)


def crf_log_likelihood(unary, pairwise, labels):
    """The log-probability of a labelling under a linear-chain conditional random field."""
    n, k = len(unary), len(pairwise)
    score = unary[0][labels[0]]
    for t in range(1, n):
        score += pairwise[labels[t - 1]][labels[t]] + unary[t][labels[t]]
    alpha = list(unary[0])
    for t in range(1, n):
        new = []
        for j in range(k):
            new.append(unary[t][j] + logsumexp([alpha[i] + pairwise[i][j] for i in range(k)]))
        alpha = new
    return score - logsumexp(alpha)


INITIAL = [math.log(p) for p in (0.6, 0.4)]
TRANSITION = [[math.log(p) for p in row] for row in ((0.7, 0.3), (0.4, 0.6))]
EMISSION = [[math.log(p) for p in row] for row in ((0.5, 0.4, 0.1), (0.1, 0.3, 0.6))]
UNARY = [[0.2, -0.1, 0.4], [0.5, 0.3, -0.6], [-0.2, 0.1, 0.7], [0.9, -0.3, 0.05]]
PAIRWISE = [[0.1, -0.2, 0.3], [0.4, 0.15, -0.1], [-0.3, 0.2, 0.25]]

CASES = []
