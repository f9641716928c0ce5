"""Notebooks as plain JSON and as percent text.

A submission's notebook is only a source of code cells: nothing else in it is believed. What is locked, what is a
test, what is graded and in which order all comes from the release; the student's text is taken from the cells that
are theirs.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import GraderError

MAX_BYTES = 20 << 20
MAX_CELLS = 2000
MAX_CODE = 2 << 20  # characters of code in one submission


class SubmissionProblem(GraderError):
    """This is no notebook that can be graded; the message is for the student and for staff."""


class CodeCell(msgspec.Struct, frozen=True):
    """One cell to run. `number` counts all cells of the canonical notebook from 1, as a reader would."""

    number: int
    source: str
    origin: str  # "release", "answer" or "added"
    id: str = ""  # the grade_id, where the release has one


def read_submission(path: Path, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The notebook at `path` as data; never follows a link. Raises SubmissionProblem."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SubmissionProblem(f"There is no file {path.name}: was the notebook renamed, or not submitted?") from None
    except OSError as error:
        kind = "a symbolic link" if path.is_symlink() else f"not readable ({error.strerror})"
        raise SubmissionProblem(f"{path.name} is {kind}; hand in the notebook itself.") from None
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        kind = "a folder" if stat.S_ISDIR(facts.st_mode) else "a special file"
        raise SubmissionProblem(f"{path.name} is {kind}, not a notebook; hand in the .ipynb file.")
    with os.fdopen(fd, "rb") as file:
        if facts.st_size > max_bytes:
            raise SubmissionProblem(
                f"{path.name} has {facts.st_size / 1e6:.0f} MB; the most that is read is {max_bytes / 1e6:.0f} MB. "
                "Clear its outputs and hand it in again."
            )
        raw = file.read(max_bytes + 1)
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SubmissionProblem(f"{path.name} is not JSON, so it is no notebook: {str(error)[:120]}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise SubmissionProblem(f"{path.name} is no notebook: it has no list of cells.")
    if not notebook["cells"]:
        raise SubmissionProblem(f"{path.name} has no cells at all: was it saved before it was handed in?")
    if len(notebook["cells"]) > MAX_CELLS:
        raise SubmissionProblem(
            f"{path.name} has {len(notebook['cells'])} cells; the most that is read is {MAX_CELLS}."
        )
    if sum(len(source_of(cell)) for cell in notebook["cells"]) > MAX_CODE:
        raise SubmissionProblem(f"{path.name} holds more than {MAX_CODE >> 20} MB of text.")
    return notebook


def source_of(cell: Any) -> str:
    """The text of a cell, whatever the cell is."""
    source = cell.get("source", "") if isinstance(cell, dict) else ""
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    # A lone surrogate is valid JSON and no valid text.
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def grade_id(cell: Any) -> str:
    """The cell's nbgrader id, "" where it has none."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = ours.get("grade_id") if isinstance(ours, dict) else None
    return name if isinstance(name, str) else ""


def is_answer(cell: Any) -> bool:
    """Whether a cell of the *release* is one that students write in."""
    return bool(grade_id(cell)) and cell["metadata"]["nbgrader"].get("solution") is True


def canonical_notebook(release: dict[str, Any], submission: dict[str, Any]) -> dict[str, Any]:
    """The release with the student's answers, and with the cells that the student added, each in its place.

    Outputs are dropped. Of several cells with one id the first that differs from the stub counts. A cell whose nbgrader
    metadata a tool has dropped is known by its own id; a changed copy of a given cell is a cell that the student added.
    """
    known = {grade_id(cell): cell for cell in release["cells"] if grade_id(cell)}
    own_ids = {cell["id"]: grade_id(cell) for cell in release["cells"] if grade_id(cell) and "id" in cell}
    texts = {source_of(cell).strip() for cell in release["cells"]}
    seen: set[str] = set()
    answers: dict[str, str] = {}
    added: dict[str, list[dict[str, Any]]] = {}
    behind = ""
    for cell in submission["cells"]:
        name, source = grade_id(cell), source_of(cell)
        if name not in known:
            own = cell.get("id") if isinstance(cell, dict) else None
            name = own_ids.get(own, "") if isinstance(own, str) else ""
        if name in known and (is_answer(known[name]) or name not in seen):
            seen.add(name)
            if is_answer(known[name]):
                stub = source_of(known[name])
                if name not in answers or answers[name].strip() == stub.strip():
                    answers[name] = source
            behind = name
            continue
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind in ("code", "markdown") and source.strip() and source.strip() not in texts:
            added.setdefault(behind, []).append({"cell_type": kind, "source": source})
    cells: list[dict[str, Any]] = [_added(cell, n) for n, cell in enumerate(added.pop("", []))]
    for cell in release["cells"]:
        name = grade_id(cell)
        copy = {**cell, "source": answers.get(name, source_of(cell))}
        if copy["cell_type"] == "code":
            copy |= {"outputs": [], "execution_count": None}
        cells.append(copy)
        cells += [_added(new, n, name) for n, new in enumerate(added.get(name, []))]
    return {**release, "cells": cells}


def _added(cell: dict[str, Any], number: int, behind: str = "top") -> dict[str, Any]:
    result = {**cell, "metadata": {}, "id": re.sub(r"[^a-zA-Z0-9_-]", "-", f"added-{behind[:40]}-{number}")}
    if cell["cell_type"] == "code":
        result |= {"outputs": [], "execution_count": None}
    else:  # shown as text, never rendered: Markdown may hold HTML, and pages that staff read must not run a student's
        longest = max((len(run) for run in re.findall(r"`+", cell["source"])), default=0)
        fence = "`" * max(3, longest + 1)
        result["source"] = f"{fence}text\n{cell['source']}\n{fence}"
    return result


def code_cells(release: dict[str, Any], submission: dict[str, Any]) -> list[CodeCell]:
    """What to run, in order: the release's code, the student's answers, and what the student added.

    Test cells are left out: the hidden tests decide, and `check` in a jail says nothing.
    """
    result = []
    for number, cell in enumerate(canonical_notebook(release, submission)["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        name = grade_id(cell)
        ours = cell["metadata"].get("nbgrader", {})
        if ours.get("grade") and not ours.get("solution"):
            continue
        origin = "answer" if ours.get("solution") else "release" if name else "added"
        result.append(CodeCell(number, source_of(cell), origin, name))
    return result


@functools.cache
def choices(file: str) -> dict[str, Any]:
    """The lists that a unit's notebook chooses variants from, by name; `file` is a file in solutions/<unit>/.

    They stand once, in the notebook: `CUBICS = choices(__file__)["CUBICS"]` in its reference and hidden tests.
    """
    folder = Path(file).resolve().parent
    path = folder.parents[1] / "exercises" / folder.name / f"{folder.name}.py"
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
        and isinstance(node.value, ast.List)
    }


_HEAD = re.compile(r"# %%(?P<rest>.*)$")
_OPTION = re.compile(r'(\w+)="([^"]*)"')


class PercentCell(msgspec.Struct, frozen=True):
    """One cell of percent text. `line` is where it starts, from 1."""

    kind: str  # "code" or "markdown"
    source: str
    line: int
    task: str = ""
    check: str = ""
    bring: tuple[str, ...] = ()  # names of an earlier unit for which this cell is the place


def read_percent(text: str) -> list[PercentCell]:
    """The cells of a notebook in percent text (as jupytext writes it), with our options `task`, `check` and `bring`."""
    cells: list[PercentCell] = []
    head: tuple[int, str] | None = None
    body: list[str] = []

    def finish() -> None:
        if head is None:
            return
        line, rest = head
        kind = "markdown" if "[markdown]" in rest else "code"
        options = dict(_OPTION.findall(rest))
        lines = body
        if kind == "markdown":
            lines = [re.sub(r"^# ?", "", one) for one in body]
        source = "\n".join(lines).strip("\n")
        if source.strip():
            brought = tuple(options.get("bring", "").replace(",", " ").split())
            cells.append(PercentCell(kind, source, line, options.get("task", ""), options.get("check", ""), brought))

    for number, line in enumerate(text.splitlines(), start=1):
        match = _HEAD.match(line)
        if match:
            finish()
            head, body = (number, match["rest"]), []
        else:
            body.append(line)
    finish()
    return cells
