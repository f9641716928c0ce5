# %% [markdown]
# # Describing data
#
# `data/heights.csv` lies beside this notebook. `heights()` reads it.

# %%
import json

import matplotlib.pyplot as plt
from kit import check
from reading import heights

# %% task="mean"
def mean(numbers):
    """The mean of some numbers."""
    ...

# %% check="mean"
check("mean")

# %% task="running"
class Running:
    """The mean of all numbers added so far; None before the first."""

    def __init__(self):
        ...

    def add(self, number):
        """Take one more number into account."""
        ...

    def mean(self):
        """The mean so far."""
        ...

# %% check="running"
check("running")

# %% [markdown]
# Draw the heights in bars of 5 cm, from 160 to 190, and label both axes.

# %% task="histogram"
def histogram(numbers):
    """The Axes with the histogram."""
    ...

# %% check="histogram"
check("histogram")

# %%
if histogram(heights()) is not None:
    plt.show()

# %% [markdown]
# `write_summary` writes a JSON file with the keys `count`, `mean` and `tallest`.

# %% task="summary"
def write_summary(numbers, path="summary.json"):
    """Write the summary of some numbers to the file at path."""
    ...

# %% check="summary"
check("summary")

# %% task="weekday"
def weekday(text):
    """The day of the week of a date such as 2026-03-02, as a number: 0 for Monday."""
    ...

# %% check="weekday"
check("weekday")

# %% task="trimmed"
def trimmed(numbers):
    """The mean without the smallest and the largest number."""
    ...

# %% check="trimmed"
check("trimmed")
