"""The columns that each system asks for. Each form is a pure function from a `GradeTable` to the text of a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from grader.course.manifest import Unit
from grader.exports.cells import Cell, csv_text, number_cell
from grader.exports.grades import GradeTable, Row, pending


def canvas(table: GradeTable, *, tasks: bool = False) -> str:
    """Canvas's gradebook (Grades, Import): a column for each assignment, and the points possible in the second line.

    Canvas finds students by `ID`, or by `SIS User ID` or `SIS Login ID` where `ID` is blank.
    """
    columns = list(_columns(table, tasks))
    rows: list[list[Cell]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(head for head, _, _ in columns)],
        ["    Points Possible", "", "", "", "", *(most for _, most, _ in columns)],
    ]
    for row in table.rows:
        who = row.person
        login = who.canvas_login or ("" if who.canvas_id or who.sis_id else who.student)
        rows.append([who.sort_name, who.canvas_id, who.sis_id, login, who.section, *(of(row) for _, _, of in columns)])
    return csv_text(rows)


def moodle(table: GradeTable, *, tasks: bool = False) -> str:
    """Moodle's gradebook (Grades, Import, CSV file): map by `username` or `Email address`, a column to a grade item."""
    columns = list(_columns(table, tasks))
    heads = ["username", "ID number", "First name", "Last name", "Email address"]
    rows: list[list[Cell]] = [[*heads, *(head for head, _, _ in columns)]]
    for row in table.rows:
        who = row.person
        ids = [who.student, who.moodle_id, who.first_name, who.last_name, who.email]
        rows.append([*ids, *(of(row) for _, _, of in columns)])
    return csv_text(rows)


def gradescope(table: GradeTable, *, tasks: bool = False) -> str:
    """Gradescope's own export of scores, for one unit; with `tasks` a column for each question."""
    unit = table.units[0]
    questions = [f"{at}: {task.title} ({number_cell(task.points)} pts)" for at, task in enumerate(unit.tasks, 1)]
    heads = ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status"]
    rows: list[list[Cell]] = [[*heads, "Submission Time", *(questions if tasks else ())]]
    for row in table.rows:
        who, standing = row.person, row.units.get(unit.id)
        status = "Missing" if standing is None else "Ungraded" if pending(standing) else "Graded"
        name = [who.first_name, who.last_name] if who.first_name or who.last_name else [who.student, ""]
        ids = [*name, who.gradescope_sid or who.student, who.email, who.section]
        points = [row.points(unit.id, task.id) for task in unit.tasks] if tasks else []
        stamp = standing.stamp[:19] + " +0000" if standing and standing.stamp else ""
        rows.append([*ids, row.total(unit.id), unit.points, status, stamp, *points])
    return csv_text(rows)


def plain_csv(table: GradeTable, *, tasks: bool = False) -> str:
    """Our own table: what was earned, the late penalty and what counts in each unit, and the share of the course."""
    heads: list[Cell] = ["student", "first_name", "last_name", "email"]
    for unit in table.units:
        heads += [f"{unit.id}: {task.id} /{number_cell(task.points)}" for task in unit.tasks if tasks]
        heads += [f"{unit.id}: earned", f"{unit.id}: late penalty", f"{unit.id}: total /{number_cell(unit.points)}"]
    rows: list[list[Cell]] = [[*heads, "course %"]]
    for row in table.rows:
        who = row.person
        line: list[Cell] = [who.student, who.first_name, who.last_name, who.email]
        for unit in table.units:
            line += [row.points(unit.id, task.id) for task in unit.tasks if tasks]
            standing = row.units.get(unit.id)
            decided = standing is not None and not pending(standing)
            line += [standing.earned, standing.penalty] if standing and decided else [None, None]
            line.append(row.total(unit.id))
        rows.append([*line, table.percent(row)])
    return csv_text(rows)


def as_json(table: GradeTable, *, tasks: bool = False) -> str:
    """Everything, for other programs; `tasks` changes nothing."""
    units = [
        {"id": unit.id, "title": unit.title, "points": unit.points, "due": unit.due.isoformat() if unit.due else None}
        for unit in table.units
    ]
    rows = [
        {
            "student": row.person.student,
            "first_name": row.person.first_name,
            "last_name": row.person.last_name,
            "email": row.person.email,
            "course_percent": table.percent(row),
            "units": {unit.id: _unit(row, unit) for unit in table.units if unit.id in row.units},
        }
        for row in table.rows
    ]
    return (
        json.dumps({"course": table.course.id, "units": units, "students": rows}, indent=1, ensure_ascii=False) + "\n"
    )


def _unit(row: Row, unit: Unit) -> dict[str, object]:
    standing = row.units[unit.id]
    return {
        "tasks": {task: row.points(unit.id, task) for task in standing.tasks},
        "late_penalty": standing.penalty,
        "total": row.total(unit.id),
        "pending": pending(standing),
        "handed_in": standing.stamp or None,
    }


def _columns(table: GradeTable, tasks: bool) -> Iterator[tuple[str, float, Callable[[Row], float | None]]]:
    """The columns of points: a head, the points possible, and the points of a row."""
    heads = [unit.title for unit in table.units]
    heads += [f"{unit.title}: {task.title}" for unit in table.units for task in unit.tasks if tasks]
    for unit in table.units:
        if tasks:
            for task in unit.tasks:
                head = f"{unit.title}: {task.title}"
                unique = head if heads.count(head) == 1 else f"{head} ({unit.id}: {task.id})"
                yield unique, task.counted, _points_of(unit.id, task.id)
        unique = unit.title if heads.count(unit.title) == 1 else f"{unit.title} ({unit.id})"
        yield unique, unit.points, _total_of(unit.id)


def _points_of(unit: str, task: str) -> Callable[[Row], float | None]:
    return lambda row: row.points(unit, task)


def _total_of(unit: str) -> Callable[[Row], float | None]:
    return lambda row: row.total(unit)


FORMS: dict[str, Callable[..., str]] = {
    "canvas": canvas,
    "moodle": moodle,
    "gradescope": gradescope,
    "csv": plain_csv,
    "json": as_json,
}
