"""What hidden tests say: messages meant for the student, and symbolic answers in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit.symbolic import AnswerError, parse, to_text

from grader.symbolic import Answer, Decision, diagnose, equivalent, in_form

if TYPE_CHECKING:
    from grader.student import Student
    from grader.symbolic.equivalent import Domain


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
    functions: Iterable[str] = (),
    domain: Domain | None = None,
    form: str | None = None,
    question: str | None = None,
    variable: str | Sequence[str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> None:
    """The typed answer `name` must equal `expected`, and then have the `form`.

    `wrong` maps known wrong answers to what to ask the student. Where the derivative of `question` by `variable` is
    asked for, a wrong answer is diagnosed. Raises Hint, Undecided, and what `student.value` raises.
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
                raise Hint(ask)
        raise Hint(_why(name, answer, right, question, variable or variables[:1], functions, domain))
    if form is not None and not (shape := in_form(answer, form)):
        raise Hint(f"{name}: the value is right. {shape.says}")


def _read(name: str, text: Any, variables: Sequence[str], functions: tuple[str, ...]) -> Answer:
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
) -> str:
    by = variable if isinstance(variable, str) or len(variable) != 1 else variable[0]
    if question is not None:
        causes = diagnose(parse(question, answer.variables, functions), answer, by, domain=domain)
        if causes:
            return f"{name}: {causes[0].says}"
    opposite = Answer("", ("neg", right.tree), right.variables)
    if right.tree[0] != "list" and equivalent(answer, opposite, (), domain).decision is Decision.PROVED:
        return f"{name}: your answer reads as {to_text(answer.tree)}. Check the sign of the whole answer."
    return f"{name}: your answer reads as {to_text(answer.tree)}, which is not equal to what was asked for."
