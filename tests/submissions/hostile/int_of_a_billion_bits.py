"""Answers with an int of a billion bits, and with ints just below the limit. What is too large is refused: no points."""
# keeps: formula curve derivative counter
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b): return 1 << 10**9
# %% task="gradient"
def gradient(xs): reply({"t": "int", "v": b"\x7f" * (14 << 20)})
# %% task="train"
def train(xs, ys): return {"weights": [2**16000, -(2**16000)], "losses": [2**16383 - 1] * 200}
