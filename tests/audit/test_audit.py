"""The audit finds what is wrong with hidden tests, and finds nothing wrong with ours (see tests/course as well)."""

import ast
import json
import re
import subprocess
import sys

import msgspec
import pytest

from grader.audit import questions
from grader.audit.mutants import mutations
from grader.audit.public_checks import ticked_mistakes
from grader.course import manifest
from grader.diagnosis.mistakes import load_mistakes
from grader.errors import GraderError

TOML = """
[course]
id = "small"
title = "Small"
[[units]]
id = "adding"
title = "Adding"
[[units.tasks]]
id = "add"
points = 2
"""
NOTEBOOK = '# %% task="add"\ndef add(a, b):\n    """a and b together."""\n    ...\n\n# %% check="add"\ncheck("add")\n'
REFERENCE = "def add(a, b):\n    if a < 0:\n        return b + a\n    return a + b\n"
STRONG = "assert (student.add(2, 3), student.add(-2, 7)) == (5, 5)"
MISTAKE = """from grader.testing import mistake

@mistake("add", says="Is 2 and 3 together 6?")
def multiplies():
    return {"add": lambda a, b: a * b}
"""


def hidden(body):
    return f'import pytest\n\n@pytest.mark.task("add")\ndef test_sum(student):\n    """The sum."""\n    {body}\n'


TOLD = """
@pytest.mark.task("add")
def test_sum_of_another(student):
    \"""Another sum.\"""
    assert student.add(0.0, 5.1234) == 5.1234
"""


SHARED = TOML.replace('title = "Adding"', 'title = "Adding"\none_process = true')
HANDED = '''
@pytest.mark.task("add"{alone})
def test_a_function_of_two(student):
    """Handed over."""
    assert student.eval("f(0, 0)", f=lambda a, b: a + b) == 0
'''


@pytest.fixture
def unit(tmp_path):
    def make(body=STRONG, toml=TOML, recorded=None):
        files = {
            "course/course.toml": toml,
            "exercises/adding/adding.py": NOTEBOOK,
            "solutions/adding/reference.py": REFERENCE,
            "solutions/adding/mistakes.py": MISTAKE,
            "solutions/adding/test_adding_hidden.py": hidden(body),
        }
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if recorded is not None:
            (tmp_path / "solutions/adding/mistakes.json").write_text(recorded)
        return questions.audit_unit(manifest.load(tmp_path), "adding")

    return make


@pytest.mark.slow
def test_good_tests_have_no_fault(unit):
    result = unit()
    equivalent = [finding for finding in result.faults if "mutant" in finding.what]
    assert [fault for fault in result.faults if fault not in equivalent] == []
    # Of a condition that changes nothing, nothing can be noticed: these want an explanation in the unit's folder.
    assert {finding.says.split(" in ")[0].split(": ")[-1] for finding in equivalent} <= {
        "always", "never", "Lt -> LtE", "number + 1"
    }  # fmt: skip
    assert result.mutants >= 6


WEAK = {
    "an endless appetite": ("assert student.add(2, 3) != 99", "all gives 0"),
    "one point only": ("assert student.add(2, 2) == 4", "mutant of add"),
    "a wrong test": ("assert student.add(2, 3) == 6", "reference"),
    "echo": ("assert student.add(0, 3) == 3", "all echoes its last input"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("body", "what"), WEAK.values(), ids=WEAK.keys())
def test_weak_tests_are_found(unit, body, what):
    assert what in {finding.what for finding in unit(body).faults}


@pytest.mark.slow
@pytest.mark.parametrize("recorded", ['{"multiplies": ["test_other"]}', "{}"])
def test_a_mistake_that_fails_other_tests_than_recorded_is_found(unit, recorded):
    assert "mistake multiplies" in {finding.what for finding in unit(recorded=recorded).faults}


@pytest.mark.slow
def test_update_records_what_each_mistake_fails_and_says_what_changed(unit, tmp_path):
    unit(recorded='{"multiplies": ["test_other"]}')
    course = manifest.load(tmp_path)
    assert questions.record_mistakes(course, "adding") == {"multiplies": (["test_other"], ["test_sum"])}
    assert (tmp_path / "solutions/adding/mistakes.json").read_text() == '{\n "multiplies": ["test_sum"]\n}\n'
    assert questions.record_mistakes(course, "adding") == {}
    assert "mistake multiplies" not in {finding.what for finding in questions.audit_unit(course, "adding").faults}


@pytest.mark.slow
def test_update_works_for_a_unit_with_variants_whoever_runs_it(unit, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "somebody else")
    unit()
    reference = tmp_path / "solutions/adding/reference.py"
    asks = "import os\n\nassert os.environ['JUPYTERHUB_USER'] == 'reference'\nassert variants._edition == '1849'\n"
    reference.write_text(f"from kit import variants\n{asks}{REFERENCE}")
    course = msgspec.structs.replace(manifest.load(tmp_path), edition="1849")
    assert questions.record_mistakes(course, "adding") == {"multiplies": ([], ["test_sum"])}


@pytest.mark.slow
@pytest.mark.parametrize("given", ["None", "[1]", "{1: 2}"])
def test_a_mistake_that_gives_no_names_is_said_with_its_place(given, unit, tmp_path):
    unit()
    (tmp_path / "solutions/adding/mistakes.py").write_text(MISTAKE.replace('{"add": lambda a, b: a * b}', given))
    with pytest.raises(GraderError, match=r"mistakes.py: mistake multiplies: expected a dict of the wrong names"):
        questions.record_mistakes(manifest.load(tmp_path), "adding")


@pytest.mark.slow
def test_a_mistake_that_passes_every_hidden_test_is_not_recorded(unit, tmp_path):
    unit("assert student.add(2, 2) == 4")
    with pytest.raises(GraderError, match="pass every hidden test: multiplies"):
        questions.record_mistakes(manifest.load(tmp_path), "adding")


REWRITTEN = {
    "named": ("multiplies", "b * a", []),
    "taken for nothing": ("multiplies", "a - 3 * b", ["0 of 1 are named; not multiplies"]),
    "of no known mistake": ("divides", "a / b", ["no known mistake is called divides"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REWRITTEN)
def test_a_mistake_that_is_not_named_in_other_words_is_found(case, unit, tmp_path):
    of, body, says = REWRITTEN[case]
    unit()
    text = f'@rewritten("{of}")\ndef _():\n    return dict(add=lambda a, b: {body})\n'
    (tmp_path / "solutions/adding/rewritten.py").write_text(f"from grader.testing import rewritten\n\n{text}")
    found = questions.audit_unit(manifest.load(tmp_path), "adding", fast=True).of("rewritten")
    assert len(found) == 1
    assert [finding.says.split(".py: ")[-1] for finding in found if not finding.ok] == says


def test_a_record_that_cannot_be_read_says_what_to_run(unit):
    with pytest.raises(GraderError, match="grader audit --update"):
        unit(recorded='["multiplies"]')


@pytest.mark.slow
def test_what_one_test_hands_over_and_another_in_the_same_process_asks_for_is_found(unit):
    strong = STRONG.replace("(2, 3)", "(2, 3.1234)").replace("(5, 5)", "(5.1234, 5)") + "\n" + TOLD
    together = unit(strong, SHARED).of("apart")
    told = "test_sum asks for what test_sum_of_another hands over"
    assert [(finding.ok, finding.says) for finding in together] == [(False, told), (True, "")]
    separate = unit(strong, TOML).of("apart")
    assert [(finding.ok, finding.says) for finding in separate] == [(True, told)]


@pytest.mark.slow
def test_a_function_handed_over_that_computes_what_another_test_asks_for_is_found(unit):
    asks = STRONG.replace("(2, 3)", "(2, 3.1234)").replace("(5, 5)", "(5.1234, 5)")
    told = "test_sum asks for what a function gives that test_a_function_of_two hands over"
    together = unit(asks + "\n" + HANDED.format(alone=""), SHARED).of("apart")
    assert [(finding.ok, finding.says) for finding in together] == [(False, told), (True, "")]
    apart = unit(asks + "\n" + HANDED.format(alone=", alone=True"), SHARED).of("apart")
    assert [(finding.ok, finding.says) for finding in apart] == [(True, ""), (True, told)]


def test_every_mutant_is_another_program():
    tree = ast.parse("def f(x):\n    return -x * 2 if x > 1 else x ** 3 - 1\n")
    texts = [ast.unparse(mutant) for _, mutant in mutations(tree)]
    assert len(set(texts)) == len(texts) >= 10
    assert ast.unparse(tree) not in texts


@pytest.mark.slow
def test_the_command_proves_a_unit_with_all_its_mutants(root):
    """The shortest unit; the fast audit of each is in tests/course. `grader audit` proves all with all mutants."""
    command = [sys.executable, "-m", "just_enough_calculus", "audit", "u0_placement", "--root", root]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) findings, 0 faults, (\d+) mutants", done.stdout)
    assert int(found[1]) > 150
    assert int(found[2]) > 10


GIVEN = {
    "whatever is written": ("# %%\n1 / 0\n\n", "ZeroDivisionError: division by zero (untouched); "),
    "once it is right": ("", "add(2, 3) + ''"),
    "for other names alone": (
        "# %%\nimport os\nassert os.environ['JUPYTERHUB_USER'] == 'reference'\n\n",
        "AssertionError:  (untouched)",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", GIVEN)
def test_a_given_cell_that_raises_is_found(case, unit, tmp_path):
    given, says = GIVEN[case]
    assert [found.ok for found in unit().of("given")] == [True]
    course = manifest.load(tmp_path)
    path = course.units[0].stub
    below = "\n# %%\nif add(2, 3): add(2, 3) + ''\n" if case == "once it is right" else ""
    path.write_text(given + path.read_text() + below)
    (finding,) = questions._given_cells(course, course.units[0], questions.NAMES)
    assert not finding.ok
    assert says in finding.says


PUBLIC = '''import pytest
from kit.check import chosen, close, noted

@pytest.mark.task("add")
def test_add(student):
    """the sum"""
    close("add(2, 2)", student.add(2, 2), 4)

@pytest.mark.task("add")
def test_letter(student):
    """a letter"""
    chosen(student, "why")
'''
LETTER = 'wrong_letter = mistake("add", {"why": "b"}, says="Why?")\n'
CONSTANT = '@mistake("add", says="Always 4?")\ndef always_four():\n    return {"add": lambda a, b: 4}\n'


@pytest.mark.slow
def test_a_mistake_behind_a_noted_letter_counts_and_the_letter_itself_does_not(tmp_path, unit):
    """Two of three pass in one task, though each has a reason: that is one too many."""
    unit()
    (tmp_path / "exercises/adding/test_adding.py").write_text(PUBLIC)
    solutions = tmp_path / "solutions/adding"
    with (solutions / "reference.py").open("a") as file:
        file.write('why = "a"\n')

    def ticks(*mistakes):
        (solutions / "mistakes.py").write_text(MISTAKE.splitlines()[0] + "\n\n" + "\n".join(mistakes))
        known = load_mistakes(solutions)
        reasons = {mistake.name: "a reason" for mistake in known if "letter" not in mistake.name}
        (solutions / "ticked_mistakes.json").write_text(json.dumps(reasons))
        course = manifest.load(tmp_path)
        (share,) = [finding for finding in ticked_mistakes(course.unit("adding"), known) if finding.what == "ticks"]
        return share.ok, share.says

    assert ticks(LETTER, CONSTANT) == (True, "1 of 2 mistakes get a tick")
    again = CONSTANT.replace("always_four", "four_again")
    assert ticks(LETTER, CONSTANT, again) == (False, "2 of 3 mistakes get a tick")
