"""The ledger: what was graded, from what, and when; one SQLite file in the course folder.

Theory of operation. A grade is stored, whole, the moment it is final, under a key that covers all it rests on
(`grader.grading.basis`). A run that is killed loses only what was being graded at that instant: the next run finds the
rest by its key. Nothing is ever deleted or changed, so the ledger is the audit log as well; order is the order of
insertion, because clocks jump.

Each submission that a worker takes up is an *attempt*, leased to the run. An attempt that its run did not close was
lost with it. A submission lost twice is graded when no other is, and one that is lost twice more even then is left
pending until someone reviews it: it may be what ends the grader. A grade that is pending through our fault is stored
for the log, but is never taken for final.

`saved` says which grade the files and the gradebook of a student hold, and what they looked like then; only what looks
different is written again. The ledger holds what staff may read and students may not (assertions of hidden tests), so
only its owner may open it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from grader.errors import GraderError, Unavailable
from grader.grading import sqlite_words
from grader.grading.basis import Basis
from grader.grading.verdict import now
from grader.results import Report

_VERSION = 1
LOCK_SECONDS = 30
ALONE_AFTER = 2  # lost attempts, after which a submission is graded when no other is
PENDING_AFTER = 2  # attempts lost even so, after which it is left for review
_SCHEMA = """
create table runs (id integer primary key, at text, what text, host text, pid integer, how text);
create table bases (hash text primary key, unit text, parts text);
create table events (
    id integer primary key autoincrement, at text, run integer, unit text, student text, kind text, says text
);
create index events_by_student on events (student, unit);
create table grades (
    event integer primary key, unit text, student text, key text, basis text, submission text,
    final integer, points real, report blob
);
create index grades_by_student on grades (unit, student);
create table attempts (
    id integer primary key, run integer, unit text, student text, key text, alone integer, at text, how text
);
create index attempts_by_key on attempts (key);
create table saved (unit text, student text, grade integer, looks text, primary key (unit, student));
create table by_hand (unit text, student text, cell text, field text, value, primary key (unit, student, cell, field));
create table facts (name text primary key, value text);
"""


class Grade(msgspec.Struct, frozen=True):
    """One stored grade, without its report."""

    id: int
    key: str
    final: bool


class LogEntry(msgspec.Struct, frozen=True):
    """One line of the log."""

    id: int
    at: str
    unit: str
    student: str
    kind: str  # "graded", "replayed", "changed by hand"
    says: str


class GradeInLog(msgspec.Struct, frozen=True):
    """What the log knows about one grade."""

    entry: LogEntry
    report: Report
    basis: Basis
    submission: str
    final: bool


class Ledger:
    """The ledger of one course folder. Use as a context manager; several threads may write.

    Every method raises Unavailable if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the ledger. Raises GraderError (it is damaged, or from a newer version), Unavailable."""
        self.path = path
        self._lock = threading.Lock()
        self._run = 0
        with _trouble(self.path):
            self._db = _open(path)
            try:
                self._check()
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _check(self) -> None:
        """Check the version and the file, and make the tables of a new one."""
        (version,) = self._db.execute("pragma user_version").fetchone()
        if version > _VERSION:
            raise GraderError(
                f"{self.path}: written by a newer version of grader (ledger {version}, this one reads {_VERSION}). "
                "Nothing was changed; update grader."
            )
        (found,) = self._db.execute("pragma quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        (mode,) = self._db.execute("pragma journal_mode=wal").fetchone()
        if mode != "wal":
            raise sqlite3.OperationalError(f"no write-ahead log there ({mode})")
        self._db.execute("pragma synchronous=normal")
        if version == 0:
            self._make_tables()

    def _make_tables(self) -> None:
        """Make the tables, unless another process has done so meanwhile."""
        with self._writing() as db:
            (version,) = db.execute("pragma user_version").fetchone()
            if version == 0:
                if db.execute("select 1 from sqlite_master").fetchone():
                    raise sqlite3.DatabaseError("it has other tables than a ledger")
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"pragma user_version={_VERSION}")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        with _trouble(self.path), self._lock:
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._db.execute("rollback")
                raise

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with _trouble(self.path), self._lock:
            return self._db.execute(query, values).fetchall()

    # -------------------------------------------------------------------------------------------- runs and attempts

    def begin_run(self, what: str) -> None:
        """Note that this process begins `what`; attempts that earlier runs left open were lost with them."""
        with self._writing() as db:
            db.execute("update attempts set how = 'lost' where how is null")
            db.execute("update runs set how = 'lost' where how is null")
            values = (now(), what, socket.gethostname(), os.getpid())
            self._run = db.execute("insert into runs (at, what, host, pid) values (?, ?, ?, ?)", values).lastrowid or 0

    def end_run(self, how: str) -> None:
        """Note how this run ended; attempts that are still open were stopped, not lost."""
        with self._writing() as db:
            db.execute("update attempts set how = 'stopped' where how is null and run = ?", (self._run,))
            db.execute("update runs set how = ? where id = ?", (how, self._run))

    def begin(self, unit: str, student: str, key: str, *, alone: bool = False) -> None:
        """Note that a worker takes up a submission, `alone` if no other is being graded."""
        values = (self._run, unit, student, key, alone, now())
        with self._writing() as db:
            db.execute("insert into attempts (run, unit, student, key, alone, at) values (?, ?, ?, ?, ?, ?)", values)

    def expire(self, key: str) -> None:
        """Note that the worker with this lease is gone, while the run goes on."""
        with self._writing() as db:
            query = "update attempts set how = 'lost' where how is null and run = ? and key = ?"
            db.execute(query, (self._run, key))

    def lost(self, unit: str) -> dict[str, tuple[int, int]]:
        """How many attempts at each key were lost together with their run, and how many of them were alone."""
        rows = self._rows(
            "select key, count(*), sum(alone) from attempts where how = 'lost' and unit = ? group by key", unit
        )
        return {str(key): (int(str(count)), int(str(alone))) for key, count, alone in rows}

    # -------------------------------------------------------------------------------------------- grades

    def keep(self, report: Report, *, key: str, basis: Basis, submission: str) -> Grade:
        """Store one grade; it is final unless it is pending through our fault."""
        stored = zlib.compress(msgspec.json.encode(report), 1)
        final = not report.our_fault
        says = f"{report.points:g} of {report.max_points:g} points"
        if any(task.points is None for task in report.tasks):
            says += ", the rest pending" + ("" if final else " through our fault")
        with self._writing() as db:
            parts = msgspec.json.encode(basis.parts, order="sorted")
            db.execute("insert or ignore into bases values (?, ?, ?)", (basis.hash, basis.unit, parts))
            event = self._add(db, report.unit, report.student, "graded", says)
            grade = (event, report.unit, report.student, key, basis.hash, submission, final, report.points, stored)
            db.execute(f"insert into grades values ({', '.join('?' * len(grade))})", grade)  # noqa: S608 - only `?`
            db.execute("update attempts set how = 'graded' where how is null and key = ?", (key,))
        return Grade(event, key, final)

    def _add(self, db: sqlite3.Connection, unit: str, student: str, kind: str, says: str) -> int:
        values = (now(), self._run, unit, student, kind, says)
        query = "insert into events (at, run, unit, student, kind, says) values (?, ?, ?, ?, ?, ?)"
        return db.execute(query, values).lastrowid or 0

    def latest(self, unit: str) -> dict[str, Grade]:
        """The last grade of each student in `unit`."""
        rows = self._rows(
            "select student, event, key, final from grades where event in "
            "(select max(event) from grades where unit = ? group by student)",
            unit,
        )
        return {str(student): Grade(int(str(event)), str(key), bool(final)) for student, event, key, final in rows}

    def attempts(self, unit: str) -> dict[str, tuple[int, str]]:
        """How many different submissions of each student have a final grade in `unit`, and when the last was given."""
        rows = self._rows(
            "select student, count, at from events join "
            "(select max(event) as last, count(distinct submission) as count from grades "
            "where unit = ? and final group by student) on id = last",
            unit,
        )
        return {str(student): (int(str(count)), str(at)) for student, count, at in rows}

    def report(self, grade: int) -> Report:
        """The report of a stored grade."""
        with _trouble(self.path):
            return _report(self._rows("select report from grades where event = ?", grade))

    # -------------------------------------------------------------------------------------------- the log

    def history(self, student: str, unit: str = "") -> list[LogEntry]:
        """Everything that happened to a student's grades, oldest first."""
        rows = self._rows(
            "select id, at, unit, student, kind, says from events where student = ? and ? in ('', unit) order by id",
            student,
            unit,
        )
        return [msgspec.convert(row, LogEntry) for row in map(_named, rows)]

    def students(self, unit: str = "") -> list[str]:
        """The students with an entry in the log, about any unit if `unit` is empty."""
        rows = self._rows("select distinct student from events where ? in ('', unit) order by 1", unit)
        return [str(student) for (student,) in rows]

    def graded(self, entry: LogEntry) -> GradeInLog | None:
        """What is known about the grade of one line of the log; None if it is about something else."""
        rows = self._rows(
            "select report, parts, b.unit, submission, final from grades join bases b on hash = basis where event = ?",
            entry.id,
        )
        if not rows:
            return None
        stored, parts, unit, submission, final = rows[0]
        assert isinstance(parts, bytes)
        basis = Basis(str(unit), msgspec.json.decode(parts, type=dict[str, str]))
        with _trouble(self.path):
            report = _report([(stored,)])
        return GradeInLog(entry, report, basis, str(submission), bool(final))

    def note(self, unit: str, student: str, kind: str, says: str) -> None:
        """Add a line to the log."""
        with self._writing() as db:
            self._add(db, unit, student, kind, says)

    # -------------------------------------------------------------------------------------------- what is written

    def saved(self, unit: str) -> dict[str, tuple[int, str]]:
        """By student, the grade that the files hold, and what they looked like when they were written."""
        rows = self._rows("select student, grade, looks from saved where unit = ?", unit)
        return {str(student): (int(str(grade)), str(looks)) for student, grade, looks in rows}

    def save(self, unit: str, saved: Mapping[str, tuple[int, str]], facts: Mapping[str, str]) -> None:
        """Note which grades the files now hold, together with `facts`."""
        rows = [(unit, student, *what) for student, what in saved.items()]
        with self._writing() as db:
            db.executemany("insert or replace into saved values (?, ?, ?, ?)", rows)
            db.executemany("insert or replace into facts values (?, ?)", facts.items())

    def fact(self, name: str) -> str:
        """A fact that was noted; "" if there is none."""
        rows = self._rows("select value from facts where name = ?", name)
        return str(rows[0][0]) if rows else ""

    def note_fact(self, name: str, value: str) -> None:
        """Note a fact under its name."""
        self.save("", {}, {name: value})

    def by_hand(self, unit: str, seen: Sequence[tuple[str, str, str, object]]) -> int:
        """Compare what people wrote in the gradebook (student, cell, field, value) with what was `seen` last.

        Every difference becomes a line in the log. Returns how many there are.
        """
        new = {(student, cell, field): value for student, cell, field, value in seen if value is not None}
        rows = self._rows("select student, cell, field, value from by_hand where unit = ?", unit)
        old = {(str(student), str(cell), str(field)): value for student, cell, field, value in rows}
        changed = [place for place in sorted(new.keys() | old.keys()) if new.get(place) != old.get(place)]
        if changed:
            with self._writing() as db:
                for student, cell, field in changed:
                    place = (student, cell, field)
                    before, after = old.get(place, "nothing"), new.get(place, "nothing")
                    says = f"{field}{f' of {cell}' if cell else ''}: {before} -> {after}"
                    self._add(db, unit, student, "changed by hand", says)
                db.execute("delete from by_hand where unit = ?", (unit,))
                values = [(unit, *place, value) for place, value in new.items()]
                db.executemany("insert into by_hand values (?, ?, ?, ?, ?)", values)
        return len(changed)


def stored_reports(path: Path, grades: Iterable[int]) -> Iterator[Report]:
    """The reports of these grades in the ledger at `path`, one after another. Raises Unavailable, GraderError."""
    with _trouble(path), contextlib.closing(_open(path)) as db:
        for grade in grades:
            yield _report(db.execute("select report from grades where event = ?", (grade,)).fetchall())


def _report(rows: Sequence[tuple[object, ...]]) -> Report:
    """The report in what was read. SQLite's own check does not look into it. Raises sqlite3.DatabaseError."""
    try:
        ((stored,),) = rows
        return msgspec.json.decode(zlib.decompress(stored), type=Report)  # type: ignore[arg-type]  # seen below
    except (ValueError, TypeError, zlib.error, msgspec.MsgspecError) as error:
        raise sqlite3.DatabaseError(f"a report in it cannot be read: {error}") from None


@contextlib.contextmanager
def _trouble(path: Path) -> Iterator[None]:
    """Turn SQLite's exceptions into messages that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not sqlite_words.is_damage(error):
            kept = "Earlier grades are kept; run the same command again when this is fixed."
            raise Unavailable(f"{path}: {sqlite_words.why(str(error), path)}. {kept}".replace("?.", "?")) from None
        said = " ".join(str(error).split())
        raise GraderError(
            f"{path}: damaged ({said}). Grades, reports and feedback are not affected. "
            f"Move it away (`mv {path.name} {path.name}.damaged`) and run the command again: "
            "everything is graded from scratch."
        ) from None


def _open(path: Path) -> sqlite3.Connection:
    if not path.exists():
        with contextlib.suppress(OSError):  # SQLite says why it cannot be made
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)


def _named(row: tuple[object, ...]) -> dict[str, object]:
    return dict(zip(LogEntry.__struct_fields__, row, strict=True))
