"""Hands the test's own function back as its answer, so that the test compares it with itself. It is not its to give."""
# keeps: formula counter
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b): reply({"t": "callback", "id": 0})
# %% task="derivative"
def derivative(f):
    reply({"t": "callback", "id": 0})
    return f
# %% task="gradient"
def gradient(xs): shout(frame({"op": "callback", "id": 0, "args": {"t": "tuple", "v": [{"t": "callback", "id": 0}]}, "kwargs": {"t": "dict", "v": []}}))
