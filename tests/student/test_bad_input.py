"""Bad input, each kind with its own sentence: in the notebook's check() and in the feedback of the hidden tests."""

import os

import matplotlib.pyplot as plt
import pytest
from kit.check import verdict
from kit.variants import NoName, variant

from grader.testing.plugin import run_inside_pytest
from grader.testing.student import Student

PUBLIC = '''
import pytest
from kit.check import all_close, close, drawn

@pytest.mark.task("rate")
def test_rate(student):
    """the rate"""
    close("rate(3)", student.rate(3), 6)

@pytest.mark.task("probs")
def test_probs(student):
    """the probabilities"""
    all_close("probs(2)", student.probs(2), [0.5, 0.5])

@pytest.mark.task("look")
def test_look(student):
    """a picture"""
    drawn("look(3)", student.look(3))

@pytest.mark.task("Pair")
def test_pair(student):
    """adding pairs"""
    close("(Pair(1) + Pair(2)).total()", (student.Pair(1) + student.Pair(2)).total(), 3)
'''
HIDDEN = '''
import pytest
from grader.testing.expect import array, axes, number

@pytest.mark.task("rate")
def test_rate(student):
    """The rate."""
    number(student.rate(4), 8)

@pytest.mark.task("probs")
def test_probs(student):
    """The probabilities."""
    array(student.probs(3), [1 / 3] * 3)

@pytest.mark.task("look")
def test_look(student):
    """The picture."""
    axes(student, student.look(4))

@pytest.mark.task("Pair")
def test_pair(student):
    """Adding pairs."""
    number(student.eval("(Pair(3) + Pair(4)).total()"), 7)
'''
SETUP = "import numpy as np, matplotlib.pyplot as plt\n"
RIGHT = {
    "rate": "def rate(x): return 2 * x",
    "probs": "def probs(n): return [1 / n] * n",
    "look": "def look(n):\n    ax = plt.figure().add_subplot()\n    return ax",
    "Pair": "class Pair:\n    def __init__(self, n): self.n = n\n"
    "    def __add__(self, other): return Pair(self.n + other.n)\n    def total(self): return self.n",
}
NO_METHOD = RIGHT["Pair"].replace("total", "sum")
NO_PLUS = RIGHT["Pair"].replace("__add__", "add")
BAD = {  # task, what was written, what check() says, what the feedback says
    "a figure function that returns None": (
        "look", "def look(n): plt.figure()",
        "`look(3)` gave None. Is there still a `...`, or is the `return` missing?",
        "None (is there still a `...`, or is a `return` missing?) came back. Return `ax`.",
    ),
    "a figure function that returns something else": (
        "look", "def look(n): return plt.figure()",
        "a Figure came. Return `ax`.", "a Figure came back. Return `ax`.",
    ),
    "a class with a missing method": (
        "Pair", NO_METHOD,
        "A `Pair` has no `total` yet. Is the method written", "A `Pair` has no `total` yet. Is the method written",
    ),
    "a class with a missing operator": (
        "Pair", NO_PLUS,
        "Your class does not know what to do for `+` here", "Your class does not know what to do for `+` here",
    ),
    "a class whose method is still a stub": (
        "Pair", RIGHT["Pair"].replace("return Pair(self.n + other.n)", "..."),
        "Your answer is None where something was expected. Is there still a `...`",
        "Your answer is None where something was expected. Is there still a `...`",
    ),
    "a generator instead of a list": (
        "probs", "def probs(n): return (1 / n for _ in range(n))",
        "gave a generator; make a list or an array of it", "a generator (make a list of it: `list(...)`",
    ),
    "a number that is nan": (
        "rate", "def rate(x): return float('nan')",
        "gave nan, which is not a number", "Nan came back, which is not a number",
    ),
    "an array with nan in it": (
        "probs", "def probs(n): return np.zeros(n) / np.float64('nan')",
        "gave nan somewhere, which is not a number", "There is a nan in what came back",
    ),
    "an array of objects": (
        "probs", "def probs(n): return np.array([1 / n] * n, dtype=object)",
        "gave an array of object; an array of numbers was expected", "an array of Python objects (dtype object",
    ),
    "rows of different lengths": (
        "probs", "def probs(n): return [[1.0], [1.0, 2.0]]",
        "gave rows of different lengths", "the rows have different lengths",
    ),
    "a task renamed": (
        "rate", "def rates(x): return 2 * x",
        "There is no `rate` yet: run the cell that defines it or brings it (Shift+Enter), then this one again. "
        "(There is a `rates`",
        "There is no `rate` in the notebook yet. There is a `rates`: was it renamed?",
    ),
    "a task left out": (
        "look", "",
        "There is no `look` yet: run the cell that defines it", "There is no `look` in the notebook yet.",
    ),
}  # fmt: skip


@pytest.fixture
def both_sides(tmp_path, monkeypatch):
    """What check() prints, and the hint in the feedback, for one task's cell; the others are right."""
    monkeypatch.delenv("KIT_GRADING", raising=False)
    plt.switch_backend("Agg")
    (tmp_path / "test_bad.py").write_text(PUBLIC)
    (tmp_path / "test_bad_hidden.py").write_text(HIDDEN)

    def run(task, source):
        names = {}
        exec(compile("\n".join([SETUP, *(RIGHT | {task: source}).values()]), "<cell 1>", "exec"), names)
        told = {}

        def body(run):
            for case in run(lambda _: Student.local(names)):
                told[case.result.task] = (str(case.result.outcome), case.result.hint)

        public = {name: verdict(name, names, tmp_path) for name in RIGHT}
        run_inside_pytest([tmp_path / "test_bad_hidden.py"], body)
        return public, told

    yield run
    plt.close("all")


@pytest.mark.parametrize(("task", "source", "check_says", "feedback_says"), BAD.values(), ids=BAD)
def test_bad_input_has_its_own_sentence_on_both_sides(both_sides, task, source, check_says, feedback_says):
    public, told = both_sides(task, source)
    assert public[task].startswith(f"✗ {task}")
    assert check_says.lower() in public[task].lower()
    assert "Traceback" not in public[task]
    outcome, hint = told[task]
    assert outcome in ("wrong", "error", "missing")
    assert feedback_says.lower() in hint.lower()
    for other in RIGHT.keys() - {task}:  # and nothing else is said to be wrong
        assert public[other].startswith("✓")
        assert told[other] == ("passed", "")


@pytest.fixture
def nameless(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)

    def nobody():
        raise OSError("no name")

    monkeypatch.setattr("getpass.getuser", nobody)


def test_a_variant_without_a_name_says_how_to_set_it(nameless):
    with pytest.raises(NoName, match="I do not know your name") as caught:
        variant("rate", [1, 2])
    line = str(caught.value).split("run it first:  ")[1]
    exec(line.replace("your name in the course", "ada"))  # what the sentence tells to do, done
    assert os.environ["JUPYTERHUB_USER"] == "ada"
    assert variant("rate", [1, 2]) == variant("rate", [1, 2], student="ada")


def test_a_notebook_without_a_name_shows_that_sentence_and_no_traceback(nameless, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell('from kit import variant\nvariant("rate", [1, 2])')
    shown = capsys.readouterr().out
    assert "I do not know your name. Put this line into a cell and run it first" in shown
    assert "Traceback" not in shown
    assert "variants.py" not in shown
