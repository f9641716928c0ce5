"""The commands that bring a class through a unit: build, collect, grade. As in `cli`, which includes them."""

from __future__ import annotations

import contextlib
import functools
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader import term
from grader.options import FOLDER_HELP, HERE, Folder, Root, UnitId
from grader.printable import LONGEST_LINE, one_line, say
from grader.term import Wait, Yes, news

if TYPE_CHECKING:
    from grader.course.manifest import Course
    from grader.grading.batch import RemoteWorkers
    from grader.nbgrader.changes import Agree, Change
    from grader.nbgrader.class_grading import GradedClass
    from grader.nbgrader.collection import GuardFinding
    from grader.report.grading_progress import GradingProgress

app = typer.Typer()

Update = Annotated[bool, typer.Option("--update", help="Take newer submissions in place of older ones.")]
AnyOwner = Annotated[bool, typer.Option("--any-owner", help="Do not compare a folder's user with the student's id.")]
_FROM_HELP = "A zip from Moodle or Canvas, or a folder, instead of the exchange."
From = Annotated[Path | None, typer.Option("--from", help=_FROM_HELP)]
At = Annotated[str, typer.Option(help="With --from: when all of it was handed in, instead of the zip's times.")]
Admit = Annotated[list[str] | None, typer.Option(help="Let this student's held-back work through as it is.")]
_UNITS_HELP = "The ids of units in course/course.toml; grading several in one run is faster."
Units = Annotated[list[str], typer.Argument(help=_UNITS_HELP)]
Student = Annotated[list[str] | None, typer.Option(help="Grade only this student (may be repeated).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say whose grade would change, and write nothing.")]
Workers = Annotated[int | None, typer.Option(min=1, help="How many at once; all cores by default.")]
_SCHEDULER_HELP = "Grade on the workers of this Dask cluster (tcp://HOST:PORT); see docs/scaling.md."
Scheduler = Annotated[str, typer.Option(help=_SCHEDULER_HELP)]
Fresh = Annotated[bool, typer.Option("--fresh", help="Also grade what is already graded and has not changed.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for machines.")]
Below = Annotated[float, typer.Option(help="Exit with 1 if a submission gets less than this share of the points.")]


@app.command()
def build(unit: UnitId, folder: Folder = HERE, root: Root = HERE, yes: Yes = False, wait: Wait = False) -> None:
    """Build a unit: join its stubs with its reference under source/, and let nbgrader make release/ from it.

    Run it again after any change to the unit, even when there are submissions: if a grade would change, prints who
    gains and who loses, and asks first. A build that fails leaves source/, release/ and the gradebook as they were.

    Example: grader build u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import leaks, manifest
    from grader.course.folder import CourseFolder
    from grader.grading.turn import turn
    from grader.nbgrader import release

    course = manifest.load(root)
    course.unit(unit)
    folder.mkdir(parents=True, exist_ok=True)
    with turn(folder, f"building {unit}", wait=wait, news=news):
        changes = release.release_unit(course, unit, folder, agree=term.asking(yes))
    released = CourseFolder(folder).release(unit)
    term.say_changes(changes)
    say(f"{released}: built. Next: nbgrader release_assignment {unit} (with --force if it was released before)")
    found = leaks.find_leaks(course, unit, released)
    for leak in found:
        say(str(leak), error=True)
    if found:
        raise typer.Exit(1)


@app.command()
def collect(
    unit: UnitId,
    folder: Folder = HERE,
    update: Update = False,
    any_owner: AnyOwner = False,
    source: From = None,
    at: At = "",
    admit: Admit = None,
    wait: Wait = False,
) -> None:
    """Collect a unit from the exchange; submissions that cannot be trusted go to quarantine/, with the reason.

    Exits with 1 if a submission was quarantined or refused.

    Example: grader collect u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest, places
    from grader.grading.turn import turn
    from grader.nbgrader import apps, from_lms

    if root := places.repository_of(folder):
        manifest.load(root).unit(unit)  # a slip in its name would collect nothing, without a word
    with turn(folder, f"collecting {unit}", wait=wait, news=news):
        for student in admit or ():
            left_out = from_lms.admit_held(folder, unit, student)
            without = f", without {one_line(', '.join(left_out), 400)}" if left_out else ""
            say(f"{one_line(student)}: let through{without}")
        if admit:
            return
        if source is None:
            findings = apps.collect_unit(unit, folder, update=update, any_owner=any_owner)
        else:
            findings = term.collect_from(source, unit, folder, update=update, at=at)
    _say_findings(unit, folder, findings, "mended" if source is None else "kept")
    if any(finding.refused for finding in findings):
        raise typer.Exit(1)


def _say_findings(unit: str, folder: Path, findings: Sequence[GuardFinding], well: str) -> None:
    """Say what was held back or refused, and how many there are to grade; `well` is for what was neither."""
    from grader.course.folder import CourseFolder
    from grader.nbgrader import collection

    held, quarantine = collection.held(folder, unit), CourseFolder(folder).quarantine
    for finding in findings:
        kept = "held back" if finding.student in held else "not brought in"
        what = kept if finding.held else "refused (an admitted one counts)" if finding.refused else well
        reasons = "; ".join((*finding.refused, *finding.notes))
        say(f"{one_line(finding.student)}: {what}: {one_line(reasons, LONGEST_LINE)}")
    say(f"{len(collection.submitted(folder, unit))} to grade, {len(held)} held back in {quarantine}")
    if held:
        say(f"See reason.txt there. A person may let one through: grader collect {unit} --admit STUDENT")


@app.command()
def grade(
    units: Units,
    folder: Folder = HERE,
    root: Root = HERE,
    student: Student = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    workers: Workers = None,
    wait: Wait = False,
    fresh: Fresh = False,
    as_json: AsJson = False,
    below: Below = 0,
    scheduler: Scheduler = "",
) -> None:
    """Grade every submission of the given units and write gradebook.db, autograded/ and reports/.

    If a grade that stood would change for the same work, prints who gains and who loses, and asks first.
    A grade is kept if nothing that it depends on has changed. A run that was stopped or killed goes on where it was.

    Exits with 3 if a grade is pending because of an error of ours, and names the students.

    Example: grader grade u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.grading.turn import turn
    from grader.nbgrader import class_grading
    from grader.nbgrader.handed_in import Options
    from grader.report.grading_progress import Bars, JsonLines
    from grader.report.table import say_what_is_open

    course = manifest.load(root)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service or a scheduler stops us as Ctrl-C does
    progress: GradingProgress = JsonLines() if as_json else Bars()
    options = Options(tuple(student or ()), dry_run, _asking_beside(progress, yes, as_json=as_json))
    with turn(folder, f"grading {', '.join(units)}", wait=wait, news=news), _cluster(scheduler) as elsewhere, progress:
        _say_moved_due_dates(course, units, folder, quiet=as_json)
        run = functools.partial(class_grading.grade_classes, on_report=progress.report, on_plan=progress.plan)
        graded = run(course, units, folder, options, workers=workers, fresh=fresh, elsewhere=elsewhere)
        _show_changes(progress, _changes_in(graded), written=not dry_run)
    if not as_json:
        _say_graded(graded, dry_run=dry_run)
    unknown = {name for unit in units for name in class_grading.unknown_students(folder, unit)}
    open_ = [done.reports if below else done.reports.not_final() for done in graded.values()]
    if status := say_what_is_open(open_, unknown, below=below):
        raise typer.Exit(status)


@app.command()
def watch(
    units: Units,
    folder: Folder = HERE,
    root: Root = HERE,
    any_owner: AnyOwner = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between looks into the exchange.")] = 1.0,
    port: Annotated[
        int, typer.Option(help="The port of /healthz and /metrics on 127.0.0.1; 0 takes any free port.")
    ] = 9477,
) -> None:
    """Collect, grade and release feedback as students hand in, until it is stopped.

    Ctrl-C or SIGTERM ends it after the submissions in hand; twice, at once. Nothing is lost either way, even by a kill:
    start it again, and it goes on. What happens is written to standard error, one JSON object a line.

    Example: grader watch u1_derivative_intuition --folder ~/calculus-2026
    """
    from grader.course import manifest
    from grader.course.folder import CourseFolder
    from grader.grading.turn import turn
    from grader.nbgrader.watch import Watch
    from grader.nbgrader.watch_signals import Signals, log, serve_status

    course = manifest.load(root)
    for unit in units:
        course.unit(unit)
    signals, heard = Signals(), list[int]()

    def stop(number: int, _: object) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise KeyboardInterrupt

    with turn(folder, f"watching {', '.join(units)}", news=news, lock=CourseFolder(folder).watch):
        watching = Watch(root, units, folder, signals, any_owner=any_owner)
        server = serve_status(signals, port)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        log("started", units=units, port=server.server_address[1])
        try:
            watching.run(lambda: bool(heard), every=every)
        finally:
            server.shutdown()
            log("stopped")


mistake = typer.Typer(help="Known mistakes of a unit.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(mistake, name="mistake")


@mistake.command("new")
def new_mistake(
    unit: UnitId,
    task: Annotated[str, typer.Argument(help="The id of the task.")],
    name: Annotated[str, typer.Argument(help="A Python name for the mistake.")],
    student: Annotated[str, typer.Option(help="Show this student's answer beside it, as comments.")] = "",
    folder: Annotated[Path | None, typer.Option("--folder", "-C", help=f"With --student. {FOLDER_HELP}")] = None,
    root: Root = HERE,
) -> None:
    """Write the beginning of a known mistake into the unit's mistakes.py, to fill in.

    The class page lists wrong answers that nothing recognised. No line of a student becomes code: you write what the
    answer does, and what to ask.

    Example: grader mistake new u1_derivative_intuition average_rate divides_by_the_end --student ada
    """
    from grader.course import manifest, places
    from grader.course.folder import CourseFolder
    from grader.diagnosis import scaffold
    from grader.errors import GraderError
    from grader.nbgrader.feedback_facts import answers_of

    found = manifest.load(root).unit(unit)
    answer = ""
    if student:
        notebook = CourseFolder(folder or places.find_folder()).autograded(student, unit) / found.notebook_name
        answer = answers_of(notebook).get(task, "")
        if not answer:
            raise GraderError(
                f"{notebook}: there is no graded answer to {one_line(task)}; is {one_line(student)} the id?"
            )
    path = scaffold.new_mistake(found, task, name, answer=answer)
    say(f"{path}: {name} is at its end. Fill in what it does and what to ask. Next: grader audit {unit} --update")


def _cluster(scheduler: str) -> contextlib.AbstractContextManager[RemoteWorkers | None]:
    """The cluster at this address; None without one. Raises GraderError."""
    if not scheduler:
        return contextlib.nullcontext()
    from grader.errors import GraderError

    try:
        from grader.cluster.driver import Cluster
    except ModuleNotFoundError as error:
        raise GraderError(f"--scheduler needs Dask ({error}): pip install 'just-enough-calculus[cluster]'") from None
    except ValueError as error:  # Dask reads its configuration when it is imported
        raise GraderError(f"--scheduler: Dask cannot be used: {one_line(str(error), LONGEST_LINE)}") from None
    return Cluster(scheduler, news=lambda line: say(one_line(line, LONGEST_LINE), error=True))


def _say_moved_due_dates(course: Course, units: Sequence[str], folder: Path, *, quiet: bool) -> None:
    from grader.errors import Interrupted

    try:
        for unit in units:
            course.unit(unit)
        if not quiet:
            term.say_moved_due_dates(course, units, folder)
    except KeyboardInterrupt:
        raise Interrupted("interrupted before anything was graded; nothing was written") from None


def _asking_beside(progress: GradingProgress, yes: bool, *, as_json: bool) -> Agree:
    """Ask before grades change; machines get the changes as objects."""
    show = functools.partial(_show_changes, progress, written=False)
    return term.asking(yes, dry_run=True, stop=progress.stop, show=show if as_json else None)


def _changes_in(graded: dict[str, GradedClass]) -> list[Change]:
    return [change for done in graded.values() for change in done.changes]


def _show_changes(progress: GradingProgress, changes: list[Change], *, written: bool) -> None:
    progress.changes(term.plain_changes(changes), written=written)


def _say_graded(graded: dict[str, GradedClass], *, dry_run: bool) -> None:
    from grader.report.table import print_class

    for done in graded.values():
        print_class(done.reports)
    term.say_changes(_changes_in(graded), dry_run=dry_run)
