"""The words with a meaning in a typed answer, in any spelling: x₁, x_1 and x1; ŷ, y_hat and yhat; λ and lambda.

Lookup order: declared variables, functions, then e and pi. `log` and `ln` are both natural.
"""

from __future__ import annotations

import unicodedata

from kit.symbolic.tree import FUNCTIONS

ALIASES = {
    **{"log": "ln", "sigma": "sigmoid", "logistic": "sigmoid", "expit": "sigmoid", "silu": "swish", "sgn": "sign"},
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "tg": "tan", "cosec": "csc", "cotan": "cot"},
    **{"arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcsinh": "asinh", "arccosh": "acosh"},
    **{"arctanh": "atanh", "ReLU": "relu", "Max": "max", "Min": "min", "Abs": "abs"},
}
_LOGS = {"log2": "2", "log10": "10", "lg": "10"}
_CONSTANTS = ("e", "pi")
_GREEK_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega sigma"""
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩς", _GREEK_NAMES.split(), strict=True))
MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}


class Words:
    """The declared variables and unknown functions, by their normalized spelling (`key_of`)."""

    def __init__(self, variables: tuple[str, ...], functions: tuple[str, ...]) -> None:
        self.variables = {key_of(name): name for name in variables}
        self.unknown = {key_of(name): name for name in functions if name not in FUNCTIONS}
        self.known = ", ".join([*variables[:12], *self.unknown.values()]) or "none"

    def meaning(self, word: str) -> tuple[str, str] | None:
        """("var" | "call" | "const", the name in the tree), ("log", the base), or None."""
        key = key_of(word)
        if key in self.variables:
            return "var", self.variables[key]
        if key in self.unknown:
            return "call", self.unknown[key]
        name = ALIASES.get(key, key)
        if name in FUNCTIONS or name == "root" or name == "diff":
            return "call", name
        if key in _LOGS:
            return "log", _LOGS[key]
        return ("const", key) if key in _CONSTANTS else None

    def split(self, word: str, before_bracket: bool) -> list[str] | None:
        """The one split of `word` into names (`xy`, or `xcos` before a bracket); None if there are none or several."""
        key = key_of(word)
        if len(key) > 40:
            return None
        names = {*self.variables, *_CONSTANTS}
        ways: list[list[list[str]]] = [[[]], *([] for _ in key)]
        for end in range(1, len(key) + 1):
            last = end == len(key) and before_bracket
            for start in range(max(0, end - 20), end):
                part = key[start:end]
                called = last and start > 0 and (self.meaning(part) or ("",))[0] == "call"
                if part in names or called:
                    ways[end] += [[*way, part] for way in ways[start]][:3]
        return ways[-1][0] if len(ways[-1]) == 1 else None


def key_of(word: str) -> str:
    """The normalized spelling of a name: `y_hat` and `ŷ` become yhat, `λ` becomes lambda."""
    if word.isascii() and word != "eps" and "_" not in word:
        return word
    found = []
    for c in unicodedata.normalize("NFKD", word):
        found.append(MARKS.get(c) or GREEK.get(c) or ("" if c == "_" else c))
    key = "".join(found)
    return "epsilon" if key == "eps" else key


def parts_of(name: str) -> tuple[str, str, str]:
    """A variable's letters, accent and index, as they are typeset: `theta_1` -> theta, "", 1; `yhat` -> y, hat, ""."""
    head, _, low = name.partition("_")
    head = key_of(head)
    if not low:
        low = head[len(head.rstrip("0123456789")) :]
        head = head.removesuffix(low)
    mark = next((mark for mark in MARKS.values() if head.endswith(mark) and head != mark), "")
    return head.removesuffix(mark), mark, low
