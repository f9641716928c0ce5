"""Tests of a unit that share a process: nobody loses by it what a process for each test would have given."""

import pytest

from grader.grading.submission import JailedSubmission
from grader.jail.inside.messages import TaskCells
from grader.results import Outcome, TestResult
from grader.testing.plugin import TestRun, outcome_of
from grader.testing.student import StudentError

CELL = """
import os, time
calls = 0
def process(): return os.getpid()
def counts():
    global calls
    calls += 1
    return calls
def dies_the_second_time():
    if counts() == 2: os._exit(0)
    return 1
def fails_the_second_time(): return [1][counts() - 1]
def fails_the_fourth_time(made=[]):
    made.append(1)
    return int(len(made) < 4)
def right_only_the_first_time(made=[]):
    made.append(1)
    return int(len(made) < 2)
def right_only_the_second_time(): return int(counts() == 2)
def loops_the_second_time():
    while counts() > 1: pass
    return 1
def keeps(what=[bytes(1)]):
    what.append(bytes(100_000_000))
    return 1
def fills(what=[]):
    what.append(b"x" * 125_000_000)
    while len(what) > 1: time.sleep(0.01)  # until the zygote has looked: twice that much is over the limit
    return 1
def limit():
    import resource
    return resource.getrlimit(resource.RLIMIT_CPU)[0]
def rests(): time.sleep(0.3)
def whose(): return name
def renames():
    global name, new
    name = new = "renamed"
    return name
def is_new(): return "new" in globals()
"""
TASKS = {"first": "one", "second": "one", "third": "one", "other": "two", "apart": "three", "apart_too": "three"}


class ResourceLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 1.0, 30.0, 256, 12


@pytest.fixture
def unhurried(monkeypatch):
    """However slow the machine is, three tests share a process."""
    monkeypatch.setattr("grader.grading.submission.SHARED_SECONDS", 30)


@pytest.fixture
def submission(lane):
    submission = JailedSubmission(
        lane, ResourceLimits, "ada", [(1, CELL)], tasks=TASKS, sharing={"first", "second", "third", "other"}
    )
    assert submission.open() == ""
    yield submission
    submission.close()


class HiddenTests:
    """Each calls the function of this name and asks for 1."""

    def __init__(self, function, names=("first", "second", "third")):
        self.function, self.names = function, names
        self.ran = []

    def __call__(self, open_student, *, tests=None):
        return [self.run_one(name, open_student(name)) for name in self.names if tests is None or name in tests]

    def run_one(self, name, student):
        self.ran.append(name)
        facts = {"outcome": Outcome.PASSED}
        try:
            assert getattr(student, self.function)() == 1
        except Exception as error:
            facts = outcome_of(error)
        return TestRun(TestResult(name=name, task=TASKS[name], weight=1, **facts), ())


def outcomes(ran):
    return [case.result.outcome for case in ran]


def test_only_the_tests_that_may_share_a_process_do(submission):
    one, two, three, other, apart, too = [submission.student(test).process() for test in TASKS]
    assert one == two == three == other
    assert len({one, apart, too}) == 3
    assert len({apart, submission.student("first").process(), submission.student("other").process()}) == 2


def test_the_names_are_those_of_each_tests_task(lane):
    """In one process, whatever the tests of another task have bound in between."""
    cells = [(1, CELL), (2, "name = 'one'"), (3, ""), (4, "name = 'two'"), (5, ""), (6, "name = 'at the end'")]
    moments = [TaskCells("one", 2, 3), TaskCells("two", 4, 5)]
    submission = JailedSubmission(lane, ResourceLimits, "ada", cells, tasks=TASKS, sharing=TASKS, moments=moments)
    assert submission.open() == ""
    processes = {submission.student(test).process() for test in ("first", "other")}
    assert [submission.student(test).whose() for test in ("first", "other", "second", "apart")] == [
        "one",
        "two",
        "one",
        "at the end",
    ]
    assert submission.student("first").renames() == submission.student("second").whose() == "renamed"
    assert submission.student("third").is_new()
    assert [submission.student(test).whose() for test in ("other", "third")] == ["two", "one"]
    assert submission.student("other").in_turn(("whose",), ("is_new",)) == ["two", False]
    assert submission.student("third").whose() == "one"
    assert not submission.student("third").is_new()
    assert processes == {submission.student("apart").process()}
    submission.close()


@pytest.mark.parametrize("function", ["counts", "dies_the_second_time", "fails_the_second_time", "keeps", "fills"])
def test_what_fails_after_another_test_is_run_again_in_a_process_of_its_own(function, submission, unhurried):
    tests = HiddenTests(function)
    assert outcomes(submission.run(tests)) == [Outcome.PASSED] * 3
    assert tests.ran[:3] == ["first", "second", "third"]
    assert {"second", "third"} & set(tests.ran[3:])
    assert "first" not in tests.ran[3:]


def test_no_test_of_a_task_has_a_second_guess_while_others_keep_their_first(submission, unhurried):
    """Right in the second test of a shared process, wrong in the third: apart, each is the first and says 0."""
    tests = HiddenTests("right_only_the_second_time")
    assert outcomes(submission.run(tests)) == [Outcome.WRONG] * 3
    assert tests.ran == ["first", "second", "third", "second", "third"]


def test_what_fails_in_a_process_of_its_own_is_not_run_again(submission):
    tests = HiddenTests("process", ["first", "apart", "apart_too"])
    assert outcomes(submission.run(tests)) == [Outcome.WRONG] * 3
    assert len(tests.ran) == 3


def test_all_tests_of_a_task_that_fails_among_others_are_run_again(submission, unhurried):
    """Also the first of the task, which had the process of another task; those of the other task keep their points."""
    tests = HiddenTests("fails_the_fourth_time", ["first", "second", "third", "other"])
    assert outcomes(submission.run(tests)) == [Outcome.PASSED] * 4
    assert tests.ran == ["first", "second", "third", "other", "other"]


def test_an_untouched_task_is_not_run_again(submission):
    tests = HiddenTests("counts")
    ran = submission.run(tests, untouched=frozenset({"one"}))
    assert outcomes(ran) == [Outcome.PASSED, Outcome.WRONG, Outcome.WRONG]
    assert tests.ran == ["first", "second", "third"]


class LookingAtTheSame(HiddenTests):
    """Each looks at what the function of this name has once given, and asks for 1."""

    def run_one(self, name, student):
        self.ran.append(name)
        facts = {"outcome": Outcome.PASSED}
        try:
            assert student.once("what it gave", getattr(student, self.function)) == 1
        except AssertionError as error:
            facts = outcome_of(error)
        return TestRun(TestResult(name=name, task=TASKS[name], weight=1, **facts), tuple(student.transcript))


def test_what_is_made_once_is_in_the_transcript_of_each_test_of_the_task(submission, unhurried):
    tests = LookingAtTheSame("counts")
    ran = submission.run(tests)
    assert outcomes(ran) == [Outcome.PASSED] * 3
    assert tests.ran == ["first", "second", "third"]
    assert [[entry.value for entry in case.transcript] for case in ran] == [[1]] * 3


def test_what_was_made_once_is_made_again_where_it_failed_after_another_test(submission, unhurried):
    """Also for a test that asked for nothing itself."""
    tests = LookingAtTheSame("right_only_the_first_time", ["other", "first", "second"])
    assert outcomes(submission.run(tests)) == [Outcome.PASSED] * 3
    assert tests.ran == ["other", "first", "second", "first", "second"]


def test_what_fails_is_not_kept(submission, unhurried):
    student = submission.student("first")
    assert student.fails_the_second_time() == 1
    with pytest.raises(StudentError):
        student.once("what it gave", student.fails_the_second_time)
    assert submission.student("second").once("what it gave", lambda: 2) == 2


def test_a_loop_has_used_up_what_a_test_may_use_and_is_not_run_again(submission):
    tests = HiddenTests("loops_the_second_time")
    assert outcomes(submission.run(tests)) == [Outcome.PASSED, Outcome.TIMEOUT, Outcome.PASSED]
    assert tests.ran == ["first", "second", "third"]


def test_a_process_answers_no_further_test_when_it_has_used_what_it_has_on_top(submission, monkeypatch):
    assert [submission.student(test).limit() for test in ("first", "second", "third", "apart")] == [1, 2, 2, 1]
    monkeypatch.setattr("grader.grading.submission.SHARED_SECONDS", 30)
    before = submission.student("first").process()
    submission.student("second").rests()
    assert submission.student("third").process() == before
    monkeypatch.setattr("grader.grading.submission.SHARED_SECONDS", 0)  # whole seconds, as in the message for a fork
    assert submission.student("third").process() != before


def test_a_task_with_an_endless_loop_has_processes_apart(submission):
    submission.run(HiddenTests("loops_the_second_time"))
    assert submission.student("first").process() != submission.student("second").process()
