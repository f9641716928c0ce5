"""What a submission makes the trusted side remember, compute and wait for has an end, and nobody after it notices.

The attacks are cells added to right notebooks (hostile_cells.py); the units are the course's own.
"""

import contextlib
import functools
import gc
import json
import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

import numpy as np
import pytest
from hostile_cells import attacked

from grader.course import build, manifest
from grader.grading import pool
from grader.jail.channel import Died, FrameChannel, OutOfTime
from grader.jail.inside.messages import Callback, Returned
from grader.jail.inside.wire import Frames, encode
from grader.results import Outcome
from grader.testing import budget as budgets
from grader.testing import plugin
from grader.testing.budget import Budget, OverBudget
from grader.testing.plugin import outcome_of
from grader.testing.student import Student

# ------------------------------------------------------------------------------------------- one test, in this process


class Calling:
    """A far side that calls back with `args`, `times` times, and then returns `ok`."""

    def __init__(self, args=(), *, times=0, ok=None):
        self.args, self.times, self.ok = args, times, ok

    def request(self, message, on_callback):
        for _ in range(self.times):
            on_callback(Callback(0, encode(tuple(self.args), lambda value: value)))
        return Returned(encode(self.ok, lambda value: value))


def numbers(count):
    return np.ones(count)


def in_a_process(body):
    """Run `body` in a fork: a limit on memory or CPU time would be one on all of pytest-xdist's worker."""
    child = os.fork()
    if child == 0:
        try:
            body()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def endless():
    while True:
        pass


MUCH = {
    "large arrays, kept": ("bytes", [numbers(300_000)], 40, lambda x: kept.append(x)),
    "many lists, kept": ("bytes", [[[]] * 20_000], 40, lambda x: kept.append(x)),
    "one call with too much": ("bytes", [numbers(800_000)], 1, lambda x: None),
    "an answer of ours that the submission made large": ("bytes", [3_000_000], 1, lambda n: [0.0] * int(n)),
    "half floats": ("bytes", [np.ones(800_000, dtype="<f2")], 1, lambda x: None),
    "our memory": ("memory", [numbers(20_000)], 1, lambda x: x[:, None] * x),
    "our computing": ("computing", [5.0], 1, lambda x: endless()),
    "our computing, as often as it likes": ("computing", [5.0], 10**9, lambda x: sum(range(100_000))),
}
kept: list = []


@pytest.fixture
def little(monkeypatch):
    """Small budgets, so that they end soon."""
    monkeypatch.setattr(budgets, "TEST_BYTES", 4 << 20)
    monkeypatch.setattr(budgets, "COMPUTING_SECONDS", 6.0)
    monkeypatch.setattr(budgets, "LEAST_COMPUTING_SECONDS", 0.1)
    kept.clear()
    yield
    kept.clear()


@pytest.mark.slow
@pytest.mark.parametrize("much", MUCH)
def test_what_goes_over_the_budget_is_the_students_outcome(much, little):
    def body():
        by, args, times, f = MUCH[much]
        budget = Budget()
        student = Student(Calling(args, times=times), "eve", budget)
        with pytest.raises(OverBudget) as caught, budget.within():
            student.rate(f)
        assert caught.value.by == by
        facts = outcome_of(caught.value)
        assert facts["outcome"] is Outcome.DIED
        assert "?" in facts["hint"]
        student = Student(Calling([1.5], times=3, ok=2.0), "eve", budget)  # what is left is enough for a right answer
        with budget.within():
            assert student.rate(lambda x: 2 * x) == 2.0

    in_a_process(body)


def test_an_answer_that_is_too_large_is_over_the_budget_and_one_of_twice_the_usual_size_is_not():
    for size, allowed in ((250_000, True), (1_000_000, True), (5_000_000, False)):
        student = Student(Calling(ok=numbers(size)), "x", Budget())
        if allowed:
            assert student.rate().shape == (size,)
        else:
            with pytest.raises(OverBudget):
                student.rate()


def test_many_wasteful_tests_leave_enough_for_a_right_one():
    budget = Budget()
    for _ in range(15):
        student = Student(Calling(ok=numbers(1_000_000)), "x", budget)
        try:
            while True:
                student.rate()
        except OverBudget:
            pass
    assert Student(Calling(ok=numbers(100_000)), "x", budget).rate().shape == (100_000,)


@pytest.mark.slow
def test_a_test_that_catches_everything_is_ended_all_the_same(little):
    def goes_on():
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    def body():
        with pytest.raises(OverBudget), Budget().within():
            goes_on()
        assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)

    in_a_process(body)


def test_a_signal_that_comes_too_late_does_no_harm():
    """It may have been on its way to another thread."""

    def body():
        with Budget().within():
            pass
        signal.raise_signal(signal.SIGPROF)

    in_a_process(body)


@pytest.mark.slow
def test_a_process_that_has_computed_for_long_is_not_ended(monkeypatch):
    """The kernel's limit counts ticks, and the scheduler's clock may be many seconds behind them by then."""
    clock = time.process_time

    def compute(seconds):
        ends = clock() + seconds
        while clock() < ends:
            sum(range(1000))

    def body():
        compute(3)
        monkeypatch.setattr(time, "process_time", lambda: clock() - 12)
        with Budget().within():
            compute(0.5)

    in_a_process(body)


def test_after_a_test_all_limits_are_as_before(little):
    import resource

    def limits():
        return [resource.getrlimit(what) for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]

    def body():
        before = limits()
        for handler in (lambda *_: None, signal.SIG_IGN):
            signal.signal(signal.SIGPROF, handler)
            for does in (lambda: None, lambda: np.ones(1 << 40), lambda: 1 / 0):
                try:
                    with Budget().within():
                        assert limits() != before
                        does()
                except (OverBudget, ZeroDivisionError):
                    pass
                assert (limits(), signal.getsignal(signal.SIGPROF)) == (before, handler)

    in_a_process(body)


HOARDS = """
import functools, pytest, weakref
SEEN = []

@functools.cache
def nothing_of_a_student(n): return n

@pytest.mark.task("rate")
@pytest.mark.parametrize("how", ["assert", "raise", "chain", "recurse", "pass", "closure"])
def test_hoards(student, how):
    hoard = [student.large() for _ in range(3)]
    SEEN.extend(map(weakref.ref, hoard))
    def deeper(n, more):
        if n: return deeper(n - 1, more)
        raise ValueError(f"{len(more)}")
    if how == "assert": assert hoard is None
    if how == "raise": raise RuntimeError(hoard[0])
    if how == "chain":
        try: deeper(3, hoard)
        except ValueError as error: raise KeyError(hoard[1]) from error
    if how == "recurse": deeper(50, hoard)
    if how == "closure": student.call = lambda: hoard
"""


@pytest.mark.slow
def test_nothing_of_a_test_outlives_it(tmp_path):
    path = tmp_path / "test_hoards_hidden.py"
    path.write_text(HOARDS)
    left = []

    def body(run):
        budget = Budget()
        gc.disable()
        try:
            ran = run(lambda test: Student(Calling(ok=numbers(300_000)), "x", budget))
        finally:
            gc.enable()
        seen = sys.modules["test_hoards_hidden"].SEEN if "test_hoards_hidden" in sys.modules else ran_module(ran)
        kept = {id(entry.value) for case in ran for entry in case.transcript}
        left.extend(ref() for ref in seen if ref() is not None and id(ref()) not in kept)
        left.append(len(seen))

    def ran_module(ran):
        (found,) = [
            thing["SEEN"] for thing in gc.get_objects() if isinstance(thing, dict) and "nothing_of_a_student" in thing
        ]
        return found

    plugin.run_inside_pytest([path], body)
    assert left == [18]
    assert not hasattr(sys, "last_value")
    assert not hasattr(sys, "last_traceback")


@pytest.mark.slow
def test_a_conversation_that_our_budget_broke_off_is_over(little):
    """The far side waits for an answer to its callback: whatever it says next answers nothing."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Frames(theirs).send(Callback(0, {"t": "tuple", "v": [1.0]}))
        channel = FrameChannel(Frames(ours), deadline=time.monotonic() + 60)
        budget = Budget()

        def never(x):
            while True:
                pass

        with pytest.raises(OverBudget), budget.within():
            Student(channel, "x", budget).rate(never)
        assert not channel.usable
        with pytest.raises(Died):
            Student(channel, "x", budget).rate(never)


@pytest.mark.parametrize("more", [60.0, None])
def test_a_deadline_that_passes_while_we_answer_a_callback_is_moved_like_any_other(more):
    """A function that is called again and again is busy, not idle, whichever side the deadline finds at work."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        far = Frames(theirs)
        far.send(Callback(0, {"t": "tuple", "v": [1.0]}))
        far.send(Returned(2.0, seq=1))
        later = lambda: more and time.monotonic() + more  # noqa: E731 - how much more time there is
        channel = FrameChannel(Frames(ours), deadline=time.monotonic() + 1, more_time=later)

        def slow(x):
            channel.deadline = 0.0  # it is over before the answer is sent

        student = Student(channel, "x", Budget())
        if more:
            assert student.rate(slow) == 2.0
        else:
            with pytest.raises(OutOfTime):
                student.rate(slow)


# ----------------------------------------------------------------------------------------- the course's own units

COURSE = manifest.load(Path(__file__).parents[2])
ATTACKS = {  # the unit: what the attacker does, in which task, if it is not the usual; one can wear out a worker
    "u1_derivative_intuition": ("calls back with large arrays", "average_rate"),
    "u2_derivative_rules": ("calls back with large arrays", "descend"),
    "u3_chain_rule": ("returns large arrays", "local_grads"),
    "u4_gradient_check": ("needs ours, and calls it with many layers", "numerical_gradient"),
    "u5_mlp_training": ("returns large arrays", "forward"),
    "w1_mse_is_likelihood": ("returns large arrays", "hetero_nll"),
    "w2_kl_both_ways": ("returns large arrays", "kl_slopes"),
    "w3_flat_gradients": ("returns large arrays", "soft_step"),
    "w4_lora_from_scratch": ("returns large arrays", "merge"),
    "u0_placement": ("returns large arrays", "nudged"),
    "w6_rbf_svm": ("returns large arrays", "rbf_kernel"),
    "w5_sampling": ("returns large arrays", "reparam"),
}


# On two workers, each kind of attack once: that the honest are graded beside it does not depend on the unit.
ON_TWO_WORKERS = ("u1_derivative_intuition", "u4_gradient_check", "u5_mlp_training")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """The right notebook twice after an attack, for each unit."""
    batches = {}
    for unit in COURSE.units:
        folder = tmp_path_factory.mktemp(unit.id)
        right = build.build_unit(COURSE, unit.id, folder) / f"{unit.id}.ipynb"
        (folder / "release.ipynb").write_text(json.dumps(build.stub_notebook(unit)))
        name, task = ATTACKS.get(unit.id, ("returns large arrays", unit.tasks[0].id))
        notebook = attacked(json.loads(right.read_text()), name, task=task)
        (folder / "eve.ipynb").write_text(json.dumps(notebook))
        submissions = [("eve", folder / "eve.ipynb"), ("honest", right), ("honest_too", right)]
        batches[unit.id] = pool.Batch(unit.id, submissions, folder / "release.ipynb")
    return batches


@pytest.fixture(scope="module")
def reports(handed_in):
    """The reports by unit, for 1 and 2 workers, which take up one unit after another: each starts a lane only once."""

    @functools.cache
    def by_workers(workers):
        batches = [handed_in[unit] for unit in (handed_in if workers == 1 else ON_TWO_WORKERS)]
        graded = pool.grade_batches(COURSE, batches, workers=workers)
        return {batch.unit: reports for batch, reports in zip(batches, graded, strict=True)}

    return by_workers


@pytest.mark.slow
@pytest.mark.parametrize(
    ("workers", "unit"), [*((1, unit.id) for unit in COURSE.units), *((2, unit) for unit in ON_TWO_WORKERS)]
)
def test_honest_students_after_an_attacker_get_full_points(workers, unit, reports):
    eve, *honest = reports(workers)[unit]
    assert not any(report.our_fault for report in [eve, *honest])
    assert None not in {task.points for task in eve.tasks}
    assert any(task.points < task.max_points for task in eve.tasks), "the attack is one"  # a bonus may make up for it
    for report in honest:
        assert {task.task: task.points for task in report.tasks} == {
            task.task: task.max_points for task in report.tasks
        }
        assert report.problem == ""
