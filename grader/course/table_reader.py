"""Read the keys of TOML tables, and collect every error with its place, what was found and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from grader.errors import did_you_mean

Table = dict[str, Any]  # of course.toml
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # no nbgrader table, file name or terminal takes them
_CONCEPT = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


class TableReader:
    """Reads single keys. Each method returns a usable value even for a wrong one, and adds to `errors`."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.errors: list[str] = []

    def wrong(self, where: str, found: object, expected: str, advice: str = "") -> None:
        said = f"{self.shown}: {where}: expected {expected}, got {_show(found)}"
        self.errors.append(f"{said}. {advice}" if advice else said)

    def known(self, table: Table, where: str, keys: Iterable[str]) -> None:
        keys = list(keys)
        for key in table:
            if key not in keys:
                meant = did_you_mean(key, keys, otherwise=f"Known keys: {', '.join(keys)}", cutoff=0.4)
                place = f"{where}.{key}" if where else key
                self.errors.append(f"{self.shown}: {place}: unknown key. {meant}")

    def table(self, data: Table, key: str, where: str, *, needed: bool = False) -> Table:
        found = data.get(key, {} if not needed else None)
        if isinstance(found, dict):
            return found
        self.wrong(f"{where}{key}", found, "a table" if found is not None else f"a table [{where}{key}]")
        return {}

    def text(self, data: Table, key: str, where: str, default: str | None = None) -> str:
        found = data.get(key, default)
        if isinstance(found, str) and found.strip() and not _CONTROL.search(found):
            return found
        self.wrong(f"{where}.{key}", found, "a text in one line, without control characters")
        return ""

    def ident(self, data: Table, where: str) -> str:
        found = data.get("id")
        if isinstance(found, str) and _ID.match(found):
            return found
        self.wrong(f"{where}.id", found, "an id of lower-case letters, digits and _ (for example 'average_rate')")
        return ""

    def number(self, data: Table, key: str, where: str, default: float | None = None) -> float:
        found = data.get(key, default)
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 < found < float("inf"):
            return float(found)
        self.wrong(f"{where}.{key}", found, "a positive number")
        return 1.0

    def share(self, data: Table, key: str, where: str) -> float:
        found = data.get(key, 0.0)
        if key not in data or (isinstance(found, int | float) and not isinstance(found, bool) and 0 < found <= 1):
            return float(found)
        self.wrong(f"{where}.{key}", found, "a share of the points, above 0 and at most 1 (0.5 for half)")
        return 0.0

    def flag(self, data: Table, key: str, where: str) -> bool:
        found = data.get(key, False)
        if isinstance(found, bool):
            return found
        self.wrong(f"{where}.{key}", found, "true or false")
        return False

    def choice(self, data: Table, key: str, where: str, choices: tuple[str, ...]) -> str:
        found = data.get(key, choices[0])
        if found in choices:
            return str(found)
        self.wrong(f"{where}.{key}", found, " or ".join(map(repr, choices)))
        return choices[0]

    def texts(self, data: Table, key: str, where: str) -> tuple[str, ...]:
        found = data.get(key, [])
        if isinstance(found, list) and all(
            isinstance(item, str) and _CONCEPT.match(item.replace("_", "-")) for item in found
        ):
            return self.each_once(found, key, where)
        self.wrong(f"{where}.{key}", found, "a list of names")
        return ()

    def matching(self, data: Table, key: str, where: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
        found = data.get(key, [])
        if isinstance(found, list) and all(isinstance(item, str) and pattern.match(item) for item in found):
            return self.each_once(found, key, where)
        self.wrong(f"{where}.{key}", found, f"a list of {what}")
        return ()

    def each_once(self, found: list[str], key: str, where: str) -> tuple[str, ...]:
        for item in sorted({item for item in found if found.count(item) > 1}):
            self.wrong(f"{where}.{key}", item, "each name once")
        return tuple(found)

    def tables(self, data: Table, key: str, where: str) -> list[Table]:
        found = data.get(key)
        if isinstance(found, list) and found and all(isinstance(item, dict) for item in found):
            return found
        self.wrong(f"{where}{key}", found, f"at least one table [[{where}{key}]]")
        return []


def _show(found: object) -> str:
    if found is None:
        return "nothing"
    text = repr(found)
    return text if len(text) <= 60 else text[:57] + "..."
