"""Raises what would be a fault of the grader's, had the grader raised it, so that a person would have to look. All of it is the student's: zero points, nothing pending."""
# keeps: formula
# jail: left alone

# %% first
class OverBudget(BaseException): pass
class Undecided(Exception): pass
class GraderError(Exception): pass
# %% task="rate"
def rate(f, a, b): raise MemoryError
# %% task="gradient"
def gradient(xs): raise OSError(28, "No space left on device")
# %% task="train"
def train(xs, ys): raise KeyboardInterrupt
# %% task="curve"
def curve(xs): raise Undecided
# %% task="derivative"
def derivative(f):
    def slope(x): raise GraderError("the reference fails its own hidden tests")
    return slope
# %% task="counter"
class Counter:
    def add(self, n): raise OverBudget("memory")
