"""How often wrong answers are named: diagnosis.py [unit or task ...] [--SET|--rewritten] [--all].

The fresh wrong answers (tests/diagnosis/fresh) were written without looking at the known mistakes. Each goes through
the hidden tests of its task like a submission, and the feedback is compared with the misunderstanding behind the
answer. A person judges whether the two match. The judgements are in tests/diagnosis/judged.tsv: unit, task, label, the
feedback, and "right" or "wrong". Pairs not judged yet are printed as lines to fill in. The figure that counts is the
one for the held-out blocks (every second one); `--all` prints each block. `--unseen`, `--later`, `--fourth` and
`--sixth` to `--twelfth` measure the answers in the folders of these names in tests/diagnosis instead, which are all
held out; from the fourth on they cover the units on demand as well, and from the sixth on the placement.

`--rewritten` measures instead how many known mistakes are named when their code is rewritten.
"""

import ast
import functools
import os
import re
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

os.environ["JUPYTERHUB_USER"] = "reference"
os.environ["MPLBACKEND"] = "Agg"

import just_enough_calculus  # noqa: F401 - makes grader and kit importable

from grader.course import manifest
from grader.diagnosis.casebook import Casebook
from grader.jail.channel import OutOfTime
from grader.results import Outcome
from grader.testing import Rewritten, Student, load_module, plugin
from grader.testing.local import LocalChannel

ROOT = Path(__file__).resolve().parents[1]
FRESH = ROOT / "tests" / "diagnosis" / "fresh"
SETS = ("unseen", "later", "fourth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
OTHER_SETS = {f"--{name}": FRESH.with_name(name) for name in SETS}
JUDGED = ROOT / "tests" / "diagnosis" / "judged.tsv"
SECONDS = 5  # CPU time per test
_LINES = re.compile(r"(_\d+)+(?=\+|$)")  # where in the reference a change was made
HEAD = re.compile(r"^# %% (\w+) \| (.+)$", re.M)


class Fresh(NamedTuple):
    """A wrong answer: its task, the misunderstanding in words, its code, and whether it is held out or for tuning."""

    task: str
    label: str
    code: str
    held_out: bool


def answers_in(folder, unit):
    """The blocks for a unit's tasks in its file in `folder`, or in `all_units.py`; [] if there is no such file."""
    path = next((path for path in (folder / f"{unit.id}.py", folder / "all_units.py") if path.exists()), FRESH / "none")
    parts = HEAD.split(path.read_text(encoding="utf-8"))[1:] if path.exists() else []
    blocks = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [
        Fresh(task, label.strip(), code, folder != FRESH or number % 2 == 1)
        for number, (task, label, code) in enumerate(blocks)
        if task in {unit_task.id for unit_task in unit.tasks}
    ]


class Limited(LocalChannel):
    """An in-process student with a time limit for endless loops."""

    def request(self, message, on_callback):
        ended = []
        signal.signal(signal.SIGVTALRM, lambda *_: ended.append(1) or (_ for _ in ()).throw(KeyboardInterrupt))
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            return super().request(message, on_callback)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if ended:
                raise OutOfTime("cpu")


@functools.cache
def imports_of(unit):
    """The modules that the notebook of `unit` imports: a student may use them, also where the reference does not."""
    notebook = ROOT / "exercises" / unit / f"{unit}.py"
    lines = [node for node in ast.parse(notebook.read_text(encoding="utf-8")).body if isinstance(node, ast.Import)]
    names = {}
    exec(compile(ast.Module(lines, []), notebook, "exec"), names)  # noqa: S102 - our own notebook
    return names


def submission(reference, answer):
    """A student with the names of the notebook's imports and the reference, except for what `answer` defines."""
    names = load_module(reference)
    for name, module in imports_of(reference.parent.name).items():
        names.setdefault(name, module)
    code = f"\n{answer.code.strip()}\n"
    exec(compile(code, "<cell 1>", "exec"), names)  # noqa: S102 - our own wrong answers
    return Student(Limited(names, {"<cell 1>": code.splitlines()}), "reference")


def heard(casebook, run, reference, answer):
    """(kind, feedback text). The kind is "mistake", "recognised", "hint" (from a test), "" (no feedback) or "right"."""
    ran = run(lambda _: submission(reference, answer), only=frozenset([answer.task]))
    lost = [case for case in ran if case.result.outcome is not Outcome.PASSED]
    if not lost:
        return "right", ""
    named = casebook.diagnose(answer.task, ran)
    if named is not None:
        return "mistake", _LINES.sub("", named.name)
    known = [case.recognised for case in lost if case.recognised]
    if known:
        return "recognised", known[0]
    hints = [case.result.hint for case in lost if case.result.hint]
    return ("hint", hints[0]) if hints else ("", "")


def judgements():
    """{(unit, task, label, said): "right" or "wrong"}"""
    lines = JUDGED.read_text(encoding="utf-8").splitlines() if JUDGED.exists() else []
    return {tuple(fields[:4]): fields[4] for fields in (line.split("\t") for line in lines if line)}


def measure_fresh(unit, run, answers, *, every):
    """Counts of named, misnamed, hinted, unnamed, unjudged and right answers, for tuning and held-out blocks."""
    casebook = Casebook(unit.solutions_dir, run)
    judged, counts = judgements(), {False: Counter(), True: Counter()}
    for answer in answers:
        kind, said = heard(casebook, run, unit.solutions_dir / "reference.py", answer)
        verdict = judged.get((unit.id, answer.task, answer.label, said), "")
        if kind in ("", "right"):
            outcome = {"": "unnamed", "right": "full points"}[kind]
        elif kind == "hint":
            outcome = {"right": "hinted", "": "unnamed"}.get(verdict, "unnamed")
        else:
            outcome = {"right": "named", "wrong": "misnamed", "": "unjudged"}[verdict]
        counts[answer.held_out][outcome] += 1
        if every or outcome in ("unjudged", "misnamed"):
            print(
                f"{outcome}\t{'held' if answer.held_out else 'tune'}\t{unit.id}\t{answer.task}\t{answer.label}\t{said}"
            )
    return counts


def measure_rewritten(unit, run):
    """Counts of named, misnamed and unnamed known mistakes among the rewritten ones."""
    casebook = Casebook(unit.solutions_dir, run)
    says = {known.name: known.says for known in casebook.mistakes}
    counts = Counter()
    for again in load_module(unit.solutions_dir / "rewritten.py").copy().values():
        if isinstance(again, Rewritten):
            named = casebook.name_rewritten(again)
            outcome = "unnamed" if named is None else "named" if named.says == says[again.of] else "misnamed"
            counts[outcome] += 1
            if outcome != "named":
                print(f"{outcome}\t{unit.id}\t{again.of}\t{named.name if named else ''}")
    return counts


def table(rows):
    """Print rows of (name, Counter)."""
    columns = ["named", "misnamed", "hinted", "unnamed", "unjudged", "full points"]
    print(f"\n{'':34}" + "".join(f"{column:>12}" for column in columns))
    for name, counts in rows:
        print(f"{name:34}" + "".join(f"{counts[column]:12}" for column in columns))


def main(arguments):
    """Measure the units given, or all."""
    chosen = [word for word in arguments if not word.startswith("-")]
    course = manifest.load(ROOT)
    rows, total = [], {False: Counter(), True: Counter()}
    for unit in course.units:
        tasks = set(chosen) & {task.id for task in unit.tasks}
        folder = next((OTHER_SETS[word] for word in arguments if word in OTHER_SETS), FRESH)
        answers = answers_in(folder, unit)
        answers = [answer for answer in answers if not tasks or answer.task in tasks]
        if (chosen and unit.id not in chosen and not tasks) or not answers:
            continue
        started = time.perf_counter()

        def body(run, unit=unit, answers=answers):
            if "--rewritten" in arguments:
                counts = {False: measure_rewritten(unit, run)}
            else:
                counts = measure_fresh(unit, run, answers, every="--all" in arguments)
            for held_out, found in counts.items():
                rows.append((f"{unit.id}{', held out' if held_out else ''}", found))
                total[held_out] += found

        plugin.run_inside_pytest([unit.solutions_dir / f"test_{unit.id}_hidden.py"], body)
        print(f"{unit.id}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    table([*rows, ("all", total[False])] + ([("all, held out", total[True])] if total[True] else []))


if __name__ == "__main__":
    main(sys.argv[1:])
