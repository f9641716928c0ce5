"""Cells of a CSV file that a spreadsheet will open: text never becomes a formula, and the way back is exact.

A spreadsheet computes a cell that begins with =, +, -, @, a tab or a return, also in a name that a student chose. Such
a text gets an apostrophe in front, which spreadsheets show as text. So does a text that begins with an apostrophe
itself: `plain` then takes off exactly what `safe` put on. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | float | None
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_STARTS) else text


def plain(cell: str) -> str:
    """The text that `safe` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_STARTS) else cell


def number(value: float | None) -> str:
    """A number as people write it: at most four digits after the point; "" for none."""
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180), with safe texts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else number(cell) for cell in row])
    return out.getvalue()


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file by their heads, with plain texts. Unnamed and missing cells are left out."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [
        {plain(key).strip(): plain(cell).strip() for key, cell in row.items() if key and isinstance(cell, str)}
        for row in rows
    ]
