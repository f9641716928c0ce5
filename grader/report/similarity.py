"""Pairs of students whose answers to a task share what few others wrote: for a talk, not for a verdict.

Theory of operation, as in MOSS (Schleimer, Wilkerson and Aiken, "Winnowing", 2003). An answer becomes tokens; comments
and layout go, and every name becomes the same token, so renaming hides nothing. A *fingerprint* is the checksum of some
tokens in a row; of each window of neighbouring ones the least is kept. What the released text or the reference also has
does not count, nor what more than a few students have: right answers to a small task look alike. Nothing leaves this
machine, and the cost grows with the class, not with the number of pairs in it.
"""

from __future__ import annotations

import itertools
import keyword
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

_ROW, _WINDOW = 10, 4  # tokens of a fingerprint, fingerprints of a window: 13 tokens in common are always found
_FEWEST, _LEAST = 5, 0.6  # fingerprints in common, and their share of the shorter answer's
_LONGEST = 20_000  # characters of an answer that are looked at
_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")|(?P<name>[^\W\d]\w*)|\d[\w.]*|[^\s\w]"
)


class Side(msgspec.Struct, frozen=True):
    """One of two answers: its lines, each with whether the other has it too."""

    student: str
    lines: tuple[tuple[str, bool], ...]


class AlikePair(msgspec.Struct, frozen=True):
    """Two students; `tasks` are those in which they are alike, the most alike first; `shown` are the answers to it."""

    tasks: tuple[str, ...]
    share: float  # of the shorter answer's fingerprints, in the first task
    shown: tuple[Side, Side]


Prints = dict[int, range]  # the lines of each fingerprint
Answers = Mapping[tuple[str, str], str]  # by (student, task)


def similar(answers: Answers, given: Mapping[str, str], *, most: int = 30) -> list[AlikePair]:
    """The pairs that share most, at most `most`.

    `given`, by task, is text that does not count: the released cell, the reference.
    """
    known = {task: set(_fingerprints(text)) for task, text in given.items()}
    prints = {
        (student, task): {mark: at for mark, at in _fingerprints(source).items() if mark not in known.get(task, ())}
        for (student, task), source in sorted(answers.items())
    }
    shared = _shared(prints)
    alike = _alike(prints, shared)
    ranked = sorted(alike.items(), key=lambda item: (-len(item[1]), -max(item[1])[0], item[0]))
    pairs = []
    for names, tasks in ranked[:most]:
        (share, task), *others = sorted(tasks, key=lambda item: (-item[0], item[1]))
        both = shared[*names, task]
        left, right = (
            _side(student, answers[student, task], [prints[student, task][mark] for mark in both]) for student in names
        )
        pairs.append(AlikePair((task, *(other for _, other in others)), share, (left, right)))
    return pairs


def _shared(prints: Mapping[tuple[str, str], Prints]) -> dict[tuple[str, str, str], set[int]]:
    """The fingerprints that two students share in a task, of those that few have."""
    owners: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (student, task), found in prints.items():
        for mark in found:
            owners[task, mark].append(student)
    few = max(3, len({student for student, _ in prints}) // 100)
    shared: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for (task, mark), students in owners.items():
        if len(students) <= few:
            for first, second in itertools.combinations(students, 2):
                shared[first, second, task].add(mark)
    return shared


def _alike(
    prints: Mapping[tuple[str, str], Prints], shared: Mapping[tuple[str, str, str], set[int]]
) -> dict[tuple[str, str], list[tuple[float, str]]]:
    """The tasks in which two students share enough, each with the share of the shorter answer."""
    alike: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for (first, second, task), both in shared.items():
        share = len(both) / min(len(prints[first, task]), len(prints[second, task]))
        if len(both) >= _FEWEST and share >= _LEAST:
            alike[first, second].append((share, task))
    return alike


def _fingerprints(source: str) -> Prints:
    """Each fingerprint that winnowing keeps, with the numbers (from 0) of its lines."""
    tokens = list(_tokens(source[:_LONGEST]))
    rows = [tokens[start : start + _ROW] for start in range(len(tokens) - _ROW + 1)]
    marks = [
        (zlib.crc32(" ".join(text for text, _ in row).encode("utf-8", "replace")), row[0][1], row[-1][1])
        for row in rows
    ]
    kept: Prints = {}
    for start in range(max(1, len(marks) - _WINDOW + 1)):
        for mark, first, last in sorted(marks[start : start + _WINDOW])[:1]:
            kept.setdefault(mark, range(first, last + 1))
    return kept


def _tokens(source: str) -> Iterable[tuple[str, int]]:
    """Each token with the number of its line; names and strings are all the same."""
    for number, line in enumerate(source.split("\n")):
        for found in _TOKEN.finditer(line):
            if found.lastgroup == "name" and not keyword.iskeyword(found[0]):
                yield "name", number
            elif found.lastgroup != "comment":
                yield "text" if found.lastgroup == "text" else found[0], number


def _side(student: str, source: str, ranges: Iterable[range]) -> Side:
    marked = {number for lines in ranges for number in lines}
    lines = source.rstrip().split("\n")[:60]
    return Side(student, tuple((line[:200], number in marked) for number, line in enumerate(lines)))
