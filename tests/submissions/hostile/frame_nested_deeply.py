"""Sends frames and values nested a hundred thousand deep. They are refused, not followed: its tasks alone are lost."""
# keeps: formula derivative counter
# %% first
FRAMES
deep = []
for _ in range(20_000): deep = [deep]
# %% task="rate"
def rate(f, a, b): shout(struct.pack("<I", 100_000) + b"\x91" * 100_000)
# %% task="gradient"
def gradient(xs): return deep
# %% task="train"
def train(xs, ys): shout(frame({"op": "returned", "seq": 1, "value": {"t": "tuple", "v": eval("[" * 60 + "]" * 60)}}))
# %% task="curve"
def curve(xs):
    body = b"\x83\xa2op\xa8returned\xa3seq\x01\xa5value" + b"\x91" * 900 + b"\x90"
    shout(struct.pack("<I", len(body)) + body)
