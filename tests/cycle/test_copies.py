"""Copies of the gradebook: one before each write that could lose grades, checked, rotated, and restored whole."""

import contextlib
import sqlite3
import stat
from datetime import datetime

import pytest

from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.nbgrader import copies

TABLE = "create table grade (notebook_id text, auto_score float, manual_score float)"


@pytest.fixture
def folder(tmp_path):
    """A course folder whose gradebook has one score."""
    write(tmp_path, TABLE)
    write(tmp_path, "insert into grade values ('ada', 1, null)")
    return tmp_path


def write(folder, query):
    with contextlib.closing(sqlite3.connect(CourseFolder(folder).gradebook)) as db, db:
        db.execute(query)


def scores(folder):
    with contextlib.closing(sqlite3.connect(CourseFolder(folder).gradebook)) as db:
        return db.execute("select auto_score, manual_score from grade").fetchall()


def test_a_copy_is_kept_if_there_are_grades_and_they_are_not_in_the_newest_copy(tmp_path):
    assert copies.keep_copy(tmp_path) is None  # no gradebook
    write(tmp_path, TABLE)
    assert copies.keep_copy(tmp_path) is None
    write(tmp_path, "insert into grade values ('ada', null, 2)")
    first = copies.keep_copy(tmp_path)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert copies.keep_copy(tmp_path) is None  # it is the same
    write(tmp_path, "insert into grade values ('bob', 1, null)")
    copies.ready_to_write(tmp_path)
    assert [(kept.name[0], kept.graded) for kept in copies.copies(tmp_path)] == [("1", 1), ("2", 2)]


def test_the_newest_copies_stay_by_number_and_the_first_of_each_of_the_last_days(folder, monkeypatch):
    monkeypatch.setattr(copies, "KEPT", 3)
    monkeypatch.setattr(copies, "DAYS", 2)
    days = {1: 27, 4: 28, 8: 29, 12: 26}  # the last is after a clock was put back

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, next(days[first] for first in sorted(days, reverse=True) if first <= number), 12)

    monkeypatch.setattr(copies, "datetime", Clock)
    for number in range(1, 13):
        write(folder, f"update grade set manual_score = {number}")
        copies.keep_copy(folder)
    assert [kept.name.partition("-")[0] for kept in copies.copies(folder)] == ["8", "10", "11", "12"]
    assert len(list(CourseFolder(folder).copies.iterdir())) == 4


def test_a_copy_is_restored_and_what_it_replaces_is_kept(folder):
    before = copies.keep_copy(folder)
    write(folder, "update grade set auto_score = 0")
    replaced = copies.restore(folder, before.stem)
    assert scores(folder) == [(1, None)]
    copies.restore(folder, replaced.stem)
    assert scores(folder) == [(0, None)]


def test_a_copy_that_is_not_there_or_is_damaged_restores_nothing(folder):
    with pytest.raises(GraderError, match="none yet"):
        copies.restore(folder, "1")
    kept = copies.keep_copy(folder)
    with pytest.raises(GraderError, match=f"Did you mean '{kept.stem}'"):
        copies.restore(folder, kept.stem[:-1])
    kept.write_bytes(b"x" * kept.stat().st_size)
    with pytest.raises(GraderError, match=r"damaged .*nothing was changed"):
        copies.restore(folder, kept.stem)
    assert scores(folder) == [(1, None)]


def test_without_room_for_a_copy_nothing_is_written(folder):
    CourseFolder(folder).copies.write_text("a file in place of the folder")
    with pytest.raises(Unavailable, match=r"could not be copied there .*so nothing was written"):
        copies.ready_to_write(folder)


def test_a_gradebook_that_is_being_written_is_copied_whole(folder):
    holder = sqlite3.connect(CourseFolder(folder).gradebook, isolation_level=None)
    holder.execute("begin immediate")
    holder.execute("update grade set auto_score = 99")
    kept = copies.keep_copy(folder)
    holder.execute("rollback")
    holder.close()
    with contextlib.closing(sqlite3.connect(kept)) as db:
        assert db.execute("select auto_score from grade").fetchall() == [(1,)]
