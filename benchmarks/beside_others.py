"""The same task here, in nbgrader alone and in Otter-Grader: python benchmarks/beside_others.py [--otter PYTHON]

The task is `mean`, as `grader new unit` writes it, with the same four hidden tests everywhere. A class hands in right
and wrong answers and four that try something: a number that claims to equal everything, a patched comparison, the end
of the process, an endless loop. Prints each one's points, and the seconds by the clock.
Otter-Grader is not in requirements.lock: `pip install otter-grader` into a separate environment, and name its Python.
"""

import argparse
import functools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable

from grader.course import build, manifest, starter
from grader.nbgrader import apps, class_grading, setup

UNIT = "first_unit"
ANSWERS = {
    "right": "def mean(numbers):\n    return sum(numbers) / len(numbers)",
    "wrong": "def mean(numbers):\n    return sum(numbers) / max(1, len(numbers) - 1)",
    "equals everything": (
        "class Any(float):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    def __abs__(self): return Any(0)\n    def __sub__(self, other): return Any(0)\n    __rsub__ = __sub__\n"
        "    def __lt__(self, other): return True\n    __le__ = __gt__ = __ge__ = __lt__\n"
        "    __hash__ = float.__hash__\n"
        "def mean(numbers):\n    return Any(0)"
    ),
    "patches the comparison": (
        "import math, builtins\nmath.isclose = lambda *a, **k: True\nbuiltins.abs = lambda x: 0\n"
        "def mean(numbers):\n    return 0.0"
    ),
    "ends the process": "import os\ndef mean(numbers):\n    os._exit(0)",
    "loops": "def mean(numbers):\n    while True: pass",
}
CASES = [([1.0, 2.5, 5.0, 9.5], 4.5), ([-3.0, 1.0, -7.0], -3.0), ([7.25], 7.25), ([5.0, 9.0], 7.0)]
ASSERTIONS = [f"assert abs(mean({numbers}) - {right}) < 1e-9" for numbers, right in CASES]
SECONDS = 10  # for a cell, in nbgrader and Otter


def notebook(answer, *, tests=()):
    """A notebook of nbgrader with the answer and a cell for each hidden test."""
    cells = [_cell("mean", answer, solution=True)]
    cells += [_cell(f"test_{number}", text, grade=True) for number, text in enumerate(tests)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name, source, *, solution=False, grade=False):
    ours = {"grade_id": name, "solution": solution, "grade": grade, "locked": grade, "task": False, "schema_version": 3}
    ours |= {"points": 1.0} if grade else {}
    base = {"cell_type": "code", "id": name, "metadata": {"nbgrader": ours}, "outputs": [], "execution_count": None}
    return {**base, "source": source}


def ours(place, students):
    """Points of four and seconds, as `grader grade` gives them."""
    starter.write_course(place)
    course = manifest.load(place)
    setup.init_course_folder(course, place)
    build.build_unit(course, UNIT, place)
    apps.run_nbgrader("generate_assignment", [UNIT], where=place, log=place / "log")
    released = json.loads((place / "release" / UNIT / f"{UNIT}.ipynb").read_text())
    for student, kind in students.items():
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = ANSWERS[kind]
        folder = place / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        (folder / f"{UNIT}.ipynb").write_text(json.dumps(released))
    started = time.perf_counter()
    reports = class_grading.grade_unit(course, UNIT, place)
    taken = time.perf_counter() - started
    return {report.student: report.points for report in reports}, taken


def plain_nbgrader(place, students):
    """Points of four and seconds, as `nbgrader autograde` gives them without this project."""
    (place / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(place)!r}\nc.ExecutePreprocessor.timeout = {SECONDS}\n"
    )
    source = place / "source" / UNIT
    source.mkdir(parents=True)
    (source / f"{UNIT}.ipynb").write_text(json.dumps(notebook(ANSWERS["right"], tests=ASSERTIONS)))
    run = [sys.executable, "-m", "nbgrader"]
    env = {**os.environ, "PYTHONWARNINGS": "ignore", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    quiet = {"cwd": place, "env": env, "capture_output": True, "check": False}
    made = subprocess.run([*run, "generate_assignment", UNIT], **quiet)  # noqa: S603 - nbgrader's own command
    if made.returncode:
        raise SystemExit(f"nbgrader generate_assignment: {made.stderr.decode()[-2000:]}")
    for student, kind in students.items():
        folder = place / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        (folder / f"{UNIT}.ipynb").write_text(json.dumps(notebook(ANSWERS[kind], tests=ASSERTIONS)))
    started = time.perf_counter()
    subprocess.run([*run, "autograde", UNIT], **quiet)  # noqa: S603 - ours
    taken = time.perf_counter() - started
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{place}/gradebook.db") as gradebook:
        found = {work.student.id: work.score for work in gradebook.assignment_submissions(UNIT)}
    return found, taken


def otter(python, place, students):
    """Points of four and seconds, as `otter run` gives them, one submission after another, without a container."""
    tests = place / "tests"
    tests.mkdir()
    cases = ", ".join(
        "{'code': '>>> " + text.removeprefix("assert ") + "\\nTrue', 'hidden': True, 'locked': False}"
        for text in ASSERTIONS
    )
    suite = f"{{'cases': [{cases}], 'scored': True, 'setup': '', 'teardown': '', 'type': 'doctest'}}"
    (tests / "mean.py").write_text(f"OK_FORMAT = True\ntest = {{'name': 'mean', 'points': 4, 'suites': [{suite}]}}\n")
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    script = [python, "-m", "otter"]
    done = subprocess.run(  # noqa: S603 - Otter's own command
        [*script, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"otter generate: {done.stderr[-2000:]}")
    found, started = {}, time.perf_counter()
    for student, kind in students.items():
        (place / f"{student}.ipynb").write_text(json.dumps(notebook(ANSWERS[kind])))
        command = [*script, "run", "-a", "autograder.zip", "-o", ".", f"{student}.ipynb"]
        results = place / "results.json"
        results.unlink(missing_ok=True)
        try:
            subprocess.run(command, cwd=place, env=env, capture_output=True, check=False, timeout=60)  # noqa: S603 - ours
        except subprocess.TimeoutExpired:
            found[student] = None
            continue
        tests_of = json.loads(results.read_text())["tests"] if results.is_file() else []
        found[student] = sum(float(test.get("score") or 0) for test in tests_of) if results.is_file() else None
    return found, time.perf_counter() - started


def main():
    """Grade the class in each way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=10, help="right answers, for the time")
    parser.add_argument("--otter", metavar="PYTHON", help="a Python that has otter-grader")
    given = parser.parse_args()
    usual = {f"s{number:02}": "right" for number in range(given.students)}
    ways = {"this project": ours, "nbgrader alone": plain_nbgrader}
    if given.otter:
        ways["Otter-Grader"] = functools.partial(otter, given.otter)
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for way, grade in ways.items():
        _, taken = graded(grade, usual)
        each = f"{taken / len(usual):.2f} s for each of {len(usual)} right submissions"
        points, taken = graded(grade, dict(zip(ANSWERS, ANSWERS, strict=True)))
        print(f"{way}: {each}; {taken:.0f} s for the {len(ANSWERS)} below")
        for kind in ANSWERS:
            found = points.get(kind.replace(" ", "-"))
            print(f"    {kind:24} {'no grade' if found is None else f'{found:g} of 4'}", flush=True)


def graded(grade, students):
    """What `grade` returns for a class in a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="beside-") as place:
        folder = Path(place, "course")
        folder.mkdir()
        return grade(folder, {name.replace(" ", "-"): kind for name, kind in students.items()})


if __name__ == "__main__":
    main()
