"""One submission through its tests: what one test does to itself costs no other, and none holds up the class."""

import time

import pytest

from grader import grade
from grader.student import Died, OutOfTime
from grader.submission import JailedSubmission

CELL = """
import os, time
def fine(): return 1
def dies(): os._exit(0)
def loops():
    while True: pass
def sleeps(): time.sleep(60)
"""


class Short:
    cpu_seconds, wall_seconds, memory_mb, output_kb, processes = 1.0, 30.0, 256, 64, 12


class Hasty(Short):
    wall_seconds = 2.0


@pytest.fixture
def submission(lane):
    submission = JailedSubmission(lane, Short, "x", [(1, CELL)])
    assert submission.open() == ""
    yield submission
    submission.close()


@pytest.mark.parametrize(("does", "ends"), [("dies", Died), ("loops", OutOfTime)])
def test_a_test_whose_process_ends_costs_only_itself(does, ends, submission):
    for _ in range(2):
        with pytest.raises(ends) as caught:
            getattr(submission.student("first"), does)()
        assert getattr(caught.value, "by", "cpu") == "cpu"
        assert submission.student("second").fine() == 1


def test_sleeping_through_every_test_ends_when_the_time_of_all_tests_is_up(lane, monkeypatch):
    monkeypatch.setattr("grader.submission.MAX_WALLS", 1.5)
    submission = JailedSubmission(lane, Hasty, "x", [(1, CELL)])
    submission.open()
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(OutOfTime):
            submission.student("one").sleeps()
    assert time.monotonic() - started < 8  # 1.5 times 2 seconds, on a busy machine
    submission.close()


def test_a_worker_that_is_gone_is_a_fault_of_ours_and_the_class_goes_on(course, tmp_path):
    worker = grade.Worker.__new__(grade.Worker)
    worker._course, worker._unit = course, course.units[0].id
    ours, theirs = grade.socket.socketpair()
    theirs.close()
    worker._frames = grade.Frames(ours)
    worker._process = grade.subprocess.Popen(["true"])
    report = worker.grade(course.units[0].id, "x", tmp_path / "x.ipynb", tmp_path / "y.ipynb")
    assert {task.points for task in report.tasks} == {None}


def test_each_worker_keeps_to_a_unit_as_long_as_there_are_enough():
    waiting = grade.Waiting([2, 3, 1])
    assert waiting.take(None) == (1, 0)  # the largest first
    assert waiting.take(None) == (0, 0)
    assert [waiting.take(1), waiting.take(1)] == [(1, 1), (1, 2)]
    assert waiting.take(1) == (2, 0)  # nobody is there yet
    assert waiting.take(2) == (0, 1)  # then beside the other
    assert waiting.take(0) is None
    assert waiting.take(0) is None


def test_many_workers_share_one_unit():
    waiting = grade.Waiting([3])
    assert [waiting.take(None), waiting.take(None), waiting.take(0), waiting.take(0)] == [(0, 0), (0, 1), (0, 2), None]
