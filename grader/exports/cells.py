"""Cells of a CSV file that a spreadsheet will open: text never becomes a formula, and the way back is exact.

A spreadsheet computes a cell that begins with =, +, -, @, a tab or a return, even in a name that a student chose. Such
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


def number_cell(value: float | None) -> str:
    """A number as people write it: at most four digits after the point; "" for none."""
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180), with safe texts."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else number_cell(cell) for cell in row])
    return out.getvalue()


def read_csv(text: str) -> tuple[list[str], dict[int, dict[str, str]]]:
    """The heads of a CSV file, and its rows by the line that they end in, with plain texts.

    Columns are separated by commas, or by semicolons or tabs, as spreadsheets write them in many countries. Unnamed and
    missing cells are left out, and rows without any text.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = next((mark for mark in (",", ";", "\t") if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    heads = [plain(head).strip() for head in next(reader, [])]
    rows = {}
    for cells in reader:
        row = {head: plain(cell).strip() for head, cell in zip(heads, cells, strict=False) if head}
        if any(row.values()):
            rows[reader.line_num] = row
    return [head for head in heads if head], rows
