"""A worthless answer for one name of a task, while the others are right, must lose what the name is worth."""

import pytest

from grader.audit.single_names import MISSING, worthless_names
from grader.audit.worthless import STYLES, typed_value
from grader.course import manifest
from grader.testing.plugin import run_inside_pytest

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
NOTEBOOK = """# %% task="add"
def add(a, b):
    ...

def twice(a):
    ...

half = ...

# %% check="add"
check("add")
"""
REFERENCE = "def add(a, b):\n    return a + b\n\ndef twice(a):\n    return 2 * a\n\nhalf = 0.5\n"
MISTAKE = """from grader.testing import mistake

@mistake("add", says="Is 2 and 3 together 6?")
def multiplies():
    return {"add": lambda a, b: a * b}
"""
HIDDEN = """import pytest

@pytest.mark.task("add")
def test_all(student):
    \"""All three.\"""
    assert student.add(2, 3) == 5
    assert {both}
"""
TRIED = {
    "each is looked at": ("(student.twice(7), student.twice(-3), student.value('half')) == (14, -6, 0.5)", []),
    "one is only called": ("student.twice(7) is not None and student.value('half') == 0.5", ["twice"]),
    "one is looked at once": ("student.twice(1) == 2 and student.value('half') == 0.5", ["twice"]),
    "any number will do": ("(student.twice(7), student.twice(-3)) == (14, -6) and student.value('half') < 9", ["half"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", TRIED)
def test_a_name_that_the_hidden_tests_hardly_look_at_is_found(case, tmp_path):
    both, names = TRIED[case]
    files = {
        "course/course.toml": TOML,
        "exercises/adding/adding.py": NOTEBOOK,
        "solutions/adding/reference.py": REFERENCE,
        "solutions/adding/mistakes.py": MISTAKE,
        "solutions/adding/test_adding_hidden.py": HIDDEN.format(both=both),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    unit, found = manifest.load(tmp_path).unit("adding"), []
    run_inside_pytest([unit.hidden_tests], lambda run: found.extend(worthless_names(unit, run)))
    assert {finding.what.split()[0] for finding in found} == {"add", "twice", "half"}
    assert [finding.what.split()[0] for finding in found if not finding.ok] == names
    assert all("passes ['test_all']" in finding.says for finding in found if not finding.ok)


def test_a_number_is_typed_where_the_right_value_is_one_and_a_text_elsewhere():
    styles = {style.name: style for style in STYLES}
    assert typed_value(styles["gives 0.5"], 7) == 0.5
    assert typed_value(styles["gives 0.5"], "x/2") == "1/2"
    assert typed_value(styles["gives a variable"], 7) == "x"
    assert typed_value(MISSING, 7) is ...
    assert typed_value(styles["takes a small step"], 7) is None
