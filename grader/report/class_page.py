"""The class pages: in one minute, what to say in the next lecture; below that, every figure and every student.

One self-contained file each. The only script is ours (it sorts and filters tables), and the page's policy names its
hash, so no other script can run, whatever stands in a name or a message.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from jinja2 import Environment
from markupsafe import Markup

from grader.course.manifest import Course
from grader.files import write_named
from grader.report.class_facts import STATES, Misunderstanding, TaskFacts, UnitFacts, state_of, task_of
from grader.report.feedback_page import page_templates
from grader.report.map_picture import svg
from grader.report.words import clean, cut
from grader.results import Report

_SHOWN_GROUPS, _SHOWN_NAMES, _SHOWN_INLINE = 12, 400, 4
_TELLING = 0.25  # the share of those who lost points
_WORDS = ((0.3, "tells apart"), (0.1, "weak"), (-1.1, "look at it"))  # what a discrimination from here on means


class Advice(msgspec.Struct, frozen=True):
    """One thing for the next lecture."""

    title: str
    lost: int
    of: int
    misses: str  # the test that most students miss
    missing: int  # how many do, if that tells more than the mistake
    ask: str  # the question of the most frequent mistake
    count: int  # how many made it
    example: str  # a public call, and what it gave for most of them


def write_class_page(facts: UnitFacts, path: Path, *, code: Mapping[tuple[str, str], str] | None = None) -> None:
    """Write the page of one unit. `code` holds the answers to show as examples, by (student, task)."""
    write_named(path, class_page(facts, code=code))


def class_page(facts: UnitFacts, *, code: Mapping[tuple[str, str], str] | None = None) -> str:
    """The page of one unit as HTML."""
    return (
        _environment()
        .get_template("class.html")
        .render(
            facts=facts,
            advice=lecture_advice(facts),
            histogram=histogram(facts.shares),
            median=statistics.median(facts.shares) if facts.shares else None,
            code=code or {},
            titles={task.task: task.title for task in facts.tasks},
        )
    )


def write_course_page(course: Course, units: Sequence[UnitFacts], path: Path) -> None:
    """Write the page of the whole course, with its map; `units` are those that have reports."""
    missing = [unit.title for unit in course.units if unit.id not in {facts.unit for facts in units}]
    passed = {f"{facts.unit}/{task.task}": task.passed for facts in units for task in facts.tasks}
    write_named(path, course_page(course.title, units, missing, picture=svg(course, passed)))


def course_page(title: str, units: Sequence[UnitFacts], missing: Sequence[str], *, picture: str = "") -> str:
    """The page of the whole course as HTML; `missing` are the titles of other units, `picture` is our map (SVG)."""
    by_unit = {facts.unit: {report.student: report for report in facts.reports} for facts in units}
    students = sorted({student for reports in by_unit.values() for student in reports})
    known = [(facts, mistake) for facts in units for mistake in facts.misunderstandings]
    points = {
        facts.unit: {report.student: facts.counts.get(report.student, report.points) for report in facts.reports}
        for facts in units
    }
    totals = {name: sum(of.get(name, 0.0) for of in points.values()) for name in students}
    return (
        _environment()
        .get_template("course.html")
        .render(
            title=title,
            picture=Markup(picture),  # noqa: S704 - our map: it escapes what it shows
            units=units,
            missing=missing,
            students=students,
            by_unit=by_unit,
            points=points,
            totals=totals,
            advice={facts.unit: lecture_advice(facts) for facts in units},
            mistakes=sorted(known, key=lambda pair: -len(pair[1].names))[:_SHOWN_GROUPS],
        )
    )


def lecture_advice(facts: UnitFacts) -> list[Advice]:
    """The up to three tasks at which most students lost points, with the question that helps most of them."""
    found = []
    for task in sorted(facts.tasks, key=lambda task: -len(task.lost)):
        if task.lost:
            found.append(
                _advice(task, len(facts.reports), [each for each in facts.misunderstandings if each.task == task.task])
            )
    return found[:3]


def _advice(task: TaskFacts, students: int, mistakes: Sequence[Misunderstanding]) -> Advice:
    """What to say about one task; the example belongs to what is asked."""
    # A mistake of a few says less about the rest than the test that most of them fail.
    telling = bool(mistakes) and len(mistakes[0].names) >= _TELLING * len(task.lost)
    most = mistakes[0] if telling or (mistakes and len(mistakes[0].names) > 1) else None
    asks, count, example = (most.asks, len(most.names), most.example) if most else ("", 0, task.example)
    missing = 0 if telling else task.hardest_missed
    return Advice(task.title, len(task.lost), students, task.hardest, missing, asks, count, example)


def meaning(task: TaskFacts) -> str:
    """What the task's discrimination means, in two words."""
    if task.discrimination is None:
        return "too few, or all alike"
    return next(word for least, word in _WORDS if task.discrimination >= least)


def histogram(shares: Sequence[float]) -> Markup:
    """How many students have which share of the points, in ten bars."""
    counts = [0] * 10
    for share in shares:
        counts[max(0, min(9, int(share * 10 + 1e-9)))] += 1
    most = max(*counts, 1)
    bars = []
    for place, count in enumerate(counts):
        height = 90 * count / most
        bars.append(f'<rect x="{4 + 34 * place}" y="{104 - height:.1f}" width="30" height="{height:.1f}"/>')
        if count:
            bars.append(f'<text x="{19 + 34 * place}" y="{100 - height:.1f}" text-anchor="middle">{count}</text>')
        bars.append(f'<text x="{19 + 34 * place}" y="118" text-anchor="middle">{10 * place}–{10 * place + 10}</text>')
    label = "Students by share of the points, in per cent"
    return Markup(f'<svg class="bars" viewBox="0 0 344 124" role="img" aria-label="{label}">{"".join(bars)}</svg>')  # noqa: S704 - ours


def share(part: float, whole: float) -> str:
    """A share in per cent."""
    return f"{100 * part / whole:.0f}\u00a0%" if whole else "–"


def problem_of(report: Report) -> str:
    """What went wrong with a submission as a whole, short."""
    return cut(clean(report.problem), 160)


def _environment() -> Environment:
    if "class_script" not in _ENVIRONMENT.globals:
        script = (Path(__file__).parent / "tables.js").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        _ENVIRONMENT.globals |= {
            "class_script": Markup(script),  # noqa: S704 - ours
            "class_policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
            "states": STATES,
            "state_of": state_of,
            "task_of": task_of,
            "meaning": meaning,
            "problem_of": problem_of,
            "shown_groups": _SHOWN_GROUPS,
            "shown_names": _SHOWN_NAMES,
            "shown_inline": _SHOWN_INLINE,
        }
        _ENVIRONMENT.filters["share"] = share
    return _ENVIRONMENT


_ENVIRONMENT = page_templates()
