"""A word of the subject is said before it is used: where it comes up first, it is set off and explained."""

import re

import pytest
from units import COURSE

from grader.course import notebooks

FIVE = ("u1_derivative_intuition", "u2_derivative_rules", "u3_chain_rule", "u4_gradient_check", "u5_mlp_training")
WORDS = """rise, run, average rate, derivative, slope, tangent, kink, loss, weights, class, method, lambda, raise,
array, shape, power rule, product rule, quotient rule, chain rule, activation, learning rate, gradient descent,
partial derivative, node, local slope, topological order, leaf, neuron, layer, bias, logits, probabilities, softmax,
cross-entropy, Jacobian, forward difference, central difference, error, relative error, view, nan, generator, edges,
mean squared error, spread, standard deviation, cache, multilayer perceptron, mini-batch, held back, score"""


def cells():
    """The text of the five units in order, without blocks of code: (unit, text)."""
    for unit in FIVE:
        for cell in notebooks.read_percent((COURSE.root / "exercises" / unit / f"{unit}.py").read_text("utf-8")):
            if cell.kind == "markdown":
                yield unit, re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)


CELLS = list(cells())


@pytest.mark.parametrize("word", re.split(r",\s*", WORDS))
def test_a_word_is_set_off_in_the_cell_that_uses_it_first(word):
    used = re.compile(rf"(?<![\w-]){re.escape(word)}(?:s|es)?(?![\w-])", re.IGNORECASE)
    set_off = re.compile(rf"(\*\*|\*|`)[^*`]*{re.escape(word)}[^*`]*\1", re.IGNORECASE)
    first = next((unit, text) for unit, text in CELLS if used.search(text))
    assert set_off.search(first[1]), f"{first[0]}: {used.search(first[1])} comes without a word about it"
