"""Announces a frame of 4 GB, and one of 15 MB that comes byte by byte. No memory is set aside; its task alone is lost."""
# keeps: all
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b):
    shout(struct.pack("<I", 0xFFFFFFFF))
    time.sleep(0.2)
# %% task="gradient"
def gradient(xs):
    if len(xs) > 3: return
    shout(struct.pack("<I", 15 << 20))
    while True:
        shout(b"\x90")
        time.sleep(0.01)
