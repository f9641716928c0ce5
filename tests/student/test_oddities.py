"""What came back is odd: each oddity has its own sentence, here and over a real socket, where types change."""

import socket
import sys
import threading
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.jail.channel import FrameChannel, seconds_from_now
from grader.jail.inside.session import Session, _answer_all
from grader.jail.inside.wire import Frames
from grader.testing.expect import Hint, Recognised, answer, array, axes, letter, listed, number
from grader.testing.plugin import outcome_of
from grader.testing.student import Missing, Student, StudentError

CODE = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

class Bare: pass
class Rows:
    def __iter__(self): return iter([1.0, 2.0])
class Broken:
    def __iter__(self): raise ValueError("not today")
class Value(float): pass

def give(which): return ODD[which]()
def nothing(): ...
def numbers():
    yield 1.0

ODD = {
    "None": nothing,
    "dots": lambda: ...,
    "nan": lambda: float("nan"),
    "nan inside": lambda: [1.0, float("nan")],
    "nan in no dimensions": lambda: np.array(float("nan")),
    "bool": lambda: True,
    "numpy bool": lambda: np.bool_(True),
    "text": lambda: "3",
    "complex": lambda: 1 + 2j,
    "generator": numbers,
    "map": lambda: map(float, "12"),
    "zip": lambda: zip([1], [2]),
    "set": lambda: {1.0, 2.0},
    "keys": lambda: {1.0: 2}.keys(),
    "objects": lambda: np.array([1.0, None], dtype=object),
    "texts": lambda: ["1", "2"],
    "bools": lambda: [True, False],
    "complexes": lambda: np.array([1j, 2.0]),
    "None inside": lambda: [1.0, None],
    "ragged": lambda: [[1.0, 2.0], [3.0]],
    "column": lambda: np.ones((3, 1)),
    "function": lambda: nothing,
    "method": lambda: Rows().__iter__,
    "class": lambda: Bare,
    "object": Bare,
    "rows": Rows,
    "broken": Broken,
    "float": lambda: 2.5,
    "int": lambda: 3,
    "numpy float": lambda: np.float32(2.5),
    "subclass": lambda: Value(2.5),
    "in no dimensions": lambda: np.array(2.5),
    "one number in an array": lambda: np.array([2.5]),
    "list": lambda: [1, 2],
    "tuple": lambda: (1.0, 2.0),
    "array": lambda: np.array([1.0, 2.0]),
    "ints": lambda: np.array([1, 2], dtype="int16"),
    "axes": lambda: plt.subplots()[1],
    "array of axes": lambda: plt.subplots(2)[1],
    "list of axes": lambda: list(plt.subplots(2)[1]),
    "figure": lambda: plt.figure(),
    "lines": lambda: plt.plot([1, 2]),
}
choice, blank, dots = " C ", "", ...
"""


@pytest.fixture(params=["in this process", "over a socket"])
def student(request):
    """The same student behind the local fake and behind a socket pair, as in the jail."""
    names = {"__name__": "cell"}
    exec(compile(CODE, "<cell 1>", "exec"), names)
    if request.param == "in this process":
        yield Student.local(names)
    else:
        ours, theirs = socket.socketpair()
        session = Session(names, {"<cell 1>": CODE.splitlines()})
        far = threading.Thread(target=_answer_all, args=(Frames(theirs), session, None, lambda task: None))
        far.start()
        yield Student(FrameChannel(Frames(ours), deadline=seconds_from_now(30)), "ada")
        ours.close()
        far.join(10)
        theirs.close()
        assert not far.is_alive()
    names["plt"].close("all")


def hint(check, *args, **kwargs):
    with pytest.raises(Hint) as caught:
        check(*args, **kwargs)
    return str(caught.value)


NO_NUMBER = {
    "None": "None (is there still a `...`, or is a `return` missing?) came back",
    "dots": "`...` (nothing is written there yet) came back",
    "nan": "nan came back, which is not a number",
    "nan in no dimensions": "nan came back, which is not a number",
    "bool": "a bool came back",
    "numpy bool": "a bool came back",
    "text": "a str came back",
    "complex": "a complex came back",
    "generator": "a generator (make a list of it",
    "list": "a list came back",
    "one number in an array": "an array of shape (1,) came back",
    "objects": "an array of Python objects (dtype object",
    "function": "a function (is it called, with parentheses?)",
    "method": "a method (is it called, with parentheses?)",
    "class": "a class (is it called, with parentheses?)",
    "object": "a Bare came back",
    "figure": "a Figure came back",
    "axes": "and Axes came back",
}


@pytest.mark.parametrize("odd", NO_NUMBER)
def test_what_is_no_number_is_named(student, odd):
    said = hint(number, student.give(odd), 2.5, what="my_rate")
    assert said.startswith("my_rate: ")
    assert NO_NUMBER[odd] in said
    assert "2.5" not in said


@pytest.mark.parametrize("right", ["float", "numpy float", "subclass", "in no dimensions"])
def test_every_kind_of_number_is_a_number(student, right):
    assert number(student.give(right), 2.5) == 2.5
    with pytest.raises(AssertionError, match="another number") as caught:
        number(student.give(right), 2.6)
    assert not isinstance(caught.value, Hint)  # what was expected is for staff only


def test_a_number_is_compared_relatively_or_as_told():
    number(1e12 + 1, 1e12)
    number(1.01, 1.0, rel=0.1)
    number(1e-3, 0.0, abs=0.01)
    with pytest.raises(AssertionError):
        number(1e-3, 0.0)


ANY = st.floats(allow_nan=False) | st.sampled_from([0.0, 1e-9, -1e-9, 1.0, 1.0 + 1e-6, 1e300, -1e300])


@given(found=ANY, expected=ANY, rel=st.sampled_from([0.0, 1e-9, 1e-6, 0.1]), least=st.sampled_from([0.0, 1e-12, 1.0]))
def test_a_number_is_compared_as_numpy_compares_it(found, expected, rel, least):
    def is_near():
        try:
            number(found, expected, rel=rel, abs=least)
        except AssertionError:
            return False
        return True

    with np.errstate(over="ignore", invalid="ignore"):
        assert is_near() == np.isclose(found, expected, rtol=rel, atol=least)


NO_ARRAY = {
    "None": "None (is there still a `...`, or is a `return` missing?) came back",
    "dots": "`...` (nothing is written there yet)",
    "nan inside": "there is a nan in what came back",
    "generator": "a generator (make a list of it",
    "map": "a map (make a list of it",
    "set": "a set (it has no order",
    "objects": "an array of Python objects (dtype object",
    "texts": "one of texts came back",
    "bools": "one of True and False came back",
    "complexes": "one of complex numbers came back",
    "None inside": "one of something other than numbers came back",
    "ragged": "the rows have different lengths",
    "column": "the shape (2,) was expected, and (3, 1) came back",
    "float": "the shape (2,) was expected, and () came back",
    "bool": "a bool came back",
    "text": "a str came back",
    "function": "a function (is it called",
    "object": "a Bare came back",
    "axes": "and Axes came back",
}


@pytest.mark.parametrize("odd", NO_ARRAY)
def test_what_is_no_array_is_named(student, odd):
    assert NO_ARRAY[odd] in hint(array, student.give(odd), [7.0, 8.0], what="probs")


@pytest.mark.parametrize("right", ["list", "tuple", "array", "ints"])
def test_lists_and_arrays_of_numbers_are_arrays(student, right):
    assert array(student.give(right), [1.0, 2.0]).dtype == float
    with pytest.raises(AssertionError, match="other numbers"):
        array(student.give(right), [1.0, 3.0])
    assert "The shape (2, 1) was expected" in hint(array, student.give(right), shape=(2, 1))


def test_one_number_is_an_array_of_no_dimensions(student):
    assert array(student.give("int"), 3.0).shape == ()


NO_LIST = {
    "None": "a list was expected, and None (is there still",
    "dots": "`...` (nothing is written there yet)",
    "generator": "a generator (make a list of it: `list(...)`, or square brackets",
    "map": "a map (make a list of it",
    "zip": "a zip (make a list of it",
    "set": "a set (it has no order; make a list instead)",
    "keys": "the keys of a dict (make a list of them",
    "text": "a str came back",
    "float": "a float came back",
    "function": "a function (is it called",
    "object": "a Bare came back",
    "axes": "a list was expected, and Axes came back",
}


@pytest.mark.parametrize("odd", NO_LIST)
def test_what_is_no_list_is_named(student, odd):
    assert NO_LIST[odd] in hint(listed, student.give(odd), 2, what="microscope")


@pytest.mark.parametrize("right", ["list", "tuple", "array", "rows", "array of axes", "list of axes"])
def test_lists_tuples_arrays_and_iterables_are_lists(student, right):
    assert len(listed(student.give(right), 2)) == 2
    assert hint(listed, student.give(right), 3) == "3 things were expected in the list, and 2 came back."
    assert hint(listed, student.give(right), 1) == "One thing was expected in the list, and 2 came back."


def test_an_error_in_the_students_own_iterator_is_the_students():
    names = {}
    exec(compile(CODE, "<cell 1>", "exec"), names)
    session = Session(names, {"<cell 1>": CODE.splitlines()})
    student = Student(type("Channel", (), {"request": staticmethod(session.answer)})(), "ada")
    with pytest.raises(StudentError, match="not today"):
        listed(student.give("broken"))


NO_AXES = {
    "None": "None (is there still a `...`, or is a `return` missing?)",
    "figure": "a Figure came back. Return `ax`.",
    "list of axes": "a list came back",
    "array of axes": "a whole array of them came back",
    "lines": "a list came back",
    "object": "a Bare came back",
    "text": "a str came back",
}


@pytest.mark.parametrize("odd", NO_AXES)
def test_what_are_no_axes_is_named(student, odd):
    assert NO_AXES[odd] in hint(axes, student, student.give(odd), what="pair_plot")


def test_axes_come_as_data(student):
    assert axes(student, student.give("axes")).lines == []


def test_a_name_that_is_not_answered_yet_says_so(student):
    assert hint(answer, student, "dots") == "dots: nothing is written here yet."
    assert answer(student, "choice") == " C "
    with pytest.raises(Missing) as caught:
        answer(student, "choise")
    assert caught.value.near == "choice"


@pytest.mark.parametrize("instead", [None, ModuleType("kit.spelling")], ids=["nothing", "another module"])
def test_a_missing_name_is_missing_whatever_stands_in_the_place_of_the_kit(instead, monkeypatch):
    monkeypatch.setitem(sys.modules, "kit.spelling", instead)
    with pytest.raises(Missing) as caught:
        Student.local({"choice": "c"}).value("choise")
    assert caught.value.near == ""


def test_a_letter_may_be_written_large_and_with_spaces(student):
    letter(student, "choice", "c", {})
    assert "expected one letter, a, b, c or d, between quotes" in hint(letter, student, "blank", "c", {})
    assert hint(letter, student, "choice", "b", {"c": "a hilltop is flat, too?"}) == "choice: a hilltop is flat, too?"
    assert "read the section above" in hint(letter, student, "choice", "b", {})
    with pytest.raises(Recognised):
        letter(student, "choice", "b", {"c": "is it?"})


def test_a_question_that_begins_with_the_name_does_not_begin_with_it_twice():
    student = Student.local({"choice": "c"})
    with pytest.raises(Recognised, match=r"^choice: is it\?$"):
        letter(student, "choice", "b", {"c": "choice: is it?"})
    with pytest.raises(Hint, match=r"^choice: one thing"):
        listed([], 1, what="choice")


CLASSES = {
    "a method": ("P().area()", "A `P` has no `area` yet. Is the method written, and called exactly so?"),
    "an attribute": ("P().inf", "A `P` has no `inf` yet."),
    "an attribute of a number": ("(3.5).inf", "A plain number has no `.inf`. Can what stands before the dot be a"),
    "an attribute of a list": ("[1, 2].T", "A list has no `.T`. Was a list handed in"),
    "an attribute of a function": ("(lambda x: x).inf", "A function has no `.inf`. Is it called"),
    "arrays that do not fit": ("np.ones((2, 3)) @ np.ones((2, 3))", "The arrays around `@` do not fit: the left one"),
    "an operator": ("P() + P()", "Your class does not know what to do for `+` here"),
    "a number on the left": ("3 - P()", "Your class does not know what to do for `-` here"),
    "a minus sign": ("-P()", "Your class does not know what to do for `-` here"),
    "abs": ("abs(P())", "Your class does not know what to do for `abs` here"),
    "a comparison": ("P() < 3", "Your class does not know what to do for `<` here"),
}


@pytest.mark.parametrize(("call", "said"), CLASSES.values(), ids=CLASSES)
def test_a_class_that_lacks_something_is_told_what(call, said):
    names = {}
    exec("import numpy as np\nclass P: pass", names)
    with pytest.raises(StudentError) as caught:
        Student.local(names).eval(call)
    assert outcome_of(caught.value)["hint"].startswith(said)


def test_a_renamed_task_is_asked_about_in_the_feedback(student):
    with pytest.raises(Missing) as caught:
        student.gives(1)
    assert outcome_of(caught.value)["hint"] == (
        "There is no `gives` in the notebook yet. There is a `give`: was it renamed?"
    )


def test_an_odd_exception_in_a_hidden_test_is_the_submissions_and_never_internal():
    for odd in (Hint("odd"), TypeError("None has no len"), np.linalg.LinAlgError("odd")):
        assert outcome_of(odd)["outcome"] == "wrong"


@pytest.mark.parametrize(
    "raises",
    [
        "ValueError(f'bad {x}')",
        "ValueError(f'{x:.3e} {-x} [{x}] {int(x * 1e4)}')",
        "AttributeError(f'{chr(39)}n{int(x * 1e4)}{chr(39)} object has no attribute {chr(39)}y{chr(39)}')",
        "TypeError(f'unsupported operand type(s) for +: {x}')",
    ],
)
def test_no_number_in_the_message_of_an_exception_is_shown(raises):
    names = {}
    exec(f"def slope(x):\n    raise {raises}", names)
    with pytest.raises(StudentError) as caught:
        Student.local(names).slope(38.5271)
    hint = outcome_of(caught.value)["hint"]
    assert "…" in hint
    assert not any(digit.isdigit() for digit in hint)


def test_a_number_that_stands_in_the_students_own_line_is_theirs():
    """`np.zeros(3) + x` with an x of the test's: the 3 may be shown, the test's 4 may not."""
    error = StudentError("ValueError", "shapes (3,) (4,)", "return np.zeros(3) + x", 2, "<cell 1>")
    assert outcome_of(error)["hint"] == "Your code raised ValueError: shapes (3,) (…)"
