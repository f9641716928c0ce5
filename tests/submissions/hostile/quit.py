"""Quits, exits and raises SystemExit in cells. They are caught: its task alone is lost."""
# keeps: all
# %% task="rate"
import sys
sys.exit(0)
# %%
raise SystemExit
# %%
raise KeyboardInterrupt
# %%
quit()
