"""Calls the test's function for ever. A budget and the clock end it: its task alone is lost."""
# keeps: all
# %% task="derivative"
def derivative(f):
    while True: f(1.0)
