"""Equivalence of symbolic answers. The parser is the student's: `kit.symbolic.parse`."""

from grader.symbolic.equivalent import Decision, Verdict, equivalent

__all__ = ["Decision", "Verdict", "equivalent"]
