"""The command line: each command parses, calls one library function, prints, and returns an exit status.

0: success. 1: a grade was below the threshold, or a check failed. 2: wrong usage or bad input. 3: our fault.
130: interrupted with Ctrl-C; the message says what was written.
"""

from __future__ import annotations

import errno
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from grader import __version__, class_commands, term
from grader.options import FOLDER_HELP, HERE, Folder, Root, UnitId
from grader.printable import LONGEST_LINE, Cleaned, one_line, say

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)  # Python names no file in them

app = typer.Typer(
    name="grader",
    help="Build, release and grade exercises. Student code runs only in a jail.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(class_commands.app)
app.add_typer(term.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"grader {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Build, release and grade exercises. Student code runs only in a jail."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The course folder to make or to update.")],
    root: Root = HERE,
    exchange: Annotated[Path | None, typer.Option(help="The exchange folder of nbgrader.")] = None,
) -> None:
    """Make a course folder for nbgrader, configured to grade with our engine.

    Example: grader init ~/calculus-2026 --exchange /srv/nbgrader/exchange
    """
    from grader.course import manifest
    from grader.nbgrader import setup

    setup.init_course_folder(manifest.load(root), folder, exchange=exchange)
    say(one_line(f"{folder}: ready. Next: grader build <unit> --folder {shlex.quote(str(folder))}", LONGEST_LINE))


new = typer.Typer(help="Write a working course or unit to start from.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(new, name="new")


@new.command("course")
def new_course(
    folder: Annotated[Path, typer.Argument(help="The folder to make: course repository and course folder in one.")],
    exchange: Annotated[Path | None, typer.Option(help="The exchange folder of nbgrader.")] = None,
) -> None:
    """Write a course with one unit that builds, audits and grades as it is, to edit into your own.

    Example: grader new course statistics
    """
    from grader.course import manifest, starter
    from grader.nbgrader import setup

    unit = starter.write_course(folder)
    setup.init_course_folder(manifest.load(folder), folder, exchange=exchange)
    go = f"cd {shlex.quote(str(folder))}"
    say(one_line(f"{folder}: a course with the unit {unit}. Next: {go} && grader build {unit}", LONGEST_LINE))


@new.command("unit")
def new_unit(
    name: Annotated[str, typer.Argument(help="The id of the unit: lower-case letters, digits and _.")],
    root: Root = HERE,
) -> None:
    """Write a unit that builds, audits and grades as it is, and enter it in course/course.toml.

    Example: grader new unit sampling
    """
    from grader.course import starter

    for path in starter.write_unit(root, name):
        say(path)
    say(f"Edit these, and the table {name} at the end of course/course.toml. Next: grader build {name}")


@app.command()
def show(
    unit: UnitId,
    student: Annotated[str, typer.Argument(help="The student's id; unit and student may also be swapped.")],
    folder: Folder = HERE,
    html: Annotated[
        Path | None,
        typer.Option("--html", dir_okay=False, help="Write the page that the student reads into this file."),
    ] = None,
) -> None:
    """Show one report in full, including what only staff may read, and what else the gradebook has.

    The gradebook has scores given by hand, comments, extra credit, the late penalty, and the points that count. With
    --html, write the page that the student reads.

    Example: grader show u1_derivative_intuition ada --folder ~/calculus-2026
    """
    from grader import results
    from grader.course.folder import CourseFolder
    from grader.errors import GraderError, did_you_mean
    from grader.nbgrader.gradebook import by_hand
    from grader.report.table import print_by_hand, print_report

    path = CourseFolder(folder).report(unit, student)
    if not path.is_file() and CourseFolder(folder).report(student, unit).is_file():
        unit, student, path = student, unit, CourseFolder(folder).report(student, unit)
    if not path.is_file():
        known = CourseFolder(folder).students_with_reports(unit)
        few = ", ".join(map(one_line, known[:20])) + f" and {len(known) - 20} more" * (len(known) > 20)
        meant = did_you_mean(student, known)
        reports = f"Reports of {one_line(unit)}: {few or 'none; run `grader grade`'}."
        raise GraderError(" ".join(filter(None, [f"{one_line(str(path), 400)}: no such report.", meant, reports])))
    if html is None:
        print_report(results.read(path))
        standing, comments = by_hand(folder, unit, student)
        if standing is not None:
            print_by_hand(standing, comments)
        return
    from grader.course import places
    from grader.nbgrader import feedback_facts

    feedback_facts.write_feedback_page(folder, unit, student, html, root=places.find_root(folder=folder))
    say(f"{one_line(str(html), LONGEST_LINE)}: written")


@app.command()
def report(
    unit: Annotated[str, typer.Argument(help="The id of a unit; without it, the whole course.")] = "",
    folder: Folder = HERE,
    root: Root = HERE,
    page: Annotated[Path | None, typer.Option(dir_okay=False, help="Where to write the page.")] = None,
) -> None:
    """Write a page about the class: what it got wrong and why, who needs help, and what to say next time.

    Example: grader report u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.nbgrader import class_report

    course = manifest.load(root)
    written = class_report.write_class_report(course, folder, unit, page) if unit else None
    say(one_line(f"{written or class_report.write_course_report(course, folder, page)}: written", LONGEST_LINE))


@app.command()
def history(
    student: Annotated[str, typer.Argument(help="The student's id.")],
    unit: Annotated[str, typer.Argument(help="The id of a unit; without it, all units.")] = "",
    folder: Folder = HERE,
) -> None:
    """Tell everything that happened to a student's grades: when, by which tests, and what a person changed.

    Example: grader history ada u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course.folder import CourseFolder
    from grader.nbgrader import replay
    from grader.report.history import history_lines

    for line in history_lines(replay.history(CourseFolder(folder), student, unit)):
        say(line)


@app.command()
def restore(
    copy: Annotated[str, typer.Argument(help="The name of a copy; without it, lists all copies.")] = "",
    folder: Folder = HERE,
) -> None:
    """List the copies of the gradebook, which are kept before each write, or put one in its place.

    Example: grader restore 12-2026-11-29T10.15.00 --folder ~/calculus-2026
    """
    from grader.nbgrader import copies

    if not copy:
        for kept in copies.copies(folder):
            say(f"{kept.name}  {kept.graded} submissions with scores")
        if not copies.copies(folder):
            say("no copies yet: the first is made before the second time that grades are written")
        return
    replaced = copies.restore(folder, copy)
    say(f"restored {copy}." + (f" The old content is {_name_of(replaced)} now." if replaced else ""))
    say("Reports and graded notebooks are as they were; `grader grade` writes its scores into the gradebook again.")


def _name_of(replaced: Path) -> str:
    return replaced.stem if replaced.suffix == ".db" else one_line(str(replaced), LONGEST_LINE)


@app.command("replay")
def replay_grade(
    student: Annotated[str, typer.Argument(help="The student's id.")],
    unit: UnitId,
    folder: Folder = HERE,
    root: Root = HERE,
) -> None:
    """Grade a submission again, change nothing, and say whether the report is the same.

    Exits with 1 if it is not, and lists what differs.

    Example: grader replay ada u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.course.folder import CourseFolder
    from grader.nbgrader.replay import replay

    replayed = replay(manifest.load(root), unit, student, CourseFolder(folder))
    at = replayed.before.entry.at
    say(f"{unit}: {one_line(student)}: {'the same as' if replayed.same else 'not the same as'} on {at}")
    for name in replayed.changed:
        say(f"  changed since: {one_line(name, LONGEST_LINE)}")
    for difference in replayed.differences:
        say(f"  {one_line(difference, LONGEST_LINE)}")
    if not replayed.same:
        raise typer.Exit(1)


@app.command()
def audit(
    unit: Annotated[str, typer.Argument(help="The id of a unit; without it, all units.")] = "",
    root: Root = HERE,
    fast: Annotated[
        bool, typer.Option(help="Leave out the mutants, and run only part of what is repeated many times.")
    ] = False,
    page: Annotated[Path | None, typer.Option(help="Also write a page with every finding.")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Only record which hidden tests each known mistake fails.")
    ] = False,
) -> None:
    """Check that a unit's hidden tests accept right answers, reject wrong ones, and notice every small change.

    Example: grader audit u1_derivative_intuition --page audit.html
    """
    from rich.console import Console

    from grader.audit.page import write_audit_page
    from grader.audit.questions import audit_unit, record_mistakes
    from grader.audit.table import audit_table
    from grader.course import manifest

    course = manifest.load(root)
    units = [unit] if unit else [unit.id for unit in course.units]
    if update:
        for unit_id in units:
            for name, (before, now) in record_mistakes(course, unit_id).items():
                say(f"{unit_id}: {name}: {', '.join(before) or 'nothing recorded'} -> {', '.join(now)}")
        return
    audits = []
    for unit_id in units:
        audits.append(audit_unit(course, unit_id, fast=fast))
        for finding in audits[-1].faults:
            say(f"{unit_id}: {finding.task or 'unit'}: {finding.what}: {finding.says}")
    console = Console()
    side_by_side = max(1, (console.width - 36) // 20)  # units in one table
    for start in range(0, len(audits), side_by_side):
        console.print(audit_table(audits[start : start + side_by_side]))
    faults = sum(len(audited.faults) for audited in audits)
    mutants = sum(audited.mutants for audited in audits)
    say(f"{sum(len(audited.findings) for audited in audits)} findings, {faults} faults, {mutants} mutants")
    if page:
        write_audit_page(audits, page)
    if faults:
        raise typer.Exit(1)


@app.command("path")
def shortest_path(
    goal: Annotated[str, typer.Argument(help="A concept (mlp-train), a task (train) or a unit (u5_mlp_training).")],
    student: Annotated[
        str | None, typer.Option(help="Say what this student has passed, according to the reports.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--folder", "-C", help=FOLDER_HELP)] = None,
    root: Root = HERE,
) -> None:
    """List the shortest path to a concept, a task or a unit, with time estimates and a student's progress.

    Example: grader path mlp-train --student ada --folder ~/calculus-2026
    """
    from grader.course import concepts, manifest, places, progress
    from grader.report.table import print_path

    course = manifest.load(root)
    path = concepts.path_to(course, goal)
    shown_by = concepts.shown_by(course)
    passed = student and progress.standings(folder or places.find_folder(), student, path.steps, shown_by)
    print_path(path, passed or None)


@app.command()
def placement(
    student: Annotated[
        str | None, typer.Option(help="Say what this student has shown they know, according to the reports.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--folder", "-C", help=FOLDER_HELP)] = None,
    root: Root = HERE,
) -> None:
    """List the placement tasks, and how much of the course each one lets a student skip.

    Example: grader placement --student ada --folder ~/calculus-2026
    """
    from grader.course import concepts, manifest, places, progress
    from grader.report.table import print_placement

    course = manifest.load(root)
    tests = concepts.placement(course)
    known = student and progress.standings(folder or places.find_folder(), student, tests)
    print_placement(tests, known or None)


@app.command("map")
def draw_map(
    root: Root = HERE,
    svg: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw the picture into this file.")] = None,
    page: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a Markdown page, with its picture (.svg) beside it.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the map; also done without any other option.")] = False,
) -> None:
    """Draw which task teaches which concept, and what each needs.

    Example: grader map --page docs/map.md
    """
    from grader.course import manifest
    from grader.report import concept_map

    course = manifest.load(root)
    if svg:
        concept_map.write_picture(course, svg)
    if page:
        concept_map.write_map_page(course, page)
    if text or not (svg or page):
        say(concept_map.text(course))


@app.command()
def doctor() -> None:
    """Report how well this machine can isolate students' code, and what to install.

    Example: grader doctor
    """
    from grader.jail.causes import causes
    from grader.jail.self_test import probe
    from grader.results import Level

    level, reasons = probe()
    say(f"isolation: {level}")
    for reason in reasons:
        say(f"  {reason}")
    if level is not Level.L3:
        for cause in causes():
            say(f"  cause: {cause.what}")
            say(f"  remedy: {cause.remedy}")
    if level is Level.L0:
        say("Official grading is refused here.")
        raise typer.Exit(1)


def run() -> None:
    """The entry point `grader`."""
    from grader.errors import GraderError, Interrupted

    try:
        app(standalone_mode=True)
    except GraderError as error:
        # Continuation lines of a message are indented, so a name that contains a line break cannot fake a line of ours.
        say(f"grader: {error}".replace("\n", "\n  "), error=True)
        sys.exit(130 if isinstance(error, Interrupted) else 2)
    except Exception as error:
        if isinstance(error, OSError) and (error.filename is not None or error.errno in _OF_THE_DISK):
            where = one_line(str(error.filename or "the disk, perhaps that of the temporary folder"), LONGEST_LINE)
            say(f"grader: {where}: {error.strerror}", error=True)  # the disk, a missing file, permissions
            sys.exit(2)
        import traceback

        traceback.print_exc(file=Cleaned(sys.stderr))
        say(f"grader: this is our fault, please report it: {type(error).__name__}: {error}", error=True)
        sys.exit(3)


if __name__ == "__main__":
    run()
