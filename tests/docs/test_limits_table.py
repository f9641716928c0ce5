"""The tables of limits in docs/security.md: every limit of the engine is in one of them, with the value it has."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from grader.course import manifest

ROOT = Path(__file__).parents[2]
UNITS_OF_SIZE = {"kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
ROOMS = ("jail", "testing", "grading")
ALONE = ("grader/printable.py", "grader/nbgrader/collection.py", "grader/course/notebooks.py")
ALONE += ("grader/course/elsewhere.py", "exercises/kit/symbolic/*.py")
# What is a number in these rooms, and limits nobody's work.
NO_LIMITS = {
    *("jail.users.NOBODY", "jail.users.FIRST_LANE_USER", "jail.inside.confine.STUDENT_UID"),
    *("jail.inside.confine.NAMESPACES", "jail.inside.usage.PAGE", "jail.inside.usage.TICKS"),
    *("testing.drawn.FLAT", "testing.expect.RELATIVE", "testing.expect.ABSOLUTE"),
}


def rows():
    """(name, value, the whole row) of each row of a table whose first column is a limit."""
    section = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("\n## Limits\n")[2]
    for line in section.partition("\n## ")[0].splitlines():
        if found := re.match(r"\| `([\w.]+)` \| ([^|]+) \|", line):
            yield found[1], found[2].strip(), line


def numbers_of(text):
    """`32 MB` is 33554432."""
    digits, unit = re.fullmatch(r"([\d ]*\d(?:\.\d+)?(?:e\d+)?)(?: ([a-zA-Z]\w*))?.*", text).groups()
    return float(digits.replace(" ", "")) * UNITS_OF_SIZE.get(unit, 1)


def value_of(name):
    """The value of a constant."""
    module, _, constant = name.rpartition(".")
    return getattr(importlib.import_module(module if module.startswith("kit.") else f"grader.{module}"), constant)


@pytest.mark.parametrize(("name", "value"), [row[:2] for row in rows()], ids=[row[0] for row in rows()])
def test_a_limit_has_the_value_that_the_page_says(name, value):
    if name.startswith("limits."):  # in course.toml, for each unit
        given = {float(getattr(unit.limits, name.removeprefix("limits."))) for unit in manifest.load(ROOT).units}
        assert sorted(given) == [float(number) for number in re.findall(r"[\d.]+", value)]
    else:
        assert value_of(name) == numbers_of(value)


def constants():
    """The public constants of the rooms that are numbers, by their names in the table."""
    files = [path for room in ROOMS for path in (ROOT / "grader" / room).rglob("*.py")]
    for path in [*files, *(path for name in ALONE for path in ROOT.glob(name))]:
        shown = path.relative_to(ROOT).with_suffix("")
        name = ".".join(shown.parts[1:])
        module = importlib.import_module(
            name if name.startswith("kit.") else f"grader.{name}".removesuffix(".__init__")
        )
        assigned = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)]
        targets = [part for node in assigned for target in node.targets for part in ast.walk(target)]
        names = {part.id for part in targets if isinstance(part, ast.Name)}
        for constant in sorted(names & vars(module).keys()):
            if constant.isupper() and constant[0] != "_" and type(getattr(module, constant)) in (int, float):
                yield f"{name}.{constant}"


def test_every_limit_is_in_a_table_once():
    named = [name for name, *_ in rows()]
    assert len(named) == len(set(named)) > 60
    assert {name for name in constants() if "CLONE_" not in name} == (
        {name for name in named if not name.startswith("limits.")} | NO_LIMITS
    )
    assert {name for name in named if name.startswith("limits.")} == {
        f"limits.{name}" for name in manifest.Limits.__struct_fields__
    }
