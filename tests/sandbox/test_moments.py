"""What the names of a notebook meant when each task was checked; here in this process, without a jail."""

import itertools
import warnings

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.jail.inside.cells import fresh_namespace, run_cells
from grader.jail.inside.messages import FROM_NOTEBOOK
from grader.jail.inside.moments import Moments, WatchedTask, is_stub
from grader.jail.inside.session import plain_of
from grader.jail.inside.wire import decode, encode, holds_a_reference

STUB = "def {}():\n    ..."


def work(cells, tasks, given=()):
    """Run cells (number -> source): the globals, and what watched them; `tasks` are as WatchedTask takes them."""
    namespace = fresh_namespace()
    moments = Moments(namespace, [WatchedTask(*task) for task in tasks], given)
    for number, error in run_cells(sorted(cells.items()), namespace, {}):
        if error is None:
            moments.reach(number)
    moments.end()
    return namespace, moments


def told(moments):
    return {(fact.task, fact.name): (fact.what, fact.cell) for fact in moments.facts()}


TASKS = [("one", 1, 2, ["f"], ["a"]), ("two", 3, 4, ["g"], ["b"])]


def test_each_task_has_its_own_helper_of_a_name():
    cells = {
        1: "def helper(): return 1\ndef f(): return helper()\na = '1'",
        3: "def helper(): return 2\ndef g(): return helper() + f()\nb = '2'",
    }
    namespace, moments = work(cells, TASKS)
    moments.show("one", at_end=False)
    assert namespace["f"]() == 1
    moments.show("two", at_end=False)
    assert (namespace["g"](), namespace["helper"]()) == (4, 2)  # f calls the helper of the globals, as in any notebook
    assert told(moments) == {("one", "helper"): ("changed", 3)}


def test_functions_that_call_each_other_are_bound_together():
    cells = {
        1: "def even(n): return n == 0 or odd(n - 1)\n"
        "def odd(n): return n > 0 and even(n - 1)\n"
        "def f(): return even(10)",
        5: "def even(n): return 'no'\ndef odd(n): return 'no'",
    }
    namespace, moments = work(cells, TASKS)
    assert namespace["f"]() == "no"
    moments.show("one", at_end=False)
    assert namespace["f"]() is True


def test_a_class_redefined_is_for_its_task_what_it_was():
    cells = {
        1: "class Node: size = 1\ndef f(): return isinstance(Node(), Node) and Node.size",
        3: "class Node: size = 2\ndef g(): return Node.size",
    }
    namespace, moments = work(cells, TASKS)
    moments.show("one", at_end=False)
    assert namespace["f"]() == 1
    moments.show("two", at_end=False)
    assert namespace["g"]() == 2


def test_what_is_given_is_what_it_was_unless_the_task_itself_changes_it():
    cells = {
        0: "def given(): return 'ours'",
        1: "def given(): return 'mine'\ndef f(): return given()",
        3: "def g(): return given()",
    }
    namespace, moments = work(cells, TASKS, given=[0])
    moments.show("one", at_end=False)
    assert namespace["f"]() == "mine"
    moments.show("two", at_end=False)
    assert namespace["g"]() == "ours"


def test_a_stub_never_replaces_work_wherever_that_stands():
    cells = {0.5: "def f(): return 'above'\na = '1'", 1: STUB.format("f") + "\na = (\n    ...\n)", 3: STUB.format("g")}
    cells[9] = "def g(): return 'below'\nb = '2'"
    namespace, moments = work(cells, TASKS)
    for task, names in (("one", "fa"), ("two", "gb")):
        moments.show(task, at_end=False)
        assert not any(is_stub(namespace[name]) for name in names)
    assert told(moments) == {
        ("one", "f"): ("elsewhere", 0.5),
        ("one", "a"): ("elsewhere", 0.5),
        ("two", "g"): ("elsewhere", 9),
        ("two", "b"): ("elsewhere", 9),
    }


def test_at_the_end_functions_count_as_they_are_and_values_as_they_were():
    cells = {1: "def f(): return 1\na = '1'", 9: "def f(): return 9\na = '9'"}
    namespace, moments = work(cells, TASKS)
    moments.show("one", at_end=True)
    assert (namespace["f"](), namespace["a"]) == (9, "1")


def test_a_number_does_not_replace_a_function_in_answers_to_come():
    cells = {1: "def f(): return 1\na = '1'", 2.5: "f = 5\nf += 1", 3: "def g(): return f()\nb = str(g())"}
    namespace, moments = work(cells, TASKS)
    moments.show("two", at_end=False)
    assert (namespace["g"](), namespace["b"]) == (1, "1")


ODD = {
    "names that are not names": "globals()[3] = 4\nglobals()[None] = 5\nglobals()['\\ud800'] = 6",
    "equal to all": """
class Yes:
    __hash__ = None
    def __eq__(self, other): raise ValueError
    def __getattribute__(self, name): return self
f = g = a = b = Yes()""",
    "a class that cannot be looked at": """
class Meta(type):
    def __getattribute__(cls, name): raise ValueError
class f(metaclass=Meta): pass""",
    "many names": "for n in range(5000): globals()[f'n{n}'] = n",
    "names deleted": "f = 1\ndel f\nglobals().clear()",
    "an array": "import numpy as np\na = np.zeros(1_000_000)\nb = np.zeros(3)",
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_names_and_values_disturb_nothing(odd):
    namespace, moments = work({1: ODD[odd], 3: "def g(): return 7", 9: "g = a = 0"}, TASKS)
    moments.show("two", at_end=False)
    assert namespace["g"]() == 7
    assert len(moments.facts()) <= 100


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        ("f = ...", True),
        ("def f(x):\n    ...", True),
        ("def f(x, *y):\n    'Says.'\n    ...", True),
        ("class f:\n    def one(self): return 1\n    def two(self):\n        ...", True),
        ("class f:\n    def one(self): return 1", False),
        ("def f(): return 0", False),
        ("f = None", False),
        ("f = lambda: ...", False),
    ],
)
def test_a_stub_is_known_by_what_it_does_not_do(source, stub):
    names = {}
    exec(source, names)
    assert is_stub(names["f"]) is stub


PIECES = [
    "def f(x):\n    y = x\n    return y",
    "a = (1,\n     2)\nb = 3",
    "def g():\n    'Says.'",
    "if 1:\n    c = 1\nelse:\n    c = 2",
    "d = '''\nlong\n'''",
]


@given(st.permutations(PIECES), st.sets(st.integers(1, 12)))
def test_a_cell_that_is_cut_anywhere_between_lines_means_what_it_meant(pieces, cuts):
    """As JupyterLab cuts it: every line whole, in two or more cells."""
    lines = "\n".join(pieces).split("\n")
    borders = [0, *sorted(cut for cut in cuts if cut < len(lines)), len(lines)]
    parts = ["\n".join(lines[start:end]) for start, end in itertools.pairwise(borders)]
    whole, cut = fresh_namespace(), fresh_namespace()
    assert [error for _, error in run_cells([(1, "\n".join(lines))], whole, {}) if error] == []
    assert [error for _, error in run_cells([(1, part) for part in parts], cut, {}) if error] == []
    plain = [name for name in "abcd" if whole.get(name) is not None]
    assert {name: whole[name] for name in plain} == {name: cut[name] for name in plain}
    assert whole["f"](5) == cut["f"](5) == 5


FORGED = {
    "no list": {"task": "one"},
    "no map": ["one"],
    "a number for the name": [{"task": "one", "name": 1, "what": "changed", "cell": 2, "callable": True}],
    "no cell": [{"task": "one", "name": "f", "what": "changed", "callable": True}],
}


@pytest.mark.parametrize("facts", FORGED.values(), ids=FORGED.keys())
def test_malformed_facts_are_refused_on_the_wire(facts):
    fact = {"task": "one", "name": "f", "what": "changed", "cell": 2, "callable": True}
    assert FROM_NOTEBOOK.decode(msgspec.msgpack.encode({"op": "opened", "facts": [fact]})).facts[0].cell == 2
    with pytest.raises(msgspec.ValidationError):
        FROM_NOTEBOOK.decode(msgspec.msgpack.encode({"op": "opened", "facts": facts}))


PLAIN = "def f(): return sum([1, 2])\na = max(1, 2)"


@pytest.mark.parametrize("cell", [3, 5])
def test_a_scratch_cell_does_not_hide_pythons_own_functions(cell):
    """`sum = 0` below the tasks, or between two of them: what worked at the check works when it is graded."""
    tasks = [TASKS[0], ("two", 6, 7, ["g"], ["b"])]
    cells = {1: PLAIN, cell: "sum = 0\nmax = [3]\nlen = str = 7", 6: "def g(): return sum([3, 4])\nb = max(3, 4)"}
    namespace, moments = work(cells, tasks)
    moments.show("one", at_end=False)
    assert (namespace["f"](), namespace["a"]) == (3, 2)
    moments.show("two", at_end=False)
    assert (namespace["g"](), namespace["b"]) == (7, 4)
    assert told(moments) == {}


def test_a_scratch_cell_below_the_last_task_does_not_hide_pythons_own_functions():
    namespace, moments = work(
        {1: PLAIN, 3: "def g(): return len([1])\nb = 1", 9: "sum = 0\ndef len(x): return 8"}, TASKS
    )
    moments.show("one", at_end=False)
    assert namespace["f"]() == 3
    moments.show("two", at_end=False)
    assert namespace["g"]() == 1


def test_a_task_may_bind_such_a_name_itself():
    cells = {1: "def sum(xs): return 'mine'\nmin = 4\ndef f(): return sum([1]), min", 9: "sum = min = 0"}
    namespace, moments = work(cells, TASKS)
    moments.show("one", at_end=False)
    assert namespace["f"]() == ("mine", 4)


def test_a_module_that_a_scratch_cell_replaced_is_there_for_later_answers():
    cells = {1: "import math", 2: "math = None", 3: "def g(): return math.pi\nb = math.e"}
    namespace, moments = work(cells, [("two", 3, 4, ["g"], ["b"])], given=[1])
    moments.show("two", at_end=False)
    assert namespace["g"]() > namespace["b"] > 2


def test_a_name_that_was_deleted_is_told_of_where_it_was_deleted():
    _, moments = work({1: "def f(): return 1\na = 1", 5: "del f, a"}, TASKS[:1])
    assert told(moments) == {("one", "f"): ("changed", 5), ("one", "a"): ("changed", 5)}


@pytest.mark.parametrize("upper", ["def f():\n    return 1\na = ...", "a = 2\ndef f():\n    ..."])
def test_halves_of_an_answer_written_in_two_copies_of_its_cell_are_put_together(upper):
    lower = "a = 2\ndef f():\n    ..." if upper.startswith("def") else "a = ...\ndef f():\n    return 1"
    namespace = fresh_namespace()
    moments = Moments(namespace, [WatchedTask(*TASKS[0])], [])
    for number, error in run_cells([(1, upper), (1, lower + "\n# my notes")], namespace, {}):
        assert error is None
        moments.reach(number)
    moments.end()
    moments.show("one", at_end=False)
    assert (namespace["f"](), namespace["a"]) == (1, 2)


def test_numbers_and_warnings_that_a_scratch_cell_made_raise_do_not():
    warned = "import warnings\ndef f():\n    warnings.warn('careful')\n    return np.exp(np.array([-1000.0, 1000.0]))"
    loud = "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')"
    with warnings.catch_warnings(record=True), np.errstate():
        namespace, moments = work({1: "import numpy as np\n" + warned, 5: loud}, TASKS)
        moments.show("one", at_end=False)
        with np.errstate(over="ignore"):
            assert namespace["f"]()[0] == 0


PLAIN_VALUES = {
    "text": "a letter",
    "number": 0.5,
    "listed": [1, 2.5, "x", True],
    "pair": (1, 2),
    "named": {"s": 3.5, "t": [1, 2]},
    "empty": [],
}


def test_what_is_asked_for_is_reported_if_it_is_small_and_plain():
    others = {
        "deep": [[[1]]],
        "long": [0] * 51,
        "holed": [1, None],
        "odd": [np.float64(1.0)],
        "keyed": {1.5: object()},
        "huge": 1 << 70,
        "subclass": type("L", (list,), {})([1]),
    }
    plain = plain_of({**PLAIN_VALUES, **others}, frozenset([*PLAIN_VALUES, *others]))
    assert {name: decode(value, None) for name, value in plain.items()} == PLAIN_VALUES
    assert plain_of(PLAIN_VALUES, frozenset()) == {"text": "a letter"}


@pytest.mark.parametrize(
    "value",
    [{"t": "handle", "id": 0}, [{"t": "inline", "v": "1"}], {"t": "dict", "v": [["a", {"t": "callback", "id": 1}]]}],
)
def test_a_reference_among_the_reported_values_is_found(value):
    assert holds_a_reference(value)
    assert not any(holds_a_reference(encode(plain, None)) for plain in PLAIN_VALUES.values())


@pytest.mark.parametrize("deeper", [lambda value: [value], lambda value: {"t": value}, lambda value: {"v": [value]}])
def test_a_reported_value_of_any_depth_is_looked_through_or_left_out(deeper):
    """A forged one with 500 lists in each other was our fault, with all points pending."""
    value = 1.0
    for _ in range(900):
        value = deeper(value)
    assert holds_a_reference(value)
