"""What a screen reader says of a picture: the alt text of every figure in a notebook.

Theory of operation. JupyterLab and nbconvert show a figure as an image/png output, and neither has a place for alt text
there. So a figure is displayed as HTML instead: an <img> with its alt. The text is the picture's own sentence (the
docstring of the function that drew it), and then what can be read in the figure: titles, axes, legends. A figure with
panels side by side becomes an <img> for each column of panels.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kit.pictures.columns import columns

P = ParamSpec("P")
_SENTENCE = "kit_sentence"  # the attribute of a figure that holds its sentence
MOST_PANELS = 12  # described one by one


def spoken(sentence: str, draw: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `draw`, and give the figures that it makes this sentence, if they have none yet."""
    before = set(plt.get_fignums())
    draw(*args, **kwargs)
    for number in sorted(set(plt.get_fignums()) - before):
        caption(plt.figure(number), sentence)
    show_as_html()


def caption(figure: Figure, sentence: str) -> None:
    """Give a figure its sentence, unless it has one: a picture inside a picture knows best what it shows."""
    if sentence and not getattr(figure, _SENTENCE, ""):
        setattr(figure, _SENTENCE, sentence)


def first_sentence(draw: Callable[..., object]) -> str:
    """The first paragraph of a function's docstring, in one line."""
    return " ".join((draw.__doc__ or "").partition("\n\n")[0].split())


def alt_text(figure: Figure) -> str:
    """A figure in words: its sentence, then each panel's title, axes and curves."""
    return " ".join([_sentence(figure), *_told([figure.get_suptitle()]), *_told(map(_panel, figure.axes))])


def _sentence(figure: Figure) -> str:
    return getattr(figure, _SENTENCE, "") or "A figure."


def _told(parts: Iterable[str]) -> list[str]:
    """The parts that say something, as sentences; of very many, only the first."""
    said = [f"{part}." for part in parts if part]
    return said[:MOST_PANELS] + ([f"{len(said) - MOST_PANELS} more."] if len(said) > MOST_PANELS else [])


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
    """The figure as an HTML image with alt text; with panels side by side, as one image for each column."""
    from IPython.core.pylabtools import print_figure

    parts = columns(figure)
    if not parts:
        return _image(alt_text(figure), print_figure(figure, base64=True))
    texts = [" ".join(_told(map(_panel, axes))) or "The next panel." for axes, _ in parts]
    texts[0] = f"{_sentence(figure)} {texts[0]}"
    heading = f"<p>{html.escape(figure.get_suptitle())}</p>" if figure.get_suptitle() else ""
    images = [
        _image(text, print_figure(figure, base64=True, bbox_inches=box))
        for text, (_, box) in zip(texts, parts, strict=True)
    ]
    return f"<div>{heading}<span>{''.join(images)}</span></div>"


def _image(alt: str, data: str) -> str:
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}">'
