"""Leaves a thread in the process that all tests of a task share, which answers whatever they will ask. No points."""
# %% first
FRAMES
def ahead(ok):
    def answer():
        for seq in range(2, 60):
            reply(ok, seq)
            time.sleep(0.001)
    threading.Thread(target=answer, daemon=True).start()
# %% task="rate"
def rate(f, a, b):
    ahead(5.5)
    return 0.0
# %% task="gradient"
def gradient(xs):
    ahead({"t": "array", "d": "<f8", "s": [2000], "v": np.zeros(2000).tobytes()})
    return xs
