# %% [markdown]
# # Spread, reported

# %%
from kit import check

# %% task="relative"
def relative(numbers):
    """The spread divided by the mean."""
    ...

# %% check="relative"
check("relative")

# %% [markdown]
# For which numbers does the relative spread say nothing? Write two sentences.

# %% [markdown] task="report"
# ...
