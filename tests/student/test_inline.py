"""Inline functions of a test: they run where they are called, the same way on both sides."""

import numpy as np
import pytest

from grader.audit.crossing import telling
from grader.jail.inside.wire import WireError, encode
from grader.testing import Missing, Student, inline, inputs
from grader.testing.local import LocalChannel
from grader.testing.student import functions_passed_to

CODE = """
np, abs = "the student's", None
def rate(f, a, b): return (f(b) - f(a)) / (b - a)
def same(f, g): return type(f).__name__, f(2.0) == g(2.0)
def give_back(f): return f
"""


class Listening(LocalChannel):
    """A far side in this process that counts what it calls back."""

    callbacks = 0

    def request(self, request, on_callback):
        def called_back(call):
            self.callbacks += 1
            return on_callback(call)

        return super().request(request, called_back)


@pytest.fixture
def student():
    namespace = {}
    exec(CODE, namespace)
    return Student(Listening(namespace), "ada")


def test_it_computes_the_same_on_both_sides_and_never_calls_back(student):
    shift = np.array([1.0, -2.0])
    f = inline("abs(a) * np.sum((x + shift) ** 2) + math.sin(0)", a=-3, shift=shift)
    assert f(2.0) == 27.0
    assert student.rate(f, 0.0, 2.0) == (f(2.0) - f(0.0)) / 2
    assert student._channel.callbacks == 0
    assert student.rate(lambda x: x * x, 0.0, 2.0) == 2.0
    assert student._channel.callbacks == 2


def test_the_students_own_names_are_not_visible_in_it(student):
    assert student.rate(inline("np.abs(x) + abs(x)"), -1.0, 0.0) == -2.0
    with pytest.raises(Missing, match="rate"):
        student.rate(inline("rate(x, 0, 1)"), 0.0, 1.0)


def test_several_parameters_and_functions_within_data(student):
    assert student.eval("f(2, y=5)", f=inline("x - y", "x, y")) == -3
    assert student.eval("[f(3) for f in fs]", fs=[inline("x"), inline("k * x", k=2)]) == [3, 6]
    assert student.same(inline("x"), inline("x * 1")) == ("function", True)


def test_a_function_within_a_functions_names_still_calls_back(student):
    assert student.rate(inline("g(x) + 1", g=lambda x: 2 * x), 0.0, 1.0) == 2.0
    assert student._channel.callbacks == 2


def test_what_comes_back_is_the_students_object(student):
    assert student.give_back(inline("x + 1")).apply(1) == 2


def test_a_student_cannot_send_one(student):
    with pytest.raises(WireError, match="not the student's to give"):
        student._resolve({"t": "inline", "v": "__import__('os').getpid()", "parameters": "", "names": {}})


def test_a_source_that_is_not_an_expression_is_refused_at_once():
    with pytest.raises(SyntaxError):
        inline("x = 1")


def test_the_audit_sees_what_it_carries_and_can_call_it(student):
    f = inline("a * x", a=0.123456)
    student.rate(f, 0.0, 1.0)
    assert functions_passed_to(student) == [f]
    assert "0.123456" in telling(encode([f], student._refer))


def test_the_functions_of_the_input_generators_are_inline(student):
    for f, slope in inputs.functions(7, 5):
        for made in (f, slope):
            assert student.eval("f(x)", f=made, x=np.array([0.5, -2.0])) == pytest.approx(made(np.array([0.5, -2.0])))
    assert student._channel.callbacks == 0
