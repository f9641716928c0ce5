"""The hidden tests of `describing`."""

import json

import pytest

from grader.testing import expect


@pytest.mark.task("mean")
def test_mean_of_several(student):
    """The mean of several numbers."""
    expect.number(student.mean([1.0, 2.5, 5.0, 9.5]), 4.5, what="mean")


@pytest.mark.task("mean")
def test_mean_of_negative(student):
    """The mean of negative numbers."""
    expect.number(student.mean([-3.0, 1.0, -7.0]), -3.0, what="mean")


@pytest.mark.task("running")
def test_running_mean(student):
    """The mean after each number."""
    running = student.Running()
    for number, so_far in ((3.0, 3.0), (5.0, 4.0), (-2.0, 2.0)):
        running.call("add", number)
        expect.number(running.call("mean"), so_far, what="mean")


@pytest.mark.task("running")
def test_two_means_do_not_mix(student):
    """Two running means do not disturb each other."""
    one, other = student.Running(), student.Running()
    one.call("add", 8.0)
    other.call("add", 1.5)
    expect.number(one.call("mean"), 8.0, what="mean")
    assert student.Running().call("mean") is None


@pytest.mark.task("histogram")
def test_bars(student):
    """One bar for each 5 cm, as high as there are people."""
    axes = expect.axes(student, student.histogram([161, 164, 172, 173, 174, 188]), what="histogram")
    ends = sorted((float(x), float(y)) for bar in axes.bars for x, y in bar.xy)
    assert [round(y) for _, y in ends] == [2, 0, 3, 0, 0, 1]


@pytest.mark.task("histogram")
def test_labels(student):
    """Both axes have a label."""
    heights = [171, 182, 166, 175, 171]  # those of the class, so that the figure tells no secret
    axes = expect.axes(student, student.histogram(heights), what="histogram", show=True)
    assert axes.xlabel
    assert axes.ylabel


@pytest.mark.task("summary")
def test_summary_in_the_file(student):
    """The file holds count, mean and tallest."""
    student.write_summary([160.0, 170.0, 186.0], "out.json")
    found = json.loads(student.file("out.json"))
    assert found == {"count": 3, "mean": 172.0, "tallest": 186.0}


@pytest.mark.task("weekday")
def test_weekday_of_dates(student):
    """The weekday of two dates."""
    assert student.weekday("2026-03-06") == 4
    assert student.weekday("2000-02-29") == 1


@pytest.mark.task("trimmed")
def test_trimmed_mean(student):
    """The mean without both ends."""
    expect.number(student.trimmed([7.0, -90.0, 3.5, 1e6, 4.5]), 5.0, what="trimmed")
