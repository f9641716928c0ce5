"""What every picture is made with: colours, panels, and `picture`, which keeps a drawing function quiet in the jail."""

import functools
import os

import matplotlib.pyplot as plt
import numpy as np

__all__ = ["look"]

CURVE, LINE, CORNER, QUIET = "#1f5a96", "#d9622b", "#2f8f5b", "#7d838c"


def picture(draw):
    """Mark a function as one that draws: it does nothing while a submission is graded."""

    @functools.wraps(draw)
    def drawn(*args, **kwargs):
        if not os.environ.get("KIT_GRADING"):
            draw(*args, **kwargs)

    return drawn


@picture
def look(draw, *args):
    """Call a drawing function that *you* wrote; where there is nothing to see yet, say so in one line."""
    name = getattr(draw, "__name__", "your function")
    try:
        made = draw(*args)
    except Exception as error:
        plt.close("all")
        print(f"`{name}` raised {type(error).__name__}: {error}. First make its check pass.")
        return
    if made is None:
        print(f"`{name}` returned None: nothing to look at yet. First make its check pass.")


def panels(count, *, columns=None, width=4.8, height=3.2):
    """`count` Axes of a new figure, in rows of `columns`; sizes in inches for each."""
    columns = columns or count
    rows = -(-count // columns)
    _, grid = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False, layout="constrained")
    return list(grid.flat)


def curve(ax, f, low, high, points=201):
    """Draw f from low to high, giving it one plain number at a time. Answers with the places."""
    xs = np.linspace(low, high, points).tolist()
    ax.plot(xs, [f(x) for x in xs], color=CURVE, lw=2, label="f")
    return xs


def finish(ax, title, legend=True):
    """Title, grid and legend, the same in every picture."""
    ax.set_title(title, fontsize=10)
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)
    if legend:
        ax.legend(frameon=False, fontsize=9)
