"""Notebooks as plain JSON and as percent text.

A submission's notebook is only a source of code cells; nothing else in it is trusted (`matching` identifies the cells).
"""

from __future__ import annotations

import ast
import functools
import json
import marshal
import os
import re
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.course.folder import notebook_name
from grader.errors import GraderError
from grader.files import read_text

Json = dict[str, Any]  # an object in the JSON of a notebook
MAX_BYTES = 20 << 20
MAX_CELLS = 2000
_OTHER_FILES = {  # how they begin, in lower case
    b"%pdf": "a PDF file",
    b"pk\x03\x04": "a zip or Office file",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"\x1f\x8b": "a compressed file",
}
MAX_CODE = 2 << 20  # characters of code in one submission


class SubmissionProblem(GraderError):
    """The file is not a notebook that can be graded; the message is for the student and for staff."""


def read_submission(path: Path, max_bytes: int = MAX_BYTES) -> Json:
    """The notebook at `path` as data; never follows a link. Raises SubmissionProblem."""
    raw = read_regular(path, max_bytes)
    try:
        notebook = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SubmissionProblem(f"{path.name} {_what_it_is(raw, error)}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise SubmissionProblem(f"{path.name} is not a notebook: it has no list of cells.")
    if not notebook["cells"]:
        raise SubmissionProblem(f"{path.name} has no cells at all: was it saved before it was handed in?")
    if len(notebook["cells"]) > MAX_CELLS:
        raise SubmissionProblem(
            f"{path.name} has {len(notebook['cells'])} cells; the most that is read is {MAX_CELLS}."
        )
    if sum(len(source_of(cell)) for cell in notebook["cells"]) > MAX_CODE:
        raise SubmissionProblem(f"{path.name} holds more than {MAX_CODE >> 20} MB of text.")
    return notebook


def read_regular(path: Path, max_bytes: int) -> bytes:
    """The bytes of a submitted file; never follows a link. Raises SubmissionProblem."""
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
        return file.read(max_bytes + 1)


def _what_it_is(raw: bytes, error: Exception) -> str:
    """What a file that is not JSON is instead, as far as that can be seen."""
    begin = raw.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not begin.strip(b"\0"):
        return "is empty, so it is not a notebook."
    for magic, kind in _OTHER_FILES.items():
        if begin[:20].lower().startswith(magic):
            return f"is {kind}, not a notebook."
    if b"\n<<<<<<< " in raw and b"\n>>>>>>> " in raw:
        return "is not JSON, so it is not a notebook: it holds the marks of a merge conflict (<<<<<<< and >>>>>>>)."
    if isinstance(error, json.JSONDecodeError):
        if error.pos >= len(error.doc.rstrip()) or "Unterminated string" in error.msg:
            return "is not JSON, so it is not a notebook: it breaks off, as if saving it had been interrupted."
        return f"is not JSON, so it is not a notebook: its text is damaged in line {error.lineno}."
    if isinstance(error, UnicodeDecodeError):
        return "is not JSON, so it is not a notebook: it holds bytes that are not text."
    return "is not JSON, so it is not a notebook: it is nested too deeply."


def read_handed_in(path: Path, release: Json) -> tuple[Json, str]:
    """A submission's notebooks as one, and what is wrong with those of them that cannot be read.

    The first is `path`; the release says which others there are. Raises SubmissionProblem if none can be read.
    """
    found: list[Json] = []
    problems: list[str] = []
    for name in (path.name, *map(notebook_name, more_of(release))):
        try:
            found.append(read_submission(path.with_name(name)))
        except SubmissionProblem as error:
            problems.append(str(error))
    if not found:
        raise SubmissionProblem(" ".join(problems))
    return {**found[0], "cells": [cell for notebook in found for cell in notebook["cells"]]}, " ".join(problems)


def read_whole(path: Path) -> Json:
    """A unit's notebooks as one: a released or graded notebook, and the cells of the others that its metadata names.

    Raises what `read_ours` raises.
    """
    whole = read_ours(path)
    for name in more_of(whole):
        first, *rest = read_ours(path.with_name(notebook_name(name)))["cells"]
        metadata = {**first["metadata"], OURS: {**ours_of(first), "begins": name}}
        whole["cells"] += [{**first, "metadata": metadata}, *rest]
    return whole


def read_ours(path: Path) -> Json:
    """One notebook that we wrote. Raises GraderError if something has damaged it, and OSError."""
    try:
        found: Json = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(cell["metadata"], dict) for cell in [found, *found["cells"]]) or not found["cells"]:
            raise TypeError("a cell without metadata")
    except (ValueError, TypeError, KeyError, RecursionError) as error:  # text of JSON, or of UTF-8, is a ValueError
        raise GraderError(
            f"{path}: expected a notebook as we wrote it, found something else ({type(error).__name__}: {error}). Move "
            "it away: `grader build` makes a released notebook again, and `grader grade` a graded one."
        ) from None
    return found


def split(whole: Json, name: str) -> dict[str, Json]:
    """Undo `read_whole`: each notebook by its file name. `name` is that of the first."""
    found: dict[str, Json] = {name: {**whole, "cells": []}}
    plain = {key: value for key, value in whole["metadata"].items() if key != OURS}
    for cell in whole["cells"]:
        if begins := ours_of(cell).get("begins"):
            name = notebook_name(begins)
            found[name] = {**whole, "metadata": plain, "cells": []}
        found[name]["cells"].append(cell)
    return found


def source_of(cell: object) -> str:
    """The text of a cell, even a malformed one."""
    source = cell.get("source", "") if isinstance(cell, dict) else ""
    if isinstance(source, list):
        try:
            source = "".join(source)
        except TypeError:
            source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    if source.isascii() and "\r" not in source:  # called hundreds of times for each submission
        return source
    # A lone surrogate is valid JSON but not valid text; some editors on Windows write CRLF and a BOM.
    return source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def grade_id(cell: object) -> str:
    """The cell's nbgrader id, or ""."""
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = ours.get("grade_id") if isinstance(ours, dict) else None
    return name if isinstance(name, str) else ""


def is_answer(cell: Any) -> bool:
    """Whether a cell of the *release* is one that students write in."""
    return bool(grade_id(cell)) and cell["metadata"]["nbgrader"].get("solution") is True


OURS = "grader"  # the key of our own metadata: in a notebook's, and in a cell's


def ours_of(thing: Any) -> dict[str, Any]:
    """Our own metadata of a cell or a notebook of the *release*; {} if it has none."""
    found = thing.get("metadata", {}).get(OURS)
    return found if isinstance(found, dict) else {}


def more_of(notebook: Json) -> list[str]:
    """The names of a unit's other notebooks, from the metadata of its first (not that of a submission)."""
    found = ours_of(notebook).get("more", [])
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def earlier_ids(release: dict[str, Any]) -> dict[str, str]:
    """The ids that cells of the release had before a task was renamed, each with its current id."""
    return {name: grade_id(cell) for cell in release["cells"] for name in ours_of(cell).get("was", [])}


def tasks_added_later(release: dict[str, Any]) -> dict[str, datetime]:
    """The tasks that were added after the first release of a unit, and when (in UTC, without a zone)."""
    found = ours_of(release).get("added", {})
    return {task: datetime.fromisoformat(moment) for task, moment in found.items()}


def choices(file: str) -> dict[str, Any]:
    """The lists from which a unit's notebook chooses variants, by name; `file` is a file in solutions/<unit>/.

    They are defined once, in the notebook: `CUBICS = choices(__file__)["CUBICS"]` in its reference and hidden tests.
    Each caller gets its own copy: a wrong answer that is tried here may write into the lists that it is given.
    """
    found: dict[str, Any] = marshal.loads(_choices(file))  # noqa: S302 - our own lists, dumped by _choices
    return found


@functools.cache
def _choices(file: str) -> bytes:
    """The lists of `choices`, marshalled: for literals the quickest copy, and every mistake on every test needs one."""
    folder = Path(file).resolve().parent
    path = folder.parents[1] / "exercises" / folder.name / f"{folder.name}.py"
    found = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(read_text(path)).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
        and isinstance(node.value, ast.List)
    }
    return marshal.dumps(found)


_HEAD = re.compile(r"# %%(?P<rest>.*)$")
_OPTION = re.compile(r'(\w+)="([^"]*)"')


class PercentCell(msgspec.Struct, frozen=True):
    """One cell of percent text. `line` is where it starts, from 1."""

    kind: str  # "code" or "markdown"
    source: str
    line: int
    task: str = ""
    check: str = ""
    bring: tuple[str, ...] = ()  # the names of an earlier unit that belong in this cell
    own: bool = False  # an ungraded cell that students may change
    folded: bool = False  # JupyterLab hides its source
    file: str = ""

    @property
    def where(self) -> str:
        """The file and the line where it starts."""
        return f"{self.file}:{self.line}"


def percent_cells(*files: Path) -> list[PercentCell]:
    """The cells of one or more files of percent text, in order."""
    return [cell for file in files for cell in read_percent(read_text(file), str(file))]


def read_percent(text: str, file: str = "") -> list[PercentCell]:
    """The cells of a notebook in percent text (as jupytext writes it), with our options (docs/architecture.md)."""
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
            lines = [re.sub(r"^# ?", "", line) for line in body]
        source = "\n".join(lines).strip("\n")
        if source.strip():
            brought = tuple(options.get("bring", "").replace(",", " ").split())
            asks = options.get("task", ""), options.get("check", "")
            cells.append(PercentCell(kind, source, line, *asks, brought, "own" in options, "folded" in options, file))

    for number, line in enumerate(text.splitlines(), start=1):
        match = _HEAD.match(line)
        if match:
            finish()
            head, body = (number, match["rest"]), []
        else:
            body.append(line)
    finish()
    return cells
