"""Answers when the time is up, again and again, from a thread and a daemon. Nobody listens any more: no points."""
# keeps: formula
# %% first
FRAMES
# %% task="gradient"
def gradient(xs):
    if os.fork() == 0:
        os.setsid()
        for _ in range(100):
            time.sleep(0.1)
            try: reply(1.0)
            except OSError: pass
        os._exit(0)
    time.sleep(30)
