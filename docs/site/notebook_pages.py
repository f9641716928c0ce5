"""The course's notebooks as pages: text, stubs and the pictures that an untouched notebook draws. Never a solution.

A page is made from `exercises/` alone. The cells run in a folder that holds what students get, in a separate kernel.
"""

from __future__ import annotations

import base64
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.course.data import link_folder
from grader.course.manifest import Course, Task, Unit
from grader.course.notebooks import PercentCell, percent_cells
from grader.report.words import points

STUDENT = "ada"  # whose variants the pages show
_LABEL = "{unit}-{task}"


def label(unit: Unit, task: Task) -> str:
    """The name of the place on a unit's page where a task is asked."""
    return _LABEL.format(unit=unit.id, task=task.id).replace("_", "-")


def write_page(course: Course, unit: Unit, folder: Path, *, run: bool) -> None:
    """Write `folder`/<unit>.md, and its pictures beside it if the cells are to `run`."""
    cells = percent_cells(*unit.stubs)
    outputs = _outputs(course, unit, cells) if run else [[] for _ in cells]
    parts = (part for cell, made in zip(cells, outputs, strict=True) for part in _cell(unit, cell, made, folder))
    text = "\n\n".join(parts)
    first, _, rest = text.partition("\n")
    tasks = ", ".join(f"[`{task.id}`](#{label(unit, task)})" for task in unit.tasks)
    about = (
        f"{points(unit.points)} points · {unit.minutes:g} minutes · tasks: {tasks}. This page shows the notebook that "
        "students get, before anything is written in it."
    )
    (folder / f"{unit.id}.md").write_text(f"{first}\n\n{{.about}}\n{about}\n\n{rest}\n", encoding="utf-8")


def _cell(unit: Unit, cell: PercentCell, outputs: list[Any], folder: Path) -> Iterator[str]:
    if cell.kind == "markdown" and not cell.task:
        yield cell.source
        return
    if cell.task:
        task = unit.task(cell.task)
        yield f"({label(unit, task)})="
        yield f"{{.about}}\nTask `{task.id}`: {points(task.points)} points, {task.minutes:g} minutes"
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", cell.source)), default=0))
    yield f"{ticks}python\n{cell.source.strip()}\n{ticks}"
    if not cell.check:
        for number, output in enumerate(outputs):
            yield from _output(output, folder, f"{unit.id}_{cell.line}_{number}")


def _output(output: Any, folder: Path, name: str) -> Iterator[str]:
    """What a cell shows; nothing for an error, which a cell of an untouched notebook raises only by design."""
    if output.output_type == "stream" and output.name == "stdout":
        yield f"````{{code-block}} text\n:class: output\n\n{output.text.rstrip()}\n````"
    data = output.get("data", {})
    for kind, ending in (("image/svg+xml", "svg"), ("image/png", "png")):
        if kind in data:
            raw = data[kind].encode() if ending == "svg" else base64.b64decode(data[kind])
            (folder / f"{name}.{ending}").write_bytes(raw)
            yield f"![The picture that the cell above draws]({name}.{ending})"
            return
    if "text/latex" in data:
        yield f"$$\n{data['text/latex'].strip().strip('$').strip()}\n$$"
    elif "text/html" in data:
        yield f"````{{raw}} html\n{data['text/html']}\n````"
    elif (text := data.get("text/plain", "")) and not text.startswith("<"):
        yield f"````{{code-block}} text\n:class: output\n\n{text}\n````"


def _outputs(course: Course, unit: Unit, cells: list[PercentCell]) -> list[list[Any]]:
    """The outputs of each cell, from a run of the notebook as a student gets it."""
    import nbformat
    from nbclient import NotebookClient

    made = [
        nbformat.v4.new_markdown_cell() if cell.kind == "markdown" else nbformat.v4.new_code_cell(cell.source)
        for cell in cells
    ]
    with tempfile.TemporaryDirectory(prefix="notebook-page-") as place:
        link_folder(unit.exercises_dir.absolute(), Path(place))
        (Path(place) / "kit").symlink_to(course.kit_dir.absolute())
        env = {**os.environ, "JUPYTERHUB_USER": STUDENT, "PYTHONPATH": place, "PYTHONDONTWRITEBYTECODE": "1"}
        static = nbformat.v4.new_code_cell("import sys; sys.modules['ipywidgets'] = None  # panels in place of sliders")
        notebook = nbformat.v4.new_notebook(cells=[static, *made])
        quiet = ["--IPKernelApp.log_level=40"]  # it warns that the loopback is not encrypted
        where = {"metadata": {"path": place}}
        client = NotebookClient(notebook, allow_errors=True, timeout=300, resources=where, extra_arguments=quiet)
        client.execute(env=env)
    return [cell.get("outputs", []) for cell in notebook.cells[1:]]
