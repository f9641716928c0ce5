"""What only `u2_derivative_rules` has; what every unit has is tested in tests/course."""

from pathlib import Path

import pytest

from grader.course import build
from grader.course.notebooks import source_of
from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

SOLUTION = Path(__file__).parents[2] / "solutions" / "u2_derivative_rules"


def lost(**changed):
    """The hidden tests that the reference loses with these names changed."""
    failed = set()

    def body(run):
        names = load_module(SOLUTION / "reference.py")
        names.update(changed)
        failed.update(
            case.result.name
            for case in run(lambda _: Student.local(names))
            if case.result.outcome is not Outcome.PASSED
        )

    run_inside_pytest([SOLUTION / "test_u2_derivative_rules_hidden.py"], body)
    return failed


def test_a_wrong_guess_costs_nothing_if_the_limit_is_right():
    right = load_module(SOLUTION / "reference.py")["my_guess"]
    wrong = next(letter for letter in "abc" if letter != right)
    assert lost(my_guess=wrong) == set()
    assert lost(my_guess=wrong, lr_limit="1/c") == {"test_guess", "test_the_limit_of_the_learning_rate"}


def test_a_place_found_with_a_wrong_descend_costs_nothing_more():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            path.append(path[-1] + lr * df(path[-1]))
        return path

    bowl = load_module(SOLUTION / "reference.py")["bowl"]
    third = descend(lambda x: bowl["c"] * x, bowl["x0"], bowl["lr"], 3)[3]
    assert "test_three_steps_in_your_own_bowl" in lost(my_third=third)
    assert "test_three_steps_in_your_own_bowl" not in lost(my_third=third, descend=descend)


def test_no_guess_at_all_costs_its_points():
    assert lost(my_guess=None) == {"test_guess"}


def test_a_slip_in_the_slope_of_an_activation_costs_nothing_in_the_plot():
    assert "test_your_own_plot" not in lost(dtanh_from_output=lambda a: 1 - a)


@pytest.mark.slow
def test_a_dual_that_cannot_calculate_is_enough_for_every_task():
    class Dual:
        def __init__(self, real, inf=0):
            self.real, self.inf = real, inf

    names = load_module(SOLUTION / "reference.py")
    own = {name: names[name] for name in ("exp", "log", "sin", "cos", "sqrt")}
    names["Dual"] = Dual  # the functions look it up when they are called
    assert lost(Dual=Dual, **own) == set()


def test_the_cells_below_grow_do_not_punish_a_grow_that_calls_itself(course, capsys):
    def grow(x, n):
        return 1 if n == 0 else grow(x, n - 1) * (1 + x / n_in_all[0])

    n_in_all = [1]

    def counted(x, n):
        n_in_all[0] = n
        return grow(x, n)

    cells = [source_of(cell) for cell in build.stub_notebook(course.unit("u2_derivative_rules"))["cells"]]
    below = next(number for number, source in enumerate(cells) if source == 'check("exp_by_steps")') + 1
    exec(cells[below].rsplit("\n", 1)[0], {"grow": counted})  # without the picture
    assert "grow(1, 365) = 2.714" in capsys.readouterr().out
