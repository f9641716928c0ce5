"""Sleeps in four cells that answer nothing. Each is left out after its share of the waiting: honest work counts."""
# keeps: all
# problem: was left out
# %%
import time; time.sleep(1000)
# %% first
import time; time.sleep(2000)
# %%
time.sleep(3000)
