"""A slip in an earlier task is neither diagnosed nor paid for again in the tasks that build on it."""

from pathlib import Path

import numpy as np
import pytest

from grader.audit.earlier import slips_that_cost_once
from grader.course import manifest
from grader.course.earlier import BROUGHT, earlier_work
from grader.diagnosis.casebook import Casebook
from grader.grading.earlier_slips import EarlierSlips
from grader.results import Outcome
from grader.testing import Student, StudentError, load_module, plugin
from grader.testing.stand_ins import StandIns

COURSE = manifest.load(Path(__file__).parents[2])
UNIT = COURSE.unit("u1_derivative_intuition")

EARLIER_SLIP = """
def times(self, other):
    other = as_dual(other)
    return Dual(self.real * other.real, self.inf * other.inf)
Dual.__mul__ = Dual.__rmul__ = times
def difference(self, other):
    return Dual(self.real - as_dual(other).real, self.inf)
Dual.__sub__ = difference
"""
ANSWERS = {
    "an earlier slip": EARLIER_SLIP,
    "an earlier slip, and another one": EARLIER_SLIP + "def slope(f, x):\n    return as_dual(f(Dual(x, 1))).real\n",
    "an earlier slip, and nothing done": EARLIER_SLIP + "def slope(f, x):\n    return None\n",
    "an earlier slip, and another exception": EARLIER_SLIP + "def slope(f, x):\n    return f(Dual(x, 1)).inf\n",
    "no slip": "",
}


@pytest.fixture(scope="module")
def graded():
    """For each of ANSWERS: the outcomes by task, the notes, and what is named in `slope`."""
    found = {}

    def body(run):
        casebook = Casebook(UNIT.solutions_dir, run)
        for name, source in ANSWERS.items():

            def student(_, source=source):
                names = load_module(UNIT.reference)
                exec(compile(source, "<cell 1>", "exec"), names)
                return Student.local(names, sources={"<cell 1>": source.splitlines()})

            ran, notes = EarlierSlips(UNIT).better(run(student), run, student)
            lost = {}
            for case in ran:
                lost.setdefault(case.result.task, 0)
                lost[case.result.task] += case.result.outcome is not Outcome.PASSED
            named = casebook.diagnose("slope", [case for case in ran if case.result.task == "slope"])
            found[name] = lost, notes, named and named.name

    plugin.run_inside_pytest([UNIT.hidden_tests], body)
    return found


@pytest.mark.slow
def test_it_costs_points_in_its_own_task_only(graded):
    lost, notes, named = graded["an earlier slip"]
    assert {task for task, count in lost.items() if count} == {"dual_plus_minus", "dual_times"}
    assert named is None
    assert "`Dual`" in notes["slope"]
    assert COURSE.unit(UNIT.id).task("dual_plus_minus").title in notes["slope"]


def test_a_slip_of_its_own_still_costs_and_is_the_one_that_is_named(graded):
    lost, _, named = graded["an earlier slip, and another one"]
    assert lost["slope"] >= 4
    assert named == "value_instead_of_slope"
    lost, _, named = graded["an earlier slip, and another exception"]
    assert lost["slope"] == 1
    assert named == "constant_crashes"


def test_right_earlier_work_is_no_answer_to_a_later_task(graded):
    lost, notes, _ = graded["an earlier slip, and nothing done"]
    assert lost["slope"] >= 5
    assert "slope" not in notes


def test_nothing_is_said_where_nothing_is_wrong(graded):
    lost, notes, _ = graded["no slip"]
    assert not any(lost.values())
    assert notes == {}


def test_what_a_task_builds_on_is_found_in_the_reference():
    work = earlier_work(UNIT)
    assert work["dual_plus_minus"].owners == {}
    assert work["dual_divide_power"].owners == {"Dual": "dual_plus_minus", "times": "dual_times"}
    assert work["microscope"].owners["slope"] == "slope"
    assert earlier_work(COURSE.unit("u5_mlp_training"))["two_engines"].owners == {"Value": BROUGHT}


REFERENCE = """
import numpy as np
class Dual:
    def __init__(self, real, inf=0): self.real, self.inf = real, inf
    def __add__(self, other): return Dual(self.real + other.real, self.inf + other.inf)
    def __truediv__(self, other): return halve(self)
    def scale(self, k): self.real *= k; return self
    def __eq__(self, other): return self.real == other.real
    __hash__ = None
def slope(f, x): return f(Dual(x, 1)).inf
def nudge(f, X):
    X[0] += 1
    try:
        return f()
    finally:
        X[0] -= 1
def order(node): return sum(map(order, node.inputs), []) + [node]
def twice(f): return lambda x: 2 * f(x)
def halve(d): raise AssertionError("the reference's own, which the task asks for")
def refuse(x): raise ValueError("no")
def lengths(rows): return [len(row) for row in rows]
def keeps(one, other): return one is other
"""
STUDENTS = """
import numpy as np
class Node:
    def __init__(self, *inputs): self.inputs = inputs
class Own:
    def __init__(self, x): self.x = x
    def __add__(self, other): return Own(self.x + other)
    def __radd__(self, other): return Own(other + self.x)
params = np.array([1.0, 2.0])
def halve(d): return Dual(d.real / 2, d.inf / 2)
def nudged(): return nudge(lambda: float(params[0]), params), params.tolist()
def ordered():
    a = Node(); b = Node(a); c = Node(b, a)
    found = order(c)
    return [one is other for one, other in zip(found, [a, b, a, c])], len(found)
def steep(): return slope(lambda x: x + x + Dual(5, 3), 2.0)
def parts():
    d = Dual(3.0, 4.0) + Dual(1, 1)
    d.grad = 7.0
    same = d.scale(2)
    return d.real, d.inf, d.grad, same is d, d == Dual(8.0, 0), isinstance(d, Dual), hasattr(d, "nothing")
def divided():
    d = Dual(3.0, 4.0) / Dual(1, 1)
    return d.real, d.inf
def doubled(): return twice(lambda x: x + 1)(3)
def caught():
    try: refuse(1)
    except ValueError as error: return str(error)
def passed_on(): return slope(lambda x: 1 / 0, 2.0)
def runs_out():
    def too_much(x): raise MemoryError("too much")
    return slope(too_much, 2.0)
def looked(): return lengths([[1, 2], "abc", params])
def kept():
    node = Node()
    return keeps(node, node), keeps(node, Node())
def inside(): return Dual(1, 2).__class__, Dual(1, 2).__init__
def globals_of(): return slope.__globals__["ask"]("get", 1, "__class__")
"""
ASKED = {
    "steep": 5,
    "parts": (8.0, 5.0, 7.0, True, True, True, False),
    "divided": (1.5, 2.0),
    "nudged": (2.0, [1.0, 2.0]),
    "ordered": ([True] * 4, 4),
    "doubled": 8,
    "caught": "no",
    "looked": [2, 3, 2],
    "kept": (True, False),
}
REPLACED = ["Dual", "slope", "nudge", "order", "twice", "refuse", "lengths", "keeps"]


def with_stand_ins(student):
    names = {}
    exec(REFERENCE, names)
    StandIns(names, REPLACED, ["halve"]).stand_in(student)
    return student


def local():
    names = {}
    exec(STUDENTS, names)
    return with_stand_ins(Student.local(names))


@pytest.mark.parametrize("name", ASKED)
def test_the_students_code_works_with_the_references_objects(name):
    student = local()
    found = getattr(student, name)()
    assert found == ASKED[name]
    assert [entry.name for entry in student.transcript] == [name]  # the rest is not part of the test


def test_exceptions_of_the_students_own_come_back_to_it():
    with pytest.raises(StudentError) as caught:
        local().passed_on()
    assert caught.value.kind == "ZeroDivisionError"


def test_a_stand_in_lacks_the_methods_that_only_later_tasks_give_it():
    """A product that asks for the right quotient of the next task knew no product, and got two thirds of its points."""
    earlier = earlier_work(UNIT)
    assert earlier["dual_times"].not_yet["Dual"] >= {"__truediv__", "__pow__", "__lt__"}
    assert not earlier["slope"].not_yet
    for task, works in {"dual_times": False, "slope": True}.items():
        names = {"Dual": None, "times": lambda p, q: p / (1 / q)}
        student = Student.local(names)
        StandIns(load_module(UNIT.reference), *earlier[task]).stand_in(student)
        if works:
            assert student.eval("times(Dual(3.0, 1), Dual(2.0, 0)).inf") == 2.0
        else:
            with pytest.raises(StudentError):
                student.eval("times(Dual(3.0, 1), Dual(2.0, 0))")


def test_a_students_own_memory_error_does_not_mean_that_ours_ran_out():
    """The worker would be thrown away, and the next in the class wait for another."""
    student = local()
    with pytest.raises(StudentError) as caught:
        student.runs_out()
    assert caught.value.kind == "Exception"
    assert not student.budget.memory_ran_out


@pytest.mark.parametrize("attribute", ["__class__", "__init__", "__globals__", "__dict__"])
def test_no_attribute_leads_into_the_machine(attribute):
    student = local()
    with pytest.raises(StudentError) as caught:
        student.eval(f"slope.__globals__['ask']('get', Dual(1, 2).__dict__['_stand_in'], {attribute!r})")
    assert caught.value.kind == "AttributeError"


def test_arrays_that_come_back_are_arrays():
    student = local()
    assert np.array_equal(student.eval("slope(lambda x: Dual(0, np.array([1.0, 2.0])), 1.0)"), [1.0, 2.0])


@pytest.mark.slow
def test_the_audit_spoils_what_each_task_builds_on():
    found = []
    plugin.run_inside_pytest([UNIT.hidden_tests], lambda run: found.extend(slips_that_cost_once(UNIT, run)))
    assert [finding.task for finding in found] == [task.id for task in UNIT.tasks[2:]]
    assert [finding.says for finding in found if not finding.ok] == []
