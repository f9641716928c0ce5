"""nbgrader: its course folder, its preprocessors, its gradebook.

nbgrader keeps release, exchange, collection, late penalties, manual grading and feedback. What its kernel execution
does is replaced, by configuration only: `nbgrader autograde` (and formgrader's button) runs `CanonicalNotebook`,
`IsolatedGrade` and `SaveReport`; `grade_unit` is the fast path for a whole class and writes the same rows.
nbgrader's import costs seconds, so everything here that needs it imports it when it is called.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import secrets
import shutil
import sqlite3
import stat
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import grade, manifest, notebooks, results
from grader.errors import GraderError, Unavailable
from grader.report.feedback_cell import feedback_outputs
from grader.results import Outcome, Report, TaskResult

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

BEGIN, END = "# >>> grader: written by `grader init`, do not edit between these lines", "# <<< grader"
LOCK_SECONDS = 30
_INDEXES = {
    "grade": "notebook_id",
    "submitted_notebook": "assignment_id",
    "submitted_assignment": "student_id",
    "comment": "notebook_id",
}


# ------------------------------------------------------------------------------------------------ the course folder


def init_course_folder(course: manifest.Course, folder: Path, *, exchange: Path | None = None) -> None:
    """Make `folder` a course folder that grades with our engine; an instructor's own configuration is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nbgrader_config.py"
    ours = "\n".join([BEGIN, *_config_lines(course, folder.resolve(), exchange), END, ""])
    old = path.read_text(encoding="utf-8") if path.exists() else "c = get_config()  # noqa: F821 - given by traitlets\n"
    marked = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END) + r"\n?", re.DOTALL)
    new = marked.sub(lambda _: ours, old) if marked.search(old) else old.rstrip("\n") + "\n\n" + ours
    part = path.with_name(path.name + ".part")
    part.write_text(new, encoding="utf-8")
    part.replace(path)


def _config_lines(course: manifest.Course, folder: Path, exchange: Path | None) -> Iterator[str]:
    here = "grader.integrations.nbgrader_preprocessors"
    yield f"c.CourseDirectory.course_id = {course.id!r}"
    yield f"c.CourseDirectory.root = {str(folder)!r}"
    if exchange is not None:
        yield f"c.Exchange.root = {str(exchange)!r}"
    yield "# A released stub says `...` where the answer goes; the released notebook equals the stub in exercises/."
    yield 'c.ClearSolutions.code_stub = {"python": "..."}'
    yield "# Student code runs in our jail, never in a kernel."
    yield f"c.Autograde.sanitize_preprocessors = ['{here}.CanonicalNotebook']"
    yield "c.Autograde.autograde_preprocessors = ["
    yield f"    '{here}.IsolatedGrade', '{here}.SaveReport', 'nbgrader.preprocessors.AssignLatePenalties'"
    yield "]"
    yield f"c.Autograde.exporter_class = '{here}.SubmissionExporter'"
    yield f"c.IsolatedGrade.course_root = {str(course.root)!r}"
    yield "# Everyone's notebook is locked alike; nothing of a student's is executed when the assignment is made."
    yield "c.GenerateFeedback.force = True"


# ------------------------------------------------------------------------------------------------ grade a class


def count_submissions(course: manifest.Course, unit_id: str, folder: Path) -> int:
    """How many students have handed in `unit_id`."""
    course.unit(unit_id)
    return len(_submitted(folder, unit_id))


def _submitted(folder: Path, unit_id: str) -> list[str]:
    return sorted(path.parent.name for path in (folder / "submitted").glob(f"*/{unit_id}") if path.parent.is_dir())


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
    on_report: Callable[[Report], None] | None = None,
) -> list[Report]:
    """Grade everything in `folder`/submitted/*/<unit>, and write gradebook.db, autograded/ and reports/.

    The gradebook changes in one transaction at the end; manual scores, extra credit and manual comments stay.
    Raises GraderError, Unavailable (the gradebook stays locked).
    """
    unit = course.unit(unit_id)
    release = release_of(folder, unit_id)
    students = _submitted(folder, unit_id)
    if not students:
        raise GraderError(f"{folder / 'submitted'}: nobody has handed in {unit_id}; run `nbgrader collect {unit_id}`")
    submissions = [(one, _notebook_of(folder / "submitted" / one / unit_id, unit_id)) for one in students]
    reports = grade.grade_class(course, unit_id, submissions, release, workers=workers, on_report=on_report)
    wait_for_gradebook(folder / "gradebook.db")
    for report, (student, notebook) in zip(reports, submissions, strict=True):
        write_autograded(folder, unit_id, student, notebook, release, report)
        results.write(report, folder / "reports" / unit_id / f"{student}.json")
    _save_class(folder, unit, reports)
    return reports


def _notebook_of(submitted: Path, unit_id: str) -> Path:
    """The submission's notebook; a link in place of its folder is not followed."""
    if submitted.is_symlink():
        return submitted
    return submitted / f"{unit_id}.ipynb"


def write_autograded(folder: Path, unit_id: str, student: str, notebook: Path, release: Path, report: Report) -> None:
    """The folder from which nbgrader makes feedback: the canonical notebook with our outputs, whole or not at all."""
    target = folder / "autograded" / student / unit_id
    part = target.with_name(f".{unit_id}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        released = json.loads(release.read_text(encoding="utf-8"))
        try:
            content = notebooks.canonical_notebook(released, notebooks.read_submission(notebook))
        except notebooks.SubmissionProblem:
            content = notebooks.canonical_notebook(released, {"cells": []})
        text = json.dumps(with_feedback(content, report), indent=1, ensure_ascii=False)
        (part / f"{unit_id}.ipynb").write_text(text + "\n", encoding="utf-8")
        submitted = folder / "submitted" / student / unit_id
        stamp = timestamp_of(submitted)
        (part / "timestamp.txt").write_text(stamp.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), encoding="utf-8")
        (part / "submission_secret.txt").write_text(_secret_of(submitted, target), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        part.replace(target)
    except OSError as error:
        raise Unavailable(f"{target}: could not be written ({error.strerror}); nothing was changed in it") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def with_feedback(notebook: dict[str, Any], report: Report) -> dict[str, Any]:
    """The notebook with what its student may read in the output of each grade cell."""
    tasks = {f"test_{task.task}": task for task in report.tasks}
    cells = []
    for cell in notebook["cells"]:
        task = tasks.get(notebooks.grade_id(cell))
        cells.append({**cell, "outputs": feedback_outputs(task, report)} if task else cell)
    return {**notebook, "cells": cells}


def timestamp_of(submitted: Path) -> datetime.datetime:
    """When a submission was handed in, in UTC without a zone, as the gradebook has it; now if nothing says it."""
    path = submitted / "timestamp.txt"
    text = _small_file(path)
    match = re.match(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))? UTC\Z", text.strip())
    if match:
        with contextlib.suppress(ValueError):
            moment = datetime.datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S")
            return moment.replace(microsecond=int((match[2] or "0").ljust(6, "0")))
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def _secret_of(submitted: Path, target: Path) -> str:
    """What protects the feedback from other readers; made anew where the submission has none."""
    for path in (submitted / "submission_secret.txt", target / "submission_secret.txt"):
        text = _small_file(path).strip()
        if re.fullmatch(r"[A-Za-z0-9-]{8,400}", text):
            return text
    return secrets.token_hex(16)


def _small_file(path: Path) -> str:
    """The text of a small regular file, never through a link; "" where there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.read(fd, 1000).decode("utf-8", "replace") if stat.S_ISREG(os.fstat(fd).st_mode) else ""
    finally:
        os.close(fd)


# ------------------------------------------------------------------------------------------------ the gradebook


def wait_for_gradebook(path: Path, *, seconds: float = LOCK_SECONDS) -> None:
    """Wait until the gradebook can be written. Raises Unavailable that says whom to ask."""
    if not path.exists():
        return
    ends = time.monotonic() + seconds
    while True:
        connection = sqlite3.connect(path, timeout=min(1.0, seconds), isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            return
        except sqlite3.OperationalError as error:
            if time.monotonic() >= ends:
                raise Unavailable(
                    f"{path}: locked by another program for {seconds:g} s ({error}). {_who_holds(path)} "
                    "Nothing was written; run the same command again."
                ) from None
        finally:
            connection.close()


def _who_holds(path: Path) -> str:
    """Which processes have the file open, as far as this user may see."""
    wanted = path.resolve()
    holders = []
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        with contextlib.suppress(OSError):
            if any(link.resolve() == wanted for link in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                holders.append(f"process {process.name} ({command[:80]}, of {process.owner()})")
    if holders:
        return f"It is open in {'; '.join(holders)}."
    return "Ask whoever has formgrader, nbgrader or a database tool open on it."


def open_gradebook(folder: Path) -> Gradebook:
    """nbgrader's gradebook of a course folder."""
    from nbgrader.api import Gradebook

    _alembic_on_path()
    return Gradebook(f"sqlite:///{(folder / 'gradebook.db').resolve()}")


def _alembic_on_path() -> None:
    """nbgrader starts `alembic` by name when it makes a gradebook: our own environment's is found first."""
    import sys

    here = str(Path(sys.executable).parent)
    if here not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])


def _save_class(folder: Path, unit: manifest.Unit, reports: Sequence[Report]) -> None:
    """Write every report's rows in one transaction."""
    with open_gradebook(folder) as gradebook:
        session = gradebook.db
        try:
            with session.no_autoflush:
                assignment = gradebook.find_assignment(unit.id)
                set_due(assignment, unit)
                for report in reports:
                    submission = _submission_row(session, assignment, report.student)
                    submission.timestamp = timestamp_of(folder / "submitted" / report.student / unit.id)
                    save_rows(submission, unit.id, report)
            session.flush()
            session.expire_all()  # scores and lateness are computed by the database
            _assign_penalties(folder, assignment)
            session.commit()
            for table, column in _INDEXES.items():
                session.execute(_sql(f"CREATE INDEX IF NOT EXISTS grader_{table}_{column} ON {table} ({column})"))
            session.commit()
        except Exception as error:
            session.rollback()
            if type(error).__name__ == "OperationalError":
                raise Unavailable(f"{folder / 'gradebook.db'}: {error}; nothing was written. Run it again.") from None
            raise


def set_due(assignment: Any, unit: manifest.Unit) -> None:
    """Put the manifest's due date where the gradebook has none; one that an instructor set there stays."""
    if assignment.duedate is None and unit.due is not None:
        assignment.duedate = unit.due.astimezone(datetime.UTC).replace(tzinfo=None)


def _assign_penalties(folder: Path, assignment: Any) -> None:
    """Late penalties as nbgrader's own preprocessor assigns them, with the plugin that the course configures."""
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    stock = AssignLatePenalties(config=config)
    stock.init_plugin()
    for submission in assignment.submissions:
        for notebook in submission.notebooks:
            penalty = None
            if submission.total_seconds_late > 0:
                late = submission.total_seconds_late
                penalty = stock.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
            notebook.late_submission_penalty = None if penalty is None else stock._check_late_penalty(notebook, penalty)


def _sql(text: str) -> Any:
    from sqlalchemy import text as sql

    return sql(text)


def _submission_row(session: Any, assignment: Any, student: str) -> Any:
    """The row of a submission with all its grades and comments, made where there is none."""
    from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook

    if session.get(Student, student) is None:
        session.add(Student(id=student))
        session.flush()
    row = (
        session.query(SubmittedAssignment)
        .filter(SubmittedAssignment.assignment_id == assignment.id, SubmittedAssignment.student_id == student)
        .one_or_none()
    )
    if row is None:
        row = SubmittedAssignment(assignment=assignment, student_id=student)
        session.add(row)
        session.flush()
    have = {one.name for one in row.notebooks}
    for notebook in assignment.notebooks:
        if notebook.name not in have:
            submitted = SubmittedNotebook(notebook=notebook, assignment=row)
            session.add(submitted)
            for cell in notebook.grade_cells:
                session.add(Grade(cell=cell, notebook=submitted))
            for cell in notebook.solution_cells:
                session.add(Comment(cell=cell, notebook=submitted))
    session.flush()
    session.refresh(row)
    return row


def save_rows(submission: Any, unit_id: str, report: Report) -> None:
    """Put one report into the rows of its submission: automatic scores and comments only."""
    tasks = {task.task: task for task in report.tasks}
    for notebook in submission.notebooks:
        if notebook.name != unit_id:
            continue
        for row in notebook.grades:
            task = tasks.get(row.name.removeprefix("test_"))
            if task is None:
                continue
            row.auto_score = task.points
            row.needs_manual_grade = task.points is None or row.manual_score is not None
        for comment in notebook.comments:
            task = tasks.get(comment.name)
            if task is not None:
                comment.auto_comment = _comment(task)


def _comment(task: TaskResult) -> str | None:
    """What stands beside the answer in formgrader and in the feedback."""
    if task.tests and all(test.outcome is Outcome.MISSING for test in task.tests):
        return "No response."
    return task.explanation or None


# ------------------------------------------------------------------------------------------------ its applications


def run_nbgrader(command: str, arguments: Sequence[str], *, where: Path, log: Path) -> None:
    """Run `nbgrader command arguments` in the folder `where`, in a fork of this process. Raises GraderError."""
    import nbgrader.apps

    _alembic_on_path()
    name = "".join(word.title() for word in command.split("_")) + "App"
    app = getattr(nbgrader.apps, name)
    start = log.stat().st_size if log.exists() else 0
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.chdir(where)
            warnings.resetwarnings()  # those of nbgrader and of what it uses go to its log
            out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(out, 1)
            os.dup2(out, 2)
            app.launch_instance(list(arguments))
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        said = log.read_bytes()[start:].decode(errors="replace")[-3000:] if log.exists() else ""
        raise GraderError(f"nbgrader {command} ended with status {status} in {where}:\n{said}")
