"""The `student` fixture over the reference: what a hidden test may say, and what comes back."""

import numpy as np
import pytest

from grader.jail.channel import Died, plain_text
from grader.jail.inside.messages import Axes, Callback, Eval, Function, NoSuchName, Returned
from grader.jail.inside.session import Session
from grader.jail.inside.wire import encode
from grader.testing.student import TOO_LARGE, TRANSCRIPT_LIMIT, Handle, Missing, Student, StudentError

CODE = """
import numpy as np
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

class Dual:
    def __init__(self, real, inf): self.real, self.inf = real, inf
    def __mul__(self, k): return Dual(self.real * k, self.inf * k)

def rate(f, a, b): return (f(b) - f(a)) / (b - a)
def twice(x): return 2 * x
def forever(f):
    while True: f(1.0)
def swallow(f):
    try: return f(1.0)
    except ValueError: return "swallowed"
def give_back(f): return f
def picture(xs):
    _, axes = plt.subplots()
    axes.plot(xs, xs ** 2, label="f")
    axes.scatter([1.0], [2.0], label="here")
    axes.contour([0.0, 1.0, 2.0], [0.0, 4.0], [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]], levels=[0.5])
    axes.contourf([0.0, 2.0], [0.0, 4.0], [[0.0, 2.0], [0.0, 2.0]])
    axes.set_title("t")
    return axes
def both(x): return None, "text", {"a": (1, 2)}, [True]
def broken(): return undefined_name
"""


@pytest.fixture
def student():
    namespace = {}
    exec(CODE, namespace)
    return Student.local(namespace)


def test_in_an_expression_of_a_test_pythons_names_mean_what_they_mean_in_python():
    """A student may call a number `sum` or a list `list`; a function that the exercise asks for stays the student's."""
    names = {"sum": 0.0, "list": [3], "round": 2, "__name__": "own", "max": lambda *given: "own", "twice": len}

    def evaluated(asked):
        session = Session(names, asked=asked)
        given = Eval("[list(range(2)), sum([1, 2]), round(2.6), __name__, max(3, 4)]", encode({}, lambda _: {}))
        counts = Function("list(x) + [max(x)]", "x")
        return session.answer(given, lambda _: None), session._carry_out(counts, lambda _: None)

    reply, function = evaluated({"twice"})
    assert reply == Returned([[0, 1], 3, 3, "own", 4])
    assert function((1, 2)) == [1, 2, 2]
    session = Session(names, asked={"twice"})
    assert session._carry_out(Function("globals()", "x"), lambda _: None)(1) is names, "stand-ins are put there"
    assert evaluated({"max"})[0] == Returned([[0, 1], 3, 3, "own", "own"])
    assert evaluated({"max", "sum"})[0].message == "'float' object is not callable"


def test_a_lambda_that_is_passed_in_is_called_back(student):
    seen = []
    assert student.rate(lambda x: seen.append(x) or x * x, 1.0, 3.0) == 4.0
    assert sorted(seen) == [1.0, 3.0]


def test_plain_values_come_back_as_they_are(student):
    assert student.both(1) == (None, "text", {"a": (1, 2)}, [True])
    assert np.array_equal(student.twice(np.arange(3.0)), [0.0, 2.0, 4.0])


def test_an_object_of_the_student_comes_back_as_a_handle(student):
    dual = student.Dual(1.0, 2.0)
    assert isinstance(dual, Handle)
    assert dual.type_name == "Dual"
    assert dual.get("inf") == 2.0
    assert student.eval("(d * 3).inf", d=dual) == 6.0
    with pytest.raises(TypeError):
        dual * 3


def test_a_compiled_function_works_on_the_students_own_objects_and_counts_its_calls(student):
    f = student.function("x * 3", "x")
    assert f.apply(student.Dual(1.0, 5.0)).get("inf") == 15.0
    assert f.get("calls") == 1
    assert f.get("last_types") == ["Dual"]


def test_a_function_that_comes_back_can_be_called(student):
    assert student.give_back(lambda x: x + 1).apply(2.0) == 3.0


def test_an_exception_of_the_student_is_an_outcome(student):
    with pytest.raises(StudentError) as caught:
        student.broken()
    assert caught.value.kind == "NameError"
    with student.raises("ZeroDivisionError"):
        student.rate(lambda x: x, 1.0, 1.0)
    with pytest.raises(AssertionError, match="nothing was raised"), student.raises("ValueError"):
        student.twice(1)


def test_a_missing_name_is_neither_wrong_nor_an_error(student):
    with pytest.raises(Missing):
        student.nothing_of_that_name(1)
    assert not student.has("nothing_of_that_name")


def test_a_name_missing_in_an_expression_of_the_test_is_named(student):
    with pytest.raises(Missing, match=r"^cosine$"):
        student.eval("cosine(x) * 2", x=1.0)
    with pytest.raises(Missing, match=r"^cosine$"):
        student.function("cosine(x)").apply(1.0)
    with pytest.raises(StudentError) as caught:  # a name missing in the student's own code stays an exception
        student.eval("broken()")
    assert caught.value.kind == "NameError"


def test_a_missing_name_cannot_be_made_up_by_the_far_side():
    class Liar:
        def request(self, message, on_callback):
            return NoSuchName("a list" if isinstance(message, Eval) else "42 is the hidden input")

    for ask in (lambda student: student.eval("cosine(x)"), lambda student: student.rate(1)):
        with pytest.raises(Missing) as caught:
            ask(Student(Liar(), "ada"))
        assert str(caught.value) in ("", "rate")


def test_a_plain_error_in_a_callback_goes_to_the_student(student):
    def refuse(x):
        raise ValueError("no")

    assert student.swallow(refuse) == "swallowed"


def test_an_assertion_in_a_callback_ends_the_test_whatever_the_student_catches(student):
    def check(x):
        assert x == 2.0, "called elsewhere"

    with pytest.raises(AssertionError, match="called elsewhere"):
        student.swallow(check)


@pytest.mark.slow
def test_calling_back_for_ever_is_ended_by_the_budget(student):
    with pytest.raises(AssertionError, match="more than"):
        student.forever(lambda x: x)


def test_a_figure_comes_back_as_data(student):
    data = student.axes(student.picture(np.array([0.0, 1.0, 2.0])))
    assert data.title == "t"
    assert np.array_equal(data.lines[0].xy, [[0, 0], [1, 1], [2, 4]])
    assert [len(dots.xy) for dots in data.scatters] == [1]
    assert np.array_equal(data.scatters[0].xy, [[1, 2]])
    assert [line.label for line in data.contours] == ["0.5"]
    assert np.array_equal(np.unique(data.contours[0].xy, axis=0), [[0.5, 0], [0.5, 4]])
    with pytest.raises(StudentError):
        student.axes(3)


class Saying:
    """A far side that gives one answer to everything."""

    def __init__(self, *messages):
        self.messages = messages

    def request(self, message, on_callback):
        for callback in self.messages[:-1]:
            self.reply = on_callback(callback)
        return self.messages[-1]


def test_a_function_of_the_test_cannot_be_handed_back_as_an_answer():
    student = Student(Saying(Returned({"t": "callback", "id": 0})), "x")
    with pytest.raises(Died, match="not the student's to give"):
        student.derivative(lambda x: x)


def test_an_object_is_neither_true_nor_false(student):
    with pytest.raises(TypeError, match="neither true nor false"):
        assert student.Dual(1.0, 2.0)


def test_a_transcript_keeps_no_more_than_its_limit():
    student = Student(Saying(Returned("x" * (TRANSCRIPT_LIMIT // 3))), "x")
    for _ in range(9):
        assert len(student.value("x")) == TRANSCRIPT_LIMIT // 3
    kept = [entry.value for entry in student.transcript]
    assert kept[2:] == [TOO_LARGE] * 7
    assert TOO_LARGE not in kept[:2]


@pytest.mark.parametrize("bomb", [10**9, -(2**62), [10**7, (10**8,)], {"x": 10**6}])
def test_a_function_of_the_test_never_computes_with_huge_ints(bomb):
    seen = []
    call = Callback(0, encode((bomb,), None))
    Student(Saying(call, Returned(1)), "x").f(seen.append)
    assert seen == [bomb]
    assert "int" not in repr(list(map(type, flat(seen))))


def flat(value):
    if isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from flat(item)
    else:
        yield value


@pytest.mark.parametrize("xy", ["x", [[1, 2]], np.zeros(3), np.zeros((3, 3)), np.zeros((2, 2), bool)], ids=repr)
def test_a_picture_that_is_none_is_an_error_of_the_student_and_is_not_kept(xy, student):
    honest = student._ask(Axes(student.picture(np.array([0.0, 1.0]))._reference()))
    student = Student(Saying(Returned(encode({**honest, "lines": [{"label": "f", "xy": xy}]}, None))), "x")
    with pytest.raises(StudentError, match="not the data of Axes"):
        student.axes(Handle(student, 0, "Axes", False))
    assert [entry.kind for entry in student.transcript] == ["TypeError"]


def test_text_from_the_far_side_steers_no_terminal_and_is_cut():
    assert plain_text("a\x1b[2Jb\u202ec\r\n\td", 20) == "a\ufffd[2Jb\ufffdc\ufffd\n\td"
    assert plain_text("x" * 99, 5) == "xxxxx"
    assert plain_text(["x"], 5) == ""
