"""nbgrader: its course folder, the grading of a class in it, its own applications.

nbgrader keeps release, exchange, collection, late penalties, manual grading and feedback. What its kernel execution
does is replaced, by configuration only: `nbgrader autograde` (and formgrader's button) runs `CanonicalNotebook`,
`IsolatedGrade` and `SaveReport`; `grade_units` is the fast path for a whole class and writes the same rows.
nbgrader's import costs seconds, so everything here that needs it imports it when it is called.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import grade, manifest, notebooks, results
from grader.errors import GraderError, Unavailable
from grader.integrations import collection
from grader.integrations.collection import SECRET, STAMP, STAMP_FORMAT, Finding, small_file
from grader.integrations.nbgrader_gradebook import (
    config_of,
    gradebook_file,
    gradebook_url,
    know_alembic_version,
    open_gradebook,
    save_class,
    wait_for_gradebook,
)
from grader.integrations.swap import Swap
from grader.report.feedback_cell import feedback_outputs
from grader.results import Level, Report
from grader.whole import write_whole

BEGIN, END = "# >>> grader: written by `grader init`, do not edit between these lines", "# <<< grader"


# ------------------------------------------------------------------------------------------------ the course folder


def init_course_folder(course: manifest.Course, folder: Path, *, exchange: Path | None = None) -> None:
    """Make `folder` a course folder that grades with our engine; an instructor's own configuration is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nbgrader_config.py"
    old = path.read_text(encoding="utf-8") if path.exists() else "c = get_config()  # noqa: F821 - given by traitlets\n"
    marked = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END) + r"\n?", re.DOTALL)
    found = marked.search(old)
    before = re.search(r"^c\.Exchange\.root = .*$", found[0], re.MULTILINE) if found else None
    where = f"c.Exchange.root = {str(exchange)!r}" if exchange is not None else before[0] if before else ""
    ours = "\n".join([BEGIN, *_config_lines(course, folder.resolve(), where), END, ""])
    new = marked.sub(lambda _: ours, old) if found else old.rstrip("\n") + "\n\n" + ours
    write_whole(path, new)


def _config_lines(course: manifest.Course, folder: Path, exchange: str) -> Iterator[str]:
    here = "grader.integrations.nbgrader_preprocessors"
    yield f"c.CourseDirectory.course_id = {course.id!r}"
    yield f"c.CourseDirectory.root = {str(folder)!r}"
    if exchange:
        yield exchange
    yield "# A released stub says `...` where the answer goes; the released notebook equals the stub in exercises/."
    yield 'c.ClearSolutions.code_stub = {"python": "..."}'
    yield "# Student code runs in our jail, never in a kernel."
    yield f"c.Autograde.sanitize_preprocessors = ['{here}.CanonicalNotebook']"
    yield "c.Autograde.autograde_preprocessors = ["
    yield f"    '{here}.IsolatedGrade', '{here}.SaveReport', 'nbgrader.preprocessors.AssignLatePenalties'"
    yield "]"
    yield f"c.Autograde.exporter_class = '{here}.SubmissionExporter'"
    yield f"c.IsolatedGrade.course_root = {str(course.root)!r}"
    yield "# A submission is looked at before it is copied; what is refused goes to quarantine/, with the reason."
    yield "c.ExchangeFactory.collect = 'grader.integrations.nbgrader_exchange.GuardedCollect'"
    yield "# Feedback is always made anew: after a regrade nobody is shown the old one."
    yield "c.GenerateFeedback.force = True"
    yield "c.GenerateFeedback.preprocessors = ["
    yield "    'grader.integrations.nbgrader_feedback.GetGrades', 'nbconvert.preprocessors.CSSHTMLHeaderPreprocessor'"
    yield "]"
    yield "c.GenerateFeedback.exporter_class = 'grader.integrations.nbgrader_feedback.FeedbackExporter'"


# ------------------------------------------------------------------------------------------------ grade a class


def count_submissions(course: manifest.Course, unit_id: str, folder: Path) -> int:
    """How many students have handed in `unit_id`."""
    course.unit(unit_id)
    return len(collection.submitted(folder, unit_id)) + len(collection.held(folder, unit_id))


def release_of(folder: Path, unit_id: str) -> Path:
    """The released notebook, which says what every submission must hold. Raises GraderError."""
    path = folder / "release" / unit_id / f"{unit_id}.ipynb"
    if not path.is_file():
        raise GraderError(f"{path}: not released yet; run `nbgrader generate_assignment {unit_id}` in {folder}")
    return path


def grade_unit(
    course: manifest.Course,
    unit_id: str,
    folder: Path,
    *,
    workers: int | None = None,
    on_report: grade.OnReport | None = None,
) -> list[Report]:
    """`grade_units` for one unit."""
    return grade_units(course, [unit_id], folder, workers=workers, on_report=on_report)[unit_id]


def grade_units(
    course: manifest.Course,
    unit_ids: Sequence[str],
    folder: Path,
    *,
    workers: int | None = None,
    on_report: grade.OnReport | None = None,
) -> dict[str, list[Report]]:
    """Grade everything in `folder`/submitted/*/<unit>, and write gradebook.db, autograded/ and reports/.

    What is in quarantine/, and what must go there, gets a report that a person must decide. The gradebook changes at
    the end, in one transaction for each unit; manual scores, extra credit and manual comments stay.
    Raises GraderError, Unavailable (the gradebook stays locked).
    """
    classes = [_HandedIn(course.unit(unit_id), folder) for unit_id in dict.fromkeys(unit_ids)]
    graded = grade.grade_batches(course, [one.batch for one in classes], workers=workers, on_report=on_report)
    level = next((report.level for reports in graded for report in reports), Level.L0)
    for one, reports in zip(classes, graded, strict=True):
        for report in one.held_reports(level):
            reports.append(report)
            if on_report:
                on_report(report)
        reports.sort(key=lambda report: report.student)
        one.save(reports)
    return {one.unit.id: reports for one, reports in zip(classes, graded, strict=True)}


class _HandedIn:
    """What lies in the course folder of one unit. Raises GraderError where it cannot be graded."""

    def __init__(self, unit: manifest.Unit, folder: Path) -> None:
        self.unit, self._folder = unit, folder
        self._release = release_of(folder, unit.id)
        _guard(folder, unit.id)
        self._held = collection.held(folder, unit.id)
        there = {one: folder / "submitted" / one / unit.id for one in collection.submitted(folder, unit.id)}
        self._places = there | {one: collection.place_of(folder, unit.id, one) for one in self._held}
        if not self._places:
            where = folder / "submitted"
            raise GraderError(f"{where}: nobody has handed in {unit.id}; run `grader collect {unit.id}`")
        _refuse_unknown(folder, sorted(self._places))
        self._stamps = {one: timestamp_of(place) for one, place in self._places.items()}
        notebooks = [(one, place / f"{unit.id}.ipynb") for one, place in there.items()]
        self.batch = grade.Batch(unit.id, notebooks, self._release)

    def held_reports(self, level: Level) -> Iterator[Report]:
        """A report on each submission that is held back. `level` is that of the class."""
        return (grade.held_report(self.unit, student, reason, level) for student, reason in self._held.items())

    def save(self, reports: Sequence[Report]) -> None:
        """Write autograded/, reports/ and the gradebook, all or nothing. Raises Unavailable."""
        folder, unit_id = self._folder, self.unit.id
        wait_for_gradebook(gradebook_file(folder))
        try:
            with Swap() as swap:
                for report in reports:
                    student = report.student
                    notebook, target = self.notebook_of(student), folder / "autograded" / student / unit_id
                    stamp = self._stamps[student]
                    write_autograded(swap.new(target), notebook, self._release, report, stamp=stamp, before=target)
                    results.write(report, swap.new(folder / "reports" / unit_id / f"{student}.json"))
                save_class(folder, self.unit, reports, stamps=self._stamps, then=swap.put)
        except OSError as error:
            why = f"{unit_id} could not be written ({error.strerror}); nothing was changed of it"
            raise Unavailable(f"{folder}: {why}") from error

    def notebook_of(self, student: str) -> Path:
        """What `student` handed in."""
        return self._places[student] / f"{self.unit.id}.ipynb"


def collect_unit(
    unit_id: str, folder: Path, *, update: bool = False, any_owner: bool = False, log: Path | None = None
) -> list[Finding]:
    """Run nbgrader's collection with our guard before it: what was refused or mended. Raises GraderError."""
    options = [unit_id, "--ExchangeFactory.collect=grader.integrations.nbgrader_exchange.GuardedCollect"]
    options += ["--update"] * update + ["--ExchangeCollect.check_owner=False"] * any_owner
    with tempfile.TemporaryDirectory() as place:
        run_nbgrader("collect", options, where=folder, log=log or Path(place) / "log")
    return collection.read_findings(folder, unit_id)


def _guard(folder: Path, unit_id: str) -> None:
    try:
        collection.guard(folder, unit_id)
    except OSError as error:
        where = f"{folder}: a submission could not be put into the quarantine ({error.strerror})"
        raise Unavailable(f"{where}; nothing was graded. May you write there?") from error


def _refuse_unknown(folder: Path, students: Sequence[str]) -> None:
    """Where the course takes known students only (nbgrader's `Autograde.create_student`), say who is not known."""
    if config_of(folder).Autograde.get("create_student", True):
        return
    with open_gradebook(gradebook_url(folder)) as gradebook:
        known = {student.id for student in gradebook.students}
    unknown = [student for student in students if student not in known]
    if unknown:
        raise GraderError(
            f"{folder / 'submitted'}: not in the gradebook: {', '.join(unknown)}. Nothing was graded; add them with "
            "`nbgrader db student add`, or let everyone in with c.Autograde.create_student = True."
        )


def write_autograded(
    into: Path, notebook: Path, release: Path, report: Report, *, stamp: datetime.datetime | None, before: Path
) -> None:
    """The folder from which nbgrader makes feedback: the canonical notebook with our outputs. `before` is the last."""
    into.mkdir()
    text = json.dumps(with_feedback(canonical(notebook, release), report), indent=1, ensure_ascii=False)
    (into / f"{report.unit}.ipynb").write_text(text + "\n", encoding="utf-8")
    (into / STAMP).write_text(stamp.strftime(STAMP_FORMAT) if stamp else "", encoding="utf-8")
    (into / SECRET).write_text(_secret_of(notebook.parent, before), encoding="utf-8")


def drop_files_of_the_student(folder: Path, source: Path) -> None:
    """Leave in a folder under autograded/ what nbgrader, or the instructor's `source`, has put there.

    Formgrader hands every file in it to a browser as its own, so a student's .html would be a page of the server's.
    """
    keep = {STAMP, SECRET}
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder)
        if path.is_symlink() or (path.is_file() and str(name) not in keep and not (source / name).is_file()):
            path.unlink()


def complete_autograded(folder: Path) -> None:
    """Add what the release of feedback needs: without it in one submission, nbgrader stops for the whole class."""
    for name, text in ((STAMP, ""), (SECRET, collection.new_secret())):
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


def canonical(notebook: Path, release: Path) -> dict[str, Any]:
    """The canonical notebook of a submission; of what is no notebook, the release itself."""
    released = json.loads(release.read_text(encoding="utf-8"))
    try:
        return notebooks.canonical_notebook(released, notebooks.read_submission(notebook))
    except notebooks.SubmissionProblem:
        return notebooks.canonical_notebook(released, {"cells": []})


def with_feedback(notebook: dict[str, Any], report: Report) -> dict[str, Any]:
    """The notebook with what its student may read in the output of each grade cell."""
    tasks = {f"test_{task.task}": task for task in report.tasks}
    cells = []
    for cell in notebook["cells"]:
        task = tasks.get(notebooks.grade_id(cell))
        cells.append({**cell, "outputs": feedback_outputs(task, report)} if task else cell)
    return {**notebook, "cells": cells}


def timestamp_of(submitted: Path) -> datetime.datetime | None:
    """When a submission was handed in, in UTC without a zone, as the gradebook has it.

    None where nothing says it (as nbgrader has it: then it is not late); now where what is said cannot be read.
    It is read as nbgrader reads it: formgrader counts a submission as graded only if both come to the same.
    """
    text = small_file(submitted / STAMP).strip()
    return (collection.read_moment(text) or collection.now_in_utc()) if text else None


def _secret_of(submitted: Path, before: Path) -> str:
    """What protects the feedback from other readers; made anew where the submission has none."""
    for path in (submitted / SECRET, before / SECRET):
        text = small_file(path).strip()
        if collection.is_secret(text):
            return text
    return collection.new_secret()


# ------------------------------------------------------------------------------------------------ its applications


def run_nbgrader(command: str, arguments: Sequence[str], *, where: Path, log: Path, fork: bool = True) -> None:
    """Run `nbgrader command arguments` in the folder `where`. Raises GraderError.

    In a fork of this process; without one, this process is in `where` afterwards, and writes all to `log`.
    """
    import nbgrader.apps

    know_alembic_version()
    name = "".join(word.title() for word in command.split("_")) + "App"
    app = getattr(nbgrader.apps, name)
    start = log.stat().st_size if log.exists() else 0
    if fork:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = _launch(app, arguments, where, log)
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    else:
        status = _launch(app, arguments, where, log)
    if status:
        said = log.read_bytes()[start:].decode(errors="replace")[-3000:] if log.exists() else ""
        raise GraderError(f"nbgrader {command} ended with status {status} in {where}:\n{said}")


def _launch(app: Any, arguments: Sequence[str], where: Path, log: Path) -> int:
    """Be one of nbgrader's applications: its exit status."""
    os.chdir(where)
    warnings.resetwarnings()  # those of nbgrader and of what it uses go to its log
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    try:
        app.launch_instance(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        app.clear_instance()  # else the next would take this for its own
    return 0
