"""What only `u4_gradient_check` has; what every unit has is tested in tests/course."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from kit import walks

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

SOLUTION = Path(__file__).parents[2] / "solutions" / "u4_gradient_check"
HIDDEN = SOLUTION / "test_u4_gradient_check_hidden.py"


@pytest.fixture
def hidden():
    return load_module(HIDDEN)


def losses(**names):
    """The hidden tests that the reference fails when these `names` replace its own."""
    failed = {}

    def body(run):
        ran = run(lambda _: Student.local(_changed(names)))
        failed.update({case.result.name: case.result.task for case in ran if case.result.outcome is not Outcome.PASSED})

    run_inside_pytest([HIDDEN], body)
    return failed


def _changed(names):
    namespace = load_module(SOLUTION / "reference.py")
    namespace.update(names)
    return namespace


COPY = """
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    return {k: relative_error(grads[k], numerical_gradient(lambda X: loss(), params[k].copy())) for k in params}
"""
NOT_PUT_BACK = """
def numerical_gradient(f, X, h=1e-5):
    slopes = np.zeros(X.shape)
    for at in np.ndindex(X.shape):
        X[at] += h
        up = np.asarray(f(X)).item()
        X[at] -= 2 * h
        slopes[at] = (up - np.asarray(f(X)).item()) / (2 * h)
        X[at] += h
    return slopes
"""


def lost_by(code):
    """The judge's hidden tests that the reference fails when `code` runs after it, in its namespace."""
    failed = []

    def opened(_):
        names = load_module(SOLUTION / "reference.py")
        exec(compile(code, "<cell 1>", "exec"), names)
        return Student.local(names)

    def body(run):
        ran = run(opened, only=frozenset(["judge"]))
        failed.extend(case.result.name for case in ran if case.result.outcome is not Outcome.PASSED)

    run_inside_pytest([HIDDEN], body)
    return failed


@pytest.mark.slow
def test_only_wrong_earlier_work_is_forgiven_in_the_judge():
    """A right instrument that nudges a copy is the judge's own mistake; one that leaves traces in X is not."""
    assert "test_one_wrong_entry" in lost_by(COPY)
    assert lost_by(NOT_PUT_BACK) == []


def passes(hidden, monkeypatch):
    """The backward passes that the judge is shown, as the hidden tests make them."""
    found = []
    monkeypatch.setitem(hidden, "follow_through", lambda student, body, **right: None)
    make = hidden["a_pass"]
    monkeypatch.setitem(hidden, "a_pass", lambda *a, **k: found.append(make(*a, **k)) or found[-1])
    for name, test in list(hidden.items()):
        if name.startswith("test_") and "tells_apart" in test.__code__.co_names:
            test(None)
    return found


def test_twelve_of_the_hidden_passes_are_right_and_twelve_are_wrong(hidden, monkeypatch):
    shown = passes(hidden, monkeypatch)
    right = [walk for walk in shown if not walk.bug]
    assert (len(shown), len(right)) == (24, 12)
    assert {walk.bug for walk in shown} == {
        "", "one entry", "transposed", "no hidden derivative", "factor n", "another eps", "updated too early"
    }  # fmt: skip


def test_right_passes_are_far_below_the_threshold_and_wrong_names_far_above(hidden, monkeypatch):
    for shown in passes(hidden, monkeypatch):
        slopes, grads = shown.slopes(), shown.grads()
        errors = {name: hidden["worst"](slopes[name], grads[name]) for name in slopes}
        assert bool(shown.wrong_names) == bool(shown.bug)
        assert shown.inline_loss(shown.params) == pytest.approx(shown.loss(shown.params), rel=1e-14)
        for name, error in errors.items():
            assert error < 1e-10 or error > 1e-3, (shown.bug, name)
            sizes = np.abs(slopes[name])[slopes[name] != 0]
            assert sizes.min(initial=1) > 2e-3, (
                shown.bug,
                name,
            )  # a slope too small to be measured would not be a fair test
        if shown.hidden == "relu":
            assert np.abs(shown.forward(shown.params)[0]).min() > 1e-3  # and no kink within reach


@pytest.mark.parametrize("name", walks.__all__)
def test_every_walk_is_right_for_some_graphs_and_three_operations_show_its_bug(hidden, name):
    smallest = {}
    for operations in (1, 2, 3):
        for tape in _graphs(operations):
            nodes, others = hidden["rebuilt"](tape), hidden["rebuilt"](tape)
            hidden["in_order"](nodes, len(nodes) - 1)
            getattr(walks, name)(others[-1])
            a, b = nodes[0].grad, others[0].grad
            smallest.setdefault(abs(a - b) > 1e-3 * max(abs(a), abs(b)), operations)
    assert smallest[False] == 1
    assert smallest[True] in (2, 3)


def _graphs(operations):
    """Every graph of one input and so many operations."""
    choices = [
        [("+", i, j, 0) for i in range(k + 1) for j in range(k + 1)]
        + [("*", i, j, 0) for i in range(k + 1) for j in range(k + 1)]
        + [("tanh", i, i, 0) for i in range(k + 1)]
        for k in range(operations)
    ]
    return [[("input", 0, 0, 0.7), *made] for made in itertools.product(*choices)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slip", "task"),
    [
        ({"central_diff": lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h}, "finite_differences"),
        ({"numerical_gradient": lambda f, X, h=1e-5: np.zeros(X.shape)}, "numerical_gradient"),
        ({"relative_error": lambda a, b: 7.0}, "relative_error"),
    ],
    ids=["central_diff", "numerical_gradient", "relative_error"],
)
def test_an_early_slip_costs_once(slip, task):
    assert set(losses(**slip).values()) == {task}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "explanation", "test"),
    [
        ({"kink_forward": 0.5, "kink_central": 0.5, "kink_true": 0.5}, "at_a_kink", "test_predictions_at_the_kink"),
        ({"error_at_1e_17": 0.0}, "left_side", "test_the_error_at_a_tiny_h"),
    ],
)
def test_a_wrong_prediction_costs_nothing_if_the_explanation_is_right(wrong, explanation, test):
    assert losses(**wrong) == {}
    assert test in losses(**wrong, **{explanation: "a"})


@pytest.mark.slow
def test_a_graph_that_would_take_for_ever_is_refused():
    def failing_graph():
        def build(a):
            for _ in range(60):
                a = a + a
            return a

        return [0.5], build

    assert losses(failing_graph=failing_graph).keys() == {"test_the_graph_shows_the_bug", "test_the_graph_is_small"}


def test_the_notebook_and_the_reference_have_the_same_broken_engine():
    notebook = (SOLUTION.parents[1] / "exercises" / "u4_gradient_check" / "u4_gradient_check.py").read_text()
    given = re.search(r"class Broken:.*?__mul__\n", notebook, re.S)[0]
    assert given in (SOLUTION / "reference.py").read_text()
