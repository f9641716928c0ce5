"""Only tests that ask for the student's name are run again in other variants; the others know their right answers."""

from pathlib import Path

import pytest
from kit.variants import variant

from grader.diagnosis.casebook import Casebook
from grader.testing import Student, choices, load_module, plugin
from grader.testing.authoring import Mistake

HIDDEN = """
import pytest
from kit.variants import variant
from grader.testing import number

@pytest.mark.task("scaled")
def test_same_for_all(student):
    number(student.scaled(2.0), 6.0)

@pytest.mark.task("scaled")
def test_own(student):
    number(student.value("mine"), 3.0 * variant("scaled", [1.0, 2.0, 5.0], student=student.id))
"""
OWN = variant("scaled", [1.0, 2.0, 5.0], student="reference")
REFERENCE = f"def scaled(x): return 3 * x\nmine = {3 * OWN}\n"
MISTAKES = """
from grader.testing import wrong_function

@wrong_function("scaled", says="Is it three times?")
def scaled(x): return 2 * x
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "test_scaled_hidden.py").write_text(HIDDEN)
    (tmp_path / "reference.py").write_text(REFERENCE)
    (tmp_path / "mistakes.py").write_text(MISTAKES)
    return tmp_path


def inside(folder, body):
    """What `body(casebook, ran)` gives, and `ran`, the tests run as by someone of another name."""
    ran, gives = [], []

    def wrapped(run):
        def counted(open_student, **which):
            done = run(open_student, **which)
            ran.extend(case.result.name for case in done)
            return done

        casebook = Casebook(folder, counted)
        ran.clear()
        gives.append(body(casebook, run))

    plugin.run_inside_pytest([folder / "test_scaled_hidden.py"], wrapped)
    return gives[0], ran


def test_only_a_test_that_asks_for_the_name_depends_on_it(folder):
    found, ran = inside(
        folder, lambda casebook, _: casebook.depends_on_name("scaled", ["test_same_for_all", "test_own"])
    )
    assert found == {"test_own"}
    assert set(ran) == {"test_own"}


def test_a_mistake_is_named_without_running_the_reference_again(folder):
    def diagnosed(casebook, run):
        def open_student(_):
            names = load_module(folder / "reference.py")
            return Student.local({**names, "scaled": lambda x: 2 * x}, "ada")

        return casebook.diagnose("scaled", run(open_student, tests=["test_same_for_all"]), "ada")

    named, ran = inside(folder, diagnosed)
    assert named is not None
    assert named.says == "Is it three times?"
    assert ran == ["test_same_for_all"]  # the mistake itself


def test_where_a_unit_asks_for_the_name_elsewhere_every_test_may_depend_on_it(folder):
    (folder / "reference.py").write_text("from kit.variants import my_name\n" + REFERENCE)
    _, ran = inside(folder, lambda casebook, _: casebook.depends_on_name("scaled", ["test_same_for_all"]))
    assert set(ran) == {"test_same_for_all"}


def test_what_one_wrong_answer_writes_into_the_variants_no_other_one_sees():
    """A tried change of `init_params` appended to its sizes, and the reference could not be loaded any more."""
    unit = Path(__file__).parents[2] / "solutions" / "u5_mlp_training" / "reference.py"
    choices(str(unit))["SIZES"][0]["sizes"].append(("W", "b"))
    assert all(isinstance(size, int) for variant in choices(str(unit))["SIZES"] for size in variant["sizes"])


ADAPTS = (
    'from kit.variants import variant\nmine = 3 * variant("scaled", [1.0, 2.0, 5.0])\ndef scaled(x): return 3 * x\n'
)


def test_a_reference_that_follows_the_name_depends_on_it_all_the_same(folder):
    (folder / "reference.py").write_text(ADAPTS)
    found, _ = inside(folder, lambda casebook, _: casebook.depends_on_name("scaled", ["test_same_for_all", "test_own"]))
    assert found == {"test_own"}


def test_an_answer_right_for_another_name_is_no_small_change_of_a_function(folder, monkeypatch):
    """Each change was run with the numbers of "reference", so that any of them explained a value right for those."""
    choices_of = "[1.3717, 2.9143, 5.5391]"
    for file, text in (("reference.py", ADAPTS), ("test_scaled_hidden.py", HIDDEN)):
        (folder / file).write_text(text.replace("[1.0, 2.0, 5.0]", choices_of))
    own = variant("scaled", [1.3717, 2.9143, 5.5391], student="reference")
    other = next(f"name-{n}" for n in range(99) if variant("scaled", [1.0, 2.0, 5.0], student=f"name-{n}") != OWN)
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")

    def diagnosed(casebook, run):
        change = Mistake("scaled_without_array", "scaled", "Without `array`.", lambda: {"scaled": lambda x: 3.0 * x})
        casebook.__dict__["_neighbours"] = {"scaled": [change]}

        def open_student(_):
            return Student.local({**load_module(folder / "reference.py"), "mine": 3 * own}, other)

        return casebook.diagnose("scaled", run(open_student, tests=["test_own"]), other)

    named, _ = inside(folder, diagnosed)
    assert named is None or "array" not in named.says


def test_an_answer_that_is_right_for_most_names_depends_on_those_for_which_it_is_wrong(folder):
    """None of the made-up names that are asked about has the one variant for which the answer is wrong."""
    kinds = list(range(24))
    common = {variant("scaled", kinds, student=name) for name in ("reference", *(f"anybody-{n}" for n in range(4)))}
    rare = next(kind for kind in kinds if kind not in common)
    unlucky = next(f"name-{n}" for n in range(999) if variant("scaled", kinds, student=f"name-{n}") == rare)
    lucky = next(f"name-{n}" for n in range(999) if variant("scaled", kinds, student=f"name-{n}") != rare)
    own = f'variant("scaled", list(range(24)), student=student.id) == {rare}'
    test = f'    number(student.value("mine"), -1.0 if {own} else 7.0)'
    (folder / "test_scaled_hidden.py").write_text(HIDDEN.rpartition("    number(")[0] + test)
    (folder / "reference.py").write_text("def scaled(x): return 3 * x\nmine = 7.0\n")

    def asked(casebook, _):
        return [casebook.depends_on_name("scaled", ["test_own"], name) for name in (lucky, unlucky)]

    found, _ = inside(folder, asked)
    assert found == [frozenset(), {"test_own"}]
