"""The colours of the prerequisite map, light and dark: its parts follow the reader's system, and are light on paper.

Each part has its light colour as an attribute, for programs that know no CSS variables, and a class that says which
variable it follows.
"""

from __future__ import annotations

UNITS = ("#57606a", "#0a5fb4", "#0b7a3b", "#a04a00", "#7a3fb0", "#b3245c", "#00707a", "#6d5c00")  # 4.5:1 with white
_UNITS_DARK = ("#a4aebb", "#7db7ff", "#7fd696", "#ffb08a", "#cbaaf5", "#ff9dc2", "#6fd0d8", "#dcc75a")
SHEET, HEAD, DONE = "#ffffff", "#424a53", "#bfe8c8"
LIGHT = {"sheet": SHEET, "head": HEAD, "done": DONE, **{f"u{n}": colour for n, colour in enumerate(UNITS)}}
DARK = {
    "sheet": "#14181d",
    "head": "#ccd3db",
    "done": "#1f4f2f",
    **{f"u{n}": colour for n, colour in enumerate(_UNITS_DARK)},
}


def map_variables(colours: dict[str, str]) -> str:
    """The colours as CSS variables."""
    return "".join(f"--map-{name}:{colour};" for name, colour in colours.items())


def map_style() -> str:
    """The style sheet of a picture: every class that a part can have, in both themes."""
    rules = [
        f".course-map{{{map_variables(LIGHT)}}}",
        f"@media screen and (prefers-color-scheme:dark){{.course-map{{{map_variables(DARK)}}}}}",
        *(f".course-map .f-{name}{{fill:var(--map-{name})}}" for name in LIGHT),
        *(f".course-map .s-{name}{{stroke:var(--map-{name})}}" for name in LIGHT if name not in ("head", "done")),
    ]
    return f"<style>{''.join(rules)}</style>"
