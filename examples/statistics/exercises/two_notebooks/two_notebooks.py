# %% [markdown]
# # Spread
#
# How far do the numbers lie apart? Go on in `two_notebooks_report.ipynb` when you are done.

# %%
from kit import check

# %% task="spread"
def spread(numbers):
    """The largest number less the smallest."""
    ...

# %% check="spread"
check("spread")
