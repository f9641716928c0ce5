"""The pictures of a support vector machine: drawn from a learner's functions, or one line that says what is missing."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit import pictures
from kit.data import rings

X, Y = rings(12, np.random.default_rng(3))


def kernel(X, Y, gamma):
    return np.exp(-gamma * ((X[:, None] - Y) ** 2).sum(axis=2))


def decision(alpha, y, X, gamma, Xnew):
    return kernel(Xnew, X, gamma) @ (alpha * y)


def fit(K, y, C, steps):
    return np.where(np.arange(len(y)) < 8, 1.0, 0.0)


def lift(X):
    return np.column_stack([X[:, 1] ** 2, X[:, 0] ** 2, np.sqrt(2) * X[:, 0] * X[:, 1]])


def nothing(*given):
    return None


@pytest.fixture(autouse=True)
def without_widgets(monkeypatch):
    monkeypatch.setattr("kit.pictures.kernels.slider", lambda *given: False)
    yield
    plt.close("all")


def test_rings_have_their_radii_and_labels():
    X, y = rings(400, np.random.default_rng(1), inner=0.7, outer=1.9, noise=0.1)
    radius = np.hypot(*X.T)
    assert y.tolist() == [1.0, -1.0] * 200
    assert radius[y > 0].mean() == pytest.approx(0.7, abs=0.05)
    assert radius[y < 0].mean() == pytest.approx(1.9, abs=0.05)


def test_borders_count_and_ring_the_support_vectors():
    pictures.borders(fit, decision, kernel, X, Y, [0.1, 0.3, 1, 3])
    axes = plt.gcf().axes
    assert [ax.get_title() for ax in axes] == [f"gamma = {g}: 8 of 12 support vectors" for g in (0.1, 1)]
    (ringed,) = [line for line in axes[0].get_lines() if line.get_label() == "support vectors"]
    assert np.array_equal(ringed.get_xydata(), X[:8])


def test_a_lift_is_drawn_by_its_squares_in_whatever_order_they_stand():
    pictures.lifted(lift, X, Y)
    dots = np.concatenate([line.get_xydata() for line in plt.gcf().axes[1].get_lines()[:2]])
    assert sorted(dots.tolist()) == [pytest.approx(number) for number in sorted((X**2).tolist())]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: pictures.sides(nothing),
        lambda: pictures.lifted(nothing, X, Y),
        lambda: pictures.fading(nothing, [1, 2]),
        lambda: pictures.bumps(nothing, [1, 2]),
        lambda: pictures.climb(nothing, lambda *given: (1.0, 0.0), nothing, X, Y),
        lambda: pictures.borders(nothing, decision, kernel, X, Y, [1, 2, 3, 4]),
        lambda: pictures.borders(fit, nothing, kernel, X, Y, [1, 2, 3, 4]),
        lambda: pictures.borders(fit, lambda *given: np.zeros(3), kernel, X, Y, [1, 2, 3, 4]),
        lambda: pictures.borders(lambda *given: np.zeros(3), decision, kernel, X, Y, [1, 2, 3, 4]),
        lambda: pictures.thrown_away(lambda *given: 0 * Y, decision, kernel, X, Y),
        lambda: pictures.held_by(nothing, decision, kernel, (X, Y > 0), (X, Y > 0), (0, 1)),
    ],
)
def test_what_cannot_be_drawn_yet_is_one_line(draw, capsys):
    draw()
    assert capsys.readouterr().out.strip().endswith("First make its check pass.")
    assert not plt.get_fignums()
