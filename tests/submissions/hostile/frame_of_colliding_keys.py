"""Sends maps whose keys are tuples and numbers that all have one hash. Such maps are refused before they are built."""
# keeps: formula curve derivative counter
# %% first
FRAMES
def collide(key, count):
    body = b"\x83\xa2op\xa5reply\xa3seq\x01\xa2ok\xdf" + struct.pack(">I", count) + b"".join(key(n) + b"\xc0" for n in range(count))
    shout(struct.pack("<I", len(body)) + body)
# %% task="rate"
def rate(f, a, b): collide(lambda n: b"\x92\xcf" + struct.pack(">Q", n) + b"\x00", 200_000)
# %% task="gradient"
def gradient(xs): collide(lambda n: b"\xcb" + struct.pack(">d", float(n)), 300_000)
