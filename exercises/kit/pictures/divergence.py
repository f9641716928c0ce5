"""KL in both directions: who is asked, one bell for two hills, pushes on logits, estimates from samples.

A picture that needs a learner's function prints one line with what to do first if that is not written yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import (
    CORNER,
    CURVE,
    LINE,
    QUIET,
    Array,
    curve,
    finish,
    not_yet,
    panels,
    picture,
    slider,
)

__all__ = [
    "both_pushes",
    "both_ways",
    "cafe",
    "estimates",
    "kl_of_bells",
    "reverse_map",
    "surprise",
    "who_complains",
]

Fit: TypeAlias = Callable[[str, Array, Array], tuple[float, float]]
BellKL: TypeAlias = Callable[[float, float, float, float], float]
Slopes: TypeAlias = Callable[[Array, Array], Array]
Estimate: TypeAlias = Callable[[Array, Callable[[Array], Array], Callable[[Array], Array]], tuple[float, float]]
GRID = np.linspace(-9, 9, 241)
WIDTH = 0.6  # of each hill


@picture
def cafe() -> None:
    """The guests of a day, and the shifts of two planners."""
    (ax,) = panels(1, width=6.8, height=3.2)
    x = GRID[np.abs(GRID) <= 6]
    ax.fill_between(x + 11, _hills(x, 2.0), color=QUIET, alpha=0.35, label="guests")
    ax.plot(x + 11, _bell(x, 0.0, 2.09), color=LINE, lw=2.5, label="planner 1")
    ax.plot(x + 11, _bell(x, 2.0, WIDTH), "--", color=CURVE, lw=2.5, label="planner 2")
    ax.set(xlabel="hour of the day", xticks=range(5, 18, 2), yticks=[])
    finish(ax, "guests in a café, and the shifts of two planners")


@picture
def surprise(probabilities: Sequence[float]) -> None:
    """The curve -ln p, with some probabilities marked on it."""
    (ax,) = panels(1, width=6.0)
    curve(ax, lambda p: float(-np.log(p)), 0.02, 1)
    for p in probabilities:
        height = float(-np.log(p)) + 0.0  # + 0.0: no "-0.00"
        ax.plot([p, p, 0], [0, height, height], ":", color=QUIET)
        ax.plot([p], [height], "o", color=LINE)
        ax.annotate(f"{height:.2f}", (p, height), (6, 6), textcoords="offset points", color=LINE)
    ax.set(xlabel="probability p", ylabel="surprise", xlim=(0, 1.08), ylim=(0, 4))
    finish(ax, "how surprised you are when it happens: −ln p", legend=False)


@picture
def who_complains() -> None:
    """What the guests complain about, and what the waiters do, for one shift.

    A slider for the middle of the shift; two shifts without sliders.
    """

    def show(*middles: float) -> None:
        columns = min(2, len(middles))  # guests above waiters on a slider, side by side without one
        panes = panels(2 * len(middles), columns=columns, width=6.8 / columns, height=2.3)
        for place, middle in enumerate(middles):
            _complaints(panes[2 * place : 2 * place + 2], middle)

    if not slider(show, "middle", [-3, -2, -1, 0, 1, 2, 3]):
        show(0, 2)


def _complaints(panes: Sequence[Axes], middle: float) -> None:
    x, p = GRID, _hills(GRID, 2.0)
    q = _bell(x, middle, 1.0)
    for ax, asked, other, who, colour in (
        (panes[0], p, q, "guests", LINE),
        (panes[1], q, p, "waiters", CURVE),
    ):
        share = asked * np.log(asked / other)
        total = float(share.sum() * (x[1] - x[0]))
        ax.fill_between(x, p, color=QUIET, alpha=0.3, label="guests p")
        ax.plot(x, q, color=CORNER, lw=2, label="shift q")
        ax.plot(x, share / 8, color=colour, lw=2, label="complaints, an eighth")
        ax.set(xlim=(-6, 6), ylim=(-0.15, 0.85), xticks=range(-6, 7, 2), yticks=[])
        finish(ax, f"ask the {who}: KL = {total:.2f}")


@picture
def kl_of_bells(kl_gauss: BellKL) -> None:
    """Two bells in one place, and over the width of the second your `kl_gauss` in both directions."""
    left, right = panels(2, columns=1, width=6.4, height=2.4)
    widths = np.linspace(0.35, 3, 107).tolist()
    try:
        there = [float(kl_gauss(0.0, 1.0, 0.0, s)) for s in widths]
        back = [float(kl_gauss(0.0, s, 0.0, 1.0)) for s in widths]
    except Exception as error:  # the learner's function may do anything
        not_yet("kl_gauss", error)
        return
    x = np.linspace(-5, 5, 301)
    left.plot(x, _bell(x, 0, 1), color=QUIET, lw=3, label="bell 1, width 1")
    for s, style in ((0.5, "--"), (2.0, ":")):
        left.plot(x, _bell(x, 0, s), style, color=CORNER, lw=2, label=f"bell 2, width {s:g}")
    left.set(yticks=[], ylim=(0, 1.2))
    finish(left, "one true, the other believed")
    right.plot(widths, there, color=LINE, lw=2.5, label="bell 1 true, bell 2 believed")
    right.plot(widths, back, "--", color=CURVE, lw=2.5, label="bell 2 true, bell 1 believed")
    right.set(xlabel="width of bell 2", ylabel="KL", ylim=(-0.1, 3.2))
    finish(right, "a narrow belief is the dangerous one")


@picture
def reverse_map() -> None:
    """The reverse KL of every bell to the two hills, as a map over mu and sigma, with its three hollows."""
    (ax,) = panels(1, width=6.8, height=3.6)
    mus, sigmas = np.linspace(-4, 4, 81), np.linspace(0.3, 3, 55)
    log_p = np.log(_hills(GRID, 2.0))
    heights = np.array([[_reverse(mu, sigma, log_p) for mu in mus] for sigma in sigmas])
    filled = ax.contourf(
        mus, sigmas, heights, levels=[0.69, 0.8, 1.0, 1.13, 1.2, 1.4, 1.7, 2.2, 3, 5, 9], cmap="cividis", extend="max"
    )
    ax.figure.colorbar(filled, ax=ax, label="reverse KL")
    for mu, sigma, value in ((-2, 0.6, 0.693), (0, 1.79, 1.138), (2, 0.6, 0.693)):
        ax.plot([mu], [sigma], "o", color="white", mec="black", ms=8)
        ax.annotate(f"{value:.3f}", (mu, sigma), (9, 5), textcoords="offset points", color="white", weight="bold")
    ax.set(xlabel="mu", ylabel="sigma")
    finish(ax, "the reverse KL of every bell to two hills at −2 and 2", legend=False)


@picture
def both_pushes(dforward: Slopes, dreverse: Slopes) -> None:
    """How both directions push the logits of six classes: your slopes, downhill."""
    p = np.array([0.02, 0.45, 0.03, 0.02, 0.46, 0.02])
    logits = np.array([0.0, 2.5, 0.5, 0.0, -3.0, 0.0])
    q = np.exp(logits) / np.exp(logits).sum()
    panes = panels(2, columns=1, width=6.4, height=2.4)
    at = np.arange(len(p))
    for ax, name, slopes in zip(panes, ("forward", "reverse"), (dforward, dreverse), strict=True):
        try:
            push = [-float(slope) for slope in slopes(logits.copy(), p.copy())]
            ax.bar(at + 0.25, push, 0.25, color=LINE, label="push on the logit")
        except Exception as error:  # the learner's function may do anything
            not_yet(f"d{name}", error)
            return
        ax.bar(at - 0.25, p, 0.25, color=QUIET, label="p")
        ax.bar(at, q, 0.25, color=CURVE, label="q")
        ax.axhline(0, color=QUIET, lw=0.8)
        ax.set(xlabel="class", ylim=(-0.75, 1.0))
        finish(ax, f"{name}: class 4 is pushed by {push[4]:+.3f}", legend=ax is panes[0])


@picture
def estimates(kl_estimate: Estimate) -> None:
    """Your estimates of one KL from more and more samples, with two standard errors to either side."""
    (ax,) = panels(1, width=6.4, height=3.2)
    sizes = [5, 20, 100, 500, 2500, 12500]
    drawn = np.random.default_rng(4).normal(0, 1, sizes[-1])
    try:
        found = [kl_estimate(drawn[:n].copy(), _log_bell(0, 1), _log_bell(1, 2)) for n in sizes]
        means, errors = np.array([[float(mean), float(error)] for mean, error in found]).T
    except Exception as error:  # the learner's function may do anything
        not_yet("kl_estimate", error)
        return
    ax.axhline(np.log(2) + 2 / 8 - 1 / 2, color=QUIET, lw=2, label="the formula of section 3")
    ax.errorbar(sizes, means, 2 * errors, fmt="o", color=LINE, capsize=4, label="your estimate ± 2 standard errors")
    ax.set(xscale="log", xlabel="how many samples", ylabel="KL")
    finish(ax, "a hundred times the samples, a tenth of the error")


@picture
def both_ways(fit: Fit) -> None:
    """Two hills, and your best bell for them in either direction.

    A slider for how far the hills are apart; three distances without sliders.
    """

    def show(*apart: float) -> None:
        columns = min(2, len(apart))  # forward above reverse on a slider, side by side without one
        panes = panels(2 * len(apart), columns=columns, width=6.8 / columns, height=2.2)
        for place, distance in enumerate(apart):
            if not _fitted(fit, panes[2 * place : 2 * place + 2], distance):
                return

    if not slider(show, "apart", [0, 1, 1.5, 2, 2.5, 3, 4, 5]):
        show(1, 2, 4)


def _fitted(fit: Fit, panes: Sequence[Axes], apart: float) -> bool:
    """Draw the learner's two bells for hills `apart` from each other. False, with advice, if there are none."""
    p = _hills(GRID, apart / 2)
    log_p = np.log(p)
    for ax, direction, colour in zip(panes, ("forward", "reverse"), (LINE, CURVE), strict=True):
        try:
            mu, sigma = (float(value) for value in fit(direction, GRID.copy(), p.copy()))
        except Exception as error:  # the learner's function may do anything
            not_yet("fit", error)
            return False
        q = _bell(GRID, mu, sigma)
        step = GRID[1] - GRID[0]
        cost = (
            _reverse(mu, sigma, log_p)
            if direction == "reverse"
            else float(step * (p * (log_p - _log_bell(mu, sigma)(GRID))).sum())
        )
        ax.fill_between(GRID, p, color=QUIET, alpha=0.35, label="guests")
        ax.plot(GRID, q, color=colour, lw=2.5, label=direction)
        ax.set(xlim=(-6, 6), ylim=(0, 0.75), yticks=[])
        finish(ax, f"{direction}: mu = {round(mu, 2) + 0.0:.2f}, sigma = {sigma:.2f}, KL = {cost:.2f}")
    return True


def _log_bell(mu: float, sigma: float) -> Callable[[Array], Array]:
    return lambda x: -np.log(sigma * np.sqrt(2 * np.pi)) - ((x - mu) / sigma) ** 2 / 2


def _bell(x: Array, mu: float, sigma: float) -> Array:
    return np.exp(_log_bell(mu, sigma)(x))


def _hills(x: Array, at: float) -> Array:
    """The density of two equal hills at -at and at."""
    return (_bell(x, -at, WIDTH) + _bell(x, at, WIDTH)) / 2


def _reverse(mu: float, sigma: float, log_p: Array) -> float:
    log_q = _log_bell(mu, sigma)(GRID)
    return float((np.exp(log_q) * (log_q - log_p)).sum() * (GRID[1] - GRID[0]))
