"""Noise and the loss that belongs to it: bells over measurements, two lines through one data set, two locations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, finish, panels, picture

__all__ = ["bells", "two_fits", "two_locations"]


@picture
def bells(mu: float, sigmas: Sequence[float], measured: Sequence[float]) -> None:
    """A Gaussian density for each sigma, and some measurements with their height under the middle one."""
    (ax,) = panels(1, width=6.4, height=3.4)
    reach = 3 * max(sigmas)
    x = np.linspace(mu - reach, mu + reach, 301)
    middle = sorted(sigmas)[len(sigmas) // 2]
    for sigma, style in zip(sorted(sigmas), ("--", "-", ":"), strict=False):
        ax.plot(x, _bell(x, mu, sigma), style, color=CURVE if sigma == middle else QUIET, label=f"sigma = {sigma:g}")
    heights = _bell(np.asarray(measured), mu, middle)
    ax.vlines(measured, 0, heights, color=LINE, lw=2)
    ax.plot(measured, heights, "o", color=LINE, label="how believable each measurement is")
    ax.axvline(mu, color=CORNER, lw=1)
    ax.annotate("mu", (mu, 0), (4, 4), textcoords="offset points", color=CORNER)
    ax.set_xlabel("y")
    finish(ax, "the density of y")


@picture
def two_fits(x: Array, y: Array, with_a_slip: Array) -> None:
    """Left: two lines through the data (x, y). Right: the same two fits after one value of y was changed."""
    panes = panels(2, width=4.6, height=3.4)
    for ax, values, title in zip(panes, (y, with_a_slip), ("as published", "one slip of the pen"), strict=True):
        ax.plot(x, values, "o", color=QUIET, ms=4)
        ends = np.array([0.0, 1.05 * float(x.max())])
        ax.plot(ends, _squared(x, values) * ends, color=LINE, lw=2, label="fitter 1")
        ax.plot(ends, _absolute(x, values) * ends, "--", color=CURVE, lw=2, label="fitter 2")
        ax.set(xlabel="distance (megaparsecs)", ylabel="velocity (km/s)")
        finish(ax, title)


@picture
def two_locations(location: Callable[[Array, str], float], values: Array, with_a_slip: Array) -> None:
    """The values before and after a slip, with the two locations that the learner's `location(y, noise)` finds."""
    both = (("as published", values), ("one slip of the pen", with_a_slip))
    try:
        found = [{noise: float(location(np.array(y), noise)) for noise in ("gauss", "laplace")} for _, y in both]
    except Exception as error:
        print(
            f"Nothing to look at yet: `{location.__name__}` raised {type(error).__name__}. First make its check pass."
        )
        return
    panes = panels(2, columns=1, width=6.4, height=1.7)
    for ax, (title, y), places in zip(panes, both, found, strict=True):
        ax.plot(y, np.zeros(len(y)), "|", color=QUIET, ms=18)
        for noise, colour, style in (("gauss", LINE, "-"), ("laplace", CURVE, "--")):
            ax.axvline(places[noise], color=colour, ls=style, lw=2, label=f"{noise}: {places[noise]:.0f}")
        ax.set(yticks=[], xlim=(float(min(values)) - 100, float(max(with_a_slip)) + 100))
        finish(ax, title)
    panes[-1].set_xlabel("velocity / distance")


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
