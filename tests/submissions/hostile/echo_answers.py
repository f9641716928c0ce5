"""Answers with what it was given. No points."""

# jail: left alone

# %% task="rate"
rate = lambda f, a, b: f(b)
# %% task="gradient"
gradient = lambda xs: xs
# %% task="train"
train = lambda xs, ys: {"weights": list(map(float, ys[:2])), "losses": [float(y) ** 2 for y in ys]}
# %% task="derivative"
derivative = lambda f: f
# %% task="counter"
class Counter:
    def add(self, n):
        self.total = n
        return n
