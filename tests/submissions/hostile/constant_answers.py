"""Answers every task with one constant of the right kind. No points."""

# jail: left alone

# %% task="rate"
rate = lambda f, a, b: 1.0
# %% task="gradient"
gradient = lambda xs: np.ones(len(xs))
# %% task="train"
train = lambda xs, ys: {"weights": [1.0, 1.0], "losses": [0.0] * 20}
# %% task="formula"
formula = "1"
# %% task="curve"
def curve(xs):
    axes = plt.subplots()[1]
    axes.plot(xs, 0 * xs)
    return axes
# %% task="derivative"
derivative = lambda f: lambda x: 1.0
# %% task="counter"
class Counter:
    total = 1
    def add(self, n): return 1
