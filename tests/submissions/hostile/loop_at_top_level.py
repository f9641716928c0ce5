"""Loops for ever at the top of a cell. The cell is left out: it costs its task alone."""
# keeps: all
# %% task="rate"
while True: pass
