"""Whatever a student draws with, hidden tests find the curve and the guide lines."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.jail.inside import drawn as inside
from grader.testing import Student, StudentError, curves, levels, uprights

DRAWN_WITH = {
    "plot": lambda ax, x, y, label: ax.plot(x, y, label=label),
    "plot, backwards": lambda ax, x, y, label: ax.plot(x[::-1], y[::-1], label=label),
    "plot of dots": lambda ax, x, y, label: ax.plot(x, y, "o", label=label),
    "plot, dot by dot": lambda ax, x, y, label: [ax.plot(a, b, "k.", label=label) for a, b in zip(x, y, strict=True)],
    "scatter": lambda ax, x, y, label: ax.scatter(x, y, label=label),
    "scatter, dot by dot": lambda ax, x, y, label: [ax.scatter(a, b, label=label) for a, b in zip(x, y, strict=True)],
    "step": lambda ax, x, y, label: ax.step(x, y, label=label),
    "errorbar": lambda ax, x, y, label: ax.errorbar(x, y, yerr=0.5, capsize=3, label=label),
    "stem": lambda ax, x, y, label: ax.stem(x, y, label=label),
    "bar": lambda ax, x, y, label: ax.bar(x, y, width=0.25, label=label),
    "semilogx": lambda ax, x, y, label: ax.semilogx(x, y, label=label),
}
LEVEL = {
    "axhline": lambda ax, y: ax.axhline(y),
    "axhline, short": lambda ax, y: ax.axhline(y, 0.25, 0.5, label="zero"),
    "hlines": lambda ax, y: ax.hlines(y, -1.0, 2.0, linestyles="dotted"),
    "hlines, several": lambda ax, y: ax.hlines([y, y], [0, 1], [1, 2]),
    "plot": lambda ax, y: ax.plot([-3.0, 2.0], [y, y], "k--"),
    "axline": lambda ax, y: ax.axline((0.0, y), slope=0),
    "step": lambda ax, y: ax.step([0.0, 1.0, 2.0], [y, y, y]),
    "errorbar": lambda ax, y: ax.errorbar([0.0, 1.0], [y, y], yerr=0.25),
}
UPRIGHT = {
    "axvline": lambda ax, x: ax.axvline(x),
    "vlines": lambda ax, x: ax.vlines(x, -1.0, 2.0),
    "plot": lambda ax, x: ax.plot([x, x], [0.0, 1.0]),
}
numbers = st.floats(-100, 100).map(lambda x: round(x, 3))
once = settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def seen(draw, **names):
    """The AxesData of what `draw(ax)` draws."""
    namespace = {"draw": draw, "plt": plt}
    exec("def picture():\n    _, ax = plt.subplots()\n    draw(ax)\n    return ax", namespace)
    student = Student.local(namespace)
    try:
        return student.axes(student.picture())
    finally:
        plt.close("all")


@once
@given(points=st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8, unique_by=lambda xy: xy[0]))
@pytest.mark.parametrize("draw", DRAWN_WITH.values(), ids=DRAWN_WITH)
def test_a_curve_is_found_whatever_it_is_drawn_with(draw, points):
    x, y = np.array(sorted(points)).T
    if draw is DRAWN_WITH["semilogx"]:
        x = x + 200
    axes = seen(lambda ax: draw(ax, x, y, "f"))
    assert [curve.label for curve in curves(axes, " F ")] == ["f"]
    assert np.allclose(curves(axes, "f")[0].xy, np.column_stack([x, y]))
    assert curves(axes, "g") == []


@once
@given(y=numbers, limits=st.tuples(st.floats(-50, -1), st.floats(1, 50)))
@pytest.mark.parametrize("draw", LEVEL.values(), ids=LEVEL)
def test_a_level_line_is_found_whatever_it_is_drawn_with(draw, y, limits):
    def both(ax):
        ax.plot([-1.0, 0.5, 2.0], [3.0, -4.0, 5.0], label="f")
        draw(ax, y)
        ax.set_xlim(limits)

    axes = seen(both)
    assert levels(axes)
    assert np.allclose(levels(axes), y)
    assert draw is LEVEL["axline"] or set(levels(axes)) == {y}  # which alone is known by where it meets the edges
    assert uprights(axes) == []


@once
@given(x=numbers)
@pytest.mark.parametrize("draw", UPRIGHT.values(), ids=UPRIGHT)
def test_an_upright_line_is_found_whatever_it_is_drawn_with(draw, x):
    axes = seen(lambda ax: (ax.plot([-1.0, 2.0], [3.0, 5.0]), draw(ax, x)))
    assert uprights(axes) == [pytest.approx(x)]
    assert levels(axes) == []
    assert len(curves(axes)) == 1


def test_bars_on_their_side_areas_images_and_texts_are_plain_data():
    def draw(ax):
        ax.barh([1.0, 2.0], [3.0, 4.0], label="bars")
        ax.hist([1, 1, 2], bins=[0.5, 1.5, 2.5], label="counts")
        ax.stairs([5.0, 6.0], [0.0, 1.0, 2.0], label="stairs")
        ax.fill_between([0.0, 1.0], [1.0, 2.0], label="under")
        ax.axvspan(0.0, 1.0)
        ax.imshow([[1.0, 2.0], [3.0, 4.0]], extent=(0, 2, 0, 4))
        ax.pcolormesh([0.0, 1.0, 2.0], [0.0, 1.0], [[7.0, 8.0]])
        ax.text(1.0, 2.0, "here")
        ax.annotate("there", (3.0, 4.0), xytext=(0.0, 0.0))
        ax.contour([[0.0, 1.0], [1.0, 2.0]], levels=[0.5])
        ax.set_title("t" * 1000)
        ax.legend()

    axes = seen(draw)
    bars = {
        label: [drawing.xy[0].tolist() for drawing in axes.bars if drawing.label == label]
        for label in ("bars", "counts")
    }
    assert bars == {"bars": [[3.0, 1.0], [4.0, 2.0]], "counts": [[1.0, 2.0], [2.0, 1.0]]}
    (stairs,) = (line for line in axes.lines if line.label == "stairs")
    assert stairs.xy.tolist() == [[0.0, 5.0], [1.0, 5.0], [1.0, 6.0], [2.0, 6.0]]
    assert next(area for area in axes.areas if area.label == "under").xy.max(axis=0).tolist() == [1.0, 2.0]
    assert [image.values.tolist() for image in axes.images] == [[[7.0, 8.0]], [[3.0, 4.0], [1.0, 2.0]]]
    assert [image.extent for image in axes.images] == [[0.0, 2.0, 0.0, 1.0], [0.0, 2.0, 0.0, 4.0]]
    assert [(text.text, text.xy.tolist()) for text in axes.texts] == [("here", [1.0, 2.0]), ("there", [3.0, 4.0])]
    assert [contour.label for contour in axes.contours] == ["0.5"]
    assert sorted(axes.legend) == ["bars", "counts", "stairs", "under"]
    assert len(axes.title) == inside.TEXT_LIMIT


@pytest.mark.slow
def test_too_much_in_one_picture_is_refused_by_its_size():
    with pytest.raises(StudentError, match="too many points"):
        seen(lambda ax: ax.plot(np.zeros(inside.POINTS_LIMIT + 1)))
    with pytest.raises(StudentError, match="things are drawn"):
        seen(lambda ax: [ax.add_line(matplotlib.lines.Line2D([0], [0])) for _ in range(inside.ARTISTS_LIMIT + 1)])
