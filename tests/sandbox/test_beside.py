"""The unit's files stand in the jail's working folder as beside the notebook: to read, never to change."""

from pathlib import Path

import pytest

from grader.jail.lane import Lane
from grader.testing.student import StudentError
from tests.running import running

FILES = ("heights.csv", "raw/day 1/a.json", "helpers.py")
CELL = """
import asyncio, os, shutil
from helpers import three
heights = open("heights.csv").read()
nested = open("raw/day 1/a.json").read()
refused = []
def tries(what, action):
    try:
        action()
    except OSError:
        refused.append(what)
for name in ("heights.csv", "raw/day 1/a.json", os.path.realpath("heights.csv")):
    tries(name, lambda: open(name, "w"))
    tries(name, lambda: os.truncate(name, 0))
tries("the original", lambda: os.remove(os.path.realpath("heights.csv")))
tries("the folder of the originals", lambda: open(os.path.dirname(os.path.realpath("heights.csv")) + "/new", "w"))
open("raw/day 1/b.json", "w").write("mine")
shutil.copy("heights.csv", "copy.csv")
shutil.copytree("raw", "raw again")
open("copy.csv", "a").write("!")
async def soon():
    await asyncio.sleep(0)
    return 7
seven = asyncio.run(soon())
there = sorted(os.path.join(where, name)[2:] for where, _, names in os.walk(".") for name in names)
copied = open("copy.csv").read()
"""


@pytest.fixture
def beside(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"in {name}")
    (tmp_path / "helpers.py").write_text("three = 3\n")
    return tmp_path


def test_the_files_are_there_to_read_and_new_ones_may_stand_beside_them(level, limits, beside):
    with Lane(level) as lane:
        lane.share(beside, [Path(name) for name in FILES])
        for _ in range(2):  # the second submission finds nothing of the first
            with running(lane, [CELL], limits) as student:
                assert student.value("heights") == "in heights.csv"
                assert student.value("nested") == "in raw/day 1/a.json"
                assert (student.value("three"), student.value("seven")) == (3, 7)
                assert len(student.value("refused")) == 8
                assert student.value("copied") == "in heights.csv!"
                new = {"copy.csv", "raw/day 1/b.json", "raw again/day 1/a.json", "raw again/day 1/b.json"}
                assert set(student.value("there")) == {*FILES, *new}
        (beside / "heights.csv").write_text("repaired")
        lane.share(beside, [Path("heights.csv")])  # another unit, or a repaired file
        with running(lane, ["import os; there = os.listdir(); text = open('heights.csv').read()"], limits) as student:
            assert (student.value("there"), student.value("text")) == (["heights.csv"], "repaired")


def test_a_package_that_reads_its_own_map_of_memory_may_and_nothing_else_of_proc(level, limits):
    cell = "import os\ntry: libraries = 'libc' in open('/proc/self/maps').read()\nexcept OSError: libraries = None\n"
    cell += "import sys\nready = 'json.tool' in sys.modules\n"
    cell += "others = ('status', 'mem', 'environ', 'fd/0', '../1/maps', '../cpuinfo')\n"
    cell += "there = [name for name in others if os.path.exists('/proc/self/' + name)]"
    with Lane(level, imports=["json.tool", "no_such_package"]) as lane, running(lane, [cell], limits) as student:
        assert student.value("ready")
        if level == "L3":
            assert student.value("libraries")
            assert student.value("there") == []
    with Lane(level) as lane, running(lane, [cell], limits) as student:
        assert not student.value("ready")
        assert (level, student.value("libraries")) != ("L3", True)


def test_a_test_reads_a_file_of_the_submission_up_to_a_limit(level, limits):
    cell = "open('small.txt', 'w').write('x' * 100); open('large.txt', 'w').write('x' * (3 << 20))"
    with Lane(level) as lane, running(lane, [cell], limits) as student:
        assert student.file("small.txt") == b"x" * 100
        assert len(student.file("large.txt")) == 1 << 20
        with pytest.raises(StudentError, match=r"No such file|FileNotFoundError"):
            student.file("none.txt")
