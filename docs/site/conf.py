"""Sphinx's settings for the documentation. `build.py` writes the folder of pages that Sphinx reads."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for `formulas`

project = "Just Enough Calculus"
author = copyright = "The maintainers of Just Enough Calculus"
extensions = ["myst_parser", "formulas"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "dollarmath", "fieldlist"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
suppress_warnings = [
    "misc.highlighting_failure",  # code with `...` on a line of its own, as in a stub
    "myst.header",  # a notebook begins with a heading of level 3 below the first
]
html_math_renderer = "mathml"
html_theme = "furo"
html_title = "Just Enough Calculus"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # it fetches every page found, which a browser refuses for pages that are files
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0a55b0", "color-brand-content": "#0a55b0"},
    "dark_css_variables": {"color-brand-primary": "#7db7ff", "color-brand-content": "#7db7ff"},
}
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "a11y-high-contrast-dark"
templates_path: list[str] = []
