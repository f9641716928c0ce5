"""The sample class of the demo and of the tests: what each student hands in, and what must come of it.

A student is a function that edits the *released* notebook (as data) or the folder around it; its docstring says what it
is. `EXPECTED` says what must hold of the report. Nothing here knows the engine.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]

# Right answers to every task, written in genuinely different ways.
PLAIN = {
    "average_rate": """
        def average_rate(f, a, b):
            if a == b:
                raise ValueError("there is no step between a and a")
            rise = f(b) - f(a)
            run = b - a
            return rise / run

        rate_of_square = "2*a + w"

        my_rate = average_rate(lambda t: t**2 + k * t, start, stop)
        """,
    "dual_plus_times": """
        class Dual:
            def __init__(self, real, inf):
                self.real = real
                self.inf = inf
            def __repr__(self):
                return f"Dual({self.real}, {self.inf})"
            def __add__(self, other):
                if not isinstance(other, Dual):
                    return Dual(self.real + other, self.inf)
                return Dual(self.real + other.real, self.inf + other.inf)
            __radd__ = __add__
            def __neg__(self):
                return Dual(-self.real, -self.inf)
            def __sub__(self, other):
                return self + (-other)
            def __rsub__(self, other):
                return (-self) + other
            def __mul__(self, other):
                if not isinstance(other, Dual):
                    return Dual(self.real * other, self.inf * other)
                a, b, c, d = self.real, self.inf, other.real, other.inf
                return Dual(a * c, a * d + b * c)
            __rmul__ = __mul__
            def __abs__(self):
                return self if self.real >= 0 else -self
            def __lt__(self, other):
                return self.real < getattr(other, "real", other)
            def __gt__(self, other):
                return self.real > getattr(other, "real", other)

        product_real = "c a"
        product_inf = "b*c + a*d"
        """,
    "dual_divide_power": """
        def divide(a, b):
            a, b = as_dual(a), as_dual(b)
            if b.real == 0:
                raise ZeroDivisionError("no reciprocal")
            return Dual(a.real / b.real, (a.inf * b.real - a.real * b.inf) / (b.real * b.real))

        def power(a, n):
            result = Dual(1.0, 0.0)
            for _ in range(abs(n)):
                result = result * a
            return result if n >= 0 else divide(1.0, result)

        Dual.__truediv__ = divide
        Dual.__rtruediv__ = lambda self, other: divide(other, self)
        Dual.__pow__ = power
        reciprocal_inf = "-x^(-2)"
        """,
    "slope": """
        def slope(f, x):
            result = f(Dual(x, 1))
            try:
                return result.inf
            except AttributeError:
                return 0.0
        """,
    "microscope": """
        def microscope(f, x0, widths):
            h = min(widths) / 1000
            left, right = slope(f, x0 - h), slope(f, x0 + h)
            pictures = []
            for w in widths:
                figure = plt.figure()
                ax = figure.add_subplot()
                x = np.linspace(x0 - w / 2, x0 + w / 2, 301)
                ax.plot(x, np.array([f(float(t)) for t in x]), "b", label="f")
                if abs(left - right) <= 0.01:
                    m = slope(f, x0)
                    ax.plot(x, [f(x0) + m * (t - x0) for t in x], "r:", label="tangent")
                ax.axvline(x0, color="lightgray")
                pictures.append(ax)
            return pictures
        """,
    "pair_plot": """
        def pair_plot(f, xs):
            figure = plt.figure()
            upper = figure.add_subplot(2, 1, 1)
            lower = figure.add_subplot(2, 1, 2)
            upper.plot(xs, [f(float(x)) for x in xs])
            lower.plot(xs, np.zeros(len(xs)), "k--")
            lower.plot(xs, [slope(f, float(x)) for x in xs], "r")
            return [upper, lower]

        curve, order = variant("pair_plot", pictures.ORDERS)
        my_graph = "ABC"[order.index(curve)]
        """,
    "signal": """
        def signal(f, x):
            m = slope(f, x)
            if m == 0:
                return 0
            return -1 if m > 0 else 1

        step_slope = 0
        """,
}
VECTORS = PLAIN | {
    "average_rate": """
        import numpy as np
        from fractions import Fraction

        def average_rate(f, a, b):
            if not (b - a):
                raise ValueError
            y = np.array([f(a), f(b)], dtype=float)
            return float(np.diff(y)[0] / np.diff([a, b])[0])

        rate_of_square = "((a + w)^2 - a^2)/w"
        my_rate = float(Fraction(stop**2 - start**2 + k * (stop - start), stop - start))
        """,
    "dual_plus_times": """
        class Dual:
            # a + b eps is the matrix [[a, b], [0, a]]: the rules are those of matrices
            def __init__(self, real, inf):
                self.m = ((real, inf), (0, real))
            @property
            def real(self):
                return self.m[0][0]
            @property
            def inf(self):
                return self.m[0][1]
            @classmethod
            def of(cls, x):
                return x if isinstance(x, cls) else cls(x, 0)
            def __add__(self, o):
                o = Dual.of(o)
                return Dual(self.m[0][0] + o.m[0][0], self.m[0][1] + o.m[0][1])
            def __neg__(self):
                return Dual(-self.m[0][0], -self.m[0][1])
            def __sub__(self, o):
                return self + -Dual.of(o)
            def __rsub__(self, o):
                return -(self - o)
            def __mul__(self, o):
                A, B = self.m, Dual.of(o).m
                row = [sum(A[0][j] * B[j][i] for j in range(2)) for i in range(2)]
                return Dual(*row)
            __radd__, __rmul__ = __add__, __mul__
            def __abs__(self):
                return -self if self.real < 0 else self
            def __lt__(self, o):
                return self.real < Dual.of(o).real
            def __gt__(self, o):
                return self.real > Dual.of(o).real

        product_real = "a*c"
        product_inf = "a*d+c*b"
        """,
    "slope": """
        slope = lambda f, x: as_dual(f(Dual(float(x), 1.0))).inf
        """,
    "signal": """
        def signal(f, x):
            return -int(np.sign(slope(f, x)))

        step_slope = 0.0
        """,
}


def cell(notebook: Notebook, task: str) -> dict[str, Any]:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == task)


def write(notebook: Notebook, answers: dict[str, str]) -> None:
    for task, source in answers.items():
        cell(notebook, task)["source"] = textwrap.dedent(source).strip()


def append(notebook: Notebook, task: str, source: str) -> None:
    """A cell of the student's own below a task's answer."""
    place = notebook["cells"].index(cell(notebook, task)) + 1
    new = {"cell_type": "code", "metadata": {}, "source": textwrap.dedent(source).strip(), "outputs": []}
    notebook["cells"].insert(place, {**new, "execution_count": None, "id": f"mine-{place}"})


class Sample:
    """One student: `edit(notebook, folder)`, and `expect(report dict of points by task, report)`."""

    def __init__(self, edit: Callable[[Notebook, Path], Any], **expected: Any) -> None:
        self.name = edit.__name__
        self.says = " ".join((edit.__doc__ or "").split())
        self.edit = edit
        self.expected = expected


CLASS: list[Sample] = []


def student(**expected: Any) -> Callable[[Callable[[Notebook, Path], Any]], Callable[[Notebook, Path], Any]]:
    """Declare a student: `full`, `zero`, `lost` (only these tasks lose), `looks_like` (mistakes that must be named)."""

    def declare(edit: Callable[[Notebook, Path], Any]) -> Callable[[Notebook, Path], Any]:
        CLASS.append(Sample(edit, **expected))
        return edit

    return declare


@student(full=True)
def ada(notebook: Notebook, folder: Path) -> None:
    """Right answers in plain steps, with loops."""
    write(notebook, PLAIN)


@student(full=True)
def boole(notebook: Notebook, folder: Path) -> None:
    """Right answers with numpy, fractions, properties and a matrix picture of dual numbers."""
    write(notebook, VECTORS)


@student(full=True)
def curie(notebook: Notebook, folder: Path) -> None:
    """Right, with a helper function in an added cell above the answer that uses it."""
    write(notebook, PLAIN)
    append(notebook, "dual_divide_power", "def rate_of(f, x):\n    return as_dual(f(Dual(x, 1.0))).inf")
    cell(notebook, "slope")["source"] = "def slope(f, x):\n    return rate_of(f, x)"


@student(full=True)
def dirac(notebook: Notebook, folder: Path) -> None:
    """Right, and it warns: output to stderr costs nothing."""
    write(notebook, PLAIN)
    source = 'import warnings\ndef slope(f, x):\n    warnings.warn("here")\n    return as_dual(f(Dual(x, 1.0))).inf'
    cell(notebook, "slope")["source"] = source


@student(full=True)
def euler(notebook: Notebook, folder: Path) -> None:
    """Right, with a renamed kernel and odd metadata."""
    write(notebook, PLAIN)
    notebook["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "?", "language": "julia"}, "x": [1]}
    notebook["cells"][0]["metadata"] = {"tags": ["skip-execution", "raises-exception"], "nbgrader": None}


@student(full=True)
def fermat(notebook: Notebook, folder: Path) -> None:
    """Right, with every test cell deleted."""
    write(notebook, PLAIN)
    notebook["cells"] = [
        c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")
    ]


@student(full=True)
def gauss(notebook: Notebook, folder: Path) -> None:
    """Right, with a duplicate of an answer cell that is still the stub above the answer."""
    stub = dict(cell(notebook, "slope"))
    write(notebook, PLAIN)
    notebook["cells"].insert(notebook["cells"].index(cell(notebook, "slope")), stub | {"id": "again"})


@student(zero=True)
def hilbert(notebook: Notebook, folder: Path) -> None:
    """Untouched: still all stubs."""


@student(lost=["slope", "microscope", "pair_plot", "signal"])
def ito(notebook: Notebook, folder: Path) -> None:
    """A syntax error in one cell: that task, and what builds on it, are lost; the others are not."""
    write(notebook, PLAIN | {"slope": "def slope(f, x)\n    return 0"})


@student(lost=["signal"])
def jacobi(notebook: Notebook, folder: Path) -> None:
    """An endless loop at the top of one cell costs that task alone."""
    write(notebook, PLAIN | {"signal": "while True:\n    pass"})


@student(lost=["signal"])
def kepler(notebook: Notebook, folder: Path) -> None:
    """An endless loop inside a function."""
    write(notebook, PLAIN | {"signal": "def signal(f, x):\n    while True:\n        pass\n\nstep_slope = 0"})


@student(lost=["signal"])
def laplace(notebook: Notebook, folder: Path) -> None:
    """Takes all the memory there is."""
    hog = "def signal(f, x):\n    rows = []\n    while True:\n        rows.append(bytearray(50_000_000))"
    hog += "\n\nstep_slope = 0"
    write(notebook, PLAIN | {"signal": hog})


@student(lost=["signal"])
def markov(notebook: Notebook, folder: Path) -> None:
    """Leaves Python in the middle of a cell."""
    write(notebook, PLAIN | {"signal": "import os\nos._exit(0)"})


@student(lost=["average_rate", "dual_plus_times", "signal"], looks_like=["change_only", "reversed_minus", "uphill"])
def noether(notebook: Notebook, folder: Path) -> None:
    """Three common mistakes in words of her own."""
    rate = "def average_rate(g, left, right):\n    before, after = g(left), g(right)\n    return after - before\n\n"
    rate += 'rate_of_square = "2a + w"\nmy_rate = start + stop + k'
    minus = PLAIN["dual_plus_times"].replace("return (-self) + other", "return self - other")
    signal = "import math\ndef signal(f, x):\n    m = slope(f, x)\n    return 0 if m == 0 else int(math.copysign(1, m))"
    signal += "\n\nstep_slope = 0"
    write(notebook, PLAIN | {"average_rate": rate, "dual_plus_times": minus, "signal": signal})


@student(lost=["slope", "microscope", "pair_plot", "signal"])
def pascal(notebook: Notebook, folder: Path) -> None:
    """Finite differences in place of the infinitesimal."""
    write(notebook, PLAIN | {"slope": "def slope(f, x):\n    h = 1e-6\n    return (f(x + h) - f(x)) / h"})


@student(lost=["average_rate"])
def riemann(notebook: Notebook, folder: Path) -> None:
    """An answer on paper that cannot be read, and a number that is another student's."""
    answer = PLAIN["average_rate"].replace('"2*a + w"', "\"__import__('os').system('id')\"")
    write(notebook, PLAIN | {"average_rate": answer.replace("start, stop)", "start, stop) + 1")})


@student(zero=True, problem="not JSON")
def shannon(notebook: Notebook, folder: Path) -> None:
    """Hands in something that is no notebook."""
    (folder / "derivative_intuition.ipynb").write_text("my homework", encoding="utf-8")
    raise _Written


@student(zero=True, problem="no cells")
def turing(notebook: Notebook, folder: Path) -> None:
    """Hands in a notebook without cells."""
    notebook["cells"] = []


@student(zero=True)
def mallory_equal(notebook: Notebook, folder: Path) -> None:
    """Hostile: objects that claim to be equal to everything."""
    liar = """
        class Yes:
            def __eq__(self, other): return True
            def __getattr__(self, name): return self
            def __call__(self, *args, **kwargs): return self
            __hash__ = object.__hash__
            __bool__ = lambda self: True
        yes = Yes()
        average_rate = Dual = divide = power = slope = microscope = pair_plot = signal = yes
        rate_of_square = my_rate = product_real = product_inf = reciprocal_inf = my_graph = step_slope = yes
        """
    write(notebook, {"signal": liar})


@student(zero=True)
def mallory_transform(notebook: Notebook, folder: Path) -> None:
    """Hostile: rewrites asserts, patches pytest, numpy and the builtins of its own process."""
    write(
        notebook,
        {
            "signal": """
        import ast, builtins, sys
        try: get_ipython().ast_transformers.append(type("T", (ast.NodeTransformer,), {})())
        except Exception: pass
        builtins.abs = builtins.isinstance = lambda *_: True
        for name in list(sys.modules):
            if "pytest" in name or "approx" in name: sys.modules[name] = None
        np.allclose = lambda *a, **k: True
        """
        },
    )


@student(zero=True)
def mallory_thief(notebook: Notebook, folder: Path) -> None:
    """Hostile: looks for the reference, the hidden tests, other submissions and the gradebook on disk."""
    write(
        notebook,
        {
            "signal": """
        import os, glob
        found = []
        for root in ("/", "/work", "/root", "/home", "/tmp", "..", "../.."):
            for pattern in ("**/reference.py", "**/*hidden*", "**/gradebook.db", "**/submitted"):
                found += glob.glob(os.path.join(root, pattern), recursive=False)
        for path in found: exec(open(path).read(), globals())
        for frame in (sys._getframe(i) for i in range(3)) if "sys" in globals() else (): pass
        """
        },
    )


@student(zero=True)
def mallory_forger(notebook: Notebook, folder: Path) -> None:
    """Hostile: writes frames of its own to every descriptor it can find, and leaves daemons behind."""
    write(
        notebook,
        {
            "signal": """
        import os, struct
        forged = b"\\x82\\xa2op\\xa6opened\\xa6errors\\x90"
        for fd in range(3, 64):
            try: os.write(fd, struct.pack("<I", len(forged)) + forged * 3)
            except OSError: pass
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True: pass
            os._exit(0)
        """
        },
    )


@student(zero=True)
def mallory_renamer(notebook: Notebook, folder: Path) -> None:
    """Hostile: raises the points of every cell and renames the ids."""
    for c in notebook["cells"]:
        ours = c["metadata"].get("nbgrader", {})
        if ours.get("grade"):
            ours |= {"points": 1000, "grade_id": "zz_" + ours["grade_id"], "solution": True, "locked": False}
            c["source"] = "pass"


@student(zero=True, problem="not JSON")
def mallory_link(notebook: Notebook, folder: Path) -> None:
    """Hostile: a link to a file of the grader's in place of the notebook; `submit` copies what stands there."""
    path = folder / "derivative_intuition.ipynb"
    path.unlink()
    path.symlink_to("/etc/passwd")
    raise _Written


class _Written(Exception):
    """The student wrote the file; the notebook as edited is not to be saved."""


def hand_in(sample: Sample, released: Notebook, folder: Path) -> bool:
    """Let a student work in `folder`. True if the edited notebook is to be saved by the caller."""
    try:
        sample.edit(released, folder)
    except _Written:
        return False
    return True


def complaints(
    sample: Sample, points: dict[str, tuple[float | None, float]], diagnoses: list[str], problem: str
) -> list[str]:
    """What of the report is not as the sample says it must be."""
    wrong = []
    if sample.expected.get("full") and any(got != most for got, most in points.values()):
        wrong.append("lost points it earned")
    if sample.expected.get("zero") and any(got != 0 for got, _ in points.values()):
        wrong.append("got points it did not earn")
    if "lost" in sample.expected:
        lost = [task for task, (got, most) in points.items() if got is None or got < most]
        if not set(lost) <= set(sample.expected["lost"]) or not lost:
            wrong.append(f"lost {lost}, not among {sample.expected['lost']}")
    for name in sample.expected.get("looks_like", []):
        if name not in diagnoses:
            wrong.append(f"was not told {name}")
    if sample.expected.get("problem", "") not in problem:
        wrong.append(f"the problem is not {sample.expected['problem']!r} but {problem!r}")
    return wrong


assert all(ast.parse(textwrap.dedent(text)) for text in PLAIN.values())
assert len({sample.name for sample in CLASS}) == len(CLASS) >= 24, len(CLASS)
assert all(re.fullmatch(r"[a-z_]+", sample.name) for sample in CLASS)
