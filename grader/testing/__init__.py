"""The front door for authors: everything that a hidden test or a mistakes file needs.

    >>> from grader.testing import Hint, array, number

`student` is the fixture of hidden tests (`Student`); `number`, `array`, `listed`, `axes`, `answer`, `letter` and
`symbolic` check an answer and explain what is wrong with it; `mistake` declares a known wrong solution.
"""

from grader.course.notebooks import choices
from grader.symbolic import Answer, AnswerError, Decision, equivalent, in_form, parse
from grader.testing import inputs
from grader.testing.authoring import Mistake, Rewritten, load_module, mistake, rewritten, wrong_function
from grader.testing.drawn import AxesData, ImageData, LineData, TextData, curves, levels, uprights
from grader.testing.expect import (
    Hint,
    Recognised,
    Undecided,
    answer,
    array,
    axes,
    kind_of,
    letter,
    letters,
    listed,
    number,
    refused,
    symbolic,
    unchanged,
)
from grader.testing.inline import inline
from grader.testing.student import Handle, Missing, Student, StudentError

__all__ = [
    "Answer",
    "AnswerError",
    "AxesData",
    "Decision",
    "Handle",
    "Hint",
    "ImageData",
    "LineData",
    "Missing",
    "Mistake",
    "Recognised",
    "Rewritten",
    "Student",
    "StudentError",
    "TextData",
    "Undecided",
    "answer",
    "array",
    "axes",
    "choices",
    "curves",
    "equivalent",
    "in_form",
    "inline",
    "inputs",
    "kind_of",
    "letter",
    "letters",
    "levels",
    "listed",
    "load_module",
    "mistake",
    "number",
    "parse",
    "refused",
    "rewritten",
    "symbolic",
    "unchanged",
    "uprights",
    "wrong_function",
]
