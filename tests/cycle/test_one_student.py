"""`nbgrader autograde` for one student: the worker starts while nbgrader is still busy with other things."""

import pytest

from grader.grading import pool, warm
from grader.nbgrader import class_grading
from tests.term.small_course import SmallCourse


@pytest.fixture
def small(tmp_path, request):
    """A released unit, handed in by ada and bob."""
    small = SmallCourse(tmp_path, request.config.rootpath)
    small.write({"unit_1": {"double": 3}, "unit_2": {"triple": 1}})
    small.release("unit_1")
    small.hand_in("ada", "unit_1", {"double": 2})
    small.hand_in("bob", "unit_1", {"double": 3})
    yield small
    warm.close_warm()


@pytest.fixture
def made(monkeypatch):
    """The workers that are made."""
    found = []

    class Counted(pool.Worker):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            found.append(self)

    monkeypatch.setattr(warm, "Worker", Counted)
    return found


def test_the_worker_that_was_started_early_is_the_one_that_grades(small, made):
    class_grading.expect(small.root, "unit_1", ["ada"], small.folder)
    assert list(warm._warming) == [small.course.root]
    report = class_grading.grade_student(small.course, "unit_1", "ada", small.folder)
    assert report.points == 3
    assert class_grading.grade_student(small.course, "unit_1", "bob", small.folder).points == 0
    assert len(made) == 1
    made[0].close()  # it may be gone by the next click
    small.hand_in("ada", "unit_1", {"double": 5})
    class_grading.expect(small.root, "unit_1", ["ada"], small.folder)  # has a grade, so this starts nothing
    assert not warm._warming
    assert class_grading.grade_student(small.course, "unit_1", "ada", small.folder).points == 0
    assert len(made) == 2


def test_no_worker_is_started_for_what_needs_none_or_cannot_be_graded(small, made, tmp_path):
    class_grading.expect(small.root, "unit_2", ["ada"], small.folder)  # not released
    class_grading.expect(small.root, "unit_9", ["ada"], small.folder)
    class_grading.expect(small.root, "unit_1", [], small.folder)
    class_grading.expect(tmp_path / "nowhere", "unit_1", ["ada"], small.folder)
    small.grade("unit_1")
    class_grading.expect(small.root, "unit_1", ["ada", "bob"], small.folder)
    (small.folder / "ledger.db").write_bytes(b"no database" * 100)
    class_grading.expect(small.root, "unit_1", ["cy"], small.folder)
    assert not warm._warming
    assert not made
