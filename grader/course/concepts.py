"""The prerequisite map: which task teaches a concept, and what must be done before it.

Each concept is taught by exactly one task and never needed before it is taught (the manifest checks both), so walking
back from a goal finds a single path. It is the shortest, and following course order respects every prerequisite.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from grader.course.manifest import Course, Task, Unit
from grader.errors import GraderError, did_you_mean


class Step(msgspec.Struct, frozen=True):
    """A task in its unit."""

    unit: Unit
    task: Task

    @property
    def name(self) -> str:
        """The name of the task within the whole course: unit/task."""
        return f"{self.unit.id}/{self.task.id}"


class LearningPath(msgspec.Struct, frozen=True):
    """All tasks to do for `goal`, in a valid order; empty if it is known at the start."""

    goal: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """The total time estimate."""
        return sum(step.task.minutes for step in self.steps)


def steps(course: Course) -> tuple[Step, ...]:
    """Every task of the course, in order."""
    return tuple(Step(unit, task) for unit in course.units for task in unit.tasks)


def givers(course: Course) -> dict[str, Step]:
    """Every concept that is taught, with the task that teaches it, in order."""
    return {concept: step for step in steps(course) for concept in step.task.gives}


def path_to(course: Course, goal: str) -> LearningPath:
    """The shortest path to a concept, a task (`slope`, or `u1_derivative_intuition/slope`) or a unit.

    Raises a GraderError that suggests the nearest names if there is no such goal.
    """
    what, last = _resolve(course, goal)
    needed = {step.name for step in last} | ancestors(course, last)
    return LearningPath(f"{what} {goal}", tuple(step for step in steps(course) if step.name in needed))


def ancestors(course: Course, last: Iterable[Step]) -> set[str]:
    """The names of all prerequisite tasks of those in `last`."""
    giver = givers(course)
    found: set[str] = set()
    todo = [concept for step in last for concept in step.task.needs]
    while todo:
        step = giver.get(todo.pop())
        if step and step.name not in found:  # no task teaches a starting concept
            found.add(step.name)
            todo += step.task.needs
    return found


def shown_by(course: Course) -> dict[str, tuple[str, ...]]:
    """For each task (by name), the placement tasks that prove what it gives, or what rests on that."""
    giver = givers(course)
    found: dict[str, tuple[str, ...]] = {}
    for step in steps(course):
        proven = [giver[concept] for concept in step.task.proves if concept in giver]
        for name in sorted({known.name for known in proven} | ancestors(course, proven)):
            found[name] = (*found.get(name, ()), step.name)
    return found


def without_placement(course: Course) -> Course:
    """The course without its placement tasks, which teach nothing."""
    taught = [replace(unit, tasks=tuple(task for task in unit.tasks if not task.proves)) for unit in course.units]
    return replace(course, units=tuple(unit for unit in taught if unit.tasks))


def placement(course: Course) -> dict[Step, tuple[Step, ...]]:
    """The placement tasks, each with the tasks it shows to be known, in course order."""
    shown = shown_by(course)
    every = steps(course)
    return {
        test: tuple(step for step in every if test.name in shown.get(step.name, ()))
        for test in every
        if test.task.proves
    }


def needed_steps(course: Course, unit: Unit) -> tuple[Step, ...]:
    """The tasks of other units that the tasks of `unit` build on, in course order."""
    names = ancestors(course, [Step(unit, task) for task in unit.tasks])
    return tuple(step for step in steps(course) if step.name in names and step.unit.id != unit.id)


def arrows(course: Course) -> dict[str, tuple[str, ...]]:
    """For each concept that is needed, the tasks that the map draws an arrow to.

    It omits tasks that need the concept anyway, because another of their prerequisites depends on it.
    """
    giver = givers(course)
    users: dict[str, tuple[str, ...]] = {}
    for step in steps(course):
        sources = {need: giver[need] for need in step.task.needs if need in giver}
        implied = ancestors(course, sources.values())
        for need in step.task.needs:
            if need not in sources or sources[need].name not in implied:
                users[need] = (*users.get(need, ()), step.name)
    return users


def ends(course: Course) -> tuple[str, ...]:
    """The concepts that no task needs: the final goals of the course."""
    needed = {concept for step in steps(course) for concept in step.task.needs}
    return tuple(concept for concept in givers(course) if concept not in needed)


def _resolve(course: Course, goal: str) -> tuple[str, list[Step]]:
    """The kind of goal and the tasks that reach it. Concepts take precedence over tasks, and tasks over units."""
    every = steps(course)
    giver = givers(course)
    if goal in giver:
        return "concept", [giver[goal]]
    if goal in course.starting:
        return "concept", []
    tasks = [step for step in every if goal in (step.name, step.task.id)]
    if len(tasks) > 1:
        raise GraderError(f"{goal!r} is a task of more than one unit; say {' or '.join(step.name for step in tasks)}")
    if tasks:
        return "task", tasks
    if goal in {unit.id for unit in course.units}:
        return "unit", [step for step in every if step.unit.id == goal]
    names = dict.fromkeys([*giver, *course.starting, *(s.task.id for s in every), *(u.id for u in course.units)])
    meant = did_you_mean(goal, names, otherwise="`grader map` shows all there are.")
    raise GraderError(f"unknown goal {goal!r}: expected a concept, a task or a unit of the course. {meant}")
