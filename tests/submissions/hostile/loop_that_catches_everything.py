"""Loops and catches whatever is raised to end it. It is not ended by an exception: its task alone is lost."""
# keeps: all
# %% task="derivative"
def derivative(f):
    while True:
        try:
            while True: pass
        except BaseException: pass
        finally: derivative(f)
