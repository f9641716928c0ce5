"""What a unit builds on, and how much of it a student has: in the notebook, and shortened by a placement test."""

import json

import pytest
from kit import needed
from kit.needed import NEEDED_FILE

from grader import results
from grader.cli import app
from grader.course import build, concepts, progress
from grader.course.progress import Standing
from grader.report.feedback_page import Feedback, Mark, feedback_page
from grader.results import Level, Report, TaskResult


@pytest.fixture
def released(course, tmp_path, monkeypatch):
    """A released unit's list beside the kit; returns a function that writes a feedback page of ours."""

    def feedback(unit, stamp, marks=None, **points):
        tasks = tuple(TaskResult(task=task, title=task, points=got, max_points=3) for task, got in points.items())
        page = feedback_page(Feedback(Report("ada", unit, tasks, Level.L3), "Calculus", unit, marks=marks or {}))
        path = tmp_path / unit / "feedback" / stamp / f"{unit}.html"
        path.parent.mkdir(parents=True)
        path.write_text(page, encoding="utf-8")

    listed = tmp_path / NEEDED_FILE
    listed.write_text(json.dumps(build._needed(course, course.unit("w3_flat_gradients"))), encoding="utf-8")
    monkeypatch.setitem(needed.__globals__, "__file__", str(listed.with_name("needed.py")))
    return feedback


def test_a_notebook_says_which_exercises_it_builds_on_and_which_of_them_are_passed(course, released, tmp_path, capsys):
    needed(tmp_path)
    alone = capsys.readouterr().out
    path = [step for step in concepts.path_to(course, "w3_flat_gradients").steps if step.unit.id != "w3_flat_gradients"]
    assert alone.startswith(f"For this unit you need {len(path)} exercises from earlier on (")
    assert "No feedback on them lies in the folders beside this one" in alone
    assert all(step.task.title in alone and step.unit.title in alone for step in path)

    released("u1_derivative_intuition", "2026-01-01 10:00", slope=3, average_rate=3, signal=0)
    released(
        "u1_derivative_intuition", "2026-01-02 10:00", slope=3, average_rate=0, signal=1, marks={"signal": Mark(3, 3)}
    )
    needed(tmp_path)
    said = capsys.readouterr().out
    here = {step.task.id for step in path if step.unit.id == "u1_derivative_intuition"}
    passed = len(here & {"slope", "signal"})  # the newest page counts, and a person's mark before ours
    assert passed
    assert f"You have passed {passed} of them. {len(path) - passed} left (" in said

    for unit in {step.unit.id for step in path}:
        released(unit, "2026-01-03 10:00", **{task.id: 3 for task in course.unit(unit).tasks})
    needed(tmp_path)
    assert "You have passed them all." in capsys.readouterr().out


def test_pages_that_are_not_ours_and_a_release_without_a_list_say_nothing_wrong(
    released, tmp_path, capsys, monkeypatch
):
    (tmp_path / "u1_derivative_intuition").mkdir()
    (tmp_path / "u1_derivative_intuition" / "x.html").write_bytes(b"\xff<html>")
    (tmp_path / "u2_derivative_rules").mkdir()
    (tmp_path / "u2_derivative_rules" / "folder.html").mkdir()
    needed(tmp_path)
    assert "No feedback" in capsys.readouterr().out
    monkeypatch.setenv("KIT_GRADING", "1")
    needed(tmp_path)
    assert not capsys.readouterr().out


def test_a_placement_task_shows_what_it_proves_and_all_below_it(course, tmp_path):
    shown = concepts.shown_by(course)
    proves = course.unit("u0_placement").task("rules").proves
    below = {step.name for concept in proves for step in concepts.path_to(course, concept).steps}
    assert {name for name, tests in shown.items() if "u0_placement/rules" in tests} == below
    tasks = (TaskResult(task="rules", title="", points=3, max_points=3), TaskResult("walk", "", 1.0, 2))
    results.write(Report("ada", "u0_placement", tasks, Level.L3), tmp_path / "reports" / "u0_placement" / "ada.json")
    steps = concepts.path_to(course, "mlp-train").steps
    found = progress.standings(tmp_path, "ada", steps, shown)
    assert {name for name, standing in found.items() if standing is Standing.KNOWN} == below & set(found)
    assert found["u2_derivative_rules/descend"] is Standing.UNGRADED  # walk has half of its points

    units = {listed["unit"]: listed["tasks"] for listed in build._needed(course, course.unit("u5_mlp_training"))}
    by_task = {task["task"]: task["shown_by"] for tasks in units.values() for task in tasks}
    assert "u0_placement/rules" in by_task["chain_rule_1d"]
    assert by_task["activation_slopes"] == []


def test_the_path_gets_shorter_and_the_command_says_what_each_placement_task_is_worth(course, root, tmp_path, capsys):
    tasks = (TaskResult(task="rules", title="", points=3, max_points=3),)
    results.write(Report("ada", "u0_placement", tasks, Level.L3), tmp_path / "reports" / "u0_placement" / "ada.json")
    common = ["--student", "ada", "--folder", str(tmp_path), "--root", str(root)]
    app(["path", "mlp-train", *common], standalone_mode=False)
    said = capsys.readouterr().out
    steps = concepts.path_to(course, "mlp-train").steps
    known = sum("u0_placement/rules" in concepts.shown_by(course).get(step.name, ()) for step in steps)
    assert known
    assert f"0 passed, {known} known by the placement, {len(steps) - known} left" in said
    app(["placement", *common], standalone_mode=False)
    said = capsys.readouterr().out
    assert "Back through a layer" in said
    assert "known by the placement: 11 tasks, 4 h 15" in said
