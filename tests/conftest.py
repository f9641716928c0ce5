"""Fixtures for all tests."""

from pathlib import Path

import pytest

from grader import manifest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def course() -> manifest.Course:
    return manifest.load(ROOT)
