"""A slope written for the input of an activation and used on its output, or the other way round, hears just that."""

from pathlib import Path

import numpy as np
import pytest

from grader.diagnosis.mistakes import load_mistakes

SOLUTION = Path(__file__).resolve().parents[2] / "solutions" / "u2_derivative_rules"
X = np.linspace(-3.0, 3.0, 7)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


FORMS = {  # (for the input, for the output)
    "sigmoid": (lambda x: sigmoid(x) * (1 - sigmoid(x)), lambda a: a * (1 - a)),
    "tanh": (lambda x: 1 - np.tanh(x) ** 2, lambda a: 1 - a**2),
    "softplus": (sigmoid, lambda a: 1 - np.exp(-a)),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("given", "used"), [("input", "output"), ("output", "input")])
def test_the_sentence_says_which_form_was_used_where(name, given, used):
    form = FORMS[name][used == "output"]
    slope = f"d{name}_from_{given}"
    says = []
    for known in load_mistakes(SOLUTION):
        written = known.replace().get(slope)
        if written is not None and known.task in ("activation_slopes", "slopes_from_output"):
            with np.errstate(all="ignore"):
                got = written(X.copy()) if callable(written) else None
            if np.shape(got) == X.shape and np.allclose(got, form(X)):
                says.append(known.says)
    assert len(says) == 1
    assert says[0].startswith(f"{slope}: you use the form for the {used}")
    assert f"on the {given}" in says[0]
