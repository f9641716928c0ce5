"""Make a course folder of nbgrader, configured to grade with our engine."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from grader.course import manifest
from grader.course.assembly import FREE_TEXT
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.files import write_atomically

BEGIN, END = "# >>> grader: written by `grader init`, do not edit between these lines", "# <<< grader"


FORMAT = "# format 3"  # of these lines; a folder with other ones was made by another version

# ------------------------------------------------------------------------------------------------ the course folder


def check_format(folder: Path) -> None:
    """Raises GraderError if `folder` was configured by another version of ours; one without our lines is fine."""
    path = CourseFolder(folder).config
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN in text and FORMAT not in text.splitlines():
        raise GraderError(
            f"{path}: written by another version of grader. Run `grader init {shlex.quote(str(folder))}` (with --root, "
            "if the course is not here): it brings the configuration up to date and keeps your own lines, all work and "
            "all grades."
        )


def init_course_folder(course: manifest.Course, folder: Path, *, exchange: Path | None = None) -> None:
    """Make `folder` a course folder that grades with our engine; an instructor's own configuration is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = CourseFolder(folder).config
    old = path.read_text(encoding="utf-8") if path.exists() else "c = get_config()  # noqa: F821 - given by traitlets\n"
    marked = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END) + r"\n?", re.DOTALL)
    found = marked.search(old)
    before = re.search(r"^c\.Exchange\.root = .*$", found[0], re.MULTILINE) if found else None
    where = f"c.Exchange.root = {str(exchange)!r}" if exchange is not None else before[0] if before else ""
    ours = "\n".join([BEGIN, *_config_lines(course, folder.resolve(), where), END, ""])
    new = marked.sub(lambda _: ours, old) if found else old.rstrip("\n") + "\n\n" + ours
    write_atomically(path, new)


def _config_lines(course: manifest.Course, folder: Path, exchange: str) -> Iterator[str]:
    here = "grader.nbgrader.preprocessors"
    yield FORMAT
    yield "import just_enough_calculus  # makes `grader` importable, below"
    yield f"c.CourseDirectory.course_id = {course.id!r}"
    yield f"c.CourseDirectory.root = {str(folder)!r}"
    if exchange:
        yield exchange
    yield "# A released stub says `...` where the answer goes."
    yield 'c.ClearSolutions.code_stub = {"python": "..."}'
    yield f"c.ClearSolutions.text_stub = {FREE_TEXT!r}"
    yield "# Student code runs in our jail, never in a kernel."
    yield "c.Autograde.sanitize_preprocessors = []  # the exporter does it"
    yield "c.Autograde.autograde_preprocessors = ["
    yield f"    '{here}.IsolatedGrade', '{here}.SaveReport', 'nbgrader.preprocessors.AssignLatePenalties'"
    yield "]"
    yield f"c.Autograde.exporter_class = '{here}.SubmissionExporter'"
    yield f"c.IsolatedGrade.course_root = {str(course.root.resolve())!r}"
    yield "# What late work costs is in course/course.toml, [policies]."
    yield "c.AssignLatePenalties.plugin_class = 'grader.nbgrader.late.LatePolicy'"
    yield f"c.LatePolicy.course_root = {str(course.root.resolve())!r}"
    yield "# A submission is looked at before it is copied; a refused one goes to quarantine/, with the reason."
    yield "c.ExchangeFactory.collect = 'grader.nbgrader.exchange.GuardedCollect'"
    yield "# Feedback is our own page, always made again, so that a regrade never leaves the old one."
    yield "c.GenerateFeedback.force = True"
    yield "c.GenerateFeedback.exporter_class = 'grader.nbgrader.feedback.FeedbackExporter'"
