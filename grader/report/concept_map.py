"""The prerequisite map of a course: text with a rail for each concept, and a Markdown page with text and picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kit.needed import duration

from grader.course import concepts
from grader.course.concepts import Step
from grader.course.manifest import Course, Unit
from grader.report.map_picture import svg


def text(course: Course) -> str:
    """One line per task, and a rail for each concept from the task that gives it to the last that needs it."""
    course = concepts.without_placement(course)
    lines = [
        "A rail is a concept: o where it is given (or known at the start), * where it is needed, | where it passes.",
    ]
    last = {concept: step.name for step in concepts.steps(course) for concept in step.task.needs}
    rails: list[str | None] = []
    body: list[tuple[str, str, str]] = []
    body += [(_lay(rails, [concept]), concept, "known at the start") for concept in course.starting if concept in last]
    for unit in course.units:
        body.append((_rails(rails), "", ""))
        body.append((_rails(rails), f"{unit.title} ({unit.id}, {_size(unit)})", ""))
        for task in unit.tasks:
            step = Step(unit, task)
            lasting = [concept for concept in task.gives if concept in last]
            drawn = _lay(rails, lasting, dict.fromkeys(task.needs, "*"))
            rails[:] = [None if concept and last[concept] == step.name else concept for concept in rails]
            while rails and rails[-1] is None:
                rails.pop()
            name = f"{task.id}, {task.minutes:g} min"
            body.append((drawn, f"  {name:28}", f"{', '.join(task.needs)} => {', '.join(task.gives)}"))
    width = max((len(drawn) for drawn, _, _ in body), default=0)
    lines += [f"{drawn:{width}}  {name} {says}".rstrip() for drawn, name, says in body]
    return "\n".join(lines)


def _lay(rails: list[str | None], new: Iterable[str], marks: Mapping[str, str] | None = None) -> str:
    """Give each new concept the first free rail, and draw the row."""
    marks = dict(marks or {})
    for concept in new:
        if None in rails:
            rails[rails.index(None)] = concept
        else:
            rails.append(concept)
        marks[concept] = "o"
    return _rails(rails, marks)


def _rails(rails: Sequence[str | None], marks: Mapping[str, str] | None = None) -> str:
    return " ".join(" " if concept is None else (marks or {}).get(concept, "|") for concept in rails).rstrip()


def _size(unit: Unit) -> str:
    count = len(unit.tasks)
    return f"{count} task{'s' * (count > 1)}, {duration(sum(task.minutes for task in unit.tasks))}"


def write_picture(course: Course, picture: Path) -> None:
    """Write the picture (SVG); create its folder if necessary."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(svg(course), encoding="utf-8")


def write_map_page(course: Course, page: Path) -> None:
    """Write the Markdown page and, next to it, its picture."""
    picture = page.with_suffix(".svg")
    write_picture(course, picture)
    page.write_text(_markdown(course, picture.name), encoding="utf-8")


def _markdown(course: Course, picture: str) -> str:
    rows = []
    for concept in concepts.ends(course):
        path = concepts.path_to(course, concept)
        rows.append(f"| `{concept}` | {len(path.steps)} | {duration(path.minutes)} |")
    return f"""# The prerequisite map

Drawn by `grader map --page` from `course/course.toml`; change it there. `grader path mlp-train` lists the shortest path
to a concept, a task or a unit.

![The tasks of each unit, the concepts that they give, and what each of them needs]({picture})

An arrow runs from a concept to a task that needs it. What a task needs anyway, because something else that it needs
rests on it, has no separate arrow; the list below names every need.

## Shortest paths to the concepts that nothing else needs

| concept | tasks | time |
|---|---|---|
{chr(10).join(rows)}

## Every need

```text
{text(course)}
```
"""
