"""What only `u1_derivative_intuition` has; what every unit has is tested in tests/course."""

from pathlib import Path

import pytest
from kit import formula, pictures, variant

from grader.results import Outcome
from grader.testing import Student, choices, load_module
from grader.testing.plugin import run_inside_pytest

SOLUTION = Path(__file__).parents[2] / "solutions" / "u1_derivative_intuition"
order_of_slopes = load_module(SOLUTION / "test_u1_derivative_intuition_hidden.py")["order_of_slopes"]
RIGHT = SOLUTION / "right_answers" / "step_by_step.py"


def lost(task, student="reference", path=SOLUTION / "reference.py", **instead):
    """The hidden tests of `task` that a right answer loses when these names are exchanged: name -> hint."""
    found = {}

    def body(run):
        names = load_module(path) | instead
        ran = run(lambda _: Student.local(names, student), only=frozenset([task]))
        found.update({case.result.name: case.result.hint for case in ran if case.result.outcome is not Outcome.PASSED})

    run_inside_pytest([SOLUTION / "test_u1_derivative_intuition_hidden.py"], body)
    return found


def test_a_wrong_prediction_costs_nothing_if_the_explanation_is_right():
    assert lost("signal", my_prediction=[1, 1, 1], zero_means="c") == {}
    assert set(lost("signal", my_prediction=[1, 1, 1], zero_means="a")) == {"test_prediction", "test_what_zero_means"}


@pytest.mark.parametrize(
    ("task", "tests"),
    [
        ("average_rate", {"test_the_students_own_rate", "test_the_rate_of_your_own_function_on_paper"}),
        ("microscope", {"test_your_own_tangent_on_paper"}),
    ],
)
def test_who_works_with_the_numbers_of_another_name_is_told_so(task, tests, monkeypatch):
    of_task = choices(str(SOLUTION / "reference.py"))
    numbers = of_task[{"average_rate": "CUBICS", "microscope": "CURVES"}[task]]
    assert variant(task, numbers, student="ada") != variant(task, numbers, student="bo")
    monkeypatch.setenv("JUPYTERHUB_USER", "bo")  # what the notebook was told
    found = lost(task, student="ada", path=RIGHT)  # what the course knows
    assert set(found) == tests
    assert all("greet you by your name" in hint for hint in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("error", [ValueError, ZeroDivisionError])
def test_raising_the_error_that_is_asked_for_always_earns_nothing(error):
    def raises(*args):
        raise error("always")

    assert "test_no_step_is_refused" in lost("average_rate", average_rate=raises)
    assert "test_dividing_by_real_part_zero" in lost("dual_divide_power", divide=raises)
    assert "test_negative_powers" in lost("dual_divide_power", power=raises)


def test_every_students_numbers_tell_right_from_wrong_equally_well():
    numbers = choices(str(SOLUTION / "reference.py"))
    rates = [
        (formula(case["f"])(case["b"]) - formula(case["f"])(case["a"])) / (case["b"] - case["a"])
        for case in numbers["CUBICS"]
    ]
    assert len(set(rates)) == len(rates)  # nobody's number is right for somebody else
    for case in numbers["CURVES"]:  # no tangent through the origin, none that starts at height 0, no two numbers alike
        f, x0 = formula(case["f"]), case["x0"]
        slope = round((f(x0 + 1e-5) - f(x0 - 1e-5)) / 2e-5)
        height, start = f(x0), f(x0) - slope * x0
        assert len({0, 1, x0, height, slope, start}) == 6, case


def test_every_walk_has_one_place_of_each_kind():
    for walk in choices(str(SOLUTION / "reference.py"))["WALKS"]:
        f = formula(walk["f"])
        slopes = [round(f(x + 1e-5) - f(x - 1e-5), 9) for x in walk["at"]]
        assert sorted((s > 0) - (s < 0) for s in slopes) == [-1, 0, 1], walk


def test_no_triple_of_graphs_has_its_slopes_in_its_own_order():
    for triple in choices(str(SOLUTION / "reference.py"))["TRIPLES"]:
        order = order_of_slopes([formula(text) for text in triple])
        assert sorted(order) == [0, 1, 2]
        assert all(order[place] != place for place in range(3)), triple


def test_the_slopes_are_drawn_in_the_order_that_the_hidden_test_knows():
    for triple in choices(str(SOLUTION / "reference.py"))["TRIPLES"]:
        functions, drawn = [formula(text) for text in triple], []

        def slope(f, x, drawn=drawn):
            drawn.append(f)
            return 0.0

        pictures.match(functions, slope)
        assert list(dict.fromkeys(drawn)) == [functions[number] for number in order_of_slopes(functions)]


def test_calls_of_f_cannot_be_made_up():
    def slope(f, x):
        f.calls, f.last_types = 1, ["Dual"]  # the attributes that a test reads from a handle
        return 7

    assert "test_f_is_called_once_with_a_dual" in lost("slope", slope=slope)


def drawn_with(factor):
    """A `pair_plot` whose lower curve is the slope times a factor."""
    names = load_module(SOLUTION / "reference.py")

    def pair_plot(f, xs):
        above, below = names["pair_plot"](f, xs)
        below.lines[0].set_ydata([factor * slope for slope in below.lines[0].get_ydata()])
        below.plot(xs, [0 * x for x in xs])  # a level line, drawn as a curve
        return above, below

    return pair_plot


@pytest.mark.parametrize(("factor", "says"), [(2.5, "Do not rescale"), (-1, "upside down")])
def test_a_slope_that_is_rescaled_or_turned_over_is_told_so(factor, says):
    assert says in lost("pair_plot", pair_plot=drawn_with(factor))["test_the_lower_panel_shows_the_slope"]
    assert lost("pair_plot", pair_plot=drawn_with(1)) == {}


def test_a_matching_the_other_way_round_or_against_the_slopes_is_told_so():
    triples = choices(str(SOLUTION / "reference.py"))["TRIPLES"]
    said = set()
    for student in ("reference", "bo"):
        order = order_of_slopes([formula(text) for text in variant("pair_plot", triples, student=student)])
        right = "".join("abc"[order.index(number)] for number in range(3))
        for letters in ("acb", "bac", "bca", "cab", "cba"):
            hint = lost("pair_plot", student=student, matching=letters).get("test_three_graphs_and_their_slopes", "")
            inverse = letters == "".join("abc"[number] for number in order) != right
            assert (hint == "") == (letters == right)
            assert ("for each slope its graph" in hint) == inverse
            said.add("means downhill" in hint)
    assert said == {True, False}
