"""Release a unit again after it has changed, even when there are submissions: nbgrader alone refuses that.

Theory of operation. The unit is built and stripped by nbgrader in a folder beside the real one, with an empty
gradebook. So nothing that exists is touched until everything has worked. Then the real gradebook's cells are made like
the new ones, in one transaction, and the new source/ and release/ are put in place with it. Rows of cells that stay
keep all that they hold; a renamed task keeps its rows; points that change are scaled; a new task starts pending.
"""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.course import build, manifest, notebooks
from grader.course.folder import CourseFolder
from grader.course.notebooks import OURS, ours_of
from grader.files import Swap, undisturbed
from grader.nbgrader import apps, extensions, setup
from grader.nbgrader.changes import Agree, Change, write
from grader.nbgrader.gradebook import open_gradebook, settle
from grader.nbgrader.gradebook_place import gradebook_file, wait_for_gradebook
from grader.nbgrader.handed_in import read_report

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

_KINDS = ("grade_cells", "solution_cells", "task_cells", "source_cells")
_FIELDS = {"max_score", "cell_type", "locked", "source", "checksum"}


class _Cell(NamedTuple):
    """A cell of a released notebook, as nbgrader records it: its kind, its name, and its columns."""

    kind: str
    name: str
    facts: dict[str, Any]


_Cells = dict[str, list[_Cell]]  # by the name of the notebook


def release_unit(course: manifest.Course, unit_id: str, folder: Path, *, agree: Agree | None = None) -> list[Change]:
    """Write source/, release/ and the gradebook's cells of a unit, all or nothing; return the grades that change.

    Raises GraderError; then everything is as it was.
    """
    unit, layout = course.unit(unit_id), CourseFolder(folder)
    if not layout.config.is_file():
        setup.init_course_folder(course, folder)
    setup.check_format(folder)
    place = folder / f".build-{unit_id}"
    shutil.rmtree(place, ignore_errors=True)
    try:
        source = build.build_unit(course, unit_id, place)
        _note_what_was_added(unit, source / unit.notebook_name, layout.released_notebook(unit_id))
        cells = _stripped(course, unit, folder, place)
        wait_for_gradebook(gradebook_file(folder))
        with undisturbed(), Swap() as swap:
            for made, target in (
                (source, layout.source(unit_id)),
                (CourseFolder(place).release(unit_id), layout.release(unit_id)),
            ):
                made.rename(swap.new(target))
            return write(
                lambda: open_gradebook(folder),
                lambda gradebook: _set_cells(course, unit, folder, gradebook, cells),
                agree=agree,
                renamed={name: task.id for task in unit.tasks for name in task.was},
                then=swap.put,
            )
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _note_what_was_added(unit: manifest.Unit, notebook: Path, before: Path) -> None:
    """Note in the notebook which tasks its first release did not have, and since when they are there."""
    if not before.is_file():
        return
    content = json.loads(notebook.read_text(encoding="utf-8"))
    last = notebooks.read_whole(before)
    had = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in last["cells"]}
    added = dict(ours_of(last).get("added", {}))
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    for task in unit.tasks:
        if not had & {task.id, *task.was}:
            added.setdefault(task.id, now)
    renamed = {name: task.id for task in unit.tasks for name in task.was}
    known = {task.id for task in unit.tasks}
    added = {renamed.get(task, task): moment for task, moment in added.items() if renamed.get(task, task) in known}
    if added:
        content["metadata"][OURS] = {**content["metadata"].get(OURS, {}), "added": added}
        notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _stripped(course: manifest.Course, unit: manifest.Unit, folder: Path, place: Path) -> _Cells:
    """Let nbgrader make `place`/release/, with the folder's own configuration; return the cells that it recorded."""
    shutil.copy(CourseFolder(folder).config, CourseFolder(place).config)
    url = f"sqlite:///{CourseFolder(place).gradebook.resolve()}"
    options = [unit.id, f"--CourseDirectory.root={place.resolve()}", f"--CourseDirectory.db_url={url}"]
    apps.run_nbgrader("generate_assignment", options, where=place, log=place / "nbgrader.log")
    with open_gradebook(place, url, copy=False) as gradebook:
        return {notebook.name: _recorded(notebook) for notebook in gradebook.find_assignment(unit.id).notebooks}


def _recorded(notebook: Any) -> list[_Cell]:
    return [
        _Cell(kind, cell.name, {key: getattr(cell, key) for key in sorted(_FIELDS) if hasattr(cell, key)})
        for kind in _KINDS
        for cell in getattr(notebook, kind)
    ]


def _set_cells(course: manifest.Course, unit: manifest.Unit, folder: Path, gradebook: Gradebook, cells: _Cells) -> None:
    """Make the gradebook's cells of a unit like `cells`, and its due date and penalties as the manifest says."""
    session = gradebook.db
    assignment = _assignment_row(course, unit, gradebook)
    for notebook in list(assignment.notebooks):
        if notebook.name not in cells:
            _set_notebook(unit, folder, session, notebook, [])
            for submitted in list(notebook.submissions):
                session.delete(submitted)
            session.flush()
            session.delete(notebook)
    for name, wanted in cells.items():
        _set_notebook(unit, folder, session, _notebook_row(session, assignment, name), wanted)
    session.flush()
    session.expire_all()
    settle(folder, gradebook, course.units if unit.policies.late_days else (unit,), extensions.read(folder))


def _set_notebook(unit: manifest.Unit, folder: Path, session: Any, notebook: Any, cells: list[_Cell]) -> None:
    _rename(unit, notebook)
    session.flush()
    wanted = {(cell.kind, cell.name): cell for cell in cells}
    there = {(kind, cell.name): cell for kind in _KINDS for cell in getattr(notebook, kind)}
    for key, row in there.items():
        if key not in wanted:
            _remove(session, row)
    for key, cell in wanted.items():
        if key in there:
            task = next((task for task in unit.tasks if task.id == cell.name.removeprefix("test_")), None)
            _update(there[key], cell, task, folder)
        else:
            _add(session, notebook, cell)
    session.flush()


def _assignment_row(course: manifest.Course, unit: manifest.Unit, gradebook: Gradebook) -> Any:
    """The row of the assignment, made if it is missing."""
    from nbgrader.api import Assignment, Course, MissingEntry

    session = gradebook.db
    try:
        return gradebook.find_assignment(unit.id)
    except MissingEntry:
        if session.get(Course, course.id) is None:
            session.add(Course(id=course.id))
        assignment = Assignment(name=unit.id, course_id=course.id)
        session.add(assignment)
        session.flush()
        return assignment


def _notebook_row(session: Any, assignment: Any, name: str) -> Any:
    """The row of a notebook. If it is missing it is made, with a row for each submission."""
    from nbgrader.api import Notebook, SubmittedNotebook

    for notebook in assignment.notebooks:
        if notebook.name == name:
            return notebook
    notebook = Notebook(name=name, assignment=assignment, kernelspec=json.dumps({"name": "python3"}))
    session.add(notebook)
    for submission in assignment.submissions:
        session.add(SubmittedNotebook(notebook=notebook, assignment=submission))
    session.flush()
    return notebook


def _rename(unit: manifest.Unit, notebook: Any) -> None:
    """Give the cells of renamed tasks their new names; their rows of grades and comments come along."""
    names: dict[str, str] = {}
    for task in unit.tasks:
        for was in task.was:
            names |= {was: task.id, f"test_{was}": f"test_{task.id}"}
    there = {(kind, cell.name) for kind in _KINDS for cell in getattr(notebook, kind)}
    for kind in _KINDS:
        for cell in list(getattr(notebook, kind)):
            name = names.get(cell.name)
            if name and (kind, name) not in there:
                cell.name = name


def _remove(session: Any, row: Any) -> None:
    for below in (*(getattr(row, "grades", None) or ()), *(getattr(row, "comments", None) or ())):
        session.delete(below)
    session.flush()
    session.delete(row)


def _update(row: Any, cell: _Cell, task: manifest.Task | None, folder: Path) -> None:
    """Set the columns of a cell. If its points change, so do the scores, in proportion; extra credit stays.

    If a task becomes a bonus task, its points move to the extra credit; if it stops being one, they move back.
    """
    before, now = getattr(row, "max_score", None), cell.facts.get("max_score")
    if task is not None and task.bonus and before:
        for grade in row.grades:
            if grade.auto_score is not None and grade.manual_score is None:
                extra = (grade.extra_credit or 0.0) + grade.auto_score * task.points / before
                grade.extra_credit, grade.auto_score = round(extra, 4), 0.0
    elif task is not None and now and not before:
        for grade in row.grades:
            _take_back_bonus(grade, task, folder)
    elif before and now is not None and before != now:
        for grade in row.grades:
            for score in ("auto_score", "manual_score"):
                if getattr(grade, score) is not None:
                    setattr(grade, score, round(getattr(grade, score) * now / before, 4))
    for key, value in cell.facts.items():
        setattr(row, key, value)


def _take_back_bonus(grade: Any, task: manifest.Task, folder: Path) -> None:
    """Make a score of the extra credit that the last grading gave, if the task was a bonus task then."""
    submission = grade.notebook.assignment
    report = read_report(CourseFolder(folder).report(submission.name, submission.student_id))
    was = next((old for old in report.tasks if old.task in (task.id, *task.was)), None) if report else None
    if was is not None and was.bonus and was.points is not None and grade.manual_score is None:
        grade.extra_credit = round(max(0.0, (grade.extra_credit or 0.0) - was.points), 4)
        grade.auto_score = round(was.points * task.points / was.max_points, 4)


def _add(session: Any, notebook: Any, cell: _Cell) -> None:
    """Add a cell, and for each submission a row that is pending, or that can take a comment."""
    from nbgrader import api

    kinds = {
        "grade_cells": api.GradeCell,
        "solution_cells": api.SolutionCell,
        "task_cells": api.TaskCell,
        "source_cells": api.SourceCell,
    }
    row = kinds[cell.kind](name=cell.name, notebook=notebook, **cell.facts)
    session.add(row)
    session.flush()
    for submitted in notebook.submissions:
        if cell.kind in ("grade_cells", "task_cells"):
            session.add(api.Grade(cell=row, notebook=submitted))
        if cell.kind in ("solution_cells", "task_cells"):
            session.add(api.Comment(cell=row, notebook=submitted))
