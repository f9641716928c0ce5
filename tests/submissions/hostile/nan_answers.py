"""Answers nan, which is never larger than a tolerance. A number was asked for: no points."""

# jail: left alone

# %% task="rate"
rate = lambda f, a, b: float("nan")
# %% task="gradient"
gradient = lambda xs: xs * float("nan")
# %% task="train"
train = lambda xs, ys: {"weights": [float("nan")] * 2, "losses": [float("nan")] * 20}
# %% task="formula"
formula = "nan"
# %% task="curve"
def curve(xs):
    axes = plt.subplots()[1]
    axes.plot(xs, xs * float("nan"))
    return axes
# %% task="derivative"
derivative = lambda f: lambda x: float("nan")
# %% task="counter"
class Counter:
    total = float("nan")
    def add(self, n): return self.total
