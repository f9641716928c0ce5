"""What a student reads under each task: points, every check with its line, the hint, the question.

It never contains what is for staff (an assertion's text, a hidden number), and nothing from the student is rendered as
HTML: everything is escaped, and a plain-text form is included. Text that may contain a student's words (a message, a
line) is also hidden from MathJax, which processes the whole page and has link and style commands.
"""

from __future__ import annotations

from html import escape

import msgspec

from grader.course.notebooks import Json
from grader.results import Outcome, Report, TaskResult, TestResult

_AS_IT_IS = 'class="tex2jax_ignore mathjax_ignore"'
_MARKS = {Outcome.PASSED: "✓", Outcome.UNDECIDED: "?", Outcome.INTERNAL: "?"}


def feedback_outputs(task: TaskResult, report: Report) -> list[Json]:
    """The outputs of a grade cell, in nbformat."""
    html, text = _html(task, report), _text(task, report)
    return [{"output_type": "display_data", "metadata": {}, "data": {"text/html": html, "text/plain": text}}]


def _whose(task: TaskResult, report: Report) -> str:
    """For the first task only: the name from which the student's own numbers were made; "" for the others."""
    if task is not report.tasks[0]:
        return ""
    if report.needed:
        return " ".join([_verdict(report), _name_of_variant(report)])
    return _name_of_variant(report)


def _verdict(report: Report) -> str:
    """Whether the unit as a whole is passed."""
    said = {True: "passed", False: "not passed", None: "not decided yet"}[report.passed]
    return f"This unit is {said}: {report.points:g} of {report.max_points:g} points, and {report.needed:g} are needed."


def _name_of_variant(report: Report) -> str:
    if report.worked_as and report.worked_as != report.student:
        return (
            f"Numbers of your own were made from the name {report.student!r}. Your notebook was run under the name "
            f"{report.worked_as!r}: there you saw the numbers of that name."
        )
    return f"Numbers of your own were made from the name {report.student!r}."


def _points(task: TaskResult) -> str:
    kind = "bonus points" if task.bonus else "points"
    if not task.max_points:
        return "practice, no points"
    if task.points is None:
        return f"a person will decide, of {task.max_points:g} {kind}"
    return f"{task.points:g} of {task.max_points:g} {kind}"


def shown_tests(task: TaskResult) -> list[TestResult]:
    """The tests to show: if several lack the same thing (a stub, a name), it is shown once."""
    shown: list[TestResult] = []
    lacking = [test.hint for test in task.tests if test.outcome is Outcome.MISSING and test.hint]
    for test in task.tests:
        if lacking.count(test.hint) < 2 or test.outcome is not Outcome.MISSING:
            shown.append(test)
        elif all(test.hint != other.says for other in shown):
            shown.append(msgspec.structs.replace(test, says=test.hint, hint="", line=""))
    return shown


def _html(task: TaskResult, report: Report) -> str:
    rows = []
    for test in shown_tests(task):
        color = "#1a7f37" if test.outcome is Outcome.PASSED else "#b35900"
        more = "".join(f"<br><small {_AS_IT_IS}>{escape(part)}</small>" for part in (test.hint,) if part)
        line = f"<br><code {_AS_IT_IS}>{escape(test.line)}</code>" if test.line else ""
        mark = _MARKS.get(test.outcome, "✗")
        rows.append(
            f'<li style="list-style:none"><b style="color:{color}">{mark}</b> {escape(test.says)}{more}{line}</li>'
        )
    figures = [test.picture for test in task.tests] + [call.picture for call in task.shown]
    drawn = next(filter(None, figures), "")
    source = f"data:image/png;base64,{escape(drawn)}"
    picture = f'<p><img alt="The figure that your code drew" src="{source}"></p>' if drawn else ""
    example = f"<p {_AS_IT_IS}>{_code(task.example)}</p>" if task.example else ""
    asks = f'<p style="border-left:4px solid #b35900;padding-left:8px">{escape(task.explanation)}</p>'
    said = "".join(f"<p {_AS_IT_IS}><i>{escape(part)}</i></p>" for part in (report.problem, *task.notes) if part)
    return (
        f"<h4>{escape(task.title)}: {_points(task)}</h4>{asks if task.explanation else ''}{example}{said}"
        f"<ul>{''.join(rows)}</ul>{picture}<small {_AS_IT_IS}>{escape(_whose(task, report))}</small>"
    )


def _code(sentence: str) -> str:
    """A sentence with its call between backquotes as code."""
    before, _, rest = sentence.partition("`")
    call, _, after = rest.rpartition("`")
    return f"{escape(before)}<code>{escape(call)}</code>{escape(after)}"


def _text(task: TaskResult, report: Report) -> str:
    lines = [f"{task.title}: {_points(task)}"]
    lines += [part for part in (task.explanation, task.example, report.problem, *task.notes) if part]
    for test in shown_tests(task):
        lines.append(f"{_MARKS.get(test.outcome, '✗')} {test.says}")
        lines += [f"    {part}" for part in (test.hint, test.line) if part]
    return "\n".join(filter(None, [*lines, _whose(task, report)]))
