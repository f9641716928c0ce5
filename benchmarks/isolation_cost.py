"""The cost of each isolation level, side by side in one run: python benchmarks/isolation_cost.py (about two minutes)

A submission is the reference notebook of a unit, whose cells run once. A test is a fork of that state, one call of a
student's function, and the end of the fork. The levels take turns, so that a busy machine slows all of them.

L2 and L0 need an interpreter that every user can read. If yours is inside a private home directory, make an environment
with the system's interpreter and run this script with it as an ordinary user:

    /usr/bin/python3 -m venv /srv/grader && /srv/grader/bin/pip install --require-hashes -r requirements.lock
    PYTHONPATH=$PWD:$PWD/exercises /srv/grader/bin/python benchmarks/isolation_cost.py
"""

import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"
ROUNDS, SUBMISSIONS, TESTS = 5, 4, 12
COLUMNS = ("start of a lane", "empty submission", "submission", "test")


def main():
    """Measure and print a table; for a level that this machine does not offer, print why."""
    import just_enough_calculus  # noqa: F401 - makes grader and kit importable

    from grader.course import build, manifest, matching
    from grader.errors import Unavailable
    from grader.jail.lane import Lane
    from grader.results import Level

    course = manifest.load(ROOT)
    limits = course.unit(UNIT).limits
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as lanes:
        source = json.loads((build.build_unit(course, UNIT, Path(folder)) / f"{UNIT}.ipynb").read_text())
        cells = [(cell.number, cell.source) for cell in matching.code_cells(source, source)]
        offered, taken, why = {}, {}, {}
        for level in Level:
            started = time.perf_counter()
            try:
                offered[level] = lanes.enter_context(Lane(level))
            except Unavailable as error:
                why[level] = str(error)
                continue
            taken[level] = {name: [] for name in COLUMNS}
            taken[level]["start of a lane"].append(time.perf_counter() - started)
        for _ in range(ROUNDS):
            for level, lane in offered.items():
                measure(lane, limits, cells, taken[level])
        print("milliseconds, lower quartiles" + "".join(f"{name:>18}" for name in COLUMNS))
        for level in Level:
            if level in why:
                print(f"  {level}: not offered here: {why[level]}")
            else:
                row = "".join(f"{lower_quartile(taken[level][name]) * 1e3:18.1f}" for name in COLUMNS)
                print(f"  {level:27}" + row, flush=True)
        print(f"Python {sys.version.split()[0]}, {len(cells)} cells, {ROUNDS} rounds")


def lower_quartile(times):
    """The lower quartile, because other work on the machine only ever adds time."""
    return statistics.quantiles(times, n=4)[0] if len(times) > 1 else times[0]


def measure(lane, limits, cells, taken):
    """One turn of a level. Skips the first submission: a cold jail may have started while other levels ran."""
    from grader.grading.submission import JailedSubmission

    for name, what in (("empty submission", []), ("submission", cells)):
        for number in range(SUBMISSIONS + 1):
            started = time.perf_counter()
            submission = JailedSubmission(lane, limits, "reference", what)
            problem = submission.open()
            submission.close()
            if number:
                taken[name].append(time.perf_counter() - started)
            assert not problem, problem
    submission = JailedSubmission(lane, limits, "reference", cells)
    submission.open()
    submission.student("first").has("slope")
    for number in range(TESTS):
        started = time.perf_counter()
        submission.student(f"test {number}").has("slope")  # also ends the previous test's fork
        taken["test"].append(time.perf_counter() - started)
    submission.close()


if __name__ == "__main__":
    main()
