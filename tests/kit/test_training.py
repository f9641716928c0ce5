"""The pictures of training, read from their axes, and the data that nets learn from."""

import hashlib
import linecache
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit import pictures
from kit.data import digits, moons
from kit.pictures.library import lines_of

FOLDER = Path(__file__).parents[2] / "exercises" / "u5_mlp_training"
X = np.array([[-1.0, 0.0], [0.0, 2.0], [2.0, 1.0]])


def drawn():
    return plt.gcf().axes


def dots(ax):
    return [c.get_offsets().tolist() for c in ax.collections if not hasattr(c, "levels")]


def test_residuals_draws_each_error_as_a_square_of_its_size():
    pictures.residuals([0, 1, 2], [1.0, 2.0, 3.0], [1.5, 1.0, 3.0])
    (ax,) = drawn()
    assert [(patch.get_width(), patch.get_height()) for patch in ax.patches] == [(0.5, 0.5), (1, 1), (0, 0)]


def test_saturation_shows_tanh_stuck_above_and_awake_below():
    pictures.saturation(widths=(4, 400))
    counts = [[patch.get_height() for patch in ax.patches] for ax in drawn()]
    ends = [(count[0] + count[-1]) / sum(count) for count in counts]
    assert ends[1] > 0.8  # 400 inputs, spread 1
    assert max(ends[2:]) < 0.25  # divided by the root


def test_network_draws_a_circle_for_each_number_and_a_line_for_each_weight():
    pictures.network([2, 4, 3, 1])
    (ax,) = drawn()
    assert [len(circles) for circles in dots(ax)] == [2, 4, 3, 1]
    assert len(ax.lines) == 2 * 4 + 4 * 3 + 3 * 1
    said = [text.get_text() for text in ax.texts]
    assert "W1 (2, 4)\nb1 (4,)\ntanh" in said
    assert "W3 (3, 1)\nb3 (1,)" in said


def test_network_backwards_names_the_slopes():
    pictures.network([2, 3, 1], back=True)
    said = [text.get_text() for text in drawn()[0].texts]
    assert "da1 × slope of tanh\ngives dW1 (2, 3)\ndb1 (3,)" in said


def test_judged_draws_a_bar_for_each_array_and_colours_what_is_wrong():
    pictures.judged(lambda: {"W1": 1e-9, "b1": 0.5})
    (ax,) = drawn()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["W1", "b1"]
    good, bad = (bar.get_facecolor() for bar in ax.patches)
    assert good != bad
    assert [bar.get_width() for bar in ax.patches] == [1e-9, 0.5]


def test_loss_surface_draws_the_path_on_the_loss():
    path = [(-1.0, 1.0), (0.0, 0.5), (0.5, 0.25)]
    pictures.loss_surface(lambda w, b: (w - 1) ** 2 + b * b, path)
    (ax,) = drawn()
    assert ax.lines[0].get_xydata().tolist() == [list(point) for point in path]
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert all(low < w < high and bottom < b < top for w, b in path)


def test_descent_walks_with_the_learners_own_train():
    def train(params, X, Y, lr, steps):
        ((W, b),) = params
        return [(W + lr, b - lr)], []

    x = np.array([[1.0], [2.0]])
    pictures.descent(train, x, 2 * x, (0.0, 1.0), lr=0.5, steps=2)
    assert drawn()[0].lines[0].get_xydata().tolist() == [[0, 1], [0.5, 0.5], [1, 0]]


def test_loss_curve_is_drawn_in_powers_of_ten():
    pictures.loss_curve(lambda: [1.0, 0.1, 0.01])
    (ax,) = drawn()
    assert ax.get_yscale() == "log"
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.1, 0.01]


def test_two_classes_parts_the_points():
    pictures.two_classes(X, np.array([0.0, 1.0, 0.0]))
    assert dots(drawn()[0]) == [[[-1, 0], [2, 1]], [[0, 2]]]


def test_agreement_says_the_largest_difference():
    one, other = [(np.ones((2, 2)), np.zeros(2))], [(np.ones((2, 2)), np.array([0.0, 0.25]))]
    pictures.agreement(lambda: one, other)
    (ax,) = drawn()
    assert "6 slopes, the largest difference is 2.5e-01" in ax.get_title()
    assert ax.lines[1].get_xydata().tolist()[-1] == [0, 0.25]


def test_handwriting_shows_each_image_under_its_digit():
    images = np.arange(128).reshape(2, 64) / 128
    pictures.handwriting(images, [7, 3], count=2)
    assert [ax.get_title() for ax in drawn()] == ["7", "3"]
    assert drawn()[1].images[0].get_array().tolist() == images[1].reshape(8, 8).tolist()


def test_digit_errors_shows_what_is_read_wrong_and_as_what(capsys):
    def forward(params, X):
        return np.eye(10)[(X.sum(axis=1)).astype(int)] + 0 * params, None

    X = np.zeros((4, 64))
    X[:, 0] = [1, 2, 3, 4]
    y = np.array([1, 2, 8, 4])
    pictures.digit_errors(lambda X, y, rng, steps: (1.0, []), forward, (X, y), (X, y))
    assert "3 of 4 held-back digits are read right: 75.0%" in capsys.readouterr().out
    (ax,) = drawn()
    assert ax.get_title() == "3, not 8"
    assert ax.images[0].get_array()[0, 0] == 3


@pytest.mark.parametrize(
    "draw",
    [
        lambda broken: pictures.descent(broken, X[:, :1], X[:, :1], (0.0, 0.0)),
        lambda broken: pictures.judged(broken),
        lambda broken: pictures.loss_curve(broken),
        lambda broken: pictures.agreement(broken, broken),
        lambda broken: pictures.digit_errors(broken, broken, (X, X), (X, X)),
        lambda broken: pictures.first_layer(broken, (X, X)),
        lambda broken: pictures.reads(broken, broken, broken, "", 3, (X, X)),
    ],
)
def test_a_picture_of_what_is_not_written_yet_says_so_in_one_line(draw, capsys):
    def broken(*args):
        raise TypeError("cannot unpack NoneType")

    draw(broken)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "TypeError: cannot unpack NoneType" in said
    assert "First make its check pass" in said


def test_digit_errors_waits_for_fit_digits(capsys):
    pictures.digit_errors(lambda *a: None, None, (X, X), (X, X))
    assert "`fit_digits` returned None" in capsys.readouterr().out


def test_the_digits_are_the_file_that_is_named_beside_them():
    told = (FOLDER / "DIGITS.md").read_text(encoding="utf-8")
    data = (FOLDER / "digits.csv.gz").read_bytes()
    assert hashlib.sha256(data).hexdigest() in told
    assert "CC BY 4.0" in told
    assert len(data) < 100_000


def test_digits_are_1797_images_of_which_360_are_held_back():
    (X, y), (X_held, y_held) = digits(FOLDER / "digits.csv.gz")
    assert X.shape == (1437, 64)
    assert X_held.shape == (360, 64)
    assert (X.min(), X.max()) == (0, 1)
    assert sorted(set(y)) == sorted(set(y_held)) == list(range(10))
    assert not {row.tobytes() for row in X} & {row.tobytes() for row in X_held}


def test_without_their_file_the_digits_say_what_to_do_and_are_empty_while_grading(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="fetch the unit once more"):
        digits(tmp_path / "digits.csv.gz")
    monkeypatch.setenv("KIT_GRADING", "1")
    (X, y), (X_held, _) = digits(tmp_path / "digits.csv.gz")
    assert (X.shape, y.shape, X_held.shape) == ((0, 64), (0,), (0, 64))


@pytest.mark.parametrize("mirror", [False, True])
def test_moons_are_two_half_circles_turned_and_mirrored(mirror):
    X, y = moons(400, np.random.default_rng(1), turn=70, mirror=mirror, noise=0.0)
    turn = np.radians(70)
    back = X @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    back[:, 0] *= -1 if mirror else 1
    for label, sign in ((0, 1), (1, -1)):
        one = sign * back[y == label] + [0.5, 0.25]
        assert np.allclose(np.hypot(*one.T), 1)
        assert one[:, 1].min() >= 0
    assert y.sum() == 200


def test_moons_take_their_chance_from_the_generator():
    one, again = (moons(20, np.random.default_rng(3))[0] for _ in range(2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, moons(20, np.random.default_rng(4))[0])


IMAGES = np.eye(64)[:20]


def net_for_images(X, y, rng, steps):
    """A net of one layer: the score of digit d is the ink at point d."""
    return [(np.eye(64)[:, :10] * 5.0, np.zeros(10))], []


def one_layer(params, X):
    return X @ params[0][0] + params[0][1], None


@pytest.mark.slow
def test_reads_shows_the_drawing_and_how_sure_the_net_is_and_trains_one_net_for_three_pictures():
    calls = []

    def fit_digits(*given):
        calls.append(given[3])
        return net_for_images(*given)

    learn = (IMAGES, np.arange(20) % 10)
    pictures.reads(fit_digits, one_layer, lambda text: np.eye(64)[int(text)], "3", 4, learn)
    image, bars = drawn()
    assert (image.get_title(), bars.get_title()) == ("you drew a 4", "your net reads a 3, and is 94% sure")
    small = 1 / (9 + np.exp(5))
    assert [bar.get_height() for bar in bars.patches] == pytest.approx([small] * 3 + [1 - 9 * small] + [small] * 6)
    plt.close("all")
    pictures.first_layer(fit_digits, learn, count=4)
    assert [ax.images[0].get_array().max() for ax in drawn()] == [5.0] * 4
    pictures.digit_errors(fit_digits, one_layer, learn, learn)
    assert calls == [6000]


def test_reads_waits_for_as_numbers_without_training_anything(capsys):
    pictures.reads(lambda *a: 1 / 0, one_layer, lambda text: None, "", 3, (X, X))
    assert "`as_numbers` returned None" in capsys.readouterr().out


def test_digit_errors_leaves_no_empty_panel():
    wrong = (IMAGES[:9], np.full(9, 9))
    pictures.digit_errors(net_for_images, one_layer, wrong, wrong)
    assert len(drawn()) == 9
    assert not any(ax.axison for ax in drawn())


def test_first_layer_draws_the_neurons_in_rows_that_need_not_be_full(capsys):
    pictures.first_layer(net_for_images, (IMAGES, np.zeros(len(IMAGES), dtype=int)), count=9)
    assert len(drawn()) == 9
    assert "Nothing to look at" not in capsys.readouterr().out


def test_boundary_moves_shows_the_nets_that_fit_asked_forward_about(monkeypatch):
    monkeypatch.setenv("KIT_REHEARSING", "1")
    space = {"np": np}
    exec(
        "def forward(params, X):\n    return X @ params[0][0] + params[0][1], X\n"
        "def fit(X, y, rng):\n"
        "    W, b = np.array([[0.0], [1.0]]), np.zeros(1)\n"
        "    for step in range(9):\n        forward([(W, b)], X)\n        b += 0.05\n"
        "    return [(W, b)], []\n",
        space,
    )
    forward = space["forward"]
    pictures.boundary_moves(space["fit"], *moons(20, np.random.default_rng(0)))
    assert [ax.get_title() for ax in drawn()] == ["after 0 steps", "after 3 steps", "after 4 steps", "after 8 steps"]
    lines = [c for ax in drawn() for c in ax.collections if hasattr(c, "levels") and not c.filled]
    heights = [line.get_paths()[0].vertices[0, 1] for line in lines]
    assert heights == pytest.approx([0, -0.15, -0.2, -0.4], abs=0.02)  # a copy of each net, though fit writes into b
    assert space["forward"] is forward


def test_held_out_marks_the_new_points_on_the_wrong_side():
    space = {"np": np}
    exec(
        "def forward(params, X):\n    return X[:, 1:], X\ndef fit(X, y, rng):\n    return [], []\n",
        space,
    )
    new_X, new_y = np.array([[0.0, 2.0], [1.0, -1.0], [2.0, 1.0], [3.0, -2.0]]), np.array([1, 0, 0, 0])
    pictures.held_out(space["fit"], X, X[:, 0], new_X, new_y)
    (ax,) = drawn()
    assert ax.get_title() == "75.0% of 4 new points are on the right side"
    (crosses,) = [line for line in ax.lines if line.get_marker() == "x"]
    assert crosses.get_xydata().tolist() == [[2.0, 1.0]]


def test_boundary_moves_needs_a_fit_that_asks_forward(capsys):
    space = {"forward": one_layer}
    exec("def fit(X, y, rng):\n    return [], []", space)
    pictures.boundary_moves(space["fit"], X, X[:, 0])
    assert "Nothing moves yet" in capsys.readouterr().out


def test_a_loss_that_is_no_number_is_told_and_marked(capsys):
    pictures.loss_curve([3.0, 40.0, np.nan, np.nan])
    assert "From step 2 on the loss is nan" in capsys.readouterr().out
    (ax,) = drawn()
    assert ax.lines[1].get_xdata() == [2, 2]
    plt.close("all")
    pictures.loss_curve([np.nan])
    assert "From step 0 on the loss is nan" in capsys.readouterr().out
    assert not plt.get_fignums()


def test_the_way_back_names_the_slopes_and_the_tanh_they_pass():
    pictures.network([2, 4, 3, 1], back=True)
    said = [text.get_text() for text in drawn()[0].texts]
    assert [text.split("\n")[0] for text in said if text][:4] == ["dX: not needed", "da1", "da2", "dout"]
    assert sum("slope of tanh" in text for text in said) == 2  # for each layer but the last


CELL = '''
class Value:
    """A number."""

    def __init__(self, data):
        # kept
        self.data = data

    def tanh(self): ...


def double(x):
    """Twice x."""

    return 2 * x  # as it says


def stub(x):
    """Not yet."""
    ...


Value.twice = double
'''


def test_own_library_counts_code_and_neither_comments_nor_docstrings_nor_stubs(capsys):
    name, space = "<a cell>", {}
    linecache.cache[name] = (len(CELL), None, CELL.splitlines(keepends=True), name)
    exec(compile(CELL, name, "exec"), space)
    # the class has 4 lines (its stub is one), and what was attached to it 2
    assert [lines_of(space[name]) for name in ("Value", "double", "stub")] == [6, 2, 0]
    pictures.own_library(space, "Value double stub absent")
    (ax,) = drawn()
    assert ax.get_title() == "your whole library: 8 lines, all of them yours"
    assert capsys.readouterr().out == "Not counted, because it is not here: stub, absent.\n"


def test_the_drawing_grid_writes_down_what_is_clicked(monkeypatch):
    pytest.importorskip("ipywidgets")
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    pictures.drawing_grid()
    grid, (_, text) = shown[0].children[0], shown[0].children[1].children
    for at, clicks in {0: 1, 9: 2, 18: 3, 63: 4}.items():
        for _ in range(clicks):
            grid.children[at].click()
    assert text.value.split() == ["#.......", ".+......", *["........"] * 5, ".......#"]
    assert grid.children[9].tooltip == "line 2, place 2: grey"  # what a screen reader says of the button


def test_without_widgets_there_is_an_empty_drawing_to_copy(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    pictures.drawing_grid()
    assert capsys.readouterr().out.split()[-8:] == ["........"] * 8
