"""The text of a typed answer cut into tokens, each with its place; what cannot be one is refused there."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from kit.symbolic.tree import FUNCTIONS
from kit.symbolic.words import ALIASES, Words

MAX_TOKENS, MAX_DIGITS = 500, 40
_SIGNS = {"·": "*", "×": "*", "∗": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/", "∕": "/", "⁄": "/", "**": "^"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LATEX_SIGNS = {"cdot": "*", "times": "*", "ast": "*", "div": "/", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|"}
_LATEX_BLANK = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "quad", "qquad", "displaystyle")
_LATEX_NAMES = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta"}


class AnswerError(ValueError):
    """An answer that cannot be read; `str` shows the text, a caret under the place, and what to type instead."""

    def __init__(self, text: str, at: int, says: str) -> None:
        start = max(0, at - 40)
        shown = "".join(c if _plain(c) else "?" for c in text[start : at + 40])
        super().__init__(f"{says}\n  {shown}\n  {' ' * (at - start)}^")
        self.at, self.says = at, says


@dataclass(frozen=True)
class Token:
    """A piece of the text; a "log" token holds the base of the logarithm."""

    kind: str  # "number", "var", "const", "call", "log", "command", "op", "end"
    text: str
    at: int
    spaced: bool = False  # white space stands before it


class Tokens:
    """The text cut into tokens, each with its place."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words
        self.found: list[Token] = []
        self.at, self.spaced = 0, False

    def fail(self, at: int, says: str) -> NoReturn:
        raise AnswerError(self.text, at, says)

    def add(self, kind: str, text: str, at: int) -> None:
        self.found.append(Token(kind, text, at, self.spaced))
        self.spaced = False

    def cut(self) -> list[Token]:
        """All tokens; the last one is "end". Raises AnswerError."""
        text = self.text
        while self.at < len(text):
            c, start = text[self.at], self.at
            if c.isspace() or (c == "$" and start in (0, len(text) - 1)) or c == "~":
                self.spaced, self.at = True, start + 1
            elif _digits(c) or (c == "." and _digits(text[start + 1 : start + 2])):
                self.number()
            elif c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
                self.superscript()
            elif c == "\\":
                self.command()
            elif c == "√":
                self.at += 1
                self.add("call", "sqrt", start)
            elif c.isalpha() or c == "_":
                self.word(self.run(start), start)
            else:
                self.sign()
            if len(self.found) > MAX_TOKENS:
                self.fail(start, "This answer is too long to be read; can it be written shorter?")
        return [*self.found, Token("end", "", len(text.rstrip()))]

    def number(self) -> None:
        start = self.at
        while self.at < len(self.text) and (self.text[self.at] == "." or _digits(self.text[self.at])):
            self.at += 1
        number = self.text[start : self.at]
        if number.count(".") > 1:
            self.fail(start + number.rindex("."), "This number has two points. Write it with one, like 0.5.")
        if len(number) > MAX_DIGITS:
            self.fail(start, f"A number of more than {MAX_DIGITS} digits is not read; write it as a power or rounded.")
        if self.text[self.at : self.at + 1] == "," and _digits(self.text[self.at + 1 : self.at + 2]):
            before = self.text[:start]
            if before.count("[") <= before.count("]") and before.count("(") <= before.count(")"):
                self.fail(self.at, "Write decimals with a point: 0.5, not 0,5.")
        if self.found and self.found[-1].text == "frac" and len(number) == 2 and _digits(number):  # \frac12 is a half
            self.add("number", number[0], start)
            start, number = start + 1, number[1]
        self.add("number", number, start)

    def superscript(self) -> None:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
            self.at += 1
        digits = self.text[start : self.at].translate(_SUPERSCRIPTS)
        if not _digits(digits.removeprefix("-")) or len(digits) > 5:
            self.fail(start, "This raised exponent cannot be read; write it as ^( ).")
        self.add("op", "^", start)
        self.add("op", "(", start)
        if digits.startswith("-"):
            self.add("op", "-", start)
        self.add("number", digits.removeprefix("-"), start)
        self.add("op", ")", start)

    def run(self, start: int) -> str:
        """The letters, digits and marks from `start` on, with `_{12}` as a subscript."""
        word = ""
        while self.at < len(self.text):
            c = self.text[self.at]
            if c == "_" and self.text[self.at + 1 : self.at + 2] == "{":
                end = self.text.find("}", self.at)
                inside = self.text[self.at + 2 : end] if end > 0 else ""
                if not inside.isalnum():
                    self.fail(self.at, "A subscript is one name or number, like x_1.")
                word, self.at = f"{word}_{inside}", end + 1
                break
            if not (c.isalnum() or c == "_" or unicodedata.combining(c)) or c in "⁰¹²³⁴⁵⁶⁷⁸⁹":
                break
            word, self.at = word + c, self.at + 1
        return word

    def word(self, word: str, at: int) -> None:
        meaning = self.words.meaning(word)
        if meaning is not None:
            self.add(*meaning, at)
            return
        head, _, base = word.partition("_")
        if head == "log" and base:  # log_2(x)
            if not _digits(base) or len(base) > 4 or int(base) < 2:
                self.fail(at, "The base of a logarithm is a whole number here, like log_2(x). Or write ln(x)/ln(b).")
            self.add("log", base, at)
            return
        bracket = self.text[self.at : self.at + 1] == "("
        parts = self.words.split(word, bracket)
        if parts is None:
            self.unknown(word, at)
        offset = at
        for part in parts or []:
            self.add(*(self.words.meaning(part) or ("var", part)), min(offset, self.at - 1))
            offset += len(part)

    def unknown(self, word: str, at: int) -> NoReturn:
        shown = "".join(c if _plain(c) else "?" for c in word[:30])
        for name in sorted({*FUNCTIONS, *ALIASES}, key=len, reverse=True):
            if len(name) > 1 and word.startswith(name) and self.words.split(word[len(name) :], False):
                self.fail(at, f"{shown!r} has no meaning here. Do you mean {name}({word[len(name) :]})?")
        if self.found and self.found[-1].kind == "number" and word[:1] in "eE" and _digits(word[1:]):
            self.fail(at, f"Write powers of ten as *10^{word[1:]}.")
        head = word.rstrip("0123456789")
        if head != word and self.words.meaning(head):
            self.fail(
                at, f"{shown!r} has no meaning here. Write {head}^{word[len(head) :]} or {word[len(head) :]}{head}."
            )
        self.fail(at, f"The name {shown!r} has no meaning here. Use these: {self.words.known}, and functions like exp.")

    def command(self) -> None:
        start = self.at
        self.at += 1
        letters = ""
        while self.at < len(self.text) and self.text[self.at].isascii() and self.text[self.at].isalpha():
            letters, self.at = letters + self.text[self.at], self.at + 1
        self.spaced = True
        if not letters:
            if self.text[self.at : self.at + 1] in (",", ";", "!", ":", " "):
                self.at += 1
                return
            if self.text[self.at : self.at + 1] in ("{", "}", "|"):
                self.fail(start, "Write ( ) for grouping and | | for the absolute value.")
            self.fail(start, "A backslash starts a LaTeX command such as \\frac; this one cannot be read.")
        if letters in _LATEX_BLANK:
            return
        if letters in _LATEX_SIGNS:
            self.add("op", _LATEX_SIGNS[letters], start)
        elif letters in ("frac", "dfrac", "tfrac"):
            self.add("command", "frac", start)
        elif letters == "sqrt":
            self.add("command", "sqrt", start)
        elif letters in ("hat", "bar", "tilde", "widehat", "mathrm", "operatorname", "text", "mathbf", "boldsymbol"):
            rest = self.text[self.at :]
            inside = rest[1 : rest.find("}")] if rest.startswith("{") and "}" in rest else rest[:1]
            self.at += len(inside) + (2 if rest.startswith("{") else 0)
            mark = letters.removeprefix("wide") if letters.endswith(("hat", "bar", "tilde")) else ""
            if not inside.replace("_", "").replace("\\", "").isalnum() or len(inside) > 40:
                self.fail(start, "Here a single name was expected.")
            if mark and self.text[self.at : self.at + 1] == "_":
                mark += self.run(self.at)
            self.word(inside.removeprefix("\\") + mark, start)
        elif letters == "log" and self.text[self.at : self.at + 1] == "_":
            self.word("log" + self.run(self.at), start)
        else:
            word = _LATEX_NAMES.get(letters, letters)
            if self.text[self.at : self.at + 1] == "_":
                word += self.run(self.at)
            if self.words.meaning(word) is None and letters in ("partial", "sum", "int", "lim", "begin", "end"):
                self.fail(start, f"\\{letters} is not read; write the answer with + - * / ^ and functions.")
            self.word(word, start)

    def sign(self) -> None:
        start, two = self.at, self.text[self.at : self.at + 2]
        symbol = _SIGNS.get(two) or _SIGNS.get(self.text[start], self.text[start])
        if symbol in ("=", "<", ">", "≤", "≥", "≠", "≈"):
            self.fail(start, "Type only the expression itself, without a relation sign.")
        if symbol == "!":
            self.fail(start, "Factorials are not read; write the number.")
        if symbol == "'":
            if not self.found or self.found[-1].text not in self.words.unknown.values():
                self.fail(start, "A prime ' is not read here; write the derivative itself.")
            last = self.found.pop()
            self.found.append(Token(last.kind, last.text + "'", last.at, last.spaced))
            self.at += 1
            return
        if len(symbol) != 1 or symbol not in "+-*/^()|{}[],":
            shown = repr(symbol) if _plain(symbol) else f"with the code U+{ord(symbol[0]):04X}"
            self.fail(start, f"The character {shown} has no meaning here; please leave it out.")
        self.at += 2 if two in _SIGNS else 1
        self.add("op", symbol, start)


def _digits(text: str) -> bool:
    """Whether all of a text is 0 to 9 (`isdigit` alone takes ² and ٣ for digits, which Fraction does not read)."""
    return text.isascii() and text.isdigit()


def _plain(c: str) -> bool:
    return c.isprintable() and not unicodedata.combining(c)
