"""Read a typed answer such as `2x cos(x^2)`: our own tokenizer and precedence parser, never Python's.

The same code reads the answer in the notebook, where it is shown typeset at once, and again when it is graded. A text
becomes a small tree of tuples, `("+", a, b)`, or an `AnswerError` with a caret under the character. Decimals are exact.
What mathematics reads in two ways (`1/2x`, `e^2x`, `x^y^z`, `sin x/y`) is refused with both readings written out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH, MAX_DIGITS, MAX_EXPONENT = 2000, 400, 40, 40, 200
FUNCTIONS = ("exp", "ln", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "abs")
_ALIASES = {"log": "ln", "σ": "sigmoid", "√": "sqrt", "sigma": "sigmoid"}
_CONSTANTS = ("e", "pi")
_SYMBOLS = {"·": "*", "×": "*", "−": "-", "–": "-", "÷": "/", "∗": "*", "**": "^"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GREEK = {"π": "pi", "ε": "eps"}

Tree = tuple[Any, ...]


class AnswerError(ValueError):
    """An answer that cannot be read; `str` shows the text, a caret under the place, and what to type instead."""

    def __init__(self, text: str, at: int, says: str) -> None:
        shown = "".join(c if c.isprintable() else "?" for c in text[max(0, at - 40) : at + 40])
        super().__init__(f"{says}\n  {shown}\n  {' ' * min(at, 40)}^")
        self.at, self.says = at, says


@dataclass(frozen=True)
class Answer:
    """An answer as it was read."""

    text: str
    tree: Tree
    variables: tuple[str, ...]

    def sympy(self) -> Any:
        """The answer as an unevaluated-by-us sympy expression (sympy's own constructors only)."""
        return to_sympy(self.tree)

    def latex(self) -> str:
        """How the answer was read, typeset."""
        import sympy

        return str(sympy.latex(self.sympy()))

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def parse(text: str, variables: Iterable[str], functions: Sequence[str] = FUNCTIONS) -> Answer:
    """Read `text`; only `variables`, `functions`, e and pi have a meaning. Raises AnswerError."""
    if not isinstance(text, str):
        raise AnswerError(str(type(text).__name__), 0, "Type your answer as a text between quotes.")
    names = tuple(variables)
    if len(text) > MAX_CHARACTERS:
        raise AnswerError(text, MAX_CHARACTERS, f"At most {MAX_CHARACTERS} characters are read.")
    return Answer(text, _Parser(text, names, tuple(functions)).parse(), names)


@dataclass(frozen=True)
class _Token:
    kind: str  # "number", "name", "op", "end"
    text: str
    at: int
    spaced: bool = False  # white space stands before it


class _Parser:
    def __init__(self, text: str, variables: tuple[str, ...], functions: tuple[str, ...]) -> None:
        self.text, self.variables, self.functions = text, variables, functions
        self.tokens = self._tokens()
        self.place = 0
        self.depth = 0

    def fail(self, at: int, says: str) -> AnswerError:
        return AnswerError(self.text, at, says)

    # ---- tokens

    def _tokens(self) -> list[_Token]:
        text, found, i, spaced = self.text, [], 0, False
        while i < len(text):
            c = text[i]
            if c.isspace():
                spaced, i = True, i + 1
                continue
            start = i
            if c.isascii() and (c.isdigit() or (c == "." and text[i + 1 : i + 2].isdigit())):
                while i < len(text) and text[i].isascii() and (text[i].isdigit() or text[i] == "."):
                    i += 1
                number = text[start:i]
                if number.count(".") > 1 or len(number) > MAX_DIGITS:
                    raise self.fail(start, "This number cannot be read.")
                found.append(_Token("number", number, start, spaced))
            elif c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
                while i < len(text) and text[i] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
                    i += 1
                digits = text[start:i].translate(_SUPERSCRIPTS)
                if not digits.lstrip("-").isdigit() or len(digits) > 4:
                    raise self.fail(start, "This exponent cannot be read; write it as ^( ).")
                found += [_Token("op", "^", start, spaced), _Token("op", "(", start), _Token("op", "-", start)]
                if not digits.startswith("-"):
                    found.pop()
                found += [_Token("number", digits.lstrip("-"), start), _Token("op", ")", start)]
            elif c.isalpha() or c == "_" or c in _GREEK or c == "√":
                while i < len(text) and (text[i].isalnum() or text[i] == "_" or unicodedata.combining(text[i])):
                    if text[i] in "⁰¹²³⁴⁵⁶⁷⁸⁹" or (c == "√" and i > start):
                        break
                    i += 1
                i = max(i, start + 1)
                found += self._names(text[start:i], start, spaced, followed=text[i : i + 1])
            else:
                two = text[i : i + 2]
                symbol = _SYMBOLS.get(two) or _SYMBOLS.get(c, c)
                if symbol not in "+-*/^()|" or len(symbol) != 1:
                    raise self.fail(
                        i, f"The character {c!r} has no meaning here." if c.isprintable() else "Unreadable."
                    )
                i += 2 if two in _SYMBOLS else 1
                found.append(_Token("op", symbol, start, spaced))
            spaced = False
            if len(found) > MAX_TOKENS:
                raise self.fail(start, "This answer is too long to be read.")
        return [*found, _Token("end", "", len(text))]

    def _names(self, word: str, at: int, spaced: bool, followed: str) -> list[_Token]:
        """A word as one name, or split where it falls wholly into declared names (`2xy`, `acosx` is refused)."""
        plain = word.translate(_SUBSCRIPTS)
        for candidate in (word, plain, plain.replace("_", ""), _GREEK.get(word, word)):
            if candidate in self.variables or self._function(candidate) or candidate in _CONSTANTS:
                return [_Token("name", candidate, at, spaced)]
        parts = self._split(plain)
        if parts is None:
            known = ", ".join([*self.variables, *self.functions])
            raise self.fail(at, f"The name {word[:30]!r} has no meaning here. Known are: {known}.")
        tokens, offset = [], at
        for number, part in enumerate(parts):
            tokens.append(_Token("name", part, offset, spaced and number == 0))
            offset += len(part)
        return tokens

    def _split(self, word: str) -> list[str] | None:
        if len(word) > 60:
            return None
        known = sorted({*self.variables, *_CONSTANTS}, key=len, reverse=True)
        ways: dict[int, list[str]] = {0: []}
        for end in range(1, len(word) + 1):
            for name in known:
                if word[:end].endswith(name) and end - len(name) in ways and end not in ways:
                    ways[end] = [*ways[end - len(name)], name]
        return ways.get(len(word))

    def _function(self, name: str) -> str | None:
        resolved = _ALIASES.get(name, name)
        return resolved if resolved in self.functions and name not in self.variables else None

    # ---- precedence

    def peek(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def at(self, *symbols: str) -> bool:
        token = self.peek()
        return token.kind == "op" and token.text in symbols

    def parse(self) -> Tree:
        if self.peek().kind == "end":
            raise self.fail(0, "Nothing is written here yet.")
        tree = self.sum()
        if self.peek().kind != "end":
            raise self.fail(self.peek().at, "Up to here it reads well; what should this be?")
        return tree

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(self.peek().at, "This is nested too deeply.")
        tree = self.product()
        while self.at("+", "-"):
            tree = (self.take().text, tree, self.product())
        self.depth -= 1
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        divided_at = -1
        while True:
            if self.at("*", "/"):
                sign = self.take()
                divided_at = self.place if sign.text == "/" else -1
                tree = (sign.text, tree, self.signed())
            elif self.starts_atom():
                token = self.peek()
                if divided_at >= 0:
                    raise self.fail(token.at, "Is this still below the fraction line? Write a/(b c) or (a/b) c.")
                tree = ("*", tree, self.power())
            else:
                return tree

    def starts_atom(self) -> bool:
        return self.peek().kind in ("number", "name") or self.at("(")

    def signed(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(self.peek().at, "This is nested too deeply.")
        try:
            if self.at("-"):
                self.take()
                return ("neg", self.signed())
            if self.at("+"):
                self.take()
                return self.signed()
            return self.power()
        finally:
            self.depth -= 1

    def power(self) -> Tree:
        base = self.atom()
        if not self.at("^"):
            return base
        self.take()
        negative = False
        while self.at("-", "+"):
            negative ^= self.take().text == "-"
        bare = not self.at("(")
        exponent = self.atom()
        token = self.peek()
        if bare and self.starts_atom() and not token.spaced:
            raise self.fail(token.at, "Is this still in the exponent? Write e^(2x) or (e^2) x.")
        if self.at("^"):
            raise self.fail(token.at, "Two exponents in a row can be read in two ways: write x^(y^z) or (x^y)^z.")
        if exponent[0] == "num" and exponent[1] > MAX_EXPONENT:
            raise self.fail(token.at, f"An exponent over {MAX_EXPONENT} is not read.")
        return ("^", base, ("neg", exponent) if negative else exponent)

    def atom(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return ("num", Fraction(token.text))
        if token.kind == "op" and token.text == "(":
            tree = self.sum()
            if not self.at(")"):
                raise self.fail(self.peek().at, "A closing bracket ) is missing here.")
            self.take()
            return tree
        if token.kind == "op" and token.text == "|":
            tree = self.sum()
            if not self.at("|"):
                raise self.fail(self.peek().at, "A closing bar | is missing here.")
            self.take()
            return ("call", "abs", tree)
        if token.kind == "name":
            function = self._function(token.text)
            if function is None:
                return ("const", token.text) if token.text not in self.variables else ("var", token.text)
            return self.call(function, token)
        if token.kind == "end":
            raise self.fail(token.at, "Here something is missing: the answer ends too early.")
        raise self.fail(token.at, f"A value was expected here, not {token.text!r}.")

    def call(self, function: str, token: _Token) -> Tree:
        power: Tree | None = None
        if self.at("^"):
            self.take()
            power = self.atom()
            if power == ("neg", ("num", Fraction(1))) or self.at("-"):
                raise self.fail(token.at, "Write arcsin or 1/sin( ): a power of -1 can be read in two ways.")
        if self.at("("):
            argument = self.atom()
        elif self.starts_atom():
            argument = self.power()
            after = self.peek()
            if self.at("/") or (self.starts_atom() and not after.spaced) or self.starts_atom():
                raise self.fail(after.at, f"Where does {function} end? Write {function}( ) with brackets.")
        else:
            raise self.fail(self.peek().at, f"{function} of what? Write {function}( ).")
        call: Tree = ("call", function, argument)
        return ("^", call, power) if power is not None else call


def to_sympy(tree: Tree) -> Any:
    """The tree with sympy's own constructors: nothing is looked up by name in a namespace."""
    import sympy

    kind = tree[0]
    if kind == "num":
        return sympy.Rational(tree[1].numerator, tree[1].denominator)
    if kind == "var":
        return sympy.Symbol(tree[1], real=True)
    if kind == "const":
        return {"e": sympy.E, "pi": sympy.pi}[tree[1]]
    if kind == "neg":
        return -to_sympy(tree[1])
    if kind == "call":
        inner = to_sympy(tree[2])
        if tree[1] == "sigmoid":
            return 1 / (1 + sympy.exp(-inner))
        table = {
            "exp": sympy.exp,
            "ln": sympy.log,
            "sqrt": sympy.sqrt,
            "sin": sympy.sin,
            "cos": sympy.cos,
            "tan": sympy.tan,
            "sinh": sympy.sinh,
            "cosh": sympy.cosh,
            "tanh": sympy.tanh,
            "abs": sympy.Abs,
        }
        return table[tree[1]](inner)
    left, right = to_sympy(tree[1]), to_sympy(tree[2])
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "^": lambda: left**right,
    }[kind]()
