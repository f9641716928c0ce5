"""Audit findings as a table in the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.audit.questions import LOOKS, Audit


def audit_table(audits: Iterable[Audit]) -> Any:
    """The checks and findings of each unit, as a rich Table."""
    from rich.table import Table

    audits = list(audits)
    result = Table(title="audit")
    result.add_column("what must be true")
    for audit in audits:
        result.add_column(audit.unit, justify="right")
    for name, says in LOOKS.items():
        result.add_row(says, *(_cell(audit, name) for audit in audits))
    result.add_row("seconds", *(f"{audit.seconds:.0f}" for audit in audits))
    return result


def _cell(audit: Audit, look: str) -> str:
    found = audit.of(look)
    faults = sum(not finding.ok for finding in found)
    if look == "mutants":
        seen = f"{audit.mutants} ({len(found) - faults} explained)" if audit.mutants else "left out"
    elif look == "time":
        seen = f"{sum(float(finding.says.split()[0]) for finding in found):.0f} ms"
    else:
        seen = str(len(found))
    return f"{seen}, {faults} faults" if faults else seen
