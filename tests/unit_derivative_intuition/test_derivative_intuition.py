"""What only `derivative_intuition` has; what every unit has is tested in tests/course/test_units.py."""

from pathlib import Path

from grader.diagnose import load_module
from grader.pytest_plugin import serve
from grader.results import Outcome
from grader.student import Student

SOLUTION = Path(__file__).parents[2] / "solutions" / "derivative_intuition"


def test_a_wrong_prediction_costs_nothing_if_the_explanation_is_right():
    results = {}

    def body(run):
        for label, meaning in (("understood", "c"), ("not understood", "a")):
            names = load_module(SOLUTION / "reference.py") | {"my_prediction": [1, 1, 1], "zero_means": meaning}
            ran = run(lambda _, names=names: Student.local(names), only=frozenset(["signal"]))
            results[label] = {one.result.name for one in ran if one.result.outcome is not Outcome.PASSED}

    serve([SOLUTION / "test_derivative_intuition_hidden.py"], body)
    assert results == {"understood": set(), "not understood": {"test_prediction", "test_what_zero_means"}}
