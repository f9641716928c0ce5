"""Does a busy machine cost anyone points? python benchmarks/fairness.py (about three minutes)

Grades an honest class of 60 on an idle machine, then three times with every core busy with other work.
"""

import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable

from grader.course import build, manifest
from grader.grading import pool
from grader.nbgrader import apps, setup

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"


def burn(stop):
    """Keep one core busy."""
    while not stop.is_set():
        sum(range(100_000))


def main():
    """Grade, and print one line per run."""
    course = manifest.load(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        setup.init_course_folder(course, folder)
        source = build.build_unit(course, UNIT, folder) / f"{UNIT}.ipynb"
        apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
        release = folder / "release" / UNIT / f"{UNIT}.ipynb"
        submissions = [(f"s{number:03}", source) for number in range(60)]

        def run(name):
            started = time.perf_counter()
            reports = pool.grade_class(course, UNIT, submissions, release)
            got = [[task.points for task in report.tasks] for report in reports]
            print(f"{name:28} {time.perf_counter() - started:6.1f} s   points: {sum(map(sum, got)):g}", flush=True)
            return got

        idle = run("idle")
        stop = multiprocessing.Event()
        busy = [multiprocessing.Process(target=burn, args=(stop,)) for _ in range(2 * (os.cpu_count() or 1))]
        for process in busy:
            process.start()
        try:
            same = [run(f"every core busy, run {number}") == idle for number in (1, 2, 3)]
        finally:
            stop.set()
            for process in busy:
                process.join()
        print("the same points for everyone, every time:", all(same))


if __name__ == "__main__":
    main()
