"""A wrong answer gets the slip that it looks like, where no list of mistakes names it; a right one gets nothing.

And whatever an answer is, comparing it has an end and raises nothing.
"""

import math
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.manifest import Task
from grader.diagnosis import compare, slips
from grader.diagnosis.casebook import Casebook
from grader.diagnosis.evidence import MORE_PARTS, wrong_parts
from grader.grading.verdict import task_result
from grader.testing import budget, plugin
from grader.testing.student import Entry, Student

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
    "cut towards 0": (
        "mean_gradient",
        "def mean_gradient(X, y, w):\n    return np.trunc(2 * X.T @ (X @ w - y) / len(y) * 1)",
        "cut_to_whole",
    ),
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


NESTED = [[0.5, [n, "x"]] for n in range(3000)]
ODD = [  # what a function may return
    *(None, True, 10**400, -(10**400), math.nan, math.inf, 1j, "", "1.5", b"1", (), [], {}, [[]], [None], [1, [2]]),
    *({1: 2}, {"a": [1]}, [1, "a"], [10**400, 1.5], [math.nan] * 3, [True, 2], (1, (2, [3, 4j]))),
    *(np.zeros(0), np.zeros((0, 3)), np.zeros((1, 1, 1, 1)), np.array("x"), np.array([1j]), np.array([True])),
    *(np.array(["a", "b"]), np.full(7, np.nan), np.full(7, 1e308), {"a": {}, 2: NESTED}, NESTED, [NESTED] * 2),
]


def without_time(casebook, run):
    """The diagnosis when the submission has used up its seconds, when it is too late, and of the next submission."""
    task, source, _ = SLIPS["arguments swapped"]
    names = {"np": np}
    exec(source, names)
    ran = run(lambda _: Student.local(names), only=frozenset([task]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "LEAST_DIAGNOSIS_SECONDS", -1.0)
        patch.setattr(budget, "DIAGNOSIS_SECONDS", -1.0)
        casebook.begin()
        none = casebook.diagnose(task, ran)
    casebook.begin(used=budget.MOST_SECONDS_BEFORE_DIAGNOSIS + 1)
    late = casebook.diagnose(task, ran)
    casebook.begin(used=budget.MOST_SECONDS_BEFORE_DIAGNOSIS)
    return none, late, casebook.diagnose(task, ran)


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
        found["without time"] = without_time(casebook, run)
        for number, value in enumerate(ODD):
            space = {"__name__": "odd"} | dict.fromkeys(("both", "path", "places"), lambda *_, value=value: value)
            for task in ("both", "path", "places"):
                ran = run(lambda _, space=space: Student.local(space), only=frozenset([task]))
                found["odd", number, task] = casebook.diagnose(task, ran)

    plugin.run_inside_pytest([folder / "test_unit_hidden.py"], body)
    return found


@pytest.mark.slow
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


def test_a_submission_that_has_used_up_its_seconds_is_told_nothing_and_the_next_one_is(named):
    none, late, slip = named["without time"]
    assert none is None
    assert late is None
    assert slip.name == "swapped_x0_lr_of_path"


def test_no_odd_answer_breaks_the_diagnosis(named):
    odd = [key for key in named if key[0] == "odd"]
    assert len(odd) == 3 * len(ODD)


def test_of_an_answer_with_many_parts_only_the_first_are_compared():
    """The student chooses how many parts there are, and each would be compared with every known mistake."""
    right = [Entry("call", "f", "value", [1.5, 2.5])]
    parts = wrong_parts("test", [Entry("call", "f", "value", NESTED)], right)
    assert 2 < len(parts) <= 6 + MORE_PARTS
    assert len(wrong_parts("test", [Entry("call", "f", "value", [1.5, 3.5])], right)) == 1


@pytest.mark.parametrize("count", [3, compare.MOST_CURVES + 1])
def test_a_figure_of_very_many_curves_is_like_no_other(count):
    x = np.linspace(0.0, 1.0, 5)
    empty = {key: [] for key in ("scatters", "bars", "areas", "contours", "images", "texts", "legend")}
    texts = dict.fromkeys(("title", "xlabel", "ylabel", "xscale", "yscale"), "")
    lines = [{"label": str(n), "xy": np.column_stack([x, x * n])} for n in range(count)]
    figure = {**empty, **texts, "xlim": [0.0, 1.0], "ylim": [0.0, 1.0], "lines": lines}
    assert compare.same_picture(figure, figure) is (count == 3)


def test_a_diagnosis_that_fails_costs_no_points_and_leaves_nothing_pending(tmp_path):
    """Otherwise an answer that our comparison cannot take would turn a zero into a pending task."""

    def fails(*_):
        raise OverflowError("an answer that nobody thought of")

    path = tmp_path / "test_unit_hidden.py"
    path.write_text(HIDDEN)
    results = []

    def body(run):
        ran = run(lambda _: Student.local({"squares": lambda X: 1}), only=frozenset(["squares"]))
        book = types.SimpleNamespace(diagnose=fails)
        results.append(task_result(Task(id="squares", title="Squares", points=2), ran, book, "eve"))

    plugin.run_inside_pytest([path], body)
    assert (results[0].points, results[0].diagnosis) == (0.0, "")
    assert "an answer that nobody thought of" in results[0].tests[0].staff
    assert "nobody" not in results[0].tests[0].hint


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_two_answers_of_any_kind_can_be_compared(answers):
    from grader.diagnosis import slips

    ours, theirs = ([Entry("call", "f", "value", value) for value in side] for side in zip(*answers, strict=True))
    wrong = wrong_parts("test", ours, theirs)
    assert wrong_parts("test", theirs, theirs) == {}
    slip = slips.recognise([(ours, theirs)])
    assert slip is None or wrong


def test_what_is_right_in_a_test_that_passes_is_not_always_the_same():
    def entries(*values):
        return [Entry("call", "f", "value", value=value) for value in values]

    zeros, right, other = np.zeros(2), np.array([1.5, 2.0]), np.array([3.0, 4.5])
    failing = [(entries(zeros, zeros), entries(right, other))]
    assert slips.recognise(failing).name == "always_the_same"
    assert slips.recognise(failing, [entries(zeros)]).name == "always_the_same"
    assert slips.recognise(failing, [entries(right)]) is None
