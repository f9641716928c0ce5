"""What a build refuses in an instructor's own course, each with one line that says what to do."""

import ast
from pathlib import Path

import pytest

from grader.course import manifest
from grader.course.build import BuildError, build_unit
from grader.course.packages import undeclared
from tests.term.small_course import SmallCourse


@pytest.fixture
def small(tmp_path, root):
    small = SmallCourse(tmp_path, root)
    small.write({"unit_1": {"double": 3}})
    return small


def refusal(small):
    with pytest.raises(BuildError) as raised:
        build_unit(small.course, "unit_1", small.folder, rehearsed=True)
    return str(raised.value)


def test_a_package_that_no_line_declares_is_not_there_for_students(small):
    stub = small.root / "exercises" / "unit_1" / "unit_1.py"
    stub.write_text(stub.read_text() + "\n# %%\nimport json\nimport msgspec\nfrom matplotlib import cm\nimport PIL\n")
    said = refusal(small)
    assert "imports 'msgspec' of the package msgspec" in said
    assert 'add "msgspec" to packages in course/course.toml' in said
    assert len(said.splitlines()) == 1  # what matplotlib needs is there
    small.write({"unit_1": {"double": 3}}, head='packages = ["msgspec"]')
    stub.write_text(stub.read_text() + "\n# %%\nimport msgspec\n")
    assert build_unit(small.course, "unit_1", small.folder, rehearsed=True).is_dir()


def test_words_in_a_text_are_no_imports(root):
    tree = ast.parse('def f():\n    """Read\n    from rich data, or\n    import requests."""\n    from .. import x\n')
    assert undeclared(manifest.load(root), {Path("x.py"): tree}) == []


def test_the_text_of_a_notebook_that_is_not_declared_and_an_old_kit_are_one_line_each(small):
    other = small.root / "exercises" / "unit_1" / "second.py"
    other.write_text('# %% task="x"\n...\n')
    (other.with_name("helper.py")).write_text("x = 1\n")
    said = refusal(small)
    assert 'second.py: released only if declared: add more_notebooks = ["second"]' in said
    assert 'helper.py: released only if declared: add modules = ["helper.py"]' in said
    for path in (other, other.with_name("helper.py")):
        path.unlink()
    kit = small.root / "exercises" / "kit"
    kit.unlink()  # a link to ours
    kit.mkdir()
    (kit / "__init__.py").write_text("")
    said = refusal(small)
    assert "kit: lacks " in said
    assert " more, which the engine's kit has (is it an older one?); copy " in said
    assert len(said.splitlines()) == 1


def test_list_says_a_rule_once_for_all_units_that_have_a_due_date(small):
    head = "[policies]\npercent_per_day = 10\n"
    due = "due = 2026-01-10\n"
    units = {"unit_1": {"double": 3}, "unit_2": {"triple": 3}, "unit_3": {"double": 1}, "unit_4": {"double": 1}}
    of = {"unit_1": due, "unit_2": due, "unit_3": due + "[units.policies]\npercent_per_day = 0\n"}
    small.write(units, head=head, of=of)
    said = small.run("list").output
    assert "unit_1, unit_2: Late work loses 10 % of its points per day." in said
    assert said.count("Late work") == 1
