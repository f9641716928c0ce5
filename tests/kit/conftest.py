"""The kit as a learner has it, at home: it draws, here without a screen, and no test sees another's figures.

Every figure that a test leaves open must be legible on a phone.
"""

import matplotlib.pyplot as plt
import pytest
from kit.pictures.columns import MOST
from matplotlib.text import Text

PHONE = 358  # the pixels of an image on a phone that is 390 wide
DPI = 90  # of the figures in the notebooks
SMALLEST = 6.5  # pixels of a letter's height, on a screen with two or three dots to each of them


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    monkeypatch.delenv("KIT_GRADING", raising=False)
    plt.switch_backend("Agg")
    plt.close("all")
    yield
    small = [found for number in plt.get_fignums() if (found := too_small(plt.figure(number)))]
    plt.close("all")
    assert small == []


def too_small(figure):
    """The smallest text of a figure and its height in pixels on a phone; "" if it can be read."""
    specs = [ax.get_subplotspec() for ax in figure.axes]
    columns = len({spec.colspan.start for spec in specs}) if specs and None not in specs else 1
    wide = figure.get_size_inches()[0] * DPI / (columns if columns <= MOST else 1)
    hidden = {
        id(text) for ax in figure.axes if not ax.axison for text in (*ax.get_xticklabels(), *ax.get_yticklabels())
    }
    sizes = {
        text.get_text(): text.get_fontsize() * DPI / 72 * min(1, PHONE / wide)
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden
    }
    text = min(sizes, key=sizes.__getitem__, default="")
    return f"{text!r} is {sizes[text]:.1f} pixels high" if text and sizes[text] < SMALLEST else ""
