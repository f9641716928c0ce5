"""Answers with what never ends when it is listed, and claims any length. No points; its own time or memory ends it."""

# jail: left alone

# %% first
import itertools
class Endless:
    def __len__(self): return 2**62
    def __getitem__(self, n): return float(n)
    def __iter__(self): return iter(self.__next__, None)
    def __next__(self): return [0.0] * 100_000
# %% task="rate"
def rate(f, a, b): return (f(a) for _ in itertools.count())
# %% task="gradient"
def gradient(xs): return Endless()
# %% task="train"
def train(xs, ys): return {"weights": itertools.repeat(1.0), "losses": itertools.count()}
# %% task="curve"
def curve(xs): return itertools.cycle([0.0])
