"""Put the cells of a unit into notebooks, with the metadata that nbgrader needs."""

from __future__ import annotations

from datetime import UTC, timedelta

from grader.course import notebooks
from grader.course.manifest import Unit
from grader.course.notebooks import Json
from grader.course.packages import install_line

FREE_TEXT = "*Write your answer here, in place of this line.*"  # the stub of a task that is graded by hand
_PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks_of(unit: Unit, sources: list[str] | None = None) -> list[Json]:
    """The unit's notebooks, with these sources of all their cells (None: as students get them)."""
    made: list[Json] = []
    number = 0
    for stub in unit.stubs:
        cells = notebooks.percent_cells(stub)
        filled = sources[number : number + len(cells)] if sources else [cell.source for cell in cells]
        made.append(_notebook(unit, cells, filled, number + 1))
        number += len(cells)
    if unit.more_notebooks:
        made[0]["metadata"][notebooks.OURS] = {"more": list(unit.more_notebooks)}
    return made


def _notebook(unit: Unit, cells: list[notebooks.PercentCell], joined: list[str], first: int) -> Json:
    """One notebook; `first` is the number of its first cell among all cells of the unit."""
    points = {task.id: task.counted for task in unit.tasks}
    rubrics = {task.id: task.rubric for task in unit.tasks if task.by_hand}
    result: list[Json] = []
    facts: Json
    for number, (cell, source) in enumerate(zip(cells, joined, strict=True), start=first):
        if cell.task in rubrics:
            name = cell.task
            if rubrics[name]:
                text = "\n".join(["What the points are for:", "", *(f"- {line}" for line in rubrics[name])])
                result.append(_given_text(f"rubric_{name}", text))
            facts = {"grade": True, "solution": True, "locked": False, "grade_id": name, "points": points[name]}
            source = FREE_TEXT if source.strip() == "..." else source
        elif cell.task or cell.bring:
            name = cell.task or f"bring_{number:03d}"
            facts = {"grade": False, "solution": True, "locked": False, "grade_id": name}
        elif cell.check:
            name = f"test_{cell.check}"
            facts = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": points[cell.check]}
        else:
            facts = {"grade": False, "solution": False, "locked": True, "grade_id": f"text_{number:03d}"}
        # nbgrader would lock a given cell and empty an answer: a cell for students' own use is neither
        metadata: Json = {} if cell.own else {"nbgrader": {**facts, "schema_version": 3, "task": False}}
        metadata |= {"jupyter": {"source_hidden": True}} if cell.folded else {}
        entry: Json = {
            "cell_type": cell.kind,
            "id": facts["grade_id"][:64],
            "metadata": metadata,
            "source": source.splitlines(keepends=True),
        }
        metadata |= _earlier_ids(unit, cell)
        if cell.kind == "code":
            entry |= {"outputs": [], "execution_count": None}
        result.append(entry)
    _say_when_due(unit, result)
    if unit.packages:
        says = f"This notebook needs packages. To install them: `{install_line(unit.packages)}`"
        result.insert(1, _given_text("packages" if first == 1 else f"packages_{first:03d}", says))
    return {
        "cells": result,
        "metadata": dict(_PYTHON),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _earlier_ids(unit: Unit, cell: notebooks.PercentCell) -> Json:
    """Our metadata of a cell whose task was renamed: the ids that it had."""
    prefix, name = ("test_", cell.check) if cell.check else ("", cell.task)
    was = [prefix + old for task in unit.tasks if task.id == name for old in task.was]
    return {notebooks.OURS: {"was": was}} if was else {}


def _say_when_due(unit: Unit, cells: list[Json]) -> None:
    """Say in the notebook's first text when it is due, and what late work costs."""
    if unit.due is None or not cells or cells[0]["cell_type"] != "markdown":
        return
    due = unit.due.astimezone(UTC) if unit.due.utcoffset() == timedelta() else unit.due
    said = f"**Due {due:%A}, {due.day} {due:%B %Y, %H:%M} {due.tzname() or 'UTC'}.** {unit.policies.in_words()}".strip()
    text = "".join(cells[0]["source"]).rstrip("\n")
    cells[0]["source"] = f"{text}\n\n{said}".splitlines(keepends=True)


def _given_text(name: str, text: str) -> Json:
    """A locked cell of Markdown that the build adds."""
    facts = {"grade": False, "solution": False, "locked": True, "grade_id": name, "schema_version": 3, "task": False}
    source = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": name[:64], "metadata": {"nbgrader": facts}, "source": source}
