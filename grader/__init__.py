"""Just Enough Calculus: the grading engine. It refers to no exercise by name and contains no secrets."""

import just_enough_calculus  # noqa: F401 - makes `kit` importable, wherever the engine was found

__version__ = "0.1.0"
