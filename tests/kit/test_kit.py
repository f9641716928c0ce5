"""The kit: what a check says, whose variant it is, and what stands in the pictures."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import kit
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy
from kit import check, formula, greet, pictures, variant
from kit.check import Answers, NotYet, close, is_satisfied, typed, verdict
from kit.symbolic import FUNCTIONS, parse

PUBLIC = '''
import pytest
from kit.check import close

@pytest.mark.task("double")
def test_double(student):
    """twice the number"""
    close("double(4)", student.double(4), 8, "What is twice four?")
'''


NOTED = (
    PUBLIC.replace("import close", "import chosen, close")
    + '''
@pytest.mark.task("double")
def test_letter(student):
    """a letter"""
    chosen(student, "which")

@pytest.mark.task("only_a_letter")
def test_only_a_letter(student):
    """a letter"""
    chosen(student, "which")
'''
)
ASKING = '''
import pytest

@pytest.mark.task("double")
def test_double(student):
    """twice the number"""
    student.if_it_raises = "Which operation makes two of one?"
    assert student.double(4) == 8
'''


def says(code, tmp_path, public=PUBLIC, task="double"):
    (tmp_path / "test_unit.py").write_text(public)
    names = {}
    exec(compile(code, "<cell>", "exec"), names)
    return verdict(task, names, tmp_path)


SAYINGS = {
    "right": ("double = lambda x: 2 * x", "✓ double: the check passes"),
    "wrong": ("double = lambda x: x + 2", "gave 6, expected 8.\n    What is twice four?"),
    "missing": ("other = 1", "There is no `double` yet"),
    "stub": ("def double(x): ...", "Is there still a `...`"),
    "text": ("double = lambda x: '8'", "gave a str; a plain number was expected"),
    "nan": ("double = lambda x: float('nan')", "gave nan, which is not a number"),
    "generator": ("double = lambda x: (2 * n for n in [x])", "gave a generator"),
    "array": ("import numpy as np\ndouble = lambda x: np.array([8], dtype=object)", "gave an array of object"),
    "raises": ("def double(x): return x / 0", "Your code raised ZeroDivisionError: division by zero"),
    "own assert": ("def double(x): assert x < 0", "Your code raised AssertionError"),
    "endless": ("def double(x): return double(x)", "Does the function call itself without an end?"),
    "not callable": ("double = 8", "Does it have the form that the task asks for?"),
}


@pytest.mark.parametrize(("code", "said"), SAYINGS.values(), ids=SAYINGS)
def test_a_check_says_what_to_do_next(code, said, tmp_path):
    found = says(code, tmp_path)
    assert said in found
    assert "Traceback" not in found


def test_what_is_judged_later_is_noted_and_gets_no_tick(tmp_path):
    noted = "noted, judged when you hand in: `which`."
    assert says("which = 'b'", tmp_path, NOTED, "only_a_letter") == f"· only_a_letter: {noted}"
    both = says("which = 'b'\ndouble = lambda x: 2 * x", tmp_path, NOTED)
    assert both == f"· double: the other check passes. On to the next one!\n    {noted.capitalize()}"
    assert [is_satisfied(both, names) for names in ([], ["double"], ["which", "double"], ["which"])] == [True] * 3 + [
        False
    ]
    assert not is_satisfied(says("which = 'b'\ndouble = abs", tmp_path, NOTED), ["double"])
    assert "should be one letter" in says("which = 'e'", tmp_path, NOTED, "only_a_letter")


def test_an_exception_gets_the_question_of_its_check_too(tmp_path):
    asked = "Which operation makes two of one?"
    assert says("def double(x): return x / 0", tmp_path, ASKING).endswith(f"your line  (in a cell)\n    {asked}")
    assert asked in says("def double(x): assert x < 0", tmp_path, ASKING)
    assert asked not in says("double = lambda x: 2 * x", tmp_path, ASKING)


@pytest.mark.parametrize(("code", "passes"), [("double = lambda x: 2 * x", True), ("double = abs", False), ("", False)])
def test_a_check_raises_while_nbgrader_validates_and_only_then(code, passes, tmp_path, monkeypatch, capsys):
    (tmp_path / "test_unit.py").write_text(PUBLIC)
    names = {}
    exec(code, names)
    check("double", names, tmp_path)
    printed = capsys.readouterr().out
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    if passes:
        check("double", names, tmp_path)
    else:
        with pytest.raises(NotYet) as caught:
            check("double", names, tmp_path)
        assert caught.value._render_traceback_() == printed.splitlines()


def test_noted_answers_pass_nbgraders_validation(tmp_path, monkeypatch):
    (tmp_path / "test_unit.py").write_text(NOTED)
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    check("only_a_letter", {"which": "b"}, tmp_path)
    with pytest.raises(NotYet):
        check("only_a_letter", {"which": ...}, tmp_path)


def test_a_check_of_an_unknown_task_says_so(tmp_path):
    assert "I know no checks" in verdict("nothing", {}, tmp_path)


def test_check_reads_the_globals_that_it_is_called_from(tmp_path, monkeypatch, capsys):
    (tmp_path / "test_unit.py").write_text(PUBLIC)
    monkeypatch.chdir(tmp_path)
    exec('double = lambda x: 2 * x\ncheck("double")', {"check": check})
    assert capsys.readouterr().out.startswith("✓")


def test_check_is_silent_while_a_submission_is_graded(monkeypatch, capsys):
    monkeypatch.setenv("KIT_GRADING", "1")
    check("double")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2a+w", "2*a + w"),
        ("a-(w-1)", "a - (w - 1)"),
        ("-1/a^2", "-1/a^2"),
        ("(a+w)^2", "(a + w)^2"),
        ("sin(a)", "sin(a)"),
    ],
)
def test_a_typed_answer_is_shown_as_it_was_read(text, read):
    student = Answers({"answer": text})
    typed(student, "answer", ["a", "w"])
    assert student.notes == [f"answer is read as  {read}"]


@pytest.mark.parametrize(("variables", "like"), [(["a", "w"], "a + 1"), ([], "ln(2)/3")])
def test_a_number_in_the_place_of_a_typed_answer_is_told_what_a_text_looks_like(variables, like):
    with pytest.raises(AssertionError, match=re.escape(f'between quotes, like "{like}".')):
        typed(Answers({"answer": 0.5}), "answer", variables)


def test_a_typed_answer_can_be_computed():
    at = typed(Answers({"answer": "2a + exp(0)*w - abs(-3)"}), "answer", ["a", "w"])
    assert at(a=5, w=0.5) == 7.5


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_that_can_be_typed_has_its_value(name):
    text = f"{name}(a, w)" if name in ("max", "min") else f"{name}(a)"
    for a in (1.3, 2.7) if name == "acosh" else (0.3, 0.7):
        truth = (
            parse(text, ["a", "w"]).sympy().subs({sympy.Symbol("a", real=True): a, sympy.Symbol("w", real=True): 0.5})
        )
        assert typed(Answers({"answer": text}), "answer", ["a", "w"])(a=a, w=0.5) == pytest.approx(float(truth))


def test_a_derivative_that_is_left_to_us_is_no_answer():
    at = typed(Answers({"answer": "diff(a^2, a)"}), "answer", ["a"])
    with pytest.raises(
        AssertionError, match=r"^`answer`: a derivative is still to be worked out: what is diff\(a\^2, a\) \?$"
    ):
        at(a=3)


@pytest.mark.parametrize("answer", ["2**", 7, "b + 1"])
def test_a_typed_answer_that_cannot_be_read_says_so(answer):
    with pytest.raises(AssertionError, match="`answer`"):
        typed(Answers({"answer": answer}), "answer", ["a"])


def test_close_is_relative():
    close("f()", 1e12 + 1, 1e12)
    with pytest.raises(AssertionError):
        close("f()", 1.001, 1.0)


def test_a_variant_is_the_same_everywhere():
    assert [variant("task", range(100), student=name) for name in ("ada", "bo")] == [25, 19]


def test_a_variant_depends_on_student_task_and_edition():
    one = variant("task", range(10**6), student="ada")
    assert one != variant("task", range(10**6), student="bo")
    assert one != variant("other", range(10**6), student="ada")
    assert one != variant("task", range(10**6), student="ada", edition="2027")


def test_variants_are_spread_evenly():
    counts = np.bincount([variant("t", range(6), student=f"s{n}") for n in range(3000)])
    assert np.all(np.abs(counts - 500) < 5 * np.sqrt(500))


def test_without_a_name_the_kit_says_how_to_set_it(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(OSError("no name")))
    with pytest.raises(Exception, match="JUPYTERHUB_USER"):
        variant("task", [1, 2])


def test_the_notebook_says_whose_numbers_these_are(monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    greet()
    assert "Hello ada." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["root", "jovyan", "Jovyan", "  root "])
def test_a_name_that_many_have_is_warned_of(name, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", name)
    greet()
    said = capsys.readouterr().out
    assert f"Your name here is {name.strip()!r}" in said
    assert "os.environ['JUPYTERHUB_USER'] = " in said


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_gets_advice_and_no_traceback(name, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", name)
    monkeypatch.setattr("getpass.getuser", lambda: name)
    greet()
    assert capsys.readouterr().out.startswith("I do not know your name")


def test_a_formula_can_be_called_and_shows_itself():
    f = formula("x*x - abs(x)")
    assert f(-3) == 6
    assert repr(f) == "f(x) = x*x - abs(x)"
    surface = formula("p*p*q", "p, q")
    assert (surface(3, 2), repr(surface)) == (18, "f(p, q) = p*p*q")


def test_the_kit_is_imported_without_sympy_or_matplotlib():
    """They would take most of a second; benchmarks/main_job.py prints how long the import takes."""
    code = (
        "import sys; from kit import check, variant\n"
        "loaded = {'sympy', 'matplotlib'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(kit.__file__).parents[1])


def square(x):
    return x * x


def drawn():
    return plt.gcf().axes


def test_rise_over_run_draws_the_stair():
    pictures.rise_over_run(square, 1.0, 3.0)
    stair = [line.get_xydata().tolist() for line in drawn()[0].lines]
    assert [[1, 1], [3, 1], [3, 9]] in stair


def test_square_grows_draws_two_strips_and_a_corner():
    pictures.square_grows(3, [0.5])
    areas = [patch.get_width() * patch.get_height() for patch in drawn()[0].patches]
    assert areas == [9, 1.5, 1.5, 0.25]


def test_drive_graph_marks_the_minute_when_the_car_was_fastest(capsys):
    pictures.drive_graph(lambda t: t * t * (3 - t))
    assert len(drawn()) == 1
    pictures.drive_graph(lambda t: t * t * (3 - t), lambda f, t: 3 * t * (2 - t))
    assert drawn()[1].lines[-1].get_xydata().tolist() == [[1, 3]]
    assert "fastest at 3:00, at 3 km/h" in drawn()[1].get_title()
    pictures.drive_graph(square, lambda f, t: 1 / 0)
    assert "First make its check pass" in capsys.readouterr().out


def test_zoom_draws_each_window_equally_magnified_and_frames_the_next():
    pictures.zoom(square, 1.0, [4, 1])
    wide, near = drawn()
    assert [np.ptp(ax.get_xlim()) for ax in drawn()] == [4, 1]
    assert np.ptp(wide.get_ylim()) / np.ptp(near.get_ylim()) == pytest.approx(4)
    frame = wide.patches[0]
    assert (frame.get_width(), frame.get_height()) == (1, pytest.approx(np.ptp(near.get_ylim())))
    tangents = [line.get_ydata() for line in near.lines if line.get_label() == "tangent"]
    assert np.ptp(tangents) == pytest.approx(2)


def test_zoom_draws_no_tangent_at_a_kink():
    pictures.zoom(abs, 0.0, [4, 1])
    assert not [line for ax in drawn() for line in ax.lines if line.get_label() == "tangent"]


SLIDERS = {
    "zoom": (lambda: pictures.zoom_slider(square, 1.0, widest=4.0), 10, [4.0, 0.4], [4.0, 0.4, 0.04]),
    "chord": (lambda: pictures.chord_slider(square, 1.0, [2.0, 1.0, 0.5]), 1.0, [3.2], [3.2, 3.2, 3.2]),
}


@pytest.mark.parametrize(("draw", "value", "moved", "still"), SLIDERS.values(), ids=SLIDERS)
def test_a_slider_draws_when_it_is_moved_and_is_replaced_by_panels(draw, value, moved, still, monkeypatch):
    import ipywidgets

    made = {}
    monkeypatch.setattr(ipywidgets, "interact", lambda show, value: made.update(show=show, slider=value))
    draw()
    assert not plt.get_fignums()  # the slider draws when it is shown
    assert value in made["slider"].options
    made["show"](value)
    curves = [line for ax in drawn() for line in ax.lines if line.get_label() == "f"]
    assert [np.ptp(line.get_xdata()) for line in curves] == pytest.approx(moved)
    plt.close("all")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)  # as where it is not installed
    draw()
    curves = [line for ax in drawn() for line in ax.lines if line.get_label() == "f"]
    assert [np.ptp(line.get_xdata()) for line in curves] == pytest.approx(still)


def test_match_draws_the_slopes_in_an_order_of_their_own():
    pictures.match([lambda x: 3 * x, square], lambda f, x: f(x) + 1)  # at the left end square falls, the line climbs
    below = drawn()[2:]
    assert below[0].lines[1].get_ydata()[0] == 10
    assert below[1].lines[1].get_ydata()[0] == -8


def test_match_waits_for_a_slope_that_is_not_written():
    pictures.match([square], lambda f, x: None + 1)
    assert "write `slope` first" in drawn()[1].texts[0].get_text()


def test_advice_draws_an_arrow_or_a_dot():
    pictures.advice([square], lambda f, x: -np.sign(x), count=3)
    ax = drawn()[0]
    assert len(ax.texts) == 2
    assert ax.lines[1].get_xydata().tolist() == [[0, 0]]


@pytest.mark.parametrize("signal", [lambda f, x: 1 / 0, lambda f, x: None, lambda f, x: 0.5])
def test_advice_waits_for_a_signal_that_works(signal, capsys):
    pictures.advice([square], signal)
    assert "First make its check pass" in capsys.readouterr().out
    assert not plt.get_fignums()


def test_places_are_marked():
    pictures.places(square, [-1, 2])
    assert [text.get_text() for text in drawn()[0].texts] == ["A", "B"]


@pytest.mark.parametrize("draw", [lambda: None, lambda: 1 / 0], ids=["None", "raises"])
def test_look_says_where_there_is_nothing_to_see(draw, capsys):
    pictures.look(draw)
    assert "First make its check pass" in capsys.readouterr().out


def test_look_tidies_the_panels_and_draws_the_target_below():
    def mine(f, xs):
        _, axes = plt.subplots(1, 2)
        axes[0].plot(xs, [f(x) for x in xs], label="f")
        return list(axes)

    pictures.look(mine, square, [0.0, 1.0, 2.0], target=[square, pictures.rate_of(square)])
    left, right = drawn()
    assert left.get_legend() is not None
    target = left.lines[-1]
    assert target.get_zorder() < left.lines[0].get_zorder()
    assert np.allclose(target.get_ydata(), np.square(target.get_xdata()))
    assert np.allclose(right.lines[-1].get_ydata(), 2 * right.lines[-1].get_xdata())


def test_nothing_is_drawn_while_a_submission_is_graded(monkeypatch):
    monkeypatch.setenv("KIT_GRADING", "1")
    pictures.zoom(square, 1.0)
    pictures.zoom_slider(square, 1.0)
    assert not plt.get_fignums()


def test_every_picture_of_curves_is_tested_by_what_it_draws():
    named = set(re.findall(r"pictures\.(\w+)\(", Path(__file__).read_text(encoding="utf-8")))
    assert set(importlib.import_module("kit.pictures.curves").__all__) <= named
