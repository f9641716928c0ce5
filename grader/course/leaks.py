"""Search released files for text from the secret ones."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.course import notebooks
from grader.course.manifest import Course, Unit
from grader.files import read_text

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TOKENS = 12  # a run of this many tokens shared with a secret is a leak
ANSWER_TOKENS = 30  # answers share shorter runs with given code (a call of plt.subplots)


class Leak(msgspec.Struct, frozen=True):
    """A piece of a secret file found in released material."""

    file: str
    secret: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: holds text of {self.secret}: {self.text!r}"


# ------------------------------------------------------------------------------------------------------ leaks


def answers_given_away(course: Course, unit: Unit, answers: list[str]) -> list[str]:
    """Places in exercises/ that contain a piece of an answer: released notebooks are made only from exercises/.

    Unlike in `find_leaks`, text in exercises/ is not exempt. One line of a longer answer may well be a given line, so a
    leak is a whole answer above a minimum length, or a run of its tokens.
    """
    wholes = {" ".join(answer.split()): answer for answer in answers if len(_tokens(answer)) >= 6}
    runs = {run: answer for answer in answers for run in _runs(_tokens(answer), ANSWER_TOKENS)}
    found = []
    folders = [unit.exercises_dir, course.kit_dir]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8", errors="replace")
        pieces = [cell.source for cell in notebooks.read_percent(text)] or [text]
        for piece in pieces:
            hit = next((answer for flat, answer in wholes.items() if flat in " ".join(piece.split())), None)
            hit = hit or next((runs[run] for run in _runs(_tokens(piece), ANSWER_TOKENS) if run in runs), None)
            if hit:
                found.append(f"{path}: gives away the answer {' '.join(hit.split())[:60]!r}")
    return found


def find_leaks(course: Course, unit_id: str, folder: Path) -> list[Leak]:
    """Search everything in `folder` for lines and token sequences of the unit's secrets.

    Text that also appears in exercises/ is not secret. Reformatting does not hide a leak, nor does a comment or a
    string around it. A file with the name of a secret file, or with solution markers in it, is always a leak.
    """
    unit = course.unit(unit_id)
    public = public_text(course)
    lines: dict[str, str] = {}
    runs: dict[tuple[str, ...], str] = {}
    for path in sorted(unit.solutions_dir.rglob("*.py")):
        text = read_text(path)
        for line in _lines(text) - public.lines:
            lines.setdefault(line, path.name)
        for run in _runs(_tokens(text)):
            if run not in public.runs:
                runs.setdefault(run, path.name)
    leaks: list[Leak] = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or _is_compiled(path):
            continue
        if (unit.solutions_dir / path.name).is_file() and path.suffix == ".py":
            leaks.append(Leak(str(path.relative_to(folder)), path.name, "the name of a secret file"))
        for text in _texts(path):
            shown = str(path.relative_to(folder))
            if BEGIN in text or END in text:
                leaks.append(Leak(shown, "reference.py", "a mark of a solution"))
            if text in public.files:
                continue
            leaks += [Leak(shown, lines[line], line) for line in sorted(_lines(text) & lines.keys())]
            hit = min(_all_runs(text) & runs.keys(), default=None)
            if hit:
                leaks.append(Leak(shown, runs[hit], " ".join(hit)))
    return leaks


class PublicText(msgspec.Struct, frozen=True):
    """What every student has anyway: whole files, their lines, and their token sequences."""

    files: frozenset[str]
    lines: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def public_text(course: Course) -> PublicText:
    """The text of exercises/ and of the kit."""
    public = {path for folder in (course.root / "exercises", course.kit_dir) for path in folder.rglob("*.py")}
    return _lines_and_runs(frozenset(path.read_text(encoding="utf-8", errors="replace") for path in public))


@functools.lru_cache(maxsize=1)  # the same for every unit of a course
def _lines_and_runs(texts: frozenset[str]) -> PublicText:
    lines: set[str] = set()
    runs: set[tuple[str, ...]] = set()
    for text in texts:
        lines |= _lines(text)
        runs |= _all_runs(text)
        for cell in notebooks.read_percent(text):  # Markdown lines start with #
            lines |= _lines(cell.source)
    return PublicText(texts, frozenset(lines), frozenset(runs))


def _is_compiled(path: Path) -> bool:
    """Whether Python compiled this file from a source in the folder, which is searched as well."""
    return path.parent.name == "__pycache__" and (path.parents[1] / f"{path.name.partition('.')[0]}.py").is_file()


def _texts(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return [text]
    try:
        notebook = json.loads(text)
        sources = [notebooks.source_of(cell) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [text]  # not a notebook; search it as text
    return [*sources, *_strings(notebook)]


def _strings(value: object) -> list[str]:
    """Every string in JSON (outputs, metadata, attachments); a list of lines counts as one string."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            return ["".join(value)]
        return [text for item in value for text in _strings(item)]
    return []


def _lines(text: str) -> set[str]:
    """The lines worth comparing: at least 16 characters, 8 of them letters or digits, and not an import."""
    found = set()
    for line in text.splitlines():
        line = " ".join(line.lstrip("#> \t").split())
        if (
            len(line) >= 16
            and sum(map(str.isalnum, line)) >= 8
            and not line.startswith(("import ", "from ", "@", "%%"))
        ):
            found.add(line)
    return found


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    | [A-Za-z]{0,2}(?:\"{3}.*?\"{3} | '{3}.*?'{3} | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    | \w+(?:\.\d+)? | \*\*=? | //=? | [-+*/%<>=!:]= | -> | << | >> | [^\s\\]""",
    re.VERBOSE | re.DOTALL,
)


def _tokens(text: str) -> list[str]:
    """The tokens of Python text without comments and layout. Unlike `tokenize`, it accepts invalid text."""
    return [found[0] for found in _TOKEN.finditer(text) if not found["comment"]]


def _all_runs(text: str) -> set[tuple[str, ...]]:
    """The token runs of a text, both as it is and with comments and long strings opened up."""
    bare = re.sub(r"#|\"{3}|'{3}", " ", text)
    return {*_runs(_tokens(text)), *_runs(_tokens(bare))}


def _runs(tokens: list[str], length: int = TOKENS) -> Iterator[tuple[str, ...]]:
    return (tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1))
