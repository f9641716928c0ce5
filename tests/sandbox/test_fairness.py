"""Judged is CPU time: what only the wall limit stopped is run again, alone; what used its CPU time up is not."""

import contextlib
import itertools
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from grader.course import build, manifest
from grader.grading.lock import Room
from grader.grading.pool import Worker, level_for_grading, usable_cores
from grader.grading.submission import JailedSubmission
from grader.jail.channel import Died, OutOfTime
from grader.jail.inside.wire import Frames
from grader.results import Outcome, TestResult
from grader.testing.plugin import Ran, judge
from grader.testing.student import StudentError
from tests.processes import descendants

CODE = "def double(x):\n    return 2 * x"


class Limits:
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
        self.alone = 0
        self.runs = []
        self.first = first
        self.submission = JailedSubmission(lane, Limits, "ada", list(enumerate(cells, 1)), alone=self.in_turn)

    def in_turn(self):
        self.alone += 1
        return contextlib.nullcontext()

    def run(self, open_student, *, tests=None):
        self.runs.append(tests)
        facts = {"outcome": Outcome.PASSED}
        try:
            student = open_student("test_double")
            assert student.has("double")
            if len(self.runs) == 1:
                self.first(self.submission)
            assert student.double(2) == 4
        except (OutOfTime, Died, StudentError) as error:
            facts = judge(error)
        return [Ran(TestResult(name="test_double", task="double", weight=1, **facts), ())]

    def graded(self):
        """What befell the cells, and how the test ended."""
        try:
            problem = self.submission.open()
            (case,) = self.submission.run(self.run)
            return problem, case.result.outcome
        finally:
            self.submission.close()


def stop_the_test(submission):
    """The machine does not get round to the test's process."""
    os.kill(deepest(submission._lane._process.pid)[1], signal.SIGSTOP)


def stop_the_submission(submission):
    """The machine does not get round to the process that was to fork the next test, either."""
    test = deepest(submission._lane._process.pid)[1]
    os.kill(parent(test), signal.SIGSTOP)
    os.kill(test, signal.SIGSTOP)


def test_a_test_that_only_ran_into_the_wall_limit_is_run_again_alone_and_gets_its_points(lane):
    slow = Class(lane, [CODE], first=stop_the_test)
    assert slow.graded() == ("", Outcome.PASSED)
    assert (slow.runs, slow.alone) == ([None, {"test_double"}], 1)


def test_a_notebook_whose_process_does_not_answer_is_opened_again_alone(lane, monkeypatch):
    monkeypatch.setattr("grader.grading.submission.ANSWER_SECONDS", 1)

    class TwoTests(Class):
        def run(self, open_student, *, tests=None):
            first = super().run(open_student) if tests is None else []
            return [*first, *super().run(open_student, tests=tests)][-1:]

    slow = TwoTests(lane, [CODE], first=stop_the_submission)
    assert slow.graded() == ("", Outcome.PASSED)
    assert slow.alone == 1


def test_cells_that_only_ran_into_the_wall_limit_are_run_again_alone(lane, monkeypatch):
    stopped = []

    class Watching(Frames):
        def receive(self, *arguments):
            message = super().receive(*arguments)
            if message.get("op") == "cell" and not stopped:
                stopped.append(deepest(lane._process.pid)[1])
                os.kill(stopped[0], signal.SIGSTOP)
            return message

    monkeypatch.setattr("grader.grading.submission.Frames", Watching)
    slow = Class(lane, ["import time; time.sleep(0.5)", CODE])
    assert slow.graded() == ("", Outcome.PASSED)
    assert (slow.alone, len(stopped)) == (1, 1)


def test_a_test_that_used_its_cpu_time_up_is_not_run_again(lane):
    burning = Class(lane, ["def double(x):\n    while True: pass"])
    Limits.wall_seconds, before = 30.0, Limits.wall_seconds
    try:
        assert burning.graded() == ("", Outcome.TIMEOUT)
    finally:
        Limits.wall_seconds = before
    assert (burning.runs, burning.alone) == ([None], 0)


def test_what_sleeps_alone_as_well_is_over_the_limit(lane):
    sleeping = Class(lane, ["import time\ndef double(x):\n    time.sleep(60)"])
    started = time.monotonic()
    assert sleeping.graded() == ("", Outcome.TIMEOUT)
    assert (len(sleeping.runs), sleeping.alone) == (2, 1)
    assert time.monotonic() - started < 20


def test_a_cell_that_sleeps_alone_as_well_is_left_out_and_the_others_count(lane):
    sleeping = Class(lane, ["import time; time.sleep(60)", CODE])
    problem, outcome = sleeping.graded()
    assert "Cell 1 was still running when its time was up, so it was left out." in problem
    assert (outcome, sleeping.alone) == (Outcome.PASSED, 1)


def test_who_is_alone_in_the_room_is_alone_and_everyone_gets_their_turn(tmp_path):
    path = tmp_path / "room"
    path.touch()
    log = tmp_path / "log"

    def say(text):
        with log.open("a") as file:
            file.write(text + "\n")

    def works(number):
        with path.open("r+b") as file:
            room = Room(file.fileno())
            for _ in range(5):
                with room.among_others():
                    say(f"{number} in")
                    time.sleep(0.02)
                    say(f"{number} out")
                    with room.alone():
                        say(f"{number} alone")
                        time.sleep(0.02)
                        say(f"{number} done")

    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            try:
                works(number)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    lines = log.read_text().splitlines()
    assert len([line for line in lines if "alone" in line]) == 20
    for line, following in itertools.pairwise(lines):
        if "alone" in line:
            assert following == line.replace("alone", "done")
    inside = 0
    for line in lines:
        inside += {"in": 1, "out": -1}.get(line.split()[1], 0)
        assert inside == 0 or "alone" not in line


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
    core = usable_cores()[-1]
    worker = Worker(course, core=core)
    worker.enter(level_for_grading())
    worker.take_up("doubling")
    process = worker._process.pid
    assert {frozenset(os.sched_getaffinity(one)) for one in (process, *descendants(process))} == {frozenset([core])}
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
        report = worker.grade("doubling", "ada", source, source)
    finally:
        worker.close()
    assert stopped
    assert report.milliseconds > 3000
    assert (report.points, report.problem) == (2, "")


def test_an_endless_loop_shortens_the_other_tests_of_its_task_only(lane):
    class Patient(Limits):
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
