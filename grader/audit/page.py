"""Audit findings as an HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.audit.questions import LOOKS, Audit


def write_audit_page(audits: Iterable[Audit], path: Path) -> None:
    """Write a self-contained page with every finding of every unit, faults first."""
    from html import escape

    parts = ["<!doctype html><meta charset='utf-8'><title>audit</title><style>body{font:15px sans-serif;margin:2em}"
             "td,th{padding:2px 10px;text-align:left;vertical-align:top}.bad{background:#fdd}</style>"]  # fmt: skip
    for audit in audits:
        counts = f"{len(audit.findings)} findings, {len(audit.faults)} faults, {audit.mutants} mutants"
        parts.append(f"<h1>{escape(audit.unit)}</h1><p>{counts}, {audit.seconds:.0f} s</p>")
        for name, says in LOOKS.items():
            rows = "".join(
                f"<tr class='{'' if finding.ok else 'bad'}'><td>{'✓' if finding.ok else '✗'}</td>"
                f"<td>{escape(finding.task)}</td>"
                f"<td>{escape(finding.what)}</td><td>{escape(finding.says)}</td></tr>"
                for finding in audit.of(name)
            )
            parts.append(f"<h2>{escape(says)}</h2><table>{rows}</table>")
    path.write_text("".join(parts), encoding="utf-8")
