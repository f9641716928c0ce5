"""Just Enough Calculus: the grading engine. It refers to no exercise by name and contains no secrets."""

__version__ = "0.1.0"
