"""What axe-core finds on pages: python benchmarks/accessibility.py axe.min.js PAGE... [--pictures FOLDER]

axe-core comes from npm (`npm install axe-core`). Each page is opened on a phone and on a desktop, light and dark, with
everything unfolded. Prints a line for each finding, and exits with 1 if one is serious or critical.
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def main() -> int:
    """Look at each page in each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("axe", type=Path)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--pictures", type=Path, help="keep a picture of the first screen of each")
    given = parser.parse_args()
    serious = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for path in given.pages:
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                    said = []
                    page.on("console", lambda message, said=said: said.append(message.text))
                    page.goto(path.resolve().as_uri())
                    if given.pictures:
                        page.screenshot(path=given.pictures / f"{path.parent.name}-{path.stem}-{size}-{scheme}.png")
                    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
                    page.evaluate(given.axe.read_text(encoding="utf-8"))
                    found = page.evaluate("axe.run()")["violations"]
                    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                    bad = [finding for finding in found if finding["impact"] in ("serious", "critical")]
                    serious += len(bad)
                    print(f"{path.name:32} {size:8} {scheme:6} {len(found)} findings, {len(bad)} serious", end="")
                    print(", scrolls sideways" * wide + f", says {said}" * bool(said))
                    for finding in found:
                        where = finding["nodes"][0]["html"][:110].replace("\n", " ")
                        print(f"    {finding['impact']:9} {finding['id']:28} {len(finding['nodes']):4} {where}")
                    page.close()
        browser.close()
    return 1 if serious else 0


if __name__ == "__main__":
    sys.exit(main())
