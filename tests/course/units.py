"""What every unit is made of and runs its hidden tests with; shared by the files of this folder."""

from pathlib import Path

import pytest

from grader.course import manifest
from grader.results import Outcome
from grader.testing import load_module, plugin

ROOT = Path(__file__).parents[2]
COURSE = manifest.load(ROOT)
UNITS = [unit for unit in COURSE.units if unit.exercises_dir.is_dir()]
each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)


def names_in(unit, file):
    """The names of a module in the unit's folder of tests; none if it does not exist."""
    path = ROOT / "tests" / unit.id / file
    return load_module(path) if path.is_file() else {}


def inside(unit, body):
    """Run `body(run)` where the unit's hidden tests are collected."""
    done = []

    def wrapped(run):
        body(run)
        done.append(True)

    plugin.run_inside_pytest([unit.solutions_dir / f"test_{unit.id}_hidden.py"], wrapped)
    assert done


def failed(ran):
    return {case.result.name for case in ran if case.result.outcome is not Outcome.PASSED}
