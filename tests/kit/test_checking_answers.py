"""What public checks say of an odd answer: `all_close`, `chosen`, `drawn`, and a class that lacks something."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import Answers, NotDone, all_close, chosen, drawn, shown, verdict
from kit.exceptions import what_a_line_does_wrong, what_is_not_there


def says(check, *args, **kwargs):
    with pytest.raises(AssertionError) as caught:
        check(*args, **kwargs)
    return str(caught.value)


ODD_ARRAYS = {
    "None": (None, "gave None. Is there still a `...`"),
    "dots": (..., "is still `...`"),
    "generator": ((n for n in [1.0, 2.0]), "gave a generator; make a list or an array of it"),
    "map": (map(float, "12"), "gave a map; make a list or an array of it"),
    "ragged": ([[1.0, 2.0], [3.0]], "gave rows of different lengths"),
    "objects": (np.array([1.0, 2.0], dtype=object), "gave an array of object; an array of numbers was expected"),
    "texts": (["1", "2"], "gave a list; an array of numbers was expected"),
    "bools": (np.array([True, False]), "gave an array of bool"),
    "complex": (np.array([1j, 2.0]), "gave an array of complex128"),
    "a set": ({1.0, 2.0}, "gave a set; an array of numbers was expected"),
    "a column": (np.ones((2, 1)), "gave the shape (2, 1), expected (2,)"),
    "one number": (1.0, "gave the shape (), expected (2,)"),
    "nan": ([1.0, float("nan")], "gave nan somewhere, which is not a number"),
    "one wrong": ([1.0, 2.5], "gave 2.5 at [1], expected 2"),
}


@pytest.mark.parametrize(("odd", "said"), ODD_ARRAYS.values(), ids=ODD_ARRAYS)
def test_an_odd_array_is_named_with_the_question_below_it(odd, said):
    found = says(all_close, "probs(z)", odd, [1.0, 2.0], "Does it sum to 1?")
    assert found.startswith("`probs(z)` " + said)
    assert found.endswith("\nDoes it sum to 1?") == (odd is not None and odd is not ...)


@pytest.mark.parametrize("right", [[1, 2], (1.0, 2.0), np.array([1, 2]), np.array([1.0, 2.0 + 1e-12])])
def test_lists_tuples_and_arrays_of_the_right_numbers_pass(right):
    all_close("probs(z)", right, [1.0, 2.0])


def test_a_wrong_number_is_found_in_its_row_and_column():
    assert "at [1, 0]" in says(all_close, "W", [[1.0, 2.0], [0.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]])


def test_arrays_of_no_numbers_pass_where_none_are_expected():
    all_close("empty", [], [])


@pytest.mark.parametrize("right", ["c", " C "])
def test_a_chosen_letter_may_be_large(right):
    chosen(Answers({"zero_means": right}), "zero_means")


@pytest.mark.parametrize("odd", ["e", "", "cd", 3, None])
def test_what_is_no_letter_of_the_choice_is_refused(odd):
    said = says(chosen, Answers({"zero_means": odd}), "zero_means")
    assert said == "`zero_means` should be one letter between quotes: a, b, c or d."


def test_a_choice_that_is_not_made_yet_says_so():
    with pytest.raises(NotDone, match=r"still `\.\.\.`"):
        chosen(Answers({"zero_means": ...}), "zero_means")


ODD_FIGURES = {
    "None": (lambda: None, "gave None. Is there still a `...`, or is the `return` missing?"),
    "generator": (lambda: (ax for ax in plt.subplots(2)[1]), "gave a generator; make a list of it"),
    "figure": (lambda: plt.subplots(2)[0], "a Figure came. Return `ax`"),
    "line": (lambda: plt.plot([1, 2]), "a Line2D came. Return `ax`"),
    "rows": (lambda: plt.subplots(1, 2, squeeze=False)[1], "gave Axes in rows; give one flat list of them"),
    "one of two": (lambda: plt.subplots()[1], "should give 2 Axes, and gave 1"),
    "three": (lambda: list(plt.subplots(3)[1]), "should give 2 Axes, and gave 3"),
}


@pytest.mark.parametrize(("odd", "said"), ODD_FIGURES.values(), ids=ODD_FIGURES)
def test_what_is_no_pair_of_axes_is_named(odd, said):
    assert said in says(drawn, "pair_plot(f, xs)", odd(), 2)


def test_axes_come_alone_in_a_list_or_in_an_array():
    assert len(drawn("f()", plt.subplots()[1])) == 1
    assert len(drawn("f()", list(plt.subplots(2)[1]), 2)) == 2
    assert len(drawn("f()", plt.subplots(2)[1], 2)) == 2


def test_a_renamed_answer_is_asked_about():
    with pytest.raises(NotDone, match=r"There is a `averge_rate`: was it renamed\?"):
        Answers({"averge_rate": 1}).value("average_rate")


def test_another_name_is_not_taken_for_a_renamed_one():
    with pytest.raises(NotDone) as caught:
        Answers({"plt": 1, 5: 2}).value("average_rate")
    assert "renamed" not in str(caught.value)


@pytest.mark.parametrize("message", ["", "no attribute", "module 'numpy' has no attribute 'xyz'"])
def test_what_says_nothing_of_a_class_is_left_alone(message):
    assert what_is_not_there("AttributeError", message) == ""


@pytest.mark.parametrize("broken", ["it + 1", "it.inf", "it[0]", "len(it)", "it < 2", "abs(it)", "it()"])
def test_a_none_is_not_laid_to_a_class(broken):
    with pytest.raises((TypeError, AttributeError)) as caught:
        eval(broken, {"it": None})
    said = what_is_not_there(type(caught.value).__name__, str(caught.value))
    assert said.startswith("Your answer is None where something was expected")


ARRAYS = {  # what a learner writes, and what the reply says of it
    "if x > 0: pass": "An `if` needs one True or False",
    "math.log(x)": "math.log takes one number, np.log an array",
    "max(np.array(3.0))": "np.max and np.sum take that one as well",
    "np.zeros(3)[0] = x": "A place in an array holds one number",
    "[[1]] @ [[2]]": "`@` needs arrays",
    "x @ np.ones((3, 1))": "The arrays around `@` do not fit",
    "x + np.ones(3)": "Arrays of the shapes (2,) and (3,) meet here",
    "x.plot": "An array has no `.plot`",
    "(7).inf": "A plain number has no `.inf`",
}


@pytest.mark.parametrize(("written", "said"), ARRAYS.items())
def test_what_numpy_says_of_an_array_is_explained_below_the_line(written, said):
    with pytest.raises((AttributeError, TypeError, ValueError)) as caught:
        exec(written, {"x": np.array([1.0, -1.0]), "np": np, "math": math})
    assert said in what_a_line_does_wrong(type(caught.value).__name__, str(caught.value))


PUBLIC = '''
import pytest

@pytest.mark.task("pair")
def test_pair(student):
    """pairs can be added"""
    total = student.Pair() + student.Pair()
    assert total.size() == 2
'''


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ("pass", "Your class does not know what to do for `+` here"),
        ("__add__ = lambda self, other: self", "A `Pair` has no `size` yet. Is the method written"),
        ("def __add__(self, other): ...", "Your answer is None where something was expected"),
        ("def __add__(self, other): return self + 1", "Does the function call itself without an end?"),
    ],
)
def test_a_class_that_lacks_a_method_is_told_which(methods, said, tmp_path):
    (tmp_path / "test_unit.py").write_text(PUBLIC)
    names = {}
    exec(compile(f"class Pair:\n    {methods}", "<cell>", "exec"), names)
    assert said in verdict("pair", names, tmp_path)


def test_what_is_shown_is_found_however_it_was_drawn():
    _, ax = plt.subplots()
    ax.plot([0, 1], [2, 3], label=" F ")
    ax.scatter([0, 1], [4, 5], label="dots")
    ax.errorbar([0, 1], [6, 7], label="bars")
    ax.hlines(0, -1, 1, label="level")
    try:
        assert [shown(ax, label)[0][:, 1].tolist() for label in ("f", "dots", "bars", "level")] == [
            [2, 3],
            [4, 5],
            [6, 7],
            [0, 0],
        ]
        assert len(shown(ax)) == 4
        assert shown(ax, "nothing") == []
    finally:
        plt.close("all")
