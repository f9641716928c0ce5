"""Every student gets numbers of their own, the same ones here and when the work is graded."""

import getpass
import hashlib
import os


def my_name():
    """The name under which the work is handed in: JupyterHub's, else the name of the computer's user."""
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()


def variant(exercise, choices, *, student=None, edition="2026"):
    """One of `choices`, by SHA-256 of the student's name, the exercise and the edition.

    Equally difficult by construction: the list holds only choices that the reference has solved beforehand.
    """
    student = my_name() if student is None else student
    digest = hashlib.sha256(f"{edition}/{exercise}/{student}".encode()).digest()
    return choices[int.from_bytes(digest[:8], "big") % len(choices)]
