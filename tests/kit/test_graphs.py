"""The pictures of graphs: every node and arrow is there, nothing overlaps, and nobody's unfinished code breaks them."""

import itertools
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit import pictures


class Box:
    """A node as a learner would make it."""

    def __init__(self, name="", inputs=(), data=None, op="", slopes=(), grad=None):
        self.name, self.inputs, self.data, self.op, self.slopes, self.grad = name, inputs, data, op, slopes, grad


def a_graph():
    x, y = Box("x", data=1.5, grad=2.39), Box("y", data=0.5, grad=-1.63)
    s = Box("s", (x, y), 1.0, "-", (1.0, -1.0), 1.63)
    p = Box("p", (s,), 0.762, "tanh", (0.42,), 1.5)
    q = Box("q", (p, x), 1.14, "*", (1.5, 0.762), 1.0)
    return Box("L", (q, s), 2.14, "+", (1.0, 1.0), 1.0)


def words():
    return [text.get_text() for text in plt.gca().texts if text.get_text()]


def boxes():
    return [patch.get_bbox() for patch in plt.gca().patches if isinstance(patch, plt.Rectangle)]


def arrows():
    return [text for text in plt.gca().texts if getattr(text, "arrow_patch", None) is not None]


def long_graph(count=12):
    nodes = [Box("a"), Box("b")]
    for k in range(count):
        nodes.append(Box(f"n{k}", (nodes[-1], nodes[k // 2])))
    return nodes[-1]


def test_every_node_shows_its_name_its_operation_its_value_and_its_gradient():
    pictures.graph(a_graph())
    assert len(boxes()) == 6
    for said in ("x", "s = -", "p = tanh", "L = +", "1.5", "2.14", "grad 2.39", "grad -1.63"):
        assert said in words()


def test_there_is_one_arrow_for_every_use_and_slopes_stand_on_them_when_asked_for():
    pictures.graph(a_graph())
    assert len(arrows()) == 7
    assert "0.42" not in words()
    plt.close("all")
    pictures.graph(a_graph(), slopes=True)
    assert {"0.42", "0.762", "-1"} <= set(words())


def test_a_number_used_twice_by_one_node_has_two_arrows_that_end_apart():
    x = Box("x")
    pictures.graph(Box("square", (x, x)))
    one, other = [text.xy for text in arrows()]
    assert one != other


@pytest.mark.parametrize("output", [a_graph(), long_graph()], ids=["uneven", "long"])
def test_no_box_covers_another_and_all_are_inside_the_picture(output):
    pictures.graph(output)
    ax = plt.gca()
    for one, other in itertools.combinations(boxes(), 2):
        assert not one.overlaps(other)
    for box in boxes():
        assert ax.get_xlim()[0] <= box.x0 < box.x1 <= ax.get_xlim()[1]
        assert ax.get_ylim()[0] <= box.y0 < box.y1 <= ax.get_ylim()[1]
    plt.close("all")  # twelve columns cannot be read on a phone


@pytest.mark.parametrize("output", [a_graph(), long_graph()], ids=["uneven", "long"])
def test_every_node_stands_right_of_its_inputs_and_no_line_runs_through_a_box(output):
    pictures.graph(output)
    ax = plt.gca()
    for text in arrows():
        assert text.xyann[0] < text.xy[0]  # from left to right
    for line in ax.lines:
        ways = line.get_xydata()
        for (x0, y0), (x1, y1) in itertools.pairwise(ways):
            for part in np.linspace(0.02, 0.98, 49):
                x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
                inside = [box for box in boxes() if box.x0 < x < box.x1 and box.y0 < y < box.y1]
                assert not inside
    plt.close("all")


def test_a_function_gives_names_to_the_nodes_and_the_last_is_the_output():
    x = Box(data=2.0)
    pictures.graph(lambda: {"x": x, "twice": Box(inputs=(x, x), op="+")})
    assert {"x", "twice = +"} <= set(words())


@pytest.mark.parametrize(
    "unfinished",
    [lambda: {"x": Box(), "L": None}, lambda: None, lambda: 1 / 0, lambda: {}],
    ids=["a None", "None", "an error", "nothing"],
)
def test_what_cannot_be_drawn_yet_is_said_in_one_line(unfinished, capsys):
    pictures.graph(unfinished)
    said = capsys.readouterr().out
    assert re.search(r"cannot be drawn yet .*First make the check above pass", said)
    assert said.count("\n") == 1
    assert not plt.get_fignums()


def ordered(output):
    return [*ordered_inputs(output), output]


def ordered_inputs(output):
    found = []
    for before in output.inputs:
        found += [node for node in ordered(before) if node not in found]
    return found


def test_the_turns_of_a_right_order_are_shown_and_no_arrow_is_marked():
    pictures.firing_order(a_graph(), ordered)
    assert {f"turn {k}" for k in range(1, 7)} <= set(words())
    assert len({text.arrow_patch.get_edgecolor() for text in arrows()}) == 1


def test_an_order_that_is_wrong_is_marked():
    pictures.firing_order(a_graph(), lambda node: ordered(node)[::-1])
    assert len({text.arrow_patch.get_linewidth() for text in arrows()}) == 1
    plt.close("all")
    pictures.firing_order(a_graph(), lambda node: [*ordered(node)[1:], ordered(node)[0]])  # the first is late
    assert len({text.arrow_patch.get_linewidth() for text in arrows()}) == 2
    plt.close("all")
    pictures.firing_order(a_graph(), lambda node: [*ordered(node)[1:], node])
    assert "not listed" in words()
    assert "turn 5, 6" in words()


def test_an_order_that_is_not_written_yet_is_said(capsys):
    pictures.firing_order(a_graph(), lambda node: None)
    assert "First make its check pass" in capsys.readouterr().out


def test_holding_one_input_shows_two_slices_through_one_point():
    pictures.hold_one(lambda v: v[0] * v[0] * v[1], 2, 3)
    above, left, right = plt.gcf().axes
    east, north = (line.get_xydata() for line in above.lines[:2])
    assert (east[:, 1] == 3).all()
    assert (north[:, 0] == 2).all()
    xs, ys = left.lines[0].get_data()
    assert np.allclose(ys, xs * xs * 3)
    xs, ys = right.lines[0].get_data()
    assert np.allclose(ys, 4 * xs)


def test_a_gradient_is_shown_as_two_tangents(capsys):
    pictures.hold_one(lambda v: v[0] * v[0] * v[1], 2, 3, lambda f, x: [12, 4])
    for ax, slope, height in zip(plt.gcf().axes[1:], (12, 4), (12, 12), strict=True):
        (x0, y0), (x1, y1) = ax.lines[1].get_xydata()
        assert np.isclose((y1 - y0) / (x1 - x0), slope)
        assert np.isclose((y0 + y1) / 2, height)
        assert f"slope {slope}" in ax.get_title()
    plt.close("all")
    pictures.hold_one(lambda v: v[0], 2, 3, lambda f, x: None)
    assert "No tangents yet" in capsys.readouterr().out
    assert not plt.get_fignums()


def test_tables_are_drawn_to_size_with_their_names():
    pictures.shapes([("X", 4, 3), "@", ("W", 3, 2), "=", ("Y", 4, 2)])
    X, W, Y = boxes()
    assert np.isclose(X.height, Y.height)
    assert np.isclose(W.width, Y.width)
    assert np.isclose(W.height, X.width)
    assert {"X", "W", "Y", "@", "="} <= set(words())


def test_the_table_of_slopes_shows_its_numbers():
    pictures.jacobian(lambda z: np.array([[0.25, -0.25], [-0.25, 0.25]]), [0.0, 0.0])
    assert sorted(words()) == ["-0.250", "-0.250", "0.250", "0.250"]


def test_a_table_that_is_not_written_yet_is_said(capsys):
    pictures.jacobian(lambda z: None, [0.0, 0.0])
    pictures.jacobian(lambda z: z, [0.0, 0.0])
    assert capsys.readouterr().out.count("First make its check pass") == 2
    assert not plt.get_fignums()


def test_the_pushes_go_against_the_gradient_from_the_tips_of_the_bars():
    P = np.array([[0.5, 0.3, 0.2]])
    pictures.pushes(lambda Z: P, lambda Z, y: (0.69, P - np.eye(3)[y]), [[0.5, 0.0, -0.4]], [0])
    (ax,) = plt.gcf().axes
    assert np.allclose([bar.get_height() for bar in ax.patches], P[0])
    assert np.allclose([text.xy[1] for text in arrows()], [1, 0, 0])


def test_pushes_that_are_not_written_yet_are_said(capsys):
    pictures.pushes(lambda Z: None, lambda Z, y: None, [[0.5, 0.0]], [0])
    assert "First make their check pass" in capsys.readouterr().out


def test_nothing_is_drawn_and_nothing_called_while_a_submission_is_graded(monkeypatch):
    monkeypatch.setenv("KIT_GRADING", "1")
    pictures.graph(lambda: 1 / 0)
    pictures.firing_order(a_graph(), lambda node: 1 / 0)
    pictures.pushes(None, None, [[0.0]], [0])
    assert not plt.get_fignums()


def test_the_wrong_knob_is_found_by_the_learners_layer(capsys):
    pictures.thousand_knobs()
    right, wrong = (ax.images[0].get_array() for ax in plt.gcf().axes)
    assert np.abs(right - wrong).max() > 0.1
    pictures.thousand_knobs(lambda X, W, b, dY: (dY @ W.T, X.T @ dY, dY.sum(axis=0)))
    slopes, repaired = plt.gcf().axes
    assert "number 617" in slopes.get_title()
    assert np.allclose(repaired.images[0].get_array(), right)
    pictures.thousand_knobs(lambda *args: None)
    assert "First make its check pass" in capsys.readouterr().out


def test_a_curve_is_shown_before_and_after(capsys):
    pictures.before_and_after(lambda xs, ys, steps: [y if steps else 0.0 for y in ys], np.sin, [0, 5])
    before, after = plt.gcf().axes
    assert not before.lines[1].get_ydata().any()
    assert np.allclose(*(line.get_ydata() for line in after.lines))
    assert "loss 0" in after.get_title()
    plt.close("all")
    pictures.before_and_after(lambda xs, ys, steps: None, np.sin, [0])
    assert "First make its check pass" in capsys.readouterr().out
