"""`check("task")`: run the public checks of a task against the notebook's own functions, and say what to do next."""

import importlib.util
import inspect
import os
import time
from pathlib import Path

import pytest  # noqa: F401 - the public checks are pytest files; loaded here so that the first check is instant


class Answers:
    """The notebook's names, as the public checks see them: `student.slope(f, 3.0)`, `student.value("rate")`."""

    def __init__(self, names):
        self._names = names

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.value(name)

    def value(self, name):
        """The notebook's global `name`."""
        if name not in self._names:
            raise NotDone(f"There is no `{name}` yet: run the cell that defines it.")
        return self._names[name]


class NotDone(Exception):
    """Something is not written, or its cell was not run."""


_files = {}


def check(task, names=None, folder=None):
    """Run the public checks of `task` and print what holds and what to try next. True if all of them hold."""
    if os.environ.get("KIT_GRADING"):
        return None
    if names is None:
        names = inspect.currentframe().f_back.f_globals
    tests = _tests_of(task, Path(folder or "."))
    if not tests:
        print(f"There is no public check for {task!r} in this folder.")
        return False
    started = time.perf_counter()
    for test in tests:
        says = " ".join((test.__doc__ or test.__name__).split())
        problem = _problem(test, Answers(names))
        if problem:
            print(f"✗ {says}\n  {problem}")
            return False
        print(f"✓ {says}")
    print(f"All that can be checked here holds ({(time.perf_counter() - started) * 1e3:.0f} ms). On to the next one!")
    return True


def _problem(test, answers):
    try:
        test(answers)
    except NotDone as error:
        return str(error)
    except AssertionError as error:
        return str(error).split("\n")[0] or "Not yet: what does your function give there, and what should it give?"
    except NotImplementedError:
        return "This is still the stub: write your answer in place of the dots."
    except Exception as error:
        where = _own_line(error, test)
        if isinstance(error, TypeError) and "NoneType" in str(error):
            return f"Your function gave back None: is there a `return`, and is the `...` gone?{where}"
        return f"Your code raised {type(error).__name__}: {error}{where}"
    return ""


def _own_line(error, test):
    """The line of the student's own code at which an exception arose."""
    ours = {__file__, inspect.getsourcefile(test)}
    traceback, line = error.__traceback__, ""
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name not in ours and "site-packages" not in name:
            line = f" (line {traceback.tb_lineno} of `{traceback.tb_frame.f_code.co_name}`)"
        traceback = traceback.tb_next
    return line


def _tests_of(task, folder):
    found = []
    for path in sorted(folder.glob("test_*.py")):
        stamp = (str(path.resolve()), path.stat().st_mtime_ns)
        if stamp not in _files:
            spec = importlib.util.spec_from_file_location(f"public_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            _files[stamp] = vars(module)
        for name, thing in _files[stamp].items():
            if name.startswith("test_") and callable(thing):
                marks = [mark for mark in getattr(thing, "pytestmark", []) if mark.name == "task"]
                if any(mark.args and mark.args[0] == task for mark in marks):
                    found.append(thing)
    return found
