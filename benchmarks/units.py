"""The cost of grading a unit: python benchmarks/units.py [unit ...] (about four minutes for all).

Each unit's reference notebook is graded in a lane like any submission of a class: a worker and its lane take turns on
one core. Prints the total milliseconds and how many of them the student's code took (its cells, and its answers to the
hidden tests). Then the same tests on the same core without a jail: the reference is loaded into this process and asked
directly. The ratio of the two is what the jail and the report cost. Last, how long `check("task")` takes in the
notebook. Medians of several runs; machines are noisy.
"""

import contextlib
import gc
import io
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ["JUPYTERHUB_USER"] = "reference"
os.environ["MPLBACKEND"] = "Agg"

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import matplotlib.pyplot as plt
from kit.check import is_satisfied, verdict

from grader.course import build, manifest
from grader.diagnosis.casebook import Casebook
from grader.grading import worker
from grader.grading.pool import usable_cores
from grader.grading.submission import JailedSubmission
from grader.jail.channel import FrameChannel
from grader.jail.lane import Lane
from grader.jail.self_test import probe
from grader.results import Outcome
from grader.testing import Student, plugin
from grader.testing.authoring import load_module

ROOT = Path(__file__).resolve().parents[1]
RUNS, MOST_RUNS, SECONDS = 5, 40, 12  # more than the fewest runs, as long as they take less than this


class Stopwatch:
    """Adds up the time spent in chosen methods."""

    def __init__(self):
        self.seconds = 0.0

    def times(self, owner, name):
        """Count the time in `owner.name` from now on."""
        original = getattr(owner, name)

        def timed(*args, **kwargs):
            started = time.perf_counter()
            try:
                return original(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - started

        setattr(owner, name, timed)


def in_a_lane(course, unit, folder, body):
    """Call `body(grade, run)`: `grade()` grades the reference in a lane and returns its report; `run` runs tests."""
    built = build.build_unit(course, unit.id, folder) / f"{unit.id}.ipynb"
    release = folder / "release.ipynb"
    release.write_text(json.dumps(build.stub_notebook(unit)), encoding="utf-8")
    order = worker.Order("reference", str(built), str(release))

    def in_pytest(run):
        casebook = Casebook(unit.solutions_dir, run)
        gc.collect()
        gc.freeze()  # as a worker does
        level, _ = probe()
        with Lane(level) as lane:
            body(lambda: worker.grade_one(unit, order, run, casebook, lane).report, run)

    plugin.run_inside_pytest([unit.solutions_dir / f"test_{unit.id}_hidden.py"], in_pytest)


def grading(course, unit, folder):
    """(total ms, ms in student code, ms without a jail, number of hidden tests) of the reference; medians."""
    student_code = Stopwatch()
    student_code.times(JailedSubmission, "open")
    student_code.times(FrameChannel, "exchange")
    found = []

    def body(grade, run):
        began = time.perf_counter()
        while len(found) <= RUNS or (len(found) < MOST_RUNS and time.perf_counter() < began + SECONDS):
            student_code.seconds, started = 0.0, time.perf_counter()
            report = grade()
            jailed = (time.perf_counter() - started) * 1e3
            found.append((jailed, student_code.seconds * 1e3, without_a_jail(unit, run)))
            assert report.points >= report.max_points, [task for task in report.tasks if task.points is None]
        found.append(sum(len(task.tests) for task in report.tasks))

    in_a_lane(course, unit, folder, body)
    *times, tests = found
    return (*(statistics.median(column) for column in zip(*times[1:], strict=True)), tests)


def without_a_jail(unit, run):
    """The ms that loading the reference and its hidden tests take in this process."""
    started = time.perf_counter()
    names = load_module(unit.solutions_dir / "reference.py")
    known = {}  # as in a process of a submission
    outcomes = {case.result.outcome for case in run(lambda _: Student.local(names, known=known))}
    taken = (time.perf_counter() - started) * 1e3
    plt.close("all")
    assert outcomes == {Outcome.PASSED}, outcomes
    return taken


def checking(unit):
    """(median, slowest) ms of the public checks of the unit's tasks, with a correct notebook."""
    names = load_module(unit.solutions_dir / "reference.py")
    medians = []
    for task in unit.tasks:
        taken = []
        for _ in range(RUNS + 1):
            started = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()):
                said = verdict(task.id, names, unit.exercises_dir)
            taken.append((time.perf_counter() - started) * 1e3)
            assert is_satisfied(said), said
        medians.append(statistics.median(taken[1:]))
    return statistics.median(medians), max(medians)


def main():
    """Measure and print."""
    course = manifest.load(ROOT)
    os.sched_setaffinity(0, usable_cores()[-1:])  # as each worker of a class
    wanted = sys.argv[1:] or [unit.id for unit in course.units]
    heads = f"{'ms in all':>10} {'student code':>13} {'no jail':>8} {'ratio':>6} {'check, median':>14} {'slowest':>8}"
    print(f"{'unit':22} {'tests':>5} {heads}")
    in_all = []
    for name in wanted:
        unit = course.unit(name)
        with tempfile.TemporaryDirectory() as folder:
            total, of_student, bare, tests = grading(course, unit, Path(folder))
        middle, slowest = checking(unit)
        in_all.append((total, bare))
        times = f"{total:10.0f} {of_student:13.0f} {bare:8.0f} {total / bare:6.2f} {middle:14.1f} {slowest:8.1f}"
        print(f"{name:22} {tests:5} {times}", flush=True)
    total, bare = (sum(column) for column in zip(*in_all, strict=True))
    print(f"{'together':28} {total:10.0f} {'':13} {bare:8.0f} {total / bare:6.2f}")


if __name__ == "__main__":
    main()
