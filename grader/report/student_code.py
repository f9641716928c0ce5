"""A student's code for a page: numbered lines, coloured and escaped by us, with the lines that matter marked."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from html import escape

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from grader.report.words import clean
from grader.results import Outcome, TaskResult, line_and_number

LONGEST = 240  # characters of a line that are shown
_NOT_THERE = re.compile(r"There is no `(\w+)` in the notebook yet\.")  # as `grader.testing` says it
_AROUND, _HEAD = 6, 60  # lines shown around a mark, and at the start of a long cell
_TOKEN = re.compile(
    r"(?P<comment>#.*)|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|(?P<word>\b(?:and|as|assert|break|class|continue|def|"
    r"del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|"
    r"True|try|while|with|yield)\b)"
)


class Line(msgspec.Struct, frozen=True):
    """One line; `number` is 0 for a gap, whose `html` says how many lines were left out."""

    number: int
    html: Markup
    mark: str = ""  # why it is marked


def lines(source: str, marks: Mapping[int, str]) -> list[Line]:
    """The lines of a cell with `marks` (by line number). Of a long cell, only the start and what is near a mark."""
    texts = source.rstrip().split("\n")
    if len(texts) <= _HEAD:
        kept = range(1, len(texts) + 1)
        return [Line(number, _coloured(texts[number - 1]), marks.get(number, "")) for number in kept]
    near = {number for mark in marks for number in range(mark - _AROUND, mark + _AROUND + 1)}
    kept_numbers = sorted(near | set(range(1, (_HEAD // 2 if marks else _HEAD) + 1)))
    return list(_with_gaps([number for number in kept_numbers if 1 <= number <= len(texts)], texts, marks))


def _with_gaps(kept: list[int], texts: list[str], marks: Mapping[int, str]) -> Iterator[Line]:
    before = 0
    for number in [*kept, len(texts) + 1]:
        left_out = number - before - 1
        if left_out:
            yield Line(0, Markup("… {} more line{}").format(left_out, "s" if left_out > 1 else ""))
        if number <= len(texts):
            yield Line(number, _coloured(texts[number - 1]), marks.get(number, ""))
        before = number


def find_line(source: str, wanted: str) -> int:
    """The number (from 1) of the line that a report quotes as `wanted`, whatever its indentation; 0 if there is none.

    Of several that read the same, the one with the quoted number.
    """
    text, number = line_and_number(wanted.strip())
    places = _numbers(source).get(text.strip(), (0,))
    return number if number in places else places[0]


@functools.lru_cache(maxsize=16)  # a cell is asked once for each check
def _numbers(source: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(source.split("\n"), 1):
        if line.strip():
            found[line.strip()] = (*found.get(line.strip(), ()), number)
    return found


def with_cells_left_out(result: TaskResult, answer: str) -> TaskResult:
    """The result; if a missing name is in a cell that did not run, its message says that the name is there."""
    tests = []
    for test in result.tests:
        found = _NOT_THERE.match(test.hint) if test.outcome is Outcome.MISSING else None
        if found and re.search(rf"^((async )?def|class) +{found[1]}\b|^{found[1]} *[:=]", answer, re.MULTILINE):
            hint = f"`{found[1]}` is in your answer, but its cell stopped before that: see the note at the top."
            tests.append(replace(test, hint=hint))
        else:
            tests.append(test)
    return replace(result, tests=tuple(tests))


@functools.lru_cache(maxsize=8192)  # a class shares most of its lines
def _coloured(line: str) -> Markup:
    text = clean(line[:LONGEST]) + "…" * (len(line) > LONGEST)
    parts, end = [], 0
    for token in _TOKEN.finditer(text):
        parts.append(escape(text[end : token.start()]))
        parts.append(f'<span class="c-{token.lastgroup}">{escape(token[0])}</span>')
        end = token.end()
    parts.append(escape(text[end:]))
    return Markup("".join(parts))  # noqa: S704 - each part is escaped
