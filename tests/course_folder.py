"""Copies of a course folder in which a class was graded."""

import shutil


def copy_with(names, folder, copy):
    """A copy of the course folder in which only these students handed in."""
    shutil.copytree(folder, copy, symlinks=True)
    for student in (copy / "submitted").iterdir():
        if student.name not in names:
            shutil.rmtree(student)
