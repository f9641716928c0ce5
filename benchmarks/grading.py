"""The same class through stock nbgrader, through ours, and without any jail: python benchmarks/grading.py [submissions]

(8 by default, six minutes.) Copies of four notebooks of the sample class. *Stock* is `nbgrader autograde` with its
kernel, and the unit's hidden tests called in each grade cell, so that both do the same work; it gives a grade cell all
of its points or none. *Ours* is `grader grade`, with every report, row and graded notebook, at this machine's level.
*Bare* executes the cells and the tests in one warm process. Stock takes as long for each submission however many there
are; ours and bare first start for some seconds, so they are given 40 and 8 times as many. They take turns, so
that a busy machine slows all three. Prints submissions a second, CPU seconds a submission (of the whole machine
meanwhile: a jail's processes are nobody's children when it ends), and the peak memory (PSS) of the tree of processes.
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from scale import ROOT, UNIT, hand_in, make_folder

from grader.course import manifest
from grader.environment import python_path
from grader.nbgrader import apps

ROUNDS = 2
TIMES = {"stock": 1, "ours": 40, "bare": 8}
BENCHMARKS = Path(__file__).parent
HIDDEN = ROOT / "solutions" / UNIT / f"test_{UNIT}_hidden.py"
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.ExecutePreprocessor.timeout = 120
"""
BARE = """
import io, contextlib, json, os, sys, time
os.environ["MPLBACKEND"] = "Agg"
import in_notebook
for name in sys.argv[2:]:
    cells = ["".join(cell["source"]) for cell in json.load(open(name))["cells"] if cell["cell_type"] == "code"]
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            try:
                exec(compile(cell, "cell", "exec"), names)
            except Exception:
                pass
        in_notebook.run(sys.argv[1], names)
"""


def stock_folder(graded, folder):
    """A course folder without a line of ours: the unit's source, with its hidden tests in the grade cells."""
    shutil.copytree(graded / "source", folder / "source")
    (folder / "nbgrader_config.py").write_text(STOCK)
    path = folder / "source" / UNIT / f"{UNIT}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        if facts.get("grade") and cell["cell_type"] == "code":
            task = facts["grade_id"].removeprefix("test_")
            test = f"import in_notebook\nin_notebook.assert_all({str(HIDDEN)!r}, globals(), {task!r})"
            source = f"{''.join(cell['source'])}\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"
            cell["source"] = source.splitlines(keepends=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")


@contextlib.contextmanager
def peak_memory(found):
    """Append the peak of the summed PSS of this process's descendants, in MB."""
    from grader.jail.inside.confine import LINUX

    peak, over = [0.0], threading.Event()

    def below(pid):
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [child for found in map(int, children) for child in (found, *below(found))]

    def look():
        while not over.wait(0.2):
            total = 0.0
            for pid in below(os.getpid()):
                with contextlib.suppress(OSError):
                    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                    total += next(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
            peak[0] = max(peak[0], total)

    thread = threading.Thread(target=look, daemon=True)
    if LINUX:
        thread.start()
    yield
    over.set()
    found.append(peak[0])


def busy_seconds():
    """The CPU seconds that this machine has computed: user, nice and system."""
    ticks = Path("/proc/stat").read_text().split(maxsplit=4)[1:4]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def measure(command, where, taken):
    """Run one command; note its seconds, CPU seconds and memory."""
    path = os.pathsep.join([python_path(), str(BENCHMARKS)])
    environment = {**os.environ, "PYTHONPATH": path, "JUPYTERHUB_USER": "reference", "MPLBACKEND": "Agg"}
    before, started = busy_seconds(), time.perf_counter()
    with peak_memory(taken["MB"]):
        done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    taken["seconds"].append(time.perf_counter() - started)
    taken["CPU"].append(busy_seconds() - before)
    assert done.returncode == 0, done.stderr[-3000:]


def main():
    """Measure and print."""
    count = int(next((word for word in sys.argv[1:] if word.isdigit()), 8))
    manifest.load(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder, stock = Path(place) / "course", Path(place) / "stock"
        folder.mkdir()
        texts = make_folder(manifest.load(ROOT), folder)
        stock_folder(folder, stock)
        counts = {way: count * times for way, times in TIMES.items()}
        hand_in(folder, texts, range(counts["ours"]))
        hand_in(stock, texts, range(counts["stock"]))
        notebooks = [str(path) for path in sorted(folder.glob(f"submitted/*/{UNIT}/{UNIT}.ipynb"))][: counts["bare"]]
        nbgrader = [sys.executable, "-m", "nbgrader", "autograde", UNIT, "--force", "--create"]
        ours = [sys.executable, "-m", "just_enough_calculus", "grade", UNIT, "--fresh", "--yes", "--root", str(ROOT)]
        ways = {
            "stock": (nbgrader, stock),
            "ours": ([*ours, "-C", str(folder)], folder),
            "bare": ([sys.executable, "-c", BARE, str(HIDDEN), *notebooks], folder / "release" / UNIT),
        }
        taken = {way: {"seconds": [], "CPU": [], "MB": []} for way in ways}
        for _ in range(ROUNDS):
            for way, (command, where) in ways.items():
                measure(command, where, taken[way])
                last = {what: values[-1] for what, values in taken[way].items()}
                print(
                    f"{way:6} {counts[way]} submissions: " + ", ".join(f"{v:.1f} {k}" for k, v in last.items()),
                    flush=True,
                )
    best = {way: {what: min(values) for what, values in found.items()} for way, found in taken.items()}
    print(f"{'':6} {'a second':>9} {'CPU s each':>11} {'peak MB':>8}")
    for way, found in best.items():
        memory = statistics.median(taken[way]["MB"])
        print(f"{way:6} {counts[way] / found['seconds']:9.2f} {found['CPU'] / counts[way]:11.3f} {memory:8.0f}")
    for way in ("stock", "bare"):
        times, work = (best[way][what] / best["ours"][what] * TIMES["ours"] / TIMES[way] for what in ("seconds", "CPU"))
        print(f"ours is {times:.1f} times as fast as {way}, start included, and takes 1/{work:.1f} of its CPU time")


if __name__ == "__main__":
    main()
