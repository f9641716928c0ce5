"""Puts its own numpy, sympy, pytest, kit, conftest and grader beside the notebook. Files beside it are ignored: no points."""
# %% folder
evil = "import sys\nclass Any:\n    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self\n"
evil += "    __eq__ = __lt__ = __gt__ = lambda self, other: True\n    __hash__ = lambda self: 0\nsys.modules[__name__] = Any()\n"
for name in ("numpy", "sympy", "pytest", "conftest", "sitecustomize", "msgspec", "grader", "test_target"):
    (folder / f"{name}.py").write_text(evil)
(folder / "kit").mkdir()
(folder / "kit" / "__init__.py").write_text(evil)
# %% task="rate"
import numpy as np
rate = lambda f, a, b: np.any
