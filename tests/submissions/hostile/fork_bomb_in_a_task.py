"""Forks as often as it can in a function, each child in a separate session. They all end with the submission: no points."""
# %% task="rate"
import os, signal
def rate(f, a, b):
    for _ in range(500):
        try:
            if os.fork() == 0:
                os.setsid()
                signal.pause()
        except OSError: pass
    return 1.0
