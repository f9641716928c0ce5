"""Answers infinity, and numbers whose comparison overflows. No points."""

# jail: left alone

# %% task="rate"
rate = lambda f, a, b: float("inf")
# %% task="gradient"
gradient = lambda xs: xs + np.inf
# %% task="train"
train = lambda xs, ys: {"weights": [1e308, -np.inf], "losses": [np.inf] * 20}
# %% task="formula"
formula = "1/0 + oo + 10^10^10^10"
# %% task="derivative"
derivative = lambda f: lambda x: 10**4000
# %% task="counter"
class Counter:
    total = 1e400
    def add(self, n): return 10**4900
