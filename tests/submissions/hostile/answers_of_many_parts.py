"""Answers with nested lists of thousands of parts, each compared with every known mistake. No points, and it has an end."""
# keeps: formula
# jail: left alone

# %% task="rate"
def rate(f, a, b): return [[0.5, [n, "x"]] for n in range(9000)]
# %% task="gradient"
def gradient(xs): return {n: {"a": [n, [float(n)]]} for n in range(8000)}
# %% task="train"
def train(xs, ys): return {"weights": [[1.0, ["w"]]] * 9000, "losses": [[n, ["x", [n]]] for n in range(9000)]}
# %% task="curve"
def curve(xs): return [[0.5, [n, "x"]] for n in range(9000)]
# %% task="derivative"
def derivative(f): return [[0.5, [n, "x"]] for n in range(9000)]
# %% task="counter"
class Counter:
    def __init__(self): self.total = [[0.5, [n, "x"]] for n in range(9000)]
    def add(self, n): return [[0.5, [n, "x"]] for n in range(9000)]
