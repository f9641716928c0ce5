"""Split a typed answer into tokens, each with its position; text that is not a token is refused at its position."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from kit.symbolic.remedies import MODULES, as_call, remedy
from kit.symbolic.words import Words

MAX_TOKENS, MAX_DIGITS = 500, 40
_SIGNS = {
    **dict.fromkeys(["·", "×", "∗", "⋅", "•", "∙", "‧", "⨯", "✕", "✖", "✖\ufe0f", "\u2062"], "*"),
    **dict.fromkeys(["−", "–", "—", "‐", "‑", "‒"], "-"),
    **dict.fromkeys(["÷", "∕", "⁄", "➗"], "/"),
    **{"➕": "+", "➖": "-"},  # as a telephone's keyboard offers them
    **dict.fromkeys(["**", "ˆ"], "^"),
    **dict.fromkeys(["′", "’", "ʹ"], "'"),
}
FULL_WIDTH = {0xFEE0 + code: code for code in range(ord("!"), ord("~") + 1)}  # ２ｘ＋１, for str.translate
_INSTEAD = {
    "%": "Write per cent as a number: 0.5 for 50 %.",
    ";": "Write a comma between the entries of a list or a call; elsewhere leave out the ;.",
    **dict.fromkeys('"`“”„‘«»', "Leave out the quotation marks inside your text."),
    "~": "Leave out ~: only what is exactly meant is read.",
    "∂": "Leave out d/dx: type only the derivative itself.",
    ":": "Write / for a division; elsewhere leave out the colon.",
    **dict.fromkeys("∑∏", "Sums and products over an index are not read: write out the terms."),
    "°": "Angles are in radians: write pi/4 for 45 degrees.",
    "#": "Leave out the comment: the # and what follows it.",
    "±": "Write one answer, with + or with -.",
    ".": "A point stands in decimals only. Leave it out; write exp(x) for x.exp(), and * for a product.",
    "∜": "For a fourth root write root(x, 4).",
    "∫": "Integrals are not read: type what comes out.",
}
_APPLIED = "\u2061"  # the invisible "function application" that Word and MathML put between sin and x
_ROOTS = {"√": "sqrt", "∛": "cbrt"}
_LATEX_SIGNS = {"cdot": "*", "times": "*", "ast": "*", "div": "/"}
_LATEX_SIGNS |= {"vert": "|", "mid": "|", "lvert": "|(", "rvert": "|)"}
_LATEX_BLANK = ("quad", "qquad", "displaystyle", "textstyle")
_LATEX_OPENING, _LATEX_CLOSING = ("left", "bigl", "Bigl", "biggl"), ("right", "bigr", "Bigr", "biggr")
_LATEX_EITHER = ("big", "Big")
_LATEX_NAMES = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta"}
_LATEX_ONE_NAME = ("hat", "bar", "tilde", "widehat", "mathrm", "operatorname", "text", "mathbf", "boldsymbol", "mathit")
_COMMAND = re.compile(r"\\[a-zA-Z(\[]")  # without one, a backslash before a space is not LaTeX
_POWER_OF_TEN = re.compile(r"[eE]([+\-−]?)([0-9]{1,3})(?![0-9.])")


class AnswerError(ValueError):
    """An answer that cannot be read. `str` shows the text, a caret under the position, and what to type instead.

    For an ambiguous answer, `readings` are the texts that `says` offers.
    """

    def __init__(self, text: str, at: int, says: str, readings: tuple[str, ...] = ()) -> None:
        start = max(0, at - 40)
        shown = "".join(c if _plain(c) else "?" for c in text[start : at + 40])
        super().__init__(f"{says}\n  {shown}\n  {' ' * (at - start)}^")
        self.at, self.says, self.readings = at, says, readings


@dataclass(frozen=True)
class Token:
    """A piece of the text. "log" holds the base of the logarithm; "|(" and "|)" are the opening and the closing bar."""

    kind: str  # "number", "fraction", "var", "const", "call", "log", "command", "op", "end"
    text: str
    at: int
    spaced: bool = False  # preceded by white space


class Tokens:
    """Tokenizer for the text from `start` to `end`; positions refer to the whole text."""

    def __init__(self, text: str, words: Words, start: int, end: int) -> None:
        self.whole, self.text, self.words = text, text[:end], words
        self.found: list[Token] = []
        self.at, self.spaced = start, False

    def fail(self, at: int, says: str) -> NoReturn:
        raise AnswerError(self.whole, at, says)

    def add(self, kind: str, text: str, at: int) -> None:
        self.found.append(Token(kind, text, at, self.spaced))
        self.spaced = False

    def next(self, count: int = 1) -> str:
        """The next characters."""
        return self.text[self.at : self.at + count]

    def cut(self) -> list[Token]:
        """All tokens; the last one is "end". Raises AnswerError."""
        while self.at < len(self.text):
            c, start = self.next(), self.at
            if (
                c.isspace() or c == _APPLIED or (c == "~" and "\\" in self.text)
            ):  # ~ is a space in LaTeX, and "about" elsewhere
                self.spaced, self.at = True, start + 1
            elif _digits(c) or (c == "." and _digits(self.text[start + 1 : start + 2])):
                self.number()
            elif _raised(c):
                self.superscript()
            elif c == "\\":
                self.command()
            elif c in _ROOTS:
                self.at += 1
                self.add("call", _ROOTS[c], start)
            elif _is_fraction(c):
                self.fraction(c)
            elif (c.isalpha() and c not in _SIGNS) or c == "_":
                self.word(self.run(start), start)
            else:
                self.sign()
            if len(self.found) > MAX_TOKENS:
                self.fail(start, "This answer is too long to be read; can it be written shorter?")
        return [*self.found, Token("end", "", len(self.text.rstrip()))]

    def number(self) -> None:
        start = self.at
        while self.at < len(self.text) and (self.next() == "." or _digits(self.next())):
            self.at += 1
        number = self.text[start : self.at]
        if number.count(".") > 1:
            self.fail(start + number.rindex("."), "This number has two points. Write it with one, like 0.5.")
        if len(number) > MAX_DIGITS:
            self.fail(start, f"A number of more than {MAX_DIGITS} digits is not read; write it as a power or rounded.")
        self.power_of_ten(number)
        if self.found and self.found[-1].text == "frac" and len(number) == 2 and _digits(number):  # \frac12 is a half
            self.add("number", number[0], start)
            start, number = start + 1, number[1]
        self.add("number", number, start)

    def power_of_ten(self, number: str) -> None:
        """Refuse 7e-1, which could be seven tenths or 7*e - 1."""
        found = _POWER_OF_TEN.match(self.text, self.at)
        if found is None or any(self.words.meaning(word) for word in (found[0], "E") if word[0] == found[0][0]):
            return
        if self.words.meaning(found[0][0]) not in (None, ("const", "e")):
            return
        sign = "-" if found[1] not in ("", "+") else ""
        written = f"{number}*10^{sign}{found[2]}"
        if int(found[2]) <= 6:
            exact = Fraction(number) * Fraction(10) ** int(sign + found[2])
            written = f"{exact.numerator if exact.denominator == 1 else float(exact)} or {written}"
        self.fail(self.at, f"Write {written}. For the number e, put * before it.")

    def fraction(self, c: str) -> None:
        if self.found and self.found[-1].kind == "number":
            self.fail(self.at, "Write a mixed number as one fraction or as a decimal, like 5/2 or 2.5.")
        self.add("fraction", unicodedata.normalize("NFKD", c).replace("⁄", "/"), self.at)
        self.at += 1

    def superscript(self) -> None:
        """A superscript sum of numbers and names: ², ⁻¹, ⁿ, ⁻ˣ, ²ˣ, ˣ⁺¹."""
        start = self.at
        while self.at < len(self.text) and _raised(self.next()):
            self.at += 1
        plain = unicodedata.normalize("NFKD", self.text[start : self.at]).replace("−", "-")
        if self.next() == "√" and (self.spaced or not self.follows_value() or len(plain) > 1):
            self.raised_root(plain, start)
            return
        if not self.follows_value():
            says = "Something that is raised stands after a value, as in x²; here is none."
            if self.found and self.found[-1].text == "^":
                says = "A raised number is a power already: leave out the ^."
            self.fail(start, says)
        if re.fullmatch(r"[+-]?{0}([+-]{0})*".format(r"(?=\w)[0-9]{0,4}[^\W\d_]*"), plain) is None:
            self.fail(start, "This raised exponent cannot be read; write it as ^( ).")
        self.add("op", "^", start)
        self.add("op", "(", start)
        for part in re.findall(r"[+-]|[0-9]+|[^\W\d_]+", plain):
            if part.isalpha():
                self.word(part, start)
            else:
                self.add("op" if part in "+-" else "number", part, start)
        self.add("op", ")", start)

    def follows_value(self) -> bool:
        """Whether the last token can be raised to a power: a value, a function's name or a closing bracket."""
        last = self.found[-1] if self.found else None
        return last is not None and (last.kind != "op" or last.text in (")", "]", "}", "|", "|)"))

    def raised_root(self, degree: str, start: int) -> None:
        """The root in ³√x; x³√x without a space is a power times a square root."""
        if self.follows_value() and not self.spaced:
            self.fail(start, "Write * between the power and the root, and cbrt( ) or root(x, 4) for other roots.")
        if degree not in ("2", "3"):
            self.fail(start, f"For this root write root(x, {degree}).")
        self.add("call", "sqrt" if degree == "2" else "cbrt", start)
        self.at += 1

    def run(self, start: int) -> str:
        """The letters, digits and marks from `start` on, with `_{12}` as a subscript."""
        word = ""
        while self.at < len(self.text):
            c = self.next()
            if c == "_":
                before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
                if not (before.isalnum() or before == "}") or not (after.isalnum() or after == "{"):
                    self.fail(self.at, "An underscore joins a name and its index, as in x_1; this one joins nothing.")
                if after == "{":
                    end = self.text.find("}", self.at)
                    inside = self.text[self.at + 2 : end] if end > 0 else ""
                    if not inside.isalnum():
                        self.fail(self.at, "A subscript is one name or number, like x_1.")
                    word, self.at = f"{word}_{inside}", end + 1
                    break
            elif not (c.isalnum() or unicodedata.combining(c)) or c in _SIGNS or _raised(c) or _is_fraction(c):
                break
            word, self.at = word + c, self.at + 1
        return word

    def word(self, word: str, at: int) -> None:
        meaning = self.words.meaning(word)
        if meaning is not None:
            self.add(*meaning, at)
            return
        if word in MODULES and self.next() == ".":
            self.fail(at, f"Leave out {word}. and write only the part after the point.")
        head, _, base = word.partition("_")
        if head == "log" and base:  # log_2(x)
            if not _digits(base) or len(base) > 4 or int(base) < 2:
                self.fail(at, "The base of a logarithm is a whole number here, like log_2(x). Or write ln(x)/ln(b).")
            self.add("log", base, at)
            return
        parts = self.words.split(word, _SIGNS.get(self.next(), self.next()) == "(")
        if parts is None:
            self.fail(at, remedy(word, self.words, self.found[-1].text if self.found else ""))
        if len(word) > 3 and (called := as_call(word, self.words)) and set(parts) <= set(self.words.variables):
            product = "*".join(parts)
            raise AnswerError(
                self.whole, at, f"This can be read in two ways. Write {called} or {product}.", (called, product)
            )
        offset = at
        for part in parts:
            self.add(*(self.words.meaning(part) or ("var", part)), min(offset, self.at - 1))
            offset += len(part)

    def command(self) -> None:
        start = self.at
        self.at += 1
        letters = ""
        while self.next().isascii() and self.next().isalpha():
            letters, self.at = letters + self.next(), self.at + 1
        self.spaced = True
        if not letters:
            if self.next() in (",", ";", "!", ":") or (self.next() == " " and _COMMAND.search(self.whole)):
                self.at += 1
                return
            if self.next() in ("{", "}"):  # \exp\{-x\}: they group, as the plain ones do
                return
            if self.next() == "|":
                self.fail(start, "Write ( ) for grouping and | | for the absolute value.")
            self.fail(start, "A backslash starts a LaTeX command such as \\frac; this one cannot be read.")
        if letters in _LATEX_OPENING + _LATEX_CLOSING + _LATEX_EITHER:
            self.bracket(letters, start)
        elif letters in _LATEX_SIGNS:
            self.add("op", _LATEX_SIGNS[letters], start)
        elif letters in ("frac", "dfrac", "tfrac", "cfrac"):
            self.add("command", "frac", start)
        elif letters == "sqrt":
            self.add("command", "sqrt", start)
        elif letters in _LATEX_ONE_NAME:
            self.one_name(letters, start)
        elif letters not in _LATEX_BLANK:
            self.latex_name(letters, start)

    def bracket(self, letters: str, start: int) -> None:
        r"""The delimiter after \left or \right: a bracket, left for the next token, or an opening or closing bar."""
        while self.next().isspace():
            self.at += 1
        bar = next((bar for bar in ("|", r"\vert", r"\lvert", r"\rvert") if self.text.startswith(bar, self.at)), "")
        if bar and letters not in _LATEX_EITHER:
            self.at += len(bar)
            self.add("op", "|(" if letters in _LATEX_OPENING else "|)", start)
        elif not bar and self.next() not in tuple("()[]{}") and self.next(2) not in (r"\{", r"\}"):
            self.fail(start, f"\\{letters} stands before a bracket. Leave it out here.")

    def one_name(self, letters: str, start: int) -> None:
        r"""\hat{y}, \mathrm{relu}: one name in braces, or one letter."""
        while self.next().isspace():
            self.at += 1
        rest = self.text[self.at :]
        inside = rest[1 : rest.find("}")] if rest.startswith("{") and "}" in rest else rest[:1]
        self.at += len(inside) + (2 if rest.startswith("{") else 0)
        mark = letters.removeprefix("wide") if letters.endswith(("hat", "bar", "tilde")) else ""
        if re.fullmatch(r"\\?[^\W_]+(_[^\W_]+)*", inside) is None or len(inside) > 40:
            self.fail(start, "Here a single name was expected.")
        if mark and self.next() == "_":
            mark += self.run(self.at)
        self.word(inside.removeprefix("\\") + mark, start)

    def latex_name(self, letters: str, start: int) -> None:
        word = _LATEX_NAMES.get(letters, letters)
        if self.next() == "_":
            word += self.run(self.at)
        if self.words.meaning(word) is None and letters in ("partial", "sum", "int", "lim", "begin", "end"):
            self.fail(start, f"\\{letters} is not read; write the answer with + - * / ^ and functions.")
        self.word(word, start)

    def sign(self) -> None:
        start, two = self.at, self.next(2)
        symbol = _SIGNS.get(two) or _SIGNS.get(self.next(), self.next())
        if symbol == "!":
            self.fail(start, "Factorials are not read; write the number.")
        if symbol == "'":
            if not self.found or self.found[-1].text.rstrip("'") not in self.words.unknown.values():
                self.fail(start, self.about_a_prime(start))
            last = self.found.pop()
            self.found.append(Token(last.kind, last.text + "'", last.at, last.spaced))
            self.at += 1
            return
        if len(symbol) != 1 or symbol not in "+-*/^()|{}[],":
            if re.match(r"%(e|pi)\b", self.text[start:]):  # as Maxima writes them
                self.fail(start, "Leave out the %: write e and pi.")
            if symbol in _INSTEAD:
                self.fail(start, _INSTEAD[symbol])
            if unicodedata.category(symbol[0]) == "Cf":
                self.fail(
                    start, "An invisible character stands here, perhaps copied from a page: type this part again."
                )
            shown = repr(symbol) if _plain(symbol) else f"with the code U+{ord(symbol[0]):04X}"
            only = "Write only numbers, names and + - * / ^ ( ), or leave it out."
            self.fail(start, f"The character {shown} has no meaning here. {only}")
        self.at += 2 if two in _SIGNS else 1
        self.add("op", symbol, start)

    def about_a_prime(self, start: int) -> str:
        """What to type instead of the ' at `start`: it may be a quotation mark, or stand between digits."""
        whole = self.text.strip()
        if whole[:1] == whole[-1:]:
            return "Leave out the quotation marks inside your text."
        if self.found and self.found[-1].kind == "number" and _digits(self.text[start + 1 : start + 4]):
            return "Write a number without marks between its digits."
        return "A prime ' is not read here; write the derivative itself."


@functools.lru_cache(1024)
def _raised(c: str) -> bool:
    return unicodedata.decomposition(c).startswith("<super>")


@functools.lru_cache(1024)
def _is_fraction(c: str) -> bool:
    return unicodedata.decomposition(c).startswith("<fraction>")


def _digits(text: str) -> bool:
    """Whether a text is all 0 to 9 (`isdigit` alone also accepts ² and ٣, not all of which Fraction reads)."""
    return text.isascii() and text.isdigit()


def _plain(c: str) -> bool:
    return c.isprintable() and not unicodedata.combining(c)
