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
