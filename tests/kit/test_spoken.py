"""Alt text of every figure in a notebook, and colours that everyone can tell apart."""

import ast
import base64
import io
import itertools
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from kit import pictures
from kit.pictures import drawing, spoken
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shell(monkeypatch):
    """A shell of IPython, with matplotlib's PNG formatter as a notebook has it."""
    shell = InteractiveShell.instance()
    shell.display_formatter.formatters["image/png"].for_type(Figure, lambda figure: b"a bare PNG")
    yield shell
    InteractiveShell.clear_instance()


def test_a_picture_is_shown_as_an_image_with_alt_text_and_not_as_a_bare_png(shell):
    pictures.loss_curve([3.0, 2.0, 1.0], title='2 < 3 & "so"')
    bundle, _ = shell.display_formatter.format(plt.gcf())
    assert "image/png" not in bundle
    said = re.match('<img alt="([^"]*)" src="data:image/png;base64,[A-Za-z0-9+/=]+">$', bundle["text/html"])
    assert said is not None
    assert said[1].startswith("The loss at each step, on a log scale.")
    assert "2 &lt; 3 &amp; &quot;so&quot;; axes step and loss." in said[1]


def test_a_figure_of_the_learner_is_told_by_the_docstring_of_the_function_that_drew_it(shell):
    def my_hill(ax=None):
        """A hill, and its slope."""
        _, ax = plt.subplots()
        ax.plot([0, 1], [0, 1], label="f")
        ax.set(title="my hill", xlabel="x")
        return ax

    pictures.look(my_hill)
    assert spoken.alt_text(plt.gcf()) == "A hill, and its slope. my hill; axes x; showing f."


def test_a_figure_without_any_words_still_has_alt_text():
    plt.subplots()
    assert spoken.alt_text(plt.gcf()) == "A figure."


def test_a_slider_tells_each_figure_that_it_draws(monkeypatch):
    moved = []
    pytest.importorskip("ipywidgets")
    monkeypatch.setattr("ipywidgets.interact", lambda show, value: moved.append(show))
    pictures.zoom_slider(abs, 0.0)
    plt.close("all")
    moved[0](10)
    assert spoken.alt_text(plt.gcf()).startswith("The same curve at higher and higher magnification")


def test_every_picture_has_a_sentence_to_be_told():
    short = {}
    for name in dir(pictures):
        thing = getattr(pictures, name)
        if hasattr(thing, "__wrapped__"):
            sentence = spoken.first_sentence(thing)
            if len(sentence) < 25 or not sentence.endswith((".", "?")):
                short[name] = sentence
    assert short == {}
    assert len([name for name in dir(pictures) if hasattr(getattr(pictures, name), "__wrapped__")]) > 70


def test_every_figure_in_a_notebook_is_drawn_by_a_picture_which_gives_it_alt_text():
    """Functions in the notebooks only return Axes; `look` draws them, and their docstring is told."""
    for notebook in sorted((ROOT / "exercises").glob("*/*.py")):
        if notebook.stem != notebook.parent.name:
            continue
        tree = ast.parse(notebook.read_text(encoding="utf-8"))
        outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        calls = [ast.unparse(call.func) for node in outside for call in ast.walk(node) if isinstance(call, ast.Call)]
        assert not {"plt.subplots", "plt.plot", "plt.figure", "plt.show"} & set(calls), notebook.name
        drawers = {node.name: ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
        looked = re.findall(r"pictures\.look\(\s*(\w+)", notebook.read_text(encoding="utf-8"))
        assert [name for name in looked if not drawers.get(name)] == [], notebook.name


def test_every_image_in_the_docs_has_alt_text():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "course").rglob("*.md")]
    images = [(page.name, alt) for page in pages for alt in re.findall(r"!\[([^\]]*)\]\(", page.read_text("utf-8"))]
    images += [(page.name, tag) for page in pages for tag in re.findall(r"<img [^>]*>", page.read_text("utf-8"))]
    assert len(images) > 5
    assert [image for image in images if len(image[1]) < 15 or (image[1][0] == "<" and "alt=" not in image[1])] == []


# Machado, Oliveira and Fernandes (2009): what people without one kind of cone see, in linear RGB.
EYES = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def seen(colour, eye):
    """The colour in CIE Lab, as seen with these eyes."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(EYES[eye] @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", EYES)
def test_the_colours_of_the_pictures_can_be_told_apart_by_everyone(eye):
    """A difference of 2 is just seen; 15 is seen at a glance, in a thin line too."""
    colours = {"CURVE": drawing.CURVE, "LINE": drawing.LINE, "CORNER": drawing.CORNER, "QUIET": drawing.QUIET}
    apart = {
        (one, other): float(np.linalg.norm(seen(colours[one], eye) - seen(colours[other], eye)))
        for one, other in itertools.combinations(colours, 2)
    }
    assert {pair: round(far, 1) for pair, far in apart.items() if far < 15} == {}


def images_of(figure):
    """Width and alt text of each image in the HTML of a figure."""
    shown = re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]+)">', spoken.as_html(figure))
    return [(plt.imread(io.BytesIO(base64.b64decode(data))).shape[1], alt) for alt, data in shown]


def test_panels_side_by_side_are_images_that_wrap_on_a_phone():
    """Each column is one image, no wider than a phone, which says what its own panels show."""
    pictures.match([lambda x: x * x, lambda x: x * x * x, lambda x: -x], lambda f, x: 0.0)
    figure = plt.gcf()
    whole = figure.get_size_inches()[0] * figure.dpi
    found = images_of(figure)
    assert [alt.partition(" Graph")[0] for _, alt in found[1:]] == ["graph 2. slope b.", "graph 3. slope c."]
    assert found[0][1].startswith("Graphs 1, 2, 3 in the top row") and found[0][1].endswith("graph 1. slope a.")  # noqa: PT018
    assert all(0.25 * whole < width < 0.4 * whole for width, _ in found)


def test_a_figure_that_cannot_be_cut_stays_one_image():
    """One column, a legend of the whole figure, a panel across two columns, or panels that overlap."""

    def legend():
        figure, _ = plt.subplots(1, 2)
        figure.legend(["f"])

    def wide():
        plt.figure().add_subplot(2, 1, 1)
        plt.gcf().add_subplot(2, 2, 3)

    def overlapping():
        _, (left, _) = plt.subplots(1, 2)
        left.text(1, 0.5, "a long text that reaches into the panel on the right", clip_on=False)

    for draw in (plt.subplots, lambda: plt.subplots(3, 1), lambda: plt.subplots(1, 6), legend, wide, overlapping):
        draw()
        assert len(images_of(plt.gcf())) == 1
        plt.close("all")


def test_the_title_of_a_figure_that_is_cut_is_text():
    figure, _ = plt.subplots(1, 2, layout="constrained")
    figure.suptitle("before < after")
    assert "<p>before &lt; after</p>" in spoken.as_html(figure)
