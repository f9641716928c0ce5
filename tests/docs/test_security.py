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


def test_every_row_of_a_table_about_what_is_held_names_tests_that_exist(page, root):
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", tests, re.MULTILINE))
    rows = 0
    for table in re.findall(r"^\| [^\n]*\| held by \|\n\|[-|]+\n((?:\|[^\n]*\n)+)", page, re.MULTILINE):
        for row in table.splitlines():
            held_by = row.rstrip("| ").rpartition(" | ")[2]
            named = re.findall(r"`(?:test_\w+::)?(\w+)[\]\[\w]*`", held_by)
            assert named, row
            assert {name for name in named if name.startswith("test_")} <= there, row
            rows += 1
    assert rows > 30
    assert set(re.findall(r"[(`](test_\w+)[`\[]", page)) <= there


def test_every_layer_names_the_test_that_holds_it(page):
    layers = page.partition("## Layers")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in layers.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 12
    assert [row[0] for row in rows if "::" not in row[-1]] == []


def test_every_file_that_the_page_names_exists(page, root):
    for name in re.findall(r"`(tests/[\w/]+(?:\.py|/))`", page):
        assert (root / name).exists(), name
