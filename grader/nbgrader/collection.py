"""Decide whether submissions can be trusted: inspect each folder, list its problems, and quarantine what is refused.

Theory of operation. `survey` inspects a folder through descriptors: it follows no link, opens only regular files, and
stops at limits. `admit` is a pure decision on what it found: *refused* (a person must look) with the reasons, or
admitted with a list of repairs (a missing secret, an unreadable time, a fifo beside the notebook). `guard` does both
for submitted/; in `exchange`, the exchange's folders pass through the same two before anything is copied.

A refused submission goes to quarantine/<unit>/<student>/ with a reason.txt. It does not count as zero: its report says
that a person must decide, and the rest of the class is graded.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import itertools
import math
import os
import pwd
import re
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.course.folder import CourseFolder, notebook_name
from grader.files import write_atomically
from grader.nbgrader.student_ids import FINDINGS, IDS, in_utf8, is_student_id, safe_name
from grader.nbgrader.whole import move_whole, put_back_killed
from grader.printable import LONGEST_LINE, one_line

MAX_BYTES = 100_000_000  # for all files of one submission together
MAX_ENTRIES = 2000  # files and folders
MAX_DEPTH = 20
CLOCKS_DIFFER = datetime.timedelta(minutes=10)  # between the students' machines and this one
LATER_THAN_SAID = datetime.timedelta(hours=1)  # from an exchange folder's stated time to its last change
STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
STAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FileEntry(msgspec.Struct, frozen=True):
    """One entry of a submitted folder; `path` is relative to the folder."""

    path: str
    kind: str  # "file", "folder", "link", "special", "unreadable"
    size: int = 0
    links: int = 1
    owner: int = -1


class SurveyedFolder(msgspec.Struct, frozen=True):
    """The result of `survey`."""

    entries: tuple[FileEntry, ...]
    owner: int = -1  # the user that owns the folder
    changed: float = 0.0  # when the kernel last saw the folder change; nobody can fake that
    stamp: str = ""  # the contents of timestamp.txt
    secret: str = ""
    problem: str = ""  # why the folder could not be inspected


class FolderName(msgspec.Struct, frozen=True):
    """The parts of a folder's name in the exchange: `<student>+<unit>+<time>+<random>`."""

    student: str
    stamp: str


class Admission(msgspec.Struct, frozen=True):
    """The decision on a submission: refused with reasons, or admitted with the repairs to make."""

    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # special files beside the notebook
    stamp: str = ""  # to write into timestamp.txt
    secret: bool = False  # whether to create a new one


class GuardFinding(msgspec.Struct, frozen=True):
    """One submission that has something to report."""

    student: str
    source: str
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    held: bool = False  # nothing else from this student can be graded


# ------------------------------------------------------------------------------------------------ decide


def admit(
    handed: SurveyedFolder,
    unit_id: str,
    *,
    student: str,
    now: datetime.datetime,
    named: FolderName | None = None,
    owner: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Admission:
    """Decide. `owner` is the name of the folder's user, None to skip that check; `now` is in UTC."""
    if handed.problem:
        return Admission(refused=(handed.problem,))
    refused = [] if is_student_id(student) else [f"'{one_line(student, 80)}' cannot be a student's id{IDS}"]
    if owner is not None and owner != student:
        claims = f"it claims to be handed in by {one_line(student, 80)} but belongs to the user {owner}"
        refused.append(f"{claims}; --any-owner lets it through")
    refused += _refused_entries(handed, unit_id, owner=owner, max_bytes=max_bytes)
    left_out = tuple(entry.path for entry in handed.entries if entry.kind == "special")
    notes = [f"left out, because it is not a regular file: {path!a:.80}" for path in left_out]
    notes += [f"cannot be read: {entry.path!a:.80}" for entry in handed.entries if entry.kind == "unreadable"]
    stamp, said, doubts, note = _mended_stamp(handed, named, now)
    refused += doubts
    notes += note
    if said is not None and said > now + CLOCKS_DIFFER:
        refused.append(f"its time lies in the future ({said:%Y-%m-%d %H:%M} UTC)")
    if named is not None and said is not None and handed.changed:
        changed = datetime.datetime.fromtimestamp(handed.changed, datetime.UTC).replace(tzinfo=None)
        if changed - said > LATER_THAN_SAID:
            notes.append(f"its time is {said:%Y-%m-%d %H:%M} UTC, but it was last changed {changed:%Y-%m-%d %H:%M}")
    anew = not is_secret(handed.secret)
    if anew:
        notes.append(f"{SECRET} was missing or empty, so a new one was made: hand the feedback out yourself")
    return Admission(tuple(refused), tuple(notes), left_out, stamp, anew)


def _refused_entries(handed: SurveyedFolder, unit_id: str, *, owner: str | None, max_bytes: int) -> list[str]:
    refused = []
    notebook = notebook_name(unit_id)
    needed = {notebook, STAMP, SECRET}
    left_out = {entry.path for entry in handed.entries if entry.kind == "special"} - {notebook}
    for entry in handed.entries:
        where = f"{entry.path!a:.80}"
        if entry.kind == "link":
            refused.append(f"{where} is a symbolic link")
        elif entry.kind == "file" and entry.links > 1:
            refused.append(f"{where} is a hard link: the file has {entry.links} names")
        elif entry.path in needed and entry.kind != "file" and entry.path not in left_out:
            kind = {"folder": "a folder", "special": "a special file"}.get(entry.kind, "not readable")
            refused.append(f"{where} is {kind}, not a regular file")
        elif owner is not None and entry.owner != handed.owner:
            refused.append(f"{where} belongs to another user than the folder")
        elif entry.path.count("/") >= MAX_DEPTH:
            refused.append(f"its folders are more than {MAX_DEPTH} deep")
    size = sum(entry.size for entry in handed.entries)
    if size > max_bytes:
        refused.append(f"it has {math.ceil(size / 1e5) / 10:g} MB, more than {max_bytes / 1e6:g} MB")
    if len(handed.entries) > MAX_ENTRIES:
        refused.append(f"it has more than {MAX_ENTRIES} files")
    if len(refused) > 5:
        refused[5:] = [f"and {len(refused) - 5} more"]
    return refused


def _mended_stamp(
    handed: SurveyedFolder, named: FolderName | None, now: datetime.datetime
) -> tuple[str, datetime.datetime | None, list[str], list[str]]:
    """What to write into timestamp.txt ("" if it is right), the time that counts, reasons to refuse, and notes."""
    inside = read_moment(handed.stamp)
    wrong = "was missing or empty" if not handed.stamp else "could not be read" if inside is None else ""
    if named is None:
        if not handed.stamp or inside is not None:
            return "", inside, [], []
        return now.strftime(STAMP_FORMAT), now, [], [f"{STAMP} {wrong}; the submission counts as handed in now"]
    outside = read_moment(named.stamp)
    if outside is None:
        return "", None, [f"the time in its folder's name cannot be read: {named.stamp!a:.60}"], []
    if wrong:
        return named.stamp, outside, [], [f"{STAMP} {wrong}; the time in the folder's name counts"]
    if inside is not None and abs(inside - outside) > datetime.timedelta(seconds=1):
        differ = f"{STAMP} says {inside:%Y-%m-%d %H:%M:%S}, its folder's name {outside:%Y-%m-%d %H:%M:%S} (UTC)"
        return "", outside, [differ], []
    return "", outside, [], []


def exchange_name(name: str, unit_id: str) -> FolderName | None:
    """The parts of a folder's name in the exchange's inbound; None if it is not such a name."""
    found = re.fullmatch(rf"(.+)\+{re.escape(unit_id)}\+([^+]+)(\+[^+]*)?", name, re.DOTALL)
    return FolderName(found[1], found[2]) if found else None


# Safe to pass to nbgrader's parser, which looks up time zones in the file system: a zone must not be a path.
_READABLE = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?( ?([+-]\d\d:?\d\d|[A-Za-z]\w{0,20}(/\w{1,20}){0,2}))?"
)


_PLAIN = re.compile(r"(\d{4}-\d\d-\d\d ([01]\d|2[0-3]):\d\d:\d\d\.\d{6}) UTC", re.ASCII)


def read_moment(text: str) -> datetime.datetime | None:
    """A time as nbgrader reads it, in UTC without a zone; None if it cannot be read."""
    if plain := _PLAIN.fullmatch(text):  # as nbgrader writes it: read without importing nbgrader
        with contextlib.suppress(ValueError):
            return datetime.datetime.fromisoformat(plain[1])
        return None
    from nbgrader.utils import parse_utc

    if _READABLE.fullmatch(text):
        with contextlib.suppress(ValueError, OverflowError):
            moment: datetime.datetime = parse_utc(text)
            return moment
    return None


def is_secret(text: str) -> bool:
    """Whether `text` can protect a student's feedback from other readers."""
    return re.fullmatch(r"[A-Za-z0-9-]{8,400}", text) is not None


def new_secret() -> str:
    """A new secret for a student's feedback, if the submission has no usable one; as long as nbgrader's own."""
    return secrets.token_hex(64)


def now_in_utc() -> datetime.datetime:
    """The time in UTC without a zone, as in the gradebook."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


# ------------------------------------------------------------------------------------------------ look


def survey(folder: Path, *, into: Path | None = None, max_bytes: int = MAX_BYTES) -> SurveyedFolder:
    """Inspect a submitted folder; never raises because of its contents, never follows a link.

    With `into`, regular files are copied there in the same pass, so that the copy is exactly what was inspected.
    """
    entries: list[FileEntry] = []
    try:
        top = os.open(folder, _READ | os.O_DIRECTORY)
    except OSError as error:
        return SurveyedFolder((), problem=_not_a_folder(folder, error))
    try:
        facts = os.fstat(top)
        if into is not None:
            into.mkdir()
        _look(top, "", into, entries, max_bytes)
        return SurveyedFolder(
            tuple(entries),
            facts.st_uid,
            facts.st_ctime,
            small_file(STAMP, top).strip(),
            small_file(SECRET, top).strip(),
        )
    except OSError as error:
        return SurveyedFolder(tuple(entries), problem=f"its folder cannot be read ({error.strerror})")
    finally:
        os.close(top)


def _not_a_folder(folder: Path, error: OSError) -> str:
    if folder.is_symlink():
        return "its folder is a symbolic link"
    if error.errno == errno.ENOTDIR:
        return "it is not a folder"
    return f"its folder cannot be read ({error.strerror})"


def _look(folder: int, prefix: str, into: Path | None, entries: list[FileEntry], max_bytes: int) -> None:
    """Append the contents of the open `folder`, recursively."""
    with os.scandir(folder) as found:
        names = sorted(entry.name for entry in itertools.islice(found, MAX_ENTRIES + 1))
    for name in names:
        if len(entries) > MAX_ENTRIES:
            return
        facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
        path, target = prefix + name, into / name if into is not None else None
        if stat.S_ISLNK(facts.st_mode):
            entries.append(FileEntry(path, "link", owner=facts.st_uid))
        elif stat.S_ISDIR(facts.st_mode):
            entries.append(FileEntry(path, "folder", owner=facts.st_uid))
            if path.count("/") < MAX_DEPTH:
                _look_below(folder, name, path, target, entries, max_bytes)
        elif stat.S_ISREG(facts.st_mode):
            room = max_bytes - sum(entry.size for entry in entries)
            entries.append(_look_at_file(folder, name, FileEntry(path, "unreadable", owner=facts.st_uid), target, room))
        else:
            entries.append(FileEntry(path, "special", owner=facts.st_uid))


def _look_below(folder: int, name: str, path: str, into: Path | None, entries: list[FileEntry], max_bytes: int) -> None:
    try:
        below = os.open(name, _READ | os.O_DIRECTORY, dir_fd=folder)
    except OSError:
        entries[-1] = FileEntry(path, "unreadable", owner=entries[-1].owner)
        return
    try:
        if into is not None:
            into.mkdir()
        _look(below, path + "/", into, entries, max_bytes)
    finally:
        os.close(below)


def _look_at_file(folder: int, name: str, closed: FileEntry, into: Path | None, room: int) -> FileEntry:
    """The entry of a regular file, or `closed` if it cannot be read; copied to `into`, if set, while there is room."""
    try:
        fd = os.open(name, _READ, dir_fd=folder)
    except OSError:
        return closed
    with os.fdopen(fd, "rb", buffering=0) as file:
        facts = os.fstat(fd)  # of the opened file, even if another has replaced it since
        if not stat.S_ISREG(facts.st_mode):
            return FileEntry(closed.path, "special", owner=facts.st_uid)
        size = facts.st_size
        if into is not None and size <= room:
            size = 0
            with into.open("xb") as copy:
                while size <= room and (part := file.read(1 << 20)):
                    size += copy.write(part)
    return FileEntry(closed.path, "file", size, facts.st_nlink, facts.st_uid)


def small_file(path: str | Path, folder: int | None = None) -> str:
    """The text of a small regular file, never through a link; "" if there is none."""
    try:
        fd = os.open(path, _READ, dir_fd=folder)
    except OSError:
        return ""
    try:
        return os.read(fd, 1000).decode("utf-8", "replace") if stat.S_ISREG(os.fstat(fd).st_mode) else ""
    finally:
        os.close(fd)


def user_name(number: int) -> str:
    """The name of the operating system's user of this number."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"number {number}"


# ------------------------------------------------------------------------------------------------ act


def submitted(folder: Path, unit_id: str) -> list[str]:
    """The students who have anything at submitted/<student>/<unit>, or have it back when `guard` has run."""
    place = CourseFolder(folder).all_submitted
    students = os.listdir(place) if place.is_dir() else []  # noqa: PTH208 - names, of a large class
    ends = (unit_id, f".{unit_id}.old")  # the second after a kill: without it, nobody would notice who is missing
    return sorted(name for name in students if any(os.path.lexists(f"{place}/{name}/{end}") for end in ends))


def guard(folder: Path, unit_id: str, students: Iterable[str] = ()) -> list[GuardFinding]:
    """Check everything in `folder`/submitted/*/<unit>; repair what can be repaired, and quarantine what is refused.

    Only that of these `students`, if any are given. Raises OSError only if the course folder itself cannot be written.
    """
    put_back_killed(CourseFolder(folder).all_submitted, unit_id)
    findings = []
    now = now_in_utc()
    wanted = set(students)
    for student in submitted(folder, unit_id):
        if wanted and student not in wanted:
            continue
        place = CourseFolder(folder).all_submitted / student
        link = place.is_symlink()
        handed = (
            SurveyedFolder((), problem="the student's folder is a symbolic link") if link else survey(place / unit_id)
        )
        verdict = admit(handed, unit_id, student=student, now=now)
        evidence = place if link else place / unit_id
        if not verdict.refused:
            mend(evidence, verdict)
        else:
            hold(folder, unit_id, student, verdict.refused, secret=handed.secret, evidence=evidence, move=True)
        if verdict.refused or verdict.notes:
            held = bool(verdict.refused)
            findings.append(GuardFinding(safe_name(student), str(evidence), verdict.refused, verdict.notes, held))
    return findings


def mend(folder: Path, verdict: Admission) -> None:
    """In an admitted folder of ours, write the missing files and remove those that were left out."""
    for path in verdict.left_out:
        (folder / path).unlink(missing_ok=True)
    for name, text in ((STAMP, verdict.stamp), (SECRET, new_secret() if verdict.secret else "")):
        if text:
            part = folder / f".{secrets.token_hex(8)}.part"  # a name that the student cannot have taken
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)


def hold(
    folder: Path, unit_id: str, student: str, reasons: Iterable[str], *, secret: str, evidence: Path, move: bool = False
) -> None:
    """Quarantine a refused submission, and `evidence` too if `move` is set; nothing in it is opened."""
    place = CourseFolder(folder).held(unit_id, safe_name(student))
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = evidence
    if move:
        target = next(path for n in itertools.count(1) if not os.path.lexists(path := place / f"submission-{n}"))
    advice = (
        f"It lies in {str(target)!a}, as it was handed in.\n"
        "It is not graded, and it is not a zero either: a person must decide. Either the student hands in again\n"
        f"(`grader collect {unit_id}` then takes the new one), or you let its files through as they are:\n"
        f"grader collect {unit_id} --admit {place.name}"
    )
    if is_secret(secret):  # with it the student can find the feedback
        write_atomically(place / SECRET, secret)
    reason = "\n".join([*(one_line(reason, LONGEST_LINE) for reason in reasons), "", advice, ""])
    write_atomically(place / "reason.txt", reason)
    if move:  # last: after a kill the student is still in submitted/, or held with a reason
        move_whole(evidence, target)


def held(folder: Path, unit_id: str) -> dict[str, str]:
    """Quarantined students with the reasons, except those with another submission that can be graded."""
    found = {}
    for path in sorted((CourseFolder(folder).quarantine / unit_id).glob("*/reason.txt")):
        student = path.parent.name
        if not os.path.lexists(CourseFolder(folder).submitted(student, unit_id)):
            reasons = path.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
            found[student] = "; ".join(reasons)
    return found


def release(folder: Path, unit_id: str, student: str) -> None:
    """Release a student from quarantine after a new submission; evidence stays."""
    place = CourseFolder(folder).held(unit_id, safe_name(student))
    for name in ("reason.txt", SECRET):
        (place / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # there is evidence in it
        place.rmdir()


def write_findings(folder: Path, unit_id: str, findings: list[GuardFinding]) -> None:
    """Save the findings of the last collection."""
    path = CourseFolder(folder).quarantine / unit_id / FINDINGS
    if not findings and not path.parent.is_dir():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_dir():  # an earlier version held a student of that name
        path.rename(path.with_name(f"{safe_name(FINDINGS)}-{secrets.token_hex(4)}"))
    printable = [msgspec.structs.replace(finding, source=in_utf8(finding.source)) for finding in findings]
    write_atomically(path, msgspec.json.format(msgspec.json.encode(printable), indent=1))


def read_findings(folder: Path, unit_id: str) -> list[GuardFinding]:
    """The findings of the last collection."""
    path = CourseFolder(folder).quarantine / unit_id / FINDINGS
    return msgspec.json.decode(path.read_bytes(), type=list[GuardFinding]) if path.is_file() else []
