"""Grade one submission at a time, with a worker that is kept for the next: it takes seconds to start."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from grader.course import manifest
from grader.grading.pool import Worker, grade_once, level_for_grading, regrade_alone
from grader.results import Report

_warm: dict[Path, Worker] = {}
_warming: dict[Path, threading.Thread] = {}


def grade_submission(course: manifest.Course, unit_id: str, student: str, notebook: Path, release: Path) -> Report:
    """Grade one notebook. The worker is kept for the next call. Raises GraderError."""

    def fresh() -> Worker:
        return keep_warm(course)

    if (warming := _warming.pop(course.root, None)) is not None:
        warming.join()
    worker = _warm.get(course.root)
    if worker is None or not worker.alive():
        worker = fresh()
    worker, graded = grade_once(worker, fresh, unit_id, student, notebook, release)
    return regrade_alone(worker, fresh, graded, unit_id, student, notebook, release)[1]


def keep_warm(course: manifest.Course) -> Worker:
    """Start the worker that `grade_submission` keeps, without waiting until it can grade. Raises GraderError."""
    worker = Worker(course)  # it starts while we probe
    try:
        worker.enter(level_for_grading())
    except BaseException:
        worker.close()
        raise
    _warm[course.root] = worker
    return worker


def start_warming(course: manifest.Course, unit_id: str, release: Path) -> None:
    """Start the worker that `grade_submission` will soon need for this unit, and load the unit, in a thread."""

    def start() -> None:
        with contextlib.suppress(Exception):  # whoever needs it will say so
            keep_warm(course).take_up(unit_id, release)

    if course.root not in _warm and course.root not in _warming:
        _warming[course.root] = threading.Thread(target=start, daemon=True)
        _warming[course.root].start()


def close_warm() -> None:
    """End the workers that `grade_submission` keeps."""
    while _warm:
        _warm.popitem()[1].close()
