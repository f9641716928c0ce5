"""The exchange's folder, as `grader watch` uses it: what students have handed in, and where their feedback goes."""

from __future__ import annotations

import contextlib
import stat
import time
from datetime import datetime
from pathlib import Path

import msgspec

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.files import write_atomically
from grader.nbgrader import collection
from grader.nbgrader.collection import SECRET, STAMP, small_file
from grader.nbgrader.gradebook_place import config_of

DEFAULT_ROOT = "/usr/local/share/nbgrader/exchange"  # nbgrader's
COPYING_SECONDS = 60  # after which a submission without time or secret is no longer being copied
_OTHER_EXCHANGES = ("exchange", "submit", "collect", "release_feedback", "fetch_feedback")


class HandIn(msgspec.Struct, frozen=True):
    """One student's newest submission of a unit in the exchange."""

    name: str
    stamp: datetime | None  # in UTC without a zone


class Exchange:
    """The exchange of a course folder. Raises GraderError if it is not a folder, as nbgrader's own is."""

    def __init__(self, folder: Path) -> None:
        config = config_of(folder)
        for key in _OTHER_EXCHANGES:
            plugged = str(config.ExchangeFactory.get(key, ""))
            if plugged and not plugged.startswith(("nbgrader.exchange.default.", "grader.nbgrader.exchange.")):
                raise GraderError(f"{folder}: this course uses {plugged}; watching needs nbgrader's own exchange")
        course = str(config.CourseDirectory.get("course_id", "*"))
        self._course = Path(str(config.Exchange.get("root", DEFAULT_ROOT))) / course
        self.inbound = self._course / "inbound"
        self.passed_over: dict[str, str] = {}  # folders that collection would refuse, with the reason
        if not self.inbound.is_dir():
            raise GraderError(
                f"{self.inbound}: no such folder, so nobody can hand in yet. Release a unit first: "
                "nbgrader release_assignment UNIT"
            )

    def newest(self, unit_id: str, *, any_owner: bool = True) -> dict[str, HandIn]:
        """Each student's newest submission of a unit; as in collection, a refused one only if all are.

        Nothing is opened: refused here are a time that cannot be read or lies ahead, and, without `any_owner`, another
        user's folder.
        """
        handed_in: dict[str, list[HandIn]] = {}
        for path in self.inbound.glob(f"*+{unit_id}+*"):
            if named := collection.exchange_name(path.name, unit_id):
                new = HandIn(path.name, collection.read_moment(named.stamp))
                handed_in.setdefault(named.student, []).append(new)
        found = {}
        for student, entries in handed_in.items():
            entries.sort(key=lambda entry: (entry.stamp or datetime.min, entry.name), reverse=True)
            good = (entry for entry in entries if not self._passed_over(entry, student, any_owner=any_owner))
            found[student] = next(good, entries[0])  # the owner of an older one is not looked up
        return found

    def _passed_over(self, entry: HandIn, student: str, *, any_owner: bool) -> bool:
        """Whether collection would refuse a folder by its name or its owner; why is in `passed_over`."""
        why = ""
        if entry.stamp is None:
            why = "the time in its name cannot be read"
        elif entry.stamp > collection.now_in_utc() + collection.CLOCKS_DIFFER:
            why = "its time lies in the future"
        elif not any_owner:
            with contextlib.suppress(OSError):  # it is gone
                owner = collection.user_name((self.inbound / entry.name).lstat().st_uid)
                why = f"it belongs to the user {owner}" if owner != student else ""
        if why:
            self.passed_over[entry.name] = why
        return bool(why)

    def is_whole(self, handed_in: HandIn) -> bool:
        """Whether `nbgrader submit` has finished: it writes time and secret last. One that never ends is taken too."""
        place = self.inbound / handed_in.name
        try:
            facts = place.lstat()
        except OSError:
            return False
        if not stat.S_ISDIR(facts.st_mode) or not 0 <= time.time() - facts.st_ctime < COPYING_SECONDS:
            return True
        return bool(small_file(place / STAMP) and small_file(place / SECRET))

    def release(self, unit: manifest.Unit, student: str, page: str, folder: Path) -> None:
        """Put a feedback page where `nbgrader generate_feedback` and `release_feedback` put it.

        The time beside it is written last: `released_stamp` says so after a kill.
        """
        from nbgrader.utils import notebook_hash

        layout, pages = CourseFolder(folder), self._course.joinpath("feedback")
        graded, place = layout.autograded(student, unit.id), layout.feedback_page(student, unit.id).parent
        secret = small_file(graded / SECRET).strip()
        if not pages.is_dir():
            pages.mkdir(mode=0o711)
        for name in unit.notebook_names:
            stem = Path(name).stem
            write_atomically(place / f"{stem}.html", page)
            target = pages / f"{notebook_hash(secret=secret, notebook_id=stem)}.html"
            write_atomically(target, page)
            target.chmod(0o644)
        write_atomically(place / SECRET, secret)
        write_atomically(place / STAMP, small_file(graded / STAMP))


def released_stamp(folder: Path, unit_id: str, student: str) -> str:
    """The time of the submission whose feedback was released last; "" if none was."""
    return small_file(CourseFolder(folder).feedback_page(student, unit_id).parent / STAMP).strip()
