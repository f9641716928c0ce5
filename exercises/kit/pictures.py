"""Pictures for the notebooks: each shows one idea, and draws real data that a test can read back from its axes."""

import os

import numpy as np


def _axes(columns=1, width=4.2, height=3.2):
    """A row of axes; None while the notebook is graded, where nobody looks."""
    if os.environ.get("KIT_GRADING"):
        return None
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, columns, figsize=(width * columns, height), constrained_layout=True)
    return axes


def rise_over_run(f, a, b):
    """A curve, two points on it, and the triangle between them: rise over run."""
    axes = _axes(width=5.5, height=3.6)
    if axes is None:
        return None
    margin = 0.35 * (b - a)
    xs = np.linspace(a - margin, b + margin, 200)
    axes.plot(xs, [f(x) for x in xs], color="tab:blue", label="f")
    axes.plot([a, b], [f(a), f(b)], color="tab:red", label="the line between the two points")
    axes.plot([a, b, b], [f(a), f(a), f(b)], color="gray", linestyle="--", label="_triangle")
    axes.scatter([a, b], [f(a), f(b)], color="tab:red", zorder=3)
    axes.annotate(f"run {b - a:g}", ((a + b) / 2, f(a)), xytext=(0, -14), textcoords="offset points", ha="center")
    axes.annotate(f"rise {f(b) - f(a):g}", (b, (f(a) + f(b)) / 2), xytext=(6, 0), textcoords="offset points")
    axes.set(xlabel="x", ylabel="f(x)", title="rise over run")
    axes.legend(loc="upper left", frameon=False)
    return axes


def zoom(f, x0, widths=(4.0, 0.4, 0.04)):
    """The same curve through a stronger and stronger microscope."""
    all_axes = _axes(len(widths))
    if all_axes is None:
        return None
    for axes, width in zip(np.atleast_1d(all_axes), widths, strict=True):
        xs = np.linspace(x0 - width / 2, x0 + width / 2, 201)
        axes.plot(xs, [f(x) for x in xs], color="tab:blue")
        axes.scatter([x0], [f(x0)], color="tab:red", zorder=3)
        axes.set(title=f"{width:g} wide", xlabel="x")
        axes.ticklabel_format(useOffset=False)
        axes.locator_params(nbins=4)
    return list(np.atleast_1d(all_axes))


def square_grows(x=3.0, dx=0.4):
    """A square whose side grows by dx: two strips, and a corner that is dx*dx."""
    axes = _axes(width=4.2, height=4.2)
    if axes is None:
        return None
    from matplotlib.patches import Rectangle

    for corner, width, height, color in (
        ((0, 0), x, x, "#9ecae1"),
        ((x, 0), dx, x, "#fdae6b"),
        ((0, x), x, dx, "#fdae6b"),
        ((x, x), dx, dx, "#de2d26"),
    ):
        axes.add_patch(Rectangle(corner, width, height, facecolor=color, edgecolor="white"))
    axes.text(x / 2, x / 2, "x · x", ha="center", va="center", fontsize=14)
    axes.text(x + dx / 2, x / 2, "x·dx", ha="center", va="center", rotation=90)
    axes.text(x / 2, x + dx / 2, "x·dx", ha="center", va="center")
    axes.annotate("dx·dx", (x + dx / 2, x + dx / 2), xytext=(x + 0.05, x + 2.2 * dx), ha="center")
    axes.set(xlim=(-0.1, x + 2 * dx), ylim=(-0.1, x + 2.8 * dx), aspect="equal", title="a square grows")
    axes.axis("off")
    return axes


def step_and_signal():
    """A step and a slope beside each other: where is there a slope that tells which way to go?"""
    axes = _axes(2)
    if axes is None:
        return None
    xs = np.linspace(-3, 3, 601)
    axes[0].plot(xs, np.where(xs > 0, 1.0, 0.0), color="tab:blue")
    axes[0].set(title="a step: flat on both sides", xlabel="x")
    axes[1].plot(xs, 1 / (1 + np.exp(-2 * xs)), color="tab:blue")
    axes[1].set(title="a soft step: every slope says which way", xlabel="x")
    for one in axes:
        for x in (-2.0, -1.0, 1.0, 2.0):
            y = (x > 0) * 1.0 if one is axes[0] else 1 / (1 + np.exp(-2 * x))
            s = 0.0 if one is axes[0] else 2 * y * (1 - y)
            one.plot([x - 0.4, x + 0.4], [y - 0.4 * s, y + 0.4 * s], color="tab:red", linewidth=3)
    return list(axes)


GRAPHS = {"hill": lambda x: 3 - x * x, "valley": lambda x: x * x - 3, "wave": lambda x: x**3 / 3 - x}
_SLOPES = {"hill": lambda x: -2 * x, "valley": lambda x: 2 * x, "wave": lambda x: x * x - 1}
ORDERS = [
    (curve, order)
    for curve in ("hill", "valley", "wave")
    for order in (("hill", "valley", "wave"), ("valley", "wave", "hill"), ("wave", "hill", "valley"))
]


def graph_quiz():
    """A curve, and three slopes: which of a, b, c is the slope of the curve? The question depends on who asks."""
    from kit.variants import my_name, variant

    curve, order = variant("pair_plot", ORDERS)
    axes = _axes(4, width=3.2, height=2.8)
    if axes is None:
        return None
    xs = np.linspace(-2, 2, 201)
    axes[0].plot(xs, GRAPHS[curve](xs), color="tab:blue")
    axes[0].set(title=f"the curve for {my_name()}", xlabel="x")
    for letter, name, one in zip("abc", order, axes[1:], strict=True):
        one.plot(xs, _SLOPES[name](xs), color="tab:red")
        one.axhline(0, color="gray", linewidth=0.8)
        one.set(title=letter, xlabel="x", ylim=(-4.4, 4.4))
    return list(axes)
