"""Raises SystemExit, KeyboardInterrupt and GeneratorExit in the tasks to end the test as if it had passed. No points."""
# %% task="rate"
def rate(f, a, b): raise SystemExit(0)
# %% task="gradient"
def gradient(xs): raise KeyboardInterrupt
# %% task="train"
def train(xs, ys): raise GeneratorExit
# %% task="derivative"
def derivative(f): raise StopIteration
# %% task="curve"
def curve(xs):
    import os
    os._exit(0)
# %% task="counter"
class Counter:
    def add(self, n): quit()
