"""Hidden tests inside the notebook's own process, for `benchmarks/grading.py`: how stock nbgrader would run them.

No jail, no limits, no diagnosis: a submission could read and change all of it.
"""

import functools
import importlib.util
import inspect

from grader.testing.local import LocalChannel
from grader.testing.student import Student


@functools.cache
def tests_of(path):
    """The hidden tests in a file: (task, function)."""
    spec = importlib.util.spec_from_file_location("hidden_in_notebook", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = []
    for name, function in vars(module).items():
        for mark in getattr(function, "pytestmark", []) if name.startswith("test_") else []:
            if mark.name == "task":
                assert list(inspect.signature(function).parameters) == ["student"], name
                found.append((mark.args[0], function))
    return found


def run(path, names, task="", student="reference"):
    """Run the tests (of one task, or all) on the notebook's `names`; returns how many failed."""
    failed = 0
    for of, function in tests_of(path):
        if task in ("", of):
            try:
                function(Student(LocalChannel(names), student))
            except Exception:
                failed += 1
    return failed


def assert_all(path, names, task):
    """What stands in a grade cell."""
    failed = run(path, names, task)
    assert not failed, f"{failed} hidden tests failed"
