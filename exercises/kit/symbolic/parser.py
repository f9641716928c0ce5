"""Parse a typed answer such as `2x cos(x^2)` with our own tokenizer and precedence parser, never Python's.

The result is a small tree that keeps the text's structure, or an `AnswerError` with a caret under the character.
Ambiguous notation (`1/2x`, `e^2x`, `x^y^z`, `sin x/y`) is refused with both readings written out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

from kit.symbolic.body import body
from kit.symbolic.evaluate import to_sympy, value
from kit.symbolic.render import to_latex, to_text
from kit.symbolic.size import Extreme, can_be_differentiated, constant, depth, height
from kit.symbolic.tokens import FULL_WIDTH, AnswerError, Token, Tokens
from kit.symbolic.tree import FUNCTIONS, Add, Const, Diff, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree, Var, Vector
from kit.symbolic.words import Words

MAX_CHARACTERS, MAX_DEPTH = 2000, 40
MAX_LEVELS = 120  # tree depth: a sum of 120 terms
MAX_DIFFERENTIATED = 60  # nodes inside diff( )
_TRIGONOMETRIC = ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")
_ONE = Num(Fraction(1))
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """A parsed answer."""

    text: str
    tree: Tree
    variables: tuple[str, ...]

    def latex(self) -> str:
        """The answer as parsed, in LaTeX, in the order it was typed."""
        return to_latex(self.tree)

    def sympy(self) -> Any:
        """The answer as a sympy expression, built only with sympy's own constructors."""
        return to_sympy(self.tree)

    def at(self, **values: float) -> float:
        """The value, in floats, for these values of the variables.

        Raises StillToDerive for a diff( ), ArithmeticError or ValueError if there is no value, TypeError for a list.
        """
        return float(value(self.tree, values))

    def __str__(self) -> str:
        return to_text(self.tree)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def parse(text: str, variables: Iterable[str], functions: Iterable[str] = ()) -> Answer:
    """Parse `text` as a function of `variables`; `functions` names unknown functions such as f. Raises AnswerError."""
    if not isinstance(text, str):
        raise AnswerError(type(text).__name__, 0, "Type your answer as a text between quotes.")
    if len(text) > MAX_CHARACTERS:
        raise AnswerError(text, MAX_CHARACTERS, f"Too long: at most {MAX_CHARACTERS} characters are read.")
    names = (variables,) if isinstance(variables, str) else tuple(variables)
    narrow = text.translate(FULL_WIDTH)
    return Answer(text, _Reader(narrow, Words(names, tuple(functions)), *body(narrow)).read(), names)


@dataclass(frozen=True)
class _OpenCall:
    """A call without brackets, such as sin 2x, and the position of the token after it, which may still belong to it."""

    place: int
    name: str
    argument: Tree
    raised: Tree | None

    def over(self, argument: Tree) -> Tree:
        return _called(self.name, argument, self.raised)


class _Reader:
    """Recursive descent: sum > product > signed > power > atom, one method each. `place` is the next token."""

    def __init__(self, text: str, words: Words, start: int, end: int) -> None:
        self.text = text
        self.tokens = Tokens(text, words, start, end).cut()
        self.place = self.depth = self.bars = 0
        self.open_call: _OpenCall | None = None  # the last call without brackets

    def read(self) -> Tree:
        if self.peek().kind == "end":
            self.fail(0, "Nothing is written here yet.")
        tree = self.sum()
        if self.at(","):
            self.comma(tree)
        if self.at(")", "}", "]", "|)"):
            self.fail(self.peek().at, "This bracket closes nothing. Leave it out or open one before.")
        if self.peek().kind != "end":
            self.fail(self.peek().at, "Up to here it reads well; is an operator missing?")
        if depth(tree) > MAX_LEVELS:
            self.fail(0, "This answer is too long to be read; can it be written shorter?")
        try:
            height(tree)
            constant(tree)
        except Extreme:
            power = next((token.at for token in self.tokens if token.text == "^"), 0)
            self.fail(power, "This is larger or smaller than any number asked for here. Is the exponent right?")
        return tree

    def fail(self, at: int, says: str) -> NoReturn:
        raise AnswerError(self.text, at, says)

    def peek(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def at(self, *symbols: str) -> bool:
        token = self.peek()
        return token.kind == "op" and token.text in symbols

    def starts_factor(self) -> bool:
        return self.peek().kind in ("number", "fraction", "var", "const", "call", "log", "command") or (
            self.at("(", "{", "[", "|(") or (self.at("|") and not self.bars)
        )

    def two_readings(self, at: int, one: Tree, other: Tree) -> NoReturn:
        readings = to_text(one), to_text(other)
        says = f"This can be read in two ways. Write {readings[0]} or {readings[1]}."
        raise AnswerError(self.text, at, says, readings)

    def deeper(self, read: Callable[[], T]) -> T:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(self.peek().at, "This is nested too deeply; can it be written with fewer brackets?")
        found = read()
        self.depth -= 1
        return found

    def sum(self) -> Tree:
        tree = self.product()
        while self.at("+", "-"):
            sign = self.take()
            self.scalar(tree, sign)
            right = self.scalar(self.product(), sign)
            tree = Add(tree, right) if sign.text == "+" else Sub(tree, right)
        return tree

    def scalar(self, tree: Tree, token: Token) -> Tree:
        if isinstance(tree, Vector):
            self.fail(token.at, "Square brackets make a vector; for grouping write ( ).")
        return tree

    def product(self) -> Tree:
        first = self.peek()
        tree = self.signed()
        divided: Div | None = None  # the fraction just written with /
        while True:
            token = self.peek()
            call = self.open_call if self.open_call and self.open_call.place == self.place else None
            if self.at("*", "/"):
                self.take()
                join = Mul if token.text == "*" else Div
                after = self.peek().kind
                right = self.scalar(self.signed(), token)
                if call and not (join is Mul and after in ("call", "log")):
                    self.two_readings(
                        token.at, call.over(join(call.argument, right)), join(call.over(call.argument), right)
                    )
                tree = join(self.scalar(tree, first), right)
                divided = tree if isinstance(tree, Div) else None
            elif self.starts_factor():
                tree = Mul(self.scalar(tree, first), self.next_to(divided, call))
            else:
                return tree

    def next_to(self, divided: Div | None, call: _OpenCall | None) -> Tree:
        """The factor that follows another without an operator. The one before may be a fraction or an open call."""
        token = self.peek()
        before = self.tokens[self.place - 1]
        if token.kind == before.kind == "number" and len(token.text) == 3 and "." not in before.text:
            self.fail(token.at, f"Write a number without spaces, {before.text}{token.text}, or * between two factors.")
        if token.kind in ("number", "fraction"):
            self.fail(token.at, "A number stands after a factor: write * or ^ before it, or put it in front.")
        closed_bar = self.tokens[self.place - 1].text == "|" and token.text != "|"
        if closed_bar and any(t.text == "|" for t in self.tokens[self.place :]) and not self.bars:
            self.fail(token.at, "These bars can be paired in two ways. Write abs( ) instead.")
        right = self.scalar(self.power(), token)
        if call and token.kind not in ("call", "log"):  # sin x cos x is a product
            inside, outside = call.over(Mul(call.argument, right)), Mul(call.over(call.argument), right)
            self.two_readings(token.at, inside, outside)
        if divided:
            self.two_readings(token.at, Mul(divided, right), Div(divided.left, Mul(divided.right, right)))
        return right

    def signed(self) -> Tree:
        if self.at("-", "+"):
            sign = self.take()
            tree = self.scalar(self.deeper(self.signed), sign)
            return Neg(tree) if sign.text == "-" else tree
        return self.power()

    def power(self) -> Tree:
        base = self.atom()
        if not self.at("^"):
            return base
        self.scalar(base, self.take())
        negative, bare, exponent = self.exponent()
        tree = Pow(base, Neg(exponent) if negative else exponent)
        token = self.peek()
        if bare and self.at("/") and self.tokens[self.place + 1].kind == "number":
            self.fraction_above(base, exponent, negative=negative)
        if self.at("^"):
            self.take()
            minus, _, third = self.exponent()
            third = Neg(third) if minus else third
            tower = Pow(exponent, third)
            if self.at("/") and (negative or isinstance(base, Const)):  # e^-x^2/2: is the half in the exponent?
                self.take()
                below = self.signed()
                whole, outside = Div(tower, below), Pow(base, Neg(tower) if negative else tower)
                self.two_readings(token.at, Pow(base, Neg(whole) if negative else whole), Div(outside, below))
            self.two_readings(token.at, Pow(base, Neg(tower) if negative else tower), Pow(tree, third))
        if bare and self.starts_factor() and not token.spaced and not self.stands_alone(base, exponent, negative):
            right = self.power()
            inside = Mul(exponent, right)
            self.two_readings(token.at, Pow(base, Neg(inside) if negative else inside), Mul(tree, right))
        return tree

    def fraction_above(self, base: Tree, exponent: Tree, *, negative: bool) -> None:
        """Refuse x^1/2 and x^-2/3, where a fraction without brackets may be the exponent; x^3/2 is x^3 over 2."""
        if not isinstance(exponent, Num) or not (negative or exponent == _ONE):
            return
        slash = self.take()
        above, below = Neg(exponent) if negative else exponent, self.atom()
        outside = Pow(base, above) if negative else base
        self.two_readings(slash.at, Pow(base, Div(above, below)), Div(outside, below))

    def stands_alone(self, base: Tree, exponent: Tree, negative: bool) -> bool:
        """Whether the text after an exponent without brackets is clearly a factor, as in x^2y or e^x(x + 1)."""
        match exponent:
            case Var():
                return self.at("(", "{")
            case Num(number):
                return number.denominator == 1 and not negative and not isinstance(base, Const | Num)
        return False

    def exponent(self) -> tuple[bool, bool, Tree]:
        """(whether a minus precedes the exponent, whether it has no brackets, the exponent itself)."""
        negative = False
        while self.at("-", "+"):
            negative ^= self.take().text == "-"
        bare = not self.at("(", "{")
        token = self.peek()
        return negative, bare, self.scalar(self.atom(), token)

    def atom(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return Num(Fraction(token.text))
        if token.kind == "fraction":
            above, _, below = token.text.partition("/")
            return Div(Num(Fraction(above)), Num(Fraction(below)))
        if token.kind == "var":
            return Var(token.text)
        if token.kind == "const":
            return Const("e" if token.text == "e" else "pi")
        if token.kind in ("call", "log"):
            return self.deeper(lambda: self.call(token))
        if token.kind == "command":
            return self.deeper(lambda: self.fraction() if token.text == "frac" else self.root(token))
        if token.kind == "op" and token.text in ("(", "{"):
            return self.closed({"(": ")", "{": "}"}[token.text])
        if token.kind == "op" and token.text == "[":
            return self.deeper(lambda: Vector(self.items("]")))
        if token.kind == "op" and token.text in ("|", "|("):
            return self.absolute(token)
        self.place -= 1
        if token.kind == "end":
            self.fail(token.at, "Here something is missing: the answer ends too early.")
        self.fail(token.at, f"A value was expected here, not {token.text!r}.")

    def absolute(self, opening: Token) -> Tree:
        end = "|" if opening.text == "|" else "|)"
        bars, self.bars = self.bars, 1 if end == "|" else 0
        inside = self.scalar(self.deeper(self.sum), opening)
        if not self.at(end):
            self.fail(self.peek().at, "A closing bar | is missing here.")
        self.take()
        self.bars = bars
        return FunctionCall("abs", (inside,))

    def closed(self, end: str) -> Tree:
        bars, self.bars = self.bars, 0
        if self.at(end):
            self.fail(self.peek().at, "These brackets are empty; something belongs between them.")
        tree = self.deeper(self.sum)
        if self.at(","):
            self.comma(tree)
        if not self.at(end):
            self.fail(self.peek().at, f"A closing bracket {end} is missing here.")
        self.take()
        self.bars = bars
        return tree

    def comma(self, before: Tree) -> NoReturn:
        """Refuse a comma where a single value is expected: a decimal comma, one too many, or a list."""
        comma = self.take()
        if self.decimal_comma(comma):
            self.fail(comma.at, self.about_decimals(comma))
        if self.peek().kind == "end" or self.at(")", "]", "}"):
            self.fail(comma.at, "Leave out this comma; nothing follows it.")
        after = self.sum()
        self.fail(comma.at, f"Lists are written in square brackets: [{to_text(before)}, {to_text(after)}].")

    def decimal_comma(self, comma: Token) -> bool:
        """Whether a comma has a digit directly before and after it."""
        around = self.text[comma.at - 1 : comma.at] + self.text[comma.at + 1 : comma.at + 2]
        return len(around) == 2 and around.isascii() and around.isdigit()

    def about_decimals(self, comma: Token) -> str:
        """What to type instead of a comma between digits: in 1,000 it may separate the thousands."""
        thousands = re.search(r"(?<![0-9.])([1-9][0-9]{0,2}),([0-9]{3})$", self.text[: comma.at + 4])
        more = self.text[comma.at + 4 : comma.at + 5]
        if thousands and not (more.isascii() and more.isdigit()):
            whole, part = thousands[1], thousands[2]
            return f"Write {whole}{part} without a comma, or {whole}.{part} with a point for the decimals."
        return "Write decimals with a point: 0.5, not 0,5."

    def items(self, end: str) -> tuple[Tree, ...]:
        bars, self.bars = self.bars, 0
        opening = self.tokens[self.place - 1]
        items = [self.sum()]
        if opening.text == "[" and self.at("]") and isinstance(items[0], Mul):
            spaced = next(
                (token for token in self.tokens if opening.at < token.at < self.peek().at and token.spaced), None
            )
            if spaced and spaced.kind != "op" and self.text[spaced.at - 1 : spaced.at].isspace():
                self.fail(spaced.at, "The entries of a list are separated by commas: [x, y].")
        while self.at(","):
            self.take()
            items.append(self.sum())
        if not self.at(end):
            self.fail(self.peek().at, f"A closing bracket {end} is missing here.")
        self.take()
        self.bars = bars
        return tuple(items)

    def group(self) -> Tree:
        """An argument of \\frac: {…}, or a single number or name."""
        if self.at("{"):
            self.take()
            return self.scalar(self.closed("}"), self.peek())
        return self.atom()

    def fraction(self) -> Tree:
        above = self.group()
        return Div(above, self.group())

    def root(self, token: Token) -> Tree:
        if self.at("["):
            self.take()
            (degree,) = self.items("]")[:1]
            return Pow(self.group(), Div(_ONE, degree))
        return FunctionCall("sqrt", (self.group(),))

    def call(self, token: Token) -> Tree:
        name = token.text if token.kind == "call" else f"log_{token.text}"
        raised = None
        if self.at("^"):
            self.take()
            negative, _, raised = self.exponent()
            raised = Neg(raised) if negative else raised
        if self.at("(", "{"):
            opening = self.take()
            if self.at(")", "}"):
                self.fail(self.peek().at, f"{name} of what? Something belongs between the brackets.")
            arguments = self.deeper(lambda: self.items(")" if opening.text == "(" else "}"))
            return self.applied(name, arguments, raised, token)
        if not self.starts_factor() or self.at("["):
            self.fail(self.peek().at, f"{name} of what? Write {name}( ) with brackets.")
        number = self.peek().kind == "number"
        argument = self.atom()
        if number and name in _TRIGONOMETRIC:  # sin 2x, cos 2πx
            while self.peek().kind in ("var", "const") and not self.peek().spaced:
                argument = Mul(argument, self.atom())
        if self.at("^"):
            caret = self.take()
            negative, _, exponent = self.exponent()
            exponent = Neg(exponent) if negative else exponent
            call = self.applied(name, (argument,), raised, token)
            inside = self.applied(name, (Pow(argument, exponent),), raised, token)
            self.two_readings(caret.at, inside, Pow(call, exponent))
        tree = self.applied(name, (argument,), raised, token)
        self.open_call = _OpenCall(self.place, name, argument, raised)
        return tree

    def applied(self, name: str, arguments: tuple[Tree, ...], raised: Tree | None, token: Token) -> Tree:
        for argument in arguments:
            self.scalar(argument, token)
        wanted = {"max": 2, "min": 2, "root": 2, "diff": 2}.get(name, 1)
        if len(arguments) != wanted:
            self.wrong_number_of(arguments, name, token)
            takes = f"{name} takes {wanted} argument{'s' * (wanted > 1)}, here are {len(arguments)}."
            self.fail(token.at, takes if name != "diff" else "Type the derivative itself instead of diff( ).")
        if name == "root":
            return Pow(arguments[0], Div(_ONE, arguments[1]))
        if name == "diff":
            body, variable = arguments
            if not isinstance(variable, Var):
                self.fail(token.at, "diff takes an expression and then a variable: diff(x^2, x).")
            if not can_be_differentiated(body, MAX_DIFFERENTIATED):
                self.fail(token.at, "This derivative is too large to be worked out here; write what comes out.")
            return Diff(body, variable.name)
        if raised == Neg(_ONE):
            self.inverse(name, arguments[0], token)
        return _called(name, arguments[0], raised) if wanted == 1 else FunctionCall(name, arguments)

    def wrong_number_of(self, arguments: tuple[Tree, ...], name: str, token: Token) -> None:
        """Refuse cases with a specific remedy: a decimal comma, or the base of a logarithm as second argument."""
        commas = (t for t in self.tokens if token.at < t.at < self.peek().at and t.text == ",")
        comma = next((t for t in commas if self.decimal_comma(t)), None)
        if comma is not None and len(arguments) == 2:
            self.fail(comma.at, self.about_decimals(comma))
        if name == "ln" and len(arguments) == 2:
            inside, base = map(to_text, arguments)
            short = f"log_{base}({inside}) or " if base.isdigit() else ""
            self.fail(token.at, f"For a logarithm to the base {base} write {short}ln({inside})/ln({base}).")

    def inverse(self, name: str, argument: Tree, token: Token) -> NoReturn:
        """Refuse sin^-1 x, which may mean the inverse function or 1/sin x."""
        one_over = Div(_ONE, _called(name, argument, None))
        inverse = {"ln": "exp", "exp": "ln"}.get(name, f"a{name}")
        if inverse in FUNCTIONS:
            self.two_readings(token.at, FunctionCall(inverse, (argument,)), one_over)
        self.fail(token.at, f"Write {to_text(one_over)}, without a power of -1 after the name.")


def _called(name: str, argument: Tree, raised: Tree | None) -> Tree:
    base = name.removeprefix("log_")
    tree: Tree = FunctionCall(name if base == name else "ln", (argument,))
    if base != name:
        tree = Div(tree, FunctionCall("ln", (Num(Fraction(base)),)))
    return tree if raised is None else Pow(tree, raised)
