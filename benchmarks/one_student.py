"""How long an instructor waits for one student: python benchmarks/one_student.py [rounds] (two minutes).

`nbgrader autograde --student` in a new process each time, for a student without a grade and again for the same one, and
formgrader's Autograde button in one process: the first click, and clicks on three more students. Seconds, medians. The
part of it that is nbgrader's own start is shown beside them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scale import ROOT, UNIT, hand_in, make_folder, name_of

from grader.course import manifest
from grader.environment import python_path

CLICKS = f"""
import os, sys, time, warnings
warnings.simplefilter("ignore")
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.load_config_file()
api = NbGraderAPI(config=app.config)  # what formgrader's handlers call
for student in sys.argv[1:]:
    started = time.perf_counter()
    done = api.autograde({UNIT!r}, student)
    assert done["success"], done
    print("clicked", time.perf_counter() - started)
"""


def seconds(command, folder):
    """How long a command takes."""
    env = {**os.environ, "PYTHONPATH": python_path()}
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=folder, env=env, check=True, capture_output=True)  # noqa: S603 - ours
    return time.perf_counter() - started


def clicks(students, folder):
    """How long each click takes."""
    command, env = [sys.executable, "-c", CLICKS, *students], {**os.environ, "PYTHONPATH": python_path()}
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("clicked ")]


def main():
    """Measure and print."""
    rounds = int(next(iter(sys.argv[1:]), 3))
    course = manifest.load(ROOT)
    autograde = ["-m", "nbgrader", "autograde", UNIT, "--create", "--force", "--student"]
    taken = {what: [] for what in ("nbgrader's start", "autograde", "the same again", "first click", "next clicks")}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        folder.mkdir()
        right, *_ = make_folder(course, folder)
        hand_in(folder, [right], range(5 * rounds + 1))
        seconds([*autograde, name_of(5 * rounds)], folder)  # finds out the level, and compiles what is not compiled
        for at in range(0, 5 * rounds, 5):
            taken["nbgrader's start"].append(seconds(["-m", "nbgrader", "autograde", "--version"], folder))
            taken["autograde"].append(seconds([*autograde, name_of(at)], folder))
            taken["the same again"].append(seconds([*autograde, name_of(at)], folder))
            first, *more = clicks([name_of(number) for number in range(at + 1, at + 5)], folder)
            taken["first click"].append(first)
            taken["next clicks"] += more
    for what, found in taken.items():
        print(f"{what:18} {statistics.median(found):5.2f} s  ({min(found):.2f} to {max(found):.2f})")


if __name__ == "__main__":
    main()
