"""Judged is CPU time: what only a wall limit stopped is graded again, alone; what used its CPU time up is not."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest

from grader.course import build, manifest
from grader.grading import patience, pool
from grader.grading.messages import Graded
from grader.grading.pool import Worker, level_for_grading, usable_cores
from grader.grading.submission import JailedSubmission
from grader.grading.verdict import fault_report
from grader.jail.channel import Died, OutOfTime
from grader.jail.inside.messages import Cell
from grader.jail.inside.wire import Frames
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from grader.testing.budget import Budget
from grader.testing.plugin import TestRun, outcome_of
from grader.testing.student import StudentError
from tests.processes import descendants

CODE = "def double(x):\n    return 2 * x"


class ResourceLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 1.0, 1.5, 512, 12


def parent(process):
    """The process that started `process`; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def deepest(ancestor):
    """How far below `ancestor` its furthest descendant is, and which one that is."""

    def depth(process):
        return 0 if process in (ancestor, 0) else 1 + depth(parent(process))

    return max((depth(process), process) for process in descendants(ancestor))


class Class:
    """A hidden test that is run on a submission, and what happens when it is run for the first time."""

    def __init__(self, lane, cells, *, first=lambda submission: None):
        self.runs = []
        self.first = first
        self.submission = JailedSubmission(lane, ResourceLimits, "ada", list(enumerate(cells, 1)))

    def run(self, open_student, *, tests=None):
        self.runs.append(tests)
        facts = {"outcome": Outcome.PASSED}
        try:
            student = open_student("test_double")
            assert student.has("double")
            if len(self.runs) == 1:
                self.first(self.submission)
            assert student.double(2) == 4
        except (OutOfTime, Died, StudentError, AssertionError) as error:
            facts = outcome_of(error)
        return [TestRun(TestResult(name="test_double", task="double", weight=1, **facts), ())]

    def graded(self):
        """The problem in the cells, how the test ended, and whether a wall limit had a part in it."""
        try:
            problem = self.submission.open()
            (case,) = self.submission.run(self.run)
            return problem, case.result.outcome, self.submission.slow
        finally:
            self.submission.close()


def stop_the_test(submission):
    """The machine does not get round to the test's process."""
    os.kill(deepest(submission._lane._process.pid)[1], signal.SIGSTOP)


def test_a_test_that_only_ran_into_the_wall_limit_makes_the_submission_slow(lane):
    assert Class(lane, [CODE], first=stop_the_test).graded() == ("", Outcome.TIMEOUT, True)


def test_a_notebook_whose_process_does_not_answer_is_slow(lane):
    class NeverForked(Class):
        def run(self, open_student, *, tests=None):
            if not self.runs:
                os.kill(deepest(lane._process.pid)[1], signal.SIGSTOP)
            return super().run(open_student, tests=tests)

    assert NeverForked(lane, [CODE]).graded() == ("", Outcome.TIMEOUT, True)


def test_cells_that_only_ran_into_the_wall_limit_make_it_slow(lane, monkeypatch):
    stopped = []

    class Watching(Frames):
        def receive(self, *arguments):
            message = super().receive(*arguments)
            if isinstance(message, Cell) and not stopped:
                stopped.append(deepest(lane._process.pid)[1])
                os.kill(stopped[0], signal.SIGSTOP)
            return message

    monkeypatch.setattr("grader.grading.submission.Frames", Watching)
    problem, outcome, slow = Class(lane, ["import time; time.sleep(0.5)", CODE]).graded()
    assert (problem, outcome, slow) == (
        "Cell 1 was still running when its time was up, so it was left out.",
        Outcome.PASSED,
        True,
    )
    assert len(stopped) == 1


def test_a_test_that_used_its_cpu_time_up_is_not_slow(lane):
    burning = Class(lane, ["def double(x):\n    while True: pass"])
    ResourceLimits.wall_seconds, before = 30.0, ResourceLimits.wall_seconds
    try:
        assert burning.graded() == ("", Outcome.TIMEOUT, False)
    finally:
        ResourceLimits.wall_seconds = before


def test_who_sleeps_is_slow_and_over_the_limit_alone_as_well(lane):
    sleeping = ["import time\ndef double(x):\n    time.sleep(60)"]
    assert [Class(lane, sleeping).graded() for _ in range(2)] == [("", Outcome.TIMEOUT, True)] * 2


def test_a_cell_that_sleeps_is_left_out_and_the_others_count(lane):
    problem, outcome, _ = Class(lane, ["import time; time.sleep(60)", CODE]).graded()
    assert "Cell 1 was still running when its time was up, so it was left out." in problem
    assert outcome == Outcome.PASSED


def test_who_waits_for_a_processor_is_not_idle(lane):
    """Four times as many processes as the machine has cores: what a submission gets late costs it no waiting."""
    if not patience.QUEUED.exists():
        pytest.skip("this kernel does not count how long a process waits for a processor")

    class Patient(ResourceLimits):
        cpu_seconds, wall_seconds = 20.0, 120.0

    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * len(usable_cores()))]
    budget = Budget()
    works = "import time\ndef works():\n    while time.process_time() < 0.5: pass\ndef sleeps(): time.sleep(2)"
    submission = JailedSubmission(lane, Patient, "ada", [(1, works)], budget=budget)
    try:
        submission.open()
        waited = []
        for name in ("works", "sleeps"):
            before, began = budget._waiting_left, time.monotonic()
            getattr(submission.student(name), name)()
            submission._patience.settle()
            waited.append((before - budget._waiting_left) / (time.monotonic() - began))
    finally:
        submission.close()
        for process in busy:
            process.kill()
            process.wait()
    assert waited[0] < 0.5 < waited[1]


class Recorded:
    """A worker that does nothing: `before` is what each submission is said to have been the first time."""

    log: ClassVar[list[str]] = []
    first: ClassVar[dict[str, str]] = {}
    at_work: ClassVar[set[str]] = set()

    def __init__(self, course, *, core=None):
        self.course, self.open = course, True
        self.log.append("a worker")

    def enter(self, level):
        """Nothing to get ready."""

    def alive(self):
        return self.open

    def take_up(self, unit, release):
        """Nothing to collect."""

    def grade(self, unit, student, notebook, release, *, before=None):
        self.at_work.add(student)
        time.sleep(0.02)
        if before is not None:
            assert self.at_work == {student}, "alone"
        self.at_work.remove(student)
        kind = self.first.get(student, "") if before is None or self.first[student] == "always a fault" else ""
        self.log.append(f"{student}{' again' if before else ''}")
        whole = manifest_unit_report(self.course.unit(unit), student)
        if "fault" in kind:
            return Graded(fault_report(self.course.unit(unit), student, "oh"), worn=True)
        return Graded(whole, slow=kind == "slow")

    def close(self):
        self.open = False


def manifest_unit_report(unit, student):
    """Full points."""
    tasks = tuple(TaskResult(task.id, task.title, task.points, task.points) for task in unit.tasks)
    return Report(student, unit.id, tasks, Level.L3)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_slow_or_our_fault_is_graded_again_when_all_others_are_done(workers, course, monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "Worker", Recorded)
    monkeypatch.setattr(pool, "level_for_grading", lambda: Level.L3)
    monkeypatch.setattr(Recorded, "log", [])
    monkeypatch.setattr(Recorded, "first", {"eve": "slow", "mal": "a fault", "ned": "always a fault"})
    students = ["eve", "ada", "mal", "bob", "ned", "cyd"]
    heard = []
    reports = pool.grade_class(
        course,
        course.units[0].id,
        [(student, tmp_path) for student in students],
        tmp_path,
        workers=workers,
        on_report=lambda report: heard.append(report.student),
    )
    assert [report.student for report in reports] == students
    assert [report.student for report in reports if report.points != report.max_points] == ["ned"]
    assert [report.student for report in reports if report.our_fault] == ["ned"]
    assert heard[3:] == ["eve", "mal", "ned"]
    log = Recorded.log
    assert log[-5:] == ["eve again", "a worker", "mal again", "a worker", "ned again"]
    assert log.count("a worker") >= workers + 1 + 2, "one for those that are alone, and one for each fault among them"


@pytest.mark.slow
def test_a_worker_gives_full_points_to_a_submission_that_the_machine_stopped(tmp_path, root):
    """The whole way: a worker, a lane, a hidden test, and one process that gets no time until it is run again."""
    shutil.copytree(root / "exercises" / "kit", tmp_path / "exercises" / "kit")
    for folder in ("course", "exercises/doubling", "solutions/doubling", "out"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "course" / "course.toml").write_text(
        '[course]\nid = "mine"\ntitle = "Mine"\n[limits]\nwall_seconds = 3\n'
        '[[units]]\nid = "doubling"\ntitle = "Doubling"\n[[units.tasks]]\nid = "double"\ntitle = "Double"\npoints = 2\n'
    )
    stub = '# %% task="double"\ndef double(x):\n    """Twice x."""\n    ...\n\n# %% check="double"\ncheck("double")\n'
    (tmp_path / "exercises/doubling/doubling.py").write_text("# %%\nfrom kit import check\n\n" + stub)
    (tmp_path / "solutions/doubling/reference.py").write_text(
        "def double(x):\n    import time\n    time.sleep(1)\n    return 2 * x\n"
    )
    test = 'import pytest\n\n@pytest.mark.task("double")\ndef test_three(student):\n    """The double of 3 is 6."""\n'
    (tmp_path / "solutions/doubling/test_doubling_hidden.py").write_text(test + "    assert student.double(3) == 6\n")
    (tmp_path / "exercises/doubling/test_doubling.py").write_text(test + "    assert student.double(3) == 6\n")
    course = manifest.load(tmp_path)
    source = build.build_unit(course, "doubling", tmp_path / "out") / "doubling.ipynb"
    worker = Worker(course, core=(core := usable_cores()[-1]))
    worker.enter(level_for_grading())
    worker.take_up("doubling", source)
    process = worker._process.pid
    assert {frozenset(os.sched_getaffinity(pid)) for pid in (process, *descendants(process))} == {frozenset([core])}
    idle = deepest(process)[0]
    stopped = []

    def stop():
        while not stopped:
            found = deepest(process)
            time.sleep(0.3)
            if found[0] > idle and deepest(process) == found:
                os.kill(found[1], signal.SIGSTOP)
                stopped.append(found[1])

    stopper = threading.Thread(target=stop, daemon=True)
    stopper.start()
    try:
        first = worker.grade("doubling", "ada", source, source)
        again = worker.grade("doubling", "ada", source, source, before=first)
    finally:
        worker.close()
    assert stopped
    assert (first.slow, first.report.points) == (True, 0)
    assert (again.slow, again.report.points, again.report.problem) == (False, 2, "")


def test_an_endless_loop_shortens_the_other_tests_of_its_task_only(lane):
    class Patient(ResourceLimits):
        cpu_seconds, wall_seconds = 4.0, 60.0

    cells = [
        (1, "import resource\ndef loop():\n    while True: pass\ndef limit():\n    return resource.getrlimit(0)[0]")
    ]
    tasks = {"test_limit": "one", "test_loop": "one", "test_slow": "two"}
    submission = JailedSubmission(lane, Patient, "ada", cells, tasks=tasks)
    try:
        submission.open()
        before = [submission.student(test).limit() for test in ("test_limit", "test_slow")]
        with pytest.raises(OutOfTime, match="cpu"):
            submission.student("test_loop").loop()
        after = [submission.student(test).limit() for test in ("test_limit", "test_slow")]
    finally:
        submission.close()
    assert (before, after) == ([4, 4], [1, 4])
