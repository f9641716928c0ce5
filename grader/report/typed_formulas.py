"""The formulas that a student typed: where they are in the code, how they were read, and what we said about them.

A wrong formula's hint says how it was read ("name: you typed 2*a. At a = 3 it gives 6; the right answer gives 8.");
`tests/report` holds this against `grader.testing.expect`. A formula without such a hint is read again, by the kit's
parser, and only if its variables are known or single letters: a longer word could have been read as a product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from kit.symbolic import FUNCTIONS, Answer, AnswerError, parse
from kit.symbolic.words import ALIASES

_HINT = re.compile(
    r"(?P<name>[^\W\d]\w*): you typed (?P<text>.{1,2000}?)\.(?= |\Z)"
    r"(?: At (?P<at>[^;]{1,200}?) it gives (?P<given>\S+); (?P<what>the slope there is|the right answer gives)"
    r" (?P<wanted>\S+?)\.(?= |\Z))?"
)
_NAMED = re.compile(r"(?P<name>[^\W\d]\w*)(?:: you typed | cannot be read\. )")
_ASSIGNED = r"^{name}[ \t]*=[ \t]*(?:\(\s*)?[rR]?(?P<quote>[\"'])(?P<text>[^\"'\\\n]{{1,2000}})(?P=quote)"
_WORD = re.compile(r"[^\W\d]\w*'*")
_KNOWN = {*FUNCTIONS, *ALIASES, "e", "pi", "root", "diff"}


class Typed(msgspec.Struct, frozen=True):
    """One typed formula. If we have said so, it is `given` at the point `at`, where `wanted` is right."""

    name: str
    answer: Answer
    at: dict[str, float] = msgspec.field(default_factory=dict)
    given: float | None = None
    wanted: float | None = None
    is_slope: bool = False  # the question asks for a slope


def named_in(hint: str) -> str:
    """The name of the typed formula that a hint is about, even if it cannot be read; "" if there is none."""
    found = _NAMED.match(hint)
    return found["name"] if found else ""


def in_hint(hint: str) -> Typed | None:
    """The formula that a hint quotes, or None."""
    found = _HINT.match(hint)
    answer = _read(found["text"], whole_words=True) if found else None
    if found is None or answer is None:
        return None
    try:
        pairs = [part.partition("=") for part in (found["at"] or "").split(", ") if part]
        at = {letter.strip(): float(value) for letter, _, value in pairs}
        given, wanted = (float(found[key]) if found[key] else None for key in ("given", "wanted"))
    except ValueError:
        return Typed(found["name"], answer)
    return Typed(found["name"], answer, at, given, wanted, found["what"] == "the slope there is")


def in_code(source: str, names: Iterable[str], letters: Mapping[str, Iterable[str]] | None = None) -> Iterator[Typed]:
    """The formulas that the code assigns to these `names` as texts, each with its last text.

    `letters` are the variables of a formula, by its name, where they are known.
    """
    for name in names:
        found = list(re.finditer(_ASSIGNED.format(name=re.escape(name)), source, re.MULTILINE))
        known = [*letters[name]] if letters and name in letters else None
        answer = _read(found[-1]["text"], whole_words=False, variables=known) if found else None
        if answer is not None:
            yield Typed(name, answer)


def line_of(source: str, name: str) -> int:
    """The line (from 1) on which `name` is assigned or defined last; 0 if there is none."""
    place = re.compile(rf"(?:async +)?(?:def|class) +{re.escape(name)}\b|{re.escape(name)}[ \t]*=(?!=)")
    numbers = [number for number, line in enumerate(source.splitlines(), 1) if place.match(line)]
    return numbers[-1] if numbers else 0


def _read(text: str, *, whole_words: bool, variables: list[str] | None = None) -> Answer | None:
    if variables is not None:
        return _parsed(text, variables, set())
    words = [word for word in dict.fromkeys(_WORD.findall(text)) if word not in _KNOWN]
    called = [word for word in words if re.search(rf"{re.escape(word)}\s*\(", text)]
    if not whole_words and (called or any(len(word) > 1 for word in words)):
        return None
    found = [word for word in words if word not in called]
    return _parsed(text, found[:30], {word.rstrip("'") for word in called})


def _parsed(text: str, variables: list[str], functions: set[str]) -> Answer | None:
    try:
        return parse(text, variables, functions)
    except AnswerError:
        return None
