"""What a write to the gradebook changes in grades that are there already: who, from what, to what.

Theory of operation. A write is tried in a transaction, and the grades before and after are read with the gradebook's
own rules: manual scores go first, extra credit is added, penalties are subtracted. If no grade that stood would change,
the write is kept. Otherwise it is rolled back and someone is asked, with nothing locked meanwhile; then the same write
runs again and is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import GraderError, Interrupted
from grader.files import disturbed

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

_GRADES = """
select a.name as unit, sa.student_id as student, sn.name as notebook, bc.name as cell,
  g.auto_score as auto, g.manual_score as manual, g.extra_credit as extra, g.needs_manual_grade as open,
  coalesce(gc.max_score, tc.max_score) as most
from grade g
join base_cell bc on bc.id = g.cell_id
left join grade_cells gc on gc.id = g.cell_id
left join task_cells tc on tc.id = g.cell_id
join (select s.id as id, s.assignment_id as assignment_id, n.name as name from submitted_notebook s
  join notebook n on n.id = s.notebook_id) sn on sn.id = g.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id
join assignment a on a.id = sa.assignment_id
where a.name in :units
order by a.name, sa.student_id, sn.name != a.name, sn.name, bc.name
"""
_SUBMISSIONS = """
select a.name as unit, sa.student_id as student, sum(coalesce(sn.late_submission_penalty, 0)) as penalty,
  min(sa.timestamp) as stamp, min(sa.extension) as extension, min(a.duedate) as due
from submitted_assignment sa
join assignment a on a.id = sa.assignment_id
left join submitted_notebook sn on sn.assignment_id = sa.id
where a.name in :units
group by a.name, sa.student_id
"""
_TINY = 1e-6


class ChangeRefused(GraderError):
    """Someone was asked whether grades may change, and did not agree."""


class Score(msgspec.Struct, frozen=True):
    """One grade cell of one submission, as the gradebook has it."""

    auto: float | None
    manual: float | None
    extra: float
    most: float
    open: bool = False  # a person must look at it

    @property
    def points(self) -> float | None:
        """The points that count; None while nobody has given any."""
        given = self.manual if self.manual is not None else self.auto
        return None if given is None else given + self.extra


class UnitStanding(msgspec.Struct, frozen=True):
    """One student's grade in one unit. `tasks` has each task's cell, by the id of the task."""

    tasks: dict[str, Score]
    penalty: float = 0.0
    stamp: str = ""  # when it was handed in, as the gradebook writes it

    @property
    def earned(self) -> float:
        """The points before the late penalty."""
        return sum(score.points or 0.0 for score in self.tasks.values())

    @property
    def total(self) -> float:
        """The points that count."""
        return max(0.0, self.earned - self.penalty)

    @property
    def most(self) -> float:
        """The maximum points."""
        return sum(score.most for score in self.tasks.values())


class Change(msgspec.Struct, frozen=True):
    """A grade that changes. `asked` says whether it stood for the same work, so that someone must agree."""

    unit: str
    student: str
    before: float
    after: float
    what: tuple[str, ...]
    asked: bool = True


Standings = Mapping[tuple[str, str], UnitStanding]
Agree = Callable[[list[Change]], bool]


def unit_standings(gradebook: Gradebook, units: Iterable[str] | None = None) -> dict[tuple[str, str], UnitStanding]:
    """Every grade in the gradebook, by (unit, student); of these `units` only, if they are given."""
    from sqlalchemy import bindparam, text

    if units is None:
        units = [name for (name,) in gradebook.db.execute(text("select name from assignment"))]
    wanted = {"units": sorted(units)}
    those: Any = bindparam("units", expanding=True)
    scores: dict[tuple[str, str], dict[str, Score]] = {}
    for unit, student, notebook, cell, auto, manual, extra, open_, most in gradebook.db.execute(
        text(_GRADES).bindparams(those), wanted
    ):
        tasks, task = scores.setdefault((unit, student), {}), cell.removeprefix("test_")
        name = task if task not in tasks else f"{notebook}/{task}"  # only in assignments that are not ours
        tasks[name] = Score(auto, manual, extra or 0.0, most or 0.0, bool(open_))
    return {
        (row.unit, row.student): UnitStanding(
            scores.get((row.unit, row.student), {}), row.penalty or 0.0, _written(row.stamp)
        )
        for row in gradebook.db.execute(text(_SUBMISSIONS).bindparams(those), wanted)
    }


def _written(stamp: object) -> str:
    """A moment as SQLite's gradebook has it; PostgreSQL's gives an object."""
    return stamp.isoformat(" ", "microseconds") if isinstance(stamp, datetime) else str(stamp or "")


def compare(
    before: Standings,
    after: Standings,
    *,
    new_work: Iterable[tuple[str, str]] = (),
    renamed: Mapping[str, str] | None = None,
) -> list[Change]:
    """The grades that differ, in the order of units and students. `new_work` was handed in since the last grading.

    `renamed` has the current ids of tasks that had other ids before.
    """
    new = set(new_work)
    changes = []
    for key in sorted(before):
        old, now = before[key], after.get(key, UnitStanding({}))
        if renamed:
            old = msgspec.structs.replace(old, tasks=_under_current_ids(old.tasks, renamed, now.tasks))
        what = tuple(_differences(old, now))
        if not what or not any(score.points is not None for score in old.tasks.values()):
            continue
        decided = _decided(old, now)
        changes.append(Change(*key, old.total, now.total, what, asked=decided and key not in new))
    return changes


def _under_current_ids(
    scores: Mapping[str, Score], renamed: Mapping[str, str], now: Mapping[str, Score]
) -> dict[str, Score]:
    """The scores under the tasks' current ids, unless a task has one already."""
    return {
        new if (new := renamed.get(task, task)) in now and new not in scores else task: score
        for task, score in scores.items()
    }


def _differences(old: UnitStanding, now: UnitStanding) -> Iterable[str]:
    for task in [*old.tasks, *(task for task in now.tasks if task not in old.tasks)]:
        was, is_ = old.tasks.get(task), now.tasks.get(task)
        if was is None or is_ is None or _differs(was.points, is_.points) or _differs(was.most, is_.most):
            yield f"{task}: {_shown(was)} -> {_shown(is_)}"
    if _differs(old.penalty, now.penalty):
        yield f"late penalty: {old.penalty:.4g} -> {now.penalty:.4g}"


def _decided(old: UnitStanding, now: UnitStanding) -> bool:
    """Whether a grade that stood changes; deciding points that were pending does not count."""
    if _differs(old.penalty, now.penalty):
        return True
    for task, was in old.tasks.items():
        is_ = now.tasks.get(task)
        if is_ is None or _differs(was.most, is_.most):
            return True
        if was.points is not None and _differs(was.points, is_.points):
            return True
    return any(task not in old.tasks for task in now.tasks)


def _differs(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > _TINY


def _shown(score: Score | None) -> str:
    if score is None:
        return "not there"
    points = "pending" if score.points is None else f"{score.points:.4g}"
    return f"{points} of {score.most:g}"


def _agreed(agree: Agree, changes: list[Change]) -> bool:
    """Ask; Ctrl-C at the question ends the command at once, as nothing is being written."""
    try:
        with disturbed():
            return agree(changes)
    except KeyboardInterrupt:
        raise Interrupted("interrupted at the question; nothing was written") from None


def write(
    opened: Callable[[], Any],
    change: Callable[[Any], None],
    *,
    agree: Agree | None,
    units: Iterable[str] | None = None,
    new_work: Iterable[tuple[str, str]] = (),
    renamed: Mapping[str, str] | None = None,
    then: Callable[[], None] = lambda: None,
    dry_run: bool = False,
) -> list[Change]:
    """Run `change(gradebook)` in one transaction; return the grades that it changes.

    If grades that stood would change, `agree` is asked first (None: it is agreed). With `dry_run` nothing is kept.
    `units` are those whose grades `change` may touch (None: all). `then` runs before the commit and may still fail.
    Raises ChangeRefused if `agree` refuses, Interrupted if Ctrl-C ends it; then nothing is written.
    """
    changes: list[Change] = []
    asks = agree is not None or dry_run

    def kept(*, agreed: bool) -> bool:
        nonlocal changes
        with opened() as gradebook:
            try:
                before = {} if agreed else unit_standings(gradebook, units)
                change(gradebook)
                gradebook.db.flush()
                if before:
                    after = unit_standings(gradebook, units)
                    changes = compare(before, after, new_work=new_work, renamed=renamed)
                if dry_run or (not agreed and any(changed.asked for changed in changes)):
                    return False
                then()
                gradebook.db.commit()
            finally:
                gradebook.db.rollback()
        return True

    if kept(agreed=not asks) or dry_run:
        return changes
    if agree is not None and not _agreed(agree, changes):
        raise ChangeRefused("nothing was written: the changes were not agreed to")
    kept(agreed=True)
    return changes
