"""The misconceptions: name, group, the rule that was applied, what to ask the student, and an example.

A sentence asks and points at the place: `{u}`, `{v}`, `{f}` are the parts of the question where the rule was broken,
`{x}` the variable. It never holds the answer. Each example is a doctest in `docs/symbolic.md`.
"""

from grader.symbolic.labels.label import Label
from grader.symbolic.labels.networks import NETWORKS
from grader.symbolic.labels.one_variable import ONE_VARIABLE
from grader.symbolic.labels.several_variables import SEVERAL_VARIABLES

__all__ = ["LABELS", "Label"]

LABELS: dict[str, Label] = {**ONE_VARIABLE, **SEVERAL_VARIABLES, **NETWORKS}
