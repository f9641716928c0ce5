"""Read a typed answer such as `2x cos(x^2)`: our own tokenizer and precedence parser, never Python's.

    >>> parse("2x cos(x^2)", ["x"]).tree[0]
    '*'
    >>> print(parse("e^(-x)/(1 + e^(-x))^2", ["x"]).latex())
    \\frac{e^{-x}}{\\left(1 + e^{-x}\\right)^{2}}

The same code reads the answer in the notebook, where it is shown typeset at once, and again when it is graded. A text
becomes a small tree of tuples, kept as it was typed, or an `AnswerError` with a caret under the character. What
mathematics reads in two ways (`1/2x`, `e^2x`, `x^y^z`, `sin x/y`) is refused with both readings written out.

The tree, by its first entry: `("num", Fraction)`, `("var", name)`, `("const", "e" or "pi")`, `("neg", t)`,
`("+", a, b)` and so for `- * / ^`, `("call", name, argument, ...)`, `("list", item, ...)`, `("diff", t, name)`.
Names are looked up in this order: declared variables, functions, then e and pi. `log` and `ln` are both natural.
"""

from __future__ import annotations

import math
import operator
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH, MAX_DIGITS, MAX_EXPONENT, MAX_HEIGHT = 2000, 500, 40, 60, 10_000, 100_000
MAX_DIFFERENTIATED = 60  # parts of what stands in diff( )
FUNCTIONS = (
    *("exp", "ln", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "abs"),
    *("cbrt", "sec", "csc", "cot", "asin", "acos", "atan", "asinh", "acosh", "atanh", "sech", "csch", "coth"),
    *("softplus", "relu", "swish", "sign", "erf", "max", "min"),
)
_ALIASES = {
    **{"log": "ln", "sigma": "sigmoid", "logistic": "sigmoid", "expit": "sigmoid", "silu": "swish", "sgn": "sign"},
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "tg": "tan", "cosec": "csc", "cotan": "cot"},
    **{"arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcsinh": "asinh", "arccosh": "acosh"},
    **{"arctanh": "atanh", "ReLU": "relu", "Max": "max", "Min": "min", "Abs": "abs"},
}
_LOGS = {"log2": 2, "log10": 10, "lg": 10}
_TRIGONOMETRIC = ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")
_CONSTANTS = {"e": "e", "pi": "pi"}
_SIGNS = {"·": "*", "×": "*", "∗": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/", "∕": "/", "⁄": "/", "**": "^"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_GREEK_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega sigma"""
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩς", _GREEK_NAMES.split(), strict=True))
_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}
_LATEX_SIGNS = {"cdot": "*", "times": "*", "ast": "*", "div": "/", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|"}
_LATEX_BLANK = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "quad", "qquad", "displaystyle")
_LATEX_NAMES = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta"}

Tree = tuple[Any, ...]


class AnswerError(ValueError):
    """An answer that cannot be read; `str` shows the text, a caret under the place, and what to type instead."""

    def __init__(self, text: str, at: int, says: str) -> None:
        start = max(0, at - 40)
        shown = "".join(c if _plain(c) else "?" for c in text[start : at + 40])
        super().__init__(f"{says}\n  {shown}\n  {' ' * (at - start)}^")
        self.at, self.says = at, says


class StillToDerive(ValueError):
    """A derivative stands in an answer that should be worked out."""


@dataclass(frozen=True)
class Answer:
    """An answer as it was read."""

    text: str
    tree: Tree
    variables: tuple[str, ...]

    def latex(self) -> str:
        """How the answer was read, typeset, in the order in which it was typed."""
        return to_latex(self.tree)

    def sympy(self) -> Any:
        """The answer as a sympy expression, made with sympy's own constructors only."""
        return to_sympy(self.tree)

    def at(self, **values: float) -> float:
        """The value where the variables have these values, in floats.

        Raises StillToDerive for a diff( ), ArithmeticError or ValueError where it has no value, TypeError for a list.
        """
        return float(_value(self.tree, values))

    def __str__(self) -> str:
        return to_text(self.tree)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def parse(text: str, variables: Iterable[str], functions: Iterable[str] = ()) -> Answer:
    """Read `text` as a function of `variables`; `functions` names unknown functions such as f. Raises AnswerError."""
    if not isinstance(text, str):
        raise AnswerError(type(text).__name__, 0, "Type your answer as a text between quotes.")
    if len(text) > MAX_CHARACTERS:
        raise AnswerError(text, MAX_CHARACTERS, f"Too long: at most {MAX_CHARACTERS} characters are read.")
    names = (variables,) if isinstance(variables, str) else tuple(variables)
    reader = _Reader(text, _Names(names, tuple(functions)))
    return Answer(text, reader.read(), names)


# ------------------------------------------------------------------------------------------------------------- names


class _Names:
    """Which words have a meaning, whatever their spelling: x₁, x_1 and x1; ŷ, y_hat and yhat; λ and lambda."""

    def __init__(self, variables: tuple[str, ...], functions: tuple[str, ...]) -> None:
        self.variables = {_key(name): name for name in variables}
        self.unknown = {_key(name): name for name in functions if name not in FUNCTIONS}
        self.known = ", ".join([*variables[:12], *self.unknown.values()]) or "none"

    def meaning(self, word: str) -> tuple[str, str] | None:
        """("var" | "call" | "const" | "log", the name in the tree), or None."""
        key = _key(word)
        if key in self.variables:
            return "var", self.variables[key]
        if key in self.unknown:
            return "call", self.unknown[key]
        name = _ALIASES.get(key, key)
        if name in FUNCTIONS or name == "root" or name == "diff":
            return "call", name
        if key in _LOGS:
            return "log", key
        return ("const", key) if key in _CONSTANTS else None

    def split(self, word: str, before_bracket: bool) -> list[str] | None:
        """The one way in which `word` falls into names (`xy`, and before a bracket `xcos`); None if none or two."""
        key = _key(word)
        if len(key) > 40:
            return None
        names = {*self.variables, *_CONSTANTS}
        ways: list[list[list[str]]] = [[[]]] + [[] for _ in key]
        for end in range(1, len(key) + 1):
            last = end == len(key) and before_bracket
            for start in range(max(0, end - 20), end):
                part = key[start:end]
                called = last and start > 0 and (self.meaning(part) or ("",))[0] == "call"
                if part in names or called:
                    ways[end] += [[*way, part] for way in ways[start]][:3]
        return ways[-1][0] if len(ways[-1]) == 1 else None


def _key(word: str) -> str:
    found = []
    for c in unicodedata.normalize("NFKD", word):
        found.append(_MARKS.get(c) or _GREEK.get(c) or ("" if c == "_" else c))
    key = "".join(found)
    return "epsilon" if key == "eps" else key


def _digits(text: str) -> bool:
    """Whether all of a text is 0 to 9 (`isdigit` alone takes ² and ٣ for digits, which Fraction does not read)."""
    return text.isascii() and text.isdigit()


def _plain(c: str) -> bool:
    return c.isprintable() and not unicodedata.combining(c)


# ------------------------------------------------------------------------------------------------------------ tokens


@dataclass(frozen=True)
class _Token:
    kind: str  # "number", "var", "const", "call", "log", "command", "op", "end"
    text: str
    at: int
    spaced: bool = False  # white space stands before it


class _Tokens:
    """The text cut into tokens, each with its place."""

    def __init__(self, text: str, names: _Names) -> None:
        self.text, self.names = text, names
        self.found: list[_Token] = []
        self.at, self.spaced = 0, False

    def fail(self, at: int, says: str) -> NoReturn:
        raise AnswerError(self.text, at, says)

    def add(self, kind: str, text: str, at: int) -> None:
        self.found.append(_Token(kind, text, at, self.spaced))
        self.spaced = False

    def cut(self) -> list[_Token]:
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
        return [*self.found, _Token("end", "", len(text.rstrip()))]

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
        meaning = self.names.meaning(word)
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
        parts = self.names.split(word, bracket)
        if parts is None:
            self.unknown(word, at)
        offset = at
        for part in parts or []:
            self.add(*(self.names.meaning(part) or ("var", part)), min(offset, self.at - 1))
            offset += len(part)

    def unknown(self, word: str, at: int) -> NoReturn:
        shown = "".join(c if _plain(c) else "?" for c in word[:30])
        for name in sorted({*FUNCTIONS, *_ALIASES}, key=len, reverse=True):
            if len(name) > 1 and word.startswith(name) and self.names.split(word[len(name) :], False):
                self.fail(at, f"{shown!r} has no meaning here. Do you mean {name}({word[len(name) :]})?")
        if self.found and self.found[-1].kind == "number" and word[:1] in "eE" and _digits(word[1:]):
            self.fail(at, f"Write powers of ten as *10^{word[1:]}.")
        head = word.rstrip("0123456789")
        if head != word and self.names.meaning(head):
            self.fail(
                at, f"{shown!r} has no meaning here. Write {head}^{word[len(head) :]} or {word[len(head) :]}{head}."
            )
        self.fail(at, f"The name {shown!r} has no meaning here. Use these: {self.names.known}, and functions like exp.")

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
            if self.names.meaning(word) is None and letters in ("partial", "sum", "int", "lim", "begin", "end"):
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
            if not self.found or self.found[-1].text not in self.names.unknown.values():
                self.fail(start, "A prime ' is not read here; write the derivative itself.")
            last = self.found.pop()
            self.found.append(_Token(last.kind, last.text + "'", last.at, last.spaced))
            self.at += 1
            return
        if len(symbol) != 1 or symbol not in "+-*/^()|{}[],":
            shown = repr(symbol) if _plain(symbol) else f"with the code U+{ord(symbol[0]):04X}"
            self.fail(start, f"The character {shown} has no meaning here; please leave it out.")
        self.at += 2 if two in _SIGNS else 1
        self.add("op", symbol, start)


# -------------------------------------------------------------------------------------------------------- precedence


class _Reader:
    """sum > product > signed > power > atom, each a method; `place` is the next token."""

    def __init__(self, text: str, names: _Names) -> None:
        self.text, self.names = text, names
        self.tokens = _Tokens(text, names).cut()
        self.place = self.depth = self.bars = 0
        self.open_call: tuple[int, str, Tree, Tree | None] | None = None  # where a call without brackets ended

    def read(self) -> Tree:
        if self.peek().kind == "end":
            self.fail(0, "Nothing is written here yet.")
        tree = self.sum()
        if self.at(","):
            self.fail(self.peek().at, "Several values go between square brackets: [a, b].")
        if self.at(")", "}", "]"):
            self.fail(self.peek().at, "This bracket closes nothing. Leave it out or open one before.")
        if self.peek().kind != "end":
            self.fail(self.peek().at, "Up to here it reads well; is an operator missing?")
        return tree

    def fail(self, at: int, says: str) -> NoReturn:
        raise AnswerError(self.text, at, says)

    def peek(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def at(self, *symbols: str) -> bool:
        token = self.peek()
        return token.kind == "op" and token.text in symbols

    def starts_factor(self) -> bool:
        return self.peek().kind in ("number", "var", "const", "call", "log", "command") or (
            self.at("(", "{", "[") or (self.at("|") and not self.bars)
        )

    def two_readings(self, at: int, one: Tree, other: Tree) -> NoReturn:
        self.fail(at, f"This can be read in two ways. Write {to_text(one)} or {to_text(other)}.")

    def deeper(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.peek().at, "This is nested too deeply; can it be written with fewer brackets?")
        tree = read()
        self.depth -= 1
        return tree

    def sum(self) -> Tree:
        tree = self.product()
        while self.at("+", "-"):
            sign = self.take()
            self.scalar(tree, sign)
            tree = (sign.text, tree, self.scalar(self.product(), sign))
        return tree

    def scalar(self, tree: Tree, token: _Token) -> Tree:
        if tree[0] == "list":
            self.fail(token.at, "Square brackets make a vector; for grouping write ( ).")
        return tree

    def product(self) -> Tree:
        first = self.peek()
        tree = self.signed()
        divided = False
        while True:
            token = self.peek()
            if self.at("*", "/"):
                call = self.open_call if self.open_call and self.open_call[0] == self.place else None
                self.take()
                after = self.peek().kind
                right = self.scalar(self.signed(), token)
                if call and not (token.text == "*" and after in ("call", "log")):
                    outer = _called(call[1], call[2], call[3])
                    inner = _called(call[1], (token.text, call[2], right), call[3])
                    self.two_readings(token.at, inner, (token.text, outer, right))
                tree, divided = (token.text, self.scalar(tree, first), right), token.text == "/"
            elif self.starts_factor():
                if token.kind == "number":
                    self.fail(token.at, "A number stands after a factor: write * or ^ before it, or put it in front.")
                call = self.open_call if self.open_call and self.open_call[0] == self.place else None
                closed_bar = self.tokens[self.place - 1].text == "|" and token.text != "|"
                if closed_bar and any(t.text == "|" for t in self.tokens[self.place :]) and not self.bars:
                    self.fail(token.at, "These bars can be paired in two ways. Write abs( ) instead.")
                right = self.scalar(self.power(), token)
                if call:
                    outer = _called(call[1], call[2], call[3])
                    self.two_readings(token.at, _called(call[1], ("*", call[2], right), call[3]), ("*", outer, right))
                if divided:
                    self.two_readings(token.at, ("*", tree, right), ("/", tree[1], ("*", tree[2], right)))
                tree = ("*", self.scalar(tree, first), right)
            else:
                return tree

    def signed(self) -> Tree:
        if self.at("-", "+"):
            sign = self.take()
            tree = self.scalar(self.deeper(self.signed), sign)
            return ("neg", tree) if sign.text == "-" else tree
        return self.power()

    def power(self) -> Tree:
        base = self.atom()
        if not self.at("^"):
            return base
        self.scalar(base, self.take())
        exponent, bare = self.exponent()
        tree = ("^", base, exponent)
        token = self.peek()
        if self.at("^"):
            self.take()
            third, _ = self.exponent()
            self.two_readings(token.at, ("^", base, ("^", exponent, third)), ("^", tree, third))
        if bare and self.starts_factor() and not token.spaced:
            plain = exponent[0] == "num" and base[0] not in ("const", "num")
            if not (plain and token.text in ("(", "{")):
                right = self.power()
                self.two_readings(token.at, ("^", base, ("*", exponent, right)), ("*", tree, right))
        if _height(tree) > MAX_HEIGHT or abs(_constant(exponent) or 0) > MAX_EXPONENT:
            self.fail(token.at, "This power is too large to be read. Is the exponent right?")
        return tree

    def exponent(self) -> tuple[Tree, bool]:
        negative = False
        while self.at("-", "+"):
            negative ^= self.take().text == "-"
        bare = not self.at("(", "{")
        token = self.peek()
        tree = self.scalar(self.atom(), token)
        return ("neg", tree) if negative else tree, bare

    def atom(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return ("num", Fraction(token.text))
        if token.kind in ("var", "const"):
            return (token.kind, token.text)
        if token.kind in ("call", "log"):
            return self.deeper(lambda: self.call(token))
        if token.kind == "command":
            return self.deeper(lambda: self.fraction() if token.text == "frac" else self.root(token))
        if token.kind == "op" and token.text in ("(", "{"):
            return self.closed({"(": ")", "{": "}"}[token.text])
        if token.kind == "op" and token.text == "[":
            return self.deeper(lambda: ("list", *self.items("]")))
        if token.kind == "op" and token.text == "|":
            self.bars += 1
            inside = self.scalar(self.deeper(self.sum), token)
            if not self.at("|"):
                self.fail(self.peek().at, "A closing bar | is missing here.")
            self.take()
            self.bars -= 1
            return ("call", "abs", inside)
        self.place -= 1
        if token.kind == "end":
            self.fail(token.at, "Here something is missing: the answer ends too early.")
        self.fail(token.at, f"A value was expected here, not {token.text!r}.")

    def closed(self, end: str) -> Tree:
        bars, self.bars = self.bars, 0
        if self.at(end):
            self.fail(self.peek().at, "These brackets are empty; something belongs between them.")
        tree = self.deeper(self.sum)
        if not self.at(end):
            self.fail(self.peek().at, f"A closing bracket {end} is missing here.")
        self.take()
        self.bars = bars
        return tree

    def items(self, end: str) -> list[Tree]:
        bars, self.bars = self.bars, 0
        items = [self.sum()]
        while self.at(","):
            self.take()
            items.append(self.sum())
        if not self.at(end):
            self.fail(self.peek().at, f"A closing bracket {end} is missing here.")
        self.take()
        self.bars = bars
        return items

    def group(self) -> Tree:
        """What \\frac takes: {…}, or one number or name."""
        if self.at("{"):
            self.take()
            return self.scalar(self.closed("}"), self.peek())
        return self.atom()

    def fraction(self) -> Tree:
        above = self.group()
        return ("/", above, self.group())

    def root(self, token: _Token) -> Tree:
        if self.at("["):
            self.take()
            (degree,) = self.items("]")[:1]
            return ("^", self.group(), ("/", ("num", Fraction(1)), degree))
        return ("call", "sqrt", self.group())

    def call(self, token: _Token) -> Tree:
        name = token.text if token.kind == "call" else f"log_{token.text.removeprefix('log')}"
        name = "log_10" if name == "log_lg" else name
        raised = None
        if self.at("^"):
            self.take()
            raised, _ = self.exponent()
            if raised == ("neg", ("num", Fraction(1))):
                self.fail(token.at, f"A power of -1 can be read in two ways. Write arc{name}( ) or 1/{name}( ).")
        if self.at("(", "{"):
            opening = self.take()
            if self.at(")", "}"):
                self.fail(self.peek().at, f"{name} of what? Something belongs between the brackets.")
            arguments = self.deeper(lambda: ("list", *self.items(")" if opening.text == "(" else "}")))[1:]
            return self.applied(name, arguments, raised, token)
        if not self.starts_factor() or self.at("["):
            self.fail(self.peek().at, f"{name} of what? Write {name}( ) with brackets.")
        number = self.peek().kind == "number"
        argument = self.atom()
        if number and name in _TRIGONOMETRIC:  # sin 2x, cos 2πx
            while self.peek().kind in ("var", "const") and not self.peek().spaced:
                argument = ("*", argument, self.atom())
        if self.at("^"):
            caret = self.take()
            exponent, _ = self.exponent()
            call = self.applied(name, (argument,), raised, token)
            inside = self.applied(name, (("^", argument, exponent),), raised, token)
            self.two_readings(caret.at, inside, ("^", call, exponent))
        tree = self.applied(name, (argument,), raised, token)
        self.open_call = (self.place, name, argument, raised)
        return tree

    def applied(self, name: str, arguments: tuple[Tree, ...], raised: Tree | None, token: _Token) -> Tree:
        for argument in arguments:
            self.scalar(argument, token)
        wanted = {"max": 2, "min": 2, "root": 2, "diff": 2}.get(name, 1)
        if len(arguments) != wanted:
            self.fail(token.at, f"{name} takes {wanted} argument{'s' * (wanted > 1)}, here are {len(arguments)}.")
        if name == "root":
            return ("^", arguments[0], ("/", ("num", Fraction(1)), arguments[1]))
        if name == "diff":
            if arguments[1][0] != "var":
                self.fail(token.at, "diff takes an expression and then a variable: diff(x^2, x).")
            inside = repr(arguments[0])
            if inside.count("'diff'") > 1 or inside.count("('") > MAX_DIFFERENTIATED:
                self.fail(token.at, "This derivative is too large to be worked out here; write what comes out.")
            return ("diff", arguments[0], arguments[1][1])
        return _called(name, arguments[0], raised) if wanted == 1 else ("call", name, *arguments)


def _called(name: str, argument: Tree, raised: Tree | None) -> Tree:
    if name.startswith("log_"):
        tree: Tree = ("/", ("call", "ln", argument), ("call", "ln", ("num", Fraction(name[4:]))))
    else:
        tree = ("call", name, argument)
    return tree if raised is None else ("^", tree, raised)


def _constant(tree: Tree) -> float | None:
    """A rough value of a tree without variables, inf for what is too large; None with variables."""
    kind = tree[0]
    if kind == "num":
        return float(tree[1])
    if kind == "const":
        return math.e if tree[1] == "e" else math.pi
    if kind == "neg":
        inner = _constant(tree[1])
        return None if inner is None else -inner
    if kind in ("+", "-", "*", "/", "^"):
        a, b = _constant(tree[1]), _constant(tree[2])
        if a is None or b is None:
            return None
        try:
            value = {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__, "^": a.__pow__}[kind](b)
            return value if isinstance(value, float) and value == value else math.inf
        except (OverflowError, ZeroDivisionError):
            return math.inf
    if kind == "call" and tree[1] == "exp":
        inner = _constant(tree[2])
        return None if inner is None else math.exp(min(inner, 700.0))
    return None


def _height(tree: Tree) -> float:
    """A bound, roughly, on the bits or the degree that a tree written out would have."""
    kind = tree[0]
    if kind == "num":
        return max(1.0, math.log2(max(2, abs(tree[1].numerator), tree[1].denominator)))
    if kind in ("var", "const"):
        return 1.0
    if kind == "^":
        exponent = _constant(tree[2])
        return _height(tree[1]) * max(1.0, abs(exponent)) if exponent is not None else _height(tree[1])
    parts = [_height(part) for part in tree[1:] if isinstance(part, tuple)]
    return sum(parts) if kind in ("*", "/") else max(parts)


# ---------------------------------------------------------------------------------------------------------- printing

_STRENGTH = {"+": 1, "-": 1, "neg": 2, "*": 2, "/": 2, "^": 4}


def to_text(tree: Tree) -> str:
    """The tree as a text that reads back as the same tree."""
    kind = tree[0]
    if kind == "num":
        return _number(tree[1])
    if kind in ("var", "const"):
        return str(tree[1])
    if kind == "call":
        return f"{tree[1]}({', '.join(to_text(part) for part in tree[2:])})"
    if kind == "diff":
        return f"diff({to_text(tree[1])}, {tree[2]})"
    if kind == "list":
        return f"[{', '.join(to_text(part) for part in tree[1:])}]"
    if kind == "neg":
        return f"-{_held(tree[1], 3)}"
    low = _STRENGTH[kind]
    left = _held(tree[1], {"+": 1, "-": 1, "*": 2, "/": 2, "^": 5}[kind])
    right = _held(tree[2], {"+": 2, "-": 2, "*": 3, "/": 3, "^": 5}[kind])
    return f"{left} {kind} {right}" if low == 1 else f"{left}{kind}{right}"


def _held(tree: Tree, least: int) -> str:
    return to_text(tree) if _STRENGTH.get(tree[0], 9) >= least else f"({to_text(tree)})"


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"({value.numerator}/{value.denominator})"
    digits = max(twos, fives)
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def to_latex(tree: Tree) -> str:
    """The tree typeset, in the order in which it was typed."""
    kind = tree[0]
    if kind == "num":
        return _number(tree[1])
    if kind == "const":
        return "e" if tree[1] == "e" else "\\pi"
    if kind == "var":
        return _latex_name(tree[1])
    if kind == "call":
        return _latex_call(tree[1], tree[2:])
    if kind == "diff":
        return f"\\frac{{d}}{{d {_latex_name(tree[2])}}}\\left({to_latex(tree[1])}\\right)"
    if kind == "list":
        rows = [" & ".join(to_latex(part) for part in (row[1:] if row[0] == "list" else (row,))) for row in tree[1:]]
        return f"\\begin{{pmatrix}}{_rows(rows)}\\end{{pmatrix}}"
    if kind == "neg":
        return f"-{_latex_held(tree[1], 3 if tree[1][0] != '/' else 0)}"
    if kind == "/":
        return f"\\frac{{{to_latex(tree[1])}}}{{{to_latex(tree[2])}}}"
    if kind == "^":
        base = f"{{{to_latex(tree[1])}}}" if tree[1][0] in ("var", "const", "num") else _latex_held(tree[1], 5)
        return f"{base.removeprefix('{').removesuffix('}') if len(base) == 3 else base}^{{{to_latex(tree[2])}}}"
    if kind == "*":
        left, right = _latex_held(tree[1], 2), _latex_held(tree[2], 3)
        dot = " \\cdot " if right[:1].isdigit() or tree[1][0] == tree[2][0] == "num" else " "
        return f"{left}{dot}{right}"
    return f"{_latex_held(tree[1], 1)} {kind} {_latex_held(tree[2], 2)}"


def _rows(rows: list[str]) -> str:
    return " \\\\ ".join(rows)


def _latex_held(tree: Tree, least: int) -> str:
    strength = 9 if tree[0] == "/" and least < 5 else _STRENGTH.get(tree[0], 5 if tree[0] == "call" else 9)
    return to_latex(tree) if strength >= least else f"\\left({to_latex(tree)}\\right)"


def _latex_call(name: str, parts: tuple[Tree, ...]) -> str:
    inside = ", ".join(to_latex(part) for part in parts)
    if name == "abs":
        return f"\\left|{inside}\\right|"
    if name in ("sqrt", "cbrt"):
        return f"\\sqrt{'[3]' if name == 'cbrt' else ''}{{{inside}}}"
    if name == "sigmoid":
        return f"\\sigma\\left({inside}\\right)"
    known = ("exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sec", "csc", "cot", "coth", "max", "min")
    named = f"\\{name}" if name in known else name if len(name.rstrip("'")) == 1 else f"\\operatorname{{{name}}}"
    return f"{named}\\left({inside}\\right)"


def _latex_name(name: str) -> str:
    head, _, low = name.partition("_")
    head = _key(head)
    if not low:
        low = head[len(head.rstrip("0123456789")) :]
        head = head.removesuffix(low)
    mark = next((mark for mark in _MARKS.values() if head.endswith(mark) and head != mark), "")
    head = head.removesuffix(mark)
    shown = f"\\{head}" if head in _GREEK.values() else head if len(head) == 1 else f"\\mathrm{{{head}}}"
    shown = f"\\{mark}{{{shown}}}" if mark else shown
    return f"{shown}_{{{low}}}" if low else shown


# ------------------------------------------------------------------------------------------------------------- value

_OPERATIONS: dict[str, Callable[..., Any]] = {
    **{"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow},
    "neg": operator.neg,
}
_CALLS: dict[str, Callable[..., float]] = {
    "ln": math.log,
    "abs": abs,
    "max": max,
    "min": min,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x),
    "sech": lambda x: 1 / math.cosh(x),
    "csch": lambda x: 1 / math.sinh(x),
    "coth": lambda x: 1 / math.tanh(x),
}
_CALLS |= {name: getattr(math, name) for name in FUNCTIONS if name not in _CALLS}


def _value(tree: Tree, values: dict[str, float]) -> Any:
    kind = tree[0]
    if kind == "num":
        return float(tree[1])
    if kind == "var":
        return values[tree[1]]
    if kind == "const":
        return {"e": math.e, "pi": math.pi}[tree[1]]
    if kind == "diff":
        raise StillToDerive(f"a derivative is still to be worked out: what is {to_text(tree)} ?")
    if kind == "call":
        return _CALLS[tree[1]](*(_value(part, values) for part in tree[2:]))
    if kind == "list":
        raise TypeError("a list has no single value")
    return _OPERATIONS[kind](*(_value(part, values) for part in tree[1:]))


# ------------------------------------------------------------------------------------------------------------- sympy


def to_sympy(tree: Tree) -> Any:
    """The tree with sympy's own constructors, all variables real: nothing is looked up by a name that was typed."""
    import sympy

    def made(tree: Tree) -> Any:
        kind = tree[0]
        if kind == "num":
            return sympy.Rational(tree[1].numerator, tree[1].denominator)
        if kind == "var":
            return sympy.Symbol(tree[1], real=True)
        if kind == "const":
            return sympy.E if tree[1] == "e" else sympy.pi
        if kind == "neg":
            return -made(tree[1])
        if kind == "list":
            items = [made(part) for part in tree[1:]]
            return items if any(isinstance(item, list) for item in items) else sympy.Tuple(*items)
        if kind == "diff":
            return sympy.Derivative(made(tree[1]), sympy.Symbol(tree[2], real=True))
        if kind == "call":
            return called(tree[1], [made(part) for part in tree[2:]])
        a, b = made(tree[1]), made(tree[2])
        if kind == "^":
            return a**b
        return a + b if kind == "+" else a - b if kind == "-" else a * b if kind == "*" else a / b

    def called(name: str, parts: list[Any]) -> Any:
        x = parts[0]
        special = {
            "ln": lambda: sympy.log(x),
            "abs": lambda: sympy.Abs(x),
            "sigmoid": lambda: 1 / (1 + sympy.exp(-x)),
            "softplus": lambda: sympy.log(1 + sympy.exp(x)),
            "relu": lambda: sympy.Max(x, 0),
            "swish": lambda: x / (1 + sympy.exp(-x)),
            "max": lambda: sympy.Max(*parts),
            "min": lambda: sympy.Min(*parts),
        }
        if name in special:
            return special[name]()
        return getattr(sympy, name)(x) if name in FUNCTIONS else sympy.Function(name, real=True)(x)

    return made(tree)
