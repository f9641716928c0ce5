"""What stands under a task: everything once, and nothing of a student's as HTML."""

import pytest

from grader.report.feedback_cell import feedback_outputs
from grader.results import Level, Outcome, Report, TaskResult, TestResult

STUB = "This is still the stub: write your answer in place of the dots."
EVIL = "<script>alert(1)</script>"


def page(*tests, form="text/plain", notes=(), **report):
    task = TaskResult("t", "Task", 0.0, 2.0, tests, notes=notes)
    return feedback_outputs(task, Report("ada", "unit", (task,), Level.L3, **report))[0]["data"][form]


def missing(name, hint=STUB):
    return TestResult(name, "t", 1.0, Outcome.MISSING, says=f"It is {name}.", hint=hint)


@pytest.mark.parametrize("form", ["text/html", "text/plain"])
def test_a_stub_is_said_once_however_many_tests_there_are(form):
    said = page(missing("one"), missing("two"), missing("three"), form=form)
    assert said.count("still the stub") == 1
    assert "It is one." not in said


def test_what_several_tests_lack_is_said_once_and_the_rest_as_ever():
    wrong = TestResult("four", "t", 1.0, Outcome.WRONG, says="It is four.", hint="Is it?")
    said = page(missing("one", "No `f`."), missing("two", "No `g`."), missing("three", "No `f`."), wrong)
    assert said.splitlines() == [
        "Task: 0 of 2 points",
        "✗ No `f`.",
        "✗ It is two.",
        "    No `g`.",
        "✗ It is four.",
        "    Is it?",
        "Numbers of your own were made from the name 'ada'.",
    ]


@pytest.mark.parametrize("where", [{"notes": (EVIL,)}, {"worked_as": EVIL}, {"problem": EVIL}])
def test_notes_and_names_are_shown_and_are_never_html(where):
    assert EVIL in page(**where)
    html = page(form="text/html", **where)
    assert "<script" not in html
    assert "alert(1)" in html


def test_the_name_in_the_notebook_is_said_only_where_it_is_another():
    assert "run under" not in page(worked_as="ada")
    assert "Your notebook was run under the name 'root'" in page(worked_as="root")
