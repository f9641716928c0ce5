"""Match a student's cells with those of the release, to build the canonical notebook of a submission.

Theory of operation. The release decides what is given, what is graded, and in which order; from the submission we take
only code. A cell is identified by its nbgrader id or by its own id. If a tool has dropped both, we use its text or the
names that it writes. All cells with the id of an answer form that answer, in order: copying or splitting a cell copies
its id. Every other cell that the student added stays after the cell that it followed.

Nobody should lose work silently. If a cell was not where it belongs, the task gets a note for the student.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.course.free_text import rendered
from grader.course.notebooks import Json, earlier_ids, grade_id, is_answer, source_of, tasks_added_later
from grader.course.stubs import Asked, asked_globals

NO_CELL = "Its cell is not in the notebook that was handed in."
_DEFINES = re.compile(r"(?:async +)?(?:def|class) +(\w+)")


class CodeCell(msgspec.Struct, frozen=True):
    """One cell to run. `number` counts all cells of the canonical notebook from 1, as a reader would.

    `pieces` are the texts of the answer's cells, if it is spread over several in the student's notebook.
    """

    number: int
    source: str
    origin: str  # "release", "answer" or "added"
    id: str = ""  # the grade_id, if the cell has one in the release
    pieces: tuple[str, ...] = ()


class Matched(msgspec.Struct, frozen=True):
    """A submission, arranged like the release."""

    notebook: Json  # the canonical notebook
    cells: tuple[CodeCell, ...]  # what to run, in order
    asked: dict[str, Asked]  # what each answer cell asks for
    answers: dict[str, int]  # the number of each answer cell
    checks: dict[str, int]  # the number of the cell that checks each task
    untouched: frozenset[str]  # the answers for which nothing was written anywhere
    notes: dict[str, tuple[str, ...]]  # by answer: how its cells were handled, for the student
    absent: frozenset[str] = frozenset()  # answers that were added to the release later, and are not in the submission

    def answer_hash(self, name: str) -> str:
        """A hash of the answer `name`, which changes when the student changes it; "" if there is no such answer."""
        if name not in self.answers:
            return ""
        return hashlib.sha256(source_of(self.notebook["cells"][self.answers[name] - 1]).encode()).hexdigest()[:16]


class _Added(msgspec.Struct):
    """A cell added by the student, the id of the release cell that it follows, and the names that it binds."""

    place: int
    kind: str
    source: str
    behind: str
    bound: frozenset[str]


def match_cells(release: Json, submission: Json) -> Matched:
    """Match the cells of a submission with those of the release."""
    found = _Matching(release, submission)
    cells, code, answers, checks = [], [], {}, {}
    for cell, origin, name in found.canonical():
        cells.append(cell)
        if origin == "answer":
            answers[name] = len(cells)
        facts = cell["metadata"].get("nbgrader", {})
        if facts.get("grade") and not facts.get("solution"):
            checks[name.removeprefix("test_")] = len(cells)
        elif cell["cell_type"] == "code" and name not in found.replaced:
            pieces = tuple(found.pieces.get(name, ())) if origin == "answer" else ()
            code.append(CodeCell(len(cells), source_of(cell), origin, name, pieces if len(pieces) > 1 else ()))
    return Matched(
        {**release, "cells": cells},
        tuple(code),
        found.asked,
        answers,
        {name: number for name, number in checks.items() if name in found.asked},
        frozenset(found.untouched),
        {name: tuple(notes) for name, notes in found.notes.items() if notes},
        frozenset(tasks_added_later(release)) & found.untouched - found.there,
    )


def canonical_notebook(release: Json, submission: Json) -> Json:
    """The release with the student's answers and added cells, each in its place.

    Outputs are dropped; a modified copy of a given cell counts as an added cell.
    """
    return match_cells(release, submission).notebook


def code_cells(release: Json, submission: Json) -> list[CodeCell]:
    """The cells to run, in order: the release's code, the student's answers, and added cells.

    Test cells are left out: the hidden tests decide, and `check` prints nothing in a jail.
    """
    return list(match_cells(release, submission).cells)


def begins(source: str) -> str:
    """How we refer to a cell when talking to its reader: by its first line."""
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    shown = "".join(letter if letter.isprintable() else " " for letter in first)
    return f"the cell that begins “{shown[:60]}{'…' * (len(shown) > 60)}”"


class _Matching:
    """The work of `match_cells`, step by step: assign each cell, find what is missing, write the notes."""

    def __init__(self, release: Json, submission: Json) -> None:
        self._release = release
        self._known = {grade_id(cell): cell for cell in release["cells"] if grade_id(cell)}
        self.asked = {name: asked_globals(source_of(cell)) for name, cell in self._known.items() if is_answer(cell)}
        self.pieces: dict[str, list[str]] = {}
        self.notes: dict[str, list[str]] = {name: [] for name in self.asked}
        self.untouched: set[str] = set()
        self.replaced: set[str] = set()  # complete answers written above their stub, which need not run
        self._place: dict[str, int] = {}  # the position of the last cell with each id
        self._added: list[_Added] = []
        self._read(submission["cells"])
        self.there = frozenset(self.pieces)
        self._bound_in_answers = [_bound(piece) for name in self.pieces for piece in self._own(name)]
        for name in self.asked:
            self._look_elsewhere(name)

    def _read(self, cells: list[Any]) -> None:
        """Sort the student's cells into pieces of answers, release cells, and added cells."""
        ids = self._ids(cells)
        texts = {source_of(cell).strip() for cell in self._release["cells"]}
        seen: set[str] = set()
        behind = ""
        for place, (cell, name) in enumerate(zip(cells, ids, strict=True)):
            source = source_of(cell)
            kind = str(cell.get("cell_type")) if isinstance(cell, dict) else ""
            if not name and kind == "code" and self._continues(behind, place, source):
                name = behind  # the lower half of a cell that was split by a tool that copies no metadata
            if name in self.asked:
                self.pieces.setdefault(name, []).append(source)
                free_text = self._known[name]["cell_type"] == "markdown"
                if (
                    not free_text
                    and kind in ("markdown", "raw")
                    and source.strip() != source_of(self._known[name]).strip()
                ):
                    self.notes[name].append(f"Its cell had been turned into {kind.title()}; it was read as code.")
            elif name and name not in seen:
                self._keep_what_is_written_in(name, source, place)
            elif kind in ("code", "markdown", "raw") and source.strip() and source.strip() not in texts:
                if not name or source.strip() not in source_of(self._known[name]):  # half of a given cell is dropped
                    self._added.append(_Added(place, kind, source, behind, _bound(source)))
                continue
            else:
                continue
            seen.add(name)
            behind, self._place[name] = name, place

    def _continues(self, behind: str, place: int, source: str) -> bool:
        """Whether a cell without an id goes on within a function of the answer `behind`, right above it."""
        pieces = self.pieces.get(behind, [])
        if not pieces or self._place.get(behind) != place - 1:
            return False
        last = next((line for line in reversed(pieces[-1].splitlines()) if line.strip()), "")
        first = next((line for line in source.splitlines() if line.strip()), "")
        return first[:1].isspace() and (last[:1].isspace() or last.rstrip().endswith(":"))

    def _ids(self, cells: list[Any]) -> list[str]:
        """The release id of each cell, or "". Falls back to the cell's text if a tool has dropped the ids."""
        own = {cell["id"]: grade_id(cell) for cell in self._release["cells"] if grade_id(cell) and "id" in cell}
        earlier = earlier_ids(self._release)
        own |= {name: now for name, now in earlier.items() if name not in own}
        ids = []
        for cell in cells:
            name = grade_id(cell)
            name = earlier.get(name, name) if name not in self._known else name
            if name not in self._known:
                cell_id = cell.get("id") if isinstance(cell, dict) else None
                name = own.get(cell_id, "") if isinstance(cell_id, str) else ""
            ids.append(name)
        by_text: dict[str, list[str]] = {}
        for name in self._known.keys() - set(ids):
            by_text.setdefault(source_of(self._known[name]).strip(), []).append(name)
        for waiting in by_text.values():
            waiting.sort(key=list(self._known).index, reverse=True)
        for place, cell in enumerate(cells):
            waiting = by_text.get(source_of(cell).strip(), [])
            if not ids[place] and waiting:
                ids[place] = waiting.pop()
        return ids

    def _keep_what_is_written_in(self, name: str, source: str, place: int) -> None:
        """Keep answers written into a given cell or a check; restore the rest of that cell."""
        given = source_of(self._known[name])
        written = _bound(source) - _bound(given) if source != given else frozenset()
        tasks = [task for task, asked in self.asked.items() if written & asked.names]
        if tasks:
            behind = name.removeprefix("test_") if name.removeprefix("test_") in self.asked else name
            self._added.append(_Added(place, "code", source, behind, _bound(source)))

    def _own(self, name: str) -> list[str]:
        """The pieces of an answer that are more than a copy of its stub."""
        stub = source_of(self._known[name]).strip()
        return [piece for piece in self.pieces.get(name, []) if piece.strip() != stub]

    def _look_elsewhere(self, name: str) -> None:
        """Drop copies of the stub; if nothing else is left of an answer, look for it in other cells."""
        own, there, notes = self._own(name), name in self.pieces, self.notes[name]
        if own:
            self.pieces[name] = own
            if len(own) > 1:
                notes.append(f"Its answer stands in {len(own)} cells, which were put together in their order.")
            return
        asked = self.asked[name].names
        others = [cell for cell in self._added if cell.kind == "code" and cell.bound & asked]
        others = others or [cell for cell in self._added if cell.bound & asked]
        for cell in others:
            if cell.kind != "code":
                notes.append(f"It is in {begins(cell.source)}. That is {cell.kind.title()}; it was read as code.")
                cell.kind = "code"
        if others and not there:  # its own cell is gone, so these take its place
            self._added = [cell for cell in self._added if cell not in others]
            self.pieces[name] = [cell.source for cell in others]
            notes.append(f"Its own cell is not in the notebook; {begins(others[0].source)} was taken for it.")
            return
        self.pieces.pop(name, None)
        above = [cell.bound for cell in others if cell.place < self._place.get(name, 0)]
        if asked and asked <= frozenset().union(*above):
            self.replaced.add(name)
        if not others and not any(bound & asked for bound in self._bound_in_answers):  # cells may have been merged
            self.untouched.add(name)
            if not there:
                notes.append(NO_CELL)

    def canonical(self) -> Iterator[tuple[Json, str, str]]:
        """The cells of the canonical notebook, each with its origin and its id."""
        yield from self._shown("")
        for cell in self._release["cells"]:
            name = grade_id(cell)
            answer = name in self.asked
            source = "\n".join(self.pieces[name]) if name in self.pieces else source_of(cell)
            if answer and cell["cell_type"] == "markdown" and name in self.pieces:
                source = rendered(source)
            copy = {**cell, "source": source}
            if copy["cell_type"] == "code":
                copy |= {"outputs": [], "execution_count": None}
            yield copy, "answer" if answer else "release" if name else "added", name
            if name:  # a cell for the student's own use has no id, and added cells never follow it
                yield from self._shown(name)

    def _shown(self, behind: str) -> Iterator[tuple[Json, str, str]]:
        kept = [cell for cell in self._added if cell.behind == behind and cell.kind in ("code", "markdown")]
        for number, cell in enumerate(kept):
            yield _shown(cell, number, behind or "top"), "added", ""


def _shown(cell: _Added, number: int, behind: str) -> Json:
    """An added cell in nbformat's form."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", f"added-{behind[:40]}-{number}")
    result = {"cell_type": cell.kind, "source": cell.source, "metadata": {}, "id": name}
    if cell.kind == "code":
        return {**result, "outputs": [], "execution_count": None}
    # Shown as text, never rendered: Markdown may hold HTML, and a student's HTML must not run in pages that staff read.
    longest = max((len(run) for run in re.findall(r"`+", cell.source)), default=0)
    fence = "`" * max(3, longest + 1)
    return {**result, "source": f"{fence}text\n{cell.source}\n{fence}"}


def _bound(source: str) -> frozenset[str]:
    """The globals that lines of code bind, judging by how the lines begin."""
    found: set[str] = set()
    for line in source.splitlines():
        defines = _DEFINES.match(line)
        target, equals, value = line[:300].partition("=")
        if defines:
            found.add(defines[1])
        elif equals and not value.startswith("=") and not line[:1].isspace():
            names = [name.strip() for name in target.partition(":")[0].split(",")]
            found.update(name for name in names if name.isidentifier())
    return frozenset(found)
