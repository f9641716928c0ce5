"""Public checks of the unit: run them in the notebook with check("task"), or all of them with pytest."""

import pytest


def close(found, expected):
    return abs(found - expected) < 1e-9


@pytest.mark.task("average_rate")
def test_a_line_rises_evenly(student):
    """the rate of 3x between 1 and 4 is 3"""
    found = student.average_rate(lambda x: 3 * x, 1.0, 4.0)
    assert close(found, 3), f"For f(x) = 3x from 1 to 4 you give {found}: rise 9, run 3. What is rise over run?"


@pytest.mark.task("average_rate")
def test_the_answers_are_typed(student):
    """both paper answers are filled in"""
    assert isinstance(student.rate_of_square, str), 'Type rate_of_square as text, such as "3a - w".'
    assert isinstance(student.my_rate, int | float), "my_rate is a number."


@pytest.mark.task("dual_plus_times")
def test_plus_and_minus(student):
    """(2 + 3 eps) plus and minus (1 + 5 eps)"""
    one, two = student.Dual(2.0, 3.0), student.Dual(1.0, 5.0)
    total, difference = one + two, one - two
    assert (total.real, total.inf) == (3, 8), f"The sum should be 3 + 8 eps; you give {total}."
    assert (difference.real, difference.inf) == (1, -2), f"The difference should be 1 - 2 eps; you give {difference}."


@pytest.mark.task("dual_plus_times")
def test_times(student):
    """(2 + 3 eps) times (1 + 5 eps)"""
    found = student.Dual(2.0, 3.0) * student.Dual(1.0, 5.0)
    assert (found.real, found.inf) == (2, 13), f"Multiply out: 2*1, and beside eps 2*5 + 3*1. You give {found}."


@pytest.mark.task("dual_divide_power")
def test_dividing_undoes_multiplying(student):
    """a / b times b is a again"""
    one, two = student.Dual(6.0, 5.0), student.Dual(2.0, 1.0)
    back = student.divide(one, two) * two
    assert (close(back.real, 6), close(back.inf, 5)) == (True, True), f"Multiplied back you get {back}, not 6 + 5 eps."


@pytest.mark.task("dual_divide_power")
def test_a_square_is_a_product(student):
    """(3 + eps)**2 is (3 + eps)*(3 + eps)"""
    found = student.power(student.Dual(3.0, 1.0), 2)
    assert (close(found.real, 9), close(found.inf, 6)) == (True, True), f"It should be 9 + 6 eps; you give {found}."


@pytest.mark.task("slope")
def test_the_slope_of_a_square(student):
    """the slope of x*x at 3 is 6"""
    found = student.slope(lambda x: x * x, 3.0)
    assert close(found, 6), f"You give {found}. What stands beside eps in (3 + eps)*(3 + eps)?"


@pytest.mark.task("microscope")
def test_one_picture_per_width(student):
    """one picture for each width, with the curve and the tangent"""
    pictures = student.microscope(lambda x: x * x, 1.0, [2.0, 0.2])
    assert len(pictures) == 2, f"Two widths, so two Axes; you give {len(pictures)}."
    labels = {line.get_label() for line in pictures[0].get_lines()}
    assert {"f", "tangent"} <= labels, f'The lines should have the labels "f" and "tangent"; found {sorted(labels)}.'
    _close_figures()


@pytest.mark.task("pair_plot")
def test_two_panels(student):
    """two panels, each with a curve over xs"""
    upper, lower = student.pair_plot(lambda x: x * x, [-1.0, 0.0, 1.0])
    assert upper.get_lines(), "The upper panel is empty."
    assert len(lower.get_lines()) >= 2, "The lower panel needs the slope and a line at zero."
    _close_figures()


@pytest.mark.task("signal")
def test_downhill_on_a_valley(student):
    """right of the bottom of a valley the way down is to the left"""
    found = student.signal(lambda x: x * x, 2.0)
    assert found == -1, f"At x = 2 the valley x*x gets smaller to the left: -1. You give {found}."


def _close_figures():
    import matplotlib.pyplot as plt

    plt.close("all")
