"""Calls the test's function for ever. A budget and the clock end it: its task alone is lost."""
# keeps: all
# %% task="rate"
def rate(f, a, b):
    while True: f(a)
