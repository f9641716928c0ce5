"""Several calls in one message: what a test gets and what it leaves behind are those of one call after another."""

import socket
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.jail.channel import Died, FrameChannel, _replies, seconds_from_now
from grader.jail.inside.messages import NoSuchName, Raised, Replies, Returned
from grader.jail.inside.session import Session, _answer_all
from grader.jail.inside.wire import Frames, WireError
from grader.testing import Missing, Student, StudentError

CODE = """
made = []
def half(x):
    made.append(x)
    return x / 2
def counted(): return len(made)
def all_so_far(): return made
def adder(n): return lambda x: x + n
def at(f, x): return f(x)
def refuse(x): raise ValueError("not today")
"""


@pytest.fixture(params=["in this process", "behind a socket"])
def new(request):
    """`new()` makes a student, with a fresh namespace."""
    ends = []

    def make():
        names = {"__name__": "cell"}
        exec(compile(CODE, "<cell 1>", "exec"), names)
        if request.param == "in this process":
            return Student.local(names)
        ours, theirs = socket.socketpair()
        session = Session(names, {"<cell 1>": CODE.splitlines()})
        far = threading.Thread(target=_answer_all, args=(Frames(theirs), session, None, lambda task: None))
        far.start()
        ends.append((ours, theirs, far))
        return Student(FrameChannel(Frames(ours), deadline=seconds_from_now(30)), "ada")

    yield make
    for ours, theirs, far in ends:
        ours.close()
        far.join(10)
        theirs.close()
        assert not far.is_alive()


def apart(student, calls):
    """Each call by itself, as far as they go, and the exception that ended them."""
    found = []
    try:
        for name, *args in calls:
            found.append(getattr(student, name)(*args))
    except (StudentError, Missing) as error:
        return found, repr(error)
    return found, ""


CALLS = st.sampled_from(
    [("half", 3.0), ("half", np.array([1.0, 2])), ("counted",), ("all_so_far",), ("refuse", 1), ("nobody", 2)]
)


@given(calls=st.lists(CALLS, max_size=6))
def test_as_if_they_were_made_one_after_another(calls):
    for_one, for_all = (Student.local(names()) for _ in range(2))
    found, ended = apart(for_one, calls)
    if ended:
        with pytest.raises((StudentError, Missing)) as caught:
            for_all.in_turn(*calls)
        assert repr(caught.value) == ended
    else:
        np.testing.assert_equal(for_all.in_turn(*calls), found)
    np.testing.assert_equal(*([repr(entry) for entry in student.transcript] for student in (for_one, for_all)))


def names():
    space = {}
    exec(CODE, space)
    return space


def test_what_each_gives_in_their_order(new):
    student = new()
    assert student.in_turn(("half", 3.0), ("counted",), ("half", 1), ("counted",)) == [1.5, 1, 0.5, 2]
    assert [(entry.name, entry.value) for entry in student.transcript] == [
        ("half", 1.5),
        ("counted", 1),
        ("half", 0.5),
        ("counted", 2),
    ]
    assert student.in_turn() == []


def test_what_came_back_stays_when_the_next_call_changes_it(new):
    assert new().in_turn(("half", 2), ("all_so_far",), ("half", 4), ("all_so_far",)) == [1.0, [2], 2.0, [2, 4]]


def test_functions_that_came_back_are_called_too(new):
    student = new()
    by_one, by_ten = student.in_turn(("adder", 1), ("adder", 10))
    assert student.in_turn((by_ten, 5), (by_one, 5), ("half", 4)) == [15, 6, 2.0]


def test_functions_of_the_test_are_called_back(new):
    student, asked = new(), []
    found = student.in_turn(("at", lambda x: asked.append(x) or x + 1, 2), ("at", lambda x: 2 * x, 8))
    assert found == [3, 16]
    assert asked == [2]
    assert all(entry.asked for entry in student.transcript)


@pytest.mark.parametrize(("call", "error"), [(("refuse", 1), StudentError), (("nobody", 1), Missing)])
def test_those_behind_the_first_that_raises_are_not_made(new, call, error):
    student = new()
    with pytest.raises(error):
        student.in_turn(("half", 2), call, ("half", 4), ("half", 6))
    assert [entry.kind for entry in student.transcript] == [
        "value",
        "ValueError" if error is StudentError else "missing",
    ]
    assert student.counted() == 1


def test_an_assertion_of_the_test_ends_them(new):
    student = new()

    def strict(x):
        assert x < 5, "too far"
        return x

    with pytest.raises(AssertionError, match="too far"):
        student.in_turn(("at", strict, 1), ("at", strict, 9), ("half", 2))
    assert student.counted() == 0


def test_what_is_due_before_the_first_request_happens_once(new):
    student, prepared = new(), []
    student.at_first(lambda: prepared.append(True))
    student.in_turn(("half", 2), ("half", 4))
    assert prepared == [True]


VALUE, ERROR = Returned(1), Raised("ValueError")


@pytest.mark.parametrize("replies", [[VALUE, VALUE, VALUE], [VALUE, ERROR], [ERROR], [VALUE, NoSuchName("f")]])
def test_answers_that_fit_three_calls(replies):
    assert _replies(Replies(replies), 3) == replies


@pytest.mark.parametrize(
    "replies",
    [[], [VALUE], [VALUE] * 2, [VALUE] * 4, [ERROR, VALUE, VALUE], [ERROR, ERROR], [VALUE] * 3 + [ERROR]],
)
def test_answers_that_do_not(replies):
    with pytest.raises(WireError):
        _replies(Replies(replies), 3)


def test_a_far_side_that_gives_more_answers_than_were_asked_for_is_gone():
    ours, theirs = socket.socketpair()
    Frames(theirs).send(Replies([VALUE] * 3, seq=1))
    student = Student(FrameChannel(Frames(ours), deadline=seconds_from_now(30)), "ada")
    with pytest.raises(Died):
        student.in_turn(("f", 1), ("f", 2))
    with pytest.raises(Died):  # and stays it
        student.f(3)
    ours.close()
    theirs.close()
