"""Sends open descriptors to the grader with its frames, thousands of them. They are dropped: its task alone is lost."""
# keeps: all
# %% first
FRAMES
# %% task="rate"
def rate(f, a, b):
    mine = socket.socket(fileno=os.dup(sockets()[-1]))
    for _ in range(300):
        message = frame({"op": "callback", "id": 0, "args": {"t": "tuple", "v": [1.0]}, "kwargs": {"t": "dict", "v": []}})
        socket.send_fds(mine, [message], [mine.fileno()] * 20)
    return 1.0
