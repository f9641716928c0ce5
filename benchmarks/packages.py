"""What declared packages cost a lane: python benchmarks/packages.py [ENVIRONMENT] (about two minutes the first time)

For each package: the start of a lane and its memory with and without the package imported beforehand, and a submission
that imports and uses it in both. ENVIRONMENT is a folder for a virtual environment with our lock file and the packages;
it is made if it is not there (in a temporary folder without the argument).
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USES = {
    "pandas": "import pandas\nfound = float(pandas.Series([1.0, 2.0]).sum())",
    "scipy": "import scipy.stats\nfound = float(scipy.stats.norm.cdf(0.0))",
    "scikit-learn": "from sklearn.linear_model import LinearRegression\n"
    "found = float(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]).predict([[3.0]])[0])",
}
# What notebooks with these cells import: a lane of a course with such notebooks has it beforehand.
USED = {"scipy": ["scipy.stats"], "scikit-learn": ["sklearn.linear_model"]}
SUBMISSIONS = 5


def main():
    """Make the environment, and measure in it."""
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        measure()
        return
    with tempfile.TemporaryDirectory() as temporary:
        environment = Path(sys.argv[1] if len(sys.argv) > 1 else temporary).resolve()
        python = environment / "bin" / "python"
        if not python.is_file():
            venv.create(environment, with_pip=True)
            pip = [python, "-m", "pip", "install", "--quiet"]
            subprocess.run([*pip, "--require-hashes", "--requirement", ROOT / "requirements.lock"], check=True)  # noqa: S603 - our own environment, no shell
            subprocess.run([*pip, *USES], check=True)  # noqa: S603 - our own environment, no shell
        path = os.pathsep.join(map(str, (ROOT, ROOT / "exercises")))
        command = [python, __file__, "--inside", environment]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": path})  # noqa: S603 - ours


def measure():
    """Print the table."""
    from importlib.metadata import version

    from grader.course.packages import imports_of
    from grader.grading.pool import level_for_grading

    level = level_for_grading()
    print(f"one lane at {level}: {'start':>10} {'memory':>10} {'submission':>12}")
    for names in ((), *((name,) for name in USES), tuple(USES)):
        imports = imports_of(names) + [module for name in names for module in USED.get(name, ())]
        for preloaded in ([], imports) if names else ([],):
            began, memory, taken = one_lane(level, preloaded, [USES[name] for name in names] or ["found = 1.0"])
            shown = ", ".join(f"{name} {version(name)}" for name in names) or "no package"
            how = "imported beforehand" if preloaded else "imported by each submission" if names else ""
            print(f"{shown} {how}".strip())
            print(f"{'':14} {began * 1e3:7.0f} ms {memory / 1e6:7.0f} MB {taken * 1e3:9.0f} ms", flush=True)
    print(f"Python {sys.version.split()[0]}, median of {SUBMISSIONS} submissions; memory: all processes of a lane")


def one_lane(level, preloaded, cells):
    """Seconds to start a lane, its bytes, and the median seconds of a submission of these cells."""
    from grader.course.manifest import Limits
    from grader.grading.submission import JailedSubmission
    from grader.jail.lane import Lane

    started = time.perf_counter()
    with Lane(level, imports=preloaded) as lane:
        began = time.perf_counter() - started
        memory = memory_of(os.getpid()) - memory_alone(os.getpid())
        taken = []
        for _ in range(SUBMISSIONS):
            started = time.perf_counter()
            submission = JailedSubmission(
                lane, Limits(cpu_seconds=30, wall_seconds=60), "ann", list(enumerate(cells, 1))
            )
            problem = submission.open()
            taken.append(time.perf_counter() - started)
            assert not problem, problem
            submission.close()
    return began, memory, statistics.median(taken)


def memory_alone(pid):
    """The bytes that a process has for itself, with its share of what it has in common with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    return 0


def memory_of(pid):
    """The bytes of a process and of all that it has started."""
    below = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return memory_alone(pid) + sum(map(memory_of, below))


if __name__ == "__main__":
    main()
