"""Answers with 60 MB of array, of text, of bytes. More than a frame may hold is refused: its tasks alone are lost."""
# keeps: formula derivative counter
# %% task="rate"
def rate(f, a, b): return "x" * 60_000_000
# %% task="gradient"
def gradient(xs): return np.zeros(7_500_000)
# %% task="train"
def train(xs, ys): return {"weights": [1.0, 2.0], "losses": bytes(60_000_000)}
# %% task="curve"
def curve(xs):
    axes = plt.subplots()[1]
    axes.plot(np.zeros(3_000_000))
    axes.set_title("t" * 5_000_000)
    return axes
