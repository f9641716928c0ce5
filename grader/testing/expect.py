"""Checks for hidden tests: is this a number, an array, a figure, and the right one? Each problem has its own message.

`number`, `array`, `listed`, `axes`, `answer` and `letter` check a returned value, tell the student in a `Hint` if it
is unusable (None, nan, a generator, an array of objects, a wrong shape), and return it as plain data. Correctness is
asserted; if that assertion fails, the student sees only the test's docstring. `symbolic` checks typed answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from kit.symbolic import FUNCTIONS, AnswerError, parse

from grader.symbolic import NO_VALUE, NOTHING_COMPUTED, Answer, Decision, diagnose, equivalent, in_form, one_change
from grader.testing.drawn import AxesData
from grader.testing.student import Handle, StudentError
from grader.testing.typed import at_a_point, is_rounded

if TYPE_CHECKING:
    from grader.symbolic.equivalent import Domain
    from grader.testing.student import Student

LARGEST_SIZE, MOST_SIZES = 9999, 4  # in a hint: a larger size, or a fifth, is `…`
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # allow for a few hundred rounding errors, and for zero


class Hint(AssertionError):
    """A failed check with a message for the student: a question, never a hidden input or the answer."""


class Recognised(Hint):
    """A hint for a known wrong answer: students who get the same hint made the same mistake, however they wrote it.

    The diagnosis compares `says` instead of the answer: `2*a`, `a + a` and `2a` are one misunderstanding. `before` is
    shown as well, and quotes what this student wrote.
    """

    def __init__(self, says: str, before: str = "") -> None:
        super().__init__(f"{before} {says}".lstrip())
        self.says = says


class Undecided(Exception):
    """The answer could not be decided automatically; it stays pending until someone reviews it."""


def number(
    found: object, expected: float | None = None, *, rel: float = RELATIVE, abs: float = ABSOLUTE, what: str = ""
) -> float:
    """`found` as a plain number (0-d arrays count as numbers), equal to `expected` if given."""
    if isinstance(found, np.ndarray) and found.ndim == 0 and found.dtype.kind in "iuf":
        found = found.item()
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Hint(_named(what, f"a plain number was expected, and {kind_of(found)} came back."))
    if found != found:
        raise Hint(_named(what, "nan came back, which is not a number. Was something like 0/0 computed on the way?"))
    if expected is not None:
        assert _near(float(found), float(expected), rel, abs), "another number"
    return float(found)


def _near(found: float, expected: float, rel: float, least: float) -> bool:
    """What `np.isclose` says, in a fiftieth of its time."""
    return found == expected or abs(found - expected) <= least + rel * abs(expected) < math.inf


def array(
    found: Any,
    expected: Any = None,
    *,
    shape: Sequence[int] | None = None,
    rel: float = RELATIVE,
    abs: float = ABSOLUTE,
    what: str = "",
) -> Any:
    """`found` (an array, or lists of numbers) as a float array, with the shape and values of `expected`."""
    if isinstance(found, list | tuple):
        try:
            found = np.array(found)
        except ValueError:
            raise Hint(_named(what, "the rows have different lengths: that is not an array.")) from None
    if isinstance(found, int | float) and not isinstance(found, bool):
        found = np.array(found)
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "iuf":
        odd = f"one of {_DTYPES[found.dtype.kind]}" if isinstance(found, np.ndarray) else kind_of(found)
        raise Hint(_named(what, f"an array of numbers was expected, and {odd} came back."))
    found = found.astype(float)
    if np.isnan(found).any():
        raise Hint(_named(what, "there is a nan in what came back. Was something like 0/0 or inf - inf computed?"))
    wanted = np.asarray(expected).shape if expected is not None else tuple(shape) if shape is not None else None
    if wanted is not None and found.shape != wanted:
        raise Hint(_named(what, f"the shape {_shape(wanted)} was expected, and {_shape(found.shape)} came back."))
    if expected is not None:
        assert np.allclose(found, expected, rtol=rel, atol=abs), "other numbers"
    return found


def listed(found: object, count: int | None = None, *, what: str = "") -> list[Any]:
    """`found` (a list, a tuple, an array, or the student's own iterable) as a list of `count` items."""
    if isinstance(found, Handle) and (found.type_name == "ndarray" or found.type_name not in _KINDS):
        found = _items(found)
    if isinstance(found, np.ndarray):
        found = list(found)
    if not isinstance(found, list | tuple):
        raise Hint(_named(what, f"a list was expected, and {kind_of(found)} came back."))
    if count is not None and len(found) != count:
        wanted = "one thing was" if count == 1 else f"{count} things were"
        raise Hint(_named(what, f"{wanted} expected in the list, and {_size(len(found))} came back."))
    return list(found)


def _items(found: Handle) -> Any:
    """The items of a student's object; the object itself if it is not iterable."""
    try:
        return found.items()
    except StudentError as error:
        if error.line:  # its own __iter__ raised
            raise
        return found


def axes(student: Student, found: Any, *, what: str = "", show: bool = False) -> AxesData:
    """The data in the matplotlib Axes that the student's function returned.

    With `show`, the feedback shows their figure to the student and to staff. The student's code can draw everything
    that this test has handed over, so show only a test whose data is not secret.
    """
    if isinstance(found, Handle):
        try:
            data = student.axes(found)
            if show:
                student.show(found)
            return data
        except StudentError:
            pass
    several = isinstance(found, Handle) and found.type_name == "ndarray"
    odd = "a whole array of them" if several else kind_of(found)
    raise Hint(_named(what, f"the Axes that you draw in were expected, and {odd} came back. Return `ax`."))


def answer(student: Student, name: str) -> Any:
    """The value of the global `name`. Raises Hint if it is None or still `...`."""
    found = student.value(name)
    if found is None or (isinstance(found, Handle) and found.type_name == "ellipsis"):
        raise Hint(f"{name}: nothing is written here yet.")
    return found


def letter(student: Student, name: str, right: str, asks: Mapping[str, str], letters: str = "abcd") -> None:
    """Check that the choice `name` is the letter `right`. `asks` maps wrong letters to questions for the student."""
    found = answer(student, name)
    chosen = found.strip().lower() if isinstance(found, str) else ""
    if chosen not in list(letters):
        raise Hint(f"{name}: expected one letter, {', '.join(letters[:-1])} or {letters[-1]}, between quotes.")
    if chosen != right:
        raise Recognised(_named(name, asks.get(chosen, "read the section above once more, and look at its picture.")))


def letters(
    student: Student, name: str, right: str, asks: Mapping[str, str] | None = None, choices: str = "abcd"
) -> None:
    """Check that the choice `name` is exactly the letters in `right`, in any order and with anything between them.

    `asks` maps a letter, wrongly chosen or wrongly left out, to a question for the student.
    """
    found = answer(student, name)
    chosen = set(re.split(r"[\s,;+&]*", found.strip().lower())) - {""} if isinstance(found, str) else {"?"}
    if not chosen <= set(choices):
        raise Hint(f"{name}: write the letters of all right answers, out of {', '.join(choices)}, between quotes.")
    odd = sorted(chosen ^ set(right))
    if odd:
        asked = next((asks[letter] for letter in odd if asks and letter in asks), "")
        raise Hint(_named(name, asked or "not all of these, and only these, are right: look at each once more."))


def kind_of(found: Any) -> str:
    """What a value is, in words for the student, with advice for the usual problems."""
    if found is None:
        return "None (is there still a `...`, or is a `return` missing?)"
    if isinstance(found, np.ndarray):
        return f"an array of shape {_shape(found.shape)}"
    name = found.type_name if isinstance(found, Handle) else type(found).__name__
    article = "an" if name[:1].lower() in "aeiou" and name != "Axes" else "" if name == "Axes" else "a"
    return _KINDS.get(name, f"{article} {name}".strip())


_KINDS = {
    "generator": "a generator (make a list of it: `list(...)`, or square brackets instead of round ones)",
    "map": "a map (make a list of it: `list(...)`)",
    "zip": "a zip (make a list of it: `list(...)`)",
    "filter": "a filter (make a list of it: `list(...)`)",
    "set": "a set (it has no order; make a list instead)",
    "dict_keys": "the keys of a dict (make a list of them: `list(...)`)",
    "dict_values": "the values of a dict (make a list of them: `list(...)`)",
    "ndarray": "an array of Python objects (dtype object; build it from plain numbers, with dtype float)",
    "ellipsis": "`...` (nothing is written there yet)",
    "function": "a function (is it called, with parentheses?)",
    "method": "a method (is it called, with parentheses?)",
    "type": "a class (is it called, with parentheses?)",
}
_DTYPES = {
    "b": "True and False",
    "c": "complex numbers",
    "U": "texts",
    "S": "bytes",
    "O": "something other than numbers",
}


def _named(what: str, says: str) -> str:
    """The message, prefixed with `what` unless it already begins with it."""
    return f"{what}: {says.removeprefix(f'{what}: ')}" if what else says[0].upper() + says[1:]


def _shape(shape: Sequence[int]) -> str:
    # The student chooses the sizes, in a process that knows the test's inputs: they must not carry these into a hint.
    sizes = [*map(_size, shape[:MOST_SIZES]), *["…"] * (len(shape) > MOST_SIZES)]
    return "(" + ", ".join(sizes) + ("," if len(sizes) == 1 else "") + ")"


def _size(size: int) -> str:
    return str(size) if size <= LARGEST_SIZE else "…"


_WITHOUT_A_VALUE = {
    NO_VALUE: "which has no value. Is something divided by 0 there, or is it the root or the logarithm of a negative "
    "number?",
    NOTHING_COMPUTED: "and no value of it can be computed. Does it hold 0/0, or huge numbers that cancel? Write it "
    "without them.",
}


def symbolic(
    student: Student,
    name: str,
    expected: str,
    variables: Sequence[str],
    *,
    functions: Iterable[str] = (),
    domain: Domain | None = None,
    form: str | None = None,
    question: str | None = None,
    variable: str | Sequence[str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> None:
    """Check that the typed answer `name` equals `expected` and has the `form`.

    The answer may contain a derivative only if `expected` does. `wrong` maps known wrong answers to questions for the
    student. If the exercise is to differentiate `question` with respect to `variable`, a wrong answer is diagnosed.
    Raises Hint, Undecided, and whatever `student.value` raises.
    """
    functions = tuple(functions)
    answer = _read(name, student.value(name), variables, functions)
    right = parse(expected, variables, functions)
    verdict = equivalent(answer, right, variables, domain, seed=name)
    if verdict.decision is Decision.UNDECIDED:
        raise Undecided(f"{name} = {answer.text!r}: {verdict.rule}")
    if verdict.decision is Decision.REFUTED:
        for known, ask in (wrong or {}).items():
            if equivalent(answer, parse(known, variables, functions), variables, domain).decision is Decision.PROVED:
                shown = _shown(name, answer, right, question, domain)
                raise Recognised(_begun(ask.removeprefix(f"{name}: "), variables) if shown else ask, shown)
        if verdict.rule in _WITHOUT_A_VALUE:
            raise Hint(f"{name}: your answer reads as {answer}, {_WITHOUT_A_VALUE[verdict.rule]}")
        raise _why(name, answer, right, question, variable or variables[:1], functions, domain)
    # An answer that leaves the differentiation to us does not count, unless the right one contains a derivative.
    for wanted in (form, "no derivative" if in_form(right, "no derivative") else None):
        if wanted is not None and not (shape := in_form(answer, wanted)):
            raise Recognised(f"{name}: the value is right. {shape.says}")


def _begun(sentence: str, variables: Sequence[str]) -> str:
    """`sentence` with a capital, unless it begins with a letter or a function of the formula."""
    word = sentence.partition(" ")[0]
    as_is = len(word) == 1 or word in variables or word in FUNCTIONS
    return sentence if as_is else sentence[:1].upper() + sentence[1:]


def _read(name: str, text: object, variables: Sequence[str], functions: tuple[str, ...]) -> Answer:
    empty = text is None or text is ... or (isinstance(text, str) and not text.strip())
    if empty or getattr(text, "type_name", "") == "ellipsis":
        raise Hint(f"{name}: nothing is answered yet.")
    if not isinstance(text, str):
        raise Hint(f"{name}: type the answer as a text between quotes.")
    try:
        return parse(text, variables, functions)
    except AnswerError as error:
        raise Hint(f"{name} cannot be read. {error}") from None


def _why(
    name: str,
    answer: Answer,
    right: Answer,
    question: str | None,
    variable: str | Sequence[str],
    functions: tuple[str, ...],
    domain: Domain | None,
) -> Hint:
    shown = _shown(name, answer, right, question, domain)
    if is_rounded(name, answer, right, domain):
        return Hint(f"{name}: you typed {answer}. Decimals are taken exactly: which fraction or constant is meant?")
    by = variable if isinstance(variable, str) or len(variable) != 1 else variable[0]
    if question is not None:
        causes = diagnose(parse(question, answer.variables, functions), answer, by, domain=domain)
        if causes:
            return Recognised(causes[0].says, shown)
    if changed := one_change(answer, right, domain):
        return Hint(f"{shown} {changed}")  # not Recognised: formulas with one change each are not one mistake
    ask = "Put these numbers into your own calculation: where does it differ?" if " it gives " in shown else ""
    return Hint(f"{shown} {ask or 'That is not equal to the right answer.'}")


def _shown(name: str, answer: Answer, right: Answer, question: str | None, domain: Domain | None) -> str:
    """How the answer was read and, if it can be shown, its value and the right value at one point."""
    return f"{name}: you typed {answer}. {at_a_point(name, answer, right, domain, question is not None)}".rstrip()


def refused(student: Student, source: str, **given: object) -> bool:
    """Whether evaluating `source` in the submission raises a ValueError."""
    try:
        student.eval(source, **given)
    except StudentError as error:
        return error.kind == "ValueError"
    return False


def unchanged(student: Student, call: str, **given: object) -> Any:
    """What `call` gives. Raises Hint if an array that it was given has other values afterwards."""
    names = ", ".join(given)
    got, *after = listed(student.eval(f"(lambda {names}: [{call}, {names}])({names})", **given), 1 + len(given))
    for (name, before), value in zip(given.items(), after, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(value, before):
            raise Hint(f"`{name}` is changed by your function. Work on a copy, or on new arrays.")
    return got
