"""Takes all memory in a function, by one process and by several. It ends at the limit: its task is lost, and what comes after the several processes."""
# keeps: rate
# %% task="gradient"
def gradient(xs):
    rows = []
    while True: rows.append(np.ones(3_000_000))
# %% task="train"
import os
def train(xs, ys):
    for _ in range(8):
        if os.fork() == 0: break
    rows = [bytearray(b"x") * 60_000_000 for _ in range(3)]
    while True: pass
