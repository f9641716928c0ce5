"""`needed()` says which earlier exercises a unit builds on, and which of them you have passed.

A release holds a list of those exercises beside this file (the grader's build makes it from the course's map). What you
have passed is read from the feedback pages that lie in the folders beside this one, the newest of each unit.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TypedDict

NEEDED_FILE = "needed.json"  # beside this file, in a release
PASSED = "passed-tasks"  # the name of the feedback page's <meta> that lists the tasks passed
_META = re.compile(rf'<meta name="{PASSED}" content="([\w ]*)">')
_HEAD = 1 << 16  # bytes of a page that are searched


class NeededTask(TypedDict):
    """An exercise of an earlier unit; passing a task in `shown_by` (unit/task) also shows that it is known."""

    task: str
    title: str
    minutes: float
    shown_by: list[str]


class NeededUnit(TypedDict):
    """An earlier unit, with those of its exercises that are needed."""

    unit: str
    title: str
    tasks: list[NeededTask]


def needed(folder: str | Path | None = None) -> None:
    """Print the earlier exercises that this unit builds on, and which of them are left for you."""
    path = Path(__file__).with_name(NEEDED_FILE)
    if os.environ.get("KIT_GRADING") or not path.is_file():
        return
    units: list[NeededUnit] = json.loads(path.read_text(encoding="utf-8"))
    passed = _passed(Path(folder or Path.cwd().parent))
    print("\n".join(_lines(units, passed)))


def _lines(units: list[NeededUnit], passed: set[str] | None) -> list[str]:
    tasks = [task for unit in units for task in unit["tasks"]]
    if not tasks:
        return ["This unit needs none of the exercises before it."]
    left = [(unit, [task for task in unit["tasks"] if not _known(unit, task, passed or set())]) for unit in units]
    count = sum(len(tasks_left) for _, tasks_left in left)
    exercises = f"{len(tasks)} exercise" + "s" * (len(tasks) != 1)
    lines = [f"For this unit you need {exercises} from earlier on ({duration(_minutes(tasks))})."]
    if passed is None:
        lines.append("No feedback on them lies in the folders beside this one, so here is the whole list:")
    elif count == 0:
        return [*lines, "You have passed them all. Off you go!"]
    else:
        still = [task for _, tasks_left in left for task in tasks_left]
        lines.append(f"You have passed {len(tasks) - count} of them. {count} left ({duration(_minutes(still))}):")
    return [*lines, *(f"  {unit['title']}: {', '.join(task['title'] for task in rest)}" for unit, rest in left if rest)]


def _known(unit: NeededUnit, task: NeededTask, passed: set[str]) -> bool:
    return not passed.isdisjoint([f"{unit['unit']}/{task['task']}", *task["shown_by"]])


def duration(minutes: float) -> str:
    """Minutes in readable form: 45 min, 3 h 20."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def _minutes(tasks: list[NeededTask]) -> float:
    return sum(task["minutes"] for task in tasks)


def _passed(folder: Path) -> set[str] | None:
    """The tasks passed (unit/task) by the newest feedback page of each unit in `folder`; None without any page.

    A fetched page is <unit>/feedback/<time>/<unit>.html; one that was downloaded may lie anywhere in the unit's folder.
    """
    found: dict[str, tuple[str, set[str]]] = {}
    for page in (*folder.glob("*/*.html"), *folder.glob("*/feedback/*.html"), *folder.glob("*/feedback/*/*.html")):
        try:
            with page.open(encoding="utf-8", errors="replace") as file:
                listed = _META.search(file.read(_HEAD))
        except OSError:
            continue
        unit = page.relative_to(folder).parts[0]
        if listed and (unit not in found or str(page) > found[unit][0]):
            found[unit] = (str(page), {f"{unit}/{task}" for task in listed[1].split()})
    return set[str]().union(*(tasks for _, tasks in found.values())) if found else None
