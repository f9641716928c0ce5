"""Slopes through random draws: a draw and its mean, two estimators, races with noise, soft throws, dice that learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, finish, not_yet, panels, picture, slider

__all__ = [
    "choices_learned",
    "dice",
    "dice_learn",
    "races",
    "slope_sizes",
    "temperatures",
    "two_slopes",
    "two_spreads",
]

Estimate: TypeAlias = Callable[..., tuple[float, float]]
Soft: TypeAlias = Callable[[Array, float, Array], Array]
MU, DRAWS, RUNS = 1.5, 50, 400  # of the histograms


def _show(ax: Axes, sides: Array, title: str) -> None:
    """A picture of thrown sides: 0 is white, 2 is black."""
    ax.imshow(sides, cmap="Greys", vmin=0, vmax=2)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=10)


@picture
def dice(target: Array) -> None:
    """The picture that is wanted, and three throws of the dice as they are."""
    panes = panels(4, width=1.75, height=2.0)
    _show(panes[0], target, "wanted")
    rng = np.random.default_rng(1)
    for place, ax in enumerate(panes[1:]):
        _show(ax, rng.integers(0, 3, target.shape).astype(float), f"throw {place + 1}")


def _coin(p: float, rng: np.random.Generator) -> float:
    return 1.0 if rng.random() < p else 0.0


@picture
def two_slopes(draw_slope: Callable[..., float], mean_slope: Callable[..., float]) -> None:
    """Above: the slope of one draw of a coin, for forty seeds. Below: the slope of the mean of more and more draws."""
    sizes = [1, 4, 16, 64, 256, 1024, 4096]
    try:
        single = [float(draw_slope(_coin, 0.4, seed, 0.01)) for seed in range(40)]
        means = [float(mean_slope(_coin, 0.4, n, 6, 0.1)) for n in sizes]
    except Exception as error:  # the learner's functions may do anything
        not_yet("mean_slope", error)
        return
    left, right = panels(2, columns=1, width=6.4, height=2.4)
    left.plot(single, "o", color=LINE, ms=5)
    left.set(xlabel="seed", ylabel="slope", ylim=(-4, 54))
    finish(left, f"one draw, h = 0.01: {single.count(0.0)} of 40 are flat", legend=False)
    right.axhline(1, color=QUIET, lw=2, label="slope of the true average")
    right.plot(sizes, means, "o-", color=CURVE, label="your mean_slope, h = 0.1")
    right.set(xscale="log", xlabel="how many draws", ylabel="slope")
    finish(right, "the mean of many draws")


@picture
def two_spreads(score_grad: Estimate, path_grad: Estimate) -> None:
    """The learner's two estimates of the slope of the average of z*z, from 400 runs each, over one axis."""
    try:
        runs = [np.random.default_rng(seed) for seed in range(2 * RUNS)]
        score = np.array([float(score_grad(lambda z: z**2, MU, DRAWS, rng)[0]) for rng in runs[:RUNS]])
        path = np.array([float(path_grad(lambda z: 2 * z, MU, DRAWS, rng)[0]) for rng in runs[RUNS:]])
    except Exception as error:  # the learner's functions may do anything
        not_yet("score_grad", error)
        return
    panes = panels(2, columns=1, width=6.6, height=1.8)
    bins = np.linspace(-2, 8, 51)
    for ax, name, values, colour in zip(panes, ("score", "path"), (score, path), (LINE, CURVE), strict=True):
        ax.hist(values, bins=bins.tolist(), color=colour, alpha=0.8)
        ax.axvline(2 * MU, color=CORNER, lw=2, label="true slope")
        ax.set(yticks=[], xlim=(-2, 8))
        finish(ax, f"{name}: mean {values.mean():.2f}, spread {values.std():.2f}")
    panes[1].set_xlabel(f"estimate of the slope from {DRAWS} draws, {RUNS} times")


@picture
def races(gumbel: Callable[..., Array], gumbel_max: Callable[..., Array], p: Sequence[float]) -> None:
    """How often each side wins 20,000 races: what is right, with the learner's Gumbel noise, and with the bell."""
    logits = np.tile(np.log(p), (20_000, 1))
    try:
        won = np.asarray(gumbel_max(logits.copy(), gumbel(np.random.default_rng(5), logits.shape)))
        bell = np.asarray(gumbel_max(logits.copy(), np.random.default_rng(5).standard_normal(logits.shape)))
        shares = [[float(np.mean(picks == side)) for side in range(len(p))] for picks in (won, bell)]
    except Exception as error:  # the learner's functions may do anything
        not_yet("gumbel_max", error)
        return
    (ax,) = panels(1, width=6.6, height=3.0)
    at = np.arange(len(p))
    names = ("softmax", "your Gumbel noise", "noise from the bell")
    for place, (name, heights, colour) in enumerate(zip(names, (p, *shares), (QUIET, CURVE, LINE), strict=True)):
        bars = ax.bar(at + 0.27 * (place - 1), heights, 0.25, color=colour, label=name)
        ax.bar_label(bars, fmt="%.2f", fontsize=8)
    ax.set(xticks=at, xlabel="side", ylabel="share of 20,000 races")
    finish(ax, "who wins how often")


@picture
def temperatures(gumbel_softmax: Soft, taus: Sequence[float]) -> None:
    """Six of the learner's soft throws: the share of each side in them.

    Three temperatures at once, and then a slider for tau.
    """
    logits = np.tile(np.log([0.5, 0.3, 0.2]), (6, 1))
    noise = -np.log(-np.log(np.random.default_rng(12).random(logits.shape)))
    try:
        found = {tau: np.asarray(gumbel_softmax(logits.copy(), tau, noise.copy()), dtype=float) for tau in taus}
        assert all(y.shape == logits.shape for y in found.values()), "another shape than that of the logits"
    except Exception as error:  # the learner's function may do anything
        not_yet("gumbel_softmax", error)
        return

    def show(*chosen: float) -> None:
        panes = panels(len(chosen), width=6.4 / len(chosen), height=2.6)
        for ax, tau in zip(panes, chosen, strict=True):
            below = np.zeros(len(logits))
            for side, (colour, name) in enumerate(((CURVE, "side 0"), (LINE, "side 1"), (CORNER, "side 2"))):
                ax.bar(np.arange(len(logits)), found[tau][:, side], 0.8, bottom=below, color=colour, label=name)
                below += found[tau][:, side]
            ax.set(xlabel="throw", xticks=range(len(logits)), ylim=(0, 1.02))
            finish(ax, f"tau = {tau:g}", legend=False)
        panes[0].figure.legend(
            *panes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False
        )

    show(*taus[:: max(1, len(taus) // 2)][:3])
    slider(show, "tau", taus)


@picture
def slope_sizes(gumbel_softmax: Soft, back: Soft) -> None:
    """How large the learner's gradient of a side is over the temperature: typically, and at most in 500 throws."""
    taus = np.geomspace(0.02, 20, 25).tolist()
    logits = np.tile(np.log([0.5, 0.3, 0.2]), (500, 1))
    noise = -np.log(-np.log(np.random.default_rng(13).random(logits.shape)))
    arrives = np.tile([1.0, 0.0, 0.0], (500, 1))
    try:
        sizes = [np.abs(back(gumbel_softmax(logits.copy(), t, noise.copy()), t, arrives.copy())[:, 0]) for t in taus]
    except Exception as error:  # the learner's functions may do anything
        not_yet("gumbel_softmax_back", error)
        return
    (ax,) = panels(1, width=6.4, height=3.1)
    ax.plot(taus, [1 / (4 * t) for t in taus], color=QUIET, alpha=0.35, lw=7, label="1/(4 tau)")
    ax.plot(taus, [size.max() for size in sizes], "--", color=LINE, lw=2, label="the largest of 500 throws")
    ax.plot(taus, [max(float(np.median(size)), 1e-9) for size in sizes], color=CURVE, lw=2, label="the typical throw")
    ax.set(xscale="log", yscale="log", ylim=(1e-6, 30), xlabel="tau", ylabel="size of the slope")
    finish(ax, "slope of a side with respect to its own logit")


@picture
def choices_learned(train_choice: Callable[..., tuple[Array, Sequence[float]]], rewards: Sequence[float]) -> None:
    """The history of the learner's training at three temperatures, and the probabilities that it ends with."""
    taus = (0.001, 0.5, 100.0)
    try:
        runs = [train_choice(np.array(rewards), 1.0, 150, tau, np.random.default_rng(8)) for tau in taus]
        ends = [np.exp(np.asarray(logits, dtype=float) - np.max(logits)) for logits, _ in runs]
        histories = [np.asarray(history, dtype=float) for _, history in runs]
    except Exception as error:  # the learner's function may do anything
        not_yet("train_choice", error)
        return
    left, right = panels(2, columns=1, width=6.4, height=2.4)
    at = np.arange(len(rewards))
    looks = zip(taus, (LINE, CURVE, CORNER), (":", "-", "--"), strict=True)
    for place, (tau, colour, style) in enumerate(looks):
        left.plot(histories[place], style, color=colour, lw=2, label=f"tau = {tau:g}")
        right.bar(at + 0.27 * (place - 1), ends[place] / ends[place].sum(), 0.25, color=colour)
    left.set(xlabel="step", ylabel="mean reward")
    right.set(xticks=at, xlabel="arm", ylabel="probability at the end", ylim=(0, 1.05))
    finish(left, f"rewards {', '.join(f'{reward:g}' for reward in rewards)}")
    finish(right, "which arm it plays", legend=False)


@picture
def dice_learn(train: Callable[[str], Sequence[Array]]) -> None:
    """Throws of all the dice through training: with the slope of a hard throw, and with the learner's soft ones."""
    try:
        rows = [[np.asarray(image, dtype=float) for image in train(way)] for way in ("hard", "soft")]
        assert all(image.ndim == 2 for row in rows for image in row), "no pictures came back"
    except Exception as error:  # the learner's functions may do anything
        not_yet("gumbel_softmax_back", error)
        return
    panes = panels(8, columns=4, width=1.75, height=2.0)
    for row, way in zip((0, 4), ("hard", "soft"), strict=True):
        for place, name in enumerate(("at first", "10 steps", "40 steps", "at the end")):
            _show(panes[row + place], rows[row // 4][place], f"{way}: {name}")
