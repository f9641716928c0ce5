"""One lane level after the other; what this machine cannot build is skipped with the reason."""

import functools
from pathlib import Path

import pytest

from grader.errors import Unavailable
from grader.jail.lane import Lane
from grader.results import Level
from tests.processes import descendants


class FewLimits:
    """Small limits, so that what runs into them does it soon."""

    cpu_seconds, wall_seconds, memory_mb, processes = 5.0, 30.0, 256, 12


@functools.cache
def why_not(level):
    """Why this machine has no lane of `level`, or ""."""
    try:
        with Lane(level):
            return ""
    except Unavailable as error:
        return str(error)


@pytest.fixture
def missing():
    return why_not


@pytest.fixture(scope="session")
def limits():
    return FewLimits()


@pytest.fixture(scope="session", params=[Level.L3, Level.L2, Level.L1])
def level(request):
    if why_not(request.param):
        pytest.skip(why_not(request.param))
    return request.param


@pytest.fixture(scope="module")
def lane(level, limits):
    with Lane(level) as lane:
        yield lane


@pytest.fixture
def processes_below():
    return descendants


def pytest_collection_modifyitems(items):
    """The attacks on the best rung are fast; whatever starts lanes again and again, or waits for limits, is slow."""
    for item in items:
        here = Path(item.path).parent == Path(__file__).parent
        if here and ("test_attacks" not in item.path.name or "L3" not in item.name):
            item.add_marker(pytest.mark.slow)
