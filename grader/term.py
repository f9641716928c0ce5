"""The commands of a running term: due dates and extensions, changes of grades, the roster, exports, one student.

Each command parses, calls one library function, prints, and returns an exit status, as in `cli`, which includes them.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.options import HERE, Folder, Root, UnitId
from grader.printable import one_line, say

if TYPE_CHECKING:
    from grader.course.manifest import Course
    from grader.nbgrader.changes import Agree, Change
    from grader.nbgrader.collection import GuardFinding

app = typer.Typer()

Wait = Annotated[bool, typer.Option("--wait", help="Wait while another command is at work in the folder.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree to changes of grades without being asked.")]


def news(line: str) -> None:
    """Say something that happened on the way."""
    say(line, error=True)


# ------------------------------------------------------------------------------------------------ changes of grades


def asking(
    yes: bool,
    *,
    dry_run: bool = False,
    stop: Callable[[], None] = lambda: None,
    show: Callable[[list[Change]], None] | None = None,
) -> Agree:
    """Show the grades that would change, and ask. Without a terminal, only --yes agrees.

    `dry_run` says that the command has this option; `stop` ends a progress bar. `show` prints the changes in place of
    our table; then standard output is for a machine, and the question goes to standard error.
    """

    def agree(changes: list[Change]) -> bool:
        if yes:
            return True
        stop()
        if show is not None:
            show(changes)
        else:
            say("These grades would change:")
            _print_changes(changes)
        if not sys.stdin.isatty():
            say("Agree with --yes" + "; look without writing with --dry-run" * dry_run + ".", error=True)
            return False
        try:
            with contextlib.redirect_stdout(sys.stderr if show is not None else sys.stdout):
                return typer.confirm("Write them?", err=show is not None)
        except typer.Abort:  # Ctrl-C, or the end of the input
            raise KeyboardInterrupt from None

    return agree


def say_changes(changes: Sequence[Change], *, dry_run: bool = False) -> None:
    """Say which grades changed, or would have."""
    if changes:
        say("These grades would change:" if dry_run else "These grades changed:")
        _print_changes(changes)
    elif dry_run:
        say("No grade would change.")
    if dry_run:
        say("Nothing was written.")


def _print_changes(changes: Sequence[Change]) -> None:
    from grader.report.table import print_changes

    print_changes(plain_changes(changes))


def plain_changes(changes: Sequence[Change]) -> list[tuple[str, str, float, float, tuple[str, ...]]]:
    """The changes as what prints them takes them."""
    return [(change.unit, change.student, change.before, change.after, change.what) for change in changes]


def say_moved_due_dates(course: Course, units: Sequence[str], folder: Path) -> None:
    """Say which due dates the manifest moves."""
    from grader.nbgrader.gradebook import moved_due_date

    for unit in units:
        before, now = moved_due_date(folder, course.unit(unit)) or (None, None)
        was = f"{before:%Y-%m-%d %H:%M} UTC" if before else "none"
        if now:
            say(f"{one_line(unit)}: due date {was} -> {now:%Y-%m-%d %H:%M} UTC; penalties are computed again")
        elif before:
            say(f"{one_line(unit)}: course/course.toml has no due date, so that of the gradebook counts: {was}")


def collect_from(source: Path, unit: str, folder: Path, *, update: bool, at: str) -> list[GuardFinding]:
    """Bring in submissions from an LMS's zip or a folder, and say whose."""
    import msgspec

    from grader.exports import roster
    from grader.nbgrader import extensions, from_lms, students
    from grader.nbgrader.gradebook import as_in_gradebook

    people = [msgspec.to_builtins(person) for person in roster.of_folder(folder).values()]
    known = from_lms.names_of(people, students.known(folder))
    if not people and source.is_dir():  # no roster: the names of a plain folder are the students' ids
        known = from_lms.names_in(source, unit) | known
    handed_in = as_in_gradebook(extensions.parse_until(at, "--at")) if at else None
    came, findings = from_lms.collect_from(source, unit, folder, known=known, update=update, handed_in=handed_in)
    say(f"{len(came)} submissions from {source}")
    return findings


# ------------------------------------------------------------------------------------------------ due dates


@app.command("list")
def list_units(folder: Folder = HERE, root: Root = HERE) -> None:
    """List the units: when each is due, its points, who has handed in and who has an extension.

    Example: grader list --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.course.folder import CourseFolder
    from grader.nbgrader import collection, extensions
    from grader.report.table import print_units

    course, until, layout = manifest.load(root), extensions.read(folder), CourseFolder(folder)
    print_units(
        [
            (
                unit.id,
                f"{unit.due:%Y-%m-%d %H:%M %Z}" if unit.due else "-",
                f"{unit.points:g}",
                str(len(collection.submitted(folder, unit.id))),
                str(len(set(layout.students_with_reports(unit.id)) - collection.held(folder, unit.id).keys())),
                str(len(collection.held(folder, unit.id))),
                str(len(until.get(unit.id, {}))),
            )
            for unit in course.units
        ]
    )
    dated = [unit for unit in course.units if unit.due]
    for rules in dict.fromkeys(unit.policies.in_words() for unit in dated):
        if rules:
            say(f"{', '.join(unit.id for unit in dated if unit.policies.in_words() == rules)}: {rules}")


@app.command()
def extend(
    student: Annotated[str, typer.Argument(help="The student's id.")] = "",
    unit: Annotated[str, typer.Argument(help="The id of a unit in course/course.toml.")] = "",
    until: Annotated[str, typer.Option(help="The last moment: 2026-12-31 or 2026-12-31T18:00+01:00.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the extension back.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List all extensions.")] = False,
    folder: Folder = HERE,
    root: Root = HERE,
    yes: Yes = False,
    wait: Wait = False,
) -> None:
    """Let a student hand a unit in later, before or after the fact; late penalties are computed again.

    Example: grader extend ada u1_derivative_intuition --until 2027-01-07
    """
    from grader.course import manifest
    from grader.errors import GraderError
    from grader.grading.turn import turn
    from grader.nbgrader import deadlines, extensions

    course = manifest.load(root)
    if listed:
        for name, given in extensions.read(folder).items():
            for who, last in given.items():
                say(f"{name}: {one_line(who)}: until {last:%Y-%m-%d %H:%M %Z}")
        return
    if not student or not unit or bool(until) == remove:
        raise GraderError("expected a student, a unit, and --until DATE or --remove; or --list alone")
    end = None if remove else extensions.parse_until(until)
    with turn(folder, f"extending {unit}", wait=wait, news=news):
        changes = deadlines.extend(course, folder, course.unit(unit), student, end, agree=asking(yes))
    say(f"{unit}: {one_line(student)}: {f'until {end:%Y-%m-%d %H:%M %Z}' if end else 'no extension'}")
    say_changes(changes)


# ------------------------------------------------------------------------------------------------ one student


@app.command()
def diff(unit: UnitId, folder: Folder = HERE) -> None:
    """Show what the last grading of a unit changed: whose grade, from what, to what, and by which change.

    Example: grader diff u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest, places
    from grader.nbgrader.last_grading import differences
    from grader.report.table import print_changes

    root = places.repository_of(folder)
    tasks = [task for known in manifest.load(root).units if known.id == unit for task in known.tasks] if root else []
    found = differences(folder, unit, {name: task.id for task in tasks for name in task.was})
    if not found:
        say(f"{one_line(unit)}: the last grading changed nothing that had been graded before")
        return
    print_changes([(unit, change.student, change.before, change.after, change.what) for change in found])


@app.command()
def student(
    who: Annotated[str, typer.Argument(help="The student's id.")],
    rename: Annotated[str, typer.Option(help="The student's new id.")] = "",
    left: Annotated[bool, typer.Option("--left", help="The student has left: exports leave them out.")] = False,
    back: Annotated[bool, typer.Option("--back", help="The student is back.")] = False,
    folder: Folder = HERE,
    wait: Wait = False,
) -> None:
    """Show a student's points in all units; or note a new id, or that they left. Nothing is ever deleted.

    Example: grader student ada --rename ada.lovelace --folder ~/calculus-2026
    """
    from grader.grading.turn import turn
    from grader.nbgrader import students
    from grader.nbgrader.gradebook import all_standings
    from grader.report.table import print_standings

    students.find(folder, who)
    if rename:
        with turn(folder, f"renaming {one_line(who)}", wait=wait, news=news):
            moved = students.rename(folder, who, rename)
        say(f"{one_line(who)} is now {one_line(rename)}; moved: {one_line(', '.join(moved), 400) or 'only the rows'}")
        return
    if left or back:
        with turn(folder, f"noting that {one_line(who)} {'left' if left else 'is back'}", wait=wait, news=news):
            students.leave(folder, who, back=back)
        say(f"{one_line(who)}: {'back in the exports' if back else 'left out of exports; rows and files stay'}")
        return
    print_standings([(unit, standing) for (unit, name), standing in all_standings(folder).items() if name == who])


# ------------------------------------------------------------------------------------------------ other systems


@app.command()
def roster(
    file: Annotated[Path, typer.Argument(help="A CSV file with a column `student`, and names and other ids.")],
    folder: Folder = HERE,
    wait: Wait = False,
) -> None:
    """Take over the roster: names, e-mails and ids in other systems, for the gradebook and the exports.

    Example: grader roster students.csv --folder ~/calculus-2026
    """
    from grader.exports.on_roster import take_over
    from grader.grading.turn import turn

    with turn(folder, "taking over the roster", wait=wait, news=news):
        added, renamed = take_over(file, folder)
    say(f"{added} students added, {renamed} with another name or e-mail; nobody was removed")


@app.command()
def export(
    form: Annotated[str, typer.Argument(help="canvas, moodle, gradescope, csv or json.")],
    units: Annotated[
        list[str] | None, typer.Argument(help="The ids of units; without any, all that are graded.")
    ] = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="Also a column for each task.")] = False,
    to: Annotated[
        Path | None, typer.Option(dir_okay=False, help="The file to write; without it, the table is printed.")
    ] = None,
    folder: Folder = HERE,
    root: Root = HERE,
) -> None:
    """Write the grades in the columns of another system. Pending grades are left blank, and counted.

    Example: grader export canvas u1_derivative_intuition --to grades.csv --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.errors import GraderError, did_you_mean
    from grader.exports.forms import FORMS
    from grader.exports.grades import grade_table
    from grader.files import write_atomically

    if form not in FORMS:
        meant = did_you_mean(form, FORMS)
        raise GraderError(" ".join(filter(None, [f"{form!a:.60}: unknown form.", meant, f"Known: {', '.join(FORMS)}"])))
    table = grade_table(manifest.load(root), folder, units or [])
    if form == "gradescope" and len(table.units) != 1:
        raise GraderError(f"gradescope has one file for each unit; name one of {', '.join(u.id for u in table.units)}")
    text = FORMS[form](table, tasks=tasks)
    if to is None:
        typer.echo(text, nl=False)
    else:
        write_atomically(to, text)
        say(f"{to}: {len(table.rows)} students, {', '.join(unit.id for unit in table.units)}")
    for unit in table.left_out:
        say(f"left out: {one_line(unit)} was graded, but course/course.toml has no such unit", error=True)
    if table.ungraded:
        of = ", ".join(sorted({unit for _, unit in table.ungraded}))
        say(f"handed in and not graded yet: {len(table.ungraded)} submissions; run `grader grade` ({of})", error=True)
    if table.pending:
        who = sorted({student for student, _ in table.pending})
        few = ", ".join(one_line(name, 60) for name in who[:10]) + ", ..." * (len(who) > 10)
        say(f"left blank, since a person must still decide: {len(table.pending)} grades of {few}", error=True)


@app.command()
def bundle(
    system: Annotated[str, typer.Argument(help="gradescope.")],
    unit: UnitId,
    to: Annotated[Path | None, typer.Option(dir_okay=False, help="The zip to write.")] = None,
    folder: Folder = HERE,
    root: Root = HERE,
) -> None:
    """Make an autograder for another system: a zip to upload there, which grades one unit.

    Example: grader bundle gradescope u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.errors import GraderError
    from grader.exports.bundle import bundle_gradescope

    if system != "gradescope":
        raise GraderError(f"{system!a:.60}: unknown system. Known: gradescope")
    path = bundle_gradescope(manifest.load(root), unit, folder, to or folder / f"gradescope_{unit}.zip")
    say(
        f"{path}: upload it as the autograder of a programming assignment. It holds the hidden tests: keep it to staff."
    )
