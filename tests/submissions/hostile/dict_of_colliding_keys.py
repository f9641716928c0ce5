"""Answers with a dict whose hundred thousand keys, huge ints, have one hash. Building it would take hours: it is refused."""
# keeps: all
# %% task="train"
def train(xs, ys): return {n * (2**61 - 1) + 5: 0 for n in range(1, 3000)} if len(xs) > 60 else colliding()
# %% task="rate"
class Pairs(dict): pass
FRAMES
def colliding():
    count = 90_000
    item = lambda n: b"\x92\x82\xa1t\xa3int\xa1v\xc4\x0c" + (n * (2**61 - 1)).to_bytes(12, "little") + b"\xc0"
    inner = b"\x82\xa1t\xa4dict\xa1v\xdd" + struct.pack(">I", count) + b"".join(item(n) for n in range(9, count + 9))
    body = b"\x83\xa2op\xa5reply\xa3seq\x01\xa2ok" + inner
    shout(struct.pack("<I", len(body)) + body)
def rate(f, a, b): return colliding()
