"""Keeps the test's function and calls it after the test ended, from a thread, from a daemon and in the next test. No points."""
# keeps: formula
# %% task="rate"
import os, threading, time
kept = []
def nag():
    while True:
        try: kept[-1](1.0)
        except BaseException: pass
        time.sleep(0.05)
def rate(f, a, b):
    kept.append(f)
    threading.Thread(target=nag, daemon=True).start()
    if os.fork() == 0:
        os.setsid()
        nag()
    return 0.0
# %% task="derivative"
def derivative(f): return kept[0] if kept else f
