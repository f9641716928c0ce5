"""The page on security names the test that holds each claim: each of them exists."""

import ast
import re

import pytest


@pytest.fixture
def page(root):
    return (root / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists(page, root):
    named = set(re.findall(r"`(test_\w+)::(\w+)", page))
    assert len(named) > 30
    there = set()
    for path in (root / "tests").rglob("test_*.py"):
        there |= {(path.stem, getattr(node, "name", "")) for node in ast.parse(path.read_text(encoding="utf-8")).body}
    assert named <= there, named - there


def test_every_layer_names_the_test_that_holds_it(page):
    layers = page.partition("## Layers")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in layers.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 12
    assert [row[0] for row in rows if "::" not in row[-1]] == []


def test_every_file_that_the_page_names_exists(page, root):
    for name in re.findall(r"`(tests/[\w/]+(?:\.py|/))`", page):
        assert (root / name).exists(), name
