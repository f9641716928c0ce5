"""The course manifest, `course/course.toml`: the one place for units, tasks, points, due dates, limits and concepts.

`load` either returns a `Course` or raises one `ManifestError` that lists every error, each with the file, the key's
path, what was found and what was expected.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from kit.variants import FIRST_EDITION

from grader.course import policies
from grader.course.circles import circles
from grader.course.folder import notebook_name
from grader.course.places import INSTALLED_KIT
from grader.course.policies import Policies
from grader.course.table_reader import Table, TableReader
from grader.errors import GraderError, did_you_mean

_PACKAGE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\Z")  # as PyPI spells a distribution
_MODULE = re.compile(r"([A-Za-z_]\w*/)*[A-Za-z_]\w*\.py\Z", re.ASCII)
_RESERVED = re.compile(r"(test_.*|rubric_.*|text_\d+|bring_\d+|packages|packages_\d+)\Z")  # see `course.assembly`
_NOTEBOOK = re.compile(r"(?!test_)[a-z][a-z0-9_]*\Z")


class ManifestError(GraderError):
    """Every error in a manifest; `.errors` has one line for each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class Limits(msgspec.Struct, frozen=True):
    """The resource limits of one hidden test (and of running the notebook's cells as a whole)."""

    cpu_seconds: float = 10.0  # of computing
    wall_seconds: float = 60.0  # of waiting
    memory_mb: int = 1024  # of all its processes together
    processes: int = 16  # at the same time, threads included


class Task(msgspec.Struct, frozen=True):
    """One exercise: one grade cell; with 0 points it is practice."""

    id: str  # names its cells, its tests and its row in the gradebook
    title: str  # what people read
    points: float  # 0 for practice: checked, and worth nothing
    minutes: float = 0.0  # what a learner needs, for time estimates
    needs: tuple[str, ...] = ()  # the concepts that it builds on
    gives: tuple[str, ...] = ()  # the concepts that it teaches; each is given by one task only
    proves: tuple[str, ...] = ()  # in a placement test: the concepts that a student who passes it already knows
    was: tuple[str, ...] = ()  # its earlier ids
    added_later: str = "pending"  # or "excused": for work handed in before the task was added
    bonus: bool = False  # its points count above the unit's maximum
    by_hand: bool = False  # free text that a teacher grades
    rubric: tuple[str, ...] = ()  # what a teacher gives the points for, a line each: "2: says what was measured"

    @property
    def counted(self) -> float:
        """The points that it adds to the unit's maximum."""
        return 0.0 if self.bonus else self.points


class Unit(msgspec.Struct, frozen=True):
    """One notebook of lessons and exercises, or a few: one assignment of nbgrader."""

    id: str  # names its folders and nbgrader's assignment
    title: str  # what people read
    tasks: tuple[Task, ...]
    root: Path
    minutes: float = 0.0  # what a learner needs for all of it
    due: datetime | None = None  # a date alone means 23:59 UTC
    requires: tuple[str, ...] = ()  # the units that come before it
    limits: Limits = Limits()
    policies: Policies = Policies()
    modules: tuple[str, ...] = ()  # files of Python beside the notebook that students import ("helpers.py")
    packages: tuple[str, ...] = ()  # the course's packages
    pass_at: float = 0.0  # the share of its points with which the unit as a whole is passed; 0 for no such verdict
    more_notebooks: tuple[str, ...] = ()  # the names of the notebooks after the first, which is named for the unit
    one_process: bool = False  # its hidden tests share a process, which halves the cost or better

    @property
    def points(self) -> float:
        """The total points of all tasks but bonus tasks."""
        return sum(task.counted for task in self.tasks)

    @property
    def exercises_dir(self) -> Path:
        """The folder of what students get."""
        return self.root / "exercises" / self.id

    @property
    def solutions_dir(self) -> Path:
        """The folder of what only staff have."""
        return self.root / "solutions" / self.id

    @property
    def notebook_name(self) -> str:
        """The file name of the (first) notebook and of every copy of it."""
        return notebook_name(self.id)

    @property
    def notebook_names(self) -> tuple[str, ...]:
        """The file names of all notebooks, in order."""
        return tuple(map(notebook_name, (self.id, *self.more_notebooks)))

    @property
    def stub(self) -> Path:
        """The (first) notebook's text, as percent cells."""
        return self.exercises_dir / f"{self.id}.py"

    @property
    def stubs(self) -> tuple[Path, ...]:
        """The texts of all notebooks, in order."""
        return tuple(self.exercises_dir / f"{name}.py" for name in (self.id, *self.more_notebooks))

    @property
    def public_checks(self) -> Path:
        """The pytest file that students have."""
        return self.exercises_dir / f"test_{self.id}.py"

    @property
    def reference(self) -> Path:
        """Our correct solution."""
        return self.solutions_dir / "reference.py"

    @property
    def hidden_tests(self) -> Path:
        """The pytest file that students never get."""
        return self.solutions_dir / hidden_tests_name(self.id)

    @property
    def mistakes(self) -> Path:
        """The known wrong solutions; the file is optional."""
        return self.solutions_dir / "mistakes.py"

    def task(self, task_id: str) -> Task:
        """The task `task_id`. Raises a GraderError that suggests the nearest name."""
        found: Task = _find(self.tasks, task_id, f"task of {self.id}")
        return found


class Course(msgspec.Struct, frozen=True):
    """The validated manifest."""

    root: Path
    id: str
    title: str
    edition: str
    units: tuple[Unit, ...]
    limits: Limits = Limits()
    starting: tuple[str, ...] = ()
    policies: Policies = Policies()
    packages: tuple[str, ...] = ()  # what students may import besides the kit's own needs, by distribution name

    @property
    def kit_dir(self) -> Path:
        """The kit that is released with each unit and available in the jail: the course's, or the engine's."""
        own = self.root / "exercises" / "kit"
        return own if own.is_dir() else INSTALLED_KIT

    def unit(self, unit_id: str) -> Unit:
        """The unit `unit_id`. Raises a GraderError that suggests the nearest name and lists all units."""
        found: Unit = _find(self.units, unit_id, "unit")
        return found


def hidden_tests_name(unit_id: str) -> str:
    """The file name of a unit's hidden tests."""
    return f"test_{unit_id}_hidden.py"


def _find(things: Iterable[Any], wanted: str, what: str) -> Any:
    by_id = {thing.id: thing for thing in things}
    if wanted in by_id:
        return by_id[wanted]
    meant = did_you_mean(wanted, by_id)
    raise GraderError(
        " ".join(filter(None, [f"unknown {what} {wanted!r}.", meant, f"There are: {', '.join(by_id) or 'none'}"]))
    )


def load(root: Path) -> Course:
    """The course whose manifest is `root`/course/course.toml (or `root`, if that is a file). Raises GraderError."""
    root = Path(root).resolve()
    path = root if root.is_file() else root / "course" / "course.toml"
    if not path.is_file():
        raise GraderError(f"{path}: no course manifest there; give the folder that holds course/course.toml (--root)")
    shown = f"{path.parent.name}/{path.name}"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError([f"{shown}: not TOML: {error}"]) from None
    return _Reader(shown).course(data, path.absolute().parent.parent)


class _Reader(TableReader):
    """Reads the tables and collects every error on the way."""

    def points(self, data: Table, where: str) -> float:
        if data.get("points") == 0 and not isinstance(data["points"], bool):
            return 0.0
        found = data.get("points")
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 < found < float("inf"):
            return float(found)
        self.wrong(f"{where}.points", found, "a positive number, or 0 for practice")
        return 1.0

    def rubric(self, data: Table, where: str, points: float, *, by_hand: bool) -> tuple[str, ...]:
        """The lines of a rubric. Their points must add up to those of the task."""
        found = data.get("rubric", [])
        lines = found if isinstance(found, list) else [found]
        parts = [re.match(r"(\d+(?:\.\d+)?): *\S", line) if isinstance(line, str) else None for line in lines]
        given = [float(part[1]) for part in parts if part is not None]
        if not isinstance(found, list) or len(given) < len(parts):
            self.wrong(f"{where}.rubric", found, "a list of lines with their points, such as '2: says why'")
        elif parts and not by_hand:
            self.wrong(f"{where}.rubric", found, "no rubric, since the task is not graded by hand (by_hand = true)")
        elif parts and abs(sum(given) - points) > 1e-9:
            self.wrong(f"{where}.rubric", sum(given), f"lines that add up to the task's {points:g} points")
        else:
            return tuple(lines)
        return ()

    def limits(self, data: Table, where: str, default: Limits) -> Limits:
        table = self.table(data, "limits", where)
        names = Limits.__struct_fields__
        self.known(table, f"{where}limits", names)
        values: Table = {}
        for name in names:
            number = self.number(table, name, f"{where}limits", getattr(default, name))
            if not name.endswith("seconds") and number != int(number):
                self.wrong(f"{where}limits.{name}", number, "a whole number")
            values[name] = number if name.endswith("seconds") else max(1, int(number))
        return Limits(**values)

    def policies(self, data: Table, where: str, default: Policies) -> Policies:
        table = self.table(data, "policies", where)
        self.known(table, f"{where}policies", Policies.__struct_fields__)
        known = {key: found for key, found in table.items() if key in Policies.__struct_fields__}
        return policies.read(
            known,
            default,
            whole_course=not where,
            wrong=lambda key, found, expected: self.wrong(f"{where}policies.{key}", found, expected),
        )

    def due(self, data: Table, where: str) -> datetime | None:
        found = data.get("due")
        if found is None:
            return None
        if isinstance(found, datetime):
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(found, date):
            return datetime(found.year, found.month, found.day, 23, 59, tzinfo=UTC)
        self.wrong(f"{where}.due", found, "a date and time (2026-12-31T23:59:00Z)")
        return None

    def course(self, data: Table, root: Path) -> Course:
        self.known(data, "", ("course", "limits", "policies", "concepts", "units"))
        head = self.table(data, "course", "", needed=True)
        self.known(head, "course", ("id", "title", "edition", "packages"))
        course_id = self.ident(head, "course")
        title = self.text(head, "title", "course")
        edition = self.text(head, "edition", "course", FIRST_EDITION)
        concepts = self.table(data, "concepts", "")
        self.known(concepts, "concepts", ("starting",))
        starting = self.texts(concepts, "starting", "concepts")
        limits = self.limits(data, "", Limits())
        rules = self.policies(data, "", Policies())
        packages = self.matching(head, "packages", "course", _PACKAGE, "names of packages, such as 'pandas'")
        units = tuple(
            self.unit(table, f"units[{number}]", root, limits, rules, packages)
            for number, table in enumerate(self.tables(data, "units", ""))
        )
        self.relations(units, starting)
        if self.errors:
            raise ManifestError(self.errors)
        return Course(root, course_id, title, edition, units, limits, starting, rules, packages)

    def unit(
        self,
        data: Table,
        where: str,
        root: Path,
        limits: Limits,
        rules: Policies,
        packages: tuple[str, ...] = (),
    ) -> Unit:
        known = ("id", "title", "minutes", "due", "requires", "limits", "policies", "modules", "pass_at", "tasks")
        self.known(data, where, (*known, "more_notebooks", "one_process"))
        tasks = tuple(
            self.task(table, f"{where}.tasks[{number}]")
            for number, table in enumerate(self.tables(data, "tasks", f"{where}."))
        )
        return Unit(
            id=self.ident(data, where),
            title=self.text(data, "title", where),
            tasks=tasks,
            root=root,
            minutes=self.number(data, "minutes", where, 60),
            due=self.due(data, where),
            requires=self.texts(data, "requires", where),
            limits=self.limits(data, f"{where}.", limits),
            policies=self.policies(data, f"{where}.", rules),
            modules=self.matching(data, "modules", where, _MODULE, "names of Python files, such as 'helpers.py'"),
            packages=packages,
            pass_at=self.share(data, "pass_at", where),
            more_notebooks=self.more_notebooks(data, where),
            one_process=self.flag(data, "one_process", where),
        )

    def more_notebooks(self, data: Table, where: str) -> tuple[str, ...]:
        key, expected = "more_notebooks", "names of notebooks without ending, such as 'second_part', each another one"
        names = self.matching(data, key, where, _NOTEBOOK, expected)
        if len({data.get("id"), *names}) <= len(names):
            self.wrong(f"{where}.{key}", data[key], expected)
        return names

    def task(self, data: Table, where: str) -> Task:
        self.known(data, where, (*Task.__struct_fields__, "one_process"))
        if "one_process" in data:  # until 2026-11 it was a task's
            self.wrong(f"{where}.one_process", data["one_process"], "it once, under [[units]], and not in a task")
        points = self.points(data, where)
        if _RESERVED.match(str(data.get("id", ""))):
            self.wrong(f"{where}.id", data["id"], "another id: cells that the build makes have names like this one")
        by_hand = self.flag(data, "by_hand", where)
        return Task(
            id=self.ident(data, where),
            title=self.text(data, "title", where, data.get("id")),
            points=points,
            minutes=self.number(data, "minutes", where, 10),
            needs=self.texts(data, "needs", where),
            gives=self.texts(data, "gives", where),
            proves=self.texts(data, "proves", where),
            was=self.texts(data, "was", where),
            added_later=self.choice(data, "added_later", where, ("pending", "excused")),
            bonus=self.flag(data, "bonus", where),
            by_hand=by_hand,
            rubric=self.rubric(data, where, points, by_hand=by_hand),
        )

    def relations(self, units: tuple[Unit, ...], starting: tuple[str, ...]) -> None:
        """Check across tables: duplicate names, unknown names, names used before they are defined, cycles."""
        seen: dict[str, str] = {}
        given: dict[str, str] = dict.fromkeys(starting, "concepts.starting")
        everything = {concept for unit in units for task in unit.tasks for concept in task.gives} | set(starting)
        ids = [unit.id for unit in units]
        in_circle = self.circles(units, starting)
        for u, unit in enumerate(units):
            where = f"units[{u}]"
            self.once(seen, unit.id, f"{where}.id")
            for required in unit.requires:
                if required not in ids:
                    self.wrong(f"{where}.requires", required, "the id of a unit", did_you_mean(required, ids))
                elif required not in ids[:u] and (required, unit.id) not in in_circle:
                    self.wrong(f"{where}.requires", required, "a unit that stands above this one")
            tasks: dict[str, str] = {}
            for t, task in enumerate(unit.tasks):
                place = f"{where}.tasks[{t}]"
                self.once(tasks, task.id, f"{place}.id")
                for name in task.was:
                    self.once(tasks, name, f"{place}.was")
                for concept in task.needs:
                    if concept not in everything:
                        meant = did_you_mean(concept, everything)
                        self.wrong(f"{place}.needs", concept, "a concept that some task gives", meant)
                    elif concept not in given and not any((concept, result) in in_circle for result in task.gives):
                        self.wrong(f"{place}.needs", concept, "a concept that is given before it is needed")
                for concept in task.gives:
                    self.once(given, concept, f"{place}.gives")
                for concept in sorted({*task.proves} - everything):
                    meant = did_you_mean(concept, everything)
                    self.wrong(f"{place}.proves", concept, "a concept that some task gives", meant)
        self.requires_cover_needs(units)

    def circles(self, units: tuple[Unit, ...], starting: tuple[str, ...]) -> set[tuple[str, str]]:
        """Report every cycle of needed concepts and required units; return the edges that are part of one."""
        places: dict[str, str] = {}
        needs: dict[str, list[str]] = {}
        for u, unit in enumerate(units):
            for t, task in enumerate(unit.tasks):
                for concept in task.gives:
                    if concept not in starting:
                        places.setdefault(concept, f"units[{u}].tasks[{t}].needs")
                        needs.setdefault(concept, list(task.needs))
        requires = {unit.id: list(unit.requires) for unit in units}
        above = {unit.id: f"units[{u}].requires" for u, unit in enumerate(units)}
        arrows: set[tuple[str, str]] = set()
        for graph, where in ((needs, places), (requires, above)):
            for circle in circles(graph):
                shown = " -> ".join(circle)
                self.errors.append(
                    f"{self.shown}: {where[circle[0]]}: a cycle: {shown} (each is needed for the next); break one arrow"
                )
                arrows.update(itertools.pairwise(circle))
        return arrows

    def requires_cover_needs(self, units: tuple[Unit, ...]) -> None:
        """Check that the units which a unit requires, directly or not, teach every concept that it needs."""
        giver = {concept: unit.id for unit in reversed(units) for task in unit.tasks for concept in task.gives}
        met: dict[str, set[str]] = {}
        for u, unit in enumerate(units):
            met[unit.id] = {unit.id}.union(*(met.get(required, set()) for required in unit.requires))
            for task in unit.tasks:
                for concept in task.needs:
                    source = giver.get(concept, unit.id)
                    if source in met and source not in met[unit.id]:
                        expected = f"{source!r} among them: it gives {concept!r}, which the task {task.id!r} needs"
                        self.wrong(f"units[{u}].requires", list(unit.requires), expected)
                        met[unit.id].add(source)  # one message for each missing unit

    def once(self, seen: dict[str, str], name: str, where: str) -> None:
        if name and name in seen:
            self.wrong(where, name, f"a unique name ({seen[name]} has it already)")
        seen.setdefault(name, where)
