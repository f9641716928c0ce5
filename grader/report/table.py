"""Reports as tables in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from kit.needed import duration
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.course.concepts import LearningPath, Step
from grader.course.progress import Standing
from grader.printable import LONGEST_LINE, one_line, printable, say
from grader.results import Report, TaskResult

MANY = 200  # students; nobody reads a line for each of more


def print_class(reports: Sequence[Report], console: Console | None = None) -> None:
    """Print one line per student: points per task, diagnosis, isolation level, milliseconds.

    On a narrow terminal the tasks are numbered, and stand in several tables if one would be too wide. A class of more
    than `MANY` gets one line per task instead.
    """
    console = console or Console()
    if len(reports) > MANY:
        _print_sums(reports, console)
        return
    if reports and console.width < _wide(reports[0]):
        _print_narrow(reports, console)
        return
    table = Table(title=reports[0].unit if reports else "no submissions")
    table.add_column("student", no_wrap=True)
    for task in reports[0].tasks if reports else ():
        table.add_column(f"{one_line(task.task).replace('_', ' ')}\n/{task.max_points:g}", justify="right", min_width=4)
    table.add_column("sum", justify="right", min_width=5)
    table.add_column("looks like", no_wrap=True, overflow="ellipsis", width=34)
    table.add_column("", justify="right", min_width=2)
    table.add_column("ms", justify="right", min_width=5)
    for report in reports:
        table.add_row(
            Text(one_line(report.student)),
            *(points_of_task(task) for task in report.tasks),
            f"{report.points:.4g}",
            Text(_looks(report)),
            report.level,
            f"{report.milliseconds:.0f}",
        )
    console.print(table)


def _print_sums(reports: Iterable[Report], console: Console) -> None:
    """Print one line per task: how many have all of its points, some, none, or are pending, and the mean."""
    counts: dict[str, Counter[str]] = {}
    sums: dict[str, float] = {}
    most: dict[str, float] = {}
    students = 0
    for students, report in enumerate(reports, 1):  # noqa: B007 - counted, and read once: a class may not fit into memory
        for task in report.tasks:
            most[task.task] = task.max_points
            sums[task.task] = sums.get(task.task, 0.0) + (task.points or 0.0)
            share = None if task.points is None else task.points / (task.max_points or 1.0)
            what = "pending" if share is None else "all" if share > 1 - 1e-9 else "some" if share > 0 else "none"
            counts.setdefault(task.task, Counter())[what] += 1
    table = Table(title=f"{report.unit}: {students} students", box=None, padding=(0, 1, 0, 0))
    table.add_column("task", overflow="fold")
    for name in ("of", "mean", "all", "some", "none", "pending"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, found in counts.items():
        decided = found.total() - found["pending"]
        mean = f"{sums[name] / decided:.2f}" if decided else "-"
        numbers = (str(found[what]) for what in ("all", "some", "none", "pending"))
        table.add_row(one_line(name), f"{most[name]:g}", mean, *numbers)
    console.print(table)
    console.print(Text("Each student: `grader report`, `grader show STUDENT UNIT`", style="dim"))


def _wide(report: Report) -> int:
    """The columns that the wide table needs: a task's column is as wide as the longest word of its name."""
    words = [max(4, *(len(word) for word in task.task.split("_"))) for task in report.tasks]
    return 18 + sum(words) + 3 * len(words) + 8 + 37 + 5 + 8


def _looks(report: Report) -> str:
    return one_line(", ".join(task.diagnosis for task in report.tasks if task.diagnosis) or report.problem[:60])


def _print_narrow(reports: Sequence[Report], console: Console) -> None:
    tasks, room = reports[0].tasks, console.width
    name = min(18, max(7, *(len(one_line(report.student)) for report in reports)))
    at_once = max(1, (room - name - 1 - 7) // 6)  # tasks in one table
    for start in range(0, len(tasks), at_once):
        last = start + at_once >= len(tasks)
        shown = range(start, min(start + at_once, len(tasks)))
        table = Table(title=reports[0].unit if start == 0 else "", box=None, padding=(0, 1, 0, 0))
        table.add_column("student", no_wrap=True, overflow="ellipsis", width=name)
        for number in shown:
            table.add_column(f"{number + 1}\n/{tasks[number].max_points:g}", justify="right", width=5, no_wrap=True)
        left = room - name - 1 - 6 * len(shown) - 7
        if last:
            table.add_column("sum", justify="right", width=6, no_wrap=True)
            if left >= 10:
                table.add_column("looks like", no_wrap=True, overflow="ellipsis", width=left - 1)
        for report in reports:
            end: list[str | Text] = [f"{report.points:.4g}", Text(_looks(report))]
            end = end[: 1 + (left >= 10)] if last else []
            table.add_row(
                Text(one_line(report.student)), *(points_of_task(report.tasks[number]) for number in shown), *end
            )
        console.print(table)
    legend = ", ".join(f"{number} {one_line(task.task)}" for number, task in enumerate(tasks, 1))
    console.print(Text(legend, style="dim"))


def print_changes(
    changes: Sequence[tuple[str, str, float, float, Sequence[str]]], console: Console | None = None
) -> None:
    """Print whose grade changes: (unit, student, before, after, what) for each."""
    console = console or Console()
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("unit", overflow="ellipsis", max_width=20, no_wrap=True)
    table.add_column("student", overflow="ellipsis", max_width=20, no_wrap=True)
    for name in ("before", "after"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("what", overflow="fold")
    for unit, student, before, after, what in changes:
        said = one_line("; ".join(what), LONGEST_LINE)
        table.add_row(Text(unit), Text(one_line(student)), f"{before:.4g}", f"{after:.4g}", Text(said))
    console.print(table)
    gain = sum(after > before for _, _, before, after, _ in changes)
    lose = sum(after < before for _, _, before, after, _ in changes)
    console.print(Text(f"{gain} gain, {lose} lose, {len(changes) - gain - lose} keep their sum"))


def print_units(rows: Sequence[Sequence[str]], console: Console | None = None) -> None:
    """Print one line per unit: its id, due date, points, and how many were handed in, graded, held back, extended."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("unit", overflow="fold")
    table.add_column("due", no_wrap=True)
    for name in ("points", "handed\nin", "graded", "held\nback", "ext."):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    (console or Console()).print(table)


def print_standings(rows: Sequence[tuple[str, Any]], console: Console | None = None) -> None:
    """Print one line per unit of a student: (unit, Standing)."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("unit", overflow="fold")
    for name in ("earned", "late", "counts", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("tasks", overflow="fold")
    for unit, standing in rows:
        said = (
            f"{task} {'pending' if score.points is None else f'{score.points:.4g}'}/{score.most:g}"
            for task, score in standing.tasks.items()
        )
        numbers = (standing.earned, -standing.penalty, standing.total, standing.most)
        table.add_row(Text(unit), *(f"{number + 0:.4g}" for number in numbers), Text(one_line(", ".join(said), 2000)))
    (console or Console()).print(table)


def print_report(report: Report, console: Console | None = None) -> None:
    """Print one report in full, including what only staff may read."""
    console = console or Console()
    console.print(
        Text(f"{one_line(report.student)} · {report.unit} · {report.points:g}/{report.max_points:g} · {report.level}")
    )
    if report.problem:
        console.print(Text(one_line(report.problem, LONGEST_LINE), style="yellow"))
    for task in report.tasks:
        console.print(Text(f"\n{one_line(task.title)}: {points_of_task(task)}/{task.max_points:g}", style="bold"))
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


def print_by_hand(standing: Any, comments: Mapping[str, str], console: Console | None = None) -> None:
    """Print what a grade (a Standing) consists of in the gradebook besides the automatic scores."""
    console = console or Console()
    console.print(Text("\nin the gradebook:", style="bold"))
    for task, score in standing.tasks.items():
        said = [f"by hand {score.manual:g}"] if score.manual is not None else []
        said += [f"extra credit {score.extra:g}"] if score.extra else []
        said += ["a person must look"] if score.open else []
        if said:
            console.print(Text(f"  {one_line(task)}: {', '.join(said)}"))
    for task, text in comments.items():
        console.print(Text(f"  comment on {one_line(task)}: {one_line(text, LONGEST_LINE)}"))
    if standing.penalty:
        console.print(Text(f"  late penalty: -{standing.penalty:.4g}"))
    console.print(Text(f"  counts: {standing.total:.4g} of {standing.most:g}"))


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
        done = (Standing.PASSED, Standing.KNOWN)
        left = [step.task.minutes for step in path.steps if standings[step.name] not in done]
        known = sum(standings[step.name] is Standing.KNOWN for step in path.steps)
        passed = len(path.steps) - len(left) - known
        placed = f"{known} known by the placement, " if known else ""
        console.print(Text(f"{passed} passed, {placed}{len(left)} left: {duration(sum(left))}"))


def print_placement(
    tests: Mapping[Step, Sequence[Step]],
    standings: Mapping[str, Standing] | None = None,
    console: Console | None = None,
) -> None:
    """Print one line per placement task: what it lets a student skip; with `standings`, whether this student may."""
    console = console or Console()
    if not tests:
        console.print(Text("no task of this course proves a concept (key `proves` of a task in course/course.toml)"))
        return
    table = Table(box=None)
    table.add_column("task")
    for name in ("minutes", "skips", "worth"):
        table.add_column(name, justify="right", no_wrap=True)
    if standings is not None:
        table.add_column("", no_wrap=True)
    for test, shown in tests.items():
        stands = () if standings is None else (Text(standings[test.name]),)
        saved = duration(sum(step.task.minutes for step in shown))
        table.add_row(Text(test.task.title), f"{test.task.minutes:g}", _tasks(len(shown)), saved, *stands)
    console.print(table)
    passed = [test for test in tests if standings is None or standings[test.name] is Standing.PASSED]
    every = {step.name: step for test in passed for step in tests[test]}
    saved = duration(sum(step.task.minutes for step in every.values()))
    what = "all together skip" if standings is None else "known by the placement:"
    console.print(Text(f"\n{what} {_tasks(len(every))}, {saved}"))


def _tasks(count: int) -> str:
    return f"{count} task" if count == 1 else f"{count} tasks"


def points_of_task(task: TaskResult) -> str:
    """The points of a task, or a question mark while they are pending."""
    return "?" if task.points is None else f"{task.points:.3g}"


def say_what_is_open(graded: Iterable[Sequence[Report]], unknown: Collection[str], *, below: float) -> int:
    """Name on stderr the students who got no grade, and why. Returns the exit status of `grader grade`."""
    if unknown:
        names = ", ".join(one_line(name, 80) for name in sorted(unknown)[:20])
        more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
        say(f"not on the course's roster, so not graded: {names}{more}", error=True)
        say("Add those who belong to it (`grader roster FILE`) and grade again.", error=True)
    failed = weak = False
    for report in (report for unit in graded for report in unit):
        if report.our_fault:
            failed = True
            say(f"{report.unit}: {one_line(report.student)}: pending, because we failed", error=True)
        weak = weak or report.points < below * report.max_points
    if failed:
        say("This is our fault, please report it: `grader show` has the details.", error=True)
        return 3
    return int(bool(unknown) or weak)
