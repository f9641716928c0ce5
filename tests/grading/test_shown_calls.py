"""The call that feedback shows: public, the same for everyone, and nothing in it that a hidden test knows."""

import ast
import base64
import contextlib
import os
from pathlib import Path

import numpy as np
import pytest

from grader.course import manifest, notebooks, stubs
from grader.errors import GraderError, Unavailable
from grader.grading.shown_calls import (
    Shown,
    as_expression,
    calls_file,
    calls_of,
    first_difference,
    right_answer,
    shown_calls,
)
from grader.jail.lane import Lane
from grader.results import Level, Outcome
from grader.testing import Student, load_module, plugin
from grader.testing.student import StudentError
from tests.running import running

ROOT = Path(__file__).resolve().parents[2]
COURSE = manifest.load(ROOT)
UNITS = {unit.id: unit for unit in COURSE.units}


def student_with(unit, code):
    names = load_module(unit.reference)
    exec(code, names)
    return Student.local(names, "ada")


@pytest.fixture(autouse=True)
def without_windows(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def slope(f, x): return f(Dual(x, 1)).real", "gave 26.25; expected 11.0."),
        ("def slope(f, x): return 1 / 0", "stopped with a ZeroDivisionError; expected 11.0."),
        ("def slope(f, x): return f(Dual(x, 1)).inf", "`slope(lambda x: 8, 3.5)` stopped with an AttributeError"),
        ("def slope(f, x): return None", "gave None; expected 11.0."),
        ("def slope(f, x): return [1.0] * 9", "gave [1.0, 1.0,"),
        ("def slope(f, x): return [1.0] * 10", ""),  # nobody reads more than nine numbers
        ("def slope(f, x): return 'eleven'", ""),  # the call shows numbers only
        ("del slope", ""),
        ("", ""),
    ],
)
def test_the_first_call_that_differs_is_shown_with_both_answers(code, says):
    unit = UNITS["u1_derivative_intuition"]
    said = first_difference(calls_of(unit).compared["slope"], student_with(unit, code), unit.reference).example
    assert says in said
    assert bool(says) == bool(said)


def test_a_call_of_several_statements_is_one_expression():
    assert eval(as_expression("a = [1]; a.append(2); a")) == [1, 2]
    for refused in ("a.b = 3; a", "import os; os", "a = 3", "f("):
        with pytest.raises((SyntaxError, ValueError)):
            as_expression(refused)


def test_a_broken_file_says_where(tmp_path):
    unit = manifest.load(ROOT).units[0]
    broken = type("Unit", (), {"solutions_dir": tmp_path, "task": unit.task})()
    for text, says in (
        ("slope = 3", "expected lines such as"),
        ('slope = ["f("]', "cannot be shown as a call"),
        ('[figures]\nslope = ["f(1"]', "cannot be shown as a call"),
        ("figures = 3 # no table", "expected lines such as"),
    ):
        calls_file(broken).write_text(text)
        os.utime(calls_file(broken), ns=(0, len(text)))  # read again
        with pytest.raises(GraderError, match=says):
            calls_of(broken)


@pytest.mark.parametrize("unit", UNITS)
def test_every_call_asks_a_function_of_its_task_and_shows_an_answer(unit):
    unit = UNITS[unit]
    cells = notebooks.read_percent(unit.stub.read_text(encoding="utf-8"))
    asked = {cell.task: stubs.asked_globals(cell.source) for cell in cells if cell.task}
    found = calls_of(unit)
    for task, call in [(task, call) for task, calls in found.figures.items() for call in calls]:
        names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)}
        assert names & {*asked[task].functions}, f"{call} asks nothing of {task}"
    for task, calls in found.compared.items():
        for call in calls:
            names = {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)}
            functions = {*asked[task].functions, *(["Dual"] if "Dual" in names else [])}
            assert names & functions, f"{call} asks nothing of {task}"
            assert not names & set(asked[task].values), f"{call} would show a typed answer"
            shown = first_difference([call], student_with(unit, ""), unit.reference)
            assert shown == Shown(), f"the reference differs from itself: {shown}"
            wrong = Student.local({}, "ada")
            wrong.eval = lambda text: None
            assert "gave None; expected" in first_difference([call], wrong, unit.reference).example


class Noted(Student):
    """A student that notes what hidden tests hand over: the arguments of calls, and the text of expressions."""

    noted: dict[str, list] = {}  # noqa: RUF012 - shared by all that one run opens

    def _ask(self, verb, name, **rest):
        if verb == "call":
            Noted.noted.setdefault(name, []).append(rest.get("args", ()))
        elif verb in ("eval", "function"):
            Noted.noted.setdefault("", []).append(rest["source"].replace(" ", ""))
        return super()._ask(verb, name, **rest)


def numbers_in(value):
    if isinstance(value, np.ndarray):
        return [float(number) for number in value.ravel()]
    if isinstance(value, list | tuple):
        return [number for part in value for number in numbers_in(part)]
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers_in(part)]
    return [float(value)] if isinstance(value, int | float) else []


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["u1_derivative_intuition", "u2_derivative_rules"])
def test_no_call_is_one_of_a_hidden_test(unit, monkeypatch):
    unit = UNITS[unit]
    Noted.noted.clear()
    plugin.run_inside_pytest(
        [unit.hidden_tests],
        lambda run: run(lambda _: Noted(Student.local(load_module(unit.reference))._channel, "reference")),
    )
    asked = Noted.noted.keys() - {"Dual", "Value"}  # making a number asks nothing
    for calls in (*calls_of(unit).compared.values(), *calls_of(unit).figures.values()):
        for call in calls:
            assert all(call.replace(" ", "") not in text for text in Noted.noted.get("", ())), call
            for node in ast.walk(ast.parse(call)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in asked:
                    literals = [
                        part.value for arg in node.args if not isinstance(arg, ast.Lambda) for part in ast.walk(arg)
                        if isinstance(part, ast.Constant)
                    ]  # fmt: skip
                    mine = sorted(abs(float(number)) for number in literals if isinstance(number, int | float))
                    theirs = [sorted(map(abs, numbers_in(args))) for args in Noted.noted[node.func.id]]
                    assert not mine or len(mine) < 2 or mine not in theirs, f"{call} has the numbers of a hidden test"


class Case:
    def __init__(self, outcome):
        self.result = type("Result", (), {"outcome": outcome, "name": "test_it"})()


class HandedIn:
    """A submission whose fork for a call can be asked once more and more; it notes how often."""

    def __init__(self, student):
        self.student, self.opened = student, 0

    def student_apart(self, test):
        self.opened += 1
        return self.student


def test_nothing_is_shown_where_all_is_right_or_time_ran_out():
    unit = UNITS["u1_derivative_intuition"]
    wrong = HandedIn(student_with(unit, "def slope(f, x): return 0"))
    for outcomes, shows in (
        ([Outcome.PASSED], False), ([Outcome.WRONG, Outcome.PASSED], True), ([Outcome.ERROR], True),
        ([Outcome.WRONG, Outcome.TIMEOUT], False), ([Outcome.UNDECIDED], False), ([Outcome.MISSING], False),
    ):  # fmt: skip
        found = shown_calls(unit, "slope", [Case(outcome) for outcome in outcomes], wrong)
        assert bool(found.example) == shows
    assert shown_calls(unit, "dual_plus", [Case(Outcome.WRONG)], wrong) == Shown()
    assert wrong.opened == 2


GIVEN = "np.array([[1.0, 2.0, 0.0], [4.0, 5.0, 6.0]])"  # what `f(0)` should be; `g(0)` are twenty losses
RIGHT = f"import numpy as np\ndef f(x): return {GIVEN}\ndef g(x): return [1 / (n + 1) for n in range(20)]\n"


@pytest.mark.parametrize(
    ("f", "says", "kind", "given"),
    [
        (f"{GIVEN} + np.eye(2, 3)", "gave [[2.0, 2.0, 0.0], [4.0, 6.0, 6.0]]; expected", "entries", (2.0, 2.0, 0.0)),
        (f"{GIVEN}.tolist()", "", "", ()),
        (f"{GIVEN} * np.nan", "gave [[nan,", "entries", ("nan", "nan", "nan")),
        (f"{GIVEN} / np.zeros((1, 1))", "gave [[inf, inf, nan]", "entries", ("inf", "inf", "nan")),
        (f"{GIVEN} * -1e300", "gave [[-1e+300", "entries", (-1e300, -2e300, 0.0)),
        (f"{GIVEN}.T", "gave [[1.0, 4.0], [2.0, 5.0], [0.0, 6.0]]; expected", "", ()),  # another shape
        ("np.ones((500, 500))", "", "", ()),
        ("np.array([['a'] * 3] * 2)", "", "", ()),
        ("[[1, 2], [3]]", "gave [[1, 2], [3]]", "", ()),
        ("[[10**400] * 3] * 2", "", "", ()),
        ("None", "gave None; expected [[1.0", "", ()),
    ],
)
def test_an_array_is_drawn_entry_by_entry(tmp_path, f, says, kind, given):
    (tmp_path / "reference.py").write_text(RIGHT)
    names = load_module(tmp_path / "reference.py") | {"np": np}
    names["f"] = lambda x: eval(f, {"np": np})
    with np.errstate(all="ignore"):
        found = first_difference(["f(0)"], Student.local(names, "ada"), tmp_path / "reference.py")
    assert says in found.example
    assert bool(says) == bool(found.example)
    assert [drawing.kind for drawing in found.drawn] == [kind] * bool(kind)
    assert not kind or (found.drawn[0].given[0], found.drawn[0].expected[0]) == (given, (1.0, 2.0, 0.0))


@pytest.mark.parametrize(
    ("g", "says", "drawn"),
    [
        ("[2.0] * 20", "`g(0)`: 20 of 20 numbers differ from what was expected.", True),
        ("[1 / (n + 1) for n in range(19)] + [float('nan')]", "1 of 20 numbers differs from", True),
        ("[2.0] * 21", "gave a list of 21 numbers; expected a list of 20 numbers.", True),
        ("[]", "gave []; expected a list of 20 numbers.", False),
        ("[2.0] * 2001", "gave a list of 2001 numbers; expected", False),
        ("7.0", "gave 7.0; expected a list of 20 numbers.", False),
        ("'seven'", "gave something else; expected a list of 20 numbers.", False),
    ],
)
def test_a_long_list_is_drawn_as_a_curve(tmp_path, g, says, drawn):
    (tmp_path / "reference.py").write_text(RIGHT)
    names = load_module(tmp_path / "reference.py") | {"g": lambda x: eval(g)}
    found = first_difference(["f(0)", "g(0)"], Student.local(names, "ada"), tmp_path / "reference.py")
    assert says in found.example
    assert [drawing.kind for drawing in found.drawn] == ["series"] * drawn


def test_a_list_that_is_just_too_long_to_be_told_is_told_by_its_length(tmp_path):
    """Nine numbers are told and ten are not; of both, a curve is drawn."""
    (tmp_path / "reference.py").write_text("def g(x): return [1.0] * 9")
    student = Student.local({"g": lambda x: [1.0] * 10}, "ada")
    found = first_difference(["g(0)"], student, tmp_path / "reference.py")
    assert found.example.startswith("`g(0)` gave a list of 10 numbers; expected [1.0, 1.0,")
    assert found.drawn


def test_of_two_calls_the_first_is_told_and_the_first_that_can_be_drawn_is_drawn(tmp_path):
    (tmp_path / "reference.py").write_text(RIGHT)
    names = load_module(tmp_path / "reference.py") | {"f": lambda x: None, "g": lambda x: [0.0] * 20}
    found = first_difference(["f(0)", "g(0)"], Student.local(names, "ada"), tmp_path / "reference.py")
    assert "`f(0)` gave None" in found.example
    assert [drawing.call for drawing in found.drawn] == ["g(0)"]


class Forks:
    """A submission that runs for real: a new fork for whoever asks for one apart."""

    def __init__(self, lane, cells, limits, open_):
        self.lane, self.cells, self.limits, self.open_ = lane, cells, limits, open_

    def student_apart(self, test):
        return self.open_.enter_context(running(self.lane, self.cells, self.limits))


FIGURES = """
import matplotlib.pyplot as plt, numpy as np
def plot(x):
    _, ax = plt.subplots()
    ax.plot([1, x])
    return ax
losses = lambda: [1.0] * 20
def broken(): return 1 / 0
def number(): return 7.0
"""


@pytest.mark.slow
def test_a_figure_and_a_list_of_a_submission_are_drawn_as_they_are(tmp_path):
    (tmp_path / "reference.py").write_text(RIGHT)
    unit = type("Unit", (), {"solutions_dir": tmp_path, "reference": tmp_path / "reference.py", "task": str})()
    calls = ["broken()", "nowhere()", "number()", "plot(3)", "losses()"]
    calls_file(unit).write_text(f"[figures]\nslope = {calls}")
    with contextlib.ExitStack() as open_:
        try:
            lane = open_.enter_context(Lane(Level.L3))
        except Unavailable as error:
            pytest.skip(str(error))
        forks = Forks(lane, [FIGURES], COURSE.units[0].limits, open_)
        found = shown_calls(unit, "slope", [Case(Outcome.WRONG)], forks)
        assert shown_calls(unit, "slope", [Case(Outcome.WRONG), Case(Outcome.DIED)], forks) == Shown()
    figure, series = found.drawn
    assert (found.example, figure.kind, series.kind) == ("", "figure", "series")
    assert base64.b64decode(figure.picture).startswith(b"\x89PNG")
    assert (len(series.given[0]), series.expected) == (20, ())


@pytest.mark.parametrize("task", ["moons", "fit_digits"])
def test_every_training_of_unit_5_draws_its_losses(task, monkeypatch):
    """Also where the digits are not read, as while grading; and those of a training that moves nothing are flat."""
    monkeypatch.setenv("KIT_GRADING", "1")
    unit = UNITS["u5_mlp_training"]
    (call, *_) = calls_of(unit).figures[task]
    right, still = (
        student_with(unit, f"{given}; my_X, my_y = np.eye(2), np.array([0.0, 1.0])").eval(as_expression(call))
        for given in (
            "pass",
            "fit = fit_digits = lambda X, y, rng, steps=100: ([], [ce(X[:, :10] * 0, y.astype(int))[0]] * steps)",
        )
    )
    assert len(right) >= 50
    assert right[-1] < 0.2 * right[0]
    assert len(set(still)) == 1


def test_handing_in_again_shows_no_other_call():
    """Whatever is handed in, only the listed calls are ever shown, each with the one right answer."""
    unit = UNITS["u1_derivative_intuition"]
    calls = calls_of(unit).compared["average_rate"]
    seen = set()
    for number in range(8):
        code = f"def average_rate(f, a, b): return {number} if {number} % 2 else f(b) - {number}"
        call, answer = first_difference(calls, student_with(unit, code), unit.reference).example.split(" gave ")
        seen.add((call.strip("`"), answer.split("expected ")[1]))
    assert {call for call, _ in seen} <= set(calls)
    assert len(seen) <= len(calls)


def test_an_error_of_the_student_shows_its_kind_and_nothing_of_its_message():
    class Secretive(Student):
        def eval(self, source, **names):
            raise StudentError("ValueError", "the hidden input was 17.25")

    unit = UNITS["u1_derivative_intuition"]
    said = first_difference(calls_of(unit).compared["slope"], Secretive.local({}, "ada"), unit.reference).example
    assert "stopped with a ValueError; expected 11.0." in said
    assert "17.25" not in said
    assert right_answer(unit.reference, unit.reference.stat().st_mtime_ns, calls_of(unit).compared["slope"][0]) == 11.0
