"""What hidden tests say: messages meant for the student, and symbolic answers in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.symbolic import FUNCTIONS, AnswerError, parse

from grader.student import Student
from grader.symbolic import Decision, equivalent


class Hint(AssertionError):
    """A failed check whose message the student may read: a question, never a hidden input or the answer."""


class Undecided(Exception):
    """The machine cannot decide; a person will."""


def symbolic(
    student: Student,
    name: str,
    expected: str,
    variables: Sequence[str],
    *,
    functions: Sequence[str] = FUNCTIONS,
    domain: Mapping[str, tuple[float, float]] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> None:
    """The typed answer `name` must equal `expected`. `wrong` maps known wrong answers to what to ask the student.

    Raises Hint, Undecided, and what `student.value` raises.
    """
    text = student.value(name)
    if text is None or (isinstance(text, str) and not text.strip()):
        raise Hint(f"{name}: nothing is written here yet.")
    if not isinstance(text, str):
        raise Hint(f"{name}: type the answer as a text between quotes.")
    try:
        answer = parse(text, variables, functions)
    except AnswerError as error:
        raise Hint(f"{name} cannot be read. {error}") from None
    verdict = equivalent(answer, parse(expected, variables, functions), variables, domain)
    if verdict.decision is Decision.UNDECIDED:
        raise Undecided(f"{name} = {text!r}: {verdict.rule}")
    if verdict.decision is Decision.DIFFERENT:
        for known, question in (wrong or {}).items():
            if equivalent(answer, parse(known, variables, functions), variables, domain).decision is Decision.EQUAL:
                raise Hint(question)
        raise Hint(f"{name}: your answer can be read, but it is not equal to what was asked for.")
