"""Sends arrays whose shapes do not fit their bytes, are negative, or of no size and larger than all memory. No points."""
# keeps: formula derivative counter
# %% first
FRAMES
def array(shape, data=b""): reply({"t": "array", "d": "<f8", "s": shape, "v": data})
# %% task="rate"
def rate(f, a, b): array([0, 2**62, 2**62])
# %% task="gradient"
def gradient(xs): array([len(xs) * 1000], b"\0" * 8 * len(xs))
# %% task="train"
def train(xs, ys): array([-1, -1], b"\0" * 8)
# %% task="curve"
def curve(xs): array([0, 2**64 - 1])
