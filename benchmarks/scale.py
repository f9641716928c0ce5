"""A large class from grading to export: python benchmarks/scale.py [submissions] [--known] (1,000 by default).

Copies of four notebooks of the sample class are graded, written, graded again unchanged, exported, and a hundred of
them fed back; prints seconds, the CPU seconds of this process since the line before (a busy machine changes them
little), and its largest memory. With `--known` only four are graded, and the ledger records the same for their copies:
everything but the grading is then measured, in minutes.
"""

import contextlib
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import msgspec

from grader.course import build, manifest
from grader.course.folder import CourseFolder
from grader.demo import load_sample_class
from grader.grading.ledger import Ledger
from grader.nbgrader import apps, class_grading, handed_in, setup

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"
KINDS = ("ada", "noether", "hilbert", "boole")  # right, two mistakes, a stub
PAGES = 100
_CPU = [0.0]  # CPU seconds at the last line


def say(what, seconds, more=""):
    """Print one figure, and the memory so far."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    before, _CPU[0] = _CPU[0], time.process_time()
    print(f"{what:40} {seconds:8.2f} s {_CPU[0] - before:8.2f} CPU s {memory:6.0f} MB  {more}", flush=True)


def make_folder(course, folder):
    """A course folder in which the unit is released; returns the notebooks that students hand in."""
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder, rehearsed=True)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    sample_class = load_sample_class(ROOT)
    samples = {sample.name: sample for sample in sample_class.samples_of(UNIT)}
    released = CourseFolder(folder).released_notebook(UNIT).read_text(encoding="utf-8")
    texts = []
    for name in KINDS:
        content = json.loads(released)
        place = folder / "scratch" / name
        place.mkdir(parents=True)
        sample_class.hand_in(samples[name], content, place)
        texts.append(json.dumps(content))
    return texts


def hand_in(folder, texts, numbers):
    """Let students with these numbers hand in, each one of the `texts` in turn."""
    for number in numbers:
        place = CourseFolder(folder).submitted(name_of(number), UNIT)
        place.mkdir(parents=True)
        (place / f"{UNIT}.ipynb").write_text(texts[number % len(texts)], encoding="utf-8")
        (place / "timestamp.txt").write_text("2026-11-24 10:00:00.000000 UTC")
        (place / "submission_secret.txt").write_text(f"{random.Random(number).getrandbits(256):064x}")  # noqa: S311 - a trial


def name_of(number):
    """The id of a student."""
    return f"s{number:05}"


def tell_the_ledger(course, folder, reports, numbers):
    """Store for each of these students the grade of the one whose notebook they have copied."""
    there = handed_in.HandedIn(course, course.unit(UNIT), folder)
    with Ledger(CourseFolder(folder).ledger) as ledger:
        for number in numbers:
            report = reports[number % len(reports)]
            there.keep(ledger, msgspec.structs.replace(report, student=name_of(number)), report.level)


@contextlib.contextmanager
def timed(owner, name, taken):
    """Add the time in `owner.name` to the list `taken`."""
    original = getattr(owner, name)

    def wrapped(*args, **kwargs):
        started = time.perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            taken.append(time.perf_counter() - started)

    setattr(owner, name, wrapped)
    try:
        yield
    finally:
        setattr(owner, name, original)


def main():
    """Measure and print."""
    known = "--known" in sys.argv
    count = int(next((word for word in sys.argv[1:] if word.isdigit()), 1000))
    course = manifest.load(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder, said, taken = Path(place) / "course", [], []
        folder.mkdir()
        started = time.perf_counter()
        texts = make_folder(course, folder)
        if known:
            hand_in(folder, texts, range(len(texts)))
            reports = class_grading.grade_unit(course, UNIT, folder)
            hand_in(folder, texts, range(len(texts), count))
            tell_the_ledger(course, folder, reports, range(len(texts), count))
        else:
            hand_in(folder, texts, range(count))
        say(f"{count} submissions made", time.perf_counter() - started)
        started = time.perf_counter()
        with timed(handed_in, "save_class", taken):
            class_grading.grade_unit(course, UNIT, folder, on_report=lambda report: said.append(report.student))
        took = time.perf_counter() - started
        say("known, and all written" if known else "graded, and all written", took, f"{len(said)} graded")
        say("  of this, the gradebook", sum(taken))
        for what in ("the same again, unchanged", "and once more"):
            said.clear()
            started = time.perf_counter()
            class_grading.grade_unit(course, UNIT, folder, on_report=lambda report: said.append(report.student))
            say(what, time.perf_counter() - started, f"{len(said)} graded")
        ledger = CourseFolder(folder).ledger
        say("the ledger", 0, f"{ledger.stat().st_size / max(1, count) / 1000:.1f} kB a submission")
        measure_nbgrader(folder, count)


def measure_nbgrader(folder, count):
    """Print what nbgrader's own export and feedback take in the graded course folder."""
    started = time.perf_counter()
    apps.run_nbgrader("export", ["--to=grades.csv"], where=folder, log=folder / "log")
    say("nbgrader export", time.perf_counter() - started)
    with sqlite3.connect(CourseFolder(folder).gradebook) as db:
        for (index,) in db.execute("select name from sqlite_master where name like 'grader_%'").fetchall():
            db.execute(f"drop index {index}")
    content = (folder / "grades.csv").read_bytes()
    started = time.perf_counter()
    apps.run_nbgrader("export", ["--to=grades.csv"], where=folder, log=folder / "log")
    same = "the same bytes" if (folder / "grades.csv").read_bytes() == content else "OTHER BYTES"
    say("nbgrader export without our indexes", time.perf_counter() - started, same)
    started = time.perf_counter()
    students = ["--CourseDirectory.student_id=s000[0-9][0-9]"]
    apps.run_nbgrader("generate_feedback", [UNIT, *students], where=folder, log=folder / "log")
    took = time.perf_counter() - started
    say(f"{min(PAGES, count)} feedback pages", took, f"{min(PAGES, count) / took:.0f} a second, start included")


if __name__ == "__main__":
    main()
