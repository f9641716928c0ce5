"""The reference answers of `w5_sampling`, with the variants of the student called "reference"."""

import numpy as np
from kit import variant

from grader.testing import choices


def as_dual(x):
    """From unit 1: a plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """From unit 1: the number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__


my_f = variant("two_estimators", choices(__file__)["FUNCTIONS"])


def draw_slope(draw, p, seed, h):
    """The central difference of one draw, with the same luck on both sides."""
    return mean_slope(draw, p, 1, seed, h)


def mean_slope(draw, p, n, seed, h):
    """The central difference of the mean of n draws, with the same luck on both sides."""

    def mean(p):
        rng = np.random.default_rng(seed)
        return sum(draw(p, rng) for _ in range(n)) / n

    return (mean(p + h) - mean(p - h)) / (2 * h)


dual_says = "b"


def reparam(mu, logvar, eps):
    """Draws from bells with the middles mu and the squared widths e^logvar, made from the noise eps."""
    return mu + np.exp(logvar / 2) * eps


def reparam_back(mu, logvar, eps, dz):
    """(dmu, dlogvar): the gradients of the loss, from its gradient dz with respect to the draws."""
    return dz, dz * eps * np.exp(logvar / 2) / 2


dz_dl = "n*e^(l/2)/2"


def score_grad(f, mu, n, rng):
    """(mean, standard error) of f times the score, over n draws from the bell with the middle mu and width 1."""
    z = mu + rng.standard_normal(n)
    values = f(z) * (z - mu)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


def path_grad(df, mu, n, rng):
    """(mean, standard error) of the slope df of f, over n draws from the bell with the middle mu and width 1."""
    values = df(mu + rng.standard_normal(n))
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


d_log = "(z - mu)/s^2"
d_mean = f"{2 * my_f['a']}*mu + {my_f['b']}"


def gumbel(rng, shape):
    """Gumbel noise -ln(-ln u), from u = rng.random(shape)."""
    return -np.log(-np.log(np.maximum(rng.random(shape), 1e-300)))


def gumbel_max(logits, g):
    """The side that wins, with the noise g added: a number for (k,), an array of them for (n, k)."""
    return np.argmax(logits + g, axis=-1)


def gumbel_softmax(logits, tau, g):
    """Soft throws (n, k): the softmax of each row of logits + g, at the temperature tau."""
    noisy = (logits + g) / tau
    raised = np.exp(noisy - np.max(noisy, axis=1, keepdims=True))
    return raised / np.sum(raised, axis=1, keepdims=True)


own_slope = "yi*(1 - yi)/tau"
other_slope = "-yi*yj/tau"


def gumbel_softmax_back(y, tau, dy):
    """The gradient (n, k) with respect to the logits, from the gradient dy with respect to the soft throws y."""
    return y * (dy - np.sum(y * dy, axis=1, keepdims=True)) / tau


def train_choice(rewards, lr, steps, tau, rng):
    """(logits, history): uphill on the mean reward of 64 soft throws in each step, from logits of 0."""
    logits, history = np.zeros(len(rewards)), []
    for _ in range(steps):
        y = gumbel_softmax(logits, tau, gumbel(rng, (64, len(rewards))))
        history.append(float(np.mean(y @ rewards)))
        logits = logits + lr * np.mean(gumbel_softmax_back(y, tau, rewards), axis=0)
    return logits, history


tau_tiny = "b"
