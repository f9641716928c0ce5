"""The cycle of every unit after the first; that of the first is in test_cycle.py, so that two cores share them."""

import os
import shutil
import subprocess
import sys

import pytest

from grader.course import manifest
from grader.demo import Cycle
from tests.course_folder import copy_with

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    root = request.config.rootpath
    units = [unit.id for unit in manifest.load(root).units[1:]]
    cycle = Cycle(root, tmp_path_factory.mktemp("cycle") / "demo", units=units)
    return cycle, cycle.run()


def test_the_class_goes_through_the_other_units(graded):
    cycle, reports = graded
    assert cycle.complaints(reports) == []
    assert list(reports) == cycle.units
    assert {unit: len(of_unit) for unit, of_unit in reports.items()} == {
        "u2_derivative_rules": 10,
        "u3_chain_rule": 10,
        "u4_gradient_check": 10,
        "u5_mlp_training": 9,
        "w1_mse_is_likelihood": 4,
        "w2_kl_both_ways": 4,
        "w3_flat_gradients": 4,
        "w4_lora_from_scratch": 4,
        "w5_sampling": 4,
        "w6_rbf_svm": 4,
        "u0_placement": 5,
    }
    assert all(any(task.diagnosis for report in of_unit for task in report.tasks) for of_unit in reports.values())
    assert all(cycle.feedback_page(cycle.fetches, unit).is_file() for unit in reports)


def test_one_command_grades_several_units_and_none_if_one_is_not_there(graded, tmp_path, root):
    cycle, reports = graded
    folder, units = tmp_path / "course", cycle.units[:2]
    copy_with((cycle.fetches,), cycle.folder, folder)
    shutil.rmtree(folder / "reports")

    def grade(*units):
        command = [sys.executable, "-m", "just_enough_calculus", "grade", *units, "--root", root, "--folder", folder]
        environment = {**os.environ, "COLUMNS": "200"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    refused = grade(units[0], "no_such_unit")
    assert refused.returncode == 2
    assert "no_such_unit" in refused.stderr
    assert not (folder / "reports").exists()
    done = grade(*units)
    assert done.returncode == 0, done.stderr
    for unit in units:
        (report,) = [report for report in reports[unit] if report.student == cycle.fetches]
        assert unit in done.stdout
        assert f"{report.points:g}" in done.stdout
        assert [path.name for path in (folder / "reports" / unit).iterdir()] == [f"{cycle.fetches}.json"]
