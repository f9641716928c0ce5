"""One submission through its tests: what one test does to itself costs no other, and none holds up the class."""

import msgspec
import pytest

from grader.grading import pool, verdict
from grader.grading.messages import LEFT_BYTES, NAME_BYTES, Graded
from grader.grading.submission import JailedSubmission
from grader.grading.worker import earns_another_attempt
from grader.jail.channel import Died, OutOfTime
from grader.jail.inside import cells, session
from grader.jail.inside.messages import TaskCells
from grader.jail.inside.wire import WireError
from grader.jail.lane import Lane
from grader.testing.budget import COMPUTING_SECONDS, LONG_CALL_SECONDS, Budget
from grader.testing.student import StudentError

CELL = """
import os, time
def fine(): return 1
def dies(): os._exit(0)
def loops():
    while True: pass
def sleeps(): time.sleep(60)
"""


class Short:
    cpu_seconds, wall_seconds, memory_mb, processes = 1.0, 30.0, 256, 12


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


def test_a_typed_answer_is_read_without_a_process_and_once(lane, monkeypatch):
    forks = []
    fork = JailedSubmission._fork
    monkeypatch.setattr(JailedSubmission, "_fork", lambda self: forks.append(1) or fork(self))
    submission = JailedSubmission(
        lane, Short, "x", [(1, "answer = '2*x'"), (2, "def change(): global answer; answer = 'x'")]
    )
    submission.open()
    student = submission.student("one")
    assert (student.value("answer"), len(forks)) == ("2*x", 0)
    student.change()
    assert (student.value("answer"), student.eval("answer"), len(forks)) == ("2*x", "x", 1)
    assert (submission.student("two").value("answer"), len(forks)) == ("2*x", 1)
    submission.close()


NUMBERS = """
third, whole, sure, huge, several, unasked = 0.5, 7, False, 10**30, [1, 2], 3.0
def work(): return 1
third = third
"""


def test_a_number_that_a_task_asks_for_is_read_without_a_process(lane, monkeypatch):
    forks = []
    fork = JailedSubmission._fork
    monkeypatch.setattr(JailedSubmission, "_fork", lambda self: forks.append(1) or fork(self))
    asked = ("third", "whole", "sure", "huge", "several")
    cells = [(1, NUMBERS), (3, "third = 'in words'")]
    moments = [TaskCells("early", 1, 2, ("work",), asked), TaskCells("late", 3, 4, (), ("third",))]
    tasks = {"one": "early", "two": "late", "three": "early"}
    submission = JailedSubmission(lane, Short, "x", cells, tasks=tasks, moments=moments)
    assert submission.open() == ""
    student = submission.student("one")
    found = [student.value(name) for name in ("third", "whole", "sure")]
    assert (found, [*map(type, found)], forks) == ([0.5, 7, False], [float, int, bool], [])
    assert (submission.student("two").value("third"), forks) == ("in words", [])
    student = submission.student("three")
    assert [student.value(name) for name in ("huge", "several", "unasked")] == [10**30, [1, 2], 3.0]
    assert forks == [1]
    submission.close()


CHANGES = """
import inside.session, itertools, os, time
class Text(str): pass
class Names(dict):
    def __contains__(self, name): return True
    def __getitem__(self, name): return guesses[os.getpid() % 2] + str(time.monotonic_ns())
guesses = "ab"
inside.session.Session._named = lambda self, name: guesses[os.getpid() % 2] + str(time.monotonic_ns())
"""


@pytest.mark.parametrize("name", ["choice", "formula"])
def test_an_answer_that_changes_is_the_same_for_every_test_and_retry(name, lane):
    submission = JailedSubmission(lane, Short, "x", [(1, CHANGES)])
    assert submission.open() == ""
    told = {submission.student(test).value(name) for test in ("first", "second", "third")}
    told |= {submission.student_apart(test).value(name) for test in ("first", "second")}
    submission.run_otherwise(lambda opened, **_: told.add(opened("first").value(name)), {"first"}, at_end=True)
    assert len(told) == 1
    submission.close()


def test_what_was_an_object_does_not_become_a_text(lane):
    cells = """
import inside.session, os
asked = os.path.expanduser("~")
inside.session.Session._named = lambda self, name: object() if not_yet() else "b"
times = []
def not_yet(): times.append(1); return len(times) == 1
"""
    submission = JailedSubmission(lane, Short, "x", [(1, cells)])
    assert submission.open() == ""
    student = submission.student("first")
    assert student.value("choice").type_name == "object"
    with pytest.raises(StudentError, match="choice changes"):
        student.value("choice")
    submission.close()


def test_a_typed_answer_holds_nothing_that_a_test_has_handed_over(lane):
    """It was a number at the end of the cells; a hint would quote it, with the inputs of the test before it."""
    cells = [(1, "typed, known = 0, 'x'\ndef told(x):\n    global typed, known\n    typed = known = f'{x}*x'")]
    tasks = dict.fromkeys(("first", "second", "third"), "one")
    submission = JailedSubmission(lane, Short, "x", cells, tasks=tasks, sharing=tasks)
    assert submission.open() == ""
    submission.student("first").told(1.25)
    assert submission.student("second").value("typed") == 0
    submission.close()
    submission = JailedSubmission(lane, Short, "x", cells, tasks=tasks, sharing=tasks)
    assert submission.open() == ""
    student = submission.student("third")
    student.told(1.25)
    assert student.value("known") == "x"
    with pytest.raises(StudentError, match="typed changes"):
        student.value("typed")
    submission.close()


@pytest.mark.parametrize("kilobytes", [200, 300, 2000])
def test_a_long_notebook_is_graded_like_any_other(kilobytes, lane):
    cells = [(1, CELL), *((number, f"text = '{number}'  # {'x' * 1000}") for number in range(2, kilobytes + 2))]
    submission = JailedSubmission(lane, Short, "x", cells)
    assert submission.open() == ""
    assert submission.student("one").fine() == 1
    submission.close()


def test_a_lane_has_the_kit_of_the_course(level, tmp_path):
    (tmp_path / "__init__.py").write_text("edition = 'of the course'")
    with Lane(level, kit_folder=tmp_path) as lane:
        submission = JailedSubmission(lane, Short, "x", [(1, "from kit import edition")])
        assert submission.open() == ""
        assert submission.student("one").value("edition") == "of the course"
        submission.close()


def test_a_call_that_is_broken_off_is_not_caught_by_accident():
    assert not issubclass(session.NearSideRefused, Exception)


ODD_TEXTS = {
    "a number": ("answer = 2", 2),
    "a text of a class of one's own": ("class Text(str): pass\nanswer = Text('2*x')", "Text"),
    "a long one": ("answer = 'x' * 10_000", "x" * 10_000),
    "many long ones": ("for n in range(100): globals()[f'other{n}'] = 'x' * 4000\nanswer = 'late'", "late"),
    "half a character": ("answer = '\\ud800'", WireError),
    "a name that is half a character": ("globals()['\\ud800'] = '1'\nanswer = '2*x'", "2*x"),
    "names that are not names": ("globals()[1] = '1'\nglobals()[None] = '2'\nanswer = '2*x'", "2*x"),
}


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_every_other_answer_is_read_from_a_process_as_ever(odd, lane):
    cell, expected = ODD_TEXTS[odd]
    submission = JailedSubmission(lane, Short, "x", [(1, cell)])
    assert submission.open() == ""
    student = submission.student("one")
    if expected is WireError:
        with pytest.raises(StudentError, match="cannot be sent"):
            student.value("answer")
    else:
        assert getattr(student.value("answer"), "type_name", student.value("answer")) == expected
    submission.close()


LOUD = {
    "much": "print('x' * 3_000_000)",
    "many pictures": "print(chr(0x1F600) * 500_000)",
    "half a character": "print(chr(0xD800))",
    "an exception with half a character": "raise ValueError(chr(0xD800))",
    "an exception whose text is of an odd class": """
class Text(str):
    def encode(self, *args, **kwargs): return 7
    def __getitem__(self, key): return 8
class Odd(Exception):
    def __str__(self): return Text("odd")
raise Odd""",
}


@pytest.mark.parametrize("loud", LOUD)
def test_what_a_cell_prints_or_raises_costs_nothing_else(loud, lane):
    submission = JailedSubmission(lane, Short, "x", [(1, CELL), (2, LOUD[loud])])
    assert ("raised" if "raise" in LOUD[loud] else "") in submission.open()
    assert submission.student("one").fine() == 1
    submission.close()


def test_sleeping_through_every_test_ends_when_the_time_of_all_tests_is_up(lane):
    budget = Budget(waiting_seconds=4)
    submission = JailedSubmission(lane, Hasty, "x", [(1, CELL)], budget=budget)
    submission.open()
    waits = []
    for _ in range(20):
        before = budget._waiting_left
        with pytest.raises(OutOfTime, match="wall"):
            submission.student("one").sleeps()
        waits.append(before - budget._waiting_left)
    submission.close()
    assert waits[0] > 1.5, "half of what there is"
    assert budget._waiting_left < 0
    assert waits[-10:] == [0] * 10, "nobody waits any more"


def test_all_processes_of_a_submission_share_ten_times_the_cpu_limit(lane):
    """Children that each stay below the limit of a process, and a parent that sleeps."""
    burns = """
import os, time
def burns():
    while True:
        try:
            if os.fork() == 0:
                while True: pass
        except OSError: os.wait()
"""
    submission = JailedSubmission(lane, Short, "x", [(1, CELL), (2, burns)], cpu_seconds_left=3)
    submission.open()
    assert submission.student("one").fine() == 1
    with pytest.raises(OutOfTime, match="cpu"):
        submission.student("two").burns()
    assert submission.cpu_seconds_left < 0 < submission.cpu_seconds_left + 6
    with pytest.raises(OutOfTime, match="cpu"):
        submission.student("three").fine()
    submission.close()
    assert not submission.slow


@pytest.mark.parametrize(("left", "earns"), [(10.0, True), (1.0, True), (0.9, False), (-0.1, False)])
def test_who_has_used_up_the_cpu_time_gets_no_other_attempt(left, earns, lane):
    """It would cost the class more than ten limits, and its own tests would end for want of time."""
    submission = JailedSubmission(lane, Short, "x", [(1, CELL)], cpu_seconds_left=left)
    assert not earns_another_attempt(submission, Budget(), Short.cpu_seconds), "nothing hindered it"
    submission.slow = True
    assert earns_another_attempt(submission, Budget(), Short.cpu_seconds) is earns


def test_computing_and_waiting_of_a_submission_have_one_limit_together(lane):
    """It waits for two seconds and then computes without end: both are taken from the same four seconds."""

    class Patient(Short):
        cpu_seconds, wall_seconds = 30.0, 30.0

    both = "import time\ndef sleeps(): time.sleep(2)\ndef computes():\n    while True: pass"
    budget = Budget(seconds_left=4.0)
    submission = JailedSubmission(lane, Patient, "x", [(1, CELL), (2, both)], budget=budget)
    submission.open()
    submission.student("one").sleeps()
    submission._patience.settle()
    assert budget.seconds_left < 2.5
    with pytest.raises(OutOfTime, match="cpu"):
        submission.student("two").computes()
    with pytest.raises(OutOfTime):
        submission.student("three").fine()
    submission.close()
    assert -2 < budget.seconds_left <= 0.2
    assert not budget.allows_another_attempt


def test_a_worker_that_is_gone_is_a_fault_of_ours_and_it_is_replaced(course, tmp_path):
    worker = pool.Worker(course)
    worker._unit = course.units[0].id
    worker._process.kill()
    worker._current.write(b"test_three".ljust(NAME_BYTES) + f"{40.5:{LEFT_BYTES}.3f}".encode())
    worker._current.flush()
    graded = worker.grade(course.units[0].id, "x", tmp_path / "x.ipynb", tmp_path / "y.ipynb")
    assert {task.points for task in graded.report.tasks} == {None}
    assert (graded.again, graded.worn, graded.gave_up, worker.alive()) == (True, True, (), False)
    assert graded.seconds_left == 40.5 - COMPUTING_SECONDS / 2 - LONG_CALL_SECONDS, "what the regrade may cost"


def test_each_worker_keeps_to_a_unit_as_long_as_there_are_enough():
    waiting = pool.Waiting([2, 3, 1])
    assert waiting.take(None) == (1, 0)  # the largest first
    assert waiting.take(None) == (0, 0)
    assert [waiting.take(1), waiting.take(1)] == [(1, 1), (1, 2)]
    assert waiting.take(1) == (2, 0)  # nobody is there yet
    assert waiting.take(2) == (0, 1)  # then beside the other
    assert waiting.take(0) is None
    assert waiting.take(0) is None


def test_many_workers_share_one_unit():
    waiting = pool.Waiting([3])
    assert [waiting.take(None), waiting.take(None), waiting.take(0), waiting.take(0)] == [(0, 0), (0, 1), (0, 2), None]


@pytest.mark.parametrize(("workers", "keep_to"), [(1, [None]), (2, [3, 5]), (3, [3, 5, 3])])
def test_as_many_workers_as_cores_keep_to_one_each_and_fewer_go_where_there_is_room(
    workers, keep_to, course, monkeypatch, tmp_path
):
    cores = []

    class Idle:
        def __init__(self, course, *, core):
            cores.append(core)

        def enter(self, level):
            """Nothing to get ready."""

        def alive(self):
            return True

        def take_up(self, unit, release):
            """Nothing to collect."""

        def grade(self, unit, student, notebook, release, *, before=None):
            report = verdict.fault_report(course.unit(unit), student, "")
            return Graded(msgspec.structs.replace(report, tasks=()))

        def hang_up(self):
            """Nothing to end."""

        close = hang_up

    monkeypatch.setattr(pool, "Worker", Idle)
    monkeypatch.setattr(pool, "usable_cores", lambda: [3, 5])
    monkeypatch.setattr(pool, "level_for_grading", lambda: pool.Level.L3)
    handed_in = [(student, tmp_path) for student in ("ada", "bob", "eve")]
    reports = pool.grade_class(course, course.units[0].id, handed_in, tmp_path, workers=workers)
    assert [report.student for report in reports] == ["ada", "bob", "eve"]
    assert cores == keep_to


def test_a_notebook_hears_when_its_cpu_time_is_up_as_the_processes_of_its_tests_do(lane):
    """By itself the first process of a pid namespace goes on until it is killed, some seconds later."""
    ask = "import signal\ndef heeds(): return callable(signal.getsignal(signal.SIGXCPU))\nheeded = str(heeds())"
    submission = JailedSubmission(lane, Short, "x", [(1, ask + CELL), (2, "loops()")])
    assert "Cell 2 ended the process" in submission.open()
    student = submission.student("one")
    assert (student.value("heeded"), student.heeds()) == ("True", False)
    submission.close()


def test_threads_that_will_have_ended_soon_do_not_cost_the_notebook(lane):
    """They are as many as a submission may have: until they have ended, nothing can be forked."""
    threads = "import threading, time\nfor _ in range(50): threading.Thread(target=time.sleep, args=(0.7,)).start()"
    submission = JailedSubmission(lane, Short, "x", [(1, CELL), (2, threads)])
    assert "can't start new thread" in submission.open()
    assert submission.student("one").fine() == 1
    submission.close()


MAGICS = {
    "a magic": "%matplotlib inline\nanswer = 1",
    "a magic of the whole cell": "%%capture\nanswer = 1",
    "the shell": "!ls\nanswer = 1",
    "a question": "answer = 1\nanswer?",
    "a prompt of Python": ">>> answer = 1",
    "a prompt of IPython": "In [3]: answer = 1",
    "a cell pushed in": "    answer = 1",
}


@pytest.mark.parametrize("magic", MAGICS)
def test_what_ipython_reads_otherwise_is_read_so(magic):
    from IPython.core.inputtransformer2 import TransformerManager

    expected = compile(TransformerManager().transform_cell(MAGICS[magic]), "<cell 1>", "exec")
    assert cells._code_of(MAGICS[magic], "<cell 1>") == expected


def test_a_plain_notebook_has_no_ipython_in_its_memory(lane):
    loaded = "import sys\ndef loaded(): return 'IPython' in sys.modules"
    submission = JailedSubmission(lane, Short, "x", [(1, CELL), (2, loaded)])
    submission.open()
    assert submission.student("one").loaded() is False
    submission.close()
