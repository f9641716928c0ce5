"""The class page: one self-contained file with every student's points and where the class is stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment

from grader.files import write_atomically
from grader.report.table import points
from grader.results import Outcome, Report

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ unit }}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: #1f2328 }
table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .25rem .6rem; border-bottom: 1px solid #d0d7de }
th { text-align: left } td { overflow-wrap: anywhere }
td.n { text-align: right } td.full { background: #dafbe1 } td.none { background: #ffebe9 }
td.open { background: #fff8c5 }
.bar { background: #b35900; height: .7rem; display: inline-block }
</style></head><body>
<h1>{{ unit }}</h1>
<p>{{ reports|length }} submissions, median {{ "%g"|format(median) }} of {{ "%g"|format(most) }} points.
{% if internal %}<b>{{ internal }} tasks could not be graded by us: a person must look.</b>{% endif %}</p>
<h2>Where the class is stuck</h2>
<table>{% for name, task, count, says in stuck %}
<tr><td>{{ task }}</td><td>{{ name }}</td>
<td><span class="bar" style="width:{{ count * 12 // most_often }}rem"></span> {{ count }}</td>
<td>{{ says }}</td></tr>{% else %}<tr><td>No known mistake was recognised.</td></tr>{% endfor %}</table>
<h2>How the tests ended</h2>
<table><tr><th>task</th>{% for outcome in outcomes %}<th>{{ outcome }}</th>{% endfor %}</tr>
{% for task in tasks %}<tr><td>{{ task.title }}</td>{% for outcome in outcomes %}
<td class="n">{{ ended[task.task, outcome] or "" }}</td>{% endfor %}</tr>{% endfor %}</table>
<h2>Points</h2>
<table><tr><th>student</th>{% for task in tasks %}
<th>{{ task.title }} /{{ "%g"|format(task.max_points) }}</th>{% endfor %}
<th>sum</th><th>isolation</th><th>ms</th><th>problem</th></tr>
{% for report in reports %}<tr><td>{{ report.student }}</td>{% for task in report.tasks %}
<td class="n {{ 'open' if task.points is none else 'full' if task.points == task.max_points
else 'none' if task.points == 0 }}">
{{ points(task) }}</td>{% endfor %}<td class="n">{{ "%.4g"|format(report.points) }}</td><td>{{ report.level }}</td>
<td class="n">{{ "%.0f"|format(report.milliseconds) }}</td><td>{{ report.problem[:160] }}</td></tr>{% endfor %}
</table></body></html>
"""


def write_class_page(reports: Sequence[Report], path: Path) -> None:
    """Write the page. All text in it is escaped, and it cannot load anything."""
    known: Counter[tuple[str, str]] = Counter()
    says: dict[tuple[str, str], str] = {}
    ended: Counter[tuple[str, Outcome]] = Counter()
    for report in reports:
        for task in report.tasks:
            ended.update((task.task, test.outcome) for test in task.tests)
            if task.diagnosis:
                known[task.diagnosis, task.task] += 1
                says.setdefault((task.diagnosis, task.task), task.explanation)
    totals = sorted(report.points for report in reports)
    template = Environment(autoescape=True).from_string(_PAGE)
    html = template.render(
        unit=reports[0].unit if reports else "",
        reports=reports,
        tasks=reports[0].tasks if reports else (),
        points=points,
        median=totals[len(totals) // 2] if totals else 0,
        most=reports[0].max_points if reports else 0,
        internal=sum(
            any(test.outcome is Outcome.INTERNAL for test in task.tests) for report in reports for task in report.tasks
        ),
        stuck=[(*mistake, count, says[mistake]) for mistake, count in known.most_common()],
        most_often=max(known.values(), default=1),
        ended=ended,
        outcomes=[outcome for outcome in Outcome if any(ended[task, outcome] for task, _ in ended)],
    )
    write_atomically(path, html)
