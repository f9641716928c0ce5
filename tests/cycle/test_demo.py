"""The demo's forks: each job is done once, and the first error ends them and is told."""

import os
import time

import pytest

from grader.demo import Cycle
from grader.errors import GraderError


@pytest.fixture
def cycle(root, tmp_path):
    return Cycle(root, tmp_path, units=["u1_derivative_intuition"])


def test_each_job_is_done_once(cycle, tmp_path):
    def job(number):
        with (tmp_path / "done").open("a") as done:
            done.write(f"{number}\n")

    cycle._at_once([lambda number=number: job(number) for number in range(300)])
    assert sorted(map(int, (tmp_path / "done").read_text().split())) == [*range(300)]


def test_no_job_at_all_is_no_error(cycle):
    cycle._at_once([])


def test_the_first_error_is_told_and_nobody_takes_up_another_job(cycle, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    def fails():
        raise ValueError("the exchange is full")

    def takes_a_moment(number):
        time.sleep(0.01)
        (tmp_path / f"job {number}").touch()

    jobs = [fails, *(lambda number=number: takes_a_moment(number) for number in range(300))]
    with pytest.raises(GraderError, match="ValueError: the exchange is full"):
        cycle._at_once(jobs)
    assert len(list(tmp_path.glob("job *"))) < 300
