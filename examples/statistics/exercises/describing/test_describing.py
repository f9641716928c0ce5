"""The public checks of `describing`."""

import json
import pathlib

import pytest


@pytest.mark.task("mean")
def test_mean(student):
    assert student.mean([2, 4]) == 3, "What is half of 2 + 4?"


@pytest.mark.task("running")
def test_running(student):
    running = student.Running()
    running.add(2)
    running.add(4)
    assert running.mean() == 3, "What is the mean of 2 and 4?"


@pytest.mark.task("histogram")
def test_histogram(student):
    axes = student.histogram([161, 162, 171])
    assert len(axes.patches) == 6, "From 160 to 190 in steps of 5, that is 6 bars."


@pytest.mark.task("summary")
def test_summary(student):
    student.write_summary([1, 2, 6], "checked.json")
    assert json.loads(pathlib.Path("checked.json").read_text())["tallest"] == 6


@pytest.mark.task("weekday")
def test_weekday(student):
    assert student.weekday("2026-03-02") == 0, "The 2nd of March 2026 is a Monday."


@pytest.mark.task("trimmed")
def test_trimmed(student):
    assert student.trimmed([1, 2, 3, 100]) == 2.5, "Which two numbers are left?"
