"""The misconceptions: name, group, the rule that was applied, the question for the student, and an example.

The question points at the place: `{u}`, `{v}` and `{f}` are the parts of the formula where the rule was broken, `{x}`
is the variable. It never contains the answer. Each example is a doctest in `docs/symbolic.md`.
"""

from grader.symbolic.labels.label import Label
from grader.symbolic.labels.networks import NETWORKS
from grader.symbolic.labels.one_variable import ONE_VARIABLE
from grader.symbolic.labels.several_variables import SEVERAL_VARIABLES

__all__ = ["LABELS", "Label"]

LABELS: dict[str, Label] = {**ONE_VARIABLE, **SEVERAL_VARIABLES, **NETWORKS}
