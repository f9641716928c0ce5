"""The colours of our pages, light and dark. `tests/report` measures the contrast of what is written in them."""

from __future__ import annotations

LIGHT = {
    "ink": "#1c2128",
    "quiet": "#545d68",
    "paper": "#ffffff",
    "raised": "#f3f5f8",
    "rule": "#ccd3db",
    "link": "#0a55b0",
    "good": "#136329",
    "good-paper": "#e2f6e6",
    "bad": "#9f3206",
    "bad-paper": "#fdeee4",
    "wait": "#6a4a00",
    "wait-paper": "#fbf3d5",
    "heat-1": "#fdeee4",
    "heat-2": "#fbd3b8",
    "heat-3": "#f5ab7e",
}
DARK = {
    "ink": "#e6eaef",
    "quiet": "#a4aebb",
    "paper": "#14181d",
    "raised": "#1f252c",
    "rule": "#3b444f",
    "link": "#7db7ff",
    "good": "#7fd696",
    "good-paper": "#16301f",
    "bad": "#ffb08a",
    "bad-paper": "#3a2117",
    "wait": "#ecd07a",
    "wait-paper": "#332b12",
    "heat-1": "#3a2117",
    "heat-2": "#59301d",
    "heat-3": "#7d4122",
}
# Pairs that occur together: text colour, background.
PAIRS = [
    *((text, paper) for text in ("ink", "quiet", "link", "good", "bad", "wait") for paper in ("paper", "raised")),
    *((kind, f"{kind}-paper") for kind in ("good", "bad", "wait")),
    *(("ink", f"{kind}-paper") for kind in ("good", "bad", "wait")),
    *(("ink", f"heat-{level}") for level in (1, 2, 3)),
]


def variables() -> str:
    """The colours as CSS variables: dark where the reader's system is dark, always light on paper."""
    light, dark = (" ".join(f"--{name}:{value};" for name, value in colours.items()) for colours in (LIGHT, DARK))
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
