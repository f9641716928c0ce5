"""Leaves Python in the middle of a cell with status 0. The cell is left out: it costs its task alone."""
# keeps: all
# %% task="rate"
import os
os._exit(0)
