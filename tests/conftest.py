"""Fixtures for all tests, and the order in which their files are handed out."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from grader.course import manifest

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


# A file stays on one core (`--dist loadfile`) and they are handed out in this order: the longest must not be last.
LONGEST_FIRST = (
    "hostile/test_corpus.py",
    "course/test_units.py",
    "cycle/test_later_units.py",
    "grading/test_budget.py",  # not beside the corpus: both keep a processor busy with attacks
    "cycle/test_killed.py",
    "sandbox/test_as_an_ordinary_user.py",
    "as_students_leave_them/test_all_units.py",
    "as_students_leave_them/test_left.py",
    "cycle/test_cycle.py",
    "course/test_other_words.py",
    "audit/test_audit.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST_FIRST)}
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: longest.get(item.path, len(longest) + (item.path not in slow)))


@pytest.fixture(autouse=True)
def same_depth_of_recursion():
    """Put the limit back: some answers raise it, and endless recursion in a later test would then end the process."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)
