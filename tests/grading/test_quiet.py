"""What grading computes with odd answers says nothing on the instructor's terminal."""

import pytest

from grader.nbgrader import class_grading
from tests import small_course

MISTAKES = """
import numpy as np
from grader.testing import wrong_function

@wrong_function("double", says="Twice, not the logarithm.")
def logarithm(x):
    return float(np.log(np.array(-1.0 * x)))
"""


@pytest.mark.slow
def test_no_warning_of_numpy_reaches_the_terminal(root, tmp_path, capfd):
    (tmp_path / "solutions" / small_course.UNIT).mkdir(parents=True)
    (tmp_path / "solutions" / small_course.UNIT / "mistakes.py").write_text(MISTAKES)
    course = small_course.write_course(tmp_path, root / "exercises" / "kit")
    folder = small_course.make_folder(course, tmp_path / "folder")
    small_course.hand_in(folder, "ada", "float('nan')", "x / 2")
    capfd.readouterr()
    (report,) = class_grading.grade_unit(course, small_course.UNIT, folder, workers=1)
    assert report.tasks[0].diagnosis == "logarithm"  # it was run, and gives nan too
    assert "Warning" not in capfd.readouterr().err
