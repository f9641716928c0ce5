"""Take the pictures of our pages for README and site: python docs/site/pictures.py [COURSE_FOLDER]

COURSE_FOLDER is a graded course folder; without it, the demo's (run `make demo` first). The pages are made again from
its reports, shown in Chromium, and kept as small PNGs in docs/pictures/. Those of JupyterLab and of
formgrader are taken by their tests, and made small here:
PICTURES=docs/pictures pytest tests/report/test_student_in_browser.py tests/report/test_teacher_in_browser.py -n0
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
from PIL import Image
from playwright.sync_api import sync_playwright

from grader.course import manifest
from grader.nbgrader import class_report, feedback_facts

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
UNIT, STUDENT = "u1_derivative_intuition", "ramanujan"
SIZES = {"feedback": (760, 960), "class": (1100, 900)}
WIDEST, SHOWN = 1100, 900  # pixels: a picture that is wider is of a whole screen
COLOURS = 64  # enough for text and bars, and a third of the bytes


def take(folder: Path) -> None:
    """Make both pages of a course folder, and take their pictures."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        pages = {name: Path(place, f"{name}.html") for name in SIZES}
        feedback_facts.write_feedback_page(folder, UNIT, STUDENT, pages["feedback"], root=ROOT)
        class_report.write_class_report(manifest.load(ROOT), folder, UNIT, pages["class"])
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto(pages[name].as_uri())
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def shrink(path: Path) -> None:
    """Keep few colours, and of a whole screen fewer pixels."""
    with Image.open(path) as picture:
        if picture.mode == "P":
            return
        small = picture.convert("RGB")
        if small.width > WIDEST:
            small = small.resize((SHOWN, round(small.height * SHOWN / small.width)), Image.Resampling.LANCZOS)
    small.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True)  # keeps rare ones, such as ✗


def main() -> int:
    """Take the pictures, and say how big they all are."""
    take(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "demo" / "course"))
    for path in sorted(PICTURES.glob("*.png")):
        shrink(path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
