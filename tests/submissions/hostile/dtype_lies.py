"""Sends arrays of Python objects, of texts, of records and of unknown kinds. Only plain numbers cross: no points."""
# keeps: formula curve derivative counter
# %% first
FRAMES
def array(dtype, shape, data): reply({"t": "array", "d": dtype, "s": shape, "v": data})
# %% task="rate"
def rate(f, a, b): array("|O", [1], b"\x10" * 8)
# %% task="gradient"
def gradient(xs): array(["<U9", "<f8,<f8", ">f8", "<M8[s]", "<f8"][len(xs) % 5], [len(xs)], b"\1" * 8 * len(xs))
# %% task="train"
def train(xs, ys): return {"weights": np.array([object(), object()]), "losses": np.array(["x"] * 20)}
