"""Wrong answers that end as our fault if anything of ours trips: undefined formulas, exits, interrupts, recursion. All zero."""

# jail: left alone

# %% task="rate"
def rate(f, a, b): raise KeyboardInterrupt
# %% task="gradient"
def gradient(xs): raise GeneratorExit
# %% task="train"
def train(xs, ys):
    x = {}
    for _ in range(100_000): x = {"weights": x, "losses": x}
    return x
# %% task="formula"
formula = "3*x^2 + ln(-1 - x^2)*0"
# %% task="curve"
def curve(xs):
    _, axes = plt.subplots()
    axes.plot(xs, xs * xs)
    del axes.lines[0:0]
    axes.figure = None
    return [axes]
# %% task="derivative"
def derivative(f): return derivative
# %% task="counter"
class Counter:
    total = property(lambda self: 1 / 0)
    def add(self, n): raise SystemExit(3)
