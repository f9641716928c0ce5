"""nbgrader's collection with our checks first (named in nbgrader_config.py, so formgrader's button runs them too).

nbgrader itself copies the target of any link and accepts a folder in another student's name with just a warning. It
stops for the whole class at a fifo, at a time that it cannot read, or at a folder that is too big.
"""

from __future__ import annotations

import datetime
import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from traitlets import Unicode

from grader.errors import GraderError
from grader.nbgrader import collection
from grader.nbgrader.collection import Admission, FolderName, GuardFinding
from grader.nbgrader.student_ids import in_utf8, safe_name
from grader.nbgrader.whole import in_place_of, is_full

Record = dict[str, Any]  # what nbgrader knows of one submission
_OTHERS = Admission(refused=("not one of those to collect from",))


class GuardedCollect(ExchangeCollect):  # type: ignore[misc] # nbgrader ships no types
    """Collects each student's newest submission that can be trusted, and quarantines the others."""

    only = Unicode("[]", help="Collect from these students only: a JSON list; empty for all.").tag(config=True)

    @functools.cached_property
    def _only(self) -> list[str]:
        names: list[str] = json.loads(self.only)  # msgspec refuses a name that is not UTF-8
        return names

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
        owner = collection.user_name(handed.owner) if self.check_owner else None
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
        self.log.info("%s submissions of %s to look at", len(self.src_records), unit)
        for record in self.src_records:
            try:
                self._take(record)
            except GraderError as error:  # the disk: it would be the same for the next student
                self.fail(str(error))
        submitted = set(collection.submitted(folder, unit))
        for record in self.src_records:
            if record["username"] in submitted:  # not if it has changed while it was copied
                collection.release(folder, unit, record["username"])
        for record in self._seen:
            self._note(record, held=record["username"] not in submitted)
        for finding in self._findings:
            for line in (*finding.refused, *finding.notes):
                self.log.warning("%s: %s: %s", finding.student, "refused" if finding.refused else "mended", line)
        others = (found for found in collection.read_findings(folder, unit) if self._only and not self._is_mine(found))
        collection.write_findings(folder, unit, [*others, *self._findings])

    def _take(self, record: Record) -> None:
        """Copy a submission as nbgrader does, by its options, but keep the earlier one until the new one is whole."""
        student, unit = record["username"], self.coursedir.assignment_id
        there = self.coursedir.format_path(self.coursedir.submitted_directory, student, unit)
        if Path(there).is_dir():
            old, new = self.coursedir.get_existing_timestamp(there), record["timestamp"]
            newer = self.update and (old is None or new > old)
            if not newer and not (self.before_duedate and old != new):
                advice = "nothing newer to collect" if self.update else "already there; --update takes a newer one"
                self.log.info("%s %s: %s", student, unit, advice)
                return
        self.log.info("Collecting submission: %s %s", student, unit)
        self.do_copy(str(Path(self.inbound_path) / record["filename"]), there)

    def _is_mine(self, found: GuardFinding) -> bool:
        return found.student in {safe_name(student) for student in self._only}

    def _note(self, record: Record, *, held: bool) -> None:
        folder, unit = Path(self.coursedir.root), self.coursedir.assignment_id
        verdict, source = record["verdict"], Path(self.inbound_path) / record["filename"]
        held = bool(verdict.refused) and held and collection.exchange_name(source.name, unit) is not None
        if held:
            secret = collection.survey(source).secret
            collection.hold(folder, unit, record["username"], verdict.refused, secret=secret, evidence=source)
        if verdict.refused or (verdict.notes and record in self.src_records):
            student = safe_name(record["username"])
            self._findings.append(GuardFinding(student, str(source), verdict.refused, verdict.notes, held))

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy through a private folder, and check again while copying."""
        named = collection.exchange_name(Path(src).name, self.coursedir.assignment_id)
        with tempfile.TemporaryDirectory(prefix="collect-") as place:
            copy = Path(place) / "submission"
            verdict = self._judge(Path(src), named, named.student if named else "", into=copy)
            if is_full("; ".join(verdict.refused)):
                tmp = tempfile.gettempdir()
                raise GraderError(f"{tmp}: its disk is full. Make room (see `df -h {tmp}`) and collect again.")
            if verdict.refused:  # it has changed since; the next collection will report it
                self.log.warning("%s: changed while it was collected: %s", in_utf8(src), "; ".join(verdict.refused))
                return
            collection.mend(copy, verdict)
            with in_place_of(Path(dest)) as part:
                super().do_copy(str(copy), str(part))
