"""Refers to objects that nobody ever gave it, on both sides. They are nobody's: no points."""
# keeps: formula counter
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b): reply({"t": "handle", "id": 10**12, "type": "float", "callable": True})
# %% task="gradient"
def gradient(xs): reply({"t": "handle", "id": -1, "type": ["ndarray"], "callable": 1})
# %% task="train"
def train(xs, ys): shout(frame({"op": "callback", "id": 99, "args": {"t": "tuple", "v": []}, "kwargs": {"t": "dict", "v": []}}))
# %% task="curve"
def curve(xs): reply({"t": "handle", "id": 10**6, "type": "Axes"})
# %% task="derivative"
def derivative(f): reply({"t": "handle", "id": 2**63 - 1, "type": "function", "callable": True})
