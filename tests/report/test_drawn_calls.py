"""The answers of public calls as pictures, whatever numbers they hold."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.drawn_calls import broken_off, drawings, entries, relative_error, series, shown_number
from grader.report.feedback_page import Feedback, feedback_page
from grader.results import Level, Outcome, Report, ShownCall, TaskResult, TestResult
from tests.report.test_feedback_page import TAGS
from tests.report.test_odd_pages import Whole

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["nan", "inf", "-inf", 0.0, 1.0, 1e308])
LOSSES = tuple(1 / (n + 1) ** 2 for n in range(41))


def task_with(*shown, example="", picture=""):
    tests = (TestResult("t", "t", 1.0, Outcome.WRONG, "Its slopes are right."),)
    return TaskResult("t", "Slopes", 0.0, 3.0, tests, shown=shown, example=example)


def page_of(*shown, example=""):
    task = task_with(*shown, example=example)
    return feedback_page(Feedback(Report("ada", "u", (task,), Level.L3), "Course", "Unit"))


@pytest.mark.parametrize(
    ("given", "expected", "shows", "error", "level"),
    [
        (2.0, 2.0, "2", "", 0),
        (0.1 + 0.2, 0.3, "0.3", "", 0),  # rounding
        (3.5, 3.0, "3.5", "7.7\u00a0%", 2),
        (-3.0, 3.0, "−3", "100\u00a0%", 3),
        (1.00001, 1.0, "1.00001", "0.0005\u00a0%", 1),  # as many digits as it takes to see it
        (1e300, 2.0, "1e300", "100\u00a0%", 3),
        (1.7e308, -1.7e308, "1.7e308", "100\u00a0%", 3),  # their sum is larger than any float
        (0.0, 1e-9, "0", "100\u00a0%", 3),
        (0.0, 1e-13, "0", "", 0),
        ("nan", 3.0, "nan", "", 3),
        ("-inf", 3.0, "−∞", "", 3),
        ("inf", "inf", "∞", "", 0),
    ],
)
def test_an_entry_shows_its_relative_error(given, expected, shows, error, level):
    ((entry,),) = entries(ShownCall("f()", "entries", ((given,),), ((expected,),)))
    assert (entry.given, entry.error, entry.level) == (shows, error, level)
    assert bool(entry.expected) == bool(level)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_relative_error_is_that_of_unit_4(one, other):
    found = relative_error(*(value if math.isfinite(value) else str(value) for value in (one, other)))
    assert 0 <= found <= 1
    if found and max(abs(one), abs(other)) < 1e150:
        assert found == pytest.approx(abs(one - other) / (abs(one) + abs(other)))


def test_the_heat_map_says_in_words_what_its_colours_say():
    page = page_of(ShownCall("f(`X`)", "entries", ((1.0, 2.0), (3.5, "nan")), ((1.0, 2.0), (3.0, 4.0))))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "f(X) , entry by entry" in text
    assert "3.5 expected 3 off by 7.7 % nan expected 4" in text
    assert page.count('<td class="h0">') == 2
    assert (page.count('<td class="h2">'), page.count('<td class="h3">')) == (1, 1)
    named = page_of(ShownCall("f(X)", "entries", ((1.0,),), ((2.0,),)), example="`f(X)` gave 1; expected 2.")
    assert named.count("f(X)") == 1  # the sentence above has named the call


@pytest.mark.parametrize(
    ("given", "expected", "curves", "says"),
    [
        (LOSSES, LOSSES, 2, ""),
        ([*LOSSES[:5], *["nan"] * 36], LOSSES, 2, "Number 5 is nan, counted from 0."),
        (["nan"] * 41, LOSSES, 1, "All of them are nan."),
        (["inf"] * 41, (), 0, "All of them are ∞."),
        (["inf", "nan"] * 20, (), 0, "None of them is finite."),
        ([10.0 ** (7 * n) for n in range(41)], LOSSES, 2, ""),  # a log scale
        ([-1e200] * 41, [float(n) for n in range(41)], 1, "Number 0 is −1e200, far outside this picture."),
        ([0.0] * 41, [0.0] * 41, 2, ""),
        ([0.7] * 41, (), 1, ""),
        ([5e-324, 1.7e308] * 10, (), 1, ""),
    ],
)
def test_losses_are_a_curve_whatever_they_are(given, expected, curves, says):
    call = ShownCall("train(X)[1]", "series", (tuple(given),), (tuple(expected),) if expected else ())
    assert broken_off(call) == says
    drawn = series(call)
    assert drawn.count("<path class=") - drawn.count('class="axis"') - drawn.count('class="grid"') >= curves
    assert bool(drawn) == bool(curves)
    assert says in page_of(call)
    ends = re.findall(r">([^<]+)</text>", drawn)
    assert len(ends) == len(set(ends)) or "0" in ends, ends  # no two ticks of an axis are written alike


@settings(max_examples=60, deadline=None)
@given(
    st.lists(NUMBERS, min_size=10, max_size=60),
    st.lists(st.floats(-1e12, 1e12), min_size=0, max_size=40),
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=8),
)
def test_a_page_is_whole_whatever_the_numbers_are(losses, wanted, pairs):
    curve = ShownCall("a<b>()", "series", (tuple(losses),), (tuple(wanted),) if wanted else ())
    array = ShownCall("f()", "entries", (tuple(got for got, _ in pairs),), (tuple(other for _, other in pairs),))
    if drawn := series(curve):
        tree = ElementTree.fromstring(drawn)
        assert not re.search("nan|inf", drawn)
        for place in tree.iter("text"):
            assert -5 <= float(place.get("x")) <= 345
            assert -5 <= float(place.get("y")) <= 205
    page = page_of(curve, array)
    Whole(page, TAGS | {"th"})
    assert "a&lt;b&gt;()" in page


def test_a_figure_is_shown_only_if_it_is_a_small_picture():
    png = "iVBORw0KGgo="
    shown = [ShownCall("plot()", "figure", picture=picture) for picture in (png, "PHN2Zz4=", "!", "A" * 200_000)]
    assert [call.picture for call in drawings(task_with(*shown[:3]))] == [png]
    assert list(drawings(task_with(shown[3]))) == []


def test_numbers_read_as_a_learner_writes_them():
    assert [shown_number(value) for value in (2.0, -0.5, 1e-9, 123456.0, np.pi)] == [
        "2",
        "−0.5",
        "1e−9",
        "1.235e5",
        "3.142",
    ]
