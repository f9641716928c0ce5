"""`check("task")` runs a task's public checks on your notebook's names and says what to do next.

Theory of operation. The checks are plain functions in `test_<unit>.py` next to the notebook. Each is marked with its
task and takes the argument `student`. `check` loads that file once, passes each of the task's functions the globals of
the calling cell (as `Answers`), and stops at the first failure. The assertion message is what the student reads. pytest
is not started, but it can run the same file, given a `student` fixture. During grading (KIT_GRADING is set) `check`
does nothing, because the hidden tests decide. While nbgrader validates a notebook (NBGRADER_VALIDATING is set), a check
that does not pass raises, because nbgrader only sees exceptions.
"""

from __future__ import annotations

import importlib.util
import linecache
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kit.exceptions import what_a_line_does_wrong, what_is_not_there
from kit.spelling import most_alike

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

if "IPython" in sys.modules and not os.environ.get("KIT_GRADING"):
    import pytest  # noqa: F401 - the public checks need it; importing it in a notebook keeps the first check fast

RELATIVE = 1e-9
PASSED, NOTED, FAILED = "✓", "·", "✗"
Names: TypeAlias = Mapping[str, Any]  # the globals of a notebook or a module
Test: TypeAlias = Callable[["Answers"], object]
_loaded: dict[Path, tuple[int, Names]] = {}  # path -> (modification time, names defined there)


def check(task: str, names: Names | None = None, folder: str | Path | None = None) -> None:
    """Run the public checks of `task` and print that they pass, or what to do next.

    While nbgrader validates the notebook, a failing check raises NotYet instead of printing.
    """
    if os.environ.get("KIT_GRADING"):
        return
    said = verdict(task, sys._getframe(1).f_globals if names is None else names, folder)
    if os.environ.get("NBGRADER_VALIDATING") and not said.startswith((PASSED, NOTED)):
        raise NotYet(said)
    print(said)


class NotYet(Exception):
    """A check does not pass. Raised only while nbgrader validates the notebook."""

    def _render_traceback_(self) -> list[str]:
        """The advice alone, for the notebook to show instead of a traceback through the kit."""
        return str(self).split("\n")


class NotDone(Exception):
    """Something is not written yet, or its cell was not run."""


class Answers:
    """The notebook's names as the public checks use them: `student.slope(f, 3)`, `student.value("my_rate")`.

    `notes` are lines to print below the verdict. `noted` lists the answers that are graded only after submission.
    `if_it_raises` is a hint that a check may set before calling the learner's code. It is shown if that code raises.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self.notes: list[str] = []
        self.noted: list[str] = []
        self.if_it_raises = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._names:
            near = most_alike(name, self._names)
            renamed = f" (There is a `{near}`: was it renamed?)" if near else ""
            raise NotDone(
                f"There is no `{name}` yet: run the cell that defines it or brings it (Shift+Enter), "
                f"then this one again.{renamed}"
            )
        return self._names[name]

    def value(self, name: str) -> Any:
        """The notebook's global `name`. Raises NotDone if it is missing or still `...`."""
        if (found := self._names.get(name, ...)) is not ...:
            return found
        if typed := _typed_last(name, self._names):
            raise NotDone(
                f"Your cell says  {name} = {typed}  but it raised an error, so `{name}` has no value yet.\n"
                f'If that is a formula, put it between quotes: "{typed}"'
            )
        getattr(self, name)  # raises if there is no such name
        raise NotDone(f"`{name}` is still `...`: write your answer in its place.")


def _typed_last(name: str, names: Names) -> str:
    """What the last cell that assigned `name` gave it, without quotes: `2*a + w`. "" if that was `...`, or nothing."""
    value = r"(?:\( *\n([^\n]*)\n\)|([^\n(]*|\([^\n]*\)))"
    given = re.compile(rf"^{re.escape(name)} *= *{value}$", re.MULTILINE)
    for cell in reversed(names.get("In", [])):
        if written := given.search(cell):
            text = (written[1] or written[2] or "").strip()
            return "" if text in ("", "...") or text[0] in "\"'" else text
    return ""


def verdict(task: str, names: Names, folder: str | Path | None = None) -> str:
    """The text that `check(task)` prints for a notebook with these global `names`."""
    tests = _tests_of(task, folder)
    if not tests:
        return f'I know no checks for "{task}". Is the name right, and does test_<unit>.py lie beside the notebook?'
    notes: list[str] = []
    noted: list[str] = []
    passed = 0
    for test in tests:
        student = Answers(names)
        advice = _advice(test, student, names)
        its_own = [f"    {note}" for note in student.notes]
        notes += its_own
        if advice is not None:  # what other checks noted has nothing to do with it
            so_far = f"{passed} of {len(tests)} checks pass. " if passed else ""
            title = " ".join((test.__doc__ or test.__name__).split())
            lines = [f"    {line}" for line in advice.split("\n")]
            stuck = [f'    Stuck? Type  hint("{task}")  in a new cell.'] if _has_hints(task, folder) else []
            return "\n".join([f"{FAILED} {task}: {so_far}Next: {title}", *lines, *its_own, *stuck])
        noted += student.noted
        passed += not student.noted
    later = f"noted, judged when you hand in: {', '.join(f'`{name}`' for name in noted)}."
    if not passed:
        return "\n".join([f"{NOTED} {task}: {later}", *notes])
    done = "the check passes" if passed == 1 else f"all {passed} checks pass"
    if noted:
        done = "the other check passes" if passed == 1 else f"all {passed} other checks pass"
        notes.append(f"    {later[0].upper()}{later[1:]}")
    return "\n".join([f"{NOTED if noted else PASSED} {task}: {done}. On to the next one!", *notes])


def is_satisfied(said: str, changed: Iterable[str] = ()) -> bool:
    """Whether a verdict finds no fault with work that differs from right work in the names `changed`.

    A name that is only noted is not looked at yet, so if nothing else is changed, the verdict says nothing about it.
    """
    noted = said[said.rfind("judged when you hand in:") :] if said.startswith(NOTED) else ""
    names = list(changed)
    return said.startswith((PASSED, NOTED)) and not (names and all(f"`{name}`" in noted for name in names))


# ------------------------------------------------------------------------------ assertions for the public checks


def close(call: str, got: Any, expected: float, ask: str = "") -> None:
    """Assert that `call` (written as a learner would type it) gave the number `expected`; `ask` is added on failure."""
    problem = _oddity(got)
    if problem is None and not abs(got - expected) <= RELATIVE * max(1.0, abs(expected)):
        problem = f"gave {_short(got)}, expected {_short(expected)}."
    assert problem is None, f"`{call}` {problem}" + _asked(ask, got)


def agrees(name: str, got: float, expected: float, where: str, ask: str, rel: float = 1e-6) -> None:
    """Assert that the typed formula `name` has the value `expected` at `where` ("x = 2"; "" if it has no letter)."""
    put = f"Put {where}: you say {got:.6g}; it should be {expected:.6g}." if where else f"You say {got:.6g}."
    assert abs(got - expected) < rel * max(1, abs(expected)), f"`{name}`: {put} {ask}"


def several(call: str, got: Any, *names: str, arrays: bool = False) -> Any:
    """Assert that `call` gave a tuple or list (with `arrays`, or an array) of as many things as `names`; return it."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    fits = (isinstance(got, tuple | list) or (arrays and hasattr(got, "shape"))) and len(got) == len(names)
    assert fits, f"`{call}` should return ({', '.join(names)})."
    return got


def kept(call: str, given: ArrayLike, before: ArrayLike) -> None:
    """Assert that the array `given` holds after `call` what it held `before`."""
    import numpy as np

    assert np.array_equal(given, before), f"`{call}` has changed an array that it was given. Make a new one."


def all_close(call: str, got: object, expected: ArrayLike, ask: str = "", rel: float = RELATIVE) -> None:
    """Assert that `call` gave an array (or nested lists) with the shape and values of `expected`."""
    import numpy as np

    expected = np.asarray(expected, dtype=float)
    problem = _array_oddity(got)
    if problem is None:
        found = np.asarray(got)
        if found.shape != expected.shape:
            problem = f"gave the shape {found.shape}, expected {expected.shape}."
        elif np.isnan(found).any():
            problem = "gave nan somewhere, which is not a number. Was something like 0/0 computed on the way?"
        else:
            wrong = ~np.isclose(found, expected, rtol=rel, atol=rel * max(1.0, np.abs(expected).max(initial=0)))
            if wrong.any():
                place = tuple(int(index) for index in np.argwhere(wrong)[0])
                where = f" at {list(place)}" if place else ""
                problem = f"gave {_short(float(found[place]))}{where}, expected {_short(float(expected[place]))}."
    assert problem is None, f"`{call}` {problem}" + _asked(ask, got)


def _asked(ask: str, got: object) -> str:
    """The question below a reply. There is none if nothing was answered yet."""
    return f"\n{ask}" if ask and got is not None and got is not ... else ""


def noted(student: Answers, *names: str) -> None:
    """Mark these answers as noted: they are graded only after submission.

    A task with noted answers gets no tick. A check that notes something should look at nothing but their form.
    """
    student.noted += names


def chosen(student: Answers, name: str, letters: str = "abcd") -> None:
    """Assert that the choice `name` is one of the letters, and note it without revealing which letter is right."""
    got = student.value(name)
    form = isinstance(got, str) and got.strip().lower() in list(letters)
    assert form, f"`{name}` should be one letter between quotes: {', '.join(letters[:-1])} or {letters[-1]}."
    noted(student, name)


def drawn(call: str, got: Any, count: int | None = None) -> list[Any]:
    """Assert that `call` gave matplotlib Axes (`count` of them, if given), and return them as a list."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert not hasattr(got, "__next__"), f"`{call}` gave a {type(got).__name__}; make a list of it: list(...)."
    axes = list(got) if isinstance(got, list | tuple) or hasattr(got, "flat") else [got]
    for ax in axes:
        assert not hasattr(ax, "shape"), f"`{call}` gave Axes in rows; give one flat list of them."
        assert hasattr(ax, "get_lines"), (
            f"`{call}` should give matplotlib Axes; a {type(ax).__name__} came. Return `ax`."
        )
    if count is not None:
        assert len(axes) == count, f"`{call}` should give {count} Axes, and gave {len(axes)}."
    return axes


def shown(ax: Any, label: str | None = None) -> list[Any]:
    """The points (rows of x, y) of everything drawn in `ax` as lines or dots; with `label`, only what carries it."""
    import numpy as np

    bars = {id(drawn.lines[0]): drawn for drawn in ax.containers if getattr(drawn, "lines", None)}  # of errorbar
    found = [(bars.get(id(line), line).get_label(), line.get_xydata()) for line in ax.get_lines()]
    for drawing in ax.collections:
        if hasattr(drawing, "get_segments"):  # hlines, vlines
            found += [(drawing.get_label(), segment) for segment in drawing.get_segments()]
        else:
            found.append((drawing.get_label(), np.asarray(drawing.get_offsets())))
    return [np.asarray(xy, dtype=float) for own, xy in found if label in (None, str(own).strip().lower())]


def typed(student: Answers, name: str, variables: Sequence[str]) -> Callable[..., float]:
    """The typed answer `name` as a function of its `variables`. Asserts that it parses, and notes how it was read."""
    from kit.symbolic import AnswerError, StillToDerive, parse

    text = student.value(name)
    like = f"{variables[0]} + 1" if variables else "ln(2)/3"
    assert isinstance(text, str), f'`{name}` is not text: put your answer between quotes, like "{like}".'
    try:
        answer = parse(text, variables)
    except AnswerError as error:
        raise AssertionError(f"`{name}` cannot be read. {error}") from None
    student.notes.append(f"{name} is read as  {answer}")

    def at(**values: float) -> float:
        try:
            return answer.at(**values)
        except StillToDerive as error:
            raise AssertionError(f"`{name}`: {error}") from None
        except (ArithmeticError, ValueError, TypeError):
            where = ", ".join(f"{key} = {value}" for key, value in values.items())
            raise AssertionError(f"`{name}` cannot be computed at {where}.") from None

    return at


def kind_of(thing: object) -> str:
    """The name of a thing's type with its article: "a list", "an int", "an ndarray"."""
    kind = type(thing).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' or kind == 'ndarray' else 'a'} {kind}"


def _oddity(got: Any) -> str | None:
    """Why an answer is not a plain number, or None if it is one."""
    if got is None:
        return "gave None. Is there still a `...`, or is the `return` missing?"
    if got is ...:
        return "is still `...`."
    if hasattr(got, "dtype") and (got.dtype == object or got.ndim):
        return f"gave an array of {got.dtype}; a plain number was expected."
    if isinstance(got, bool) or not hasattr(got, "__float__"):
        return f"gave {kind_of(got)}; a plain number was expected."
    if got != got:
        return "gave nan, which is not a number. Was something like 0/0 computed on the way?"
    return None


def _array_oddity(got: object) -> str | None:
    """Why an answer is not an array of numbers, or None if it is one."""
    import numpy as np

    if got is None or got is ...:
        return _oddity(got)
    if hasattr(got, "__next__"):
        return f"gave a {type(got).__name__}; make a list or an array of it."
    try:
        found = np.asarray(got)
    except ValueError:
        return "gave rows of different lengths; that is not an array."
    if found.dtype.kind not in "iuf":
        what = f"an array of {found.dtype}" if isinstance(got, np.ndarray) else f"a {type(got).__name__}"
        return f"gave {what}; an array of numbers was expected."
    return None


def _short(number: float) -> str:
    return f"{number:.10g}" if isinstance(number, float) else str(number)


# --------------------------------------------------------------------------------------- running a public check


def _advice(test: Test, student: Answers, names: Names) -> str | None:
    """What the learner should do next about this check, or None if it passes."""
    try:
        test(student)
    except NotDone as error:
        return str(error)
    except AssertionError as error:
        if not _own_line(error, names):
            return str(error) or "Not yet."
        advice = _raised(error, names)
    except RecursionError as error:
        advice = _raised(error, names) + "\nDoes the function call itself without an end?"
    except Exception as error:
        advice = _raised(error, names)
    else:
        return None
    return "\n".join(filter(None, [advice, student.if_it_raises]))


def _raised(error: BaseException, names: Names) -> str:
    line = _own_line(error, names)
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if line:
        means = what_a_line_does_wrong(type(error).__name__, str(error))
        return "\n".join(filter(None, [f"Your code raised {said}", f"in your line  {line}", means]))
    if lacking := what_is_not_there(type(error).__name__, str(error)):
        return lacking
    return f"The check could not use your answer ({said}). Does it have the form that the task asks for?"


def _own_line(error: BaseException, names: Names) -> str:
    """The last line of the learner's own code in the traceback, or "" if there is none."""
    line, traceback = "", error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals is names:
            line = linecache.getline(frame.f_code.co_filename, traceback.tb_lineno).strip() or line or "(in a cell)"
        traceback = traceback.tb_next
    return line


def _tests_of(task: str, folder: str | Path | None) -> list[Test]:
    for names in modules_of_checks(folder):
        tests = [thing for name, thing in names.items() if name.startswith("test_")]
        if found := [test for test in tests if _is_of(test, task)]:
            return found
    return []


def modules_of_checks(folder: str | Path | None = None) -> Iterator[Names]:
    """The names in each `test_*.py` beside the notebook (or in `folder`)."""
    for place in [Path(folder)] if folder else [Path.cwd(), Path(__file__).resolve().parent.parent]:
        yield from map(_names_in, sorted(place.glob("test_*.py")))


def _has_hints(task: str, folder: str | Path | None) -> bool:
    return any(task in names.get("HINTS", ()) for names in modules_of_checks(folder))


def _is_of(test: Test, task: str) -> bool:
    return any(mark.name == "task" and mark.args[:1] == (task,) for mark in getattr(test, "pytestmark", []))


def _names_in(path: Path) -> Names:
    changed = path.stat().st_mtime_ns
    if path not in _loaded or _loaded[path][0] != changed:
        spec = importlib.util.spec_from_file_location(f"public_{path.stem}", path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _loaded[path] = (changed, vars(module))
    return _loaded[path][1]
