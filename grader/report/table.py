"""Reports as tables in the terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.course.concepts import LearningPath
from grader.course.progress import Standing
from grader.printable import LONGEST_LINE, one_line, printable, say
from grader.results import Report, TaskResult


def print_class(reports: Sequence[Report], console: Console | None = None) -> None:
    """Print one line per student: points per task, diagnosis, isolation level, milliseconds."""
    console = console or Console()
    table = Table(title=reports[0].unit if reports else "no submissions")
    table.add_column("student", no_wrap=True)
    for task in reports[0].tasks if reports else ():
        table.add_column(f"{one_line(task.task).replace('_', ' ')}\n/{task.max_points:g}", justify="right", min_width=4)
    table.add_column("sum", justify="right", min_width=5)
    table.add_column("looks like", no_wrap=True, overflow="ellipsis", width=34)
    table.add_column("", justify="right", min_width=2)
    table.add_column("ms", justify="right", min_width=5)
    for report in reports:
        looks = ", ".join(task.diagnosis for task in report.tasks if task.diagnosis) or report.problem[:60]
        table.add_row(
            Text(one_line(report.student)),
            *(points(task) for task in report.tasks),
            f"{report.points:.4g}",
            Text(one_line(looks)),
            report.level,
            f"{report.milliseconds:.0f}",
        )
    console.print(table)


def print_report(report: Report, console: Console | None = None) -> None:
    """Print one report in full, including what only staff may read."""
    console = console or Console()
    console.print(
        Text(f"{one_line(report.student)} · {report.unit} · {report.points:g}/{report.max_points:g} · {report.level}")
    )
    if report.problem:
        console.print(Text(one_line(report.problem, LONGEST_LINE), style="yellow"))
    for task in report.tasks:
        console.print(Text(f"\n{one_line(task.title)}: {points(task)}/{task.max_points:g}", style="bold"))
        if task.diagnosis:
            console.print(
                Text(
                    f"  looks like {one_line(task.diagnosis)}: {one_line(task.explanation, LONGEST_LINE)}", style="cyan"
                )
            )
        if task.example:
            console.print(Text(f"  {one_line(task.example, LONGEST_LINE)}", style="cyan"))
        for test in task.tests:
            console.print(Text(f"  {test.outcome:9} {one_line(test.says)}  ({test.milliseconds:.0f} ms)"))
            for extra in (test.hint, test.line, test.staff and f"staff: {test.staff}"):
                if extra:
                    console.print(Text(" " * 12 + printable(extra).replace("\n", "\n" + " " * 12), style="dim"))


def print_path(
    path: LearningPath, standings: Mapping[str, Standing] | None = None, console: Console | None = None
) -> None:
    """Print one line per task, in a possible order of work; with `standings`, also what is passed and what is left."""
    console = console or Console()
    if not path.steps:
        console.print(Text(f"{path.goal}: known at the start, nothing to do"))
        return
    table = Table(box=None)
    for name in ("unit", "task"):
        table.add_column(name)
    table.add_column("minutes", justify="right", no_wrap=True)
    if standings is not None:
        table.add_column("", no_wrap=True)
    for step in path.steps:
        stands = () if standings is None else (Text(standings[step.name]),)
        table.add_row(Text(step.unit.id), Text(step.task.title), f"{step.task.minutes:g}", *stands)
    console.print(table)
    console.print(Text(f"\n{path.goal}: {_tasks(len(path.steps))}, {duration(path.minutes)}"))
    if standings is not None:
        left = [step.task.minutes for step in path.steps if standings[step.name] is not Standing.PASSED]
        passed = len(path.steps) - len(left)
        console.print(Text(f"{passed} passed, {len(left)} left: {duration(sum(left))}"))


def duration(minutes: float) -> str:
    """Minutes in readable form: 45 min, 3 h 20."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def _tasks(count: int) -> str:
    return f"{count} task" if count == 1 else f"{count} tasks"


def points(task: TaskResult) -> str:
    """The points of a task, or a question mark while they are pending."""
    return "?" if task.points is None else f"{task.points:.3g}"


def say_what_is_open(graded: Iterable[Sequence[Report]], unknown: Collection[str], *, below: float) -> int:
    """Name on stderr the students who got no grade, and why. Returns the exit status of `grader grade`."""
    if unknown:
        names = ", ".join(one_line(name, 80) for name in sorted(unknown)[:20])
        more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
        say(f"not on the course's roster, so not graded: {names}{more}", error=True)
        say("Add those who belong to it (`nbgrader db student add <id>`) and grade again.", error=True)
    reports = [report for unit in graded for report in unit]
    failed = [report for report in reports if report.our_fault]
    for report in failed:
        say(f"{report.unit}: {one_line(report.student)}: pending, because we failed", error=True)
    if failed:
        say("This is our fault, please report it: `grader show` has the details.", error=True)
        return 3
    return int(bool(unknown) or any(report.points < below * report.max_points for report in reports))
