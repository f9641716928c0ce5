"""Answers with values that comparisons, slips and messages may trip over. They are wrong, never pending."""
# keeps: formula
# jail: left alone

# %% task="rate"
def rate(f, a, b): return [10**4000, -(10**400), {1.5: float("nan"), None: 1j, (1, 2): 3}]
# %% task="gradient"
def gradient(xs): return np.full(xs.shape, 1e308) * np.where(np.arange(xs.size) % 2, np.inf, np.nan)
# %% task="train"
def train(xs, ys): return {"weights": (10**4000, True), "losses": np.full(20, 1e308), float("nan"): "\ud800"}
# %% task="curve"
def curve(xs):
    _, axes = plt.subplots()
    axes.plot(xs, xs * np.nan); axes.plot([1e308, -1e308], [np.inf, -np.inf]); axes.scatter(xs, xs * 1e308)
    return axes
# %% task="derivative"
def derivative(f): return lambda x: 10**4000
# %% task="counter"
class Counter:
    total = {1: [], "a": {}}
    def add(self, n): return np.array(["x", "\ud800"])
