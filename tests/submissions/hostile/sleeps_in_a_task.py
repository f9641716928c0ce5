"""Sleeps without using CPU time. The wall limit ends the test, once more when run again alone: its task alone is lost."""
# keeps: all
# %% task="formula"
class Slow:
    def __get__(self, *args): return 1
formula = Slow()
# %% task="derivative"
import time
def derivative(f): time.sleep(1000)
