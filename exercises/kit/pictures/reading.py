"""Reading digits: the data, what a trained net makes of it and of the learner's own drawing, and what it looks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import CORNER, CURVE, LINE, Array, finish, not_yet, panels, picture
from kit.pictures.training import Losses, Params, theirs

__all__ = ["digit_errors", "drawing_grid", "first_layer", "handwriting", "reads"]

FitDigits: TypeAlias = Callable[[Array, Array, np.random.Generator, int], tuple[Params, Losses] | None]
Forward: TypeAlias = Callable[[Params, Array], Sequence[Array]]
Data: TypeAlias = tuple[Array, Array]  # images X (n, 64) and their digits y (n,)

STEPS, SEED = 6000, 0
SIDE = 8
INKS = {".": ("white", "#f4f4f4"), "#": ("ink", "#222222"), "+": ("grey", "#9a9a9a")}  # in the order of clicks
_trained: dict[FitDigits, Params] = {}  # the net of the last fit_digits, so that three pictures train one net


@picture
def handwriting(X: Array, y: Array, count: int = 20) -> None:
    """The first `count` digits as images, each with its label above."""
    drawn = panels(count, columns=min(count, 8), width=0.7, height=0.9)
    for ax, image, label in zip(drawn, X, y, strict=False):
        _image(ax, image, f"{label}")


def drawing_grid() -> None:
    """A grid of 8 x 8 buttons to draw a digit with, and the drawing as a text; without ipywidgets, an empty text."""
    if os.environ.get("KIT_GRADING"):
        return
    try:
        import ipywidgets
        from IPython.display import display
    except ImportError:
        print("Copy these lines, and put # where there is ink:\n" + "\n".join(["." * SIDE] * SIDE))
        return
    marks = ["."] * SIDE**2
    text = ipywidgets.Textarea(rows=SIDE + 1, layout=ipywidgets.Layout(width="9em"))
    cells = [
        ipywidgets.Button(layout=ipywidgets.Layout(width="2.2em", height="2.2em", margin="1px")) for _ in range(SIDE**2)
    ]

    def tell(at: int) -> None:
        name, colour = INKS[marks[at]]
        cells[at].style.button_color = colour
        cells[at].tooltip = f"line {at // SIDE + 1}, place {at % SIDE + 1}: {name}"
        text.value = "\n".join("".join(marks[line : line + SIDE]) for line in range(0, SIDE**2, SIDE))

    def clicked(at: int) -> None:
        inks = list(INKS)
        marks[at] = inks[(inks.index(marks[at]) + 1) % len(inks)]
        tell(at)

    for at, cell in enumerate(cells):
        tell(at)
        cell.on_click(lambda _, at=at: clicked(at))
    grid = ipywidgets.GridBox(cells, layout=ipywidgets.Layout(grid_template_columns=f"repeat({SIDE}, 2.4em)"))
    told = ipywidgets.HTML("Click: ink. Twice: grey. Three times: white again.<br>Then copy this text:")
    display(ipywidgets.HBox([grid, ipywidgets.VBox([told, text])], layout=ipywidgets.Layout(flex_flow="row wrap")))


@picture
def reads(
    fit_digits: FitDigits,
    forward: Forward,
    as_numbers: Callable[[str], Array | None],
    drawing: str,
    digit: int,
    learn: Data,
) -> None:
    """The learner's drawing as an image, and the probability that the learner's own net gives to each of ten digits."""
    with theirs():
        if (numbers := as_numbers(drawing)) is None:
            not_yet("as_numbers")
            return
        if (net := _reader(fit_digits, learn)) is None:
            return
        image = np.asarray(numbers, dtype=float)
        scores = np.asarray(forward(net, image[None])[0])[0]
        sure = np.exp(scores - scores.max())
        sure /= sure.sum()
        said = int(sure.argmax())
        left, right = panels(2, width=3.0, height=2.6)
        _image(left, image, f"you drew a {digit}")
        right.bar(range(10), sure, color=[CORNER if digit == said else CURVE for digit in range(10)])
        right.set(xticks=range(10), ylim=(0, 1.05), xlabel="digit")
        finish(right, f"your net reads a {said}, and is {sure[said]:.0%} sure", legend=False)


@picture
def first_layer(fit_digits: FitDigits, learn: Data, count: int = 20) -> None:
    """The weights of the first neurons as images of 8 x 8: orange where ink raises the sum, purple where it lowers."""
    with theirs():
        if (net := _reader(fit_digits, learn)) is None:
            return
        W = np.asarray(net[0][0])
        strongest = np.argsort(-np.linalg.norm(W, axis=0))[:count]
        far = float(np.abs(W[:, strongest]).max())
        drawn = panels(len(strongest), columns=min(len(strongest), 7), width=0.8, height=0.8)
        for ax, which in zip(drawn, strongest, strict=True):
            ax.imshow(W[:, which].reshape(8, 8), cmap="PuOr_r", vmin=-far, vmax=far)
            ax.axis("off")
        plt.gcf().suptitle("what the first layer looks for\norange wants ink there, purple wants none", fontsize=10)


@picture
def digit_errors(fit_digits: FitDigits, forward: Forward, learn: Data, held_back: Data) -> None:
    """The accuracy on the pair `held_back`, and every misread digit with what it was read as.

    `fit_digits(X, y, rng, steps)` returns (params, losses). The prediction is the largest of the ten outputs.
    """
    with theirs():
        if (net := _reader(fit_digits, learn)) is None:
            return
        X, y = held_back
        said = forward(net, X)[0].argmax(axis=1)
        wrong = np.flatnonzero(said != y)
        print(f"{len(y) - len(wrong)} of {len(y)} held-back digits are read right: {1 - len(wrong) / len(y):.1%}.")
        if not len(wrong):
            return
        drawn = panels(min(len(wrong), 30), columns=min(len(wrong), 6), width=0.95, height=1.2)
        for ax, which in zip(drawn, wrong[: len(drawn)], strict=True):
            _image(ax, X[which], f"{said[which]}, not {y[which]}")
            ax.title.set_color(LINE)
        plt.gcf().suptitle("read as …", fontsize=10)


def _reader(fit_digits: FitDigits, learn: Data) -> Params | None:
    """The learner's net after training, made once for each version of `fit_digits`; None, with a line, for a stub."""
    if fit_digits not in _trained:
        steps = 300 if os.environ.get("KIT_REHEARSING") else STEPS  # a rehearsal asks only whether it runs
        made = fit_digits(*learn, np.random.default_rng(SEED), steps)
        if made is None:
            print("`fit_digits` returned None: nothing to look at yet.")
            return None
        _trained.clear()
        _trained[fit_digits] = made[0]
    return _trained[fit_digits]


def _image(ax: Axes, image: Array, title: str) -> None:
    ax.imshow(np.asarray(image).reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    ax.set_title(title, fontsize=10)
    ax.axis("off")
