"""A class's rows in bulk, compared with the rows that nbgrader makes itself."""

import sqlite3
from datetime import datetime, timedelta

import msgspec
import pytest

from grader.nbgrader.class_rows import late_notebooks, write_class
from grader.nbgrader.collection import read_moment
from grader.nbgrader.gradebook import open_gradebook, save_rows
from grader.results import LastAnswer, LastGrading, Level, Outcome, Report, TaskResult, TestResult

UNIT, STAMP = "unit_1", datetime(2026, 11, 24, 10)
ROWS = {
    "grade": """
        select s.student_id, s.timestamp, n.flagged, n.late_submission_penalty, b.name, c.name, c.type,
        t.auto_score, t.manual_score, t.extra_credit, t.needs_manual_grade""",
    "comment": "select s.student_id, b.name, c.name, c.type, t.auto_comment, t.manual_comment",
}
JOINED = """
from {} t join base_cell c on c.id = t.cell_id join submitted_notebook n on n.id = t.notebook_id
join notebook b on b.id = n.notebook_id join submitted_assignment s on s.id = n.assignment_id
order by s.student_id, b.name, c.name, c.type
"""


def task(name, points, **more):
    """The result of one task."""
    return TaskResult(name, name, points, 3.0, **more)


MISSING = (TestResult("test", "empty", 1.0, Outcome.MISSING),)
RIGHT = Report(
    "ada",
    UNIT,
    (
        task("right", 3.0, answer="a"),
        task("wrong", 1.25, explanation="A sign.", answer="b"),
        task("empty", 0.0, tests=MISSING),
        task("open", None),
        task("bonus", 2.0, bonus=True),
        task("more", 1.0),
    ),
    Level.L3,
)
CLASS = [msgspec.structs.replace(RIGHT, student=name) for name in ("ada", "bob", "cyd")]


@pytest.fixture
def gradebook(tmp_path):
    """nbgrader's gradebook with one unit in two notebooks, and a cell that the manifest does not know."""
    with open_gradebook(tmp_path) as made:
        made.add_assignment(UNIT)
        for notebook, names in ((UNIT, ("right", "wrong", "empty", "open", "unknown")), ("part_2", ("bonus", "more"))):
            made.add_notebook(notebook, UNIT)
            for name in names:
                made.add_grade_cell(f"test_{name}", notebook, UNIT, max_score=3, cell_type="code")
                made.add_solution_cell(name, notebook, UNIT)
        made.add_task_cell("read", "part_2", UNIT, max_score=2, cell_type="markdown")
        yield made


def bulk(gradebook, reports, **last):
    """Write the reports as a class."""
    assignment = gradebook.find_assignment(UNIT).id
    stamps = dict.fromkeys((report.student for report in reports), STAMP)
    write_class(gradebook.db.connection(), assignment, reports, stamps=stamps, last=last)
    gradebook.db.commit()


def one_by_one(gradebook, reports, **last):
    """Write the same with nbgrader's own objects, as `nbgrader autograde` does."""
    for report in reports:
        gradebook.update_or_create_student(report.student)
        with gradebook.db.no_autoflush:  # otherwise SQLAlchemy warns about nbgrader's own code
            submission = gradebook.update_or_create_submission(UNIT, report.student, timestamp=STAMP)
        save_rows(submission, report, last.get(report.student))
    gradebook.db.commit()


def rows(tmp_path):
    """Everything in the gradebook, except for ids."""
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        return {table: db.execute(columns + JOINED.format(table)).fetchall() for table, columns in ROWS.items()}


def test_a_class_in_bulk_gets_the_rows_that_nbgrader_makes(gradebook, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.nbgrader.class_rows.AT_ONCE", 2)
    bulk(gradebook, CLASS[1:])
    bulk(gradebook, CLASS)  # one is new, two are there
    found = rows(tmp_path)
    assert {row[5]: row[7:] for row in found["grade"] if row[0] == "ada"} == {
        "test_right": (3.0, None, None, 0),
        "test_wrong": (1.25, None, None, 0),
        "test_empty": (0.0, None, None, 0),
        "test_open": (None, None, None, 1),
        "test_unknown": (None, None, None, 1),
        "test_bonus": (0.0, None, 2.0, 0),
        "test_more": (1.0, None, None, 0),
        "read": (None, None, None, 1),
    }
    assert {row[2]: row[4] for row in found["comment"] if row[4]} == {"wrong": "A sign.", "empty": "No response."}
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "student"):
            db.execute(f"delete from {table}")
    gradebook.db.expire_all()
    one_by_one(gradebook, CLASS)
    assert rows(tmp_path) == found


@pytest.mark.parametrize("write", [bulk, one_by_one])
def test_what_a_person_wrote_stays_and_is_shown_again_only_after_a_new_answer(write, gradebook, tmp_path):
    write(gradebook, CLASS)
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        cells = "select id from base_cell where name in ('test_right', 'test_wrong')"
        db.execute(f"update grade set manual_score = 0.5, extra_credit = 7 where cell_id in ({cells})")
        db.execute("update comment set manual_comment = 'See me.'")
    gradebook.db.expire_all()
    last = LastGrading((LastAnswer("right", "a"), LastAnswer("wrong", "x")))
    tasks = (task("right", 0.0, answer="a"), task("wrong", 0.0, answer="b"), *RIGHT.tasks[2:])
    write(gradebook, [msgspec.structs.replace(RIGHT, tasks=tasks)], ada=last)
    found = rows(tmp_path)
    of = {(row[0], row[5]): row[7:] for row in found["grade"]}
    assert of["ada", "test_right"] == (0.0, 0.5, 7.0, 0)
    assert of["ada", "test_wrong"] == (0.0, 0.5, 7.0, 1)
    assert of["bob", "test_wrong"] == (1.25, 0.5, 7.0, 0)
    assert {row[5] for row in found["comment"]} == {"See me."}


def test_rows_that_are_right_are_not_written(gradebook, tmp_path):
    bulk(gradebook, CLASS)
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        db.execute("create table touched (what)")
        for table in ("grade", "comment", "submitted_assignment"):
            db.execute(f"create trigger t_{table} after update on {table} begin insert into touched values (1); end")
    bulk(gradebook, CLASS)
    changed = msgspec.structs.replace(RIGHT, tasks=(task("right", 2.0), *RIGHT.tasks[1:]))
    bulk(gradebook, [changed, *CLASS[1:]])
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        assert db.execute("select count(*) from touched").fetchone() == (1,)


def test_lateness_counts_from_the_due_date_or_the_extension_as_in_nbgrader(gradebook, tmp_path):
    bulk(gradebook, CLASS)
    gradebook.find_submission(UNIT, "bob").extension = timedelta(days=2)
    for notebook in gradebook.find_submission(UNIT, "bob").notebooks:
        notebook.late_submission_penalty = 1.0
    gradebook.find_submission(UNIT, "cyd").timestamp = None
    assignment = gradebook.find_assignment(UNIT)
    assignment.duedate = STAMP - timedelta(days=1)
    gradebook.db.flush()
    found = late_notebooks(gradebook.db.connection(), assignment.id, assignment.duedate)
    gradebook.db.expire_all()
    theirs = {
        handed_in.student.id: handed_in.total_seconds_late
        for handed_in in assignment.submissions
        if handed_in.total_seconds_late
    }
    assert {row.student: row.seconds for row in found} == theirs == {"ada": 86400.0}
    assert len(found) == 2  # notebooks
    gradebook.db.commit()
    assert {row[3] for row in rows(tmp_path)["grade"]} == {None}
    assert late_notebooks(gradebook.db.connection(), assignment.id, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 10:00:00.000001 UTC",
        "2026-02-30 10:00:00.000000 UTC",
        "2026-11-24 24:00:00.000000 UTC",
        "2026-11-24 23:59:60.000000 UTC",
        "0000-01-01 00:00:00.000000 UTC",
        "2026-11-24 10:00:00.000000 CET",
    ],
)
def test_a_time_is_read_as_nbgrader_reads_it(text):
    from nbgrader.utils import parse_utc

    try:
        expected = parse_utc(text)
    except ValueError:
        expected = None
    assert read_moment(text) == expected
