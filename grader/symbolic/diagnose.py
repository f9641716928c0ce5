"""Which misconception leads to this answer? Break one rule at a time and compare.

The question is differentiated with one named rule broken, at one place or everywhere (`derivative.broken`); rules for
whole answers, vectors and losses are added. Results that equal the right answer are dropped; the rest are compared with
the student's answer by the same equality test that is used for grading. If none matches, the cause is unknown.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

import flint
import msgspec
from kit.symbolic import Answer, FunctionCall, Tree, Var, Vector, names, parse, to_text, walk

from grader.symbolic.algebra import ONE, TWO, ZERO, add, div, mul, neg, sub
from grader.symbolic.balls import Program, TooLarge, Unclear, Undefined
from grader.symbolic.derivative import BrokenRule, broken, derivative, resolved
from grader.symbolic.equivalent import Decision, Domain, same, sample_points
from grader.symbolic.labels import LABELS
from grader.symbolic.rules import has_squared_error

_GROUPS: tuple[str, ...] = ("network", "vector", "product", "quotient", "exponential", "logarithm", "trigonometric")
_GROUPS += ("power", "chain", "variables", "linearity", "whole answer")  # the most specific first
_ORDER = {label: (_GROUPS.index(known.group), number) for number, (label, known) in enumerate(LABELS.items())}
_ORDER["wrong-variable"] = (len(_GROUPS), 0)  # the slope in m of (x - m)^2 is a sign slip as well
_MOST_UNDONE = 80  # largest answer, in nodes, to check as an antiderivative; nobody types a longer one
_LOOKS = 3  # points at which a candidate is compared before a full verdict


class Misconception(msgspec.Struct, frozen=True):
    """One explanation: its name, its group, and what to ask the student."""

    label: str
    group: str
    says: str


def diagnose(
    question: Answer | str,
    answer: Answer | str,
    variable: str | Sequence[str],
    *,
    variables: Sequence[str] = (),
    domain: Domain | None = None,
) -> list[Misconception]:
    """The misconceptions that turn the derivative of `question` into `answer`, most specific first; [] if right.

    >>> [found.label for found in diagnose("x^2*sin(x)", "2x*cos(x)", "x")]
    ['product-of-derivatives']
    >>> print(diagnose("sin(x^2)", "cos(x^2)", "x")[0].says)
    It looks as if you differentiated the outside and left out the inside: what is the derivative of x^2 ?

    With a sequence of variables, the right answer is the gradient, or the Jacobian if `question` is a list.
    """
    by = (variable,) if isinstance(variable, str) else tuple(variable)
    known = tuple(dict.fromkeys((*by, *variables)))
    asked = parse(question, known) if isinstance(question, str) else question
    given = parse(answer, tuple(dict.fromkeys((*known, *asked.variables)))) if isinstance(answer, str) else answer
    return _causes(asked.tree, given.tree, variable if isinstance(variable, str) else by, domain)


def _causes(question: Tree, given: Tree, variable: str | tuple[str, ...], domain: Domain | None) -> list[Misconception]:
    right, candidates = _candidates(question, variable)
    if same(given, right, domain).decision is Decision.PROVED:
        return []
    by = (variable,) if isinstance(variable, str) else variable
    found: dict[str, Misconception] = {}
    looks = Looks(given, domain or {})
    for candidate in (*candidates, *_undone(question, given, variable)):
        if candidate.label in found or not looks.like(candidate.tree):
            continue
        if same(given, candidate.tree, domain).decision is not Decision.PROVED:
            continue
        if same(right, candidate.tree, domain).decision is not Decision.REFUTED:
            continue
        found[candidate.label] = misconception(candidate.label, {"x": Var(by[0]), **candidate.parts})
    causes = sorted(found.values(), key=lambda cause: _ORDER[cause.label])
    return causes or _entry_by_entry(question, given, variable, domain)


def _entry_by_entry(
    question: Tree, given: Tree, variable: str | tuple[str, ...], domain: Domain | None
) -> list[Misconception]:
    """The causes for the first wrong entry of a vector, if every wrong entry has a cause."""
    if not isinstance(given, Vector):
        return []
    if isinstance(question, Vector):
        parts: list[tuple[Tree, str | tuple[str, ...]]] = [(part, variable) for part in question.entries]
        what = "Row" if not isinstance(variable, str) else "Entry"
    elif isinstance(variable, str):
        return []
    else:
        parts, what = [(question, x) for x in variable], "Entry"
    if len(parts) != len(given.entries):
        return []
    first: list[Misconception] = []
    for number, ((part, by), entry) in enumerate(zip(parts, given.entries, strict=True), start=1):
        if same(entry, _candidates(part, by)[0], domain).decision is Decision.PROVED:
            continue
        causes = _causes(part, entry, by, domain)
        if not causes:
            return []
        first = first or [msgspec.structs.replace(cause, says=f"{what} {number}: {cause.says}") for cause in causes]
    return first


def misconception(label: str, parts: Mapping[str, Tree]) -> Misconception:
    """The misconception, with its sentence filled in with these parts of the question."""
    texts = _Parts({name: to_text(part) for name, part in parts.items()})
    return Misconception(label, LABELS[label].group, LABELS[label].says.format_map(texts))


def told_apart(question: Answer | str, variable: str | Sequence[str], variables: Sequence[str] = ()) -> list[list[str]]:
    """For authors: the misconceptions that this question reveals; those in one list give the same wrong answer.

    >>> for labels in told_apart("sin(x)", "x"):
    ...     print(*labels)
    sign-sin negated
    function-is-its-own-slope not-differentiated
    chain-inner-factor-wrong derivative-of-variable-is-itself
    differentiated-twice
    """
    by = (variable,) if isinstance(variable, str) else tuple(variable)
    asked = parse(question, (*by, *variables)) if isinstance(question, str) else question
    right, candidates = _candidates(asked.tree, variable if isinstance(variable, str) else by)
    groups: list[tuple[Tree, set[str]]] = []
    for candidate in candidates:
        if same(right, candidate.tree).decision is not Decision.REFUTED:
            continue
        for tree, labels in groups:
            if same(tree, candidate.tree).decision is Decision.PROVED:
                labels.add(candidate.label)
                break
        else:
            groups.append((candidate.tree, {candidate.label}))
    told = {tuple(sorted(labels, key=lambda label: _ORDER[label])) for _, labels in groups}
    return [list(labels) for labels in sorted(told, key=lambda labels: _ORDER[labels[0]])]


class _Parts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "it"


class Looks:
    """A quick check before a full verdict: do the values at a few points overlap?"""

    def __init__(self, tree: Tree, domain: Domain) -> None:
        self.tree, self.domain = tree, domain

    def like(self, candidate: Tree) -> bool:
        if isinstance(self.tree, Vector) or isinstance(candidate, Vector):
            return True
        program = Program(*(resolved(tree) for tree in (self.tree, candidate)))
        before, flint.ctx.prec = flint.ctx.prec, 64
        try:
            for _, point in zip(range(_LOOKS), sample_points(program.variables, self.domain, 1), strict=False):
                try:
                    a, b = program.at(point)
                except (Undefined, Unclear, TooLarge):
                    continue
                if a.is_finite() and b.is_finite() and not a.overlaps(b):
                    return False
        finally:
            flint.ctx.prec = before
        return True


# -------------------------------------------------------------------------------------------------------- candidates


@functools.lru_cache(maxsize=256)
def _candidates(question: Tree, variable: str | tuple[str, ...]) -> tuple[Tree, tuple[BrokenRule, ...]]:
    """The right answer, and every wrong answer that one broken rule produces."""
    if not isinstance(variable, str):
        return _of_vector(question, variable)
    right = derivative(question, variable)
    if isinstance(question, Vector):
        return right, tuple(_everywhere(question, (variable,), whole=False))
    found = [*broken(question, variable), *_network(question, right, variable), *_whole(question, right, variable)]
    return right, tuple(found)


def _whole(question: Tree, right: Tree, x: str) -> Iterator[BrokenRule]:
    yield BrokenRule("negated", neg(right), {})
    yield BrokenRule("not-differentiated", question, {})
    yield BrokenRule("differentiated-twice", derivative(right, x), {})
    for other in sorted(names(question) - {x}):
        yield BrokenRule("wrong-variable", derivative(question, other), {})


def _network(question: Tree, right: Tree, x: str) -> Iterator[BrokenRule]:
    if has_squared_error(question):
        yield BrokenRule("mse-factor-two", mul(TWO, right), {})
        yield BrokenRule("mse-factor-two", div(right, TWO), {})
    if _has_log_of(question, x):
        for other in sorted(names(question) - {x}):
            yield BrokenRule("cross-entropy-combined-formula", sub(Var(x), Var(other)), {})
        yield BrokenRule("cross-entropy-combined-formula", sub(Var(x), ONE), {})


def _has_log_of(tree: Tree, x: str) -> bool:
    return FunctionCall("ln", (Var(x),)) in walk(tree)


def _undone(question: Tree, answer: Tree, variable: str | Sequence[str]) -> Iterator[BrokenRule]:
    """Recognise an antiderivative by differentiating the answer."""
    if not isinstance(variable, str) or isinstance(question, Vector) or isinstance(answer, Vector):
        return
    if sum(1 for _ in walk(answer)) > _MOST_UNDONE:
        return
    back = derivative(answer, variable)
    if same(back, question).decision is Decision.PROVED:
        yield BrokenRule("integrated", answer, {})


def _of_vector(question: Tree, by: tuple[str, ...]) -> tuple[Tree, tuple[BrokenRule, ...]]:
    if isinstance(question, Vector):
        rows = [[derivative(part, x) for x in by] for part in question.entries]
        return _matrix(rows), (*_jacobian(rows), *_everywhere(question, by, whole=True))
    slopes = [derivative(question, x) for x in by]
    return Vector(tuple(slopes)), (*_gradient(slopes), *_everywhere(question, by, whole=True))


def _gradient(slopes: list[Tree]) -> Iterator[BrokenRule]:
    for order in list(permutations(slopes))[1:24] if len(slopes) <= 4 else [tuple(reversed(slopes))]:
        yield BrokenRule("gradient-order", Vector(order), {})
    for slope in slopes:
        yield BrokenRule("gradient-same-component", Vector((slope,) * len(slopes)), {})
    yield BrokenRule("gradient-summed", functools.reduce(add, slopes), {})
    yield BrokenRule("negated", Vector(tuple(map(neg, slopes))), {})


def _jacobian(rows: list[list[Tree]]) -> Iterator[BrokenRule]:
    yield BrokenRule("transposed-jacobian", _matrix(list(zip(*rows, strict=True))), {})
    diagonal = [[part if i == j else ZERO for j, part in enumerate(row)] for i, row in enumerate(rows)]
    yield BrokenRule("jacobian-diagonal-only", _matrix(diagonal), {})
    for order in list(permutations(range(len(rows[0]))))[1:24] if len(rows[0]) <= 4 else []:
        yield BrokenRule("jacobian-column-order", _matrix([[row[i] for i in order] for row in rows]), {})
    for swapped in list(permutations(rows))[1:24] if len(rows) <= 4 else []:
        yield BrokenRule("jacobian-row-order", _matrix(swapped), {})
    yield BrokenRule("negated", _matrix([[neg(part) for part in row] for row in rows]), {})


def _matrix(rows: Sequence[Sequence[Tree]]) -> Tree:
    return Vector(tuple(Vector(tuple(row)) for row in rows))


def _everywhere(question: Tree, by: tuple[str, ...], *, whole: bool) -> Iterator[BrokenRule]:
    """The same rule broken in every entry."""
    parts = question.entries if isinstance(question, Vector) else (question,)
    slips = [[_by_label(part, x) for x in by] for part in parts]
    labels = {label: slip.parts for row in slips for entry in row for label, slip in entry.items()}
    for label, places in labels.items():
        rows = [
            [slips[i][j][label].tree if label in slips[i][j] else derivative(part, x) for j, x in enumerate(by)]
            for i, part in enumerate(parts)
        ]
        entries = tuple(Vector(tuple(row)) if whole else row[0] for row in rows)
        yield BrokenRule(label, Vector(entries) if isinstance(question, Vector) else entries[0], places)


def _by_label(tree: Tree, x: str) -> dict[str, BrokenRule]:
    found: dict[str, BrokenRule] = {}
    for slip in broken(tree, x, everywhere=True):
        found.setdefault(slip.label, slip)
    return found


def _main() -> None:
    """`python -m grader.symbolic.diagnose "sin(x^2)" x` prints which misconceptions a question can tell apart."""
    import sys

    question, *by = sys.argv[1:]
    asked = parse(question, by)
    print(to_text(asked.tree))
    for labels in told_apart(asked, by[0]):
        print("  " + " = ".join(labels))


if __name__ == "__main__":
    _main()
