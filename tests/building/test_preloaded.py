"""What a lane imports beforehand follows from the declared packages and from what the notebooks import."""

from grader.course import manifest
from grader.course.packages import preloaded

TOML = """
[course]
id = "small"
title = "Small"
packages = ["numpy"]
[[units]]
id = "one"
title = "One"
more_notebooks = ["two"]
[[units.tasks]]
id = "mean"
points = 1
"""


def test_modules_of_declared_packages_that_a_notebook_imports(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text(TOML)
    exercises = tmp_path / "exercises" / "one"
    exercises.mkdir(parents=True)
    (exercises / "one.py").write_text(
        "# %%\nimport numpy.linalg as la\nimport sympy.abc\nfrom numpy.nowhere import x\n"
    )
    (exercises / "two.py").write_text("# %%\nif True:\n    from numpy.random import default_rng\n# import numpy.fft\n")
    found = preloaded(manifest.load(tmp_path))
    assert "numpy" in found
    assert [module for module in found if "." in module] == ["numpy.linalg", "numpy.random"]
