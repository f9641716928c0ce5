"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from grader import manifest

settings.register_profile("ci", derandomize=True)  # what CI says today it says tomorrow; at home, hypothesis explores
if os.environ.get("CI"):
    settings.load_profile("ci")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def course() -> manifest.Course:
    return manifest.load(ROOT)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On several cores the tests of a file stay together, since they share what is dear (a lane, a graded class).

    In tests/course each unit is a group of its own.
    """
    for item in items:
        unit = getattr(item, "callspec", None) and item.callspec.params.get("unit")  # type: ignore[attr-defined]
        item.add_marker(pytest.mark.xdist_group(unit.id if hasattr(unit, "id") else str(item.path)))
