"""Advice about an unknown word in a typed answer: what was probably meant, and what to type instead."""

from __future__ import annotations

import re
import unicodedata

from kit.spelling import most_alike
from kit.symbolic.tree import FUNCTIONS
from kit.symbolic.words import ALIASES, Words

MODULES = ("np", "numpy", "math", "Math", "sympy", "sp", "torch", "jnp", "cmath")
_UNITS = frozenset(["m", "s", "cm", "mm", "km", "kg", "g", "h", "min", "Hz", "deg", "degrees", "seconds", "meters"])
_SIGNS = {"plus": "+", "minus": "-", "times": "*", "over": "/", "squared": "^2", "cubed": "^3"}
_ELSEWHERE = {"sen": "sin", "arcsen": "asin", "arctg": "atan", "ctg": "cot", "cotg": "cot", "raiz": "sqrt"}
_ELSEWHERE |= {"wurzel": "sqrt", "racine": "sqrt"}  # names of functions in other languages
_NAMES = sorted({*FUNCTIONS, *ALIASES}, key=lambda name: (-len(name), name))


def remedy(word: str, words: Words, before: str) -> str:
    """What to type instead of the unknown `word`; `before` is the text of the token before it, or ""."""
    shown = "".join(c if c.isprintable() else "?" for c in word[:30])
    return f"{shown!r} has no meaning here. {_advice(word, words, before)}"


def _advice(word: str, words: Words, before: str) -> str:
    if called := as_call(word, words):
        digits = re.match(r"log([0-9]+)(?=[^0-9])", word)
        based = f" Or log_{digits[1]}({word[digits.end() :]})?" if digits else ""
        return f"Do you mean {called}?{based}"
    if alphabet := _other_alphabet(word):
        return f"It has a {alphabet} letter that may look like one of ours: type it again with Latin letters."
    if word in _SIGNS:
        return f"Write {_SIGNS[word]} instead of {word}."
    if word.lower() in ("pow", "power"):
        return f"Write x^2 instead of {word}(x, 2)."
    if word in ("Rational", "Fraction"):
        return f"Write 1/2 instead of {word}(1, 2)."
    if word in ("O", "o") and before.isdigit():
        return "Is it a zero? Type the digit 0."
    if word in ("Σ", "Π") and word.lower() not in words.variables:
        return "Sums and products over an index are not read: write out the terms."
    for spelled in (word.lower(), word.swapcase()):
        meaning = words.meaning(spelled) if spelled != word else None
        if meaning is not None:
            return f"Do you mean {spelled}? Capital and small letters are different names."
    small = word.replace("I", "l")
    if small != word and words.meaning(small):
        return f"It begins with a capital i. Do you mean {small}, with a small L?"
    if word == "d":
        return "Leave out d/dx: type only the derivative itself."
    if before == "+" and word.rstrip("0123456789₀₁₂_") in ("C", "c", "K", "k", "const"):
        return f"Leave out + {word}: the task asks for no constant of integration."
    if product := _product(word, words):
        return f"Do you mean {product}?"
    head = word.rstrip("0123456789")
    if head != word and head[-1:] != "_" and words.meaning(head):
        power = word.removeprefix(head)
        times = f", or {before}*{power} if the {head} stands for times" if before.isdigit() else ""
        return f"Write {head}^{power} or {power}*{head}{times}."
    if word[:1] == "d" and word[1:] in words.variables:
        return f"Leave out {word}: type only the derivative itself."
    if word in _UNITS and before:
        return "Leave out units."
    if word[:1] == "e" and word[1:2].isdigit() and _argument(word[1:], words):
        return f"Write e^({word[1:]}) for a power of e."
    if near := _near(word, words):
        return f"Do you mean {near}?"
    plain = " Type only the formula, without words." if len(word) > 2 else ""
    return f"Use these names: {words.known}, and functions like exp.{plain}"


def as_call(word: str, words: Words) -> str:
    """`sin(2x)` for `sin2x`, a function and its argument written together; "" for anything else."""
    for name in _NAMES:
        rest = word.removeprefix(name)
        if len(name) > 1 and rest != word and (argument := _argument(rest, words)):
            return f"{name}({argument})"
    return ""


def _near(word: str, words: Words) -> str:
    """A declared letter that begins like `word`, or a function that is spelled nearly alike; "" without one."""
    if len(word) < 3:
        return ""
    begun = [name for name in words.variables.values() if name.startswith(word)]
    alike = _ELSEWHERE.get(word) or most_alike(word, _NAMES, 0.7)
    return begun[0] if begun else f"{alike}( )" if alike else ""


def _product(word: str, words: Words) -> str:
    """`x*ln(x)` for `xlnx`: names, a function and its argument written together; "" for anything else."""
    for name in _NAMES:
        head, found, rest = word.partition(name)
        factor = head and found and len(name) > 1 and _argument(head, words)
        if factor and (argument := _argument(rest, words)):
            return f"{factor}*{name}({argument})"
    return ""


def _other_alphabet(word: str) -> str:
    """The alphabet of a letter that is neither Latin nor Greek, or Greek beside Latin ones (`lοg`); "" without one."""
    letters = [unicodedata.name(c, "").partition(" ")[0] for c in unicodedata.normalize("NFKC", word) if c.isalpha()]
    others = [alphabet for alphabet in letters if alphabet not in ("LATIN", "GREEK", "")]
    mixed = "Greek" if len(word) > 2 and {"LATIN", "GREEK"} <= set(letters) else ""
    return others[0].title() if others else mixed


def _argument(rest: str, words: Words) -> str:
    """The text after a function name if it can be the argument (`x`, `2`, `2x`), or ""."""
    names = rest.lstrip("0123456789")
    readable = not names or words.meaning(names) is not None or words.split(names, False) is not None
    return rest if rest and readable else ""
