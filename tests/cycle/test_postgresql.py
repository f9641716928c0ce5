"""A class is graded into a gradebook on a real PostgreSQL server as into a file."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from grader.course import build
from grader.errors import GraderError
from grader.exports import grades as exported
from grader.nbgrader import apps, class_grading, copies, setup
from grader.nbgrader.gradebook import open_gradebook
from grader.nbgrader.gradebook_place import gradebook_file
from tests.ordinary_user import AS_NOBODY, NOBODY
from tests.small_course import ANSWERS, UNIT, hand_in, write_course

pytestmark = pytest.mark.slow
ROWS = """
select s.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, k.auto_comment
from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
join submitted_assignment s on s.id = n.assignment_id
left join comment k on k.notebook_id = n.id and 'test_' || (select name from base_cell where id = k.cell_id) = c.name
order by 1, 2
"""


def program(name):
    """A program of PostgreSQL, where Debian puts it if it is not on the PATH."""
    found = shutil.which(name) or next(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), None)
    return found or pytest.skip(f"no {name} here: apt-get install postgresql")


@pytest.fixture(scope="module")
def server():
    """The URL of an empty database on a server that only we can reach."""
    pytest.importorskip("psycopg", reason="no driver here: pip install 'just-enough-calculus[postgresql]'")
    initdb, postgres = program("initdb"), program("postgres")
    who = AS_NOBODY if os.getuid() == 0 else {}  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory() as folder:
        if who:
            os.chown(folder, NOBODY, NOBODY)
        quick = ["-c", "fsync=off", "-c", "listen_addresses=", "-k", folder]
        made = [initdb, "-D", f"{folder}/data", "-U", "course", "-A", "trust", "--no-sync"]
        subprocess.run(made, cwd=folder, check=True, capture_output=True, **who)
        running = subprocess.Popen(
            [postgres, "-D", f"{folder}/data", *quick], cwd=folder, stderr=subprocess.DEVNULL, **who
        )
        try:
            import psycopg

            deadline = time.monotonic() + 60
            while True:
                with contextlib.suppress(psycopg.OperationalError):
                    psycopg.connect(f"host={folder} user=course dbname=postgres").close()
                    break
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield f"postgresql+psycopg://course@/postgres?host={folder}"
        finally:
            running.terminate()
            running.wait(30)


@pytest.fixture(scope="module")
def folders(server, tmp_path_factory, request):
    """The course, and two folders with the same class: one has its gradebook on the server, the other in a file."""
    place = tmp_path_factory.mktemp("postgresql")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    for name in ("server", "file"):
        folder = place / name
        setup.init_course_folder(course, folder)
        if name == "server":
            with (folder / "nbgrader_config.py").open("a") as config:
                config.write(f"\nc.CourseDirectory.db_url = {server!r}\n")
        build.build_unit(course, UNIT, folder)
        apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder.parent / "log")
        for student, answers in ANSWERS.items():
            hand_in(folder, student, *answers)
    return course, place / "server", place / "file"


def rows(folder):
    """The rows of the class in the gradebook."""
    from sqlalchemy import text

    with open_gradebook(folder) as gradebook:
        return [tuple(row) for row in gradebook.db.execute(text(ROWS))]


def test_a_class_is_graded_and_read_as_with_a_file(folders):
    course, on_server, in_file = folders
    assert gradebook_file(on_server) is None
    for folder in (on_server, in_file):
        class_grading.grade_unit(course, UNIT, folder, workers=1)
    assert rows(on_server) == rows(in_file) != []
    assert not (on_server / "gradebook.db").exists()
    for folder in (on_server, in_file):  # a person gives points, then a student hands in again
        with open_gradebook(folder) as gradebook:
            grade = gradebook.find_grade("test_halve", UNIT, UNIT, "bob")
            grade.manual_score = 1.5
            gradebook.db.commit()
        hand_in(folder, "cyd", *ANSWERS["ada"])
        class_grading.grade_unit(course, UNIT, folder, workers=1)
    found = rows(on_server)
    assert found == rows(in_file)
    assert 1.5 in [row[3] for row in found if row[0] == "bob"]
    table = exported.grade_table(course, on_server, [UNIT])
    assert table.rows == exported.grade_table(course, in_file, [UNIT]).rows
    assert len(table.rows) == len(ANSWERS)
    for ask in (lambda: copies.restore(on_server, "1"), lambda: copies.copies(on_server)):
        with pytest.raises(GraderError, match=r"on a server, so no copies are kept here.*pg_restore"):
            ask()
