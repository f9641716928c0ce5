"""Just Enough Calculus: the engine that grades (it knows no exercise by name and holds no secret)."""

__version__ = "0.1.0"
