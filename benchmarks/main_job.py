"""Print the main performance figures: python benchmarks/main_job.py (about two minutes).

Times on a shared machine are noisy, so two methods to be compared are measured side by side in one run.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"


def wall(command, times=5):
    """The median wall time of a command, in seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # noqa: S603 - our own commands
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def say(what, value, unit, target=""):
    """Print one figure."""
    print(f"{what:62} {value:9.1f} {unit:3} {target}", flush=True)


CHECK = """
import os, sys, time
sys.path.insert(0, os.path.abspath('exercises'))
os.chdir('exercises/u1_derivative_intuition')
import kit
names = dict(average_rate=lambda f, a, b: (f(b) - f(a)) / (b - a), rate_of_square='2a', rate_of_mine='2a', my_rate=1)
started = time.perf_counter()
kit.check('average_rate', names)
print((time.perf_counter() - started) * 1e3, file=sys.stderr)
"""


def main():
    """Measure and print."""
    python = sys.executable
    say("grader --help, cold", wall([python, "-m", "just_enough_calculus", "--help"]) * 1e3, "ms", "target < 500")
    bare = wall([python, "-c", "pass"])
    import_kit = "import sys; sys.path.insert(0, 'exercises'); import kit"
    say("import kit, beside a bare Python", (wall([python, "-c", import_kit]) - bare) * 1e3, "ms", "target < 500")
    done = subprocess.run([python, "-c", CHECK], check=True, capture_output=True, text=True, cwd=ROOT)  # noqa: S603 - ours
    say('check("average_rate"), the first after import', float(done.stderr.split()[-1]), "ms", "target < 100")

    from grader.course import manifest
    from grader.demo import Cycle
    from grader.grading import pool

    with tempfile.TemporaryDirectory() as folder:
        cycle = Cycle(ROOT, Path(folder) / "demo", units=[UNIT])
        started = time.perf_counter()
        reports = cycle.run()[UNIT]
        say(f"the whole cycle, {len(reports)} submissions", time.perf_counter() - started, "s", "target < 60")
        honest = [report for report in reports if report.points == report.max_points]
        say("a right submission, median", statistics.median(r.milliseconds for r in honest), "ms")
        tests = [test for report in honest for task in report.tasks for test in task.tests]
        per_test = statistics.median(test.milliseconds for test in tests)
        say("one hidden test of it, in a separate fork, median", per_test, "ms", f"{len(tests) // len(honest)} tests")
        course = manifest.load(ROOT)
        notebook = cycle.folder / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb"
        release = cycle.folder / "release" / UNIT / f"{UNIT}.ipynb"
        for workers in (1, 2):
            submissions = [(f"s{number:03}", notebook) for number in range(60)]
            started = time.perf_counter()
            pool.grade_class(course, UNIT, submissions, release, workers=workers)
            took = time.perf_counter() - started
            say(f"a class of 60 right submissions, {workers} worker(s), with start-up", took, "s")


if __name__ == "__main__":
    main()
