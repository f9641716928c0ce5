"""Answers other questions than were asked: earlier, later, twice, and before the question. Its tasks alone are lost."""
# keeps: curve derivative counter
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b):
    for seq in (7, 0, -1, 2**63, None, "1", 1.0): shout(frame({"op": "returned", "seq": seq, "value": 1.0}))
    return 1.0
# %% task="gradient"
def gradient(xs):
    shout(frame({"op": "opened"}) + frame({"op": "forked"}) + frame({"op": "reaped", "signal": 24, "exit": 0}))
# %% task="train"
def train(xs, ys):
    for seq in range(1, 50): reply({"t": "dict", "v": [["weights", [0.0, 0.0]], ["losses", [0.0] * 20]]}, seq)
# %% task="formula"
formula = 0
reply("x", 1)
