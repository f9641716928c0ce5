"""A wrong answer is told which slip it looks like, where no list of mistakes names it; a right one is told nothing."""

import numpy as np
import pytest

from grader.diagnosis.casebook import Casebook
from grader.testing import plugin
from grader.testing.student import Student

REFERENCE = '''
import numpy as np

def mean_gradient(X, y, w):
    """The gradient of mean((X@w - y)**2), shape (d,)."""
    return 2 * X.T @ (X @ w - y) / len(y)

def outer(a, b):
    return np.outer(a, b)

def squares(X):
    return X * X

def path(x0, lr, steps):
    xs = [x0]
    for _ in range(steps):
        xs.append(xs[-1] - lr * 2 * xs[-1])
    return np.array(xs)

def both(X):
    return X.sum(axis=0), X * 3.0

def places(text, letter):
    return [n for n, one in enumerate(text) if one == letter]

def column(X):
    return X.sum(axis=1, keepdims=True)
'''
HIDDEN = '''
import numpy as np
import pytest
from grader.testing.expect import array, listed

rng = np.random.default_rng(5)
X, y, w, a, b = rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3), rng.normal(size=4), rng.normal(size=5)

@pytest.mark.task("mean_gradient")
def test_gradient(student):
    """The gradient."""
    for n in (7, 4):
        array(student.mean_gradient(X[:n], y[:n], w), 2 * X[:n].T @ (X[:n] @ w - y[:n]) / n)

@pytest.mark.task("mean_gradient")
def test_gradient_of_one(student):
    """The gradient for one example."""
    array(student.mean_gradient(X[:1], y[:1], w), 2 * X[:1].T @ (X[:1] @ w - y[:1]))

@pytest.mark.task("outer")
def test_outer(student):
    """All products."""
    array(student.outer(a, b), np.outer(a, b))

@pytest.mark.task("squares")
def test_squares(student):
    """The squares."""
    array(student.squares(X), X * X)

@pytest.mark.task("path")
def test_path(student):
    """The path."""
    found = [student.path(x0, 0.1, 6) for x0 in (3.0, 1.5)]
    for path, x0 in zip(found, (3.0, 1.5)):
        array(path, x0 * 0.8 ** np.arange(7))

@pytest.mark.task("both")
def test_both(student):
    """Both."""
    found = listed(student.both(X), 2)
    array(found[0], X.sum(axis=0))
    array(found[1], X * 3)

@pytest.mark.task("places")
def test_places(student):
    """The places."""
    assert listed(student.places("banana", "a")) == [1, 3, 5]

@pytest.mark.task("column")
def test_column(student):
    """A column."""
    array(student.column(X), X.sum(axis=1, keepdims=True))
'''
# what a student writes: (task, source, the slip)
SLIPS = {
    "a sum for a mean": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return 2 * (X @ w - y) @ X",
        "size_too_large",
    ),
    "divided twice by n": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return 2 * X.T @ (X @ w - y) / len(y) ** 2",
        "size_too_small",
    ),
    "the factor 2 lost": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return sum(r * (r @ w - t) for r, t in zip(X, y)) / len(y)",
        "half",
    ),
    "a factor 2 too often": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return 4 * X.T @ (X @ w - y) / len(y)",
        "twice",
    ),
    "the other way round": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return 2 * X.T @ (y - X @ w) / len(y)",
        "opposite_sign",
    ),
    "transposed": ("squares", "def squares(X):\n    return np.array([column ** 2 for column in X.T])", "transposed"),
    "the start left out": (
        "path",
        "def path(x0, lr, steps):\n    return np.array([x0 * (1 - 2 * lr) ** k for k in range(1, steps + 1)])",
        "one_too_few",
    ),
    "a step too many": (
        "path",
        "def path(x0, lr, steps):\n    return np.array([x0 * (1 - 2 * lr) ** k for k in range(steps + 2)])",
        "one_too_many",
    ),
    "arguments swapped": (
        "path",
        "def path(x0, lr, steps):\n    xs = [lr]\n    for _ in range(steps):\n        xs += [xs[-1] * (1 - 2 * x0)]\n"
        "    return np.array(xs)",
        "swapped_x0_lr_of_path",
    ),
    "only the second part is wrong": ("both", "def both(X):\n    return X.sum(axis=0), X * -3.0", "opposite_sign"),
    "counted from one": (
        "places",
        "def places(text, letter):\n    return [n for n, one in enumerate(text, 1) if one == letter]",
        "off_by_one",
    ),
    "the sign lost": ("outer", "def outer(a, b):\n    return np.abs(np.outer(a, b))", "sign_lost"),
    "rounded": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return np.round(2 * X.T @ (X @ w - y) / len(y), 3)",
        "rounded",
    ),
    "squares forgotten": ("squares", "def squares(X):\n    return np.abs(X)", "root"),
    "one number for many": ("column", "def column(X):\n    return X.sum()", "only_the_sum"),
    "one array appended many times": (
        "squares",
        "def squares(X):\n    row, rows = np.zeros(X.shape[1]), []\n    for x in X:\n        row[:] = x ** 2\n"
        "        rows.append(row)\n    return np.array(rows)",
        "all_are_the_last",
    ),
    "all zero": ("outer", "def outer(a, b):\n    return np.zeros((len(a), len(b)))", "always_the_same"),
    "an axis dropped": ("column", "def column(X):\n    return X.sum(axis=1)", "other_shape"),
}
NO_SLIP = {
    "right": ("mean_gradient", "def mean_gradient(X, y, w):\n    return (X @ w - y) @ X * (2 / len(X))"),
    "the sign turned around in some calls only": (
        "path",
        "def path(x0, lr, steps):\n    xs = [x0 * (1 - 2 * lr) ** k for k in range(steps + 1)]\n"
        "    return np.array(xs) * (-1 if x0 > 2 else 1)",
    ),
    "wrong in no simple way": ("mean_gradient", "def mean_gradient(X, y, w):\n    return X.T @ (X @ w - y) + w"),
    "wrong once by 2 and once by -1": (
        "both",
        "calls = []\ndef both(X):\n    return 2 * X.sum(axis=0), X * -3.0",
    ),
    "a text": ("outer", "def outer(a, b):\n    return 'ab'"),
    "missing": ("outer", "outre = 1"),
    "raises": ("outer", "def outer(a, b):\n    return a @ b"),
}


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """For each source of SLIPS and NO_SLIP what is said of it."""
    folder = tmp_path_factory.mktemp("solutions") / "unit"
    folder.mkdir()
    (folder / "reference.py").write_text(REFERENCE)
    (folder / "test_unit_hidden.py").write_text(HIDDEN)
    found = {}

    def body(run):
        casebook = Casebook(folder, run)
        assert casebook.unsound() == []
        for name, (task, source, *_) in (SLIPS | NO_SLIP).items():
            names = {"np": np}
            exec(source, names)
            ran = run(lambda _, names=names: Student.local(names), only=frozenset([task]))
            found[name] = casebook.diagnose(task, ran)

    plugin.run_inside_pytest([folder / "test_unit_hidden.py"], body)
    return found


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named(name, named):
    slip = named[name]
    assert slip is not None
    assert slip.name == SLIPS[name][2]
    assert slip.says.endswith("?")


@pytest.mark.parametrize("name", NO_SLIP)
def test_nothing_is_named_where_there_is_no_slip(name, named):
    assert named[name] is None


def test_the_part_that_is_wrong_is_named(named):
    assert named["only the second part is wrong"].says.startswith("The second of the things that you return:")
