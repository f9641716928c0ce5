"""The page that a student reads: what it says, what it never says, and that nothing of a student's is markup."""

from __future__ import annotations

import base64
import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from kit.symbolic import AnswerError, parse
from markupsafe import Markup

from grader.course import manifest, notebooks
from grader.course.matching import NO_CELL
from grader.course.policies import Policies
from grader.course.progress import Standing
from grader.course.stubs import Asked
from grader.report import palette, plot, typed_formulas
from grader.report.feedback_page import MAX_BYTES, Feedback, Mark, RestsOn, feedback_page
from grader.report.handing_in import HandingIn
from grader.report.lessons import Lesson, lessons, rendered_lesson
from grader.report.mathml import mathml
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from grader.testing import expect
from grader.testing.plugin import outcome_of
from grader.testing.student import Missing, StudentError

STUB = "This is still the stub: write your answer in place of the dots."
EVIL = (
    "</title></style></script></pre></td></code><script>alert(1)</script>"
    "<img src=//elsewhere.invalid/x onerror=alert(1)><svg onload=alert(1)>\"' style=x {{7*7}} {%if%} "
    "\u202eRTL \u05d0\u05d1\u05d2 \U0001f469\u200d\U0001f52c \x00\x1b[31m`<b>`"
)
TAGS = frozenset(
    (
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "header",
            "main",
            "footer",
            "section",
            "p",
            "b",
            "em",
            "strong",
        ),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "div",
            "span",
            "bdi",
            "ol",
            "ul",
            "li",
            "a",
            "figure",
            "figcaption",
            "img",
            "pre",
        ),
        *(
            "details",
            "summary",
            "table",
            "tr",
            "td",
            "code",
            "svg",
            "path",
            "text",
            "circle",
            "math",
            "mrow",
            "mi",
            "mo",
        ),
        *("mn", "msup", "msub", "mfrac", "msqrt", "mroot", "mover", "mtable", "mtr", "mtd"),
        *("mtext", "mspace", "mstyle", "munder", "msubsup", "munderover", "mpadded"),
    )
)


class Reader(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(page: str) -> str:
    return " ".join(Reader(page).text.split())


def result(name="t", outcome=Outcome.PASSED, **more):
    return TestResult(
        f"test_secret_name_{name}", "slope", 1.0, outcome, says=more.pop("says", f"It does {name}."), **more
    )


def task(*tests, points=1.0, **more):
    return TaskResult(more.pop("task", "slope"), more.pop("title", "Slope"), points, 2.0, tests, **more)


def page(*tasks, feedback=None, student="ada", now=datetime(2026, 12, 1, tzinfo=UTC), **more):
    report = Report(student, "unit", tasks, Level.L3, **more)
    return feedback_page(Feedback(report, "Calculus", "Rate of change", **(feedback or {})), now)


WRONG = task(
    result("one"), result("two", Outcome.WRONG, hint="Is it?", staff="assert 17 == 4711"), diagnosis="half_rule"
)


def test_the_first_screen_says_what_there_is_and_what_to_fix():
    explained = task(
        result("two", Outcome.WRONG, hint="no"), points=0.5, explanation="Two strips grow. Where is the second?"
    )
    pending = task(result("x", Outcome.UNDECIDED), points=None, task="later", title="Later")
    facts = {
        "handing_in": HandingIn(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), attempts_left=2),
        "bases": {"slope": (RestsOn("chain rule", "Chains", Standing.PASSED),)},
    }
    text = read(page(explained, pending, feedback=facts, worked_as="root"))
    assert "0.5 of 4 points" in text
    assert "(2 more to be decided)" in text
    assert "Fix this first Slope: Two strips grow. Where is the second?" in text
    assert "You can hand in again until 31 December 2026, 23:59 UTC." in text
    assert "Attempts left: 2." in text
    assert "made from the name ada." in text
    assert "run under the name root" in text
    assert "chain rule (Chains), which you have passed." in text
    assert text.index("Fix this first") < text.index("It does two.")


@pytest.mark.parametrize("standing", Standing)
def test_a_page_has_words_for_however_far_the_student_is_with_what_a_task_rests_on(standing):
    lost = task(result("two", Outcome.WRONG, hint="no"), points=0.5)
    text = read(page(lost, feedback={"bases": {"slope": (RestsOn("chain rule", "Chains", standing),)}}))
    assert "chain rule (Chains), which" in text


def test_what_is_for_staff_is_not_on_the_page():
    shown = page(WRONG)
    for secret in ("test_secret_name", "4711", "half_rule"):
        assert secret not in shown
    assert "It does two." in shown
    assert "Is it?" in shown


def test_the_gradebook_has_the_last_word_and_nothing_contradicts_it():
    marks = {"slope": Mark(2.0, 2.0, by_hand=True, extra=0.5, comment="Well argued <b>x</b>.")}
    text = read(page(WRONG, feedback={"marks": marks, "penalty": 1.0, "seconds_late": 90000.0}))
    assert "1.5 of 2 points" in text
    assert "2.5 points, less 1 for handing in late (1 day)" in text
    assert "0.5 points of extra credit are included" in text
    assert "2 + 0.5 extra / 2" in text
    assert "A teacher set this score by hand: 2 of 2 points." in text
    assert "Well argued <b>x</b>." in text
    assert "Fix this first" not in text
    assert "Everything is right" in text


def test_practice_has_no_points_and_is_not_the_first_thing_to_fix():
    tests = (result("one"), result("two", Outcome.WRONG, hint="Try again."))
    practice = TaskResult("more", "More", 0.0, 0.0, tests, explanation="Why?", example="`f(1)` gave 3, expected 2.")
    text = read(page(practice, task(result("x", Outcome.WRONG, hint="Here."), points=1.0)))
    assert "1 of 2 points" in text
    assert "More practice" in text
    assert "Fix this first Slope: Here." in text
    assert "f(1) gave 3, expected 2." in text
    assert "Everything is right" in read(page(TaskResult("more", "More", 0.0, 0.0, (result("one"),))))


def test_a_bonus_task_is_not_practice_and_counts_above_the_maximum():
    bonus = task(result("x", Outcome.WRONG, hint="Here."), points=0.5, task="more", title="More", bonus=True)
    for marks in ({}, {"more": Mark(0.5, 2.0, bonus=True)}):
        text = read(page(task(result(), points=2.0), bonus, feedback={"marks": marks}))
        assert "2.5 of 2 points" in text
        assert "0.5 points of extra credit are included" in text
        assert "More 0.5 / 2 bonus" in text
        assert "Fix this first More: Here." in text


def test_a_cell_that_only_a_person_grades_is_a_task_too():
    others = {"essay": Mark(None, 5.0), "proof": Mark(3.0, 4.0, by_hand=True, comment="Say why. Then it is whole.")}
    text = read(page(task(result(), points=2.0), feedback={"others": others}))
    assert "5 of 11 points (5 more to be decided)" in text
    assert "Fix this first proof: Say why. Then it is whole." in text


DAMAGED = "This file could not be graded"
WHOLE = {  # the test that stands for all, its outcome and hint, the problem, the points; the title, and what to do
    "no JSON": ("submission", "missing", "", "u.ipynb is not JSON: x", 0.0, DAMAGED, "fetch the assignment once more"),
    "empty": ("submission", "missing", "", "u.ipynb has no cells at all: saved?", 0.0, DAMAGED, "save it (Ctrl+S)"),
    "renamed": ("submission", "missing", "", "There is no file u.ipynb: renamed?", 0.0, DAMAGED, "that it came with"),
    "too big": ("submission", "missing", "", "u.ipynb has 30 MB; the most that is read is 20", 0.0, DAMAGED, "Clear"),
    "held": ("submission", "undecided", "", "Held back: a link.", None, "Held back until", "need not do anything"),
    "our fault": ("engine", "internal", "", "Something went wrong.", None, "We could not grade this", "wait for us"),
    "untouched": ("t", "missing", STUB, "", 0.0, "still untouched", "in place of the dots"),
}


@pytest.mark.parametrize("case", WHOLE.values(), ids=WHOLE)
def test_what_befalls_a_whole_file_is_said_once_with_what_to_do(case):
    name, outcome, hint, problem, points, title, do = case
    stands_for_all = TestResult(name, "slope", 1.0, Outcome(outcome), says="x", hint=hint)
    tasks = [task(stands_for_all, points=points, task=f"t{number}", title=f"T{number}") for number in range(8)]
    text = read(page(*tasks, problem=problem))
    assert text.count(title) == 1
    assert text.count("What to do.") == 1
    assert do in text
    if problem:
        assert text.count(problem.removeprefix("Held back: a")) == 1
    assert "Fix this first" not in text


def test_work_in_another_notebook_is_named_beside_a_damaged_one():
    damaged = TestResult(
        "submission", "slope", 1.0, Outcome.MISSING, says="There is no notebook to grade.", hint="not JSON"
    )
    elsewhere = TestResult(
        "elsewhere", "slope", 0.0, Outcome.UNDECIDED, says="There is work.", hint="It is in Copy1.ipynb."
    )
    text = read(page(task(damaged, elsewhere, points=None), problem="u.ipynb is not JSON"))
    assert "It is in Copy1.ipynb." in text
    assert text.count("not JSON") == 1
    renamed = [task(damaged, elsewhere, points=None, task=f"t{n}", title=f"T{n}") for n in range(9)]
    text = read(page(*renamed, problem="There is no file u.ipynb."))
    assert text.count("It is in Copy1.ipynb.") == 1
    assert text.count("There is work.") == 0


DUE = datetime(2026, 12, 1, tzinfo=UTC)
COSTS = Policies(grace_minutes=15, percent_per_day=10, cut_off_days=5)
MOMENTS = {  # what decides, hours after the deadline; what the first screen says; whether it is past the time
    "before": (HandingIn(DUE, COSTS, 3), -1, "again until 1 December 2026, 00:00 UTC. Attempts left: 3.", False),
    "last moment": (HandingIn(DUE), 0, "You can hand in again until", False),
    "no late work": (HandingIn(DUE), 1, "The deadline was 1 December 2026, 00:00 UTC.", True),
    "costs": (
        HandingIn(DUE, COSTS),
        1,
        "You can still hand in until 6 December 2026, 00:00 UTC. Late work loses",
        False,
    ),
    "cut off": (HandingIn(DUE, COSTS), 121, "The deadline was 1 December 2026, 00:00 UTC.", True),
    "no end": (HandingIn(DUE, Policies(percent_per_day=1)), 9999, "You can still hand in. Late work loses 1 %", False),
    "grace": (HandingIn(DUE, Policies(grace_minutes=90, cut_off_days=0)), 1, "You can still hand in", False),
    "used up": (HandingIn(DUE, COSTS, 0), -1, "You have used all your attempts.", True),
    "no deadline": (HandingIn(), 0, "What to do.", False),
}


@pytest.mark.parametrize("case", MOMENTS.values(), ids=MOMENTS)
def test_a_page_never_says_hand_in_again_where_that_counts_nothing(case):
    handing_in, hours, says, closed = case
    damaged = TestResult("submission", "slope", 1.0, Outcome.MISSING, says="There is no notebook to grade.")
    facts = {"handing_in": handing_in}
    text = read(
        page(task(damaged, points=0.0), problem="u.ipynb is empty.", feedback=facts, now=DUE + timedelta(hours=hours))
    )
    assert says in text
    assert ("It is past the time to hand in: ask your teacher" in text) == closed
    assert ("You can " in text) == (not closed and says != "What to do.")


def test_a_problem_without_a_word_is_none():
    assert page(WRONG, problem=" ") == page(WRONG)


def test_the_first_cell_that_failed_is_named_by_its_line_and_the_rest_is_folded():
    problem = (
        "Cell 2 raised SyntaxError: expected ':' (<cell 2>, line 1). Cell 3 raised NameError: no. Cell 1 raised x."
    )
    facts = {"cell_begins": ("import kit", "def slope(f)", "slope(1)")}
    shown = page(WRONG, problem=problem, feedback=facts)
    assert "Cell 2 (def slope(f)) raised SyntaxError" in read(shown)
    assert "<summary>2 more below it</summary>" in shown
    assert "It cost you no points" in read(page(task(result(), points=2.0), problem=problem))


def everywhere():
    """A page on which every text that comes from a student, a file or a person is EVIL."""
    tests = [
        result("a", Outcome.ERROR, says=EVIL, hint=EVIL, line=EVIL, picture=EVIL),
        result("b", Outcome.WRONG, hint=f"x: you typed {EVIL}."),
    ]
    lesson = Lesson("A heading", Markup("asks"), Markup("text"), "", Asked((), ("rate",)))
    facts = {
        "code": {"slope": f"{EVIL}\nrate = '{EVIL}'\n{EVIL}"},
        "added": (EVIL,),
        "cell_begins": (EVIL,) * 3,
        "marks": {"slope": Mark(0.5, 2.0, comment=EVIL)},
        "others": {EVIL: Mark(1.0, 2.0, comment=EVIL)},
        "lessons": {"slope": lesson},
    }
    wrong = task(*tests, explanation=EVIL, notes=(EVIL,), example=EVIL)
    return page(wrong, feedback=facts, student=EVIL * 3, worked_as=EVIL * 3, problem=f"Cell 2 raised {EVIL}")


def test_nothing_of_a_student_is_markup():
    for tag, attributes in Reader(everywhere()).tags:
        assert tag in TAGS, tag
        assert not any(name.startswith("on") or name in ("srcdoc", "formaction") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
        assert tag != "img"  # EVIL is not a picture
    shown = everywhere()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\U0001f469\u200d\U0001f52c" in shown  # an emoji stays whole
    assert "{{7*7}}" in shown


def test_a_page_needs_nothing_from_elsewhere():
    shown = page(WRONG)
    assert not re.search(r"https?://|src=|@import|url\(", shown)
    assert "default-src 'none'" in shown
    assert "<script" not in shown


def test_twenty_failures_with_long_messages_stay_readable():
    tests = [result(str(n), Outcome.WRONG, says=f"Rule {n}.", hint=f"{n} " + "long words " * 40) for n in range(20)]
    shown = page(task(*tests, points=0.0))
    assert "<summary>14 more that do not pass</summary>" in shown
    same = [result(str(n), Outcome.WRONG, says=f"Rule {n}.", hint="The same for all.") for n in range(20)]
    assert page(task(*same, points=0.0)).count("The same for all.") == 2  # in its place, and first of all


def test_a_page_has_a_limit_whatever_is_handed_in():
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60_000)).decode()
    tests = [result(str(n), Outcome.WRONG, hint="h" * 5000 + str(n), line="x" * 5000, picture=png) for n in range(40)]
    tasks = [task(*tests, task=f"t{n}", title=f"T{n}", notes=("n" * 9000,) * 9) for n in range(12)]
    code = {f"t{n}": "&<>\"'" * 300 + "\n" + ("&<>\"'" * 60 + "\n") * 4000 for n in range(12)}
    shown = page(*tasks, feedback={"code": code})
    assert len(shown.encode()) <= MAX_BYTES
    assert "T11" in shown


def test_the_line_that_stopped_is_marked_in_the_students_own_code():
    code = "def slope(f, x):\n    h = 0\n    return f(x) / h\n"
    stopped = task(result("a", Outcome.ERROR, hint="ZeroDivisionError", line="return f(x) / h"))
    shown = page(stopped, feedback={"code": {"slope": code}})
    assert re.search(r'<tr class="marked"><td class="n">3</td>.*a check stopped here', shown)
    twice = code + "\n\ndef other(f, x):\n    h = 1\n    return f(x) / h\n"
    stopped = outcome_of(StudentError("ZeroDivisionError", "division by zero", "return f(x) / h", 8))
    shown = page(task(result("a", **stopped), result("b", **stopped)), feedback={"code": {"slope": twice}})
    assert re.findall(r'<tr class="marked"><td class="n">(\d+)</td>', shown) == ["8"]
    assert shown.count("(line 8 of its cell)") == 1
    assert "Your code raised ZeroDivisionError: division by zero, in the line return f(x) / h." in read(shown)
    long = "\n".join(f"x{n} = {n}" for n in range(500)) + "\nbad = 1 / 0"
    shown = page(task(result("a", Outcome.ERROR, line="bad = 1 / 0")), feedback={"code": {"slope": long}})
    assert '<td class="n">501</td>' in shown
    assert '<td class="n">250</td>' not in shown
    added = page(
        task(result("a", Outcome.ERROR, line="return 1/0")),
        feedback={"code": {"slope": code}, "added": ("def g():\n    return 1/0",)},
    )
    assert "A cell that you added" in added  # fmt: skip


@pytest.mark.parametrize("line", ["def slope(f, x):", "slope = power", "class slope:", "async def slope(x):"])
def test_a_name_in_a_cell_that_did_not_run_is_not_said_to_be_nowhere(line):
    missing = task(result("a", **outcome_of(Missing("slope"))), points=0.0)
    facts = {"code": {"slope": f"1 / 0\n{line}\n    return x"}}
    text = read(page(missing, feedback=facts, problem="Cell 2 raised ZeroDivisionError: division by zero."))
    assert "There is no slope" not in text
    assert "Then fix this Slope: slope is in your answer, but its cell stopped before that" in text
    assert "There is no slope in the notebook yet" in read(
        page(missing, feedback={"code": {"slope": "slopes = 1"}}, problem="Cell 2 raised x.")
    )


def test_only_a_small_png_is_shown_as_the_learners_figure():
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(100)).decode()
    assert f"data:image/png;base64,{png}" in page(task(result(), result(picture=png)))
    for bad in (
        "x",
        base64.b64encode(b"<svg onload=x>").decode(),
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(99_999)).decode(),
    ):
        assert "<img" not in page(task(result(picture=bad)))


# ------------------------------------------------------------------------------------------------------- typed formulas


class Typist:
    """A student who has typed one answer."""

    def __init__(self, text):
        self.text = text

    def value(self, name):
        return self.text


@pytest.mark.parametrize(
    ("typed", "right", "variables", "read_as", "given"),
    [
        ("2a", "2*a + w", ["a", "w"], "2*a", True),
        ("x^2.5 / 3", "5*x/2", ["x"], "x^2.5/3", True),
        ("xy", "x + y", ["x", "y"], "x*y", True),
        ("sin(theta_1)", "2*cos(theta_1)", ["theta_1"], "sin(theta_1)", True),
        ("7", "3", ["x"], "7", False),
    ],
)
def test_what_a_hint_of_the_grader_quotes_is_read_back(typed, right, variables, read_as, given):
    with pytest.raises(expect.Hint) as caught:
        expect.symbolic(Typist(typed), "rate", right, variables)
    found = typed_formulas.in_hint(str(caught.value))
    assert found.name == "rate"
    assert str(found.answer) == read_as
    assert (found.given is not None) == given
    if given:
        assert found.answer.at(**found.at) == pytest.approx(found.given, rel=1e-3)
        assert found.wanted != found.given
        assert "<svg" in plot.formula_curve(found)
    shown = page(task(result("a", Outcome.WRONG, hint=str(caught.value))))
    assert "<math" in shown


@pytest.mark.parametrize("typed", ["2x^", "(x", "2 $ x", "x +", "2**"])
def test_a_formula_that_cannot_be_read_is_marked_in_the_code(typed):
    with pytest.raises(expect.Hint) as caught:
        expect.symbolic(Typist(typed), "rate", "2*x", ["x"])
    code = {"slope": f"other = 1\nrate = (\n    {typed!r}\n)"}
    shown = page(task(result("a", Outcome.WRONG, hint=str(caught.value))), feedback={"code": code})
    assert re.search(r'<tr class="marked"><td class="n">2</td>.*this formula', shown)


def test_a_formula_in_the_code_is_read_only_where_it_has_one_reading():
    code = 'a = (\n    "2x + 1"\n)\nb = \'x*y\'\nc = "xy"\nd = f(1)\na = "3x"\n'
    assert {typed.name: str(typed.answer) for typed in typed_formulas.in_code(code, "abcd")} == {"a": "3*x", "b": "x*y"}


def test_every_formula_of_the_textbook_is_typeset_as_it_was_read(root):
    rows = (root / "benchmarks" / "symbolic_textbook.tsv").read_text(encoding="utf-8").splitlines()
    texts = {cell for row in rows for cell in row.split("\t") if len(cell) < 200}
    seen = 0
    for text in sorted(texts):
        try:
            tree = parse(text, list("abcdhkmnrstuvwxyz")).tree
        except AnswerError:
            continue
        shown = ElementTree.fromstring(mathml(tree, "f").replace("&#8290;", "").replace("&#8289;", ""))
        assert shown.get("display") == "block"
        seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("-(a+b)*c", "−(a+b)c"),
        ("(a+b)^2", "(a+b)2"),
        ("a-(b-c)", "a−(b−c)"),
        ("(a/b)^c", "(ab)c"),
        ("2*3", "2·3"),
        ("abs(x)", "|x|"),
        ("sigmoid(x)", "σ(x)"),
        ("(1/3)*x", "13x"),
    ],
)
def test_brackets_stand_where_they_change_the_meaning(text, structure):
    shown = re.sub(r"&#\d+;|<[^>]+>|\s", "", mathml(parse(text, list("abcx")).tree))
    assert shown == structure


@pytest.mark.parametrize(
    "text", ["1/x", "ln(x)", "tan(x)", "exp(exp(x))", "x^99", "sqrt(-1-x^2)", "3", "[x, 1]", "1/(x-x)"]
)
def test_a_curve_is_small_and_whole_wherever_it_has_values(text):
    drawn = plot.formula_curve(typed_formulas.Typed("f", parse(text, ["x"])))
    assert len(drawn) < 6000
    if drawn:
        ElementTree.fromstring(drawn)
        assert not re.search("nan|inf", drawn)


# ----------------------------------------------------------------------------------------------------- lessons, colours


def test_each_task_of_the_course_says_what_was_asked(root, tmp_path):
    assert lessons(tmp_path / "nowhere.ipynb") == {}
    for unit in manifest.load(root).units:
        cells = []
        for cell in notebooks.read_percent(unit.stub.read_text(encoding="utf-8")):
            ours = {"nbgrader": {"grade_id": cell.task, "solution": True}} if cell.task else {}
            cells.append({"cell_type": cell.kind, "source": cell.source, "metadata": ours})
        released = tmp_path / f"{unit.id}.ipynb"
        released.write_text(json.dumps({"cells": cells, "metadata": {}}))
        found = lessons(released)
        assert set(found) == {task.id for task in unit.tasks}
        for lesson in found.values():
            assert lesson.heading
            assert not re.search(r"[*`$]|<(?!/?(code|em|strong|m))", lesson.heading)  # no list, though it has a number
            assert re.search("<(li|p)>", lesson.asks)
            assert not re.search("<script|<img|src=", lesson.asks + lesson.text)
            for html in (lesson.asks, lesson.text):
                read = re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)
                assert not re.search(r"&lt;/?[a-z]|\$[^$]+\$|\\[a-z]|\ue000", read), "raw markup, or a formula as typed"
                levels = [2, *map(int, re.findall(r"<h(\d)>", html))]
                assert all(3 <= level <= before + 1 for before, level in itertools.pairwise(levels))


def test_one_of_several_notebooks_that_cannot_be_read_is_named_with_what_to_do():
    stub = "This is still the stub: write your answer in place of the dots."
    lost = task(result("a", Outcome.MISSING, hint=stub), points=0.0, notes=(NO_CELL,))
    right = task(result(), points=2.0, task="first", title="First")
    problem = "b.ipynb is not JSON, so it is not a notebook. Cell 4 raised a NameError: no a.ipynb."
    text = read(page(right, lost, problem=problem))
    assert "One of your notebooks could not be read b.ipynb is not JSON, so it is not a notebook.1 more below" in text
    assert "What to do. Open it in JupyterLab." in text
    assert f"Then fix this Slope: {NO_CELL}" in text
    cells = read(page(right, lost, problem="Cell 4 raised a NameError: no a.ipynb."))
    assert "Your notebook does not run from top to bottom Cell 4 raised" in cells


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("<details>\n<summary>a $x$</summary>\n\nb\n\n</details>", "<details><summary>a <math"),
        ("<details><summary>a</summary>\n\nnever closed", "&lt;details&gt;&lt;summary&gt;a&lt;/summary&gt;"),
        ("</details>\n\n<details><summary>a</summary>", "&lt;/details&gt;"),
        ("<details ontoggle=x><summary>a</summary>\n\n</details>", "&lt;details ontoggle"),
        ("<details><summary><img src=x></summary>\n\n</details>", "&lt;img"),
        ("it is $2 \\cdot 10\n+ 5 = 25$.", "<mn>25</mn></mrow></math>."),  # no list begins there
        ("costs $5 and $6", "costs $5 and $6"),
        ("`a $x$ b` and\n```\n$x$\n```", "<code>a $x$ b</code>"),
        ("$a<b>c$", "&#x0003C;"),
        ("$\\href{javascript:1}{x}$", "<code>\\href{javascript:1}{x}</code>"),
        ("$$x$$", '<math tabindex="0"'),  # a keyboard must reach what scrolls
        ("$$\\begin{x}$$", "<code>\\begin{x}</code>"),  # cannot be read
        ("\ue0007\ue000 $x$", "7 <math"),
    ],
)
def test_a_lesson_folds_and_typesets_as_in_jupyter_and_lets_no_other_markup_through(text, shows):
    html = rendered_lesson(text)
    assert shows in html
    assert not re.search("<img|<details [a-z]|href", re.sub("<code>.*?</code>", "", html))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", palette.PAIRS, ids=" on ".join)
def test_text_can_be_read_on_its_background(colours, pair):
    one, other = sorted((luminance(colours[name]) for name in pair), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5  # WCAG 2, level AA
