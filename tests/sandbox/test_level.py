"""Which rung official grading takes, and that there is none below L1 unless someone asks for it by name."""

import pytest
from typer.testing import CliRunner

from grader import cli
from grader.errors import GraderError
from grader.grading import pool
from grader.jail import self_test
from grader.jail.causes import causes
from grader.results import Level


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("GRADER_LEVEL", "GRADER_ALLOW_L0"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pool, "probe", self_test.probe.__wrapped__)


def only(*holding):
    """Only these rungs hold on this machine; from the others the self-test gets out."""
    return lambda level: [] if level in holding else ["vsock"]


def test_the_best_rung_that_holds_is_taken(monkeypatch):
    monkeypatch.setattr(self_test, "escapes_from", only(Level.L2, Level.L1))
    assert pool.level_for_grading() is Level.L2


def test_where_nothing_holds_grading_is_refused_and_says_why(monkeypatch):
    monkeypatch.setattr(self_test, "escapes_from", only())
    with pytest.raises(GraderError, match=r"L1: the self-test got out: vsock\nRun `grader doctor`"):
        pool.level_for_grading()


def test_below_l1_is_graded_only_where_it_is_allowed_by_name(monkeypatch):
    monkeypatch.setattr(self_test, "escapes_from", only())
    monkeypatch.setenv("GRADER_ALLOW_L0", "1")
    assert pool.level_for_grading() is Level.L0
    monkeypatch.delenv("GRADER_ALLOW_L0")
    monkeypatch.setenv("GRADER_LEVEL", "L0")
    with pytest.raises(GraderError, match="refused"):
        pool.level_for_grading()


def test_a_rung_that_is_asked_for_must_hold_like_any_other(monkeypatch):
    monkeypatch.setattr(self_test, "escapes_from", only(Level.L1))
    monkeypatch.setenv("GRADER_LEVEL", "L1")
    assert pool.level_for_grading() is Level.L1
    monkeypatch.setenv("GRADER_LEVEL", "L3")
    monkeypatch.setenv("GRADER_ALLOW_L0", "1")
    with pytest.raises(GraderError, match="GRADER_LEVEL=L3, which does not hold"):
        pool.level_for_grading()


def test_doctor_says_which_rung_holds_and_why_not_a_better_one(monkeypatch):
    monkeypatch.setattr(self_test, "escapes_from", only(Level.L1))
    monkeypatch.setattr(self_test, "probe", self_test.probe.__wrapped__)
    said = CliRunner().invoke(cli.app, ["doctor"])
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "isolation: L1",
        "  L3: the self-test got out: vsock",
        "  L2: the self-test got out: vsock",
        *(f"  {line}" for cause in causes() for line in (f"cause: {cause.what}", f"remedy: {cause.remedy}")),
    ]


def test_a_rung_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("GRADER_LEVEL", "L9")
    with pytest.raises(GraderError, match="GRADER_LEVEL=L9: expected one of L3, L2, L1, L0"):
        pool.level_for_grading()
