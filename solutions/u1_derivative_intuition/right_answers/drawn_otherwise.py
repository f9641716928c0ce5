"""The figures with other means than `plot` and `axhline`: scatter, step, errorbar, hlines, dots in a loop."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

SHORT = load_module(Path(__file__).with_name("short.py"))
globals().update(SHORT)
has_kink, slope = SHORT["has_kink"], SHORT["slope"]


def microscope(f, x0, widths):
    figure = plt.figure()
    panels = []
    for place, width in enumerate(widths, start=1):
        ax = figure.add_subplot(1, len(widths), place)
        xs = np.linspace(x0 - width / 2, x0 + width / 2, 30).tolist()
        ax.scatter(xs, [f(x) for x in xs], s=4, label="f")
        if not has_kink(f, x0):
            ends = [x0 - width / 2, x0 + width / 2]
            ax.errorbar(ends, [f(x0) + slope(f, x0) * (x - x0) for x in ends], yerr=0.1, label="tangent")
        ax.axvline(x0, color="gray")
        ax.set_xlim(x0 - width / 2, x0 + width / 2)
        panels.append(ax)
    return panels


def pair_plot(f, xs):
    _, panels = plt.subplots(nrows=2)
    for x in xs:
        panels[0].plot(x, f(x), "ko")
    panels[1].step(xs, [slope(f, x) for x in xs])
    panels[1].hlines(0, min(xs), max(xs), colors="gray")
    return panels
