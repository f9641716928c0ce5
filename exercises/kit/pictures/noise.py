"""Noise and the loss that belongs to it: bells over measurements, two lines through one data set, two locations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, finish, not_yet, panels, picture, slider

__all__ = ["bells", "two_fits", "two_locations"]


@picture
def bells(mu: float, sigmas: Sequence[float], measured: Sequence[float]) -> None:
    """A Gaussian density around mu, with its height above each measurement, and the NLL of all of them.

    A slider for sigma; three bells at once without sliders.
    """
    y = np.asarray(measured, dtype=float)
    x = np.linspace(mu - 6, mu + 6, 401)

    def show(*some: float) -> None:
        narrowest = min(sigmas if len(some) == 1 else some)  # the same height for every place of the slider
        most = 1.08 * float(_bell(np.array([mu]), mu, narrowest)[0])
        (ax,) = panels(1, width=6.4, height=3.4)
        for sigma, colour, style in zip(some, (CURVE, LINE, CORNER), ("-", "--", "-."), strict=False):
            heights = _bell(y, mu, sigma)
            said = f"sigma = {sigma:g}: NLL {-float(np.log(heights).sum()):.2f}"
            ax.plot(x, _bell(x, mu, sigma), style, color=colour, lw=2, label=said)
            ax.vlines(y, 0, heights, color=colour, lw=1.5, ls=style)
            ax.plot(y, heights, "o", color=colour, ms=6)
        ax.plot(y, 0 * y, "|", color="black", ms=14, label="the measurements")
        ax.set(xlabel="y", ylim=(-0.03 * most, most))
        finish(ax, f"how believable each measurement is, for mu = {mu:g}")

    if not slider(show, "sigma", sigmas):
        show(*sigmas[1::2][:3])


@picture
def two_fits(x: Array, y: Array, with_a_slip: Array) -> None:
    """Left: two lines through the data (x, y). Right: the same two fits after one value of y was changed."""
    panes = panels(2, width=3.4, height=3.4)
    for ax, values, title in zip(panes, (y, with_a_slip), ("as published", "one slip of the pen"), strict=True):
        slopes = {"fitter 1": _squared(x, values), "fitter 2": _absolute(x, values)}
        _through_zero(ax, x, values, slopes, title)
    panes[0].set_ylabel("velocity (km/s)")


@picture
def two_locations(location: Callable[[Array, str], float], x: Array, y: Array, with_a_slip: Array) -> None:
    """Two lines through the data before and after a slip: their slopes are the learner's locations of all y/x."""
    both = (("as published", y), ("one slip of the pen", with_a_slip))
    try:
        found = [{noise: float(location(values / x, noise)) for noise in ("gauss", "laplace")} for _, values in both]
    except Exception as error:
        not_yet(location.__name__, error)
        return
    panes = panels(2, width=3.4, height=3.4)
    for ax, (title, values), places in zip(panes, both, found, strict=True):
        _through_zero(ax, x, values, {f"{noise}: {slope:.0f}": slope for noise, slope in places.items()}, title)
    panes[0].set_ylabel("velocity (km/s)")


def _through_zero(ax: Axes, x: Array, y: Array, slopes: Mapping[str, float], title: str) -> None:
    """Dots, and a line through (0, 0) for each of the two slopes."""
    ends = np.array([0.0, 1.05 * float(x.max())])
    ax.plot(x, y, "o", color=QUIET, ms=4)
    for (name, slope), colour, style in zip(slopes.items(), (LINE, CURVE), ("-", "--"), strict=True):
        ax.plot(ends, slope * ends, style, color=colour, lw=2, label=name)
    ax.set_xlabel("distance (megaparsecs)")
    finish(ax, title, legend=False)
    ax.legend(frameon=False, fontsize=9, loc="upper left")


def _bell(x: Array, mu: float, sigma: float) -> Array:
    height: Array = np.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))
    return height


def _squared(x: Array, y: Array) -> float:
    """The slope of the line through (0, 0) with the smallest squared error."""
    return float((x * y).sum() / (x * x).sum())


def _absolute(x: Array, y: Array) -> float:
    """The slope of the line through (0, 0) with the smallest absolute error: a median of y/x, weighted by x."""
    order = np.argsort(y / x)
    weight = np.cumsum(np.abs(x)[order])
    return float((y / x)[order][np.searchsorted(weight, weight[-1] / 2)])
