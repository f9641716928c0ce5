"""Symbolic answers: are they equal, are they in the required form, and if wrong, which misconception caused it?

    >>> from grader.symbolic import diagnose, equivalent, in_form, parse
    >>> wrong = parse("cos(x^2)", ["x"])
    >>> equivalent(wrong, parse("2x cos(x^2)", ["x"]), ["x"]).decision.value
    'refuted'
    >>> diagnose("sin(x^2)", wrong, "x")[0].label
    'chain-no-inner'

The parser is the one that students use, `kit.symbolic.parse`.
"""

from kit.symbolic import Answer, AnswerError, parse

from grader.symbolic.diagnose import Misconception, diagnose, told_apart
from grader.symbolic.equivalent import NO_VALUE, NOTHING_COMPUTED, Decision, Verdict, equivalent
from grader.symbolic.forms import Form, in_form
from grader.symbolic.one_change import one_change

__all__ = [
    "NOTHING_COMPUTED",
    "NO_VALUE",
    "Answer",
    "AnswerError",
    "Decision",
    "Form",
    "Misconception",
    "Verdict",
    "diagnose",
    "equivalent",
    "in_form",
    "one_change",
    "parse",
    "told_apart",
]
