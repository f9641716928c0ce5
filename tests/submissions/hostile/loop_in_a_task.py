"""Loops for ever in a function. The CPU limit ends that test: its task alone is lost."""
# keeps: all
# %% task="derivative"
def derivative(f):
    while True: pass
