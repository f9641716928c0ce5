"""The cycle of every unit after the first; that of the first is in test_cycle.py, so that two cores share them."""

import pytest

from grader.integrations.demo import Cycle

pytestmark = pytest.mark.slow


def test_the_class_goes_through_the_other_units(tmp_path, root, course):
    others = [unit.id for unit in course.units[1:]]
    cycle = Cycle(root, tmp_path / "demo", units=others)
    reports = cycle.run()
    assert cycle.complaints(reports) == []
    assert list(reports) == others
    assert all(len(graded) >= 24 for graded in reports.values())
    assert all(any(task.diagnosis for report in graded for task in report.tasks) for graded in reports.values())
    assert all(cycle.feedback_page(cycle.fetches, unit).is_file() for unit in reports)
