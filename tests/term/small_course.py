"""A course small enough to grade in a test: a manifest, units of tiny tasks, and a class."""

import datetime
import json
import shutil
from pathlib import Path
from typing import ClassVar

from typer.testing import CliRunner

from grader.cli import app
from grader.course import manifest
from grader.nbgrader import class_grading
from grader.nbgrader.changes import UnitStanding
from grader.nbgrader.gradebook import all_standings
from grader.nbgrader.release import release_unit

NOW = datetime.datetime(2026, 1, 10, 12, 0)
TASK = """
[[units.tasks]]
id = "{id}"
title = "{id}"
points = {points}
"""


class SmallCourse:
    """Each task `name` asks for a function `name(x)` that returns `x` times its factor in FACTORS."""

    FACTORS: ClassVar = {"double": 2, "triple": 3, "quadruple": 4, "twice": 2}
    FUNCTIONS: ClassVar = {"twice": "double"}  # the function of a task, where it has another name

    def __init__(self, place: Path, root: Path) -> None:
        self.root, self.folder = place / "repository", place / "folder"
        (self.root / "exercises").mkdir(parents=True)
        (self.root / "exercises" / "kit").symlink_to(root / "exercises" / "kit")
        (self.root / "course").mkdir()
        self.folder.mkdir()

    def write(
        self, units: dict[str, dict[str, float]], *, head: str = "", of: dict[str, str] | None = None, tasks=None
    ):
        """Write the manifest and the files of each unit; `of` and `tasks` hold further lines of some."""
        of, tasks = of or {}, tasks or {}
        text = f'[course]\nid = "small"\ntitle = "Small"\n{head}\n'
        for unit, points in units.items():
            text += f'[[units]]\nid = "{unit}"\ntitle = "{unit}"\n{of.get(unit, "")}\n'
            for task, number in points.items():
                text += TASK.format(id=task, points=number) + tasks.get(task, "") + "\n"
            self._write_unit(unit, list(points))
        (self.root / "course" / "course.toml").write_text(text)
        return self.course

    def _write_unit(self, unit: str, tasks: list[str]) -> None:
        exercises, solutions = self.root / "exercises" / unit, self.root / "solutions" / unit
        for folder in (exercises, solutions):
            folder.mkdir(parents=True, exist_ok=True)
        cells = [f"# %% [markdown]\n# # {unit}\n\n# %%\nfrom kit import check\n"]
        public, hidden, reference = ["import pytest\n"], ["import pytest\n"], []
        for task in tasks:
            name, factor = self.FUNCTIONS.get(task, task), self.FACTORS[task]
            cells.append(f'# %% task="{task}"\ndef {name}(x):\n    """Work on x."""\n    ...\n')
            cells.append(f'# %% check="{task}"\ncheck("{task}")\n')
            test = '\n@pytest.mark.task("{0}")\ndef test_{0}_{2}(student):\n    """{0} of {2}"""\n'
            test += "    assert student.{3}({2}) == {1}\n"
            public.append(test.format(task, factor, 1, name))
            hidden += [test.format(task, number * factor, number, name) for number in (3, 5)]
            reference.append(f"def {name}(x):\n    return {factor} * x\n")
        (exercises / f"{unit}.py").write_text("\n".join(cells))
        (exercises / f"test_{unit}.py").write_text("\n".join(public))
        (solutions / f"test_{unit}_hidden.py").write_text("\n".join(hidden))
        (solutions / "reference.py").write_text("\n".join(reference))

    def copied_to(self, place: Path, root: Path) -> "SmallCourse":
        """A copy of the course folder in `place`, to change; `write` the course again for it."""
        copy = SmallCourse(place, root)
        shutil.copytree(self.folder, copy.folder, dirs_exist_ok=True)
        config = copy.folder / "nbgrader_config.py"
        text = config.read_text().replace(str(self.root), str(copy.root))
        config.write_text(text.replace(str(self.folder), str(copy.folder)))
        return copy

    @property
    def course(self) -> manifest.Course:
        return manifest.load(self.root)

    def release(self, *units: str, agree=None):
        """Build and release units, for the first time or again; return the grades that change."""
        return [change for unit in units for change in release_unit(self.course, unit, self.folder, agree=agree)]

    def hand_in(self, student: str, unit: str, factors: dict[str, float], *, late: float = 0, due=NOW) -> Path:
        """Put a submission where nbgrader would collect it to: each task multiplies by a number; `late` in hours."""
        released = json.loads((self.folder / "release" / unit / f"{unit}.ipynb").read_text())
        for cell in released["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in factors:
                function = self.FUNCTIONS.get(name, name)
                cell["source"] = f"def {function}(x):\n    return {factors[name]} * x\n"
        place = self.folder / "submitted" / student / unit
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        (place / f"{unit}.ipynb").write_text(json.dumps(released))
        moment = due + datetime.timedelta(hours=late)
        (place / "timestamp.txt").write_text(f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC")
        return place

    def standing(self, student: str, unit: str) -> UnitStanding:
        return all_standings(self.folder)[unit, student]

    def points(self, student: str, unit: str) -> dict[str, float | None]:
        return {task: score.points for task, score in self.standing(student, unit).tasks.items()}

    def bare(self, *arguments: str):
        """Run a command of ours in this process, where it stands; raises what it raises."""
        return CliRunner().invoke(app, list(arguments), catch_exceptions=False)

    def run(self, *arguments: str, root: bool = True):
        """`bare`, in the course folder and with the repository."""
        where = ["-C", str(self.folder), *(["--root", str(self.root)] if root else [])]
        where += ["--workers", "1"] if arguments[0] == "grade" else []  # a worker costs more than three submissions
        return CliRunner().invoke(app, [*map(str, arguments), *where], catch_exceptions=False)

    def grade(self, *units: str, **options):
        return class_grading.grade_units(self.course, units, self.folder, workers=1, **options)
