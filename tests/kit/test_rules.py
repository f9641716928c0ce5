"""The pictures of the rules of differentiation: what is in their axes, and what is said where nothing can be drawn."""

import math
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit import pictures


def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * df(path[-1]))
    return np.array(path)


def line(ax, label):
    """The points of the line with this label."""
    (found,) = [line.get_xydata() for line in ax.get_lines() if line.get_label() == label]
    return found


def test_measured_slopes_are_dots_of_the_learners_slope():
    pictures.measured_slopes({"x**2": lambda x: x * x}, lambda f, x: 2 * x, count=5)
    (ax,) = plt.gcf().axes
    assert line(ax, "slope, measured").tolist() == [[-2, -4], [-1, -2], [0, 0], [1, 2], [2, 4]]
    assert ax.get_title() == "f = x**2"


def test_without_a_slope_from_the_first_unit_one_line_says_what_to_bring(capsys):
    pictures.measured_slopes({"x**2": lambda x: x * x}, None)
    assert "bring `slope`" in capsys.readouterr().out
    assert not plt.get_fignums()


def test_a_growing_rectangle_has_two_strips_and_a_corner():
    pictures.rectangle_grows(lambda x: 3 * x, lambda x: 5 + x, 1, [0.5])
    (ax,) = plt.gcf().axes
    boxes = [(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]
    assert boxes == [(0, 0, 3, 6), (3, 0, 1.5, 6), (0, 6, 3, 0.5), (3, 6, 1.5, 0.5)]
    assert "strips 9 and 1.5, corner 0.75" in ax.get_title()


def test_growth_is_drawn_step_by_step_with_the_learners_grow():
    pictures.growing(lambda x, n: (1 + x / n) ** n, 2.0, [1, 2])
    (ax,) = plt.gcf().axes
    assert line(ax, "1 step").tolist() == [[0, 1], [2, 3]]
    assert line(ax, "2 steps").tolist() == [[0, 1], [1, 2], [2, 4]]
    assert line(ax, "exp")[-1] == pytest.approx([2, math.exp(2)])


def test_a_little_step_along_the_circle_stands_at_a_right_angle_to_the_radius():
    pictures.on_the_circle(0.6, 0.35)
    (ax,) = plt.gcf().axes
    arrow = next(text for text in ax.texts if text.arrow_patch is not None)
    start, end = np.array(arrow.xy), np.array(arrow.get_position())
    x, y = (start, end) if np.allclose(np.hypot(*start), 1) else (end, start)
    assert x @ (y - x) == pytest.approx(0)
    assert np.hypot(*(y - x)) == pytest.approx(0.35)


def test_a_step_is_stretched_by_each_link():
    pictures.stretches([("u = 3*x", lambda x: 3 * x), ("y = 2*u", lambda u: 2 * u)], 1.0, 0.5)
    (ax,) = plt.gcf().axes
    assert [line.get_xdata()[-1] for line in ax.get_lines()] == [0.5, 1.5, 3.0]
    said = [text.get_text() for text in ax.texts]
    assert {"× 3", "× 2", "3 long"} <= set(said)
    assert "6 times as long" in ax.get_title()


def test_activations_are_drawn_with_the_learners_slopes():
    pictures.activations({"relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0)})
    (ax,) = plt.gcf().axes
    for label, right in [("relu", lambda x: max(x, 0)), ("slope", lambda x: float(x > 0))]:
        assert all(y == right(x) for x, y in line(ax, label))


def test_without_functions_the_four_activations_are_drawn_alone():
    pictures.activations()
    assert [ax.get_title() for ax in plt.gcf().axes] == ["sigmoid", "tanh", "relu", "softplus"]
    sigmoid = line(plt.gcf().axes[0], "sigmoid")
    assert sigmoid[len(sigmoid) // 2] == pytest.approx([0, 0.5])
    assert not [line for ax in plt.gcf().axes for line in ax.get_lines() if line.get_label() == "slope"]


def test_descents_hold_the_path_of_each_learning_rate_and_their_distances():
    pictures.descents(lambda x: x * x / 2, lambda x: x, descend, x0=4.0, rates=[0.5, 1.0], steps=3)
    half, whole, far = plt.gcf().axes
    assert line(half, "path").tolist() == [[4, 8], [2, 2], [1, 0.5], [0.5, 0.125]]
    assert line(whole, "path").tolist() == [[4, 8], [0, 0], [0, 0], [0, 0]]
    assert line(far, "lr = 0.5").tolist() == [[0, 4], [1, 2], [2, 1], [3, 0.5]]
    assert line(far, "lr = 1").tolist() == [[0, 4], [1, 1e-6], [2, 1e-6], [3, 1e-6]]  # at the bottom, still shown
    assert len({line.get_color() for line in far.get_lines()[:2]}) == 2
    assert far.get_yscale() == "log"


def test_a_learned_line_shows_the_path_on_the_error_and_the_lines_on_the_way():
    xs, ys = np.array([1.0, 2.0]), np.array([3.0, 6.0])
    error, d_error = lambda w: np.mean((w * xs - ys) ** 2), lambda w: np.mean(2 * (w * xs - ys) * xs)
    pictures.learned_line(xs, ys, error, d_error, descend, lr=0.1, steps=4)
    left, right = plt.gcf().axes
    path = descend(d_error, 0.0, 0.1, 4)
    assert np.allclose(line(left, "your path"), [[w, error(w)] for w in path])
    slopes = [y[-1] / x[-1] for x, y in (line.get_data() for line in right.get_lines()[1:])]
    assert np.allclose(slopes, path[[0, 1, 2, 4]])


def test_galaxies_meet_where_the_learned_line_says():
    xs, ys = np.array([1.0, 2.0]), np.array([5.0, 10.0])
    pictures.galaxies(xs, ys)
    assert plt.gcf().axes[0].get_lines()[0].get_xydata().tolist() == [[1, 5], [2, 10]]
    pictures.age_of_universe(lambda w: np.mean(2 * (w * xs - ys) * xs), descend, 1e10)
    (ax,) = plt.gcf().axes
    assert "all in one place 2.0 billion years ago" in ax.get_title()
    assert np.allclose(ax.get_lines()[0].get_xydata()[0], [-2, 0])


@pytest.mark.parametrize(("mine", "said"), [(lambda w: 2 * w, "is 6;"), (lambda w: None, "None"), (None, "TypeError")])
def test_slopes_are_compared_with_measured_ones(mine, said, capsys):
    pictures.compare_slopes(lambda w: w * w, mine, [3.0])
    printed = capsys.readouterr().out
    assert said in printed
    assert "measured, it is 6" in printed


def test_sliders_move_growth_and_descent(monkeypatch, capsys):
    import ipywidgets

    made = []
    monkeypatch.setattr(ipywidgets, "interact", lambda show, value: made.append((show, value.options)))
    pictures.growing_slider(lambda x, n: (1 + x / n) ** n, 2.0)
    pictures.descent_slider(lambda x: x * x / 2, lambda x: x, descend, x0=4.0, rates=[0.5, 2.0])
    (growth, counts), (descent, rates) = made
    growth(counts[1])
    assert line(plt.gcf().axes[0], "2 steps").tolist() == [[0, 1], [1, 2], [2, 4]]
    descent(rates[1])
    assert "from 4 to 4 in 8 steps" in plt.gcf().axes[0].get_title()
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    pictures.growing_slider(lambda x, n: (1 + x / n) ** n, 2.0)
    assert "no sliders here" in capsys.readouterr().out


ODD = {
    "a stub": lambda *args: None,
    "one that raises": lambda *args: 1 / 0,
    "too short a path": lambda *args: [1.0],
    "nan": lambda *args: np.full(4, np.nan),
}


@pytest.mark.parametrize("made", ODD.values(), ids=ODD)
def test_where_the_learners_function_is_not_ready_one_line_says_so(made, capsys, monkeypatch):
    pictures.descents(lambda x: x * x, lambda x: 2 * x, made, x0=1.0, rates=[0.1], steps=3)
    pictures.learned_line(np.ones(2), np.ones(2), lambda w: w, lambda w: 1.0, made, lr=0.1, steps=3)
    pictures.growing(made, 2.0, [1, 2])
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    pictures.descent_slider(lambda x: x * x, lambda x: 2 * x, made, x0=1.0, rates=[0.1])
    said = capsys.readouterr().out.splitlines()
    assert said
    assert all("First make its check pass" in line for line in said)
    assert not plt.get_fignums()


def test_activations_that_are_not_written_yet_say_so(capsys):
    pictures.activations({"relu": (lambda x: None, lambda x: None)})
    assert "First make its check pass" in capsys.readouterr().out
    assert not plt.get_fignums()
