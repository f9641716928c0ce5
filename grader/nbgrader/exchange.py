"""nbgrader's collection with our checks first (named in nbgrader_config.py, so formgrader's button runs them too).

nbgrader itself copies the target of any link and accepts a folder in another student's name with just a warning. It
stops for the whole class at a fifo, at a time that it cannot read, or at a folder that is too big.
"""

from __future__ import annotations

import datetime
import functools
import pwd
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from nbgrader.exchange.default import ExchangeCollect
from traitlets import Unicode

from grader.nbgrader import collection
from grader.nbgrader.collection import Admission, FolderName, GuardFinding

Record = dict[str, Any]  # what nbgrader knows of one submission
_OTHERS = Admission(refused=("not one of those to collect from",))


class GuardedCollect(ExchangeCollect):  # type: ignore[misc] # nbgrader ships no types
    """Collects each student's newest submission that can be trusted, and quarantines the others."""

    only = Unicode("[]", help="Collect from these students only: a JSON list; empty for all.").tag(config=True)

    @functools.cached_property
    def _only(self) -> list[str]:
        return msgspec.json.decode(self.only, type=list[str])

    def _path_to_record(self, path: str) -> Record:
        """One folder of the exchange. Refused folders sort after all others of the same student."""
        name = Path(path).name
        named = collection.exchange_name(name, self.coursedir.assignment_id)
        student = named.student if named else name
        if self._only and student not in self._only:
            return {"username": student, "filename": name, "timestamp": datetime.datetime.max, "verdict": _OTHERS}
        verdict = self._judge(Path(path), named, student)
        moment = collection.read_moment(named.stamp) if named else None
        return {
            "username": student,
            "filename": name,
            "timestamp": datetime.datetime.max if verdict.refused or moment is None else moment,
            "verdict": verdict,
        }

    def _judge(self, path: Path, named: FolderName | None, student: str, into: Path | None = None) -> Admission:
        if named is None:
            return Admission(refused=("the name of its folder is not <student>+<unit>+<time>",))
        room = min(collection.MAX_BYTES, 1000 * self.coursedir.max_dir_size)
        handed = collection.survey(path, into=into, max_bytes=room)
        owner = _user(handed.owner) if self.check_owner else None
        now = collection.now_in_utc()
        unit = self.coursedir.assignment_id
        return collection.admit(handed, unit, student=student, now=now, named=named, owner=owner, max_bytes=room)

    def _sort_by_timestamp(self, records: list[Record]) -> list[Record]:
        self._seen: list[Record] = [*getattr(self, "_seen", []), *records]
        return sorted(records, key=lambda record: (not record["verdict"].refused, record["timestamp"]), reverse=True)

    src_records: list[Record]

    def copy_files(self) -> None:
        """Copy what is admitted; log what is not, and why."""
        folder, unit = Path(self.coursedir.root), self.coursedir.assignment_id
        # What an earlier collection left, or a person put there, is looked at too.
        self._findings = collection.guard(folder, unit, self._only)
        self._seen = [record for record in getattr(self, "_seen", []) if record["verdict"] is not _OTHERS]
        self.src_records = [record for record in self.src_records if not record["verdict"].refused]
        for record in self.src_records:  # nbgrader fails if another collection creates the folder first
            there = self.coursedir.format_path(self.coursedir.submitted_directory, record["username"], unit)
            Path(there).parent.mkdir(parents=True, exist_ok=True)
        super().copy_files()
        for record in self.src_records:
            collection.release(folder, unit, record["username"])
        submitted = set(collection.submitted(folder, unit))
        for record in self._seen:
            self._note(record, held=record["username"] not in submitted)
        for finding in self._findings:
            for line in (*finding.refused, *finding.notes):
                self.log.warning("%s: %s: %s", finding.student, "refused" if finding.refused else "mended", line)
        others = (found for found in collection.read_findings(folder, unit) if self._only and not self._is_mine(found))
        collection.write_findings(folder, unit, [*others, *self._findings])

    def _is_mine(self, found: GuardFinding) -> bool:
        return found.student in {collection.safe_name(student) for student in self._only}

    def _note(self, record: Record, *, held: bool) -> None:
        folder, unit = Path(self.coursedir.root), self.coursedir.assignment_id
        verdict, source = record["verdict"], Path(self.inbound_path) / record["filename"]
        held = bool(verdict.refused) and held and collection.exchange_name(source.name, unit) is not None
        if held:
            secret = collection.survey(source).secret
            collection.hold(folder, unit, record["username"], verdict.refused, secret=secret, evidence=source)
        if verdict.refused or (verdict.notes and record in self.src_records):
            student = collection.safe_name(record["username"])
            self._findings.append(GuardFinding(student, str(source), verdict.refused, verdict.notes, held))

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy through a private folder, and check again while copying."""
        named = collection.exchange_name(Path(src).name, self.coursedir.assignment_id)
        with tempfile.TemporaryDirectory(prefix="collect-") as place:
            copy = Path(place) / "submission"
            verdict = self._judge(Path(src), named, named.student if named else "", into=copy)
            if verdict.refused:  # it has changed since; the next collection will report it
                self.log.warning("%s: changed while it was collected: %s", src, "; ".join(verdict.refused))
                return
            collection.mend(copy, verdict)
            super().do_copy(str(copy), dest)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"number {number}"
