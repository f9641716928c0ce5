"""The typed formulas of a task as the feedback shows them: typeset as read, and drawn.

The measured slopes of the question's own function are drawn beside the curve where its unit declares them. A formula
that is not a slope is drawn only if it is wrong, with the right value at the one point that its hint names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from markupsafe import Markup

from grader.report import plot, typed_formulas
from grader.report.mathml import mathml
from grader.report.measured_slopes import Slopes
from grader.report.typed_formulas import Typed

_MOST_FORMULAS = 8  # of one task


class Formula(msgspec.Struct, frozen=True):
    """One typed formula as a template shows it."""

    math: Markup
    curve: Markup
    measured: Slopes | None  # what is drawn beside the curve
    held: str  # the letters that are held while the curve runs along another
    dotted: bool  # whether the values at the point of the hint are in the picture
    cut: bool
    given: str
    wanted: str
    at: str
    is_slope: bool


def shown_formulas(
    code: str, asked: Sequence[str], hints: Sequence[str], slopes: Mapping[str, Slopes], curves: int
) -> Iterator[Formula]:
    """The formulas of a task, at most `curves` of them drawn; those that a hint is about come first."""
    wrong = {typed.name: typed for hint in hints if (typed := typed_formulas.in_hint(hint))}
    read = typed_formulas.in_code(code, asked, {name: measured.letters for name, measured in slopes.items()})
    for typed in [*wrong.values(), *(typed for typed in read if typed.name not in wrong)][:_MOST_FORMULAS]:
        drawn = (
            _drawn(typed, slopes.get(typed.name), is_wrong=typed.name in wrong) if curves > 0 else plot.DrawnFormula()
        )
        curves -= bool(drawn.svg)
        yield _formula(typed, drawn, slopes.get(typed.name))


def _drawn(typed: Typed, slopes: Slopes | None, *, is_wrong: bool) -> plot.DrawnFormula:
    drawn = plot.beside_measured(typed, slopes) if slopes else plot.DrawnFormula()
    if is_wrong and not drawn.svg:
        return plot.DrawnFormula(plot.formula_curve(typed), dotted=True)
    return drawn


def _formula(typed: Typed, drawn: plot.DrawnFormula, slopes: Slopes | None) -> Formula:
    given, wanted = ("" if value is None else f"{value:.4g}" for value in (typed.given, typed.wanted))
    return Formula(
        math=Markup(mathml(typed.answer.tree, typed.name)),  # noqa: S704 - escapes every name
        curve=Markup(drawn.svg),  # noqa: S704 - made of our numbers
        measured=slopes if drawn.beside else None,
        held=_listed(slopes.fixed if slopes else {}).replace(" = ", "\u00a0=\u00a0"),  # kept on one line each
        dotted=drawn.dotted and bool(drawn.svg),
        cut=drawn.cut,
        given=given,
        wanted=wanted,
        at=_listed(typed.at),
        is_slope=typed.is_slope,
    )


def _listed(values: Mapping[str, float]) -> str:
    return ", ".join(f"{letter} = {value:g}" for letter, value in values.items())
