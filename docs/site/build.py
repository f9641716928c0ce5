"""Build the documentation as static pages: python docs/site/build.py FOLDER [--only UNIT] (make docs: into site/).

Theory of operation. Pages are written in docs/*.md and, for the project, in the files of capital letters beside the
README. This copies them into a temporary folder, turns the names of pages into links, adds what is made from the course
(the syllabus, a page for each notebook, the map), and lets Sphinx make the site. Every warning of Sphinx is an error: a
link that leads nowhere, a page that no table of contents names. The site needs no server and no network.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
from notebook_pages import label, write_page
from sphinx.cmd.build import build_main

from grader.course import manifest
from grader.course.manifest import Course
from grader.report import map_picture
from grader.report.map_colours import DARK, LIGHT, map_variables

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]
PROJECT = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "DECISIONS.md")
# Files of the repository that the site shows under another name.
ELSEWHERE = {"course/syllabus.md": "course/syllabus.md", **{name: f"project/{name.lower()}" for name in PROJECT}}


def assemble(source: Path, *, run: Iterable[str] | None = None) -> None:
    """Write what Sphinx reads into the empty folder `source`. `run`: the units whose notebooks run; None for all."""
    course = manifest.load(ROOT)
    for path in (ROOT / "docs").rglob("*"):
        inside = path.relative_to(ROOT / "docs")
        if path.is_file() and inside.parts[0] != "site":
            (source / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, source / inside)
    for name, shown in ELSEWHERE.items():
        (source / shown).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, source / shown)
    (source / "map.svg").unlink()
    _replace(source / "map.md", r"!\[[^\]]*\]\(map\.svg\)", f"```{{raw}} html\n{clickable_map(course)}\n```")
    _replace(source / "map.md", r"```text", "```{code-block} text")
    for page in source.rglob("*.md"):
        page.write_text(linked(page.read_text(encoding="utf-8"), page.relative_to(source)), encoding="utf-8")
    for unit in course.units:
        write_page(course, unit, source / "course", run=run is None or unit.id in run)
    (source / "course" / "units.md").write_text(units_page(course), encoding="utf-8")
    syllabus = source / "course" / "syllabus.md"
    text = syllabus.read_text(encoding="utf-8").replace("\n# ", "\n## ")  # one title to a page
    for unit in course.units:
        text = text.replace(f"(`{unit.id}`,", f"([`{unit.id}`]({unit.id}.md),")
        for task in unit.tasks:
            text = text.replace(f"| `{task.id}` |", f"| [`{task.id}`](#{label(unit, task)}) |")
    syllabus.write_text(text, encoding="utf-8")


def _replace(page: Path, pattern: str, by: str) -> None:
    text, times = re.subn(pattern, lambda _: by, page.read_text(encoding="utf-8"))
    if not times:
        sys.exit(f"{page.name}: expected {pattern}, found nothing like it")
    page.write_text(text, encoding="utf-8")


def linked(text: str, page: Path) -> str:
    """The page with the names of other pages, such as `docs/term.md`, as links."""
    up = "../" * (len(page.parts) - 1)

    def link(found: re.Match[str]) -> str:
        name = found[1]
        target = ELSEWHERE.get(name) or (name.removeprefix("docs/") if name.startswith("docs/") else "")
        return f"[{name}]({up}{target})" if target and target != page.as_posix() else found[0]

    parts = re.split(r"(^```.*?^```|^ {4}.*$)", text, flags=re.MULTILINE | re.DOTALL if "```" in text else re.MULTILINE)
    return "".join(part if i % 2 else re.sub(r"`([\w./-]+\.md)`", link, part) for i, part in enumerate(parts))


def units_page(course: Course) -> str:
    """The list of the notebooks."""
    names = "\n".join(unit.id for unit in course.units)
    about = (
        "Each notebook of the course as students get it, with the pictures that it draws before anything is written."
    )
    return f"# The notebooks\n\n{about}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"


# The map is wider than most screens, and begins in the middle.
_MIDDLE = (
    '<script>{ const map = document.querySelector(".map");'
    " map.scrollLeft = (map.scrollWidth - map.clientWidth) / 2 }</script>"
)
# A reader may choose the theme of these pages; the map follows the system otherwise.
_THEMES = "".join(
    f'<style>@media screen {{ body[data-theme="{theme}"] .course-map {{{colours}}} }}</style>'
    for theme, colours in (("light", map_variables(LIGHT)), ("dark", map_variables(DARK)))
)


def clickable_map(course: Course) -> str:
    """The map, each of its boxes a link to the task on the page of its unit."""
    links = {
        f"{unit.id}/{task.id}": f"course/{unit.id}.html#{label(unit, task)}"
        for unit in course.units
        for task in unit.tasks
    }
    picture = map_picture.svg(course, links=links)
    said = 'class="map" tabindex="0" role="region" aria-label="The prerequisite map"'
    return f"{_THEMES}<div {said}>{picture}</div>{_MIDDLE}"


def reachable(made: Path) -> None:
    """Mend what screen readers and keyboards miss in Sphinx's pages: names, caption levels, and all that scrolls."""
    for path in made.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        page = page.replace(
            'role="heading"><span class="caption-text"', 'role="heading" aria-level="2"><span class="caption-text"'
        )
        for drawer, named in (("sidebar-drawer", "All pages"), ("toc-drawer", "On this page")):
            page = page.replace(f'<aside class="{drawer}', f'<aside aria-label="{named}" class="{drawer}')
        for scrolls in ("<pre>", '<div class="table-wrapper'):
            page = page.replace(
                scrolls, scrolls.replace("<pre", '<pre tabindex="0"').replace("<div", '<div tabindex="0"')
            )
        path.write_text(page, encoding="utf-8")


def main() -> int:
    """Build, and say where the first page is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the site is written; what is there is replaced")
    parser.add_argument(
        "--only", action="append", metavar="UNIT", help="run the notebook of this unit only (or of none: '')"
    )
    given = parser.parse_args()
    if given.folder.exists() and not (given.folder / "searchindex.js").exists() and any(given.folder.iterdir()):
        print(f"{given.folder}: there is something that is no site; name another folder", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="docs-") as place:
        source, made = Path(place, "source"), Path(place, "site")
        source.mkdir()
        assemble(source, run=given.only)
        status = build_main(
            ["-q", "-W", "--keep-going", "-c", str(SITE), "-d", f"{place}/trees", str(source), str(made)]
        )
        if status:
            return 1
        reachable(made)
        shutil.rmtree(given.folder, ignore_errors=True)
        shutil.copytree(made, given.folder, ignore=shutil.ignore_patterns(".buildinfo*", "objects.inv"))
    print(f"{given.folder / 'index.html'}: open it in a browser; no server is needed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
