"""Every attack of the table fails at every level that this machine offers, and works where there is no lane."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import ATTACKS, WORK_WITHOUT_A_LANE, as_cell, prelude

from grader.jail.lane import Lane
from grader.results import Level
from tests.running import running

# The one door that a cold jail leaves open: a submission may end its own, and only its own, zygote.
# Nothing in this table needs it, so it is empty: say here what a level may not stop, and why.
NOT_STOPPED: set[tuple[Level, str]] = set()


@pytest.fixture(scope="module")
def got(level, limits, tmp_path_factory):
    """What the attacks got at this level: all run in one submission."""
    outside = tmp_path_factory.mktemp("outside") / "hidden_tests.py"
    outside.write_text("the hidden tests")
    outside.chmod(0o644)
    for folder in (outside.parent, outside.parent.parent):
        folder.chmod(0o755)
    cells = [prelude(str(outside), os.getpid()), *map(as_cell, ATTACKS)]
    (outside.parent / "data.csv").write_text("1,2")
    with Lane(level) as lane:
        lane.share(outside.parent, [Path("data.csv")])
        with running(lane, cells, limits) as student:
            found, refused = student.value("got"), student.value("refused")
    assert (outside.stat().st_mode & 0o777, outside.stat().st_mtime > 7) == (0o644, True)
    assert outside.read_text() == "the hidden tests"
    assert len(refused) > 30, "the attacks did not run"
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused(name, got, level):
    if (level, name) not in NOT_STOPPED:
        assert name not in got, got[name]


def test_attacks_work_without_a_lane(tmp_path):
    outside = tmp_path / "hidden_tests.py"
    outside.write_text("the hidden tests")
    program = prelude(str(outside), os.getpid()) + "\n".join(map(as_cell, WORK_WITHOUT_A_LANE))
    program += "\nimport json; print(json.dumps([got, refused]))"
    env = {**os.environ, "HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, env=env)
    worked, refused = json.loads(ran.stdout)
    blanks = {name: refused.get(name) for name in WORK_WITHOUT_A_LANE if name not in worked}
    # A few depend on how the kernel was built or on the container around us; most must work anywhere.
    assert len(worked) >= len(WORK_WITHOUT_A_LANE) - 8, blanks
