"""Loops for ever in a function. The CPU limit ends that test: its task alone is lost."""
# keeps: all
# %% task="rate"
def rate(f, a, b):
    while True: pass
