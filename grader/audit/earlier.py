"""Does a slip in earlier work cost points only once? Each later task is tried with everything it builds on broken."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grader.audit.finding import Finding
from grader.course.earlier import Earlier, earlier_work
from grader.course.manifest import Unit
from grader.results import Outcome
from grader.testing.authoring import load_module
from grader.testing.plugin import Run
from grader.testing.stand_ins import StandIns
from grader.testing.student import Student


def slips_that_cost_once(unit: Unit, run: Run) -> Iterator[Finding]:
    """Check that a right answer on top of broken earlier work, with stand-ins for that work, gets full points.

    Tests that stand-ins cannot pass (one that counts calls, say) stand in `not_forgiven.json`, each with its reason.
    """
    path = unit.solutions_dir / "not_forgiven.json"
    accepted = msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    for task, earlier in earlier_work(unit).items():
        if earlier.owners:
            ran = run(lambda _, earlier=earlier: _standing_on_nothing(unit, earlier), only=frozenset([task]))
            lost = {case.result.name: case.result.staff for case in ran if case.result.outcome is not Outcome.PASSED}
            says = "builds on " + ", ".join(earlier.owners) if not lost else f"without them: {lost}"
            explained = lost.keys() <= accepted.keys()
            yield Finding("earlier work spoiled", task, explained, says)


def _standing_on_nothing(unit: Unit, earlier: Earlier) -> Student:
    """The reference with its earlier work broken, and stand-ins in its place."""
    spoiled = load_module(unit.reference)
    spoiled.update(dict.fromkeys(earlier.owners, _spoiled))
    student = Student.local(spoiled)
    stand_ins = StandIns(load_module(unit.reference), *earlier)
    student.at_first(lambda: stand_ins.stand_in(student))
    return student


def _spoiled(*args: object, **named: object) -> None:
    raise RuntimeError("an earlier slip")
