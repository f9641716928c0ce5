"""A file of the course folder that something has damaged: one message that names it, and nothing is lost."""

import pytest

from grader.errors import GraderError
from tests.term.small_course import SmallCourse


@pytest.fixture(scope="module")
def small(tmp_path_factory, request):
    small = SmallCourse(tmp_path_factory.mktemp("damaged"), request.config.rootpath)
    small.write({"unit_1": {"double": 3}})
    small.bare("init", str(small.folder), "--root", str(small.root))
    small.release("unit_1")
    small.hand_in("ada", "unit_1", {"double": 2})
    small.grade("unit_1")
    return small


@pytest.fixture
def damaged(small):
    """`damaged(path, content)` puts something else into a file of the course folder, for one test."""
    before = {}

    def damage(path, content):
        before[small.folder / path] = (small.folder / path).read_bytes()
        (small.folder / path).write_bytes(content)

    yield damage
    for path, content in before.items():
        path.write_bytes(content)


RELEASED, REPORT, CONFIG = "release/unit_1/unit_1.ipynb", "reports/unit_1/ada.json", "nbgrader_config.py"


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b'{"cells": 3}', b'{"cells": [], "metadata": {}}', b"\xff"])
@pytest.mark.parametrize("arguments", [["grade", "unit_1"], ["replay", "ada", "unit_1"]], ids=" ".join)
def test_a_damaged_release_is_named_with_what_to_do(small, damaged, content, arguments):
    damaged(RELEASED, content)
    with pytest.raises(GraderError, match=f"{RELEASED}: expected a notebook .* Move it away: `grader build`"):
        small.run(*arguments)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"student": 3}', b"\xff"])
def test_a_damaged_report_is_named_and_grading_makes_it_again(small, damaged, content):
    damaged(REPORT, content)
    with pytest.raises(
        GraderError, match=rf"{REPORT}: expected a report of grading, got .*`grader grade unit_1` again"
    ):
        small.run("show", "unit_1", "ada", root=False)
    small.grade("unit_1")
    assert "ada" in small.run("show", "unit_1", "ada", root=False).output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"c = get_config()\n1 / 0\n", r":2: ZeroDivisionError: division by zero\. "),
        (b"c = get_config()\n\ndef (:\n", r":3: SyntaxError: "),
        (b"import no_such_module_of_mine\n", r":1: ModuleNotFoundError: .*no_such_module_of_mine"),
        (b"raise SystemExit(3)\n", r":1: SystemExit: 3"),
        (b"c = 'caf\xe9'\n", r".*SyntaxError: .*utf-8"),
    ],
)
def test_a_configuration_that_cannot_be_run_is_named_with_its_line(small, damaged, content, says):
    damaged(CONFIG, content)
    with pytest.raises(GraderError, match=f"{CONFIG}{says}"):
        small.run("show", "unit_1", "ada", root=False)
