"""The class page: its figures are those that numpy computes, and it holds for a class of one and of a thousand."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from grader import results
from grader.course import manifest
from grader.course.elsewhere import ANOTHER_ANSWER
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.nbgrader import class_report
from grader.report.class_facts import unit_facts
from grader.report.class_page import class_page, course_page, histogram, lecture_advice
from grader.report.similarity import AlikePair, Side
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.report.test_feedback_page import EVIL, TAGS, Reader, read

MOST = (3.0, 5.0, 2.0, 4.0)
DUE = datetime(2026, 12, 31, tzinfo=UTC)
NAMES = [
    "Doe, Jane",
    "O\"Neil's",
    "Jürgen",
    "\U0001f469\u200d\U0001f52c",
    "\u05d0\u05d1\u05d2",
    "x" * 300,
    "=cmd|' /C calc'!A0",
]


def one_task(place, points, *, diagnosis="", hint="", fails=(), missing=False, says=""):
    tests = [
        TestResult(
            f"test_{place}_{number}",
            f"t{place}",
            1.0,
            Outcome.MISSING if missing else Outcome.WRONG if number in fails else Outcome.PASSED,
            says=f"{says}Rule {place}.{number}.",
            hint=hint if number in fails else "",
        )
        for number in range(4)
    ]
    explanation = f"Why {diagnosis}?" if diagnosis else ""
    return TaskResult(f"t{place}", f"Task {place}", points, MOST[place], tuple(tests), diagnosis, explanation)


def random_class(count, seed=7):
    """A class in which good students do well everywhere, and every fifth task is pending or untouched."""
    rng = random.Random(seed)
    reports = []
    for number in range(count):
        skill = rng.random()
        tasks = []
        for place, most in enumerate(MOST):
            kind = rng.random()
            fails = tuple(k for k in range(4) if rng.random() > skill)
            if kind < 0.1:
                tasks.append(one_task(place, 0.0, missing=True))
            elif kind < 0.15:
                tasks.append(one_task(place, None, fails=fails))
            else:
                diagnosis = rng.choice(["half", "sign", ""]) if fails else ""
                points = most * (4 - len(fails)) / 4
                tasks.append(one_task(place, points, diagnosis=diagnosis, fails=fails, hint=f"got {rng.random()}"))
        reports.append(Report(f"s{number:04}", "unit", tuple(tasks), Level.L3, submission_hash=f"h{number}"))
    return reports


def test_every_figure_is_the_one_that_numpy_computes():
    reports = random_class(60)
    for number in (3, 20, 41, 59):  # damaged or untouched files, and one of which nothing is decided
        points = None if number == 41 else 0.0
        tasks = tuple(one_task(place, points, missing=True) for place in range(len(MOST)))
        reports[number] = msgspec.structs.replace(reports[number], tasks=tasks)
    facts = unit_facts("unit", "The unit", reports[::-1])
    points = np.array([[np.nan if task.points is None else task.points for task in report.tasks] for report in reports])
    tests = [[task.tests[0].outcome is Outcome.MISSING for task in report.tasks] for report in reports]
    working = ~(np.isnan(points) | np.array(tests)).all(axis=1)
    assert working.sum() == 56
    whole = points[~np.isnan(points).any(axis=1) & working]
    for place, task in enumerate(facts.tasks):
        assert task.difficulty == pytest.approx(np.nanmean(points[working, place]) / MOST[place])
        rest = np.delete(whole, place, axis=1).sum(axis=1)
        assert task.discrimination == pytest.approx(np.corrcoef(whole[:, place], rest)[0, 1])
        results = [report.tasks[place] for report in reports]
        untouched = {r.student for r, p in zip(reports, points[:, place], strict=True) if p == 0} & {
            r.student for r in reports if r.tasks[place].tests[0].outcome is Outcome.MISSING
        }
        assert set(task.states["untouched"]) == untouched
        assert len(task.states["pending"]) == np.isnan(points[:, place]).sum()
        assert len(task.states["right"]) == (points[:, place] == MOST[place]).sum()
        assert sum(map(len, task.states.values())) == 60
        tried = [r for r in results if r.points is not None and r.tests[0].outcome is not Outcome.MISSING]
        failed = np.array([[test.outcome is Outcome.WRONG for test in r.tests] for r in tried]).sum(axis=0)
        assert (task.hardest_missed, task.hardest_tried) == (failed.max(), len(tried))
        assert task.hardest == f"Rule {place}.{failed.argmax()}."
        below = {r.student for r, p in zip(reports, points[:, place], strict=True) if p < 0.7 * MOST[place]} - untouched
        assert set(task.below) == below
    decided = np.where(np.isnan(points), 0, MOST).sum(axis=1)
    shares = np.nansum(points, axis=1)[decided > 0] / decided[decided > 0]
    counts = np.histogram(shares, bins=np.linspace(0, 1, 11) - 1e-12)[0]
    counts[-1] += 59 - counts.sum()
    drawn = re.findall(r">(\d+)</text>", histogram(facts.shares))
    assert list(map(int, drawn)) == [count for count in counts if count]
    text = read(class_page(facts))
    assert f"60 students, median {100 * np.median(shares):.0f} % of the points decided so far, 14 in all" in text
    for task in facts.tasks:
        assert f"{100 * task.difficulty:.0f} % {task.discrimination:.2f}" in text


def test_misunderstandings_count_students_and_name_them():
    reports = random_class(40)
    facts = unit_facts("unit", "The unit", reports)
    for mistake in facts.misunderstandings:
        made = [r.student for r in reports for t in r.tasks if (t.task, t.diagnosis) == (mistake.task, mistake.name)]
        assert list(mistake.names) == made
        assert mistake.asks == f"Why {mistake.name}?"
    counts = [len(mistake.names) for mistake in facts.misunderstandings]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == sum(
        bool(task.diagnosis) for report in reports for task in report.tasks if task.points is not None
    )
    first = lecture_advice(facts)[0]
    assert first.lost == max(len(task.lost) for task in facts.tasks)
    assert f"{first.lost} of 40 students" in read(class_page(facts))


def test_wrong_answers_are_alike_if_they_fail_alike_whatever_the_numbers():
    hints = ["got 1.5 of 2", "got -3e7 of 4", "no number", "got 1 of 2"]
    tasks = [one_task(0, 1.0, fails=(1,), hint=hint) for hint in hints] + [
        one_task(0, 1.0, fails=(1, 2), hint="got 1 of 2")
    ]
    reports = [Report(f"s{number}", "u", (task,), Level.L3) for number, task in enumerate(tasks)]
    facts = unit_facts("u", "U", reports)
    assert [group.names for group in facts.unrecognised] == [("s0", "s1", "s3"), ("s2",), ("s4",)]
    text = read(class_page(facts, code={("s0", "t0"): "def f(): return <b>1"}))
    assert "3 students in Task 0. Missed: Rule 0.1." in text
    assert "def f(): return <b>1" in text


def test_what_is_unusual_is_told_as_a_fact():
    wrong = one_task(0, 1.0, fails=(1,))
    alike = [Report(name, "u", (wrong,), Level.L3, submission_hash="same") for name in ("ada", "bob")]
    other = Report("eve", "u", (wrong,), Level.L3, submission_hash="x", worked_as="ada", problem="Held back: a link.")
    empty = [Report(f"e{n}", "u", (one_task(0, 0.0, missing=True),), Level.L3, submission_hash="empty") for n in "12"]
    facts = unit_facts("u", "U", [*alike, other, *empty])
    told = [(item.names, item.why) for item in facts.notable]
    assert told == [
        (("ada", "bob"), "Their code is the same, letter for letter."),
        (("eve",), "The notebook was run under the name of another student: ada."),
    ]


def test_another_answer_beside_the_graded_notebook_is_told_as_a_fact():
    note = ANOTHER_ANSWER + "u-Copy1.ipynb, which was not graded."
    wrong = msgspec.structs.replace(one_task(0, 1.0, fails=(1,)), notes=(note, "Something harmless."))
    facts = unit_facts("u", "U", [Report("ada", "u", (wrong,), Level.L3)])
    assert [item.why for item in facts.notable] == [f"Task 0: {note}"]


def test_who_needs_a_person_and_when_they_handed_in():
    pending = TestResult("x", "t0", 0.0, Outcome.UNDECIDED, says="There is work elsewhere.", hint="In b.ipynb.")
    report = Report("ada", "u", (TaskResult("t0", "Task 0", None, 3.0, (pending,)), one_task(1, 5.0)), Level.L3)
    times = {
        "ada": DUE + timedelta(minutes=1),
        "b": DUE - timedelta(minutes=30),
        "c": DUE - timedelta(days=8),
        "d": None,
    }
    facts = unit_facts("u", "U", [report], handed_in=times, due=DUE, gives={"t1": ("chain-rule",)})
    assert [item.why for item in facts.needs_person] == ["Task 0: There is work elsewhere. In b.ipynb."]
    assert {lead: count for lead, count in facts.leads.items() if count} == {
        "over a week": 1,
        "the last hour": 1,
        "late": 1,
        "time unknown": 1,
    }
    assert "chain rule" in read(class_page(facts))


def test_practice_counts_by_its_checks():
    fails = ((), (0,), (0, 1, 2, 3))
    tasks = [msgspec.structs.replace(one_task(0, 0.0, fails=failed), max_points=0.0) for failed in fails]
    reports = [Report(f"s{n}", "u", (practice, one_task(1, 5.0)), Level.L3) for n, practice in enumerate(tasks)]
    facts = unit_facts("u", "U", reports)
    states = {state: names for state, names in facts.tasks[0].states.items() if names}
    assert states == {"right": ("s0",), "partly": ("s1",), "wrong": ("s2",)}
    assert facts.tasks[0].difficulty is None
    assert facts.tasks[0].below == ("s1", "s2")
    assert read(class_page(facts))


def test_older_reports_count_by_the_ids_of_their_tasks():
    """After a change of the unit, one student was graded again: a task came, one went, two were swapped."""
    old = [Report(f"s{n}", "u", (one_task(0, 1.0), one_task(1, 2.0), one_task(2, 2.0)), Level.L3) for n in range(3)]
    new = Report("new", "u", (one_task(3, 4.0), one_task(2, 1.0), one_task(0, 3.0)), Level.L3, timestamp="2026")
    facts = unit_facts("u", "U", [*old, new])
    assert [task.task for task in facts.tasks] == ["t3", "t2", "t0"]
    assert facts.max_points == MOST[3] + MOST[2] + MOST[0]
    assert [task.difficulty for task in facts.tasks] == pytest.approx([1.0, (3 * 1 + 0.5) / 4, (3 * 1 / 3 + 1) / 4])
    assert facts.tasks[0].states["right"] == ("new",)
    row = re.search(
        r"<tr>(?:(?!</tr>).)*s1(?:(?!</tr>).)*</tr>", class_page(facts).partition('id="students"')[2], re.DOTALL
    )
    assert re.findall(r"<td class=\"n \w+\"[^>]*>([^<]*)", row[0]) == ["–", "2", "1"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_class_of_one_has_a_page(count):
    facts = unit_facts("u", "U", random_class(count))
    text = read(class_page(facts))
    assert "nan" not in text
    assert "too few, or all alike" in text
    assert course_page("Course", [facts], ["Another unit"])


def test_a_unit_that_nobody_handed_in_is_said_in_one_sentence(root, tmp_path):
    course = manifest.load(root)
    with pytest.raises(
        GraderError, match="no submission of u3_chain_rule has been graded; run `grader grade u3_chain_rule`"
    ):
        class_report.write_class_report(course, tmp_path, "u3_chain_rule")
    with pytest.raises(GraderError, match="nothing has been graded"):
        class_report.write_course_report(course, tmp_path)
    assert list(tmp_path.iterdir()) == []


SAME = """def same(numbers):
    found = [power ** 2 - 3 * power for power in range(2, 9) if power % 2]
    for place, power in enumerate(found[1:]):
        numbers[place] += power / (1 + abs(found[place])) - 0.5 * place
    return [number for number in numbers if number > found[-1] * 0.25]
"""


def hand_in(layout, unit, student, *, hinted=()):
    """Put a notebook with an answer to the first task into submitted/ and autograded/, hints of some tasks open."""
    output = {"output_type": "display_data", "data": {}, "metadata": {}}
    stored = [output | {"metadata": {"just-enough-calculus": {"hint": {"task": task}}}} for task in hinted]
    nbgrader = {"grade_id": unit.tasks[0].id, "solution": True, "grade": False, "locked": False, "schema_version": 3}
    answer = {"cell_type": "code", "id": "a", "source": SAME, "metadata": {"nbgrader": nbgrader}, "outputs": stored}
    asked = {**answer, "id": "b", "source": "hint", "metadata": {}}
    for folder in (layout.submitted(student, unit.id), layout.autograded(student, unit.id)):
        folder.mkdir(parents=True)
        notebook = {"cells": [answer, asked], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / unit.notebook_name).write_text(json.dumps(notebook))


def test_advice_counts_students_and_has_an_example_for_the_board():
    """Three fail one test, one another; two of the three made a known mistake, and saw the same example."""
    example = "`f(2)` gave 3; expected 4."
    tasks = [one_task(0, 1.0, fails=(1,), diagnosis="half" if n < 2 else "") for n in range(3)]
    tasks = [msgspec.structs.replace(task, example=example) for task in tasks[:2]] + tasks[2:]
    tasks += [one_task(0, 2.0, fails=(2,)), one_task(0, 3.0)]
    reports = [Report(f"s{n}", "u", (task,), Level.L3) for n, task in enumerate(tasks)]
    facts = unit_facts("u", "U", reports, hints={"s1": {"t0"}, "s4": {"t0"}, "s2": {"other"}})
    (first,) = lecture_advice(facts)
    assert (first.lost, first.of, first.missing, first.count, first.example) == (4, 5, 0, 2, example)
    assert facts.tasks[0].hints == ("s1", "s4")
    text = read(class_page(facts))
    assert "4 of 5 students (80 %) lost points. Ask the 2 and the others: “ Why half? ”" in re.sub(
        "“ ?", "“ ", text
    ).replace("?”", "? ”")
    assert "For the board: f(2) gave 3; expected 4." in text
    untold = [Report(r.student, "u", (msgspec.structs.replace(r.tasks[0], diagnosis=""),), Level.L3) for r in reports]
    assert "3 miss: “Rule 0.1.”" in read(class_page(unit_facts("u", "U", untold)))


def outcomes_of(*outcomes, points, hint=""):
    """A task whose tests ended so."""
    task = one_task(0, points)
    ended = zip(task.tests, outcomes, strict=True)
    tests = tuple(
        msgspec.structs.replace(test, outcome=outcome, hint=hint * (outcome is Outcome.MISSING))
        for test, outcome in ended
    )
    return msgspec.structs.replace(task, tests=tests)


def test_one_reason_that_concerns_many_is_told_once_with_their_names_behind_a_click():
    """A free text of a whole class is one line, and still as many decisions; groups with the same code stay apart."""
    text = TaskResult(
        "t0", "Essay", None, 3.0, (TestResult("by_hand", "t0", 1.0, Outcome.UNDECIDED, "A teacher reads it."),)
    )
    died = msgspec.structs.replace(one_task(1, 0.0), tests=(TestResult("t", "t1", 1.0, Outcome.DIED),))
    same = {0: "x", 1: "x", 2: "y", 3: "y"}
    reports = [Report(f"s{n:02}", "u", (text, died), Level.L3, submission_hash=same.get(n, f"h{n}")) for n in range(30)]
    facts = unit_facts("u", "U", reports)
    assert ([len(note.names) for note in facts.needs_person], facts.to_decide) == ([30], 30)
    assert [note.names for note in facts.notable[:2]] == [("s00", "s01"), ("s02", "s03")]
    assert [len(note.names) for note in facts.notable[2:]] == [30]
    page = class_page(facts)
    assert "30 things to decide" in page
    assert page.count("Essay: A teacher reads it.") == 1
    assert page.count("<summary>30 students</summary>") == 2
    assert "<b><bdi>s00</bdi>, <bdi>s01</bdi></b>: " in page


def test_the_hardest_test_counts_only_students_who_wrote_what_it_asks_for():
    """Eight never wrote the second function, three of its four authors fail it, one more fails the first."""
    passed, missing, wrong = Outcome.PASSED, Outcome.MISSING, Outcome.WRONG
    tasks = [outcomes_of(passed, passed, missing, missing, points=1.5)] * 7
    tasks += [outcomes_of(wrong, passed, missing, missing, points=0.75)]
    tasks += [outcomes_of(passed, passed, passed, wrong, points=2.25)] * 3 + [one_task(0, 3.0)]
    stub = "This is still the stub: write your answer in place of the dots."
    untouched = [outcomes_of(passed, missing, missing, missing, points=0.75, hint=stub)] * 5
    reports = [Report(f"s{n:02}", "u", (task,), Level.L3) for n, task in enumerate([*tasks, *untouched])]
    facts = unit_facts("u", "U", reports)
    (task,) = facts.tasks
    assert task.states["untouched"] == tuple(f"s{n}" for n in range(12, 17))  # a test passes with the stub
    assert (task.hardest, task.hardest_missed, task.hardest_tried) == ("Rule 0.3.", 3, 4)
    assert "3 of the 4 who tried it miss it" in read(class_page(facts))
    (task,) = unit_facts("u", "U", reports[:7]).tasks  # nobody wrote it: then that is what to say
    assert (task.hardest, task.hardest_missed, task.hardest_tried) == ("Rule 0.2.", 7, 7)


def test_the_example_for_the_board_belongs_to_what_is_said():
    """Nine miss one test, two of them with a known mistake; one misses another test, with the commonest example."""
    ours, theirs = "`f(2)` gave 3; expected 4.", "`f(7)` gave 0; expected 9."
    tasks = [one_task(0, 1.0, fails=(1, 2), diagnosis="half" if n < 2 else "") for n in range(9)]
    tasks = [msgspec.structs.replace(task, example=ours if n < 2 else "") for n, task in enumerate(tasks)]
    tasks += [msgspec.structs.replace(one_task(0, 2.0, fails=(3,)), example=theirs)] * 3
    reports = [Report(f"s{n}", "u", (task,), Level.L3) for n, task in enumerate(tasks)]
    text = read(class_page(unit_facts("u", "U", reports)))
    said = "Ask the 2 who share a misunderstanding, and the others: “Why half?” For the board: f(2) gave 3"
    assert f"9 miss: “Rule 0.1.” {said}" in text
    alone = [*reports[2:9], *reports[9:]]
    (first,) = lecture_advice(unit_facts("u", "U", alone))
    assert (first.misses, first.ask, first.example) == ("Rule 0.1.", "", "")  # the first of the two that fail together


@pytest.mark.slow
def test_both_pages_are_written_from_the_reports_of_a_course_folder(root, tmp_path):
    course, layout = manifest.load(root), CourseFolder(tmp_path)
    unit = course.units[1]
    names = [*(name[:100].replace("/", "-") for name in NAMES), "ada"]
    for number, name in enumerate(names):
        wrong = TestResult("secret", "t", 1.0, Outcome.WRONG, says="It does it.", hint=f"got {number}")
        tasks = tuple(TaskResult(task.id, task.title, number % 3, task.points, (wrong,)) for task in unit.tasks)
        results.write(Report(name, unit.id, tasks, Level.L3), layout.report(unit.id, name))
    hand_in(layout, unit, "ada", hinted=(unit.tasks[0].id, 7, None))
    hand_in(layout, unit, names[0])
    assert class_report.write_class_report(course, tmp_path, unit.id) == layout.class_page(unit.id)
    facts = class_report.facts_of(unit, tmp_path, alike=True)
    assert [task.hints for task in facts.tasks] == [("ada",)] + [()] * (len(unit.tasks) - 1)
    (pair,) = facts.pairs
    assert [side.student for side in pair.shown] == sorted(["ada", names[0]])
    assert pair.tasks == (unit.tasks[0].id,)
    assert "for power in range" in layout.class_page(unit.id).read_text(encoding="utf-8")
    text = read(layout.class_page(unit.id).read_text(encoding="utf-8"))
    assert "Missed: It does it." in text
    assert all(name in text for name in names)
    assert class_report.write_course_report(course, tmp_path) == layout.course_page
    shown = layout.course_page.read_text(encoding="utf-8")
    assert f"Nobody has been graded in: {course.units[0].title}, " in read(shown)
    assert f'href="class_{unit.id}.html"' in shown
    assert unit.tasks[0].gives[0] in shown  # in the map
    with pytest.raises(GraderError, match=r"beneath.html: cannot be written .*; name another file"):
        class_report.write_class_report(course, tmp_path, unit.id, layout.course_page / "beneath.html")
    layout.report(unit.id, "ada").write_text("{")
    with pytest.raises(GraderError, match=r"ada.json: expected a report"):
        class_report.write_class_report(course, tmp_path, unit.id)


def evil_class():
    task = one_task(0, 1.0, diagnosis=EVIL, fails=(1,), hint=EVIL, says=EVIL)
    plain = one_task(1, 1.0, fails=(1,), hint=EVIL, says=EVIL)
    reports = [
        Report(name, "u", (task, plain), Level.L3, worked_as=EVIL, problem=EVIL, submission_hash="same")
        for name in [*NAMES, EVIL]
    ]
    sides = tuple(Side(name, ((EVIL, True), (EVIL, False))) for name in (NAMES[0], EVIL))
    pairs = [AlikePair(("t0", EVIL), 1.0, sides)]
    return unit_facts("u", EVIL, reports, gives={"t0": (EVIL,)}, pairs=pairs)


@pytest.mark.parametrize("whole_course", [False, True])
def test_nothing_of_a_student_is_markup_and_only_our_script_may_run(whole_course):
    facts = evil_class()
    code = {(report.student, "t1"): EVIL for report in facts.reports}
    shown = course_page(EVIL, [facts], [EVIL]) if whole_course else class_page(facts, code=code)
    seen = Reader(shown)
    more = {"script", "input", "label", "button", "th", "thead", "tbody", "caption", "rect", "mark"}
    for tag, attributes in seen.tags:
        assert tag in TAGS | more, tag
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "img"
    scripts = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in shown.replace("&#39;", "'")
    for name in NAMES:
        assert name in seen.text


@pytest.mark.slow
def test_a_thousand_students_fit_into_five_megabytes():
    facts = unit_facts("u", "U", random_class(1000), gives={"t0": ("chain-rule",)})
    assert len(class_page(facts).encode()) < 5_000_000
    assert len(course_page("Course", [facts] * 5, []).encode()) < 5_000_000
