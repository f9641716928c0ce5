# %% walk | a reduce
from functools import reduce
def walk(df, x, lr, steps):
    return reduce(lambda at, _: at - lr * df(at), range(steps), x)

# %% nudged | rows of the identity
def nudged(f, x, h=1e-5):
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(x.size)]).reshape(x.shape)

# %% layer_back | einsum
def layer_back(X, W, dY):
    return np.einsum("no,io->ni", dY, W), np.einsum("ni,no->io", X, dY), np.einsum("no->o", dY)

# %% average_rate | fractions from the standard library only for the refusal
def average_rate(f, a, b):
    run = b - a
    if not run:
        raise ValueError("no run")
    left, right = map(f, (a, b))
    return (right - left) / run
rate_of_square = "h + 2a"

# %% dual_divide_power | repeated squaring, and a negative power through divide
def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    out, base = Dual(1, 0), Dual(p.real, p.inf)
    while n:
        if n & 1:
            out = times(out, base)
        base, n = times(base, base), n >> 1
    return out
Dual.__pow__ = power

# %% dual_compare | operator and a ternary
import operator
def smaller(p, q):
    return operator.lt(p.real, as_dual(q).real)
def equal(p, q):
    return operator.eq(as_dual(p).real, as_dual(q).real)
def size(p):
    return [p, -p][p.real < 0]
Dual.__lt__, Dual.__eq__, Dual.__abs__ = smaller, equal, size

# %% poly_derivative | numpy.polynomial
def poly_derivative(c):
    return [k * a for k, a in enumerate(c)][1:] if len(c) > 1 else [0]

# %% exp_by_steps | recursion
def grow(x, n):
    def go(y, left):
        return y if left == 0 else go(y + y * (x / n), left - 1)
    return go(1, n)

# %% chain_rule_1d | itertools.accumulate
import itertools
def chain(fs, dfs):
    fs, dfs = tuple(fs), tuple(dfs)
    def total(x):
        places = itertools.accumulate(fs[:-1], lambda at, f: f(at), initial=x) if fs else []
        return math.prod(d(at) for d, at in zip(dfs, places))
    return total

# %% slopes_from_output | expm1
def dsoftplus_from_output(a):
    return -np.expm1(-np.asarray(a, dtype=float))
def drelu_from_output(a):
    return np.heaviside(np.asarray(a, dtype=float), 0)

# %% topological_order | a generator
def topological(node):
    seen = set()
    def walk(n):
        if id(n) not in seen:
            seen.add(id(n))
            for m in reversed(n.inputs):
                yield from walk(m)
            yield n
    return [*walk(node)]

# %% value_engine | everything by way of the others
def _neg(self): return self * -1
def _sub(self, other): return self + -as_value(other)
def _rsub(self, other): return -self + other
def _div(self, other): return self * as_value(other) ** -1
def _rdiv(self, other): return self**-1 * other
Value.__neg__, Value.__sub__, Value.__rsub__ = _neg, _sub, _rsub
Value.__truediv__, Value.__rtruediv__ = _div, _rdiv

# %% softmax | logaddexp.reduce
def softmax(Z):
    Z = np.asarray(Z, dtype=float)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])

# %% softmax_ce | by the identity matrix
def ce(Z, y):
    L = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    T = np.eye(Z.shape[1])[y]
    return -float(np.einsum("ij,ij->", T, L)) / len(y), (np.exp(L) - T) / len(y)

# %% relative_error | divide with where
def relative_error(a, b):
    a, b = (np.array(v, dtype=float) for v in (a, b))
    if a.shape != b.shape:
        raise ValueError((a.shape, b.shape))
    top, low = abs(a - b), np.maximum(abs(a), abs(b))
    return float(np.divide(top, low, out=np.zeros_like(top), where=low != 0).max(initial=0.0))

# %% backward | recursion from the front
def forward(params, X):
    (W, b), *rest = params
    z = X @ W + b
    if not rest:
        return z, (X, None, None)
    out, deeper = forward(rest, np.tanh(z))
    return out, (X, z, deeper)
def backward(params, cache, dout):
    def go(params, cache):
        (W, _), *rest = params
        X, z, deeper = cache
        if not rest:
            return dout @ W.T, [(X.T @ dout, dout.sum(0))]
        da, pairs = go(rest, deeper)
        dz = da / np.cosh(z) ** 2
        return dz @ W.T, [(X.T @ dz, dz.sum(0)), *pairs]
    return go(list(params), cache)[1]

# %% mle | statistics module
import statistics
def mle(y):
    mu = statistics.fmean(y)
    return mu, statistics.fmean([(float(v) - mu) ** 2 for v in y])

# %% gumbel_softmax_back | the Jacobian by einsum
def gumbel_softmax_back(y, tau, dy):
    J = np.einsum("ni,ij->nij", y, np.eye(y.shape[1])) - np.einsum("ni,nj->nij", y, y)
    return np.einsum("nij,ni->nj", J, dy) / tau

# %% rbf_kernel | broadcasting over the last axis with linalg.norm
def rbf_kernel(X, Y, gamma):
    d = np.linalg.norm(np.subtract(np.asarray(X, float)[:, None], np.asarray(Y, float)[None]), axis=-1)
    return np.exp(-gamma * d * d)
