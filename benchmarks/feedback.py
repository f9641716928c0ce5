"""Print how fast feedback and class pages are made, and how big they are: python benchmarks/feedback.py [FOLDER].

FOLDER is a graded course folder; without it, the demo's (run `make demo` first). The pages are made again and again by
one process for each core, up to two, and also once by nbgrader's own command, which copies files around each page.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import msgspec

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.nbgrader import apps
from grader.nbgrader.feedback_facts import page_of
from grader.nbgrader.gradebook import gradebook_url
from grader.report.class_facts import unit_facts
from grader.report.class_page import class_page

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 5.0


def graded(folder):
    """Every graded submission of the course folder, as (unit, student)."""
    layout = CourseFolder(folder)
    units = [unit.id for unit in manifest.load(ROOT).units]
    return [(unit, student) for unit in units for student in layout.students_with_reports(unit)]


def make(folder):
    """Make pages for some seconds; return how many, the CPU time that they took, and the largest size in bytes."""
    todo, url = graded(folder), gradebook_url(folder)
    for unit, student in todo[:3]:
        page_of(folder, unit, student, root=ROOT, db_url=url)
    made = largest = 0
    ends, started = time.perf_counter() + SECONDS, time.process_time()
    while time.perf_counter() < ends:
        page = page_of(folder, *todo[made % len(todo)], root=ROOT, db_url=url)
        made, largest = made + 1, max(largest, len(page.encode()))
    return made, time.process_time() - started, largest


def main():
    """Measure and print."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "demo" / "course").resolve()
    if not graded(folder):
        sys.exit(f"{folder}: no reports there; run `make demo`, or name a graded course folder")
    cores = min(2, os.cpu_count() or 1)
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        runs = pool.map(make, [folder] * cores)
    made, cpu = sum(run[0] for run in runs), sum(run[1] for run in runs)
    load = os.getloadavg()[0]
    print(
        f"pages in {SECONDS:g} s on {cores} cores: {made / SECONDS:.0f} a second by the clock, at a load of {load:.1f}"
    )
    print(f"CPU time of a page: {1e3 * cpu / made:.1f} ms, so {cores * made / cpu:.0f} a second on {cores} idle cores")
    print(f"largest page: {max(run[2] for run in runs) / 1e3:.0f} kB")
    unit = graded(folder)[0][0]
    with tempfile.TemporaryDirectory() as place:
        apps.warm_up()
        started = time.perf_counter()
        apps.run_nbgrader("generate_feedback", [unit], where=folder, log=Path(place) / "log")
        count = len(CourseFolder(folder).students_with_reports(unit))
        print(f"nbgrader generate_feedback {unit}: {count} pages in {time.perf_counter() - started:.1f} s")
    time_class_page(folder, unit)


def time_class_page(folder, unit):
    """The class page of a thousand students: copies of the reports that there are."""
    there = [
        results.read(CourseFolder(folder).report(unit, student))
        for student in CourseFolder(folder).students_with_reports(unit)
    ]
    copies = [msgspec.structs.replace(there[n % len(there)], student=f"student{n:04}") for n in range(1000)]
    started = time.process_time()
    page = class_page(unit_facts(unit, unit, copies))
    took = time.process_time() - started
    print(f"class page of 1000 students: {len(page.encode()) / 1e6:.2f} MB, {took:.1f} s of CPU time")


if __name__ == "__main__":
    main()
