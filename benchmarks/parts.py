"""Where the time of grading goes: python benchmarks/parts.py [unit ...] (about two minutes for all).

Each unit's reference notebook is graded in a lane, and the time in each step is added up: reading and matching the
notebook; starting and ending the jail; running the cells; forking processes for tests; the hidden tests, of which the
part that they wait for replies is shown as well; and the report. Milliseconds, medians of several runs.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from units import ROOT, RUNS, Stopwatch, in_a_lane

from grader.course import manifest
from grader.grading import worker
from grader.grading.pool import usable_cores
from grader.grading.submission import JailedSubmission
from grader.jail.channel import FrameChannel
from grader.jail.lane import Jailed, Lane

STEPS = {
    "reading": [
        (worker.notebooks, "read_whole"),
        (worker.notebooks, "read_handed_in"),
        (worker.matching, "match_cells"),
        (worker, "work_elsewhere"),
    ],
    "jail": [(Lane, "open"), (Jailed, "kill")],
    "cells": [(JailedSubmission, "open")],
    "forks": [(JailedSubmission, "_ask_for_a_fork")],
    "tests": [(worker, "_run_tests")],
    "replies": [(FrameChannel, "exchange")],
    "report": [(worker, "_report")],
}


def watched():
    """A stopwatch for each step, and for opening the lane alone."""
    watches = {step: Stopwatch() for step in (*STEPS, "opening")}
    for step, places in {**STEPS, "opening": [(Lane, "open")]}.items():
        for owner, name in places:
            watches[step].times(owner, name)
    return watches


def parts(course, unit, folder, watches):
    """The milliseconds of each step, and in all."""
    rows = []

    def body(grade, run):
        for _ in range(RUNS + 1):
            for watch in watches.values():
                watch.seconds = 0.0
            started = time.perf_counter()
            grade()
            row = {step: watch.seconds * 1e3 for step, watch in watches.items()}
            row["cells"] -= row.pop("opening")
            row["tests"] -= row["forks"]
            rows.append(row | {"in all": (time.perf_counter() - started) * 1e3})

    in_a_lane(course, unit, folder, body)
    return {step: statistics.median(row[step] for row in rows[1:]) for step in rows[0]}


def main():
    """Measure and print."""
    course = manifest.load(ROOT)
    os.sched_setaffinity(0, usable_cores()[-1:])  # as each worker of a class
    heads, watches = (*STEPS, "in all"), watched()
    print(f"{'unit':22} " + " ".join(f"{head:>8}" for head in heads))
    for name in sys.argv[1:] or [unit.id for unit in course.units]:
        with tempfile.TemporaryDirectory() as folder:
            found = parts(course, course.unit(name), Path(folder), watches)
        print(f"{name:22} " + " ".join(f"{found[head]:8.1f}" for head in heads), flush=True)


if __name__ == "__main__":
    main()
