"""What a screen reader says of a picture: the alt text of every figure in a notebook.

Theory of operation. JupyterLab and nbconvert show a figure as an image/png output, and neither has a place for alt text
there. So a figure is displayed as HTML instead: an <img> with its alt. The text is the picture's own sentence (the
docstring of the function that drew it), and then what can be read in the figure: titles, axes, legends.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

P = ParamSpec("P")
_SENTENCE = "kit_sentence"  # the attribute of a figure that holds its sentence
MOST_PANELS = 12  # described one by one


def spoken(sentence: str, draw: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `draw`, and give the figures that it makes this sentence, if they have none yet."""
    before = set(plt.get_fignums())
    draw(*args, **kwargs)
    for number in sorted(set(plt.get_fignums()) - before):
        say(plt.figure(number), sentence)
    show_as_html()


def say(figure: Figure, sentence: str) -> None:
    """Give a figure its sentence, unless it has one: a picture inside a picture knows best what it shows."""
    if sentence and not getattr(figure, _SENTENCE, ""):
        setattr(figure, _SENTENCE, sentence)


def first_sentence(draw: Callable[..., object]) -> str:
    """The first paragraph of a function's docstring, in one line."""
    return " ".join((draw.__doc__ or "").partition("\n\n")[0].split())


def alt_text(figure: Figure) -> str:
    """A figure in words: its sentence, then each panel's title, axes and curves."""
    panels = [said for ax in figure.axes if (said := _panel(ax))]
    told = panels[:MOST_PANELS] + ([f"{len(panels) - MOST_PANELS} more"] if len(panels) > MOST_PANELS else [])
    heading = figure.get_suptitle()
    sentence = getattr(figure, _SENTENCE, "") or "A figure."
    return " ".join([sentence, *(f"{part}." for part in (heading, *told) if part)])


def _panel(ax: Axes) -> str:
    title = " ".join(ax.get_title().split())
    axes = " and ".join(name for name in (ax.get_xlabel(), ax.get_ylabel()) if name)
    legend = ax.get_legend()
    names = ", ".join(text.get_text() for text in legend.get_texts()) if legend is not None else ""
    said = [title, f"axes {axes}" if axes else "", f"showing {names}" if names else ""]
    return "; ".join(part for part in said if part)


def show_as_html() -> None:
    """In a notebook, show every figure as an <img> with alt text, and no longer as a bare PNG as well."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    formatters["text/html"].for_type(Figure, as_html)
    formatters["image/png"].type_printers.pop(Figure, None)


def as_html(figure: Figure) -> str:
    """The figure as an HTML image with alt text."""
    from IPython.core.pylabtools import print_figure

    data = print_figure(figure, fmt="png", base64=True, bbox_inches="tight")
    return f'<img alt="{html.escape(alt_text(figure))}" src="data:image/png;base64,{data}">'
