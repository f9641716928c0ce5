"""How much can one submission cost the class? python benchmarks/worst_cost.py [unit ...] [--only words] (minutes each)

Each attack in tests/grading/hostile_cells.py is graded like any submission, and regraded alone if the grader would.
Prints seconds: our CPU time, the CPU time of all its processes, and the time spent waiting while nothing computed.
Their sum is the cost on an idle machine, regardless of the load on this one, and is limited by `budget.SECONDS`; the
last columns are ten of the unit's CPU limits, the points, and what the next honest student gets. No other submission
waits for it: `--class` grades an honest class on two workers, with and without a notebook that sleeps.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["JUPYTERHUB_USER"] = "reference"
os.environ["MPLBACKEND"] = "Agg"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "grading"))

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import msgspec
from hostile_cells import CELLS, attacked

from grader.course import build, manifest
from grader.diagnosis.casebook import Casebook
from grader.grading import pool, worker
from grader.grading.submission import CPU_LIMITS, JailedSubmission
from grader.jail.lane import Lane
from grader.jail.self_test import probe
from grader.testing import plugin
from grader.testing.budget import WAITING_SECONDS_ALONE, Budget

ROOT = Path(__file__).resolve().parents[1]
HONEST = 8


class Cost:
    """The cost of grading from now on, by the engine's own clocks."""

    def __init__(self):
        self.waited = self.theirs = 0.0
        self._began = time.process_time()
        waited, ended = Budget.waited, JailedSubmission._end

        def count_waiting(budget, seconds):
            self.waited += seconds
            waited(budget, seconds)

        def count_cpu(submission):
            before = submission.cpu_seconds_left
            how = ended(submission)
            self.theirs += before - submission.cpu_seconds_left
            return how

        self._restore = lambda: (setattr(Budget, "waited", waited), setattr(JailedSubmission, "_end", ended))
        Budget.waited, JailedSubmission._end = count_waiting, count_cpu

    def stop(self):
        """Stop, and return seconds: (ours, theirs, waited)."""
        self._restore()
        return time.process_time() - self._began, self.theirs, self.waited


def graded(unit, order, run, casebook, lane):
    """The final result of one submission, graded as the pool does it."""
    first = worker.grade_one(unit, order, run, casebook, lane)
    if not first.again:
        return first
    alone = msgspec.structs.replace(
        order,
        waiting_seconds=WAITING_SECONDS_ALONE,
        cpu_seconds_left=first.cpu_seconds_left,
        seconds_left=first.seconds_left,
    )
    return worker.grade_one(unit, alone, run, casebook, lane)


def attacks(course, unit, names, folder):
    """Print one line per attack."""
    right = build.build_unit(course, unit.id, folder) / f"{unit.id}.ipynb"
    release = folder / "release.ipynb"
    release.write_text(json.dumps(build.stub_notebook(unit)), encoding="utf-8")
    notebook = json.loads(right.read_text(encoding="utf-8"))

    def body(run):
        casebook = Casebook(unit.solutions_dir, run)
        level, _ = probe()
        with Lane(level) as lane:
            honest = worker.Order("reference", str(right), str(release))
            path = folder / "eve.ipynb"
            path.write_text(json.dumps(attacked(notebook, "returns an object for everything")))
            # A worker runs the known mistakes once, at its first wrong answers.
            graded(unit, worker.Order("eve", str(path), str(release)), run, casebook, lane)
            for name in names:
                path.write_text(json.dumps(attacked(notebook, name) if name in CELLS else notebook), encoding="utf-8")
                cost = Cost()
                report = graded(unit, worker.Order("eve", str(path), str(release)), run, casebook, lane).report
                ours, theirs, waited = cost.stop()
                after = graded(unit, honest, run, casebook, lane).report
                next_one = "all its points" if after.points >= after.max_points else f"{after.points} POINTS"
                print(
                    f"{unit.id:20} {name:42} {ours:6.1f} {theirs:6.1f} {waited:6.1f} {ours + theirs + waited:7.1f}"
                    f"   {CPU_LIMITS * unit.limits.cpu_seconds:4.0f} {report.points:6.1f}   {next_one}"
                    f"{'   OUR FAULT' if report.our_fault else ''}",
                    flush=True,
                )

    plugin.run_inside_pytest([unit.hidden_tests], body)


def beside(course, unit, folder):
    """How long an honest class takes, without and with a notebook that sleeps."""
    right = build.build_unit(course, unit.id, folder) / f"{unit.id}.ipynb"
    release = folder / "release.ipynb"
    release.write_text(json.dumps(build.stub_notebook(unit)), encoding="utf-8")
    sleeps = folder / "eve.ipynb"
    notebook = attacked(json.loads(right.read_text(encoding="utf-8")), "sleeps in its functions")
    sleeps.write_text(json.dumps(notebook), encoding="utf-8")
    for name, more in (("without", []), ("with", [("eve", sleeps)])):
        submissions = [*more, *((f"s{number}", right) for number in range(HONEST))]
        began, heard = time.monotonic(), {}

        def hear(report, heard=heard, began=began):
            heard[report.student] = time.monotonic() - began

        reports = pool.grade_class(course, unit.id, submissions, release, workers=2, on_report=hear)
        honest = [report for report in reports if report.student != "eve"]
        whole = sum(report.points >= report.max_points for report in honest)
        last = max(heard[report.student] for report in honest)
        print(
            f"{unit.id:20} {HONEST} honest {name} a notebook that sleeps: the last honest report after {last:.1f} s, "
            f"all after {max(heard.values()):.1f} s; all points: {whole} of {len(honest)}",
            flush=True,
        )


def main():
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("units", nargs="*")
    arguments.add_argument("--only", nargs="+", default=[""], help="attacks whose name holds one of these words")
    arguments.add_argument("--class", dest="beside", action="store_true", help="grade an honest class beside a sleeper")
    chosen = arguments.parse_args()
    course = manifest.load(ROOT)
    names = [name for name in ["(an honest one)", *CELLS] if any(word in name for word in chosen.only)]
    heads = f"{'ours':>6} {'theirs':>6} {'waited':>6} {'seconds':>7}   10 limits, points, the next"
    print(f"{'unit':20} {'attack':42} {heads}")
    for unit in [course.unit(name) for name in chosen.units] or course.units:
        with tempfile.TemporaryDirectory() as folder:
            if chosen.beside:
                beside(course, unit, Path(folder))
            else:
                attacks(course, unit, names, Path(folder))


if __name__ == "__main__":
    main()
