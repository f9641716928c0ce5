"""Find the formula in a typed answer, without what a text editor or LaTeX wraps around it."""

from __future__ import annotations

import re

from kit.symbolic.tokens import AnswerError

_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), (r"\boxed{", "}"), (r"\fbox{", "}"))
_RELATIONS = re.compile(r"[=<>≤≥≠≈≡＝]")
_LEFT_SIDE = re.compile(  # y, f(t), f'(t), dy/dx, \\frac{dy}{dx}
    r"\s*([^\W\d][\w'′’]*|[d∂]\s*\w*\s*/\s*[d∂]\s*\w+|\\d?frac\{[^{}]*\}\{[^{}]*\})(\s*\(\s*\w+(\s*,\s*\w+)*\s*\))?\s*"
)


def body(text: str) -> tuple[int, int]:
    """The start and end of the formula in `text`. Raises AnswerError for an equation."""
    start, end = 0, len(text)
    unwrapped = True
    while unwrapped:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        unwrapped = False
        for opening, closing in _WRAPPERS:
            closed = start + len(text[start:end].rstrip(".,; "))  # a full stop after the closing $ ends a sentence
            inside = text[start + len(opening) : closed - len(closing)]
            if _wraps(text[start:closed], opening, closing) and "$" not in inside.strip("$"):
                start, end, unwrapped = start + len(opening), closed - len(closing), True
                break
    relation = _RELATIONS.search(text, start, end)
    if relation is not None:
        left = text[start : relation.start()]
        says = "Type only the expression itself, without a relation sign."
        if relation[0] in "=＝" and _LEFT_SIDE.fullmatch(left) and text[relation.end() : end].strip(" ="):
            says = f"Type only the right-hand side: leave out {left.strip()} =."
        raise AnswerError(text, relation.start(), says)
    return start, end


def _wraps(text: str, opening: str, closing: str) -> bool:
    if len(text) < len(opening) + len(closing) or not (text.startswith(opening) and text.endswith(closing)):
        return False
    depth = 0
    for place, c in enumerate(text) if closing == "}" else ():
        depth += (c == "{") - (c == "}")
        if depth == 0 and c == "}" and place < len(text) - 1:
            return False
    return True
