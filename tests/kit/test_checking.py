"""What stands in the pictures of `kit.pictures.checking`, and what they say where nothing is written yet."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit import pictures, walks


def drawn():
    return plt.gcf().axes


def cube(x):
    return x * x * x


def test_nudges_draws_the_forward_and_the_central_run():
    pictures.nudges(cube, 3.0, 1.0, 0.5)
    runs = [ax.lines[2].get_xydata().tolist() for ax in drawn()]
    assert runs == [[[1, 1], [1.5, 3.375]], [[0.5, 0.125], [1.5, 3.375]]]


def test_digits_shows_a_line_and_then_a_staircase():
    pictures.digits(cube, 1.3, (1e-2, 1e-15))
    smooth, stairs = (ax.lines[0].get_ydata() for ax in drawn())
    assert len(set(smooth)) == 401
    assert len(set(stairs)) < 30


def test_two_errors_are_lowest_where_the_best_h_is():
    pictures.two_errors()
    lowest = []
    for ax in drawn():
        h, together = ax.lines[2].get_xydata().T
        lowest.append(h[together.argmin()])
    assert lowest[0] == pytest.approx(1e-8, rel=0.3)
    assert lowest[1] == pytest.approx(4e-6, rel=0.3)


def test_a_matrix_stands_beside_its_gradient():
    pictures.matrix_and_gradient([[1, 2], [3, 4]], lambda X: 10 * X)
    assert [[text.get_text() for text in ax.texts] for ax in drawn()] == [
        ["1", "2", "3", "4"],
        ["10", "20", "30", "40"],
    ]


def test_a_kink_has_a_nudge_to_either_side():
    pictures.kink(0.25)
    dots = drawn()[0].lines[1].get_xydata().tolist()
    assert dots == [[-0.75, 0], [0.25, 0.25], [1.25, 1.25]]


def test_directions_are_labelled_with_the_slope_along_them():
    pictures.directions(lambda p, q: 3 * p + 4 * q, (0, 0), count=4)
    ax = drawn()[0]
    for text in (text for text in ax.texts if text.get_text()):
        u, w = np.array(text.get_position()) / 1.25
        assert float(text.get_text()) == pytest.approx(3 * u + 4 * w, abs=0.006)
    gradient = [text for text in ax.texts if not text.get_text()][-1]
    assert gradient.xy == pytest.approx((1.4 * 0.6, 1.4 * 0.8))


class Engine:
    """A node that can be doubled."""

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = data, 0.0, edges

    def __add__(self, other):
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    backward = walks.level_by_level


def test_two_walks_shows_the_slopes_by_nudging_and_by_both_engines():
    class Silent(Engine):
        def backward(self):
            pass

    pictures.two_walks(lambda: ([2.0], lambda a: a + a), Silent, Engine)
    nudged, broken, repaired = (bar.get_height() for bar in drawn()[0].patches)
    assert (nudged, broken, repaired) == (pytest.approx(2), 0, 2)


def test_verdicts_are_a_table_of_the_judges_errors():
    passes = {"right": {"a": 1e-9, "b": 0.0}, "wrong": {"a": 0.5, "b": 2e-10}}
    pictures.verdicts(lambda loss, grads, params: grads, None, passes, {"a": 1, "b": 2})
    ax = drawn()[0]
    assert [text.get_text() for text in ax.texts] == ["1e-09", "0", "0.5", "2e-10"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["✓  right", "✗  wrong"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: pictures.verdicts(lambda *a: None, None, {"right": {}}, {"a": 1}),
        lambda: pictures.matrix_and_gradient([[1.0]], lambda X: None),
        lambda: pictures.two_walks(lambda: None, Engine, Engine),
    ],
    ids=["verdicts", "matrix_and_gradient", "two_walks"],
)
def test_where_nothing_is_written_yet_one_line_says_so(draw, capsys):
    draw()
    assert "First make its check pass" in capsys.readouterr().out
