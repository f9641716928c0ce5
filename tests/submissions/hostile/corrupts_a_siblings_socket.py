"""Keeps its notebook's own socket open in each test's process, and writes there to spoil or answer for later tests. No points."""
# %% first
FRAMES
control = os.dup(sockets()[0])
# %% task="rate"
def rate(f, a, b):
    data = frame({"op": "forked"}) + frame({"op": "reaped", "signal": 24, "exit": 0}) + frame({"op": "opened"})
    socket.socket(fileno=os.dup(control)).sendall(data * 3)
    return 1.0
# %% task="counter"
class Counter:
    def add(self, n): return 19.5
