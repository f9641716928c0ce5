# %% [markdown]
# # Chance

# %%
from kit import check, greet, variant

greet()

# %% [markdown]
# A die is thrown `n` times. Type the chance that there is no six, as a formula in `n`.

# %% task="no_six"
no_six = (
    ...
)

# %% check="no_six"
check("no_six")

# %%
COINS = [0.2, 0.3, 0.6, 0.7]
my_coin = variant("own_coin", COINS)
print(f"Your coin shows heads with chance {my_coin}.")

# %% [markdown]
# What is the chance of heads twice in a row, with your coin?

# %% task="own_coin"
two_heads = (
    ...
)

# %% check="own_coin"
check("own_coin")

# %% [markdown]
# 100 throws of a coin showed heads 53 times. What follows?
#
# - a: it is fair
# - b: it is not fair
# - c: a fair coin does this easily; nothing follows

# %% task="fair"
fair = (
    ...
)

# %% check="fair"
check("fair")

# %% [markdown]
# Which of these are independent of each other? Type all the letters.
#
# - a: two throws of one die
# - b: two cards drawn without putting the first back
# - c: the throws of two dice
# - d: a person's height and shoe size

# %% task="independent"
independent = (
    ...
)

# %% check="independent"
check("independent")
