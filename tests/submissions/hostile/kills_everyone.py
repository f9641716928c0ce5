"""Kills everything that it may signal, by -1, by groups and by number. It reaches only what is its own."""
# %%
import os, signal
me = os.getpid()
for pid in [-1, 0, *range(2, 3000)]:
    if pid != me:
        try: os.kill(pid, signal.SIGTERM if pid == 0 else signal.SIGKILL)
        except OSError: pass
for group in range(2, 3000):
    try: os.killpg(group, signal.SIGKILL)
    except OSError: pass
