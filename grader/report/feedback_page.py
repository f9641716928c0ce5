"""The page that a student reads about one graded submission: one file, no script, nothing to fetch.

The first screen says how many points there are, task by task, and what to fix first. Then each task: the outcome, the
question of its diagnosis, the student's own code with the line marked, and the typed formula as it was read. Scores and
comments that a person gave stand in place of ours, so a page never contradicts the gradebook. Text for staff (a
test's name, an assertion's text, the name of a mistake) is not in a `Feedback` at all, or is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from kit.needed import PASSED
from markupsafe import Markup
from msgspec.structs import replace

from grader.course.free_text import cleaned
from grader.course.matching import NO_CELL
from grader.course.progress import Standing, standing_of
from grader.report import palette, typed_formulas
from grader.report.banner import WHOLE_FILE, Banner, banner_of
from grader.report.drawn_calls import Drawing, checked_png, drawings
from grader.report.feedback_cell import shown_tests
from grader.report.handing_in import HandingIn, deadline, is_open
from grader.report.lessons import Lesson
from grader.report.measured_slopes import Slopes
from grader.report.shown_formulas import Formula, shown_formulas
from grader.report.student_code import Line, find_line, lines, with_cells_left_out
from grader.report.words import clean, cut, duration_late, points, said, sentence
from grader.results import BY_HAND, Outcome, Report, TaskResult, TestResult, line_and_number

MAX_BYTES = 400_000
_MAX_PICTURES = 160_000  # characters of base64, of all pictures
_SHOWN_TESTS, _CURVES = 6, 16
_OPEN = (Outcome.UNDECIDED, Outcome.INTERNAL)
_SIGNS = {"right": "✓", "wrong": "✗", "pending": "?"}
_SPOKEN = {"right": "right", "wrong": "not right yet", "pending": "to be decided"}  # for screen readers
_FOLDER = Path(__file__).parent


class Mark(msgspec.Struct, frozen=True):
    """The gradebook's word on one task. `points` includes a score by hand and excludes extra credit."""

    points: float | None
    max_points: float
    by_hand: bool = False
    extra: float = 0.0
    comment: str = ""  # what a person wrote
    bonus: bool = False  # its points count above the maximum


class RestsOn(msgspec.Struct, frozen=True):
    """A concept that a task rests on, and how far the student has got with the task that teaches it."""

    concept: str
    taught_in: str  # the title of that task
    standing: Standing
    here: str = ""  # the id of that task, if it is in this unit


class Feedback(msgspec.Struct, frozen=True):
    """Everything that a page may say about one submission."""

    report: Report
    course: str
    unit: str
    code: Mapping[str, str] = {}  # the student's answer, by task
    added: tuple[str, ...] = ()  # the cells that the student added
    cell_begins: tuple[str, ...] = ()  # the first line of each cell
    lessons: Mapping[str, Lesson] = {}
    marks: Mapping[str, Mark] = {}  # by task
    others: Mapping[str, Mark] = {}  # cells that only a person grades, by title
    bases: Mapping[str, tuple[RestsOn, ...]] = {}  # by task
    slopes: Mapping[str, Slopes] = {}  # what was measured of the questions' own functions, by typed formula
    penalty: float = 0.0
    seconds_late: float = 0.0
    handing_in: HandingIn = HandingIn()


class _Check(msgspec.Struct, frozen=True):
    sign: str
    state: str
    says: Markup
    hint: Markup
    line: str


class _Cell(msgspec.Struct, frozen=True):
    lines: list[Line]
    added: bool


class _Task(msgspec.Struct, frozen=True):
    """One task as the template shows it."""

    id: str
    title: str
    state: str
    sign: str
    score: str
    outcome: Markup
    question: Markup | None = None
    example: Markup | None = None
    comment: Markup | None = None
    failing: list[_Check] = []
    passing: list[_Check] = []
    notes: list[Markup] = []
    cells: list[_Cell] = []
    formulas: list[Formula] = []
    drawn: list[Drawing] = []
    picture: str = ""
    lesson: Lesson | None = None
    bases: tuple[RestsOn, ...] = ()
    fix: Markup = Markup("")
    free_text: Markup = Markup("")


def feedback_page(feedback: Feedback, now: datetime | None = None) -> str:
    """The page as HTML, at most MAX_BYTES long. `now` is the moment at which it is read, by default this one."""
    now = now or datetime.now(UTC)
    banner = banner_of(feedback.report, feedback.cell_begins)
    tasks = list(_tasks(feedback, banner))
    context = {
        "feedback": feedback,
        "report": feedback.report,
        "banner": banner,
        "tasks": tasks,
        "totals": _totals(feedback),
        "verdict": _verdict(feedback.report.needed, _totals(feedback)),
        "first": next((task for task in tasks if task.state == "wrong" and task.fix), None),
        "deadline": deadline(feedback.handing_in, now),
        "closed": banner is not None and "hand" in banner.do and not is_open(feedback.handing_in, now),
        "name": cut(feedback.report.student, 300),
        "passed_tasks": PASSED,
        "passed": _passed(feedback),
        "worked_as": feedback.report.worked_as if feedback.report.worked_as != feedback.report.student else "",
    }
    page = _TEMPLATE.render(context)
    for shortened in _SHORTER:
        if len(page.encode()) <= MAX_BYTES:
            break
        tasks = [shortened(task) for task in tasks]
        page = _TEMPLATE.render(context | {"tasks": tasks})
    return page


def _passed(feedback: Feedback) -> list[str]:
    """The tasks that the student has passed, by the marks of a person where there are some; `kit.needed` reads them."""
    marked = [(task, _mark(feedback, task)) for task in feedback.report.tasks]
    decided = [replace(task, points=mark.points, max_points=mark.max_points) for task, mark in marked]
    return [task.task for task in decided if standing_of(task) is Standing.PASSED]


def _without_extras(task: _Task) -> _Task:
    """The task without the lesson, the pictures, the formulas, and the checks that passed."""
    failing, notes = task.failing[:_SHOWN_TESTS], task.notes[:3]
    return replace(task, lesson=None, picture="", passing=[], formulas=[], drawn=[], failing=failing, notes=notes)


def _without_code(task: _Task) -> _Task:
    return replace(task, cells=[], free_text=Markup(""))


def _with_one_check(task: _Task) -> _Task:
    return replace(task, failing=task.failing[:1], notes=[])


_SHORTER = (_without_extras, _without_code, _with_one_check)  # applied in turn until a page fits


# ---------------------------------------------------------------------------------------------------- the first screen


class _Totals(msgspec.Struct, frozen=True):
    got: float
    most: float
    before_penalty: float
    extra: float
    penalty: float
    pending: float

    @property
    def share(self) -> float:
        return max(0.0, min(1.0, self.got / self.most)) if self.most else 0.0


def _totals(feedback: Feedback) -> _Totals:
    marks = [*(_mark(feedback, task) for task in feedback.report.tasks), *feedback.others.values()]
    got = sum((mark.points or 0.0) + mark.extra for mark in marks)
    extra = sum(mark.extra + (mark.points or 0.0) * mark.bonus for mark in marks)
    pending = sum(mark.max_points for mark in marks if mark.points is None)
    most = feedback.report.max_points + sum(mark.max_points for mark in feedback.others.values())
    return _Totals(got - feedback.penalty, most, got, extra, feedback.penalty, pending)


def _verdict(needed: float, totals: _Totals) -> str:
    """Whether the unit as a whole is passed; "" if it has no such verdict."""
    if not needed:
        return ""
    passed = totals.got >= needed - 1e-9
    open_ = not passed and totals.got + totals.pending >= needed - 1e-9
    said = "passed" if passed else "not decided yet" if open_ else "not passed"
    return f"This unit is {said}: {points(needed)} points are needed."


def _mark(feedback: Feedback, task: TaskResult) -> Mark:
    return feedback.marks.get(task.task) or Mark(task.points, task.max_points, bonus=task.bonus)


# ------------------------------------------------------------------------------------------------------------ the tasks


def _tasks(feedback: Feedback, banner: Banner | None) -> Iterator[_Task]:
    room, curves = _MAX_PICTURES, _CURVES
    for result in feedback.report.tasks:
        if banner and not banner.whole_file:
            result = with_cells_left_out(result, feedback.code.get(result.task, ""))
        task = _task(feedback, result, curves, banner)
        curves -= sum(1 for formula in task.formulas if formula.curve)
        if len(task.picture) > room:
            task = replace(task, picture="")
        room -= len(task.picture)
        for drawing in task.drawn:
            if len(drawing.picture) > room:
                task = replace(task, drawn=[other for other in task.drawn if other is not drawing])
            else:
                room -= len(drawing.picture)
        yield task
    for title, mark in feedback.others.items():
        yield _other(title, mark)


def _task(feedback: Feedback, result: TaskResult, curves: int, banner: Banner | None) -> _Task:
    quiet = banner is not None and banner.whole_file
    mark = _mark(feedback, result)
    state = _state(mark, result)
    tests = [test for test in shown_tests(result) if not (banner and banner.tells(test))]
    rubric = [test.hint for test in tests if test.name == BY_HAND and test.hint] if mark.by_hand else []
    tests = [test for test in tests if not (mark.by_hand and test.name == BY_HAND)]  # it waited for this score
    failing, passing = list(_checks(tests, passed=False)), list(_checks(tests, passed=True))
    lesson = feedback.lessons.get(result.task)
    show_code = not quiet and any(test.outcome not in (Outcome.MISSING, *_OPEN) for test in result.tests)
    question = said(result.explanation) if result.explanation and state == "wrong" else None
    return _Task(
        id=result.task,
        title=result.title,
        state=state,
        sign=_SIGNS[state],
        score=_score(mark),
        outcome=_outcome(result, mark, quiet=quiet),
        question=question,
        example=said(result.example) if result.example and state == "wrong" else None,
        comment=said(mark.comment, 4000) if mark.comment else None,
        failing=failing,
        passing=passing,
        notes=[said(note) for note in ([] if quiet else [*result.notes, *rubric])],
        cells=list(_cells(feedback, result)) if show_code else [],
        formulas=_formulas(feedback, result, curves) if show_code else [],
        drawn=list(drawings(result)) if state == "wrong" and not quiet else [],
        picture=next(filter(None, (checked_png(test.picture) for test in result.tests)), ""),
        lesson=lesson,
        bases=feedback.bases.get(result.task, ()) if state == "wrong" else (),
        fix=Markup("") if quiet else _fix(result, mark),
        free_text=_free_text(feedback, result),
    )


def _other(title: str, mark: Mark) -> _Task:
    state = _state(mark)
    outcome = said("Graded by hand." if mark.points is not None else "A teacher will grade this by hand.")
    comment = said(mark.comment, 4000) if mark.comment else None
    fix = said(sentence(mark.comment)) if mark.comment and state == "wrong" else Markup("")
    name = "".join(letter if letter.isalnum() else "-" for letter in title)
    return _Task(name, title, state, _SIGNS[state], _score(mark), outcome, comment=comment, fix=fix)


def _state(mark: Mark, result: TaskResult | None = None) -> str:
    if mark.points is None:
        return "pending"
    if not mark.max_points and result is not None:  # practice: its checks say whether it is right
        return "right" if all(test.outcome is Outcome.PASSED for test in result.tests) else "wrong"
    return "right" if mark.points >= mark.max_points - 1e-9 else "wrong"


def _score(mark: Mark) -> str:
    if not mark.max_points:
        return "practice"
    got = "?" if mark.points is None else points(mark.points)
    extra = f" + {points(mark.extra)} extra" if mark.extra else ""
    return f"{got}{extra} / {points(mark.max_points)}{' bonus' * mark.bonus}"


def _outcome(result: TaskResult, mark: Mark, *, quiet: bool) -> Markup:
    """What became of the task, in one sentence."""
    tests = result.tests
    passed = sum(test.outcome is Outcome.PASSED for test in tests)
    if mark.by_hand:
        return said(
            f"A teacher set this score by hand: {points(mark.points or 0)} of {points(mark.max_points)} points."
        )
    if result.points is None:
        return said("A teacher will decide. Until then this task has no points, and costs none.")
    if quiet and any(test.name in WHOLE_FILE for test in tests):
        return said("This was not graded: see the note at the top.")
    if tests and all(test.outcome is Outcome.MISSING for test in tests):
        return said("Nothing is written here yet.")
    if passed == len(tests):
        return said(f"Right: {'the hidden check passes' if passed == 1 else f'all {passed} hidden checks pass'}.")
    return said(f"{passed} of {len(tests)} hidden checks pass.")


def _fix(result: TaskResult, mark: Mark) -> Markup:
    """The first thing to do about the task, in one sentence; "" if there is nothing."""
    if not mark.max_points:
        return Markup("")
    if mark.comment and _state(mark) == "wrong":
        return said(sentence(mark.comment))
    if mark.by_hand:
        return said("Read what your teacher changed here.")
    if NO_CELL in result.notes:
        return said(NO_CELL)
    for test in result.tests:
        if test.outcome not in (Outcome.PASSED, *_OPEN):
            if not result.explanation and test.outcome is Outcome.ERROR and test.hint.startswith("Your code raised "):
                return _raised(test)
            return said(sentence(result.explanation or test.hint or test.says))
    return Markup("")


def _raised(test: TestResult) -> Markup:
    """What the student's code raised, and in which line."""
    line = cut(line_and_number(test.line.strip())[0].replace("`", "'"), 120)
    return said(sentence(test.hint).rstrip(".") + (f", in the line `{line}`." if line else "."), 400)


def _checks(tests: list[TestResult], *, passed: bool) -> Iterator[_Check]:
    """The checks of a task; a hint or a line that several share is shown with the first of them."""
    hints: set[str] = set()
    shown: set[str] = set()
    for test in tests:
        if (test.outcome is Outcome.PASSED) == passed:
            hint = "" if test.hint in hints else test.hint
            hints.add(test.hint)
            state = "right" if passed else "pending" if test.outcome in _OPEN else "wrong"
            line = "" if test.line in shown else cut(test.line.strip(), 200)
            shown.add(test.line)
            yield _Check(_SIGNS[state], state, said(test.says), said(hint) if hint else Markup(""), line)


# -------------------------------------------------------------------------------------------- code, formulas, pictures


def _cells(feedback: Feedback, result: TaskResult) -> Iterator[_Cell]:
    """The student's answer with the lines that matter marked, and a cell of theirs in which a check stopped."""
    answer = feedback.code.get(result.task, "")
    marks: dict[int, str] = {}
    elsewhere: list[tuple[str, int]] = []
    for test in result.tests:
        if test.outcome in (Outcome.PASSED, *_OPEN):
            continue
        number = find_line(answer, test.line) if test.line else 0
        if number:
            marks[number] = "a check stopped here"
        elif test.line:
            places = ((cell, find_line(cell, test.line)) for cell in feedback.added)
            elsewhere += [(cell, place) for cell, place in places if place and not elsewhere][:1]
        elif name := typed_formulas.named_in(test.hint):
            marks.setdefault(typed_formulas.line_of(answer, name), "this formula")
    marks.pop(0, None)
    if answer.strip():
        yield _Cell(lines(answer, marks), added=False)
    for cell, number in elsewhere:
        yield _Cell(lines(cell, {number: "a check stopped here"}), added=True)


def _formulas(feedback: Feedback, result: TaskResult, curves: int) -> list[Formula]:
    lesson = feedback.lessons.get(result.task)
    asked, code = lesson.asked.values if lesson else (), feedback.code.get(result.task, "")
    return list(shown_formulas(code, asked, [test.hint for test in result.tests], feedback.slopes, curves))


def _free_text(feedback: Feedback, result: TaskResult) -> Markup:
    """The student's free text: HTML that we rendered, and clean once more because it was in a file since."""
    if not any(test.name == BY_HAND and test.outcome is not Outcome.MISSING for test in result.tests):
        return Markup("")
    return Markup(cleaned(feedback.code.get(result.task, "")))  # noqa: S704 - cleaned


def _finished(value: object) -> object:
    """What a template writes: texts that are not ours lose their control characters, and are then escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def page_templates() -> Environment:
    """Templates of this folder, with autoescape and the style of our pages."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finished,
    )
    made.filters |= {"points": points, "said": said, "late": duration_late}
    made.globals |= {"shown_tests": _SHOWN_TESTS, "spoken": _SPOKEN}
    made.globals["style"] = Markup(palette.variables() + (_FOLDER / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - ours
    return made


_TEMPLATE = page_templates().get_template("feedback.html")
