"""Pictures for the notebooks, drawn with matplotlib. Each shows one idea, using real data.

Each function makes a new figure and returns None, so that the notebook shows the figure and no text; the drawing is in
`plt.gcf().axes`. Nothing is drawn during grading (KIT_GRADING is set). Each module is loaded when one of its pictures
is first used.
"""

from __future__ import annotations

import importlib
from types import ModuleType

_MODULES = (
    "drawing",
    "curves",
    "rules",
    "downhill",
    "graphs",
    "checking",
    "training",
    "reading",
    "library",
    "knobs",
    "noise",
    "divergence",
    "steps",
    "thin",
    "throws",
    "kernels",
)


def __getattr__(name: str) -> object:
    if not name.startswith("_"):
        for module in map(_module, _MODULES):
            if name in module.__all__:
                found: object = getattr(module, name)
                return found
    raise AttributeError(f"there is no picture {name!r}; there are {', '.join(__dir__())}")


def __dir__() -> list[str]:
    return sorted(name for module in map(_module, _MODULES) for name in module.__all__)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"kit.pictures.{name}")
