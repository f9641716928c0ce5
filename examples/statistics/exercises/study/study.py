# %% [markdown]
# # A small study

# %%
from kit import check

# %% task="difference"
def difference(one, other):
    """The mean of one group less that of the other."""
    ...

# %% check="difference"
check("difference")

# %% [markdown]
# A newspaper writes that people who drink tea sleep longer. What would you ask before you believe it? Write five
# sentences.

# %% [markdown] task="judgement"
# ...
