"""Each benchmark starts from any folder, with nothing but the interpreter of this environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BESIDE = {"in_notebook.py"}  # is imported by the kernel of a stock nbgrader, which finds everything on its path
PROGRAMS = [path for path in sorted(ROOT.glob("benchmarks/*.py")) if path.name not in BESIDE]
IMPORTED = "import runpy, sys; sys.path[0] = sys.argv[2]; runpy.run_path(sys.argv[1], run_name='imported')"


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_it_finds_what_it_imports(program, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", IMPORTED, str(program), str(program.parent)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
