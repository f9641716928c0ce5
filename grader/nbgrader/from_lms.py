"""Bring in submissions from the zip that a learning management system makes, or from a plain folder.

Theory of operation. The names in the zip say whose each file is; `owner` knows the schemes of Moodle and Canvas, and
the roster says which student has that id, e-mail or name. Files are unpacked into a private folder, within limits and
only below it. Then each submission passes the same guard as one from the exchange, and is put in place whole; what the
guard refuses goes to quarantine/.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
import stat
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader.course import notebooks
from grader.course.folder import CourseFolder, notebook_name
from grader.errors import GraderError, did_you_mean
from grader.nbgrader import collection
from grader.nbgrader.collection import MAX_BYTES, MAX_ENTRIES, SECRET, STAMP, STAMP_FORMAT, GuardFinding
from grader.nbgrader.whole import put_in_place
from grader.printable import one_line

_MOODLE_FOLDER = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?")
_MOODLE_FILE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_+(?P<file>.+)")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<submission>\d+)_(?P<file>.+)")
_CANVAS_TEXT = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>(?:text|link)\.html)")
# Canvas and browsers number a notebook that is uploaded again, and Safari saves it as "a.ipynb.json".
_NOTEBOOK = re.compile(r"(?P<name>.*?)(?:-\d+| ?\(\d+\))?\.ipynb(?:\.json|\.txt)?", re.IGNORECASE)
_MARKS = ("Mn", "Mc")  # the vowels of many scripts
_IN_UTF8 = 0x800  # the flag of a zip's entry whose name is in UTF-8
MAX_ZIP = 2_000_000_000  # bytes, unpacked, of one zip

Known = Mapping[str, str]  # from an id, e-mail or name in another system to the student


class Piece(NamedTuple):
    """One file of a submission: the LMS's name or id of its student, where it belongs, and where it is read from."""

    owner: tuple[str, ...]  # from the most to the least certain
    name: str
    source: Path | zipfile.ZipInfo
    moment: datetime.datetime


def collect_from(
    source: Path,
    unit_id: str,
    folder: Path,
    *,
    known: Known,
    update: bool = False,
    handed_in: datetime.datetime | None = None,
) -> tuple[list[str], list[GuardFinding]]:
    """Bring in submissions of a unit; return whose submissions came in, and what was held back or not placed.

    `known` maps the LMS's ids and names to students (see `names_of`). Present submissions stay unless `update` is set
    and the new one is newer. `handed_in` (UTC, without a zone) counts instead of the times in the zip. Raises
    GraderError.
    """
    if not source.exists():
        raise GraderError(f"{source}: no such file or folder; give the zip from Moodle or Canvas, or a folder")
    ours = CourseFolder(folder)
    if any(source.resolve().is_relative_to(place.resolve()) for place in (ours.all_submitted, ours.quarantine)):
        raise GraderError(f"{source}: in the course folder already, so there is nothing to bring in from it")
    came: list[str] = []
    names, others = _notebook_names(folder, unit_id), _notebooks_of_others(folder, unit_id)
    by_student, findings = _by_student(source, unit_id, known)
    with tempfile.TemporaryDirectory(prefix="from-lms-") as place:
        for number, (student, pieces) in enumerate(by_student.items()):
            of_others = _only_of_others(pieces, others)
            if of_others and source.is_dir():  # a folder for the whole course; a zip is of one assignment
                findings.append(GuardFinding(student, str(source), notes=(f"{of_others}; nothing was taken",)))
                continue
            into = Path(place) / str(number)
            into.mkdir()
            own = [piece for piece in pieces if piece.name.casefold() not in others]
            reason = _unpack(own or pieces, source, into, names, handed_in) or of_others
            finding = _place(into, student, unit_id, folder, reason, update=update)
            if finding is None or not finding.held:
                came.append(student)
            if finding is not None:
                findings.append(finding)
    return came, findings


def names_of(people: Iterable[Mapping[str, str]], students: Iterable[str]) -> dict[str, str]:
    """What other systems call each student: ids, e-mails, logins and names of the roster, and the students' own ids.

    A name that two people share stands for nobody; a student's id, as it is written, always for that student.
    """
    students = list(students)
    known: dict[str, str] = {}
    shared: set[str] = set()

    def note(key: str, student: str) -> None:
        key = _key(key)
        if key and known.setdefault(key, student) != student:
            shared.add(key)

    people = list(people)
    for student in students:
        note(student, student)
    for person in people:
        student, first, last = person["student"], person.get("first_name", ""), person.get("last_name", "")
        for field in ("student", "email", "canvas_login", "sis_id", "moodle_id"):
            note(person.get(field, ""), student)
        if person.get("canvas_id"):
            note(f"canvas {person['canvas_id']}", student)
        if first or last:
            note(f"{first} {last}", student)
            note(f"{last} {first}", student)
            note(f"{last}{first}", student)
    exact = {student: student for student in (*students, *(person["student"] for person in people))}
    return {key: student for key, student in known.items() if key not in shared} | exact


def names_in(source: Path, unit_id: str) -> dict[str, str]:
    """`names_of` where the names in a plain folder are the students' ids: of folders, or of notebooks (ada_unit_1)."""
    entries = [entry for entry in source.iterdir() if not _of_a_tool(entry.name)]
    names = (entry.name if entry.is_dir() else entry.stem.removesuffix(f"_{unit_id}") for entry in entries)
    return names_of([], sorted(set(names)))


def _notebook_names(folder: Path, unit_id: str) -> tuple[str, ...]:
    """The file names of the unit's notebooks, the first one first, as they were released."""
    path, more = CourseFolder(folder).released_notebook(unit_id), []
    if path.is_file():
        more = notebooks.more_of(json.loads(path.read_text(encoding="utf-8")))
    return tuple(map(notebook_name, (unit_id, *more)))


def _key(text: str) -> str:
    """A name as it is compared: case, spaces and punctuation do not count; letters of all scripts do.

    macOS takes `ü` apart into `u` and a mark; it is put together again.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(
        letter for letter in text if letter.isalnum() or letter == "@" or unicodedata.category(letter) in _MARKS
    )


def _released_name(path: str) -> str:
    """The name that a notebook had when it was released, as far as a file's name shows; "" if it is not a notebook."""
    found = _NOTEBOOK.fullmatch(PurePosixPath(path).name)
    return notebook_name(found["name"]) if found else ""


def _of_a_tool(name: str) -> bool:
    """Whether macOS, Jupyter or git keeps this file or folder for itself."""
    return name in ("__MACOSX", ".DS_Store", ".ipynb_checkpoints", ".git") or name.startswith("._")


def owner(path: str) -> tuple[tuple[str, ...], str] | None:
    """Whose file this is, by the names of Moodle, Canvas or a plain folder: (its owner's names, the file's name).

    The numbers are named for their system: the same number is another student's in the other, and Moodle makes new ones
    for each assignment.
    """
    parts = PurePosixPath(path).parts
    if not parts or any(part in ("..", "/") or _of_a_tool(part) for part in parts):
        return None
    first, last = parts[0], parts[-1]
    if len(parts) > 1 and (found := _MOODLE_FOLDER.fullmatch(first)):
        return (found["name"], f"moodle {found['id']}"), "/".join(parts[1:])
    if len(parts) == 1 and (found := _MOODLE_FILE.fullmatch(last)):
        return (found["name"], f"moodle {found['id']}"), found["file"]
    if len(parts) == 1 and (found := _CANVAS.fullmatch(last) or _CANVAS_TEXT.fullmatch(last)):
        return (f"canvas {found['id']}", found["name"]), found["file"]
    if len(parts) > 1:
        return (first,), "/".join(parts[1:])
    return (PurePosixPath(last).stem,), last


def _notebooks_of_others(folder: Path, unit_id: str) -> frozenset[str]:
    """The file names of the notebooks that were released with the other units, in lower case."""
    release = CourseFolder(folder).release(unit_id).parent
    units = {path.name for path in release.iterdir()} - {unit_id} if release.is_dir() else ()
    return frozenset(name.casefold() for unit in units for name in _notebook_names(folder, unit))


def _only_of_others(pieces: list[Piece], others: frozenset[str]) -> str:
    """A message with their names if all notebooks belong to other units; "" if not."""
    found = sorted({name for piece in pieces if (name := _released_name(piece.name))})
    only = found and others.issuperset(name.casefold() for name in found)
    return f"there is work on other units only ({one_line(', '.join(found), 200)})" if only else ""


def _by_student(source: Path, unit_id: str, known: Known) -> tuple[dict[str, list[Piece]], list[GuardFinding]]:
    """The files of each student, and a finding for the files that belong to nobody."""
    found: dict[str, list[Piece]] = {}
    rest: dict[tuple[str, ...], list[Piece]] = {}
    for piece in _zip_pieces(source, unit_id, known) if source.is_file() else _folder_pieces(source, unit_id, known):
        student = _student(piece.owner, unit_id, known)
        (rest.setdefault(piece.owner, []) if student is None else found.setdefault(student, [])).append(piece)
    members = {called: _after_team(called, known) for called in rest}
    for called, student in members.items():
        if student and student not in found and list(members.values()).count(student) == 1:
            found[student] = rest.pop(called)
    findings = []
    for called, pieces in rest.items():
        who = one_line(" / ".join(called), 120)
        advice = (
            "nobody on the roster has this id or name: add them (`grader roster FILE`), or name the folder for them; "
            "if the LMS hides names, let it show them first"
        )
        findings.append(GuardFinding(who, pieces[0].name, (advice,), held=True))
    return found, findings


def _student(called: tuple[str, ...], unit_id: str, known: Known) -> str | None:
    """The student whom another system calls by one of these names."""
    names = (*called, *(name.removesuffix(f"_{unit_id}") for name in called))
    return next((known[key] for name in names for key in (name, _key(name)) if key in known), None)


def _after_team(called: tuple[str, ...], known: Known) -> str | None:
    """The student whose full name follows the name of a team, as in Moodle's "Team 1-Ada Lovelace"."""
    ends = (name[at + 1 :] for name in called for at, letter in enumerate(name) if letter == "-")
    return next((known[_key(end)] for end in ends if " " in end.strip() and _key(end) in known), None)


def _paths(paths: Iterable[str], unit_id: str, known: Known) -> dict[str, str]:
    """Each path, without the folder around all of them that unpacking a zip and packing it again adds."""
    owners = {path: owner(path) for path in paths}
    whole = {path: path for path, whose in owners.items() if whose}
    inner = {path: path.partition("/")[2] for path in whole}
    around = len({path.partition("/")[0] for path in whole}) == 1

    def someone(of: Iterable[str]) -> bool:
        return any(_student(whose[0], unit_id, known) for path in of if (whose := owner(path)))

    return inner if around and not someone(whole) and someone(inner.values()) else whole


def _zip_pieces(source: Path, unit_id: str, known: Known) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(source) as file:
            entries = file.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise GraderError(f"{source}: not a zip that can be read ({error})") from None
    if sum(entry.file_size for entry in entries) > MAX_ZIP:
        raise GraderError(f"{source}: more than {MAX_ZIP / 1e9:g} GB when unpacked; nothing was brought in")
    files = [(_zip_name(entry), entry) for entry in entries if not entry.is_dir()]
    paths = _paths((name for name, _ in files), unit_id, known)
    for name, entry in files:
        if name in paths and (whose := owner(paths[name])):
            yield Piece(*whose, entry, _zip_time(entry))


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The name of a file in a zip. macOS writes UTF-8 without the flag that says so; then zipfile has read cp437."""
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _IN_UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _zip_time(entry: zipfile.ZipInfo) -> datetime.datetime:
    try:
        return datetime.datetime(*entry.date_time)
    except ValueError:
        return collection.now_in_utc()


def _folder_pieces(source: Path, unit_id: str, known: Known) -> Iterator[Piece]:
    files = {path.relative_to(source).as_posix(): path for path in sorted(source.rglob("*"))}
    kinds = {name: path.lstat() for name, path in files.items()}
    paths = _paths((name for name, facts in kinds.items() if not stat.S_ISDIR(facts.st_mode)), unit_id, known)
    for name, inner in paths.items():
        if whose := owner(inner):
            moment = datetime.datetime.fromtimestamp(kinds[name].st_mtime, datetime.UTC).replace(tzinfo=None)
            yield Piece(*whose, files[name], moment)


def _chosen(pieces: list[Piece], names: tuple[str, ...]) -> dict[str, Piece]:
    """The piece that is each of the unit's notebooks `names`: the newest of that name.

    If nothing has the name of the first, the newest of all other notebooks is taken for it.
    """
    found: dict[str, Piece] = {}
    rest: list[Piece] = []
    wanted = {name.casefold(): name for name in names}
    for piece in sorted(pieces, key=lambda piece: piece.moment):
        name = _released_name(piece.name)
        if name.casefold() in wanted:
            found[wanted[name.casefold()]] = piece
        elif name:
            rest.append(piece)
    if names[0] not in found and rest:
        found[names[0]] = rest[-1]
    return found


def _unpack(
    pieces: list[Piece], source: Path, into: Path, names: tuple[str, ...], handed_in: datetime.datetime | None
) -> str:
    """Write a student's files below `into`, with the time of the newest; return why they cannot be taken, or ""."""
    chosen = _chosen(pieces, names)
    if not chosen:
        there = one_line(", ".join(piece.name for piece in pieces[:3]) + ", ..." * (len(pieces) > 3), 200)
        packed = any(piece.name.casefold().endswith((".zip", ".7z", ".rar", ".gz")) for piece in pieces)
        advice = "; unpack it into a folder named for the student, and collect that with --from" * packed
        return f"there is no notebook (.ipynb) in it, only {there}{advice}"
    newest = max(chosen.values(), key=lambda piece: piece.moment)
    become = {id(piece): name for name, piece in chosen.items()}
    others = {name.casefold() for name in names}
    if len(pieces) > MAX_ENTRIES or sum(_size(piece) for piece in pieces) > MAX_BYTES:
        return f"it has more than {MAX_ENTRIES} files or {MAX_BYTES / 1e6:.0f} MB"
    archive = zipfile.ZipFile(source) if source.is_file() else None
    try:
        for piece in sorted(pieces, key=lambda piece: piece.moment):
            target = into / become.get(id(piece), piece.name)
            if id(piece) not in become and _released_name(target.name).casefold() in others:
                continue  # an earlier version of it
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(piece, archive, target)
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError) as error:
        return f"it cannot be unpacked ({type(error).__name__}: {error})"
    finally:
        if archive is not None:
            archive.close()
    # The times in a zip have no zone: one that seems to lie ahead is now.
    moment = handed_in or min(newest.moment, collection.now_in_utc())
    (into / STAMP).write_text(moment.strftime(STAMP_FORMAT), encoding="utf-8")
    return ""


def _size(piece: Piece) -> int:
    return piece.source.file_size if isinstance(piece.source, zipfile.ZipInfo) else piece.source.lstat().st_size


def _copy(piece: Piece, archive: zipfile.ZipFile | None, target: Path) -> None:
    """Write one file. A link stays a link, so that the guard refuses it; nothing is followed."""
    if isinstance(piece.source, Path):
        if piece.source.is_symlink():
            target.symlink_to(piece.source.readlink())
        elif piece.source.is_file():
            shutil.copyfile(piece.source, target)
        return
    assert archive is not None
    if stat.S_ISLNK(piece.source.external_attr >> 16):
        target.symlink_to("link")
        return
    with archive.open(piece.source) as file, target.open("wb") as out:
        left = piece.source.file_size
        while left >= 0 and (part := file.read(min(1 << 20, left + 1))):
            left -= len(part)
            out.write(part)
    if left < 0:
        raise ValueError("it is larger than it says")


def _place(made: Path, student: str, unit_id: str, folder: Path, reason: str, *, update: bool) -> GuardFinding | None:
    """Let the guard look at a submission, and put it in place or in quarantine. Returns what there is to say."""
    target = CourseFolder(folder).submitted(student, unit_id)
    verdict = collection.admit(collection.survey(made), unit_id, student=student, now=collection.now_in_utc())
    refused = (*((reason,) if reason else ()), *verdict.refused)
    source = str(made.name)
    if refused:
        held = not target.exists()
        if held:
            collection.hold(folder, unit_id, student, refused, secret="", evidence=made, move=True)
        return GuardFinding(student, source, refused, held=held)
    if target.exists():
        old = collection.read_moment(collection.small_file(target / STAMP).strip())
        new = collection.read_moment(collection.small_file(made / STAMP).strip())
        if not update:
            return GuardFinding(student, source, notes=("already there; --update takes a newer one in its place",))
        if old is not None and new is not None and new <= old:
            return GuardFinding(student, source, notes=("what is there is as new, so it stays",))
    collection.mend(made, verdict)
    secret = collection.small_file(target / SECRET).strip()
    if collection.is_secret(secret):  # with it the student still finds earlier feedback
        (made / SECRET).write_text(secret, encoding="utf-8")
    put_in_place(made, target)
    collection.release(folder, unit_id, student)
    return None


def admit_held(folder: Path, unit_id: str, student: str) -> list[str]:
    """Let a quarantined submission through, by a person's decision; return what was left out. Raises GraderError.

    Only its regular files are taken, as they are: links are left out, and a time that lies ahead becomes now.
    """
    held = collection.held(folder, unit_id)
    if student not in held:
        meant = did_you_mean(
            student, held, otherwise="There are none." if not held else f"There are: {', '.join(held)}"
        )
        raise GraderError(f"{one_line(student)}: no submission of {unit_id} is held back. {meant}")
    place, target = CourseFolder(folder).held(unit_id, student), CourseFolder(folder).submitted(student, unit_id)
    sources = {finding.student: Path(finding.source) for finding in collection.read_findings(folder, unit_id)}
    evidence = next(iter(sorted(place.glob("submission-*"), reverse=True)), sources.get(student))
    if evidence is None or not evidence.is_dir() or evidence.is_symlink():
        raise GraderError(f"{evidence or place}: not a folder, so it cannot be let through; see {place / 'reason.txt'}")
    with tempfile.TemporaryDirectory(prefix="admit-") as private:
        copy = Path(private) / "submission"
        handed = collection.survey(evidence, into=copy)
        stamp = collection.read_moment(handed.stamp)
        if stamp is None or stamp > collection.now_in_utc():
            (copy / STAMP).write_text(collection.now_in_utc().strftime(STAMP_FORMAT), encoding="utf-8")
        verdict = collection.admit(collection.survey(copy), unit_id, student=student, now=collection.now_in_utc())
        if verdict.refused:
            raise GraderError(f"{evidence}: cannot be let through: {'; '.join(verdict.refused)}")
        collection.mend(copy, verdict)
        put_in_place(copy, target)
    collection.release(folder, unit_id, student)
    return [entry.path for entry in handed.entries if entry.kind not in ("file", "folder")]
