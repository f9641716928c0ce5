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
    pictures.digits_run_out(cube, 1.3, (1e-2, 1e-15))
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
    chords = {line.get_label(): line.get_xydata().tolist() for line in drawn()[0].lines}
    assert chords["forward"] == [[0.25, 0.25], [1.25, 1.25]]
    assert chords["central"] == [[-0.75, 0], [1.25, 1.25]]


def test_directions_are_labelled_with_the_slope_along_them():
    pictures.directions(lambda p, q: 3 * p + 4 * q, (0, 0), count=4)
    ax = drawn()[0]
    boxes = [text for text in ax.texts if text.get_text() and text.get_bbox_patch()]
    assert len(boxes) == 4
    for text in boxes:
        u, w = np.array(text.get_position()) / 1.25
        assert float(text.get_text()) == pytest.approx(3 * u + 4 * w, abs=0.006)
    assert any(getattr(lines, "labelTexts", ()) for lines in ax.collections)  # the lines of equal loss have numbers
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
        lambda: pictures.both_gradients(lambda: None, Engine, Engine),
        lambda: pictures.wrong_layer(lambda *a: None),
    ],
    ids=["verdicts", "matrix_and_gradient", "two_walks", "both_gradients", "wrong_layer"],
)
def test_where_nothing_is_written_yet_one_line_says_so(draw, capsys):
    draw()
    assert "First make its check pass" in capsys.readouterr().out


def test_both_gradients_are_on_each_node_that_the_broken_engine_gets_wrong():
    class Half(Engine):
        def backward(self):
            Engine.backward(self)
            self.edges[0][0].grad /= 2

    pictures.both_gradients(lambda: ([2.0], lambda a: a + a), Half, Engine)
    boxes = [text.get_text() for text in drawn()[0].texts if text.get_text()]
    assert sorted(boxes) == ["2", "4", "broken 1", "grad 1", "grad 2"]


def test_the_wrong_layer_lights_up_and_no_other():
    def judge(loss, grads, params):
        def slope(name, place, h=1e-6):
            moved = {key: table.copy() for key, table in params.items()}
            moved[name][place] += h
            up = loss(moved)
            moved[name][place] -= 2 * h
            return (up - loss(moved)) / (2 * h)

        return {
            name: max(abs(slope(name, at) - grads[name][at]) for at in np.ndindex(W.shape))
            for name, W in params.items()
        }

    pictures.wrong_layer(judge)
    (ax,) = drawn()
    assert [text.get_text()[:4] for text in ax.texts] == ["✓ W1", "✗ W2", "✓ W3"]
    assert {line.get_linewidth() for line in ax.lines[15:35]} == {2.0}  # 5 × 4 weights
    assert {line.get_linewidth() for line in [*ax.lines[:15], *ax.lines[35:]]} == {0.7}
